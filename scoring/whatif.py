"""What other figures would bring: how many cases stand between a court and its next point.

Every answer is the engine's own, asked again with other figures, many of them as one table;
nothing here knows a formula.
Terms: a *lever* is one metric moved by whole cases the way its item wants; *companions* are the
figures that have to move with it, because a return that breaks a check does not exist (a case more
actually closed is a case more closed). What a court decides nothing about, such as the cases it
receives, never moves.

Long because every answer is a search over the same levers with the same companions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, islice, pairwise
from math import comb
from typing import Any, NamedTuple

from scoring.column_board import score_columns
from scoring.engine import beside_others, context_of, plan, reads_peers, score
from scoring.facts import CourtFacts, Month, Replaced
from scoring.formula import Formula
from scoring.packing import fact_table
from scoring.rates import total
from scoring.results import ItemScore, Scoreboard, Scorecard, Status
from scoring.rounding import HUNDRED
from scoring.schema import Check, Item, Kind, Operator, Rulebook, Severity

# No court counts a million million cases: a lever that has not arrived there never does.
FURTHEST = 10**12
# So many plans are tried to prove another the cheapest: about as long as a page may take.
MOST_TRIED = 8000
# So many of them are scored as one table; the first that does ends the search.
AT_ONCE = 400


class Lever(NamedTuple):
    """One metric of an item; `direction` is +1 where more of it helps, -1 where less does."""

    item: str
    metric: str
    direction: int


class Gain(NamedTuple):
    """What a lever brings when it moves by `cases`, companions included.

    `changes` maps metrics to their change. Points are in cents: those of the lever's item and
    those of the court's total, every item the figures touch included.
    """

    cases: int
    changes: Mapping[str, int]
    item_cents: int
    total_cents: int


class Way(NamedTuple):
    """How far one lever is from more points; an answer is None where the lever cannot reach it.

    `first` is the least move that earns anything, `next_point` the least that reaches the next
    whole point (or the most the item can earn), `most` the least that earns all this lever can.
    """

    lever: Lever
    now: ItemScore
    first: Gain | None
    next_point: Gain | None
    most: Gain | None


class Plan(NamedTuple):
    """Moves that together reach a total: cases by metric, signed, without the companions.

    `figures` are the court's figures then; `total_cents` what they earn. No plan of at most
    `proven_levers` levers takes fewer cases; with `is_cheapest` none of any number does. Levers
    move by whole cases with their companions, in the notice's order.
    """

    moves: Mapping[str, int]
    cases: int
    figures: Mapping[str, int]
    total_cents: int
    proven_levers: int = 0
    is_cheapest: bool = False


def scorecard_with(
    rulebook: Rulebook,
    month: Month,
    courts: Sequence[CourtFacts],
    court: str,
    figures: Mapping[str, int],
    readings: Mapping[str, str] | None = None,
    board: Scoreboard | None = None,
) -> Scorecard:
    """The scorecard of one court, had it reported these figures; the others stay as they are.

    `board` are the scores of all `courts` as they are, under the same readings: with it only what
    can change is scored again. KeyError when the court is not among them, ValueError for a figure
    below zero.
    """
    if any(value < 0 for value in figures.values()):
        raise ValueError("a figure is an integer of at least 0")
    changed = [
        replace(
            facts,
            current={**facts.current, **figures},
            replaced=_without(facts.replaced, month, figures),
        )
        if facts.court == court
        else facts
        for facts in courts
    ]
    level = _find(courts, court).level
    if (
        board is None
        or level is not rulebook.ranked_level
        or reads_peers(rulebook, month, level, readings)
    ):
        return score(rulebook, month, changed, readings).court(court)
    own = [facts for facts in changed if facts.court == court]
    card = score(rulebook, month, own, readings).court(court)
    if card.is_barred:
        return card
    others = [one for one in board.scorecards if one.rank is not None and one.court != court]
    better = sum(one.total_cents > card.total_cents for one in others)
    return card._replace(rank=1 + better)


def _without(
    replaced: Mapping[str, Mapping[str, Replaced]], month: Month, figures: Mapping[str, int]
) -> Mapping[str, Mapping[str, Replaced]]:
    """What stands in place of reported figures, without those that are tried out."""
    kept = {code: was for code, was in replaced.get(str(month), {}).items() if code not in figures}
    return {**replaced, str(month): kept}


def moved(
    rulebook: Rulebook, figures: Mapping[str, int], metric: str, by: int
) -> Mapping[str, int] | None:
    """The figures with `metric` moved and its companions with it; None where that cannot be.

    Checks that the figures do not pass to begin with are not repaired.
    """
    if metric not in figures or figures[metric] + by < 0:
        return None
    found = dict(figures)
    found[metric] += by
    changed = frozenset((metric,))
    # Each round repairs a check; a chain of companions is never longer than there are checks.
    for _round in range(len(rulebook.checks) + 1):
        broken = next(
            (
                check
                for check in _ceilings(rulebook, changed)
                if _excess(check, found) > 0 and _excess(check, figures) <= 0
            ),
            None,
        )
        if broken is None:
            return found
        follower = _repair(broken, found, growing=by > 0)
        if follower is None:
            return None
        changed |= {follower}
    return None


def levers(item: Item) -> tuple[Lever, ...]:
    """What a court can do for an item: its cases, never the whole they are part of."""
    moves = item.formula.levers(item.rule)
    return tuple(Lever(item.code, metric, direction) for metric, direction in moves.items())


def ways(
    rulebook: Rulebook,
    month: Month,
    courts: Sequence[CourtFacts],
    court: str,
    readings: Mapping[str, str] | None = None,
) -> tuple[Way, ...]:
    """Every lever of every item that stands below what it can earn, in the notice's order.

    Items without points of their own figures (pending, decided, not reported) have none. `courts`
    are all courts of the month, for the rules that look at others; KeyError when `court` is not
    among them.
    """
    return tuple(_Search(rulebook, month, courts, court, readings).ways())


def cheapest(
    rulebook: Rulebook,
    month: Month,
    courts: Sequence[CourtFacts],
    court: str,
    wanted_cents: int,
    readings: Mapping[str, str] | None = None,
) -> Plan | None:
    """Few cases that lift the court's total to `wanted_cents`; None where no levers can.

    A first plan is the cheaper of one lever that does it and of the best bargains taken again and
    again, less what was not needed. Then every plan of fewer cases is tried, of one lever, of two
    and so on, as long as they are no more than `MOST_TRIED`: the plan says how far it is proven.
    An empty plan means the court is there already.
    """
    search = _Search(rulebook, month, courts, court, readings)
    if search.total(search.own) >= wanted_cents:
        return search.plan({})._replace(is_cheapest=True)
    found = [search.single(wanted_cents), search.bargains(wanted_cents)]
    plans = [one for one in found if one is not None]
    if not plans:
        return None
    first = min(plans, key=lambda one: (one.cases, len(one.moves)))
    return search.proven(first, wanted_cents)


_Moves = tuple[tuple[Lever, int], ...]


class _Offer(NamedTuple):
    """Moves made together, and the cents they bring the total."""

    gained: int
    moves: _Moves

    @property
    def price(self) -> Fraction:
        return Fraction(self.gained, sum(cases for _lever, cases in self.moves))


class _Search:
    """One court in one month, asked again and again."""

    def __init__(
        self,
        rulebook: Rulebook,
        month: Month,
        courts: Sequence[CourtFacts],
        court: str,
        readings: Mapping[str, str] | None,
    ) -> None:
        self._rulebook = rulebook
        self._context = context_of(rulebook, month, readings)
        self._court = _find(courts, court)
        self.formulas = plan(self._context, self._court.level)
        # Where no rule looks at the others they need not be scored each time.
        looks = reads_peers(rulebook, month, self._court.level, readings)
        self._courts = courts if looks else [self._court]
        self._others = [facts for facts in self._courts if facts is not self._court]
        self.own = self._court.current
        self._open = [
            formula
            for formula in self.formulas
            if formula.item.code not in self._court.decisions
            and self._now(formula).status is Status.SCORED
        ]

    def _now(self, formula: Formula[Any]) -> ItemScore:
        return beside_others(formula, self._court, self._context, self._others)

    def total(self, figures: Mapping[str, int]) -> int:
        """The court's total in cents with these figures."""
        card = scorecard_with(
            self._rulebook,
            self._context.month,
            self._courts,
            self._court.court,
            figures,
            self._context.readings,
        )
        return card.total_cents

    def totals(self, tried: Sequence[Mapping[str, int]]) -> list[int]:
        """The same of many figures at once; each has all the metrics of the court's own."""
        if not tried:
            return []
        month = self._context.month
        rows = [
            (month, [replace(self._court, current=figures), *self._others]) for figures in tried
        ]
        table = fact_table(self._rulebook, rows)
        found = score_columns(self._rulebook, table, self._context.readings).totals[:, 0]
        return [int(cents) for cents in found]

    def ways(self) -> Iterator[Way]:
        for formula in self._open:
            now = self._now(formula)
            if now.cents is None or now.cents >= formula.full:
                continue
            for lever in levers(formula.item):
                # Money is moved by no whole cases.
                if not self._rulebook.metrics[lever.metric].places:
                    yield self._way(formula, now, lever)

    def _way(self, formula: Formula[Any], now: ItemScore, lever: Lever) -> Way:
        first, whole, most = (
            None if cases is None else self._gain(formula, lever, cases)
            for cases in self._steps(formula, self.own, lever)
        )
        return Way(lever, now, first, whole, most)

    def _steps(
        self, formula: Formula[Any], figures: Mapping[str, int], lever: Lever
    ) -> tuple[int | None, int | None, int | None]:
        """The least moves to any gain, to the next whole point, and to all the lever brings."""
        start = self._earned(formula, figures)
        furthest = self._furthest(figures, lever)
        reached = self._earned(formula, self._moved(figures, lever, furthest))

        def least(cents: int) -> int | None:
            if not start < cents <= reached:
                return None
            return _least(
                lambda cases: self._earned(formula, self._moved(figures, lever, cases)) >= cents,
                furthest,
            )

        whole = min(formula.full, (start // HUNDRED + 1) * HUNDRED)
        return least(start + 1), least(whole), least(reached)

    def _gain(self, formula: Formula[Any], lever: Lever, cases: int) -> Gain:
        figures = self._moved(self.own, lever, cases)
        changes = {
            code: value - self.own[code]
            for code, value in figures.items()
            if value != self.own[code]
        }
        return Gain(cases, changes, self._earned(formula, figures), self.total(figures))

    def _earned(self, formula: Formula[Any], figures: Mapping[str, int]) -> int:
        """The item's cents; without a score it is below any."""
        court = replace(self._court, current=figures)
        cents = beside_others(formula, court, self._context, self._others).cents
        return -1 if cents is None else cents

    def _moved(self, figures: Mapping[str, int], lever: Lever, cases: int) -> Mapping[str, int]:
        """The figures after a move; one that cannot be made is not made."""
        by = lever.direction * cases
        return moved(self._rulebook, figures, lever.metric, by) or figures

    def _furthest(self, figures: Mapping[str, int], lever: Lever) -> int:
        """How far the lever goes before a check, or zero, stops it."""
        most = figures[lever.metric] if lever.direction < 0 else FURTHEST

        def stuck(cases: int) -> bool:
            by = lever.direction * (cases + 1)
            return moved(self._rulebook, figures, lever.metric, by) is None

        return _least(stuck, most)

    # --- To a total --------------------------------------------------------------------------

    def plan(self, moves: Mapping[Lever, int]) -> Plan:
        figures = self._after(moves)
        kept = {lever: cases for lever, cases in moves.items() if cases}
        return Plan(
            {lever.metric: lever.direction * cases for lever, cases in kept.items()},
            sum(kept.values()),
            figures,
            self.total(figures),
        )

    def single(self, wanted: int) -> Plan | None:
        """The one lever that reaches the total with the fewest cases."""
        stops = [
            (lever, cases)
            for lever in self._levers()
            # Its companions may cost other items points, so the furthest is not always the best.
            for cases in sorted({*self._stops(self.own, lever), self._furthest(self.own, lever)})
        ]
        totals = self.totals([self._moved(self.own, *stop) for stop in stops])
        enough: dict[Lever, int] = {}
        for (lever, cases), total_cents in zip(stops, totals, strict=True):
            if total_cents >= wanted:
                enough.setdefault(lever, cases)
        found = [self._pruned({lever: cases}, wanted) for lever, cases in enough.items()]
        return min(found, key=lambda one: one.cases, default=None)

    def bargains(self, wanted: int) -> Plan | None:
        """The most points a case, again and again."""
        moves: dict[Lever, int] = {}
        figures = self.own
        while (now := self.total(figures)) < wanted:
            # What one item gains another may lose (more closed, fewer of them in time), so where
            # no single move pays, two together may.
            offers = self._offers(figures, now, 1) or self._offers(figures, now, 2)
            if not offers:
                return None
            best = max(offers, key=lambda offer: offer.price)
            for lever, cases in best.moves:
                figures = self._moved(figures, lever, cases)
                moves[lever] = moves.get(lever, 0) + cases
        return self._pruned(moves, wanted)

    def _offers(self, figures: Mapping[str, int], now: int, depth: int) -> list[_Offer]:
        """Every move, or pair of moves, that raises the total above `now`."""
        tries = list(self._tries(figures, depth))
        totals = self.totals([after for _moves, after in tries])
        return [
            _Offer(total_cents - now, moves)
            for (moves, _after), total_cents in zip(tries, totals, strict=True)
            if total_cents > now
        ]

    def _tries(
        self, figures: Mapping[str, int], depth: int
    ) -> Iterator[tuple[_Moves, Mapping[str, int]]]:
        """Moves of `depth` levers to where it is worth stopping, and the figures then."""
        for lever in self._levers():
            for cases in self._stops(figures, lever):
                own, after = (lever, cases), self._moved(figures, lever, cases)
                if depth == 1:
                    yield (own,), after
                else:
                    for moves, then in self._tries(after, depth - 1):
                        yield (own, *moves), then

    def proven(self, first: Plan, wanted: int) -> Plan:
        """The cheapest plan, as far as all cheaper ones can be tried one by one."""
        levers, best, tried, number = tuple(self._levers()), first, 0, 0
        # A plan of so many cases moves no more levers than that.
        while number < min(len(levers), best.cases - 1):
            tried += comb(len(levers), number + 1) * comb(best.cases - 1, number + 1)
            if tried > MOST_TRIED:
                return best._replace(proven_levers=number)
            number += 1
            best = self._cheaper(levers, number, best.cases, wanted) or best
        return best._replace(proven_levers=len(levers), is_cheapest=True)

    def _cheaper(
        self, levers: Sequence[Lever], number: int, cases: int, wanted: int
    ) -> Plan | None:
        """The cheapest plan of `number` levers and fewer than `cases` cases."""
        plans = _plans(levers, number, cases)
        while batch := list(islice(plans, AT_ONCE)):
            # Plans one after the other begin alike.
            begun: dict[_Moves, Mapping[str, int]] = {(): self.own}
            totals = self.totals([self._from(begun, tuple(moves.items())) for moves in batch])
            for moves, total_cents in zip(batch, totals, strict=True):
                if total_cents >= wanted:
                    return self.plan(moves)
        return None

    def _levers(self) -> Iterator[Lever]:
        """The levers of the items that are scored, each metric once a direction.

        Of cases alone: a plan is weighed by its number of cases, and days and people are none.
        """
        seen = set()
        for formula in self._open:
            for lever in levers(formula.item):
                if self._rulebook.metrics[lever.metric].kind is not Kind.COUNT:
                    continue
                if (lever.metric, lever.direction) not in seen:
                    seen.add((lever.metric, lever.direction))
                    yield lever

    def _stops(self, figures: Mapping[str, int], lever: Lever) -> set[int]:
        """Where it is worth stopping: wherever an item that has this lever gains."""
        stops: set[int | None] = set()
        for formula in self._open:
            for own in levers(formula.item):
                if (own.metric, own.direction) == (lever.metric, lever.direction):
                    stops.update(self._steps(formula, figures, lever))
        return {cases for cases in stops if cases}

    def _pruned(self, moves: Mapping[Lever, int], wanted: int) -> Plan:
        """Undo moves that the total does not need, the longest first."""
        kept = dict(moves)
        for lever in sorted(kept, key=lambda one: -kept[one]):
            others = {one: cases for one, cases in kept.items() if one != lever}

            def enough(cases: int, lever: Lever = lever, others: Any = others) -> bool:
                return self.total(self._after({**others, lever: cases})) >= wanted

            kept[lever] = _least(enough, kept[lever])
        return self.plan(kept)

    def _after(self, moves: Mapping[Lever, int]) -> Mapping[str, int]:
        return self._from({(): self.own}, tuple(moves.items()))

    def _from(self, begun: dict[_Moves, Mapping[str, int]], moves: _Moves) -> Mapping[str, int]:
        """The figures after all moves; `begun` keeps those after the first of them."""
        if moves not in begun:
            before = self._from(begun, moves[:-1])
            begun[moves] = self._moved(before, *moves[-1])
        return begun[moves]


def _plans(levers: Sequence[Lever], number: int, cases: int) -> Iterator[dict[Lever, int]]:
    """Every plan of `number` levers and fewer than `cases` cases, those of few cases first."""
    for fewer in range(number, cases):
        for chosen in combinations(levers, number):
            for cuts in combinations(range(1, fewer), number - 1):
                parts = [end - start for start, end in pairwise((0, *cuts, fewer))]
                yield dict(zip(chosen, parts, strict=True))


def _find(courts: Sequence[CourtFacts], code: str) -> CourtFacts:
    for facts in courts:
        if facts.court == code:
            return facts
    raise KeyError(code)


def _least(holds: Callable[[int], bool], most: int) -> int:
    """The smallest number up to `most` for which a condition holds and goes on holding."""
    low, high = -1, 1
    while high < most and not holds(high):
        low, high = high, 2 * high
    high = min(high, most)
    while high - low > 1:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle
    return high


@lru_cache(maxsize=1024)
def _ceilings(rulebook: Rulebook, changed: frozenset[str]) -> tuple[Check, ...]:
    """The checks that no figures may break and that these can: most are of other figures."""
    return tuple(
        check
        for check in rulebook.checks
        if check.severity is Severity.ERROR and not changed.isdisjoint((*check.left, *check.right))
    )


def _excess(check: Check, figures: Mapping[str, int]) -> int:
    """By how much a check is broken; nothing where it does not apply."""
    left, right = total(figures, check.left), total(figures, check.right)
    if left is None or right is None:
        return 0
    return left - right if check.operator is Operator.AT_MOST else abs(left - right)


def _repair(check: Check, figures: dict[str, int], *, growing: bool) -> str | None:
    """Move the one figure that may follow, and name it; a sum of several does not follow."""
    followers = check.right if growing else check.left
    if len(followers) != 1:
        return None
    (metric,) = followers
    figures[metric] += _excess(check, figures) if growing else -_excess(check, figures)
    return metric if figures[metric] >= 0 else None


def cents_for_rank(cards: Sequence[Scorecard], court: str, rank: int) -> int | None:
    """The least total that gives the court that rank or a better one, in cents.

    The others stay as they are; equal totals share a rank. None for a court that is not ranked,
    or a rank below 1; a rank beyond the last asks for nothing.
    """
    if rank < 1 or all(card.court != court or card.rank is None for card in cards):
        return None
    others = sorted(
        (card.total_cents for card in cards if card.rank is not None and card.court != court),
        reverse=True,
    )
    return others[rank - 1] if rank <= len(others) else 0
