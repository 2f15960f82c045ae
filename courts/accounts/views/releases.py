"""Owns the page on which two administrators end the second factor of somebody who lost it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courts.accounts.forms.releases import ReleaseDecisionForm, ReleaseForm
from courts.accounts.selectors.releases import factor_lines, owner_named
from courts.accounts.services.releases import ask_release, decide_release
from courts.frame.refusals import ReturnError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.permissions import may_end_factors


@never_cache
@require_http_methods(READ_OR_POST)
def second_factors(request: HttpRequest) -> HttpResponse:
    """Who has a factor and what waits; POST: ask to end one, confirm what another asked, refuse."""
    if not may_end_factors(request.user):
        raise RefusedError(_("只有系统管理员可以取消他人的第二验证。"))
    if request.method == "POST":
        try:
            messages.success(request, _done(request))
        except ReturnError as error:
            messages.error(request, error.message)
        return redirect("courts:second_factors")
    lines = factor_lines(account_of(request), get_language() or "")
    return render(request, "courts/accounts/second_factors.html", {"lines": lines})


def _done(request: HttpRequest) -> str:
    """Do what the form asks; what to say of it."""
    user = account_of(request)
    decision = ReleaseDecisionForm(request.POST)
    if decision.is_valid():
        agrees = decision.cleaned_data["act"] == "confirm"
        decide_release(user=user, pk=decision.cleaned_data["request"], agrees=agrees)
        return _("已取消第二验证。") if agrees else _("已退回申请。")
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        raise ReturnError(_("请写明理由，以及如何核实了本人。"))
    owner = owner_named(user, form.cleaned_data["account"])
    if owner is None:
        raise MissingError(_("没有这个账号，或者它没有第二验证。"))
    ask_release(user=user, owner=owner, reason=form.cleaned_data["reason"])
    return _("已提出，等待另一名系统管理员确认。")
