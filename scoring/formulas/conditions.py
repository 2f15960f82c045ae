"""Points for several rates at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from scoring import faults, sentences, trace
from scoring.columns import LevelTable, PointColumn
from scoring.declared import Measured
from scoring.exact import Exact, Mask, in_any, where
from scoring.exact import half_up as column_half_up
from scoring.facts import CourtFacts, Month
from scoring.faults import RuleFault
from scoring.formula import Formula, percent
from scoring.printed import Printed, printed
from scoring.rates import PERCENT, Ratio, summing
from scoring.results import Context, ItemScore, Status, Step
from scoring.rounding import HUNDRED, half_up, places_apart, printed_cents, to_text
from scoring.schema import (
    Combine,
    Comparison,
    Direction,
    Item,
    Level,
    Metric,
    Rulebook,
    Text,
    Unit,
    ZeroDenominator,
)
from scoring.sentences import Amount, Bound, Lines, Quotient, Sentence
from scoring.spreadsheet import (
    DENOMINATOR,
    MET,
    NUMERATOR,
    SCORED,
    Constant,
    Expression,
    HalfUp,
    If,
    Line,
    State,
    Worked,
    either,
    figures,
    if_known,
    total_of,
)
from scoring.symbols import AT_LEAST, plain, quotient
from scoring.weights import scale_of

PairReader = Callable[[Mapping[str, int]], tuple[int, int]]

CONDITION = Text(
    "条件：%(rate)s，%(bound)s。", "조건: %(rate)s, %(bound)s.", "Condition: %(rate)s, %(bound)s."
)
ALL_OR_NOTHING = Text(
    "各条件全部满足才得分。",
    "모든 조건을 만족해야 득점합니다.",
    "Points only if every condition holds.",
)
EQUAL_SHARES = Text(
    "每满足一个条件，得相等的一份分。",
    "조건 하나를 만족할 때마다 같은 몫의 점수를 얻습니다.",
    "Each condition earns an equal share of the points.",
)
NUMBERED = Text("条件%(number)s", "조건%(number)s", "Condition %(number)s")
CONDITION_MET = Text(
    "%(value)s，应%(bound)s，已满足。",
    "%(value)s, 기준 %(bound)s, 충족.",
    "%(value)s, should be %(bound)s; satisfied.",
)
CONDITION_MISSED = Text(
    "%(value)s，应%(bound)s，未满足。",
    "%(value)s, 기준 %(bound)s, 불충족.",
    "%(value)s, should be %(bound)s; not satisfied.",
)
CONDITION_MISSED_BUT_FOR_PRINT = Text(
    "%(value)s，应%(bound)s，未满足：保留两位小数后相同，精确值并没有达到。",
    "%(value)s, 기준 %(bound)s, 불충족: 소수점 두자리로는 같지만 정확한 값은 이르지 못함.",
    "%(value)s, should be %(bound)s; not satisfied: alike with two decimals, "
    "but the exact value does not meet it.",
)
CONDITION_MET_AS_PRINTED = Text(
    "%(value)s，应%(bound)s，已满足：保留两位小数后相同，按两位小数比较。",
    "%(value)s, 기준 %(bound)s, 충족: 소수점 두자리로 같으며 두자리로 비교함.",
    "%(value)s, should be %(bound)s; satisfied: alike with two decimals, which are compared.",
)
AGAINST = Text(
    "对照比率：%(numerator)s ÷ %(denominator)s %(sign)s %(value)s；",
    "비교 비률: %(numerator)s ÷ %(denominator)s %(sign)s %(value)s; ",
    "Rate compared with: %(numerator)s ÷ %(denominator)s %(sign)s %(value)s; ",
)
CONDITIONS_KEPT = Text(
    "满足%(kept)s个条件：%(operand)s × %(kept)s ÷ %(count)s",
    "충족한 조건 %(kept)s개: %(operand)s × %(kept)s ÷ %(count)s",
    "Conditions satisfied, %(kept)s: %(operand)s × %(kept)s ÷ %(count)s",
)
LABELS: Mapping[str, Text] = {
    "conditions": Text("条件", "조건", "Condition"),
    "against_numerator": Text("对照的分子", "대조 분자", "Numerator compared with"),
    "against_denominator": Text("对照的分母", "대조 분모", "Denominator compared with"),
    "combine": Text("几个条件", "여러 조건", "Several conditions"),
    "both": Text("全部达到才得分", "모두 도달해야 득점", "all or nothing"),
    "half_each": Text("各得一份", "각각 한몫씩", "an equal share each"),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A rate at least `target` percent, or at least the rate of another pair of sums."""

    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    target: Decimal | None = None
    against_numerator: tuple[str, ...] = ()
    against_denominator: tuple[str, ...] = ()

    @property
    def metrics(self) -> tuple[str, ...]:
        """What it reads, in reading order."""
        return (
            *self.numerator,
            *self.denominator,
            *self.against_numerator,
            *self.against_denominator,
        )

    @property
    def symbols(self) -> str:
        """It as a relation over metric codes."""
        rate = quotient(self.numerator, self.denominator)
        if self.target is not None:
            return f"{rate} {AT_LEAST} {plain(self.target)} ÷ 100"
        return f"{rate} {AT_LEAST} {quotient(self.against_numerator, self.against_denominator)}"

    @property
    def words(self) -> Sentence:
        """It in words."""
        against: Amount | Quotient = Quotient(self.against_numerator, self.against_denominator)
        if self.target is not None:
            against = Amount(plain(self.target), Unit.PERCENT)
        values: dict[str, sentences.Value] = {
            "rate": Quotient(self.numerator, self.denominator),
            "bound": Bound(Direction.AT_LEAST, against),
        }
        return Sentence(CONDITION, values)


