"""Owns the way in: where an account starts, and where an address without a month leads."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courts.desks.selectors.landings import (
    own_decisions,
    own_office,
    own_returns,
    starts_here,
)
from courts.desks.selectors.setup_thread import setup_thread
from courts.frame.selectors.housekeeping import late_since
from courts.frame.views.errors import MissingError
from courts.permissions import Basis
from courts.scores.views.rankings import basis_of
from courts.years.open_work import open_work
from courts.years.selectors.periods import landing_month
from courts.years.selectors.years import NoYearError


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Go where the account's work waits: returns, desk, cases to decide; else to the ranking.

    Whoever has neither returns nor a desk is told here what else waits, such as a vote, and what
    is still to be set up.
    """
    place = own_returns(request.user)
    if place is not None:
        return redirect("courts:returns", *place)
    code = own_office(request.user)
    if code is not None:
        return redirect("courts:desk", code)
    work, thread = open_work(request.user), setup_thread(request.user)
    if not work and not thread and not starts_here(request.user):
        return latest(request)
    code = own_decisions(work)
    if code is not None:
        return redirect("courts:cases", code)
    context = {
        "work": work,
        "thread": thread,
        "late_since": late_since(),
    }
    return render(request, "courts/desks/landing.html", context)


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """Go to the latest ranking the account can see; say what comes next when there is none."""
    landing = landing_month(request.user)
    if landing is None:
        return render(request, "courts/scores/ranking/no_year.html")
    return redirect("courts:ranking", *landing)


@require_safe
def year(request: HttpRequest, year_code: str) -> HttpResponse:
    """Go to the latest ranking of a year."""
    basis = basis_of(request)
    try:
        landing = landing_month(request.user, year_code, basis)
    except NoYearError as error:
        raise MissingError(str(error)) from error
    if landing is None:
        return redirect("courts:home")
    query = {} if basis == Basis.VERIFIED else {"basis": basis}
    return redirect(reverse("courts:ranking", args=landing, query=query))
