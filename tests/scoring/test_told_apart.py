"""A value that misses its target by less than is printed must not look as if it met it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from scoring import BUNDLED, CourtFacts, Level, Month, load_rulebook, score
from scoring.rounding import places_apart, to_text
from scoring.trace import target_text

RULEBOOK = load_rulebook(BUNDLED / "yanbian-2019")


@pytest.mark.parametrize(
    ("value", "other", "places"),
    [
        (Fraction(90), Decimal(90), 2),
        (Fraction("89.99"), Decimal(90), 2),
        (Fraction("89.996"), Decimal(90), 3),
        (Fraction("89.99996"), Decimal(90), 5),
        (Fraction(2, 3), Decimal("0.67"), 3),
    ],
)
def test_as_many_decimals_as_it_takes(value: Fraction, other: Decimal, places: int) -> None:
    assert places_apart(value, other) == places


def test_more_decimals_are_rounded_half_up_too() -> None:
    assert to_text(Fraction(1, 16), 3) == "0.063"
    assert to_text(Fraction(-1, 16), 3) == "-0.063"


@pytest.mark.parametrize(
    ("target", "text"), [("3", "3.00"), ("90", "90.00"), ("1.7500", "1.75"), ("1.8125", "1.8125")]
)
def test_a_target_is_printed_as_it_was_set(target: str, text: str) -> None:
    assert target_text(Decimal(target)) == text


def test_the_explanation_shows_why_a_near_miss_is_one() -> None:
    # 22,499 of 25,000 are 89.996 %, printed 90.00 with two decimals; the target is 90 %.
    figures = {"procedure_terminated_qualified": 22_499, "procedure_terminated_checked": 25_000}
    facts = CourtFacts("one", Level.GRASSROOTS, figures)
    item = score(RULEBOOK, Month(2019, 12), [facts]).court("one").item("C4")
    assert item.points == 0
    assert item.value_text == "89.996"
    (rate,) = [step.data for step in item.steps if step.kind == "rate"]
    assert rate["value"] == "89.996"


def test_conditions_are_told_apart_as_well() -> None:
    # 20,000/60,001 = 33.33278 % beside 1/3 = 33.33333 %: both 33.33, then 33.333, then 33.3328
    # and 33.3333.
    figures = {
        "enforcement_staff": 15,
        "court_staff": 100,
        "enforcement_quota_judges": 20_000,
        "enforcement_established_staff": 60_001,
        "trial_quota_judges": 1,
        "trial_established_staff": 3,
    }
    facts = CourtFacts("one", Level.GRASSROOTS, figures)
    item = score(RULEBOOK, Month(2019, 12), [facts]).court("one").item("Q11")
    first, second = [step.data for step in item.steps if step.kind == "condition"]
    assert (first["value"], first["target"], first["met"]) == ("15.00", "15.00", True)
    assert (second["value"], second["target"], second["met"]) == ("33.3328", "33.3333", False)


def test_items_without_value_have_no_text() -> None:
    facts = CourtFacts("one", Level.GRASSROOTS)
    card = score(RULEBOOK, Month(2019, 12), [facts]).court("one")
    assert card.item("C1").value_text is None
    assert card.item("L7").value_text is None


@pytest.mark.parametrize(
    ("qualified", "exact", "printed"),
    [
        (22_499, "0.00", "7.50"),  # 89.996 % prints 90.00
        (22_498, "0.00", "0.00"),  # 89.992 % prints 89.99
        (22_500, "7.50", "7.50"),  # 90 %
    ],
)
def test_as_printed_a_near_miss_is_met(qualified: int, exact: str, printed: str) -> None:
    figures = {
        "procedure_terminated_qualified": qualified,
        "procedure_terminated_checked": 25_000,
    }
    facts = CourtFacts("one", Level.GRASSROOTS, figures)
    for value, points in (("exact", exact), ("as_printed", printed)):
        board = score(RULEBOOK, Month(2019, 12), [facts], {"comparison": value})
        assert str(board.court("one").item("C4").points) == points


def test_as_printed_a_ceiling_is_kept_and_attainment_stays_exact() -> None:
    # 153,254 days for 1,000 cases: 153.254 prints 153.25. 153,256: 153.256 prints 153.26;
    # its share is 153.25 / 153.256 = 99.99608… %, of 5 points 4.9998.
    for days, exact, printed in ((153_254, "5.00", "5.00"), (153_256, "5.00", "5.00")):
        facts = CourtFacts(
            "one", Level.GRASSROOTS, {"closing_days": days, "enforcement_closed": 1_000}
        )
        readings = {"missed_target": "attainment"}
        board = score(RULEBOOK, Month(2019, 12), [facts], readings)
        item = board.court("one").item("Q7")
        assert (str(item.points), [step.kind for step in item.steps].count("attainment")) == (
            exact,
            1,
        )
        board = score(RULEBOOK, Month(2019, 12), [facts], readings | {"comparison": "as_printed"})
        item = board.court("one").item("Q7")
        assert str(item.points) == printed
        assert [step.kind for step in item.steps].count("attainment") == (days == 153_256)


def test_as_printed_each_condition_is_rounded() -> None:
    # 14.996 % prints 15.00; 20,000/60,001 and 1/3 both print 33.33.
    figures = {
        "enforcement_staff": 14_996,
        "court_staff": 100_000,
        "enforcement_quota_judges": 20_000,
        "enforcement_established_staff": 60_001,
        "trial_quota_judges": 1,
        "trial_established_staff": 3,
    }
    facts = CourtFacts("one", Level.GRASSROOTS, figures)
    for value, points in (("exact", "0.00"), ("as_printed", "8.00")):
        board = score(RULEBOOK, Month(2019, 12), [facts], {"comparison": value})
        assert str(board.court("one").item("Q11").points) == points
