"""What formulas declare of themselves: words, symbols, and what a scorecard compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

import scoring
from scoring import CourtFacts, Item, Level, Month, sentences
from scoring.declared import Measured
from scoring.formulas import FORMULAS, choices, kinds, labels, words_for_numbers
from scoring.readings import resolved
from scoring.schema import Direction, StepSize, Text, Unit
from scoring.sentences import Amount, Bound, Lines, Quotient, Sentence, Summed
from scoring.series import is_rate, part_of_whole
from tests.scoring import annexes

RULEBOOK = scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019")
DECEMBER = Month(2019, 12)
SIGNS = {Direction.AT_LEAST: "≥", Direction.AT_MOST: "≤"}


def item(code: str, **readings: str) -> Item:
    """An item with its rule as these readings have it."""
    values = {**RULEBOOK.defaults, **readings}
    return next(one for one in resolved(RULEBOOK, values) if one.code == code)


def said(value: Any, language: str) -> str:
    """A value of a sentence, metrics by their codes."""
    match value:
        case Text():
            return value.get(language)
        case Amount(number, unit):
            return f"{number}{unit.value}"
        case Bound(direction, amount):
            return f"{SIGNS[direction]}{said(amount, language)}"
        case Summed(codes):
            return "+".join(codes)
        case Quotient(part, whole, complement):
            return f"{'1−' if complement else ''}{'+'.join(part)}/{'+'.join(whole)}"
        case _:
            return str(value)


def words(of: Item, language: str = "zh") -> list[str]:
    found = []
    for line in of.formula.words(of.rule):
        values = {name: said(value, language) for name, value in line.values.items()}
        found.append(line.template.get(language) % values)
    return found


LAST_YEAR = "十二月以前与上年同月比；没有上年同月数的，与上年全年数按月折算比。"
PETITIONS = "retrial_decided+retrial_escalated+retrial_directed+retrial_designated"


@pytest.mark.parametrize(
    ("code", "readings", "expected"),
    [
        ("L3.2", {}, ["比上年每下降1%，得0.2分，最多得满分：appeals_filed。", LAST_YEAR]),
        (
            "L3.2",
            {"step": "whole", "interim_baseline": "annual"},
            [
                "比上年每下降1%，得0.2分，最多得满分：appeals_filed。",
                "不足一个单位的部分不计。",
                "各月都与上年全年数比。",
            ],
        ),
        (
            "L6.1",
            {},
            [
                f"{PETITIONS}/retrial_petitions_closed，比上年每下降1个百分点，得0.5分，最多得满分。",
                LAST_YEAR,
            ],
        ),
        (
            "L3.1",
            {},
            [
                "1−appeals_filed/first_instance_closed，≥审判绩效考核指标的，得满分。",
                "没有达到目标的，不得分。",
            ],
        ),
        (
            "Q7",
            {"missed_target": "attainment"},
            [
                "closing_days/enforcement_closed，≤153.25days的，得满分。",
                "没有达到目标的，按完成比例得分。",
            ],
        ),
        (
            "Q11",
            {},
            [
                "条件：enforcement_staff/court_staff，≥15%。",
                (
                    "条件：enforcement_quota_judges/enforcement_established_staff，"
                    "≥trial_quota_judges/trial_established_staff。"
                ),
                "各条件全部满足才得分。",
            ],
        ),
        ("L7", {}, ["领导小组无记名评分的平均分。"]),
        ("GM", {}, ["辖区grassroots该半得分的平均分的25%。"]),
        (
            "GM",
            {"grassroots_mean": "by_docket"},
            [
                (
                    "辖区grassroots该半得分按enforcement_carried_over+enforcement_received"
                    "加权的平均分的25%。"
                )
            ],
        ),
    ],
)
def test_a_rule_in_words(code: str, readings: Mapping[str, str], expected: list[str]) -> None:
    assert words(item(code, **readings)) == expected


def test_equal_shares_in_words_and_symbols() -> None:
    (other,) = (v for v in RULEBOOK.reading_by_code["q11"].values if v != "both")
    shares = item("Q11", q11=other)
    assert words(shares)[-1] == "每满足一个条件，得相等的一份分。"
    assert shares.formula.symbols(shares.rule).endswith("trial_established_staff) → P ÷ 2")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_words_name_the_same_values_in_every_language(language: str) -> None:
    for one in RULEBOOK.items:
        for line in one.formula.words(one.rule):
            assert line.template.get(language) != line.template.zh
            assert all(f"%({name})s" in line.template.get(language) for name in line.values)


@pytest.mark.parametrize(
    ("code", "readings", "expected"),
    [
        ("L3.2", {}, "S = appeals_filed; x = (S′ − S) ÷ S′ × 100; min(P, max(0, x × 0.2))"),
        (
            "L3.2",
            {"step": "whole"},
            "S = appeals_filed; x = (S′ − S) ÷ S′ × 100; min(P, max(0, ⌊x⌋ × 0.2))",
        ),
        (
            "L6.1",
            {},
            (
                f"r = ({PETITIONS.replace('+', ' + ')}) ÷ (retrial_petitions_closed) × 100; "
                "x = r′ − r; min(P, max(0, x × 0.5))"
            ),
        ),
        (
            "L3.1",
            {},
            "v = (1 − (appeals_filed) ÷ (first_instance_closed)) × 100; v ≥ T → P",
        ),
        (
            "Q7",
            {"missed_target": "attainment"},
            "v = (closing_days) ÷ (enforcement_closed); v ≤ 153.25 → P, 153.25 ÷ v × P",
        ),
        (
            "C3",
            {"missed_target": "attainment"},
            (
                "v = ((enforcement_petitions_closed) ÷ (enforcement_petitions_received)) × 100; "
                "v ≥ 90 → P, v ÷ 90 × P"
            ),
        ),
        (
            "Q11",
            {},
            (
                "(enforcement_staff) ÷ (court_staff) ≥ 15 ÷ 100 ∧ "
                "(enforcement_quota_judges) ÷ (enforcement_established_staff) ≥ "
                "(trial_quota_judges) ÷ (trial_established_staff) → P"
            ),
        ),
        ("L7", {}, "Σ ÷ n"),
        ("GM", {}, "Σp ÷ n × 25 ÷ 100"),
        ("GM", {"grassroots_mean": "by_docket"}, "Σ(w × p) ÷ Σw × 25 ÷ 100"),
    ],
)
def test_a_rule_in_symbols(code: str, readings: Mapping[str, str], expected: str) -> None:
    found = item(code, **readings)
    assert found.formula.symbols(found.rule) == expected


# --- What a scorecard compares ---------------------------------------------------------------


def measured(facts: CourtFacts, code: str, month: Month = DECEMBER) -> tuple[Measured, ...]:
    return scoring.score(RULEBOOK, month, [facts]).court(facts.court).item(code).measured


def percent(number: str) -> Amount:
    return Amount(number, Unit.PERCENT)


def test_a_drop_beside_last_year() -> None:
    """252 cases last year, 227 now: 25 fewer are 9.92 percent."""
    last = annexes.figures("yanji")
    now = last | {"appeal_revised": last["appeal_revised"] - 25}
    (one,) = measured(annexes.facts("yanji", current=now), "L1")
    assert one == Measured(
        percent("9.92"), "252", Text("降幅", "감소폭", "Drop"), Text("上年", "지난해", "Last year")
    )
    # By the month: 252 × 7 ÷ 12 = 147; of a year without a case there is no fall.
    (july,) = measured(annexes.facts("yanji", current=now), "L1", Month(2019, 7))
    assert july.against == "147"
    none = dict.fromkeys(last, 0)
    (empty,) = measured(annexes.facts("yanji", current=now, baseline_annual=none), "L1")
    assert (empty.value, empty.against, empty.caption) == (None, "0", None)
    (missing,) = measured(annexes.facts("yanji"), "L1")
    assert missing == Measured()


def test_a_rate_beside_that_of_last_year() -> None:
    """29 + 3 + 3 of 113 last year are 30.97 percent; 30 of 113 now are 4.42 points fewer."""
    last = annexes.figures("yanji")
    now = last | {"retrial_decided": 24}
    (one,) = measured(annexes.facts("yanji", current=now), "L6.1")
    assert one.value == Amount("4.42", Unit.PERCENTAGE_POINTS)
    assert one.against == percent("30.97")
    assert one.caption == Text("降幅", "감소폭", "Drop")
    nothing_closed = now | {"retrial_petitions_closed": 0}
    (empty,) = measured(annexes.facts("yanji", current=nothing_closed), "L6.1")
    assert (empty.value, empty.against, empty.caption) == (None, percent("30.97"), None)
    (missing,) = measured(annexes.facts("yanji"), "L6.1")
    assert missing == Measured()


@pytest.mark.parametrize(("days", "met"), [(1532, True), (1533, False)])
def test_a_value_beside_its_target(days: int, met: bool) -> None:
    """153.2 days a case against 153.25, and 153.3."""
    facts = annexes.facts("yanji", current={"closing_days": days, "enforcement_closed": 10})
    assert measured(facts, "Q7") == (
        Measured(
            Amount(f"{days / 10:.2f}", Unit.DAYS),
            Bound(Direction.AT_MOST, Amount("153.25", Unit.DAYS)),
            None,
            sentences.TARGET,
            is_target=True,
            met=met,
        ),
    )


def test_a_target_that_is_not_entered_yet() -> None:
    figures = {"appeals_filed": 7, "first_instance_closed": 100}
    facts = annexes.facts("yanji", current=figures)
    assert measured(facts, "L3.1") == (Measured(percent("93.00")),)
    with_target = replace(facts, targets={"L3.1": Decimal("92.5")})
    (one,) = measured(with_target, "L3.1")
    assert (one.against, one.met) == (Bound(Direction.AT_LEAST, percent("92.50")), True)
    (none,) = measured(annexes.facts("yanji", targets={"Q7": Decimal(1)}), "Q7")
    assert (none.value, none.met) == (None, None)


def test_conditions_one_by_one() -> None:
    """3 of 20 are the 15 percent asked for; 1 of 5 is below 1 of 4."""
    staff = {
        "enforcement_staff": 3,
        "court_staff": 20,
        "enforcement_quota_judges": 1,
        "enforcement_established_staff": 5,
        "trial_quota_judges": 1,
        "trial_established_staff": 4,
    }
    first, second = measured(annexes.facts("yanji", current=staff), "Q11")
    assert (first.value, first.against, first.met) == (
        percent("15.00"),
        Bound(Direction.AT_LEAST, percent("15.00")),
        True,
    )
    assert (second.value, second.against, second.met) == (
        percent("20.00"),
        Bound(Direction.AT_LEAST, percent("25.00")),
        False,
    )
    assert isinstance(second.caption, Lines)
    (caption,) = second.caption.sentences
    assert isinstance(caption, Sentence)
    assert caption.template.zh % caption.values == "条件2"
    (none,) = measured(annexes.facts("yanji"), "Q11")
    assert none == Measured()
    nobody = dict.fromkeys(staff, 0)
    assert measured(annexes.facts("yanji", current=nobody), "Q11") == (Measured(),)


def test_a_decision_leaves_what_the_figures_say() -> None:
    decided = {"Q7": scoring.Decision(Decimal(2), "特1号")}
    figures = {"closing_days": 1533, "enforcement_closed": 10}
    (one,) = measured(annexes.facts("yanji", current=figures, decisions=decided), "Q7")
    assert (one.value, one.met) == (Amount("153.30", Unit.DAYS), False)


# --- The registry ----------------------------------------------------------------------------


def test_formulas_are_registered_by_their_names() -> None:
    assert {name: formula.name for name, formula in FORMULAS.items()} == {
        name: name for name in FORMULAS
    }
    assert words_for_numbers() == {"appraisal", "mean", "median", "last_year"}
    assert choices()["step"] is StepSize
    assert choices()["level"] is Level
    assert {"figures", "rate", "drop", "condition", "peer_mean"} <= set(kinds())


def test_every_choice_and_its_values_have_names() -> None:
    named = labels()
    for field, choice in choices().items():
        assert field in named
        if choice is not Level:
            assert {member.value for member in choice} <= set(named)
    assert all(text.ko and text.en for text in named.values())


def test_a_stock_among_cases_is_no_rate_of_cases() -> None:
    assert is_rate(item("Q5"))
    assert not is_rate(item("L1"))
    stock = item("Q5")
    stock = replace(stock, rule=replace(stock.rule, numerator=("court_staff",)))
    assert part_of_whole(RULEBOOK, stock) is None


def test_nothing_is_held_against_a_target_that_there_is_none_of() -> None:
    """A formula without a goal answers for one that asks anyway."""
    score = scoring.score(RULEBOOK, DECEMBER, [annexes.facts("yanji")]).court("yanji").item("L1")
    formula = item("L1").formula(item("L1"), Level.GRASSROOTS, RULEBOOK)
    assert formula.met(score) is None
