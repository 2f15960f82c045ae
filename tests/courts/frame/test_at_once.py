"""Acts at the same moment really meet, on SQLite and PostgreSQL: else races are tested by none."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection, transaction
from django.db.models import F

from courts.models import Court
from tests.at_once import Act, at_once, without_row_locks

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 4


@pytest.fixture
def court() -> Court:
    return Court.objects.create(
        code="yanbian", order=0, short_name="中院", name="中级法院", level="intermediate"
    )


def order_of(court: Court) -> int:
    return Court.objects.values_list("order", flat=True).get(pk=court.pk)


def test_nobody_writes_before_all_have_read(court: Court) -> None:
    """Each adds one to what it read: without a lock three of four are lost, always."""

    def add_one() -> None:
        Court.objects.filter(pk=court.pk).update(order=order_of(court) + 1)

    at_once([add_one] * PEOPLE)
    assert order_of(court) == 1


def test_a_row_that_is_held_is_read_in_turn(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same with the row held, and with the lock taken away again."""

    @transaction.atomic
    def add_one() -> None:
        row = Court.objects.select_for_update().get(pk=court.pk)
        Court.objects.filter(pk=court.pk).update(order=row.order + 1)

    at_once([add_one] * PEOPLE)
    assert order_of(court) == PEOPLE
    with without_row_locks(monkeypatch):
        at_once([add_one] * PEOPLE)
    # On SQLite a transaction that may write holds everything from its first statement on.
    assert order_of(court) == PEOPLE + (1 if connection.vendor == "postgresql" else PEOPLE)


def test_each_answers_and_says_what_went_wrong(court: Court) -> None:
    def write(value: int) -> int:
        Court.objects.filter(pk=court.pk).update(order=F("order") + value)
        if value == 8:
            raise LookupError("eight")
        return value

    assert at_once([partial(write, one) for one in range(5)], people=2) == [0, 1, 2, 3, 4]
    with pytest.raises(LookupError, match="eight"):
        at_once([partial(write, 7), partial(write, 8)])


def test_who_only_reads_meets_nobody(court: Court) -> None:
    with transaction.atomic():
        Court.objects.filter(pk=court.pk).update(order=5)
        assert Act(lambda: order_of(court)).waits() is False
        writing = Act(lambda: Court.objects.filter(pk=court.pk).update(order=6))
        assert writing.waits() is True
    assert writing.answer() == 1
    assert order_of(court) == 6
    with pytest.raises(AssertionError):
        at_once([lambda: order_of(court)])
