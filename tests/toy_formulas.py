"""Two formulas of no notice, as somebody would add them, and the notice's rules with them in force.

Nothing outside of this file knows them: a test registers them by `registered` and goes everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import pytest

import scoring
from scoring import (
    CourtFacts,
    ItemScore,
    Month,
    Rulebook,
    Status,
    Step,
    Text,
    spreadsheet,
    trace,
)
from scoring.columns import LevelTable, PointColumn
from scoring.declared import Drawing, Goal, Series
from scoring.exact import half_up
from scoring.formula import Formula, percent
from scoring.formulas import FORMULAS
from scoring.printed import printed
from scoring.rates import PERCENT, Ratio, total
from scoring.results import Context
from scoring.rounding import cents, to_text
from scoring.schema import Direction, Unit, ZeroDenominator
from scoring.sentences import Amount, Bound, Quotient, Sentence, Summed, Value
from scoring.spreadsheet import (
    DENOMINATOR,
    MET,
    NUMERATOR,
    SCORED,
    SUM,
    Constant,
    HalfUp,
    If,
    Line,
    State,
    Total,
    Worked,
    either,
    if_known,
    most,
)
from scoring.symbols import AT_MOST, MINUS, plain, quotient, summed

# --- So many points off for each case --------------------------------------------------------

OFF_EACH = Text(
    "每有1件扣%(points)s分，扣完为止：%(what)s。",
    "1건마다 %(points)s점 감점, 0점까지: %(what)s.",
    "Each case takes off %(points)s points, down to none: %(what)s.",
)
TAKEN_OFF = Text(
    "扣分：%(cases)s × %(per_case)s %(sign)s %(off)s。",
    "감점: %(cases)s × %(per_case)s %(sign)s %(off)s.",
    "Taken off: %(cases)s × %(per_case)s %(sign)s %(off)s.",
)
LEFT = Text("%(full)s − %(off)s")
TAKEN = Text("扣分（百分之一分）", "감점(0.01점)", "Taken off (hundredths)")


@dataclass(frozen=True, slots=True)
class PerCaseRule:
    """`per_case` points off for each case of the sum of `figures`."""

    figures: tuple[str, ...]
    per_case: Decimal


class PerCase(Formula[PerCaseRule]):
    """Full points, less so many for each case."""

    name = "each_case"
    rule_type = PerCaseRule
    kinds = ("taken_off",)
    labels = {"per_case": Text("每件扣分", "1건당 감점", "Points off for each case")}
    unit = Unit.POINTS

    @classmethod
    def metrics(cls, rule: PerCaseRule) -> Sequence[str]:
        return rule.figures

    @classmethod
    def levers(cls, rule: PerCaseRule) -> Mapping[str, int]:
        return dict.fromkeys(rule.figures, -1)

    @classmethod
    def series(cls, rule: PerCaseRule) -> Series:
        return Series(rule.figures)

    @classmethod
    def drawing(cls, rule: PerCaseRule) -> Drawing:
        return Drawing(None, Direction.AT_MOST)

    @classmethod
    def words(cls, rule: PerCaseRule) -> Sequence[Sentence]:
        values: dict[str, Value] = {"points": plain(rule.per_case), "what": Summed(rule.figures)}
        return [Sentence(OFF_EACH, values)]

    @classmethod
    def symbols(cls, rule: PerCaseRule) -> str:
        return f"S = {summed(rule.figures)}; max(0, P {MINUS} S × {plain(rule.per_case)})"

    def __call__(self, facts: CourtFacts, context: Context) -> ItemScore:
        cases = total(facts.current, self.rule.figures)
        if cases is None:
            return self._null(facts, context, Status.NOT_REPORTED)
        return self._scored(facts, context, max(0, self.full - cents(self._off(cases))), cases)

    def columns(self, table: LevelTable) -> PointColumn:
        per, divisor = Ratio.of(self.rule.per_case * PERCENT)
        cases = table.total(self.rule.figures)
        left = (half_up(cases.number * -per, divisor) + table.full(self.item)).at_least(0)
        return table.points(left, (cases.lacks, Status.NOT_REPORTED))

    def best(self, facts: CourtFacts, context: Context) -> int | None:
        return self.full

    def worked(self, month: Month, peers: Sequence[str]) -> Worked:
        rule = self.rule
        per, divisor = Ratio.of(rule.per_case * PERCENT)
        cases = Line("cases", SUM, Total(spreadsheet.figures(rule.figures)))
        off = Line("off", TAKEN, HalfUp(cases.number * per, Constant(divisor)))
        left = Constant(self.full) - off.number
        status = if_known(spreadsheet.figures(rule.figures), SCORED)
        return Worked((cases, off), status, most(0, left))

    def value(self, working: int) -> Fraction:
        """The points that are taken off."""
        return Fraction(self._off(working))

    def _off(self, cases: int) -> Decimal:
        return cases * self.rule.per_case

    def explain(self, score: ItemScore) -> Iterator[Step]:
        rule, cases = self.rule, score.working
        yield trace.figures(rule.figures, score.facts.current, score.context.month, role="sum")
        if cases is not None and score.cents is not None:
            off = printed(self.value(cases))
            values: dict[str, Value] = {
                "cases": cases,
                "per_case": plain(rule.per_case),
                "sign": off.sign(),
                "off": off.text,
            }
            yield Step("taken_off", {"cases": cases, "off": off.text}, Sentence(TAKEN_OFF, values))
            left: dict[str, Value] = {
                "full": to_text(Fraction(self.full, 100)),
                "off": off.text,
            }
            yield trace.points(
                Ratio(score.cents, 1),
                self.full,
                score.cents,
                rule.per_case,
                working=Sentence(LEFT, left),
            )
        yield from self._unscored_steps(score, rule.figures)


# --- A fixed price for a missed ceiling ------------------------------------------------------

PRICE = Text(
    "%(rate)s，%(bound)s的得满分，否则扣%(points)s分。",
    "%(rate)s, %(bound)s이면 만점, 아니면 %(points)s점 감점.",
    "%(rate)s, %(bound)s, keeps full points, else loses %(points)s.",
)
ORIGIN = Text("试行办法", "시행방법", "trial rules")


@dataclass(frozen=True, slots=True)
class PenaltyRule:
    """`price` points off where a rate is above `most` percent."""

    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    most: Decimal
    price: Decimal
    zero_denominator: ZeroDenominator = ZeroDenominator.NONE


class PenaltyWorking(NamedTuple):
    """The two sums of the rate."""

    part: int
    whole: int


class Penalty(Formula[PenaltyRule]):
    """Full points, less a fixed price where a rate is too high."""

    name = "penalty"
    rule_type = PenaltyRule
    labels = {
        "most": Text("上限（%）", "상한(%)", "Ceiling (%)"),
        "price": Text("超过时扣分", "초과시 감점", "Points off above it"),
    }

    @classmethod
    def metrics(cls, rule: PenaltyRule) -> Sequence[str]:
        return (*rule.numerator, *rule.denominator)

    @classmethod
    def levers(cls, rule: PenaltyRule) -> Mapping[str, int]:
        return dict.fromkeys(rule.numerator, -1)

    @classmethod
    def series(cls, rule: PenaltyRule) -> Series:
        return Series(rule.numerator, rule.denominator)

    @classmethod
    def goal(cls, rule: PenaltyRule) -> Goal:
        return Goal(Direction.AT_MOST, rule.most, Unit.PERCENT, ORIGIN)

    @classmethod
    def drawing(cls, rule: PenaltyRule) -> Drawing:
        return Drawing(Unit.PERCENT, Direction.AT_MOST)

    @classmethod
    def words(cls, rule: PenaltyRule) -> Sequence[Sentence]:
        limit = Bound(Direction.AT_MOST, Amount(plain(rule.most), Unit.PERCENT))
        values: dict[str, Value] = {
            "rate": Quotient(rule.numerator, rule.denominator),
            "bound": limit,
            "points": plain(rule.price),
        }
        return [Sentence(PRICE, values)]

    @classmethod
    def symbols(cls, rule: PenaltyRule) -> str:
        rate = quotient(rule.numerator, rule.denominator)
        limit = f"{AT_MOST} {plain(rule.most)}"
        return f"v = {rate} × 100; v {limit} → P, P {MINUS} {plain(rule.price)}"

    def __call__(self, facts: CourtFacts, context: Context) -> ItemScore:
        part = total(facts.current, self.rule.numerator)
        whole = total(facts.current, self.rule.denominator)
        if part is None or whole is None:
            return self._null(facts, context, Status.NOT_REPORTED)
        working = PenaltyWorking(part, whole)
        if not whole and self.rule.zero_denominator is ZeroDenominator.NONE:
            return self._null(facts, context, Status.NO_DENOMINATOR, working)
        missed = whole and Fraction(100 * part, whole) > self.rule.most
        earned = self.full - cents(self.rule.price) if missed else self.full
        return self._scored(facts, context, earned, working)

    def best(self, facts: CourtFacts, context: Context) -> int | None:
        return self.full

    def worked(self, month: Month, peers: Sequence[str]) -> Worked:
        rule, wanted = self.rule, Ratio.of(self.rule.most)
        part = Line("part", NUMERATOR, Total(spreadsheet.figures(rule.numerator)))
        whole = Line("whole", DENOMINATOR, Total(spreadsheet.figures(rule.denominator)))
        reached = part.number * (PERCENT * wanted.denominator)
        kept = reached.at_most(whole.number * wanted.numerator)
        met = Line("met", MET, If(kept, Constant(1), Constant(0)))
        none = rule.zero_denominator is ZeroDenominator.NONE
        empty = State(Status.NO_DENOMINATOR) if none else SCORED
        status = If(whole.number.equals(0), empty, SCORED)
        cut = Constant(self.full - cents(rule.price))
        earned = If(either(whole.number.equals(0), met.number.equals(1)), Constant(self.full), cut)
        known = if_known(spreadsheet.figures(self.item.metrics), status)
        return Worked((part, whole, met), known, earned)

    def value(self, working: PenaltyWorking) -> Fraction | None:
        return percent(*working)

    def target(self, score: ItemScore) -> Decimal:
        return self.rule.most

    def explain(self, score: ItemScore) -> Iterator[Step]:
        rule, current, month = self.rule, score.facts.current, score.context.month
        working: PenaltyWorking | None = score.working
        yield trace.figures(rule.numerator, current, month, role="numerator")
        yield trace.figures(rule.denominator, current, month, role="denominator")
        value = None if working is None else self.value(working)
        if working is not None and value is not None:
            yield trace.rate(*working, value, beside=rule.most)
        met = self.met(score)
        yield trace.target(
            rule.most, Direction.AT_MOST, appraisal=False, met=met, unit=self.unit, value=value
        )
        if score.cents is not None:
            yield trace.points(Ratio(score.cents, 1), self.full, score.cents)
        yield from self._unscored_steps(score, self.item.metrics)


# --- The notice with both in force -----------------------------------------------------------

TOYS = (PerCase, Penalty)
# The capped item, and the first of the core indicators.
SUM_ITEM, RATE_ITEM = "L1", "C1"
FIGURES = (
    "appeal_revised",
    "appeal_remanded",
    "retrial_revised",
    "retrial_remanded",
    "retrial_directed",
)


def registered(patch: pytest.MonkeyPatch) -> Rulebook:
    """Register both formulas until the patch is undone; the rulebook that uses them."""
    for formula in TOYS:
        patch.setitem(FORMULAS, formula.name, formula)
    return scoring.load_sources(sources())


def sources() -> dict[str, str]:
    """The bundled rulebook with one item a side scored by them."""
    folder = scoring.BUNDLED / "yanbian-2019"
    found = {path.name: path.read_text("utf-8") for path in folder.glob("*.toml")}
    head = found["rulebook.toml"].replace('["L1", ', "[")
    for reading in ("missed_target", "comparison"):
        before, mark, after = head.partition(f'code = "{reading}"')
        head = before + mark + after.replace('"C1", ', "", 1)
    found["rulebook.toml"] = head
    found["litigation.toml"] = _with_formula(
        found["litigation.toml"],
        SUM_ITEM,
        f'formula = "each_case"\n[items.rule]\nfigures = {list(FIGURES)}\nper_case = 0.1\n'.replace(
            "'", '"'
        ),
    )
    found["enforcement.toml"] = _with_formula(
        found["enforcement.toml"],
        RATE_ITEM,
        'formula = "penalty"\n[items.rule]\nnumerator = ["procedure_terminated"]\n'
        'denominator = ["enforcement_closed"]\nmost = 10\nprice = 2.5\n'
        'zero_denominator = "none"\n',
    )
    return found


def _with_formula(text: str, item: str, rule: str) -> str:
    """The file with another formula and rule for one item."""
    before, mark, after = text.partition(f'code = "{item}"')
    head, _formula, rest = after.partition("formula = ")
    _rule, following, tail = rest.partition("\n[[items]]")
    return before + mark + head + rule + following + tail
