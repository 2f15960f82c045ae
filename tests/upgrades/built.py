"""Owns what a database is built of, as plain values, so that two can be held beside each other.

The order of columns is left out: SQLite puts those that a table is made anew for at the end.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from django.db import connection

from tests.kept_rows import MADE_BY_TRIGGERS

Rows = dict[str, list[tuple[str, ...]]]

_OF_POSTGRESQL = """
    SELECT 'column', table_name, column_name, concat_ws(' ', data_type, character_maximum_length,
        numeric_precision, numeric_scale, is_nullable, column_default, collation_name,
        is_identity, identity_generation)
        FROM information_schema.columns WHERE table_schema = current_schema()
    UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
    UNION ALL SELECT 'index', tablename, indexname, indexdef
        FROM pg_indexes WHERE schemaname = current_schema()
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'function', '', proname, pg_get_functiondef(oid)
        FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND prokind = 'f'
    UNION ALL SELECT 'view', viewname, '', definition
        FROM pg_views WHERE schemaname = current_schema()
"""
# PostgreSQL spells a list in a condition in another way once a column has got another length.
_CAST = re.compile(r"::(?:text|character varying)(?:\[\])?")
_IN_BRACKETS = re.compile(r"\(('[^']*'|ARRAY\[[^]]*\])\)")
# What lies in a row by the clock, and would differ between any two databases.
_CLOCKS = {"applied", "whole_at", "tried_at"}
_KEY = re.compile("(^|_)id$")


def objects() -> dict[tuple[str, str, str], Any]:
    """Tables, columns, defaults, constraints, indexes, triggers, functions: each with its text."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_OF_POSTGRESQL)
            return {
                (kind, table, name): _uncast(text) for kind, table, name, text in cursor.fetchall()
            }
        cursor.execute(
            "SELECT type, tbl_name, name, sql FROM sqlite_master WHERE name <> 'sqlite_sequence'"
        )
        return {
            (kind, table, name): Counter((sql or "").removesuffix(")").split(", "))
            for kind, table, name, sql in cursor.fetchall()
        }


def _uncast(text: str) -> str:
    """Without the casts of texts, and the brackets that were around them."""
    return _IN_BRACKETS.sub(r"\1", _IN_BRACKETS.sub(r"\1", _CAST.sub("", text)))


def rows() -> Rows:
    """The rows of each table that has some, without keys and what the clock wrote.

    Words of the data's stamp are drawn at random.
    """
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - MADE_BY_TRIGGERS):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            named = [column[0] for column in cursor.description]
            told = [
                tuple(
                    sorted(
                        f"{name}={value}"
                        for name, value in zip(named, row, strict=True)
                        if name not in _CLOCKS and not _KEY.search(name)
                    )
                )
                for row in cursor.fetchall()
            ]
            if told:
                found[table] = sorted(told)
    return found
