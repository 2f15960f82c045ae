"""Points that an office gives, for a court and a month, and that a second person confirms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from scoring import faults, sentences, trace
from scoring.columns import EVERYWHERE, LevelTable, PointColumn
from scoring.facts import Assessed, CourtFacts, Month
from scoring.faults import RuleFault
from scoring.formula import Formula
from scoring.rates import PERCENT, Ratio
from scoring.results import Context, ItemScore, Status, Step
from scoring.rounding import cents, to_text
from scoring.schema import Item, Level, Metric, Rulebook, Text, Unit
from scoring.sentences import Sentence
from scoring.spreadsheet import (
    SCORED,
    Cell,
    If,
    In,
    Kind,
    Known,
    Line,
    State,
    Worked,
    least,
    most,
)

MOST_POINTS, PLACES = 1_000, 2
RULE = Text(
    "由管理部门评定分数并说明理由，另一人确认后计分。",
    "담당 부서가 점수와 리유를 정하고 다른 사람이 확인한 뒤 채점합니다.",
    "Points given by the office with reasons, counted once a second person confirms them.",
)
DOWN_TO = Text("最低%(floor)s分。", "최저 %(floor)s점.", "Down to %(floor)s points.")
GIVEN = Text(
    "评定 %(points)s 分（%(reference)s）。",
    "평가 점수 %(points)s점(%(reference)s).",
    "Assessed at %(points)s points (%(reference)s).",
)
GIVEN_ALONE = Text(
    "评定 %(points)s 分。", "평가 점수 %(points)s점.", "Assessed at %(points)s points."
)
NOT_GIVEN = Text(
    "尚未评定或确认，不计分。",
    "아직 평가되지 않았거나 확인되지 않아 채점하지 않습니다.",
    "Not assessed or not confirmed yet: no points.",
)
ASSESSED = Text("评定分（百分之一分）", "평가 점수(0.01점)", "Assessed points (hundredths)")


@dataclass(frozen=True, slots=True)
class AssessedRule:
    """Points that an office gives, from `floor` (0 or below) to the item's points."""

    floor: Decimal = Decimal(0)


class AssessedPoints(Formula[AssessedRule]):
    """Points given by an office; pending until they are confirmed."""

    name = "assessed"
    rule_type = AssessedRule
    kinds = ("assessed",)
    labels = {"floor": Text("最低得分", "최저 점수", "Least points")}
    unit = Unit.POINTS
    reads_assessed = True
    pending = NOT_GIVEN

    @classmethod
    def metrics(cls, rule: AssessedRule) -> Sequence[str]:
        return ()

    @classmethod
    def words(cls, rule: AssessedRule) -> Sequence[Sentence]:
        lines = [Sentence(RULE, {})]
        if rule.floor:
            lines.append(Sentence(DOWN_TO, {"floor": sentences.signed(f"{rule.floor:f}")}))
        return lines

    @classmethod
    def symbols(cls, rule: AssessedRule) -> str:
        return "a"

    @classmethod
    def least(cls, field: str) -> int:
        return -MOST_POINTS

    @classmethod
    def ceiling(cls, field: str, given: Mapping[str, Any]) -> int:
        return 0

    @classmethod
    def faults(
        cls, rule: AssessedRule, points: Mapping[Level, Decimal], metrics: Mapping[str, Metric]
    ) -> Iterator[RuleFault]:
        """Where there is nothing to earn and no floor below it, nothing could be given."""
        if 0 in points.values() and rule.floor == 0:
            yield RuleFault("floor", faults.NOTHING_TO_LOSE)

    def __init__(self, item: Item, level: Level, rulebook: Rulebook) -> None:
        super().__init__(item, level, rulebook)
        self._floor = int(self.rule.floor * PERCENT)

    def __call__(self, facts: CourtFacts, context: Context) -> ItemScore:
        given = facts.assessed.get(self.item.code)
        if given is None:
            return self._null(facts, context, Status.PENDING)
        earned = min(self.full, max(self._floor, cents(given.points)))
        return self._scored(facts, context, earned, given)

    def columns(self, table: LevelTable) -> PointColumn:
        given = table.assessed(self.item.code)
        if given is None:
            return table.points(0, (EVERYWHERE, Status.PENDING))
        points = given.number.at_least(self._floor).at_most(table.full(self.item))
        return table.points(points, (given.lacks, Status.PENDING))

    def best(self, facts: CourtFacts, context: Context) -> int | None:
        return self.full

    def worked(self, month: Month, peers: Sequence[str]) -> Worked:
        cell = Cell(Kind.ASSESSED, self.item.code)
        given = Line("given", ASSESSED, In(cell, PLACES))
        return Worked(
            (given,),
            If(Known((cell,)), SCORED, State(Status.PENDING)),
            least(self.full, most(self._floor, given.number)),
        )

    def value(self, working: Assessed) -> Fraction | None:
        return Fraction(working.points)

    def explain(self, score: ItemScore) -> Iterator[Step]:
        given: Assessed | None = score.working
        if given is not None and score.cents is not None:
            yield assessed_step(given)
            before = Ratio.of(Fraction(given.points) * PERCENT)
            yield trace.points(before, self.full, score.cents, floor=self._floor)
        yield from self._unscored_steps(score, ())


def assessed_step(given: Assessed) -> Step:
    """The points given, and what they refer to."""
    points = to_text(given.points)
    values: dict[str, sentences.Value] = {"points": sentences.signed(points)}
    template = GIVEN_ALONE
    if given.reference:
        template = GIVEN
        values["reference"] = given.reference
    data = {"points": points, "reference": given.reference}
    return Step("assessed", data, Sentence(template, values))
