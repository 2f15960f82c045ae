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
    drawn_days,
    families,
    fitted,
    lever_metrics,
    poisson,
    roots,
    seeded,
)
from scoring.outlook import (
    ASKED_TAKEN,
    DRIFT,
    Known,
    bounds,
    calibration,
    coming,
    ends,
    known_of,
    negative_binomial,
    project,
    rank_bounds,
    to_come,
    year_end_figures,
    year_ends,
)
from scoring.rank_uncertainty import other_figures, rank_ranges
from scoring.schema import Severity
from scoring.seasons import Elapsed, Season

RULEBOOK = scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019")
JUNE, DECEMBER = Month(2019, 6), Month(2019, 12)
SEASON = Season(RULEBOOK, JUNE, [])

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


# So many cases make a share as sure, and a year's growth varies so much: worked with by hand below.
HALF_YEAR = Elapsed(0.5, 99.0)


class TestProjection:
    def test_what_is_known_by_hand(self) -> None:
        """Half a year with 100 cases, last year's 252.

        The share's variance is 0.25 / 100 = 0.0025, or 0.01 of its square: 100 cases weigh
        1 / (1 + 100 × 0.01) = 1/2. Last year is gamma with shape 1 / (1/252.5 + 0.015) = 52.7415
        over 52.7415 / 252.5 = 0.208877 years. In all 52.7415 + 50 cases in 0.458877 years.
        """
        before, length = 52.74151, 0.2088773
        assert before == pytest.approx(1 / (1 / 252.5 + DRIFT), rel=1e-5)
        cases, span = before + 50, length + 0.25
        bend = 0.5 * (length + 0.5) * 0.0025 / span**3
        found = coming(Known(100, 252, HALF_YEAR))
        assert found is not None
        assert found.mean == pytest.approx(cases * (0.5 / span + bend), rel=1e-5)
        chance = (length + 0.125) / (span * cases)
        errs = (length + 0.5) / (span * 0.5)
        assert 1 / found.shape == pytest.approx(chance + errs**2 * 0.0025, rel=1e-5)

    def test_bounds_and_risk_are_the_distribution_s(self) -> None:
        known = Known(100, 252, HALF_YEAR)
        found, ahead = project(SEASON, known, cap=226), coming(known)
        assert ahead is not None
        exact = stats.nbinom(ahead.shape, ahead.shape / (ahead.shape + ahead.mean))
        # Half of a value's chance counts as below it.
        for value, at in ((found.low, 0.05), (found.high, 0.95)):
            below, step = exact.cdf(value - 101), exact.pmf(value - 100)
            near = below + step / 2
            further = near + (step + exact.pmf(value - 99)) / 2
            nearer = near - (step + exact.pmf(value - 101)) / 2
            assert (nearer < at <= near) if at < 0.5 else (near <= at < further)
        assert found.middle == 100 + int(exact.ppf(0.5))
        assert found.mean == pytest.approx(100 + ahead.mean)
        assert found.risk == pytest.approx(exact.sf(126), rel=1e-9)
        assert (project(SEASON, known).cap, project(SEASON, known).risk) == (None, None)

    def test_what_jumps_by_whole_cases_holds_about_as_often_as_it_says(self) -> None:
        # 95 % nothing, 5 % one case: nothing alone is told, not "0 to 1", which holds always.
        spread = negative_binomial(1.0, 0.95)
        assert spread.within(0.05) == (0, 0)
        assert negative_binomial(1.0, 0.5).within(0.05) == (0, 3)

    def test_a_share_nobody_is_sure_of_widens_the_bounds(self) -> None:
        sure = project(SEASON, Known(100, 252, Elapsed(0.5, 5000.0)))
        unsure = project(SEASON, Known(100, 252, Elapsed(0.5, 50.0)))
        assert unsure.low < sure.low < sure.high < unsure.high

    def test_without_last_year_the_year_so_far_is_all_there_is(self) -> None:
        # 10 and a half in a quarter, and as sure as can be: three times as many to come.
        found = coming(Known(10, None, Elapsed(0.25, 1e9)))
        assert found is not None
        assert found.mean == pytest.approx(31.5, rel=1e-6)
        assert found.shape == pytest.approx(10.5, rel=1e-6)

    def test_large_counts_are_not_surer_than_a_year_s_drift(self) -> None:
        # 5,000 last year and nothing known of this one: nine in ten within about a fifth.
        found = project(SEASON, Known(0, 5000, Elapsed(1e-9, 1e9)))
        assert 0.78 < found.low / 5000 < 0.83
        assert 1.18 < found.high / 5000 < 1.24

    def test_some_of_what_the_rules_ask_for_is_expected(self) -> None:
        # L1 asks for a fall by 40 / 4 = 10 %, L3.2 for 15 %, L2.2 for 12 %: the least counts.
        facts = court()
        for code, fall in (("appeals_filed", 0.15), ("appeal_revised", 0.10)):
            known = known_of(RULEBOOK, SEASON, facts, (code,))
            assert known is not None
            assert known.growth == pytest.approx(1 - ASKED_TAKEN * fall)
        known = known_of(RULEBOOK, SEASON, facts, ("enforcement_received",))
        assert known is not None
        assert known.growth == 1.0
        assert known_of(RULEBOOK, SEASON, facts, ("resumed_cases",)) is None

    def test_the_month_the_cap_breaks(self) -> None:
        known = Known(60, 120, HALF_YEAR)
        ahead = coming(known)
        assert ahead is not None
        # What comes is spread evenly: after two of six months a third of it.
        cap = 60 + int(ahead.mean / 3)
        assert project(SEASON, known, cap=cap).breaks_in == 8
        assert project(SEASON, known, cap=59).breaks_in == 6
        assert project(SEASON, known, cap=60 + int(ahead.mean) + 1).breaks_in is None
        # Where an office expects nearly all of the rest in December, it breaks in December.
        late = Season(RULEBOOK, JUNE, [], (100,) * 6 + (1,) * 5 + (600,))
        assert project(late, known, cap=cap).breaks_in == 12

    def test_a_year_that_is_over_is_certain(self) -> None:
        season = Season(RULEBOOK, DECEMBER, [])
        facts = replace(court(), current={"appeals_filed": 227})
        known = known_of(RULEBOOK, season, facts, ("appeals_filed",))
        assert known is not None
        found = project(season, known, cap=226)
        assert (found.low, found.high, found.risk, found.breaks_in) == (227, 227, 1.0, 12)
        assert project(season, known, cap=227).risk == 0.0
        assert coming(known) is None
        assert to_come(known).mean == 0.0

    def test_nothing_yet_is_not_nothing_ever(self) -> None:
        season = Season(RULEBOOK, Month(2019, 1), [])
        facts = replace(court(), current={"appeals_filed": 0}, baseline_annual={})
        known = known_of(RULEBOOK, season, facts, ("appeals_filed",))
        assert known is not None
        found = project(season, known)
        assert found.low == 0
        assert found.high > 0

    def test_calibration_counts(self) -> None:
        found = project(SEASON, Known(100, 252, HALF_YEAR))
        assert calibration([(found, found.low), (found, found.high + 1)]) == (2, 1)
        assert calibration([]) == (0, 0)


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
        """171,000 days for 1,900 cases are 90 each; 400 cases more take about as many each.

        0.8 of the square by chance a case, over 1,900 and 400 of them, and 0.002: 0.004421, so
        400 × 90 × √0.004421 = 2,394 days.
        """
        random, more = Random(9), FIGURES | {"enforcement_closed": 2300}
        drawn = [carried(RULEBOOK, FIGURES, dict(more), random)["closing_days"] for _ in range(600)]
        assert stats.tmean(drawn) == pytest.approx(207_000, abs=300)
        assert stats.tstd(drawn) == pytest.approx(2394, rel=0.1)
        assert min(drawn) > 171_000
        none = {"closing_days": 0, "enforcement_closed": 0}
        assert carried(RULEBOOK, none, dict(none), random) == none
        assert carried(RULEBOOK, FIGURES, dict(FIGURES), random) == FIGURES

    def test_days_could_have_been_those_of_other_cases(self) -> None:
        # 0.8 / 1,900 of the square: 171,000 × √0.000421 = 3,509 days.
        random = Random(9)
        drawn = [
            drawn_days(RULEBOOK, FIGURES, dict(FIGURES), random)["closing_days"] for _ in range(600)
        ]
        assert stats.tmean(drawn) == pytest.approx(171_000, abs=450)
        assert stats.tstd(drawn) == pytest.approx(3509, rel=0.1)
        # Chance twice: 3,509 × √2 = 4,962.
        twice = [
            drawn_days(RULEBOOK, FIGURES, dict(FIGURES), random, 2.0)["closing_days"]
            for _ in range(600)
        ]
        assert stats.tstd(twice) == pytest.approx(4962, rel=0.1)


