"""Tests of the health check: it says what is wrong, to whom, and waits for nobody."""

from __future__ import annotations

import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as project
from django.db import DatabaseError, connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from courts.models import HousekeepingRun
from courts.upkeep.services import health
from courts.upkeep.services.health import Reason

# The question goes over a connection of its own, which sees what was committed.
pytestmark = pytest.mark.django_db(transaction=True)
# The tests wait for the answer as long as it takes; that it is not waited for is a test of its own.
PATIENCE = 60


def asked(limit: float = 5) -> Reason | None:
    return health.ask(patience=PATIENCE, limit=limit)


@contextmanager
def locked() -> Iterator[None]:
    """Somebody else holds what the health check writes to."""
    other: Any = connections.create_connection("default")
    with other.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("BEGIN IMMEDIATE")
        else:
            cursor.execute("BEGIN")
            cursor.execute(f"LOCK TABLE {HousekeepingRun._meta.db_table} IN ACCESS EXCLUSIVE MODE")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
    other.close()


@contextmanager
def read_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        with monkeypatch.context() as patch:
            patch.setitem(connection.settings_dict, "NAME", f"file:{name}?mode=ro")
            yield
        return
    quoted = connection.ops.quote_name(name)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {quoted} SET default_transaction_read_only = on")
        try:
            yield
        finally:
            cursor.execute(f"ALTER DATABASE {quoted} RESET default_transaction_read_only")


@contextmanager
def full() -> Iterator[None]:
    """No byte more: on SQLite by the operating system, on PostgreSQL as it says so itself."""
    table = HousekeepingRun._meta.db_table
    if connection.vendor == "sqlite":
        connections.close_all()
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, limits[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION out_of_space() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER out_of_space BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION out_of_space()"
        )
        try:
            yield
        finally:
            cursor.execute(f"DROP TRIGGER out_of_space ON {table}")
            cursor.execute("DROP FUNCTION out_of_space")


def test_it_says_what_is_wrong_and_is_well_again(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    assert asked() is None
    first = HousekeepingRun.objects.get().probed_at
    assert first is not None
    assert first > timezone.now() - timedelta(minutes=1)

    settings.HOUSEKEEPING_LATE_MINUTES = 30
    late = timezone.now() - timedelta(minutes=31)
    HousekeepingRun.objects.update(whole_at=late)
    assert asked() is Reason.HOUSEKEEPING
    settings.HOUSEKEEPING_LATE_MINUTES = 0
    assert asked() is None

    newest = MigrationRecorder.Migration.objects.filter(app="courts").order_by("-name")[0]
    newest.delete()
    assert asked() is Reason.MIGRATIONS
    MigrationRecorder.Migration(app=newest.app, name=newest.name, applied=newest.applied).save()
    assert asked() is None

    with read_only(monkeypatch):
        assert asked() is Reason.READ_ONLY
    with full():
        # The fault does harm: nobody could save anything now.
        with pytest.raises(DatabaseError):
            HousekeepingRun.objects.update(version="x")
        assert asked() is Reason.FULL
    connections.close_all()
    assert asked() is None


def test_it_does_not_wait_for_what_is_locked() -> None:
    with locked():
        # Without the limit this would hang for as long as the lock is held.
        assert asked(limit=0.2) is Reason.BLOCKED
        # Reading goes on meanwhile, on SQLite; what is asked is whether people can save.
    assert asked() is None


def test_it_does_not_wait_for_a_database_that_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes the connection and says nothing: the answer comes, the thread is one."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        gone = {
            "ENGINE": "django.db.backends.postgresql",
            # A path of SQLite's may be longer than a name of PostgreSQL's.
            "NAME": "gone",
            "HOST": "127.0.0.1",
            "PORT": silent.getsockname()[1],
            "USER": "x",
            "OPTIONS": {},
        }
        for name, value in gone.items():
            monkeypatch.setitem(connection.settings_dict, name, value)
        assert health.ask(patience=0.1) is Reason.SILENT
        # Whoever asks meanwhile waits for the same question, not for one more.
        asking = health._current[0]
        assert health.ask(patience=0.1) is Reason.SILENT
        assert health._current == [asking]
        silent.close()
        assert asking.is_answered.wait(PATIENCE)
    assert asking.reason is Reason.UNREACHABLE
    monkeypatch.undo()
    assert asked() is None


def test_the_limits_leave_room_in_a_second() -> None:
    assert health.LIMIT_SECONDS < health.PATIENCE_SECONDS < 1


def test_the_reason_is_for_the_machine_itself_and_for_a_token(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.MONITORING_TOKEN = "a-token"
    monkeypatch.setattr(health, "ask", lambda: Reason.MIGRATIONS)
    far: Any = {"REMOTE_ADDR": "10.0.0.9"}
    said = {
        "machine": Client().get("/healthz", REMOTE_ADDR="127.0.0.1"),
        "proxy": Client().get("/healthz", headers={"x-forwarded-for": "10.0.0.9"}),
        "far": Client().get("/healthz", **far),
        "wrong": Client().get("/healthz", headers={"authorization": "Bearer another"}, **far),
        "token": Client().get("/healthz", headers={"authorization": "Bearer a-token"}, **far),
    }
    assert {answer.status_code for answer in said.values()} == {503}
    with_reason = {who for who, answer in said.items() if b"migrations" in answer.content}
    assert with_reason == {"machine", "token"}
    assert said["far"].content == b"unavailable"
    settings.MONITORING_TOKEN = ""
    nobody = Client().get("/healthz", headers={"authorization": "Bearer "}, **far)
    assert nobody.content == b"unavailable"
    assert project.SECURE_REDIRECT_EXEMPT[0] == r"^healthz$"
