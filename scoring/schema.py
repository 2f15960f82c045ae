"""What a rulebook is made of: frozen dataclasses, no behaviour beyond look-ups.

Terms: a *metric* is a figure a court reports; an *item* earns points by one *formula*, whose
parameters are its *rule*; a *reading* is one way to understand an unclear sentence, and each of its
options changes fields of rules. `loader` is the only maker of a rulebook, so everything here may be
taken as already checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from scoring.codes import Code

if TYPE_CHECKING:
    from scoring.declared import Drawing, Goal, Series
    from scoring.formula import Formula


class Side(Code):
    """A part of the assessment with points of its own, entered by a desk of its own."""

    __slots__ = ()
    usual = ("litigation", "enforcement")
    LITIGATION: ClassVar[Side]
    ENFORCEMENT: ClassVar[Side]


Side.LITIGATION, Side.ENFORCEMENT = Side


class Level(Code):
    """Level of a court; an item may earn other points, or none, at another level."""

    __slots__ = ()
    usual = ("grassroots", "intermediate")
    GRASSROOTS: ClassVar[Level]
    INTERMEDIATE: ClassVar[Level]


Level.GRASSROOTS, Level.INTERMEDIATE = Level


class Kind(StrEnum):
    """Counts and sums only grow within a year; a stock is what there is at the month's end.

    A count is of cases, so chance alone moves it in a known way; a sum, of days say, it does not.
    """

    COUNT = "count"
    SUM = "sum"
    STOCK = "stock"


class Period(StrEnum):
    """What a figure covers: the year to date, its month alone, or the quarter that ends with it."""

    YEAR_TO_DATE = "year_to_date"
    MONTH = "month"
    QUARTER = "quarter"


class ItemKind(StrEnum):
    """Whether an item's points are part of what its side sums up to, or come on top of it."""

    SCORED = "scored"
    BONUS = "bonus"


class Unit(StrEnum):
    """Unit of an item's value: percent, percentage points, days, points, or 元."""

    PERCENT = "%"
    PERCENTAGE_POINTS = "pp"
    DAYS = "days"
    POINTS = "points"
    YUAN = "yuan"


class Severity(StrEnum):
    """An error keeps a return from being submitted; a warning wants a reason."""

    ERROR = "error"
    WARNING = "warning"


class Operator(StrEnum):
    """Relation a check demands between the sums of its two sides."""

    AT_MOST = "<="
    EQUAL = "=="


class Direction(StrEnum):
    """Whether a value meets its target from above or from below."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Movement(StrEnum):
    """Which way a value has to move against last year to earn points."""

    FALL = "fall"
    RISE = "rise"


class StepSize(StrEnum):
    """Whether a part of a percent earns its part of the points."""

    PRO_RATA = "pro_rata"
    WHOLE = "whole"


class Reference(StrEnum):
    """A target that is no number of the rulebook: entered for the year, the mean or the median of
    the courts of the level, or the court's own value of last year."""

    APPRAISAL = "appraisal"
    MEAN = "mean"
    MEDIAN = "median"
    LAST_YEAR = "last_year"


# References that are known only beside the other courts of the level.
OF_LEVEL = (Reference.MEAN, Reference.MEDIAN)


class Missed(StrEnum):
    """What a missed target earns: nothing, or the share of it that was attained."""

    NOTHING = "nothing"
    ATTAINMENT = "attainment"


class Interim(StrEnum):
    """Baseline of a month before December: the same month (else prorated), or the whole year."""

    SAME_MONTH = "same_month"
    ANNUAL = "annual"


class ZeroBaseline(StrEnum):
    """A baseline of zero: no score at all, or no points."""

    NONE = "none"
    ZERO = "zero"


class ZeroDenominator(StrEnum):
    """Nothing to count: no score at all, or full points."""

    NONE = "none"
    FULL = "full"


class Combine(StrEnum):
    """Several conditions: all or nothing, or an equal share of the points for each."""

    BOTH = "both"
    HALF_EACH = "half_each"


class Mean(StrEnum):
    """Mean over courts: each counts once, or by its weight."""

    PLAIN = "plain"
    WEIGHTED = "weighted"


class Best(StrEnum):
    """Which values of several courts come first."""

    HIGH = "high"
    LOW = "low"


