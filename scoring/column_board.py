"""Whole tables scored at once: items, sides, totals and ranks, as `scoring.engine` has them.

The same plans and the same order: levels without points of others first, then those with; a
decision takes the place of computed points; sides and overrides as `scoring.sums` says. Nothing
here explains a point: who wants to know why asks the engine for that court and month.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.columns import (
    EVERYWHERE,
    NUMBER_OF,
    FactTable,
    LevelTable,
    Numbers,
    PointColumn,
    places_in_rows,
)
from scoring.engine import context_of, plan
from scoring.exact import Exact, Mask, half_up, in_any, spread, where
from scoring.facts import Month
from scoring.formula import Formula
from scoring.periods import MONTHS_OF_QUARTER
from scoring.rates import MONTHS_OF_YEAR, PERCENT
from scoring.results import Status
from scoring.rounding import cents
from scoring.schema import (
    OF_LEVEL,
    Condition,
    Level,
    Override,
    Period,
    Rulebook,
    Side,
)
from scoring.sums import NOT_APPLICABLE, weights_of_sides

MOST_BITS = 62


class LevelPoints(NamedTuple):
    """The courts of a level: their columns, items in the order of the notice, and their sums.

    `lacking` are the provisional sides; `barred` courts are kept from being ranked.
    """

    table: LevelTable
    formulas: tuple[Formula[Any], ...]
    items: tuple[PointColumn, ...]
    halves: Mapping[Side, Exact]
    lacking: Mapping[Side, Mask | None]
    totals: Exact
    barred: Mask | None


class ColumnBlock(NamedTuple):
    """Some rows of a table, with the points of each level."""

    rows: slice
    levels: Mapping[Level, LevelPoints]


class ColumnBoard(NamedTuple):
    """Rows × courts of a table: cents of totals and sides, and ranks, 0 where there is none."""

    table: FactTable
    blocks: tuple[ColumnBlock, ...]
    totals: Numbers
    ranks: Numbers

    def half(self, side: Side) -> Numbers:
        """The cents of one side."""
        found: Numbers = np.zeros(self.table.shape, np.int64)
        for rows, one in self._levels():
            found[rows, one.table.places] = one.halves[side].values
        return found

    def provisional(self, side: Side) -> Mask:
        """Where points of a side are still open."""
        found: Mask = np.zeros(self.table.shape, np.bool_)
        for rows, one in self._levels():
            lacking = one.lacking[side]
            if lacking is not None:
                found[rows, one.table.places] = lacking
        return found

    def item(self, code: str) -> tuple[NDArray[np.int8], Numbers]:
        """An item's statuses by number, −1 where a court has no such item, and its cents."""
        status = np.full(self.table.shape, -1, np.int8)
        found: Numbers = np.zeros(self.table.shape, np.int64)
        for rows, one in self._levels():
            for formula, column in zip(one.formulas, one.items, strict=True):
                if formula.item.code == code:
                    status[rows, one.table.places] = column.status
                    found[rows, one.table.places] = column.cents.values
        return status, found

    def _levels(self) -> Iterator[tuple[slice, LevelPoints]]:
        for block in self.blocks:
            for one in block.levels.values():
                yield block.rows, one


def score_columns(
    rulebook: Rulebook, table: FactTable, readings: Mapping[str, str] | None = None
) -> ColumnBoard:
    """Score, total and rank a whole table; `ReadingError` and ValueError as `scoring.score`."""
    for month in dict.fromkeys(table.months):
        context_of(rulebook, month, readings)
    formulas = bound(rulebook, readings)
    blocks = tuple(
        ColumnBlock(rows, _levels(rulebook, part, formulas)) for rows, part in table.blocks()
    )
    return board_of(rulebook, table, blocks)


def _levels(
    rulebook: Rulebook, table: FactTable, formulas: Mapping[Level, tuple[Formula[Any], ...]]
) -> Mapping[Level, LevelPoints]:
    tables = {level: table.of_levels([level]) for level in formulas}
    tables = {level: own for level, own in tables.items() if own.shape[1]}
    shared = _shared_items(table, {level: formulas[level] for level in tables})
    found: dict[Level, LevelPoints] = {}
    # Whoever borrows comes after those whose points are borrowed.
    for level in sorted(tables, key=lambda one: any(own.reads_peers for own in formulas[one])):
        items = []
        borrowed: dict[Side, Mask | None] = {}
        for formula in formulas[level]:
            own = tables[level]
            code = formula.item.code
            if code in shared:
                items.append(own.part_of(shared[code]))
            elif formula.reads_peers and formula.peer_level in found:
                items.append(borrowed_column(formula, own, found[formula.peer_level], borrowed))
            else:
                items.append(item_column(formula, own))
        found[level] = summed(rulebook, tables[level], formulas[level], items, borrowed)
    return found


