"""What every item of every court comes to, by the same expressions that the file computes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from courts.takeaways.workbook.contents import WorkbookContents, WorkbookCourt
from scoring.engine import plan
from scoring.formula import Formula
from scoring.ranking import ranks
from scoring.results import ItemScore, Status
from scoring.rounding import cents
from scoring.schema import Level, Side
from scoring.spreadsheet import Cell, Kind, Value, Worked, given_of, worked_out
from scoring.sums import added_up, applies

OF_FIGURES = frozenset({Kind.CURRENT, Kind.SAME_MONTH, Kind.ANNUAL})


@dataclass(frozen=True, slots=True)
class ItemWork:
    """One item of one court. `worked` is None where the points are a fixed value.

    `lines` are what its lines come to; `computed` and `status` leave decisions aside, `points`, in
    cents, do not.
    """

    formula: Formula[Any]
    worked: Worked | None
    lines: tuple[Value, ...]
    computed: Status
    status: Status
    points: int | None
    applies: bool = True

    @property
    def code(self) -> str:
        return self.formula.item.code

    @property
    def side(self) -> Side:
        return self.formula.item.side


@dataclass(frozen=True, slots=True)
class CourtWork:
    """One court: its items in order, the cents of its halves and of the total.

    `missing` are items without points, by side.
    """

    court: WorkbookCourt
    items: tuple[ItemWork, ...]
    halves: Mapping[Side, int]
    missing: Mapping[Side, int]
    total: int
    is_barred: bool = False

    @property
    def code(self) -> str:
        return self.court.code


class Working:
    """The courts of a workbook with all that is computed of them."""

    def __init__(self, contents: WorkbookContents) -> None:
        self.contents = contents
        self.given: dict[Cell, Value] = {}
        found: dict[str, CourtWork] = {}
        for court in contents.courts:
            self.given |= given_of(court.facts, court.code)
        # Courts whose points come from other courts are computed after those.
        in_order = sorted(contents.courts, key=self._reads_peers)
        for court in in_order:
            work = found[court.code] = self._court(court)
            for side, half in work.halves.items():
                self.given[Cell(Kind.HALF, side.value, court.code)] = half
        self.courts: Sequence[CourtWork] = tuple(found[court.code] for court in contents.courts)

    def shown(self, cell: Cell) -> Value:
        """What stands in a cell of a sheet: figures as people write them, amounts in 元."""
        value = self.given.get(cell)
        metric = self.contents.context.rulebook.metrics.get(cell.name)
        if metric is None or not isinstance(value, int) or cell.kind not in OF_FIGURES:
            return value
        return Decimal(value).scaleb(-metric.places) if metric.places else value

    @cached_property
    def ranked(self) -> tuple[CourtWork, ...]:
        """The courts that are ranked."""
        level = self.contents.context.rulebook.ranked_level
        return tuple(
            work for work in self.courts if work.court.facts.level is level and not work.is_barred
        )

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """The rank of each ranked court."""
        places = ranks(work.total for work in self.ranked)
        return {work.code: places[work.total] for work in self.ranked}

    def peers_of(self, court: WorkbookCourt) -> tuple[str, ...]:
        """The courts whose points go into items of the court; none for most."""
        return tuple(
            dict.fromkeys(
                code
                for formula in plan(self.contents.context, court.facts.level)
                if formula.reads_peers and not self.contents.hides_peers
                for code in self._peers(formula)
            )
        )

    def is_provisional(self, work: CourtWork) -> bool:
        """Whether an item has no points, its own or one of a court that its points come from."""
        if any(work.missing.values()):
            return True
        peers = {one.code: one for one in self.courts if one.code in self.peers_of(work.court)}
        sides = {item.side for item in work.items if item.formula.reads_peers}
        return any(one.missing[side] for one in peers.values() for side in sides)

    def tried(self, work: CourtWork) -> CourtWork:
        """The court as a sheet for trying computes it, on which another may be chosen.

        What reads the level reads every court of it there; the chosen one's cells among those of
        the others are empty.
        """
        without = {cell: value for cell, value in self.given.items() if cell.court != work.code}
        given = without | given_of(work.court.facts)
        items = tuple(
            self._item(item.formula, work.court, given, self.of_level(work.court.facts.level))
            if item.formula.reads_level
            else item
            for item in work.items
        )
        return replace(work, items=items)

    def of_level(self, level: Level) -> tuple[str, ...]:
        """The courts of a level."""
        return tuple(one.code for one in self.contents.courts if one.facts.level is level)

    def _peers(self, formula: Formula[Any]) -> tuple[str, ...]:
        return self.of_level(formula.peer_level)

    def _read_courts(self, formula: Formula[Any], court: WorkbookCourt) -> tuple[str, ...]:
        """The other courts that a formula reads: points of a level, or values of its own."""
        if formula.reads_peers:
            return self._peers(formula)
        if formula.reads_level:
            return tuple(one for one in self.of_level(court.facts.level) if one != court.code)
        return ()

    def _reads_peers(self, court: WorkbookCourt) -> bool:
        return bool(self.peers_of(court))

    def _court(self, court: WorkbookCourt) -> CourtWork:
        given = self.given | given_of(court.facts)
        items = tuple(
            self._item(formula, court, given)
            for formula in plan(self.contents.context, court.facts.level)
            if formula.item.side in self.contents.sides
        )
        context = self.contents.context
        scores = [
            ItemScore(item.formula, court.facts, context, item.status, item.points)
            for item in items
        ]
        sums = added_up(context.rulebook, scores)
        measured = {one.side for one in context.rulebook.sides if one.mean_of_applicable}
        items = tuple(
            replace(item, applies=applies(score)) for item, score in zip(items, scores, strict=True)
        )
        halves = {side: sums.halves[side] for side, _label in self.contents.shares}
        missing = {
            side: sum(
                item.points is None and (item.applies or side not in measured)
                for item in items
                if item.side is side
            )
            for side in halves
        }
        barred = any(one.override.not_ranked for one in sums.overrides)
        return CourtWork(court, items, halves, missing, sums.total, is_barred=barred)

    def _item(
        self,
        formula: Formula[Any],
        court: WorkbookCourt,
        given: Mapping[Cell, Value],
        peers: tuple[str, ...] | None = None,
    ) -> ItemWork:
        if (formula.reads_peers or formula.reads_level) and self.contents.hides_peers:
            status, points = court.published.items[formula.item.code]
            return ItemWork(formula, None, (), status, status, points)
        read = self._read_courts(formula, court) if peers is None else peers
        worked = formula.worked(self.contents.context.month, read)
        lines, computed, points = worked_out(worked, given)
        decision = court.facts.decisions.get(formula.item.code)
        status = computed
        if decision is not None:
            status, points = Status.DECIDED, cents(decision.points)
        return ItemWork(formula, worked, lines, computed, status, points)
