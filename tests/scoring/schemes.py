"""Small rulebooks for formulas that the bundled one does not use, and their explanations as text.

Owns no expected number. The items of a scheme stand on one side; the other has one of its own, so
that both have their points.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import scoring
from scoring import ItemScore, Rulebook
from scoring.schema import Direction, Level, Text, Unit
from scoring.sentences import (
    Amount,
    Bound,
    CourtPoints,
    Figures,
    Lines,
    MetricNames,
    Quotient,
    Sentence,
    Summed,
)
from scoring.symbols import summed

COUNTS = ("part", "whole", "other", "more")
HEAD = """
code = "jia-2020"
year = 2020
baseline_year = 2019
ranked_level = "grassroots"
title = { zh = "考核" }
document = { zh = "〔2020〕1号" }
readings = []
"""
SIDES = """
[[sides]]
side = "litigation"
label = { zh = "诉讼" }
weight = 50
points = %s
[[sides]]
side = "enforcement"
label = { zh = "执行" }
weight = 50
points = 100
"""
METRIC = """
[[metrics]]
code = "%s"
group = "%s"
kind = "%s"
unit = { zh = "件" }
label = { zh = "%s" }
definition = { zh = "数" }
source = { zh = "系统" }
"""
GROUP = """
[[groups]]
code = "all"
label = { zh = "全部" }
"""
FILLER = """
[[items]]
code = "Z1"
paragraph = "二"
group = "all"
label = { zh = "办结" }
short = { zh = "办结" }
points = { grassroots = 100, intermediate = 100 }
formula = "target"
[items.rule]
numerator = ["done"]
denominator = ["came"]
direction = "at_least"
target = 80
"""


def item(formula: str, rule: str, points: str = "100", code: str = "A1", extra: str = "") -> str:
    """One item as a rulebook writes it; `points` are the same at both levels."""
    return f"""
[[items]]
code = "{code}"
paragraph = "一"
group = "all"
label = {{ zh = "{code}" }}
short = {{ zh = "{code}" }}
points = {{ grassroots = {points}, intermediate = {points} }}
formula = "{formula}"
{extra}
[items.rule]
{rule}
"""


def sources(
    items: Iterable[str], points: str = "100", head: str = "", metrics: str = ""
) -> dict[str, str]:
    """The files of a scheme with these items; `points` is what they sum up to."""
    own = "".join(METRIC % (code, "own", "count", code) for code in COUNTS)
    own += METRIC % ("days", "own", "sum", "days") + METRIC % ("staff", "own", "stock", "staff")
    theirs = "".join(METRIC % (code, "theirs", "count", code) for code in ("came", "done"))
    groups = "".join(
        f'[[groups]]\ncode = "{code}"\nside = "{side}"\nlabel = {{ zh = "{code}" }}\n'
        for code, side in (("own", "litigation"), ("theirs", "enforcement"))
    )
    return {
        "rulebook.toml": HEAD + head + SIDES % points,
        "metrics.toml": "checks = []\n" + groups + own + theirs + metrics,
        "litigation.toml": GROUP + "".join(items),
        "enforcement.toml": GROUP + FILLER,
    }


def rulebook(
    items: Iterable[str], points: str = "100", head: str = "", metrics: str = ""
) -> Rulebook:
    return scoring.load_sources(sources(items, points, head, metrics))


UNITS = {
    Unit.PERCENT: "%",
    Unit.PERCENTAGE_POINTS: "个百分点",
    Unit.DAYS: "天",
    Unit.POINTS: "分",
    Unit.YUAN: "元",
}


def said(value: Any, language: str = "zh") -> str:
    """A value of a sentence as pages print it, metrics and courts by their codes."""
    match value:
        case Sentence(template, values):
            filled = {name: said(one, language) for name, one in values.items()}
            return template.get(language) % filled
        case Text():
            return value.get(language)
        case Amount(number, unit):
            return f"{number}{UNITS[unit]}".replace("-", "−")
        case Bound(direction, amount):
            word = "不低于" if direction is Direction.AT_LEAST else "不高于"
            return f"{word} {said(amount, language)}"
        case Summed(codes):
            return summed(codes)
        case Quotient(part, whole, complement):
            rate = f"{summed(part)} ÷ {summed(whole)}"
            return f"1 − {rate}" if complement else rate
        case Figures(figures):
            return " + ".join(f"{code} {value}" for code, value in figures)
        case MetricNames(codes):
            return "；".join(codes)
        case CourtPoints(courts):
            return "、".join(f"{court} {points}" for court, points, _weight in courts)
        case Lines(sentences):
            return "".join(said(one, language) for one in sentences)
        case Level():
            return value.value
        case _:
            return str(value)


def explained(score: ItemScore, language: str = "zh", *, own: bool = False) -> list[str]:
    """The sentences of an explanation."""
    steps = score.own_steps if own else score.steps
    return [said(step.sentence, language) for step in steps]


def rule_words(book: Rulebook, code: str = "A1", language: str = "zh") -> Sequence[str]:
    """The rule of an item in words."""
    found = book.item_by_code[code]
    return [said(line, language) for line in found.formula.words(found.rule)]
