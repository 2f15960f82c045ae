"""The only rounding in the project: half up, to hundredths.

Points travel as whole hundredths (`cents`), so that sums add exactly what is printed.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

HUNDRED = 100
PLACES = 2


def half_up(numerator: int, denominator: int) -> int:
    """Round the quotient to an integer, halves away from zero; `denominator` > 0."""
    if numerator < 0:
        return -half_up(-numerator, denominator)
    return (2 * numerator + denominator) // (2 * denominator)


def printed_cents(numerator: int, denominator: int) -> int:
    """Hundredths of a quotient as court systems print it, with two decimals; `denominator` > 0."""
    return half_up(HUNDRED * numerator, denominator)


def cents(value: Decimal | Fraction | int) -> int:
    """Hundredths of a value, rounded half up."""
    numerator, denominator = value.as_integer_ratio()
    return half_up(HUNDRED * numerator, denominator)


def to_decimal(hundredths: int) -> Decimal:
    """Hundredths as a Decimal that always shows two decimals."""
    return Decimal(hundredths).scaleb(-2)


def to_text(value: Decimal | Fraction | int, places: int = PLACES) -> str:
    """A value rounded half up as it is printed; with two decimals unless more are asked for."""
    numerator, denominator = value.as_integer_ratio()
    return f"{Decimal(half_up(10**places * numerator, denominator)).scaleb(-places):.{places}f}"


def rounded(value: Decimal | Fraction | int, places: int = PLACES) -> Fraction:
    """A value rounded half up to so many decimals, exact from there on."""
    numerator, denominator = value.as_integer_ratio()
    return Fraction(half_up(10**places * numerator, denominator), 10**places)


def places_apart(value: Decimal | Fraction | int, other: Decimal | Fraction | int) -> int:
    """How many decimals it takes for two values to look as different as they are; two at least.

    Where 89.996 misses a target of 90, printing 90.00 would make the verdict look wrong.
    """
    one, two = Fraction(value), Fraction(other)
    places = PLACES
    while one != two and to_text(one, places) == to_text(two, places):
        places += 1
    return places
