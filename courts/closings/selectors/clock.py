"""Owns when a number of days ends, counted from a moment of the database's clock."""

from __future__ import annotations

from datetime import datetime

from courts.years.selectors.entry_windows import local_day, start_of


def end_of(now: datetime, days: int) -> datetime:
    """The first moment after the last of so many days, counted from the day after `now`."""
    return start_of(local_day(now), days_later=days + 1)
