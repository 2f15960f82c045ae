"""Everything is held while people save: all are told in words in time, and their places are free.

On PostgreSQL another connection holds every table, on SQLite the writer's place, while more desks
save than a server has places. Seconds are counted beside what the same saves take when nobody holds
anything, so that a slow machine is none of the product's. The control has a longer limit of locks:
ten seconds later some still wait. `tests/courts/upkeep/test_waits.py` is the sample.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from courts.models import QualityYear
from tests.hold.databases import own_url
from tests.hold.running import NEVER, Browser, Server, serving
from tests.hold.savers import Saver, make_savers
from tests.hold.scale import SCALE, SEED, many
from tests.pages import the_year

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not SCALE, reason="waits for real limits; in `make hold`"),
]

DESKS = many(40, 16)
# Seconds in which people are told (issue: what waits, and how long), and the health check answers.
TOLD, HEALTH = 10.0, 1.0


@dataclass(frozen=True)
class Answer:
    """What somebody got, and after how many seconds."""

    status: int
    said: Any
    seconds: float


@pytest.fixture
def savers(transactional_db: None) -> list[Saver]:
    year: QualityYear = the_year()
    return make_savers(year, DESKS)


@contextmanager
def everything_held() -> Iterator[None]:
    """Another connection holds all there is, until the end of the block."""
    other: Any = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE" if other.vendor == "sqlite" else "BEGIN")
        if other.vendor == "postgresql":
            tables = ", ".join(map(other.ops.quote_name, other.introspection.table_names(cursor)))
            cursor.execute(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
    other.close()


def asked(port: int, session: str, method: str, address: str, body: Any = None) -> Answer:
    began = time.monotonic()
    status, said = Browser(port, session).ask(method, address, body)
    return Answer(status, said, time.monotonic() - began)


def save(server: Server, saver: Saver, begin: threading.Barrier) -> Answer:
    cell = {"metric": saver.metric, "value": str(saver.number), "seen_version": 0}
    body = {"user": str(saver.user), "cells": [cell]}
    begin.wait(NEVER)
    return asked(server.port, saver.session, "POST", saver.address, body)


@contextmanager
def all_save(server: Server, savers: list[Saver]) -> Iterator[list[Future[Answer]]]:
    """Everybody saves at once; all have their answer at the end of the block."""
    begin = threading.Barrier(len(savers))
    with ThreadPoolExecutor(len(savers)) as desks:
        yield [desks.submit(save, server, saver, begin) for saver in savers]


def seconds_when_free(server: Server, savers: list[Saver]) -> float:
    """How long the last of all waits when nobody holds anything."""
    with all_save(server, savers) as asking:
        pass
    answers = [one.result() for one in asking]
    assert {one.status for one in answers} == {200}
    return max(one.seconds for one in answers)


def health(server: Server) -> Answer:
    return asked(server.port, "", "GET", "/healthz")


def waiting_for_locks() -> int:
    """How many connections of this database wait for what another holds; none on SQLite."""
    if connection.vendor == "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])


def test_all_are_told_in_words_and_in_time(
    savers: list[Saver], tmp_path: Path, record_property: Any
) -> None:
    with serving(own_url(), tmp_path) as server:
        # The first requests of a worker take longer.
        seconds_when_free(server, savers)
        free, quick = seconds_when_free(server, savers), health(server)
        assert (quick.status, quick.said) == (200, "ok")
        with everything_held():
            with all_save(server, savers) as asking:
                checks = [health(server) for _look in range(5)]
            answers = [one.result() for one in asking]
            # Nobody is let go by what is held: it is held until here.
            left = waiting_for_locks()
        again = seconds_when_free(server, savers)
    assert {one.status for one in answers} == {503}
    assert all(one.said["message"] for one in answers)
    slowest = max(one.seconds for one in answers)
    assert slowest < TOLD + free
    assert left == 0
    assert {one.status for one in checks} == {503}
    assert {one.said.split()[-1] for one in checks} <= {"blocked", "silent"}
    latest = max(one.seconds for one in checks)
    assert latest < HEALTH + quick.seconds + free
    told = (
        f"everything held: {DESKS} saves told in words, the last after {slowest:.1f} s "
        f"({free:.1f} s when nothing is held, {again:.1f} s afterwards); health check 503 "
        f"after {latest:.1f} s at most"
    )
    record_property("hold", f"{connection.vendor}, seed {SEED}: {told}")


def test_with_a_longer_limit_some_still_wait(
    savers: list[Saver], tmp_path: Path, record_property: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a server whose locks are waited for longer leaves people without a word."""
    monkeypatch.setenv("LOCK_SECONDS", "29")
    with serving(own_url(), tmp_path) as server:
        seconds_when_free(server, savers)
        free = seconds_when_free(server, savers)
        with ExitStack() as held:
            held.enter_context(everything_held())
            with all_save(server, savers) as asking:
                time.sleep(TOLD + free)
                waiting = sum(not one.done() for one in asking)
                # Whoever waits is let go.
                held.close()
    assert waiting > 0
    assert {one.result().status for one in asking} == {200, 503}
    record_property("hold", f"control, locks waited for longer: {waiting} of {DESKS} still wait")
