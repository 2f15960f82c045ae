"""Owns the pages of the second factor: asked for at logging in, set up and ended by its owner."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courts import database_clock
from courts.accounts.login_limits import wait_of
from courts.accounts.selectors.pending import pending_user
from courts.accounts.services import second_factors
from courts.accounts.views.beginnings import begin_session
from courts.frame.views.posts import account_of

PENDING = "second_factor"
PENDING_SECONDS = 300


def ask_for_factor(
    request: HttpRequest, user: Any, target: str, *, by_portal: bool = False
) -> HttpResponse:
    """Keep who proved who they are, and ask for the code; nobody is signed in yet."""
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "until": database_clock.seconds() + PENDING_SECONDS,
        "target": target,
        "by_portal": by_portal,
    }
    return redirect("courts:login_second")


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def login_second(request: HttpRequest) -> HttpResponse:
    """Ask for the code of whoever gave the right password just before."""
    kept = request.session.get(PENDING) or {}
    user = pending_user(kept, database_clock.seconds())
    if request.user.is_authenticated or user is None:
        request.session.pop(PENDING, None)
        return redirect("courts:home" if request.user.is_authenticated else "courts:login")
    error, credentials = "", {"username": user.get_username()}
    if request.method == "POST":
        if wait_of(request, credentials):
            error = _("输错次数太多，请等一会儿再试。")
        elif second_factors.passes(user, request.POST.get("code", "")):
            del request.session[PENDING]
            by_portal = bool(kept.get("by_portal"))
            return begin_session(request, user, kept["target"], by_portal=by_portal)
        else:
            # Counted like a wrong password, so that nobody tries a million codes.
            user_login_failed.send(sender=__name__, credentials=credentials, request=request)
            error = _("验证码不对，或者已经用过。")
    return render(request, "courts/accounts/login_second.html", {"error": error})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set the account's second factor up, or end it; either takes the password again."""
    user, act = account_of(request), request.POST.get("act", "")
    context: dict[str, Any] = {}
    codes: list[str] = []
    if act in ("begin", "end") and not user.check_password(request.POST.get("password", "")):
        context["error"] = _("密码不对。")
    elif act == "end":
        second_factors.end(user, user)
    elif act == "confirm":
        codes = second_factors.confirm(user, request.POST.get("code", ""))
        context |= {"codes": codes} if codes else {"error": _("验证码不对，请核对时钟后再试。")}
    context["has_factor"] = second_factors.has_factor(user)
    is_begun = (act == "begin" and "error" not in context) or (act == "confirm" and not codes)
    if is_begun and not context["has_factor"]:
        key = second_factors.key_of(second_factors.begun(user, is_new=act == "begin"))
        name = quote(user.get_username())
        context["key"] = " ".join(key[at : at + 4] for at in range(0, len(key), 4))
        context["address"] = f"otpauth://totp/Quality%20Year:{name}?secret={key}"
    return render(request, "courts/accounts/second_factor.html", context)
