"""Owns the sheets that remind courts on paper (催办单): what each court owes an office.

What is owed comes from the one registry of open work; what somebody wrote stays out of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from courts.models import Court, QualityYear
from courts.permissions import Account, review_sides
from courts.years.open_work import open_work_of_years

# What desks of courts do, in the order of the sheet.
OWED = (
    "return_returned",
    "return_due",
    "return_reopened",
    "difference_explain",
    "mark",
    "consultation_answer",
    "action_answer",
    "action_measure",
    "register_desk",
)


@dataclass(frozen=True, slots=True)
class OwedLine:
    """One thing a court owes, until when (the first moment after), and whether that is past."""

    kind: str
    what: str
    until: datetime | None
    is_past: bool


@dataclass(frozen=True, slots=True)
class ReminderSheet:
    """What one court owes."""

    court: str
    lines: tuple[OwedLine, ...]
    is_demo: bool


def reminder_sheets(user: Account, year: QualityYear, now: datetime) -> tuple[ReminderSheet, ...]:
    """A sheet for every court that owes the account's office something, in the notice's order."""
    sides = review_sides(user)
    work = open_work_of_years([year], now, codes=OWED)
    found: dict[int, tuple[Court, list[OwedLine], bool]] = {}
    for group in sorted(work, key=lambda one: OWED.index(one.code)):
        for item in group.items:
            if item.court is None or (item.side and item.side not in sides):
                continue
            court, lines, made_up = found.get(item.court.pk, (item.court, [], False))
            lines.append(OwedLine(str(group.kind.label), item.what, item.until, item.is_past(now)))
            found[item.court.pk] = (court, lines, made_up or item.is_demo)
    language = get_language() or ""
    return tuple(
        ReminderSheet(court.label(language), tuple(lines), made_up)
        for court, lines, made_up in sorted(found.values(), key=lambda one: one[0].order)
    )
