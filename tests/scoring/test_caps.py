"""Owns proving that proposed caps are those of annex 2."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import scoring
from scoring.caps import pace
from scoring.schema import CapRule

ANNEXES = Path(__file__).parents[2] / "courts" / "annexes"
RULEBOOK = scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019")
FIGURES = RULEBOOK.item_by_code["L1"].metrics


def annex(name: str) -> list[dict[str, str]]:
    with (ANNEXES / "yanbian-2019" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("line", annex("caps_2019.csv"), ids=lambda line: line["court"])
def test_the_caps_of_annex_2(line: dict[str, str]) -> None:
    """Ten percent of the year before, rounded up: 25.2 of Yanji's 252 cases are 26."""
    baseline = {
        row["metric"]: int(row["value"])
        for row in annex("baseline_2018.csv")
        if row["court"] == line["court"] and row["value"]
    }
    assert scoring.proposed_cap(RULEBOOK, baseline) == (
        int(line["overturned_2018"]),
        int(line["reduction_target"]),
        int(line["cap_2019"]),
    )


def test_whole_cases_are_not_rounded_and_parts_are_rounded_up() -> None:
    """40 × 10 % = 4; 41 × 10 % = 4.1, which is 5; 0 stays 0; 7 × 12.5 % = 0.875, which is 1."""
    rest = dict.fromkeys(FIGURES[1:], 0)
    found = [scoring.proposed_cap(RULEBOOK, {FIGURES[0]: cases} | rest) for cases in (40, 41, 0)]
    assert found == [(40, 4, 36), (41, 5, 36), (0, 0, 0)]
    eighth = replace(RULEBOOK, caps=CapRule("L1", Decimal("12.5"), "附件2"))
    assert scoring.proposed_cap(eighth, {FIGURES[0]: 7} | rest) == (7, 1, 6)


def test_no_proposal_without_the_rule_or_a_figure() -> None:
    assert scoring.proposed_cap(replace(RULEBOOK, caps=None), dict.fromkeys(FIGURES, 1)) is None
    assert scoring.proposed_cap(RULEBOOK, dict.fromkeys(FIGURES[1:], 1)) is None


def test_a_pace_is_twelve_times_the_mean_month() -> None:
    assert pace(113, 6) == 226
    assert pace(10, 7) == Fraction(120, 7)
