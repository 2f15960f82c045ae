"""The example rulebooks on the sides there are: set up, figures taken in, and scored in files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

import scoring
from courts.figures.services.imports import import_figures
from courts.files.sheets import SourceFile
from courts.years.selectors.years import find_year, rulebook_of
from tests.courts.made_rulebooks import COURTS

pytestmark = pytest.mark.django_db
EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"


def set_up(name: str, folder: Path) -> str:
    """The year as the command makes it, of courts made up; its code."""
    (folder / "courts.csv").write_text(COURTS.format("hills", "丘陵"), "utf-8")
    call_command("setup_year", str(EXAMPLES / name), data=folder)
    return scoring.load_rulebook(EXAMPLES / name).code


def take_in(code: str, month: str, figures: Mapping[str, Mapping[str, int]]) -> None:
    year = find_year(code)
    lines = ["court,month,metric,value"]
    for court, own in figures.items():
        known = rulebook_of(year).metrics
        lines += [f"{court},{month},{metric},{own[metric]}" for metric in known if metric in own]
    import_figures(year=year, files=[SourceFile("figures.csv", "\n".join(lines).encode())])


def scored(code: str, month: str, how: str, capsys: pytest.CaptureFixture[str], **more: Any) -> str:
    call_command("score", month, year=code, format=how, basis="reported", **more)
    return capsys.readouterr().out


def test_ranks_and_a_veto(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Closed 90, 80 and 70 of 100, one violation with the first: 60 at most, and last.

    All share place 1 of 3 in R2, a third of the courts, which is beyond the first quarter: 20. The
    first has 25 + 20 + 20 + 15 + 15 − 1 = 94; the others are behind it in R1 and R3: 95 − 2.5 − 2 =
    90.5, and 95 − 5 − 4 = 86.
    """
    code = set_up("ranks", tmp_path)
    same = {"received": 100, "closing_days": 7000, "owed": 100000, "recovered": 50000}
    same |= {"terminations_checked": 20, "terminations_sound": 19, "petitions": 0, "violations": 0}
    take_in(
        code,
        "2026-12",
        {
            "hills-east": same | {"closed": 90, "violations": 1},
            "hills-west": same | {"closed": 80},
            "hills-south": same | {"closed": 70},
        },
    )
    capsys.readouterr()
    told = json.loads(scored(code, "2026-12", "json", capsys))
    courts = {court["court"]: court for court in told["courts"]}
    east, top = courts["hills-east"], courts["hills-top"]
    assert [(one, courts[one]["total"], courts[one]["rank"]) for one in courts] == [
        ("hills-top", None, None),
        ("hills-east", "60.00", 3),
        ("hills-west", "90.50", 1),
        ("hills-south", "86.00", 2),
    ]
    assert east["enforcement"] == "94.00"
    assert "litigation" not in east
    assert east["overrides"] == [
        {
            "override": "veto",
            "on": "total",
            "before": "94.00",
            "after": "60.00",
            "not_ranked": False,
            "paragraph": "四(一)",
        }
    ]
    assert "overrides" not in courts["hills-west"]
    assert (top["items"], top["enforcement"]) == ([], None)
    explained = scored(code, "2026-12", "table", capsys, court="hills-east", explain=True)
    assert "一票否决：违纪低于0分的，总分最高计60分。94.00 分改为 60.00 分。" in explained
    assert "50000.00 元" not in explained
    assert "50000.00" in explained


def test_a_check_up_has_neither_total_nor_rank(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """2 % overturned is inside 0 to 3, and 40 % of retrial petitions closed outside 80 to 120."""
    code = set_up("eighteen", tmp_path)
    own = {"first_instance_closed": 100, "appeal_revised": 1, "appeal_remanded": 1}
    own |= {"retrial_petitions_received": 10, "retrial_petitions_closed": 4}
    take_in(code, "2019-12", {"hills-east": own})
    capsys.readouterr()
    told = json.loads(scored(code, "2019-12", "json", capsys))
    (east,) = (court for court in told["courts"] if court["court"] == "hills-east")
    assert (east["total"], east["rank"], east["provisional"]) == (None, None, True)
    points = {item["item"]: (item["points"], item["max"]) for item in east["items"]}
    assert points["J1"] == ("1.00", "1.00")
    assert points["J4"] == ("0.00", "1.00")
    lines = list(csv.DictReader(io.StringIO(scored(code, "2019-12", "csv", capsys))))
    assert {(line["total"], line["rank"]) for line in lines} == {("", "")}
    table = scored(code, "2019-12", "table", capsys)
    assert "总分" not in table
    assert "名次" not in table
