"""The only rounding in the project: half up, to hundredths.

Points travel as whole hundredths (`cents`), so that sums add exactly what is printed.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

HUNDRED = 100


def half_up(numerator: int, denominator: int) -> int:
    """Round the quotient to an integer, halves away from zero; `denominator` > 0."""
    if numerator < 0:
        return -half_up(-numerator, denominator)
    return (2 * numerator + denominator) // (2 * denominator)


def cents(value: Decimal | Fraction | int) -> int:
    """Hundredths of a value, rounded half up."""
    numerator, denominator = value.as_integer_ratio()
    return half_up(HUNDRED * numerator, denominator)


def to_decimal(hundredths: int) -> Decimal:
    """Hundredths as a Decimal that always shows two decimals."""
    return Decimal(hundredths).scaleb(-2)


def to_text(value: Decimal | Fraction | int) -> str:
    """A value with two decimals, rounded half up, as it is printed."""
    return f"{to_decimal(cents(value)):.2f}"
