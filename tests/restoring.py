"""Owns bringing the database back to what migrations left, after a test that commits.

Django empties every table and writes permissions and content types anew, which is much work, and
what migrations put in is lost. Here the rows themselves are kept and put back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

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
