"""Owns the triggers that hold what was issued, and that end consultations and objections in time.

They hold whoever writes. A published issue and its files never change, save that an issue of
made-up figures is withdrawn; the database's clock refuses answers and objections that come late.
They are put up after every `migrate`, because SQLite loses a table's triggers when a migration
makes the table anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

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
    "postgresql": "SELECT count(*) FROM pg_trigger WHERE tgname = %s",
}
NOW = {"sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')", "postgresql": "clock_timestamp()"}
# What withdrawing an issue of made-up figures writes.
WITHDRAWING = frozenset({"state", "withdrawn_by_id", "withdrawn_at", "withdrawn_reason"})


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger: on which model's table, before what, what must not be, and what it says."""

    name: str
    model: str
    verb: str
    wrong: str
    message: str


def _changed(model: str, *but: str) -> str:
    """That any column of the row changes, those named left out."""
    fields = apps.get_model("courts", model)._meta.concrete_fields
    columns = [field.column for field in fields if field.column not in but]
    return "(" + " OR ".join(f"NEW.{one} {{distinct}} OLD.{one}" for one in columns) + ")"


def triggers() -> Iterator[Trigger]:
    """All of them, with `{distinct}`, `{now}` and the names of tables to be filled in."""
    is_demo = "EXISTS (SELECT 1 FROM {snapshot} s WHERE s.id = OLD.snapshot_id AND s.is_demo)"
    yield Trigger(
        "bulletin_issued",
        "Bulletin",
        "UPDATE",
        "(OLD.state = 'published' AND NOT ((NEW.state = 'published' AND NOT "
        f"{_changed('Bulletin')}) OR (NEW.state = 'withdrawn' AND {is_demo} AND NOT "
        f"{_changed('Bulletin', *WITHDRAWING)})))"
        " OR (OLD.state = 'withdrawn' AND NEW.state <> 'withdrawn')",
        "a published issue never changes",
    )
    yield Trigger(
        "bulletin_kept", "Bulletin", "DELETE", "OLD.state <> 'draft'", "an issue is never deleted"
    )
    for verb in ("UPDATE", "DELETE"):
        yield Trigger(
            f"bulletin_file_{verb.lower()}",
            "BulletinFile",
            verb,
            "EXISTS (SELECT 1 FROM {bulletin} b WHERE b.id = OLD.bulletin_id "
            "AND b.state IN ('published', 'withdrawn'))",
            "an issued file never changes",
        )
    yield Trigger(
        "bulletin_file_added",
        "BulletinFile",
        "INSERT",
        "EXISTS (SELECT 1 FROM {bulletin} b WHERE b.id = NEW.bulletin_id "
        "AND b.state IN ('published', 'withdrawn'))",
        "an issue gets no file after it was published",
    )
    over = "EXISTS (SELECT 1 FROM {consultation} c WHERE c.id = NEW.consultation_id AND "
    over += "c.ends_at <= {now})"
    yield Trigger(
        "consultation_answer_late",
        "ConsultationAnswer",
        "INSERT",
        f"NEW.verdict <> 'silent' AND {over}",
        "the consultation is over",
    )
    answer = ("verdict", "note", "by_id", "at")
    changed = " OR ".join(f"NEW.{one} {{distinct}} OLD.{one}" for one in answer)
    yield Trigger(
        "consultation_answer_changed",
        "ConsultationAnswer",
        "UPDATE",
        f"({changed}) AND {over}",
        "the consultation is over",
    )
    yield Trigger(
        "consultation_answer_kept",
        "ConsultationAnswer",
        "DELETE",
        "OLD.id IS NOT NULL",
        "an answer is kept",
    )
    yield Trigger(
        "consultation_over",
        "Consultation",
        "UPDATE",
        f"OLD.ends_at <= {{now}} AND {_changed('Consultation')}",
        "a consultation that is over stays so",
    )
    yield Trigger(
        "objection_late",
        "Objection",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM {objectionterm} t WHERE t.bulletin_id = NEW.bulletin_id "
        "AND t.until > {now})",
        "the time for objections is over",
    )
    yield Trigger(
        "objection_answered",
        "Objection",
        "UPDATE",
        f"OLD.outcome <> 'waiting' AND {_changed('Objection')}",
        "an answered objection never changes",
    )
    yield Trigger(
        "objection_term_held",
        "ObjectionTerm",
        "UPDATE",
        f"OLD.until <= {{now}} AND {_changed('ObjectionTerm')}",
        "a deadline that is over stays so",
    )
    yield Trigger(
        "restatement_decided",
        "Restatement",
        "UPDATE",
        f"OLD.state <> 'proposed' AND {_changed('Restatement')}",
        "a decided restatement never changes",
    )
    yield Trigger(
        "restated_month_held",
        "RestatedMonth",
        "UPDATE",
        f"OLD.new_id IS NOT NULL AND {_changed('RestatedMonth')}",
        "a restated month never changes",
    )


MODELS = ("Bulletin", "Snapshot", "Consultation", "ObjectionTerm")


def put_up(using: str = "default", **_signal: Any) -> None:
    """Create the triggers that are not there; called after every migration and flush."""
    connection = connections[using]
    present = set(connection.introspection.table_names())
    names = {name.lower(): apps.get_model("courts", name)._meta.db_table for name in MODELS}
    distinct = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    for trigger in triggers():
        table = apps.get_model("courts", trigger.model)._meta.db_table
        if table not in present or not set(names.values()) <= present:
            continue
        wrong = trigger.wrong.format(distinct=distinct, now=NOW[connection.vendor], **names)
        _create(connection, trigger, table, wrong)


def _create(connection: BaseDatabaseWrapper, trigger: Trigger, table: str, wrong: str) -> None:
    is_sqlite = connection.vendor == "sqlite"
    values = {
        "name": trigger.name,
        "verb": trigger.verb,
        "table": table,
        "wrong": wrong,
        "message": trigger.message,
    }
    with connection.cursor() as cursor:
        cursor.execute(_THERE[connection.vendor], [trigger.name])
        if cursor.fetchone()[0]:
            return
        if not is_sqlite:
            cursor.execute(_FUNCTION.format(**values))
        # Without parameters nothing is taken for a placeholder.
        cursor.execute((_SQLITE if is_sqlite else _POSTGRESQL).format(**values), None)
