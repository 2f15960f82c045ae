"""Owns the home of a court's desks: its returns by month, and what waits for it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courts.cases.selectors.special_cases import court_cases
from courts.desks.selectors.landings import own_returns, work_at
from courts.frame.selectors.housekeeping import late_since
from courts.frame.views.errors import MissingError, RefusedError
from courts.motions.selectors.motions import waiting_for_court
from courts.permissions import may_view_accepted_court
from courts.returns.selectors.homes import court_home
from courts.returns.selectors.return_pages import is_made_up, shown_month
from courts.returns.views.returns import AREA, MOST_CASES
from courts.scores.selectors.standings import standing
from courts.years.selectors.slots import NoSlotError, court_name, find_court, find_open_year


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Go to the returns of the account's own court."""
    place = own_returns(request.user)
    if place is None:
        raise MissingError(
            _("您的账号没有填报岗位，或者还没有质量年。如果您的工作需要，请联系系统管理员。")
        )
    return redirect("courts:returns", *place)


@require_safe
def signed_in(request: HttpRequest) -> HttpResponse:
    """Show that signing in again in a second window worked."""
    return render(request, "courts/desks/signed_in.html")


@never_cache
@require_safe
def home(request: HttpRequest, year_code: str, court_code: str) -> HttpResponse:
    """A court's returns: the month to hand in, the year's months, how the court stands."""
    try:
        year = find_open_year(request.user, year_code)
        court = find_court(request.user, year, court_code)
    except NoSlotError as error:
        raise MissingError(str(error)) from error
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    page, stands = court_home(request.user, year, court), standing(year, court_code)
    own = getattr(request.user, "court_id", None) == court.pk
    work, awaited = work_at(request.user, court)
    context = {
        "area": AREA,
        "late_since": late_since(),
        "code": year_code,
        "court": court_code,
        "court_name": court_name(court),
        "home": page,
        "shown": shown_month(page, request.GET.get("month")),
        "is_demo": is_made_up(page, stands),
        "standing": stands,
        "cases": court_cases(request.user, year, court.pk)[:MOST_CASES],
        "motions": waiting_for_court(request.user, year) if own else (),
        "work": work,
        "awaited": awaited,
        "may_view_accepted": may_view_accepted_court(request.user, year, court_code),
    }
    return render(request, "courts/desks/court_home.html", context)
