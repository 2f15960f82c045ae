"""A share of the mean points that the courts of another level earn on the same side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from scoring import faults, sentences, trace
from scoring.columns import EVERYWHERE, LevelTable, PointColumn
from scoring.exact import Exact, spread, where
from scoring.exact import half_up as column_half_up
from scoring.facts import CourtFacts, Month
from scoring.faults import RuleFault
from scoring.formula import Formula
from scoring.printed import Printed, leading_to
from scoring.rates import PERCENT, Ratio, total
from scoring.results import Context, ItemScore, Status, Step
from scoring.rounding import half_up, rounded, to_text
from scoring.schema import Level, Mean, Metric, Text, Unit
from scoring.sentences import Amount, CourtPoints, Sentence, Summed
from scoring.spreadsheet import (
    ABOVE,
    BELOW,
    SCORED,
    Cell,
    Constant,
    Expression,
    HalfUp,
    If,
    In,
    Kind,
    Line,
    State,
    Total,
    Worked,
    least,
    total_of,
)
from scoring.symbols import plain
from scoring.weights import scale_of

PLAIN_MEAN = Text(
    "辖区%(level)s该半得分的平均分的%(share)s。",
    "관할 %(level)s의 해당 절반 득점 평균의 %(share)s.",
    "%(share)s of the mean points of its %(level)s on this side.",
)
WEIGHTED_MEAN = Text(
    "辖区%(level)s该半得分按%(weight)s加权的平均分的%(share)s。",
    "관할 %(level)s의 해당 절반 득점을 %(weight)s(으)로 가중평균한 점수의 %(share)s.",
    "%(share)s of the mean points of its %(level)s on this side, weighted by %(weight)s.",
)
PEERS = Text(
    "各院得分：%(courts)s；平均：%(sum)s ÷ %(count)s %(sign)s %(mean)s 分。",
    "법원별 득점: %(courts)s. 평균: %(sum)s ÷ %(count)s %(sign)s %(mean)s점.",
    "Points of the courts: %(courts)s; mean: %(sum)s ÷ %(count)s %(sign)s %(mean)s points.",
)
WEIGHTED_PEERS = Text(
    "各院得分：%(courts)s；得分乘以权数再相加得 %(sum)s，权数共 %(count)s，"
    "加权平均：%(sum)s ÷ %(count)s %(sign)s %(mean)s 分。",
    "법원별 득점: %(courts)s. 득점에 가중치를 곱한 합은 %(sum)s, 가중치 합은 %(count)s, "
    "가중평균: %(sum)s ÷ %(count)s %(sign)s %(mean)s점.",
    "Points of the courts: %(courts)s; points times weights add up to %(sum)s, weights to "
    "%(count)s; weighted mean: %(sum)s ÷ %(count)s %(sign)s %(mean)s points.",
)
PEER_MEAN = Text(
    "各院得分平均 %(mean)s 分，按 %(share)s 计；各院的得分本年度不公布。",
    "각 법원 득점의 평균 %(mean)s점, %(share)s로 계산. "
    "각 법원의 득점은 이 년도에 공표하지 않습니다.",
    "Mean of the courts’ points: %(mean)s, counted at %(share)s; "
    "the courts’ own points are not published this year.",
)
WEIGHT = Text("权数", "가중치", "Weight")
WEIGHTS = Text("权数合计", "가중치 합계", "Sum of weights")
POINTS_SUM = Text(
    "各院得分合计（百分之一分）",
    "각 법원 득점 합계(0.01점)",
    "Sum of the courts' points (hundredths)",
)
COUNT = Text("除数", "나눗수", "Divisor")
LABELS: Mapping[str, Text] = {
    "level": Text("取哪一级的平均", "평균을 낼 심급", "Mean of which level"),
    "share": Text("占平均分的比例（%）", "평균점수에서 차지하는 비률(%)", "Share of the mean (%)"),
    "mean": Text("平均的方法", "평균 방법", "How the mean is taken"),
    "plain": Text("各院相同", "법원마다 같게", "each court alike"),
    "weighted": Text("加权", "가중", "weighted"),
}


@dataclass(frozen=True, slots=True)
class PeerMeanRule:
    """`share` percent of the mean points that the courts of `level` earn on the item's side."""

    level: Level
    share: Decimal
    mean: Mean = Mean.PLAIN
    weight: tuple[str, ...] = ()


