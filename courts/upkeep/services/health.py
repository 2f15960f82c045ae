"""Owns asking the database how the server is, without waiting for it longer than a moment.

Asked is in a thread of its own, over a connection of its own with short limits, so that neither a
locked table nor a database that is silent holds the answer back. One question runs at a time;
whoever asks meanwhile gets its answer too.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from pkgutil import iter_modules
from threading import Event, Lock, Thread
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend
from django.utils.crypto import constant_time_compare
from django.utils.dateparse import parse_datetime

from courts import database_clock
from courts.frame.selectors.housekeeping import is_past
from courts.models import HousekeepingRun
from courts.models.housekeeping import THE_ROW

# Together below the second in which an answer is due.
LIMIT_SECONDS = 0.5
PATIENCE_SECONDS = 0.8

logger = logging.getLogger(__name__)


class Reason(StrEnum):
    """Why a server is not well; said to who may know."""

    SILENT = "silent"
    UNREACHABLE = "unreachable"
    BLOCKED = "blocked"
    READ_ONLY = "read_only"
    FULL = "full"
    FAULT = "fault"
    MIGRATIONS = "migrations"
    HOUSEKEEPING = "housekeeping"


# PostgreSQL's codes: lock and statement limits, read-only, disk, memory and connections used up.
_CODES = {
    "55P03": Reason.BLOCKED,
    "57014": Reason.BLOCKED,
    "25006": Reason.READ_ONLY,
    "53100": Reason.FULL,
    "53200": Reason.FULL,
    "53300": Reason.UNREACHABLE,
}
# What SQLite says, which has no codes that Django hands on.
_WORDS = {
    "locked": Reason.BLOCKED,
    "readonly": Reason.READ_ONLY,
    "full": Reason.FULL,
    "disk I/O": Reason.FULL,
    "unable to open": Reason.UNREACHABLE,
}


class _Question:
    """One question under way, and its answer: None when all is well."""

    def __init__(self) -> None:
        self.is_answered = Event()
        self.reason: Reason | None = None


_lock = Lock()
_current: list[_Question] = []


def ask(patience: float = PATIENCE_SECONDS, limit: float = LIMIT_SECONDS) -> Reason | None:
    """Why the server is not well; None when it is. Answers after `patience` seconds at the latest.

    Asks for migrations that are not applied, for housekeeping that is late, and writes one value,
    since a database that is full or read-only answers every other question.
    """
    with _lock:
        if _current:
            question = _current[0]
        else:
            question = _Question()
            _current.append(question)
            known = deepcopy(connections["default"].settings_dict)
            Thread(target=_run, args=(question, known, limit), daemon=True, name="health").start()
    return question.reason if question.is_answered.wait(patience) else Reason.SILENT


def _run(question: _Question, known: dict[str, Any], limit: float) -> None:
    try:
        question.reason = _asked(known, limit)
    # A question without an answer would leave everybody waiting.
    except Exception:
        logger.exception("The health of the server could not be asked.")
        question.reason = Reason.FAULT
    finally:
        with _lock:
            _current.clear()
        question.is_answered.set()


def _asked(known: dict[str, Any], limit: float) -> Reason | None:
    connection = _own_connection(known, limit)
    try:
        try:
            connection.ensure_connection()
        except (DatabaseError, InterfaceError) as error:
            return _reason(error, Reason.UNREACHABLE)
        try:
            if lacks_migrations(connection):
                return Reason.MIGRATIONS
            whole_at = _probe(connection)
            now = database_clock.now(connection)
        except (DatabaseError, InterfaceError) as error:
            return _reason(error, Reason.FAULT)
    finally:
        connection.close()
    return Reason.HOUSEKEEPING if is_past(whole_at, now) else None


def _own_connection(known: dict[str, Any], limit: float) -> BaseDatabaseWrapper:
    """A connection that no request shares, and that gives up soon."""
    options = known.setdefault("OPTIONS", {})
    if known["ENGINE"] == "django.db.backends.sqlite3":
        options["timeout"] = limit
    elif not settings.DATABASE_POOLER:
        own = f"-c lock_timeout={limit * 1000:.0f} -c statement_timeout={limit * 1000:.0f}"
        options["options"] = f"{options.get('options', '')} {own}".strip()
    if known["ENGINE"] != "django.db.backends.sqlite3":
        options["connect_timeout"] = 2
    made: BaseDatabaseWrapper = load_backend(known["ENGINE"]).DatabaseWrapper(known, "health")
    return made


def lacks_migrations(connection: BaseDatabaseWrapper) -> bool:
    """Whether a migration that this version brings along is not in the database."""
    with connection.cursor() as cursor:
        if "django_migrations" not in connection.introspection.table_names(cursor):
            return True
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    return any(named not in applied for named in _brought_along())


def _brought_along() -> list[tuple[str, str]]:
    """The migrations on the disk by application and name; none of them is imported for it."""
    found = []
    for app in apps.get_app_configs():
        folder = Path(app.path) / "migrations"
        if (folder / "__init__.py").exists():
            found += [(app.label, one.name) for one in iter_modules([str(folder)])]
    return found


def _probe(connection: BaseDatabaseWrapper) -> datetime:
    """Write the moment of this question; when housekeeping was done whole last."""
    table = connection.ops.quote_name(HousekeepingRun._meta.db_table)
    now = connection.ops.adapt_datetimefield_value(database_clock.now(connection).astimezone(UTC))
    # The table's name is the model's own.
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET probed_at = %s WHERE id = %s", [now, THE_ROW])  # noqa: S608
        cursor.execute(f"SELECT whole_at FROM {table} WHERE id = %s", [THE_ROW])  # noqa: S608
        found = (cursor.fetchone() or [database_clock.now(connection)])[0]
    moment: datetime = parse_datetime(found) if isinstance(found, str) else found  # type: ignore[assignment]
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _reason(error: Exception, otherwise: Reason) -> Reason:
    code = getattr(error.__cause__, "pgcode", None)
    if code in _CODES:
        return _CODES[code]
    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
        text = str(error)
        return next((reason for word, reason in _WORDS.items() if word in text), otherwise)
    return otherwise


def is_known(headers: Mapping[str, str], address: str) -> bool:
    """Whether who asks may hear the reason: by token, or from the machine itself.

    What a proxy hands on comes from the machine too: its headers tell it apart.
    """
    token = settings.MONITORING_TOKEN
    if token and has_token(headers, token):
        return True
    handed_on = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via")
    return address in ("127.0.0.1", "::1") and not any(name in headers for name in handed_on)


def has_token(headers: Mapping[str, str], token: str) -> bool:
    """Whether the request carries this token as its bearer's."""
    return constant_time_compare(headers.get("Authorization", ""), f"Bearer {token}")
