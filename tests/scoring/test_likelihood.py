"""The limits of likely counts: held against scipy, and against months made up without them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from scipy import stats

from scoring import BUNDLED, Evidence, Month, load_rulebook, unlikely
from scoring.checks import falls
from scoring.likelihood import TAIL, Expected, beside, beta_below, upper_tail

RULEBOOK = load_rulebook(BUNDLED / "yanbian-2019")


@pytest.mark.parametrize("a", [0.5, 1.0, 7.25, 120.0, 4000.0])
@pytest.mark.parametrize("b", [1.0, 3.0, 60.0, 50_000.0])
@pytest.mark.parametrize("x", [0.0002, 0.05, 0.5, 0.93])
def test_the_beta_function_is_scipy_s(a: float, b: float, x: float) -> None:
    assert beta_below(a, b, x) == pytest.approx(stats.beta(a, b).cdf(x), rel=1e-8, abs=1e-14)


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


@pytest.mark.parametrize("reference", [0, 1, 3, 25, 252, 40_000])
@pytest.mark.parametrize(("share", "variation"), [(0.5, 0.02), (1 / 13, 0.06), (11 / 12, 0.045)])
def test_limits_are_the_outermost_counts_that_fit(
    reference: int, share: float, variation: float
) -> None:
    expected = beside(reference, share, variation)
    exact = stats.nbinom(expected.shape, expected.shape / (expected.shape + expected.mean))
    low, high = expected.limits()
    assert exact.sf(high - 1) >= TAIL > exact.sf(high)
    assert exact.cdf(low) >= TAIL
    assert low == 0 or exact.cdf(low - 1) < TAIL
    assert expected.fits(low)
    assert expected.fits(high)
    assert not expected.fits(high + 1)
    assert not expected.fits(low - 1)
    assert expected.at_most(-1) == 0.0


def test_what_fits_beside_a_count_by_hand() -> None:
    """A quarter beside three: (30 + 1/2) / 3 expected; 1/30.5 and 0.01 make a shape of 23.37."""
    found = beside(30, 0.25, 0.01)
    assert found == (pytest.approx(30.5 / 3), pytest.approx(1 / (1 / 30.5 + 0.01)))
    assert Expected(10.0, 5.0).fits(10)


class TestMonths:
    def test_a_jump_against_last_year_is_named(self) -> None:
        december, last = Month(2019, 12), Month(2018, 12)
        months = {december: {"appeal_revised": 500}, last: {"appeal_revised": 165}}
        (found,) = unlikely(RULEBOOK, december, months)
        assert (found.metric, found.value, found.reference) == ("appeal_revised", 500, 165)
        assert (found.evidence, found.reference_month) == (Evidence.LAST_YEAR, last)
        inside = {**months, december: {"appeal_revised": found.high}}
        assert not unlikely(RULEBOOK, december, inside)
        outside = {**months, december: {"appeal_revised": found.high + 1}}
        assert unlikely(RULEBOOK, december, outside)

    def test_the_whole_of_last_year_counts_by_its_length(self) -> None:
        """None in a year: a twelfth and a half of a case, so five in January are too many."""
        january = Month(2019, 1)
        months = {january: {"appeal_revised": 5}, Month(2018, 12): {"appeal_revised": 0}}
        (found,) = unlikely(RULEBOOK, january, months)
        # P(X ≥ 3) of a mean of 1/24 and a shape of 0.5 is 0.00014; P(X ≥ 2) is 0.0022.
        assert found.high == 2

    def test_a_jump_against_the_months_before_is_named_in_year_to_date(self) -> None:
        months = {Month(2019, 5): {"appeal_revised": 100}, Month(2019, 6): {"appeal_revised": 200}}
        (found,) = unlikely(RULEBOOK, Month(2019, 6), months)
        assert (found.evidence, found.reference) == (Evidence.MONTHS_BEFORE, 100)
        assert 100 <= found.low < 120 < found.high < 200

    def test_stocks_sums_unknown_codes_and_lonely_figures_have_no_limits(self) -> None:
        december = Month(2019, 12)
        figures = {"open_past_limit": 900, "closing_days": 9_000, "no_such": 9, "appeals_filed": 7}
        last = {"open_past_limit": 0, "closing_days": 0, "no_such": 0}
        assert not unlikely(RULEBOOK, december, {december: figures, Month(2018, 12): last})
        assert not unlikely(RULEBOOK, Month(2019, 3), {})


# --- Ordinary months and slips, made up without any of the above ------------------------------

CODE, OTHER = "appeals_filed", "first_instance_closed"
SIZES = (12, 100, 1_000, 5_000, 100_000)
DRIFT, VARIATION, MONTHS = 0.1, 0.1, 12


def court_years(size: float, number: int, seed: int) -> Iterator[dict[Month, int]]:
    """Two years of a count, year to date: this year's rate differs by a tenth at most, and every
    month's by about a tenth."""
    random = np.random.default_rng(seed)
    for _court in range(number):
        rates = {2018: size / MONTHS, 2019: size / MONTHS * random.uniform(1 - DRIFT, 1 + DRIFT)}
        found: dict[Month, int] = {}
        for year, rate in rates.items():
            varied = rate * random.gamma(VARIATION**-2, VARIATION**2, MONTHS)
            running = np.cumsum(random.poisson(varied))
            found |= {Month(year, n): int(cases) for n, cases in enumerate(running, start=1)}
        yield found


def is_told(months: dict[Month, int], month: Month, value: int) -> bool:
    """Whether a value in place of the month's is told of; later months are to come."""
    known = {one: {CODE: cases} for one, cases in months.items() if one < month}
    known[month] = {CODE: value}
    return bool(unlikely(RULEBOOK, month, known) or falls(RULEBOOK, known))


@pytest.mark.parametrize("size", SIZES)
def test_ordinary_months_are_hardly_ever_unlikely(size: int) -> None:
    tried = told = 0
    for months in court_years(size, 60, seed=size):
        for number in range(1, MONTHS + 1):
            month = Month(2019, number)
            tried += 1
            told += is_told(months, month, months[month])
    assert told <= 0.03 * tried


def digit_dropped(value: int, random: np.random.Generator) -> int:
    text = str(value)
    at = int(random.integers(len(text)))
    return int(text[:at] + text[at + 1 :] or 0)


def digit_doubled(value: int, random: np.random.Generator) -> int:
    text = str(value)
    at = int(random.integers(len(text)))
    return int(text[: at + 1] + text[at:])


def test_nine_slips_of_ten_are_found() -> None:
    random = np.random.default_rng(7)
    tried = dict.fromkeys(("dropped", "doubled", "swapped", "alone"), 0)
    told = dict(tried)
    for size in SIZES:
        # The row beside is another count of the return, half as large or three times.
        others = court_years(size * float(random.choice([0.5, 3.0])), 8, seed=size + 1)
        for months, beside_it in zip(court_years(size, 8, seed=size), others, strict=True):
            for number in (2, 5, 10):
                month = Month(2019, number)
                value = months[month]
                slips = {
                    "dropped": digit_dropped(value, random),
                    "doubled": digit_doubled(value, random),
                    "swapped": beside_it[month],
                    "alone": value - months[Month(2019, number - 1)],
                }
                for name, slip in slips.items():
                    if slip != value:
                        tried[name] += 1
                        told[name] += is_told(months, month, slip)
    assert min(tried.values()) > 100
    assert sum(told.values()) >= 0.9 * sum(tried.values()), (told, tried)
