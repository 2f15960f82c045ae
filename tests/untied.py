"""Owns acting as somebody who has the database itself: triggers that hold rows do not hold them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def untied(*, is_kept: bool = False) -> Iterator[None]:
    """In a transaction in which no trigger refuses anything; taken back unless it is kept."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        if not is_kept:
            transaction.set_rollback(True)
        elif connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = origin")
        else:
            for _name, sql in triggers:
                # Without parameters, so that a percent sign is one.
                cursor.execute(sql, None)
