"""Nothing waits for ever: limits that are reached, a page in words then, and a thread left over."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psycopg2  # type: ignore[import-untyped]
import pytest
from django.conf import settings as project
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError, connection, connections, transaction
from django.test import Client

from courts.files import headings
from courts.frame.forms.drafts import mark_of
from courts.frame.views.errors import BLOCKED
from courts.models import Draft, QualityYear, User
from qualityyear import places, waits
from qualityyear.places import Places, Pulse
from qualityyear.waits import Limits, limit, limits_of
from tests.pages import account, client_of, the_year

BASE = Path(project.BASE_DIR)
LONG = 60


# --- The limits ------------------------------------------------------------------------------


def test_limits_grow_and_end_below_the_servers_own() -> None:
    Limits(6, 30, 45).check()
    for wrong in (Limits(0, 30, 45), Limits(30, 30, 45), Limits(6, 46, 45), Limits(6, 30, 60)):
        with pytest.raises(ImproperlyConfigured, match="LOCK_SECONDS"):
            wrong.check()


def test_pages_and_commands_have_limits_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(waits.SERVING, raising=False)
    assert limits_of(Limits(6, 30, 45)) == Limits(waits.COMMAND_LOCK_SECONDS, 0, 0)
    monkeypatch.setenv(waits.SERVING, "1")
    assert limits_of(Limits(6, 30, 45)) == Limits(6, 30, 45)
    # What somebody waits for at most: until it is told that nothing moves, or until the lock's end.
    assert places.PATIENCE_SECONDS * (1 + 1 / places.LOOKS) + project.LIMITS.lock < 10


def test_both_databases_are_told() -> None:
    sqlite: Any = {"ENGINE": "django.db.backends.sqlite3"}
    limit(sqlite, Limits(6, 30, 45))
    assert sqlite["OPTIONS"] == {"timeout": 6}
    own: Any = {
        "ENGINE": "django.db.backends.postgresql",
        "OPTIONS": {"options": "-c search_path=x"},
    }
    limit(own, Limits(6, 30, 45))
    assert own["OPTIONS"]["options"] == (
        "-c search_path=x -c lock_timeout=6000 -c statement_timeout=30000 "
        "-c idle_in_transaction_session_timeout=45000"
    )
    assert own["OPTIONS"]["connect_timeout"] == waits.CONNECT_SECONDS


def test_what_is_shipped_starts_a_server_with_these_limits() -> None:
    for name in ("Dockerfile", "docs/operations.md"):
        text = (BASE / name).read_text("utf-8")
        calls = re.findall(r"gunicorn qualityyear\.wsgi.*", text)
        assert calls, name
        for call in calls:
            assert int(re.search(r"--timeout (\d+)", call)[1]) == waits.SERVER_SECONDS  # type: ignore[index]
            # More than places, or the last thread could wait too.
            assert int(re.search(r"--threads (\d+)", call)[1]) > 4 * places.PLACES  # type: ignore[index]


# --- A blocked table -------------------------------------------------------------------------


@contextmanager
def limited(limits: Limits) -> Iterator[None]:
    """The test's connection made anew with these limits."""
    known = connection.settings_dict
    before = {**known, "OPTIONS": {**known.get("OPTIONS", {})}}
    connections.close_all()
    limit(known, limits)
    try:
        yield
    finally:
        connections.close_all()
        known.update(before)


@contextmanager
def held(table: str) -> Iterator[Any]:
    """Another connection that holds a table, on SQLite the writer's place."""
    other: Any = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE" if other.vendor == "sqlite" else "BEGIN")
        if other.vendor == "postgresql":
            cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        try:
            yield cursor
        finally:
            cursor.execute("ROLLBACK")
    other.close()


@pytest.fixture
def year(transactional_db: None) -> QualityYear:
    return the_year()


def save(client: Client, user: User) -> Any:
    """Keep a draft: an address that writes."""
    return client.post("/drafts/", {"_draft": mark_of(user.pk), "reason": "x"})


