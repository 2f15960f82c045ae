"""Owns the pages on which administrators make and revoke the tokens of other systems."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courts.frame.refusals import ReturnError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.permissions import may_keep_tokens
from courts.systems.forms.tokens import RevokeForm, TokenForm, token_form
from courts.systems.selectors.tokens import (
    NoTokenError,
    court_choices,
    court_of_choice,
    sends_choices,
    token_lines,
    token_page,
)
from courts.systems.services.tokens import TokenValues, make_token, revoke_token


@never_cache
@require_http_methods(READ_OR_POST)
def listing(request: HttpRequest) -> HttpResponse:
    """The tokens of the prefecture; POST: make one, whose secret this answer alone shows."""
    if not may_keep_tokens(request.user):
        raise RefusedError(_("只有系统管理员可以管理接口令牌。"))
    choices = (court_choices(request.user), sends_choices(request.user))
    form = token_form(*choices, request.POST if request.method == "POST" else None)
    secret = ""
    if form.is_valid():
        secret = _make(request, form)
        form = token_form(*choices) if secret else form
    context = {
        "area": "tokens",
        "form": form,
        "secret": secret,
        "lines": token_lines(request.user),
    }
    return render(request, "courts/systems/api_tokens.html", context)


def _make(request: HttpRequest, form: TokenForm) -> str:
    """Make the token of a valid form; its secret, or nothing and the reason on the form."""
    given = dict(form.cleaned_data)
    court = court_of_choice(request.user, given.pop("court"))
    if court is None:
        raise MissingError(_("没有这个法院。请刷新页面后再选。"))
    try:
        _token, secret = make_token(
            user=account_of(request), values=TokenValues(court=court, **given)
        )
    except ReturnError as error:
        form.add_error(None, error.message)
        return ""
    return secret


@never_cache
@require_http_methods(READ_OR_POST)
def token(request: HttpRequest, pk: int) -> HttpResponse:
    """One token with its last calls; POST: revoke it."""
    if not may_keep_tokens(request.user):
        raise RefusedError(_("只有系统管理员可以管理接口令牌。"))
    try:
        page = token_page(request.user, pk)
    except NoTokenError as error:
        raise MissingError(str(error)) from error
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            revoke_token(user=account_of(request), token=pk, **form.cleaned_data)
        except ReturnError as error:
            messages.error(request, error.message)
        except PermissionDenied as error:
            raise RefusedError(str(error)) from error
        else:
            messages.success(request, _("令牌已停用，立即生效。"))
        return redirect("courts:api_token", pk)
    context = {"area": "tokens", "form": form, "page": page}
    return render(request, "courts/systems/api_token.html", context)
