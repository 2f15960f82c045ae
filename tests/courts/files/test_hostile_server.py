"""Hostile files against a real server: gunicorn with two workers, asked for its health meanwhile.

With every change one way in is tried, by night all of them. No file is timed: limits are small
(`hostile_server`), and what a client waits for is there to find a server that never answers. Only
the server's health is: half of its answers come within a second, however busy the machine is.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.conf import settings

from tests.courts.files.hostile_files import HOSTILE

# The server has a database of its own, copied from one that is made for tests so marked alone.
pytestmark = pytest.mark.django_db
YEAR = "/yanbian-2019"
RETURN = f"{YEAR}/returns/dunhua/2019-12/litigation"
# Seconds: the server's health has to show within one where nobody else uses the machine, and half
# of its answers come within one anywhere.
HALF = 1
HEALTH = 1 if os.environ.get("QY_NIGHTLY") else 10
NEVER = 120
AT_ONCE = 2
TOKEN = "x" * 32
MARK = "hostileboundary"


@dataclass(frozen=True)
class Way:
    """A way in: address, who comes, the name of the file's field, the fields beside it."""

    address: str
    who: str
    named: str = "file"
    beside: dict[str, str] = field(default_factory=dict)
    method: str = "POST"


WAYS = {
    "upload": Way(f"{RETURN}/upload/", "desk"),
    "extracts": Way(f"{YEAR}/extracts/", "office", beside={"source": "case system"}),
    "targets": Way(f"{YEAR}/targets/import/", "office"),
    "caps": Way(f"{YEAR}/caps/import/", "office"),
    "courts": Way("/courts/import/", "admin"),
    "figures": Way(
        "/admin/courts/figure/import/",
        "office",
        "import_file",
        {"format": "0", "resource": "0", "year": "{year}"},
    ),
    "template": Way(
        f"{YEAR}/bulletins/template/", "office", beside={"upload": "1", "reason": "new"}
    ),
    "editions": Way("/editions/new/", "office", beside={"import": "1", "summary": "new"}),
    "api": Way("/api/v1/years/yanbian-2019/extracts/{name}", "token", method="PUT"),
}


