"""Owns rows that many tests begin with: made once a run, put back into each test's database.

Setting up a year is the same work thousands of times. It is done once by the services themselves,
read from the tables and taken back; every test then gets the very rows, keys and all. Nothing is
put back that the services would not have written: what they changed instead of adding is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]

# The triggers write it themselves, whenever rows change.
MADE_BY_TRIGGERS = {"courts_datastamp"}
# Names of rows that lie under the running test's own transaction (tests.grounds).
STANDING: set[str] = set()
_KEPT: dict[str, Rows] = {}


def put_back(name: str, make: Callable[[], object]) -> None:
    """Add the rows that `make` adds to the database as it is; the same under one name, always."""
    if name in STANDING:
        return
    if name not in _KEPT:
        _KEPT[name] = _added_by(make)
    with transaction.atomic(), connection.cursor() as cursor:
        for table, (columns, rows) in _KEPT[name].items():
            quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
            holes = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {connection.ops.quote_name(table)} ({quoted}) VALUES ({holes})", rows
            )


def _added_by(make: Callable[[], object]) -> Rows:
    with transaction.atomic():
        before = _all_rows()
        make()
        after = _all_rows()
        transaction.set_rollback(True)
    added: Rows = {}
    for table, (columns, rows) in after.items():
        old = set(before[table][1])
        assert old <= set(rows), f"{table} was changed, not only added to"
        new = [row for row in rows if row not in old]
        if new:
            added[table] = (columns, new)
    return added


def _all_rows() -> Rows:
    found: Rows = {}
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        for table in tables:
            if table in MADE_BY_TRIGGERS:
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description]
            rows = [tuple(map(_hashable, row)) for row in cursor.fetchall()]
            found[table] = (columns, rows)
    return found


def _hashable(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
