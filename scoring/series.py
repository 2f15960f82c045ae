"""What an item comes to in single months, and which items are shares of a whole.

Figures are year to date, so a month alone is the difference to the month before. Exact values;
they are looked at, never scored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from scoring.declared import Series
from scoring.rates import PERCENT, total
from scoring.schema import Direction, Item, Kind, Period, Rulebook, Unit


def has_months(rulebook: Rulebook, item: Item) -> bool:
    """Whether single months come of the item's years to date: no stock is in it, and no period."""
    series = item.series
    if series is None:
        return False
    metrics = [rulebook.metrics[code] for code in series.metrics]
    return all(one.kind is not Kind.STOCK and one.period is Period.YEAR_TO_DATE for one in metrics)


def month_value(item: Item, now: Mapping[str, int], before: Mapping[str, int]) -> Fraction | None:
    """A month alone: a sum of cases, a percentage or days a case; None where it cannot be told.

    `now` and `before` are year to date; January has nothing before it. Nothing can be told where a
    figure was not reported, nor of a rate in a month without cases.
    """
    series = item.series
    if series is None:
        return None
    part = _alone(series.part, now, before)
    if not series.whole:
        return None if part is None else Fraction(part)
    whole = _alone(series.whole, now, before)
    if part is None or not whole:
        return None
    return _value(item, series, Fraction(part, whole))


def _value(item: Item, series: Series, rate: Fraction) -> Fraction:
    """The quotient in the unit the item is drawn in; a complement is what it leaves of a whole."""
    value = 1 - rate if series.complement else rate
    return PERCENT * value if item.drawing.unit is Unit.PERCENT else value


def is_sum(item: Item) -> bool:
    """Whether the item is a plain sum of figures, fewer of which are better: one to be capped."""
    series = item.series
    if series is None or series.whole or series.is_weighed:
        return False
    return item.drawing.direction is Direction.AT_MOST


def is_rate(item: Item) -> bool:
    """Whether the item is a quotient of two sums."""
    return item.series is not None and bool(item.series.whole)


def part_of_whole(rulebook: Rulebook, item: Item) -> Series | None:
    """The sums of a rate of cases among cases; None for what is no such rate."""
    series = item.series
    if series is None or not series.whole or item.drawing.unit is not Unit.PERCENT:
        return None
    if series.is_weighed:
        return None
    if any(rulebook.metrics[code].kind is not Kind.COUNT for code in series.part):
        return None
    return series


class Pooled(NamedTuple):
    """A rate of several courts together: whose figures it is of, and of how many courts."""

    value: Fraction | None
    reported: int
    courts: int


def pooled(item: Item, courts: Iterable[Mapping[str, int]]) -> Pooled:
    """The rate of all courts that reported it, their cases added up; None without any cases.

    Year-to-date figures of each court; ValueError for an item that is no rate.
    """
    series = item.series
    if series is None or not series.whole:
        raise ValueError(f"{item.code} is no rate")
    parts = wholes = reported = number = 0
    for figures in courts:
        number += 1
        part, whole = total(figures, series.part), total(figures, series.whole)
        if part is not None and whole is not None:
            parts, wholes, reported = parts + part, wholes + whole, reported + 1
    value = _value(item, series, Fraction(parts, wholes)) if wholes else None
    return Pooled(value, reported, number)


def _alone(codes: tuple[str, ...], now: Mapping[str, int], before: Mapping[str, int]) -> int | None:
    here, there = total(now, codes), total(before, codes) if before else 0
    return None if here is None or there is None else here - there
