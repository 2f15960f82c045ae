"""Owns how long anything waits for the database: a page a few seconds, a command a minute.

Below a server's own patience (gunicorn's `--timeout`), so that whoever waits gets a page in words
and the connection is free again. SQLite knows one of the limits: how long a writer waits.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured

# What the shipped commands give gunicorn as --timeout; a test compares.
SERVER_SECONDS = 60
# A command may wait for a page or another command, but not for ever.
COMMAND_LOCK_SECONDS = 60
CONNECT_SECONDS = 4
# Seconds without a word, seconds between questions, and how many go without an answer: a server
# that vanished from the network is given up after seven seconds.
KEEPALIVE = {"keepalives_idle": 3, "keepalives_interval": 2, "keepalives_count": 2}
# Set by what serves pages (`qualityyear.wsgi`), before settings are read.
SERVING = "QUALITYYEAR_SERVES"


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: for a lock, for one statement, and idle inside a transaction; 0 is no limit."""

    lock: float
    statement: float
    idle: float

    def check(self) -> Limits:
        """Refuse to start on limits that would never be reached."""
        if not 0 < self.lock < self.statement < self.idle < SERVER_SECONDS:
            raise ImproperlyConfigured(
                "LOCK_SECONDS, STATEMENT_SECONDS and IDLE_SECONDS must grow in this order, from 1 "
                f"to less than the server's own {SERVER_SECONDS} seconds."
            )
        return self


def serves() -> bool:
    """Whether this process serves pages; a command otherwise."""
    return SERVING in os.environ


def limits_of(pages: Limits) -> Limits:
    """Those of this process: of pages where it serves them, of commands otherwise."""
    return pages.check() if serves() else Limits(COMMAND_LOCK_SECONDS, 0, 0)


def limit(database: MutableMapping[str, Any], limits: Limits, *, is_pooled: bool = False) -> None:
    """Write the limits into the settings of a database.

    A pooler takes none with a connection: its role has them (docs/large.md). What else an address
    asks for, such as a schema, would be refused or fall silently by the way: ImproperlyConfigured.
    """
    options = database.setdefault("OPTIONS", {})
    if database["ENGINE"] == "django.db.backends.sqlite3":
        options["timeout"] = limits.lock
        return
    options.update(KEEPALIVE, connect_timeout=CONNECT_SECONDS)
    given = options.get("options", "")
    if is_pooled:
        if given:
            raise ImproperlyConfigured(
                "A pooler takes no options with a connection: set them for the role "
                "(ALTER ROLE … SET), and leave them out of DATABASE_URL and REPLICA_URL."
            )
        return
    own = (
        f"-c lock_timeout={limits.lock * 1000:.0f} "
        f"-c statement_timeout={limits.statement * 1000:.0f} "
        f"-c idle_in_transaction_session_timeout={limits.idle * 1000:.0f}"
    )
    options["options"] = f"{given} {own}".strip()
