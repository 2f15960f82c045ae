"""Formulas that compare with the baseline year: drops of counts and of rates."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import NamedTuple, TypeVar

from scoring import sentences, trace
from scoring.facts import CourtFacts
from scoring.formula import Formula, percent, with_figures
from scoring.printed import Printed, both_leading_to, fraction, leading_to, number, printed
from scoring.rates import PERCENT, Baseline, BaselineFinder, Ratio, summing
from scoring.results import Context, ItemScore, Status, Step
from scoring.rounding import half_up, rounded
from scoring.schema import (
    DropRule,
    Item,
    Level,
    RateDropRule,
    Rulebook,
    StepSize,
    Text,
    Unit,
    ZeroBaseline,
    ZeroDenominator,
)
from scoring.sentences import Sentence

F = TypeVar("F", DropRule, RateDropRule)


class DropWorking(NamedTuple):
    """`before` is the baseline sum as reported; `earned` is in cents, before cap and rounding."""

    origin: Baseline
    before: int
    now: int
    earned: Ratio | None

    @property
    def baseline(self) -> Fraction:
        return Fraction(self.before * self.origin.multiplier, self.origin.divisor)


class FallFormula(Formula[F]):
    """What drops of counts and of rates share: points for each percent, and how they print."""

    compares_years = True
    each: Text

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
            yield trace.whole(value, counted, shown, self.unit)
            operand = fraction(Fraction(counted))
        working = None
        if earned.numerator:
            rate = f"{self._per_unit.normalize():f}"
            working = Sentence(self.each, {"operand": operand.text, "rate": rate})
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


class Drop(FallFormula[DropRule]):
    """Points for each percent by which a sum of counts fell (附件1·二·1, 2(2), 3(2) to 6(2))."""

    each = sentences.EACH_PERCENT

    def __init__(self, item: Item, level: Level, rulebook: Rulebook) -> None:
        super().__init__(item, level, rulebook)
        rule = self.rule
        self._per, self._per_divisor = Ratio.of(rule.per_percent * PERCENT)
        self._now = summing(rule.figures)
        self._find_baseline = BaselineFinder(rulebook.baseline_year, rule.interim, rule.figures)

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
        fallen = max(0, PERCENT * (before - now))
        if self.rule.step is StepSize.WHOLE:
            return Ratio(self._per * (fallen // before), self._per_divisor)
        return Ratio(self._per * fallen, self._per_divisor * before)

    def best(self, facts: CourtFacts, context: Context) -> int | None:
        blank = dict.fromkeys(self.rule.figures, 0)
        return self(with_figures(facts, blank), context).cents

    def value(self, working: DropWorking) -> Fraction | None:
        if working.before == 0:
            return None
        return PERCENT * (1 - working.now / working.baseline)

    @property
    def _per_unit(self) -> Decimal:
        return self.rule.per_percent

    def _printed(self, working: DropWorking, value: Fraction | None) -> tuple[Printed, Printed]:
        """Baseline and drop as they are printed, the first leading to the second."""
        if value is None:
            return number(working.baseline), printed(Fraction(0))
        fall = self._printed_fall(value)

        def fallen(baseline: Fraction) -> Fraction:
            return fall.again(PERCENT * (1 - working.now / baseline))

        if working.baseline.denominator == 1:
            return fraction(working.baseline), fall
        return leading_to(working.baseline, fallen, fall.value), fall

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
                yield trace.drop(working.baseline, working.now, value, shown)
                yield from self._points(score.cents, working.earned, value, shown[1])
            elif score.cents is not None:
                yield trace.points(Ratio(0, 1), self.full, score.cents, rule.per_percent, self.unit)
        yield from self._unscored_steps(score, rule.figures, self._find_baseline)


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

    unit = Unit.PERCENTAGE_POINTS
    each = sentences.EACH_POINT

    def __init__(self, item: Item, level: Level, rulebook: Rulebook) -> None:
        super().__init__(item, level, rulebook)
        rule = self.rule
        self._per, self._per_divisor = Ratio.of(rule.per_point * PERCENT)
        self._numerator, self._denominator = summing(rule.numerator), summing(rule.denominator)
        self._find_baseline = BaselineFinder(
            rulebook.baseline_year, rule.interim, rule.numerator, rule.denominator
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
        earned = self._earned(max(0, fallen), before_denominator * denominator)
        points = min(self.full, half_up(*earned))
        return self._scored(facts, context, points, working._replace(earned=earned))

    def _earned(self, fallen: int, whole: int) -> Ratio:
        if self.rule.step is StepSize.WHOLE:
            return Ratio(self._per * (fallen // whole), self._per_divisor)
        return Ratio(self._per * fallen, self._per_divisor * whole)

    def best(self, facts: CourtFacts, context: Context) -> int | None:
        none_reopened = dict.fromkeys(self.rule.numerator, 0)
        found = []
        # One case closed is as good as many; none at all may earn more, as the readings have it.
        for closed in (1, 0):
            figures = none_reopened | dict.fromkeys(self.rule.denominator, closed)
            found.append(self(with_figures(facts, figures), context).cents)
        return max((earned for earned in found if earned is not None), default=None)

    def value(self, working: RateDropWorking) -> Fraction | None:
        if working.denominator == 0 or working.before_denominator == 0:
            return None
        now = Fraction(working.numerator, working.denominator)
        return PERCENT * (Fraction(working.before_numerator, working.before_denominator) - now)

    @property
    def _per_unit(self) -> Decimal:
        return self.rule.per_point

    def _printed(self, now: Fraction | None, before: Fraction | None) -> tuple[Printed, Printed]:
        """Last year's rate and this year's as they are printed, leading to the printed drop."""
        if now is None or before is None:
            return printed(before or Fraction(0)), printed(now or Fraction(0))
        fall = self._printed_fall(before - now)
        return both_leading_to(
            (before, now), lambda one, other: fall.again(one - other), fall.value
        )

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
                value = before - now
                fall = self._printed_fall(value)
                yield trace.rate_drop(before, now, value, (*rates, fall))
                yield from self._points(score.cents or 0, working.earned, value, fall)
            elif score.cents is not None:
                yield trace.points(
                    Ratio(score.cents, 1), self.full, score.cents, rule.per_point, self.unit
                )
        yield from self._unscored_steps(score, self.item.metrics, self._find_baseline)
