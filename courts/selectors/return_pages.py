"""Owns what the pages of a return show beyond the grid itself: what is chosen, counted, asked.

Never reads figures or findings: it arranges what `homes` and `grids` found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from courts.models import Court, MonthlyReturn
from courts.selectors.findings import ReturnFinding
from courts.selectors.grids import Grid, GridRow
from courts.selectors.homes import CourtHome, HomeMonth
from courts.selectors.periods import month_name
from courts.selectors.slots import Slot
from courts.selectors.standings import Standing
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR
from scoring.schema import Severity, Side

PERCENT = 100
BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a return is."""

    share: int
    errors: int
    warnings: int


@dataclass(frozen=True, slots=True)
class AskedWarning:
    finding: ReturnFinding
    reason: str


@dataclass(frozen=True, slots=True)
class AskedBlank:
    row: GridRow
    reason: str


@dataclass(frozen=True, slots=True)
class ToExplain:
    """What stands in the way of handing in, and what wants a reason, with the reasons so far."""

    errors: tuple[ReturnFinding, ...]
    warnings: tuple[AskedWarning, ...]
    blanks: tuple[AskedBlank, ...]


@dataclass(frozen=True, slots=True)
class Nearby:
    """The returns one step away: the months before and after, and both sides of this month."""

    previous: Month | None
    previous_name: str
    following: Month | None
    sides: tuple[SideChoice, ...]


@dataclass(frozen=True, slots=True)
class SideChoice:
    value: str
    label: str
    is_current: bool


def nearby(slot: Slot) -> Nearby:
    """Where the head of a return leads; whoever may look at it may look at those as well."""
    before, after = slot.month.previous, slot.month.month + 1
    return Nearby(
        previous=before,
        previous_name=month_name(before) if before else "",
        following=Month(slot.month.year, after) if after <= MONTHS_OF_YEAR else None,
        sides=tuple(
            SideChoice(side.value, str(MonthlyReturn.Side(side.value).label), side is slot.side)
            for side in Side
        ),
    )


def court_name(court: Court) -> str:
    """The full name in the active language."""
    korean = (get_language() or "").startswith("ko")
    return court.name_ko if korean and court.name_ko else court.name


def shown_month(home: CourtHome, wanted: str | None) -> HomeMonth | None:
    """The month asked for, else the one to hand in, else the last."""
    for month in home.months:
        if str(month.month) == wanted:
            return month
    return home.due or (home.months[-1] if home.months else None)


def is_made_up(home: CourtHome, stands: Standing | None) -> bool:
    """Whether figures made up for the demonstration are on the page."""
    cards = (card for month in home.months for card in month.returns)
    return any(card.is_demo for card in cards) or bool(stands and stands.row.is_demo)


def counts_of(page: Grid) -> Counts:
    """How much of a return is filled, and what is wrong with it; blanks are no warnings yet."""
    found = [finding for finding in page.findings if finding.kind != BLANK]
    errors = sum(finding.severity == Severity.ERROR for finding in found)
    share = page.filled * PERCENT // page.total if page.total else 0
    return Counts(share, errors, len(found) - errors)


def to_explain(page: Grid, given: Mapping[str, str]) -> ToExplain:
    """What the page of handing in asks, with what was already written there."""
    found = [finding for finding in page.findings if finding.kind != BLANK]
    rows = [row for group in page.groups for row in group.rows]
    return ToExplain(
        errors=tuple(f for f in found if f.severity == Severity.ERROR),
        warnings=tuple(
            AskedWarning(f, given.get(f"reason:{f.key}", ""))
            for f in found
            if f.severity != Severity.ERROR
        ),
        blanks=tuple(
            AskedBlank(row, given.get(f"blank:{row.metric}", row.blank_reason))
            for row in rows
            if row.value is None
        ),
    )
