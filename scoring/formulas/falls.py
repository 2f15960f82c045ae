"""What formulas share that compare with the baseline year: points for each unit of a fall."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any, ClassVar, Protocol, TypeVar

from scoring import faults, trace
from scoring.exact import Exact, half_up
from scoring.faults import RuleFault
from scoring.formula import Formula
from scoring.printed import Printed, fraction, leading_to, printed
from scoring.rates import PERCENT, Ratio
from scoring.results import Step
from scoring.rounding import rounded, to_text
from scoring.schema import (
    Interim,
    Item,
    Kind,
    Level,
    Metric,
    Movement,
    Rulebook,
    StepSize,
    Text,
    Unit,
)
from scoring.sentences import Amount, Sentence
from scoring.spreadsheet import (
    ABOVE,
    BELOW,
    Constant,
    Expression,
    HalfUp,
    Line,
    Whole,
    least,
)
from scoring.symbols import plain

WHOLE_UNITS = Text(
    "不足一个单位的部分不计。",
    "한 단위에 못 미치는 부분은 계산하지 않습니다.",
    "Less than a whole unit does not count.",
)
SAME_MONTH = Text(
    "十二月以前与上年同月比；没有上年同月数的，与上年全年数按月折算比。",
    "12월 이전에는 지난해 같은 달과, 그 수가 없으면 지난해 전체를 월별로 환산한 수와 비교합니다.",
    "Before December it is compared with the same month last year, "
    "or without one with last year's total by the month.",
)
WHOLE_YEAR = Text(
    "各月都与上年全年数比。",
    "모든 달을 지난해 전체와 비교합니다.",
    "Every month is compared with the whole of last year.",
)
# What a value that fell, and what it is held against, are called on a scorecard.
FALL = Text("降幅", "감소폭", "Drop")
RISE = Text("升幅", "증가폭", "Rise")
LAST_YEAR = Text("上年", "지난해", "Last year")
WHOLE = Text(
    "只计整数部分：%(value)s 计为 %(counted)s。",
    "정수 부분만 계산: %(value)s → %(counted)s.",
    "Only the whole part counts: %(value)s counts as %(counted)s.",
)
NOTHING_WHOLE = Text(
    "没有下降，整数部分计为 0。",
    "하락하지 않아 정수 부분은 0.",
    "No drop: the whole part counts as 0.",
)

NOTHING_RISEN = Text(
    "没有上升，整数部分计为 0。",
    "상승하지 않아 정수 부분은 0.",
    "No rise: the whole part counts as 0.",
)
# More than any court counts: what a rise could come to.
FURTHEST = 10**12
UNITS = Text("整数个单位", "정수 단위", "Whole units")


class FallRule(Protocol):
    """The parameters that both have."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def step(self) -> StepSize: ...

    @property
    def interim(self) -> Interim: ...

    @property
    def change(self) -> Movement: ...


F = TypeVar("F", bound=FallRule)


