"""What a value is held against, in a spreadsheet: by how much it is missed, as a quotient.

Means and medians of rates have no common denominator that a double holds, so the values of the
other courts are taken to six decimals of their unit there, and only there.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple

from scoring.facts import Month
from scoring.formulas.aims import AimedFormula, Wanted
from scoring.formulas.compared import compared
from scoring.formulas.rated import Whole
from scoring.results import Status
from scoring.rounding import HUNDRED
from scoring.schema import OF_LEVEL, Reference, Text, ZeroDenominator
from scoring.spreadsheet import (
    DECIMALS,
    SCORED,
    Cell,
    Constant,
    Expression,
    HalfUp,
    If,
    In,
    Kind,
    Known,
    Larger,
    Line,
    Nothing,
    Over,
    State,
    both,
    figures,
    most,
)

MICRO = 10**6
VALUE = Text("数值（百万分之一）", "값(0.000001)", "Value (millionths)")
SHORT = Text("未达到部分的分子", "미달 부분의 분자", "Missed by: numerator")
SHORT_OF = Text("未达到部分的分母", "미달 부분의 분모", "Missed by: denominator")
COUNT = Text("其他有数值的法院数", "값이 있는 다른 법원 수", "Other courts with a value")
REFERENCE = Text("参照值的分子", "참조값의 분자", "Reference: numerator")


class WorkedAim(NamedTuple):
    """By how much a value misses its aim, and whether there is one."""

    lines: tuple[Line, ...]
    whole: Line
    short: Line
    short_of: Line
    status: Expression


class _Bound(NamedTuple):
    """A bound as an integer over another, and the lines it takes."""

    above: Expression
    below: Expression
    lines: tuple[Line, ...] = ()


def worked_aim(formula: AimedFormula[Any], month: Month, peers: Sequence[str]) -> WorkedAim:
    """By how much the value misses its aim, as two lines, and the status of the item."""
    rule = formula.rule
    rate = formula.worked_rate()
    value = formula.worked_value(rate)
    lines = list(rate.lines)
    nothing = State(Status.NO_DENOMINATOR)
    full = rule.zero_denominator is ZeroDenominator.FULL
    scored: Expression = If(rate.whole.number.equals(0), SCORED if full else nothing, SCORED)
    read = Known(figures(formula.metrics(rule)))
    unreported = State(Status.NOT_REPORTED)
    status: Expression = If(read, scored, unreported)
    fixed = formula.fixed
    if fixed is not None and fixed.low is not None and fixed.high is not None:
        common = lcm(fixed.low.denominator, fixed.high.denominator)
        low, high = (
            _Bound(Constant(int(bound * common)), Constant(common))
            for bound in (fixed.low, fixed.high)
        )
        missed = Larger(_short(value, low, at_least=True), _short(value, high, at_least=False))
        short = Line("short", SHORT, most(0, missed))
        short_of = Line("short_of", SHORT_OF, value[1] * common)
        return WorkedAim((*lines, short, short_of), rate.whole, short, short_of, status)
    if rule.target is Reference.APPRAISAL:
        bound = _entered(formula)
        has_target, no_target = Known((formula.target_cell,)), State(Status.NO_TARGET)
        some = Known(figures(formula.side_metrics), some=True)
        unknown = If(has_target, unreported, If(some, no_target, unreported))
        status = If(read, If(has_target, scored, no_target), unknown)
    elif rule.target is Reference.LAST_YEAR:
        bound, known, before = _last_year(formula, month)
        lines += bound.lines
        without = If(before.number.equals(0), State(Status.NO_BASELINE), SCORED)
        scored = If(rate.whole.number.equals(0), SCORED if full else nothing, without)
        status = If(both(known, read), scored, unreported)
    elif rule.target in OF_LEVEL:
        bound, count = _of_level(formula, rate, peers)
        lines += bound.lines
        value = (In(Cell(Kind.LINE, "own")), Constant(1))
        alone = State(Status.NO_TARGET)
        status = If(read, If(count.number.at_least(1), scored, alone), unreported)
    else:
        bound = _number(formula)
    unit = MICRO if rule.target in OF_LEVEL else 1
    short = Line("short", SHORT, most(0, _short(value, bound, at_least=formula.at_least)))
    short_of = Line("short_of", SHORT_OF, value[1] * bound.below * unit)
    return WorkedAim((*lines, short, short_of), rate.whole, short, short_of, status)


def _short(value: tuple[Expression, Expression], bound: _Bound, *, at_least: bool) -> Expression:
    reached, asked = value[0] * bound.below, bound.above * value[1]
    return asked - reached if at_least else reached - asked


def _printed(formula: AimedFormula[Any], bound: _Bound) -> _Bound:
    if not formula.as_printed:
        return bound
    return _Bound(HalfUp(bound.above * HUNDRED, bound.below), Constant(HUNDRED), bound.lines)


def _number(formula: AimedFormula[Any]) -> _Bound:
    """The target of the rulebook, already as it is compared."""
    fixed = formula.fixed or Wanted()
    number = (fixed.low if formula.at_least else fixed.high) or Fraction(0)
    return _Bound(Constant(number.numerator), Constant(number.denominator))


def _entered(formula: AimedFormula[Any]) -> _Bound:
    return _printed(formula, _Bound(In(formula.target_cell, DECIMALS), Constant(10**DECIMALS)))


def _last_year(formula: AimedFormula[Any], month: Month) -> tuple[_Bound, Expression, Line]:
    """Last year's value, whether its figures are known, and its denominator."""
    rule = formula.rule
    origin = compared(month, rule.interim, rule.numerator, rule.denominator, period=formula.period)
    part, whole = origin.sums
    counted: Expression = part.number
    if rule.complement:
        counted = whole.number - part.number
    above = Line("reference", REFERENCE, counted * formula.scale)
    bound = _Bound(above.number, whole.number, (*origin.lines, above))
    return _printed(formula, bound), origin.is_known, whole


def _of_level(formula: AimedFormula[Any], rate: Whole, peers: Sequence[str]) -> tuple[_Bound, Line]:
    """The mean or median of all values, in millionths, and how many others have one."""
    own = Line("own", VALUE, _micro(formula, rate))
    lines = [own]
    others = []
    for court in peers:
        theirs = formula.worked_rate(f"-{court}", court)
        known = both(
            Known(figures(formula.metrics(formula.rule), court=court)),
            theirs.whole.number.at_least(1),
        )
        value = Line(f"value-{court}", VALUE, If(known, _micro(formula, theirs), Nothing()), court)
        lines += [*theirs.lines, value]
        others.append(value.cell)
    count = Line("count", COUNT, Over("COUNT", tuple(others)) if others else Constant(0))
    cells = (own.cell, *others)
    if formula.rule.target is Reference.MEAN:
        above, below = Line("reference", REFERENCE, Over("SUM", cells)), count.number + 1
    else:
        above, below = Line("reference", REFERENCE, Over("MEDIAN", cells) * 2), Constant(2) * 1
    bound = _Bound(above.number, below, (*lines, count, above))
    if formula.as_printed:
        unit = MICRO // HUNDRED
        bound = _Bound(HalfUp(above.number, below * unit) * unit, Constant(1), bound.lines)
    return bound, count


def _micro(formula: AimedFormula[Any], rate: Whole) -> Expression:
    above = rate.counted.number * (formula.scale * MICRO)
    exact = HalfUp(above, rate.whole.number)
    if not formula.as_printed:
        return exact
    printed = HalfUp(rate.counted.number * (formula.scale * HUNDRED), rate.whole.number)
    return printed * (MICRO // HUNDRED)