class TestYearEnds:
    def test_every_draw_is_a_return_that_could_be_handed_in(self) -> None:
        random, facts = Random(3), court()
        for _draw in range(50):
            ended = year_end_figures(RULEBOOK, SEASON, facts, random)
            again = other_figures(RULEBOOK, facts, random)
            for figures in (ended, again):
                for side in scoring.Side:
                    found = check_figures(RULEBOOK, side, figures)
                    assert [one for one in found if one.severity is Severity.ERROR] == []
            for code, value in FIGURES.items():
                assert ended[code] >= value

    def test_counts_end_where_the_projection_says(self) -> None:
        random, facts = Random(5), court()
        drawn = [
            year_end_figures(RULEBOOK, SEASON, facts, random)["appeal_revised"]
            for _draw in range(600)
        ]
        known = known_of(RULEBOOK, SEASON, facts, ("appeal_revised",))
        assert known is not None
        ahead = coming(known)
        assert ahead is not None
        exact = stats.nbinom(ahead.shape, ahead.shape / (ahead.shape + ahead.mean))
        assert fits([value - 80 for value in drawn], exact)

    def test_figures_that_are_missing_stay_missing(self) -> None:
        few = replace(
            court(), current={"appeals_filed": 5, "retrial_revised": 1}, baseline_annual={}
        )
        found = year_end_figures(RULEBOOK, SEASON, few, Random(1))
        assert set(found) == {"appeals_filed", "retrial_revised"}
        # They go on without the whole they are part of.
        more = [year_end_figures(RULEBOOK, SEASON, few, Random(n)) for n in range(20)]
        assert all(sum(one[code] for one in more) > 20 * few.current[code] for code in few.current)
        first = replace(court(), baseline_annual={})
        assert set(year_end_figures(RULEBOOK, SEASON, first, Random(1))) == set(FIGURES)
        half = replace(court(), current={"enforcement_closed": 9, "actually_closed": 4})
        found = year_end_figures(RULEBOOK, SEASON, half, Random(1))
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

    def test_half_of_a_rank_s_own_draws_counts_as_below_it(self) -> None:
        # 4 of 100 and half of that are less than a twentieth: 2 %, 49 %, 97 %. 6 %, 50 %, 94 %.
        assert rank_bounds([1] * 4 + [2] * 90 + [3] * 6) == (2, 2)
        assert rank_bounds([5] * 12 + [1] * 12 + [2] * 76) == (1, 5)
        assert rank_bounds([7]) == (7, 7)


class TestRankRanges:
    def test_courts_far_apart_keep_their_ranks(self) -> None:
        courts = [court(appeals_filed=100, appeal_revised=10, retrial_decided=1), court("tumen")]
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
        # Beta(1,900.5 / 2, 1,500.5 / 2) of 3,400 cases, as chance enters twice: standard deviation
        # 0.01204, or 40.9 cases.
        random = Random(2)
        drawn = [other_figures(RULEBOOK, court(), random)["enforcement_closed"] for _ in range(800)]
        spread = 3400 * stats.beta(950.25, 750.25).std()
        assert spread == pytest.approx(40.9, abs=0.05)
        assert stats.tstd(drawn) == pytest.approx(spread, rel=0.1)
        assert stats.tmean(drawn) == pytest.approx(1900, abs=4)
