"""Facts that follow from the rules: what a court can earn at most, and targets at odds."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from scoring import (
    BUNDLED,
    Ballots,
    CourtFacts,
    Level,
    Month,
    attainable,
    contradictions,
    load_rulebook,
    score,
)

RULEBOOK = load_rulebook(BUNDLED / "yanbian-2019")
DECEMBER = Month(2019, 12)


def reopened(cases: int, closed: int) -> dict[str, int]:
    return {
        "retrial_decided": cases,
        "retrial_escalated": 0,
        "retrial_directed": 0,
        "retrial_designated": 0,
        "retrial_petitions_closed": closed,
    }


def court(baseline: dict[str, int], current: dict[str, int] | None = None) -> CourtFacts:
    return CourtFacts("one", Level.GRASSROOTS, current or {}, {}, baseline)


@pytest.mark.parametrize(
    ("cases", "closed", "expected"),
    [
        # 100 × 59/721 = 8.183 points, half of each: 4.0915
        (59, 721, "4.09"),
        # 100 × 4/38 = 10.526 points: 5.263
        (4, 38, "5.26"),
        # 100 × 35/113 = 30.97 points: 15.49, capped
        (35, 113, "6.00"),
        (0, 13, "0.00"),
    ],
)
def test_a_low_rate_last_year_leaves_little_to_earn(cases: int, closed: int, expected: str) -> None:
    found = attainable(RULEBOOK, DECEMBER, court(reopened(cases, closed)))
    assert found["L6.1"] == Decimal(expected)


def test_the_best_of_a_reading_that_rewards_nothing_to_count() -> None:
    full = {"zero_denominator": "full"}
    for cases, closed in ((59, 721), (0, 0)):
        found = attainable(RULEBOOK, DECEMBER, court(reopened(cases, closed)), full)
        assert found["L6.1"] == Decimal(6)


def test_without_baseline_or_target_there_is_nothing_to_attain() -> None:
    found = attainable(RULEBOOK, DECEMBER, court(reopened(0, 0)))
    assert found["L6.1"] is None
    assert found["L6.2"] is None
    assert found["L1"] is None
    assert found["L2.1"] is None
    assert found["C1"] == Decimal("7.50")
    zero = attainable(RULEBOOK, DECEMBER, court(reopened(0, 0)), {"zero_baseline": "zero"})
    assert zero["L6.1"] == zero["L6.2"] == Decimal(0)


def test_the_intermediate_court_can_attain_the_whole_mean() -> None:
    facts = CourtFacts("one", Level.INTERMEDIATE)
    found = attainable(RULEBOOK, DECEMBER, facts)
    assert found["GM"] == Decimal(25)
    assert "GM" not in attainable(RULEBOOK, DECEMBER, court({}))


def docket(**figures: int) -> dict[str, int]:
    return {"enforcement_carried_over": 4000, "enforcement_received": 6000, **figures}


def test_many_actual_closures_leave_too_little_to_terminate() -> None:
    # 26.52 % of 10,000 are 2,652; what is left of the docket beside 7,348 actual closures.
    fits = court({}, docket(actually_closed=7348))
    assert contradictions(RULEBOOK, DECEMBER, fits) == ()
    (found,) = contradictions(RULEBOOK, DECEMBER, court({}, docket(actually_closed=7349)))
    assert (found.met, found.unreachable) == ("Q1", "Q3")
    assert (found.value, found.limit) == (Fraction("73.49"), Fraction("73.48"))
    assert found.check.code == "ways_within_closed"


def test_many_terminations_leave_too_little_to_close() -> None:
    # 100 − 53.48 = 46.52
    (found,) = contradictions(RULEBOOK, DECEMBER, court({}, docket(procedure_terminated=4653)))
    assert (found.met, found.unreachable) == ("Q3", "Q1")
    assert found.limit == Fraction("46.52")


def test_nothing_is_at_odds_without_figures() -> None:
    empty = {"enforcement_carried_over": 0, "enforcement_received": 0, "actually_closed": 0}
    assert contradictions(RULEBOOK, DECEMBER, court({}, empty)) == ()
    assert contradictions(RULEBOOK, DECEMBER, court({}, {"actually_closed": 9})) == ()


def test_another_whole_keeps_the_targets_at_odds() -> None:
    closed = {"enforcement_closed": 10_000, "actually_closed": 7349}
    readings = {"enforcement_rates": "closed"}
    (found,) = contradictions(RULEBOOK, DECEMBER, court({}, closed), readings)
    assert (found.met, found.unreachable) == ("Q1", "Q3")


def test_a_month_of_another_year_is_refused() -> None:
    with pytest.raises(ValueError, match="2019"):
        score(RULEBOOK, Month(2020, 1), [])


def test_a_tally_has_ballots() -> None:
    with pytest.raises(ValueError, match="ballot"):
        Ballots(0, Fraction(0))
