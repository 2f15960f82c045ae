"""Formulas that compare with the baseline year: drops of counts and of rates."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from scoring import trace
from scoring.facts import CourtFacts
from scoring.formula import Formula, percent, with_figures
from scoring.rates import PERCENT, Baseline, BaselineFinder, Ratio, summing
from scoring.results import Context, ItemScore, Status, Step
from scoring.rounding import half_up
from scoring.schema import (
    DropRule,
    Item,
    Level,
    RateDropRule,
    Rulebook,
    StepSize,
    Unit,
    ZeroBaseline,
    ZeroDenominator,
)


class DropWorking(NamedTuple):
    """`before` is the baseline sum as reported; `earned` is in cents, before cap and rounding."""

    origin: Baseline
    before: int
    now: int
    earned: Ratio | None

    @property
    def baseline(self) -> Fraction:
        return Fraction(self.before * self.origin.multiplier, self.origin.divisor)


class Drop(Formula[DropRule]):
    """Points for each percent by which a sum of counts fell (附件1·二·1, 2(2), 3(2) to 6(2))."""

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

    def explain(self, score: ItemScore) -> Iterator[Step]:
        rule, month = self.rule, score.context.month
        yield trace.figures(rule.figures, score.facts.current, month, role="sum")
        working: DropWorking | None = score.working
        if working is not None:
            origin = working.origin
            yield trace.figures(
                rule.figures, origin.figures, origin.month, role="sum", period="baseline"
            )
            yield trace.baseline(origin, working.baseline)
            value = self.value(working)
            if value is not None and working.earned is not None and score.cents is not None:
                yield trace.drop(working.baseline, Fraction(working.now), value, self.unit)
                if rule.step is StepSize.WHOLE:
                    yield trace.whole(value, max(0, int(value)))
                yield trace.points(
                    working.earned, self.full, score.cents, rule.per_percent, self.unit
                )
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


class RateDrop(Formula[RateDropRule]):
    """Points for each percentage point by which a rate fell (附件1·二·6(1))."""

    unit = Unit.PERCENTAGE_POINTS

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

    def explain(self, score: ItemScore) -> Iterator[Step]:
        rule, current, month = self.rule, score.facts.current, score.context.month
        working: RateDropWorking | None = score.working
        yield trace.figures(rule.numerator, current, month, role="numerator")
        yield trace.figures(rule.denominator, current, month, role="denominator")
        if working is not None:
            now = percent(working.numerator, working.denominator)
            if now is not None:
                yield trace.rate(working.numerator, working.denominator, now)
            origin = working.origin
            for role, codes in (("numerator", rule.numerator), ("denominator", rule.denominator)):
                yield trace.figures(
                    codes, origin.figures, origin.month, role=role, period="baseline"
                )
            before = percent(working.before_numerator, working.before_denominator)
            if before is not None:
                yield trace.baseline(origin, before)
                yield trace.rate(
                    working.before_numerator,
                    working.before_denominator,
                    before,
                    period="baseline",
                )
            value = self.value(working)
            if now is not None and before is not None and value is not None:
                yield trace.drop(before, now, value, self.unit)
                if rule.step is StepSize.WHOLE:
                    yield trace.whole(value, max(0, int(value)))
            if score.cents is not None:
                earned = working.earned or Ratio(score.cents, 1)
                yield trace.points(earned, self.full, score.cents, rule.per_point, self.unit)
        yield from self._unscored_steps(score, self.item.metrics, self._find_baseline)
