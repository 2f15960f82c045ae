"""What an item comes to in single months, and which items are shares of a whole.

Figures are year to date, so a month alone is the difference to the month before. Exact values;
they are looked at, never scored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from scoring.rates import PERCENT, total
from scoring.schema import Direction, DropRule, Item, Kind, RateDropRule, Rulebook, TargetRule


class Part(NamedTuple):
    """Sums of metrics, of which the first is a part of the second; `complement` asks the rest."""

    part: tuple[str, ...]
    whole: tuple[str, ...]
    complement: bool = False


def has_months(rulebook: Rulebook, item: Item) -> bool:
    """Whether single months of the item mean something: no stock is in it."""
    codes = _metrics(item)
    return bool(codes) and all(rulebook.metrics[code].kind is not Kind.STOCK for code in codes)


def month_value(item: Item, now: Mapping[str, int], before: Mapping[str, int]) -> Fraction | None:
    """A month alone: a sum of cases, a percentage or days a case; None where it cannot be told.

    `now` and `before` are year to date; January has nothing before it. Nothing can be told where a
    figure was not reported, nor of a rate in a month without cases.
    """
    match item.rule:
        case DropRule(figures=figures):
            cases = _alone(figures, now, before)
            return None if cases is None else Fraction(cases)
        case RateDropRule() | TargetRule():
            rule = item.rule
            part, whole = (
                _alone(codes, now, before) for codes in (rule.numerator, rule.denominator)
            )
            if part is None or not whole:
                return None
            return _value(item, Fraction(part, whole))
    return None


def _value(item: Item, rate: Fraction) -> Fraction:
    """The ratio as the item has it: days a case, a percentage, or what it leaves of a hundred."""
    rule = item.rule
    if isinstance(rule, TargetRule) and rule.average:
        return rate
    complement = isinstance(rule, TargetRule) and rule.complement
    return PERCENT * (1 - rate if complement else rate)


def part_of_whole(rulebook: Rulebook, item: Item) -> Part | None:
    """The sums of a rate of cases among cases; None for what is no such rate."""
    rule = item.rule
    if not isinstance(rule, RateDropRule | TargetRule):
        return None
    if any(rulebook.metrics[code].kind is not Kind.COUNT for code in rule.numerator):
        return None
    complement = isinstance(rule, TargetRule) and rule.complement
    return Part(rule.numerator, rule.denominator, complement)


class Pooled(NamedTuple):
    """A rate of several courts together: whose figures it is of, and of how many courts."""

    value: Fraction | None
    reported: int
    courts: int


def pooled(item: Item, courts: Iterable[Mapping[str, int]]) -> Pooled:
    """The rate of all courts that reported it, their cases added up; None without any cases.

    Year-to-date figures of each court; ValueError for an item that is no rate.
    """
    rule = item.rule
    if not isinstance(rule, RateDropRule | TargetRule):
        raise ValueError(f"{item.code} is no rate")
    parts = wholes = reported = number = 0
    for figures in courts:
        number += 1
        part, whole = total(figures, rule.numerator), total(figures, rule.denominator)
        if part is not None and whole is not None:
            parts, wholes, reported = parts + part, wholes + whole, reported + 1
    return Pooled(_value(item, Fraction(parts, wholes)) if wholes else None, reported, number)


def wants_more(item: Item) -> bool:
    """Whether a higher value is the better one."""
    return isinstance(item.rule, TargetRule) and item.rule.direction is Direction.AT_LEAST


def _metrics(item: Item) -> tuple[str, ...]:
    wanted = isinstance(item.rule, DropRule | RateDropRule | TargetRule)
    return item.metrics if wanted else ()


def _alone(codes: tuple[str, ...], now: Mapping[str, int], before: Mapping[str, int]) -> int | None:
    here, there = total(now, codes), total(before, codes) if before else 0
    return None if here is None or there is None else here - there
