"""Formulas that read other courts: they say so, and can be explained without those courts."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

import pytest

import scoring
from scoring import engine
from scoring.facts import CourtFacts, Month
from scoring.formula import Formula
from scoring.formulas import FORMULAS
from scoring.formulas.peer_mean import PeerMean, PeerMeanRule
from scoring.results import Context, ItemScore, Status
from scoring.schema import Level, Side

RULEBOOK = scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019")
DECEMBER = Month(2019, 12)
READERS = {name: formula for name, formula in FORMULAS.items() if formula.reads_peers}
GM = RULEBOOK.item_by_code["GM"]


def bound(formula: type[Formula[Any]]) -> Formula[Any]:
    return formula(GM, Level.INTERMEDIATE, RULEBOOK)


def context(**readings: str) -> Context:
    return engine.context_of(RULEBOOK, DECEMBER, readings)


def court(code: str, level: Level = Level.GRASSROOTS, **figures: int) -> CourtFacts:
    return CourtFacts(court=code, level=level, current=figures)


ROOT = court("root", Level.INTERMEDIATE)


def test_the_mean_of_other_courts_says_that_it_reads_them() -> None:
    assert {"peer_mean": PeerMean} == READERS


@pytest.mark.parametrize("name", FORMULAS)
def test_no_formula_but_those_is_given_other_courts(name: str) -> None:
    """What does not say so cannot be scored over others: the engine never asks it to."""
    formula = FORMULAS[name]
    if formula.reads_peers:
        assert formula.over is not Formula.over
        assert formula.explain_own is not Formula.explain_own
        return
    unbound = object.__new__(formula)
    with pytest.raises(NotImplementedError, match=formula.__name__):
        unbound.over(ROOT, context(), [])
    with pytest.raises(NotImplementedError, match=formula.__name__):
        _ = unbound.peer_level


@pytest.mark.parametrize("formula", READERS.values())
def test_own_steps_are_the_same_whoever_earned_the_mean(formula: type[Formula[Any]]) -> None:
    """50 and 50, 100 and 0: the mean is 50, a quarter of it 12.5, and nothing else is told."""
    one = bound(formula)
    told = []
    for first, second in ((5000, 5000), (10000, 0), (0, 10000)):
        halves = [(court("dunhua"), first), (court("antu"), second)]
        score = one.over(ROOT, context(), halves)
        assert score.cents == 1250
        told.append([step.as_dict() for step in score.own_steps])
        assert "dunhua" in json.dumps([step.as_dict() for step in score.steps])
    assert told[0] == told[1] == told[2]
    text = json.dumps(told[0])
    assert "dunhua" not in text
    assert "antu" not in text
    kinds = [step["kind"] for step in told[0]]
    assert kinds == ["peer_mean", "points", "reading", "paragraph"]
    assert told[0][0] == {"kind": "peer_mean", "mean": "50.00", "share": "25.00"}


class Best(PeerMean):
    """A formula of some later rulebook that forgot to say how it explains itself to others."""

    reads_peers: ClassVar[bool] = True
    explain_own = Formula.explain_own


def test_a_later_formula_without_own_steps_gives_nothing_away() -> None:
    score = bound(Best).over(ROOT, context(), [(court("dunhua"), 1234)])
    assert [step.kind for step in score.own_steps] == ["reading", "paragraph"]
    unscored = bound(Best)(ROOT, context())
    assert [step.kind for step in unscored.own_steps] == ["status", "reading", "paragraph"]


def test_without_other_courts_the_own_steps_say_so() -> None:
    score = bound(PeerMean)(ROOT, context())
    assert score.status is Status.NO_DENOMINATOR
    assert [step.kind for step in score.own_steps] == ["status", "reading", "paragraph"]
    assert [step.kind for step in score.steps] == ["status", "reading", "paragraph"]


def test_own_steps_of_everything_else_are_the_steps() -> None:
    board = scoring.score(RULEBOOK, DECEMBER, [court("yanji", appeal_revised=3), ROOT])
    for score in board.court("yanji").items:
        assert not score.reads_peers
        assert score.own_steps == score.steps


def test_a_decision_stands_in_front_of_own_steps_too() -> None:
    decided = replace(ROOT, decisions={"GM": scoring.Decision(Decimal(3), "三号")})
    board = scoring.score(RULEBOOK, DECEMBER, [court("dunhua", closing_days=5), decided])
    score: ItemScore = board.court("root").item("GM")
    assert score.own_steps[0].kind == "decision"
    assert "dunhua" not in json.dumps([step.as_dict() for step in score.own_steps])


@pytest.mark.parametrize(
    ("level", "reads"), [(Level.INTERMEDIATE, True), (Level.GRASSROOTS, False)]
)
def test_the_engine_tells_which_levels_read_others(level: Level, *, reads: bool) -> None:
    assert scoring.reads_peers(RULEBOOK, DECEMBER, level) is reads


def test_the_level_that_is_read() -> None:
    one = bound(PeerMean)
    assert isinstance(one.rule, PeerMeanRule)
    assert one.peer_level is Level.GRASSROOTS
    assert one.item.side is Side.ENFORCEMENT
