"""Which aggregates are released: worked cases, and random sets against linear algebra by floats."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from courts.snapshots.aggregates import FEWEST_COURTS, releasable

GRASSROOTS = frozenset("abcdefgh")
ALL = GRASSROOTS | {"m"}


def test_the_whole_and_the_grassroots_courts_would_give_away_the_intermediate_court() -> None:
    assert releasable([GRASSROOTS, ALL], "a") == (True, False)
    assert releasable([ALL, GRASSROOTS], "a") == (True, False)
    # With its own row the intermediate court learns nothing from the second.
    assert releasable([GRASSROOTS, ALL], "m") == (True, True)


def test_four_courts_less_the_own_row_are_three() -> None:
    assert releasable(["abcd"]) == (True,)
    assert releasable(["abcd"], "e") == (True,)
    assert releasable(["abcd"], "a") == (False,)
    assert releasable(["abcde"], "a") == (True,)
    assert releasable(["abc", "a", ""], None) == (False, False, False)


def test_two_that_differ_by_three_courts() -> None:
    assert releasable(["abcdefgh", "abcde"]) == (True, False)
    assert releasable(["abcdefgh", "abcd"]) == (True, True)
    # Less the own row the rest is three courts.
    assert releasable(["abcdefgh", "abcd"], "h") == (True, False)


def test_three_of_which_any_two_are_far_apart() -> None:
    # The first two less the third are twice the sum over a, b and c.
    assert releasable(["abcdef", "abcghi", "defghi"]) == (True, True, False)


def test_the_same_courts_again_tell_nothing_new() -> None:
    assert releasable(["abcde", "edcba", "abcdef"], "f") == (True, True, True)


def test_courts_by_the_thousand() -> None:
    courts = [f"c{number}" for number in range(1000)]
    assert releasable([courts, courts[:-1], courts[:500]]) == (True, False, True)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.frozensets(st.sampled_from("abcdefghij"), min_size=1), min_size=1, max_size=5),
    st.sampled_from([None, "a", "e"]),
)
def test_random_groups(groups: list[frozenset[str]], own: str | None) -> None:
    answers = releasable(groups, own)
    released = [group for group, is_released in zip(groups, answers, strict=True) if is_released]
    # As the rule is written: each, each less the own row, and each two.
    for group in released:
        assert len(group - {own}) >= FEWEST_COURTS
    for one, other in combinations(released, 2):
        for left, right in ((one, other), (one - {own}, other), (one, other - {own})):
            apart = (left ^ right) - {own}
            assert not apart or len(apart) >= FEWEST_COURTS
    assert not leaks(released, own)
    # And nothing is held back without need.
    taken: list[frozenset[str]] = []
    for group, is_released in zip(groups, answers, strict=True):
        assert is_released or leaks([*taken, group], own)
        taken += [group] if is_released else []


def leaks(groups: list[frozenset[str]], own: str | None) -> bool:
    """Whether some combination is about one to three other courts, every three of them tried."""
    courts = "abcdefghij"
    rows = [[float(court in group) for court in courts] for group in groups]
    if own is not None:
        rows.append([float(court == own) for court in courts])
    if not rows or any(not group - {own} for group in groups):
        return bool(groups)
    rank = np.linalg.matrix_rank(np.array(rows))
    for number in range(1, FEWEST_COURTS):
        for few in combinations([court for court in courts if court != own], number):
            units = [[float(court == one) for court in courts] for one in few]
            if np.linalg.matrix_rank(np.array(rows + units)) < rank + number:
                return True
    return False
