"""Owns what the pages of a return show beyond the grid itself: what is chosen, counted, asked.

Never reads figures or findings: it arranges what `homes` and `grids` found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from courts.figures.selectors.findings import ReturnFinding
from courts.returns.selectors.grids import Grid, GridRow
from courts.returns.selectors.homes import CourtHome, HomeMonth
from courts.returns.selectors.notes import NoteLine
from courts.scores.selectors.standings import CourtStanding
from courts.wording.months import month_name
from courts.years.selectors.slots import Slot
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR
from scoring.schema import Severity

PERCENT = 100
BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a return is; `share` of its figures entered, in whole percent."""

    share: int
    errors: int
    warnings: int


@dataclass(frozen=True, slots=True)
class AskedWarning:
    """A warning that the court explains, and the reason given so far."""

    finding: ReturnFinding
    reason: str


@dataclass(frozen=True, slots=True)
class AskedBlank:
    """A blank cell that the court explains, and the reason given so far."""

    row: GridRow
    reason: str


@dataclass(frozen=True, slots=True)
class AskedRemark:
    """A remark of the office that the court is to answer."""

    remark: NoteLine
    reply: str


@dataclass(frozen=True, slots=True)
class ToExplain:
    """What stands in the way of handing in, what wants a reason or a reply, with those so far."""

    errors: tuple[ReturnFinding, ...]
    remarks: tuple[AskedRemark, ...]
    warnings: tuple[AskedWarning, ...]
    blanks: tuple[AskedBlank, ...]

    @property
    def asks_nothing(self) -> bool:
        return not (self.errors or self.remarks or self.warnings or self.blanks)


@dataclass(frozen=True, slots=True)
class Nearby:
    """The returns one step away: the months before and after, and both sides of this month."""

    previous: Month | None
    previous_name: str
    following: Month | None
    sides: tuple[SideChoice, ...]


@dataclass(frozen=True, slots=True)
class SideChoice:
    """A side that the page can turn to."""

    value: str
    label: str
    is_current: bool


def nearby(slot: Slot) -> Nearby:
    """The links of a return's head, which its readers may all follow."""
    before, after = slot.month.previous, slot.month.month + 1
    language = get_language() or ""
    return Nearby(
        previous=before,
        previous_name=month_name(before) if before else "",
        following=Month(slot.month.year, after) if after <= MONTHS_OF_YEAR else None,
        sides=tuple(
            SideChoice(share.side.value, share.label.get(language), share.side is slot.side)
            for share in slot.rulebook.sides
        ),
    )


def shown_month(home: CourtHome, wanted: str | None) -> HomeMonth | None:
    """The month asked for, else the one to hand in, else the last."""
    for month in home.months:
        if str(month.month) == wanted:
            return month
    return home.due or (home.months[-1] if home.months else None)


def is_made_up(home: CourtHome, stands: CourtStanding | None) -> bool:
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
    """What the page of handing in asks, with what was already written there.

    `given` is what was sent or kept as a draft. What it does not name has the words of the last
    submission, so that nobody types a reason twice.
    """
    last: Mapping[str, str] = page.rounds[-1].reasons if page.rounds else {}
    found = [finding for finding in page.findings if finding.kind != BLANK]
    rows = [row for group in page.groups for row in group.rows]
    return ToExplain(
        errors=tuple(f for f in found if f.severity == Severity.ERROR),
        remarks=tuple(
            AskedRemark(remark, given.get(f"reply:{remark.pk}", remark.last_reply))
            for remark in page.remarks
        ),
        warnings=tuple(
            AskedWarning(f, given.get(f"reason:{f.key}", last.get(f.key, "")))
            for f in found
            if f.severity != Severity.ERROR
        ),
        blanks=tuple(
            AskedBlank(
                row,
                given.get(
                    f"blank:{row.metric}",
                    row.blank_reason or last.get(f"blank:{row.metric}", ""),
                ),
            )
            for row in rows
            if row.value is None
        ),
    )
