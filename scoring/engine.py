"""The assessment itself: items to points, points to halves, halves to totals and ranks.

Each item is rounded once when it is scored; how they add up is said in `sums`. Nulls add nothing
and make the sums provisional.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache
from math import lcm
from typing import Any, NamedTuple

from scoring.facts import CourtFacts, Month
from scoring.formula import Formula
from scoring.periods import MONTHS_OF_QUARTER, NotDue
from scoring.ranking import ranked
from scoring.rates import MONTHS_OF_YEAR
from scoring.readings import chosen, resolved
from scoring.results import Context, ItemScore, Scoreboard, Scorecard, Status
from scoring.rounding import cents, to_decimal
from scoring.schema import Level, Period, Rulebook, Side
from scoring.spreadsheet import Cell, Constant, Expression, HalfUp, In, Kind
from scoring.sums import added_up, total_cents, weights_of_sides


class Plan(NamedTuple):
    """The bound formulas of one level, in the order of the notice."""

    formulas: tuple[Formula[Any], ...]
    has_peers: bool
    # The places of the formulas that read values of the same level.
    of_level: tuple[int, ...] = ()


@lru_cache(maxsize=256)
def _plans(
    rulebook: Rulebook, values: tuple[tuple[str, str], ...], *, is_quarter_end: bool
) -> Mapping[Level, Plan]:
    items = resolved(rulebook, dict(values))
    plans = {}
    for level in (named.level for named in rulebook.levels):
        formulas: tuple[Formula[Any], ...] = tuple(
            item.formula(item, level, rulebook) for item in items if level in item.points
        )
        if not is_quarter_end:
            formulas = tuple(
                NotDue(one) if one.period is Period.QUARTER else one for one in formulas
            )
        of_level = tuple(place for place, one in enumerate(formulas) if one.reads_level)
        plans[level] = Plan(formulas, any(one.reads_peers for one in formulas), of_level)
    return plans


def context_of(
    rulebook: Rulebook, month: Month, readings: Mapping[str, str] | None = None
) -> Context:
    """What a run shares; `ReadingError` for unknown readings, ValueError for another year."""
    if month.year != rulebook.year:
        raise ValueError(f"{rulebook.code} assesses {rulebook.year}, not {month}")
    return Context(rulebook, month, chosen(rulebook, readings))


def plan(context: Context, level: Level) -> tuple[Formula[Any], ...]:
    """The formulas that score a court of this level under the context's readings."""
    return _plan(context, level).formulas


def _plan(context: Context, level: Level) -> Plan:
    is_quarter_end = context.month.month % MONTHS_OF_QUARTER == 0
    values = tuple(sorted(context.readings.items()))
    return _plans(context.rulebook, values, is_quarter_end=is_quarter_end)[level]


def reads_peers(
    rulebook: Rulebook, month: Month, level: Level, readings: Mapping[str, str] | None = None
) -> bool:
    """Whether a court of this level has points that come from other courts, whatever of them."""
    found = _plan(context_of(rulebook, month, readings), level)
    return found.has_peers or bool(found.of_level)


def compares_years(rulebook: Rulebook) -> bool:
    """Whether any item's points come from figures of the year before."""
    context = context_of(rulebook, Month(rulebook.year, MONTHS_OF_YEAR))
    levels = [named.level for named in rulebook.levels]
    return any(formula.compares_years for level in levels for formula in plan(context, level))


def score(
    rulebook: Rulebook,
    month: Month,
    courts: Sequence[CourtFacts],
    readings: Mapping[str, str] | None = None,
) -> Scoreboard:
    """Score, total and rank all courts of one month.

    The courts come back in the order given. Courts of a level whose rules ask for the mean of
    another level are scored after those.
    """
    context = context_of(rulebook, month, readings)
    with _collector_paused():
        scorecards = _score_all(context, courts)
    return Scoreboard(context, scorecards)


def _score_all(context: Context, courts: Sequence[CourtFacts]) -> tuple[Scorecard, ...]:
    levels = [named.level for named in context.rulebook.levels]
    plans = {level: _plan(context, level) for level in levels}
    cards: dict[int, Scorecard] = {}
    first_pass = [place for place, court in enumerate(courts) if not plans[court.level].has_peers]
    beside = _of_level(context, courts, plans)
    for place in first_pass:
        court = courts[place]
        cards[place] = _scorecard(court, context, plans[court.level], {}, beside.get(place, {}))
    peers: dict[Level, list[tuple[CourtFacts, Scorecard]]] = {level: [] for level in levels}
    for place in first_pass:
        peers[courts[place].level].append((courts[place], cards[place]))
    for place, court in enumerate(courts):
        if place not in cards:
            level_plan = plans[court.level]
            cards[place] = _scorecard(court, context, level_plan, peers, beside.get(place, {}))
    in_order = (cards[place] for place in range(len(courts)))
    return ranked(in_order, context.rulebook.ranked_level)


