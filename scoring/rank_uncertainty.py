"""How firm a rank is: other ranks that the same courts could have had by chance.

What a court does is drawn anew as far as chance moves it: counts of cases, and parts of a whole.
What it receives stays. Estimates only; `make calibrate` measures how often they hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import NamedTuple

from scoring.column_board import score_columns
from scoring.draws import (
    HALF,
    drawn_days,
    families,
    fitted,
    lever_metrics,
    roots,
    seeded,
    share,
)
from scoring.facts import CourtFacts, Month
from scoring.outlook import DRAWS, rank_bounds
from scoring.packing import fact_table
from scoring.rates import total
from scoring.schema import Rulebook

# Neither rate nor share of a court is known for sure, and other cases come by chance once more: the
# variance is twice that of either. Else the likeliest rank is said to be likelier than it is.
CHANCES = 2.0


class RankRange(NamedTuple):
    """The ranks between which nine in ten draws lie, and each rank's share of draws (0 to 1)."""

    court: str
    low: int
    high: int
    shares: Mapping[int, float]


def rank_ranges(
    rulebook: Rulebook,
    month: Month,
    courts: Sequence[CourtFacts],
    readings: Mapping[str, str] | None = None,
    draws: int = DRAWS,
) -> tuple[RankRange, ...]:
    """The ranges of the ranked courts, in the order given; courts that are not ranked have none."""
    random = seeded(courts, f"ranks {month}")
    rows = [
        (
            month,
            [
                replace(facts, current=other_figures(rulebook, facts, random), replaced={})
                for facts in courts
            ],
        )
        for _draw in range(draws)
    ]
    ranks = score_columns(rulebook, fact_table(rulebook, rows), readings).ranks
    found = []
    for place, facts in enumerate(courts):
        drawn = [rank for rank in ranks[:, place].tolist() if rank]
        if drawn:
            low, high = rank_bounds(drawn)
            shares = {rank: drawn.count(rank) / len(drawn) for rank in sorted(set(drawn))}
            found.append(RankRange(facts.court, low, high, shares))
    return tuple(found)


def other_figures(rulebook: Rulebook, facts: CourtFacts, random: Random) -> dict[str, int]:
    """Figures that the court could as well have had; one draw."""
    now = facts.current
    found, moved = dict(now), lever_metrics(rulebook)
    for code in roots(rulebook):
        if code in now and code in moved:
            found[code] = round(random.gammavariate((now[code] + HALF) / CHANCES, CHANCES))
    for family in families(rulebook):
        whole, then = total(now, family.whole), total(found, family.whole)
        if whole is None or then is None:
            continue
        for code in family.parts:
            if code in now:
                found[code] = round(then * share(random, now[code], whole, CHANCES))
                then -= found[code]
                whole -= now[code]
    return fitted(rulebook, drawn_days(rulebook, now, found, random, CHANCES))
