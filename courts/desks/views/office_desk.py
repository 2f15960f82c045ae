"""Owns the desk of an office: what waits for it, in every year."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts import database_clock
from courts.closings.selectors.close_page import next_to_close
from courts.desks.selectors.desks import desk
from courts.desks.selectors.setup_thread import setup_thread
from courts.desks.services.setup_thread import look_at_readings
from courts.frame.selectors.housekeeping import late_since
from courts.frame.selectors.record import daily_head
from courts.frame.views.errors import RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of, post_only
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
    now, kept = database_clock.now(), Kept()
    context = {
        "area": "desk",
        "late_since": late_since(),
        "thread": setup_thread(request.user, year),
        "head": daily_head(),
        "code": year_code,
        "page": desk(request.user, year, now, kept),
        "closing": next_to_close(request.user, year, now, kept=kept),
        "may_set_deadline": may_set_deadline(request.user, year),
    }
    return render(request, "courts/desks/office_desk.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
@post_only("courts:desk", "year_code")
def readings_looked_at(request: HttpRequest, year_code: str) -> HttpResponse:
    """The office looked at the readings of the year; only a form says so."""
    year = overseen_year(request, year_code)
    try:
        look_at_readings(user=account_of(request), year=year)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    return redirect("courts:desk", year_code)
