"""The mean of the anonymous ballots, in points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring import sentences, trace
from scoring.columns import EVERYWHERE, LevelTable, PointColumn
from scoring.exact import half_up
from scoring.facts import Ballots, CourtFacts, Month
from scoring.formula import Formula
from scoring.printed import number, printed
from scoring.rates import PERCENT, Ratio
from scoring.results import Context, ItemScore, Status, Step
from scoring.rounding import cents, to_text
from scoring.schema import Text, Unit
from scoring.sentences import Sentence
from scoring.spreadsheet import (
    DECIMALS,
    SCORED,
    Cell,
    HalfUp,
    If,
    In,
    Kind,
    Known,
    Line,
    State,
    Worked,
    least,
)

RULE = Text(
    "领导小组无记名评分的平均分。",
    "령도소조 무기명 채점의 평균점.",
    "The mean of the leading group's anonymous ballots.",
)
BALLOTS = Text(
    "共 %(count)s 张选票，平均：%(sum)s ÷ %(count)s %(sign)s %(mean)s 分。",
    "투표 %(count)s표, 평균: %(sum)s ÷ %(count)s %(sign)s %(mean)s점.",
    "%(count)s ballots, on average: %(sum)s ÷ %(count)s %(sign)s %(mean)s points.",
)
COUNTED = Text("选票数", "투표수", "Ballots")
SUMMED = Text(
    "选票得分合计（万分之一分）",
    "투표 점수 합계(0.0001점)",
    "Sum of the ballots (0.0001 points)",
)


@dataclass(frozen=True, slots=True)
class BallotRule:
    """The mean of the ballots, in points."""


class Ballot(Formula[BallotRule]):
    """The mean of the anonymous ballots (附件1·二·7)."""

    name = "ballots"
    rule_type = BallotRule
    kinds = ("ballots",)
    unit = Unit.POINTS
    reads_ballots = True

    @classmethod
    def metrics(cls, rule: BallotRule) -> Sequence[str]:
        return ()

    @classmethod
    def words(cls, rule: BallotRule) -> Sequence[Sentence]:
        return [Sentence(RULE, {})]

    @classmethod
    def symbols(cls, rule: BallotRule) -> str:
        return "Σ ÷ n"

    def __call__(self, facts: CourtFacts, context: Context) -> ItemScore:
        tally = facts.ballots
        if tally is None:
            return self._null(facts, context, Status.PENDING)
        mean = cents(Fraction(tally.points) / tally.count)
        return self._scored(facts, context, min(self.full, mean), tally)

    def columns(self, table: LevelTable) -> PointColumn:
        tally = table.ballots
        if tally is None:
            return table.points(0, (EVERYWHERE, Status.PENDING))
        summed = tally.points
        mean = half_up(summed.number * PERCENT, tally.tallied * summed.divisor)
        return table.points(mean.at_most(table.full(self.item)), (summed.lacks, Status.PENDING))

    def best(self, facts: CourtFacts, context: Context) -> int | None:
        return self.full

    def worked(self, month: Month, peers: Sequence[str]) -> Worked:
        count = Line("count", COUNTED, In(Cell(Kind.BALLOTS, "")))
        summed = Line("sum", SUMMED, In(Cell(Kind.BALLOT_POINTS, ""), DECIMALS))
        tallied = Known((Cell(Kind.BALLOTS, ""), Cell(Kind.BALLOT_POINTS, "")))
        mean = HalfUp(summed.number * PERCENT, count.number * 10**DECIMALS)
        return Worked(
            (count, summed),
            If(tallied, SCORED, State(Status.PENDING)),
            least(self.full, mean),
        )

    def value(self, working: Ballots) -> Fraction | None:
        return Fraction(working.points) / working.count

    def explain(self, score: ItemScore) -> Iterator[Step]:
        tally: Ballots | None = score.working
        if tally is not None and score.cents is not None:
            yield ballots_step(tally.count, Fraction(tally.points))
            mean = Fraction(tally.points) * PERCENT / tally.count
            yield trace.points(Ratio.of(mean), self.full, score.cents)
        yield from self._unscored_steps(score, ())


def ballots_step(count: int, total: Fraction) -> Step:
    """The tally: number of ballots, sum and mean of their points."""
    mean = printed(total / count)
    summed = number(total)
    values: Mapping[str, sentences.Value] = {
        "count": count,
        "sum": summed.text,
        "sign": mean.sign(),
        "mean": mean.text,
    }
    return Step(
        "ballots",
        {"count": count, "sum": to_text(total), "mean": to_text(total / count)},
        Sentence(BALLOTS, values),
    )
