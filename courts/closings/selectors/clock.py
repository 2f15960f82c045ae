"""Owns asking the database what time it is: its clock decides what ends when, not a server's."""

from __future__ import annotations

from datetime import datetime

from django.db.models.functions import Now

from courts.models import QualityYear
from courts.years.selectors.entry_windows import local_day, start_of


def database_now(year: QualityYear) -> datetime:
    """The moment by the database's clock. One query."""
    now: datetime = (
        QualityYear.objects.annotate(now=Now()).values_list("now", flat=True).get(pk=year.pk)
    )
    return now


def end_of(now: datetime, days: int) -> datetime:
    """The first moment after the last of so many days, counted from the day after `now`."""
    return start_of(local_day(now), days_later=days + 1)
