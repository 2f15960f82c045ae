"""So many points for each occurrence: off the full points, or on top of them as a bonus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from scoring import faults, sentences, trace
from scoring.columns import LevelTable, PointColumn
from scoring.declared import Drawing, Series
from scoring.exact import half_up as column_half_up
from scoring.facts import CourtFacts, Month
from scoring.faults import RuleFault
from scoring.formula import Formula
from scoring.rates import PERCENT, Ratio, summing
from scoring.results import Context, ItemScore, Status, Step
from scoring.rounding import half_up, to_text
from scoring.schema import Direction, Item, Level, Metric, Rulebook, Text, Unit
from scoring.sentences import Sentence, Summed
from scoring.spreadsheet import (
    ABOVE,
    SCORED,
    SUM,
    Constant,
    HalfUp,
    Line,
    Worked,
    figures,
    if_known,
    least,
    most,
    total_of,
)
from scoring.symbols import MINUS, plain, summed
from scoring.weights import scale_of, sum_text

MOST_POINTS = 1_000
RULE = Text(
    "每发生1件扣%(points)s分，最低%(floor)s分：%(what)s。",
    "1건마다 %(points)s점 감점, 최저 %(floor)s점: %(what)s.",
    "Each case takes off %(points)s points, down to %(floor)s: %(what)s.",
)
ADDS = Text(
    "每发生1件加%(points)s分：%(what)s。",
    "1건마다 %(points)s점 가점: %(what)s.",
    "Each case adds %(points)s points: %(what)s.",
)
ADDED = Text("%(cases)s × %(rate)s")
TAKEN_OFF = Text("%(full)s − %(cases)s × %(rate)s")


@dataclass(frozen=True, slots=True)
class PerCaseRule:
    """`per_case` points off for each case of the sum of `figures`, down to `floor` (0 or below).

    With `adds`, each case adds so many instead, from none up to the item's points.
    """

    figures: tuple[str, ...]
    per_case: Decimal
    floor: Decimal = Decimal(0)
    adds: bool = False


class PerCase(Formula[PerCaseRule]):
    """Full points, fewer for each case."""

    name = "per_case"
    rule_type = PerCaseRule
    labels = {
        "per_case": Text("每件的分值", "1건당 점수", "Points for each case"),
        "floor": Text("最低得分", "최저 점수", "Least points"),
    }
    unit = Unit.POINTS

    @classmethod
    def metrics(cls, rule: PerCaseRule) -> Sequence[str]:
        return rule.figures

    @classmethod
    def levers(cls, rule: PerCaseRule) -> Mapping[str, int]:
        return dict.fromkeys(rule.figures, 1 if rule.adds else -1)

    @classmethod
    def series(cls, rule: PerCaseRule) -> Series:
        return Series(rule.figures)

    @classmethod
    def drawing(cls, rule: PerCaseRule) -> Drawing:
        """By the cases themselves."""
        return Drawing(None, Direction.AT_LEAST if rule.adds else Direction.AT_MOST)

    @classmethod
    def words(cls, rule: PerCaseRule) -> Sequence[Sentence]:
        values: dict[str, sentences.Value] = {
            "points": plain(rule.per_case),
            "floor": sentences.signed(plain(rule.floor)),
            "what": Summed(rule.figures),
        }
        return [Sentence(ADDS if rule.adds else RULE, values)]

    @classmethod
    def symbols(cls, rule: PerCaseRule) -> str:
        floor = sentences.signed(plain(rule.floor))
        if rule.adds:
            return f"S = {summed(rule.figures)}; min(P, S × {plain(rule.per_case)})"
        return f"S = {summed(rule.figures)}; max({floor}, P {MINUS} S × {plain(rule.per_case)})"

    @classmethod
    def least(cls, field: str) -> int:
        return -MOST_POINTS if field == "floor" else super().least(field)

    @classmethod
    def ceiling(cls, field: str, given: Mapping[str, Any]) -> int:
        return 0 if field == "floor" else super().ceiling(field, given)

    @classmethod
    def faults(
        cls, rule: PerCaseRule, points: Mapping[Level, Decimal], metrics: Mapping[str, Metric]
    ) -> Iterator[RuleFault]:
        """Where there is nothing to lose and no floor below it, nothing could be taken off."""
        if 0 in points.values() and (rule.floor == 0 or rule.adds):
            yield RuleFault("floor", faults.NOTHING_TO_LOSE)

    def __init__(self, item: Item, level: Level, rulebook: Rulebook) -> None:
        super().__init__(item, level, rulebook)
        self._sum = summing(self.rule.figures)
        self._per, self._per_divisor = Ratio.of(self.rule.per_case * PERCENT)
        self._floor = int(self.rule.floor * PERCENT)
        # Points are start plus cases times step, over the divisor.
        self._start = 0 if self.rule.adds else self.full * self._per_divisor
        self._step = self._per if self.rule.adds else -self._per

    def __call__(self, facts: CourtFacts, context: Context) -> ItemScore:
        try:
            cases = self._sum(facts.current)
        except KeyError:
            return self._null(facts, context, Status.NOT_REPORTED)
        cents = min(self.full, max(self._floor, half_up(*self._earned(cases))))
        return self._scored(facts, context, cents, cases)

    def _earned(self, cases: int) -> Ratio:
        # The cases of a weighed sum are a fraction.
        return Ratio.of(Fraction(self._start + cases * self._step) / self._per_divisor)

    def columns(self, table: LevelTable) -> PointColumn:
        scale = scale_of(self.rule.figures)
        cases = table.total(self.rule.figures, scale)
        full = table.full(self.item)
        above = cases.number * self._step
        if not self.rule.adds:
            above = above + full * (self._per_divisor * scale)
        points = column_half_up(above, self._per_divisor * scale).at_least(self._floor)
        return table.points(points.at_most(full), (cases.lacks, Status.NOT_REPORTED))

    def best(self, facts: CourtFacts, context: Context) -> int | None:
        return self.full

    def worked(self, month: Month, peers: Sequence[str]) -> Worked:
        rule = self.rule
        scale = scale_of(rule.figures)
        cases = Line("cases", SUM, total_of(rule.figures, scale))
        above = Line("above", ABOVE, cases.number * self._step + self._start * scale)
        points = least(
            self.full, most(self._floor, HalfUp(above.number, Constant(self._per_divisor * scale)))
        )
        return Worked((cases, above), if_known(figures(rule.figures), SCORED), points)

    def value(self, working: int) -> Fraction:
        """The points that are taken off or added, before floor and cap."""
        return Fraction(working * self._per, self._per_divisor * PERCENT)

    def explain(self, score: ItemScore) -> Iterator[Step]:
        rule, cases = self.rule, score.working
        yield trace.figures(rule.figures, score.facts.current, score.context.month, role="sum")
        if cases is not None and score.cents is not None:
            values: dict[str, sentences.Value] = {
                "full": to_text(Fraction(self.full, PERCENT)),
                "cases": sum_text(cases),
                "rate": plain(rule.per_case),
            }
            yield trace.points(
                self._earned(cases),
                self.full,
                score.cents,
                rule.per_case,
                working=Sentence(ADDED if rule.adds else TAKEN_OFF, values),
                floor=self._floor,
            )
        yield from self._unscored_steps(score, rule.figures)
