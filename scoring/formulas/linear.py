"""Points in proportion between a value that earns nothing and one that earns everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from scoring import faults, sentences, trace
from scoring.columns import LevelTable, PointColumn
from scoring.declared import Goal
from scoring.exact import half_up as column_half_up
from scoring.exact import where
from scoring.facts import CourtFacts, Month
from scoring.faults import RuleFault
from scoring.formulas.rated import Rate, RatedFormula, most_value, rate_symbols, unit_of
from scoring.printed import leading_to, printed
from scoring.rates import PERCENT, Ratio
from scoring.results import Context, ItemScore, Status, Step
from scoring.rounding import half_up, rounded, to_text
from scoring.schema import (
    NO_TEXT,
    Comparison,
    Direction,
    Level,
    Metric,
    Text,
    Unit,
    ZeroDenominator,
)
from scoring.sentences import Amount, Quotient, Sentence
from scoring.spreadsheet import (
    ABOVE,
    BELOW,
    SCORED,
    Constant,
    HalfUp,
    If,
    Line,
    State,
    Worked,
    figures,
    if_known,
    least,
    most,
)
from scoring.symbols import MINUS, plain

RULE = Text(
    "%(rate)s：达到%(full)s得满分，为%(none)s不得分，两者之间按比例得分。",
    "%(rate)s: %(full)s이면 만점, %(none)s이면 득점 없음, 그 사이는 비례 득점.",
    "%(rate)s: full points at %(full)s, none at %(none)s, in proportion between them.",
)
SHARE = Text(
    "功效系数：（%(value)s − %(none)s）÷（%(full)s − %(none)s）%(sign)s %(share)s。",
    "효과계수: (%(value)s − %(none)s) ÷ (%(full)s − %(none)s) %(sign)s %(share)s.",
    "Share: (%(value)s − %(none)s) ÷ (%(full)s − %(none)s) %(sign)s %(share)s.",
)
ANCHORED = Text(
    "满分值 %(full)s，零分值 %(none)s：按 %(share)s 计。",
    "만점값 %(full)s, 0점값 %(none)s: %(share)s로 계산.",
    "Full points at %(full)s, none at %(none)s: counted at %(share)s.",
)


@dataclass(frozen=True, slots=True)
class LinearRule:
    """All points at `full_at`, none at `none_at`, in percent or days, whichever is more."""

    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    full_at: Decimal
    none_at: Decimal
    complement: bool = False
    average: bool = False
    origin: Text = NO_TEXT
    zero_denominator: ZeroDenominator = ZeroDenominator.NONE
    comparison: Comparison = Comparison.EXACT


class LinearWorking(NamedTuple):
    """The value's sums, and its share of the way, from 0 to 1; None without a value."""

    rate: Rate
    share: Fraction | None


