"""What a value is held against: a number, an interval, last year, the other courts of the level.

Terms: *wanted* are the bounds a value should keep; *short* is by how much it misses them, never
below zero. A reference of the level (mean, median) is known only beside the other courts, so such
an item is scored in two looks: alone it has no target, `among` its level it has.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from scoring import trace
from scoring.columns import EVERYWHERE, LevelTable, PointColumn
from scoring.declared import Drawing, Goal, Measured
from scoring.exact import Exact, Mask, half_up, in_any, larger, where
from scoring.facts import CourtFacts
from scoring.faults import RuleFault
from scoring.formula import percent
from scoring.formulas.aim_rules import (
    ENTERED,
    INTERVAL,
    REFERENCES,
    A,
    aim_faults,
    interval_words,
    is_interval,
)
from scoring.formulas.rated import Rate, RateColumns, RatedFormula, most_value, unit_of
from scoring.rates import Baseline, BaselineFinder, Ratio
from scoring.results import Context, ItemScore, Status, Step
from scoring.rounding import HUNDRED, rounded, to_text
from scoring.schema import (
    OF_LEVEL,
    Direction,
    Item,
    Level,
    Metric,
    Reference,
    Rulebook,
    Text,
    Unit,
    ZeroDenominator,
)
from scoring.sentences import Amount, CourtPoints, Lines, Sentence
from scoring.spreadsheet import Cell
from scoring.spreadsheet import Kind as CellKind
from scoring.weights import scale_of

INSIDE = Text(
    "合理区间：%(interval)s，在区间内。",
    "합리적 구간: %(interval)s, 구간 안.",
    "Reasonable interval: %(interval)s; inside.",
)
OUTSIDE = Text(
    "合理区间：%(interval)s，不在区间内。",
    "합리적 구간: %(interval)s, 구간 밖.",
    "Reasonable interval: %(interval)s; outside.",
)
UNTOLD = Text(
    "合理区间：%(interval)s。",
    "합리적 구간: %(interval)s.",
    "Reasonable interval: %(interval)s.",
)
COURTS = Text(
    "各院数值：%(courts)s。", "법원별 값: %(courts)s.", "Values of the courts: %(courts)s."
)
COUNTED_COURTS = Text(
    "参加比较的同级法院共 %(count)s 个；各院的数值本年度不公布。",
    "비교하는 같은 심급 법원은 모두 %(count)s개. 각 법원의 값은 이 년도에 공표하지 않습니다.",
    "Courts compared: %(count)s; the courts’ own values are not published this year.",
)


class Wanted(NamedTuple):
    """The bounds in force, in the unit of the value; one of them may be open.

    `origin` and `before` are last year's side, `courts` the values of the level, where it comes
    from them. A `before` without a denominator has no bounds.
    """

    low: Fraction | None = None
    high: Fraction | None = None
    origin: Baseline | None = None
    before: Rate | None = None
    courts: tuple[tuple[str, Fraction], ...] = ()

    def short(self, value: Fraction) -> Fraction:
        """By how much a value misses the bounds."""
        if self.low is not None and value < self.low:
            return self.low - value
        if self.high is not None and value > self.high:
            return value - self.high
        return Fraction(0)

    def missed_bound(self, value: Fraction) -> Fraction | None:
        """The bound that a value misses; None where it misses none."""
        if self.low is not None and value < self.low:
            return self.low
        return self.high if self.high is not None and value > self.high else None


class AimedWorking(NamedTuple):
    """A value and what it is held against; `short` is None where that cannot be told."""

    rate: Rate
    wanted: Wanted | None
    short: Fraction | None
    earned: Ratio | None


class AimColumns(NamedTuple):
    """The bounds of whole tables, as integers over a divisor.

    `none` holds where there is no target, `lacks` where last year's figures lack, `unbounded` where
    they come to nothing.
    """

    low: Exact | None
    high: Exact | None
    divisor: Exact
    none: Mask | None = None
    lacks: Mask | None = None
    unbounded: Mask | None = None


class AimedFormula(RatedFormula[A]):
    """A value held against a number, an interval or a reference. Subclasses say what that earns."""

    @classmethod
    def better(cls, rule: A) -> Direction:
        """The asked direction; of an interval more is drawn as better, which it is from below."""
        return rule.direction or Direction.AT_LEAST

    @classmethod
    def levers(cls, rule: A) -> Mapping[str, int]:
        """None for an interval: whether more or less helps hangs on the value."""
        return {} if is_interval(rule) else super().levers(rule)

    @classmethod
    def goal(cls, rule: A) -> Goal | None:
        """The target, and of an interval none: it is no one value."""
        if is_interval(rule) or rule.direction is None:
            return None
        if isinstance(rule.target, Reference):
            entered = rule.target is Reference.APPRAISAL
            origin = ENTERED if entered else REFERENCES[rule.target]
            return Goal(rule.direction, None, unit_of(rule), origin, rule.target)
        return Goal(rule.direction, rule.target, unit_of(rule), rule.origin)

    @classmethod
    def drawing(cls, rule: A) -> Drawing:
        return Drawing(unit_of(rule), cls.better(rule))

    @classmethod
    def ceiling(cls, field: str, given: Mapping[str, Any]) -> int:
        if field in {"target", "low", "high"}:
            return most_value(given)
        return super().ceiling(field, given)

    @classmethod
    def faults(
        cls, rule: A, points: Mapping[Level, Decimal], metrics: Mapping[str, Metric]
    ) -> Iterator[RuleFault]:
        yield from aim_faults(rule, metrics)

    def __init__(self, item: Item, level: Level, rulebook: Rulebook) -> None:
        super().__init__(item, level, rulebook)
        rule = self.rule
        self.reads_level = rule.target in OF_LEVEL
        self.compares_years = rule.target is Reference.LAST_YEAR
        self.at_least = rule.direction is not Direction.AT_MOST
        # Finds last year's figures, where the value is held against them.
        self.last_year = None
        if self.compares_years:
            self.last_year = BaselineFinder(
                rulebook.baseline_year,
                rule.interim,
                rule.numerator,
                rule.denominator,
                period=self.period,
            )
        self.fixed: Wanted | None = None
        if is_interval(rule):
            low, high = Fraction(rule.low or 0), Fraction(rule.high or 0)
            self.fixed = (
                Wanted(rounded(low), rounded(high)) if self.as_printed else Wanted(low, high)
            )
        elif isinstance(rule.target, Decimal):
            self.fixed = self._bounded(Fraction(rule.target))

    @property
    def target_cell(self) -> Cell:
        """Where a spreadsheet has the target that is entered."""
        return Cell(CellKind.TARGET, self.item.code)

    @abstractmethod
    def earned(self, short: Fraction) -> Ratio:
        """The cents that a value earns which misses by `short`, before rounding and floor."""

    def _bounded(self, target: Fraction) -> Wanted:
        if self.as_printed:
            target = rounded(target)
        return Wanted(low=target) if self.at_least else Wanted(high=target)

    def __call__(self, facts: CourtFacts, context: Context) -> ItemScore:
        """Scored alone; a reference of the level waits for `among`."""
        rule = self.rule
        wanted = self.fixed
        if rule.target is Reference.APPRAISAL:
            entered = facts.targets.get(self.item.code)
            wanted = None if entered is None else self._bounded(Fraction(entered))
        try:
            rate = self.rate(facts.current)
        except KeyError:
            late = rule.target is Reference.APPRAISAL and wanted is None
            late = late and not self._without_return(facts)
            return self._null(facts, context, Status.NO_TARGET if late else Status.NOT_REPORTED)
        if self.last_year is not None:
            origin = self.last_year(facts, context.month)
            if origin is None:
                working = AimedWorking(rate, None, None, None)
                return self._null(facts, context, Status.NOT_REPORTED, working)
            wanted = self._of_last_year(origin)
        return self._held(facts, context, rate, wanted)

    def _of_last_year(self, origin: Baseline) -> Wanted:
        part, whole = origin.totals
        before = Rate(whole - part if self.rule.complement else part, whole)
        if not whole:
            return Wanted(origin=origin, before=before)
        found = self._bounded(Fraction(self.scale * before.counted, whole))
        return found._replace(origin=origin, before=before)

    def _held(
        self, facts: CourtFacts, context: Context, rate: Rate, wanted: Wanted | None
    ) -> ItemScore:
        if wanted is None:
            working = AimedWorking(rate, None, None, None)
            return self._null(facts, context, Status.NO_TARGET, working)
        working = AimedWorking(rate, wanted, None, None)
        if rate.denominator == 0:
            if self.rule.zero_denominator is ZeroDenominator.FULL:
                return self._scored(facts, context, self.full, working)
            return self._null(facts, context, Status.NO_DENOMINATOR, working)
        if wanted.low is None and wanted.high is None:
            return self._null(facts, context, Status.NO_BASELINE, working)
        short = wanted.short(self.compared(rate))
        earned = self.earned(short)
        working = AimedWorking(rate, wanted, short, earned)
        return self._scored(facts, context, self.rounded_cents(earned), working)

    def columns(self, table: LevelTable) -> PointColumn:
        """The same of whole tables; those of the level, for a reference, are all in the table."""
        rule, rate = self.rule, self.rate_columns(table)
        aim = self._aim_columns(table, rate)
        earned = self.earned_columns(table, rate, aim)
        nothing, is_full = rate.denominator.zeros, rule.zero_denominator is ZeroDenominator.FULL
        unbounded = aim.unbounded
        if is_full and nothing is not None and unbounded is not None:
            unbounded = unbounded & ~nothing
        late: Mask | None = None
        if rule.target is Reference.APPRAISAL and rate.lacks is not None:
            without, late = table.without(self.side_metrics), aim.none
            if late is not None:
                late = late & rate.lacks
                late = late if without is None else late & ~without
        return table.points(
            where(nothing, table.full(self.item), earned) if is_full else earned,
            (late, Status.NO_TARGET),
            (in_any(rate.lacks, aim.lacks), Status.NOT_REPORTED),
            (aim.none, Status.NO_TARGET),
            (None if is_full else nothing, Status.NO_DENOMINATOR),
            (unbounded, Status.NO_BASELINE),
        )

    @abstractmethod
    def earned_columns(self, table: LevelTable, rate: RateColumns, aim: AimColumns) -> Exact:
        """The rounded cents of values that are held against their bounds."""

    def met_columns(self, rate: RateColumns, aim: AimColumns) -> Mask:
        """Where values keep their bounds."""
        above, below = self.compared_columns(rate, aim.divisor)
        if aim.high is None:
            return EVERYWHERE if aim.low is None else above >= aim.low * below
        met = above <= aim.high * below
        return met if aim.low is None else met & (above >= aim.low * below)

    def short_columns(self, rate: RateColumns, aim: AimColumns) -> tuple[Exact, Exact]:
        """By how much values miss their bounds, as integers over others that are above zero."""
        above, below = self.compared_columns(rate, aim.divisor)
        short = Exact.constant(0)
        if aim.low is not None:
            short = (aim.low * below - above).at_least(0)
        if aim.high is not None:
            over = (above - aim.high * below).at_least(0)
            short = over if aim.low is None else larger(short, over)
        return short, below * aim.divisor

    def _aim_columns(self, table: LevelTable, rate: RateColumns) -> AimColumns:
        rule = self.rule
        if self.fixed is not None:
            bounds = [one for one in (self.fixed.low, self.fixed.high) if one is not None]
            divisor = Exact.constant(lcm(*(one.denominator for one in bounds)))
            low, high = (
                None if one is None else Exact.constant(int(one * divisor.high))
                for one in (self.fixed.low, self.fixed.high)
            )
            return AimColumns(low, high, divisor)
        if rule.target is Reference.APPRAISAL:
            entered = table.target(self.item.code)
            if entered is None:
                return AimColumns(None, None, Exact.constant(1), none=EVERYWHERE)
            divisor = Exact.constant(entered.divisor)
            return self._aimed_at(entered.number, divisor)._replace(none=entered.lacks)
        if rule.target is Reference.LAST_YEAR:
            scale = scale_of(rule.numerator, rule.denominator)
            origin = table.compared(
                rule.interim, rule.numerator, rule.denominator, period=self.period, scale=scale
            )
            part, whole = origin.sums
            counted = (whole - part if rule.complement else part) * self.scale
            found = self._aimed_at(counted, whole.nowhere_zero())
            return found._replace(lacks=origin.lacks, unbounded=whole.zeros)
        return self._aim_of_level(table, rate)

    def _aimed_at(self, number: Exact, divisor: Exact) -> AimColumns:
        """One bound, which is a quotient of two tables."""
        if self.as_printed:
            number, divisor = half_up(number * HUNDRED, divisor), Exact.constant(HUNDRED)
        if self.at_least:
            return AimColumns(number, None, divisor)
        return AimColumns(None, number, divisor)

    def _aim_of_level(self, table: LevelTable, rate: RateColumns) -> AimColumns:
        """The mean or the median of each row; none for a court that is alone with its value."""
        has_value = np.broadcast_to(rate.denominator.values != 0, table.shape)
        if rate.lacks is not None:
            has_value = has_value & ~rate.lacks
        above = np.broadcast_to((rate.counted * self.scale).values, table.shape)
        below = np.broadcast_to(rate.denominator.values, table.shape)
        references = []
        for row, is_valued in enumerate(has_value):
            sides = zip(above[row][is_valued].tolist(), below[row][is_valued].tolist(), strict=True)
            references.append(self._reference([Fraction(one, other) for one, other in sides]))
        number = Exact.of([[one.numerator] for one in references])
        divisor = Exact.of([[one.denominator] for one in references])
        others = has_value.sum(axis=1, keepdims=True) - has_value
        return self._aimed_at(number, divisor)._replace(none=others == 0)

    def _reference(self, values: Sequence[Fraction]) -> Fraction:
        """What values of the level come to; of none nothing is asked."""
        if not values:
            return Fraction(0)
        if self.rule.target is Reference.MEAN:
            return sum(values, Fraction(0)) / len(values)
        return Fraction(median(values))

    @abstractmethod
    def rounded_cents(self, earned: Ratio) -> int:
        """The cents, rounded and within their bounds."""

    def among(self, own: ItemScore, field: Sequence[ItemScore]) -> ItemScore:
        """The mean or the median of all courts that have a value; without another there is none."""
        working: AimedWorking | None = own.working
        if working is None:
            return own
        known = [
            (score.facts.court, self._exact(score.working.rate))
            for score in field
            if score.working is not None and score.working.rate.denominator
        ]
        if all(court == own.facts.court for court, _value in known):
            return own
        values = [value for _court, value in known]
        wanted = self._bounded(self._reference(values))._replace(courts=tuple(known))
        return self._held(own.facts, own.context, working.rate, wanted)

    def _exact(self, rate: Rate) -> Fraction:
        return Fraction(self.scale * rate.counted, rate.denominator)

    def value(self, working: AimedWorking) -> Fraction | None:
        rate = working.rate
        return self._exact(rate) if rate.denominator else None

    def target(self, score: ItemScore) -> Decimal | Fraction | None:
        rule = self.rule
        if isinstance(rule.target, Decimal):
            return rule.target
        if rule.target is Reference.APPRAISAL:
            return score.facts.targets.get(self.item.code)
        working: AimedWorking | None = score.working
        if is_interval(rule) or working is None or working.wanted is None:
            return None
        return working.wanted.low if self.at_least else working.wanted.high

    def met(self, score: ItemScore) -> bool | None:
        """As the points have it: where only prints are compared, their verdict."""
        working: AimedWorking | None = score.working
        return None if working is None or working.short is None else working.short == 0

    def measured(self, score: ItemScore) -> Iterator[Measured]:
        """The value beside the target or the interval."""
        if not is_interval(self.rule):
            yield from super().measured(score)
            return
        value = None if score.value_text is None else Amount(score.value_text, self.unit)
        interval = Lines((self._interval(),))
        yield Measured(
            value, interval, against_caption=INTERVAL, is_target=True, met=self.met(score)
        )

    def _interval(self) -> Sentence:
        low, high = self.rule.low or Decimal(0), self.rule.high or Decimal(0)
        return interval_words(trace.target_text(low), trace.target_text(high), self.unit)

    # --- Explained -------------------------------------------------------------------------

    def explain_reference(self, score: ItemScore, *, own: bool) -> Iterator[Step]:
        """Where the target comes from: last year's figures, or the courts of the level."""
        wanted: Wanted | None = None if score.working is None else score.working.wanted
        if wanted is not None and wanted.origin is not None and wanted.before is not None:
            yield from self._explain_last_year(wanted.origin, wanted.before)
        if wanted is not None and wanted.courts:
            yield courts_step(wanted.courts, self.unit, own=own)

    def explain_aim(self, score: ItemScore) -> Iterator[Step]:
        """What the value is held against, and whether it is met."""
        rule, working = self.rule, score.working
        met = self.met(score)
        if is_interval(rule):
            template = UNTOLD if met is None else (OUTSIDE, INSIDE)[met]
            sentence = Sentence(template, {"interval": Lines((self._interval(),))})
            data = {"low": str(rule.low), "high": str(rule.high), "met": met}
            yield Step("interval", data | {"unit": self.unit.value}, sentence)
            return
        target = self.target(score)
        if target is None and rule.target is not Reference.APPRAISAL:
            return
        reference = None
        if isinstance(rule.target, Reference):
            reference = (rule.target.value, REFERENCES[rule.target])
        yield trace.target(
            target,
            rule.direction or Direction.AT_LEAST,
            appraisal=rule.target is Reference.APPRAISAL,
            met=met,
            unit=self.unit,
            value=None if working is None else self.value(working),
            reference=reference,
        )

    def _explain_last_year(self, origin: Baseline, before: Rate) -> Iterator[Step]:
        rule = self.rule
        for role, codes in (("numerator", rule.numerator), ("denominator", rule.denominator)):
            yield trace.figures(codes, origin.figures, origin.month, role=role, period="baseline")
        value = percent(before.counted, before.denominator)
        if value is None:
            return
        exact = self._exact(before)
        yield trace.baseline_rate(origin, exact)
        yield trace.rate(
            before.counted,
            before.denominator,
            exact,
            unit=self.unit,
            period="baseline",
            complement=rule.complement,
        )


def courts_step(courts: Sequence[tuple[str, Fraction]], unit: Unit, *, own: bool) -> Step:
    """The values of the courts that a reference comes from; `own` only tells how many."""
    if own:
        count = len(courts)
        return Step("courts", {"count": count}, Sentence(COUNTED_COURTS, {"count": count}))
    told = tuple((court, to_text(value), None) for court, value in courts)
    return Step(
        "courts",
        {
            "count": len(courts),
            "unit": unit.value,
            "courts": [
                {"court": court, "value": text, "exact": trace.exact(value)}
                for (court, text, _), (_court, value) in zip(told, courts, strict=True)
            ],
        },
        Sentence(COURTS, {"courts": CourtPoints(told)}),
    )
