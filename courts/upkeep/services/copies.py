"""Owns a database as a file and back again, for each kind of database; knows no backup.

A *copy* is one file: a database of SQLite, or a dump of PostgreSQL in its custom format. It is made
of one snapshot, while others write. Of a database of PostgreSQL in which each prefecture has a
schema of its own it is the schema that the address names.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection, connections, transaction
from django.utils.translation import gettext as _

from courts.frame.refusals import BackupError

# What an address says of the way to the server, which its programs go too.
OVER_TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey")
FILE_NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


@contextmanager
def snapshot() -> Iterator[str]:
    """One state of the database for everything inside; the name by which a dump finds it too."""
    if connection.vendor == "sqlite":
        own: Any = connections["default"]
        own.ensure_connection()
        mode, own.transaction_mode = own.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM sqlite_master")
                yield ""
        finally:
            own.transaction_mode = mode
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def copy_to(file: Path, snapshot_name: str) -> None:
    """Write the state of the open snapshot into a file that is not there yet."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(file)) as target:
            connection.connection.backup(target)
            # One file: nothing beside it that somebody could forget to take along.
            target.execute("PRAGMA journal_mode=DELETE")
        return
    _run(
        "pg_dump",
        f"--snapshot={snapshot_name}",
        "--format=custom",
        # Milliseconds: a table that somebody holds is waited for, but not for ever.
        "--lock-wait-timeout=60000",
        f"--file={file}",
        *(f'--schema="{name}"' for name in [_own_schema()] if name),
        _name(),
    )


@contextmanager
def scratch(file: Path, folder: Path) -> Iterator[Mapping[str, str]]:
    """Bring a copy back into a database of its own; its environment variables for a process."""
    if connection.vendor == "sqlite":
        target = folder / "scratch.sqlite3"
        try:
            with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(target)) as own:
                source.backup(own)
            yield {"DATABASE_URL": f"sqlite:///{quote(target.absolute().as_posix())}"}
        finally:
            for made in folder.glob("scratch.sqlite3*"):
                made.unlink()
        return
    name = f"qy_scratch_{os.getpid()}"
    with new_database(name, file):
        # Nothing leads anywhere else.
        ways = {"DIRECT_URL": "", "DATABASE_POOLER": "0"}
        schema = f"-c search_path={connection.ops.quote_name(_own_schema() or 'public')}"
        path = f"?options={quote(schema)}"
        yield {**_environment(), **ways, "DATABASE_URL": f"postgres:///{name}{path}"}


@contextmanager
def new_database(name: str, file: Path, *, is_kept: bool = False) -> Iterator[None]:
    """A database of PostgreSQL with what the dump holds; dropped afterwards unless it is kept."""
    quoted = connection.ops.quote_name(name)
    in_maintenance([f"CREATE DATABASE {quoted} TEMPLATE template0 ENCODING 'UTF8'"])
    is_done = False
    try:
        _bring_in(file, name)
        yield
        is_done = True
    finally:
        if not (is_kept and is_done):
            in_maintenance([f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)"])


def put_in_place(file: Path, stamp: str) -> str:
    """Make the copy the database; what was there before stays under the name that is returned.

    On SQLite all pages are replaced in one transaction, and nothing stays. On PostgreSQL two
    databases change names, which ends every connection to the old one; a schema makes room for the
    one that is restored, and has its name back when that fails.
    """
    if connection.vendor == "sqlite":
        target = _name()
        connections.close_all()
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(target)) as own:
            own.execute("PRAGMA journal_mode=WAL")
            source.backup(own)
        return ""
    if schema := _own_schema():
        old = f"{schema}_old_{stamp}"
        _rename_schema(schema, old)
        try:
            _bring_in(file, _name(), "--single-transaction")
        except BackupError:
            _rename_schema(old, schema)
            raise
        return old
    name, new, old = _name(), f"{_name()}_new_{stamp}", f"{_name()}_old_{stamp}"
    here, there, past = map(connection.ops.quote_name, (name, new, old))
    with new_database(new, file, is_kept=True):
        connections.close_all()
        ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
        in_maintenance(
            [
                f"ALTER DATABASE {here} ALLOW_CONNECTIONS false",
                f"{ends}{_literal(name)} AND pid <> pg_backend_pid()",
                f"ALTER DATABASE {here} RENAME TO {past}",
                f"ALTER DATABASE {there} RENAME TO {here}",
                f"ALTER DATABASE {past} ALLOW_CONNECTIONS true",
            ]
        )
    return old


