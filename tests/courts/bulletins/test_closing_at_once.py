"""Closing and writing at the same time, on a SQLite file and on PostgreSQL alike.

Whoever comes first is done first: a figure is either in the snapshot or refused, never between.
"""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection, transaction

from courts.closings.selectors.snapshots import inputs_of, stored
from courts.closings.services import closing
from courts.closings.services.closing import close_month
from courts.frame.refusals import ReturnError, StaleError
from courts.models import Closing, QualityYear, Snapshot
from courts.returns.services.returns import save_cell
from courts.reviews.services.reviews import verify
from tests.at_once import Act, at_once, without_row_locks
from tests.courts.admin_fixtures import make_account
from tests.courts.bulletins.conftest import BOTH, REASON, fresh
from tests.courts.returns_fixtures import (
    CLEAN_LITIGATION,
    fill,
    hand_in,
    slot_of,
    values_of,
    version_of,
)
from tests.pages import the_year

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def year(transactional_db: None) -> QualityYear:
    return the_year()


@pytest.fixture
def both(year):
    return make_account("both", "yanbian", "office", "centre")


@pytest.fixture
def desk(year):
    return make_account("desk", "yanji", "litigation")


def told(act):
    """What an act returned, or why it was refused."""
    try:
        return act()
    except ReturnError as error:
        return error


def closed_while_somebody_types(year, both, desk, monkeypatch):
    """What is typed while the month is being closed, begun; and whether it waited for that."""
    fill(desk, slot_of(year), CLEAN_LITIGATION)
    real, begun = inputs_of, []

    def typed(*args):
        # The month is held, and somebody types.
        save = partial(save_cell, metric="appeals_filed", value=1, seen_version=1)
        act = Act(lambda: told(lambda: save(user=desk, slot=slot_of(fresh(year)))))
        begun.append((act, act.waits()))
        return real(*args)

    monkeypatch.setattr(closing, "inputs_of", typed)
    close_month(user=both, year=year, month=5, sides=BOTH, reason=REASON)
    return begun[0]


def test_a_figure_that_comes_while_a_month_is_closed_is_refused(year, both, desk, monkeypatch):
    typing, waited = closed_while_somebody_types(year, both, desk, monkeypatch)
    assert waited
    assert typing.answer().status == "locked"
    assert values_of(slot_of(year))["appeals_filed"] == CLEAN_LITIGATION["appeals_filed"]


def test_without_the_row_lock_it_would_slip_into_a_closed_month(year, both, desk, monkeypatch):
    """What the lock is for; on SQLite a transaction is exclusive without it."""
    with without_row_locks(monkeypatch):
        typing, waited = closed_while_somebody_types(year, both, desk, monkeypatch)
    assert waited is (connection.vendor == "sqlite")
    assert typing.answer().status == ("locked" if waited else "saved")


def test_a_figure_that_comes_before_is_in_the_snapshot(year, both, desk):
    slot = slot_of(year)
    fill(desk, slot, CLEAN_LITIGATION)
    hand_in(desk, slot)
    with transaction.atomic():
        verify(user=both, slot=slot, seen_version=version_of(slot))
        close = partial(close_month, user=both, month=5, sides=BOTH, reason=REASON)
        closes = Act(lambda: close(year=fresh(year)))
        # It waits for the figures that are just being verified.
        assert closes.waits()
    snapshot = closes.answer()
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