class Linear(RatedFormula[LinearRule]):
    """Points in proportion between two anchors (功效系数)."""

    name = "linear"
    rule_type = LinearRule
    kinds = ("share",)
    labels = {
        "full_at": Text("满分值", "만점값", "Full points at"),
        "none_at": Text("零分值", "0점값", "No points at"),
    }

    @classmethod
    def better(cls, rule: LinearRule) -> Direction:
        return Direction.AT_LEAST if rule.full_at > rule.none_at else Direction.AT_MOST

    @classmethod
    def goal(cls, rule: LinearRule) -> Goal:
        return Goal(cls.better(rule), rule.full_at, unit_of(rule), rule.origin)

    @classmethod
    def words(cls, rule: LinearRule) -> Sequence[Sentence]:
        unit = unit_of(rule)
        values: dict[str, sentences.Value] = {
            "rate": Quotient(rule.numerator, rule.denominator, rule.complement),
            "full": Amount(plain(rule.full_at), unit),
            "none": Amount(plain(rule.none_at), unit),
        }
        return [Sentence(RULE, values)]

    @classmethod
    def symbols(cls, rule: LinearRule) -> str:
        full, none = plain(rule.full_at), plain(rule.none_at)
        share = f"(v {MINUS} {none}) ÷ ({full} {MINUS} {none})"
        return f"{rate_symbols(rule)}; P × min(1, max(0, {share}))"

    @classmethod
    def ceiling(cls, field: str, given: Mapping[str, Any]) -> int:
        return most_value(given)

    @classmethod
    def faults(
        cls, rule: LinearRule, points: Mapping[Level, Decimal], metrics: Mapping[str, Metric]
    ) -> Iterator[RuleFault]:
        """Two anchors that are one leave nothing between them."""
        if rule.full_at == rule.none_at:
            yield RuleFault("none_at", faults.SAME_ANCHORS, {"found": rule.none_at})

    def __call__(self, facts: CourtFacts, context: Context) -> ItemScore:
        try:
            rate = self.rate(facts.current)
        except KeyError:
            return self._null(facts, context, Status.NOT_REPORTED)
        if rate.denominator == 0:
            working = LinearWorking(rate, None)
            if self.rule.zero_denominator is ZeroDenominator.FULL:
                return self._scored(facts, context, self.full, working)
            return self._null(facts, context, Status.NO_DENOMINATOR, working)
        full, none = Fraction(self.rule.full_at), Fraction(self.rule.none_at)
        way = (self.compared(rate) - none) / (full - none)
        share = min(Fraction(1), max(Fraction(0), way))
        cents = half_up(*Ratio.of(self.full * share))
        return self._scored(facts, context, cents, LinearWorking(rate, share))

    def columns(self, table: LevelTable) -> PointColumn:
        rate, full = self.rate_columns(table), table.full(self.item)
        above, below = self.compared_columns(rate, 1)
        none, span = Ratio.of(self.rule.none_at), Ratio.of(self.rule.full_at - self.rule.none_at)
        sign = 1 if span.numerator > 0 else -1
        way = (above * none.denominator - below * none.numerator) * (span.denominator * sign)
        whole = below * (none.denominator * abs(span.numerator))
        points = column_half_up(way.at_least(0) * full, whole).at_most(full)
        nothing = rate.denominator.zeros
        is_full = self.rule.zero_denominator is ZeroDenominator.FULL
        return table.points(
            where(nothing, full, points) if is_full else points,
            (rate.lacks, Status.NOT_REPORTED),
            (None if is_full else nothing, Status.NO_DENOMINATOR),
        )

    def worked(self, month: Month, peers: Sequence[str]) -> Worked:
        rule, rate = self.rule, self.worked_rate()
        above, below = self.worked_value(rate)
        none, span = Ratio.of(rule.none_at), Ratio.of(rule.full_at - rule.none_at)
        sign = 1 if span.numerator > 0 else -1
        way = (above * none.denominator - below * none.numerator) * (span.denominator * sign)
        whole = below * (none.denominator * abs(span.numerator))
        summed = Line("above", ABOVE, most(0, way * self.full))
        divisor = Line("below", BELOW, whole)
        full = rule.zero_denominator is ZeroDenominator.FULL
        empty = rate.whole.number.equals(0)
        status = If(empty, SCORED if full else State(Status.NO_DENOMINATOR), SCORED)
        points = least(self.full, HalfUp(summed.number, divisor.number))
        return Worked(
            (*rate.lines, summed, divisor),
            if_known(figures(self.metrics(rule)), status),
            If(empty, Constant(self.full), points),
        )

    def value(self, working: LinearWorking) -> Fraction | None:
        rate = working.rate
        return Fraction(self.scale * rate.counted, rate.denominator) if rate.denominator else None

    def target(self, score: ItemScore) -> Decimal:
        return self.rule.full_at

    def met(self, score: ItemScore) -> bool | None:
        working: LinearWorking | None = score.working
        return None if working is None or working.share is None else working.share == 1

    def explain(self, score: ItemScore) -> Iterator[Step]:
        rule, working = self.rule, score.working
        rate = None if working is None else working.rate
        if working is None or working.share is None or score.cents is None:
            yield from self.explain_rate(score, rate, None)
            if score.cents is not None:
                yield trace.points(Ratio(self.full, 1), self.full, score.cents)
            yield from self._unscored_steps(score, self.item.metrics)
            return
        points = Fraction(self.full, PERCENT)
        share = working.share * PERCENT
        shown = leading_to(
            share,
            lambda found: rounded(found * points / PERCENT),
            rounded(share * points / PERCENT),
        )
        full, none = Fraction(rule.full_at), Fraction(rule.none_at)
        value = self.compared(working.rate)
        between = 0 < working.share < 1
        as_printed = printed(value)
        if between:
            as_printed = leading_to(
                value,
                lambda found: shown.again(PERCENT * (found - none) / (full - none)),
                shown.value,
            )
        yield from self.explain_rate(score, rate, as_printed, rule.full_at)
        values: dict[str, sentences.Value] = {
            "value": Amount(as_printed.text, self.unit),
            "full": Amount(trace.target_text(rule.full_at), self.unit),
            "none": Amount(trace.target_text(rule.none_at), self.unit),
            "sign": shown.sign() if as_printed.exact else "≈",
            "share": Amount(shown.text, Unit.PERCENT),
        }
        data = {"share": to_text(share), "exact": trace.exact(share)}
        yield Step("share", data, Sentence(SHARE if between else ANCHORED, values))
        product = Sentence(
            sentences.SHARE_OF_POINTS,
            {"operand": to_text(points), "share": Amount(shown.text, Unit.PERCENT)},
        )
        yield trace.points(
            Ratio.of(self.full * working.share),
            self.full,
            score.cents,
            working=product,
            operands_exact=shown.exact,
        )
