"""Facts that follow from the rules themselves: targets that contradict each other for a court.

Nothing here is typed in: the contradictions come from the targets and from the checks that say
which figures are parts of which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from typing import NamedTuple

from scoring.engine import context_of, plan
from scoring.facts import CourtFacts, Month
from scoring.rates import PERCENT, total
from scoring.schema import Check, Direction, Item, Operator, Rulebook, Severity, Unit


class Contradiction(NamedTuple):
    """Two targets that cannot both be met as things stand.

    `met` is at `value` percent; above `limit` percent it leaves too little of the shared whole for
    the target of `unreachable`.
    """

    met: str
    unreachable: str
    value: Fraction
    limit: Fraction
    check: Check


class _Floor(NamedTuple):
    """A rate of cases that must be at least so many percent."""

    part: tuple[str, ...]
    whole: tuple[str, ...]
    percent: Fraction


def contradictions(
    rulebook: Rulebook,
    month: Month,
    facts: CourtFacts,
    readings: Mapping[str, str] | None = None,
) -> tuple[Contradiction, ...]:
    """Targets that this court's own figures put out of reach of each other.

    Two floors contradict when their numerators are parts of the same whole: the more of it one
    takes, the less is left for the other.
    """
    context = context_of(rulebook, month, readings)
    floors = {
        formula.item.code: floor
        for formula in plan(context, facts.level)
        if (floor := _floor(formula.item)) is not None
    }
    found = []
    for check in rulebook.checks:
        if check.severity is not Severity.ERROR or check.operator is not Operator.AT_MOST:
            continue
        parts = [
            (code, floor)
            for code, floor in floors.items()
            if len(floor.part) == 1 and floor.part[0] in check.left
        ]
        rivals = [
            (met, floor, other, wanted)
            for (met, floor), (other, wanted) in permutations(parts, 2)
            if floor.whole == wanted.whole and _within(rulebook, check.right, floor.whole)
        ]
        for met, floor, other, wanted in rivals:
            numerator = total(facts.current, floor.part)
            denominator = total(facts.current, floor.whole)
            if numerator is None or not denominator:
                continue
            value = Fraction(PERCENT * numerator, denominator)
            limit = PERCENT - wanted.percent
            if value > limit:
                found.append(Contradiction(met, other, value, limit, check))
    return tuple(found)


def _floor(item: Item) -> _Floor | None:
    """The item as a floor of the rulebook; None where it is none."""
    goal, series = item.goal, item.series
    if goal is None or goal.target is None or series is None or series.complement:
        return None
    if goal.direction is not Direction.AT_LEAST or goal.unit is not Unit.PERCENT:
        return None
    return _Floor(series.part, series.whole, Fraction(goal.target))


def _within(rulebook: Rulebook, part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether the checks prove, step by step, that one sum never exceeds the other."""
    ceilings = [
        (frozenset(check.left), frozenset(check.right))
        for check in rulebook.checks
        if check.severity is Severity.ERROR and check.operator is Operator.AT_MOST
    ]
    reached: set[frozenset[str]] = set()
    found = {frozenset(part)}
    while found:
        reached |= found
        found = {right for left, right in ceilings if any(sum_ <= left for sum_ in found)} - reached
    return any(codes <= frozenset(whole) for codes in reached)