def _shared_items(
    table: FactTable, formulas: Mapping[Level, tuple[Formula[Any], ...]]
) -> Mapping[str, PointColumn]:
    """Items that ask the same of all courts there are, but for how many points they have."""
    everyone = table.of_levels(tuple(formulas))
    found = {}
    for one in next(iter(formulas.values()), ()):
        has_columns = type(one).columns is not Formula.columns
        is_alone = not (one.reads_peers or one.reads_level)
        if has_columns and is_alone and set(formulas) <= set(one.item.points):
            found[one.item.code] = item_column(one, everyone)
    return found


def bound(
    rulebook: Rulebook, readings: Mapping[str, str] | None = None
) -> Mapping[Level, tuple[Formula[Any], ...]]:
    """The formulas of each level, those that are due only at quarter ends among them."""
    december = context_of(rulebook, Month(rulebook.year, MONTHS_OF_YEAR), readings)
    return {named.level: plan(december, named.level) for named in rulebook.levels}


def item_column(formula: Formula[Any], table: LevelTable) -> PointColumn:
    """An item's points, decided ones in their place."""
    return _settled(formula, table, formula.columns(table))


def _settled(formula: Formula[Any], table: LevelTable, column: PointColumn) -> PointColumn:
    if formula.period is Period.QUARTER:
        months = table.months.values
        between = np.broadcast_to(months % MONTHS_OF_QUARTER != 0, table.shape)
        column = _replaced(column, between, Status.NOT_DUE, Exact.constant(0), table)
        column = column._replace(lacks=in_any(column.lacks, between))
    decided = table.decisions(formula.item.code)
    if decided is None:
        return column
    given = np.broadcast_to(EVERYWHERE if decided.lacks is None else ~decided.lacks, table.shape)
    column = _replaced(column, given, Status.DECIDED, decided.number, table)
    return column._replace(lacks=None if column.lacks is None else column.lacks & ~given)


def _replaced(
    column: PointColumn, mask: Mask, status: Status, number: Exact, table: LevelTable
) -> PointColumn:
    statuses = np.where(mask, np.int8(NUMBER_OF[status]), column.status)
    return PointColumn(statuses, where(mask, number, column.cents), column.lacks)


def borrowed_column(
    formula: Formula[Any],
    table: LevelTable,
    others: LevelPoints,
    borrowed: dict[Side, Mask | None],
) -> PointColumn:
    """Points from those of other courts; `borrowed` is told where these are still open."""
    side = formula.item.side
    column = formula.columns_over(table, others.table, others.halves[side])
    lacking = others.lacking[side]
    if lacking is not None:
        is_open = np.broadcast_to(lacking, others.table.shape).any(axis=1, keepdims=True)
        borrowed[side] = in_any(borrowed.get(side), np.asarray(is_open, np.bool_))
    return _settled(formula, table, column)


# --- Sums --------------------------------------------------------------------------------------


def summed(
    rulebook: Rulebook,
    table: LevelTable,
    formulas: Sequence[Formula[Any]],
    items: Sequence[PointColumn],
    borrowed: Mapping[Side, Mask | None] | None = None,
) -> LevelPoints:
    """What items come to, as `scoring.sums.added_up` has it."""
    halves: dict[Side, Exact] = {}
    lacking: dict[Side, Mask | None] = {}
    lent = borrowed or {}
    for share in rulebook.sides:
        side = share.side
        own = [
            (formula, item)
            for formula, item in zip(formulas, items, strict=True)
            if formula.item.side is side
        ]
        if side in rulebook.measured_sides:
            halves[side], open_ = _measured(rulebook, side, own, table)
        else:
            halves[side] = _plain_sum(item.cents for _formula, item in own)
            open_ = in_any(*(item.lacks for _formula, item in own))
        lacking[side] = in_any(open_, lent.get(side))
    barred: Mask | None = None
    after = dict(halves)
    held = []
    points = {formula.item.code: item for formula, item in zip(formulas, items, strict=True)}
    for override in rulebook.overrides:
        mask = _holds(override.condition, points, halves, lacking, table)
        held.append((override, mask))
        if override.not_ranked:
            barred = in_any(barred, mask)
        if override.on is not None:
            side = override.on
            after[side] = where(
                mask, _changed(rulebook, override, after[side], halves), after[side]
            )
    totals = _total(rulebook, after)
    for override, mask in held:
        if override.on is None:
            totals = where(mask, _changed(rulebook, override, totals, halves), totals)
    return LevelPoints(table, tuple(formulas), tuple(items), after, lacking, totals, barred)


def _plain_sum(numbers: Iterator[Exact] | Sequence[Exact]) -> Exact:
    found = Exact.constant(0)
    for number in numbers:
        found = found + number
    return found


