"""Rounding, against the decimal module's own ROUND_HALF_UP."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.rounding import cents, half_up, places_apart, to_decimal, to_text

LARGE = 10**12


def independently(value: Fraction, places: int) -> Decimal:
    """A quotient of so many digits that none of them can hide a half, then ROUND_HALF_UP."""
    with localcontext(prec=200):
        quotient = Decimal(value.numerator) / Decimal(value.denominator)
        return quotient.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@given(st.integers(-LARGE, LARGE), st.integers(1, LARGE))
def test_half_up_against_decimal(numerator: int, denominator: int) -> None:
    assert half_up(numerator, denominator) == independently(Fraction(numerator, denominator), 0)


@given(st.integers(-LARGE, LARGE), st.integers(1, 10_000))
def test_cents_and_text_against_decimal(numerator: int, denominator: int) -> None:
    value = Fraction(numerator, denominator)
    expected = independently(value, 2)
    assert to_decimal(cents(value)) == expected
    assert to_text(value) == f"{abs(expected) if expected == 0 else expected:.2f}"


@given(st.integers(-LARGE, LARGE), st.sampled_from([2, 8, 16, 40, 80, 200, 400]))
def test_halves_are_met_often_and_rounded_away_from_zero(numerator: int, denominator: int) -> None:
    value = Fraction(numerator, denominator)
    assert to_decimal(cents(value)) == independently(value, 2)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("0.005"), "0.01"),
        (Decimal("0.004999"), "0.00"),
        (Decimal("-0.005"), "-0.01"),
        (Decimal("-0.004"), "0.00"),
        (Fraction(1, 3), "0.33"),
        (Fraction(2, 3), "0.67"),
        (Fraction(100), "100.00"),
        (Decimal("10.8"), "10.80"),
        (7, "7.00"),
        (10**9, "1000000000.00"),
    ],
)
def test_texts_have_two_decimals(value: Decimal | Fraction | int, text: str) -> None:
    assert to_text(value) == text


def test_floats_would_not_do() -> None:
    # In binary 1 - 36/40 falls short of a tenth: whole percents would earn 36 points of 40.
    assert int((1 - 36 / 40) * 100) * 4 == 36
    assert int((1 - Fraction(36, 40)) * 100) * 4 == 40


def test_more_decimals_on_request() -> None:
    assert to_text(Fraction(8999, 100), 0) == "90"
    assert to_text(Fraction(1, 3), 4) == "0.3333"
    assert to_text(Fraction(89996, 1000), 3) == "89.996"


@pytest.mark.parametrize(
    ("one", "two", "places"),
    [
        (Fraction(90), Decimal(90), 2),
        (Fraction(89), Decimal(90), 2),
        (Fraction(1, 3) * 100, Decimal("33.33"), 3),
        (Fraction(89996, 1000), Decimal(90), 3),
        (Fraction(8999999, 100000), Decimal(90), 5),
        (Fraction(89995, 1000), Decimal(90), 3),
    ],
)
def test_as_many_decimals_as_tell_two_values_apart(
    one: Fraction, two: Decimal, places: int
) -> None:
    assert places_apart(one, two) == places_apart(two, one) == places
    assert (to_text(one, places) == to_text(two, places)) is (one == two)
