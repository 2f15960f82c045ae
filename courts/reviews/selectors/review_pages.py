"""Owns what the pages of review show beyond the return itself: which are listed, what comes next.

Never reads figures or findings: it arranges what `reviews` found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from courts.extracts.selectors.differences import DifferenceSearch, differences
from courts.frame.choices import Choice
from courts.models import QualityYear
from courts.permissions import Account, review_sides
from courts.returns.selectors.grids import GridRow
from courts.reviews.selectors.reviews import QueueLine, Review, queue
from courts.wording.months import month_name
from courts.years.court_changes import court_label
from courts.years.selectors.slots import Slot


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A return in the queue as the page names it; `differences` from the extracts, not settled."""

    line: QueueLine
    court: str
    month_name: str
    differences: int

    @property
    def is_plain(self) -> bool:
        """Whether nothing at all asks for a look of its own."""
        return self.line.is_clean and not self.differences

    @property
    def pick(self) -> str:
        """What a tick stands for: the return, as it was seen."""
        return f"{self.line.slot.key}@{self.line.version}"


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The queue, narrowed down to a month, a court, or both."""

    lines: tuple[WaitingLine, ...]
    waiting: int
    months: tuple[Choice, ...]
    courts: tuple[Choice, ...]
    is_demo: bool

    @property
    def clean(self) -> int:
        return sum(line.line.is_clean for line in self.lines)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The returns before and after one in the queue."""

    before: Slot | None
    after: Slot | None
    place: int
    waiting: int


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """A figure under review, with the remark typed so far and what changed in it."""

    row: GridRow
    remark: str
    before: int | None
    is_changed: bool


@dataclass(frozen=True, slots=True)
class RemarkGroup:
    """The remarks on figures that stand under one heading."""

    label: str
    rows: tuple[RemarkRow, ...]


def queue_page(user: Account, year: QualityYear, month: str, court: str) -> QueuePage:
    """The returns that wait for the account; an empty month or court does not narrow them."""
    differing = Counter(
        line.slot.key for line in differences(user, year, DifferenceSearch(state="unsettled"))
    )
    found = [_waiting(line, differing[line.slot.key]) for line in queue(user, year)]
    months = {str(one.line.slot.month): one.month_name for one in found}
    courts = {one.line.slot.court.code: one.court for one in found}
    shown = [
        one
        for one in found
        if (not month or str(one.line.slot.month) == month)
        and (not court or one.line.slot.court.code == court)
    ]
    return QueuePage(
        lines=tuple(shown),
        waiting=len(found),
        months=tuple(Choice(code, name, code == month) for code, name in sorted(months.items())),
        courts=tuple(Choice(code, name, code == court) for code, name in courts.items()),
        is_demo=any(one.line.is_demo for one in shown),
    )


def picked(
    user: Account, year: QualityYear, picks: Mapping[str, int]
) -> tuple[tuple[Slot, int], ...]:
    """The slots of the ticked returns that still wait, each with the version that was seen."""
    return tuple(
        (line.slot, picks[line.slot.key]) for line in queue(user, year) if line.slot.key in picks
    )


def neighbours(user: Account, slot: Slot) -> Neighbours:
    """Where a return stands in the queue; one that does not wait has the first after it."""
    slots = {line.slot.key: line.slot for line in queue(user, slot.year)}
    keys = list(slots)
    if slot.key not in slots:
        return Neighbours(None, slots[keys[0]] if keys else None, 0, len(keys))
    place = keys.index(slot.key)
    before = slots[keys[place - 1]] if place else None
    after = slots[keys[place + 1]] if place + 1 < len(keys) else None
    return Neighbours(before, after, place + 1, len(keys))


def remark_groups(page: Review, remarks: Mapping[str, str]) -> tuple[RemarkGroup, ...]:
    """The figures by group, each with the remark that was typed beside it."""
    changed = {change.metric: change.before for change in page.changes}
    return tuple(
        RemarkGroup(
            group.label,
            tuple(
                RemarkRow(
                    row,
                    remarks.get(row.metric, ""),
                    changed.get(row.metric),
                    row.metric in changed,
                )
                for row in group.rows
            ),
        )
        for group in page.grid.groups
    )


def reviews_any(user: Account) -> bool:
    """Whether the account's office verifies returns at all."""
    return bool(review_sides(user))


def _waiting(line: QueueLine, differing: int) -> WaitingLine:
    slot = line.slot
    name = court_label(slot.year, slot.court, slot.month)
    return WaitingLine(line, name, month_name(slot.month), differing)
