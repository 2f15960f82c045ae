"""Owns the returns of one court with what bears on their locks or is open in them, read once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from courts.frame.read_once import read_once
from courts.frame.remembered import remembered_rows
from courts.models import EntryOnBehalf, FollowUp, MonthlyReturn
from courts.years.selectors.entry_windows import Openings, openings_of


@dataclass(frozen=True, slots=True)
class HeldReturns:
    """A court's returns of some years, whatever their state, and their openings."""

    rows: tuple[MonthlyReturn, ...]
    openings: Openings


def held_returns(court: int, years: Iterable[int]) -> HeldReturns:
    """The returns of a court, by key, in years, by number. Four queries at most."""
    numbers = tuple(sorted(set(years)))

    def write() -> QuerySet[MonthlyReturn]:
        rows = MonthlyReturn.objects.filter(court=court, year__in=numbers).order_by()
        return rows.select_related("court__parent")

    def read() -> HeldReturns:
        found = tuple(remembered_rows(("held returns", court, numbers), write))
        return HeldReturns(found, openings_of(found))

    return read_once(("returns", court, numbers), read)


def open_marks(court: int) -> tuple[FollowUp, ...]:
    """The marks on cells of a court, by key, that are not cleared up. One query."""

    def write() -> QuerySet[FollowUp]:
        rows = FollowUp.objects.filter(monthly_return__court=court, resolved_at__isnull=True)
        return rows.select_related("monthly_return__court__parent", "opened_by")

    return tuple(remembered_rows(("open marks", court), write))


def open_objections(court: int) -> tuple[EntryOnBehalf, ...]:
    """A court's objections, by its key, to what was entered for it, not settled yet. One query."""

    def write() -> QuerySet[EntryOnBehalf]:
        rows = EntryOnBehalf.objects.filter(
            monthly_return__court=court, objected_at__isnull=False, settled_at__isnull=True
        )
        return rows.select_related("monthly_return__court__parent", "objected_by")

    return tuple(remembered_rows(("open objections", court), write))
