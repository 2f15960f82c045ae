"""What of a change from one month to the next comes from items that were still pending before.

A ballot that is tallied in between lifts every total at once; without saying so the change looks
like better figures.
"""

from __future__ import annotations

from typing import NamedTuple

from scoring.results import Scorecard, Status
from scoring.schema import Item
from scoring.sums import added_up


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
    counted = {score.item.code for score in new}
    bare = [
        score._replace(cents=None) if score.item.code in counted else score for score in now.items
    ]
    rest = added_up(new[0].context.rulebook, bare).total
    return NewlyCounted(tuple(score.item for score in new), now.total_cents - rest)
