"""Owns what an administrator gathers while people vote: traces of rows, the log, the disks.

What is made of it is another's business (`linking`).
"""

from __future__ import annotations

import math
import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from tests import postgres
from tests.hold.databases import own_server


@dataclass
class Looter:
    """Watches two tables while people vote; afterwards it has the traces of their rows."""

    people: str
    marks: str
    started: str = ""
    dumps: list[dict[str, set[Any]]] = field(default_factory=list)

    def start(self) -> None:
        if connection.vendor == "postgresql":
            self.started = str(asked("SELECT pg_current_wal_insert_lsn()")[0][0])
        self.dump()

    def dump(self) -> None:
        """Dump both tables, as a backup would that somebody happened to make now."""
        self.dumps.append(
            {
                table: {row[0] for row in asked(f"SELECT id FROM {table}")}
                for table in (self.people, self.marks)
            }
        )

    def traces(self, table: str) -> dict[Any, dict[str, float]]:
        """The traces of every row, by its key."""
        first = {
            key: float(number)
            for number, dump in reversed(list(enumerate(self.dumps)))
            for key in dump[table]
        }
        if connection.vendor == "sqlite":
            return {
                key: {"place": place, "dumps": first.get(key, math.inf), **numbered(key)}
                for key, place in asked(f"SELECT id, rowid FROM {table}")
            }
        logged, amounts = self._log(table)
        found = {}
        for key, xmin, place in asked(f"SELECT id, xmin::text, ctid::text FROM {table}"):
            page, line = map(int, place.strip("()").split(","))
            found[key] = {
                "xmin": float(xmin),
                "place": page * 10_000.0 + line,
                "dumps": first.get(key, math.inf),
                # A ballot that was replaced has been written anew.
                "log": logged.get((page, line), math.inf),
                "bytes of log": amounts[int(xmin)],
                **numbered(key),
            }
        return found

    def _log(self, table: str) -> tuple[dict[tuple[int, int], float], Mapping[int, float]]:
        """Where in the log each place of a table was written; bytes of it by transaction."""
        node = asked("SELECT pg_relation_filenode(%s::regclass)", table)[0][0]
        places: dict[tuple[int, int], float] = {}
        amounts: Counter[int] = Counter()
        for number, line in enumerate(self.log().splitlines()):
            about = re.search(r"len \(rec/tot\): +\d+/ +(\d+), tx: +(\d+)", line)
            if about:
                amounts[int(about[2])] += int(about[1])
            row = re.search(r"INSERT(?:\+INIT)? off:? (\d+).* rel \d+/\d+/(\d+) blk (\d+)", line)
            if row and int(row[2]) == node:
                places[int(row[3]), int(row[1])] = float(number)
        return places, amounts

    def log(self) -> str:
        """The log of the database since the watch began, as PostgreSQL's own program tells it."""
        programs = postgres.find_programs()
        assert programs is not None
        folder = Path(asked("SHOW data_directory")[0][0]) / "pg_wal"
        end = asked("SELECT pg_current_wal_flush_lsn()")[0][0]
        command = [programs / "pg_waldump", "-p", folder, "-s", self.started, "-e", end]
        run = subprocess.run(command, capture_output=True, text=True)
        assert run.stdout, run.stderr
        return run.stdout


def numbered(key: Any) -> dict[str, float]:
    """A key out of a sequence tells the order too; the twin's are drawn by lot."""
    return {"sequence": float(key)} if isinstance(key, int) else {}


def asked(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return cursor.fetchall()


def flushed() -> None:
    """Let the log of the database be on the disk as it is by itself after a moment."""
    if connection.vendor == "postgresql":
        asked("SELECT pg_switch_wal()")


def disks(looter: Looter, folder: Path) -> Iterator[tuple[str, bytes]]:
    """All that lies on disks: of PostgreSQL a base backup, a dump, its log since the start."""
    if connection.vendor == "sqlite":
        file = Path(str(connection.settings_dict["NAME"]))
        for one in file.parent.glob(f"{file.name}*"):
            yield "disk", one.read_bytes()
        call_command("dumpdata", "courts", output=str(folder) + ".json", verbosity=0)
        yield "dump", Path(str(folder) + ".json").read_bytes()
        return
    programs = postgres.find_programs()
    assert programs is not None
    where = own_server()
    subprocess.run(
        [programs / "pg_basebackup", *where, "-D", folder, "-c", "fast", "-X", "none", "--no-sync"],
        check=True,
        capture_output=True,
    )
    own = asked("SELECT oid FROM pg_database WHERE datname = current_database()")[0][0]
    for one in (folder / "base" / str(own)).iterdir():
        yield "disk", one.read_bytes()
    dump = [programs / "pg_dump", *where, connection.settings_dict["NAME"]]
    yield "dump", subprocess.run(dump, check=True, capture_output=True).stdout
    first = asked("SELECT pg_walfile_name(%s)", looter.started)[0][0]
    for segment in (Path(asked("SHOW data_directory")[0][0]) / "pg_wal").glob("0*"):
        if segment.name >= first:
            yield "log", segment.read_bytes()
