"""Every combination of readings at once: whose total and rank hang on how a sentence is read.

An item's points follow from the few readings that change its rule. Each way to read those is scored
once, for all courts; every combination is then a row of a table, whose sums, totals and ranks are
those of `scoring.column_board`. Exact, as the engine is; nothing is adopted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.column_board import (
    ColumnBlock,
    ColumnBoard,
    LevelPoints,
    board_of,
    borrowed_column,
    bound,
    item_column,
    summed,
)
from scoring.columns import FactTable, LevelTable, Numbers, PointColumn
from scoring.exact import Exact, Mask, spread
from scoring.facts import CourtFacts, Month
from scoring.formula import Formula
from scoring.packing import fact_table
from scoring.readings import chosen
from scoring.schema import Level, Rulebook, Side

# Eleven readings of two ways each are 2,048; beyond this nobody should wait for an answer.
MOST_COMBINATIONS = 100_000
# So many are looked at together.
ROWS = 4_096


class TooManyReadingsError(ValueError):
    """More combinations make a difference than are worth waiting for."""


class Standing(NamedTuple):
    """A court under one combination: its total in cents, and its rank if it is ranked."""

    total_cents: int
    rank: int | None


class CourtRange(NamedTuple):
    """Where a court may stand: totals in cents and ranks over all combinations, and as it is read.

    `moved_by` are the readings on which its rank hangs: another answer to one of them alone gives
    another rank, whatever the others are in some combination.
    """

    court: str
    now: Standing
    low_cents: int
    high_cents: int
    best_rank: int | None
    worst_rank: int | None
    moved_by: tuple[str, ...]

    @property
    def never_moves(self) -> bool:
        """Whether the rank, or having none, is the same however the sentences are read."""
        return not self.moved_by


class SingleMove(NamedTuple):
    """A court that stands elsewhere when one reading alone is answered otherwise."""

    reading: str
    value: str
    court: str
    was: Standing
    then: Standing


class AllReadings(NamedTuple):
    """`combinations` of readings in all; courts in the order given."""

    combinations: int
    ranges: tuple[CourtRange, ...]
    singles: tuple[SingleMove, ...]


def all_readings(
    rulebook: Rulebook,
    month: Month,
    courts: Sequence[CourtFacts],
    in_force: Mapping[str, str] | None = None,
) -> AllReadings:
    """How each court stands under every combination; `TooManyReadingsError`, `ReadingError`.

    `in_force` is how the sentences are read; what it leaves out has its default.
    """
    (found,) = all_readings_of(rulebook, fact_table(rulebook, [(month, courts)]), in_force)
    return found


def all_readings_of(
    rulebook: Rulebook, table: FactTable, in_force: Mapping[str, str] | None = None
) -> tuple[AllReadings, ...]:
    """The same for each month of a table; each way to read an item is scored for all at once."""
    ways = _Ways(rulebook, table, chosen(rulebook, in_force))
    return tuple(_Sheet(ways, row).found() for row in range(len(table.months)))


Values = tuple[str, ...]


class _Ways:
    """A table's items, each scored once under every answer to its own readings."""

    def __init__(self, rulebook: Rulebook, table: FactTable, taken: Mapping[str, str]) -> None:
        self.rulebook, self.table, self.taken = rulebook, table, dict(taken)
        self.options = {one.code: one.values for one in rulebook.readings}
        self.readings_of = {
            item.code: tuple(one.code for one in rulebook.readings if item.code in one.items)
            for item in rulebook.items
        }
        self._formulas: dict[Values, Mapping[Level, tuple[Formula[Any], ...]]] = {}
        self._columns: dict[tuple[Level, int, Values], PointColumn] = {}
        tables = {level: table.of_levels([level]) for level in bound(rulebook, taken)}
        self.levels = {level: own for level, own in tables.items() if own.shape[1]}

    def bound(self, codes: Values, values: Values) -> Mapping[Level, tuple[Formula[Any], ...]]:
        """The formulas with these answers, all others as they are taken."""
        readings = self.taken | dict(zip(codes, values, strict=True))
        key = tuple(readings.values())
        if key not in self._formulas:
            self._formulas[key] = bound(self.rulebook, readings)
        return self._formulas[key]

    def plan(self, level: Level) -> tuple[Formula[Any], ...]:
        return self.bound((), ())[level]

    def column(self, level: Level, place: int, values: Values) -> PointColumn:
        """An item's points in all months with these answers to its own readings."""
        key = (level, place, values)
        if key not in self._columns:
            item = self.plan(level)[place].item.code
            formula = self.bound(self.readings_of[item], values)[level][place]
            self._columns[key] = item_column(formula, self.levels[level])
        return self._columns[key]


