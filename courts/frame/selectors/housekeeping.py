"""Owns what pages and the health check ask of housekeeping: when it ran, and whether it is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.functional import Promise

from courts import database_clock
from courts.frame.duties import DUTIES
from courts.models import HousekeepingRun


@dataclass(frozen=True, slots=True)
class Done:
    """What one duty did in the last run; `count` is None where it failed or was not there."""

    label: str | Promise
    count: int | None


@dataclass(frozen=True, slots=True)
class LastRun:
    """When housekeeping was last done whole, when it was last tried, and what it did."""

    whole_at: datetime
    tried_at: datetime
    done: Sequence[Done]
    is_late: bool


def last_run(now: datetime | None = None) -> LastRun | None:
    """The last run; None before there is a row. One query."""
    row = HousekeepingRun.objects.first()
    if row is None:
        return None
    return LastRun(
        row.whole_at,
        row.tried_at,
        tuple(Done(one.label, row.counts.get(one.code)) for one in DUTIES.values()),
        is_past(row.whole_at, now or database_clock.now()),
    )


def is_past(whole_at: datetime, now: datetime) -> bool:
    """Whether a run at that moment is so long ago that people have to be told."""
    minutes = settings.HOUSEKEEPING_LATE_MINUTES
    return bool(minutes) and whole_at < now - timedelta(minutes=minutes)


def late_since(now: datetime | None = None) -> datetime | None:
    """Since when housekeeping is late; None when it is not or is not watched. At most a query."""
    if not settings.HOUSEKEEPING_LATE_MINUTES:
        return None
    whole_at = HousekeepingRun.objects.values_list("whole_at", flat=True).first()
    if whole_at is None or not is_past(whole_at, now or database_clock.now()):
        return None
    return whole_at
