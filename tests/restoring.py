"""Owns bringing the database back to what migrations left, after a test that commits.

Django empties every table and writes permissions and content types anew, which is much work, and
what migrations put in is lost. Here the rows themselves are kept and put back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


def prepared() -> Callable[[], None]:
    """Keep the database as it is; return what brings it back to that."""
    return _of_sqlite() if connection.vendor == "sqlite" else _of_postgresql()


def _of_sqlite() -> Callable[[], None]:
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    connection.ensure_connection()
    connection.connection.backup(kept)

    def restore() -> None:
        connection.ensure_connection()
        kept.backup(connection.connection)

    return restore


def _of_postgresql() -> Callable[[], None]:
    """Rows that migrations made stand a second time in a schema of their own."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    # Triggers and foreign keys rest meanwhile: what is put back is whole.
    statements = ["SET LOCAL session_replication_role = replica"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA kept")
        for table in map(connection.ops.quote_name, tables):
            statements.append(f"DELETE FROM public.{table}")
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM public.{table})")
            if cursor.fetchone()[0]:
                cursor.execute(f"CREATE TABLE kept.{table} AS TABLE public.{table}")
                statements.append(f"INSERT INTO public.{table} SELECT * FROM kept.{table}")

    def restore() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"BEGIN; {'; '.join(statements)}; COMMIT")

    return restore


TEMPLATE = "qy_migrated"


def template() -> str | None:
    """The migrated database of this PostgreSQL, if one of the run's processes has made it."""
    with _without_database() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE])
        return TEMPLATE if cursor.fetchone() else None


def keep_template() -> None:
    """Copy the migrated database for the processes to come; nobody may be connected to it."""
    if template():
        return
    own = connection.ops.quote_name(connection.settings_dict["NAME"])
    connection.close()
    with _without_database() as cursor:
        cursor.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE {own}")


@contextmanager
def _without_database() -> Iterator[Any]:
    """A cursor on the database that PostgreSQL itself brings along."""
    with connection._nodb_cursor() as cursor:
        yield cursor
