"""The only sums and quotients of figures: exact, as pairs of integers.

A figure that was not reported makes a sum None, never zero. Pairs stay unreduced, so that an
explanation shows the very figures a reader can find in the returns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from scoring.facts import CourtFacts, Month
from scoring.schema import Interim

PERCENT = 100
MONTHS_OF_YEAR = 12


class Ratio(NamedTuple):
    """An exact quotient of two integers; the denominator is never zero."""

    numerator: int
    denominator: int

    @classmethod
    def of(cls, value: Decimal | Fraction | int) -> Ratio:
        return cls(*value.as_integer_ratio())

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)


class Baseline(NamedTuple):
    """Where an item's baseline comes from: `how` is same_month, prorated or annual.

    `totals` are the sums of its parts as reported; prorating multiplies and divides them.
    """

    how: str
    month: Month
    figures: Mapping[str, int]
    multiplier: int
    divisor: int
    totals: tuple[int, ...]


def total(figures: Mapping[str, int], codes: Sequence[str]) -> int | None:
    """The sum of the figures, or None when one of them was not reported."""
    try:
        return sum(map(figures.__getitem__, codes))
    except KeyError:
        return None


def missing(figures: Mapping[str, int], codes: Sequence[str]) -> tuple[str, ...]:
    """The codes that were not reported."""
    return tuple(code for code in codes if code not in figures)


def baseline(
    facts: CourtFacts,
    month: Month,
    baseline_year: int,
    interim: Interim,
    *parts: Sequence[str],
) -> Baseline | None:
    """What an item's month is compared with; None when some of its figures were not reported.

    `parts` are the groups of metrics the item adds up. December is compared with the whole year.
    Before, the same month serves when all figures of the item were reported for it, else month/12
    of the whole year, unrounded; the `annual` reading takes the whole year as it is.
    """
    how, multiplier, divisor = "annual", 1, 1
    if month.month < MONTHS_OF_YEAR and interim is Interim.SAME_MONTH:
        totals = _totals(facts.baseline_month, parts)
        if totals is not None:
            same = Month(baseline_year, month.month)
            return Baseline("same_month", same, facts.baseline_month, 1, 1, totals)
        how, multiplier, divisor = "prorated", month.month, MONTHS_OF_YEAR
    totals = _totals(facts.baseline_annual, parts)
    if totals is None:
        return None
    year_end = Month(baseline_year, MONTHS_OF_YEAR)
    return Baseline(how, year_end, facts.baseline_annual, multiplier, divisor, totals)


def _totals(figures: Mapping[str, int], parts: Sequence[Sequence[str]]) -> tuple[int, ...] | None:
    try:
        return tuple([sum(map(figures.__getitem__, codes)) for codes in parts])
    except KeyError:
        return None