class FallFormula(Formula[F]):
    """What drops of counts and of rates share: points for each percent, and how they print."""

    kinds = ("drop", "whole")
    compares_years = True
    each: ClassVar[Mapping[Movement, Text]]

    @classmethod
    def faults(
        cls, rule: F, points: Mapping[Level, Decimal], metrics: Mapping[str, Metric]
    ) -> Iterator[RuleFault]:
        """A stock is of a moment: it has no part of a year to compare with."""
        for field in fields(rule):
            codes = getattr(rule, field.name)
            for code in codes if isinstance(codes, tuple) else ():
                if code in metrics and metrics[code].kind is Kind.STOCK:
                    yield RuleFault(field.name, faults.STOCK_METRIC, {"code": code})

    def __init__(self, item: Item, level: Level, rulebook: Rulebook) -> None:
        super().__init__(item, level, rulebook)
        # A rise is a fall below zero.
        self.sign = -1 if self.rule.change is Movement.RISE else 1
        self.caption = RISE if self.rule.change is Movement.RISE else FALL

    @classmethod
    def fall_words(cls, rule: F) -> Sequence[Sentence]:
        """Which units count, and what a month is compared with."""
        lines = [WHOLE_UNITS] if rule.step is StepSize.WHOLE else []
        lines.append(SAME_MONTH if rule.interim is Interim.SAME_MONTH else WHOLE_YEAR)
        return [Sentence(line, {}) for line in lines]

    @staticmethod
    def fall_symbols(step: StepSize, per: Decimal) -> str:
        """Points from a fall `x`."""
        counted = "⌊x⌋" if step is StepSize.WHOLE else "x"
        return f"min(P, max(0, {counted} × {plain(per)}))"

    def _worked_points(self, fallen: Line, whole: Line) -> tuple[tuple[Line, ...], Expression]:
        """Points for a fall, given as a quotient of two lines: more lines, and the cents."""
        per, per_divisor = Ratio.of(self._per_unit * PERCENT)
        if self.rule.step is StepSize.WHOLE:
            units = Line("units", UNITS, Whole(fallen.number, whole.number))
            above = Line("above", ABOVE, units.number * per)
            below = Line("below", BELOW, Constant(per_divisor))
            return (units, above, below), self._rounded(above, below)
        above = Line("above", ABOVE, fallen.number * per)
        below = Line("below", BELOW, whole.number * per_divisor)
        return (above, below), self._rounded(above, below)

    def _points_in_columns(self, fallen: Exact, whole: Exact, full: Exact) -> Exact:
        """The cents for a fall, given as a quotient of two tables."""
        per, per_divisor = Ratio.of(self._per_unit * PERCENT)
        if self.rule.step is StepSize.WHOLE:
            found = half_up((fallen // whole) * per, per_divisor)
        else:
            found = half_up(fallen * per, whole * per_divisor)
        return found.at_most(full)

    def _rounded(self, above: Line, below: Line) -> Expression:
        return least(self.full, HalfUp(above.number, below.number))

    @property
    @abstractmethod
    def _per_unit(self) -> Decimal:
        """Points for one percent, or one percentage point."""

    def _printed_fall(self, value: Fraction) -> Printed:
        """The fall with the decimals it takes to see the points, or the whole units, it earns."""
        if value <= 0:
            return printed(value)
        if self.rule.step is StepSize.WHOLE:
            return leading_to(value, floor_of, floor_of(value))
        per = Fraction(self._per_unit)
        return leading_to(value, lambda shown: rounded(shown * per), rounded(value * per))

    def _points(self, cents: int, earned: Ratio, value: Fraction, shown: Printed) -> Iterator[Step]:
        """The whole units that count, where only they do, and the points."""
        operand = shown
        if self.rule.step is StepSize.WHOLE:
            counted = max(0, int(value))
            nothing = NOTHING_RISEN if self.rule.change is Movement.RISE else NOTHING_WHOLE
            yield whole_step(value, counted, shown, self.unit, nothing)
            operand = fraction(Fraction(counted))
        working = None
        if earned.numerator:
            rate = plain(self._per_unit)
            working = Sentence(self.each[self.rule.change], {"operand": operand.text, "rate": rate})
        yield trace.points(
            earned,
            self.full,
            cents,
            self._per_unit,
            self.unit,
            working,
            operands_exact=operand.exact,
        )


def floor_of(value: Fraction) -> Fraction:
    """The whole units in a value."""
    return Fraction(floor(value))


def whole_step(
    value: Fraction, counted: int, shown: Printed, unit: Unit, nothing: Text = NOTHING_WHOLE
) -> Step:
    """Only whole percents (or percentage points) earn points; `nothing` is said of none."""
    sentence = Sentence(nothing, {})
    if value >= 0:
        amount = Amount(shown.text, unit)
        sentence = Sentence(WHOLE, {"value": amount, "counted": counted})
    return Step("whole", {"value": to_text(value), "counted": counted}, sentence)


def fall_data(before: Fraction, now: Fraction, value: Fraction, unit: Unit) -> dict[str, object]:
    """What a step of kind `drop` carries."""
    return {
        "baseline": trace.exact(before),
        "current": trace.exact(now),
        "value": to_text(value),
        "exact": trace.exact(value),
        "unit": unit.value,
    }
