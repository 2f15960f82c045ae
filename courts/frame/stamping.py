"""Owns the triggers that change the data stamp whenever a row changes that pages compute from.

They hold whoever writes: the application, an import, a person at the database's own prompt. They
are put up after every `migrate`, because SQLite loses a table's triggers when a migration makes
the table anew. On PostgreSQL every transaction adds a word of its own and waits for nobody: a row
that all of them changed would have them wait for each other in a circle.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

# Words that stay until later transactions take them away; the stamp is all of them together.
KEPT = 20
# What scores, rankings, dashboards and lists of open work are made from: pages that read nothing
# else keep what they read. A test reads the queries of those pages and tells when a table is
# missing here. Left out is what changes all the time (drafts, notices, events), and the ballots.
STAMPED = (
    "Court",
    "CourtChange",
    "QualityYear",
    "QualityYear_left_out",
    "RulebookEdition",
    "RulebookEdition_writers",
    "ReadingDecision",
    "MonthlyReturn",
    "Figure",
    "Submission",
    "UnlockRequest",
    "Reopening",
    "Extract",
    "ExtractFigure",
    "Difference",
    "Motion",
    "TakenSupplement",
    "AppraisalTarget",
    "Cap",
    "SpecialCase",
    "Assessment",
    "BallotRound",
    "BallotTarget",
    "Closing",
    "Snapshot",
    "Acceptance",
    "RegisterTally",
    "Action",
    "ActionMeasure",
    "ActionAnswer",
    "Proposal",
    "MonthProfile",
    "User",
    "User_groups",
    "SideRole",
    "Deputyship",
    "AccountMaking",
    "AccountProposal",
    "AccountReview",
    "Handover",
    "ApiToken",
    "SentExtract",
    "RegisterLine",
    "EntryOnBehalf",
    "CellComment",
    "FollowUp",
    "CaseVerification",
    "WordTemplate",
    "IssuingTerms",
    "Bulletin",
    "Bulletin_writers",
    "BlockRevision",
    "Consultation",
    "ConsultationAnswer",
    "Objection",
    "Restatement",
    "Scrutineer",
    "PaperTally",
)
# Columns that change without anything else, at every login or call; no list shows them.
UNSTAMPED = {
    "User": frozenset({"last_login", "tour_step"}),
    "ApiToken": frozenset({"last_used_at"}),
}

_FUNCTION = """
CREATE OR REPLACE FUNCTION qualityyear_data_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own bigint;
BEGIN
    IF current_setting('qualityyear.stamped', true) = 'yes' THEN
        RETURN NULL;
    END IF;
    INSERT INTO {stamp} (value) VALUES (gen_random_uuid()::text) RETURNING id INTO own;
    DELETE FROM {stamp} WHERE id IN (
        SELECT id FROM {stamp} WHERE id < own - {kept} FOR UPDATE SKIP LOCKED);
    PERFORM set_config('qualityyear.stamped', 'yes', true);
    RETURN NULL;
END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {name} AFTER INSERT OR UPDATE{columns} OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION qualityyear_data_changed()
"""
# Deleted and inserted: a statement that ignores conflicts would ignore that of an upsert here too.
_SQLITE = """
CREATE TRIGGER {name}_{act} AFTER {act}{columns} ON {table} BEGIN
    DELETE FROM {stamp};
    INSERT INTO {stamp} (id, value) VALUES (1, lower(hex(randomblob(16))));
END
"""


def tables() -> dict[str, str]:
    """The tables of what is stamped, by the name of their trigger."""
    found = (_model(name)._meta.db_table for name in STAMPED)
    return {f"stamped_{table}": table for table in found}


def put_up(using: str = "default", **_signal: Any) -> None:
    """Create the triggers that are not there; called after every migration and flush."""
    connection = connections[using]
    stamp = apps.get_model("courts", "DataStamp")._meta.db_table
    present = set(connection.introspection.table_names())
    if stamp not in present:
        return
    # The columns of some tables may be others now.
    take_down(using)
    there = _there(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION.format(stamp=stamp, kept=KEPT))
        for name, table in tables().items():
            if table in present:
                for own, statement in _statements(connection, name, table, stamp):
                    if own not in there:
                        cursor.execute(statement)


def take_down(using: str = "default", **_signal: Any) -> None:
    """Drop the triggers that name columns; called before every migration, which may drop one.

    PostgreSQL lets no column go that a trigger names.
    """
    connection = connections[using]
    there = _there(connection)
    with connection.cursor() as cursor:
        for table in _columns():
            name = f"stamped_{table}"
            if connection.vendor == "postgresql" and name in there:
                cursor.execute(f"DROP TRIGGER {name} ON {table}")
            elif f"{name}_update" in there:
                cursor.execute(f"DROP TRIGGER {name}_update")


def _model(name: str) -> type[Model]:
    return apps.get_model("courts", name)


def _columns() -> dict[str, list[str]]:
    """The columns whose change counts, by the table; of all other tables every column."""
    return {
        _model(name)._meta.db_table: [
            str(field.column)
            for field in _model(name)._meta.concrete_fields
            if field.name not in left_out
        ]
        for name, left_out in UNSTAMPED.items()
    }


def _statements(
    connection: BaseDatabaseWrapper, name: str, table: str, stamp: str
) -> list[tuple[str, str]]:
    named = _columns().get(table)
    columns = f" OF {', '.join(named)}" if named else ""
    if connection.vendor == "postgresql":
        return [(name, _POSTGRESQL.format(name=name, table=table, columns=columns))]
    acts = {"insert": "", "update": columns, "delete": ""}
    return [
        (f"{name}_{act}", _SQLITE.format(name=name, act=act, columns=own, table=table, stamp=stamp))
        for act, own in acts.items()
    ]


def _there(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of the triggers that are up."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'stamped_%'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {name for (name,) in cursor.fetchall()}
