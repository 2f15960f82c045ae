"""Owns what is read from a replica of the database, and how far behind it is.

Off unless `REPLICA_URL` names one. What points are made from is read from one server, with its
stamp; who signs in, sessions, drafts and ballots are read from the primary, whatever the page, and
are never older than the stamp. All is written there. A page is read from the replica while that is
fresh enough and has whatever the reader wrote before: a mark, the place in the primary's log after
it, is the reader's to bring.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.db.models import Model

PRIMARY, REPLICA = "default", "replica"
# Of `courts`: who signs in, what one types, what waits for one, and the secret ballot.
NEVER_THERE = frozenset(
    f"courts.models.{name}"
    for name in (
        *("accounts", "account_acts", "second_factor", "api", "drafts", "waiting", "housekeeping"),
        *("ballots", "ballot_office", "record"),
    )
)
# Of these modules what points are made from: it goes with the other rows of points.
OF_POINTS = frozenset({"BallotRound", "BallotTarget"})
SECONDS_BETWEEN_LOOKS, SECONDS_WITHOUT_READERS = 1.0, 30.0
# A look that is older says nothing.
OLD_SECONDS = 3.0

logger = logging.getLogger(__name__)
_there: ContextVar[bool] = ContextVar("reads_from_replica", default=False)


class Router:
    """Django's question where to read and write; one answer for all of a page."""

    def db_for_read(self, model: type[Model], **_hints: Any) -> str:
        """The replica, while a page is read there and this may be; never inside a transaction."""
        is_there = _there.get() and not _is_primarys(model)
        return REPLICA if is_there and not connections[PRIMARY].in_atomic_block else PRIMARY

    def db_for_write(self, model: type[Model], **_hints: Any) -> str:
        """The primary, wherever a row was read."""
        return PRIMARY

    def allow_relation(self, one: Model, other: Model, **_hints: Any) -> bool:
        """Rows of both are rows of one database."""
        return True

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        """The replica gets everything from the primary."""
        return db == PRIMARY


def _is_primarys(model: type[Model]) -> bool:
    """Whether it is read from the primary alone."""
    if model._meta.app_label != "courts":
        return True
    return model.__module__ in NEVER_THERE and model.__name__ not in OF_POINTS


def is_on() -> bool:
    """Whether a replica is configured."""
    return REPLICA in settings.DATABASES


@contextmanager
def choosing() -> Iterator[None]:
    """A request, which begins at the primary."""
    token = _there.set(False)
    try:
        yield
    finally:
        _there.reset(token)


def read_there() -> None:
    """Read what follows of this request from the replica."""
    _there.set(True)


def is_there() -> bool:
    """Whether this request is read from the replica."""
    return _there.get()


def mark() -> int:
    """The place in the primary's log by now, in bytes: whatever is committed is before it."""
    with connections[PRIMARY].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
        return int(cursor.fetchone()[0])


# --- How far behind it is --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of the replica at a moment of the steady clock.

    `behind` in seconds, at most: what was committed longer ago is there. `replayed`: how far it is
    in the primary's log, in bytes.
    """

    at: float
    behind: float
    replayed: int

    def is_fresh(self, wanted: int) -> bool:
        """Whether it may be read: not too far behind, and past this place in the log."""
        age = time.monotonic() - self.at
        most: float = settings.REPLICA_LAG_SECONDS
        return age < OLD_SECONDS and self.behind + age <= most and self.replayed >= wanted


def look() -> Look | None:
    """How far the replica is; None when it does not answer or follows nobody. Two queries."""
    at = time.monotonic()
    # First the primary, then the replica: what is there by then was asked for before.
    with connections[PRIMARY].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn, clock_timestamp()")
        written, now = cursor.fetchone()
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(
                "SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn, pg_last_xact_replay_timestamp()"
                " WHERE pg_is_in_recovery()"
            )
            found = cursor.fetchone()
    except (DatabaseError, InterfaceError):
        connections[REPLICA].close()
        logger.warning("The replica does not answer.")
        return None
    if found is None or found[0] is None:
        logger.warning("The replica follows no primary: it was promoted, or never was one.")
        return None
    replayed, last = found
    if replayed >= written:
        return Look(at, 0.0, int(replayed))
    behind = (now - last).total_seconds() if last else float("inf")
    return Look(at, max(behind, 0.0), int(replayed))


class Watch:
    """Looks every second in a thread of its own while pages ask, so that none waits for a look."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked = 0.0
        self._thread: Thread | None = None
        self.last: Look | None = None

    def is_fresh(self, wanted: int) -> bool:
        """Whether the replica may be read by who brings this mark; before the first look: no."""
        with self._lock:
            self._asked = time.monotonic()
            if self._thread is None:
                self._thread = Thread(target=self._run, daemon=True, name="replica")
                self._thread.start()
        last = self.last
        return last is not None and last.is_fresh(wanted)

    def seen(self) -> str:
        """What was seen last, in words for who runs the server."""
        last = self.last
        if self.is_fresh(0) and last is not None:
            return f"{last.behind:.1f} s behind"
        return "not read"

    def forget(self) -> None:
        """Read nothing there before the next look: a page just failed."""
        self.last = None

    def _run(self) -> None:
        try:
            while True:
                self.last = _looked()
                with self._lock:
                    if time.monotonic() - self._asked > SECONDS_WITHOUT_READERS:
                        self._thread = None
                        return
                time.sleep(SECONDS_BETWEEN_LOOKS)
        finally:
            # This thread's own.
            connections.close_all()


def _looked() -> Look | None:
    try:
        return look()
    except (DatabaseError, InterfaceError):
        connections[PRIMARY].close()
    except Exception:
        logger.exception("Nobody knows how far behind the replica is.")
    return None


watch = Watch()
