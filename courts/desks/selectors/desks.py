"""Owns what waits for an office today, in every year, and the page of requests and of the deadline.

What is open is asked of the registry, `open_work`. A constant number of queries, however many
years, courts and months. Never decides who may act.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from courts.models import QualityYear
from courts.permissions import Account
from courts.returns.selectors.beginnings import has_begun
from courts.reviews.selectors.reviews import queue
from courts.years.open_work import (
    KINDS,
    Kept,
    OpenGroup,
    OpenItem,
    OpenWork,
    YearCount,
    awaited_work,
    open_work,
)
from courts.years.selectors.periods import years_of

# What a desk shows as tiles, whether there is any or not.
TILES = ("review", "unlock", "difference_settle", "case_verify", "edition", "missing")
# What it shows as lists, when there is any.
LISTS = ("objection", "mark")


@dataclass(frozen=True, slots=True)
class Tile:
    """How much of one kind waits, in which years; `past` counts what is past its time.

    `address` is where to begin; the list of the page's year where there is nothing.
    """

    count: int
    past: int
    years: tuple[YearCount, ...]
    address: str


@dataclass(frozen=True, slots=True)
class OwingCourt:
    """A court and how many of its returns are missing."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for an account of an office, in every year.

    `tiles` are by kind, `clean` counts the returns to verify that nothing speaks against, `lists`
    and `rest` are what stands below the tiles, `awaited` what others owe. `owing` names the courts
    whose returns are missing. `has_begun` says whether any of the page's year can be missing yet.
    """

    tiles: Mapping[str, Tile]
    clean: int
    owing: tuple[OwingCourt, ...]
    lists: tuple[OpenGroup, ...]
    rest: OpenWork
    awaited: OpenWork
    has_deadline: bool
    has_begun: bool
    is_empty: bool
    is_demo: bool


def desk(user: Account, year: QualityYear, now: datetime, kept: Kept | None = None) -> Desk:
    """What waits for the account's office, in every year; `year` is the one the page is of."""
    kept = {} if kept is None else kept
    work = open_work(user, now, kept=kept)
    return Desk(
        tiles={code: _tile(user, year, work.only(code), code) for code in TILES},
        clean=sum(line.is_clean for line in queue(user, *years_of(user))),
        owing=_owing(work.of("missing")),
        lists=work.only(*LISTS).groups,
        rest=work.without(*TILES, *LISTS),
        awaited=awaited_work(user, work, now, kept=kept),
        has_deadline=year.deadline_day is not None,
        has_begun=has_begun(year),
        is_empty=not work,
        is_demo=work.is_demo,
    )


def _owing(missing: Iterable[OpenItem]) -> tuple[OwingCourt, ...]:
    """Courts by how much they owe, the most first."""
    language = get_language() or ""
    names = Counter(item.court.label(language) for item in missing if item.court is not None)
    return tuple(OwingCourt(name, count) for name, count in names.most_common())


def _tile(user: Account, year: QualityYear, work: OpenWork, code: str) -> Tile:
    for group in work:
        return Tile(group.count, group.past, group.years, group.years[0].address)
    return Tile(0, 0, (), KINDS[code].address(year, user))
