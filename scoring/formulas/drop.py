"""Points for each percent by which a sum of counts fell below last year's."""

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
from scoring.formula import with_figures
from scoring.formulas.compared import compared
from scoring.formulas.falls import FURTHEST, LAST_YEAR, FallFormula, fall_data
from scoring.printed import Printed, fraction, leading_to, number, printed
from scoring.rates import MONTHS_OF_YEAR, PERCENT, Baseline, BaselineFinder, Ratio, summing
from scoring.results import Context, ItemScore, Status, Step
from scoring.rounding import half_up
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
)
from scoring.sentences import Amount, Sentence, Summed
from scoring.spreadsheet import (
    SCORED,
    SUM,
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
from scoring.symbols import MINUS, plain, summed
from scoring.weights import scale_of, sum_text

RULE = Text(
    "比上年每下降1%%，得%(points)s分，最多得满分：%(what)s。",
    "지난해보다 1%% 내려갈 때마다 %(points)s점, 만점까지: %(what)s.",
    "Each 1%% by which it fell against last year earns %(points)s points, "
    "up to full points: %(what)s.",
)
RISE_RULE = Text(
    "比上年每上升1%%，得%(points)s分，最多得满分：%(what)s。",
    "지난해보다 1%% 올라갈 때마다 %(points)s점, 만점까지: %(what)s.",
    "Each 1%% by which it rose against last year earns %(points)s points, "
    "up to full points: %(what)s.",
)
RISE = Text(
    "升幅：（%(current)s − %(baseline)s）÷ %(baseline)s %(sign)s %(value)s。",
    "상승폭: (%(current)s − %(baseline)s) ÷ %(baseline)s %(sign)s %(value)s.",
    "Rise: (%(current)s − %(baseline)s) ÷ %(baseline)s %(sign)s %(value)s.",
)
NO_RISE = Text(
    "没有上升：（%(current)s − %(baseline)s）÷ %(baseline)s %(sign)s %(value)s。",
    "상승하지 않음: (%(current)s − %(baseline)s) ÷ %(baseline)s %(sign)s %(value)s.",
    "No rise: (%(current)s − %(baseline)s) ÷ %(baseline)s %(sign)s %(value)s.",
)
EACH_RISE = Text(
    "每上升1%%计%(rate)s分：%(operand)s × %(rate)s",
    "1%% 증가마다 %(rate)s점: %(operand)s × %(rate)s",
    "%(rate)s points for each 1%% of rise: %(operand)s × %(rate)s",
)
DROP = Text(
    "降幅：（%(baseline)s − %(current)s）÷ %(baseline)s %(sign)s %(value)s。",
    "감소폭: (%(baseline)s − %(current)s) ÷ %(baseline)s %(sign)s %(value)s.",
    "Drop: (%(baseline)s − %(current)s) ÷ %(baseline)s %(sign)s %(value)s.",
)
NO_DROP = Text(
    "没有下降：（%(baseline)s − %(current)s）÷ %(baseline)s %(sign)s %(value)s。",
    "하락하지 않음: (%(baseline)s − %(current)s) ÷ %(baseline)s %(sign)s %(value)s.",
    "No drop: (%(baseline)s − %(current)s) ÷ %(baseline)s %(sign)s %(value)s.",
)
EACH_PERCENT = Text(
    "每下降1%%计%(rate)s分：%(operand)s × %(rate)s",
    "1%% 감소마다 %(rate)s점: %(operand)s × %(rate)s",
    "%(rate)s points for each 1%% of drop: %(operand)s × %(rate)s",
)

SCALED_BEFORE = Text("上年数乘以月数", "지난해 수 × 개월수", "Last year's sum times months")
FALLEN = Text("降幅（%）的分子", "감소폭(%)의 분자", "Drop (%): numerator")


@dataclass(frozen=True, slots=True)
class DropRule:
    """`per_percent` points for each percent by which the sum of `figures` fell, or rose."""

    figures: tuple[str, ...]
    per_percent: Decimal
    step: StepSize = StepSize.PRO_RATA
    interim: Interim = Interim.SAME_MONTH
    zero_baseline: ZeroBaseline = ZeroBaseline.NONE
    change: Movement = Movement.FALL


class DropWorking(NamedTuple):
    """`before` is the baseline sum as reported; `earned` is in cents, before cap and rounding."""

    origin: Baseline
    before: int
    now: int
    earned: Ratio | None

    @property
    def baseline(self) -> Fraction:
        return Fraction(self.before * self.origin.multiplier, self.origin.divisor)


class Drop(FallFormula[DropRule]):
    """Points for each percent by which a sum of counts fell (附件1·二·1, 2(2), 3(2) to 6(2))."""

    name = "drop"
    rule_type = DropRule
    labels = {
        "per_percent": Text("每下降1%得分", "1% 감소당 점수", "Points for each percent of drop")
    }
    each = {Movement.FALL: EACH_PERCENT, Movement.RISE: EACH_RISE}

    @classmethod
    def metrics(cls, rule: DropRule) -> Sequence[str]:
        return rule.figures

    @classmethod
    def levers(cls, rule: DropRule) -> Mapping[str, int]:
        return dict.fromkeys(rule.figures, 1 if rule.change is Movement.RISE else -1)

    @classmethod
    def series(cls, rule: DropRule) -> Series:
        return Series(rule.figures)

    @classmethod
    def drawing(cls, rule: DropRule) -> Drawing:
        """By the cases themselves, not by their fall."""
        is_rise = rule.change is Movement.RISE
        return Drawing(None, Direction.AT_LEAST if is_rise else Direction.AT_MOST)

    @classmethod
    def words(cls, rule: DropRule) -> Sequence[Sentence]:
        values: dict[str, sentences.Value] = {
            "points": plain(rule.per_percent),
            "what": Summed(rule.figures),
        }
        template = RISE_RULE if rule.change is Movement.RISE else RULE
        return [Sentence(template, values), *cls.fall_words(rule)]

    @classmethod
    def symbols(cls, rule: DropRule) -> str:
        points = cls.fall_symbols(rule.step, rule.per_percent)
        moved = f"S {MINUS} S′" if rule.change is Movement.RISE else f"S′ {MINUS} S"
        return f"S = {summed(rule.figures)}; x = ({moved}) ÷ S′ × 100; {points}"

    @property
    def asked_change(self) -> Fraction | None:
        fall = Fraction(self.full) / (PERCENT * PERCENT * Fraction(self.rule.per_percent))
        return -self.sign * min(fall, Fraction(1))

    def __init__(self, item: Item, level: Level, rulebook: Rulebook) -> None:
        super().__init__(item, level, rulebook)
        rule = self.rule
        self._per, self._per_divisor = Ratio.of(rule.per_percent * PERCENT)
        self._now = summing(rule.figures)
        self._find_baseline = BaselineFinder(
            rulebook.baseline_year, rule.interim, rule.figures, period=self.period
        )

    def __call__(self, facts: CourtFacts, context: Context) -> ItemScore:
        rule = self.rule
        origin = self._find_baseline(facts, context.month)
        if origin is None:
            return self._null(facts, context, Status.NOT_REPORTED)
        try:
            now = self._now(facts.current)
        except KeyError:
            return self._null(facts, context, Status.NOT_REPORTED)
        (before,) = origin.totals
        if before == 0:
            working = DropWorking(origin, before, now, None)
            if rule.zero_baseline is ZeroBaseline.ZERO:
                return self._scored(facts, context, 0, working)
            return self._null(facts, context, Status.NO_BASELINE, working)
        earned = self._earned(before * origin.multiplier, now * origin.divisor)
        points = min(self.full, half_up(*earned))
        return self._scored(facts, context, points, DropWorking(origin, before, now, earned))

    def _earned(self, before: int, now: int) -> Ratio:
        fallen = max(0, self.sign * PERCENT * (before - now))
        if self.rule.step is StepSize.WHOLE:
            return Ratio(self._per * (fallen // before), self._per_divisor)
        return Ratio(self._per * fallen, self._per_divisor * before)

    def columns(self, table: LevelTable) -> PointColumn:
        rule = self.rule
        scale = scale_of(rule.figures)
        origin = table.compared(rule.interim, rule.figures, period=self.period, scale=scale)
        now = table.total(rule.figures, scale)
        whole = origin.sums[0] * origin.twelfths
        fallen = ((whole - now.number * MONTHS_OF_YEAR) * (self.sign * PERCENT)).at_least(0)
        nothing = whole.zeros
        points = self._points_in_columns(fallen, whole.nowhere_zero(), table.full(self.item))
        is_none = rule.zero_baseline is ZeroBaseline.NONE
        return table.points(
            points if is_none else where(nothing, 0, points),
            (in_any(origin.lacks, now.lacks), Status.NOT_REPORTED),
            (nothing if is_none else None, Status.NO_BASELINE),
        )

    def best(self, facts: CourtFacts, context: Context) -> int | None:
        wished = FURTHEST if self.rule.change is Movement.RISE else 0
        figures = dict.fromkeys(self.rule.figures, wished)
        return self(with_figures(facts, figures), context).cents

    def worked(self, month: Month, peers: Sequence[str]) -> Worked:
        rule = self.rule
        origin = compared(month, rule.interim, rule.figures, period=self.period)
        (before,) = origin.sums
        now = Line("now", SUM, total_of(rule.figures, scale_of(rule.figures)))
        whole = Line("whole", SCALED_BEFORE, before.number * origin.multiplier)
        less = whole.number - now.number * origin.divisor
        fallen = Line("fallen", FALLEN, most(0, less * (self.sign * PERCENT)))
        points, cents = self._worked_points(fallen, whole)
        none = rule.zero_baseline is ZeroBaseline.NONE
        empty = State(Status.NO_BASELINE) if none else SCORED
        scored = If(before.number.equals(0), empty, SCORED)
        known = both(origin.is_known, Known(figures(rule.figures)))
        return Worked(
            (now, *origin.lines, whole, fallen, *points),
            If(known, scored, State(Status.NOT_REPORTED)),
            cents,
        )

    def value(self, working: DropWorking) -> Fraction | None:
        if working.before == 0:
            return None
        return self.sign * PERCENT * (1 - working.now / working.baseline)

    @property
    def _per_unit(self) -> Decimal:
        return self.rule.per_percent

    def _printed(self, working: DropWorking, value: Fraction | None) -> tuple[Printed, Printed]:
        """Baseline and drop as they are printed, the first leading to the second."""
        if value is None:
            return number(working.baseline), printed(Fraction(0))
        fall = self._printed_fall(value)

        def fallen(baseline: Fraction) -> Fraction:
            return fall.again(self.sign * PERCENT * (1 - working.now / baseline))

        if working.baseline.denominator == 1:
            return fraction(working.baseline), fall
        return leading_to(working.baseline, fallen, fall.value), fall

    def measured(self, score: ItemScore) -> Iterator[Measured]:
        working: DropWorking | None = score.working
        if working is None:
            yield Measured()
            return
        baseline = number(working.baseline).text
        if score.value_text is None:
            yield Measured(None, baseline, None, LAST_YEAR)
        else:
            yield Measured(Amount(score.value_text, self.unit), baseline, self.caption, LAST_YEAR)

    def explain(self, score: ItemScore) -> Iterator[Step]:
        rule, month = self.rule, score.context.month
        yield trace.figures(rule.figures, score.facts.current, month, role="sum")
        working: DropWorking | None = score.working
        if working is not None:
            origin = working.origin
            yield trace.figures(
                rule.figures, origin.figures, origin.month, role="sum", period="baseline"
            )
            value = self.value(working)
            shown = self._printed(working, value)
            yield trace.baseline(origin, working.before, working.baseline, shown[0])
            if value is not None and working.earned is not None and score.cents is not None:
                yield drop_step(working.baseline, working.now, value, shown, rule.change)
                yield from self._points(score.cents, working.earned, value, shown[1])
            elif score.cents is not None:
                yield trace.points(Ratio(0, 1), self.full, score.cents, rule.per_percent, self.unit)
        yield from self._unscored_steps(score, rule.figures, self._find_baseline)


def drop_step(
    before: Fraction,
    now: int,
    value: Fraction,
    shown: tuple[Printed, Printed],
    change: Movement = Movement.FALL,
) -> Step:
    """By how many percent a sum fell below its baseline, or rose; `shown` are baseline and drop."""
    data = fall_data(before, Fraction(now), value, Unit.PERCENT)
    current = str(sum_text(now))
    return Step("drop", data, _drop_sentence(shown[0], current, shown[1], change))


def _drop_sentence(before: Printed, now: str, value: Printed, change: Movement) -> Sentence:
    """By how many percent a sum fell, or rose."""
    values: dict[str, sentences.Value] = {
        "baseline": before.text,
        "current": now,
        "sign": value.sign() if before.exact else "≈",
        "value": Amount(value.text, Unit.PERCENT),
    }
    if change is Movement.RISE:
        return Sentence(RISE if value.value > 0 else NO_RISE, values)
    return Sentence(DROP if value.value > 0 else NO_DROP, values)
