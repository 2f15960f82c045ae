"""What became of an action: months after it against the usual variation of the months before."""

from __future__ import annotations

from fractions import Fraction

from scoring.effects import Effect, Outcome, effect
from scoring.schema import Direction

MORE, LESS = Direction.AT_LEAST, Direction.AT_MOST


def values(*given: int) -> list[Fraction]:
    return [Fraction(one) for one in given]


# Mean 10; moving ranges 2, 2, 2: their mean 2, times 2.66 is 5.32; limits 4.68 and 15.32.
BEFORE = values(9, 11, 9, 11)


def test_limits_are_those_of_the_months_before() -> None:
    found = effect(BEFORE, values(8, 12), LESS)
    assert found.limits is not None
    assert (found.limits.mean, found.limits.low, found.limits.high) == (
        Fraction(10),
        Fraction(468, 100),
        Fraction(1532, 100),
    )
    assert found == Effect(Outcome.NOISE, found.limits, Fraction(10), ())


def test_a_month_outside_the_limits_is_a_change_for_better_or_worse() -> None:
    low, high = values(8, 4), values(16, 12)
    assert [effect(BEFORE, low, way).outcome for way in (LESS, MORE)] == [
        Outcome.BETTER,
        Outcome.WORSE,
    ]
    assert [effect(BEFORE, high, way).outcome for way in (LESS, MORE)] == [
        Outcome.WORSE,
        Outcome.BETTER,
    ]
    assert (effect(BEFORE, low, LESS).unusual, effect(BEFORE, low, LESS).mean_after) == (
        (1,),
        Fraction(6),
    )
    # On the limit is within: 4.68 exactly, one hundredth below is not.
    assert effect(BEFORE, [Fraction(468, 100)], LESS).outcome is Outcome.NOISE
    assert effect(BEFORE, [Fraction(467, 100)], LESS).outcome is Outcome.BETTER


def test_the_last_unusual_month_counts_when_they_point_both_ways() -> None:
    found = effect(BEFORE, values(4, 16), LESS)
    assert (found.outcome, found.unusual) == (Outcome.WORSE, (0, 1))


def test_eight_months_on_one_side_of_the_mean_are_a_change_within_the_limits() -> None:
    assert effect(BEFORE, values(*[9] * 7), LESS).outcome is Outcome.NOISE
    lower = effect(BEFORE, values(*[9] * 8), LESS)
    assert (lower.outcome, lower.unusual) == (Outcome.BETTER, (7,))
    # The month before the action lies above already: it and seven after make eight.
    higher = effect(BEFORE, values(*[11] * 7), LESS)
    assert (higher.outcome, higher.unusual) == (Outcome.WORSE, (6,))
    # A month on the mean itself ends a run.
    assert effect(BEFORE, values(9, 9, 9, 10, 9, 9, 9, 9), LESS).outcome is Outcome.NOISE


def test_too_few_months_say_nothing() -> None:
    assert effect(BEFORE[:3], values(1, 2), LESS) == Effect(
        Outcome.FEW_BEFORE, None, Fraction(3, 2), ()
    )
    assert effect(values(), values(), LESS) == Effect(Outcome.FEW_BEFORE, None, None, ())
    none = effect(BEFORE, values(), LESS)
    assert (none.outcome, none.mean_after, none.unusual) == (Outcome.NONE_AFTER, None, ())
    assert none.limits is not None
