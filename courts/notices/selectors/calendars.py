"""Owns the calendar file of deadlines (RFC 5545): the months' last days, and what is due.

Every entry says what is due and of which month, never of which court.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from django.utils.translation import gettext as _

from courts.models import User
from courts.wording.months import month_name
from courts.years.open_work import open_work
from courts.years.selectors.entry_windows import last_day_of, local_day
from courts.years.selectors.periods import years_of
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR

# RFC 5545, 3.1: octets of a line without its end.
LONGEST_LINE = 75
# What the months' own deadlines say already.
OF_MONTHS = frozenset({"return_due", "missing"})


@dataclass(frozen=True, slots=True)
class DueDay:
    """A day by whose end something is done."""

    key: str
    day: date
    text: str


def deadlines(user: User, now: datetime) -> Sequence[DueDay]:
    """The deadlines of the years the account sees, and what waits for it until a day."""
    return sorted({*_of_years(user), *_of_work(user, now)}, key=lambda one: (one.day, one.key))


def _of_years(user: User) -> Iterator[DueDay]:
    for year in years_of(user):
        for number in range(1, MONTHS_OF_YEAR + 1):
            month = Month(year.year, number)
            day = last_day_of(year, month)
            if day is not None:
                text = _("填报期限：%(month)s") % {"month": month_name(month)}
                yield DueDay(f"{year.code}-{month}", day, text)


def _of_work(user: User, now: datetime) -> Iterator[DueDay]:
    for group in open_work(user, now).without(*OF_MONTHS):
        for item in group.items:
            if item.until is not None and item.until > now:
                # The first moment after: the day that ends then.
                day = local_day(item.until - timedelta(seconds=1))
                month = month_name(item.month) if item.month else ""
                text = " ".join(part for part in (str(group.kind.label), month) if part)
                yield DueDay(f"{group.code}-{item.address}-{day}", day, text)


def as_file(entries: Sequence[DueDay], now: datetime) -> bytes:
    """The entries as a calendar, each a whole day with an alarm the day before."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Quality Year//deadlines//ZH"]
    for one in entries:
        key = sha256(one.key.encode()).hexdigest()[:32]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{key}@quality-year",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(one.text)}",
            "TRANSP:TRANSPARENT",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{_escaped(one.text)}",
            "TRIGGER:-P1D",
            "END:VALARM",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """The line in pieces of at most 75 octets, none of which cuts a character."""
    pieces: list[bytes] = []
    piece = b""
    for sign in line:
        octets = sign.encode()
        # A piece after the first begins with a blank.
        if len(piece) + len(octets) > LONGEST_LINE - bool(pieces):
            pieces.append(piece)
            piece = b""
        piece += octets
    return b"\r\n ".join([*pieces, piece]) + b"\r\n"
