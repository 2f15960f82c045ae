"""Holds docs/scoring.md against the loader, the formulas and the setting up of a year."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from django.core.management import call_command

import scoring
from courts.figures.services.imports import import_figures
from courts.files.sheets import SourceFile
from courts.models import Court, QualityYear
from courts.setup.services.setup import setup_year
from courts.years.selectors.years import rulebook_of
from scoring import CourtFacts, Level, Month
from scoring.formulas import FORMULAS, kinds
from scoring.formulas.conditions import Condition
from scoring.loader import FILES
from scoring.supplements import load_supplement
from tests import documents

TEXT = documents.read("scoring.md")
EXAMPLE = documents.files(TEXT)
SOURCES = {name: text for name, text in EXAMPLE.items() if name.endswith(".toml")}


def described(title: str, column: str = "field") -> set[str]:
    """The names in the first column of a section's tables; a line may have several."""
    rows = documents.rows(documents.section(TEXT, title))
    names = [row[column] for row in rows if column in row]
    return {name for names_ in names for name in re.findall(r"\w+", names_)}


def test_all_files_are_named() -> None:
    *named, of_sides = [row["file"] for row in documents.rows(TEXT) if "file" in row]
    assert tuple(named) == FILES
    assert of_sides.startswith("one a side")


def test_all_formulas_are_described() -> None:
    formulas = documents.section(TEXT, "Formulas")
    titles = re.findall(r"^### `(\w+)`$", formulas, re.MULTILINE)
    assert titles == list(FORMULAS)


@pytest.mark.parametrize("formula", FORMULAS)
def test_all_fields_of_a_formula_are_described(formula: str) -> None:
    kind = FORMULAS[formula].rule_type
    assert described(f"`{formula}`") == {field.name for field in fields(kind)}


def test_all_fields_of_a_condition_are_described() -> None:
    names = described("`conditions`", "field of a condition")
    assert names == {field.name for field in fields(Condition)}


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_choices_of_a_field_are_named_default_first(formula: str) -> None:
    kind = FORMULAS[formula].rule_type
    hints = get_type_hints(kind)
    rows = documents.rows(documents.section(TEXT, f"`{formula}`"))
    told = {row["field"]: row["what it is"] for row in rows if "field" in row}
    for field in fields(kind):
        hint = hints[field.name]
        words = re.findall(r"\w+", told.get(field.name, "as for another formula"))
        is_choice = isinstance(hint, type) and issubclass(hint, StrEnum)
        if words[:2] == ["as", "for"] or not is_choice:
            continue
        values = {member.value for member in hint}
        named = list(dict.fromkeys(word for word in words if word in values))
        assert set(named) == values
        if isinstance(field.default, StrEnum):
            assert field.default == named[0]


def test_all_kinds_of_step_are_described() -> None:
    rows = documents.rows(documents.section(TEXT, "Explanations"))
    assert [row["kind"] for row in rows] == list(kinds())


def test_the_faults_are_those_printed() -> None:
    slips = {
        'numerator = ["closed"]': 'numerator = ["closd"]',
        "target = 80": "targets = 80",
        "grassroots = 100, ": "grassroots = 90, ",
    }
    broken = SOURCES["enforcement.toml"]
    for right, wrong in slips.items():
        assert broken.count(right) == 1
        broken = broken.replace(right, wrong)
    with pytest.raises(scoring.RulebookError) as caught:
        scoring.load_sources(SOURCES | {"enforcement.toml": broken})
    (printed,) = documents.blocks(documents.section(TEXT, "Faults"), "text")
    assert [str(fault) for fault in caught.value.faults] == printed.splitlines()


def test_the_example_of_a_reading_fits_the_minimal_rulebook() -> None:
    (reading,) = documents.blocks(documents.section(TEXT, "Readings and changes"), "toml")
    head = SOURCES["rulebook.toml"]
    assert head.count("readings = []\n") == 1
    sources = SOURCES | {"rulebook.toml": head.replace("readings = []\n", "") + reading}
    rulebook = scoring.load_sources(sources)
    court = CourtFacts(
        "yi",
        Level.GRASSROOTS,
        current={"appeal_revised": 22},
        baseline_annual={"appeal_revised": 23},
    )

    def points(readings: dict[str, str]) -> Decimal | None:
        board = scoring.score(rulebook, Month(2020, 12), [court], readings)
        return board.court("yi").item("L1").points

    # One of 23 is 4.35 percent: 17.39 points, of which the whole percents earn 16.
    assert (points({}), points({"step": "whole"})) == (Decimal("17.39"), Decimal("16.00"))


@pytest.mark.django_db
def test_a_second_prefecture_stands_beside_the_first(tmp_path: Path, capsys: Any) -> None:
    for name, text in EXAMPLE.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert set(tomllib.loads(SOURCES["rulebook.toml"])) >= {"code", "year", "sides"}
    setup_year(folder=scoring.BUNDLED / "yanbian-2019")
    call_command("setup_year", str(tmp_path), "--data", str(tmp_path))
    call_command("setup_year", str(tmp_path))
    year = QualityYear.objects.get(code="jia-2020")
    assert rulebook_of(year).sources == SOURCES
    assert set(Court.objects.under(year.court).values_list("code", flat=True)) == {"jia", "yi"}

    figures = "court,month,metric,value\nyi,2020-12,appeal_revised,8\n"
    figures += "yi,2020-12,received,100\nyi,2020-12,closed,79\n"
    result = import_figures(year=year, files=[SourceFile("figures.csv", figures.encode())])
    assert (result.errors, result.new) == ((), 3)
    capsys.readouterr()
    call_command("score", "2020-12", "--year", "jia-2020", "--format", "csv")
    lines = capsys.readouterr().out.splitlines()
    # 20 percent of drop at 4 points; 79 percent of closures is below 80.
    assert lines[2].endswith("80.00,0.00,80.00,0.00")


def test_the_supplement_of_the_document_loads() -> None:
    texts = [text for text in documents.blocks(TEXT, "toml") if 'kind = "averages"' in text]
    assert len(texts) == 1
    found = load_supplement("averages.toml", texts[0], scoring.load_sources(SOURCES))
    assert found.average["C1"].value == Decimal("88.2")
    section = documents.section(TEXT, "Supplements")
    named = {name for row in documents.rows(section) for name in re.findall(r"\w+", row["key"])}
    folder = scoring.BUNDLED / "yanbian-2019" / "supplements"
    bulletin = (folder / "bulletin.toml").read_text("utf-8")
    assert named == set(tomllib.loads(texts[0])) | {"directions"} | set(tomllib.loads(bulletin))
