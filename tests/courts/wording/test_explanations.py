"""Tests of the sentences: every kind of step, in every language, with the numbers it carries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation

import scoring
from courts.wording.amounts import with_unit
from courts.wording.explanations import finding_sentence, sentence, status_label
from scoring import (
    Ballots,
    CourtFacts,
    Decision,
    Level,
    Month,
    Replaced,
    Rulebook,
    Side,
    Status,
    Step,
    Text,
    sentences,
    trace,
)
from scoring.facts import Assessed
from scoring.formulas import kinds
from scoring.formulas.ballots import ballots_step
from scoring.formulas.conditions import CONDITIONS_KEPT, condition_step
from scoring.formulas.drop import EACH_PERCENT, drop_step
from scoring.formulas.falls import whole_step
from scoring.formulas.peer_mean import peer_mean_step, peers_step
from scoring.formulas.rate_drop import EACH_POINT, rate_drop_step
from scoring.formulas.target import attainment_step
from scoring.printed import fraction, printed
from scoring.rates import Baseline, Ratio
from scoring.results import Context
from scoring.schema import Direction, Unit
from scoring.sentences import Amount, Sentence
from tests.scoring import schemes

RULEBOOK = scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019")
NAMES = {"yanji": "延吉法院", "tumen": "图们法院"}
LANGUAGES = ["zh-hans", "ko", "en"]

DECEMBER, JUNE, JULY = Month(2019, 12), Month(2019, 6), Month(2019, 7)
PERCENT, DAYS = Unit.PERCENT, Unit.DAYS


def origin(how: str, month: Month, multiplier: int = 1, divisor: int = 1) -> Baseline:
    return Baseline(how, month, {}, multiplier, divisor, ())


def share_of(operand: str, share: str) -> Sentence:
    return Sentence(
        sentences.SHARE_OF_POINTS, {"operand": operand, "share": Amount(share, PERCENT)}
    )


def each(template: Text, operand: str, rate: str) -> Sentence:
    return Sentence(template, {"operand": operand, "rate": rate})


RATE = 'numerator = ["part"]\ndenominator = ["whole"]\n'


def step_of(kind: str, formula: str, rule: str, **figures: tuple[int, int]) -> Step:
    """A step of Yanji's score by a scheme of one item; `figures` are part and whole of courts."""
    courts = [
        CourtFacts(
            court,
            Level.GRASSROOTS,
            current={"part": part, "whole": whole},
            assessed={"A1": Assessed(Decimal("9.5"), "评1号")},
        )
        for court, (part, whole) in figures.items()
    ]
    board = scoring.score(schemes.rulebook([schemes.item(formula, rule)]), Month(2020, 12), courts)
    steps = board.court("yanji").item("A1").steps
    return next(step for step in steps if step.kind == kind)


