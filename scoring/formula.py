"""The shape of a formula: one class that says all there is to say of one way to earn points.

What follows from the parameters alone (`rule`) is a class method: the metrics that are read, the
rule in words and in symbols, what a court can move, how an item is drawn. Bound to an item and a
level of court, a formula scores and explains. Nothing else in the project knows a formula by name.

A formula decides the status in this order: a court without any figure of the side in that month has
not reported; then the target must be there, the figures of both years, a denominator, a baseline.
The object that computes a working is the one that unfolds it into steps.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from scoring import sentences, trace
from scoring.columns import LevelTable, PointColumn
from scoring.declared import Drawing, Goal, Measured, Series
from scoring.exact import Exact
from scoring.facts import CourtFacts, Month
from scoring.faults import RuleFault
from scoring.rates import MONTHS_OF_YEAR, PERCENT, BaselineFinder, missing
from scoring.results import Context, ItemScore, Status, Step
from scoring.rounding import cents
from scoring.schema import Direction, Item, Level, Metric, Period, Rulebook, Text, Unit
from scoring.sentences import Amount, Bound, Sentence
from scoring.spreadsheet import Worked

R = TypeVar("R")


class Formula(ABC, Generic[R]):
    """One item at one level. Subclasses compute `working`, and explain exactly that."""

    # What a rulebook calls it, and the frozen dataclass that holds its parameters.
    name: ClassVar[str]
    rule_type: ClassVar[type[Any]]
    # What only this formula's fields, and the values of its choices, are called in the editor.
    labels: ClassVar[Mapping[str, Text]] = {}
    # The kinds of step that only this formula's explanations have.
    kinds: ClassVar[tuple[str, ...]] = ()
    # Unit of the value; formulas whose rules choose it set it on the object.
    unit = Unit.PERCENT
    # Whether points of other courts come in. The engine gives them to no formula that does not
    # say so, and pages of accounts that see their own points only ask for `own_steps`.
    reads_peers: ClassVar[bool] = False
    # Whether values of the courts of the same level come in, by `among`: a rank, a mean. Formulas
    # whose rules choose it set it on the object.
    reads_level = False
    # Whether points come from figures of the year before, which a year is then set up with.
    # Formulas whose rules choose it set it on the object.
    compares_years = False
    # Whether the points are those of an anonymous ballot, which rounds are then opened for.
    reads_ballots: ClassVar[bool] = False
    # Whether the points are given by an office, for a court and a month (`CourtFacts.assessed`).
    reads_assessed: ClassVar[bool] = False
    # What is said of an item that is pending.
    pending: ClassVar[Text] = sentences.PENDING

    # --- What follows from the parameters ------------------------------------------------------

    @classmethod
    @abstractmethod
    def metrics(cls, rule: R) -> Sequence[str]:
        """Every metric that is read of the court itself, in reading order."""

    @classmethod
    @abstractmethod
    def words(cls, rule: R) -> Sequence[Sentence]:
        """The rule in words, a sentence a line."""

    @classmethod
    @abstractmethod
    def symbols(cls, rule: R) -> str:
        """The rule over metric codes, as `scoring.symbols` writes it."""

    @classmethod
    def levers(cls, rule: R) -> Mapping[str, int]:
        """What a court can do: its metrics, +1 where more of one helps, -1 where less does.

        Never what a court decides nothing about, such as the whole that its cases are part of.
        """
        return {}

    @classmethod
    def series(cls, rule: R) -> Series | None:
        """The sums behind the item; None where it does not come down to one sum or quotient."""
        return None

    @classmethod
    def goal(cls, rule: R) -> Goal | None:
        """What the value is held against; None where points do not hang on reaching one value."""
        return None

    @classmethod
    def drawing(cls, rule: R) -> Drawing:
        """How it is drawn: by its value, the more the better, unless it says otherwise."""
        return Drawing(cls.unit, Direction.AT_LEAST)

    @classmethod
    def ceiling(cls, field: str, given: Mapping[str, Any]) -> int:
        """The most that a number of the rule may be; `given` are the fields as they are written.

        A generous limit, that keeps a slip of the pen from passing as a number.
        """
        return PERCENT

    @classmethod
    def faults(
        cls, rule: R, points: Mapping[Level, Decimal], metrics: Mapping[str, Metric]
    ) -> Iterator[RuleFault]:
        """What is wrong with a rule whose fields are each right by themselves.

        `points` are those of the item by level, `metrics` those of the rulebook by code.
        """
        yield from ()

    @classmethod
    def least(cls, field: str) -> int:
        """The least that a number of the rule may be: nothing, unless points can be lost."""
        return 0

    # --- Bound to an item and a level ----------------------------------------------------------

    def __init__(self, item: Item, level: Level, rulebook: Rulebook) -> None:
        self.item = item
        self.full = cents(item.points[level])
        self.rule: R = item.rule
        self.side_metrics = frozenset(metric.code for metric in rulebook.metrics_of(item.side))
        self._baseline_year = rulebook.baseline_year
        # What the figures of the item cover; all of them the same.
        codes = item.formula.metrics(item.rule)
        self.period = rulebook.metrics[codes[0]].period if codes else Period.YEAR_TO_DATE

    @abstractmethod
    def __call__(self, facts: CourtFacts, context: Context) -> ItemScore:
        """Score the item for one court."""

    @abstractmethod
    def best(self, facts: CourtFacts, context: Context) -> int | None:
        """Cents of the best figures this court could report; None when none would be scored."""

    @abstractmethod
    def value(self, working: Any) -> Fraction | None:
        """The value behind the points, in `unit`."""

    @abstractmethod
    def explain(self, score: ItemScore) -> Iterator[Step]:
        """The steps from the figures to the points."""

    @abstractmethod
    def worked(self, month: Month, peers: Sequence[str]) -> Worked:
        """The same working as expressions of a spreadsheet, for figures that are put in later.

        `peers` are the codes of the courts of `peer_level`, with `reads_level` those of all other
        courts of the level; empty where none is read.
        """

    def columns(self, table: LevelTable) -> PointColumn:
        """The points of whole tables at once: the same as of court after court.

        So they are made, court by court, until a formula does it in columns. Then the table may
        hold courts of several levels that the item asks the same of: what they can earn at most
        is `table.full`.
        """
        rows = []
        for context, courts in table.rows():
            own = [self(facts, context) for facts in courts]
            rows.append([self.among(one, own) for one in own] if self.reads_level else own)
        return table.scored(rows)

    def columns_over(self, table: LevelTable, peers: LevelTable, halves: Exact) -> PointColumn:
        """The same from the halves of other courts, in cents: what `reads_peers` asks for."""
        rows = []
        cents_of = np.broadcast_to(halves.values, peers.shape).tolist()
        for (context, courts), (_context, others), own in zip(
            table.rows(), peers.rows(), cents_of, strict=True
        ):
            given = list(zip(others, own, strict=True))
            rows.append([self.over(facts, context, given) for facts in courts])
        return table.scored(rows)

    def explain_own(self, score: ItemScore) -> Iterator[Step]:
        """The same with nothing of any other court.

        A formula that reads other courts says nothing but its status here, until it has steps
        from which no court's points can be told.
        """
        if self.reads_peers or self.reads_level:
            yield from self._unscored_steps(score, ())
        else:
            yield from self.explain(score)

    def over(
        self, facts: CourtFacts, context: Context, halves: Sequence[tuple[CourtFacts, int]]
    ) -> ItemScore:
        """Score from the halves, in cents, of other courts: what `reads_peers` asks for."""
        raise NotImplementedError(f"{type(self).__name__} reads no other courts")

    def among(self, own: ItemScore, field: Sequence[ItemScore]) -> ItemScore:
        """Score again beside all courts of the level: what `reads_level` asks for.

        `own` is what calling the formula answered, `field` the same of every court of the level,
        this one included.
        """
        raise NotImplementedError(f"{type(self).__name__} reads no other courts")

    @property
    def asked_change(self) -> Fraction | None:
        """The change against last year that earns everything, −0.1 for a fall by a tenth.

        None where points do not hang on a change of the item's figures.
        """
        return None

    @property
    def peer_level(self) -> Level:
        """The level of the courts that a formula with `reads_peers` reads."""
        raise NotImplementedError(f"{type(self).__name__} reads no other courts")

    def target(self, score: ItemScore) -> Decimal | Fraction | None:
        """The target in force for the court, in `unit`; None when there is none."""
        return None

    def met(self, score: ItemScore) -> bool | None:
        """Whether the value reaches its target; None where there is none, or it cannot be told."""
        goal, target, value = self.goal(self.rule), self.target(score), score.value
        if goal is None or target is None or value is None:
            return None
        return goal.is_reached(value, target)

    def measured(self, score: ItemScore) -> Iterator[Measured]:
        """What a scorecard shows: the value, and the target it is held against if there is one."""
        value = None if score.value_text is None else Amount(score.value_text, self.unit)
        goal, target = self.goal(self.rule), self.target(score)
        if goal is None or target is None:
            yield Measured(value)
            return
        limit = Bound(goal.direction, Amount(trace.target_text(target), goal.unit))
        yield Measured(
            value,
            limit,
            against_caption=sentences.TARGET,
            is_target=True,
            met=self.met(score),
        )

    def steps(self, score: ItemScore) -> tuple[Step, ...]:
        """The explanation, the readings taken and the paragraph; a decision stands in front."""
        return self._steps(score, self.explain)

    def own_steps(self, score: ItemScore) -> tuple[Step, ...]:
        """`steps` for an account that may not see other courts' points."""
        return self._steps(score, self.explain_own)

    def _steps(
        self, score: ItemScore, explain: Callable[[ItemScore], Iterator[Step]]
    ) -> tuple[Step, ...]:
        lines: list[Step] = []
        computed = score
        if score.computed is not None:
            decision = score.facts.decisions[self.item.code]
            computed = score.computed
            lines.append(trace.decision(decision.points, decision.reference, computed.points))
        lines.extend(trace.with_replaced(explain(computed), score.facts.replaced))
        lines.extend(
            trace.reading(code, value, score.context) for code, value in score.readings.items()
        )
        lines.append(trace.paragraph(self.item.paragraph))
        return tuple(lines)

    def _without_return(self, facts: CourtFacts) -> bool:
        return self.side_metrics.isdisjoint(facts.current)

    def _null(
        self, facts: CourtFacts, context: Context, status: Status, working: Any = None
    ) -> ItemScore:
        return ItemScore(self, facts, context, status, None, working)

    def _scored(self, facts: CourtFacts, context: Context, earned: int, working: Any) -> ItemScore:
        return ItemScore(self, facts, context, Status.SCORED, earned, working)

    def _unscored_steps(
        self, score: ItemScore, codes: Sequence[str], find_baseline: BaselineFinder | None = None
    ) -> Iterator[Step]:
        if score.status is Status.SCORED:
            return
        facts, month = score.facts, score.context.month
        lacking: tuple[str, ...] = ()
        if find_baseline is not None and find_baseline(facts, month) is None:
            # The whole year is the last resort of every reading, so its figures are asked for.
            lacking = missing(facts.baseline_annual, codes)
        yield trace.status(
            score.status,
            missing=missing(facts.current, codes),
            missing_baseline=lacking,
            baseline_month=Month(self._baseline_year, MONTHS_OF_YEAR) if lacking else None,
            pending=self.pending,
        )


def percent(numerator: int, denominator: int) -> Fraction | None:
    """A quotient in percent; None when there is nothing to divide by."""
    return None if denominator == 0 else Fraction(PERCENT * numerator, denominator)


def with_figures(facts: CourtFacts, figures: Mapping[str, int]) -> CourtFacts:
    """The same court, had it reported these figures."""
    return CourtFacts(
        court=facts.court,
        level=facts.level,
        current={**facts.current, **figures},
        baseline_month=facts.baseline_month,
        baseline_annual=facts.baseline_annual,
        targets=facts.targets,
        ballots=facts.ballots,
        decisions={},
        assessed=facts.assessed,
    )
