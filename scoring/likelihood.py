"""How likely a count is, given last year and the months before: limits, for warnings only.

A count and what it is held against come at rates that differ by ordinary variation: years drift by
a tenth, months vary by a tenth and follow a season. Beside a count of `reference` the other is
then negative binomial (gamma-Poisson). Without the variation, counts of thousands would hardly
ever be likely. Probabilities are floats: they never enter points. Stocks and sums of days are no
counts of cases and have no limits, nor have figures that are not year to date. Returns, imports
and bulletins all ask `unlikely`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from math import exp, lgamma, log, log1p, sqrt
from typing import NamedTuple

from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR
from scoring.schema import Kind, Period, Rulebook

# A value beyond these limits turns up once in a thousand times by chance and ordinary variation.
TAIL = 0.0005
# How far rates differ, as variances beside the square of the rate: one year from the next, one
# month from the next, one part of a year from another by the season.
YEARS_DIFFER = 0.008
MONTHS_DIFFER = 0.01
SEASONS_DIFFER = 0.045
# The continued fraction ends where it no longer moves.
STILL = 1e-12
TINY = 1e-300
# Half a case more than were seen: none seen is not none ever (Jeffreys).
HALF = 0.5


class Evidence(StrEnum):
    """What a value was held against."""

    LAST_YEAR = "last_year"
    MONTHS_BEFORE = "months_before"


class Unlikely(NamedTuple):
    """A year-to-date count outside the limits `low` to `high` that the evidence sets.

    All counts are cases; `reference` is the one it was held against, year to date of
    `reference_month`.
    """

    metric: str
    month: Month
    value: int
    low: int
    high: int
    evidence: Evidence
    reference: int
    reference_month: Month


class Expected(NamedTuple):
    """What a count may be beside another: negative binomial; mean in cases, shape of its gamma."""

    mean: float
    shape: float

    def at_most(self, count: int) -> float:
        """P(X ≤ count)."""
        if count < 0:
            return 0.0
        return beta_below(self.shape, count + 1.0, self.shape / (self.shape + self.mean))

    def fits(self, count: int) -> bool:
        """Whether the count lies within the limits: on neither side less likely than `TAIL`."""
        return count >= 0 and not self._is_low(count) and not self._is_high(count)

    def limits(self) -> tuple[int, int]:
        """The least and the greatest count that fit."""
        low = _first(lambda count: not self._is_low(count), 0)
        return low, _first(self._is_high, low + 1) - 1

    def _is_low(self, count: int) -> bool:
        return count < self.mean - self._near and self.at_most(count) < TAIL

    def _is_high(self, count: int) -> bool:
        return count > self.mean + self._near and 1.0 - self.at_most(count - 1) < TAIL

    @property
    def _near(self) -> float:
        """A standard deviation. Nearly all counts are as near, where no tail is that small."""
        return sqrt(self.mean + self.mean * self.mean / self.shape)


def beside(reference: int, share: float, variation: float) -> Expected:
    """What fits beside `reference` cases when it makes `share` of the joint exposure, 0 to 1.

    `variation` is the variance of one rate beside the other, relative to its square.
    """
    known = reference + HALF
    return Expected(known * share / (1.0 - share), 1.0 / (1.0 / known + variation))


def upper_tail(successes: int, trials: int, chance: float) -> float:
    """P(X ≥ successes) of a binomial; `chance` lies between 0 and 1."""
    if successes <= 0:
        return 1.0
    if successes > trials:
        return 0.0
    return beta_below(float(successes), trials - successes + 1.0, chance)


def beta_below(a: float, b: float, x: float) -> float:
    """The regularized incomplete beta function I_x(a, b); a, b > 0 and 0 < x < 1."""
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - beta_below(b, a, 1.0 - x)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    # Lentz's way through the continued fraction (NIST DLMF 8.17.22).
    last, divisor = 1.0, 1.0 / _off_zero(1.0 - (a + b) * x / (a + 1.0))
    found = divisor
    moved, step = 1.0, 0
    while moved > STILL:
        step += 1
        even = a + 2 * step
        for term in (
            step * (b - step) * x / ((even - 1.0) * even),
            -(a + step) * (a + b + step) * x / (even * (even + 1.0)),
        ):
            divisor = 1.0 / _off_zero(1.0 + term * divisor)
            last = _off_zero(1.0 + term / last)
            found *= divisor * last
        moved = abs(divisor * last - 1.0)
    return front * found


def _off_zero(value: float) -> float:
    return value if abs(value) > TINY else TINY


def unlikely(
    rulebook: Rulebook, month: Month, months: Mapping[Month, Mapping[str, int]]
) -> tuple[Unlikely, ...]:
    """The counts of one court's month that last year or the months before make unlikely.

    `months` holds year-to-date figures of the court, those of `month` included. Last year means
    the same month where it was reported, else the whole year, each by its length in months; the
    months before are the year to date of the last earlier month reported.
    """
    found = []
    for code, value in months.get(month, {}).items():
        metric = rulebook.metrics.get(code)
        if metric is None or metric.kind is not Kind.COUNT:
            continue
        if metric.period is not Period.YEAR_TO_DATE:
            continue
        for evidence, reference_month in _references(code, month, months):
            reference = months[reference_month][code]
            length = reference_month.month
            if evidence is Evidence.LAST_YEAR:
                base, share = 0, month.month / (month.month + length)
                variation = YEARS_DIFFER + MONTHS_DIFFER * (1 / month.month + 1 / length)
            else:
                base, share = reference, (month.month - length) / month.month
                variation = 0.0
            if month.month != length:
                variation += SEASONS_DIFFER
            expected = beside(reference, share, variation)
            if not expected.fits(value - base):
                low, high = (base + end for end in expected.limits())
                found.append(
                    Unlikely(code, month, value, low, high, evidence, reference, reference_month)
                )
                break
    return tuple(found)


def _references(
    code: str, month: Month, months: Mapping[Month, Mapping[str, int]]
) -> list[tuple[Evidence, Month]]:
    found = []
    same, whole = Month(month.year - 1, month.month), Month(month.year - 1, MONTHS_OF_YEAR)
    for last_year in (same, whole):
        if code in months.get(last_year, {}):
            found.append((Evidence.LAST_YEAR, last_year))
            break
    before = [
        earlier
        for earlier in months
        if earlier.year == month.year and earlier < month and code in months[earlier]
    ]
    if before:
        found.append((Evidence.MONTHS_BEFORE, max(before)))
    return found


def _first(holds: Callable[[int], bool], start: int) -> int:
    """The smallest integer from `start` on for which a condition holds, and stays so."""
    reach = 1
    while not holds(start + reach):
        reach *= 2
    low, high = start - 1, start + reach
    while high - low > 1:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle
    return high
