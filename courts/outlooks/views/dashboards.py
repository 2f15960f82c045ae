"""Owns the prefecture's dashboard: all courts side by side, for those who lead and help."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courts import database_clock
from courts.files import lists
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.parts import kept_part
from courts.outlooks import charts, dashboard_exports
from courts.outlooks.selectors.dashboards import (
    BoardCell,
    BoardLine,
    dashboard_page,
    dashboard_part,
    known_side,
)
from courts.outlooks.selectors.projectors import projector_page
from courts.outlooks.selectors.trends import trends_page
from courts.permissions import Basis
from courts.scores.selectors.explored import check_dashboard
from courts.scores.views.rankings import basis_of, period_of
from courts.years.selectors.periods import Period, landing_month
from courts.years.selectors.slots import month_of_year
from courts.years.views.slots import year_of


@require_safe
def latest(request: HttpRequest, year_code: str) -> HttpResponse:
    """Go to the month that is asked for by number, else to the latest with figures."""
    year = year_of(request, year_code)
    try:
        check_dashboard(request.user, year)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    basis = basis_of(request)
    month = month_of_year(year, request.GET.get("month", ""))
    landing = landing_month(request.user, year_code, basis) if month is None else (year_code, month)
    query = {} if basis == Basis.VERIFIED else {"basis": basis}
    if request.GET.get("side"):
        query["side"] = request.GET["side"]
    return redirect(reverse("courts:dashboard", args=landing, query=query))


@require_safe
def dashboard(request: HttpRequest, year_code: str, month: str) -> HttpResponse:
    """Where the prefecture stands in a month, and whom to help; as a page or as files."""
    period = period_of(request, year_code, month)
    try:
        check_dashboard(request.user, period.year)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    side = request.GET.get("side", "")
    if not known_side(period.year, side):
        raise MissingError(_("没有类别“%(side)s”。") % {"side": side})
    page = dashboard_page(request.user, period, side, database_clock.now())
    part = dashboard_part(page, request.GET.get("page"))
    file = charts.download(part.charts, request.GET)
    if file is not None:
        return file
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(dashboard_exports.of_board(page), wanted)
    context = {
        "area": "dashboard",
        "page": page,
        "part": part,
        "strips": [
            (strip, [(line, _drawn(period, line, cells)) for line, cells in strip.lines])
            for strip in part.strips
        ],
        "period": period,
        "tab": "dashboard",
    }
    return render(request, "courts/outlooks/dashboard/dashboard.html", context)


def _drawn(period: Period, line: BoardLine, cells: tuple[tuple[BoardCell, str], ...]) -> SafeString:
    """The cells of a court's line, each with its item's short name."""
    template = "courts/outlooks/dashboard/_board_cells.html"
    return kept_part(template, cells=cells, court_code=line.code, period=period.place)


@require_safe
def projector(request: HttpRequest, year_code: str, month: str) -> HttpResponse:
    """The month on one screen of a meeting room; `screen` is the number of the screen."""
    period = period_of(request, year_code, month)
    try:
        check_dashboard(request.user, period.year)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    board = dashboard_page(request.user, period, "", database_clock.now())
    page = projector_page(board, request.GET.get("screen", ""))
    return render(
        request, "courts/outlooks/dashboard/projector.html", {"page": page, "period": period}
    )


@require_safe
def trends(request: HttpRequest, year_code: str, month: str) -> HttpResponse:
    """The course of one item over the months, for chosen courts."""
    period = period_of(request, year_code, month)
    try:
        check_dashboard(request.user, period.year)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    page = trends_page(period, request.GET.get("item", ""), request.GET.getlist("court"))
    file = charts.download(page.charts, request.GET)
    if file is not None:
        return file
    context = {"area": "dashboard", "page": page, "period": period, "tab": "trends"}
    return render(request, "courts/outlooks/dashboard/trends.html", context)
