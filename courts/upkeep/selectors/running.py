"""Owns what the administrator's page says of the server itself: version, editions, housekeeping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from courts.frame import replica
from courts.frame.selectors.housekeeping import LastRun, last_run
from courts.models import QualityYear
from courts.permissions import Account
from courts.years.selectors.periods import years_of


@dataclass(frozen=True, slots=True)
class Running:
    """The version that runs, the kind of database, the account's years, the last housekeeping."""

    version: str
    database: str
    years: Sequence[QualityYear]
    housekeeping: LastRun | None
    # Whether there is a replica, and how far it is behind; None when it does not answer.
    has_replica: bool
    replica: replica.Look | None


def running(user: Account) -> Running:
    """What runs; the edition of each year that the account sees stands with the year."""
    has_replica = replica.is_on()
    return Running(
        settings.VERSION,
        connection.display_name,
        years_of(user),
        last_run(),
        has_replica,
        replica.look() if has_replica else None,
    )
