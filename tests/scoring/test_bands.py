"""Tests of quartiles, by hand and against numpy."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from scoring.bands import Band, band


def test_by_hand() -> None:
    # Five values: the quartiles are the second, third and fourth of them.
    given = [Decimal(text) for text in ("7.50", "0.00", "3.00", "5.00", "1.00")]
    assert band(given) == Band(Fraction(1), Fraction(3), Fraction(5))
    # Of two, a quarter of the way, half of it, three quarters.
    assert band([Decimal(1), Decimal(2)]) == Band(Fraction(5, 4), Fraction(3, 2), Fraction(7, 4))
    assert band([Decimal(4)]) == Band(Fraction(4), Fraction(4), Fraction(4))
    assert band([]) is None


@pytest.mark.parametrize("size", [2, 3, 8, 21])
def test_as_numpy_has_it(size: int) -> None:
    values = [Decimal((place * 37) % 101) / 4 for place in range(size)]
    found = band(values)
    assert found is not None
    exact = np.quantile([float(value) for value in values], [0.25, 0.5, 0.75])
    assert [float(value) for value in found] == pytest.approx(list(exact))
