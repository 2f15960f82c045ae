"""Owns the fingerprint of a database: by it one tells that a backup holds what was there.

It is the number and digest of the rows of every table, the names of what stands on the tables
(constraints, indexes, triggers, functions), and the digest of what `score` prints for each year's
latest month. A digest of rows is the sum of their SHA-256, so that their order does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from courts.models import MonthlyReturn, QualityYear
from courts.permissions import Basis
from courts.scores import printouts
from courts.scores.selectors.scores import month_scores
from scoring.facts import Month

Fingerprint = dict[str, Any]
MODULUS = 1 << 256
# Names alone: PostgreSQL writes the text of a check in another way after it was restored.
_OBJECTS = {
    "sqlite": "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%%' "
    "ESCAPE '\\'",
    "postgresql": """
        SELECT 'constraint', conname, '' FROM pg_constraint
            WHERE connamespace = current_schema()::regnamespace
        UNION ALL SELECT 'index', indexname, '' FROM pg_indexes WHERE schemaname = current_schema()
        UNION ALL SELECT 'trigger', tgname, tgrelid::regclass::text FROM pg_trigger
            JOIN pg_class ON pg_class.oid = tgrelid
            WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace
        UNION ALL SELECT 'function', proname, prosrc FROM pg_proc
            WHERE pronamespace = current_schema()::regnamespace
    """,
}


def fingerprint() -> Fingerprint:
    """Of the present database, all of one snapshot if the caller has one open.

    `scores` is None where migrations are missing, since the models do not fit the tables then.
    """
    scores = None if is_behind() else _scores()
    editions = {} if scores is None else _editions()
    return {
        "version": settings.VERSION,
        "editions": editions,
        "kind": connection.vendor,
        "tables": {table: _of_rows(_rows(table)) for table in _tables()},
        "objects": _of_rows(_objects()),
        "scores": scores,
    }


def differences(one: Fingerprint, other: Fingerprint) -> list[str]:
    """The names of what is not the same; scores are left out where one side has none."""
    found = [
        name
        for name in sorted(one["tables"].keys() | other["tables"].keys())
        if one["tables"].get(name) != other["tables"].get(name)
    ]
    if one["objects"] != other["objects"]:
        found.append("objects")
    if None not in (one["scores"], other["scores"]) and one["scores"] != other["scores"]:
        found.append("scores")
    return found


def is_behind() -> bool:
    """Whether a migration is not applied."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_list(cursor)
    return sorted(table.name for table in found if table.type == "t")


def _rows(table: str) -> Iterator[str]:
    quoted = connection.ops.quote_name(table)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {quoted} LIMIT 0")  # noqa: S608
            columns = [connection.ops.quote_name(column[0]) for column in cursor.description]
        what = " || ',' || ".join(f"quote({column})" for column in columns)
    else:
        what = f"{quoted}::text"
    with connection.chunked_cursor() as cursor:
        # Both names come from the database itself, and are quoted.
        cursor.execute(f"SELECT {what} FROM {quoted}")  # noqa: S608
        for (text,) in cursor:
            yield text


def _objects() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(_OBJECTS[connection.vendor], [])
        for row in cursor.fetchall():
            yield repr(row)


def _of_rows(rows: Iterator[str]) -> list[Any]:
    count, total = 0, 0
    for row in rows:
        count += 1
        total = (total + int.from_bytes(sha256(row.encode()).digest())) % MODULUS
    return [count, f"{total:064x}"]


def _scores() -> dict[str, str]:
    found = {}
    for year in QualityYear.objects.select_related("court", "edition").order_by("pk"):
        own = MonthlyReturn.objects.filter(year=year.year)
        latest = own.order_by("-month").values_list("month", flat=True).first()
        if latest is None:
            continue
        for basis in Basis.values:
            scores = month_scores(year, Month(year.year, latest), basis, {})
            text = printouts.as_json(scores, list(scores.scoreboard.scorecards), exact=True)
            found[f"{year.code} {latest} {basis}"] = sha256(text.encode()).hexdigest()
    return found


def _editions() -> dict[str, str]:
    years = QualityYear.objects.select_related("edition").order_by("pk")
    return {year.code: year.edition.sha256 for year in years}
