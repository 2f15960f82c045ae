"""Closing and writing at the same time, on a SQLite file and on PostgreSQL alike.

Whoever comes first is done first: a figure is either in the snapshot or refused, never between.
"""

from __future__ import annotations

import threading
from functools import partial

import pytest
from django.db import connections, transaction

import scoring
from courts.closings.selectors.snapshots import inputs_of, stored
from courts.closings.services import closing
from courts.closings.services.closing import close_month
from courts.frame.refusals import ReturnError, StaleError
from courts.models import Closing, QualityYear, Snapshot
from courts.returns.services.returns import save_cell
from courts.reviews.services.reviews import verify
from courts.setup.services.setup import setup_year
from tests.courts.admin_fixtures import make_account
from tests.courts.bulletins.conftest import BOTH, REASON, fresh
from tests.courts.returns.test_returns_at_once import at_once
from tests.courts.returns_fixtures import (
    CLEAN_LITIGATION,
    fill,
    hand_in,
    slot_of,
    values_of,
    version_of,
)

pytestmark = pytest.mark.django_db(transaction=True)

SOON = 0.5


@pytest.fixture
def year(transactional_db: None) -> QualityYear:
    return setup_year(folder=scoring.BUNDLED / "yanbian-2019").year


@pytest.fixture
def both(year):
    return make_account("both", "yanbian", "office", "centre")


@pytest.fixture
def desk(year):
    return make_account("desk", "yanji", "litigation")


def in_thread(act):
    """Begin an act on a thread of its own; the thread, and where its answer comes to stand."""
    answers: list[object] = []

    def work() -> None:
        try:
            answers.append(act())
        except ReturnError as error:
            answers.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    return thread, answers


def test_a_figure_that_comes_while_a_month_is_closed_is_refused(year, both, desk, monkeypatch):
    fill(desk, slot_of(year), CLEAN_LITIGATION)
    real, reading = inputs_of, threading.Event()
    writers = []

    def slow(*args):
        # The month is held, and somebody types.
        reading.set()
        save = partial(save_cell, metric="appeals_filed", value=1, seen_version=1)
        writers.append(in_thread(lambda: save(user=desk, slot=slot_of(fresh(year)))))
        writers[0][0].join(SOON)
        assert writers[0][1] == []
        return real(*args)

    monkeypatch.setattr(closing, "inputs_of", slow)
    close_month(user=both, year=year, month=5, sides=BOTH, reason=REASON)
    thread, answers = writers[0]
    thread.join(30)
    assert [answer.status for answer in answers] == ["locked"]
    assert values_of(slot_of(year))["appeals_filed"] == CLEAN_LITIGATION["appeals_filed"]


def test_a_figure_that_comes_before_is_in_the_snapshot(year, both, desk):
    slot = slot_of(year)
    fill(desk, slot, CLEAN_LITIGATION)
    hand_in(desk, slot)
    with transaction.atomic():
        verify(user=both, slot=slot, seen_version=version_of(slot))
        close = partial(close_month, user=both, month=5, sides=BOTH, reason=REASON)
        thread, answers = in_thread(lambda: close(year=fresh(year)))
        # It waits for the figures that are just being verified.
        thread.join(SOON)
        assert answers == []
    thread.join(30)
    (snapshot,) = answers
    assert isinstance(snapshot, Snapshot)
    held = stored(snapshot).courts["yanji"]["facts"]["current"]
    assert held["appeals_filed"] == CLEAN_LITIGATION["appeals_filed"]


def test_of_two_who_close_one_does(year, both):
    def close() -> object:
        try:
            return close_month(user=both, year=fresh(year), month=5, sides=BOTH, reason=REASON)
        except StaleError as error:
            return error

    answers = at_once([close, close])
    assert sorted(type(answer).__name__ for answer in answers) == ["Snapshot", "StaleError"]
    assert Snapshot.objects.count() == 1
    assert Closing.objects.count() == 2