def _of_level(
    context: Context, courts: Sequence[CourtFacts], plans: Mapping[Level, Plan]
) -> Mapping[int, Mapping[int, ItemScore]]:
    """By place of the court and of the formula: what takes values of all courts of a level."""
    found: dict[int, dict[int, ItemScore]] = {}
    for level, level_plan in plans.items():
        if not level_plan.of_level:
            continue
        places = [place for place, court in enumerate(courts) if court.level is level]
        for number in level_plan.of_level:
            formula = level_plan.formulas[number]
            alone = [formula(courts[place], context) for place in places]
            for place, own in zip(places, alone, strict=True):
                found.setdefault(place, {})[number] = formula.among(own, alone)
    return found


def beside_others(
    formula: Formula[Any], facts: CourtFacts, context: Context, others: Sequence[CourtFacts]
) -> ItemScore:
    """One item of one court; `others` are read where the formula reads courts of the level."""
    own = formula(facts, context)
    if not formula.reads_level:
        return own
    field = [own]
    field += [formula(other, context) for other in others if other.level is facts.level]
    return formula.among(own, field)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the cycle collector from walking thousands of new scores, none of them in a cycle.

    It takes more time than the scoring itself. Should two threads overlap, the collector comes
    back with the first of them to finish, which costs the other nothing but time.
    """
    was_running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_running:
            gc.enable()


def _scorecard(
    facts: CourtFacts,
    context: Context,
    plan: Plan,
    peers: Mapping[Level, Sequence[tuple[CourtFacts, Scorecard]]],
    beside: Mapping[int, ItemScore],
) -> Scorecard:
    items = [formula(facts, context) for formula in plan.formulas]
    for number, beside_level in beside.items():
        items[number] = beside_level
    borrowed = set()
    if plan.has_peers:
        for place, formula in enumerate(plan.formulas):
            if formula.reads_peers:
                side, others = formula.item.side, peers[formula.peer_level]
                halves = [(court, card.half_cents[side]) for court, card in others]
                items[place] = formula.over(facts, context, halves)
                if any(side in card.provisional_sides for _, card in others):
                    borrowed.add(side)
    if facts.decisions:
        items = [_decided(item) for item in items]
    return _summed(facts, context, tuple(items), frozenset(borrowed))


def _decided(score: ItemScore) -> ItemScore:
    decision = score.facts.decisions.get(score.item.code)
    if decision is None:
        return score
    return score._replace(
        status=Status.DECIDED, cents=cents(decision.points), working=None, computed=score
    )


def _summed(
    facts: CourtFacts,
    context: Context,
    items: tuple[ItemScore, ...],
    borrowed: frozenset[Side],
) -> Scorecard:
    sums = added_up(context.rulebook, items, borrowed)
    return Scorecard(
        facts.court,
        facts.level,
        items,
        sums.halves,
        sums.lacking,
        sums.total,
        bool(sums.lacking),
        None,
        sums.overrides,
    )


def worked_total(rulebook: Rulebook, court: str = "") -> Expression:
    """The cents of a total as an expression of a spreadsheet over those of the court's halves."""
    weights = weights_of_sides(rulebook)
    whole = lcm(*(divisor for _, divisor in weights.values()))
    summed: Expression = Constant(0)
    for side, (part, divisor) in weights.items():
        summed = summed + In(Cell(Kind.HALF, side.value, court)) * (part * whole // divisor)
    return HalfUp(summed, Constant(whole))


def full_points(rulebook: Rulebook) -> Decimal:
    """The total of a court that earns everything, with two decimals."""
    full = {share.side: cents(share.points) for share in rulebook.sides}
    return to_decimal(total_cents(rulebook, full))


def attainable(
    rulebook: Rulebook,
    month: Month,
    facts: CourtFacts,
    readings: Mapping[str, str] | None = None,
) -> Mapping[str, Decimal | None]:
    """The most points each item could bring this court in this month, given its baseline.

    None where no figures at all would be scored: a baseline or a target is missing.
    """
    context = context_of(rulebook, month, readings)
    found: dict[str, Decimal | None] = {}
    for formula in plan(context, facts.level):
        best = formula.best(facts, context)
        found[formula.item.code] = None if best is None else to_decimal(best)
    return found
