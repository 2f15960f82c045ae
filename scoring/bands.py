"""The middle of a group, for comparison: median and quartiles of points, exact."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple


class Band(NamedTuple):
    """The quartiles of a group, in the unit of its values.

    A quarter lies below `low`, half below `middle`, a quarter above `high`.
    """

    low: Fraction
    middle: Fraction
    high: Fraction


def band(values: Iterable[Decimal]) -> Band | None:
    """The quartiles, linear between neighbours; None for an empty group."""
    ordered = sorted(Fraction(value) for value in values)
    if not ordered:
        return None
    low, middle, high = (_at(ordered, Fraction(quarter, 4)) for quarter in (1, 2, 3))
    return Band(low, middle, high)


def _at(ordered: list[Fraction], share: Fraction) -> Fraction:
    place = share * (len(ordered) - 1)
    below = place.numerator // place.denominator
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
