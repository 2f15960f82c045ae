"""Owns reading returns with their cells as they are stored, whatever their state; judges nothing.

Two queries, however many courts and months, one more where courts changed. Figures *handed in* are
those that other returns may be held against: of a return that is open again, those it was verified
with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import QuerySet

from courts.figures.selectors.as_seen import Reported
from courts.frame.remembered import prepared_rows, remembered, stamp_of_page
from courts.models import Figure, MonthlyReturn
from courts.years.court_changes import court_changes_of
from courts.years.selectors.slots import Slot
from scoring.facts import Month

Figures = Mapping[str, int]


class StoredCell(NamedTuple):
    """A figure's row."""

    pk: int
    value: int | None
    version: int
    blank_reason: str
    note: str


NO_CELL = StoredCell(0, None, 0, "", "")


@dataclass(slots=True)
class StoredReturn:
    """A return and its cells by metric."""

    row: MonthlyReturn
    cells: dict[str, StoredCell] = field(default_factory=dict)

    @property
    def month(self) -> Month:
        return Month(self.row.year, self.row.month)

    @property
    def figures(self) -> dict[str, int]:
        """The values there are."""
        return {code: cell.value for code, cell in self.cells.items() if cell.value is not None}

    @property
    def is_made_up(self) -> bool:
        """Whether the figures are made up: not those brought in over made-up ones and waiting."""
        waits = self.row.verified_figures is not None
        return self.row.is_demo and not (waits and self.row.origin == MonthlyReturn.Origin.IMPORT)

    @property
    def handed_in(self) -> Figures | None:
        """The figures that other returns may be held against; None for a mere draft."""
        if self.row.state in MonthlyReturn.REPORTED_STATES:
            return self.figures
        return self.row.verified_figures


class StoredReturns:
    """The returns of some courts in a year and the years it is compared with."""

    def __init__(self, found: Iterable[StoredReturn]) -> None:
        self._by_desk: dict[tuple[int, str], dict[Month, StoredReturn]] = defaultdict(dict)
        for stored in found:
            self._by_desk[stored.row.court_id, stored.row.side][stored.month] = stored

    def at(self, slot: Slot, month: Month | None = None) -> StoredReturn | None:
        """The return of a slot, or of another month of the same court and side."""
        return self._by_desk[slot.court.pk, slot.side.value].get(month or slot.month)

    def of(self, slot: Slot) -> Mapping[Month, StoredReturn]:
        """All returns of the slot's court and side, by month."""
        return self._by_desk[slot.court.pk, slot.side.value]

    def seen(
        self, slot: Slot, period: Month, counts: Callable[[StoredReturn], bool] = lambda _one: True
    ) -> Figures | None:
        """What was handed in of a period, as the slot's month sees it; None for nothing.

        Mergers and splits in between are honoured (`court_changes`); `counts` leaves returns out.
        """

        def own(court: int, month: Month) -> Figures:
            found = self._by_desk[court, slot.side.value].get(month)
            return (found.handed_in if found and counts(found) else None) or {}

        changes = court_changes_of(slot.year)
        if changes.is_touched(slot.court.pk, period, slot.month):
            return changes.figures(slot.court.pk, period, slot.month, own) or None
        found = self._by_desk[slot.court.pk, slot.side.value].get(period)
        return found.handed_in if found and counts(found) else None

    def reported(self, slot: Slot, counts: Callable[[StoredReturn], bool]) -> Reported:
        """What the slot's court, and those merged with it, handed in on its side; `counts` leaves
        returns out."""
        return {
            court: {
                month: figures
                for month, found in self._by_desk[court, slot.side.value].items()
                if counts(found) and (figures := found.handed_in) is not None
            }
            for court in kin_of(slot)
        }


def stored_returns(slots: Sequence[Slot]) -> StoredReturns:
    """The returns of the slots' courts and sides: their year, the one before, the baseline year."""
    years = {slot.month.year for slot in slots}
    compared = {year - 1 for year in years} | {slot.rulebook.baseline_year for slot in slots}
    courts = sorted({court for slot in slots for court in kin_of(slot)})
    sides = sorted({slot.side.value for slot in slots})
    numbers = sorted(years | compared)

    def write() -> QuerySet[MonthlyReturn]:
        rows = MonthlyReturn.objects.filter(court__in=courts, side__in=sides, year__in=numbers)
        return rows.select_related("submitted_by", "verified_by").order_by("year", "month")

    key = ("stored returns", tuple(courts), tuple(sides), tuple(numbers))
    return remembered(stamp_of_page(), key, lambda: with_cells(prepared_rows(key, write)))


def kin_of(slot: Slot) -> set[int]:
    """The slot's court and those merged with it, by key."""
    return court_changes_of(slot.year).kin([slot.court.pk])


def with_cells(rows: Iterable[MonthlyReturn]) -> StoredReturns:
    """These returns with their cells."""
    by_pk = {row.pk: StoredReturn(row) for row in rows}

    def write() -> QuerySet[Any, tuple[Any, ...]]:
        figures = Figure.objects.filter(monthly_return__in=list(by_pk)).order_by()
        fields = ("pk", "value", "version", "blank_reason", "note")
        return figures.values_list("monthly_return_id", "metric", *fields)

    for owner, metric, *cell in prepared_rows(("stored cells", tuple(by_pk)), write):
        by_pk[owner].cells[metric] = StoredCell(*cell)
    return StoredReturns(by_pk.values())