def waiting_for_locks() -> int:
    """How many connections of this database wait for a lock; on PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])


def test_a_blocked_table_gives_a_page_in_words_and_frees_the_connection(year: QualityYear) -> None:
    user = account("office", "yanbian", "office")
    client = client_of(user)
    client.raise_request_exception = False
    assert save(client, user).status_code == 204
    tables = [Draft._meta.db_table]
    if connection.vendor == "postgresql":
        # Before any view is asked who asks has to be read.
        tables += ["django_session", "courts_user"]
    for table in tables:
        with limited(Limits(0.2, LONG, LONG)), held(table):
            answer = save(client, user)
            assert answer.status_code == 503, table
            assert "数据库暂时不能读写" in answer.content.decode()
            assert answer.headers["Retry-After"]
            assert not connection.in_atomic_block
            if connection.vendor == "postgresql":
                assert waiting_for_locks() == 0
    assert save(client, user).status_code == 204


@pytest.mark.skipif(connection.vendor != "postgresql", reason="asks PostgreSQL who waits")
def test_without_a_limit_it_waits_as_long_as_the_lock_is_held(year: QualityYear) -> None:
    user = account("office", "yanbian", "office")
    client = client_of(user)
    answers: list[int] = []

    def ask() -> None:
        try:
            answers.append(save(client, user).status_code)
        finally:
            connections.close_all()

    with held(Draft._meta.db_table):
        asking = Thread(target=ask)
        asking.start()
        while not waiting_for_locks():
            assert not answers
    asking.join(LONG)
    assert answers == [204]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no such limits")
def test_a_long_statement_and_an_idle_transaction_are_ended(year: QualityYear) -> None:
    with (
        limited(Limits(0.1, 0.2, LONG)),
        connection.cursor() as cursor,
        pytest.raises(OperationalError, match="statement timeout"),
    ):
        cursor.execute("SELECT pg_sleep(60)")

    def idle() -> None:
        with transaction.atomic():
            list(QualityYear.objects.all())
            time.sleep(0.5)
            list(QualityYear.objects.all())

    with limited(Limits(0.1, LONG, 0.2)), pytest.raises((OperationalError, InterfaceError)):
        idle()
    assert QualityYear.objects.exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="nobody connects to a file")
def test_a_server_that_says_nothing_is_given_up(year: QualityYear) -> None:
    user = account("office", "yanbian", "office")
    client = client_of(user)
    client.raise_request_exception = False
    given_up: list[str] = []
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]

        def wait() -> None:
            """The control: who sets no limit waits for as long as it is silent."""
            try:
                psycopg2.connect(host="127.0.0.1", port=port, dbname="x", user="x").close()
            except psycopg2.OperationalError as error:
                given_up.append(str(error))

        waiting = Thread(target=wait)
        with limited(Limits(0.2, LONG, LONG)):
            known = connection.settings_dict
            assert known["OPTIONS"]["connect_timeout"] == waits.CONNECT_SECONDS
            # The least that PostgreSQL's library knows.
            known["OPTIONS"] |= {"connect_timeout": 2, "host": "127.0.0.1"}
            known["PORT"] = port
            waiting.start()
            answer = save(client, user)
        assert given_up == []
        assert waiting.is_alive()
    assert answer.status_code == 503
    assert "数据库暂时不能读写" in answer.content.decode()
    waiting.join(LONG)
    assert len(given_up) == 1
    assert save(client, user).status_code == 204


# --- A thread left over ----------------------------------------------------------------------


class Server:
    """Places over an application whose slow requests last until they are let go."""

    def __init__(self, patience: float, busy: bool = False) -> None:
        self.let_go, self.begun, self.busy = Event(), Event(), busy
        self.places = Places(self._answer, places=2, patience=patience)
        self.answers: list[str] = []

    def _answer(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        if environ.get(BLOCKED):
            start("503 Service Unavailable", [])
        elif environ["PATH_INFO"] in ("/slow", "/held"):
            self.begun.set()
            while not self.let_go.wait(0 if self.busy else LONG):
                sum(range(1000))
            is_held = environ["PATH_INFO"] == "/held"
            start("503 Service Unavailable" if is_held else "200 OK", [])
        else:
            start("200 OK", [])
        return [environ["PATH_INFO"].encode()]

    def ask(self, path: str) -> str:
        said: list[str] = []
        body = b"".join(self.places({"PATH_INFO": path}, lambda line, _head: said.append(line)))
        assert body == path.encode()
        self.answers.append(said[0][:3])
        return said[0][:3]

    @contextmanager
    def all_taken(self, path: str = "/slow") -> Iterator[None]:
        """Every place is taken by a slow request."""
        asking = [Thread(target=self.ask, args=[path]) for _place in range(2)]
        for one in asking:
            one.start()
        assert self.begun.wait(LONG)
        while self.places._busy < 2:
            time.sleep(0.001)
        try:
            yield
        finally:
            self.let_go.set()
            for one in asking:
                one.join(LONG)


def test_a_slow_request_does_not_stop_others() -> None:
    server = Server(patience=LONG)
    slow = Thread(target=server.ask, args=["/slow"])
    slow.start()
    assert server.begun.wait(LONG)
    assert [server.ask("/page") for _time in range(5)] == ["200"] * 5
    server.let_go.set()
    slow.join(LONG)


def test_the_health_check_needs_no_place_and_who_waits_in_vain_is_told() -> None:
    server = Server(patience=0.2)
    with server.all_taken():
        assert server.ask("/healthz") == "200"
        assert server.ask("/page") == "503"
        assert server.ask("/healthz") == "200"
    assert server.ask("/page") == "200"
    assert server.answers.count("503") == 1


def test_who_waits_behind_work_is_let_wait() -> None:
    """A processor that works is slow, not blocked: what was sent is worked on in its turn."""
    # A second, in which even a process on a busy machine gets its turn.
    server = Server(patience=1, busy=True)
    with server.all_taken():
        waiting = Thread(target=server.ask, args=["/page"])
        waiting.start()
        waiting.join(1.5)
        assert waiting.is_alive()
    waiting.join(LONG)
    assert sorted(server.answers) == ["200"] * 3


def test_who_waited_for_those_who_waited_in_vain_is_told_and_not_begun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They gave up after the limit of a lock; whoever comes next would wait as long again."""
    server = Server(patience=0.5, busy=True)
    with server.all_taken("/held"):
        waiting = Thread(target=server.ask, args=["/slow"])
        waiting.start()
        waiting.join(1)
        assert waiting.is_alive()
        server.begun.clear()
    waiting.join(LONG)
    assert server.answers == ["503"] * 3
    assert not server.begun.is_set()
    # Whoever comes now has waited for nobody.
    assert server.ask("/page") == "200"
    # The control: without the question it begins, to wait for the same.
    careless = Server(patience=0.5, busy=True)
    monkeypatch.setattr(careless.places._pulse, "has_answered_since", lambda _moment: True)
    with careless.all_taken("/held"):
        waiting = Thread(target=careless.ask, args=["/slow"])
        waiting.start()
        waiting.join(1)
        careless.begun.clear()
    waiting.join(LONG)
    assert careless.begun.is_set()