@dataclass(frozen=True, slots=True)
class ConditionsRule:
    """Points for several conditions at once."""

    conditions: tuple[Condition, ...]
    combine: Combine = Combine.BOTH
    zero_denominator: ZeroDenominator = ZeroDenominator.NONE
    comparison: Comparison = Comparison.EXACT


class ConditionWorking(NamedTuple):
    """One condition: both rates as pairs; `met` as the readings have it."""

    pair: tuple[int, int]
    against: tuple[int, int]
    met: bool


class Conditions(Formula[ConditionsRule]):
    """Points for several conditions together (附件1·三(二)11)."""

    name = "conditions"
    rule_type = ConditionsRule
    labels = LABELS
    kinds = ("condition",)

    @classmethod
    def metrics(cls, rule: ConditionsRule) -> Sequence[str]:
        return [code for condition in rule.conditions for code in condition.metrics]

    @classmethod
    def levers(cls, rule: ConditionsRule) -> Mapping[str, int]:
        return {code: 1 for condition in rule.conditions for code in condition.numerator}

    @classmethod
    def words(cls, rule: ConditionsRule) -> Sequence[Sentence]:
        earned = ALL_OR_NOTHING if rule.combine is Combine.BOTH else EQUAL_SHARES
        return [*(condition.words for condition in rule.conditions), Sentence(earned, {})]

    @classmethod
    def symbols(cls, rule: ConditionsRule) -> str:
        parts = [condition.symbols for condition in rule.conditions]
        if rule.combine is Combine.BOTH:
            return f"{' ∧ '.join(parts)} → P"
        return f"{'; '.join(parts)} → P ÷ {len(parts)}"

    @classmethod
    def faults(
        cls, rule: ConditionsRule, points: Mapping[Level, Decimal], metrics: Mapping[str, Metric]
    ) -> Iterator[RuleFault]:
        """Each condition has either a target or a whole rate to be held against."""
        for number, condition in enumerate(rule.conditions, start=1):
            against = (bool(condition.against_numerator), bool(condition.against_denominator))
            wanted = (False, False) if condition.target is not None else (True, True)
            if against != wanted:
                yield RuleFault(f"conditions[{number}].target", faults.ONE_OF)

    def __init__(self, item: Item, level: Level, rulebook: Rulebook) -> None:
        super().__init__(item, level, rulebook)
        self._lenient = self.rule.zero_denominator is ZeroDenominator.FULL
        self._as_printed = self.rule.comparison is Comparison.AS_PRINTED
        self._pairs = tuple(_readers(condition) for condition in self.rule.conditions)

    def __call__(self, facts: CourtFacts, context: Context) -> ItemScore:
        current = facts.current
        working = []
        empty = False
        try:
            for pair, against in self._pairs:
                part, whole = pair(current)
                other_part, other_whole = against(current)
                if not (whole and other_whole):
                    empty, met = True, self._lenient
                elif self._as_printed:
                    wanted = printed_cents(PERCENT * other_part, other_whole)
                    met = printed_cents(PERCENT * part, whole) >= wanted
                else:
                    met = part * other_whole >= other_part * whole
                working.append(ConditionWorking((part, whole), (other_part, other_whole), met))
        except KeyError:
            return self._null(facts, context, Status.NOT_REPORTED)
        found = tuple(working)
        if empty and not self._lenient:
            return self._null(facts, context, Status.NO_DENOMINATOR, found)
        return self._scored(facts, context, half_up(*self._earned(found)), found)

    def _earned(self, working: tuple[ConditionWorking, ...]) -> Ratio:
        kept = sum(line.met for line in working)
        if self.rule.combine is Combine.HALF_EACH:
            return Ratio(self.full * kept, len(working))
        return Ratio(self.full if kept == len(working) else 0, 1)

    def _kept(self, working: tuple[ConditionWorking, ...]) -> Sentence | None:
        """The multiplication behind an equal share of the points for each condition."""
        kept = sum(line.met for line in working)
        if self.rule.combine is not Combine.HALF_EACH or kept in {0, len(working)}:
            return None
        values: dict[str, sentences.Value] = {
            "kept": kept,
            "count": len(working),
            "operand": to_text(Fraction(self.full, PERCENT)),
        }
        return Sentence(CONDITIONS_KEPT, values)

    def columns(self, table: LevelTable) -> PointColumn:
        count = len(self.rule.conditions)
        kept = Exact.constant(0)
        lacks: Mask | None = None
        empty: Mask | None = None
        for condition in self.rule.conditions:
            pair = _pair_columns(table, condition.numerator, condition.denominator)
            lacks = in_any(lacks, pair.lacks)
            if condition.target is None:
                other = _pair_columns(
                    table, condition.against_numerator, condition.against_denominator
                )
                lacks = in_any(lacks, other.lacks)
            else:
                wanted = Ratio.of(condition.target)
                whole = Exact.constant(wanted.denominator * PERCENT)
                other = PairColumns(Exact.constant(wanted.numerator), whole, None)
            nothing = in_any(pair.whole.zeros, other.whole.zeros)
            empty = in_any(empty, nothing)
            if self._as_printed:
                met = pair.printed >= other.printed
            else:
                met = pair.part * other.whole >= other.part * pair.whole
            if nothing is not None:
                met = met | nothing
            kept = kept + Exact(met.astype(np.int64), 0, 1)
        if self.rule.combine is Combine.HALF_EACH:
            points = column_half_up(table.full(self.item) * kept, count)
        else:
            points = where(kept >= count, table.full(self.item), 0)
        return table.points(
            points,
            (lacks, Status.NOT_REPORTED),
            (None if self._lenient else empty, Status.NO_DENOMINATOR),
        )

    def best(self, facts: CourtFacts, context: Context) -> int | None:
        return self.full

    def worked(self, month: Month, peers: Sequence[str]) -> Worked:
        lines: list[Line] = []
        wholes: list[Expression] = []
        kept: Expression = Constant(0)
        for place, condition in enumerate(self.rule.conditions, start=1):
            pair = _summed_lines(f"{place}", condition.numerator, condition.denominator)
            lines.extend(pair)
            part, whole = (line.number for line in pair)
            wholes.append(whole)
            other_part: Expression
            other_whole: Expression
            if condition.target is None:
                others = _summed_lines(
                    f"{place}a", condition.against_numerator, condition.against_denominator
                )
                lines.extend(others)
                other_part, other_whole = (line.number for line in others)
                wholes.append(other_whole)
            else:
                wanted = Ratio.of(condition.target)
                other_part = Constant(wanted.numerator)
                other_whole = Constant(wanted.denominator * PERCENT)
            reached: Expression = part * other_whole
            asked: Expression = other_part * whole
            if self._as_printed:
                reached = HalfUp(part * (PERCENT * HUNDRED), whole)
                asked = HalfUp(other_part * (PERCENT * HUNDRED), other_whole)
            empty = either(whole.equals(0), other_whole.equals(0))
            holds = If(reached.at_least(asked), Constant(1), Constant(0))
            met = Line(f"met{place}", MET, If(empty, Constant(int(self._lenient)), holds))
            lines.append(met)
            kept = kept + met.number
        unknown = SCORED if self._lenient else State(Status.NO_DENOMINATOR)
        nothing = either(*(whole.equals(0) for whole in wholes))
        count = len(self.rule.conditions)
        cents: Expression = If(kept.equals(count), Constant(self.full), Constant(0))
        if self.rule.combine is Combine.HALF_EACH:
            cents = HalfUp(kept * self.full, Constant(count))
        codes = self.metrics(self.rule)
        return Worked(tuple(lines), if_known(figures(codes), If(nothing, unknown, SCORED)), cents)

    def value(self, working: tuple[ConditionWorking, ...]) -> Fraction | None:
        return percent(*working[0].pair)

    def target(self, score: ItemScore) -> Decimal | None:
        return self.rule.conditions[0].target

    def measured(self, score: ItemScore) -> Iterator[Measured]:
        """Each condition that can be told; the value alone where none can."""
        working: tuple[ConditionWorking, ...] = score.working or ()
        told = [
            (number, value, wanted, line.met)
            for number, line in enumerate(working, start=1)
            if (value := percent(*line.pair)) is not None
            and (wanted := percent(*line.against)) is not None
        ]
        for number, value, wanted, met in told:
            places = places_apart(value, wanted)
            yield Measured(
                Amount(to_text(value, places), Unit.PERCENT),
                Bound(Direction.AT_LEAST, Amount(to_text(wanted, places), Unit.PERCENT)),
                Lines((Sentence(NUMBERED, {"number": number}),)),
                sentences.TARGET,
                is_target=True,
                met=met,
            )
        if not told:
            yield from super().measured(score)

    def explain(self, score: ItemScore) -> Iterator[Step]:
        current, month = score.facts.current, score.context.month
        working: tuple[ConditionWorking, ...] | None = score.working
        for number, condition in enumerate(self.rule.conditions, start=1):
            for role, codes in (
                ("numerator", condition.numerator),
                ("denominator", condition.denominator),
                ("against_numerator", condition.against_numerator),
                ("against_denominator", condition.against_denominator),
            ):
                if codes:
                    yield trace.figures(codes, current, month, role=role, condition=number)
            if working is None:
                continue
            line = working[number - 1]
            value, wanted = percent(*line.pair), percent(*line.against)
            if value is not None:
                yield trace.rate(*line.pair, value, condition=number, shown=_beside(value, wanted))
            if value is not None and wanted is not None:
                against = None if condition.target is not None else line.against
                yield condition_step(number, value, wanted, met=line.met, against=against)
        if working is not None and score.cents is not None:
            yield trace.points(
                self._earned(working), self.full, score.cents, working=self._kept(working)
            )
        yield from self._unscored_steps(score, self.item.metrics)


