"""What of a change from one month to the next comes from items that were still pending before.

A ballot that is tallied in between lifts every total at once; without saying so the change looks
like better figures.
"""

from __future__ import annotations

from typing import NamedTuple

from scoring.engine import total_cents
from scoring.results import Scorecard, Status
from scoring.schema import Item


class NewlyCounted(NamedTuple):
    """Items with points now that were pending before, and their cents of the total."""

    items: tuple[Item, ...]
    cents: int


def newly_counted(now: Scorecard, before: Scorecard) -> NewlyCounted:
    """The share of `now`'s total that items pending in `before` have, rounding included."""
    pending = {score.item.code for score in before.items if score.status is Status.PENDING}
    new = [score for score in now.items if score.cents is not None and score.item.code in pending]
    if not new:
        return NewlyCounted((), 0)
    halves = dict(now.half_cents)
    for score in new:
        halves[score.item.side] -= score.cents or 0
    rest = total_cents(new[0].context.rulebook, halves)
    return NewlyCounted(tuple(score.item for score in new), now.total_cents - rest)