def test_a_fault_is_the_servers_to_raise_and_pieces_come_as_they_are_made() -> None:
    def broken(_environ: Any, _start: Any) -> list[bytes]:
        raise RuntimeError("unforeseen")

    with pytest.raises(RuntimeError, match="unforeseen"):
        list(Places(broken)({"PATH_INFO": "/"}, lambda *_said: None))

    made: list[int] = []

    def pieces(_environ: Any, start: Any) -> Iterator[bytes]:
        start("200 OK", [])
        for number in range(3):
            made.append(number)
            yield bytes([number])

    assert list(Places(pieces)({"PATH_INFO": "/"}, lambda *_said: None)) == [b"\0", b"\1", b"\2"]
    assert made == [0, 1, 2]

    seen: list[Any] = []

    def looking(environ: Any, start: Any) -> list[bytes]:
        seen.append("wsgi.file_wrapper" in environ)
        start("200 OK", [])
        return []

    # A place answers without the server's wrapper; the server asks for it afterwards, and has it.
    given = {"PATH_INFO": "/", "wsgi.file_wrapper": object}
    list(Places(looking)(given, lambda *_said: None))
    assert (seen, given["wsgi.file_wrapper"]) == ([False], object)


def test_a_process_is_blocked_when_nothing_is_answered_and_nothing_worked() -> None:
    pulse = Pulse()
    assert not pulse.is_blocked(patience=LONG)
    time.sleep(0.05)
    assert pulse.is_blocked(patience=0.01)
    pulse.beat()
    assert not pulse.is_blocked(patience=LONG)


@pytest.mark.django_db
def test_who_is_not_begun_is_told_in_words_with_every_header() -> None:
    said: Any = {BLOCKED: "1"}
    answer = Client(headers={"accept-language": "zh-CN"}).get("/", **said)
    assert answer.status_code == 503
    assert "没有开始处理，什么也没有改动" in answer.content.decode()
    assert answer.headers["Content-Security-Policy"]
    # Nobody can say so from outside.
    assert Client().get("/", headers={BLOCKED: "1"}).status_code == 302


# --- What threads share ----------------------------------------------------------------------


def test_words_made_once_are_whole_for_whoever_asks_first() -> None:
    """Several threads ask for the vocabulary at once; none sees a part of it."""
    headings._words.cache_clear()
    found: list[set[str]] = []
    asking = [Thread(target=lambda: found.append(set(headings._words()))) for _thread in range(8)]
    for one in asking:
        one.start()
    for one in asking:
        one.join(LONG)
    assert len(found) == 8
    assert {frozenset(one) for one in found} == {frozenset(headings._words())}
