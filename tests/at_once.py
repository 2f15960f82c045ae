"""Owns acts of several people in the same moment, made certain: no test hopes for a timing.

Each act runs on a thread and a connection of its own. Whoever waits is seen to wait: PostgreSQL
says who is blocked, and on SQLite a writer stands in the statement that asks for the one lock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import pytest
from django.db import connection, connections, transaction
from django.db.models import QuerySet

T = TypeVar("T")

# Far longer than anything takes: reached by what never ends, which is a fault.
NEVER = 120
LOOK_AGAIN = 0.005
WRITES = ("BEGIN", "INSERT", "UPDATE", "DELETE")


class Act(Generic[T]):
    """An act that was begun; ask whether it `waits`, then for its `answer`."""

    def __init__(self, act: Callable[[], T]) -> None:
        self._act = act
        self._answers: list[T] = []
        self._error: BaseException | None = None
        self._ended = threading.Event()
        self._connection: Any = None
        self._statement = ""
        threading.Thread(target=self._run, daemon=True).start()

    def waits(self) -> bool:
        """Whether it came to wait for somebody in the database; False when it ended instead."""
        for _look in range(round(NEVER / LOOK_AGAIN)):
            if self._ended.wait(LOOK_AGAIN):
                return False
            if self._is_blocked():
                return True
        raise AssertionError("it neither waits nor ends")

    def answer(self) -> T:
        """What it returned, as soon as it did; what it raised is raised here."""
        assert self._ended.wait(NEVER), "it does not end"
        if self._error is not None:
            raise self._error
        return self._answers[0]

    def _run(self) -> None:
        self._connection = connections["default"]
        try:
            with self._connection.execute_wrapper(self._note):
                self._answers.append(self._act())
        except BaseException as error:  # noqa: BLE001  raised where it is asked for
            self._error = error
        finally:
            connections.close_all()
            self._ended.set()

    def _note(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        self._statement = str(sql)
        try:
            return execute(sql, params, many, context)
        finally:
            self._statement = ""

    def _is_blocked(self) -> bool:
        if connection.vendor == "sqlite":
            return self._statement.startswith(WRITES)
        server = self._connection and self._connection.connection
        if not server or server.closed:
            return False
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [server.info.backend_pid])
            return bool(cursor.fetchone()[0])


def at_once(tasks: Sequence[Callable[[], T]], people: int = 16) -> list[T]:
    """Do all of it by several people, none of whom writes before each has read what is there.

    All tables are held against whoever locks or writes until the first task of everybody waits
    for that. A task that ends without writing anything is a fault here: nothing would be tested.
    """
    people = min(people, len(tasks))

    def share(person: int) -> Callable[[], list[T]]:
        return lambda: [task() for task in tasks[person::people]]

    with all_held():
        begun = [Act(share(person)) for person in range(people)]
        for act in begun:
            # What ended without waiting tells why, if it can: a connection that was refused.
            assert act.waits(), act.answer()
    shares = [act.answer() for act in begun]
    return [shares[place % people][place // people] for place in range(len(tasks))]


@contextmanager
def all_held() -> Iterator[None]:
    """Let everybody read, and keep whoever locks a row or writes until the end of the block."""
    with transaction.atomic():
        # On SQLite the transaction itself is exclusive.
        if connection.vendor == "postgresql":
            names = connection.introspection.django_table_names(
                only_existing=True, include_views=False
            )
            tables = ", ".join(map(connection.ops.quote_name, names))
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
        yield


@contextmanager
def without_row_locks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let nobody hold a row: what a lock is for is seen when it is taken away."""
    with monkeypatch.context() as patch:
        patch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows)
        yield
