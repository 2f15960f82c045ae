"""Owns whether a year has begun: before that no return is late, missing or to be reminded of.

A year is set up long before its courts know of it, often with months that are over already. It has
begun once the office said until when returns are handed in, or a court of the prefecture entered
anything in this year or another one.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from courts.frame.remembered import remembered_rows
from courts.models import Court, MonthlyReturn, QualityYear


def has_begun(year: QualityYear, *, has_rows: bool = False) -> bool:
    """Whether the year has begun. One query, none with a deadline or `has_rows` of the year."""
    if has_rows or year.deadline_day is not None:
        return True

    def write() -> QuerySet[Any, int]:
        years = QualityYear.objects.filter(court=year.court_id).values("year")
        courts = Court.objects.under(year.court_id).order_by()
        rows = MonthlyReturn.objects.filter(court__in=courts, year__in=years).order_by()
        return rows.values_list("pk", flat=True)[:1]

    return bool(remembered_rows(("begun", year.court_id), write))
