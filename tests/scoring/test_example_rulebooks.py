"""The rulebooks of `docs/examples`: cases worked by hand, a naive twin, and their words.

The cases stand in `schemes_by_hand/`, a file a rulebook; each changes a few figures of courts that
have everything, so that its boundary is all there is to work out.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scoring
from scoring import CourtFacts, Level, Month, Rulebook, Scorecard, Side
from scoring.engine import plan
from scoring.facts import Assessed
from scoring.overrides import applied_words
from scoring.spreadsheet import given_of, worked_out
from tests.scoring import naive_schemes, schemes

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
NAMES = sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())
WORKED = Path(__file__).with_name("schemes_by_hand")
MADE = Path(__file__).parents[1] / "golden" / "made-2019.csv"
PARTS = ("current", "baseline_annual", "assessed")
CASES = [
    pytest.param(name, number, id=f"{name}: {case['name']}")
    for name in NAMES
    for number, case in enumerate(tomllib.loads((WORKED / f"{name}.toml").read_text())["case"])
]


@cache
def book(name: str) -> Rulebook:
    return scoring.load_rulebook(EXAMPLES / name)


@cache
def twin(name: str) -> naive_schemes.Book:
    return naive_schemes.read(EXAMPLES / name)


@cache
def worked(name: str) -> Mapping[str, Any]:
    return tomllib.loads((WORKED / f"{name}.toml").read_text("utf-8"))


def facts(code: str, everything: Mapping[str, Any], own: Mapping[str, Any]) -> CourtFacts:
    parts = {
        part: {} if own.get(part) == {} else {**everything.get(part, {}), **own.get(part, {})}
        for part in PARTS
    }
    for metric in own.get("without", []):
        del parts["current"][metric]
    return CourtFacts(
        code,
        Level(everything["level"]),
        parts["current"],
        {},
        parts["baseline_annual"],
        assessed={item: Assessed(Decimal(text)) for item, text in parts["assessed"].items()},
    )


def agrees(name: str, month: Month, courts: list[CourtFacts]) -> Mapping[str, Scorecard]:
    """The scorecards, which the twin has too, and a spreadsheet works out item by item."""
    board = scoring.score(book(name), month, courts)
    given = [
        naive_schemes.Given(
            court.court,
            court.level.value,
            court.current,
            court.baseline_annual,
            {item: given.points for item, given in court.assessed.items()},
        )
        for court in courts
    ]
    expected = naive_schemes.score(twin(name), month.month, given)
    for card, court in zip(board.scorecards, courts, strict=True):
        other = expected[card.court]
        items = {one.item.code: (one.status.value, one.cents) for one in card.items}
        assert items == other.items
        assert dict(card.half_cents) == other.sides
        assert set(card.provisional_sides) == other.provisional
        assert other.total in (card.total_cents, None)
        assert [one.override.code for one in card.overrides] == other.overrides
        assert card.rank == other.rank
        cells = given_of(court)
        peers = [one for one in courts if one.court != card.court]
        for one in peers:
            cells |= given_of(one, one.court)
        for formula in plan(board.context, court.level):
            looked_up = formula.worked(month, [one.court for one in peers])
            _lines, status, cents = worked_out(looked_up, cells)
            assert (status.value, cents) == other.items[formula.item.code]
    return {card.court: card for card in board.scorecards}


@pytest.mark.parametrize(("name", "number"), CASES)
def test_worked_by_hand(name: str, number: int) -> None:
    everything, case = worked(name)["all"], worked(name)["case"][number]
    month = Month(book(name).year, case.get("month", 12))
    codes = everything.get("courts", [])
    of_courts = {code: case.get(code, {}) for code in codes} or {"a": case}
    courts = [facts(code, everything, own) for code, own in of_courts.items()]
    cards = agrees(name, month, courts)
    for code, own in of_courts.items():
        card = cards[code]
        for item, points in own.get("points", {}).items():
            assert card.item(item).points == Decimal(points), (item, case["working"])
        for item, status in own.get("status", {}).items():
            assert card.item(item).status == status
        for side, points in own.get("sides", {}).items():
            assert card.half(Side(side)) == Decimal(points), (side, case["working"])
        if "total" in own:
            assert card.total == Decimal(own["total"]), case["working"]
        if "rank" in own:
            assert card.rank == own["rank"]
        if own:
            assert card.provisional_sides == set(own.get("provisional", []))
            assert [one.override.code for one in card.overrides] == own.get("overrides", [])


@settings(max_examples=settings().max_examples // 4)
@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_the_twin_agrees_on_whatever_is_reported(name: str, data: st.DataObject) -> None:
    """Few cases and few courts, so that zeros, ties and bounds come up; some say nothing."""
    rulebook = book(name)
    counts = st.integers(0, 12)
    figures = {
        code: st.integers(0, 1200) if metric.places else counts
        for code, metric in rulebook.metrics.items()
    }
    given_items = [item.code for item in rulebook.items if item.formula.reads_assessed]
    points = st.decimals(-5, 105, places=2)
    courts = [
        CourtFacts(
            f"c{number}",
            rulebook.assessed_levels[0],
            data.draw(st.fixed_dictionaries({}, optional=figures)),
            {},
            data.draw(st.fixed_dictionaries({}, optional=figures)),
            assessed={
                item: Assessed(value)
                for item, value in data.draw(
                    st.fixed_dictionaries({}, optional=dict.fromkeys(given_items, points))
                ).items()
            },
        )
        for number in range(data.draw(st.integers(1, 4)))
    ]
    # What compares with the year before is worked out for December alone.
    months = st.just(12) if scoring.compares_years(rulebook) else st.integers(1, 12)
    cards = agrees(name, Month(rulebook.year, data.draw(months)), courts)
    for card in cards.values():
        for applied in card.overrides:
            assert "%(" not in schemes.said(applied_words(rulebook, applied))
        for item in card.items:
            for language in ("zh", "ko", "en"):
                assert all(schemes.explained(item, language))


def test_the_check_up_takes_the_figures_of_2019() -> None:
    """Every metric is one of the quality year, so its courts can be looked at as they are."""
    courts: dict[str, dict[str, int]] = {}
    with MADE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["month"] == "2019-12":
                courts.setdefault(row["court"], {})[row["metric"]] = int(row["value"])
    level = {"yanbian": Level.INTERMEDIATE}
    found = agrees(
        "eighteen",
        Month(2019, 12),
        [
            CourtFacts(code, level.get(code, Level.GRASSROOTS), figures)
            for code, figures in courts.items()
        ],
    )
    assert len(found) > 5
    assert {len(card.items) for card in found.values()} == {18}
    assert {card.rank for card in found.values()} == {None}
    # Some indicators are inside and some outside: the intervals say something of these courts.
    inside = [card.half_cents[Side("enforcement")] for card in found.values()]
    assert 0 < min(inside) < 1200


@pytest.mark.parametrize("name", NAMES)
def test_it_is_marked_as_an_example_in_every_language(name: str) -> None:
    rulebook = book(name)
    for title, document in (
        (rulebook.title.zh, rulebook.document.zh),
        (rulebook.title.ko, rulebook.document.ko),
        (rulebook.title.en, rulebook.document.en),
    ):
        assert any(word in title for word in ("示例", "예시", "example"))
        assert document
    assert rulebook.code.startswith("example-")
    for text in rulebook.sources.values():
        assert text.startswith("# AN EXAMPLE")
    labels = [item.label for item in rulebook.items] + [
        metric.definition for metric in rulebook.metrics.values()
    ]
    assert all(label.ko and label.en for label in labels)
