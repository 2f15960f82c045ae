"""The limits of likely counts, held against exact sums of binomial coefficients."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest

from scoring import BUNDLED, Evidence, Month, load_rulebook, unlikely
from scoring.likelihood import fits, limits, upper_tail

RULEBOOK = load_rulebook(BUNDLED / "yanbian-2019")
TAIL = Fraction(1, 2000)


def exact_tail(successes: int, trials: int, chance: Fraction) -> Fraction:
    """P(X ≥ successes), every term an exact fraction."""
    return sum(
        (
            comb(trials, k) * chance**k * (1 - chance) ** (trials - k)
            for k in range(max(successes, 0), trials + 1)
        ),
        Fraction(0),
    )


@pytest.mark.parametrize("chance", [Fraction(1, 2), Fraction(1, 12), Fraction(7, 19)])
@pytest.mark.parametrize("trials", [0, 1, 2, 9, 40, 300])
def test_tail_agrees_with_the_exact_sum(trials: int, chance: Fraction) -> None:
    for successes in range(-1, trials + 2, max(1, trials // 7)):
        expected = float(exact_tail(successes, trials, chance))
        found = upper_tail(successes, trials, float(chance))
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-15)


def test_what_is_too_small_for_a_float_is_nothing() -> None:
    # 0.001^2000 = 10^-6000
    assert upper_tail(2000, 2000, 0.001) == 0.0


@pytest.mark.parametrize("reference", [0, 1, 3, 25, 252])
@pytest.mark.parametrize("share", [Fraction(1, 2), Fraction(1, 13), Fraction(1, 4)])
def test_limits_are_the_outermost_counts_that_pass(reference: int, share: Fraction) -> None:
    low, high = limits(reference, float(share))
    assert exact_tail(high, reference + high, share) >= TAIL
    assert exact_tail(high + 1, reference + high + 1, share) < TAIL
    assert exact_tail(reference, reference + low, 1 - share) >= TAIL
    if low:
        assert exact_tail(reference, reference + low - 1, 1 - share) < TAIL


@pytest.mark.parametrize("share", [0.5, 1 / 12, 1 / 3, 11 / 12])
@pytest.mark.parametrize("reference", [0, 1, 7, 30, 400])
def test_a_count_fits_where_the_limits_say_so(reference: int, share: float) -> None:
    low, high = limits(reference, share)
    counts = {*range(low + 1, min(low + 40, high)), *range(max(low, high - 40), high)}
    assert all(fits(count, reference, share) for count in counts)
    assert fits(high, reference, share) or high == low
    outside = [-1, *range(max(0, low - 20), low), *range(high + 1, high + 20)]
    assert not any(fits(count, reference, share) for count in outside)


def test_no_cases_last_year_leave_room_for_ten() -> None:
    # Half and half: n cases all on one side have a chance of 1/2^n; 1/2^10 = 0.00098 is not under
    # 0.0005, 1/2^11 = 0.00049 is.
    assert limits(0, 0.5) == (0, 10)


def test_a_jump_against_last_year_is_named() -> None:
    december, last = Month(2019, 12), Month(2018, 12)
    months = {december: {"appeal_revised": 11}, last: {"appeal_revised": 0}}
    (found,) = unlikely(RULEBOOK, december, months)
    assert (found.metric, found.value, found.low, found.high) == ("appeal_revised", 11, 0, 10)
    assert (found.evidence, found.reference_month) == (Evidence.LAST_YEAR, last)
    assert not unlikely(RULEBOOK, december, {**months, december: {"appeal_revised": 10}})


def test_the_whole_of_last_year_counts_by_its_length() -> None:
    # One month beside twelve: n cases all in the one have a chance of 1/13^n; 1/13^2 = 0.0059,
    # 1/13^3 = 0.00046.
    january = Month(2019, 1)
    months = {january: {"appeal_revised": 3}, Month(2018, 12): {"appeal_revised": 0}}
    (found,) = unlikely(RULEBOOK, january, months)
    assert found.high == 2


def test_a_jump_against_the_months_before_is_named_in_year_to_date() -> None:
    # The year to date of May is 0; June holds one of six months: 1/6^4 = 0.00077, 1/6^5 = 0.00013.
    months = {Month(2019, 5): {"appeal_revised": 0}, Month(2019, 6): {"appeal_revised": 5}}
    (found,) = unlikely(RULEBOOK, Month(2019, 6), months)
    assert (found.evidence, found.low, found.high) == (Evidence.MONTHS_BEFORE, 0, 4)


def test_stocks_sums_unknown_codes_and_lonely_figures_have_no_limits() -> None:
    december = Month(2019, 12)
    figures = {"open_past_limit": 900, "closing_days": 9_000, "no_such": 9, "appeals_filed": 7}
    last = {"open_past_limit": 0, "closing_days": 0, "no_such": 0}
    assert not unlikely(RULEBOOK, december, {december: figures, Month(2018, 12): last})
    assert not unlikely(RULEBOOK, Month(2019, 3), {})
