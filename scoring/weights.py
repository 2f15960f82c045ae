"""Sums some of whose metrics count for more or less than one: exact weights beside the codes.

A plain sum is a tuple of codes and stays one. A weighed sum is such a tuple too, so that whoever
only asks which metrics are read need not know of weights; its sum is a Fraction, which takes part
in arithmetic as an integer does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm

ONE = Fraction(1)


class Weighed(tuple[str, ...]):  # noqa: SLOT001  a tuple takes no slots but empty ones
    """Metrics that are added up, each times its weight."""

    weights: tuple[Fraction, ...]

    def __new__(cls, codes: Iterable[str], weights: Iterable[Fraction]) -> Weighed:
        found = super().__new__(cls, codes)
        found.weights = tuple(weights)
        return found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Weighed) and (
            tuple(self) == tuple(other) and self.weights == other.weights
        )

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((tuple(self), self.weights))

    def __reduce__(self) -> tuple[type[Weighed], tuple[tuple[str, ...], tuple[Fraction, ...]]]:
        return Weighed, (tuple(self), self.weights)


def weights_of(codes: Sequence[str]) -> tuple[Fraction, ...]:
    """The weight of each metric of a sum."""
    return codes.weights if isinstance(codes, Weighed) else (ONE,) * len(codes)


def scale_of(*sums: Sequence[str]) -> int:
    """The least number by which all weights of these sums become integers."""
    return lcm(*(weight.denominator for codes in sums for weight in weights_of(codes)))


def sum_text(value: int | Fraction) -> int | str:
    """A sum as it is printed: an integer as such, else with all the decimals it has."""
    if value.denominator == 1:
        return int(value)
    # Weights have few decimals, and so have sums: no division here is without an end.
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{exact.normalize():f}"
