"""How points add up: items to sides, sides to a total, and what overrides make of both.

Plain sides add the rounded points of their items; the total weighs the sides and is rounded once.
A *measured* side takes the share that its items earned of what they could, group by group where
groups weigh, and is rounded once. Overrides come last: sides first, then the total, each kind in
the order of the rulebook, all by the points as they added up before any of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from scoring.rates import PERCENT
from scoring.results import ItemScore, Overridden, Status
from scoring.rounding import cents, half_up
from scoring.schema import OF_LEVEL, Condition, Override, Rulebook, Side

# There was nothing to count, or nothing to compare with: the item does not apply.
NOT_APPLICABLE = frozenset({Status.NO_DENOMINATOR, Status.NO_BASELINE})


class Sums(NamedTuple):
    """What a court's items add up to, in cents; `lacking` are the provisional sides."""

    halves: Mapping[Side, int]
    lacking: frozenset[Side]
    total: int
    overrides: tuple[Overridden, ...] = ()


@lru_cache(maxsize=64)
def weights_of_sides(rulebook: Rulebook) -> Mapping[Side, tuple[int, int]]:
    """The weight of each side as two integers."""
    shares = ((share.side, share.weight / PERCENT) for share in rulebook.sides)
    return {side: weight.as_integer_ratio() for side, weight in shares}


def total_cents(rulebook: Rulebook, halves: Mapping[Side, int]) -> int:
    """The cents of a total from those of its halves, weighed and rounded once.

    An edition without a total weighs nothing: its halves are added, to tell more from less.
    """
    if not rulebook.has_total:
        return sum(halves.values())
    numerator, denominator = 0, 1
    for side, (part, whole) in weights_of_sides(rulebook).items():
        numerator = numerator * whole + halves[side] * part * denominator
        denominator *= whole
    return half_up(numerator, denominator)


def added_up(rulebook: Rulebook, items: Sequence[ItemScore], borrowed: Iterable[Side] = ()) -> Sums:
    """What items come to; `borrowed` are sides with points from others that are provisional."""
    halves = dict.fromkeys([share.side for share in rulebook.sides], 0)
    lacking = set(borrowed)
    for item in items:
        side = item.scorer.item.side
        if item.cents is None:
            lacking.add(side)
        else:
            halves[side] += item.cents
    if rulebook.adds_plainly:
        return Sums(halves, frozenset(lacking), total_cents(rulebook, halves))
    for side in rulebook.measured_sides:
        halves[side], is_lacking = _measured(rulebook, side, items)
        lacking.discard(side)
        if is_lacking or side in borrowed:
            lacking.add(side)
    points = {item.scorer.item.code: item.cents for item in items}
    return overridden(rulebook, points, halves, frozenset(lacking))


# --- Sides measured by what applies ------------------------------------------------------------


def applies(score: ItemScore) -> bool:
    """Whether an item can be told of the court at all: there was something to count."""
    if score.status is Status.NO_TARGET:
        goal = score.item.goal
        return goal is None or goal.reference not in OF_LEVEL
    return score.status not in NOT_APPLICABLE


def _measured(rulebook: Rulebook, side: Side, items: Sequence[ItemScore]) -> tuple[int, bool]:
    """Cents of a side as a share of its points, and whether an item that counts has none."""
    share = rulebook.share_of[side]
    own = [score for score in items if score.item.side == side]
    counted = [score for score in own if not score.item.is_bonus]
    if share.mean_of_applicable:
        counted = [score for score in counted if applies(score)]
    earned: dict[str, int] = {}
    full: dict[str, int] = {}
    weights: dict[str, Fraction] = {}
    for score in counted:
        weight = rulebook.group_of[side, score.item.group].weight
        code = "" if weight is None else score.item.group
        weights[code] = Fraction(1 if weight is None else weight)
        earned[code] = earned.get(code, 0) + (score.cents or 0)
        full[code] = full.get(code, 0) + score.scorer.full
    on_top = sum(score.cents or 0 for score in own if score.item.is_bonus)
    lacks_bonus = any(score.cents is None for score in own if score.item.is_bonus)
    if not counted:
        return on_top, True
    whole = sum(weights.values(), Fraction(0))
    parts = (weights[code] * Fraction(earned[code], full[code]) for code in weights)
    points = sum(parts, Fraction(0)) / whole * Fraction(share.points) * PERCENT
    is_lacking = lacks_bonus or any(score.cents is None for score in counted)
    return half_up(points.numerator, points.denominator) + on_top, is_lacking


# --- Overrides ---------------------------------------------------------------------------------


def overridden(
    rulebook: Rulebook,
    points: Mapping[str, int | None],
    halves: Mapping[Side, int],
    lacking: frozenset[Side],
) -> Sums:
    """The sums after the overrides whose condition holds; `points` are cents by item.

    Nothing is held against a court that is not known yet: an item without points, or a side that
    is provisional, meets no condition.
    """
    found: list[Overridden] = []
    after = dict(halves)
    held = [one for one in rulebook.overrides if _holds(one.condition, points, halves, lacking)]
    for override in held:
        if override.on is not None:
            after[override.on] = _changed(rulebook, override, after[override.on], halves, found)
    total = total_cents(rulebook, after)
    for override in held:
        if override.on is None:
            total = _changed(rulebook, override, total, halves, found)
    return Sums(after, lacking, total, tuple(found))


def _holds(
    condition: Condition | None,
    points: Mapping[str, int | None],
    halves: Mapping[Side, int],
    lacking: frozenset[Side],
) -> bool:
    if condition is None:
        return True
    if condition.side is None:
        found = points.get(condition.item)
    else:
        found = None if condition.side in lacking else halves[condition.side]
    if found is None:
        return False
    if condition.below is not None:
        return found < cents(condition.below)
    return found >= cents(condition.at_least or Decimal(0))


def _changed(
    rulebook: Rulebook,
    override: Override,
    before: int,
    halves: Mapping[Side, int],
    found: list[Overridden],
) -> int:
    after = before
    if override.most is not None:
        after = min(before, cents(override.most))
    elif isinstance(override.times, Decimal):
        part, whole = override.times.as_integer_ratio()
        after = half_up(before * part, whole)
    elif override.times is not None:
        whole = cents(rulebook.share_of[override.times].points)
        after = half_up(before * halves[override.times], whole)
    if override.condition is not None or after != before:
        found.append(Overridden(override, before, after))
    return after
