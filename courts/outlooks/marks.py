"""Owns the registry of what happened in a month that charts mark; areas above register theirs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from courts.models import QualityYear


@dataclass(frozen=True, slots=True)
class ActionMark:
    """Something that happened at a court in a month (1 to 12), about an item or metric."""

    month: int
    court: str
    subject: str
    text: str


Finder = Callable[[QualityYear, Collection[str]], Iterable[ActionMark]]
FINDERS: list[Finder] = []


def marks(find: Finder) -> Finder:
    """Register what finds the events of some courts, by code, in a year."""
    FINDERS.append(find)
    return find


def events_of(
    year: QualityYear, courts: Collection[str], subjects: Collection[str] | None, through: int
) -> tuple[ActionMark, ...]:
    """The events of courts up to a month, by month; of these subjects, or of all where None."""
    found = (one for find in FINDERS for one in find(year, courts))
    wanted = [
        one
        for one in found
        if one.month <= through and (subjects is None or one.subject in subjects)
    ]
    return tuple(sorted(wanted, key=lambda one: (one.month, one.court, one.text)))
