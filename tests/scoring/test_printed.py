"""How many decimals an operand is printed with, worked by hand."""

from __future__ import annotations

from fractions import Fraction

from scoring.printed import both_leading_to, fraction, leading_to, number, printed
from scoring.rounding import rounded

FIFTEENTH = Fraction(20, 3)


def test_as_many_decimals_as_it_takes() -> None:
    # 6.67 × 4 = 26.68, yet 20/3 × 4 = 26.666…; 6.667 × 4 = 26.668 prints 26.67.
    shown = leading_to(FIFTEENTH, lambda value: rounded(value * 4), Fraction("26.67"))
    assert (shown.text, shown.value, shown.exact) == ("6.667", Fraction("6.667"), False)
    assert shown.sign() == "≈"


def test_two_decimals_where_they_do() -> None:
    # 9.92 × 4 = 39.68 and 625/63 × 4 = 39.6825…
    shown = leading_to(Fraction(625, 63), lambda value: rounded(value * 4), Fraction("39.68"))
    assert shown.text == "9.92"


def test_never_fewer_than_asked_for() -> None:
    assert leading_to(Fraction(1, 2), lambda value: value, Fraction(1, 2), least=3).text == "0.500"


def test_a_fraction_where_no_decimals_do() -> None:
    shown = leading_to(FIFTEENTH, lambda value: value, FIFTEENTH)
    assert (shown.text, shown.value, shown.exact, shown.sign()) == ("20/3", FIFTEENTH, True, "=")
    assert shown.again(Fraction(1, 7)) == Fraction(1, 7)
    one, other = both_leading_to(
        (FIFTEENTH, Fraction(1, 3)), lambda left, right: left - right, Fraction(19, 3)
    )
    # 6.67 − 0.33 = 6.34, 6.667 − 0.333 = 6.334 … and never 19/3.
    assert (one.text, other.text) == ("20/3", "1/3")


def test_two_operands_share_their_decimals() -> None:
    # 59/721 = 8.1830 %, 53/686 = 7.7259 %: 8.18 − 7.73 = 0.45, exactly 0.4571.
    one, other = both_leading_to(
        (Fraction(5900, 721), Fraction(5300, 686)),
        lambda before, now: rounded(before - now),
        Fraction("0.46"),
    )
    assert (one.text, other.text) == ("8.183", "7.726")


def test_numbers_and_signs() -> None:
    assert number(Fraction(54)).text == "54"
    assert number(Fraction(131, 2)).text == "65.50"
    assert fraction(Fraction(105)).sign() == "="
    assert printed(Fraction(-1, 3)).text == "-0.33"
    assert printed(Fraction(1, 3)).again(Fraction(2, 3)) == Fraction("0.67")
