"""Owns what many tests stand on: rows put into the database once and left for a row of tests.

A test's own transaction is nested in the one that holds its ground, and taken back alone. Tests
that commit, or ask for no ground, find the database as migrations left it. A ground only saves
the time of putting rows back: a fixture says what it needs by `put_back` all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from tests import kept_rows


@dataclass(frozen=True)
class Ground:
    """Rows under a name, on those of another ground."""

    name: str
    make: Callable[[], object]
    below: Ground | None = None

    @property
    def layers(self) -> list[Ground]:
        """All that is put in, in turn."""
        return [*(self.below.layers if self.below else []), self]


class Standing:
    """What is in the database of this process between tests."""

    def __init__(self) -> None:
        self.blocker: DjangoDbBlocker | None = None
        self._layers: list[tuple[Ground, transaction.Atomic]] = []

    def move_to(self, ground: Ground | None) -> None:
        """Have just these layers, by taking back and adding as few as possible."""
        if self.blocker is None:
            return
        wanted = ground.layers if ground else []
        with self.blocker.unblock():
            while [layer for layer, _atomic in self._layers] != wanted[: len(self._layers)]:
                self._take_back()
            for layer in wanted[len(self._layers) :]:
                self._add(layer)

    def _add(self, layer: Ground) -> None:
        atomic = transaction.atomic()
        # As Django marks the transaction around a test: a service may ask for the outermost one.
        atomic._from_testcase = True  # type: ignore[attr-defined]
        atomic.__enter__()
        kept_rows.put_back(layer.name, layer.make)
        self._layers.append((layer, atomic))
        kept_rows.STANDING.add(layer.name)

    def _take_back(self) -> None:
        layer, atomic = self._layers.pop()
        kept_rows.STANDING.discard(layer.name)
        if connection.in_atomic_block:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)


standing = Standing()


def ground_of(item: pytest.Item) -> Ground | None:
    """The ground a test names by the mark `stands_on` or by asking for a year; None if it commits.

    A test that is first in its process has none: its database is made after this is asked.
    """
    from tests.pages import MADE, YEAR

    names = getattr(item, "fixturenames", ())
    mark = item.get_closest_marker("django_db")
    if {"transactional_db", "live_server"} & set(names) or (
        mark and mark.kwargs.get("transaction")
    ):
        return None
    own = item.get_closest_marker("stands_on")
    if own:
        return own.args[0]
    return MADE if "made_year" in names else YEAR if "year" in names else None
