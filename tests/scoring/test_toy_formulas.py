"""Two formulas that nothing knows but the registry: points, what-if, months, estimates."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pytest

import scoring
from scoring import CourtFacts, Level, Lever, Month, Rulebook, RulebookError, Status
from scoring.caps import capped_metrics
from scoring.faults import NO_CASES
from scoring.outlook import year_ends
from scoring.rank_uncertainty import rank_ranges
from scoring.series import has_months, month_value, part_of_whole, pooled
from tests import toy_formulas
from tests.toy_formulas import FIGURES, RATE_ITEM, SUM_ITEM

DECEMBER = Month(2019, 12)
PART, WHOLE = "procedure_terminated", "enforcement_closed"


@pytest.fixture(scope="module")
def rulebook() -> Iterator[Rulebook]:
    with pytest.MonkeyPatch.context() as patch:
        yield toy_formulas.registered(patch)


def court(cases: int, part: int, whole: int, code: str = "yanji") -> CourtFacts:
    """A court with so many overturned cases, and so many terminations among cases closed."""
    figures = dict.fromkeys(FIGURES, 0) | {FIGURES[0]: cases, PART: part, WHOLE: whole}
    return CourtFacts(code, Level.GRASSROOTS, current=figures, baseline_annual=figures)


def points(rulebook: Rulebook, facts: CourtFacts, item: str, **readings: str) -> Decimal | None:
    board = scoring.score(rulebook, DECEMBER, [facts], readings)
    return board.court(facts.court).item(item).points


@pytest.mark.parametrize(
    ("cases", "expected"),
    # 40 − 252 × 0.1 = 14.8; 40 − 399 × 0.1 = 0.1; from 400 cases on nothing is left.
    [(0, "40.00"), (252, "14.80"), (399, "0.10"), (400, "0.00"), (1000, "0.00")],
)
def test_points_off_for_each_case(rulebook: Rulebook, cases: int, expected: str) -> None:
    assert points(rulebook, court(cases, 0, 1), SUM_ITEM) == Decimal(expected)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    # 5 of 50 are 10 percent, which keeps 7.5 points; 6 of 50 are 12: 7.5 − 2.5 = 5.
    [(5, 50, "7.50"), (6, 50, "5.00"), (0, 3, "7.50")],
)
def test_a_price_for_a_missed_ceiling(
    rulebook: Rulebook, part: int, whole: int, expected: str
) -> None:
    assert points(rulebook, court(0, part, whole), RATE_ITEM) == Decimal(expected)


def test_what_is_missing_or_empty(rulebook: Rulebook) -> None:
    bare = scoring.score(rulebook, DECEMBER, [CourtFacts("yanji", Level.GRASSROOTS)])
    for code in (SUM_ITEM, RATE_ITEM):
        score = bare.court("yanji").item(code)
        assert score.status is Status.NOT_REPORTED
        (status,) = (step for step in score.steps if step.kind == "status")
        assert status.data["missing"] == list(rulebook.item_by_code[code].metrics)
    empty = scoring.score(rulebook, DECEMBER, [court(0, 0, 0)]).court("yanji").item(RATE_ITEM)
    assert empty.status is Status.NO_DENOMINATOR
    # A reading of the notice changes the rule of a formula that it never heard of.
    assert points(rulebook, court(0, 0, 0), RATE_ITEM, zero_denominator="full") == Decimal("7.50")


def test_what_a_scorecard_compares(rulebook: Rulebook) -> None:
    card = scoring.score(rulebook, DECEMBER, [court(252, 6, 50)]).court("yanji")
    (rate,) = card.item(RATE_ITEM).measured
    assert (rate.is_target, rate.met, rate.value) == (True, False, ("12.00", "%"))
    (off,) = card.item(SUM_ITEM).measured
    assert (off.is_target, off.met, off.value) == (False, None, ("25.20", "points"))
    (unknown,) = (
        scoring.score(rulebook, DECEMBER, [court(0, 0, 0)]).court("yanji").item(RATE_ITEM).measured
    )
    assert (unknown.value, unknown.met) == (None, None)


def test_what_a_court_can_do(rulebook: Rulebook) -> None:
    """One case less is 0.1 points, ten are a whole one; the rate wants three fewer of 50."""
    facts = court(252, 8, 50)
    ways = {
        way.lever: way
        for way in scoring.ways(rulebook, DECEMBER, [facts], "yanji")
        if way.lever.item in (SUM_ITEM, RATE_ITEM)
    }
    assert set(ways) == {
        *(Lever(SUM_ITEM, code, -1) for code in FIGURES),
        Lever(RATE_ITEM, PART, -1),
    }
    cases = ways[Lever(SUM_ITEM, FIGURES[0], -1)]
    # 14.8 and 0.2 are the next whole point: two cases. All 252 cases bring 40 points.
    assert cases.first is not None
    assert cases.next_point is not None
    assert cases.most is not None
    assert (cases.first.cases, cases.next_point.cases, cases.most.cases) == (1, 2, 252)
    # 6 of 50 are 12 percent, 5 are 10.
    found = ways[Lever(RATE_ITEM, PART, -1)]
    assert found.first is not None
    assert (found.first.cases, found.first.item_cents) == (3, 750)


def test_the_most_a_court_can_earn(rulebook: Rulebook) -> None:
    best = scoring.attainable(rulebook, DECEMBER, court(252, 6, 50))
    assert (best[SUM_ITEM], best[RATE_ITEM]) == (Decimal("40.00"), Decimal("7.50"))


def test_single_months_and_rates(rulebook: Rulebook) -> None:
    cases, rate = rulebook.item_by_code[SUM_ITEM], rulebook.item_by_code[RATE_ITEM]
    november, december = court(200, 5, 50).current, court(252, 6, 70).current
    assert month_value(cases, december, november) == 52
    # 1 of 20 more.
    assert month_value(rate, december, november) == 5
    assert has_months(rulebook, cases)
    assert part_of_whole(rulebook, cases) is None
    # 11 of 120 cases of two courts.
    assert pooled(rate, [november, december]).value == Fraction(1100, 120)


def test_caps_come_of_a_sum_and_of_nothing_else(rulebook: Rulebook) -> None:
    assert capped_metrics(rulebook) == FIGURES
    found = scoring.proposed_cap(rulebook, court(100, 0, 1).current)
    assert found is not None
    assert found.baseline_cases == 100
    head = toy_formulas.sources()["rulebook.toml"]
    wrong = head.replace(f'item = "{SUM_ITEM}"', f'item = "{RATE_ITEM}"')
    with pytest.raises(RulebookError) as caught:
        scoring.load_sources(toy_formulas.sources() | {"rulebook.toml": wrong})
    assert [fault.template for fault in caught.value.faults] == [NO_CASES]


def test_estimates_know_no_formula(rulebook: Rulebook) -> None:
    courts = [court(20, 3, 47, "yanji"), court(30, 2, 60, "tumen")]
    ends = year_ends(rulebook, Month(2019, 6), courts, draws=5)
    assert all({SUM_ITEM, RATE_ITEM} <= set(end.items) for end in ends)
    assert {one.court for one in rank_ranges(rulebook, DECEMBER, courts)} == {"yanji", "tumen"}
