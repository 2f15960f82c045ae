"""What follows from rules and figures: attainable points, and targets in each other's way."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

import scoring
from scoring import CourtFacts, Level, Month, Rulebook
from tests.scoring import annexes

DECEMBER, JUNE = Month(2019, 12), Month(2019, 6)


def test_annexes_add_up() -> None:
    totals = [sum(column) for column in zip(*annexes.YEAR_2018.values(), strict=True)]
    assert totals == [382, 145, 73, 19, 19, 88, 49, 2733, 1077, 985, 0]


@pytest.mark.parametrize(
    ("court", "most", "whole"),
    [
        # Even a rate of nought is no more below last year's than last year's own rate:
        # 59/721 = 8.1831 points, × 0.5 = 4.0915; 4/38 = 10.5263 points, × 0.5 = 5.2632.
        ("yanbian", "4.09", "4.00"),
        ("dunhua", "5.26", "5.00"),
        # 35/113 = 30.97 points, more than the twelve that earn everything; 8/22 and 4/7 as well.
        ("yanji", "6.00", "6.00"),
        ("hunchun", "6.00", "6.00"),
        ("helong", "6.00", "6.00"),
    ],
)
def test_most_of_the_reopening_rate(court: str, most: str, whole: str, rulebook: Rulebook) -> None:
    facts = annexes.facts(court)
    assert scoring.attainable(rulebook, DECEMBER, facts)["L6.1"] == Decimal(most)
    assert scoring.attainable(rulebook, JUNE, facts)["L6.1"] == Decimal(most)
    found = scoring.attainable(rulebook, DECEMBER, facts, {"step": "whole"})
    assert found["L6.1"] == Decimal(whole)


def test_only_two_courts_cannot_earn_all_of_it(rulebook: Rulebook) -> None:
    short = {
        court
        for court in annexes.YEAR_2018
        if scoring.attainable(rulebook, DECEMBER, annexes.facts(court))["L6.1"] != 6
    }
    assert short == {"yanbian", "dunhua"}


def test_most_of_every_item_with_a_baseline_and_targets(rulebook: Rulebook) -> None:
    targets = dict.fromkeys(rulebook.appraisal_items, Decimal(5))
    for court in ("yanji", "yanbian"):
        facts = annexes.facts(court, targets=targets)
        found = scoring.attainable(rulebook, DECEMBER, facts)
        most = {item.code: item.points[facts.level] for item in rulebook.items_of(facts.level)}
        assert {**found, "L6.1": None} == {**most, "L6.1": None}


def test_nothing_can_be_said_without_baseline_or_target(rulebook: Rulebook) -> None:
    found = scoring.attainable(rulebook, DECEMBER, CourtFacts("x", Level.GRASSROOTS))
    drops = {"L1", "L2.2", "L3.2", "L4.2", "L5.2", "L6.1", "L6.2"}
    unknown = {code for code, most in found.items() if most is None}
    assert unknown == drops | set(rulebook.appraisal_items)


def test_zero_last_year(rulebook: Rulebook) -> None:
    facts = annexes.facts("tumen", baseline_annual=dict.fromkeys(annexes.COLUMNS, 0))
    assert scoring.attainable(rulebook, DECEMBER, facts)["L1"] is None
    found = scoring.attainable(rulebook, DECEMBER, facts, {"zero_baseline": "zero"})
    assert found["L1"] == 0


def test_a_rate_of_zero_last_year_cannot_be_undercut(rulebook: Rulebook) -> None:
    baseline = dict.fromkeys(annexes.COLUMNS, 0) | {"retrial_petitions_closed": 5}
    facts = annexes.facts("tumen", baseline_annual=baseline)
    assert scoring.attainable(rulebook, DECEMBER, facts)["L6.1"] == 0


def test_nothing_to_count_may_earn_more_than_any_figures(rulebook: Rulebook) -> None:
    facts = annexes.facts("yanbian")
    found = scoring.attainable(rulebook, DECEMBER, facts, {"zero_denominator": "full"})
    assert found["L6.1"] == 6
    without_rate = annexes.facts(
        "yanbian", baseline_annual=annexes.figures("yanbian") | {"retrial_petitions_closed": 0}
    )
    found = scoring.attainable(rulebook, DECEMBER, without_rate, {"zero_denominator": "full"})
    assert found["L6.1"] == 6


def test_what_is_decided_or_reported_does_not_matter(rulebook: Rulebook) -> None:
    bare = annexes.facts("dunhua")
    decided = annexes.facts(
        "dunhua",
        current=annexes.figures("dunhua"),
        decisions={"L6.1": scoring.Decision(Decimal(1)), "L1": scoring.Decision(Decimal(2))},
    )
    assert scoring.attainable(rulebook, DECEMBER, bare) == scoring.attainable(
        rulebook, DECEMBER, decided
    )


def closing(actually: int, terminated: int, docket: int = 10_000, **given: int) -> CourtFacts:
    figures = {
        "actually_closed": actually,
        "procedure_terminated": terminated,
        "enforcement_closed": actually + terminated,
        "enforcement_carried_over": docket // 4,
        "enforcement_received": docket - docket // 4,
    }
    return CourtFacts("x", Level.GRASSROOTS, current=figures | given)


def test_too_many_actual_closures_leave_too_few_terminations(rulebook: Rulebook) -> None:
    # 100 - 26.52 = 73.48: at that rate both can still be met, one case above they cannot.
    assert scoring.contradictions(rulebook, DECEMBER, closing(7348, 0)) == ()
    (found,) = scoring.contradictions(rulebook, DECEMBER, closing(7349, 0))
    assert (found.met, found.unreachable) == ("Q1", "Q3")
    assert found.value == Fraction(7349, 100)
    assert found.limit == Fraction("73.48")
    assert found.check.left == ("actually_closed", "procedure_terminated")


def test_too_many_terminations_leave_too_few_actual_closures(rulebook: Rulebook) -> None:
    # 100 - 53.48 = 46.52
    assert scoring.contradictions(rulebook, DECEMBER, closing(0, 4652)) == ()
    (found,) = scoring.contradictions(rulebook, DECEMBER, closing(0, 4653))
    assert (found.met, found.unreachable) == ("Q3", "Q1")
    assert found.limit == Fraction("46.52")


def test_both_targets_met_are_no_contradiction(rulebook: Rulebook) -> None:
    assert scoring.contradictions(rulebook, DECEMBER, closing(5348, 2652)) == ()


@pytest.mark.parametrize("without", ["actually_closed", "enforcement_received"])
def test_nothing_is_said_of_what_is_not_reported(without: str, rulebook: Rulebook) -> None:
    facts = closing(7349, 0)
    current = {code: value for code, value in facts.current.items() if code != without}
    bare = CourtFacts("x", Level.GRASSROOTS, current=current)
    assert scoring.contradictions(rulebook, DECEMBER, bare) == ()


def test_nothing_is_said_of_an_empty_docket(rulebook: Rulebook) -> None:
    assert scoring.contradictions(rulebook, DECEMBER, closing(0, 0, docket=0)) == ()


def test_of_the_closed_the_same_targets_are_in_each_others_way(rulebook: Rulebook) -> None:
    found = scoring.contradictions(
        rulebook, DECEMBER, closing(7349, 2651), {"enforcement_rates": "closed"}
    )
    assert [(one.met, one.unreachable, one.value) for one in found] == [
        ("Q1", "Q3", Fraction("73.49"))
    ]


def test_parts_of_a_part_are_in_each_others_way_too(rulebook: Rulebook) -> None:
    # Fully enforced and terminated are parts of the actually closed, these of the closed, these of
    # the docket: beside 78.68 % there is room for 21.32 %.
    docket = {"enforcement_carried_over": 4000, "enforcement_received": 6000}
    at_limit = CourtFacts("c", Level.GRASSROOTS, {**docket, "fully_enforced": 7868})
    assert scoring.contradictions(rulebook, DECEMBER, at_limit) == ()
    above = CourtFacts("c", Level.GRASSROOTS, {**docket, "fully_enforced": 7869})
    (found,) = scoring.contradictions(rulebook, DECEMBER, above)
    assert (found.met, found.unreachable) == ("Q2", "Q4")
    assert found.limit == Fraction("78.68")
