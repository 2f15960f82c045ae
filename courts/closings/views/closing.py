"""Owns the page on which a month is closed and, before it is published, opened again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courts import database_clock
from courts.closings.forms.closing import CloseForm
from courts.closings.selectors.close_page import close_page, closes_any
from courts.closings.services.closing import close_month, reopen_month
from courts.frame.refusals import ReturnError
from courts.frame.views.errors import RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.registers.selectors.reconciliation import year_gaps
from courts.years.selectors.slots import find_month
from courts.years.views.slots import overseen_year


@never_cache
@require_http_methods(READ_OR_POST)
def close(request: HttpRequest, year_code: str, month: str) -> HttpResponse:
    """The steps of a month; POST: close sides of it, or open them again."""
    year = overseen_year(request, year_code)
    chosen = find_month(year, str(month))
    if request.method == "POST" and not closes_any(request.user, year):
        raise RefusedError(_("只有负责该类报表的管理部门可以关账。"))
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _done(request, year, chosen.month, form.cleaned_data):
        return redirect("courts:close", year_code, chosen)
    page = close_page(request.user, year, chosen, database_clock.now())
    context = {
        "area": "desk",
        "code": year_code,
        "month": str(chosen),
        "form": form,
        "page": page,
        "register_gaps": year_gaps(request.user, year, chosen.month),
    }
    return render(request, "courts/closings/close.html", context)


def _done(request: HttpRequest, year: Any, month: int, given: dict[str, Any]) -> bool:
    """Carry out what was asked for; whether it was."""
    reopens = request.POST.get("act") == "reopen"
    try:
        if reopens:
            reopen_month(user=account_of(request), year=year, month=month, **given)
        else:
            close_month(user=account_of(request), year=year, month=month, **given)
    except ReturnError as error:
        messages.error(request, error.message)
        return False
    text = (
        _("已重新打开；原来的快照作废，数据可以再改。")
        if reopens
        else _("已关账，数据已经固定；接着起草通报。")
    )
    messages.success(request, text)
    return True
