"""Owns the page of all combinations of readings at once."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courts.files import lists
from courts.frame.views.errors import RefusedError
from courts.outlooks import all_readings_exports
from courts.outlooks.selectors.all_readings import all_readings_page
from courts.scores.selectors.explored import check_dashboard
from courts.scores.views.rankings import period_of


@require_safe
def all_readings(request: HttpRequest, year_code: str, month: str) -> HttpResponse:
    """Each court's totals and ranks over all combinations; for who looks at all courts."""
    period = period_of(request, year_code, month)
    try:
        check_dashboard(request.user, period.year)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    page = all_readings_page(period)
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(all_readings_exports.of_all_readings(page), wanted)
    context = {"area": "dashboard", "page": page, "period": period, "tab": "all_readings"}
    return render(request, "courts/outlooks/dashboard/all_readings.html", context)
