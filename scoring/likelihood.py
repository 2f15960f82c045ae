"""How likely a count is, given last year and the months before: exact limits, for warnings only.

Two Poisson counts of equal rate split a joint total like a coin weighted by their lengths, so the
limits are those of the binomial distribution and need no estimate of the rate. Probabilities are
floats: they never enter points. Stocks and sums of days are no counts of cases and have no limits,
nor have figures that are not year to date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from math import exp, lgamma, log
from typing import NamedTuple

from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR
from scoring.schema import Kind, Period, Rulebook

# A value beyond these limits turns up once in a thousand times by chance alone.
TAIL = 0.0005
NEGLIGIBLE = 1e-18


class Evidence(StrEnum):
    """What a value was held against."""

    LAST_YEAR = "last_year"
    MONTHS_BEFORE = "months_before"


class Unlikely(NamedTuple):
    """A year-to-date count outside the limits `low` to `high` that the evidence sets.

    `reference` is the count it was held against, year to date of `reference_month`.
    """

    metric: str
    month: Month
    value: int
    low: int
    high: int
    evidence: Evidence
    reference: int
    reference_month: Month


def upper_tail(successes: int, trials: int, chance: float) -> float:
    """P(X ≥ successes) of a binomial; 0 < chance < 1."""
    if successes <= 0:
        return 1.0
    if successes > trials:
        return 0.0
    if successes < trials * chance:
        return 1.0 - upper_tail(trials - successes + 1, trials, 1.0 - chance)
    term = exp(
        lgamma(trials + 1)
        - lgamma(successes + 1)
        - lgamma(trials - successes + 1)
        + successes * log(chance)
        + (trials - successes) * log(1.0 - chance)
    )
    summed, odds = 0.0, chance / (1.0 - chance)
    # Beyond the mean the terms fall, so the rest is dropped once it cannot matter.
    for number in range(successes, trials + 1):
        summed += term
        term *= odds * (trials - number) / (number + 1)
        if term < NEGLIGIBLE * summed:
            break
    return min(summed, 1.0)


def limits(reference: int, share: float) -> tuple[int, int]:
    """The counts that fit beside `reference` when they make `share` of the joint exposure.

    Both are included; a count outside has a tail probability under `TAIL`.
    """

    def too_low(count: int) -> bool:
        return upper_tail(reference, reference + count, 1.0 - share) < TAIL

    def too_high(count: int) -> bool:
        return upper_tail(count, reference + count, share) < TAIL

    low = _first(lambda count: not too_low(count), 0)
    high = _first(too_high, low + 1) - 1
    return low, high


def fits(count: int, reference: int, share: float) -> bool:
    """Whether a count lies within its `limits`: two tails instead of the search for both ends.

    May say no of a count at an end, never yes of one outside.
    """
    return (
        count >= 0
        and upper_tail(reference, reference + count, 1.0 - share) >= TAIL
        and upper_tail(count, reference + count, share) >= TAIL
    )


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
            else:
                base, share = reference, (month.month - length) / month.month
            # Nearly all do, and the limits themselves are asked for only where they are told.
            if fits(value - base, reference, share):
                continue
            low, high = (base + end for end in limits(reference, share))
            if not low <= value <= high:  # pragma: no branch  # the same question, asked exactly
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
