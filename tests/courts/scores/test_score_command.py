"""Tests of the score command: the worked cases of the notice from file to JSON, and its formats."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from courts.figures.services.imports import import_figures
from courts.models import MonthlyReturn, QualityYear
from courts.scores.printouts import aligned
from tests.courts.conftest import COURTS, GRASSROOTS, figures_file

pytestmark = pytest.mark.django_db

COMPONENTS = (
    "appeal_revised",
    "appeal_remanded",
    "retrial_revised",
    "retrial_remanded",
    "retrial_directed",
)
# Annex 2, last column, in its order.
CAPS = dict(zip(COURTS, (60, 226, 20, 74, 36, 57, 26, 36, 36), strict=True))
# One case above the cap, worked by hand: 4 points for each percent below 67, 252, 23, 83, 40, 64,
# 29, 40, 40. Yanji: (252 − 227) / 252 = 9.9206 %, times 4 = 39.68. In whole percents 9 × 4 = 36.
PRO_RATA = ("35.82", "39.68", "34.78", "38.55", "30.00", "37.50", "27.59", "30.00", "30.00")
WHOLE = ("32.00", "36.00", "32.00", "36.00", "28.00", "36.00", "24.00", "28.00", "28.00")


def overturned(cases: int) -> dict[str, int]:
    """The five components of a number of overturned cases."""
    return dict.fromkeys(COMPONENTS, 0) | {"appeal_revised": cases}


def scored(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    capsys.readouterr()
    call_command("score", *args, "--format", "json")
    captured = capsys.readouterr()
    assert captured.err == "按现有数据计算。\n"
    answer = json.loads(captured.out)
    assert isinstance(answer, dict)
    return answer


def points(answer: dict[str, Any], item: str) -> list[str | None]:
    return [
        next(line["points"] for line in court["items"] if line["item"] == item)
        for court in answer["courts"]
    ]


@pytest.fixture
def at_the_cap(year: QualityYear) -> QualityYear:
    file = figures_file({court: overturned(cap) for court, cap in CAPS.items()})
    assert import_figures(year=year, files=[file]).errors == ()
    return year


@pytest.fixture
def above_the_cap(year: QualityYear) -> QualityYear:
    file = figures_file({court: overturned(cap + 1) for court, cap in CAPS.items()})
    assert import_figures(year=year, files=[file]).errors == ()
    return year


# --- The worked cases ------------------------------------------------------------------------


def test_at_the_cap_every_court_earns_all_points(
    at_the_cap: QualityYear, capsys: pytest.CaptureFixture[str]
) -> None:
    assert points(scored(capsys, "2019-12"), "L1") == ["40.00"] * 9
    assert points(scored(capsys, "2019-12", "--reading", "step=whole"), "L1") == ["40.00"] * 9


def test_one_case_above_the_cap(
    above_the_cap: QualityYear, capsys: pytest.CaptureFixture[str]
) -> None:
    assert points(scored(capsys, "2019-12"), "L1") == list(PRO_RATA)
    answer = scored(capsys, "2019-12", "--reading", "step=whole")
    assert points(answer, "L1") == list(WHOLE)
    assert answer["readings"]["step"] == "whole"


def test_retrial_rate_of_yanji(year: QualityYear, capsys: pytest.CaptureFixture[str]) -> None:
    # 2018: 35 of 113. 30 of 113 is 4.4248 points less: 2.21 pro rata, 4 whole points earn 2.
    figures = {
        "retrial_decided": 27,
        "retrial_escalated": 0,
        "retrial_directed": 3,
        "retrial_designated": 0,
        "retrial_petitions_closed": 113,
    }
    assert import_figures(year=year, files=[figures_file({"yanji": figures})]).errors == ()
    assert points(scored(capsys, "2019-12"), "L6.1")[1] == "2.21"
    assert points(scored(capsys, "2019-12", "--reading", "step=whole"), "L6.1")[1] == "2.00"


# --- The shape of the JSON -------------------------------------------------------------------


def test_json_has_exact_values_only_when_asked(
    above_the_cap: QualityYear, capsys: pytest.CaptureFixture[str]
) -> None:
    plain, exact = scored(capsys, "2019-12"), scored(capsys, "2019-12", "--exact")
    assert list(plain["readings"])[-1] == "comparison"
    item, same = plain["courts"][1]["items"][0], exact["courts"][1]["items"][0]
    # 252 before, 227 now: 25 of 252 are 625/63 percent.
    assert "exact" not in item
    assert same == item | {"exact": "625/63"}
    pending = next(line for line in exact["courts"][1]["items"] if line["item"] == "L7")
    assert pending["exact"] is None
    with pytest.raises(CommandError, match="--exact"):
        call_command("score", "2019-12", "--exact")


def test_json_has_the_agreed_shape(
    above_the_cap: QualityYear, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = scored(capsys, "2019-12")
    assert list(answer) == ["rulebook", "month", "readings", "courts"]
    assert (answer["rulebook"], answer["month"]) == ("yanbian-2019", "2019-12")
    assert set(answer["readings"].values()) >= {"pro_rata", "nothing", "same_month", "docket"}
    assert [court["court"] for court in answer["courts"]] == list(COURTS)
    yanbian, yanji = answer["courts"][:2]
    assert {key: value for key, value in yanji.items() if key != "items"} == {
        "court": "yanji",
        "level": "grassroots",
        # L1 39.68; L2.2 none (225 → 227); L4.2 6 (24 → 0). Dunhua has 38.55 + 1.92 + 6 = 46.47.
        "rank": 2,
        "total": "22.84",
        "provisional": True,
        "litigation": "45.68",
        "enforcement": "0.00",
    }
    assert (yanbian["level"], yanbian["rank"]) == ("intermediate", None)
    assert [line["item"] for line in yanbian["items"]][-1] == "GM"
    first = yanji["items"][0]
    assert {key: value for key, value in first.items() if key != "steps"} == {
        "item": "L1",
        "points": "39.68",
        "max": "40.00",
        "status": "scored",
        "value": "9.92",
        "unit": "%",
        "target": None,
    }
    assert first["steps"][0] == {
        "kind": "figures",
        "role": "sum",
        "condition": None,
        "period": "current",
        "month": "2019-12",
        "figures": [
            {"metric": "appeal_revised", "value": 227},
            *({"metric": code, "value": 0} for code in COMPONENTS[1:]),
        ],
        "total": 227,
    }
    assert {"kind": "paragraph", "paragraph": "附件1·二·1"} in first["steps"]


def test_nothing_reported_is_null_and_halves_are_not(
    year: QualityYear, capsys: pytest.CaptureFixture[str]
) -> None:
    for court in scored(capsys, "2019-01")["courts"]:
        assert (court["litigation"], court["enforcement"], court["total"]) == ("0.00",) * 3
        assert court["provisional"] is True
        statuses = {line["status"] for line in court["items"] if line["item"] != "GM"}
        assert statuses == {"not_reported", "pending"}
        assert all(line["points"] is None for line in court["items"] if line["item"] != "GM")


def test_one_court_only(above_the_cap: QualityYear, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("yanji", "延吉法院", "延吉市人民法院"):
        answer = scored(capsys, "2019-12", "--court", name)
        assert [court["court"] for court in answer["courts"]] == ["yanji"]


def test_basis(at_the_cap: QualityYear, capsys: pytest.CaptureFixture[str]) -> None:
    MonthlyReturn.objects.filter(court__code="yanji", year=2019).update(
        state="submitted", origin="import"
    )
    assert points(scored(capsys, "2019-12"), "L1")[1] is None
    assert points(scored(capsys, "2019-12", "--basis", "reported"), "L1")[1] == "40.00"


def test_made_up_figures_are_marked(
    at_the_cap: QualityYear, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "demo" not in scored(capsys, "2019-12")
    MonthlyReturn.objects.filter(court__code="yanji", year=2019).update(is_demo=True)
    assert scored(capsys, "2019-12")["demo"] is True
    call_command("score", "2019-12")
    assert "演示数据" in capsys.readouterr().out
    call_command("score", "2019-12", "--format", "csv")
    lines = {line["court"]: line for line in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    assert lines["yanji"]["demo"] == "1"
    assert lines["tumen"]["demo"] == "0"


# --- Other formats ---------------------------------------------------------------------------


def test_csv(above_the_cap: QualityYear, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("score", "2019-12", "--format", "csv")
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [line["L1"] for line in lines] == list(PRO_RATA)
    assert lines[1]["name"] == "延吉市人民法院"
    assert (lines[0]["rank"], lines[1]["rank"]) == ("", "2")
    assert lines[1]["L7"] == ""
    assert (lines[0]["GM"], lines[1]["GM"]) == ("0.00", "")


def test_table(above_the_cap: QualityYear, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("score", "2019-12")
    title, header, *lines = capsys.readouterr().out.splitlines()
    assert title.endswith("2019-12")
    assert header.split() == ["名次", "法院", "诉讼", "执行", "总分"]
    assert len(lines) == 9
    assert lines[0].split()[:2] == ["—", "延边中院"]
    assert lines[1].split() == ["2", "延吉法院", "45.68", "0.00", "22.84", "暂定"]


def test_columns_line_up_whatever_the_width() -> None:
    assert aligned([["名", "1"], ["a", "10"], ["연길", "100"]], numbers=[1]) == [
        "名      1",
        "a      10",
        "연길  100",
    ]


def test_explanation(above_the_cap: QualityYear, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("score", "2019-12", "--court", "yanji", "--explain")
    out = capsys.readouterr().out
    assert "延吉法院：总分 22.84（暂定）（诉讼 45.68，执行 0.00），第2名" in out
    assert "L1  发改指总量降幅  39.68 / 40.00  已计分  9.92%" in out
    assert "与上年全年（2018-12）相比，基数为 252。" in out
    assert "降幅：（252 − 227）÷ 252 ≈ 9.92%。" in out
    assert "每下降1%计4分：9.92 × 4 ≈ 39.68，得 39.68 分，满分 40.00 分。" in out
    assert "依据：附件1·二·1。" in out
    assert "图们" not in out


@pytest.mark.parametrize("language", ["ko", "en"])
def test_explanation_in_other_languages(
    above_the_cap: QualityYear, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    with translation.override(language):
        call_command("score", "2019-12", "--court", "yanji", "--explain")
    out = capsys.readouterr().out
    assert "与上年全年" not in out
    assert "39.68 / 40.00" in out


# --- Mistakes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["2019-13"], "“2019-13”不是月份"),
        (["december"], "“december”不是月份"),
        (["2018-12"], "2018-12 不在质量年 yanbian-2019 之内：只有 2019-01 至 2019-12"),
        (["2019-12", "--reading", "step"], "“step”应写作 代码=取值"),
        (["2019-12", "--reading", "stop=whole"], "没有解读“stop”；有：step、missed_target、"),
        (["2019-12", "--reading", "step=half"], "解读 step 没有取值“half”；有：pro_rata、whole"),
        (["2019-12", "--reading", "step=whole", "step=pro_rata"], "给了两个不同的取值"),
        (["2019-12", "--court", "beijing"], "没有法院“beijing”；有：yanbian、yanji"),
        (["2019-12", "--year", "2031"], "没有质量年“2031”；已设立的有：yanbian-2019"),
        (["2019-12", "--format", "csv", "--explain"], "--explain 只用于"),
    ],
)
def test_mistakes_are_named(year: QualityYear, args: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("score", *args)


def test_without_a_year() -> None:
    with pytest.raises(CommandError, match="还没有设立质量年"):
        call_command("score", "2019-12")


def test_readings_may_be_given_together_or_apart(
    above_the_cap: QualityYear, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = scored(
        capsys, "2019-12", "--reading", "step=whole", "q11=half_each", "--reading", "step=whole"
    )
    assert (answer["readings"]["step"], answer["readings"]["q11"]) == ("whole", "half_each")


def test_ranks_of_equal_totals(at_the_cap: QualityYear, capsys: pytest.CaptureFixture[str]) -> None:
    ranks = {court["court"]: court["rank"] for court in scored(capsys, "2019-01")["courts"]}
    assert [ranks[court] for court in GRASSROOTS] == [1] * 8
