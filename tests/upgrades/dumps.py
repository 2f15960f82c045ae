"""Owns the stored dumps: what a database held when a migration was the newest, and what it scored.

    python -m tests.upgrades.dumps

stores the dump of every migration that has none, and drops those of migrations that are gone. The
newest migration's is made by this version itself, with the commands that a person would use, and
what `score` prints then is stored with it; a stored dump is never made again. One of a migration
between two others is the dump before it, upgraded. `made_by` says which it is. Dumps up to 0029
that say “release” were made by the versions of those days.

A dump has plain values as SQLite keeps them, bytes as base64; it goes into either database.
"""

from __future__ import annotations

import base64
import json
import lzma
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
BASE = HERE.parent.parent
STORED = HERE / "stored"
GOLDEN = BASE / "tests" / "golden"
MIGRATIONS = BASE / "courts" / "migrations"
MONTHS = ("2019-06", "2019-12")
SQUASHED = "_squashed_"
KEPT_BY_DJANGO = "django_migrations"
BYTES = "base64"
POSTGRESQL_BOOLEAN = 16

Dump = dict[str, Any]


def names() -> list[str]:
    """All migrations of this version, in their order; not the one that makes them all at once."""
    return sorted(file.stem for file in MIGRATIONS.glob("0*.py") if SQUASHED not in file.stem)


def file_of(name: str) -> Path:
    """Where the dump of a migration is stored."""
    return STORED / f"{name}.json.xz"


def read(name: str) -> Dump:
    """The stored dump of a migration."""
    found: Dump = json.loads(lzma.decompress(file_of(name).read_bytes()))
    return found


def write(name: str, dump: Dump) -> None:
    text = json.dumps(dump, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=str)
    file_of(name).write_bytes(lzma.compress(text.encode(), preset=9))


def steps() -> Iterator[str]:
    """Apply what the present database lacks, and yield after each migration of the courts.

    An empty one goes the way of old, too, one by one.
    """
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.loader import MigrationLoader

    class OneByOne(MigrationLoader):
        def build_graph(self) -> None:
            self.replace_migrations = False
            super().build_graph()
            for key, migration in self.replacements.items():
                self.graph.remove_replacement_node(key, migration.replaces)

    executor = MigrationExecutor(connection)
    executor.loader = OneByOne(connection)
    executor.recorder.ensure_schema()
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    state = executor._create_project_state(  # type: ignore[attr-defined]
        with_applied_migrations=True
    )
    for migration, _backwards in plan:
        # As the executor does: a state whose models were drawn once is changed, not drawn anew.
        state.apps  # noqa: B018
        state = executor.apply_migration(state, migration)
        if migration.app_label == "courts":
            yield migration.name


def columns() -> Mapping[str, list[str]]:
    """The columns of each table that is there, sorted."""
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} LIMIT 0")
            found[table] = sorted(column[0] for column in cursor.description)
    return found


def load(dump: Mapping[str, Any]) -> None:
    """Put a dump in the place of all rows of the present database."""
    from django.db import connection, transaction

    quote = connection.ops.quote_name
    there = columns()
    with transaction.atomic(), connection.cursor() as cursor:
        for table in there.keys() - {KEPT_BY_DJANGO}:
            cursor.execute(f"DELETE FROM {quote(table)}")
        for table, held in dump["tables"].items():
            if table == KEPT_BY_DJANGO or not held["rows"]:
                continue
            listed = ", ".join(quote(one) for one in held["columns"])
            holes = ", ".join(["%s"] * len(held["columns"]))
            rows = [[_value(one) for one in row] for row in held["rows"]]
            if connection.vendor == "postgresql":
                rows = _with_booleans(cursor, table, held["columns"], rows)
            cursor.executemany(f"INSERT INTO {quote(table)} ({listed}) VALUES ({holes})", rows)
        if connection.vendor == "postgresql":
            _count_on(cursor)


