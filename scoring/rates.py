"""The only sums and quotients of figures: exact, as pairs of integers.

A figure that was not reported makes a sum None, never zero. Pairs stay unreduced, so that an
explanation shows the very figures a reader can find in the returns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from operator import itemgetter
from typing import Any, NamedTuple

from scoring.facts import CourtFacts, Month
from scoring.schema import Interim, Period
from scoring.weights import Weighed

PERCENT = 100
MONTHS_OF_YEAR = 12
# How many months a figure of a period alone covers.
MONTHS_OF = {Period.MONTH: 1, Period.QUARTER: 3}


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

    `figures` and `totals` (the sums of its parts) are cases as reported; prorating multiplies and
    divides the totals by whole months.
    """

    how: str
    month: Month
    figures: Mapping[str, int]
    multiplier: int
    divisor: int
    totals: tuple[int, ...]


def total(figures: Mapping[str, int], codes: Sequence[str]) -> int | None:
    """The sum of the figures, or None when one of them was not reported.

    Of a weighed sum (`scoring.weights`) it is a Fraction.
    """
    try:
        if isinstance(codes, Weighed):
            return summing(codes)(figures)
        return sum(map(figures.__getitem__, codes))
    except KeyError:
        return None


def summing(codes: Sequence[str]) -> Callable[[Mapping[str, int]], int]:
    """A ready-made sum of these figures; calling it raises KeyError when one was not reported.

    Formulas add the same few figures for every court, so the look-ups are prepared once.
    """
    if isinstance(codes, Weighed):
        terms = tuple(zip(codes, codes.weights, strict=True))
        return lambda figures: _weighed(figures, terms)
    look_up = itemgetter(*codes)
    if len(codes) == 1:
        return look_up
    return lambda figures: sum(look_up(figures))


def _weighed(figures: Mapping[str, int], terms: Sequence[tuple[str, Fraction]]) -> Any:
    return sum((figures[code] * weight for code, weight in terms), Fraction(0))


def missing(figures: Mapping[str, int], codes: Sequence[str]) -> tuple[str, ...]:
    """The codes that were not reported."""
    return tuple(code for code in codes if code not in figures)


class BaselineFinder:
    """Finds what an item's month is compared with; `parts` are the groups of metrics it adds up.

    December is compared with the whole year. Before, the same month serves when all figures of the
    item were reported for it, else month/12 of the whole year, unrounded; the `annual` reading
    takes the whole year as it is. Figures of a `period` alone are compared with the same period,
    in December too, else with one or three twelfths of the whole year.
    """

    def __init__(
        self,
        baseline_year: int,
        interim: Interim,
        *parts: Sequence[str],
        period: Period = Period.YEAR_TO_DATE,
    ) -> None:
        self._year = baseline_year
        self._interim = interim
        self._months = MONTHS_OF.get(period)
        self._sums = tuple(summing(codes) for codes in parts)
        self._year_end = Month(baseline_year, MONTHS_OF_YEAR)

    def __call__(self, facts: CourtFacts, month: Month) -> Baseline | None:
        """The baseline, or None when some of its figures were not reported."""
        how, multiplier, divisor = "annual", 1, 1
        number = month.month
        if self._months or (number < MONTHS_OF_YEAR and self._interim is Interim.SAME_MONTH):
            totals = self._totals(facts.baseline_month)
            if totals is not None:
                same = Month(self._year, number)
                return Baseline("same_month", same, facts.baseline_month, 1, 1, totals)
            how, multiplier, divisor = "prorated", self._months or number, MONTHS_OF_YEAR
        totals = self._totals(facts.baseline_annual)
        if totals is None:
            return None
        return Baseline(how, self._year_end, facts.baseline_annual, multiplier, divisor, totals)

    def _totals(self, figures: Mapping[str, int]) -> tuple[int, ...] | None:
        # Most baselines have no figures but those of December: no need to fail on each.
        if not figures:
            return None
        try:
            return tuple([add(figures) for add in self._sums])
        except KeyError:
            return None
