"""Small numbers kept back: a reader who subtracts, and tries everything, must not find one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random

import pytest

from scoring.suppression import FEWEST, Row, kept_back, sums


@pytest.mark.parametrize(
    ("row", "seen"),
    [
        # Nothing small: all of it stands.
        ((0, 3, 5), (0, 3, 5)),
        # 1 alone would be the sum less the rest: the next smallest goes with it.
        ((1, 4, 9), (None, None, 9)),
        # 1 + 1 alone would be two ones: 5 goes too, since 7 − 2 = 5 can be any of them.
        ((1, 1, 5, 8), (None, None, None, 8)),
        # 2 + 2 = 4 could be 3 + 1: nothing more is needed.
        ((2, 2, 6), (None, None, 6)),
        # Nothing to hide behind: which of them it was stays open, zeros included.
        ((1, 0, 0), (None, None, None)),
        ((2, 0, 1), (None, None, None)),
    ],
)
def test_what_is_kept_back(row: tuple[int, ...], seen: Row) -> None:
    assert kept_back(row) == seen


def fitting(seen: Row, total: int) -> Iterator[tuple[int, ...]]:
    """Every row that a reader could think of who sees this much and knows the sum."""
    hidden = [place for place, number in enumerate(seen) if number is None]
    left = total - sum(number for number in seen if number is not None)
    # Zeros are shown unless the whole row is kept back.
    low = 0 if len(hidden) == len(seen) else 1
    for guess in product(range(low, left + 1), repeat=len(hidden)):
        if sum(guess) == left:
            row = list(seen)
            for place, number in zip(hidden, guess, strict=True):
                row[place] = number
            yield tuple(number for number in row if number is not None)


def test_subtracting_never_finds_a_small_number() -> None:
    random = Random(2019)
    for _table in range(300):
        row = tuple(random.choice((0, 0, 1, 1, 2, 3, 4, 6)) for _column in range(4))
        seen = kept_back(row)
        found = list(fitting(seen, sum(row)))
        assert row in found
        for place, number in enumerate(row):
            if 0 < number < FEWEST:
                assert seen[place] is None
                could_be = {guess[place] for guess in found}
                assert len(could_be) > 1, (row, seen)
                # Unless the whole row is that small, it could be a number nobody hides.
                if sum(row) >= FEWEST + len(row) - 1:
                    assert max(could_be) >= FEWEST, (row, seen)


def test_a_column_with_a_number_kept_back_has_no_sum() -> None:
    rows = [kept_back(row) for row in ((1, 4, 9), (3, 5, 0))]
    assert sums(rows) == (None, None, 9)
    assert sums([(3, 4), (5, 0)]) == (8, 4)