class Server:
    """A running server and the keys of those who may bring files."""

    def __init__(self, port: int, keys: dict[str, Any]) -> None:
        self.port, self.keys = port, keys

    def connection(self, seconds: float = NEVER) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)

    def send(self, way: Way, name: str, content: bytes) -> tuple[int, str]:
        """Bring a file by a way in; status and page of the answer."""
        headers = {"Accept-Language": "zh-CN"}
        if way.method == "PUT":
            headers |= {"Authorization": f"Bearer {self.keys['secret']}"}
            body = content
        else:
            session = self.keys["sessions"][way.who]
            headers["Cookie"] = f"sessionid={session}; csrftoken={TOKEN}"
            headers["Content-Type"] = f"multipart/form-data; boundary={MARK}"
            body = form(way, name, content, str(self.keys["year"]))
        connection = self.connection()
        connection.request(way.method, way.address.format(name=name), body, headers)
        response = connection.getresponse()
        return response.status, response.read().decode()

    def bare(self, head: str, body: bytes) -> int:
        """Send the beginning of a body, and wait for the status; the rest never comes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=NEVER) as bare:
            bare.sendall(head.replace("\n", "\r\n").encode() + body)
            return int(bare.recv(64).split()[1])


def form(way: Way, name: str, content: bytes, year: str) -> bytes:
    beside = {"csrfmiddlewaretoken": TOKEN} | way.beside
    parts = [
        f'--{MARK}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n'
        f"{value.format(year=year)}\r\n"
        for key, value in beside.items()
    ]
    disposition = f'form-data; name="{way.named}"; filename="{name}"'
    head = f"--{MARK}\r\nContent-Disposition: {disposition}\r\n\r\n"
    return "".join(parts).encode() + head.encode() + content + f"\r\n--{MARK}--\r\n".encode()


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, migrated_file: Path | None, request: Any
) -> Iterator[Server]:
    copy: Callable[[Path], None] = request.getfixturevalue("copied")
    folder = tmp_path_factory.mktemp("hostile")
    copy(folder / "db.sqlite3")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    keys = folder / "keys.json"
    running = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "tests.courts.files.hostile_server:application"),
            *("--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "32", "--preload"),
            *("--no-control-socket", "--log-level", "error"),
        ],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DEBUG": "1",
            "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
            "DJANGO_SETTINGS_MODULE": "qualityyear.settings",
            "HOSTILE_KEYS": str(keys),
        },
    )
    try:
        for _attempt in range(NEVER * 10):
            with socket.socket() as probe:
                if keys.exists() and probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert running.poll() is None, "the server did not start"
            time.sleep(0.1)
        yield Server(port, json.loads(keys.read_text()))
    finally:
        running.terminate()
        running.wait()


@pytest.fixture(scope="module")
def copied(django_db_setup: None, migrated_file: Path | None) -> Callable[[Path], None]:
    """Return what puts a migrated database at a path."""
    assert migrated_file is not None
    content = migrated_file.read_bytes()

    def put(path: Path) -> None:
        path.write_bytes(content)

    return put


@pytest.fixture
def health(server: Server) -> Iterator[None]:
    """Ask the server how it is all the while; fail when it does not answer, or late."""
    over, missed, waited = Event(), [], []

    def ask() -> None:
        while not over.wait(0.2):
            started = time.monotonic()
            try:
                connection = server.connection(HEALTH)
                connection.request("GET", "/healthz", headers={"Host": "127.0.0.1"})
                said = connection.getresponse().read()
                # On SQLite a file that is just being stored is told as a database that waits.
                if said not in (b"ok", b"unavailable: blocked", b"unavailable: silent"):
                    missed.append(said.decode())
            except OSError as error:
                missed.append(repr(error))
            waited.append(time.monotonic() - started)

    asking = Thread(target=ask)
    asking.start()
    yield
    over.set()
    asking.join()
    assert missed == []
    assert sorted(waited)[len(waited) // 2] < HALF


def refused(server: Server, way: Way) -> dict[str, Any]:
    """What went wrong: files of the set that were not answered as they have to be."""
    wrong = {}
    with ThreadPoolExecutor(AT_ONCE) as clients:
        for name, make in HOSTILE.items():
            content = make()
            asked = [clients.submit(server.send, way, name, content) for _n in range(AT_ONCE)]
            for status, page in (one.result() for one in asked):
                is_refused = status in {400, 409, 413, 422} or (status == 200 and name in page)
                if not is_refused or 'name="confirmed"' in page:
                    wrong[name] = (status, page[:2000])
    return wrong


def bodies(server: Server, address: str) -> list[int]:
    """What bodies are answered that are far too long, or never say how long they are."""
    start = f"POST {address} HTTP/1.1\nHost: 127.0.0.1\n"
    endless = f"{start}Transfer-Encoding: chunked\n\n"
    declared = f"{start}Content-Length: {150 * 1024 * 1024}\n\n"
    return [server.bare(endless, b"1000\r\n" + b"x" * 4096), server.bare(declared, b"x" * 4096)]


def test_a_desks_upload(server: Server, health: None) -> None:
    """Thirteen kinds of files and two of bodies; each file twice at once, one for each worker."""
    way = WAYS["upload"]
    assert refused(server, way) == {}
    assert bodies(server, way.address) == [411, 413]


@pytest.mark.nightly
@pytest.mark.parametrize("name", WAYS)
def test_every_way_in(server: Server, health: None, name: str) -> None:
    assert refused(server, WAYS[name]) == {}
    assert bodies(server, WAYS[name].address.format(name="x.csv")) == [411, 413]
