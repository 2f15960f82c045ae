"""Owns what separates two scorecards of one court: items, total and rank, before and after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

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
    """One court under both editions; `moved` is positive when its total rises.

    Totals are empty where the rules have none.
    """

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


class Totals(Protocol):
    """A court before and after, as a table of effects shows it."""

    @property
    def total_before(self) -> str: ...
    @property
    def total_after(self) -> str: ...
    @property
    def rank_before(self) -> int | None: ...
    @property
    def rank_after(self) -> int | None: ...


def any_total(courts: Iterable[Totals]) -> bool:
    """Whether any of the courts has a total, before or after."""
    return any(one.total_before or one.total_after for one in courts)


def any_rank(courts: Iterable[Totals]) -> bool:
    """Whether any of the courts has a rank, before or after."""
    return any(one.rank_before or one.rank_after for one in courts)


def shift(name: str, was: Scorecard, now: Scorecard) -> CourtShift:
    """How the total, the rank and the items of a court differ between two scorecards."""
    old = {score.item.code: score.points for score in was.items}
    new = {score.item.code: score.points for score in now.items}
    return CourtShift(
        code=now.court,
        name=name,
        total_before=total_text(was),
        total_after=total_text(now),
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


def total_text(card: Scorecard) -> str:
    """The total of a court; empty where its rules have none."""
    has_total = all(score.context.rulebook.has_total for score in card.items[:1])
    return to_text(card.total) if has_total else ""


def _text(points: Decimal | None) -> str | None:
    return None if points is None else to_text(points)
