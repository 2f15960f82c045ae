"""Formulas that hold a value against a target: rates, averages, and conditions on several rates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from scoring import sentences, trace
from scoring.facts import CourtFacts
from scoring.formula import Formula, percent
from scoring.printed import Printed, leading_to, printed
from scoring.rates import PERCENT, Ratio, summing
from scoring.results import Context, ItemScore, Status, Step
from scoring.rounding import half_up, places_apart, printed_cents, rounded, to_text
from scoring.schema import (
    Combine,
    Comparison,
    Condition,
    ConditionsRule,
    Direction,
    Item,
    Level,
    Missed,
    Rulebook,
    TargetRule,
    Unit,
    ZeroDenominator,
)
from scoring.sentences import Amount, Sentence

PairReader = Callable[[Mapping[str, int]], tuple[int, int]]


class TargetWorking(NamedTuple):
    """`counted` is the numerator, or its complement; `met` is None when it cannot be told."""

    counted: int
    denominator: int
    target: Ratio | None
    met: bool | None
    earned: Ratio


class Attained(NamedTuple):
    """The value and its share of the target, as they are printed."""

    value: Printed
    share: Printed


class Target(Formula[TargetRule]):
    """All points for a value that meets its target (附件1·二·2(1) to 5(1), 附件1·三)."""

    def __init__(self, item: Item, level: Level, rulebook: Rulebook) -> None:
        super().__init__(item, level, rulebook)
        rule = self.rule
        self._scale = 1 if rule.average else PERCENT
        self._fixed = None if rule.target is None else Ratio.of(rule.target)
        self._at_least = rule.direction is Direction.AT_LEAST
        self.unit = Unit.DAYS if rule.average else Unit.PERCENT
        self._numerator, self._denominator = summing(rule.numerator), summing(rule.denominator)
        self._as_printed = rule.comparison is Comparison.AS_PRINTED
        self._all, self._nothing = Ratio(self.full, 1), Ratio(0, 1)

    def __call__(self, facts: CourtFacts, context: Context) -> ItemScore:
        rule = self.rule
        wanted = self._fixed or self._appraisal(facts)
        try:
            counted = self._numerator(facts.current)
            denominator = self._denominator(facts.current)
        except KeyError:
            late = wanted is None and not self._without_return(facts)
            status = Status.NO_TARGET if late else Status.NOT_REPORTED
            return self._null(facts, context, status)
        if rule.complement:
            counted = denominator - counted
        if wanted is None:
            working = TargetWorking(counted, denominator, None, None, self._nothing)
            return self._null(facts, context, Status.NO_TARGET, working)
        if denominator == 0:
            working = TargetWorking(counted, denominator, wanted, None, self._all)
            if rule.zero_denominator is ZeroDenominator.FULL:
                return self._scored(facts, context, self.full, working)
            return self._null(facts, context, Status.NO_DENOMINATOR, working)
        reached = counted * self._scale * wanted.denominator
        asked = wanted.numerator * denominator
        if self._as_printed:
            printed = printed_cents(counted * self._scale, denominator)
            asked_printed = printed_cents(*wanted)
            met = printed >= asked_printed if self._at_least else printed <= asked_printed
        else:
            met = reached >= asked if self._at_least else reached <= asked
        if met:
            earned = self._all
        elif rule.missed is Missed.ATTAINMENT:
            share = (reached, asked) if self._at_least else (asked, reached)
            earned = Ratio(self.full * share[0], share[1])
        else:
            earned = self._nothing
        working = TargetWorking(counted, denominator, wanted, met, earned)
        return ItemScore(self, facts, context, Status.SCORED, half_up(*earned), working)

    def _appraisal(self, facts: CourtFacts) -> Ratio | None:
        wanted = facts.targets.get(self.item.code)
        return None if wanted is None else Ratio.of(wanted)

    def best(self, facts: CourtFacts, context: Context) -> int | None:
        known = self._fixed or self._appraisal(facts)
        return None if known is None else self.full

    def value(self, working: TargetWorking) -> Fraction | None:
        if working.denominator == 0:
            return None
        return Fraction(self._scale * working.counted, working.denominator)

    def target(self, score: ItemScore) -> Decimal | None:
        if self.rule.target is not None:
            return self.rule.target
        return score.facts.targets.get(self.item.code)

    def _attained(
        self, working: TargetWorking, value: Fraction, wanted: Decimal | None
    ) -> Attained | None:
        """How value and share of a missed target are printed; None where no share earns points."""
        if wanted is None or working.met is not False or self.rule.missed is not Missed.ATTAINMENT:
            return None
        share = working.earned.fraction * PERCENT / self.full
        full, target = Fraction(self.full, PERCENT), Fraction(wanted)
        printed_share = leading_to(
            share,
            lambda shown: rounded(shown * full / PERCENT),
            rounded(share * full / PERCENT),
        )

        def of_value(shown: Fraction) -> Fraction:
            part, whole = (shown, target) if self._at_least else (target, shown)
            return printed_share.again(PERCENT * part / whole)

        least = places_apart(value, wanted)
        return Attained(leading_to(value, of_value, printed_share.value, least), printed_share)

    def _share_of_points(self, share: Printed) -> Sentence:
        return Sentence(
            sentences.SHARE_OF_POINTS,
            {
                "operand": to_text(Fraction(self.full, PERCENT)),
                "share": Amount(share.text, Unit.PERCENT),
            },
        )

    def explain(self, score: ItemScore) -> Iterator[Step]:
        rule, current, month = self.rule, score.facts.current, score.context.month
        working: TargetWorking | None = score.working
        yield trace.figures(rule.numerator, current, month, role="numerator")
        yield trace.figures(rule.denominator, current, month, role="denominator")
        value = None if working is None else self.value(working)
        wanted = self.target(score)
        attained = None
        if working is not None and value is not None:
            attained = self._attained(working, value, wanted)
            yield trace.rate(
                working.counted,
                working.denominator,
                value,
                unit=self.unit,
                complement=rule.complement,
                beside=wanted,
                shown=None if attained is None else attained.value,
            )
        yield trace.target(
            wanted,
            rule.direction,
            appraisal=rule.target is None,
            met=None if working is None else working.met,
            unit=self.unit,
            value=value,
        )
        if working is None or score.cents is None:
            pass
        elif attained is None or wanted is None:
            yield trace.points(working.earned, self.full, score.cents)
        else:
            share = working.earned.fraction * PERCENT / self.full
            yield trace.attainment(
                share,
                attained.value,
                wanted,
                attained.share,
                floor=self._at_least,
                unit=self.unit,
            )
            yield trace.points(
                working.earned,
                self.full,
                score.cents,
                working=self._share_of_points(attained.share),
                operands_exact=attained.share.exact,
            )
        yield from self._unscored_steps(score, self.item.metrics)


class ConditionWorking(NamedTuple):
    """One condition: both rates as pairs; `met` as the readings have it."""

    pair: tuple[int, int]
    against: tuple[int, int]
    met: bool


class Conditions(Formula[ConditionsRule]):
    """Points for several conditions together (附件1·三(二)11)."""

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
        return Sentence(sentences.CONDITIONS_KEPT, values)

    def best(self, facts: CourtFacts, context: Context) -> int | None:
        return self.full

    def value(self, working: tuple[ConditionWorking, ...]) -> Fraction | None:
        return percent(*working[0].pair)

    def target(self, score: ItemScore) -> Decimal | None:
        return self.rule.conditions[0].target

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
                yield trace.condition(number, value, wanted, met=line.met, against=against)
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


def _pair(numerator: Sequence[str], denominator: Sequence[str]) -> PairReader:
    part, whole = summing(numerator), summing(denominator)
    return lambda figures: (part(figures), whole(figures))
