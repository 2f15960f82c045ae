"""Owns the triggers that change the data stamp whenever a row changes that pages compute from.

They hold whoever writes: the application, an import, a person at the database's own prompt. They
are put up after every `migrate`, because SQLite loses a table's triggers when a migration makes
the table anew. On PostgreSQL every transaction adds a word of its own and waits for nobody: a row
that all of them changed would have them wait for each other in a circle.

What is written all day belongs to a court: its words are those of the court's prefecture, and what
another prefecture's pages keep stays. All other words are everybody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

# Words that stay until later transactions take them away; the stamp is all of them together.
KEPT = 20
# In the place of a prefecture: the words that count for all of them.
EVERYBODY = 0
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

# What is written all day, and the foreign keys that lead from it to its court.
OF_A_COURT = {
    "MonthlyReturn": ("court",),
    "Figure": ("monthly_return", "court"),
    "Submission": ("monthly_return", "court"),
    "UnlockRequest": ("monthly_return", "court"),
    "Reopening": ("monthly_return", "court"),
    "EntryOnBehalf": ("monthly_return", "court"),
    "CellComment": ("monthly_return", "court"),
    "FollowUp": ("monthly_return", "court"),
    "ExtractFigure": ("court",),
    "Difference": ("court",),
    "RegisterLine": ("court",),
    "RegisterTally": ("court",),
}

# The words drawn in this transaction stand in the setting; everybody's stands for all others.
_DRAW = """
CREATE OR REPLACE FUNCTION qualityyear_draw(prefecture bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    drawn text := coalesce(current_setting('qualityyear.drawn', true), '');
    own bigint;
BEGIN
    IF position('|{everybody}|' IN drawn) > 0 OR position('|' || prefecture || '|' IN drawn) > 0
    THEN
        RETURN;
    END IF;
    INSERT INTO {stamp} (root, value) VALUES (prefecture, gen_random_uuid()::text)
    RETURNING id INTO own;
    DELETE FROM {stamp} WHERE id IN (
        SELECT id FROM {stamp} WHERE root = prefecture AND id < own - {kept}
        FOR UPDATE SKIP LOCKED);
    PERFORM set_config('qualityyear.drawn', drawn || '|' || prefecture || '|', true);
END $$
"""
_FOR_EVERYBODY = """
CREATE OR REPLACE FUNCTION qualityyear_data_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM qualityyear_draw({everybody});
    RETURN NULL;
END $$
"""
_FOR_PREFECTURES = """
CREATE OR REPLACE FUNCTION {name}_{act}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM qualityyear_draw(root)
    FROM (SELECT DISTINCT {root} AS root FROM ({rows}) AS changed) AS roots;
    RETURN NULL;
END $$
"""
_OF_EVERYBODY = """
CREATE TRIGGER {name} AFTER INSERT OR UPDATE{columns} OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION qualityyear_data_changed()
"""
_EMPTIED = """
CREATE TRIGGER {name}_truncate AFTER TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION qualityyear_data_changed()
"""
_OF_PREFECTURES = """
CREATE TRIGGER {name}_{act} AFTER {act} ON {table} REFERENCING {changed}
FOR EACH STATEMENT EXECUTE FUNCTION {name}_{act}()
"""
# What a statement changed: how PostgreSQL hands it over, and the rows with their courts.
_CHANGED = {
    "insert": ("NEW TABLE AS later", "SELECT * FROM later"),
    "update": (
        "OLD TABLE AS earlier NEW TABLE AS later",
        "SELECT * FROM earlier UNION ALL SELECT * FROM later",
    ),
    "delete": ("OLD TABLE AS earlier", "SELECT * FROM earlier"),
}
_LEADS_ON = "(SELECT {column} FROM {table} WHERE id = {found})"
_PREFECTURE = (
    "coalesce((SELECT coalesce(parent_id, id) FROM {table} WHERE id = {found}), {everybody})"
)
# Deleted and inserted: a statement that ignores conflicts would ignore that of an upsert here too.
_SQLITE = """
CREATE TRIGGER {name}_{act} AFTER {on} ON {table} {when} BEGIN
    DELETE FROM {stamp} WHERE root = {root};
    INSERT INTO {stamp} (root, value) VALUES ({root}, lower(hex(randomblob(16))));
END
"""


def tables(models: Iterable[str] = STAMPED) -> dict[str, str]:
    """The tables of what is stamped, or of some of it, by the name of their trigger."""
    found = (_model(name)._meta.db_table for name in models)
    return {f"stamped_{table}": table for table in found}


def put_up(using: str = "default", **_signal: Any) -> None:
    """Create the triggers that are not there; called after every migration and flush.

    What they do is written anew each time, which no table has to wait for.
    """
    connection = connections[using]
    stamp = _model("DataStamp")._meta.db_table
    present = set(connection.introspection.table_names())
    if stamp not in present:
        return
    there = _there(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            drawing = {"stamp": stamp, "kept": KEPT, "everybody": EVERYBODY}
            cursor.execute(_DRAW.format_map(drawing))
            cursor.execute(_FOR_EVERYBODY.format_map(drawing))
        for model in STAMPED:
            if _model(model)._meta.db_table in present:
                for own, (*functions, trigger) in _triggers(connection, model, stamp).items():
                    for statement in functions:
                        cursor.execute(statement)
                    if own not in there:
                        cursor.execute(trigger)
        if not there:
            # Whatever was written while none was up.
            words: Any = _model("DataStamp")
            words.objects.using(using).create(root=EVERYBODY, value=uuid4().hex)


def take_down(using: str = "default", plan: Sequence[object] | None = None, **_signal: Any) -> None:
    """Drop the triggers; called before every migration, which may change what they name.

    With nothing to migrate PostgreSQL keeps them: to drop one it has to wait for whoever reads the
    table, such as a backup, and everybody else waits behind it.
    """
    connection = connections[using]
    if connection.vendor == "postgresql" and plan is not None and not plan:
        return
    with connection.cursor() as cursor:
        for name, table in _there(connection).items():
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{on}")


def _model(name: str) -> type[Model]:
    return apps.get_model("courts", name)


def _columns(model: str) -> str:
    """The columns whose change counts, as a trigger names them; empty where all do."""
    left_out = UNSTAMPED.get(model)
    if left_out is None:
        return ""
    fields = _model(model)._meta.concrete_fields
    return " OF " + ",".join(str(one.column) for one in fields if one.name not in left_out)


def _root(model: str, row: str) -> str:
    """SQL for the prefecture of a row, everybody's where it leads to no court."""
    at, found = _model(model), ""
    for name in OF_A_COURT.get(model, ()):
        key: Any = at._meta.get_field(name)
        leads = {"column": key.column, "table": at._meta.db_table, "found": found}
        found = _LEADS_ON.format_map(leads) if found else f"{row}.{key.column}"
        at = key.related_model
    if not found:
        return str(EVERYBODY)
    return _PREFECTURE.format(table=at._meta.db_table, found=found, everybody=EVERYBODY)


def _triggers(
    connection: BaseDatabaseWrapper, model: str, stamp: str
) -> dict[str, tuple[str, ...]]:
    """What creates each trigger of a table, by the trigger's name."""
    table = _model(model)._meta.db_table
    names = {"name": f"stamped_{table}", "table": table, "stamp": stamp}
    if connection.vendor == "sqlite":
        return _triggers_of_rows(model, names)
    if model not in OF_A_COURT:
        sql = _OF_EVERYBODY.format(columns=_columns(model), **names)
        return {names["name"]: (sql,)}
    made: dict[str, tuple[str, ...]] = {f"{names['name']}_truncate": (_EMPTIED.format_map(names),)}
    for act, (changed, rows) in _CHANGED.items():
        told = names | {"act": act, "changed": changed, "rows": rows}
        function = _FOR_PREFECTURES.format(root=_root(model, "changed"), **told)
        made[f"{names['name']}_{act}"] = (function, _OF_PREFECTURES.format_map(told))
    return made


def _triggers_of_rows(model: str, names: dict[str, str]) -> dict[str, tuple[str, ...]]:
    acts = {
        "insert": ("insert", "", _root(model, "NEW")),
        "update": (f"update{_columns(model)}", "", _root(model, "NEW")),
        "delete": ("delete", "", _root(model, "OLD")),
    }
    for name in OF_A_COURT.get(model, ())[:1]:
        key: Any = _model(model)._meta.get_field(name)
        # Of one prefecture before, of another from now on.
        when = f"WHEN OLD.{key.column} IS NOT NEW.{key.column}"
        acts["move"] = (f"update OF {key.column}", when, str(EVERYBODY))
    return {
        f"{names['name']}_{act}": (_SQLITE.format(act=act, on=on, when=when, root=root, **names),)
        for act, (on, when, root) in acts.items()
    }


def _there(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The tables of the triggers that are up, by their names."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Of a table in parts the parts have their own, which go with it; and in one database
            # other schemas may hold other prefectures.
            cursor.execute(
                "SELECT tgname, tgrelid::regclass::text FROM pg_trigger"
                " JOIN pg_class ON pg_class.oid = tgrelid"
                " WHERE tgname LIKE 'stamped_%' AND tgparentid = 0"
                " AND relnamespace = current_schema()::regnamespace"
            )
        else:
            cursor.execute(
                "SELECT name, tbl_name FROM sqlite_master"
                " WHERE type = 'trigger' AND name LIKE 'stamped_%'"
            )
        return dict(cursor.fetchall())