# Worked by hand beside each: what is printed, and with how many decimals it must be.
STEPS: dict[str, tuple[Step, str]] = {
    "a figure of the case systems": (
        next(
            step
            for step in trace.with_replaced(
                [
                    trace.figures(
                        ["appeals_filed", "appeal_revised"],
                        {"appeals_filed": 12, "appeal_revised": 3},
                        DECEMBER,
                        role="sum",
                    )
                ],
                {
                    "2019-12": {
                        "appeals_filed": Replaced(10),
                        "appeal_revised": Replaced(None, True),
                    }
                },
            )
            if step.kind == "replaced"
        ),
        (
            "二审立案数（2019-12）：提取数据 12，法院填报 10，差异未处理；"
            "二审被改判（2019-12）：提取数据 3，法院未填报，已定以提取数据为准。"
        ),
    ),
    "one figure": (
        trace.figures(["appeals_filed"], {"appeals_filed": 160}, DECEMBER, role="numerator"),
        "分子（2019-12）：二审立案数 160。",
    ),
    "a sum of last year": (
        trace.figures(
            ["appeal_revised", "appeal_remanded"],
            {"appeal_revised": 165, "appeal_remanded": 60},
            Month(2018, 12),
            role="sum",
            period="baseline",
        ),
        "上年数据（2018-12）：二审被改判 165 + 二审被发回重审 60 = 225。",
    ),
    "a sum that lacks one": (
        trace.figures(
            ["appeal_revised", "appeal_remanded"],
            {"appeal_revised": 165},
            DECEMBER,
            role="denominator",
            condition=2,
        ),
        "条件2：分母（2019-12）：二审被改判 165 + 二审被发回重审 未填报。",
    ),
    "same month": (
        trace.baseline(
            origin("same_month", Month(2018, 6)), 30, Fraction(30), fraction(Fraction(30))
        ),
        "与上年同月（2018-06）相比，基数为 30。",
    ),
    # 253 × 7 / 12 = 147.58333…
    "prorated": (
        trace.baseline(
            origin("prorated", Month(2018, 12), 7, 12),
            253,
            Fraction(1771, 12),
            printed(Fraction(1771, 12)),
        ),
        "上年同月数据不全，取上年全年（2018-12）的 7/12，基数为：253 × 7 ÷ 12 ≈ 147.58。",
    ),
    "annual": (
        trace.baseline(
            origin("annual", Month(2018, 12)), 252, Fraction(252), fraction(Fraction(252))
        ),
        "与上年全年（2018-12）相比，基数为 252。",
    ),
    "rate of the same month": (
        trace.baseline_rate(origin("same_month", Month(2018, 6)), Fraction(3500, 113)),
        "与上年同月（2018-06）的比率相比。",
    ),
    "rate of the whole year instead": (
        trace.baseline_rate(origin("prorated", Month(2018, 12), 5, 12), Fraction(3500, 113)),
        "上年同月数据不全，与上年全年（2018-12）的比率相比；比率不按月折算。",
    ),
    "rate of the whole year": (
        trace.baseline_rate(origin("annual", Month(2018, 12)), Fraction(3500, 113)),
        "与上年全年（2018-12）的比率相比。",
    ),
    # 30 / 113 = 26.548…
    "rate": (
        trace.rate(30, 113, Fraction(3000, 113)),
        "比率：30 ÷ 113 ≈ 26.55%。",
    ),
    "exact rate": (trace.rate(3, 8, Fraction(75, 2)), "比率：3 ÷ 8 = 37.50%。"),
    "complement": (
        trace.rate(840, 1000, Fraction(84), complement=True),
        "比率：（分母 − 分子）÷ 分母 = 840 ÷ 1000 = 84.00%。",
    ),
    "average": (trace.rate(1500, 10, Fraction(150), unit=DAYS), "平均：1500 ÷ 10 = 150.00天。"),
    "rate of last year": (
        trace.rate(35, 113, Fraction(3500, 113), period="baseline"),
        "上年比率：35 ÷ 113 ≈ 30.97%。",
    ),
    # 25 / 252 = 9.9206…
    "drop": (
        drop_step(
            Fraction(252),
            227,
            Fraction(625, 63),
            (fraction(Fraction(252)), printed(Fraction(625, 63))),
        ),
        "降幅：（252 − 227）÷ 252 ≈ 9.92%。",
    ),
    # 147 / 2 = 73.5; 3.5 / 73.5 = 4.7619…
    "drop from a prorated baseline": (
        drop_step(
            Fraction(147, 2),
            70,
            Fraction(100, 21),
            (printed(Fraction(147, 2)), printed(Fraction(100, 21))),
        ),
        "降幅：（73.50 − 70）÷ 73.50 ≈ 4.76%。",
    ),
    "no drop": (
        drop_step(
            Fraction(10), 11, Fraction(-10), (fraction(Fraction(10)), printed(Fraction(-10)))
        ),
        "没有下降：（10 − 11）÷ 10 = −10.00%。",
    ),
    # 35/113 − 30/113 = 4.4247…
    "drop of a rate": (
        rate_drop_step(
            Fraction(3500, 113),
            Fraction(3000, 113),
            Fraction(500, 113),
            (
                printed(Fraction(3500, 113)),
                printed(Fraction(3000, 113)),
                printed(Fraction(500, 113)),
            ),
        ),
        "下降：30.97% − 26.55% ≈ 4.42个百分点。",
    ),
    "no drop of a rate": (
        rate_drop_step(
            Fraction(10),
            Fraction(10),
            Fraction(0),
            (printed(Fraction(10)), printed(Fraction(10)), printed(Fraction(0))),
        ),
        "没有下降：10.00% − 10.00% = 0.00个百分点。",
    ),
    "whole": (
        whole_step(Fraction(625, 63), 9, printed(Fraction(625, 63)), PERCENT),
        "只计整数部分：9.92% 计为 9。",
    ),
    "nothing whole": (
        whole_step(Fraction(-3), 0, printed(Fraction(-3)), PERCENT),
        "没有下降，整数部分计为 0。",
    ),
    "target met": (
        trace.target(
            Decimal(90),
            Direction.AT_LEAST,
            appraisal=False,
            met=True,
            unit=PERCENT,
            value=Fraction(91),
        ),
        "目标：不低于 90.00%，已完成。",
    ),
    "target missed": (
        trace.target(
            Decimal("153.25"),
            Direction.AT_MOST,
            appraisal=False,
            met=False,
            unit=DAYS,
            value=Fraction(160),
        ),
        "目标：不高于 153.25天，未完成。",
    ),
    # 91.18999 prints like 91.19 and is less.
    "target missed but for print": (
        trace.target(
            Decimal("91.19"),
            Direction.AT_LEAST,
            appraisal=False,
            met=False,
            unit=PERCENT,
            value=Fraction("91.18999"),
        ),
        "目标：不低于 91.19%，未完成：保留两位小数后与目标相同，精确值并没有达到。",
    ),
    "target met as printed": (
        trace.target(
            Decimal("91.19"),
            Direction.AT_LEAST,
            appraisal=False,
            met=True,
            unit=PERCENT,
            value=Fraction("91.18999"),
        ),
        "目标：不低于 91.19%，已完成：保留两位小数后与目标相同，按两位小数比较。",
    ),
    "target of the appraisal": (
        trace.target(Decimal("4.5"), Direction.AT_MOST, appraisal=True, met=None, unit=PERCENT),
        "审判绩效考核指标：不高于 4.50%。",
    ),
    "no target": (
        trace.target(None, Direction.AT_MOST, appraisal=True, met=None, unit=PERCENT),
        "审判绩效考核指标尚未录入，没有目标值。",
    ),
    "condition met": (
        condition_step(1, Fraction(15), Fraction(15), met=True),
        "条件1：15.00%，应不低于 15.00%，已满足。",
    ),
    # 20 / 60 = 33.333…
    "condition missed": (
        condition_step(2, Fraction(30), Fraction(100, 3), met=False, against=(20, 60)),
        "条件2：对照比率：20 ÷ 60 ≈ 33.33%；30.00%，应不低于 33.33%，未满足。",
    ),
    "condition missed but for print": (
        condition_step(1, Fraction("14.999"), Fraction(15), met=False),
        "条件1：14.999%，应不低于 15.000%，未满足：保留两位小数后相同，精确值并没有达到。",
    ),
    "condition met as printed": (
        condition_step(1, Fraction("14.999"), Fraction(15), met=True),
        "条件1：14.999%，应不低于 15.000%，已满足：保留两位小数后相同，按两位小数比较。",
    ),
    "attainment": (
        attainment_step(
            Fraction(375, 4),
            printed(Fraction(75)),
            Decimal(80),
            printed(Fraction(375, 4)),
            floor=True,
            unit=PERCENT,
        ),
        "未完成的目标按完成程度计分：75.00% ÷ 80.00% = 93.75%。",
    ),
    # 153.25 / 160 = 95.78125 %
    "attainment of a ceiling": (
        attainment_step(
            Fraction("95.78125"),
            printed(Fraction(160)),
            Decimal("153.25"),
            printed(Fraction("95.78125")),
            floor=False,
            unit=DAYS,
        ),
        "未完成的目标按完成程度计分：153.25天 ÷ 160.00天 ≈ 95.78%。",
    ),
    # 625/63 × 4 = 39.6825…
    "points for a drop": (
        trace.points(
            Ratio(250000, 63),
            4000,
            3968,
            Decimal(4),
            PERCENT,
            each(EACH_PERCENT, "9.92", "4"),
            operands_exact=False,
        ),
        "每下降1%计4分：9.92 × 4 ≈ 39.68，得 39.68 分，满分 40.00 分。",
    ),
    "points for whole percents": (
        trace.points(
            Ratio(3600, 1),
            4000,
            3600,
            Decimal(4),
            PERCENT,
            each(EACH_PERCENT, "9", "4"),
        ),
        "每下降1%计4分：9 × 4 = 36.00，得 36.00 分，满分 40.00 分。",
    ),
    # 500/113 × 0.5 = 2.2123…
    "points for a drop of a rate": (
        trace.points(
            Ratio(25000, 113),
            600,
            221,
            Decimal("0.5"),
            Unit.PERCENTAGE_POINTS,
            each(EACH_POINT, "4.42", "0.5"),
            operands_exact=False,
        ),
        "每下降1个百分点计0.5分：4.42 × 0.5 ≈ 2.21，得 2.21 分，满分 6.00 分。",
    ),
    # 650/63 = 10.3174…; × 4 = 41.2698…
    "points above the cap": (
        trace.points(
            Ratio(260000, 63),
            4000,
            4000,
            Decimal(4),
            PERCENT,
            each(EACH_PERCENT, "10.317", "4"),
            operands_exact=False,
        ),
        "每下降1%计4分：10.317 × 4 ≈ 41.27，超过满分，得 40.00 分。",
    ),
    "no points": (
        trace.points(Ratio(0, 1), 600, 0, Decimal("0.5"), PERCENT),
        "不得分，满分 6.00 分。",
    ),
    "points for a target": (trace.points(Ratio(750, 1), 750, 750), "得 7.50 分，满分 7.50 分。"),
    # 7.5 × 93.75 % = 7.03125
    "points by attainment": (
        trace.points(Ratio(703125, 1000), 750, 703, working=share_of("7.50", "93.75")),
        "按比例计分：7.50 × 93.75% ≈ 7.03，得 7.03 分，满分 7.50 分。",
    ),
    "points for one of two conditions": (
        trace.points(
            Ratio(400, 1),
            800,
            400,
            working=Sentence(CONDITIONS_KEPT, {"kept": 1, "count": 2, "operand": "8.00"}),
        ),
        "满足1个条件：8.00 × 1 ÷ 2 = 4.00，得 4.00 分，满分 8.00 分。",
    ),
    "ballots": (
        ballots_step(5, Fraction(54)),
        "共 5 张选票，平均：54 ÷ 5 = 10.80 分。",
    ),
    "peers": (
        peers_step(
            [("yanji", 7000, None), ("tumen", 8000, None)],
            Fraction(75),
            Decimal(25),
            printed(Fraction(75)),
            weighted=False,
        ),
        "各院得分：延吉法院 70.00、图们法院 80.00；平均：150.00 ÷ 2 = 75.00 分。",
    ),
    "mean of courts that are not shown": (
        peer_mean_step(Fraction(75), Decimal(25)),
        "各院得分平均 75.00 分，按 25.00% 计；各院的得分本年度不公布。",
    ),
    # 70 × 900 + 80 × 100 = 71000; / 1000 = 71
    "weighted peers": (
        peers_step(
            [("yanji", 7000, 900), ("tumen", 8000, 100)],
            Fraction(71),
            Decimal(25),
            printed(Fraction(71)),
            weighted=True,
        ),
        (
            "各院得分：延吉法院 70.00（权数 900）、图们法院 80.00（权数 100）；"
            "得分乘以权数再相加得 71000.00，权数共 1000，加权平均：71000.00 ÷ 1000 = 71.00 分。"
        ),
    ),
    # 85/100 = 85 %
    "short of a target": (
        step_of(
            "short",
            "graded",
            RATE + 'direction = "at_least"\ntarget = 90\nper_point = 2',
            yanji=(85, 100),
        ),
        "差距：90.00% − 85.00% = 5.00个百分点。",
    ),
    "outside an interval": (
        step_of("interval", "graded", RATE + "low = 10\nhigh = 20\nper_point = 1", yanji=(25, 100)),
        "合理区间：10.00% 至 20.00%，不在区间内。",
    ),
    "values of the level": (
        step_of(
            "courts",
            "target",
            RATE + 'direction = "at_least"\ntarget = "mean"',
            yanji=(4, 10),
            tumen=(8, 10),
        ),
        "各院数值：延吉法院 40.00、图们法院 80.00。",
    ),
    # 15 of 30
    "between two anchors": (
        step_of("share", "linear", RATE + "full_at = 90\nnone_at = 60", yanji=(75, 100)),
        "功效系数：（75.00% − 60.00%）÷（90.00% − 60.00%）= 50.00%。",
    ),
    "a place": (
        step_of(
            "place",
            "ranked",
            RATE + 'best = "high"\nper_rank = 3',
            yanji=(4, 10),
            tumen=(8, 10),
        ),
        "各院数值：延吉法院 40.00、图们法院 80.00；共2个法院，排第2名。",
    ),
    "given by an office": (
        step_of("assessed", "assessed", "", yanji=(1, 1)),
        "评定 9.50 分（评1号）。",
    ),
    "pending": (trace.status(Status.PENDING), "领导小组的无记名投票尚未计票，不计分。"),
    "without target": (trace.status(Status.NO_TARGET), "目标值录入之前不计分。"),
    "nothing to divide by": (
        trace.status(Status.NO_DENOMINATOR),
        "分母为零，没有比率可算，不计分。",
    ),
    "nothing last year": (
        trace.status(Status.NO_BASELINE),
        "上年为零，没有升降幅度可算，不计分，可申请单独评分。",
    ),
    "not reported": (
        trace.status(Status.NOT_REPORTED, missing=["appeals_filed", "appeal_revised"]),
        "未填报，不计分：二审立案数；二审被改判。",
    ),
    "last year not reported": (
        trace.status(
            Status.NOT_REPORTED,
            missing_baseline=["appeals_filed"],
            baseline_month=Month(2018, 12),
        ),
        "缺少上年数据（2018-12），不计分：二审立案数。",
    ),
    "neither reported": (
        trace.status(
            Status.NOT_REPORTED,
            missing=["appeal_revised"],
            missing_baseline=["appeals_filed"],
            baseline_month=Month(2018, 12),
        ),
        "未填报：二审被改判。缺少上年数据（2018-12）：二审立案数。不计分。",
    ),
    "decided": (
        trace.decision(Decimal(5), "特1号", Decimal("2.50")),
        "院党组决定（特1号）：5.00 分；按数据为 2.50 分。",
    ),
    "decided where none was computed": (
        trace.decision(Decimal(5), "", None),
        "院党组决定（单独评分）：5.00 分；按数据本无得分。",
    ),
    "paragraph": (trace.paragraph("附件1·二·1"), "依据：附件1·二·1。"),
}


