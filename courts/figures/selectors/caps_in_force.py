"""Owns which cap of a court counts in a month: the one that holds from the latest month by then."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet

from courts.frame.remembered import remembered_rows
from courts.models import Cap, QualityYear
from scoring.facts import Month


def caps_in_force(year: QualityYear, month: Month) -> Mapping[int, Cap]:
    """The caps that count in a month of the year, by the court's key. One query."""

    def write() -> QuerySet[Cap]:
        rows = Cap.objects.filter(quality_year=year.pk, from_month__lte=month.month)
        return rows.order_by("from_month")

    return {row.court_id: row for row in remembered_rows(("caps", year.pk, month), write)}
