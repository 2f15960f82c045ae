"""Ranks: equal totals share one, the next is left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ranking import ranks


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        ([], []),
        ([5000], [1]),
        ([7000, 6000, 6000, 5000], [1, 2, 2, 4]),
        ([6000, 7000, 5000, 6000], [2, 1, 4, 2]),
        ([1, 1, 1], [1, 1, 1]),
        ([1, 1, 0, 0, 2], [2, 2, 4, 4, 1]),
        ([0, 10_000], [2, 1]),
    ],
)
def test_ranks(totals: list[int], expected: list[int]) -> None:
    found = ranks(totals)
    assert [found[total] for total in totals] == expected


@given(st.lists(st.integers(0, 12)))
def test_a_rank_is_one_more_than_those_before(totals: list[int]) -> None:
    found = ranks(totals)
    for total in totals:
        assert found[total] == 1 + sum(other > total for other in totals)
