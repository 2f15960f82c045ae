"""Owns which month or day a cell of a list names, as people and spreadsheets write them; pure text.

A figure of a list runs from January to its month, so that `12月` and `1-12月` name the same month.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from courts.files.cells import Cell, RefusedCell
from courts.files.headings import DAY, folded, period_of
from scoring.facts import Month

OCTOBER = 10


def months_meant(cell: Cell, years: Collection[int] = ()) -> tuple[Month, ...]:
    """The months a cell may mean: none, one, or several that a person has to choose from.

    `years` are those that a text without a year may be of. Spreadsheets print October 2019 and
    January 2019 alike as 2019.1. A month by itself (`12月当月`) is the month of no such figure.
    """
    if isinstance(cell, RefusedCell):
        return ()
    if isinstance(cell, str):
        try:
            return (Month.parse(cell),)
        except ValueError:
            pass
    period = period_of(cell)
    if period is None or (period.is_clear and period.first > 1):
        return ()
    numbers = (period.last, OCTOBER) if period.is_doubtful else (period.last,)
    of_years = sorted(years, reverse=True) if period.year is None else [period.year]
    return tuple(Month(year, number) for year in of_years for number in numbers)


def day_meant(cell: Cell) -> date | None:
    """The day a cell names with its year; None when it names none."""
    if isinstance(cell, date):
        return cell
    match = DAY.fullmatch(folded(cell)) if isinstance(cell, str) else None
    if match is None:
        return None
    try:
        return date(*(int(match[part]) for part in ("year", "month", "day")))
    except ValueError:
        return None
