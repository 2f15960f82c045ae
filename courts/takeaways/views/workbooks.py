"""Owns the workbook of a month as a download."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from courts.files.lists import XLSX_TYPE, attachment
from courts.frame.views.errors import MissingError
from courts.scores.views.rankings import period_of
from courts.takeaways.selectors.workbooks import NoWorkbookError, contents_for
from courts.takeaways.workbook.book import written


@require_safe
def workbook(request: HttpRequest, year_code: str, month: str) -> HttpResponse:
    """The month with live formulas: of all courts, or of the account's own."""
    period = period_of(request, year_code, month)
    try:
        contents = contents_for(request.user, period.year, period.month)
    except NoWorkbookError as error:
        raise MissingError(str(error)) from error
    return attachment(
        written(contents), XLSX_TYPE, contents.title, "xlsx", is_demo=contents.is_demo
    )
