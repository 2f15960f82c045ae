"""What the engine answers: scores that carry everything that made them.

Points are whole hundredths (`cents`) inside and Decimals with two decimals outside. A score keeps
the facts and the working of its formula; `steps` unfolds them when somebody asks, so the
explanation is never a second computation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

from scoring.declared import Measured
from scoring.facts import CourtFacts, Month
from scoring.rounding import cents, places_apart, to_decimal, to_text
from scoring.schema import OPEN_POINTS, Item, Level, Override, Rulebook, Side, Unit
from scoring.sentences import Sentence


class Status(StrEnum):
    """How an item stands; points exist only when it is scored or decided."""

    SCORED = "scored"
    NO_TARGET = "no_target"
    NOT_REPORTED = "not_reported"
    NO_DENOMINATOR = "no_denominator"
    NO_BASELINE = "no_baseline"
    PENDING = "pending"
    NOT_DUE = "not_due"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an explanation: a kind, plain JSON values, and the sentence that says them.

    Counts are integers; points, percents and targets are texts with two decimals; `exact` is a
    fraction `p/q`. The kinds are listed in `scoring.trace`.
    """

    kind: str
    data: Mapping[str, Any]
    sentence: Sentence

    def as_dict(self) -> dict[str, Any]:
        return {"kind": self.kind, **self.data}


class Context(NamedTuple):
    """What all scores of one run share."""

    rulebook: Rulebook
    month: Month
    readings: Mapping[str, str]


class Scorer(Protocol):
    """An item bound to a level of court: its rule with the numbers made ready."""

    @property
    def item(self) -> Item: ...

    @property
    def full(self) -> int:
        """Points at most, in cents."""

    @property
    def unit(self) -> Unit: ...

    @property
    def reads_peers(self) -> bool:
        """Whether the points come from other courts' points."""

    @property
    def reads_level(self) -> bool:
        """Whether the points come from values of the courts of the same level."""

    @property
    def compares_years(self) -> bool:
        """Whether the points come from figures of the year before."""

    def value(self, working: Any) -> Fraction | None: ...

    def target(self, score: ItemScore) -> Decimal | Fraction | None: ...

    def measured(self, score: ItemScore) -> Iterator[Measured]: ...

    def steps(self, score: ItemScore) -> tuple[Step, ...]: ...

    def own_steps(self, score: ItemScore) -> tuple[Step, ...]: ...


class ItemScore(NamedTuple):
    """One court's points for one item.

    `cents` is None unless scored or decided. `working` is what the formula computed, private to it.
    `computed` is the score a special-case decision took the place of.
    """

    scorer: Scorer
    facts: CourtFacts
    context: Context
    status: Status
    cents: int | None
    working: Any = None
    computed: ItemScore | None = None

    @property
    def item(self) -> Item:
        return self.scorer.item

    @property
    def points(self) -> Decimal | None:
        return None if self.cents is None else to_decimal(self.cents)

    @property
    def max_points(self) -> Decimal:
        return to_decimal(self.scorer.full)

    @property
    def cap(self) -> Decimal | None:
        """The most the item can earn; None where nothing bounds it (`points = "open"`)."""
        return None if self.scorer.full >= cents(OPEN_POINTS) else self.max_points

    @property
    def value(self) -> Fraction | None:
        """The value that earned the points, exact, in `unit`; None when there is none."""
        if self.computed is not None:
            return self.computed.value
        return None if self.working is None else self.scorer.value(self.working)

    @property
    def value_text(self) -> str | None:
        """The value as it is printed beside its target, told apart from it."""
        if self.value is None:
            return None
        beside = self.value if self.target is None else self.target
        return to_text(self.value, places_apart(self.value, beside))

    @property
    def unit(self) -> Unit:
        return self.scorer.unit

    @property
    def target(self) -> Decimal | Fraction | None:
        """The target the value is held against, in `unit`; None when the item has none."""
        return self.scorer.target(self)

    @property
    def readings(self) -> Mapping[str, str]:
        """The readings that bear on this item, and the value taken."""
        return {
            reading.code: self.context.readings[reading.code]
            for reading in self.context.rulebook.readings
            if self.item.code in reading.items
        }

    @property
    def measured(self) -> tuple[Measured, ...]:
        """The values that a scorecard shows, each with what it is held against.

        By the figures, also where a decision took their place.
        """
        return tuple(self.scorer.measured(self.computed or self))

    @property
    def steps(self) -> tuple[Step, ...]:
        """The lines that lead from the figures to the points."""
        return self.scorer.steps(self)

    @property
    def own_steps(self) -> tuple[Step, ...]:
        """The same lines with nothing of any other court, for who sees its own points only."""
        return self.scorer.own_steps(self)

    @property
    def reads_peers(self) -> bool:
        """Whether the points come from other courts, from their points or their values."""
        return self.scorer.reads_peers or self.scorer.reads_level

    @property
    def compares_years(self) -> bool:
        """Whether the points come from figures of the year before."""
        return self.scorer.compares_years


class Overridden(NamedTuple):
    """An override that applies, and the cents of its sum before and after it."""

    override: Override
    before: int
    after: int


class Scorecard(NamedTuple):
    """One court in one month: its items, its sides' halves, the total and the rank.

    `rank` is None for courts that are not ranked. Null items add nothing and make the half and the
    total provisional. `overrides` are those that apply; halves and total are what they leave.
    """

    court: str
    level: Level
    items: tuple[ItemScore, ...]
    half_cents: Mapping[Side, int]
    provisional_sides: frozenset[Side]
    total_cents: int
    provisional: bool
    rank: int | None = None
    overrides: tuple[Overridden, ...] = ()

    @property
    def is_barred(self) -> bool:
        """Whether an override keeps the court from being ranked."""
        return any(one.override.not_ranked for one in self.overrides)

    @property
    def total(self) -> Decimal:
        return to_decimal(self.total_cents)

    def half(self, side: Side) -> Decimal:
        """Points of one side: the sum of its printed items."""
        return to_decimal(self.half_cents[side])

    @property
    def litigation(self) -> Decimal:
        return self.half(Side.LITIGATION)

    @property
    def enforcement(self) -> Decimal:
        return self.half(Side.ENFORCEMENT)

    def item(self, code: str) -> ItemScore:
        """The score of one item; KeyError when this court is not scored by it."""
        for score in self.items:
            if score.item.code == code:
                return score
        raise KeyError(code)


class Scoreboard(NamedTuple):
    """All courts of one month, in the order they were given."""

    context: Context
    scorecards: tuple[Scorecard, ...]

    @property
    def month(self) -> Month:
        return self.context.month

    @property
    def readings(self) -> Mapping[str, str]:
        return self.context.readings

    def court(self, code: str) -> Scorecard:
        """The scorecard of one court; KeyError when it is not among them."""
        for scorecard in self.scorecards:
            if scorecard.court == code:
                return scorecard
        raise KeyError(code)
