"""Full points at a target, so many fewer for each percentage point, or day, short of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from scoring import faults, sentences, trace
from scoring.columns import LevelTable
from scoring.exact import Exact
from scoring.exact import half_up as column_half_up
from scoring.facts import Month
from scoring.faults import RuleFault
from scoring.formulas.aim_rules import LABELS, aim_symbols, aim_words
from scoring.formulas.aims import AimColumns, AimedFormula, AimedWorking
from scoring.formulas.aims_worked import worked_aim
from scoring.formulas.falls import floor_of, whole_step
from scoring.formulas.rated import RateColumns, rate_symbols, unit_of
from scoring.printed import Printed, both_leading_to, fraction, leading_to
from scoring.rates import PERCENT, Ratio
from scoring.results import ItemScore, Step
from scoring.rounding import half_up, rounded, to_text
from scoring.schema import (
    NO_TEXT,
    Comparison,
    Direction,
    Interim,
    Item,
    Level,
    Metric,
    Reference,
    Rulebook,
    StepSize,
    Text,
    Unit,
    ZeroDenominator,
)
from scoring.sentences import Amount, Quotient, Sentence
from scoring.spreadsheet import (
    ABOVE,
    BELOW,
    Constant,
    Expression,
    HalfUp,
    If,
    Line,
    Whole,
    Worked,
    least,
    most,
)
from scoring.symbols import MINUS, plain

MOST_LOST = 1_000
RULE = Text(
    "%(rate)s，%(bound)s的，得满分；每差%(unit)s扣%(points)s分，最低%(floor)s分。",
    "%(rate)s, %(bound)s이면 만점; %(unit)s 모자랄 때마다 %(points)s점 감점, 최저 %(floor)s점.",
    "%(rate)s, %(bound)s, earns full points; each %(unit)s short of it takes off %(points)s, "
    "down to %(floor)s.",
)
ONE = {
    Unit.PERCENT: Text("1个百分点", "1퍼센트포인트", "percentage point"),
    Unit.DAYS: Text("1天", "1일", "day"),
    Unit.YUAN: Text("1元", "1위안", "yuan"),
}
WHOLE_UNITS = Text(
    "不足一个单位的差距不扣。",
    "한 단위에 못 미치는 차이는 감점하지 않습니다.",
    "Less than a whole unit takes nothing off.",
)
BELOW_BOUND = Text(
    "差距：%(target)s − %(value)s %(sign)s %(short)s。",
    "차이: %(target)s − %(value)s %(sign)s %(short)s.",
    "Short by: %(target)s − %(value)s %(sign)s %(short)s.",
)
ABOVE_BOUND = Text(
    "差距：%(value)s − %(target)s %(sign)s %(short)s。",
    "차이: %(value)s − %(target)s %(sign)s %(short)s.",
    "Over by: %(value)s − %(target)s %(sign)s %(short)s.",
)
TAKEN_OFF = Text("%(full)s − %(operand)s × %(rate)s")
UNITS = Text("整数个单位", "정수 단위", "Whole units")


@dataclass(frozen=True, slots=True)
class GradedRule:
    """Full points for a value that meets its target, less `per_point` for each unit it misses by.

    `target` is in percent, in days for averages; a `Reference` where it is no number of the
    rulebook. `low` and `high` stand in place of direction and target. `floor` may be below zero.
    """

    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    per_point: Decimal
    direction: Direction | None = None
    target: Decimal | Reference | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    step: StepSize = StepSize.PRO_RATA
    floor: Decimal = Decimal(0)
    complement: bool = False
    average: bool = False
    origin: Text = NO_TEXT
    interim: Interim = Interim.SAME_MONTH
    zero_denominator: ZeroDenominator = ZeroDenominator.NONE
    comparison: Comparison = Comparison.EXACT


class Graded(AimedFormula[GradedRule]):
    """Full points at the target, fewer for each unit short of it."""

    name = "graded"
    rule_type = GradedRule
    kinds = ("interval", "courts", "short", "whole")
    labels = {
        **LABELS,
        "per_point": Text(
            "每个百分点（或天）的分值",
            "퍼센트포인트(또는 일)당 점수",
            "Points for each percentage point (or day)",
        ),
        "floor": Text("最低得分", "최저 점수", "Least points"),
    }

    @classmethod
    def words(cls, rule: GradedRule) -> Sequence[Sentence]:
        values: dict[str, sentences.Value] = {
            "rate": Quotient(rule.numerator, rule.denominator, rule.complement),
            "bound": aim_words(rule),
            "unit": ONE[unit_of(rule)],
            "points": plain(rule.per_point),
            "floor": sentences.signed(plain(rule.floor)),
        }
        lines = [Sentence(RULE, values)]
        if rule.step is StepSize.WHOLE:
            lines.append(Sentence(WHOLE_UNITS, {}))
        return lines

    @classmethod
    def symbols(cls, rule: GradedRule) -> str:
        _met, short = aim_symbols(rule)
        counted = "⌊x⌋" if rule.step is StepSize.WHOLE else "x"
        floor = sentences.signed(plain(rule.floor))
        points = f"max({floor}, P {MINUS} {counted} × {plain(rule.per_point)})"
        return f"{rate_symbols(rule)}; x = {short}; {points}"

    @classmethod
    def least(cls, field: str) -> int:
        return -MOST_LOST if field == "floor" else super().least(field)

    @classmethod
    def ceiling(cls, field: str, given: Mapping[str, Any]) -> int:
        return MOST_LOST if field == "floor" else super().ceiling(field, given)

    @classmethod
    def faults(
        cls, rule: GradedRule, points: Mapping[Level, Decimal], metrics: Mapping[str, Metric]
    ) -> Iterator[RuleFault]:
        yield from super().faults(rule, points, metrics)
        if any(rule.floor > most_points for most_points in points.values()):
            yield RuleFault("floor", faults.FLOOR_ABOVE, {"found": rule.floor})

    def __init__(self, item: Item, level: Level, rulebook: Rulebook) -> None:
        super().__init__(item, level, rulebook)
        self._per, self._per_divisor = Ratio.of(self.rule.per_point * PERCENT)
        self._floor = int(self.rule.floor * PERCENT)

    def earned(self, short: Fraction) -> Ratio:
        if self.rule.step is StepSize.WHOLE:
            short = floor_of(short)
        return Ratio.of(self.full - short * Fraction(self._per, self._per_divisor))

    def earned_columns(self, table: LevelTable, rate: RateColumns, aim: AimColumns) -> Exact:
        short, short_of = self.short_columns(rate, aim)
        if self.rule.step is StepSize.WHOLE:
            short, short_of = short // short_of, Exact.constant(1)
        below = short_of * self._per_divisor
        points = column_half_up(below * table.full(self.item) - short * self._per, below)
        return points.at_least(self._floor)

    def rounded_cents(self, earned: Ratio) -> int:
        return max(self._floor, half_up(*earned))

    def worked(self, month: Month, peers: Sequence[str]) -> Worked:
        aim = worked_aim(self, month, peers)
        lines = [*aim.lines]
        if self.rule.step is StepSize.WHOLE:
            units = Line("units", UNITS, Whole(aim.short.number, aim.short_of.number))
            lines.append(units)
            short, short_of = units.number * self._per, Constant(1) * self._per_divisor
        else:
            short, short_of = aim.short.number * self._per, aim.short_of.number * self._per_divisor
        below = Line("below", BELOW, short_of)
        above = Line("above", ABOVE, below.number * self.full - short)
        lines += [below, above]
        points: Expression = least(self.full, most(self._floor, HalfUp(above.number, below.number)))
        empty = aim.whole.number.equals(0)
        return Worked(tuple(lines), aim.status, If(empty, Constant(self.full), points))

    def explain(self, score: ItemScore) -> Iterator[Step]:
        yield from self._explained(score, own=False)

    def explain_own(self, score: ItemScore) -> Iterator[Step]:
        yield from self._explained(score, own=True)

    def _explained(self, score: ItemScore, *, own: bool) -> Iterator[Step]:
        working: AimedWorking | None = score.working
        rate = None if working is None else working.rate
        short = _Short.of(self, working)
        beside = self.target(score)
        yield from self.explain_reference(score, own=own)
        yield from self.explain_rate(score, rate, None if short is None else short.value, beside)
        yield from self.explain_aim(score)
        if working is not None and score.cents is not None:
            if short is None:
                yield trace.points(Ratio(self.full, 1), self.full, score.cents)
            else:
                yield from self._explain_short(short, score.cents, working.earned or Ratio(0, 1))
        yield from self._unscored_steps(score, self.item.metrics, self.last_year)

    def _explain_short(self, short: _Short, cents: int, earned: Ratio) -> Iterator[Step]:
        yield short_step(short, self.unit)
        operand = short.short
        if self.rule.step is StepSize.WHOLE:
            counted = int(short.exact)
            yield whole_step(short.exact, counted, short.short, short.unit(self.unit))
            operand = fraction(Fraction(counted))
        values: dict[str, sentences.Value] = {
            "full": to_text(Fraction(self.full, PERCENT)),
            "operand": operand.text,
            "rate": plain(self.rule.per_point),
        }
        yield trace.points(
            earned,
            self.full,
            cents,
            self.rule.per_point,
            short.unit(self.unit),
            Sentence(TAKEN_OFF, values),
            operands_exact=operand.exact,
            floor=self._floor,
        )


@dataclass(frozen=True, slots=True)
class _Short:
    """By how much a value misses a bound, and how the three of them are printed."""

    exact: Fraction
    is_below: bool
    bound: Printed
    value: Printed
    short: Printed

    @classmethod
    def of(cls, formula: Graded, working: AimedWorking | None) -> _Short | None:
        """None where nothing is missed, or nothing can be told."""
        if working is None or working.wanted is None or not working.short:
            return None
        value = formula.compared(working.rate)
        bound = working.wanted.missed_bound(value) or Fraction(0)
        short, per = working.short, Fraction(formula.rule.per_point)
        if formula.rule.step is StepSize.WHOLE:
            shown = leading_to(short, floor_of, floor_of(short))
        else:
            full = Fraction(formula.full, PERCENT)
            left = rounded(full - short * per)
            shown = leading_to(short, lambda x: rounded(full - x * per), left)
        both = both_leading_to((bound, value), lambda b, v: shown.again(abs(b - v)), shown.value)
        return cls(short, value < bound, *both, shown)

    @staticmethod
    def unit(unit: Unit) -> Unit:
        """The unit of the difference of two values."""
        return Unit.PERCENTAGE_POINTS if unit is Unit.PERCENT else unit


def short_step(short: _Short, unit: Unit) -> Step:
    """By how much the value misses its bound."""
    exact = short.bound.exact and short.value.exact
    values: dict[str, sentences.Value] = {
        "target": Amount(short.bound.text, unit),
        "value": Amount(short.value.text, unit),
        "sign": short.short.sign() if exact else "≈",
        "short": Amount(short.short.text, short.unit(unit)),
    }
    return Step(
        "short",
        {
            "short": to_text(short.exact),
            "exact": trace.exact(short.exact),
            "unit": short.unit(unit).value,
        },
        Sentence(BELOW_BOUND if short.is_below else ABOVE_BOUND, values),
    )
