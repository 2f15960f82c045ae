"""Owns the registry of cases behind items of a scorecard; the area that holds them registers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from courts.models import QualityYear
from courts.permissions import Account


class Cases(NamedTuple):
    """Codes of items with cases behind them, and of those whose figures and cases differ."""

    items: frozenset[str]
    differing: frozenset[str]


Finder = Callable[[Account, QualityYear, int, str], Cases]
FINDERS: list[Finder] = []


def cases(find: Finder) -> Finder:
    """Register what finds the cases behind a court's items of a month (1 to 12)."""
    FINDERS.append(find)
    return find


def cases_beside(user: Account, year: QualityYear, month: int, court: str) -> Cases:
    """What stands behind the items of a court (its code), as far as the account may know."""
    found = [find(user, year, month, court) for find in FINDERS]
    return Cases(_united(one.items for one in found), _united(one.differing for one in found))


def _united(codes: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*codes)
