"""Owns which points the party group put in place of computed ones (附件1·五); one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from courts.frame.remembered import remembered_rows
from courts.models import QualityYear, SpecialCase
from scoring.facts import Decision, Month
from scoring.listing import PHRASES, mark_in

# By court's key and month, then by item.
Decisions = Mapping[tuple[int, int], Mapping[str, Decision]]


def decisions_of(year: QualityYear, months: Iterable[Month]) -> Decisions:
    """The decisions that stand for these months of the year; each counts in its month alone."""
    found: dict[tuple[int, int], dict[str, Decision]] = defaultdict(dict)
    numbers = tuple(month.month for month in months if month.year == year.year)

    def write() -> QuerySet[Any, tuple[Any, ...]]:
        rows = SpecialCase.objects.filter(
            quality_year=year.pk, month__in=numbers, state=SpecialCase.State.DECIDED
        )
        return rows.values_list("court_id", "month", "item", "points", "meeting", "meeting_on")

    rows = remembered_rows(("case decisions", year.pk, numbers), write)
    # Facts are kept for all readers and frozen in snapshots: whatever language somebody reads.
    mark = mark_in("zh", PHRASES)
    for court, month, item, points, meeting, on in rows:
        if points is not None:
            found[(court, month)][item] = Decision(points, mark.join((meeting, str(on))))
    return found
