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
from scoring.schema import Check, Direction, Operator, Rulebook, Severity, TargetRule


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
        formula.item.code: formula.item.rule
        for formula in plan(context, facts.level)
        if isinstance(formula.item.rule, TargetRule)
        and formula.item.rule.direction is Direction.AT_LEAST
        and not formula.item.rule.complement
        and formula.item.rule.target is not None
    }
    found = []
    for check in rulebook.checks:
        if check.severity is not Severity.ERROR or check.operator is not Operator.AT_MOST:
            continue
        parts = [
            (code, rule)
            for code, rule in floors.items()
            if len(rule.numerator) == 1 and rule.numerator[0] in check.left
        ]
        rivals = [
            (met, rule, other, wanted)
            for (met, rule), (other, wanted) in permutations(parts, 2)
            if rule.denominator == wanted.denominator
            and _within(rulebook, check.right, rule.denominator)
        ]
        for met, rule, other, wanted in rivals:
            numerator = total(facts.current, rule.numerator)
            denominator = total(facts.current, rule.denominator)
            if numerator is None or not denominator or wanted.target is None:
                continue
            value = Fraction(PERCENT * numerator, denominator)
            limit = PERCENT - Fraction(wanted.target)
            if value > limit:
                found.append(Contradiction(met, other, value, limit, check))
    return tuple(found)


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