class _Sheet:
    """The courts of one month, a row for every combination."""

    def __init__(self, ways: _Ways, row: int) -> None:
        self._ways, self._month = ways, slice(row, row + 1)
        self._rulebook, self._taken = ways.rulebook, ways.taken
        self._options, self._readings_of = ways.options, ways.readings_of
        self._levels, self._plan, self._bound = tuple(ways.levels), ways.plan, ways.bound
        self._table = ways.table.of_rows(self._month)
        self.effective = self._effective()
        self._shape = tuple(len(self._options[code]) for code in self.effective)
        if prod(self._shape) > MOST_COMBINATIONS:
            raise TooManyReadingsError(f"{prod(self._shape)} combinations of readings")

    def _column(self, level: Level, place: int, values: Values) -> PointColumn:
        """An item's points of the month with these answers to its own readings."""
        return self._ways.column(level, place, values).of_rows(self._month)

    def _effective(self) -> Values:
        """The readings that change any points of these courts; all of an item that borrows."""
        found: set[str] = set()
        for level in self._levels:
            for place, formula in enumerate(self._plan(level)):
                codes = self._readings_of[formula.item.code]
                if formula.reads_peers:
                    found.update(codes)
                    continue
                ways = list(product(*(self._options[code] for code in codes)))
                said = {values: _said(self._column(level, place, values)) for values in ways}
                for number, code in enumerate(codes):
                    by_others: dict[Values, set[bytes]] = {}
                    for values, told in said.items():
                        others = (*values[:number], *values[number + 1 :])
                        by_others.setdefault(others, set()).add(told)
                    if any(len(told) > 1 for told in by_others.values()):
                        found.add(code)
        return tuple(one.code for one in self._rulebook.readings if one.code in found)

    # --- Combinations --------------------------------------------------------------------------

    def found(self) -> AllReadings:
        """Every court's standings over all combinations, and what moves them."""
        count = prod(self._shape)
        parts = [self._board(start, min(start + ROWS, count)) for start in range(0, count, ROWS)]
        totals = np.concatenate([part.totals for part in parts])
        ranks = np.concatenate([part.ranks for part in parts])
        now = self._row(self._taken)
        moved_by = self._moved_by(ranks)
        return AllReadings(
            combinations=prod(len(values) for values in self._options.values()),
            ranges=tuple(
                CourtRange(
                    court=court,
                    now=_standing(totals, ranks, now, place),
                    low_cents=int(totals[:, place].min()),
                    high_cents=int(totals[:, place].max()),
                    best_rank=min(_ranks(ranks, place), default=None),
                    worst_rank=max(_ranks(ranks, place), default=None),
                    moved_by=moved_by[place],
                )
                for place, court in enumerate(self._table.courts)
            ),
            singles=tuple(self._singles(totals, ranks, now)),
        )

    def _row(self, readings: Mapping[str, str]) -> int:
        """The number of a combination: the last reading changes first."""
        row = 0
        for code in self.effective:
            values = self._options[code]
            row = row * len(values) + values.index(readings[code])
        return row

    def _board(self, start: int, stop: int) -> ColumnBoard:
        rows = np.arange(start, stop)
        answers = dict(
            zip(self.effective, np.unravel_index(rows, self._shape), strict=True)
            if self._shape
            else ()
        )
        table = replace(self._table, months=self._table.months * len(rows), _sums={})
        levels: dict[Level, LevelPoints] = {}
        for level in sorted(self._levels, key=self._borrows):
            own, borrowed = table.of_levels([level]), dict[Side, Mask | None]()
            items = [
                self._rows_of(own, level, place, answers, levels, borrowed)
                for place in range(len(self._plan(level)))
            ]
            levels[level] = summed(self._rulebook, own, self._plan(level), items, borrowed)
        return board_of(self._rulebook, table, (ColumnBlock(slice(None), levels),))

    def _borrows(self, level: Level) -> bool:
        return any(formula.reads_peers for formula in self._plan(level))

    def _rows_of(
        self,
        table: LevelTable,
        level: Level,
        place: int,
        answers: Mapping[str, NDArray[np.intp]],
        done: Mapping[Level, LevelPoints],
        borrowed: dict[Side, Mask | None],
    ) -> PointColumn:
        """An item's points, in each row with the answers of that row."""
        formula = self._plan(level)[place]
        codes = self._readings_of[formula.item.code]
        own = tuple(code for code in codes if code in self.effective)
        options = [self._options[code] if code in own else (self._taken[code],) for code in codes]
        ways = list(product(*options))
        number = np.zeros(table.shape[0], np.int64)
        for code in own:
            number = number * len(self._options[code]) + answers[code]
        lent = done.get(formula.peer_level) if formula.reads_peers else None
        if lent is None:
            return _chosen([self._column(level, place, values) for values in ways], number, table)
        columns = [
            borrowed_column(self._bound(codes, values)[level][place], table, lent, borrowed)
            for values in ways
        ]
        rows = np.arange(len(number))
        return PointColumn(
            np.stack([np.broadcast_to(one.status, table.shape) for one in columns])[number, rows],
            _stacked([spread(one.cents, table.shape) for one in columns], (number, rows)),
            _lacks([one.lacks for one in columns], table.shape, (number, rows)),
        )

    # --- What hangs on what --------------------------------------------------------------------

    def _moved_by(self, ranks: Numbers) -> list[Values]:
        """For each court the readings whose answer alone changes its rank, in some combination."""
        grid = ranks.reshape(*self._shape, ranks.shape[1])
        moving: list[list[str]] = [[] for _court in self._table.courts]
        for number, code in enumerate(self.effective):
            differs = grid != np.take(grid, [0], axis=number)
            for place in np.flatnonzero(differs.reshape(ranks.shape).any(axis=0)):
                moving[place].append(code)
        return [tuple(one) for one in moving]

    def _singles(self, totals: Numbers, ranks: Numbers, now: int) -> Iterator[SingleMove]:
        """Whom one other answer moves while all other readings stay as they are."""
        for code in self.effective:
            for value in self._options[code]:
                row = self._row(self._taken | {code: value})
                for place, court in enumerate(self._table.courts):
                    was = _standing(totals, ranks, now, place)
                    then = _standing(totals, ranks, row, place)
                    if was != then:
                        yield SingleMove(code, value, court, was, then)


