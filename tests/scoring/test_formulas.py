"""Formulas that the bundled rulebook does not use: cases worked by hand, and a naive twin.

The cases stand in `formulas/`, a file a formula, with the rules as a rulebook writes them. Every
case is also explained in words that compute by hand, and worked out as a spreadsheet would.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scoring
from scoring import CourtFacts, ItemScore, Level, Month, Rulebook, Status
from scoring.engine import plan
from scoring.facts import Assessed
from scoring.sentences import CourtPoints
from scoring.spreadsheet import Cell, Value, given_of, worked_out
from tests import by_hand
from tests.scoring import naive_formulas, schemes

DECEMBER = Month(2020, 12)
FILES = sorted(Path(__file__).with_name("formulas").glob("*.toml"))
LANGUAGES = ("zh", "ko", "en")
SCHEMES = [
    scheme
    for path in FILES
    for scheme in tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)["scheme"]
]
CASES = [
    pytest.param(scheme, case, id=f"{scheme['formula']}: {scheme['name']}: {case['name']}")
    for scheme in SCHEMES
    for case in scheme["case"]
]


def book(scheme: Mapping[str, Any]) -> Rulebook:
    written = schemes.item(scheme["formula"], scheme.get("rule", ""), scheme["points"])
    return schemes.rulebook([written], scheme["points"])


def facts(
    court: str,
    current: Mapping[str, int],
    *,
    target: object = None,
    assessed: object = None,
    before: Mapping[str, int] | None = None,
) -> CourtFacts:
    return CourtFacts(
        court,
        Level.GRASSROOTS,
        current=current,
        baseline_annual=before or {},
        targets={} if target is None else {"A1": Decimal(str(target))},
        assessed={} if assessed is None else {"A1": Assessed(Decimal(str(assessed)), "评1号")},
    )


def courts_of(case: Mapping[str, Any]) -> list[CourtFacts]:
    if "courts" in case:
        return [facts(court, current) for court, current in case["courts"].items()]
    return [
        facts(
            "a",
            case.get("current", {}),
            target=case.get("target"),
            assessed=case.get("assessed"),
            before=case.get("before"),
        )
    ]


def scores(
    rulebook: Rulebook, courts: Sequence[CourtFacts], month: Month = DECEMBER
) -> dict[str, ItemScore]:
    board = scoring.score(rulebook, month, courts)
    return {card.court: card.item("A1") for card in board.scorecards}


def worked(
    rulebook: Rulebook, courts: Sequence[CourtFacts], month: Month = DECEMBER
) -> dict[str, tuple[Status, int | None]]:
    """The item as a spreadsheet works it out."""
    board = scoring.score(rulebook, month, courts)
    (formula, *_) = plan(board.context, Level.GRASSROOTS)
    found = {}
    for own in courts:
        cells: dict[Cell, Value] = given_of(own)
        others = [court for court in courts if court is not own]
        for other in others:
            cells |= given_of(other, other.court)
        peers = [other.court for other in others] if formula.reads_level else ()
        found[own.court] = worked_out(formula.worked(month, peers), cells)[1:]
    return found


def expected(case: Mapping[str, Any]) -> dict[str, tuple[str, str | None]]:
    """Status and points of each court."""
    if "courts" not in case:
        return {"a": (case["status"], case.get("points"))}
    return {
        court: ("scored", text) if text[-1].isdigit() else (text, None)
        for court, text in case["expect"].items()
    }


@pytest.mark.parametrize(("scheme", "case"), CASES)
def test_case(scheme: dict[str, Any], case: dict[str, Any]) -> None:
    rulebook, courts = book(scheme), courts_of(case)
    found = scores(rulebook, courts)
    told = {
        court: (score.status.value, None if score.points is None else f"{score.points:.2f}")
        for court, score in found.items()
    }
    assert told == expected(case), case["working"]
    if "met" in case:
        (score,) = found.values()
        (shown, *_) = score.measured
        assert shown.met is case["met"], case["working"]
    assert worked(rulebook, courts) == {
        court: (score.status, score.cents) for court, score in found.items()
    }, case["working"]


@pytest.mark.parametrize(("scheme", "case"), CASES)
def test_every_case_explains_itself(scheme: dict[str, Any], case: dict[str, Any]) -> None:
    """In three languages, in plain JSON, with operands that give what is printed."""
    for score in scores(book(scheme), courts_of(case)).values():
        steps = [step.as_dict() for step in score.steps]
        assert json.loads(json.dumps(steps)) == steps
        shown = [step["points"] for step in steps if step["kind"] == "points"]
        assert shown == ([] if score.points is None else [f"{score.points:.2f}"])
        assert ("status" in [step["kind"] for step in steps]) is (score.points is None)
        for language in LANGUAGES:
            told = schemes.explained(score, language)
            assert all(told)
            if language == "zh":
                assert by_hand.faults(told) == []
        values = [value for step in score.own_steps for value in step.sentence.values.values()]
        assert not any(isinstance(value, CourtPoints) for value in values)
        assert len(score.own_steps) == len(score.steps)


def test_every_file_is_of_a_formula_that_it_names() -> None:
    assert {path.stem for path in FILES} == {scheme["formula"] for scheme in SCHEMES}
    assert all(case["working"].strip() for scheme in SCHEMES for case in scheme["case"])


# --- The naive twin --------------------------------------------------------------------------

NAMES = (*schemes.COUNTS, "days", "staff")
# Small counts, zeros, and rates that meet 50, 80 and 90 percent exactly.
SIZES = st.sampled_from([0, 0, 1, 2, 4, 5, 8, 9, 10, 16, 20, 25, 40, 50, 80, 100, 125])


@st.composite
def random_courts(draw: st.DrawFn) -> list[CourtFacts]:
    found = []
    for number in range(draw(st.integers(1, 4))):
        current = {name: draw(SIZES) for name in NAMES}
        for name in draw(st.just([]) | st.lists(st.sampled_from(NAMES), max_size=6)):
            current.pop(name, None)
        before = {name: draw(SIZES) for name in (*schemes.COUNTS, "days")}
        for name in draw(st.just([]) | st.lists(st.sampled_from(NAMES), max_size=2)):
            before.pop(name, None)
        target = draw(st.none() | st.sampled_from(["0", "10", "33.33", "50", "91.19"]))
        assessed = draw(st.none() | st.sampled_from(["-9", "0", "1.5", "12"]))
        found.append(facts(f"c{number}", current, target=target, assessed=assessed, before=before))
    return found


@pytest.mark.parametrize(
    "scheme", SCHEMES, ids=[f"{scheme['formula']}: {scheme['name']}" for scheme in SCHEMES]
)
@pytest.mark.no_cover
@settings(max_examples=max(1, settings().max_examples // 4))
@given(courts=random_courts())
def test_same_points_as_the_twin(scheme: dict[str, Any], courts: list[CourtFacts]) -> None:
    rulebook = book(scheme)
    rule = tomllib.loads(scheme.get("rule", ""), parse_float=Decimal)
    twin = naive_formulas.score(
        scheme["formula"],
        rule,
        Fraction(scheme["points"]),
        {court.court: court.current for court in courts},
        {court.court: Fraction(one) for court in courts for one in court.targets.values()},
        {court.court: Fraction(one.points) for court in courts for one in court.assessed.values()},
        {court.court: court.baseline_annual for court in courts},
    )
    found = scores(rulebook, courts)
    assert {court: (score.status.value, score.cents) for court, score in found.items()} == twin
    for score in found.values():
        assert by_hand.faults(schemes.explained(score)) == []
    if rule.get("target") not in ("mean", "median"):
        assert worked(rulebook, courts) == {
            court: (score.status, score.cents) for court, score in found.items()
        }
