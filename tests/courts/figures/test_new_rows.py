"""New figures written as rows: the same in the table and in its history, on either database."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from courts.figures.services.new_rows import NewFigure, create_figures
from courts.models import Figure, MonthlyReturn, QualityYear, User

pytestmark = [pytest.mark.django_db, pytest.mark.database]

NOTES = ["", 'a "quoted", note', "two\nlines\\N", "延吉\t法院", "NULL"]


@pytest.fixture
def owner(year: QualityYear) -> MonthlyReturn:
    court = year.court
    return MonthlyReturn.objects.create(court=court, year=2019, month=1, side="litigation")


def test_rows_and_history_hold_the_same(owner: MonthlyReturn) -> None:
    there = Figure.objects.create(monthly_return=owner, metric="there", value=1)
    actor = User.objects.create(username="office", court=owner.court)
    figures = [
        NewFigure(owner.pk, f"metric-{place}", None if place == 1 else place, note)
        for place, note in enumerate(NOTES)
    ]
    create_figures(figures, actor=actor, reason='导入 "a, b".csv')
    rows = Figure.objects.filter(monthly_return=owner).exclude(pk=there.pk).order_by("pk")
    names = ("monthly_return_id", "metric", "value", "note")
    assert list(rows.values_list(*names)) == [tuple(figure) for figure in figures]
    assert {(row.version, row.blank_reason) for row in rows} == {(1, "")}
    history = Figure.history.filter(monthly_return=owner).exclude(id=there.pk).order_by("id")
    kept = ("id", *names, "version", "blank_reason")
    assert list(history.values_list(*kept)) == list(rows.values_list(*kept))
    assert {(one.history_type, one.history_user, one.history_change_reason) for one in history} == {
        ("+", actor, '导入 "a, b".csv')
    }
    assert {one.history_date.tzinfo is not None for one in history} == {True}
    # What was there before is not told as created once more.
    assert Figure.history.filter(id=there.pk).count() == 1


def test_the_database_refuses_what_it_ever_did(owner: MonthlyReturn) -> None:
    for figures in (
        [NewFigure(owner.pk, "m", -1, "")],
        [NewFigure(owner.pk, "m", 1, ""), NewFigure(owner.pk, "m", 2, "")],
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            create_figures(figures, actor=None, reason="")
    assert not Figure.objects.filter(monthly_return=owner).exists()
