"""Owns signing in and out and changing one's password; never who may see what."""

from __future__ import annotations

import math
from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts.accounts.forms.accounts import LoginForm, NewPasswordForm
from courts.accounts.login_limits import wait_of
from courts.accounts.selectors.sessions import own_sessions
from courts.accounts.services.accounts import own_credentials, set_own_password
from courts.accounts.services.second_factors import has_factor
from courts.accounts.services.sessions import end_sessions
from courts.accounts.views.beginnings import begin_session
from courts.accounts.views.portals import portal_label
from courts.accounts.views.second_factors import ask_for_factor
from courts.ballots.selectors.replacements import own_replacements
from courts.frame.views.posts import account_of

TOO_MANY_REQUESTS = 429


class LoginView(auth_views.LoginView):
    """The login page."""

    template_name = "courts/accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in, or ask for the second factor first; note where the session begins."""
        user, target = form.get_user(), self.get_success_url()
        begin = ask_for_factor if has_factor(user) else begin_session
        return begin(self.request, user, target)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what the portal is called, where there is one."""
        return super().get_context_data(**kwargs) | {"portal": portal_label()}


@method_decorator(login_not_required, name="dispatch")
class LogoutView(auth_views.LogoutView):
    """Sign out; only a form of ours can do that. Who is out already is out again."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send a reader who only opens the address home, still signed in."""
        return redirect("courts:home")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out, and have the browser drop the pages it kept for asking again."""
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response


class PasswordView(auth_views.PasswordChangeView):
    """Change one's own password."""

    template_name = "courts/accounts/password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("courts:password_done")

    def form_valid(self, form: Any) -> HttpResponse:
        """Note that it was the account itself that set its password."""
        account = account_of(self.request)
        with own_credentials(account):
            response = super().form_valid(form)
            set_own_password(account)
        return response


class PasswordDoneView(auth_views.PasswordChangeDoneView):
    """Show that the password was changed."""

    template_name = "courts/accounts/password_done.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Show the account where it is signed in, and end what it does not know."""
    user, key = account_of(request), request.session.session_key
    ended = None
    if request.method == "POST":
        ended = end_sessions(user=user, this_key=key, code=request.POST.get("code", ""))
    context = {"sessions": own_sessions(user, key), "ended": ended}
    return render(request, "courts/accounts/sessions.html", context)


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
    """Say in words that too many wrong passwords were tried, and how long to wait."""
    seconds = max(math.ceil(wait_of(request, credentials).total_seconds()), 1)
    context = {"seconds": seconds}
    answer = render(request, "courts/accounts/locked_out.html", context, status=TOO_MANY_REQUESTS)
    answer["Retry-After"] = str(seconds)
    return answer
