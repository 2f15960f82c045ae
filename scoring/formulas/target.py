"""All points for a rate, its complement or an average that meets its target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from scoring import faults, sentences, trace
from scoring.columns import LevelTable, SharedColumn
from scoring.exact import Exact, where
from scoring.exact import half_up as column_half_up
from scoring.facts import CourtFacts, Month
from scoring.faults import RuleFault
from scoring.formulas.aim_rules import LABELS as AIM_LABELS
from scoring.formulas.aim_rules import aim_symbols, aim_words, is_interval
from scoring.formulas.aims import AimColumns, AimedFormula, AimedWorking
from scoring.formulas.aims_worked import worked_aim
from scoring.formulas.rated import REMAINDER, RateColumns, rate_symbols
from scoring.printed import Printed, leading_to
from scoring.rates import PERCENT, Ratio
from scoring.results import Context, ItemScore, Status, Step
from scoring.rounding import HUNDRED, half_up, places_apart, printed_cents, rounded, to_text
from scoring.schema import (
    NO_TEXT,
    OF_LEVEL,
    Comparison,
    Direction,
    Interim,
    Item,
    Level,
    Metric,
    Missed,
    Reference,
    Rulebook,
    Text,
    Unit,
    ZeroDenominator,
)
from scoring.sentences import Amount, Quotient, Sentence
from scoring.spreadsheet import (
    ABOVE,
    DECIMALS,
    DENOMINATOR,
    MET,
    NUMERATOR,
    SCORED,
    Constant,
    Expression,
    HalfUp,
    If,
    In,
    Known,
    Line,
    State,
    Worked,
    either,
    figures,
    if_known,
    total_of,
)
from scoring.weights import scale_of

RULE = Text(
    "%(rate)s，%(bound)s的，得满分。",
    "%(rate)s, %(bound)s이면 만점.",
    "%(rate)s, %(bound)s, earns full points.",
)
MISSED_BY_SHARE = Text(
    "没有达到目标的，按完成比例得分。",
    "목표에 이르지 못하면 달성 비률로 득점합니다.",
    "A missed target earns the share attained.",
)
MISSED_FOR_NOTHING = Text(
    "没有达到目标的，不得分。",
    "목표에 이르지 못하면 득점이 없습니다.",
    "A missed target earns nothing.",
)
ATTAINED_FLOOR = Text(
    "未完成的目标按完成程度计分：%(value)s ÷ %(target)s %(sign)s %(share)s。",
    "미달한 목표는 달성 정도에 따라 채점: %(value)s ÷ %(target)s %(sign)s %(share)s.",
    "The missed target earns its attained share: %(value)s ÷ %(target)s %(sign)s %(share)s.",
)
ATTAINED_CEILING = Text(
    "未完成的目标按完成程度计分：%(target)s ÷ %(value)s %(sign)s %(share)s。",
    "미달한 목표는 달성 정도에 따라 채점: %(target)s ÷ %(value)s %(sign)s %(share)s.",
    "The missed target earns its attained share: %(target)s ÷ %(value)s %(sign)s %(share)s.",
)
REACHED = Text("比较的左边：数值", "비교의 왼쪽: 값", "Compared, left: the value")
ASKED = Text("比较的右边：目标", "비교의 오른쪽: 목표", "Compared, right: the target")
LABELS: Mapping[str, Text] = {
    **AIM_LABELS,
    "missed": Text("未达目标时", "목표에 미달할 때", "When the target is missed"),
    "nothing": Text("不得分", "득점 없음", "nothing"),
    "attainment": Text("按完成比例得分", "달성비률로 득점", "by attainment"),
}


@dataclass(frozen=True, slots=True)
class TargetRule:
    """All points for a rate (or its complement, or an average) that meets its target.

    `target` is in percent, in days for averages; a `Reference` where it is no number of the
    rulebook. `low` and `high` stand in place of direction, target and what a miss earns.
    """

    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    direction: Direction | None = None
    target: Decimal | Reference | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    complement: bool = False
    average: bool = False
    origin: Text = NO_TEXT
    missed: Missed = Missed.NOTHING
    interim: Interim = Interim.SAME_MONTH
    zero_denominator: ZeroDenominator = ZeroDenominator.NONE
    comparison: Comparison = Comparison.EXACT


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


class Target(AimedFormula[TargetRule]):
    """All points for a value that meets its target (附件1·二·2(1) to 5(1), 附件1·三)."""

    name = "target"
    rule_type = TargetRule
    labels = LABELS
    kinds = ("attainment", "interval", "courts")

    @classmethod
    def words(cls, rule: TargetRule) -> Sequence[Sentence]:
        values: dict[str, sentences.Value] = {
            "rate": Quotient(rule.numerator, rule.denominator, rule.complement),
            "bound": aim_words(rule),
        }
        missed = MISSED_BY_SHARE if rule.missed is Missed.ATTAINMENT else MISSED_FOR_NOTHING
        return [Sentence(RULE, values), Sentence(missed, {})]

    @classmethod
    def symbols(cls, rule: TargetRule) -> str:
        met, _short = aim_symbols(rule)
        text = f"{rate_symbols(rule)}; {met} → P"
        if rule.missed is Missed.ATTAINMENT:
            target = met.rpartition(" ")[2]
            share = f"v ÷ {target}" if rule.direction is Direction.AT_LEAST else f"{target} ÷ v"
            text += f", {share} × P"
        return text

    @classmethod
    def faults(
        cls, rule: TargetRule, points: Mapping[Level, Decimal], metrics: Mapping[str, Metric]
    ) -> Iterator[RuleFault]:
        """A share is attained of one target, whose number is known beforehand."""
        yield from super().faults(rule, points, metrics)
        is_other = is_interval(rule) or rule.target in (*OF_LEVEL, Reference.LAST_YEAR)
        if rule.missed is Missed.ATTAINMENT and is_other:
            yield RuleFault("missed", faults.NO_ATTAINMENT)

    def __init__(self, item: Item, level: Level, rulebook: Rulebook) -> None:
        super().__init__(item, level, rulebook)
        rule = self.rule
        self._number = Ratio.of(rule.target) if isinstance(rule.target, Decimal) else None
        # The plain kinds are scored in integers; all others in fractions, as `AimedFormula` has it.
        self._is_plain = self._number is not None or rule.target is Reference.APPRAISAL
        self._all, self._nothing = Ratio(self.full, 1), Ratio(0, 1)

    def earned(self, short: Fraction) -> Ratio:
        return self._nothing if short else self._all

    def earned_columns(self, table: LevelTable, rate: RateColumns, aim: AimColumns) -> Exact:
        missed: Exact | int = 0
        full = table.full(self.item)
        if self.rule.missed is Missed.ATTAINMENT:
            # A share is attained of the value as it is, also where prints are compared.
            wanted = self._wanted_columns(table)
            reached = rate.counted * (self.scale * wanted.divisor)
            asked = rate.denominator * wanted.number
            part, whole = (reached, asked) if self.at_least else (asked, reached)
            missed = column_half_up(part * full, whole.nowhere_zero())
        return where(self.met_columns(rate, aim), full, missed)

    def _wanted_columns(self, table: LevelTable) -> SharedColumn:
        """The targets as they are written."""
        if self._number is not None:
            return SharedColumn(Exact.constant(self._number.numerator), self._number.denominator)
        return table.target(self.item.code) or SharedColumn(Exact.constant(0), 1)

    def rounded_cents(self, earned: Ratio) -> int:
        return half_up(*earned)

    def __call__(self, facts: CourtFacts, context: Context) -> ItemScore:
        if not self._is_plain:
            return super().__call__(facts, context)
        rule = self.rule
        wanted = self._number or self._appraisal(facts)
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
        reached = counted * self.scale * wanted.denominator
        asked = wanted.numerator * denominator
        if self.as_printed:
            printed = printed_cents(counted * self.scale, denominator)
            asked_printed = printed_cents(*wanted)
            met = printed >= asked_printed if self.at_least else printed <= asked_printed
        else:
            met = reached >= asked if self.at_least else reached <= asked
        if met:
            earned = self._all
        elif rule.missed is Missed.ATTAINMENT:
            share = (reached, asked) if self.at_least else (asked, reached)
            earned = Ratio(self.full * share[0], share[1])
        else:
            earned = self._nothing
        working = TargetWorking(counted, denominator, wanted, met, earned)
        return ItemScore(self, facts, context, Status.SCORED, half_up(*earned), working)

    def _appraisal(self, facts: CourtFacts) -> Ratio | None:
        wanted = facts.targets.get(self.item.code)
        return None if wanted is None else Ratio.of(wanted)

    def best(self, facts: CourtFacts, context: Context) -> int | None:
        if not self._is_plain:
            return self.full
        known = self._number or self._appraisal(facts)
        return None if known is None else self.full

    def worked(self, month: Month, peers: Sequence[str]) -> Worked:
        if not self._is_plain:
            return self._worked_aim(month, peers)
        rule = self.rule
        scale = scale_of(rule.numerator, rule.denominator)
        summed = Line("sum", NUMERATOR, total_of(rule.numerator, scale))
        whole = Line("whole", DENOMINATOR, total_of(rule.denominator, scale))
        counted, lines = summed, [summed, whole]
        if rule.complement:
            counted = Line("counted", REMAINDER, whole.number - summed.number)
            lines.append(counted)
        wanted, divisor = self._wanted()
        scaled = counted.number * self.scale
        reached = Line("reached", REACHED, scaled * divisor)
        asked = Line("asked", ASKED, whole.number * wanted)
        lines += [reached, asked]
        sides: tuple[Expression, Expression] = (reached.number, asked.number)
        if self.as_printed:
            sides = (
                HalfUp(scaled * HUNDRED, whole.number),
                HalfUp(wanted * HUNDRED, Constant(divisor)),
            )
        holds = sides[0].at_least(sides[1]) if self.at_least else sides[0].at_most(sides[1])
        met = Line("met", MET, If(holds, Constant(1), Constant(0)))
        lines.append(met)
        missed: Expression = Constant(0)
        if rule.missed is Missed.ATTAINMENT:
            part, of = (reached, asked) if self.at_least else (asked, reached)
            above = Line("above", ABOVE, part.number * self.full)
            lines.append(above)
            missed = HalfUp(above.number, of.number)
        full = Constant(self.full)
        return Worked(
            tuple(lines),
            self._worked_status(whole),
            If(either(whole.number.equals(0), met.number.equals(1)), full, missed),
        )

    def _worked_aim(self, month: Month, peers: Sequence[str]) -> Worked:
        aim = worked_aim(self, month, peers)
        met = Line("met", MET, If(aim.short.number.equals(0), Constant(1), Constant(0)))
        full, nothing = Constant(self.full), Constant(0)
        kept = either(aim.whole.number.equals(0), met.number.equals(1))
        return Worked((*aim.lines, met), aim.status, If(kept, full, nothing))

    def _wanted(self) -> tuple[Expression, int]:
        """The target as an integer over a divisor."""
        if self._number is None:
            return In(self.target_cell, DECIMALS), 10**DECIMALS
        return Constant(self._number.numerator), self._number.denominator

    def _worked_status(self, whole: Line) -> Expression:
        full = self.rule.zero_denominator is ZeroDenominator.FULL
        empty = SCORED if full else State(Status.NO_DENOMINATOR)
        status: Expression = If(whole.number.equals(0), empty, SCORED)
        read = figures(self.metrics(self.rule))
        if self._number is not None:
            return if_known(read, status)
        has_target, no_target = Known((self.target_cell,)), State(Status.NO_TARGET)
        of_side = figures(sorted(self.side_metrics))
        unreported = If(
            has_target,
            State(Status.NOT_REPORTED),
            If(Known(of_side, some=True), no_target, State(Status.NOT_REPORTED)),
        )
        return If(Known(read), If(has_target, status, no_target), unreported)

    def value(self, working: TargetWorking | AimedWorking) -> Fraction | None:
        if isinstance(working, AimedWorking):
            return super().value(working)
        if working.denominator == 0:
            return None
        return Fraction(self.scale * working.counted, working.denominator)

    def met(self, score: ItemScore) -> bool | None:
        """As the points have it: where only prints are compared, their verdict."""
        working: TargetWorking | AimedWorking | None = score.working
        return working.met if isinstance(working, TargetWorking) else super().met(score)

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
            part, whole = (shown, target) if self.at_least else (target, shown)
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
        return self._explain_plain(score) if self._is_plain else self._explain_aimed(score)

    def explain_own(self, score: ItemScore) -> Iterator[Step]:
        if self._is_plain:
            return self._explain_plain(score)
        return self._explain_aimed(score, own=True)

    def _explain_aimed(self, score: ItemScore, *, own: bool = False) -> Iterator[Step]:
        working: AimedWorking | None = score.working
        rate = None if working is None else working.rate
        yield from self.explain_reference(score, own=own)
        yield from self.explain_rate(score, rate, None, self.target(score))
        yield from self.explain_aim(score)
        if score.cents is not None:
            yield trace.points(Ratio(score.cents, 1), self.full, score.cents)
        yield from self._unscored_steps(score, self.item.metrics, self.last_year)

    def _explain_plain(self, score: ItemScore) -> Iterator[Step]:
        rule, current, month = self.rule, score.facts.current, score.context.month
        working: TargetWorking | None = score.working
        yield trace.figures(rule.numerator, current, month, role="numerator")
        yield trace.figures(rule.denominator, current, month, role="denominator")
        value = None if working is None else self.value(working)
        entered = score.facts.targets.get(self.item.code)
        wanted = rule.target if isinstance(rule.target, Decimal) else entered
        direction = rule.direction or Direction.AT_LEAST
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
            direction,
            appraisal=rule.target is Reference.APPRAISAL,
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
            yield attainment_step(
                share,
                attained.value,
                wanted,
                attained.share,
                floor=self.at_least,
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


def attainment_step(
    share: Fraction, value: Printed, wanted: Decimal, shown: Printed, *, floor: bool, unit: Unit
) -> Step:
    """The share of a missed target that was attained, in percent; `shown` is how it is printed."""
    sentence = Sentence(
        ATTAINED_FLOOR if floor else ATTAINED_CEILING,
        {
            "value": Amount(value.text, unit),
            "target": Amount(trace.target_text(wanted), unit),
            "sign": shown.sign() if value.exact else "≈",
            "share": Amount(shown.text, Unit.PERCENT),
        },
    )
    return Step("attainment", {"share": to_text(share), "exact": trace.exact(share)}, sentence)
