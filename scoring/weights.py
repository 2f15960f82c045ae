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
    """Metrics that are added up, each times its weight.

    With `places`, the figures are held in so small units that their weights shift the point.
    """

    weights: tuple[Fraction, ...]
    places: int

    def __new__(cls, codes: Iterable[str], weights: Iterable[Fraction], places: int = 0) -> Weighed:
        found = super().__new__(cls, codes)
        found.weights = tuple(weight / 10**places for weight in weights)
        found.places = places
        return found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Weighed) and (
            tuple(self) == tuple(other) and self.weights == other.weights
        )

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((tuple(self), self.weights))

    def __reduce__(self) -> tuple[type[Weighed], tuple[tuple[str, ...], tuple[Fraction, ...], int]]:
        return Weighed, (tuple(self), self.written, self.places)

    @property
    def written(self) -> tuple[Fraction, ...]:
        """The weights as the rulebook has them, of figures as they are written."""
        return tuple(weight * 10**self.places for weight in self.weights)


def weights_of(codes: Sequence[str]) -> tuple[Fraction, ...]:
    """The weight of each metric of a sum."""
    return codes.weights if isinstance(codes, Weighed) else (ONE,) * len(codes)


def written_weights(codes: Sequence[str]) -> tuple[Fraction, ...]:
    """The weight of each metric as it is read: of figures as they are written."""
    return codes.written if isinstance(codes, Weighed) else (ONE,) * len(codes)


def places_of(codes: Sequence[str]) -> int:
    """The decimals that the figures of a sum are written with."""
    return codes.places if isinstance(codes, Weighed) else 0


def scale_of(*sums: Sequence[str]) -> int:
    """The least number by which all weights of these sums become integers."""
    if not any(isinstance(codes, Weighed) for codes in sums):
        return 1
    return lcm(*(weight.denominator for codes in sums for weight in weights_of(codes)))


def sum_text(value: int | Fraction) -> int | str:
    """A sum as it is printed: an integer as such, else with all the decimals it has."""
    if value.denominator == 1:
        return int(value)
    # Weights have few decimals, and so have sums: no division here is without an end.
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{exact.normalize():f}"
