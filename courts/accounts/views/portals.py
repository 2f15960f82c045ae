"""Owns signing in by a portal of the courts' network, beside the accounts' own passwords.

A portal says who somebody is, never what they may do: the account of that name has to be here
already, and stays what it was made. Its word is not enough where ballots are: there the account
types its password of this server first.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts.accounts.login_limits import wait_of
from courts.accounts.selectors.portals import account_named
from courts.accounts.services.second_factors import has_factor
from courts.accounts.views.beginnings import BY_PORTAL, begin_session
from courts.accounts.views.second_factors import ask_for_factor
from courts.frame.refusals import PortalError
from courts.frame.views.posts import READ_OR_POST, account_of

# What each kind of portal needs is installed where it is used alone.
KINDS = {
    "oidc": "courts.accounts.views.portal_oidc",
    "cas": "courts.accounts.views.portal_cas",
}
TARGET = "portal_target"
BALLOTS = "courts.ballots.views"


def portal_label() -> str:
    """What the portal is called on the page of signing in; empty where there is none."""
    return settings.SIGN_ON and (settings.SIGN_ON_LABEL or _("统一身份认证"))


def _kind() -> ModuleType:
    if not settings.SIGN_ON:
        raise Http404
    return import_module(KINDS[settings.SIGN_ON])


@never_cache
@login_not_required
@require_safe
def portal(request: HttpRequest) -> HttpResponse:
    """Send the reader to the portal, which sends them back."""
    kind = _kind()
    if request.user.is_authenticated:
        return redirect("courts:home")
    request.session[TARGET] = _own(request, request.GET.get("next", ""))
    return redirect(kind.address_of(request, _back(request)))


@never_cache
@login_not_required
@require_safe
def portal_back(request: HttpRequest) -> HttpResponse:
    """Ask the portal who came back; sign them in if an account of that name is here."""
    kind = _kind()
    if request.user.is_authenticated:
        return redirect("courts:home")
    target = request.session.pop(TARGET, None)
    try:
        if target is None:
            # Nobody is signed in by an address that somebody else made.
            raise PortalError(_("这次登录不是从这里开始的，或者已经用过。请重新登录。"))
        user = account_named(kind.name_of(request, _back(request)))
    except PortalError as error:
        return render(request, "courts/accounts/portal.html", {"error": error}, status=403)
    if has_factor(user):
        return ask_for_factor(request, user, target, by_portal=True)
    return begin_session(request, user, target, by_portal=True)


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("courts:portal_back"))


def _own(request: HttpRequest, target: str) -> str:
    """The address if it is one of this server's, else the first page."""
    is_own = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_own else reverse("courts:home")


# --- Ballots -----------------------------------------------------------------------------------


class AsksForPasswordAtBallots:
    """Send whom a portal alone let in to type a password of this server before any ballot."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_rest: Any
    ) -> HttpResponse | None:
        """Answer in place of a ballot's page. What is sent there is refused and does nothing."""
        if not view.__module__.startswith(BALLOTS) or not request.session.get(BY_PORTAL):
            return None
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        asked = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('courts:password_again')}?{asked}")


@never_cache
@require_http_methods(READ_OR_POST)
def password_again(request: HttpRequest) -> HttpResponse:
    """Take the password of this server from whom a portal let in."""
    user, target = account_of(request), _own(request, request.GET.get("next", ""))
    if not request.session.get(BY_PORTAL):
        return redirect(target)
    error, credentials = "", {"username": user.get_username()}
    if request.method == "POST":
        if wait_of(request, credentials):
            error = _("输错次数太多，请等一会儿再试。")
        elif authenticate(request, password=request.POST.get("password", ""), **credentials):
            request.session.cycle_key()
            del request.session[BY_PORTAL]
            return redirect(target)
        else:
            error = _("密码不对。")
    context = {"error": error, "has_password": user.has_usable_password()}
    return render(request, "courts/accounts/password_again.html", context)
