"""Owns the page of how indicators moved against the year before."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courts.files import lists as list_files
from courts.frame.views.errors import MissingError
from courts.outlooks import direction_exports as direction_files
from courts.outlooks.selectors.directions import NoDirectionError, direction_page
from courts.permissions import may_view_dashboard
from courts.scores.views.rankings import period_of


@require_safe
def direction(request: HttpRequest, year_code: str, month: str) -> HttpResponse:
    """Every indicator with its good direction, last year and now; `court` puts one in front."""
    period = period_of(request, year_code, month)
    try:
        page = direction_page(request.user, period, request.GET.get("court", ""))
    except NoDirectionError as error:
        raise MissingError(str(error)) from error
    wanted = request.GET.get("_export")
    if wanted is not None:
        return list_files.response(direction_files.of_directions(page), wanted)
    context = {
        "area": "ranking",
        "page": page,
        "period": period,
        "tab": "direction",
        "shows_dashboard": may_view_dashboard(request.user, period.year),
    }
    return render(request, "courts/outlooks/dashboard/direction.html", context)
