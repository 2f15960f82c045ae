"""Which rates stand out from the others, given how many cases stand behind each.

Exact limits of the binomial distribution around the rate of all courts together: a court outside
the inner limits turns up in one of twenty by chance, outside the outer in one of five hundred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from scoring.likelihood import upper_tail

INNER, OUTER = 0.95, 0.998


class Standing(StrEnum):
    """How a rate stands among the others."""

    USUAL = "usual"
    LOW = "low"
    HIGH = "high"
    VERY_LOW = "very_low"
    VERY_HIGH = "very_high"


class Limits(NamedTuple):
    """Cases that fit the common rate with the inner and the outer probability, both included."""

    cases: int
    inner_low: int
    inner_high: int
    outer_low: int
    outer_high: int


class Placed(NamedTuple):
    """One court's rate: `part` of `whole` cases, with its limits."""

    name: str
    part: int
    whole: int
    limits: Limits
    standing: Standing


def common_rate(rates: Iterable[tuple[int, int]]) -> Fraction | None:
    """The rate of all together; None without any cases."""
    parts = wholes = 0
    for part, whole in rates:
        parts, wholes = parts + part, wholes + whole
    return Fraction(parts, wholes) if wholes else None


def limits(cases: int, rate: Fraction) -> Limits:
    """The counts of `cases` that fit `rate`; 0 ≤ rate ≤ 1.

    Each limit leaves at most half of the improbable outside on its side.
    """
    return Limits(cases, *_pair(cases, rate, INNER), *_pair(cases, rate, OUTER))


def _pair(cases: int, rate: Fraction, level: float) -> tuple[int, int]:
    if rate in (0, 1):
        same = int(rate) * cases
        return same, same
    tail, chance = (1.0 - level) / 2, float(rate)
    low = _first(cases, lambda count: 1.0 - upper_tail(count + 1, cases, chance) > tail)
    high = _first(cases, lambda count: upper_tail(count + 1, cases, chance) <= tail)
    return low, high


def _first(most: int, holds: Callable[[int], bool]) -> int:
    """The least count for which it holds, and goes on holding; it holds for `most`."""
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def placed(rates: Iterable[tuple[str, int, int]]) -> tuple[Placed, ...]:
    """Every court with cases, among all of them; `part` within `whole`, else ValueError."""
    known = [(name, part, whole) for name, part, whole in rates if whole > 0]
    if any(not 0 <= part <= whole for _name, part, whole in known):
        raise ValueError("a part lies within its whole")
    rate = common_rate((part, whole) for _name, part, whole in known)
    if rate is None:
        return ()
    found = []
    for name, part, whole in known:
        own = limits(whole, rate)
        found.append(Placed(name, part, whole, own, _standing(part, own)))
    return tuple(found)


def _standing(part: int, own: Limits) -> Standing:
    if part < own.outer_low:
        return Standing.VERY_LOW
    if part > own.outer_high:
        return Standing.VERY_HIGH
    if part < own.inner_low:
        return Standing.LOW
    return Standing.HIGH if part > own.inner_high else Standing.USUAL
