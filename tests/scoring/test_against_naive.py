"""The engine against a second implementation, over random months of random courts."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

import scoring
from scoring import CourtFacts, Level, Month, Rulebook, Side, Status
from tests.scoring import naive, random_years

# Counting branches takes as long as all the rest, and other tests take them without chance.
pytestmark = pytest.mark.no_cover


def test_the_second_implementation_knows_the_same_words(rulebook: Rulebook) -> None:
    """Codes and values are shared vocabulary; what they mean is written down twice."""
    known = {reading.code: reading.values for reading in rulebook.readings}
    assert {code: set(values) for code, values in known.items()} == {
        code: set(values) for code, values in naive.READINGS.items()
    }
    assert dict(rulebook.defaults) == {code: values[0] for code, values in naive.READINGS.items()}
    assert [metric.code for metric in rulebook.metrics_of(Side.LITIGATION)] == naive.LITIGATION
    assert {metric.code for metric in rulebook.metrics_of(Side.ENFORCEMENT)} == set(
        naive.ENFORCEMENT
    )
    grassroots = [*naive.LITIGATION_POINTS, *naive.ENFORCEMENT_POINTS]
    assert [item.code for item in rulebook.items_of(Level.GRASSROOTS)] == grassroots
    assert [item.code for item in rulebook.items_of(Level.INTERMEDIATE)] == [*grassroots, "GM"]


@settings(max_examples=3 * settings().max_examples)
@given(random_years.months, random_years.courts(), random_years.readings)
def test_same_scorecards(
    rulebook: Rulebook, month: Month, courts: list[CourtFacts], readings: dict[str, str]
) -> None:
    expected = naive.score(month, courts, readings)
    board = scoring.score(rulebook, month, courts, readings)
    assert board.month == month
    assert board.readings == dict(rulebook.defaults) | readings
    for card, other in zip(board.scorecards, expected, strict=True):
        found = {score.item.code: (str(score.status), score.cents) for score in card.items}
        assert found == {code: tuple(score) for code, score in other.items.items()}
        assert card.half_cents[Side.LITIGATION] == other.litigation
        assert card.half_cents[Side.ENFORCEMENT] == other.enforcement
        assert card.total_cents == other.total
        assert (Side.LITIGATION in card.provisional_sides) is other.litigation_provisional
        assert (Side.ENFORCEMENT in card.provisional_sides) is other.enforcement_provisional
        assert card.provisional is other.provisional
        assert card.court == other.court
        assert card.rank == other.rank


@given(random_years.months, random_years.courts(), random_years.readings)
def test_every_score_explains_itself(
    rulebook: Rulebook, month: Month, courts: list[CourtFacts], readings: dict[str, str]
) -> None:
    """Whatever the figures, the steps end in the points they explain and are plain JSON."""
    for card in scoring.score(rulebook, month, courts, readings).scorecards:
        for score in card.items:
            steps = [step.as_dict() for step in score.steps]
            assert json.loads(json.dumps(steps)) == steps
            kinds = [step["kind"] for step in steps]
            assert kinds[-1] == "paragraph"
            assert ("decision" in kinds) is (score.status is Status.DECIDED)
            computed = score.computed or score
            assert ("status" in kinds) is (computed.status is not Status.SCORED)
            shown = [step for step in steps if step["kind"] == "points"]
            if computed.points is None:
                assert shown == []
            else:
                assert [step["points"] for step in shown] == [f"{computed.points:.2f}"]
                assert [step["max"] for step in shown] == [f"{computed.max_points:.2f}"]
            taken = {step["reading"]: step["value"] for step in steps if step["kind"] == "reading"}
            assert taken == score.readings


@given(random_years.months, random_years.courts(), random_years.readings)
def test_order_of_the_courts_changes_nothing_but_the_order(
    rulebook: Rulebook, month: Month, courts: list[CourtFacts], readings: dict[str, str]
) -> None:
    def summary(given_courts: list[CourtFacts]) -> dict[str, tuple[int, int | None, bool]]:
        board = scoring.score(rulebook, month, given_courts, readings)
        assert [card.court for card in board.scorecards] == [facts.court for facts in given_courts]
        return {card.court: (card.total_cents, card.rank, card.provisional) for card in board[1]}

    assert summary(courts) == summary(courts[::-1])