def _beside(value: Fraction, wanted: Fraction | None) -> Printed:
    """A rate with the decimals it takes to tell it from what it is held against."""
    return printed(value, places_apart(value, value if wanted is None else wanted))


def _readers(condition: Condition) -> tuple[PairReader, PairReader]:
    """How to read a condition's rate, and the rate or target it must reach."""
    pair = _pair(condition.numerator, condition.denominator)
    if condition.target is None:
        return pair, _pair(condition.against_numerator, condition.against_denominator)
    wanted = Ratio.of(condition.target)
    fixed = (wanted.numerator, wanted.denominator * PERCENT)
    return pair, lambda _figures: fixed


class PairColumns(NamedTuple):
    """Both sums of a rate in columns, and where one of them was not reported."""

    part: Exact
    whole: Exact
    lacks: Mask | None

    @property
    def printed(self) -> Exact:
        """Hundredths of a percent, as they are printed."""
        return column_half_up(self.part * (PERCENT * HUNDRED), self.whole.nowhere_zero())


def _pair_columns(
    table: LevelTable, numerator: Sequence[str], denominator: Sequence[str]
) -> PairColumns:
    scale = scale_of(numerator, denominator)
    part, whole = table.total(numerator, scale), table.total(denominator, scale)
    return PairColumns(part.number, whole.number, in_any(part.lacks, whole.lacks))


