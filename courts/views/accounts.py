"""Owns signing in and out and changing one's password; never who may see what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.helpers import get_cool_off, get_cool_off_iso8601
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator

from courts.forms.accounts import LoginForm

TOO_MANY_REQUESTS = 429


class LoginView(auth_views.LoginView):
    """The login page."""

    template_name = "courts/accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True


@method_decorator(login_not_required, name="dispatch")
class LogoutView(auth_views.LogoutView):
    """Sign out; only a form of ours can do that. Who is out already is out again."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign nobody out: a reader goes home."""
        return redirect("courts:home")


class PasswordView(auth_views.PasswordChangeView):
    """Change one's own password."""

    template_name = "courts/accounts/password.html"
    success_url = reverse_lazy("courts:password_done")


class PasswordDoneView(auth_views.PasswordChangeDoneView):
    """Say that the password was changed."""

    template_name = "courts/accounts/password_done.html"


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Say in words that too many wrong passwords were tried, and for how long it lasts."""
    pause = get_cool_off(request) or timedelta()
    context = {"minutes": pause // timedelta(minutes=1), "duration": get_cool_off_iso8601(pause)}
    return render(request, "courts/accounts/locked_out.html", context, status=TOO_MANY_REQUESTS)
