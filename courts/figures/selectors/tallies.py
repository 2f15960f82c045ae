"""Owns the results of the ballots as the scores take them up; never how they came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from courts.frame.remembered import remembered_rows
from courts.models import BallotRound, BallotTarget, QualityYear


@dataclass(frozen=True, slots=True)
class Tally:
    """What one round gave one court: it counts from its month until a later one does."""

    month: int
    counted: int
    points: Fraction
    is_demo: bool
    code: str


def tallies(year: QualityYear) -> dict[int, list[Tally]]:
    """The tallied rounds of each court, by its key, in the order of their months. One query."""

    def write() -> QuerySet[Any, tuple[Any, ...]]:
        rows = BallotTarget.objects.filter(
            round__quality_year=year.pk,
            round__state=BallotRound.State.TALLIED,
            court__isnull=False,
        )
        return rows.order_by("round__month").values_list(
            "court_id",
            "position",
            "round__month",
            "round__counted",
            "round__sums",
            "round__unit",
            "round__is_demo",
            "round__code",
        )

    rows = remembered_rows(("tallies", year.pk), write)
    found: dict[int, list[Tally]] = {}
    for court, position, month, counted, sums, unit, is_demo, code in rows:
        if sums is None or counted is None:
            continue
        points = Fraction(sums[position]) * Fraction(unit)
        found.setdefault(court, []).append(Tally(month, counted, points, is_demo, code))
    return found


def tally_in(found: Sequence[Tally], month: int) -> Tally | None:
    """The tally that counts in a month; None while there is none."""
    return next((one for one in reversed(found) if one.month <= month), None)


def round_that_counts(year_code: str, court: str, month: int) -> str:
    """The code of the round a court's points come from in a month; empty while there is none."""

    def write() -> QuerySet[Any, str]:
        found = BallotTarget.objects.filter(
            round__quality_year__code=year_code,
            round__state=BallotRound.State.TALLIED,
            round__month__lte=month,
            court__code=court,
        )
        return found.order_by("-round__month").values_list("round__code", flat=True)[:1]

    key = ("round that counts", year_code, court, month)
    return next(iter(remembered_rows(key, write)), "")
