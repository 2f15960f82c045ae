"""Runs the cases worked by hand in `cases/`: one file an item, one of totals, one of real data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import scoring
from scoring import Level, Month, Rulebook, Side
from tests.scoring import examples

EVERY = [case for path in sorted(examples.CASES.glob("*.toml")) for case in examples.read(path)]
ALONE = [case for case in EVERY if "courts" not in case]
TOGETHER = [case for case in EVERY if "courts" in case]


def named(case: dict[str, Any]) -> str:
    return f"{case['file']}:{case['number']} {case['name']}"


def points_at(case: dict[str, Any], level: Level) -> Decimal | None:
    points = case.get("points")
    if isinstance(points, dict):
        points = points[level.value]
    return None if points is None else Decimal(points)


def working(case: dict[str, Any]) -> str:
    """What a failed case prints: the arithmetic somebody did by hand."""
    return f"{named(case)}: {case['working']}"


def month(case: dict[str, Any]) -> Month:
    return Month.parse(case.get("month", "2019-12"))


@pytest.mark.parametrize(
    ("case", "level"),
    [
        pytest.param(case, level, id=f"{level}-{named(case)}")
        for case in ALONE
        for level in Level
        if case.get("level", level) == level
    ],
)
def test_case(case: dict[str, Any], level: Level, rulebook: Rulebook) -> None:
    facts = examples.facts(
        "x",
        level,
        **{name: case[name] for name in (*examples.FIGURES, "targets")},
        ballots=case.get("ballots"),
        decisions=case.get("decisions"),
    )
    board = scoring.score(rulebook, month(case), [facts], case.get("readings"))
    found = board.court("x").item(case["item"])
    assert (found.status, found.points) == (case["status"], points_at(case, level)), working(case)
    if "value" in case:
        assert found.value is not None, working(case)
        assert scoring.to_text(found.value) == case["value"], working(case)
    if case["paragraph"]:
        assert case["paragraph"] in found.item.paragraph.split("、")


@pytest.mark.parametrize("case", [case for case in TOGETHER if case["item"] == "GM"], ids=named)
def test_mean_of_the_grassroots_courts(case: dict[str, Any], rulebook: Rulebook) -> None:
    own = {"court": "m", "level": "intermediate", "litigation": "0.00", "enforcement": "0.00"}
    own["decisions"] = case.get("decisions", {})
    courts = [examples.court(rulebook, given) for given in (own, *case["courts"])]
    card = scoring.score(rulebook, month(case), courts, case.get("readings")).court("m")
    found = card.item("GM")
    expected = (case["status"], points_at(case, Level.INTERMEDIATE))
    assert (found.status, found.points) == expected, working(case)
    provisional = case.get("provisional", case["status"] == "no_denominator")
    assert card.provisional is provisional, working(case)


@pytest.mark.parametrize("case", [case for case in TOGETHER if case["item"] is None], ids=named)
def test_totals(case: dict[str, Any], rulebook: Rulebook) -> None:
    courts = [examples.court(rulebook, given) for given in case["courts"]]
    board = scoring.score(rulebook, month(case), courts)
    for code, expected in case["expect"].items():
        card = board.court(code)
        found = {
            "litigation": f"{card.half(Side.LITIGATION):.2f}",
            "enforcement": f"{card.half(Side.ENFORCEMENT):.2f}",
            "total": f"{card.total:.2f}",
            "provisional": card.provisional,
            "provisional_sides": sorted(card.provisional_sides),
            "rank": card.rank,
        }
        assert {name: found[name] for name in expected} == expected, working(case)
        if card.level is Level.INTERMEDIATE:
            assert card.rank is None


def test_every_item_has_a_file_of_cases_that_says_how_each_was_worked(rulebook: Rulebook) -> None:
    files = {path.stem for path in examples.CASES.glob("*.toml")}
    assert files == {item.code for item in rulebook.items} | {"totals", "worked"}
    assert all(case["working"].strip() for case in EVERY)
    assert len({named(case) for case in EVERY}) == len(EVERY)


def test_every_status_is_reached_by_every_item_that_can_have_it() -> None:
    reached: dict[str, set[str]] = {}
    for case in EVERY:
        if case["item"]:
            reached.setdefault(case["item"], set()).add(case["status"])
    appraisal = {"L2.1", "L3.1", "L4.1", "L5.1"}
    drops = {"L1", "L2.2", "L3.2", "L4.2", "L5.2", "L6.2"}
    for code, found in reached.items():
        wanted = {"scored"}
        wanted |= {"not_reported"} if code not in {"L7", "GM"} else set()
        wanted |= {"no_target"} if code in appraisal else set()
        wanted |= (
            {"pending"} if code == "L7" else {"no_denominator"} if code not in drops else set()
        )
        wanted |= {"no_baseline"} if code in drops | {"L6.1"} else set()
        assert found - {"decided"} == wanted, code
