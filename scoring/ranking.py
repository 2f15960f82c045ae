"""Ranks by total, best first; equal totals share a rank, the next is skipped (1, 2, 2, 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scoring.results import Scorecard
from scoring.schema import Level


def ranks(totals: Iterable[int]) -> Mapping[int, int]:
    """The rank of each total."""
    found: dict[int, int] = {}
    for place, total in enumerate(sorted(totals, reverse=True), start=1):
        found.setdefault(total, place)
    return found


def ranked(scorecards: Iterable[Scorecard], level: Level | None) -> tuple[Scorecard, ...]:
    """The scorecards in their order, with ranks for the courts of `level` and none for others.

    A court that an override bars has no rank, and takes none from the others.
    """
    cards = tuple(scorecards)
    if level is None:
        return cards
    held = [card.level is level and not card.is_barred for card in cards]
    places = ranks(card.total_cents for card, is_held in zip(cards, held, strict=True) if is_held)
    return tuple(
        card._replace(rank=places[card.total_cents]) if is_held else card
        for card, is_held in zip(cards, held, strict=True)
    )