def _summed_lines(
    key: str, numerator: Sequence[str], denominator: Sequence[str]
) -> tuple[Line, Line]:
    """Both sums of a rate as lines of a spreadsheet."""
    scale = scale_of(numerator, denominator)
    return (
        Line(f"part{key}", NUMERATOR, total_of(numerator, scale)),
        Line(f"whole{key}", DENOMINATOR, total_of(denominator, scale)),
    )


def _pair(numerator: Sequence[str], denominator: Sequence[str]) -> PairReader:
    part, whole = summing(numerator), summing(denominator)
    return lambda figures: (part(figures), whole(figures))


def condition_step(
    number_of_it: int,
    value: Fraction,
    wanted: Fraction,
    *,
    met: bool,
    against: tuple[int, int] | None = None,
) -> Step:
    """One of several conditions, in percent, with the decimals it takes to see the verdict.

    `against` are the sums of the rate it is held against, where that is no fixed target.
    """
    places = places_apart(value, wanted)
    direction = Direction.AT_LEAST
    limit = printed(wanted, places)
    sentence = _condition_sentence(
        Amount(to_text(value, places), Unit.PERCENT),
        Bound(direction, Amount(limit.text, Unit.PERCENT)),
        met=met,
        prints_alike=trace.prints_alike(value, wanted, direction),
    )
    if against is not None:
        rate_against = sentences.rate(AGAINST, *against, limit, Unit.PERCENT)
        sentence = sentences.joined(rate_against, sentence)
    return Step(
        "condition",
        {
            "condition": number_of_it,
            "value": to_text(value, places),
            "direction": direction.value,
            "target": to_text(wanted, places),
            "met": met,
        },
        sentence,
    )


def _condition_sentence(value: Amount, bound: Bound, *, met: bool, prints_alike: bool) -> Sentence:
    """One of several conditions."""
    alike = (CONDITION_MISSED_BUT_FOR_PRINT, CONDITION_MET_AS_PRINTED)
    template = alike[met] if prints_alike else (CONDITION_MISSED, CONDITION_MET)[met]
    return Sentence(template, {"value": value, "bound": bound})
