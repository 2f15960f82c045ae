"""Owns what separates two scorecards of one court: items, total and rank, before and after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from scoring.results import Scorecard
from scoring.rounding import to_text


@dataclass(frozen=True, slots=True)
class ItemShift:
    """One item whose points differ."""

    code: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class CourtShift:
    """One court under both editions; `moved` is positive when its total rises."""

    code: str
    name: str
    total_before: str
    total_after: str
    moved: Decimal
    rank_before: int | None
    rank_after: int | None
    provisional: bool
    items: tuple[ItemShift, ...]

    def without_places(self) -> CourtShift:
        """The same, with points alone."""
        return replace(self, rank_before=None, rank_after=None)


def shift(name: str, was: Scorecard, now: Scorecard) -> CourtShift:
    """How the total, the rank and the items of a court differ between two scorecards."""
    old = {score.item.code: score.points for score in was.items}
    new = {score.item.code: score.points for score in now.items}
    return CourtShift(
        code=now.court,
        name=name,
        total_before=to_text(was.total),
        total_after=to_text(now.total),
        moved=now.total - was.total,
        rank_before=was.rank,
        rank_after=now.rank,
        provisional=now.provisional,
        items=tuple(
            ItemShift(code, _text(old.get(code)), _text(new.get(code)))
            for code in dict.fromkeys([*new, *old])
            if old.get(code) != new.get(code)
        ),
    )


def _text(points: Decimal | None) -> str | None:
    return None if points is None else to_text(points)
