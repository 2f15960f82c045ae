"""Points by the place of a value among the courts of the level: by rank, or by share of courts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from scoring import faults, sentences, trace
from scoring.columns import LevelTable, PointColumn, places_in_rows
from scoring.declared import Drawing, Series
from scoring.exact import Exact, in_any, where
from scoring.exact import half_up as column_half_up
from scoring.facts import CourtFacts, Month
from scoring.faults import RuleFault
from scoring.formula import Formula
from scoring.printed import number, printed
from scoring.rates import PERCENT, Ratio, summing
from scoring.results import Context, ItemScore, Status, Step
from scoring.rounding import HUNDRED, cents, rounded, to_text
from scoring.schema import (
    Best,
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
from scoring.sentences import CourtPoints, Quotient, Sentence, Summed
from scoring.spreadsheet import (
    DENOMINATOR,
    NUMERATOR,
    SCORED,
    SUM,
    Constant,
    Expression,
    HalfUp,
    If,
    Known,
    Line,
    Nothing,
    Over,
    State,
    Worked,
    both,
    figures,
    if_known,
    least,
    most,
    total_of,
)
from scoring.symbols import MINUS, plain, quotient, summed
from scoring.weights import places_of, scale_of

MOST_POINTS = 1_000
HIGH_FIRST = Text(
    "%(what)s，由高到低排名。", "%(what)s, 높은 순으로 순위.", "%(what)s, ranked from high to low."
)
LOW_FIRST = Text(
    "%(what)s，由低到高排名。", "%(what)s, 낮은 순으로 순위.", "%(what)s, ranked from low to high."
)
BY_RANK = Text(
    "第1名得%(first)s分，每低一名少%(per)s分；并列的得分相同，没有数值的法院不参加排名。",
    "1위 %(first)s점, 한 순위마다 %(per)s점 감점. 같은 순위는 같은 점수, 값이 없는 법원은 제외.",
    "The first earns %(first)s points, each place below %(per)s fewer; equal places earn equal "
    "points, courts without a value are left out.",
)
BY_FULL_RANK = Text(
    "第1名得满分，每低一名少%(per)s分；并列的得分相同，没有数值的法院不参加排名。",
    "1위 만점, 한 순위마다 %(per)s점 감점. 같은 순위는 같은 점수, 값이 없는 법원은 제외.",
    "The first earns full points, each place below %(per)s fewer; equal places earn equal points, "
    "courts without a value are left out.",
)
BAND = Text(
    "排在前%(share)s%%的法院，得%(points)s分。",
    "상위 %(share)s%%의 법원은 %(points)s점.",
    "Courts within the first %(share)s%% earn %(points)s points.",
)
PLACED = Text(
    "各院数值：%(courts)s；共%(count)s个法院，排第%(rank)s名。",
    "법원별 값: %(courts)s. 모두 %(count)s개 법원 가운데 %(rank)s위.",
    "Values of the courts: %(courts)s; place %(rank)s of %(count)s.",
)
PLACED_ALONE = Text(
    "在%(count)s个同级法院中排第%(rank)s名；各院的数值本年度不公布。",
    "같은 심급 법원 %(count)s개 가운데 %(rank)s위. 각 법원의 값은 이 년도에 공표하지 않습니다.",
    "Place %(rank)s of %(count)s courts; the courts’ own values are not published this year.",
)
EACH_PLACE = Text("%(first)s − (%(rank)s − 1) × %(per)s")
OTHERS = Text("排名在前的为 1", "앞선 순위이면 1", "1 if ranked before")
RANK = Text("名次", "순위", "Rank")
COURTS = Text("参加排名的法院数", "순위 대상 법원 수", "Courts ranked")


@dataclass(frozen=True, slots=True)
class Band:
    """Points of the courts whose place is within the first `share` percent of all."""

    share: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class RankedRule:
    """Points by place among the courts of the level that have a value.

    The first earns `first` (all points where it is left out), each place below `per_rank` fewer,
    never below none; or the narrowest of the `bands` that holds the place says the points. Without
    a `denominator` the sum itself is ranked.
    """

    numerator: tuple[str, ...]
    best: Best
    denominator: tuple[str, ...] = ()
    first: Decimal | None = None
    per_rank: Decimal | None = None
    bands: tuple[Band, ...] = ()
    average: bool = False
    zero_denominator: ZeroDenominator = ZeroDenominator.NONE
    comparison: Comparison = Comparison.EXACT


class RankedWorking(NamedTuple):
    """The sums of the value (a sum alone is over one); place and courts once they are known."""

    counted: int
    denominator: int
    rank: int | None = None
    courts: tuple[tuple[str, Fraction], ...] = ()


class Ranked(Formula[RankedRule]):
    """Points by the place among the courts of the level."""

    name = "ranked"
    rule_type = RankedRule
    kinds = ("place",)
    labels = {
        "best": Text("哪头在前", "어느 쪽이 앞인가", "Which come first"),
        "high": Text("数值高的在前", "높은 값이 앞", "high values first"),
        "low": Text("数值低的在前", "낮은 값이 앞", "low values first"),
        "first": Text("第1名得分", "1위 점수", "Points of the first"),
        "per_rank": Text("每低一名少得", "한 순위당 감점", "Fewer for each place"),
        "bands": Text("分档", "구간", "Bands"),
        "share": Text("占法院数的比例（%）", "법원 수 대비 비률(%)", "Share of the courts (%)"),
        "points": Text("得分", "점수", "Points"),
    }
    reads_level = True

    @classmethod
    def metrics(cls, rule: RankedRule) -> Sequence[str]:
        return (*rule.numerator, *rule.denominator)

    @classmethod
    def levers(cls, rule: RankedRule) -> Mapping[str, int]:
        return dict.fromkeys(rule.numerator, 1 if rule.best is Best.HIGH else -1)

    @classmethod
    def series(cls, rule: RankedRule) -> Series:
        return Series(rule.numerator, rule.denominator)

    @classmethod
    def drawing(cls, rule: RankedRule) -> Drawing:
        direction = Direction.AT_LEAST if rule.best is Best.HIGH else Direction.AT_MOST
        return Drawing(_unit(rule) if rule.denominator else None, direction)

    @classmethod
    def words(cls, rule: RankedRule) -> Sequence[Sentence]:
        what: Quotient | Summed = Summed(rule.numerator)
        if rule.denominator:
            what = Quotient(rule.numerator, rule.denominator)
        lines = [Sentence(HIGH_FIRST if rule.best is Best.HIGH else LOW_FIRST, {"what": what})]
        lines += [
            Sentence(BAND, {"share": plain(band.share), "points": plain(band.points)})
            for band in rule.bands
        ]
        if not rule.bands:
            values: dict[str, sentences.Value] = {"per": plain(rule.per_rank or Decimal(0))}
            if rule.first is None:
                lines.append(Sentence(BY_FULL_RANK, values))
            else:
                lines.append(Sentence(BY_RANK, values | {"first": plain(rule.first)}))
        return lines

    @classmethod
    def symbols(cls, rule: RankedRule) -> str:
        value = summed(rule.numerator)
        if rule.denominator:
            value = quotient(rule.numerator, rule.denominator)
        order = "↓" if rule.best is Best.HIGH else "↑"
        if rule.bands:
            bands = "; ".join(
                f"r ÷ n ≤ {plain(band.share)}% → {plain(band.points)}" for band in rule.bands
            )
            return f"v = {value}; r = rank(v {order}); {bands}"
        first = "P" if rule.first is None else plain(rule.first)
        per = plain(rule.per_rank or Decimal(0))
        return f"v = {value}; r = rank(v {order}); max(0, {first} {MINUS} (r {MINUS} 1) × {per})"

    @classmethod
    def ceiling(cls, field: str, given: Mapping[str, Any]) -> int:
        return PERCENT if field == "share" else MOST_POINTS

    @classmethod
    def faults(
        cls, rule: RankedRule, points: Mapping[Level, Decimal], metrics: Mapping[str, Metric]
    ) -> Iterator[RuleFault]:
        """Places or bands; bands that grow and reach all courts; no more points than there are."""
        by_place = rule.per_rank is not None
        if by_place == bool(rule.bands) or (rule.bands and rule.first is not None):
            yield RuleFault("per_rank", faults.RANKS_OR_BANDS)
        shares = [band.share for band in rule.bands]
        if shares and (shares != sorted(set(shares)) or shares[-1] != PERCENT or shares[0] == 0):
            yield RuleFault("bands", faults.BAD_BANDS)
        given = [band.points for band in rule.bands]
        given += [] if rule.first is None else [rule.first]
        for most_points in points.values():
            if any(found > most_points for found in given):
                yield RuleFault(
                    "bands" if rule.bands else "first",
                    faults.ABOVE_POINTS,
                    {"found": max(given), "most": most_points},
                )

    def __init__(self, item: Item, level: Level, rulebook: Rulebook) -> None:
        super().__init__(item, level, rulebook)
        rule = self.rule
        self.unit = _unit(rule)
        self._scale = PERCENT if rule.denominator and not rule.average else 1
        self._numerator = summing(rule.numerator)
        self._denominator = summing(rule.denominator) if rule.denominator else None
        self._first = self.full if rule.first is None else cents(rule.first)
        self._per = cents(rule.per_rank or Decimal(0))
        self._as_printed = rule.comparison is Comparison.AS_PRINTED

    def __call__(self, facts: CourtFacts, context: Context) -> ItemScore:
        """Alone a court is the first; `among` its level it has its place."""
        try:
            counted = self._numerator(facts.current)
            denominator = 1 if self._denominator is None else self._denominator(facts.current)
        except KeyError:
            return self._null(facts, context, Status.NOT_REPORTED)
        working = RankedWorking(counted, denominator)
        if denominator == 0:
            if self.rule.zero_denominator is ZeroDenominator.FULL:
                return self._scored(facts, context, self._points(1, 1), working)
            return self._null(facts, context, Status.NO_DENOMINATOR, working)
        own = self._compared(working)
        return self._placed(facts, context, working, ((facts.court, own),))

    def among(self, own: ItemScore, field: Sequence[ItemScore]) -> ItemScore:
        working: RankedWorking | None = own.working
        if working is None or not working.denominator:
            return own
        values = tuple(
            (score.facts.court, self._compared(score.working))
            for score in field
            if score.working is not None and score.working.denominator
        )
        return self._placed(own.facts, own.context, working, values)

    def _placed(
        self,
        facts: CourtFacts,
        context: Context,
        working: RankedWorking,
        values: tuple[tuple[str, Fraction], ...],
    ) -> ItemScore:
        own = self._compared(working)
        is_high = self.rule.best is Best.HIGH
        rank = 1 + sum(value > own if is_high else value < own for _court, value in values)
        found = working._replace(rank=rank, courts=values)
        return self._scored(facts, context, self._points(rank, len(values)), found)

    def columns(self, table: LevelTable) -> PointColumn:
        """All courts of the level are in the table; each row has its places."""
        rule = self.rule
        scale = scale_of(rule.numerator, rule.denominator)
        part = table.total(rule.numerator, scale)
        whole, lacks, nothing = Exact.constant(1), part.lacks, None
        if rule.denominator:
            total = table.total(rule.denominator, scale)
            whole, lacks = total.number, in_any(part.lacks, total.lacks)
            nothing = whole.zeros
        has_none = in_any(lacks, nothing)
        places, count = places_in_rows(
            self._ordered(part.number, whole), has_none, table.shape, high=rule.best is Best.HIGH
        )
        points = (places * -self._per + (self._first + self._per)).at_least(0)
        points = points.at_most(self.full)
        for band in reversed(rule.bands):
            share, divisor = Ratio.of(band.share)
            within = places * (PERCENT * divisor) <= count * share
            points = where(within, cents(band.points), points)
        is_full = rule.zero_denominator is ZeroDenominator.FULL
        return table.points(
            where(nothing, self._points(1, 1), points),
            (lacks, Status.NOT_REPORTED),
            (None if is_full else nothing, Status.NO_DENOMINATOR),
        )

    def _ordered(self, part: Exact, whole: Exact) -> Exact:
        """Integers that stand in the order of the values, equal where these are.

        Two quotients differ by no less than one over the product of their denominators, so that
        that product's multiples are as far apart as integers are.
        """
        divisor = whole.nowhere_zero()
        if self._as_printed:
            return column_half_up(part * (self._scale * HUNDRED), divisor)
        return part * divisor.high**2 // divisor

    def _points(self, rank: int, count: int) -> int:
        """The cents of a place among so many courts."""
        for band in self.rule.bands:
            if rank * PERCENT <= band.share * count:
                return cents(band.points)
        return min(self.full, max(0, self._first - (rank - 1) * self._per))

    def _compared(self, working: RankedWorking) -> Fraction:
        value = Fraction(self._scale * working.counted, working.denominator)
        return rounded(value) if self._as_printed else value

    def best(self, facts: CourtFacts, context: Context) -> int | None:
        return self._points(1, 1) if not self.rule.bands else cents(self.rule.bands[0].points)

    def worked(self, month: Month, peers: Sequence[str]) -> Worked:
        rule = self.rule
        lines = list(self._lines("", ""))
        part, whole = lines[0].number, lines[-1].number
        better: Expression = Constant(1)
        known_ones = []
        for court in peers:
            theirs = self._lines(f"-{court}", court)
            known: Expression = Known(figures(self.metrics(rule), court=court))
            if rule.denominator:
                known = both(known, theirs[-1].number.at_least(1))
            before = self._before((part, whole), (theirs[0].number, theirs[-1].number))
            line = Line(
                f"before-{court}",
                OTHERS,
                If(known, If(before, Constant(1), Constant(0)), Nothing()),
                court,
            )
            lines += [*theirs, line]
            known_ones.append(line.cell)
        count: Expression = Constant(1)
        if known_ones:
            cells = tuple(known_ones)
            better, count = Over("SUM", cells) + 1, Over("COUNT", cells) + 1
        rank, courts = Line("rank", RANK, better), Line("count", COURTS, count)
        points: Expression = least(
            self.full, most(0, Constant(self._first + self._per) - rank.number * self._per)
        )
        for band in reversed(rule.bands):
            share, divisor = Ratio.of(band.share)
            within = (rank.number * (PERCENT * divisor)).at_most(courts.number * share)
            points = If(within, Constant(cents(band.points)), points)
        status: Expression = SCORED
        if rule.denominator:
            full = rule.zero_denominator is ZeroDenominator.FULL
            empty = whole.equals(0)
            status = If(empty, SCORED if full else State(Status.NO_DENOMINATOR), SCORED)
            points = If(empty, Constant(self._points(1, 1)), points)
        known_own = if_known(figures(self.metrics(rule)), status)
        return Worked((*lines, rank, courts), known_own, points)

    def _lines(self, key: str, court: str) -> tuple[Line, ...]:
        """The sums of a value; one alone where there is no denominator."""
        rule = self.rule
        label = NUMERATOR if rule.denominator else SUM
        scale = scale_of(rule.numerator, rule.denominator)
        part = Line(f"part{key}", label, total_of(rule.numerator, scale, court=court), court)
        if not rule.denominator:
            return (part,)
        whole = total_of(rule.denominator, scale, court=court)
        return part, Line(f"whole{key}", DENOMINATOR, whole, court)

    def _before(
        self, own: tuple[Expression, Expression], theirs: tuple[Expression, Expression]
    ) -> Expression:
        """Whether the other court's value is strictly better."""
        here, there = own[0], theirs[0]
        if self.rule.denominator:
            if self._as_printed:
                scale = self._scale * HUNDRED
                here = HalfUp(own[0] * scale, own[1])
                there = HalfUp(theirs[0] * scale, theirs[1])
            else:
                here, there = own[0] * theirs[1], theirs[0] * own[1]
        if self.rule.best is Best.HIGH:
            return there.at_least(here + 1)
        return there.at_most(here - 1)

    def value(self, working: RankedWorking) -> Fraction | None:
        if not working.denominator:
            return None
        return Fraction(self._scale * working.counted, working.denominator)

    def explain(self, score: ItemScore) -> Iterator[Step]:
        yield from self._explained(score, own=False)

    def explain_own(self, score: ItemScore) -> Iterator[Step]:
        yield from self._explained(score, own=True)

    def _explained(self, score: ItemScore, *, own: bool) -> Iterator[Step]:
        rule, current, month = self.rule, score.facts.current, score.context.month
        working: RankedWorking | None = score.working
        role = "numerator" if rule.denominator else "sum"
        yield trace.figures(rule.numerator, current, month, role=role)
        if rule.denominator:
            yield trace.figures(rule.denominator, current, month, role="denominator")
        if working is not None and rule.denominator and working.denominator:
            value = Fraction(self._scale * working.counted, working.denominator)
            yield trace.rate(working.counted, working.denominator, value, unit=self.unit)
        if working is not None and score.cents is not None:
            if working.rank is not None:
                yield self._place_step(working, working.rank, own=own)
            yield self._points_step(working, score.cents)
        yield from self._unscored_steps(score, self.item.metrics)

    def _place_step(self, working: RankedWorking, rank: int, *, own: bool) -> Step:
        count = len(working.courts)
        data: dict[str, Any] = {"rank": rank, "count": count}
        if own:
            return Step("place", data, Sentence(PLACED_ALONE, {"rank": rank, "count": count}))
        show = printed if self.rule.denominator else number
        courts = tuple((court, show(value).text, None) for court, value in working.courts)
        data["courts"] = [
            {"court": court, "value": text, "exact": trace.exact(value)}
            for (court, text, _), (_court, value) in zip(courts, working.courts, strict=True)
        ]
        values: dict[str, sentences.Value] = {
            "courts": CourtPoints(courts),
            "rank": rank,
            "count": count,
        }
        return Step("place", data, Sentence(PLACED, values))

    def _points_step(self, working: RankedWorking, earned: int) -> Step:
        if working.rank is None or self.rule.bands:
            return trace.points(Ratio(earned, 1), self.full, earned)
        values: dict[str, sentences.Value] = {
            "first": to_text(Fraction(self._first, PERCENT)),
            "rank": working.rank,
            "per": plain(self.rule.per_rank or Decimal(0)),
        }
        before = self._first - (working.rank - 1) * self._per
        return trace.points(
            Ratio(before, 1), self.full, earned, working=Sentence(EACH_PLACE, values)
        )


def _unit(rule: RankedRule) -> Unit:
    if rule.denominator and not rule.average:
        return Unit.PERCENT
    if places_of(rule.numerator):
        return Unit.YUAN
    return Unit.DAYS if rule.denominator else Unit.POINTS
