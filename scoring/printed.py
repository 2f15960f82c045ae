"""How many decimals an operand is printed with, so that the printed line gives the printed result.

A reader with a calculator takes the printed operands, computes, rounds half up to the decimals of
the printed result, and must find it. Terms: an operand is *exact* when print and value are equal;
a line of which something was rounded says `≈`, any other `=`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from scoring.rounding import PLACES, rounded, to_text

# Where so many decimals do not tell a result from its neighbour, the fraction itself is printed.
MOST_PLACES = 8


class Printed(NamedTuple):
    """A value as it is printed: `text`, and the number that a reader finds there."""

    text: str
    value: Fraction
    exact: bool

    def again(self, computed: Fraction) -> Fraction:
        """Another value of the same kind, rounded to the decimals this one is printed with."""
        if "/" in self.text:
            return computed
        return rounded(computed, len(self.text.partition(".")[2]))

    def sign(self) -> str:
        """The sign between a computation with exact operands and this result."""
        return "=" if self.exact else "≈"


def printed(value: Fraction, places: int = PLACES) -> Printed:
    """A value with so many decimals."""
    shown = rounded(value, places)
    return Printed(to_text(value, places), shown, shown == value)


def fraction(value: Fraction) -> Printed:
    """A value as `p/q`, or as an integer when it is one."""
    return Printed(str(value), value, exact=True)


def number(value: Fraction) -> Printed:
    """An integer as such, anything else with two decimals."""
    return fraction(value) if value.denominator == 1 else printed(value)


def leading_to(
    value: Fraction, result: Callable[[Fraction], Fraction], wanted: Fraction, least: int = PLACES
) -> Printed:
    """The value with the fewest decimals, from `least` on, whose `result` is the wanted one.

    As a fraction where no reasonable number of decimals gives it.
    """
    for places in range(least, MOST_PLACES + 1):
        shown = printed(value, places)
        if result(shown.value) == wanted:
            return shown
    return fraction(value)


def both_leading_to(
    values: tuple[Fraction, Fraction],
    result: Callable[[Fraction, Fraction], Fraction],
    wanted: Fraction,
) -> tuple[Printed, Printed]:
    """Two operands with the same number of decimals, the fewest whose `result` is the wanted one.

    An integer is printed as such where the other value is one too.
    """
    one, two = values
    for places in range(PLACES, MOST_PLACES + 1):
        first, second = printed(one, places), printed(two, places)
        if result(first.value, second.value) == wanted:
            return first, second
    return fraction(one), fraction(two)
