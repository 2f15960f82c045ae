"""Whole tables of facts at once: figures of many courts and months in columns, and their points.

What the engine does court by court, `Formula.columns` does for all of them: the same points and
statuses, without what explains them. A *row* is a month, as often as somebody asks for it: once for
each draw of a simulation, say. A column is a court, the same one in every row. A table of *lacks*
holds where something is missing; None where nothing is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.exact import Exact, Mask, in_any, where
from scoring.facts import Assessed, Ballots, CourtFacts, Decision, Month
from scoring.rates import MONTHS_OF, MONTHS_OF_YEAR
from scoring.results import Context, ItemScore, Status
from scoring.rounding import cents, to_decimal
from scoring.schema import Interim, Item, Level, Period, Rulebook
from scoring.spreadsheet import Kind
from scoring.weights import Weighed, weights_of

# How a status stands in a column.
STATUSES: tuple[Status, ...] = tuple(Status)
NUMBER_OF: Mapping[Status, int] = {status: number for number, status in enumerate(STATUSES)}
SCORED = NUMBER_OF[Status.SCORED]
Numbers = NDArray[np.int64]
# A mask that holds in tables of any shape.
EVERYWHERE: Mask = np.ones((1, 1), np.bool_)
# Small enough for a core to have them at hand, large enough for few calls.
CELLS_AT_HAND = 60_000


class FigureColumn(NamedTuple):
    """One figure of all courts, and where it was not reported."""

    number: Exact
    lacks: Mask | None = None


class SharedColumn(NamedTuple):
    """A column of fractions: integers over one positive divisor, and which rows have none."""

    number: Exact
    divisor: int
    lacks: Mask | None = None


class BallotColumns(NamedTuple):
    """Tallied ballots: how many, and the sum of their points."""

    tallied: Exact
    points: SharedColumn


class PointColumn(NamedTuple):
    """An item's points: statuses by number, cents (0 without any), and where there are none."""

    status: NDArray[np.int8]
    cents: Exact
    lacks: Mask | None = None

    def of_rows(self, rows: slice) -> PointColumn:
        """The same of some rows."""
        lacks = _rows_of(self.lacks, rows)
        return PointColumn(self.status[rows], self.cents.of_rows(rows), lacks)


class ComparedColumns(NamedTuple):
    """Last year's sums; a month is held against `twelfths` of twelve parts of them."""

    sums: tuple[Exact, ...]
    twelfths: Exact
    lacks: Mask | None


