"""The scores of a court as a snapshot holds them: every item with the steps to its points."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from courts.snapshots.canonical import composed
from scoring.overrides import TOTAL
from scoring.results import ItemScore, Overridden, Scorecard
from scoring.rounding import to_decimal, to_text


def as_json(card: Scorecard, sides: Collection[str]) -> dict[str, Any]:
    """One court's scores on these sides; with total and rank where they are all of them.

    Steps that name other courts' points are left out here; `peer_steps` has them.
    """
    is_whole = set(sides) == set(card.half_cents)
    rulebook = card.items[0].context.rulebook if card.items else None
    has_total = rulebook is not None and rulebook.has_total
    applied = _applied(card, sides, is_whole=is_whole)
    lacking = {side.value for side in card.provisional_sides} & set(sides)
    return {
        "items": [_item(score) for score in card.items if score.item.side.value in sides],
        "halves": {
            side.value: to_text(card.half(side)) for side in card.half_cents if side in sides
        },
        "total": to_text(card.total) if is_whole and has_total else None,
        "rank": card.rank if is_whole else None,
        "provisional": bool(lacking),
        "provisional_sides": sorted(lacking),
        **({"overrides": [_overridden(one) for one in applied]} if applied else {}),
    }


def _applied(card: Scorecard, sides: Collection[str], *, is_whole: bool) -> list[Overridden]:
    """The overrides that these sides show: those of the total only where there is one."""
    return [
        one
        for one in card.overrides
        if is_whole or (one.override.on is not None and one.override.on.value in sides)
    ]


def _overridden(applied: Overridden) -> dict[str, Any]:
    override = applied.override
    return {
        "override": override.code,
        "on": TOTAL if override.on is None else override.on.value,
        "before": to_text(to_decimal(applied.before)),
        "after": to_text(to_decimal(applied.after)),
        "not_ranked": override.not_ranked,
    }


def peer_steps(card: Scorecard, sides: Collection[str]) -> dict[str, Any]:
    """The whole steps of the items whose points come from other courts' points, by item."""
    return {
        score.item.code: [composed(step.as_dict()) for step in score.steps]
        for score in card.items
        if score.reads_peers and score.item.side.value in sides
    }


def standing(card: Scorecard, sides: Collection[str]) -> dict[str, Any]:
    """Points, total and rank alone, as the month before had them."""
    held = as_json(card, sides)
    points = {item["item"]: item["points"] for item in held["items"]}
    return {
        "points": points,
        **{key: held[key] for key in ("halves", "total", "rank", "provisional")},
    }


def _item(score: ItemScore) -> dict[str, Any]:
    value = score.value
    computed = score.computed
    return {
        "item": score.item.code,
        "side": score.item.side.value,
        "status": score.status.value,
        "points": _points(score.points),
        "max_points": _points(score.cap),
        "value": score.value_text,
        "exact": None if value is None else f"{value.numerator}/{value.denominator}",
        "unit": score.unit.value,
        "target": None if score.target is None else _target(score.target),
        "readings": dict(score.readings),
        "computed": None
        if computed is None
        else {"status": computed.status.value, "points": _points(computed.points)},
        "steps": [composed(step.as_dict()) for step in score.own_steps],
    }


def _target(target: Decimal | Fraction) -> str:
    """A target as it was set; one that was computed with two decimals."""
    return to_text(target) if isinstance(target, Fraction) else f"{target:f}"


def _points(points: Decimal | None) -> str | None:
    return None if points is None else to_text(points)


def differences(held: Any, found: Any, place: str = "") -> list[tuple[str, Any, Any]]:
    """Where two values differ: the place, what is held, and what was found, smallest first."""
    if isinstance(held, Mapping) and isinstance(found, Mapping):
        listed: list[tuple[str, Any, Any]] = []
        for key in sorted({**held, **found}):
            where = f"{place}.{key}" if place else key
            listed += differences(held.get(key), found.get(key), where)
        return listed
    if isinstance(held, list) and isinstance(found, list) and len(held) == len(found):
        listed = []
        for number, (one, other) in enumerate(zip(held, found, strict=True)):
            name = one.get("item", number) if isinstance(one, Mapping) else number
            listed += differences(one, other, f"{place}.{name}" if place else str(name))
        return listed
    return [] if held == found else [(place, held, found)]
