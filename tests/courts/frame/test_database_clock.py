"""The clock of the database: asked once a minute, and again when the server's own was put right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courts import database_clock

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.database,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="a file has no clock of its own"),
]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> database_clock._Clock:
    """A clock that has not asked yet; the others of this run go by the process's own."""
    monkeypatch.undo()
    found = database_clock._Clock()
    monkeypatch.setattr(database_clock, "_clock", found)
    monkeypatch.setattr(database_clock._Clock, "ahead", AHEAD)
    return found


AHEAD = database_clock._Clock.ahead


def close(one: datetime, other: datetime) -> bool:
    return abs(one - other) < timedelta(seconds=5)


def test_a_wrong_clock_of_the_server_does_not_count(clock: database_clock._Clock) -> None:
    truth = datetime.now(UTC)
    with time_machine.travel(truth + timedelta(hours=3), tick=True):
        with CaptureQueriesContext(connection) as queries:
            assert close(database_clock.now(), truth)
            assert close(database_clock.now(), truth)
            assert abs(database_clock.seconds() - truth.timestamp()) < 5
        assert len(queries) == 1
    # Put right: the database is asked again, at once.
    with CaptureQueriesContext(connection) as queries:
        assert close(database_clock.now(), truth)
    assert len(queries) == 1


def test_it_is_asked_again_after_a_minute(
    clock: database_clock._Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    database_clock.now()
    monkeypatch.setattr(database_clock, "SECONDS_BETWEEN_QUESTIONS", 0.0)
    with CaptureQueriesContext(connection) as queries:
        database_clock.now()
    assert len(queries) == 1