class Comparison(StrEnum):
    """How a value is held against a target: exactly, or both as printed with two decimals."""

    EXACT = "exact"
    AS_PRINTED = "as_printed"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in the languages of the interface; Chinese stands in for a missing one."""

    zh: str
    ko: str = ""
    en: str = ""

    def get(self, language: str) -> str:
        """The text for a language code such as `zh-hans`, `ko` or `en`."""
        wanted = {"ko": self.ko, "en": self.en}.get(language.split("-", maxsplit=1)[0].lower(), "")
        return wanted or self.zh

    def __str__(self) -> str:
        return self.zh


NO_TEXT = Text("")
# The points of an item without a cap (`points = "open"`): more than any scheme gives.
OPEN_POINTS = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Group:
    """A heading in the data entry grid (metrics) or in a scorecard (items).

    `weight` is the share of the side's points, in percent, that its items make up together; None
    where the items' own points add up to the side's.
    """

    code: str
    label: Text
    side: Side
    weight: Decimal | None = None


# Decimals of an amount of money: typed in 元, held in 分.
FEN = 2
# The largest figures as they are held. A larger count is a slip of the hand. Amounts, just below a
# million million 元, stay exact where others read them: as 64 bits, as the double of a script or a
# spreadsheet with its 15 digits, and in the sum of 90 courts.
LARGEST_COUNT = 999_999_999
LARGEST_AMOUNT = 99_999_999_999_999


def largest_figure(places: int) -> int:
    """The largest value, as it is held, of a figure with so many decimals."""
    return LARGEST_AMOUNT if places else LARGEST_COUNT


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure of a return: an integer ≥ 0, at most `largest_figure`, for its `period`.

    With two `places` it is written with two decimals (元) and held in hundredths (分).
    """

    code: str
    label: Text
    definition: Text
    group: str
    side: Side
    kind: Kind
    unit: Text
    source: Text
    period: Period = Period.YEAR_TO_DATE
    places: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """A relation between sums of metrics of one return; applies only when all are reported."""

    code: str
    severity: Severity
    left: tuple[str, ...]
    operator: Operator
    right: tuple[str, ...]
    side: Side


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the assessment. `points` per level are what it can earn at most.

    `rule` holds the parameters of its `formula`, which is the one to ask what follows from them.
    """

    code: str
    label: Text
    short: Text
    side: Side
    group: str
    paragraph: str
    points: Mapping[Level, Decimal]
    formula: type[Formula[Any]]
    rule: Any
    kind: ItemKind = ItemKind.SCORED

    @property
    def is_bonus(self) -> bool:
        """Whether its points come on top of what its side sums up to, or are only taken off."""
        return self.kind is ItemKind.BONUS

    @property
    def metrics(self) -> tuple[str, ...]:
        """Every metric the item reads of its own court, in reading order, once each."""
        return tuple(dict.fromkeys(self.formula.metrics(self.rule)))

    @property
    def series(self) -> Series | None:
        """The sums behind the item, where it comes down to one sum or one quotient."""
        return self.formula.series(self.rule)

    @property
    def goal(self) -> Goal | None:
        """What the item's value is held against, where it earns all its points by reaching it."""
        return self.formula.goal(self.rule)

    @property
    def drawing(self) -> Drawing:
        """How the item is drawn."""
        return self.formula.drawing(self.rule)


@dataclass(frozen=True, slots=True)
class Change:
    """What one option of a reading puts in place in the rules of some items."""

    items: tuple[str, ...]
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Option:
    """One way to read the sentence."""

    value: str
    label: Text
    reason: Text
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """An unclear sentence, its options and the one taken unless another is asked for."""

    code: str
    question: Text
    paragraph: str
    default: str
    options: tuple[Option, ...]

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(option.value for option in self.options)

    def option(self, value: str) -> Option:
        """The option of that value; KeyError when there is none."""
        for option in self.options:
            if option.value == value:
                return option
        raise KeyError(value)

    @property
    def items(self) -> frozenset[str]:
        """Codes of the items that any option touches."""
        return frozenset(
            code for option in self.options for change in option.changes for code in change.items
        )


@dataclass(frozen=True, slots=True)
class SideShare:
    """Weight (percent of the total) and full points of one side.

    With `mean_of_applicable`, items that do not apply to a court in a month are left out of what
    the others are measured by. `desk` and `office` are the roles that enter and verify its figures,
    empty for those that the pages give it.
    """

    side: Side
    label: Text
    weight: Decimal
    points: Decimal
    mean_of_applicable: bool = False
    desk: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True)
