"""Owns a served product that can be killed: workers, everything; and what a browser asks of it."""

from __future__ import annotations

import http.client
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

if TYPE_CHECKING:
    from courts.models import User

# Seconds: far longer than anything takes; reached by what never ends.
NEVER = 180
LOOK_AGAIN = 0.02
TOKEN = "x" * 32
NONE = -1
# Of an answer that did not come: nobody knows what became of the request.
LOST = (OSError, http.client.HTTPException)


class Server:
    """gunicorn on a port of its own, with the database at this address.

    `hours`: by so many the clock of its machine is ahead. `settings_given`: more of its settings.
    """

    def __init__(
        self,
        url: str,
        folder: Path,
        *,
        workers: int = 2,
        fault: str = "",
        hours: float = 0,
        settings_given: Mapping[str, str] | None = None,
    ) -> None:
        self.url, self.workers, self.fault, self.hours = url, workers, fault, hours
        self.folder, self.settings_given = folder, dict(settings_given or {})
        self.output = folder / "gunicorn.log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        # A transaction over several requests is one thread's.
        size = ["1", "1"] if self.fault == "late" else [str(self.workers), "32"]
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn", "tests.hold.server:application"),
                    *("--bind", f"127.0.0.1:{self.port}", "--preload", "--no-control-socket"),
                    *("--workers", size[0], "--threads", size[1]),
                    *("--timeout", "60", "--log-level", "error", "--backlog", "512"),
                ],
                # Of its own, as on a machine of its own: no two servers share a file.
                cwd=self.folder,
                env=os.environ
                | {
                    "PYTHONPATH": str(settings.BASE_DIR),
                    "TMPDIR": str(self.folder),
                    "DEBUG": "1",
                    "DATABASE_URL": self.url,
                    "DJANGO_SETTINGS_MODULE": "qualityyear.settings",
                    "QY_HOLD_FAULT": self.fault,
                    "QY_HOLD_HOURS": str(self.hours),
                }
                | self.settings_given,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        for _look in range(round(NEVER / LOOK_AGAIN)):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            assert self.process.poll() is None, self.output.read_text()[-4000:]
            time.sleep(LOOK_AGAIN)
        raise AssertionError("the server did not start")

    def workers_now(self) -> list[int]:
        """The processes that answer."""
        assert self.process is not None
        return children(self.process.pid)

    def kill_worker(self, place: int) -> bool:
        """Kill a worker as the kernel does when memory is short; false if there is none now."""
        workers = self.workers_now()
        if workers:
            end(workers[place % len(workers)])
        return bool(workers)

    def kill(self) -> None:
        """Kill all of it at once, the parent first: no worker is told to stop."""
        assert self.process is not None
        workers = self.workers_now()
        end(self.process.pid)
        for worker in workers:
            end(worker)
        self.process.wait()
        for worker in workers:
            gone(worker)

    def stop(self) -> None:
        """Let it end by itself."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()

    def limit_files(self, most: int) -> None:
        """Let no file grow past so many bytes, as on a full disk; `NONE` takes that back.

        A soft limit (RLIMIT_FSIZE): setting it and taking it back needs no rights.
        """
        assert self.process is not None
        for one in (self.process.pid, *self.workers_now()):
            limit_files(one, most)


def limit_files(process: int, most: int) -> None:
    """Set how far a process may let a file grow; `NONE`: as far as it could before."""
    _soft, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (hard if most == NONE else most, hard))


def children(process: int) -> list[int]:
    """The processes that this one began and that are alive."""
    try:
        text = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return []
    return [one for one in map(int, text.split()) if _is_alive(one)]


def end(process: int) -> None:
    """Kill a process that we began."""
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        pass


def gone(process: int) -> None:
    """Wait until a process is not there any more."""
    for _look in range(round(NEVER / LOOK_AGAIN)):
        if not _is_alive(process):
            return
        time.sleep(LOOK_AGAIN)
    raise AssertionError("it does not end")


def _is_alive(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    # Behind the name, which may hold anything.
    return stat.rpartition(")")[2].split()[0] not in "ZX"


@contextmanager
def serving(url: str, folder: Path, **given: Any) -> Iterator[Server]:
    """A server until the end of the block."""
    server = Server(url, folder, **given)
    try:
        server.start()
        yield server
    finally:
        server.stop()


class Browser:
    """What one account sends, each time over a connection of its own.

    A server ends a connection on which nothing was asked for seconds; who kept one would take that
    for an answer that was cut off, on a machine that is slow.
    """

    def __init__(self, port: int, session: str) -> None:
        self._port, self._session = port, session

    def ask(self, method: str, address: str, body: Any = None) -> tuple[int, Any]:
        """Status and what JSON says; text where it is none. Raises one of `LOST`."""
        headers = {
            "Cookie": f"sessionid={self._session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Connection": "close",
        }
        sent = body if isinstance(body, bytes) else None if body is None else json.dumps(body)
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=NEVER)
        with closing(connection):
            connection.request(method, address, sent, headers)
            response = connection.getresponse()
            content = response.read()
        is_json = response.headers.get_content_type() == "application/json"
        return response.status, json.loads(content) if is_json else content.decode()


def session_of(user: User) -> str:
    """The key of a session in which this account is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)
