"""Owns the desk of an office: what waits for it, in every year."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courts.closings.selectors.close_page import next_to_close
from courts.desks.selectors.desks import desk
from courts.frame.selectors.housekeeping import late_since
from courts.frame.selectors.record import daily_head
from courts.frame.views.errors import RefusedError
from courts.permissions import may_set_deadline
from courts.reviews.selectors.review_pages import reviews_any
from courts.years.open_work import Kept
from courts.years.views.slots import overseen_year


@never_cache
@require_safe
def desk_page(request: HttpRequest, year_code: str) -> HttpResponse:
    """What waits for the office."""
    year = overseen_year(request, year_code)
    if not reviews_any(request.user):
        raise RefusedError(_("只有负责核实报表的管理部门可以打开这个页面。"))
    now, kept = timezone.now(), Kept()
    context = {
        "area": "desk",
        "late_since": late_since(),
        "head": daily_head(),
        "code": year_code,
        "page": desk(request.user, year, now, kept),
        "closing": next_to_close(request.user, year, now, kept=kept),
        "may_set_deadline": may_set_deadline(request.user, year),
    }
    return render(request, "courts/desks/office_desk.html", context)
