"""Owns the lock of closed months: held against the closing at each write, and refused in words.

Whoever closes a month holds the row of its quality year; whoever writes what points come from
shares that row first (`hold`), so that no figure changes while a month is being closed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import connection

from courts.frame.refusals import RuleError, StateError
from courts.models import QualityYear
from courts.years.closed_months import ClosedMonth, closed_by, closed_sentence, last_locked
from courts.years.closings import forget_closings
from courts.years.selectors.years import sides_of
from scoring.rates import MONTHS_OF_YEAR


class MonthClosedError(StateError, RuleError):
    """Something would change a closed month; `closed` are its sides, the sentence names the way."""

    def __init__(self, closed: Collection[ClosedMonth]) -> None:
        self.closed = tuple(closed)
        super().__init__(closed_sentence(self.closed))


def hold(year: QualityYear) -> None:
    """Share the rows of the prefecture's quality years until the transaction ends.

    Taken before any other row is held. Those who write do not wait for each other, only for a
    closing; on SQLite the transaction itself is exclusive.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM courts_qualityyear WHERE court_id = %s ORDER BY id FOR SHARE",
                [year.court_id],
            )
    forget_closings(year)


def hold_alone(year: QualityYear) -> None:
    """Hold the same rows against everybody else who writes, as imports do."""
    years = QualityYear.objects.select_for_update(of=("self",)).filter(court=year.court_id)
    list(years.order_by("pk").values_list("pk"))
    forget_closings(year)


def check_open(year: QualityYear, inputs: Iterable[tuple[int, int, str]]) -> None:
    """Refuse a write of these inputs (year, month, side) if a closed month counts by one of them.

    The caller has held the year. `MonthClosedError`.
    """
    closed = tuple(closed_by(year, inputs))
    if closed:
        raise MonthClosedError(closed)


def holds_from(year: QualityYear, sides: Iterable[str]) -> int:
    """The month from which what is entered now holds: the oldest that is open on these sides.

    `MonthClosedError` when none is. The caller has held the year.
    """
    listed = tuple(sides)
    last = last_locked(year, listed)
    if last == MONTHS_OF_YEAR:
        check_open_from(year, MONTHS_OF_YEAR, listed)
    return last + 1


def check_open_from(year: QualityYear, month: int, sides: Iterable[str] | None = None) -> None:
    """Refuse what holds from a month of the year on, if that or a later one is closed."""
    listed = sides_of(year) if sides is None else tuple(sides)
    check_open(year, [(year.year, one, side) for one in range(month, 13) for side in listed])
