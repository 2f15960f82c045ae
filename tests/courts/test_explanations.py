"""Tests of the sentences: every kind of step, in every language, with the numbers it carries."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.utils import translation

import scoring
from courts import explanations
from courts.explanations import finding_sentence, sentence, status_label
from courts.wording import with_unit
from scoring import Ballots, CourtFacts, Decision, Level, Month, Rulebook, Side, Status, Step

RULEBOOK = scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019")
NAMES = {"yanji": "延吉法院", "tumen": "图们法院"}
LANGUAGES = ["zh-hans", "ko", "en"]

STEPS: dict[str, tuple[dict[str, Any], str]] = {
    "a figure of the case systems": (
        {
            "kind": "replaced",
            "condition": None,
            "month": "2019-12",
            "figures": [
                {"metric": "appeals_filed", "value": 12, "reported": 10, "settled": False},
                {"metric": "appeal_revised", "value": 3, "reported": None, "settled": True},
            ],
        },
        (
            "二审立案数（2019-12）：提取数据 12，法院填报 10，差异未处理；"
            "二审被改判（2019-12）：提取数据 3，法院未填报，已定以提取数据为准。"
        ),
    ),
    "one figure": (
        {
            "kind": "figures",
            "role": "numerator",
            "condition": None,
            "period": "current",
            "month": "2019-12",
            "figures": [{"metric": "appeals_filed", "value": 160}],
            "total": 160,
        },
        "分子（2019-12）：二审立案数 160。",
    ),
    "a sum of last year": (
        {
            "kind": "figures",
            "role": "sum",
            "condition": None,
            "period": "baseline",
            "month": "2018-12",
            "figures": [
                {"metric": "appeal_revised", "value": 165},
                {"metric": "appeal_remanded", "value": 60},
            ],
            "total": 225,
        },
        "上年数据（2018-12）：二审被改判 165 + 二审被发回重审 60 = 225。",
    ),
    "a sum that lacks one": (
        {
            "kind": "figures",
            "role": "denominator",
            "condition": 2,
            "period": "current",
            "month": "2019-12",
            "figures": [
                {"metric": "appeal_revised", "value": 165},
                {"metric": "appeal_remanded", "value": None},
            ],
            "total": None,
        },
        "条件2：分母（2019-12）：二审被改判 165 + 二审被发回重审 未填报。",
    ),
    "same month": (
        {
            "kind": "baseline",
            "how": "same_month",
            "month": "2018-06",
            "months": 12,
            "value": "30.00",
            "exact": "30",
        },
        "与上年同月（2018-06）相比，基数为 30。",
    ),
    "prorated": (
        {
            "kind": "baseline",
            "how": "prorated",
            "month": "2018-12",
            "months": 7,
            "value": "147.58",
            "exact": "1771/12",
        },
        "上年同月数据不全，取上年全年（2018-12）的 7/12，基数为 147.58。",
    ),
    "annual": (
        {
            "kind": "baseline",
            "how": "annual",
            "month": "2018-12",
            "months": 12,
            "value": "252.00",
            "exact": "252",
        },
        "与上年全年（2018-12）相比，基数为 252。",
    ),
    "rate": (
        {
            "kind": "rate",
            "period": "current",
            "condition": None,
            "numerator": 30,
            "denominator": 113,
            "complement": False,
            "value": "26.55",
            "exact": "3000/113",
            "unit": "%",
        },
        "比率：30 ÷ 113 = 26.55%。",
    ),
    "complement": (
        {
            "kind": "rate",
            "period": "current",
            "condition": None,
            "numerator": 840,
            "denominator": 1000,
            "complement": True,
            "value": "84.00",
            "exact": "84",
            "unit": "%",
        },
        "比率：（分母 − 分子）÷ 分母 = 840 ÷ 1000 = 84.00%。",
    ),
    "average": (
        {
            "kind": "rate",
            "period": "current",
            "condition": None,
            "numerator": 1500,
            "denominator": 10,
            "complement": False,
            "value": "150.00",
            "exact": "150",
            "unit": "days",
        },
        "平均：1500 ÷ 10 = 150.00天。",
    ),
    "rate of last year": (
        {
            "kind": "rate",
            "period": "baseline",
            "condition": None,
            "numerator": 35,
            "denominator": 113,
            "complement": False,
            "value": "30.97",
            "exact": "3500/113",
            "unit": "%",
        },
        "上年比率：35 ÷ 113 = 30.97%。",
    ),
    "drop": (
        {
            "kind": "drop",
            "baseline": "252",
            "current": "227",
            "value": "9.92",
            "exact": "625/63",
            "unit": "%",
        },
        "降幅：（252 − 227）÷ 252 = 9.92%。",
    ),
    "drop from a prorated baseline": (
        {
            "kind": "drop",
            "baseline": "147/2",
            "current": "70",
            "value": "4.76",
            "exact": "100/21",
            "unit": "%",
        },
        "降幅：（73.50 − 70）÷ 73.50 = 4.76%。",
    ),
    "no drop": (
        {
            "kind": "drop",
            "baseline": "10",
            "current": "11",
            "value": "-10.00",
            "exact": "-10",
            "unit": "%",
        },
        "没有下降：（10 − 11）÷ 10 = −10.00%。",
    ),
    "drop of a rate": (
        {
            "kind": "drop",
            "baseline": "3500/113",
            "current": "3000/113",
            "value": "4.42",
            "exact": "500/113",
            "unit": "pp",
        },
        "下降：30.97% − 26.55% = 4.42个百分点。",
    ),
    "no drop of a rate": (
        {
            "kind": "drop",
            "baseline": "10",
            "current": "10",
            "value": "0.00",
            "exact": "0",
            "unit": "pp",
        },
        "没有下降：10% − 10% = 0.00个百分点。",
    ),
    "whole": (
        {"kind": "whole", "value": "9.92", "counted": 9},
        "只计整数部分：9.92 计为 9。",
    ),
    "target met": (
        {
            "kind": "target",
            "target": "90.00",
            "direction": "at_least",
            "source": "rulebook",
            "met": True,
            "unit": "%",
        },
        "目标：不低于 90.00%，已完成。",
    ),
    "target missed": (
        {
            "kind": "target",
            "target": "153.25",
            "direction": "at_most",
            "source": "rulebook",
            "met": False,
            "unit": "days",
        },
        "目标：不高于 153.25天，未完成。",
    ),
    "target of the appraisal": (
        {
            "kind": "target",
            "target": "4.50",
            "direction": "at_most",
            "source": "appraisal",
            "met": None,
            "unit": "%",
        },
        "审判绩效考核指标：不高于 4.50%。",
    ),
    "no target": (
        {
            "kind": "target",
            "target": None,
            "direction": "at_most",
            "source": "appraisal",
            "met": None,
            "unit": "%",
        },
        "审判绩效考核指标尚未录入，没有目标值。",
    ),
    "condition met": (
        {
            "kind": "condition",
            "condition": 1,
            "value": "15.00",
            "direction": "at_least",
            "target": "15.00",
            "met": True,
        },
        "条件1：15.00%，应不低于 15.00%，已满足。",
    ),
    "condition missed": (
        {
            "kind": "condition",
            "condition": 2,
            "value": "30.00",
            "direction": "at_least",
            "target": "38.00",
            "met": False,
        },
        "条件2：30.00%，应不低于 38.00%，未满足。",
    ),
    "attainment": (
        {"kind": "attainment", "share": "93.75", "exact": "375/4"},
        "未完成的目标按完成程度计分：93.75%。",
    ),
    "points for a drop": (
        {
            "kind": "points",
            "unit": "%",
            "rate": "4",
            "before_cap": "39.68",
            "exact": "2500/63",
            "max": "40.00",
            "points": "39.68",
            "capped": False,
        },
        "每下降1%计 4 分，得 39.68 分，满分 40.00 分。",
    ),
    "points for a drop of a rate": (
        {
            "kind": "points",
            "unit": "pp",
            "rate": "0.5",
            "before_cap": "2.21",
            "exact": "250/113",
            "max": "6.00",
            "points": "2.21",
            "capped": False,
        },
        "每下降1个百分点计 0.5 分，得 2.21 分，满分 6.00 分。",
    ),
    "points above the cap for a drop of a rate": (
        {
            "kind": "points",
            "unit": "pp",
            "rate": "0.5",
            "before_cap": "15.49",
            "exact": "1750/113",
            "max": "6.00",
            "points": "6.00",
            "capped": True,
        },
        "每下降1个百分点计 0.5 分，共 15.49 分，超过上限，得满分 6.00 分。",
    ),
    "points above the cap": (
        {
            "kind": "points",
            "unit": "%",
            "rate": "4",
            "before_cap": "41.27",
            "exact": "2600/63",
            "max": "40.00",
            "points": "40.00",
            "capped": True,
        },
        "每下降1%计 4 分，共 41.27 分，超过上限，得满分 40.00 分。",
    ),
    "no points": (
        {
            "kind": "points",
            "unit": "%",
            "rate": "0.5",
            "before_cap": "0.00",
            "exact": "0",
            "max": "6.00",
            "points": "0.00",
            "capped": False,
        },
        "不得分，满分 6.00 分。",
    ),
    "points for a target": (
        {
            "kind": "points",
            "rate": None,
            "before_cap": "7.50",
            "exact": "15/2",
            "max": "7.50",
            "points": "7.50",
            "capped": False,
        },
        "得 7.50 分，满分 7.50 分。",
    ),
    "ballots": (
        {"kind": "ballots", "count": 5, "sum": "54.00", "mean": "10.80"},
        "共 5 张选票，合计 54.00 分，平均 10.80 分。",
    ),
    "peers": (
        {
            "kind": "peers",
            "courts": [
                {"court": "yanji", "points": "70.00", "weight": None},
                {"court": "tumen", "points": "80.00", "weight": None},
            ],
            "mean": "75.00",
            "exact": "75",
            "share": "25.00",
            "weighted": False,
        },
        "各院得分：延吉法院 70.00、图们法院 80.00；平均 75.00 分，按 25.00% 计。",
    ),
    "weighted peers": (
        {
            "kind": "peers",
            "courts": [{"court": "yanji", "points": "70.00", "weight": 900}],
            "mean": "70.00",
            "exact": "70",
            "share": "25.00",
            "weighted": True,
        },
        "各院得分：延吉法院 70.00（权数 900）；加权平均 70.00 分，按 25.00% 计。",
    ),
    "the mean of other courts alone": (
        {"kind": "peer_mean", "mean": "75.00", "share": "25.00"},
        "各院得分平均 75.00 分，按 25.00% 计；各院的得分本年度不公布。",
    ),
    "pending": (
        {
            "kind": "status",
            "status": "pending",
            "missing": [],
            "missing_baseline": [],
            "baseline_month": None,
        },
        "领导小组的无记名投票尚未计票，不计分。",
    ),
    "without target": (
        {
            "kind": "status",
            "status": "no_target",
            "missing": [],
            "missing_baseline": [],
            "baseline_month": None,
        },
        "目标值录入之前不计分。",
    ),
    "nothing to divide by": (
        {
            "kind": "status",
            "status": "no_denominator",
            "missing": [],
            "missing_baseline": [],
            "baseline_month": None,
        },
        "分母为零，没有比率可算，不计分。",
    ),
    "nothing last year": (
        {
            "kind": "status",
            "status": "no_baseline",
            "missing": [],
            "missing_baseline": [],
            "baseline_month": None,
        },
        "上年为零，没有升降幅度可算，不计分，可申请单独评分。",
    ),
    "not reported": (
        {
            "kind": "status",
            "status": "not_reported",
            "missing": ["appeals_filed", "appeal_revised"],
            "missing_baseline": [],
            "baseline_month": None,
        },
        "未填报，不计分：二审立案数；二审被改判。",
    ),
    "last year not reported": (
        {
            "kind": "status",
            "status": "not_reported",
            "missing": [],
            "missing_baseline": ["appeals_filed"],
            "baseline_month": "2018-12",
        },
        "缺少上年数据（2018-12），不计分：二审立案数。",
    ),
    "neither reported": (
        {
            "kind": "status",
            "status": "not_reported",
            "missing": ["appeal_revised"],
            "missing_baseline": ["appeals_filed"],
            "baseline_month": "2018-12",
        },
        "未填报：二审被改判。缺少上年数据（2018-12）：二审立案数。不计分。",
    ),
    "decided": (
        {"kind": "decision", "points": "5.00", "reference": "特1号", "computed": "2.50"},
        "院党组决定（特1号）：5.00 分；按数据为 2.50 分。",
    ),
    "decided where none was computed": (
        {"kind": "decision", "points": "5.00", "reference": "", "computed": None},
        "院党组决定（单独评分）：5.00 分；按数据本无得分。",
    ),
    "paragraph": (
        {"kind": "paragraph", "paragraph": "附件1·二·1"},
        "依据：附件1·二·1。",
    ),
}


def said(step: dict[str, Any], rulebook: Rulebook = RULEBOOK) -> str:
    data = dict(step)
    return sentence(Step(data.pop("kind"), data), rulebook, NAMES)


@pytest.mark.parametrize("name", STEPS)
def test_sentence(name: str) -> None:
    step, expected = STEPS[name]
    assert said(step) == expected


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", STEPS)
def test_sentence_in_other_languages(name: str, language: str) -> None:
    step, chinese = STEPS[name]
    with translation.override(language):
        text = said(step)
    assert text != chinese
    if language == "en":
        foreign = text
        for kept in (*NAMES.values(), "特1号", "附件1·二·1"):
            foreign = foreign.replace(kept, "")
        assert foreign.isascii() or set(foreign) <= set(map(chr, range(128))) | set("−÷“”’–×")
    assert "%(" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_readings_are_told_by_the_rulebook(language: str) -> None:
    for reading in RULEBOOK.readings:
        for option in reading.options:
            step = {
                "kind": "reading",
                "reading": reading.code,
                "value": option.value,
                "default": option.value == reading.default,
            }
            with translation.override(language):
                text = said(step)
            assert reading.question.get(language) in text
            assert option.label.get(language) in text


def test_every_kind_of_step_has_a_sentence() -> None:
    told = {step["kind"] for step, _expected in STEPS.values()} | {"reading"}
    assert told == set(explanations._SENTENCES)


def boards() -> Iterator[scoring.Scoreboard]:
    """Scores of every status, under the default readings and all the others."""
    figures = dict.fromkeys(RULEBOOK.metrics, 10)
    courts = [
        CourtFacts("yanbian", Level.INTERMEDIATE, current=figures, baseline_annual=figures),
        CourtFacts(
            "yanji",
            Level.GRASSROOTS,
            current=figures,
            baseline_month=dict.fromkeys(figures, 12),
            baseline_annual=dict.fromkeys(figures, 30),
            targets=dict.fromkeys(RULEBOOK.appraisal_items, Decimal("50.5")),
            ballots=Ballots(5, Fraction(54)),
            decisions={"C1": Decision(Decimal(5), "特1号"), "L7": Decision(Decimal(1))},
        ),
        CourtFacts(
            "tumen",
            Level.GRASSROOTS,
            current=dict.fromkeys(figures, 0),
            baseline_annual=dict.fromkeys(figures, 0),
        ),
        CourtFacts("antu", Level.GRASSROOTS),
    ]
    others = {
        reading.code: next(v for v in reading.values if v != reading.default)
        for reading in RULEBOOK.readings
    }
    for readings in (None, others):
        for number in (6, 12):
            yield scoring.score(RULEBOOK, Month(2019, number), courts, readings)


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_the_engine_says_can_be_told(language: str) -> None:
    statuses = set()
    with translation.override(language):
        for board in boards():
            for card in board.scorecards:
                for score in card.items:
                    statuses.add(score.status)
                    assert status_label(score.status)
                    for step in score.steps:
                        assert sentence(step, RULEBOOK, NAMES)
    assert statuses == set(Status)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-hans", ["9.92%", "2.21个百分点", "150.00天", "10.80分"]),
        ("en", ["9.92%", "2.21 percentage points", "150.00 days", "10.80 points"]),
        ("ko", ["9.92%", "2.21퍼센트포인트", "150.00일", "10.80점"]),
    ],
)
def test_units(language: str, expected: list[str]) -> None:
    numbers = [("9.92", "%"), ("2.21", "pp"), ("150.00", "days"), ("10.80", "points")]
    with translation.override(language):
        assert [with_unit(text, unit) for text, unit in numbers] == expected


def test_findings() -> None:
    figures = {"appeals_filed": 10, "first_instance_closed": 9}
    (finding,) = scoring.check_figures(RULEBOOK, Side.LITIGATION, figures)
    assert finding_sentence(finding, RULEBOOK) == "二审立案数（10）不得大于一审结案数（9）。"
    figures = {"defaulters_revoked": 10, "defaulters_listed": 9}
    (finding,) = scoring.check_figures(RULEBOOK, Side.ENFORCEMENT, figures)
    assert (
        finding_sentence(finding, RULEBOOK) == "失信名单撤销数（10）通常不大于失信名单发布数（9）。"
    )
    with translation.override("en"):
        assert finding_sentence(finding, RULEBOOK).isascii()
