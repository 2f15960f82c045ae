"""What formulas share that score one value: a rate, its complement, or an average."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, Protocol, TypeVar

from scoring import trace
from scoring.columns import LevelTable
from scoring.declared import Drawing, Series
from scoring.exact import Exact, Mask, half_up, in_any
from scoring.facts import CourtFacts
from scoring.formula import Formula
from scoring.printed import Printed
from scoring.rates import PERCENT, summing
from scoring.results import Context, ItemScore, Step
from scoring.rounding import HUNDRED, rounded
from scoring.schema import (
    FEN,
    LARGEST_AMOUNT,
    Comparison,
    Direction,
    Item,
    Level,
    Rulebook,
    Text,
    Unit,
    ZeroDenominator,
)
from scoring.spreadsheet import (
    DENOMINATOR,
    NUMERATOR,
    Constant,
    Expression,
    HalfUp,
    Line,
    total_of,
)
from scoring.symbols import MINUS, quotient
from scoring.weights import places_of, scale_of

# Days, and rates: values beyond a hundred percent are no slip. An amount for each case may be as
# large as amounts are, in 元.
MOST_NUMBER = 10_000
MOST_YUAN = LARGEST_AMOUNT // 10**FEN
REMAINDER = Text("分母减分子", "분모에서 분자를 뺌", "Denominator less numerator")


class RatedRule(Protocol):
    """The parameters that all have."""

    @property
    def numerator(self) -> tuple[str, ...]: ...

    @property
    def denominator(self) -> tuple[str, ...]: ...

    @property
    def complement(self) -> bool: ...

    @property
    def average(self) -> bool: ...

    @property
    def zero_denominator(self) -> ZeroDenominator: ...

    @property
    def comparison(self) -> Comparison: ...


F = TypeVar("F", bound=RatedRule)


class Rate(NamedTuple):
    """The two sums of a value; the numerator is what the complement leaves where that is asked."""

    counted: int
    denominator: int


class RateColumns(NamedTuple):
    """The two sums of whole tables, and where one of them was not reported."""

    counted: Exact
    denominator: Exact
    lacks: Mask | None


class Whole(NamedTuple):
    """A value in a spreadsheet: its lines, the numerator and the denominator."""

    lines: tuple[Line, ...]
    counted: Line
    whole: Line


class RatedFormula(Formula[F]):
    """One value, in percent or days, and what it earns."""

    @classmethod
    def metrics(cls, rule: F) -> Sequence[str]:
        return (*rule.numerator, *rule.denominator)

    @classmethod
    @abstractmethod
    def better(cls, rule: F) -> Direction:
        """Which values are the better ones."""

    @classmethod
    def levers(cls, rule: F) -> Mapping[str, int]:
        """What is counted: more of it helps where more is better, the complement aside."""
        more = (cls.better(rule) is Direction.AT_LEAST) is not rule.complement
        return dict.fromkeys(rule.numerator, 1 if more else -1)

    @classmethod
    def series(cls, rule: F) -> Series:
        return Series(rule.numerator, rule.denominator, rule.complement)

    @classmethod
    def drawing(cls, rule: F) -> Drawing:
        return Drawing(unit_of(rule), cls.better(rule))

    def __init__(self, item: Item, level: Level, rulebook: Rulebook) -> None:
        super().__init__(item, level, rulebook)
        rule = self.rule
        self.unit = unit_of(rule)
        self.scale = 1 if rule.average else PERCENT
        self._numerator, self._denominator = summing(rule.numerator), summing(rule.denominator)
        self.as_printed = rule.comparison is Comparison.AS_PRINTED

    def rate(self, figures: Mapping[str, int]) -> Rate:
        """The two sums; KeyError when a figure was not reported."""
        counted, denominator = self._numerator(figures), self._denominator(figures)
        return Rate(denominator - counted if self.rule.complement else counted, denominator)

    def compared(self, rate: Rate) -> Fraction:
        """The value as it is compared: exactly, or as it is printed."""
        value = Fraction(self.scale * rate.counted, rate.denominator)
        return rounded(value) if self.as_printed else value

    def rate_columns(self, table: LevelTable) -> RateColumns:
        """The same two sums of whole tables."""
        rule = self.rule
        scale = scale_of(rule.numerator, rule.denominator)
        part, whole = table.total(rule.numerator, scale), table.total(rule.denominator, scale)
        counted = whole.number - part.number if rule.complement else part.number
        return RateColumns(counted, whole.number, in_any(part.lacks, whole.lacks))

    def compared_columns(self, rate: RateColumns, times: Exact | int) -> tuple[Exact, Exact]:
        """The values as they are compared, `times` a number, over others that are above zero."""
        if not self.as_printed:
            return rate.counted * (times * self.scale), rate.denominator.nowhere_zero()
        printed = half_up(rate.counted * (self.scale * HUNDRED), rate.denominator.nowhere_zero())
        return printed * times, Exact.constant(HUNDRED)

    def best(self, facts: CourtFacts, context: Context) -> int | None:
        return self.full

    def worked_rate(self, key: str = "", court: str = "") -> Whole:
        """The value as lines of a spreadsheet."""
        rule = self.rule
        scale = scale_of(rule.numerator, rule.denominator)
        summed = total_of(rule.numerator, scale, court=court)
        part = Line(f"part{key}", NUMERATOR, summed, court)
        whole = Line(
            f"whole{key}", DENOMINATOR, total_of(rule.denominator, scale, court=court), court
        )
        if not rule.complement:
            return Whole((part, whole), part, whole)
        left = Line(f"left{key}", REMAINDER, whole.number - part.number, court)
        return Whole((part, whole, left), left, whole)

    def worked_value(self, rate: Whole) -> tuple[Expression, Expression]:
        """The value as it is compared, as an integer over another."""
        above = rate.counted.number * self.scale
        if not self.as_printed:
            return above, rate.whole.number
        return HalfUp(above * HUNDRED, rate.whole.number), Constant(HUNDRED)

    def explain_rate(
        self,
        score: ItemScore,
        rate: Rate | None,
        shown: Printed | None,
        beside: Decimal | Fraction | None = None,
    ) -> Iterator[Step]:
        """The figures, and the value where there is one."""
        rule, current, month = self.rule, score.facts.current, score.context.month
        yield trace.figures(rule.numerator, current, month, role="numerator")
        yield trace.figures(rule.denominator, current, month, role="denominator")
        if rate is not None and rate.denominator:
            value = Fraction(self.scale * rate.counted, rate.denominator)
            if shown is not None:
                # What is compared as printed was rounded before.
                shown = shown._replace(exact=shown.value == value)
            yield trace.rate(
                rate.counted,
                rate.denominator,
                value,
                unit=self.unit,
                complement=rule.complement,
                beside=beside,
                shown=shown,
            )


def unit_of(rule: RatedRule) -> Unit:
    """The unit of the value."""
    if not rule.average:
        return Unit.PERCENT
    return Unit.YUAN if places_of(rule.numerator) else Unit.DAYS


def most_value(given: Mapping[str, Any]) -> int:
    """The most that a value may be held against, by the sums of the rule as they are written."""
    part, whole = (places_of(given.get(name, ())) for name in ("numerator", "denominator"))
    return MOST_YUAN if part and not whole else MOST_NUMBER


def rate_symbols(rule: RatedRule) -> str:
    """The value over metric codes."""
    rate = quotient(rule.numerator, rule.denominator)
    if rule.complement:
        rate = f"1 {MINUS} {rate}"
    return f"v = {rate}" if rule.average else f"v = ({rate}) × 100"
