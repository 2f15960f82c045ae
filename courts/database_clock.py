"""Owns what time it is: the database's clock decides what is late, open or over, no server's own.

Several servers stand on one database, and no two clocks are alike. Each process knows by how much
its own clock is wrong: it asks the database once a minute, and again when its own clock was put
right or a machine slept. On SQLite the clock of the server is the database's.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

# After so long the database is asked again; meanwhile two clocks part by milliseconds.
SECONDS_BETWEEN_QUESTIONS = 60.0
# A clock that moved so much beside the steady one was put right.
JUMP_SECONDS = 0.5
NONE = timedelta()


@dataclass(frozen=True, slots=True)
class _Comparison:
    """How far the database was ahead, and what the server's own clocks said then, in seconds."""

    ahead: timedelta
    wall: float
    steady: float

    def holds(self) -> bool:
        passed = time.monotonic() - self.steady
        jump = abs(time.time() - self.wall - passed)
        return passed < SECONDS_BETWEEN_QUESTIONS and jump < JUMP_SECONDS


class _Clock:
    """What this process knows; one comparison takes the place of another whole."""

    known: _Comparison | None = None

    def ahead(self, on: BaseDatabaseWrapper) -> timedelta:
        if on.vendor == "sqlite":
            return NONE
        known = self.known
        if known is None or not known.holds():
            known = self.known = _compared(on)
        return known.ahead


_clock = _Clock()


def now(on: BaseDatabaseWrapper | None = None) -> datetime:
    """The moment by the database's clock. A query once a minute, by far most times none.

    `on`: the connection to ask over, where it is not the request's own.
    """
    return timezone.now() + _clock.ahead(on or connection)


def today() -> date:
    """The day by the database's clock, where the reader is."""
    return timezone.localdate(now())


def seconds() -> int:
    """Whole seconds since 1970 by the database's clock, for what is kept outside of it."""
    return int(now().timestamp())


def _compared(on: BaseDatabaseWrapper) -> _Comparison:
    with on.cursor() as cursor:
        before = time.monotonic()
        cursor.execute("SELECT clock_timestamp()")
        (there,) = cursor.fetchone()
        steady = time.monotonic()
    # The answer was true half-way between question and answer.
    here = timezone.now() - timedelta(seconds=(steady - before) / 2)
    return _Comparison(there - here, time.time(), steady)