def _bring_in(file: Path, name: str, *more: str) -> None:
    """What the dump holds, into the database of this name."""
    rights = ("--no-owner", "--no-privileges")
    _run("pg_restore", *rights, "--exit-on-error", *more, f"--dbname={name}", str(file))


def manage(variables: Mapping[str, str], *arguments: str) -> str:
    """What a command of manage.py prints in another database; `BackupError` when it fails."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    return _output(command, {**os.environ, **variables})


def in_maintenance(statements: list[str]) -> None:
    """Statements on databases themselves, each a transaction of its own."""
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def check_tools() -> None:
    """`BackupError` unless pg_dump and pg_restore of this server's version or a newer one exist.

    Through a pooler neither may go: what they set would stay behind for the next that asks.
    """
    if settings.DATABASE_POOLER:
        raise BackupError(_("连接池后面不能备份和恢复：请用 DIRECT_URL 写明直接连接数据库的地址。"))
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        for program in ("pg_dump", "pg_restore"):
            _tool(program)


def _own_schema() -> str:
    """The schema of this installation, where it is not the one that every database has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (name,) = cursor.fetchone()
    return "" if name in (None, "public") else str(name)


def _rename_schema(one: str, other: str) -> None:
    with connection.cursor() as cursor:
        names = map(connection.ops.quote_name, (one, other))
        cursor.execute("ALTER SCHEMA {} RENAME TO {}".format(*names))


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _tool(program: str) -> str:
    """The program of the server's major version, or a newer one on the path."""
    server: Any = connections["default"]
    major = server.pg_version // 10000
    places = [
        f"/usr/lib/postgresql/{major}/bin/{program}",
        f"C:/Program Files/PostgreSQL/{major}/bin/{program}.exe",
        shutil.which(program) or "",
    ]
    for place in places:
        if place and os.access(place, os.X_OK):
            said = re.search(r"\s(\d+)[.\d]*", _output([place, "--version"], dict(os.environ)))
            if said and int(said[1]) >= major:
                return place
    text = _("找不到 %(program)s %(major)s 或更新的版本，请安装 PostgreSQL 的客户端程序。")
    raise BackupError(text % {"program": program, "major": major})


def _run(program: str, *arguments: str) -> None:
    _output([_tool(program), *arguments], {**os.environ, **_environment()})


def _environment() -> dict[str, str]:
    """How libpq finds the server; a password is never an argument that others could list."""
    known = connection.settings_dict
    options = known.get("OPTIONS", {})
    values = {
        **{f"PG{name.upper()}": options.get(name, "") for name in OVER_TLS},
        "PGHOST": known.get("HOST") or options.get("host", ""),
        "PGPORT": str(known.get("PORT") or ""),
        "PGUSER": known.get("USER", ""),
        "PGPASSWORD": known.get("PASSWORD", ""),
    }
    return {name: value for name, value in values.items() if value}


def _output(command: list[str], variables: dict[str, str]) -> str:
    # The command is a program found above with arguments of our own.
    result = subprocess.run(  # noqa: S603
        command, env=variables, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if result.returncode:
        text = _("%(program)s 失败：%(output)s")
        output = result.stderr.strip()[-2000:]
        raise BackupError(text % {"program": Path(command[0]).name, "output": output})
    return result.stdout