class PeerWorking(NamedTuple):
    """The courts of the mean with cents and weight; `earned` is in cents, before rounding."""

    courts: tuple[tuple[str, int, int | None], ...]
    mean: Fraction
    weighted: bool
    earned: Ratio


class PeerMean(Formula[PeerMeanRule]):
    """A share of the mean that the grassroots courts earn on the same side (附件1·四(一)3).

    The points of other courts come in through `over`, once they are known; a court of whose
    weights a figure is missing weighs nothing, and where nothing weighs the plain mean is taken.
    """

    name = "peer_mean"
    rule_type = PeerMeanRule
    labels = LABELS
    kinds = ("peers", "peer_mean")
    unit = Unit.POINTS
    reads_peers = True

    @classmethod
    def metrics(cls, rule: PeerMeanRule) -> Sequence[str]:
        """None of the court's own: the weight is read of the others."""
        return ()

    @classmethod
    def words(cls, rule: PeerMeanRule) -> Sequence[Sentence]:
        values: dict[str, sentences.Value] = {
            "level": rule.level,
            "share": Amount(plain(rule.share), Unit.PERCENT),
        }
        if rule.mean is Mean.PLAIN:
            return [Sentence(PLAIN_MEAN, values)]
        return [Sentence(WEIGHTED_MEAN, values | {"weight": Summed(rule.weight)})]

    @classmethod
    def symbols(cls, rule: PeerMeanRule) -> str:
        mean = "Σ(w × p) ÷ Σw" if rule.mean is Mean.WEIGHTED else "Σp ÷ n"
        return f"{mean} × {plain(rule.share)} ÷ 100"

    @classmethod
    def faults(
        cls, rule: PeerMeanRule, points: Mapping[Level, Decimal], metrics: Mapping[str, Metric]
    ) -> Iterator[RuleFault]:
        """No level reads itself, and what is weighed has a weight."""
        if rule.level in points:
            yield RuleFault("level", faults.PEER_LEVEL)
        if rule.mean is Mean.WEIGHTED and not rule.weight:
            yield RuleFault("weight", faults.NO_WEIGHT)

    def __call__(self, facts: CourtFacts, context: Context) -> ItemScore:
        """Without other courts there is no mean."""
        return self._null(facts, context, Status.NO_DENOMINATOR)

    def over(
        self, facts: CourtFacts, context: Context, halves: Sequence[tuple[CourtFacts, int]]
    ) -> ItemScore:
        """Score from the halves, in cents, of the courts the mean is taken of."""
        if not halves:
            return self(facts, context)
        weights = [self._weight(court) for court, _ in halves]
        whole = sum(weight or 0 for weight in weights)
        weighted = whole > 0
        if weighted:
            shares = zip(weights, halves, strict=True)
            mean = Fraction(sum((weight or 0) * half for weight, (_, half) in shares), whole)
        else:
            mean = Fraction(sum(half for _, half in halves), len(halves))
        earned = Ratio.of(mean * Fraction(self.rule.share) / PERCENT)
        courts = tuple(
            (court.court, half, weight if weighted else None)
            for weight, (court, half) in zip(weights, halves, strict=True)
        )
        working = PeerWorking(courts, mean / PERCENT, weighted, earned)
        return self._scored(facts, context, min(self.full, half_up(*earned)), working)

    def columns(self, table: LevelTable) -> PointColumn:
        return table.points(0, (EVERYWHERE, Status.NO_DENOMINATOR))

    def columns_over(self, table: LevelTable, peers: LevelTable, halves: Exact) -> PointColumn:
        count = peers.shape[1]
        above, below = spread(halves, peers.shape).sum_of_row(), Exact.constant(count)
        if self.rule.mean is Mean.WEIGHTED:
            scale = scale_of(self.rule.weight)
            weight = peers.total(self.rule.weight, scale)
            weights = spread(where(weight.lacks, 0, weight.number), peers.shape)
            whole, product = weights.sum_of_row(), (weights * halves).sum_of_row()
            above, below = where(whole > 0, product, above), where(whole > 0, whole, below)
        share = Ratio.of(self.rule.share)
        points = column_half_up(above * share.numerator, below * (share.denominator * PERCENT))
        return table.points(points.at_most(self.full))

    def worked(self, month: Month, peers: Sequence[str]) -> Worked:
        if not peers:
            return Worked((), State(Status.NO_DENOMINATOR), Constant(0))
        halves = {court: Cell(Kind.HALF, self.item.side.value, court) for court in peers}
        lines: list[Line] = []
        points: Expression = Total(tuple(halves.values()))
        count: Expression = Constant(len(peers))
        if self.rule.mean is Mean.WEIGHTED:
            whole: Expression = Constant(0)
            product: Expression = Constant(0)
            scale = scale_of(self.rule.weight)
            for court, half in halves.items():
                weight = Line(
                    f"weight-{court}", WEIGHT, total_of(self.rule.weight, scale, court=court), court
                )
                lines.append(weight)
                whole = whole + weight.number
                product = product + weight.number * In(half)
            weights = Line("weights", WEIGHTS, whole)
            lines.append(weights)
            weighs = weights.number.at_least(1)
            points, count = If(weighs, product, points), If(weighs, weights.number, count)
        summed, counted = Line("sum", POINTS_SUM, points), Line("count", COUNT, count)
        share = Ratio.of(self.rule.share)
        above = Line("above", ABOVE, summed.number * share.numerator)
        below = Line("below", BELOW, counted.number * (share.denominator * PERCENT))
        return Worked(
            (*lines, summed, counted, above, below),
            SCORED,
            least(self.full, HalfUp(above.number, below.number)),
        )

    @property
    def peer_level(self) -> Level:
        return self.rule.level

    def _weight(self, court: CourtFacts) -> int | None:
        if self.rule.mean is Mean.PLAIN:
            return None
        return total(court.current, self.rule.weight)

    def best(self, facts: CourtFacts, context: Context) -> int | None:
        return self.full

    def value(self, working: PeerWorking) -> Fraction | None:
        return working.mean

    def explain(self, score: ItemScore) -> Iterator[Step]:
        working: PeerWorking | None = score.working
        if working is not None and score.cents is not None:
            share = Fraction(self.rule.share) / PERCENT
            mean = leading_to(
                working.mean,
                lambda shown: rounded(shown * share),
                rounded(working.mean * share),
            )
            yield peers_step(
                working.courts, working.mean, self.rule.share, mean, weighted=working.weighted
            )
            percent = Amount(plain(self.rule.share), Unit.PERCENT)
            product = Sentence(sentences.SHARE_OF_POINTS, {"operand": mean.text, "share": percent})
            yield trace.points(
                working.earned,
                self.full,
                score.cents,
                working=product,
                operands_exact=mean.exact,
            )
        yield from self._unscored_steps(score, ())

    def explain_own(self, score: ItemScore) -> Iterator[Step]:
        """The mean, which is the points over the share, and the points."""
        working: PeerWorking | None = score.working
        if working is not None and score.cents is not None:
            yield peer_mean_step(working.mean, self.rule.share)
            yield trace.points(Ratio.of(Fraction(score.cents)), self.full, score.cents)
        yield from self._unscored_steps(score, ())


