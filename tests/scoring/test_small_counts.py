"""Tests of funnels against scipy's binomial, and of XmR charts against cases worked by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from scipy import stats

from scoring import funnels, xmr
from scoring.funnels import Standing
from scoring.xmr import Sign


class TestFunnels:
    @pytest.mark.parametrize("cases", [1, 7, 40, 900, 6000])
    @pytest.mark.parametrize("rate", [Fraction(1, 50), Fraction(3, 10), Fraction(9, 10)])
    def test_limits_as_scipy_has_them(self, cases: int, rate: Fraction) -> None:
        found, exact = funnels.limits(cases, rate), stats.binom(cases, float(rate))
        for low, high, level in (
            (found.inner_low, found.inner_high, funnels.INNER),
            (found.outer_low, found.outer_high, funnels.OUTER),
        ):
            tail = (1 - level) / 2
            # No more than the tail lies outside on either side, and one count further in it would.
            assert exact.cdf(low - 1) <= tail < exact.cdf(low)
            assert exact.sf(high) <= tail
            assert high == 0 or exact.sf(high - 1) > tail

    @pytest.mark.parametrize(("rate", "count"), [(Fraction(0), 0), (Fraction(1), 30)])
    def test_all_or_nothing(self, rate: Fraction, count: int) -> None:
        assert funnels.limits(30, rate) == (30, count, count, count, count)

    def test_courts_among_each_other(self) -> None:
        # Together 130 of 1,300, a tenth. Of 100 cases 5 to 16 are usual (binomial, 2.5 % tails),
        # 2 to 20 within the outer limits; of 1,000 cases 82 to 119 and 72 to 130.
        rates = [("a", 10, 100), ("b", 17, 100), ("c", 22, 100), ("d", 81, 1000)]
        found = {one.name: one for one in funnels.placed(rates)}
        assert found["a"].limits == (100, 5, 16, 2, 20)
        assert found["d"].limits == (1000, 82, 119, 72, 130)
        assert [one.standing for one in found.values()] == [
            Standing.USUAL,
            Standing.HIGH,
            Standing.VERY_HIGH,
            Standing.LOW,
        ]

    def test_very_low(self) -> None:
        found = funnels.placed([("a", 0, 1000), ("b", 1000, 2000)])
        assert [one.standing for one in found] == [Standing.VERY_LOW, Standing.VERY_HIGH]

    def test_courts_without_cases_are_left_out(self) -> None:
        assert [one.name for one in funnels.placed([("a", 0, 0), ("b", 1, 2)])] == ["b"]
        assert funnels.placed([("a", 0, 0)]) == ()
        assert funnels.common_rate([]) is None

    def test_a_part_larger_than_its_whole(self) -> None:
        with pytest.raises(ValueError, match="within its whole"):
            funnels.placed([("a", 3, 2)])


def values(*numbers: int) -> list[Fraction]:
    return [Fraction(number) for number in numbers]


class TestXmr:
    def test_limits_by_hand(self) -> None:
        # Mean (10 + 12 + 9 + 11) / 4 = 10.5; ranges 2, 3, 2, mean 7/3; 2.66 × 7/3 = 6.2067.
        mean, reach = Fraction(21, 2), Fraction(931, 150)
        hand = xmr.Limits(mean, mean - reach, mean + reach, on_trial=True)
        assert xmr.limits(values(10, 12, 9, 11)) == hand

    def test_too_few_for_limits(self) -> None:
        assert xmr.limits(values(1, 2, 3)) is None
        assert [one.sign for one in xmr.read(values(1, 2, 300))] == [None, None, None]

    def test_limits_settle_after_twelve(self) -> None:
        twelve = values(5, 7, 5, 7, 5, 7, 5, 7, 5, 7, 5, 7)
        found = xmr.limits([*twelve, Fraction(100)])
        # Mean 6, every range 2: 6 ± 5.32, whatever comes later.
        settled = xmr.Limits(Fraction(6), Fraction(68, 100), Fraction(1132, 100), on_trial=False)
        assert found == settled
        assert xmr.read([*twelve, Fraction(100)])[-1].sign is Sign.OUTSIDE

    def test_eight_on_one_side_are_a_sign(self) -> None:
        run = values(9, 8, 9, 10, 1, 1, 2, 1, 1, 2, 1, 2)
        # Mean 47/12 = 3.92: the last eight are below it, and the eighth of them tells.
        signs = [one.sign for one in xmr.read(run)]
        assert signs[-1] is Sign.RUN
        assert signs[-2] is None
        above = [Fraction(20) - value for value in run]
        assert xmr.read(above)[-1].sign is Sign.RUN

    def test_the_target_is_another_question(self) -> None:
        found = xmr.read(values(10, 12, 9, 11), target=Fraction(11))
        assert [(one.sign, one.meets) for one in found] == [
            (None, False),
            (None, True),
            (None, False),
            (None, True),
        ]
        at_most = xmr.read(values(10, 12), target=Fraction(11), at_least=False)
        assert [one.meets for one in at_most] == [True, False]
        assert xmr.read(values(10))[0].meets is None
