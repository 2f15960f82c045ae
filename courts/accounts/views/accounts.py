"""Owns signing in and out and changing one's password; never who may see what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.helpers import get_cool_off, get_cool_off_iso8601
from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courts.accounts.forms.accounts import LoginForm
from courts.accounts.services.accounts import own_credentials
from courts.ballots.selectors.replacements import own_replacements
from courts.frame.views.posts import account_of

TOO_MANY_REQUESTS = 429


class LoginView(auth_views.LoginView):
    """The login page."""

    template_name = "courts/accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_success_url(self) -> str:
        """Where it was going, by way of the page that tells of a ballot of its own replaced."""
        target = super().get_success_url()
        if not own_replacements(account_of(self.request)):
            return target
        return f"{reverse('courts:ballot_replaced')}?{urlencode({'next': target})}"


@method_decorator(login_not_required, name="dispatch")
class LogoutView(auth_views.LogoutView):
    """Sign out; only a form of ours can do that. Who is out already is out again."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send a reader who only opens the address home, still signed in."""
        return redirect("courts:home")


class PasswordView(auth_views.PasswordChangeView):
    """Change one's own password."""

    template_name = "courts/accounts/password.html"
    success_url = reverse_lazy("courts:password_done")

    def form_valid(self, form: Any) -> HttpResponse:
        """Note that it was the account itself that set its password."""
        account = account_of(self.request)
        with own_credentials(account):
            return super().form_valid(form)


class PasswordDoneView(auth_views.PasswordChangeDoneView):
    """Show that the password was changed."""

    template_name = "courts/accounts/password_done.html"


@never_cache
@require_safe
def replaced(request: HttpRequest) -> HttpResponse:
    """Tell somebody who signed in that a later ballot took the place of their own."""
    lines = own_replacements(account_of(request))
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = resolve_url(settings.LOGIN_REDIRECT_URL)
    if not lines:
        return redirect(target)
    return render(request, "courts/ballots/replaced.html", {"lines": lines, "target": target})


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Say in words that too many wrong passwords were tried, and for how long it lasts."""
    pause = get_cool_off(request) or timedelta()
    context = {"minutes": pause // timedelta(minutes=1), "duration": get_cool_off_iso8601(pause)}
    return render(request, "courts/accounts/locked_out.html", context, status=TOO_MANY_REQUESTS)