def peers_step(
    courts: Sequence[tuple[str, int, int | None]],
    mean: Fraction,
    share: Decimal,
    shown: Printed,
    *,
    weighted: bool,
) -> Step:
    """The points of the courts a mean is taken of, with their weights when they have any."""
    counted = [(points, (weight or 0) if weighted else 1) for _, points, weight in courts]
    found = tuple(
        (court, to_text(Fraction(points, 100)), weight) for court, points, weight in courts
    )
    sentence = Sentence(
        WEIGHTED_PEERS if weighted else PEERS,
        {
            "courts": CourtPoints(found),
            "sum": to_text(Fraction(sum(points * weight for points, weight in counted), 100)),
            "count": sum(weight for _, weight in counted),
            "sign": shown.sign(),
            "mean": shown.text,
        },
    )
    return Step(
        "peers",
        {
            "courts": [
                {"court": court, "points": points, "weight": weight}
                for court, points, weight in found
            ],
            "mean": to_text(mean),
            "exact": trace.exact(mean),
            "share": to_text(share),
            "weighted": weighted,
        },
        sentence,
    )


def peer_mean_step(mean: Fraction, share: Decimal) -> Step:
    """The mean of other courts' points without the courts, for who may not see these."""
    values: Mapping[str, sentences.Value] = {
        "mean": to_text(mean),
        "share": Amount(to_text(share), Unit.PERCENT),
    }
    data = {"mean": to_text(mean), "share": to_text(share)}
    return Step("peer_mean", data, Sentence(PEER_MEAN, values))
