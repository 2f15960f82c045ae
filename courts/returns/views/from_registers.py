"""Owns filling a figure from its register: asked first, written as any entry of the desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.permissions import may_enter
from courts.returns.selectors.from_registers import offered
from courts.returns.services.from_registers import fill_from_register
from courts.years.selectors.slots import return_name
from courts.years.views.slots import slot_of


@never_cache
@require_http_methods(READ_OR_POST)
def fill(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str, metric: str
) -> HttpResponse:
    """The figure as it is and as its register has it; POST: take the register's."""
    slot = slot_of(request, year_code, court_code, month, side)
    if not may_enter(request.user, slot.court, slot.side.value):
        raise RefusedError(_("您的账号不能填写这张报表。如果您的工作需要，请联系系统管理员。"))
    offer = offered(slot, metric)
    if offer is None:
        raise MissingError(_("没有台账记录这个指标的案件。请直接填写。"))
    if request.method == "POST":
        sentence, done = fill_from_register(
            user=account_of(request),
            slot=slot,
            metric=metric,
            lines=request.POST.get("lines", ""),
            seen=request.POST.get("seen", ""),
        )
        (messages.success if done else messages.error)(request, sentence)
        return redirect("courts:reconciliation", year_code, month)
    context = {
        "area": "returns",
        "code": year_code,
        "month": month,
        "name": return_name(slot),
        "offer": offer,
    }
    return render(request, "courts/returns/from_register.html", context)
