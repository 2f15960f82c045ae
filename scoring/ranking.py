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


def ranked(scorecards: Iterable[Scorecard], level: Level) -> tuple[Scorecard, ...]:
    """The scorecards in their order, with ranks for the courts of `level` and none for others."""
    cards = tuple(scorecards)
    places = ranks(card.total_cents for card in cards if card.level is level)
    return tuple(
        card._replace(rank=places[card.total_cents]) if card.level is level else card
        for card in cards
    )