class LevelPlaces(NamedTuple):
    """The columns of some levels, and for each the number of its level among them."""

    places: NDArray[np.intp]
    numbers: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class FactTable:
    """What the engine may know, rows × courts; all but `current` may have one row for all.

    `targets`, `assessed` and `decisions` are by item, the latter two in cents.
    """

    rulebook: Rulebook
    months: tuple[Month, ...]
    courts: tuple[str, ...]
    levels: tuple[Level, ...]
    figures: Mapping[Kind, Mapping[str, FigureColumn]]
    targets: Mapping[str, SharedColumn] = field(default_factory=dict)
    ballots: BallotColumns | None = None
    assessed: Mapping[str, FigureColumn] = field(default_factory=dict)
    decisions: Mapping[str, FigureColumn] = field(default_factory=dict)
    _sums: dict[Any, FigureColumn | None] = field(default_factory=dict, repr=False)
    # Which columns are of which levels; parts of a table have the same.
    _places: dict[tuple[Level, ...], LevelPlaces] = field(default_factory=dict, repr=False)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.months), len(self.courts)

    def total(self, codes: Sequence[str], scale: int, kind: Kind) -> FigureColumn | None:
        """The sum of figures, times `scale` so that weights are integers; None: never reported."""
        key = (kind, codes, scale)
        if key not in self._sums:
            self._sums[key] = self._summed(codes, scale, kind)
        return self._sums[key]

    def _summed(self, codes: Sequence[str], scale: int, kind: Kind) -> FigureColumn | None:
        found: Exact | None = None
        lacks: Mask | None = None
        is_weighed = isinstance(codes, Weighed)
        weights = [int(one * scale) for one in weights_of(codes)] if is_weighed else ()
        for place, code in enumerate(codes):
            column = self.figures[kind].get(code)
            if column is None:
                return None
            term = column.number * (weights[place] if is_weighed else scale)
            found = term if found is None else found + term
            lacks = in_any(lacks, column.lacks)
        return FigureColumn(Exact.constant(0) if found is None else found, lacks)

    def blocks(self) -> Iterator[tuple[slice, FactTable]]:
        """The table in parts of some rows, each so small that the processor has it at hand."""
        size = max(1, CELLS_AT_HAND // max(1, len(self.courts)))
        for start in range(0, len(self.months), size):
            rows = slice(start, start + size)
            yield rows, self if size >= len(self.months) else self.of_rows(rows)

    def of_rows(self, rows: slice) -> FactTable:
        """The same of some rows."""

        def cut(found: FigureColumn) -> FigureColumn:
            return FigureColumn(found.number.of_rows(rows), _rows_of(found.lacks, rows))

        def shared(found: SharedColumn) -> SharedColumn:
            lacks = _rows_of(found.lacks, rows)
            return SharedColumn(found.number.of_rows(rows), found.divisor, lacks)

        def every(columns: Mapping[str, FigureColumn]) -> Mapping[str, FigureColumn]:
            return {code: cut(one) for code, one in columns.items()}

        ballots = self.ballots
        if ballots is not None:
            ballots = BallotColumns(ballots.tallied.of_rows(rows), shared(ballots.points))
        return FactTable(
            self.rulebook,
            self.months[rows],
            self.courts,
            self.levels,
            {kind: every(columns) for kind, columns in self.figures.items()},
            {item: shared(one) for item, one in self.targets.items()},
            ballots,
            every(self.assessed),
            every(self.decisions),
            _places=self._places,
        )

    def of_levels(self, levels: Sequence[Level]) -> LevelTable:
        """The columns of the courts of some levels."""
        key = tuple(levels)
        if key not in self._places:
            number = {level: place for place, level in enumerate(key)}
            found = np.array([number.get(level, -1) for level in self.levels], np.int64)
            places = np.flatnonzero(found >= 0)
            self._places[key] = LevelPlaces(places, found[places])
        return LevelTable(self, key, self._places[key])

    def facts(self, row: int, place: int) -> CourtFacts:
        """One court of one row, as the engine takes it."""

        def value(number: Exact) -> int:
            return int(np.broadcast_to(number.values, self.shape)[row, place])

        def known(column: Any) -> bool:
            return column.lacks is None or not np.broadcast_to(column.lacks, self.shape)[row, place]

        def plain(columns: Mapping[str, FigureColumn]) -> dict[str, int]:
            return {code: value(one.number) for code, one in columns.items() if known(one)}

        ballots = None
        if self.ballots is not None and known(self.ballots.points):
            points = Fraction(value(self.ballots.points.number), self.ballots.points.divisor)
            ballots = Ballots(value(self.ballots.tallied), points)
        return CourtFacts(
            court=self.courts[place],
            level=self.levels[place],
            current=plain(self.figures[Kind.CURRENT]),
            baseline_month=plain(self.figures[Kind.SAME_MONTH]),
            baseline_annual=plain(self.figures[Kind.ANNUAL]),
            targets={
                code: Decimal(value(one.number)) / Decimal(one.divisor)
                for code, one in self.targets.items()
                if known(one)
            },
            ballots=ballots,
            decisions={
                code: Decision(to_decimal(given)) for code, given in plain(self.decisions).items()
            },
            assessed={
                code: Assessed(to_decimal(given)) for code, given in plain(self.assessed).items()
            },
        )


def _rows_of(lacks: Mask | None, rows: slice) -> Mask | None:
    return lacks if lacks is None or len(lacks) == 1 else lacks[rows]


class LevelTable:
    """The courts of one level in a table, or of several that an item asks the same of.

    What a formula reads.
    """

    def __init__(self, table: FactTable, levels: tuple[Level, ...], found: LevelPlaces) -> None:
        places = found.places
        self.table, self.places = table, places
        self._levels, self._number_of = levels, found.numbers
        self.shape = len(table.months), len(places)
        self.months = Exact(
            np.array([[month.month] for month in table.months], np.int64), 1, MONTHS_OF_YEAR
        )
        # Neighbours are looked at where they stand, without copying them.
        is_row = bool(len(places)) and int(places[-1] - places[0]) == len(places) - 1
        self._cut: Any = slice(int(places[0]), int(places[-1]) + 1) if is_row else places

    def full(self, item: Item) -> Exact:
        """The cents an item can earn at most, which may differ from level to level."""
        found = [cents(item.points[level]) for level in self._levels]
        if len(set(found)) == 1:
            return Exact.constant(found[0])
        number = np.array(found, np.int64)[self._number_of]
        return Exact(number[np.newaxis], min(found), max(found))

    def total(
        self, codes: Sequence[str], scale: int = 1, kind: Kind = Kind.CURRENT
    ) -> FigureColumn:
        """The sum of figures, times `scale`; it lacks where one of them was not reported."""
        found = self.table.total(codes, scale, kind)
        if found is None:
            return FigureColumn(Exact.constant(0), EVERYWHERE)
        return FigureColumn(found.number.sliced(self._cut), self._lacks(found))

    def _lacks(self, column: Any) -> Mask | None:
        lacks: Mask | None = column.lacks
        return lacks if lacks is None or lacks.shape[-1] == 1 else lacks[..., self._cut]

    def compared(
        self, interim: Interim, *parts: Sequence[str], period: Period, scale: int
    ) -> ComparedColumns:
        """Last year's side, as `scoring.rates.BaselineFinder` finds it."""
        months = MONTHS_OF.get(period)
        annual = [self.total(codes, scale, Kind.ANNUAL) for codes in parts]
        lacks = in_any(*(one.lacks for one in annual))
        if not months and interim is not Interim.SAME_MONTH:
            twelve = Exact.constant(MONTHS_OF_YEAR)
            return ComparedColumns(tuple(one.number for one in annual), twelve, lacks)
        twelfths = Exact.constant(months) if months else self.months
        same = [self.total(codes, scale, Kind.SAME_MONTH) for codes in parts]
        is_same: Mask = EVERYWHERE if months else self.months < MONTHS_OF_YEAR
        lacks_same = in_any(*(one.lacks for one in same))
        if lacks_same is not None:
            is_same = is_same & ~lacks_same
        return ComparedColumns(
            tuple(
                where(is_same, one.number, other.number)
                for one, other in zip(same, annual, strict=True)
            ),
            where(is_same, MONTHS_OF_YEAR, twelfths),
            None if lacks is None else lacks & ~is_same,
        )

    def part_of(self, column: PointColumn) -> PointColumn:
        """What a column of all courts has of these."""
        lacks = column.lacks
        if lacks is not None and lacks.shape[-1] != 1:
            lacks = lacks[..., self._cut]
        return PointColumn(column.status[:, self._cut], column.cents.sliced(self._cut), lacks)

    def target(self, item: str) -> SharedColumn | None:
        """The targets that are entered for an item; None where no court has one."""
        return self._shared(self.table.targets.get(item))

    def _shared(self, found: SharedColumn | None) -> SharedColumn | None:
        if found is None:
            return None
        return SharedColumn(found.number.sliced(self._cut), found.divisor, self._lacks(found))

    def assessed(self, item: str) -> FigureColumn | None:
        """The points that an office gave, in cents."""
        return self._figures(self.table.assessed.get(item))

    def decisions(self, item: str) -> FigureColumn | None:
        """The points that were decided, in cents."""
        return self._figures(self.table.decisions.get(item))

    def _figures(self, found: FigureColumn | None) -> FigureColumn | None:
        if found is None:
            return None
        return FigureColumn(found.number.sliced(self._cut), self._lacks(found))

    @property
    def ballots(self) -> BallotColumns | None:
        """The tallied ballots; None where no round was tallied."""
        found = self.table.ballots
        points = self._shared(None if found is None else found.points)
        if found is None or points is None:
            return None
        return BallotColumns(found.tallied.sliced(self._cut), points)

    def without(self, codes: Iterable[str]) -> Mask | None:
        """Where none of the figures was reported at all."""
        lacks = EVERYWHERE
        for code in codes:
            column = self.table.figures[Kind.CURRENT].get(code)
            if column is not None:
                own = self._lacks(column)
                if own is None:
                    return None
                lacks = lacks & own
        return lacks

    def rows(self) -> Iterator[tuple[Context, list[CourtFacts]]]:
        """What the engine takes, row by row."""
        for row, month in enumerate(self.table.months):
            context = Context(self.table.rulebook, month, self.table.rulebook.defaults)
            yield context, [self.table.facts(row, int(place)) for place in self.places]

    def scored(self, rows: Iterable[Sequence[ItemScore]]) -> PointColumn:
        """What the engine answered, in columns."""
        found = [list(row) for row in rows]
        status = np.array(
            [[NUMBER_OF[one.status] for one in row] for row in found], np.int8
        ).reshape(self.shape)
        values = [one.cents for row in found for one in row]
        lacks: Mask = np.array([value is None for value in values], np.bool_).reshape(self.shape)
        number = Exact.of([value or 0 for value in values])
        number.values = number.values.reshape(self.shape)
        return PointColumn(status, number, lacks if lacks.any() else None)

    def points(self, cents_: Exact | int, *unless: tuple[Mask | None, Status]) -> PointColumn:
        """Points where none of the reasons holds; of several the first one is told."""
        shape = self.shape
        lacks = in_any(*(mask for mask, _status in unless))
        number = cents_ if isinstance(cents_, Exact) else Exact.constant(cents_)
        if lacks is None:
            return PointColumn(np.broadcast_to(np.int8(0), shape), number)
        status: NDArray[np.int8] = np.zeros(shape, np.int8)
        for mask, told in reversed(unless):
            if mask is not None:
                status[np.broadcast_to(mask, shape)] = NUMBER_OF[told]
        return PointColumn(status, where(lacks, 0, number), lacks)


def places_in_rows(
    values: Exact, has_none: Mask | None, shape: tuple[int, int], *, high: bool
) -> tuple[Exact, Exact]:
    """Everybody's place in the row, equal values in one place, and how many have a value.

    Who has none is not in the way of others, and what is told of them means nothing.
    """
    rows = np.broadcast_to(-values.values if high else values.values, shape)
    places: Numbers = np.empty(shape, np.int64)
    count: Numbers = np.empty((shape[0], 1), np.int64)
    absent = None if has_none is None else np.broadcast_to(has_none, shape)
    for number, row in enumerate(rows):
        present = row if absent is None else row[~absent[number]]
        places[number] = np.searchsorted(np.sort(present), row, side="left") + 1
        count[number] = len(present)
    courts = shape[1]
    return Exact(places, 1, courts + 1), Exact(count, 0, courts)
