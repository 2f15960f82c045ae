"""Owns the pages that show scores: the way in, the ranking of a month, a court's scorecard."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from courts.figures.selectors.tallies import round_that_counts
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.parts import kept_part
from courts.permissions import (
    Basis,
    may_set_ranking_shown,
    may_use_basis,
    may_view_actions_of,
    own_points_only,
    review_sides,
)
from courts.scores import ranking_exports
from courts.scores.beside import cases_beside
from courts.scores.selectors.explored import explores
from courts.scores.selectors.ranking_shown import full_sentence
from courts.scores.selectors.rankings import ranking_page
from courts.scores.selectors.scorecards import NoCourtError, scorecard_page
from courts.scores.tables import PER_PAGE, ranking_table
from courts.scores.views.ranking_shown import check_points, culture_page
from courts.years.selectors.periods import Period, open_period
from courts.years.selectors.years import NoMonthError, NoYearError


@require_safe
def ranking(request: HttpRequest, year_code: str, month: str) -> HttpResponse:
    """The ranking of a month, as a page or as a file."""
    period = period_of(request, year_code, month)
    page = ranking_page(period)
    if own_points_only(request.user, period.year):
        return culture_page(request, period, page)
    table = ranking_table(page)
    wanted = request.GET.get("_export")
    if wanted is not None and wanted not in ranking_exports.FORMATS:
        raise MissingError(_("没有这种文件格式。请用页面上的导出链接。"))
    RequestConfig(request, paginate=not wanted and {"per_page": PER_PAGE}).configure(table)
    if wanted:
        return ranking_exports.ranking_file(page, table, wanted)
    context = {
        "area": "ranking",
        "page": page,
        "period": page.period,
        "table": table,
        "culture": full_sentence(period.year),
        "may_set_shown": may_set_ranking_shown(request.user, period.year),
    }
    return render(request, "courts/scores/ranking/month.html", context)


@require_safe
def scorecard(request: HttpRequest, year_code: str, month: str, court_code: str) -> HttpResponse:
    """A court's points of a month, item by item, each with its explanation."""
    period = period_of(request, year_code, month)
    check_points(request, period.year, court_code)
    try:
        shows_peers = not own_points_only(request.user, period.year)
        page = scorecard_page(period, court_code, shows_peers=shows_peers)
    except NoCourtError as error:
        raise MissingError(str(error)) from error
    beside = {
        "period": period.place,
        "court_code": court_code,
        "may_view_actions": may_view_actions_of(request.user, period.year, court_code),
        "supervised": review_sides(request.user),
        "cases": cases_beside(request.user, period.year, period.month.month, court_code),
        "ballot_round": round_that_counts(year_code, court_code, period.month.month),
    }
    half = "courts/scores/scorecard/_half.html"
    context = {
        "area": "ranking",
        "page": page,
        "period": period,
        "may_explore": explores(request.user, period, court_code),
        "halves": [kept_part(half, half=one, **beside) for one in page.halves],
    }
    return render(request, "courts/scores/scorecard/court.html", context)


def period_of(request: HttpRequest, year_code: str, month: str) -> Period:
    """The month of the address on the basis that is asked for; 404, or 403 for the basis."""
    try:
        return open_period(request.user, year_code, month, basis_of(request))
    except (NoYearError, NoMonthError) as error:
        raise MissingError(str(error)) from error


def basis_of(request: HttpRequest) -> str:
    """Which returns count; 404 for an unknown basis, 403 for one that is not the account's."""
    basis = request.GET.get("basis", Basis.VERIFIED.value)
    if basis not in Basis.values:
        raise MissingError(_("没有这种口径。"))
    if not may_use_basis(request.user, basis):
        raise RefusedError(
            _(
                "您的账号不能查看尚未核实的数据，或者还没有分配岗位。如果您的工作需要，请联系系统管理员。"
            )
        )
    return basis