class LevelName:
    """A level of court, and what it is called; without a text as the pages call it."""

    level: Level
    label: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Condition:
    """Whether the points of an item or a side are below `below`, or at least `at_least`."""

    item: str
    side: Side | None
    below: Decimal | None
    at_least: Decimal | None


@dataclass(frozen=True, slots=True)
class Override:
    """What becomes of a total, or of one side, once the points are added up.

    Under its condition (None: always) the sum is at most `most`, is taken `times` a number or the
    share that a side earned of its points, or the court is not ranked. `on` is the side; None for
    the total.
    """

    code: str
    label: Text
    paragraph: str
    condition: Condition | None
    on: Side | None
    most: Decimal | None
    times: Decimal | Side | None
    not_ranked: bool


@dataclass(frozen=True, slots=True)
class Note:
    """A contradiction or slip in the notice that readers of the score should know of."""

    paragraph: str
    text: Text


@dataclass(frozen=True, slots=True)
class CapRule:
    """What caps are proposed from: the fall that is asked for of an item's sum, in percent."""

    item: str
    percent: Decimal
    paragraph: str


@dataclass(frozen=True)
class Rulebook:
    """One edition: everything the engine needs to know of the notice.

    `sources` are the TOML files by name, `sha256` the hash over them; both identify the edition.
    """

    code: str
    title: Text
    document: Text
    year: int
    baseline_year: int
    ranked_level: Level | None
    sides: tuple[SideShare, ...]
    groups: tuple[Group, ...]
    metric_groups: tuple[Group, ...]
    metrics: Mapping[str, Metric]
    checks: tuple[Check, ...]
    items: tuple[Item, ...]
    readings: tuple[Reading, ...]
    notes: tuple[Note, ...]
    sources: Mapping[str, str]
    sha256: str
    caps: CapRule | None = None
    overrides: tuple[Override, ...] = ()
    # Whether sides are added up to a total; without one nobody is ranked.
    has_total: bool = True
    levels: tuple[LevelName, ...] = tuple(LevelName(level) for level in Level)

    def __hash__(self) -> int:
        return hash(self.sha256)

    @cached_property
    def item_by_code(self) -> Mapping[str, Item]:
        return {item.code: item for item in self.items}

    @cached_property
    def reading_by_code(self) -> Mapping[str, Reading]:
        return {reading.code: reading for reading in self.readings}

    @cached_property
    def label_of_level(self) -> Mapping[Level, Text]:
        """What the rulebook calls its levels."""
        return {named.level: named.label for named in self.levels}

    @cached_property
    def assessed_levels(self) -> tuple[Level, ...]:
        """The levels whose courts are scored by any item."""
        return tuple(named.level for named in self.levels if self.items_of(named.level))

    @cached_property
    def no_points(self) -> Mapping[Side, int]:
        """Every side with nothing, for sums to begin with."""
        return {share.side: 0 for share in self.sides}

    @cached_property
    def share_of(self) -> Mapping[Side, SideShare]:
        return {share.side: share for share in self.sides}

    @cached_property
    def adds_plainly(self) -> bool:
        """Whether sides add up their items, and a total its sides, without anything else."""
        return not self.overrides and not self.measured_sides

    @cached_property
    def measured_sides(self) -> frozenset[Side]:
        """Sides whose points are a share of what their items, or groups of items, could earn."""
        weighed = {group.side for group in self.groups if group.weight is not None}
        return frozenset(weighed | {one.side for one in self.sides if one.mean_of_applicable})

    @cached_property
    def group_of(self) -> Mapping[tuple[Side, str], Group]:
        """The groups of items by side and code."""
        return {(group.side, group.code): group for group in self.groups}

    @cached_property
    def defaults(self) -> Mapping[str, str]:
        """The value of each reading unless another is asked for."""
        return {reading.code: reading.default for reading in self.readings}

    @cached_property
    def appraisal_items(self) -> tuple[str, ...]:
        """Codes of the items whose target stands in another document and must be entered."""
        return tuple(
            item.code
            for item in self.items
            if item.goal is not None and item.goal.reference is Reference.APPRAISAL
        )

    def items_of(self, level: Level) -> tuple[Item, ...]:
        """The items that a court of this level is scored by, in the order of the notice."""
        return tuple(item for item in self.items if level in item.points)

    def metrics_of(self, side: Side) -> tuple[Metric, ...]:
        """The metrics of one return, in the order of the data entry grid."""
        return tuple(metric for metric in self.metrics.values() if metric.side is side)
