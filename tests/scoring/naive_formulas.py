"""The general formulas once more, slow and obvious, from the rule as it is written.

Owns a second scoring of one item for the courts of a level. It takes nothing from `scoring`: rules
are plain dictionaries of TOML, numbers are Fractions until an item is rounded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

Figures = Mapping[str, int]
Rule = Mapping[str, Any]
# A status alone, or with hundredths of points.
Answer = tuple[str, int | None]


def hundredths(points: Fraction) -> int:
    """Half up, away from zero below it."""
    if points < 0:
        return -hundredths(-points)
    return int(points * 100 + Fraction(1, 2))


def two_places(value: Fraction) -> Fraction:
    return Fraction(hundredths(value), 100)


def add(figures: Figures, terms: Sequence[Any]) -> Fraction | None:
    """A sum, some of whose terms may be weighed; None where a figure is missing."""
    total = Fraction(0)
    for term in terms:
        name, weight = (term["metric"], term["weight"]) if isinstance(term, dict) else (term, 1)
        if name not in figures:
            return None
        total += figures[name] * Fraction(weight)
    return total


def value_of(figures: Figures, rule: Rule) -> Fraction | str:
    """The value of a rate, or the status for which there is none."""
    part = add(figures, rule["numerator"])
    if not rule.get("denominator"):
        return "not_reported" if part is None else part
    whole = add(figures, rule["denominator"])
    if part is None or whole is None:
        return "not_reported"
    if whole == 0:
        return "no_denominator"
    if rule.get("complement"):
        part = whole - part
    value = part / whole * (1 if rule.get("average") else 100)
    return two_places(value) if rule.get("comparison") == "as_printed" else value


def exact_value(figures: Figures, rule: Rule) -> Fraction | str:
    return value_of(figures, {**rule, "comparison": "exact"})


def score(
    formula: str,
    rule: Rule,
    points: Fraction,
    courts: Mapping[str, Figures],
    targets: Mapping[str, Fraction],
    assessed: Mapping[str, Fraction],
    before: Mapping[str, Figures] | None = None,
) -> dict[str, Answer]:
    """The item for every court of a level; `before` are the figures of last year's December."""
    found: dict[str, Answer] = {}
    for code, figures in courts.items():
        last_year = (before or {}).get(code, {})
        if formula in ("drop", "rate_drop") or rule.get("target") == "last_year":
            answer = against_last_year(formula, rule, points, figures, last_year)
            found[code] = (
                (answer, None) if isinstance(answer, str) else ("scored", hundredths(answer))
            )
            continue
        others = {name: courts[name] for name in courts if name != code}
        answer = FORMULAS[formula](
            rule, points, figures, others, targets.get(code), assessed.get(code)
        )
        found[code] = (answer, None) if isinstance(answer, str) else ("scored", hundredths(answer))
    return found


def bounds(
    rule: Rule, figures: Figures, others: Mapping[str, Figures], target: Fraction | None
) -> tuple[Fraction | None, Fraction | None] | str:
    """The least and the most that the value should be."""
    if "low" in rule:
        low, high = Fraction(rule["low"]), Fraction(rule["high"])
        if rule.get("comparison") == "as_printed":
            return two_places(low), two_places(high)
        return low, high
    wanted = rule["target"]
    if wanted == "appraisal":
        if target is None:
            return "no_target"
        wanted = target
    elif wanted in ("mean", "median"):
        own = exact_value(figures, rule)
        theirs = [exact_value(other, rule) for other in others.values()]
        known = sorted(value for value in theirs if not isinstance(value, str))
        if not known:
            return "no_target"
        if not isinstance(own, str):
            known = sorted([*known, own])
        middle = len(known) // 2
        if wanted == "mean":
            wanted = sum(known, Fraction(0)) / len(known)
        elif len(known) % 2:
            wanted = known[middle]
        else:
            wanted = (known[middle - 1] + known[middle]) / 2
    wanted = Fraction(wanted)
    if rule.get("comparison") == "as_printed":
        wanted = two_places(wanted)
    return (wanted, None) if rule["direction"] == "at_least" else (None, wanted)


def aimed(
    rule: Rule, figures: Figures, others: Mapping[str, Figures], target: Fraction | None
) -> Fraction | str:
    """By how much the value misses what it should be; a status where that cannot be told."""
    if not figures:
        return "not_reported"
    value = value_of(figures, rule)
    if value == "not_reported" and not (rule.get("target") == "appraisal" and target is None):
        return "not_reported"
    wanted = bounds(rule, figures, others, target)
    if isinstance(wanted, str):
        return wanted
    if isinstance(value, str):
        return value
    low, high = wanted
    if low is not None and value < low:
        return low - value
    if high is not None and value > high:
        return value - high
    return Fraction(0)


