"""Owns which months of a year are closed, published or restated, and by which snapshot they count.

The one place that answers it: locks, scores, imports and pages ask here. Two queries a prefecture,
and no text of a snapshot is read. Terms: a side of a month is *open* until it is closed;
*published* once a snapshot with it was; *restated* once a snapshot that restates another was
published. A side closed on made-up figures is closed, but not *locked*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from courts.frame.remembered import everybodys, prepared_rows, remembered, stamp_of_page
from courts.models import Closing, QualityYear, Snapshot
from courts.years.acceptances import accepted
from courts.years.selectors.years import sides_of
from scoring.rates import MONTHS_OF_YEAR

_KEPT = "_closings"


class MonthStanding(StrEnum):
    """How a side of a month stands."""

    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"
    RESTATED = "restated"


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """A snapshot that counts, without its text."""

    pk: int
    month: int
    sides: tuple[str, ...]
    number: int
    sha256: str
    is_demo: bool
    made_at: datetime
    published_at: datetime | None
    restates: int | None


@dataclass(frozen=True, slots=True)
class Closings:
    """What is closed of a year. Months are 1 to 12, sides codes."""

    closed: Mapping[tuple[int, str], datetime]
    snapshots: tuple[SnapshotRow, ...]
    is_accepted: bool = False
    # The sides of the year, in the order of its rules; where these were not asked, those closed.
    sides: tuple[str, ...] = ()

    def is_closed(self, month: int, side: str) -> bool:
        return (month, side) in self.closed

    def closed_sides(self, month: int) -> tuple[str, ...]:
        """The sides of a month that are closed, in the order of the rulebook."""
        return tuple(side for side in self.sides if (month, side) in self.closed)

    def snapshot(self, month: int, side: str) -> SnapshotRow | None:
        """What a closed side counts by: its newest published snapshot, else its newest."""
        if not self.is_closed(month, side):
            return None
        held = [one for one in self.snapshots if one.month == month and side in one.sides]
        published = [one for one in held if one.published_at is not None]
        return max(published or held, key=lambda one: one.number, default=None)

    def counting(self, month: int) -> Mapping[str, SnapshotRow]:
        """By what each closed side of a month counts."""
        found = {side: self.snapshot(month, side) for side in self.closed_sides(month)}
        return {side: one for side, one in found.items() if one is not None}

    def standing(self, month: int, side: str) -> MonthStanding:
        """Open, closed, published or restated."""
        if not self.is_closed(month, side):
            return MonthStanding.OPEN
        one = self.snapshot(month, side)
        if one is None or one.published_at is None:
            return MonthStanding.CLOSED
        return MonthStanding.PUBLISHED if one.restates is None else MonthStanding.RESTATED

    def is_demo(self, month: int, side: str) -> bool:
        """Whether the side is closed on made-up figures, which locks nothing."""
        one = self.snapshot(month, side)
        return one is not None and one.is_demo

    def is_locked(self, month: int, side: str) -> bool:
        """Whether the side is closed on real figures, or the year accepted (正文四·3)."""
        return self.is_accepted or (self.is_closed(month, side) and not self.is_demo(month, side))

    def locked(self) -> tuple[tuple[int, str], ...]:
        """Every month and side that is locked, in order."""
        places = ((month, side) for month in range(1, MONTHS_OF_YEAR + 1) for side in self.sides)
        return tuple(place for place in places if self.is_locked(*place))

    def locked_months(self, sides: Iterable[str] | None = None) -> tuple[int, ...]:
        """The months that are locked on any of these sides, by default on any, in order."""
        wanted = set(self.sides if sides is None else sides)
        found = {month for month, side in self.locked() if side in wanted}
        return tuple(sorted(found))

    def correctable_months(self, sides: Iterable[str] | None = None) -> tuple[int, ...]:
        """The months that a restatement can correct: locked ones, in a demonstration closed ones.

        As soon as one month is locked those closed on made-up figures are not corrected.
        """
        wanted = set(self.sides if sides is None else sides)
        found = {month for month, side in self.closed if side in wanted}
        return self.locked_months(wanted) if self.locked() else tuple(sorted(found))


NOTHING_CLOSED = Closings({}, ())


def closings_of(year: QualityYear) -> Closings:
    """What is closed of a year; read once for an object of it. Two queries, one if nothing is."""
    return in_order(closings_of_prefecture(year).get(year.pk, NOTHING_CLOSED), year)


def in_order(closings: Closings, year: QualityYear) -> Closings:
    """The same with all sides of the year, in the order of its rules."""
    sides = tuple(side.value for side in sides_of(year))
    return closings if closings.sides == sides else replace(closings, sides=sides)


def closings_of_prefecture(year: QualityYear) -> Mapping[int, Closings]:
    """What is closed of every quality year of a year's prefecture, by the year's key.

    Read once for an object of the year: `forget_closings` has it read anew.
    """
    found: Mapping[int, Closings] | None = year.__dict__.get(_KEPT)
    if found is None:
        root = year.court_id
        stamp = everybodys(stamp_of_page())
        found = remembered(stamp, ("closings", root), lambda: _read(root))
        year.__dict__[_KEPT] = found
    return found


def share_closings(years: Sequence[QualityYear]) -> None:
    """Read what is closed once for several years of one prefecture. Two queries at most."""
    if years:
        found = closings_of_prefecture(years[0])
        for year in years[1:]:
            if year.court_id == years[0].court_id:
                year.__dict__[_KEPT] = found


def forget_closings(year: QualityYear) -> None:
    """Have what is closed read again, as after something was closed or a lock was taken."""
    year.__dict__.pop(_KEPT, None)


def _read(court: int) -> dict[int, Closings]:
    closed: dict[int, dict[tuple[int, str], datetime]] = {}
    accepted_years: set[int] = set()

    def write() -> QuerySet[Any, tuple[Any, ...]]:
        rows = Closing.objects.filter(quality_year__court=court, reopened_at__isnull=True)
        signed = Exists(accepted().filter(quality_year=OuterRef("quality_year")))
        return rows.order_by().values_list("quality_year_id", "month", "side", "at", signed)

    for year, month, side, at, is_accepted in prepared_rows(("closings of", court), write):
        closed.setdefault(year, {})[month, side] = at
        if is_accepted:
            accepted_years.add(year)
    if not closed:
        return {}
    snapshots: dict[int, list[SnapshotRow]] = {}
    standing = Snapshot.objects.standing().filter(quality_year__in=closed).order_by("number")
    for one in standing.defer("text"):
        snapshots.setdefault(one.quality_year_id, []).append(
            SnapshotRow(
                pk=one.pk,
                month=one.month,
                sides=one.side_codes,
                number=one.number,
                sha256=one.sha256,
                is_demo=one.is_demo,
                made_at=one.made_at,
                published_at=one.published_at,
                restates=one.restates_id,
            )
        )
    return {
        year: Closings(
            of,
            tuple(snapshots.get(year, ())),
            year in accepted_years,
            tuple(sorted({side for _month, side in of})),
        )
        for year, of in closed.items()
    }
