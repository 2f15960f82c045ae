"""Owns the databases of trials: the test's own for a server beside it, and a PostgreSQL to kill."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection, connections

from tests import postgres
from tests.hold.running import children, end, gone

# A commit that is answered is on its way to the disk, and the log is written in small pieces, so
# that a disk is full soon. Nothing waits for the disk itself: processes are killed, no machine is.
CAREFUL = "-c fsync=off -c synchronous_commit={commit} -c wal_writer_delay=10s"


def own_url() -> str:
    """The address of the database of this test, for a process of its own."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{connection.settings_dict['NAME']}"
    known = connection.get_connection_params()
    return f"postgres://{known['user']}@/{known['dbname']}?host={quote(str(known['host']))}"


def own_server() -> list[str]:
    """How PostgreSQL's programs find the server of this test."""
    known = connection.get_connection_params()
    return ["-h", str(known["host"]), "-U", str(known["user"])]


@contextmanager
def looking_into(changes: Mapping[str, Any]) -> Iterator[None]:
    """Ask another database, or by another way, instead of the test's own by its own."""
    known = connection.settings_dict
    before = dict(known)
    connections.close_all()
    known.update(changes)
    try:
        yield
    finally:
        connections.close_all()
        known.update(before)


class Cluster:
    """A PostgreSQL with a copy of the test's database, which can be killed and started again."""

    def __init__(
        self, programs: Path, commit: str, *, more: str = "", primary: Cluster | None = None
    ) -> None:
        self._programs, self._user = programs, postgres.owner()
        self.folder = Path(tempfile.mkdtemp(prefix="qy-hold-", dir="/tmp"))
        if self._user:
            shutil.chown(self.folder, self._user)
        self._options = (
            f"-c listen_addresses= -c unix_socket_directories={self.folder} "
            f"{CAREFUL.format(commit=commit)} {more}"
        )
        if primary is not None:
            self._follow(primary)
            return
        self._run("initdb", "-U", "qy", "--auth=trust", "--encoding=UTF8", "--locale=C",
                  "--no-sync", "--wal-segsize=1")  # fmt: skip

    @property
    def output(self) -> Path:
        """What it says, line by line."""
        return self.folder / "output"

    @property
    def url(self) -> str:
        return f"postgres://qy@/postgres?host={quote(str(self.folder))}"

    @property
    def known(self) -> dict[str, Any]:
        """What `looking_into` takes."""
        options = {**connection.settings_dict["OPTIONS"], "host": str(self.folder)}
        return {"NAME": "postgres", "OPTIONS": options}

    @property
    def process(self) -> int:
        """The parent of all processes of the server."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def start(self) -> None:
        """Start it, after a kill too, and wait until it has recovered."""
        self._run("pg_ctl", "-w", "-t", "120", "-o", self._options, "start")

    def kill(self) -> None:
        """Kill all of its processes at once; it may have ended by itself."""
        if not (self.folder / "data" / "postmaster.pid").exists():
            return
        parent = self.process
        others = children(parent)
        end(parent)
        for one in others:
            end(one)
        for one in (parent, *others):
            gone(one)
        # Until somebody takes its status, a dead process still counts as one that is running.
        for lock in (self.folder / "data" / "postmaster.pid", *self.folder.glob(".s.PGSQL.*")):
            lock.unlink(missing_ok=True)

    def limit_files(self, most: int) -> None:
        """Let no file grow past so many bytes, until it is killed."""
        prefix = ["runuser", "-u", self._user, "--"] if self._user else []
        parent = self.process
        for one in (parent, *children(parent)):
            # Whoever is not the owner of a process may not, root in a container included.
            limit = [*prefix, "prlimit", "--pid", str(one), f"--fsize={most}:"]
            subprocess.run(limit, check=one == parent, capture_output=True)

    def copy(self) -> None:
        """Take the test's own database over, rows and all."""
        name = str(connection.settings_dict["NAME"])
        dump = subprocess.run(
            [self._programs / "pg_dump", *own_server(), "--exclude-schema=kept", name],
            check=True,
            capture_output=True,
        )
        into = ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-U", "qy"]
        into = [str(self._programs / into[0]), *into[1:], "postgres"]
        subprocess.run(into, input=dump.stdout, check=True, capture_output=True)

    def remove(self) -> None:
        """End it and leave nothing behind."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _follow(self, primary: Cluster) -> None:
        """Make it a replica by the script that is shipped."""
        given = {
            "PGDATA": str(self.folder / "data"),
            "PRIMARY": f"host={primary.folder} user=qy",
            "PATH": f"{self._programs}:{os.environ['PATH']}",
        }
        prefix = ["runuser", "-u", self._user, "--"] if self._user else []
        script = Path(settings.BASE_DIR) / "docs" / "deploy" / "replica.sh"
        # Whoever runs it may not read the folder that it lies in.
        subprocess.run(
            [*prefix, "sh", "-s", "true"],
            input=script.read_bytes(),
            cwd=self.folder,
            env=os.environ | given,
            check=True,
        )

    def _run(self, program: str, *arguments: str) -> None:
        prefix = ["runuser", "-u", self._user, "--"] if self._user else []
        command = [*prefix, str(self._programs / program), "-D", str(self.folder / "data")]
        with (self.folder / "output").open("ab") as output:
            result = subprocess.run(
                [*command, *arguments],
                cwd=self.folder,
                env={**os.environ, "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        assert result.returncode == 0, (self.folder / "output").read_text()[-4000:]


@contextmanager
def cluster(commit: str = "on", more: str = "") -> Iterator[Cluster]:
    """A PostgreSQL of one's own with what the test put into its database."""
    programs = postgres.find_programs()
    assert programs is not None
    found = Cluster(programs, commit, more=more)
    try:
        found.start()
        found.copy()
        yield found
    finally:
        found.remove()


@contextmanager
def standby(primary: Cluster) -> Iterator[Cluster]:
    """A replica that streams from this PostgreSQL, and tells in its output what it is asked."""
    programs = postgres.find_programs()
    assert programs is not None
    found = Cluster(programs, "on", more="-c log_statement=all", primary=primary)
    try:
        found.start()
        yield found
    finally:
        found.remove()
