"""Owns the page of sheets that remind courts on paper."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courts import database_clock
from courts.frame.views.errors import RefusedError
from courts.notices.selectors.reminders import reminder_sheets
from courts.permissions import review_sides
from courts.years.views.slots import overseen_year


@never_cache
@require_safe
def reminders(request: HttpRequest, year_code: str) -> HttpResponse:
    """A sheet for each court that owes the office something."""
    year = overseen_year(request, year_code)
    if not review_sides(request.user):
        raise RefusedError(_("只有负责核实报表的管理部门可以打开这个页面。"))
    now = database_clock.now()
    sheets = reminder_sheets(request.user, year, now)
    context = {
        "area": "completeness",
        "code": year_code,
        "sheets": sheets,
        "now": now,
        "is_demo": any(sheet.is_demo for sheet in sheets),
    }
    return render(request, "courts/notices/reminders.html", context)
