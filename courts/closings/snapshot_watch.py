"""Owns the triggers that hold closings, snapshots and issued files, whoever writes.

A snapshot is published once and voided once, a closing reopened once; nothing else of a row ever
changes, and no row is deleted. The files of an issue, what its blocks said and who read it never
change at all. They are put up after every `migrate`, because SQLite loses a
table's triggers when a migration makes the table anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connections

# The columns that may be filled once, and the one that tells that they were.
ONCE = {
    "Snapshot": (("published_at",), ("voided_at", "voided_reason")),
    "Closing": (("reopened_at", "reopened_by_id", "reopened_reason"),),
    "Acceptance": (("first_at", "first_by_id"), ("second_at", "second_by_id"), ("withdrawn_at",)),
    "BlockRevision": (),
    "BulletinFile": (),
    "BulletinReceipt": (),
}

_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION {name}()
"""
_SQLITE = """
CREATE TRIGGER {name} BEFORE {verb} ON {table} {when}
BEGIN SELECT RAISE(ABORT, '{message}'); END
"""


def put_up(using: str = "default", **_signal: Any) -> None:
    """Create the triggers that are not there; called after every migration and flush."""
    connection = connections[using]
    is_sqlite = connection.vendor == "sqlite"
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model in ONCE:
            table = apps.get_model("courts", model)._meta.db_table
            if table not in present:
                continue
            for name, verb, condition in _triggers(model, is_sqlite=is_sqlite):
                cursor.execute(
                    "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name = %s"
                    if is_sqlite
                    else "SELECT count(*) FROM pg_trigger WHERE tgname = %s",
                    [name],
                )
                if cursor.fetchone()[0]:
                    continue
                values = {
                    "name": name,
                    "verb": verb,
                    "table": table,
                    "when": f"WHEN ({condition})" if condition else "",
                    "message": f"a {model.lower()} never changes",
                }
                if not is_sqlite:
                    cursor.execute(_FUNCTION.format(**values))
                cursor.execute((_SQLITE if is_sqlite else _POSTGRESQL).format(**values))


def _triggers(model: str, *, is_sqlite: bool) -> Iterator[tuple[str, str, str]]:
    """Name, act and condition of a model's triggers."""
    distinct = "IS NOT" if is_sqlite else "IS DISTINCT FROM"
    fields = apps.get_model("courts", model)._meta.concrete_fields
    once = ONCE[model]
    free = {column for columns in once for column in columns}
    changes = [
        f"NEW.{field.column} {distinct} OLD.{field.column}"
        for field in fields
        if field.column not in free
    ]
    for columns in once:
        again = " OR ".join(f"NEW.{column} {distinct} OLD.{column}" for column in columns)
        changes.append(f"(OLD.{columns[0]} IS NOT NULL AND ({again}))")
    yield f"{model.lower()}_held", "UPDATE", " OR ".join(changes)
    yield f"{model.lower()}_kept", "DELETE", ""