def _value(value: Any) -> Any:
    return base64.b64decode(value[BYTES]) if isinstance(value, dict) else value


def _with_booleans(
    cursor: Any, table: str, named: list[str], rows: list[list[Any]]
) -> list[list[Any]]:
    from django.db import connection

    described = connection.introspection.get_table_description(cursor, table)
    kinds = {column.name: column.type_code for column in described}
    flags = [place for place, one in enumerate(named) if kinds[one] == POSTGRESQL_BOOLEAN]
    for row in rows:
        for place in flags:
            row[place] = None if row[place] is None else bool(row[place])
    return rows


def _count_on(cursor: Any) -> None:
    """Let new keys begin after those that were put in."""
    cursor.execute(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE is_identity = 'YES' AND table_schema = current_schema()"
    )
    for table, column in cursor.fetchall():
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), "
            f'(SELECT coalesce(max("{column}"), 0) + 1 FROM "{table}"), false)'
        )


def dumped() -> Mapping[str, Any]:
    """All rows of the present database, which is SQLite."""
    from django.db import connection

    tables = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            named = [column[0] for column in cursor.description]
            rows = [[_plain(one) for one in row] for row in cursor.fetchall()]
            tables[table] = {"columns": named, "rows": rows}
    return tables


def _plain(value: Any) -> Any:
    return {BYTES: base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def scored() -> dict[str, str]:
    """What `score` prints for two months, as lines alone."""
    from django.core.management import call_command

    found = {}
    for month in MONTHS:
        printed = StringIO()
        call_command("score", month, "--format", "csv", stdout=printed, stderr=StringIO())
        found[month] = plain_lines(printed.getvalue())
    return found


def plain_lines(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").strip()


def filled() -> Dump:
    """The dump of this version, by its own commands."""
    from django.core.management import call_command

    quiet = {"stdout": StringIO(), "stderr": StringIO()}
    call_command("migrate", verbosity=0)
    call_command("setup_year", "yanbian-2019", **quiet)
    call_command("import_figures", str(GOLDEN / "made-2019.csv"), **quiet)
    call_command("import_targets", str(GOLDEN / "made-targets-2019.csv"), **quiet)
    call_command("housekeeping", **quiet)
    return {"scores": scored(), "tables": dumped()}


def store_missing() -> list[str]:
    """Store what is missing, each in a database of its own; the names of what was stored."""
    stored = []
    before = ""
    for name in steps():
        if file_of(name).exists():
            before = name
            # Upgraded is only what a dump between has to be made from.
            if not all(file_of(later).exists() for later in names() if later > name):
                load(read(name))
        elif name != names()[-1]:
            write(name, {**read(before), "made_by": f"upgraded from {before}", "tables": dumped()})
            stored.append(name)
            before = name
    return stored


def main() -> None:
    """Store what is missing: those between by upgrading, then the newest by its own commands."""
    os.environ.update(DEBUG="1", DJANGO_SETTINGS_MODULE="qualityyear.settings")
    sys.path.insert(0, str(BASE))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/upgraded.sqlite3"
        import django

        django.setup()
        from django.db import connection, connections

        from qualityyear import VERSION

        for file in STORED.glob("*.json.xz"):
            if file.name.removesuffix(".json.xz") not in names():
                file.unlink()
        newest = names()[-1]
        missing = [name for name in names() if not file_of(name).exists()]
        # Usually the newest alone is missing, and nothing has to be upgraded for it.
        stored = store_missing() if missing[:-1] else []
        if not file_of(newest).exists():
            connection.close()
            other = f"{folder}/filled.sqlite3"
            connections.databases["default"]["NAME"] = connection.settings_dict["NAME"] = other
            write(newest, {"made_by": f"release {VERSION}", **filled()})
            stored.append(newest)
        connection.close()
    print("\n".join(stored) or "Every migration has its dump.")  # noqa: T201


if __name__ == "__main__":
    main()
