"""Tests of estimates: year-ends and rank ranges, every probability held against scipy's."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from scipy import stats

import scoring
from scoring import CourtFacts, Level, Month, check_figures
from scoring.draws import (
    FEW_TOSSES,
    at_own_pace,
    binomial,
    carried,
    families,
    fitted,
    lever_metrics,
    poisson,
    roots,
    seeded,
)
from scoring.outlook import (
    LEVEL,
    PRIOR_WEIGHT,
    Projection,
    bounds,
    calibration,
    elapsed_share,
    ends,
    negative_binomial,
    project,
    to_come,
    year_end_figures,
    year_ends,
)
from scoring.rank_uncertainty import other_figures, rank_ranges
from scoring.schema import Severity

RULEBOOK = scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019")
JUNE, DECEMBER = Month(2019, 6), Month(2019, 12)

FIGURES = {
    "appeal_revised": 80,
    "appeal_remanded": 30,
    "retrial_revised": 9,
    "retrial_remanded": 2,
    "retrial_directed": 1,
    "retrial_decided": 14,
    "retrial_escalated": 1,
    "retrial_designated": 0,
    "appeals_filed": 500,
    "retrial_petitions_received": 55,
    "retrial_petitions_closed": 50,
    "first_instance_closed": 3300,
    "effective_judgments": 2800,
    "enforcement_carried_over": 900,
    "enforcement_received": 2500,
    "enforcement_closed": 1900,
    "actually_closed": 1300,
    "actually_closed_in_time": 1200,
    "procedure_terminated": 600,
    "fully_enforced": 900,
    "enforcement_terminated": 300,
    "closed_in_time": 1800,
    "open_past_limit": 20,
    "closing_days": 171_000,
}
LAST_YEAR = {code: 2 * value for code, value in FIGURES.items()}


def court(name: str = "yanji", **figures: int) -> CourtFacts:
    return CourtFacts(
        court=name,
        level=Level.GRASSROOTS,
        current=FIGURES | figures,
        baseline_annual=LAST_YEAR,
    )


class TestNegativeBinomial:
    @pytest.mark.parametrize(
        ("shape", "chance"),
        [(0.5, 0.5), (0.5, 0.9), (1.0, 0.3), (3.5, 0.2), (226.5, 0.667), (5000.5, 0.6)],
    )
    def test_as_scipy_has_it(self, shape: float, chance: float) -> None:
        spread, exact = negative_binomial(shape, chance), stats.nbinom(shape, chance)
        for at in (0.001, 0.05, 0.5, 0.95, 0.999):
            value = int(exact.ppf(at))
            assert abs(spread.quantile(at) - value) <= (1 if exact.cdf(value) - at < 1e-9 else 0)
            assert spread.above(value) == pytest.approx(exact.sf(value), rel=1e-9, abs=1e-12)
            place = value - spread.first
            assert spread.chances[place] == pytest.approx(exact.pmf(value), rel=1e-9)
        assert spread.mean == pytest.approx(exact.mean(), rel=1e-9)
        assert spread.above(spread.first - 1) == 1.0
        assert spread.above(spread.first + len(spread.sums)) == 0.0
        assert spread.quantile(1.0) <= spread.first + len(spread.sums) - 1

    def test_certainty(self) -> None:
        assert negative_binomial(7.5, 1.0).quantile(0.99) == 0


class TestProjection:
    def test_with_last_year_against_scipy(self) -> None:
        # Prior: half a year at last year's 252, so gamma(126, 0.5). Half a year with 100 makes
        # gamma(226.5, 1.0); the other half year to come is negative binomial with 1 / 1.5.
        found = project(JUNE, 100, last_year=252, cap=226)
        exact = stats.nbinom(PRIOR_WEIGHT * 252 + 100 + 0.5, 1.0 / 1.5)
        assert found.elapsed == 0.5
        assert (found.low, found.middle, found.high) == tuple(
            100 + int(exact.ppf(at)) for at in (0.05, 0.5, 0.95)
        )
        assert found.mean == pytest.approx(100 + 226.5 * 0.5)
        assert found.risk == pytest.approx(exact.sf(126), rel=1e-9)
        assert found.breaks_in is None

    def test_without_last_year(self) -> None:
        # Nothing but 10 in a quarter: gamma(10.5, 0.25), three quarters to come.
        found = project(Month(2019, 3), 10)
        exact = stats.nbinom(10.5, 0.25)
        assert found.high == 10 + int(exact.ppf(0.95))
        assert (found.cap, found.risk, found.breaks_in) == (None, None, None)

    def test_season_is_last_year_s_where_it_is_known(self) -> None:
        assert elapsed_share(JUNE, 90, 120) == 0.75
        assert elapsed_share(JUNE, None, 120) == 0.5
        assert elapsed_share(JUNE, 90, None) == 0.5
        # A year in which all or nothing came before July says nothing about the rest.
        assert elapsed_share(JUNE, 120, 120) == elapsed_share(JUNE, 0, 120) == 0.5
        assert elapsed_share(DECEMBER, 90, 120) == 1.0

    def test_the_month_the_cap_breaks(self) -> None:
        # 60 in June and as many last year: gamma(60 + 60.5, 1), 60.25 to come, 10.04 a month.
        # 80.08 in August is above 80, 70.04 in July is not.
        assert project(JUNE, 60, last_year=120, cap=80).breaks_in == 8
        assert project(JUNE, 81, last_year=120, cap=80).breaks_in == 6
        assert project(JUNE, 60, last_year=120, cap=121).breaks_in is None

    def test_a_year_that_is_over_is_certain(self) -> None:
        found = project(DECEMBER, 227, last_year=252, cap=226)
        assert (found.low, found.high, found.risk, found.breaks_in) == (227, 227, 1.0, 12)
        assert project(DECEMBER, 226, cap=226).risk == 0.0

    def test_nothing_yet_is_not_nothing_ever(self) -> None:
        found = project(Month(2019, 1), 0)
        assert found.low == 0
        assert found.high > 0

    def test_intervals_hold_as_often_as_they_say(self) -> None:
        # Years made by the model itself: nine in ten ends within, or a little more, as counts are
        # whole. 600 years: three standard errors are 0.037.
        random, past = Random(7), list[tuple[Projection, int]]()
        for _year in range(600):
            rate = random.gammavariate(PRIOR_WEIGHT * 40 + 0.5, 1.0 / PRIOR_WEIGHT)
            half = poisson(random, rate / 2)
            past.append((project(JUNE, half, last_year=40), half + poisson(random, rate / 2)))
        found = calibration(past)
        assert found.tried == 600
        assert LEVEL - 0.037 <= found.held / found.tried <= 0.97
        assert calibration([]) == (0, 0)

    def test_to_come_after_the_year_is_nothing(self) -> None:
        assert to_come(5, 10, 1.0).mean == 0.0


class TestDraws:
    @pytest.mark.parametrize(
        ("trials", "chance"), [(5, 0.3), (FEW_TOSSES, 0.5), (400, 0.02), (3000, 0.7)]
    )
    def test_binomial_is_one(self, trials: int, chance: float) -> None:
        random = Random(11)
        drawn = [binomial(random, trials, chance) for _draw in range(2000)]
        assert fits(drawn, stats.binom(trials, chance))

    @pytest.mark.parametrize("mean", [0.3, 5.0, 40.0, 900.0])
    def test_poisson_is_one(self, mean: float) -> None:
        random = Random(11)
        drawn = [poisson(random, mean) for _draw in range(2000)]
        assert fits(drawn, stats.poisson(mean))

    def test_certain_tosses(self) -> None:
        assert binomial(Random(1), 100, 1.0) == 100
        assert binomial(Random(1), 100, 0.0) == 0
        assert poisson(Random(1), 0.0) == 0

    def test_the_same_figures_draw_the_same(self) -> None:
        first, again = seeded([court()], "x").random(), seeded([court()], "x").random()
        assert first == again
        assert seeded([court()], "y").random() != first
        assert seeded([court(appeals_filed=501)], "x").random() != first


def fits(drawn: list[int], exact: stats.rv_discrete) -> bool:
    """Whether draws look like the distribution: quarters of it, by chi square."""
    edges = sorted({int(exact.ppf(at)) for at in (0.25, 0.5, 0.75)})
    seen, expected, below = [], [], -1
    for edge in edges:
        seen.append(sum(below < value <= edge for value in drawn))
        expected.append(len(drawn) * float(exact.cdf(edge) - exact.cdf(below)))
        below = edge
    seen.append(sum(value > below for value in drawn))
    expected.append(len(drawn) * float(exact.sf(below)))
    return bool(stats.chisquare(seen, expected).pvalue > 0.001)


class TestFamilies:
    def test_wholes_come_before_their_parts(self) -> None:
        done: set[str] = set(roots(RULEBOOK))
        for family in families(RULEBOOK):
            counts = [code for code in family.whole if RULEBOOK.metrics[code].kind == "count"]
            assert set(counts) <= done
            assert not set(family.parts) & done
            done |= set(family.parts)

    def test_what_is_taken_off_a_stock_has_its_own_pace(self) -> None:
        assert "enforcement_closed" in at_own_pace(RULEBOOK)
        assert "actually_closed" not in at_own_pace(RULEBOOK)

    def test_what_a_court_receives_is_no_lever(self) -> None:
        assert "enforcement_received" not in lever_metrics(RULEBOOK)
        assert "enforcement_closed" in lever_metrics(RULEBOOK)

    def test_a_circle_of_checks_ends(self) -> None:
        one = RULEBOOK.checks[0]
        turned = replace(one, left=one.right, right=one.left)
        circle = replace(RULEBOOK, checks=(one, turned))
        assert {family.parts for family in families(circle)} == {one.left, one.right}

    def test_figures_are_cut_to_what_a_return_may_say(self) -> None:
        broken = {"actually_closed": 70, "procedure_terminated": 40, "enforcement_closed": 100}
        # Ten too many are taken off the last of the parts.
        assert fitted(RULEBOOK, dict(broken)) == broken | {"procedure_terminated": 30}

    def test_days_grow_with_the_cases(self) -> None:
        # 171,000 days for 1,900 cases are 90 each; 2,000 cases make 180,000.
        after = carried(RULEBOOK, FIGURES, FIGURES | {"enforcement_closed": 2000})
        assert after["closing_days"] == 180_000
        none = {"closing_days": 0, "enforcement_closed": 0}
        assert carried(RULEBOOK, none, dict(none)) == none


class TestYearEnds:
    def test_every_draw_is_a_return_that_could_be_handed_in(self) -> None:
        random, facts = Random(3), court()
        for _draw in range(50):
            ended = year_end_figures(RULEBOOK, JUNE, facts, random)
            again = other_figures(RULEBOOK, facts, random)
            for figures in (ended, again):
                for side in scoring.Side:
                    found = check_figures(RULEBOOK, side, figures)
                    assert [one for one in found if one.severity is Severity.ERROR] == []
            for code, value in FIGURES.items():
                assert ended[code] >= value

    def test_counts_end_where_the_projection_says(self) -> None:
        # A root: 80 to date, 160 last year, so 220.5 at rate 1.0 … mean 80 + 80.25.
        random, facts = Random(5), court()
        drawn = [
            year_end_figures(RULEBOOK, JUNE, facts, random)["appeal_revised"]
            for _draw in range(600)
        ]
        exact = stats.nbinom(PRIOR_WEIGHT * 160 + 80 + 0.5, 1.0 / 1.5)
        assert fits([value - 80 for value in drawn], exact)

    def test_figures_that_are_missing_stay_missing(self) -> None:
        few = replace(
            court(), current={"appeals_filed": 5, "retrial_revised": 1}, baseline_annual={}
        )
        found = year_end_figures(RULEBOOK, JUNE, few, Random(1))
        assert set(found) == {"appeals_filed", "retrial_revised"}
        first = replace(court(), baseline_annual={})
        assert set(year_end_figures(RULEBOOK, JUNE, first, Random(1))) == set(FIGURES)
        half = replace(court(), current={"enforcement_closed": 9, "actually_closed": 4})
        found = year_end_figures(RULEBOOK, JUNE, half, Random(1))
        assert set(found) == {"enforcement_closed", "actually_closed"}
        missing = other_figures(RULEBOOK, half, Random(1))
        assert set(missing) == {"enforcement_closed", "actually_closed"}

    def test_december_is_what_it_is(self) -> None:
        courts = [court(), court("tumen", appeals_filed=700)]
        found = year_ends(RULEBOOK, DECEMBER, courts, draws=5)
        card = scoring.score(
            RULEBOOK, DECEMBER, [replace(one, baseline_month=LAST_YEAR) for one in courts]
        ).court("yanji")
        assert found[0].total == (float(card.total), float(card.total), float(card.total))
        assert found[0].ranks == (card.rank, card.rank)
        assert found[0].items["L3.2"].mean == float(card.item("L3.2").points or 0)

    def test_more_appeals_now_mean_fewer_points_then(self) -> None:
        courts = [court(), court("tumen", appeals_filed=800, appeal_revised=200)]
        first, second = year_ends(RULEBOOK, JUNE, courts, draws=40)
        assert first.total.mean > second.total.mean
        assert first.total.low <= first.total.mean <= first.total.high
        assert year_ends(RULEBOOK, JUNE, courts, draws=40) == (first, second)

    def test_a_court_that_is_not_ranked_has_no_ranks(self) -> None:
        one = replace(court("yanbian"), level=Level.INTERMEDIATE)
        assert year_ends(RULEBOOK, JUNE, [one, court()], draws=3)[0].ranks is None

    def test_bounds_leave_a_twentieth_on_either_side(self) -> None:
        assert bounds(list(range(1, 101))) == (6, 95)
        assert ends([100, 200]) == (1.5, 1.0, 2.0)


class TestRankRanges:
    def test_courts_far_apart_keep_their_ranks(self) -> None:
        courts = [court(appeals_filed=250, appeal_revised=30, retrial_decided=5), court("tumen")]
        found = rank_ranges(RULEBOOK, JUNE, courts, draws=40)
        assert [(one.court, one.low, one.high) for one in found] == [
            ("yanji", 1, 1),
            ("tumen", 2, 2),
        ]
        assert found[0].shares == {1: 1.0}

    def test_twins_take_turns(self) -> None:
        found = rank_ranges(RULEBOOK, JUNE, [court(), court("tumen")], draws=80)
        for one in found:
            assert (one.low, one.high) == (1, 2)
            assert 0.3 < one.shares[1] < 0.7

    def test_courts_that_are_not_ranked_have_none(self) -> None:
        one = replace(court("yanbian"), level=Level.INTERMEDIATE)
        assert rank_ranges(RULEBOOK, JUNE, [one], draws=2) == ()

    def test_a_share_is_as_sure_as_its_cases_are_many(self) -> None:
        # Beta(1,900.5, 1,500.5) of 3,400 cases: standard deviation 0.00851, or 28.9 cases.
        random = Random(2)
        drawn = [other_figures(RULEBOOK, court(), random)["enforcement_closed"] for _ in range(800)]
        spread = 3400 * stats.beta(1900.5, 1500.5).std()
        assert stats.tstd(drawn) == pytest.approx(spread, rel=0.1)
        assert stats.tmean(drawn) == pytest.approx(1900, abs=4)
