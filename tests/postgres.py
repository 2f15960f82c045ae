"""Owns a throw-away PostgreSQL: starts one, runs a command with DATABASE_URL, always stops it.

    python tests/postgres.py COMMAND [ARGUMENT …]

The cluster listens on a socket in a temporary folder only, so it meets no other server. Where the
machine has no PostgreSQL one line says so, and that is a failure only if QY_REQUIRE_ALL is set.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

PROGRAMS = ("initdb", "pg_ctl", "postgres")
# Lost with the cluster anyway, so nothing waits for the disk.
CAREFREE = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def find_programs() -> Path | None:
    """Return the folder that holds PostgreSQL's server programs, the newest version first."""
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    folders = sorted(versions, key=lambda path: float(path.parent.name), reverse=True)
    on_path = shutil.which("pg_ctl")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        if all(os.access(folder / program, os.X_OK) for program in PROGRAMS):
            return folder
    return None


def owner() -> str | None:
    """Return the user the server must run as, which is never root; None is whoever we are."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """Yield the DATABASE_URL of a running cluster and remove every trace of it afterwards."""
    user = owner()
    prefix = ["runuser", "-u", user, "--"] if user else []
    # The path of a socket must be short, which TMPDIR may not be.
    folder = Path(tempfile.mkdtemp(prefix="qy-pg-", dir="/tmp"))
    if user:
        shutil.chown(folder, user)

    def run(program: str, *arguments: str) -> None:
        command = [*prefix, str(programs / program), "-D", str(folder / "data"), *arguments]
        # Its output goes to a file: the server would keep a pipe open and us waiting.
        with (folder / "output").open("ab") as output:
            result = subprocess.run(
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        if result.returncode:
            raise SystemExit(f"{program} failed:\n{(folder / 'output').read_text()}")

    try:
        run("initdb", "-U", "qy", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        listen = f"-c listen_addresses= -c unix_socket_directories={folder} {CAREFREE}"
        run("pg_ctl", "-w", "-o", listen, "start")
        try:
            yield f"postgres://qy@/postgres?host={quote(str(folder))}"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    """Run the command against a throw-away cluster and return its exit status."""
    if not command:
        raise SystemExit(__doc__)
    programs = find_programs()
    if programs is None:
        print("PostgreSQL is not installed: its tests are skipped.")  # noqa: T201
        return 1 if os.environ.get("QY_REQUIRE_ALL") else 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with cluster(programs) as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