def said(step: Step, rulebook: Rulebook = RULEBOOK) -> str:
    return sentence(step, rulebook, NAMES)


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
        for kept in (*NAMES.values(), "特1号", "评1号", "附件1·二·1"):
            foreign = foreign.replace(kept, "")
        assert foreign.isascii() or set(foreign) <= set(map(chr, range(128))) | set("−÷“”’–×≈")
    assert "%(" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_readings_are_told_by_the_rulebook(language: str) -> None:
    for reading in RULEBOOK.readings:
        for option in reading.options:
            context = Context(RULEBOOK, DECEMBER, {})
            step = trace.reading(reading.code, option.value, context)
            with translation.override(language):
                text = said(step)
            assert reading.question.get(language) in text
            assert option.label.get(language) in text


def test_every_kind_of_step_has_a_sentence() -> None:
    assert {step.kind for step, _expected in STEPS.values()} | {"reading"} == set(kinds())


@pytest.mark.parametrize(
    "name", [name for name, (step, _) in STEPS.items() if step.kind != "points"]
)
def test_a_sentence_names_each_value_it_is_given(name: str) -> None:
    """What is put into a sentence stands in it, in every language."""
    of_step = STEPS[name][0].sentence
    for language in LANGUAGES:
        template = of_step.template.get(language)
        named = set(re.findall(r"%\((\w+)\)s", template))
        assert named <= set(of_step.values)
        assert named == set(re.findall(r"%\((\w+)\)s", of_step.template.zh))


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
        # The notice counts its figures from January on, so nothing of it is not due yet.
        assert status_label(Status.NOT_DUE)
    assert statuses == set(Status) - {Status.NOT_DUE}


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
