"""Owns triggers that refuse a change of a row, whoever writes it; the areas say which.

They are put up after every `migrate`, because SQLite loses a table's triggers when a migration
makes the table anew. A trigger that is up is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from string import Formatter

from django.apps import apps
from django.db import connections
from django.db.backends.utils import CursorWrapper

# The row before and after are OLD and NEW. A statement without parameters takes a percent as one.
_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {wrong} THEN
        RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$
"""
_POSTGRESQL = (
    "CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
)
_SQLITE = """
CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {wrong}
BEGIN SELECT RAISE(ABORT, '{message}'); END
"""
_THERE = {
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name = %s",
    # In this schema: others of the database may hold other prefectures.
    "postgresql": "SELECT count(*) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    " WHERE tgname = %s AND relnamespace = current_schema()::regnamespace",
}
_WORDS = {
    "sqlite": {"distinct": "IS NOT", "now": "strftime('%Y-%m-%d %H:%M:%f', 'now')"},
    "postgresql": {"distinct": "IS DISTINCT FROM", "now": "clock_timestamp()"},
}
ALWAYS = "1 = 1"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One trigger: on which model's table, before what, what must not be, and what it says.

    `wrong` is SQL, with `{distinct}`, `{now}` (the database's clock) and tables by their model's
    name in lower case to be filled in.
    """

    name: str
    model: str
    verb: str
    wrong: str
    message: str


def columns_of(model: str) -> list[str]:
    """The columns of a model of this application."""
    return [field.column for field in apps.get_model("courts", model)._meta.concrete_fields]


def differs(columns: Iterable[str]) -> str:
    """That any of these columns of the row changes."""
    return " OR ".join(f"NEW.{one} {{distinct}} OLD.{one}" for one in columns)


def is_up(cursor: CursorWrapper, vendor: str, name: str) -> bool:
    """Whether there is a trigger of that name."""
    cursor.execute(_THERE[vendor], [name])
    return bool(cursor.fetchone()[0])


def put_up(using: str, refusals: Iterable[Refusal]) -> None:
    """Create those that are not there and whose tables are."""
    connection = connections[using]
    vendor = connection.vendor
    present = set(connection.introspection.table_names())
    tables = {
        model._meta.model_name or "": model._meta.db_table
        for model in apps.get_app_config("courts").get_models()
    }
    with connection.cursor() as cursor:
        for one in refusals:
            asked = {field for _text, field, *_rest in Formatter().parse(one.wrong) if field}
            needed = {tables[field] for field in asked & tables.keys()}
            table = tables[one.model.lower()]
            if not needed | {table} <= present or is_up(cursor, vendor, one.name):
                continue
            values = {
                "name": one.name,
                "verb": one.verb,
                "table": table,
                "wrong": one.wrong.format(**_WORDS[vendor], **tables),
                "message": one.message,
            }
            if vendor == "postgresql":
                cursor.execute(_FUNCTION.format(**values), None)
            statement = _POSTGRESQL if vendor == "postgresql" else _SQLITE
            cursor.execute(statement.format(**values), None)
