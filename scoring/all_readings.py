"""Every combination of readings at once: whose total and rank hang on how a sentence is read.

An item's points follow from the few readings that change its rule. Each way to read those is scored
once by the engine, for all courts; every combination is then a sum. Items that borrow the points of
another level are scored again for each combination. Where points do not simply add up (overrides,
groups that weigh) each combination is scored whole. Exact, as the engine is; nothing is adopted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, NamedTuple

from scoring.engine import plan, score
from scoring.facts import CourtFacts, Month
from scoring.formula import Formula
from scoring.readings import chosen
from scoring.results import Context, Scoreboard, Status
from scoring.schema import Rulebook
from scoring.sums import total_cents

# Eleven readings of two ways each are 2,048; beyond this nobody should wait for an answer.
MOST_COMBINATIONS = 100_000
# As many when each has to be scored whole.
MOST_SCORED_WHOLE = 2_048


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
    taken = dict(chosen(rulebook, in_force))
    sheet = _Sheet(rulebook, month, courts, taken)
    found = {tuple(one.values()): sheet.standings(one) for one in sheet.combinations()}
    now = found[tuple(taken[code] for code in sheet.effective)]
    moved_by = sheet.moved_by(found)
    ranges = tuple(
        _range(facts.court, now[place], [one[place] for one in found.values()], moved_by[place])
        for place, facts in enumerate(courts)
    )
    return AllReadings(
        combinations=prod(len(reading.values) for reading in rulebook.readings),
        ranges=ranges,
        singles=tuple(sheet.singles(found, now)),
    )


def _range(
    court: str, now: Standing, standings: Sequence[Standing], moved_by: tuple[str, ...]
) -> CourtRange:
    totals = [one.total_cents for one in standings]
    ranks = [one.rank for one in standings if one.rank is not None]
    return CourtRange(
        court=court,
        now=now,
        low_cents=min(totals),
        high_cents=max(totals),
        best_rank=min(ranks, default=None),
        worst_rank=max(ranks, default=None),
        moved_by=moved_by,
    )


Standings = tuple[Standing, ...]
Values = tuple[str, ...]


class _Sheet:
    """The courts of one month, each item scored once under every answer to its own readings."""

    def __init__(
        self,
        rulebook: Rulebook,
        month: Month,
        courts: Sequence[CourtFacts],
        taken: Mapping[str, str],
    ) -> None:
        self._rulebook, self._month, self._courts = rulebook, month, courts
        self._taken = dict(taken)
        self._sides = tuple(share.side for share in rulebook.sides)
        self._boards: dict[Values, Scoreboard] = {}
        self._cents: dict[Values, dict[str, tuple[int | None, ...]]] = {}
        self._readings_of = {
            item.code: tuple(one.code for one in rulebook.readings if item.code in one.items)
            for item in rulebook.items
        }
        self.effective: Values = tuple(self._rulebook.reading_by_code)
        if rulebook.adds_plainly:
            self._score_every_way()
            self._peers = self._borrowing()
            self.effective = self._effective()
            self._groups = self._group()

    # --- Each item under each answer to its readings ------------------------------------------

    def _score_every_way(self) -> None:
        """Boards enough that every item is scored under all answers to the readings it has."""
        for codes in dict.fromkeys(self._readings_of.values()):
            for values in product(*(self._rulebook.reading_by_code[code].values for code in codes)):
                readings = self._taken | dict(zip(codes, values, strict=True))
                self._board(readings)

    def _board(self, readings: Mapping[str, str]) -> Scoreboard:
        key = tuple(readings[reading.code] for reading in self._rulebook.readings)
        if key not in self._boards:
            self._boards[key] = score(self._rulebook, self._month, self._courts, readings)
        return self._boards[key]

    def _answered(self, codes: Values, values: Values) -> Scoreboard:
        return self._board(self._taken | dict(zip(codes, values, strict=True)))

    def _effective(self) -> Values:
        """The readings that change any points of these courts; all of an item that borrows."""
        found = {code for item in self._peers.values() for code in self._readings_of[item]}
        for item, codes in self._readings_of.items():
            for code in codes:
                others = tuple(one for one in codes if one != code)
                options = [self._rulebook.reading_by_code[one].values for one in others]
                for values in product(*options):
                    cents = {
                        self._item_cents(item, (code, *others), (value, *values))
                        for value in self._rulebook.reading_by_code[code].values
                    }
                    if len(cents) > 1:
                        found.add(code)
        return tuple(one.code for one in self._rulebook.readings if one.code in found)

    def _item_cents(self, item: str, codes: Values, values: Values) -> tuple[int | None, ...]:
        """An item's cents of every court that has it, with these answers."""
        readings = self._taken | dict(zip(codes, values, strict=True))
        key = tuple(readings[reading.code] for reading in self._rulebook.readings)
        if key not in self._cents:
            cents: dict[str, tuple[int | None, ...]] = {}
            for card in self._board(readings).scorecards:
                for one in card.items:
                    cents[one.item.code] = (*cents.get(one.item.code, ()), one.cents)
            self._cents[key] = cents
        return self._cents[key].get(item, ())

    # --- Combinations --------------------------------------------------------------------------

    def combinations(self) -> Iterator[Mapping[str, str]]:
        """Every combination of the readings that make a difference."""
        options = [self._rulebook.reading_by_code[code].values for code in self.effective]
        # Each item's own readings were few; all of them together may be many.
        most = MOST_COMBINATIONS if self._rulebook.adds_plainly else MOST_SCORED_WHOLE
        if prod(map(len, options)) > most:
            raise TooManyReadingsError(f"{prod(map(len, options))} combinations of readings")
        for values in product(*options):
            yield dict(zip(self.effective, values, strict=True))

    def standings(self, readings: Mapping[str, str]) -> Standings:
        """Total and rank of every court, the readings without effect as they are."""
        if not self._rulebook.adds_plainly:
            board = score(self._rulebook, self._month, self._courts, self._taken | dict(readings))
            return tuple(Standing(card.total_cents, card.rank) for card in board.scorecards)
        halves = [[0] * len(self._sides) for _court in self._courts]
        for codes, sums in self._groups.items():
            for place, row in enumerate(sums[tuple(readings[code] for code in codes)]):
                half = halves[place]
                for side, cents in enumerate(row):
                    half[side] += cents
        if self._peers:
            self._add_borrowed(halves, readings)
        totals = [
            total_cents(self._rulebook, dict(zip(self._sides, half, strict=True)))
            for half in halves
        ]
        ranked = self._rulebook.ranked_level
        field = [
            cents
            for cents, court in zip(totals, self._courts, strict=True)
            if court.level is ranked
        ]
        return tuple(
            Standing(
                cents,
                1 + sum(other > cents for other in field) if court.level is ranked else None,
            )
            for cents, court in zip(totals, self._courts, strict=True)
        )

    def _group(self) -> dict[Values, dict[Values, list[list[int]]]]:
        """Cents of all items that hang on the same readings: by their answers, court and side."""
        grouped: dict[Values, list[str]] = {}
        for item, codes in self._readings_of.items():
            effective = tuple(code for code in codes if code in self.effective)
            grouped.setdefault(effective, []).append(item)
        found: dict[Values, dict[Values, list[list[int]]]] = {}
        for codes, items in grouped.items():
            options = [self._rulebook.reading_by_code[code].values for code in codes]
            found[codes] = {
                values: self._half_sums(self._answered(codes, values), items)
                for values in product(*options)
            }
        return found

    def _half_sums(self, board: Scoreboard, items: Sequence[str]) -> list[list[int]]:
        rows = []
        for place, card in enumerate(board.scorecards):
            row = [0] * len(self._sides)
            for number, one in enumerate(card.items):
                if one.item.code in items and (place, number) not in self._peers:
                    row[self._sides.index(one.item.side)] += one.cents or 0
            rows.append(row)
        return rows

    # --- Items that borrow from another level -------------------------------------------------

    def _borrowing(self) -> dict[tuple[int, int], str]:
        """Items by court and place on its card that take other courts' halves, undecided ones."""
        board = self._board(self._taken)
        return {
            (place, number): one.item.code
            for place, card in enumerate(board.scorecards)
            for number, one in enumerate(card.items)
            if one.scorer.reads_peers and one.status is not Status.DECIDED
        }

    def _add_borrowed(self, halves: list[list[int]], readings: Mapping[str, str]) -> None:
        before = [tuple(half) for half in halves]
        for (place, number), item in self._peers.items():
            codes = tuple(code for code in self._readings_of[item] if code in self.effective)
            board = self._answered(codes, tuple(readings[code] for code in codes))
            formula: Formula[Any] = plan(board.context, self._courts[place].level)[number]
            side = self._sides.index(formula.item.side)
            others = [
                (court, before[other][side])
                for other, court in enumerate(self._courts)
                if court.level is formula.peer_level
            ]
            context: Context = board.context
            cents = formula.over(self._courts[place], context, others).cents
            halves[place][side] += cents or 0

    # --- What hangs on what --------------------------------------------------------------------

    def moved_by(self, found: Mapping[Values, Standings]) -> list[Values]:
        """For each court the readings whose answer alone changes its rank, in some combination."""
        moving: list[set[str]] = [set() for _court in self._courts]
        for number, code in enumerate(self.effective):
            first = self._rulebook.reading_by_code[code].values[0]
            for values, standings in found.items():
                if values[number] == first:
                    continue
                other = found[(*values[:number], first, *values[number + 1 :])]
                for place, (one, two) in enumerate(zip(standings, other, strict=True)):
                    if one.rank != two.rank:
                        moving[place].add(code)
        return [tuple(code for code in self.effective if code in one) for one in moving]

    def singles(self, found: Mapping[Values, Standings], now: Standings) -> Iterator[SingleMove]:
        """Whom one other answer moves while all other readings stay as they are."""
        for code in self.effective:
            for value in self._rulebook.reading_by_code[code].values:
                readings = self._taken | {code: value}
                then = found[tuple(readings[one] for one in self.effective)]
                for facts, was, one in zip(self._courts, now, then, strict=True):
                    if was != one:
                        yield SingleMove(code, value, facts.court, was, one)