def or_full(rule: Rule, answer: Fraction | str, points: Fraction) -> Fraction | str:
    if answer == "no_denominator" and rule.get("zero_denominator") == "full":
        return points
    return answer


def graded(
    rule: Rule, points: Fraction, figures: Figures, others: Mapping[str, Figures],
    target: Fraction | None, given: Fraction | None,
) -> Fraction | str:  # fmt: skip
    short = aimed(rule, figures, others, target)
    if isinstance(short, str):
        return or_full(rule, short, points)
    if rule.get("step") == "whole":
        short = Fraction(short.numerator // short.denominator)
    return max(Fraction(rule.get("floor", 0)), points - short * Fraction(rule["per_point"]))


def target(
    rule: Rule, points: Fraction, figures: Figures, others: Mapping[str, Figures],
    wanted: Fraction | None, given: Fraction | None,
) -> Fraction | str:  # fmt: skip
    short = aimed(rule, figures, others, wanted)
    if isinstance(short, str):
        return or_full(rule, short, points)
    return points if short == 0 else Fraction(0)


def linear(
    rule: Rule, points: Fraction, figures: Figures, others: Mapping[str, Figures],
    target: Fraction | None, given: Fraction | None,
) -> Fraction | str:  # fmt: skip
    value = value_of(figures, rule)
    if isinstance(value, str):
        return or_full(rule, value, points)
    none, full = Fraction(rule["none_at"]), Fraction(rule["full_at"])
    share = (value - none) / (full - none)
    if share < 0:
        return Fraction(0)
    return points * share if share < 1 else points


def per_case(
    rule: Rule, points: Fraction, figures: Figures, others: Mapping[str, Figures],
    target: Fraction | None, given: Fraction | None,
) -> Fraction | str:  # fmt: skip
    cases = add(figures, rule["figures"])
    if cases is None:
        return "not_reported"
    each = cases * Fraction(rule["per_case"])
    if rule.get("adds"):
        return min(points, each)
    return max(Fraction(rule.get("floor", 0)), points - each)


def ranked(
    rule: Rule, points: Fraction, figures: Figures, others: Mapping[str, Figures],
    target: Fraction | None, given: Fraction | None,
) -> Fraction | str:  # fmt: skip
    def earns(rank: int, count: int) -> Fraction:
        for band in rule.get("bands", []):
            if Fraction(rank, count) * 100 <= Fraction(band["share"]):
                return Fraction(band["points"])
        first = Fraction(rule.get("first", points))
        return max(Fraction(0), first - (rank - 1) * Fraction(rule["per_rank"]))

    own = value_of(figures, rule)
    if isinstance(own, str):
        return or_full(rule, own, earns(1, 1))
    theirs = [value_of(other, rule) for other in others.values()]
    known = [value for value in theirs if not isinstance(value, str)]
    if rule["best"] == "high":
        before = [value for value in known if value > own]
    else:
        before = [value for value in known if value < own]
    return earns(1 + len(before), 1 + len(known))


def assessed(
    rule: Rule, points: Fraction, figures: Figures, others: Mapping[str, Figures],
    target: Fraction | None, given: Fraction | None,
) -> Fraction | str:  # fmt: skip
    if given is None:
        return "pending"
    return min(points, max(Fraction(rule.get("floor", 0)), given))


def against_last_year(
    formula: str, rule: Rule, points: Fraction, figures: Figures, before: Figures
) -> Fraction | str:
    """A sum or a rate of December beside that of the whole year before."""
    if formula == "drop":
        now, then = add(figures, rule["figures"]), add(before, rule["figures"])
        if now is None or then is None:
            return "not_reported"
        if then == 0:
            return "no_baseline"
        moved = (now - then) / then * 100
        each = rule["per_percent"]
    else:
        own, other = value_of(figures, rule), value_of(before, rule)
        if "not_reported" in (own, other):
            return "not_reported"
        if isinstance(own, str):
            return or_full(rule, own, points)
        if isinstance(other, str):
            return "no_baseline"
        if formula == "target":
            is_met = own >= other if rule["direction"] == "at_least" else own <= other
            return points if is_met else Fraction(0)
        moved = own - other
        each = rule["per_point"]
    if rule.get("change") != "rise":
        moved = -moved
    if rule.get("step") == "whole":
        moved = Fraction(moved.numerator // moved.denominator)
    return min(points, max(Fraction(0), moved * Fraction(each)))


FORMULAS = {
    "graded": graded,
    "target": target,
    "linear": linear,
    "per_case": per_case,
    "ranked": ranked,
    "assessed": assessed,
}
