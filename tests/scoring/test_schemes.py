"""What other schemes ask of the engine beside formulas: bonus items, sides, levels, overrides."""

from __future__ import annotations

import pickle
from decimal import Decimal
from fractions import Fraction

import scoring
from scoring import CourtFacts, Level, Month, Scorecard
from scoring.caps import capped_metrics
from scoring.facts import Assessed
from scoring.formulas.assessed import assessed_step
from scoring.rates import total
from scoring.series import is_sum, part_of_whole
from scoring.weights import Weighed, scale_of
from tests.scoring import schemes

DECEMBER = Month(2020, 12)
TARGET = 'numerator = ["part"]\ndenominator = ["whole"]\ndirection = "at_least"\ntarget = 50'
BONUS = 'kind = "bonus"'


def bonus(points: str, formula: str, rule: str, code: str = "B1") -> str:
    return schemes.item(formula, rule, points, code, BONUS)


def card(
    items: list[str], points: str = "100", assessed: str | None = None, **figures: int
) -> Scorecard:
    rulebook = schemes.rulebook(items, points)
    given = {} if assessed is None else {"B1": Assessed(Decimal(assessed), "评1号")}
    court = CourtFacts("a", Level.GRASSROOTS, {"came": 1, "done": 0, **figures}, assessed=given)
    return scoring.score(rulebook, DECEMBER, [court]).court("a")


# --- Points on top ---------------------------------------------------------------------------


def test_a_bonus_comes_on_top_of_its_side() -> None:
    """100 of 100, and 2 × 2 = 4 on top: 104; the other half has none: 104/2 = 52."""
    own = schemes.item("target", TARGET)
    each = bonus("5", "per_case", 'figures = ["other"]\nper_case = 2\nadds = true')
    found = card([own, each], part=1, whole=2, other=2)
    assert found.half_cents[scoring.Side.LITIGATION] == 10400
    assert found.total == Decimal("52.00")
    # Everything that counts as full is what the items of the sides sum up to.
    assert scoring.full_points(found.items[0].context.rulebook) == Decimal("100.00")


def test_points_that_are_only_taken_off() -> None:
    """100 − 3 × 1.5 = 95.5."""
    own = schemes.item("target", TARGET)
    off = bonus("0", "per_case", 'figures = ["other"]\nper_case = 1.5\nfloor = -6')
    found = card([own, off], part=1, whole=2, other=3)
    assert found.item("B1").points == Decimal("-4.50")
    assert found.half_cents[scoring.Side.LITIGATION] == 9550
    assert "0.00 − 3 × 1.5 = −4.50，得 −4.50 分，满分 0.00 分。" in schemes.explained(
        found.item("B1")
    )
    assert found.item("B1").value == Fraction("4.5")
    rule = found.item("B1").item.rule
    assert found.item("B1").item.formula.metrics(rule) == ("other",)


def test_a_bonus_that_nothing_caps() -> None:
    own = schemes.item("target", TARGET)
    each = bonus('"open"', "per_case", 'figures = ["other"]\nper_case = 2\nadds = true')
    found = card([own, each], part=1, whole=2, other=700).item("B1")
    assert (found.points, found.cap) == (Decimal(1400), None)
    assert "700 × 2 = 1400.00，得 1400.00 分。" in schemes.explained(found)
    (points,) = (step for step in found.steps if step.kind == "points")
    assert points.data["max"] is None
    given = card([own, bonus('"open"', "assessed", "floor = -3")], assessed="12.5").item("B1")
    assert (given.points, given.cap) == (Decimal("12.50"), None)
    assert "得 12.50 分。" in schemes.explained(given)
    assert found.item.is_bonus
    assert given.value == Fraction("12.5")
    assert given.item.formula.metrics(given.item.rule) == ()
    waiting = card([own, bonus('"open"', "assessed", "")]).item("B1")
    assert schemes.explained(waiting)[0] == "尚未评定或确认，不计分。"
    unreferenced = assessed_step(Assessed(Decimal("12.5"), "")).sentence
    assert schemes.said(unreferenced) == "评定 12.50 分。"


# --- Weights ---------------------------------------------------------------------------------


def test_a_weighed_sum_is_exact_and_no_number_of_cases() -> None:
    rule = 'figures = ["part", { metric = "other", weight = 0.6 }]\nper_percent = 1'
    rulebook = schemes.rulebook([schemes.item("drop", rule)])
    item = rulebook.item_by_code["A1"]
    figures = item.rule.figures
    assert figures == Weighed(("part", "other"), (Fraction(1), Fraction(3, 5)))
    assert figures != ("part", "other")
    assert hash(figures) == hash(pickle.loads(pickle.dumps(figures)))
    assert pickle.loads(pickle.dumps(figures)) == figures
    assert total({"part": 1, "other": 3}, figures) == Fraction(14, 5)
    assert total({"part": 1}, figures) is None
    assert scale_of(figures) == 5
    assert not is_sum(item)
    assert item.formula.symbols(item.rule).startswith("S = part + 0.6 × other;")
    rate = 'numerator = [{ metric = "part", weight = 2 }]\ndenominator = ["whole"]\n'
    rate += 'direction = "at_least"\ntarget = 50'
    weighed = schemes.rulebook([schemes.item("target", rate)])
    assert part_of_whole(weighed, weighed.item_by_code["A1"]) is None


def test_weights_of_one_leave_a_plain_sum() -> None:
    rule = 'figures = ["part", { metric = "other", weight = 1 }]\nper_percent = 1'
    rulebook = schemes.rulebook([schemes.item("drop", rule)])
    assert type(rulebook.item_by_code["A1"].rule.figures) is tuple


def test_a_sum_that_should_rise_is_not_capped() -> None:
    rule = 'figures = ["part"]\nper_percent = 1\nchange = "rise"'
    rulebook = schemes.rulebook([schemes.item("drop", rule)])
    assert not is_sum(rulebook.item_by_code["A1"])
    assert capped_metrics(rulebook) == ()
    item = rulebook.item_by_code["A1"]
    assert item.formula.symbols(item.rule).startswith("S = part; x = (S − S′) ÷ S′ × 100;")
    assert schemes.rule_words(rulebook)[0] == "比上年每上升1%，得1分，最多得满分：part。"
    assert item.formula.levers(item.rule) == {"part": 1}
    court = CourtFacts("a", Level.GRASSROOTS, baseline_annual={"part": 3})
    assert scoring.attainable(rulebook, DECEMBER, court)["A1"] == Decimal(100)


def test_a_rate_that_should_rise() -> None:
    rule = 'numerator = ["part"]\ndenominator = ["whole"]\nper_point = 1\nchange = "rise"'
    rulebook = schemes.rulebook([schemes.item("rate_drop", rule)])
    item = rulebook.item_by_code["A1"]
    assert "x = r − r′;" in item.formula.symbols(item.rule)
    assert schemes.rule_words(rulebook)[0] == (
        "part ÷ whole，比上年每上升1个百分点，得1分，最多得满分。"
    )
    assert item.formula.levers(item.rule) == {"part": 1}
    court = CourtFacts("a", Level.GRASSROOTS, baseline_annual={"part": 3, "whole": 9})
    assert scoring.attainable(rulebook, DECEMBER, court)["A1"] == Decimal(100)
