"""Owns which points offices gave and others confirmed; one query, none without such items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from courts.frame.remembered import remembered_rows
from courts.models import Assessment, QualityYear
from courts.years.selectors.years import rulebook_of
from scoring.facts import Assessed, Month

# By court's key and month, then by item.
Given = Mapping[tuple[int, int], Mapping[str, Assessed]]


def assessed_of(year: QualityYear, months: Iterable[Month]) -> Given:
    """The points that count in these months of the year; each counts in its month alone."""
    numbers = [
        month.month
        for month in months
        if month.year == year.year
        and any(item.formula.reads_assessed for item in rulebook_of(year, month).items)
    ]
    found: dict[tuple[int, int], dict[str, Assessed]] = defaultdict(dict)
    if not numbers:
        return found

    def write() -> QuerySet[Any, tuple[Any, ...]]:
        rows = Assessment.objects.filter(quality_year=year.pk, month__in=numbers)
        return rows.values_list("court_id", "month", "item", "points", "reason")

    rows = remembered_rows(("assessments", year.pk, tuple(numbers)), write)
    for court, month, item, points, reason in rows:
        found[(court, month)][item] = Assessed(points, reason)
    return found