def _total(rulebook: Rulebook, halves: Mapping[Side, Exact]) -> Exact:
    if not rulebook.has_total:
        return _plain_sum(list(halves.values()))
    weights = weights_of_sides(rulebook)
    whole = lcm(*(divisor for _part, divisor in weights.values()))
    parts = [halves[side] * (part * whole // divisor) for side, (part, divisor) in weights.items()]
    return half_up(_plain_sum(parts), whole)


def _measured(
    rulebook: Rulebook,
    side: Side,
    own: Sequence[tuple[Formula[Any], PointColumn]],
    table: LevelTable,
) -> tuple[Exact, Mask | None]:
    """A side as a share of what its items could earn; courts for whom the same items count are
    worked out together, as then only what they earned differs."""
    share = rulebook.share_of[side]
    extra = [item for formula, item in own if formula.item.is_bonus]
    counted = [(formula, item) for formula, item in own if not formula.item.is_bonus]
    # A bit for each item that counts.
    pattern = np.zeros(table.shape, np.int64 if len(counted) < MOST_BITS else object)
    for place, (formula, item) in enumerate(counted):
        counts = True if not share.mean_of_applicable else _applies(formula, item)
        pattern = pattern + np.where(counts, 1 << place, 0)
    found: Numbers = np.zeros(table.shape, np.int64)
    open_: Mask = np.zeros(table.shape, np.bool_)
    for one in np.unique(pattern).tolist():
        places = pattern == one
        members = [pair for place, pair in enumerate(counted) if one >> place & 1]
        if not members:
            open_[places] = True
            continue
        number, divisor = _shares(rulebook, side, members)
        found[places] = spread(half_up(number, divisor), table.shape).values[places]
        lacks = in_any(*(item.lacks for _formula, item in members))
        if lacks is not None:
            open_[places] = np.broadcast_to(lacks, table.shape)[places]
    on_top = _plain_sum([item.cents for item in extra])
    measured = Exact.of(found) + on_top
    return measured, in_any(open_, *(item.lacks for item in extra))


def _applies(formula: Formula[Any], item: PointColumn) -> Mask:
    """Where an item can be told of a court at all, as `scoring.sums.applies` has it."""
    goal = formula.item.goal
    none = set(NOT_APPLICABLE)
    if goal is not None and goal.reference in OF_LEVEL:
        none.add(Status.NO_TARGET)
    return ~np.isin(item.status, [NUMBER_OF[status] for status in none])


def _shares(
    rulebook: Rulebook, side: Side, members: Sequence[tuple[Formula[Any], PointColumn]]
) -> tuple[Exact, int]:
    """The cents of a side of whose items these count, as a table over a number."""
    weights: dict[str, Fraction] = {}
    full: dict[str, int] = {}
    earned: dict[str, Exact] = {}
    for formula, item in members:
        weight = rulebook.group_of[side, formula.item.group].weight
        code = "" if weight is None else formula.item.group
        weights[code] = Fraction(1 if weight is None else weight)
        full[code] = full.get(code, 0) + formula.full
        earned[code] = earned.get(code, Exact.constant(0)) + item.cents
    whole = sum(weights.values(), Fraction(0))
    points = Fraction(rulebook.share_of[side].points) * PERCENT
    each = {code: weights[code] * points / (full[code] * whole) for code in weights}
    divisor = lcm(*(one.denominator for one in each.values()))
    return _plain_sum([earned[code] * int(each[code] * divisor) for code in each]), divisor


def _holds(
    condition: Condition | None,
    points: Mapping[str, PointColumn],
    halves: Mapping[Side, Exact],
    lacking: Mapping[Side, Mask | None],
    table: LevelTable,
) -> Mask:
    if condition is None:
        return EVERYWHERE
    if condition.side is not None:
        number, lacks = halves[condition.side], lacking[condition.side]
    elif condition.item in points:
        item = points[condition.item]
        number, lacks = item.cents, item.lacks
    else:
        return np.zeros((1, 1), np.bool_)
    if condition.below is not None:
        found = number < cents(condition.below)
    else:
        found = number >= cents(condition.at_least or Decimal(0))
    return found if lacks is None else found & ~lacks


def _changed(
    rulebook: Rulebook, override: Override, before: Exact, halves: Mapping[Side, Exact]
) -> Exact:
    if override.most is not None:
        return before.at_most(cents(override.most))
    if isinstance(override.times, Decimal):
        part, whole = override.times.as_integer_ratio()
        return half_up(before * part, whole)
    if override.times is not None:
        full = cents(rulebook.share_of[override.times].points)
        return half_up(before * halves[override.times], full)
    return before


# --- The board ---------------------------------------------------------------------------------


def board_of(rulebook: Rulebook, table: FactTable, blocks: tuple[ColumnBlock, ...]) -> ColumnBoard:
    """Totals and ranks of all rows, the blocks put together."""
    totals: Numbers = np.zeros(table.shape, np.int64)
    ranks: Numbers = np.zeros(table.shape, np.int64)
    for rows, levels in blocks:
        for level, one in levels.items():
            places = one.table.places
            totals[rows, places] = one.totals.values
            if level is rulebook.ranked_level:
                found, _count = places_in_rows(one.totals, one.barred, one.table.shape, high=True)
                ranks[rows, places] = where(one.barred, 0, found).values
    return ColumnBoard(table, blocks, totals, ranks)
