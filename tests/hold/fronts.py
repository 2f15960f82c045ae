"""Owns what stands before the product or its database, as it is shipped: a pooler, a proxy.

Each runs on this machine's own address alone and ends with the block. Where a machine does not have
the program the test is skipped, or fails if QY_REQUIRE_ALL is set.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from tests import postgres
from tests.hold.running import LOOK_AGAIN, NEVER


def program(name: str) -> str:
    """The path of a program; without it the test ends here."""
    # Debian's are where only root looks for them.
    path = f"{os.environ['PATH']}:/usr/sbin"
    if found := shutil.which(name, path=path):
        return found
    if os.environ.get("QY_REQUIRE_ALL"):
        pytest.fail(f"{name} is not installed", pytrace=False)
    pytest.skip(f"{name} is not installed")


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def shipped(name: str, changes: Mapping[str, str]) -> str:
    """A file of docs/deploy, with what hangs on the machine changed where it stands, once."""
    text = (Path(settings.BASE_DIR) / "docs" / "deploy" / name).read_text("utf-8")
    for one, other in changes.items():
        assert text.count(one) == 1, one
        text = text.replace(one, other)
    return text


@contextmanager
def _running(
    command: list[str], port: int, output: Path, user: str | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """The program until the end of the block, from when it takes connections."""
    with output.open("ab") as told:
        process = subprocess.Popen(command, stdout=told, stderr=told, user=user)
    try:
        for _look in range(round(NEVER / LOOK_AGAIN)):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, output.read_text()[-4000:]
            time.sleep(LOOK_AGAIN)
        yield process
    finally:
        process.terminate()
        process.wait()


@dataclass(frozen=True)
class Pooler:
    """Where PgBouncer listens, and the file that it goes by."""

    port: int
    file: Path
    process: subprocess.Popen[bytes]

    def change(self, one: str, other: str) -> None:
        """Let it go by another value from now on."""
        text = self.file.read_text()
        assert text.count(one) == 1, one
        self.file.write_text(text.replace(one, other))
        self.process.send_signal(signal.SIGHUP)


@contextmanager
def pooler(
    database: str, host: str, role: str, password: str, changes: Mapping[str, str]
) -> Iterator[Pooler]:
    """PgBouncer before this database, by docs/deploy/pgbouncer.ini."""
    pgbouncer, port, user = program("pgbouncer"), free_port(), postgres.owner()
    folder = Path(tempfile.mkdtemp(prefix="qy-pool-", dir="/tmp"))
    try:
        if user:
            # It refuses to be root.
            shutil.chown(folder, user)
        people, file = folder / "userlist.txt", folder / "pgbouncer.ini"
        people.write_text(f'"{role}" "{password}"\n')
        given = {
            "qualityyear = host=database port=5432": f"{database} = host={host} port=5432",
            "listen_port = 6432": f"listen_port = {port}",
            "/etc/pgbouncer/userlist.txt": str(people),
        }
        file.write_text(shipped("pgbouncer.ini", given | dict(changes)))
        with _running([pgbouncer, str(file)], port, folder / "output", user) as process:
            yield Pooler(port, file, process)
    finally:
        shutil.rmtree(folder)


# What Debian's and the image's own file have around it; and who answered, for the test.
AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    log_format answered $upstream_addr;
    access_log {folder}/access.log answered;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/proxy.conf;
}}
"""


@dataclass(frozen=True)
class Proxy:
    """Where nginx listens, and what it wrote down."""

    port: int
    folder: Path

    def answered(self) -> set[int]:
        """The ports of the servers that it asked."""
        ports = re.findall(r"127\.0\.0\.1:(\d+)", (self.folder / "access.log").read_text())
        return set(map(int, ports))


@contextmanager
def proxy(one: int, other: int) -> Iterator[Proxy]:
    """nginx before servers at these two ports, by docs/deploy/proxy.conf."""
    nginx, port = program("nginx"), free_port()
    folder = Path(tempfile.mkdtemp(prefix="qy-proxy-", dir="/tmp"))
    try:
        # Its workers are somebody else's, and keep there what is long.
        folder.chmod(0o755)
        given = {
            "server web:8000": f"server 127.0.0.1:{one}",
            "server web2:8000": f"server 127.0.0.1:{other}",
            "listen 8080;": f"listen 127.0.0.1:{port};",
        }
        (folder / "proxy.conf").write_text(shipped("proxy.conf", given))
        file = folder / "nginx.conf"
        file.write_text(AROUND.format(folder=folder))
        command = [nginx, "-c", str(file)]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        assert "warn" not in checked.stderr
        with _running(command, port, folder / "output"):
            yield Proxy(port, folder)
    finally:
        shutil.rmtree(folder)
