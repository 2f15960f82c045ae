"""The answer of the engine, the readings it takes, and what it refuses."""

from __future__ import annotations

import gc
from decimal import Decimal
from fractions import Fraction

import pytest

import scoring
from scoring import (
    Ballots,
    CourtFacts,
    Decision,
    Level,
    Month,
    ReadingError,
    Rulebook,
    Side,
    Status,
    Text,
)
from scoring.schema import Unit
from tests.scoring import annexes

DECEMBER = Month(2019, 12)
NINE = [annexes.facts(court, current=annexes.figures(court)) for court in annexes.YEAR_2018]


def test_courts_come_back_in_the_order_given(rulebook: Rulebook) -> None:
    board = scoring.score(rulebook, DECEMBER, NINE)
    assert [card.court for card in board.scorecards] == list(annexes.YEAR_2018)
    assert board.month == DECEMBER
    assert board.readings == rulebook.defaults
    assert board.court("dunhua").level is Level.GRASSROOTS
    with pytest.raises(KeyError):
        board.court("changchun")


def test_no_courts_no_scorecards(rulebook: Rulebook) -> None:
    assert scoring.score(rulebook, DECEMBER, []).scorecards == ()


def test_a_scorecard_has_the_items_of_its_level_in_the_order_of_the_notice(
    rulebook: Rulebook,
) -> None:
    board = scoring.score(rulebook, DECEMBER, NINE)
    for court in ("yanbian", "yanji"):
        card = board.court(court)
        assert [score.item for score in card.items] == list(rulebook.items_of(card.level))
    mean = board.court("yanbian").item("GM")
    assert (mean.status, mean.value, mean.unit) == (Status.SCORED, Fraction(0), Unit.POINTS)
    with pytest.raises(KeyError):
        board.court("yanji").item("GM")


def test_the_same_year_twice_drops_by_nothing(rulebook: Rulebook) -> None:
    for card in scoring.score(rulebook, DECEMBER, NINE).scorecards:
        for code in ("L1", "L2.2", "L3.2", "L4.2", "L5.2", "L6.1", "L6.2"):
            score = card.item(code)
            if score.status is Status.SCORED:
                assert (score.points, score.value) == (Decimal("0.00"), Fraction(0))
        assert card.litigation == card.half(Side.LITIGATION) == 0
        assert card.total == card.enforcement == 0
        assert card.provisional
        assert card.rank == (None if card.court == "yanbian" else 1)


def test_points_have_two_decimals_always(rulebook: Rulebook) -> None:
    facts = CourtFacts("x", Level.INTERMEDIATE, ballots=Ballots(2, Fraction(21)))
    card = scoring.score(rulebook, DECEMBER, [facts]).court("x")
    score = card.item("L7")
    assert [str(number) for number in (score.points, score.max_points)] == ["10.50", "12.00"]
    assert [str(number) for number in (card.litigation, card.enforcement, card.total)] == [
        "10.50",
        "0.00",
        "5.25",
    ]
    assert card.item("L1").points is None
    assert card.item("C1").max_points == Decimal("6.25")


def test_values_come_with_their_units_and_targets(rulebook: Rulebook) -> None:
    facts = annexes.facts(
        "yanji",
        current=annexes.figures("yanji")
        | {"closing_days": 300, "enforcement_closed": 2, "first_instance_closed": 10_850}
        | {"enforcement_staff": 1, "court_staff": 8, "enforcement_quota_judges": 1}
        | {"enforcement_established_staff": 3, "trial_quota_judges": 1}
        | {"trial_established_staff": 4},
        targets={"L3.1": Decimal("88.5")},
        ballots=Ballots(3, Fraction(31)),
    )
    card = scoring.score(rulebook, DECEMBER, [facts]).court("yanji")
    found = {
        code: (score.value, score.unit, score.target, score.value_text)
        for code in ("L1", "L3.1", "L6.1", "L7", "Q7", "Q11", "C1", "L2.1")
        for score in [card.item(code)]
    }
    assert found == {
        "L1": (0, Unit.PERCENT, None, "0.00"),
        "L3.1": (90, Unit.PERCENT, Decimal("88.5"), "90.00"),
        "L6.1": (0, Unit.PERCENTAGE_POINTS, None, "0.00"),
        "L7": (Fraction(31, 3), Unit.POINTS, None, "10.33"),
        "Q7": (150, Unit.DAYS, Decimal("153.25"), "150.00"),
        "Q11": (Fraction(25, 2), Unit.PERCENT, Decimal(15), "12.50"),
        "C1": (None, Unit.PERCENT, Decimal(90), None),
        "L2.1": (Fraction(22500, 10850), Unit.PERCENT, None, "2.07"),
    }


def test_no_value_where_nothing_was_counted(rulebook: Rulebook) -> None:
    zeros = dict.fromkeys(rulebook.metrics, 0)
    facts = CourtFacts("x", Level.GRASSROOTS, current=zeros, baseline_annual=zeros)
    card = scoring.score(rulebook, DECEMBER, [facts]).court("x")
    for score in card.items:
        assert score.value is None, score.item.code
        assert score.value_text is None
        assert score.points is None
        assert score.steps