def _said(column: PointColumn) -> bytes:
    """A column as something that can be compared."""
    return column.status.tobytes() + repr(column.cents.values.tolist()).encode()


def _standing(totals: Numbers, ranks: Numbers, row: int, place: int) -> Standing:
    return Standing(int(totals[row, place]), int(ranks[row, place]) or None)


def _ranks(ranks: Numbers, place: int) -> list[int]:
    return [rank for rank in np.unique(ranks[:, place]).tolist() if rank]


def _chosen(
    columns: Sequence[PointColumn], number: NDArray[np.int64], table: LevelTable
) -> PointColumn:
    """Of columns with one row each the one that every row asks for."""
    one = (1, table.shape[1])
    return PointColumn(
        np.concatenate([np.broadcast_to(column.status, one) for column in columns])[number],
        _stacked([spread(column.cents, one) for column in columns], (number, 0)),
        _lacks([column.lacks for column in columns], one, (number, 0)),
    )


def _stacked(numbers: Sequence[Exact], place: Any) -> Exact:
    low, high = min(one.low for one in numbers), max(one.high for one in numbers)
    return Exact(np.stack([one.values for one in numbers])[place], low, high)


def _lacks(masks: Sequence[Mask | None], shape: tuple[int, int], place: Any) -> Mask | None:
    if all(mask is None for mask in masks):
        return None
    filled = [np.broadcast_to(np.False_ if mask is None else mask, shape) for mask in masks]
    found: Mask = np.stack(filled)[place]
    return found
