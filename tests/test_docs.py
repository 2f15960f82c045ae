"""Holds the documents against what they describe: names, readings, examples, arithmetic, links.

The examples' points are computed by the engine, their arithmetic by `tests.documents`, which knows
nothing of the engine: so a page, the engine and a pocket calculator agree.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

import courts
import scoring
from courts.models import MonthlyReturn
from courts.permissions import Basis, Role
from courts.wording.amounts import level_name
from courts.wording.explanations import side_label, status_label
from scoring import CourtFacts, Decision, Level, Month, Reading, Side, Status
from tests import documents

CODE = "yanbian-2019"
RULEBOOK = scoring.load_rulebook(scoring.BUNDLED / CODE)
ANNEXES = Path(courts.__file__).parent / "annexes" / CODE
READINGS = [pytest.param(reading, id=reading.code) for reading in RULEBOOK.readings]
PAGES = sorted(documents.DOCS.rglob("*.md"))
ALL_PAGES = [pytest.param(page, id=str(page.relative_to(documents.DOCS))) for page in PAGES]


def annex(name: str) -> list[dict[str, str]]:
    with (ANNEXES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


COURTS = {row["code"]: row for row in annex("courts.csv")}


def baseline(court: str) -> dict[str, int]:
    """The whole of 2018, of annexes 2 and 3."""
    rows = annex(f"baseline_{RULEBOOK.baseline_year}.csv")
    return {row["metric"]: int(row["value"]) for row in rows if row["court"] == court}


# --- The glossary ----------------------------------------------------------------------------


def glossary(title: str) -> list[dict[str, str]]:
    return documents.rows(documents.section(documents.read("glossary.md"), title))


def names(title: str, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(row[column] for column in columns) for row in glossary(title)]


def test_glossary_has_every_metric_in_the_order_of_the_return() -> None:
    assert names("Metrics", "中文", "English", "code", "kind", "unit") == [
        (metric.label.zh, metric.label.en, code, metric.kind.value, metric.unit.zh)
        for code, metric in RULEBOOK.metrics.items()
    ]


def test_glossary_has_every_item() -> None:
    assert names("Items", "中文", "简称", "English", "code", "paragraph") == [
        (item.label.zh, item.short.zh, item.label.en, item.code, item.paragraph)
        for item in RULEBOOK.items
    ]


def test_glossary_has_every_reading_with_the_default_first() -> None:
    assert [
        (question, label, code, values.replace("`", ""))
        for question, label, code, values in names("Readings", "中文", "English", "code", "values")
    ] == [
        (
            reading.question.zh,
            reading.question.en,
            reading.code,
            "、".join([reading.default, *(v for v in reading.values if v != reading.default)]),
        )
        for reading in RULEBOOK.readings
    ]


@pytest.mark.parametrize(("language", "column"), [("zh-hans", "中文"), ("en", "English")])
def test_glossary_has_every_status_state_role_and_level(language: str, column: str) -> None:
    with translation.override(language):
        known = {
            "Statuses of an item": [(status_label(status), status.value) for status in Status],
            "States of a return": labelled(MonthlyReturn.State),
            "Origins of a return": labelled(MonthlyReturn.Origin),
            "Bases": labelled(Basis),
            "Roles": labelled(Role),
            "Sides": [(side_label(RULEBOOK, side), side.value) for side in RULEBOOK.share_of],
            "Levels of court": [
                (level_name(RULEBOOK, level), level.value) for level in RULEBOOK.label_of_level
            ],
        }
    assert {title: names(title, column, "code") for title in known} == known


def labelled(choices: Any) -> list[tuple[str, str]]:
    return [(str(label), value) for value, label in choices.choices]


def test_glossary_has_every_court() -> None:
    assert names("Courts", "中文", "简称", "code") == [
        (row["name"], row["short_name"], code) for code, row in COURTS.items()
    ]


# --- The readings ----------------------------------------------------------------------------


def page(reading: Reading) -> str:
    return documents.read(f"readings/{reading.code}.md")


def test_every_reading_has_a_page_and_every_page_a_reading() -> None:
    found = {path.stem for path in (documents.DOCS / "readings").glob("*.md")}
    assert found == {*RULEBOOK.reading_by_code, "README", "contradictions"}


def test_the_list_of_readings() -> None:
    rows = documents.rows(documents.read("readings/README.md"))
    assert [(row["question"], row["default"], row["other"]) for row in rows] == [
        (
            reading.question.en,
            reading.default,
            "、".join(value for value in reading.values if value != reading.default),
        )
        for reading in RULEBOOK.readings
    ]


@pytest.mark.parametrize("reading", READINGS)
def test_a_reading_is_stated_as_in_the_rulebook(reading: Reading) -> None:
    text = page(reading)
    lines = text.splitlines()
    assert lines[0].casefold() == f"# `{reading.code}`: {reading.question.en}".casefold()
    assert reading.question.zh in lines
    assert f"Paragraph: {reading.paragraph}" in lines
    assert f"Default: `{reading.default}`" in lines
    assert f"Items: {', '.join(i.code for i in RULEBOOK.items if i.code in reading.items)}" in lines
    options = [row for row in documents.rows(text) if "what it does" in row]
    assert [(row["value"], row["中文"]) for row in options] == [
        (option.value, option.label.zh) for option in reading.options
    ]


def examples(text: str) -> Iterator[tuple[Month, Mapping[str, Any]]]:
    for block in documents.blocks(text, "toml"):
        data = tomllib.loads(block)
        for case in data["case"]:
            yield Month.parse(data["month"]), case


def facts(court: str, *, items: set[str], case: Mapping[str, Any]) -> CourtFacts:
    """A court of an example: annexes as the baseline, zero for figures that are not named."""
    codes = [code for item in items for code in RULEBOOK.item_by_code[item].metrics]
    before = case.get("baseline_month")
    return CourtFacts(
        court=court,
        level=Level(COURTS[court]["level"]),
        current=dict.fromkeys(codes, 0) | case.get("current", {}),
        baseline_month={} if before is None else dict.fromkeys(codes, 0) | before,
        baseline_annual=baseline(court),
        targets={item: Decimal(text) for item, text in case.get("targets", {}).items()},
    )


def peer(given: Mapping[str, Any]) -> CourtFacts:
    """A court that stands with these enforcement points, and this docket."""
    rest, decisions = Decimal(given["enforcement"]), {}
    for item in RULEBOOK.items_of(Level.GRASSROOTS):
        if item.side is Side.ENFORCEMENT:
            part = min(rest, item.points[Level.GRASSROOTS])
            decisions[item.code] = Decision(part)
            rest -= part
    carried_over, received = given["docket"]
    docket = {"enforcement_carried_over": carried_over, "enforcement_received": received}
    return CourtFacts(given["court"], Level.GRASSROOTS, current=docket, decisions=decisions)


@pytest.mark.parametrize("reading", READINGS)
def test_the_examples_of_a_reading(reading: Reading) -> None:
    text = page(reading)
    printed = documents.prose(text)
    found = list(examples(text))
    assert found
    for month, case in found:
        expected = case["points"]
        given = [facts(case["court"], items=set(expected), case=case)]
        given += [peer(other) for other in case.get("peers", ())]
        for item, by_value in expected.items():
            assert item in reading.items
            assert set(by_value) == set(reading.values)
            for value, points in by_value.items():
                board = scoring.score(RULEBOOK, month, given, {reading.code: value})
                score = board.court(case["court"]).item(item)
                shown = score.status.value if score.points is None else str(score.points)
                assert (item, value, shown) == (item, value, points)
                assert points in printed


def test_every_option_moves_the_points_of_some_example() -> None:
    for reading in RULEBOOK.readings:
        moved = [
            item
            for _, case in examples(page(reading))
            for item, by_value in case["points"].items()
            if len(set(by_value.values())) > 1
        ]
        assert moved, reading.code


# --- The contradictions ----------------------------------------------------------------------


def contradiction_blocks() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for block in documents.blocks(documents.read("readings/contradictions.md"), "toml"):
        found |= tomllib.loads(block)
    return found


def test_two_floors_exclude_each_other() -> None:
    given = contradiction_blocks()["contradiction"]
    court = CourtFacts(given["court"], Level.GRASSROOTS, current=given["current"])
    (found,) = scoring.contradictions(RULEBOOK, Month(RULEBOOK.year, 12), court)
    assert (found.met, found.unreachable) == (given["met"], given["unreachable"])
    assert (found.value, found.limit) == (Fraction(given["value"]), Fraction(given["limit"]))


def test_what_can_be_had_of_an_item() -> None:
    for item, by_court in contradiction_blocks()["attainable"].items():
        assert list(by_court) == list(COURTS)
        for code, most in by_court.items():
            court = facts(code, items=set(), case={})
            best = scoring.attainable(RULEBOOK, Month(RULEBOOK.year, 12), court)
            assert str(best[item]) == most


# --- Arithmetic and links --------------------------------------------------------------------


@pytest.mark.parametrize("path", ALL_PAGES)
def test_the_arithmetic_holds(path: Path) -> None:
    lines = documents.calculations(path.read_text("utf-8"))
    assert {line: wrong for line in lines if (wrong := documents.wrong_relations(line))} == {}


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("延吉法院: 4 × 100 × (252 − 227) / 252 ≈ 39.68", []),
        ("1 / 8 ≈ 0.13", []),
        ("1 / 8 ≈ 0.12", ["1 / 8 ≈ 0.12"]),
        ("0.1 + 0.2 = 0.3 < 1", []),
        ("7 / 2 = 3.5 > 4", ["3.5 > 4"]),
        ("min(40, 4 × 11) = 40 ≠ floor(3.9)", []),
    ],
)
def test_how_arithmetic_is_read(line: str, wrong: list[str]) -> None:
    assert list(documents.wrong_relations(line)) == wrong


@pytest.mark.parametrize("path", ALL_PAGES)
def test_links_lead_somewhere(path: Path) -> None:
    for target in documents.links(path.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, place = target.partition("#")
        to = (path.parent / name).resolve() if name else path
        assert to.exists(), target
        if place:
            titles = documents.HEADING.finditer(to.read_text("utf-8"))
            assert place in {documents.anchor(found["title"]) for found in titles}, target