def test_a_decided_item_keeps_its_value_and_the_computed_score(rulebook: Rulebook) -> None:
    current = dict.fromkeys(annexes.COLUMNS[:5], 0) | {"appeal_revised": 227}
    facts = annexes.facts("yanji", current=current, decisions={"L1": Decision(Decimal(40))})
    board = scoring.score(rulebook, DECEMBER, [facts])
    card = board.court("yanji")
    score = card.item("L1")
    assert (score.status, score.points) == (Status.DECIDED, Decimal("40.00"))
    assert score.computed is not None
    assert score.computed.points == Decimal("39.68")
    assert score.computed.status is Status.SCORED
    assert score.value == Fraction(2500, 252)
    # L4.2 earns 6 beside it: no retrial overturned anything, of 24 in 2018.
    assert card.litigation == Decimal("46.00")


def test_a_decision_for_an_item_of_the_other_level_changes_nothing(rulebook: Rulebook) -> None:
    decided = CourtFacts("x", Level.GRASSROOTS, decisions={"GM": Decision(Decimal(9))})
    card = scoring.score(rulebook, DECEMBER, [decided]).court("x")
    assert card.total == 0


def test_a_decision_of_all_items_is_not_provisional(rulebook: Rulebook) -> None:
    decisions = {
        item.code: Decision(item.points[Level.GRASSROOTS])
        for item in rulebook.items_of(Level.GRASSROOTS)
    }
    facts = CourtFacts("x", Level.GRASSROOTS, decisions=decisions)
    card = scoring.score(rulebook, DECEMBER, [facts]).court("x")
    assert (card.total, card.provisional) == (Decimal("100.00"), False)
    assert card.provisional_sides == frozenset()


def test_readings_are_taken_by_code_and_value(rulebook: Rulebook) -> None:
    board = scoring.score(rulebook, DECEMBER, NINE, {"step": "whole"})
    assert board.readings == dict(rulebook.defaults) | {"step": "whole"}
    assert board.court("yanji").item("L1").readings == {
        "step": "whole",
        "interim_baseline": "same_month",
        "zero_baseline": "none",
    }
    assert board.court("yanji").item("L7").readings == {}
    assert scoring.chosen(rulebook) == rulebook.defaults


def test_an_unknown_reading_is_refused_with_those_there_are(rulebook: Rulebook) -> None:
    with pytest.raises(ReadingError, match=r"no reading 'steps'.*step, missed_target"):
        scoring.score(rulebook, DECEMBER, [], {"steps": "whole"})
    with pytest.raises(ReadingError, match=r"step has no value 'half'.*pro_rata, whole"):
        scoring.score(rulebook, DECEMBER, [], {"step": "half"})
    with pytest.raises(ReadingError):
        scoring.attainable(rulebook, DECEMBER, NINE[0], {"step": "half"})
    with pytest.raises(ReadingError):
        scoring.contradictions(rulebook, DECEMBER, NINE[0], {"step": "half"})
    assert issubclass(ReadingError, ValueError)


@pytest.mark.parametrize("month", [Month(2018, 12), Month(2020, 1)])
def test_a_month_of_another_year_is_refused(month: Month, rulebook: Rulebook) -> None:
    with pytest.raises(ValueError, match=f"yanbian-2019 assesses 2019, not {month}"):
        scoring.score(rulebook, month, [])


def test_a_tally_has_ballots() -> None:
    with pytest.raises(ValueError, match="ballot"):
        Ballots(0, Fraction(0))


@pytest.mark.parametrize("running", [True, False])
def test_the_collector_is_left_as_it_was_found(running: bool, rulebook: Rulebook) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if running else gc.disable)()
        scoring.score(rulebook, DECEMBER, NINE)
        assert gc.isenabled() is running
    finally:
        (gc.enable if before else gc.disable)()


def test_the_halves_weigh_what_the_rulebook_says(rulebook: Rulebook) -> None:
    """(12 × 70 % + 0 × 30 %) = 8.40 where litigation weighs seventy."""
    text = rulebook.sources["rulebook.toml"].replace("weight = 50", "weight = 70", 1)
    text = text.replace("weight = 50", "weight = 30", 1)
    heavier = scoring.load_sources(dict(rulebook.sources) | {"rulebook.toml": text})
    facts = CourtFacts("x", Level.GRASSROOTS, ballots=Ballots(1, Fraction(12)))
    assert scoring.score(heavier, DECEMBER, [facts]).court("x").total == Decimal("8.40")
    assert scoring.score(rulebook, DECEMBER, [facts]).court("x").total == Decimal("6.00")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-hans", "法院"), ("zh", "法院"), ("ko", "법원"), ("ko-kr", "법원"), ("en", "court"),
        ("EN-us", "court"), ("fr", "法院"), ("", "法院"),
    ],
)  # fmt: skip
def test_texts_in_the_languages_of_the_interface(language: str, expected: str) -> None:
    assert Text("法院", "법원", "court").get(language) == expected
    assert Text("法院").get(language) == "法院"
    assert str(Text("法院", "법원", "court")) == "法院"


def test_look_ups_in_a_rulebook(rulebook: Rulebook) -> None:
    assert rulebook.item_by_code["Q11"].code == "Q11"
    reading = rulebook.reading_by_code["step"]
    assert reading.values == ("pro_rata", "whole")
    assert reading.option("whole").value == "whole"
    with pytest.raises(KeyError):
        reading.option("half")
    assert rulebook.reading_by_code["grassroots_mean"].items == {"GM"}
    assert {metric.side for metric in rulebook.metrics_of(Side.LITIGATION)} == {Side.LITIGATION}


def test_everything_public_is_there_under_its_name() -> None:
    assert sorted(scoring.__all__) == list(scoring.__all__)
    for name in scoring.__all__:
        assert getattr(scoring, name) is not None
