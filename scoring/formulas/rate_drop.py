"""Points for each percentage point by which a rate fell below last year's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from scoring import sentences, trace
from scoring.columns import LevelTable, PointColumn
from scoring.declared import Drawing, Measured, Series
from scoring.exact import in_any, where
from scoring.facts import CourtFacts, Month
from scoring.formula import percent, with_figures
from scoring.formulas.compared import compared
from scoring.formulas.falls import FURTHEST, LAST_YEAR, FallFormula, fall_data
from scoring.printed import Printed, both_leading_to, printed
from scoring.rates import PERCENT, Baseline, BaselineFinder, Ratio, summing
from scoring.results import Context, ItemScore, Status, Step
from scoring.rounding import half_up, to_text
from scoring.schema import (
    Direction,
    Interim,
    Item,
    Level,
    Movement,
    Rulebook,
    StepSize,
    Text,
    Unit,
    ZeroBaseline,
    ZeroDenominator,
)
from scoring.sentences import Amount, Quotient, Sentence
from scoring.spreadsheet import (
    DENOMINATOR,
    NUMERATOR,
    SCORED,
    Constant,
    If,
    Known,
    Line,
    State,
    Worked,
    both,
    figures,
    most,
    total_of,
)
from scoring.symbols import MINUS, plain, quotient
from scoring.weights import scale_of

RULE = Text(
    "%(rate)s，比上年每下降1个百分点，得%(points)s分，最多得满分。",
    "%(rate)s이(가) 지난해보다 1퍼센트포인트 내려갈 때마다 %(points)s점, 만점까지.",
    "%(rate)s: each percentage point it fell against last year earns %(points)s points, "
    "up to full points.",
)
RISE_RULE = Text(
    "%(rate)s，比上年每上升1个百分点，得%(points)s分，最多得满分。",
    "%(rate)s이(가) 지난해보다 1퍼센트포인트 올라갈 때마다 %(points)s점, 만점까지.",
    "%(rate)s: each percentage point it rose against last year earns %(points)s points, "
    "up to full points.",
)
RATE_RISE = Text(
    "上升：%(current)s − %(baseline)s %(sign)s %(value)s。",
    "상승: %(current)s − %(baseline)s %(sign)s %(value)s.",
    "Rise: %(current)s − %(baseline)s %(sign)s %(value)s.",
)
NO_RATE_RISE = Text(
    "没有上升：%(current)s − %(baseline)s %(sign)s %(value)s。",
    "상승하지 않음: %(current)s − %(baseline)s %(sign)s %(value)s.",
    "No rise: %(current)s − %(baseline)s %(sign)s %(value)s.",
)
EACH_RISE = Text(
    "每上升1个百分点计%(rate)s分：%(operand)s × %(rate)s",
    "1퍼센트포인트 증가마다 %(rate)s점: %(operand)s × %(rate)s",
    "%(rate)s points for each percentage point of rise: %(operand)s × %(rate)s",
)
RATE_DROP = Text(
    "下降：%(baseline)s − %(current)s %(sign)s %(value)s。",
    "하락: %(baseline)s − %(current)s %(sign)s %(value)s.",
    "Drop: %(baseline)s − %(current)s %(sign)s %(value)s.",
)
NO_RATE_DROP = Text(
    "没有下降：%(baseline)s − %(current)s %(sign)s %(value)s。",
    "하락하지 않음: %(baseline)s − %(current)s %(sign)s %(value)s.",
    "No drop: %(baseline)s − %(current)s %(sign)s %(value)s.",
)
EACH_POINT = Text(
    "每下降1个百分点计%(rate)s分：%(operand)s × %(rate)s",
    "1퍼센트포인트 감소마다 %(rate)s점: %(operand)s × %(rate)s",
    "%(rate)s points for each percentage point of drop: %(operand)s × %(rate)s",
)

FALLEN = Text(
    "下降百分点的分子", "하락 퍼센트포인트의 분자", "Percentage points of drop: numerator"
)
PRODUCT = Text("两个分母之积", "두 분모의 곱", "Product of both denominators")


@dataclass(frozen=True, slots=True)
class RateDropRule:
    """`per_point` points for each percentage point by which a rate fell, or rose."""

    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    per_point: Decimal
    step: StepSize = StepSize.PRO_RATA
    interim: Interim = Interim.SAME_MONTH
    zero_baseline: ZeroBaseline = ZeroBaseline.NONE
    zero_denominator: ZeroDenominator = ZeroDenominator.NONE
    change: Movement = Movement.FALL


class RateDropWorking(NamedTuple):
    """Both rates as pairs of sums; `earned` is None where one of them does not exist."""

    numerator: int
    denominator: int
    origin: Baseline
    before_numerator: int
    before_denominator: int
    earned: Ratio | None


class RateDrop(FallFormula[RateDropRule]):
    """Points for each percentage point by which a rate fell (附件1·二·6(1))."""

    name = "rate_drop"
    rule_type = RateDropRule
    labels = {
        "per_point": Text(
            "每下降1个百分点得分",
            "1퍼센트포인트 감소당 점수",
            "Points for each percentage point of drop",
        )
    }
    unit = Unit.PERCENTAGE_POINTS
    each = {Movement.FALL: EACH_POINT, Movement.RISE: EACH_RISE}

    @classmethod
    def metrics(cls, rule: RateDropRule) -> Sequence[str]:
        return (*rule.numerator, *rule.denominator)

    @classmethod
    def levers(cls, rule: RateDropRule) -> Mapping[str, int]:
        return dict.fromkeys(rule.numerator, 1 if rule.change is Movement.RISE else -1)

    @classmethod
    def series(cls, rule: RateDropRule) -> Series:
        return Series(rule.numerator, rule.denominator)

    @classmethod
    def drawing(cls, rule: RateDropRule) -> Drawing:
        """By the rate itself, not by its fall."""
        is_rise = rule.change is Movement.RISE
        return Drawing(Unit.PERCENT, Direction.AT_LEAST if is_rise else Direction.AT_MOST)

    @classmethod
    def words(cls, rule: RateDropRule) -> Sequence[Sentence]:
        values: dict[str, sentences.Value] = {
            "rate": Quotient(rule.numerator, rule.denominator),
            "points": plain(rule.per_point),
        }
        template = RISE_RULE if rule.change is Movement.RISE else RULE
        return [Sentence(template, values), *cls.fall_words(rule)]

    @classmethod
    def symbols(cls, rule: RateDropRule) -> str:
        points = cls.fall_symbols(rule.step, rule.per_point)
        rate = quotient(rule.numerator, rule.denominator)
        moved = f"r {MINUS} r′" if rule.change is Movement.RISE else f"r′ {MINUS} r"
        return f"r = {rate} × 100; x = {moved}; {points}"

    def __init__(self, item: Item, level: Level, rulebook: Rulebook) -> None:
        super().__init__(item, level, rulebook)
        rule = self.rule
        self._per, self._per_divisor = Ratio.of(rule.per_point * PERCENT)
        self._numerator, self._denominator = summing(rule.numerator), summing(rule.denominator)
        self._find_baseline = BaselineFinder(
            rulebook.baseline_year,
            rule.interim,
            rule.numerator,
            rule.denominator,
            period=self.period,
        )

    def __call__(self, facts: CourtFacts, context: Context) -> ItemScore:
        rule = self.rule
        origin = self._find_baseline(facts, context.month)
        if origin is None:
            return self._null(facts, context, Status.NOT_REPORTED)
        try:
            numerator = self._numerator(facts.current)
            denominator = self._denominator(facts.current)
        except KeyError:
            return self._null(facts, context, Status.NOT_REPORTED)
        before_numerator, before_denominator = origin.totals
        working = RateDropWorking(
            numerator, denominator, origin, before_numerator, before_denominator, None
        )
        if denominator == 0:
            if rule.zero_denominator is ZeroDenominator.FULL:
                return self._scored(facts, context, self.full, working)
            return self._null(facts, context, Status.NO_DENOMINATOR, working)
        if before_denominator == 0:
            if rule.zero_baseline is ZeroBaseline.ZERO:
                return self._scored(facts, context, 0, working)
            return self._null(facts, context, Status.NO_BASELINE, working)
        fallen = PERCENT * (before_numerator * denominator - numerator * before_denominator)
        earned = self._earned(max(0, self.sign * fallen), before_denominator * denominator)
        points = min(self.full, half_up(*earned))
        return self._scored(facts, context, points, working._replace(earned=earned))

    def _earned(self, fallen: int, whole: int) -> Ratio:
        if self.rule.step is StepSize.WHOLE:
            return Ratio(self._per * (fallen // whole), self._per_divisor)
        return Ratio(self._per * fallen, self._per_divisor * whole)

    def columns(self, table: LevelTable) -> PointColumn:
        rule = self.rule
        scale = scale_of(rule.numerator, rule.denominator)
        origin = table.compared(
            rule.interim, rule.numerator, rule.denominator, period=self.period, scale=scale
        )
        before_part, before_whole = origin.sums
        part, whole = table.total(rule.numerator, scale), table.total(rule.denominator, scale)
        less = before_part * whole.number - part.number * before_whole
        fallen = (less * (self.sign * PERCENT)).at_least(0)
        product, full = (before_whole * whole.number).nowhere_zero(), table.full(self.item)
        points = self._points_in_columns(fallen, product, full)
        nothing, nothing_before = whole.number.zeros, before_whole.zeros
        is_full = rule.zero_denominator is ZeroDenominator.FULL
        is_none = rule.zero_baseline is ZeroBaseline.NONE
        if is_full and nothing is not None and nothing_before is not None:
            nothing_before = nothing_before & ~nothing
        return table.points(
            where(nothing, full, where(nothing_before, 0, points)),
            (in_any(origin.lacks, part.lacks, whole.lacks), Status.NOT_REPORTED),
            (None if is_full else nothing, Status.NO_DENOMINATOR),
            (nothing_before if is_none else None, Status.NO_BASELINE),
        )

    def best(self, facts: CourtFacts, context: Context) -> int | None:
        wished = FURTHEST if self.rule.change is Movement.RISE else 0
        counted = dict.fromkeys(self.rule.numerator, wished)
        found = []
        # One case closed is as good as many; none at all may earn more, as the readings have it.
        for closed in (1, 0):
            figures = counted | dict.fromkeys(self.rule.denominator, closed)
            found.append(self(with_figures(facts, figures), context).cents)
        return max((earned for earned in found if earned is not None), default=None)

    def worked(self, month: Month, peers: Sequence[str]) -> Worked:
        rule = self.rule
        origin = compared(month, rule.interim, rule.numerator, rule.denominator, period=self.period)
        before_part, before_whole = origin.sums
        scale = scale_of(rule.numerator, rule.denominator)
        part = Line("part", NUMERATOR, total_of(rule.numerator, scale))
        whole = Line("whole", DENOMINATOR, total_of(rule.denominator, scale))
        less = before_part.number * whole.number - part.number * before_whole.number
        fallen = Line("fallen", FALLEN, most(0, less * (self.sign * PERCENT)))
        product = Line("product", PRODUCT, before_whole.number * whole.number)
        points, cents = self._worked_points(fallen, product)
        full = rule.zero_denominator is ZeroDenominator.FULL
        empty = SCORED if full else State(Status.NO_DENOMINATOR)
        none = rule.zero_baseline is ZeroBaseline.NONE
        without = State(Status.NO_BASELINE) if none else SCORED
        scored = If(
            whole.number.equals(0), empty, If(before_whole.number.equals(0), without, SCORED)
        )
        known = both(origin.is_known, Known(figures(self.metrics(rule))))
        return Worked(
            (part, whole, *origin.lines, fallen, product, *points),
            If(known, scored, State(Status.NOT_REPORTED)),
            If(whole.number.equals(0), Constant(self.full), cents),
        )

    def value(self, working: RateDropWorking) -> Fraction | None:
        if working.denominator == 0 or working.before_denominator == 0:
            return None
        now = Fraction(working.numerator, working.denominator)
        before = Fraction(working.before_numerator, working.before_denominator)
        return self.sign * PERCENT * (before - now)

    @property
    def _per_unit(self) -> Decimal:
        return self.rule.per_point

    def _printed(self, now: Fraction | None, before: Fraction | None) -> tuple[Printed, Printed]:
        """Last year's rate and this year's as they are printed, leading to the printed drop."""
        if now is None or before is None:
            return printed(before or Fraction(0)), printed(now or Fraction(0))
        fall = self._printed_fall(self.sign * (before - now))
        return both_leading_to(
            (before, now), lambda one, other: fall.again(self.sign * (one - other)), fall.value
        )

    def measured(self, score: ItemScore) -> Iterator[Measured]:
        working: RateDropWorking | None = score.working
        value = None if score.value_text is None else Amount(score.value_text, self.unit)
        before = None
        if working is not None:
            before = percent(working.before_numerator, working.before_denominator)
        if before is None:
            yield Measured(value)
            return
        baseline = Amount(to_text(before), Unit.PERCENT)
        yield Measured(value, baseline, None if value is None else self.caption, LAST_YEAR)

    def explain(self, score: ItemScore) -> Iterator[Step]:
        rule, current, month = self.rule, score.facts.current, score.context.month
        working: RateDropWorking | None = score.working
        yield trace.figures(rule.numerator, current, month, role="numerator")
        yield trace.figures(rule.denominator, current, month, role="denominator")
        if working is not None:
            now = percent(working.numerator, working.denominator)
            before = percent(working.before_numerator, working.before_denominator)
            rates = self._printed(now, before)
            if now is not None:
                yield trace.rate(working.numerator, working.denominator, now, shown=rates[1])
            origin = working.origin
            for role, codes in (("numerator", rule.numerator), ("denominator", rule.denominator)):
                yield trace.figures(
                    codes, origin.figures, origin.month, role=role, period="baseline"
                )
            if before is not None:
                yield trace.baseline_rate(origin, before)
                yield trace.rate(
                    working.before_numerator,
                    working.before_denominator,
                    before,
                    period="baseline",
                    shown=rates[0],
                )
            # Where both rates exist, points were earned, if only none.
            if now is not None and before is not None and working.earned is not None:
                value = self.sign * (before - now)
                fall = self._printed_fall(value)
                yield rate_drop_step(before, now, value, (*rates, fall), rule.change)
                yield from self._points(score.cents or 0, working.earned, value, fall)
            elif score.cents is not None:
                yield trace.points(
                    Ratio(score.cents, 1), self.full, score.cents, rule.per_point, self.unit
                )
        yield from self._unscored_steps(score, self.item.metrics, self._find_baseline)


def rate_drop_step(
    before: Fraction,
    now: Fraction,
    value: Fraction,
    shown: tuple[Printed, Printed, Printed],
    change: Movement = Movement.FALL,
) -> Step:
    """By how many percentage points a rate fell, or rose; `shown` are both rates and the drop."""
    data = fall_data(before, now, value, Unit.PERCENTAGE_POINTS)
    return Step("drop", data, _rate_drop_sentence(*shown, change))


def _rate_drop_sentence(
    before: Printed, now: Printed, value: Printed, change: Movement
) -> Sentence:
    """By how many percentage points a rate fell, or rose."""
    exact = before.exact and now.exact
    values: dict[str, sentences.Value] = {
        "baseline": Amount(before.text, Unit.PERCENT),
        "current": Amount(now.text, Unit.PERCENT),
        "sign": value.sign() if exact else "≈",
        "value": Amount(value.text, Unit.PERCENTAGE_POINTS),
    }
    if change is Movement.RISE:
        return Sentence(RATE_RISE if value.value > 0 else NO_RATE_RISE, values)
    return Sentence(RATE_DROP if value.value > 0 else NO_RATE_DROP, values)
