"""Owns the pages that look beyond a scorecard: a court's own page, estimates, single months."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courts.files import lists
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.parts import kept_part
from courts.outlooks import charts, outlook_exports
from courts.outlooks.forms.trials import read_trial
from courts.outlooks.selectors import court_prints
from courts.outlooks.selectors.court_pages import court_page
from courts.outlooks.selectors.outlooks import outlook_page
from courts.outlooks.selectors.small_counts import funnels_page, small_counts_page
from courts.outlooks.selectors.trials import goal_missed, trial_page, trial_places
from courts.scores.selectors.explored import Explored, check_dashboard, explore
from courts.scores.selectors.scorecards import NoCourtError
from courts.scores.views.rankings import period_of

AREA = "ranking"


@require_safe
def court(request: HttpRequest, year_code: str, month: str, court_code: str) -> HttpResponse:
    """What a court has, what is left, and which whole cases bring the next points."""
    page = court_page(explored_of(request, year_code, month, court_code))
    file = charts.download(page.charts, request.GET)
    if file is not None:
        return file
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(outlook_exports.of_court(page), wanted)
    explored = page.explored
    items = kept_part(
        "courts/outlooks/court/_items.html",
        items=page.items,
        period=explored.period.place,
        court_code=explored.court.code,
        shows_peers=explored.shows_peers,
    )
    context = _context(explored, page, "court") | {"items": items}
    return render(request, "courts/outlooks/court/court.html", context)


@require_safe
def court_print(request: HttpRequest, year_code: str, month: str, court_code: str) -> HttpResponse:
    """The court's page on two sheets of A4, to take to a meeting and sign."""
    paper = court_prints.court_print(explored_of(request, year_code, month, court_code))
    file = charts.download(paper.page.charts, request.GET)
    if file is not None:
        return file
    context = _context(paper.explored, paper.page, "court") | {"paper": paper}
    return render(request, "courts/outlooks/court/paper.html", context)


@require_safe
def what_if(request: HttpRequest, year_code: str, month: str, court_code: str) -> HttpResponse:
    """What other figures would do; nothing is written. `_part=answer` is the answer alone."""
    explored = explored_of(request, year_code, month, court_code)
    trial = read_trial(request.GET.dict(), trial_places(explored), explored.full_points)
    page = trial_page(explored, trial.figures, trial.goal_cents, trial.goal_rank)
    context = _context(explored, page, "what_if") | {
        "wrong": trial.faults,
        "goal": request.GET.get("goal", ""),
        "rank": request.GET.get("rank", ""),
        "missed": goal_missed(page),
    }
    part = request.GET.get("_part") == "answer"
    return render(request, f"courts/outlooks/trials/{'_answer' if part else 'trial'}.html", context)


@require_safe
def outlook(request: HttpRequest, year_code: str, month: str, court_code: str) -> HttpResponse:
    """Where the year may end for a court; an estimate, and said to be one."""
    page = outlook_page(explored_of(request, year_code, month, court_code))
    file = charts.download(page.charts, request.GET)
    if file is not None:
        return file
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(outlook_exports.of_outlook(page), wanted)
    return render(
        request, "courts/outlooks/outlook/outlook.html", _context(page.explored, page, "outlook")
    )


@require_safe
def small_counts(request: HttpRequest, year_code: str, month: str, court_code: str) -> HttpResponse:
    """One item of a court in single months: what is unusual, what is only chance."""
    explored = explored_of(request, year_code, month, court_code)
    page = small_counts_page(explored, request.GET.get("item", ""))
    file = charts.download(page.charts, request.GET)
    if file is not None:
        return file
    context = _context(explored, page, "small_counts")
    return render(request, "courts/outlooks/outlook/small_counts.html", context)


@require_safe
def funnels(request: HttpRequest, year_code: str, month: str) -> HttpResponse:
    """All courts in one rate, and how firm their ranks are."""
    period = period_of(request, year_code, month)
    try:
        check_dashboard(request.user, period.year)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    page = funnels_page(period, request.GET.get("item", ""))
    file = charts.download(page.charts, request.GET)
    if file is not None:
        return file
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(outlook_exports.of_ranks(page), wanted)
    context = {"area": "dashboard", "page": page, "period": period, "tab": "funnels"}
    return render(request, "courts/outlooks/outlook/funnels.html", context)


def explored_of(request: HttpRequest, year_code: str, month: str, court_code: str) -> Explored:
    """The court of the address; 404 when there is none such, 403 when it is not the account's."""
    period = period_of(request, year_code, month)
    try:
        return explore(request.user, period, court_code)
    except NoCourtError as error:
        raise MissingError(str(error)) from error
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error


def _context(explored: Explored, page: Any, tab: str) -> dict[str, Any]:
    return {
        "area": AREA,
        "explored": explored,
        "page": page,
        "period": explored.period,
        "court_code": explored.court.code,
        "tab": tab,
    }
