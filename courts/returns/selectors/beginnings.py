"""Owns whether a year has begun: before that no return is late, missing or to be reminded of.

A year is set up long before its courts know of it, often with months that are over already. It has
begun once the office said until when returns are handed in, or a court of the prefecture entered
anything in this year or another one.
"""

from __future__ import annotations

from courts.models import Court, MonthlyReturn, QualityYear


def has_begun(year: QualityYear, *, has_rows: bool = False) -> bool:
    """Whether the year has begun. One query, none with a deadline or `has_rows` of the year."""
    if has_rows or year.deadline_day is not None:
        return True
    years = QualityYear.objects.filter(court=year.court_id).values("year")
    courts = Court.objects.under(year.court_id)
    return MonthlyReturn.objects.filter(court__in=courts, year__in=years).exists()
