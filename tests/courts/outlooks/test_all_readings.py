"""Tests of the page of all combinations of readings: what it says, its files, what it costs."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import scoring
from courts.models import QualityYear, User
from courts.scores.selectors import scores
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month
from tests.courts.admin_fixtures import elsewhere
from tests.courts.returns_fixtures import people
from tests.pages import client_of, give, made_year

__all__ = ["elsewhere", "made_year", "people"]

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

MONTH = Month(2019, 12)
ADDRESS = "/yanbian-2019/dashboard/2019-12/readings/"


def test_whose_rank_hangs_on_a_sentence(made_year: QualityYear, people: dict[str, User]) -> None:
    assert reverse("courts:all_readings", args=["yanbian-2019", "2019-12"]) == ADDRESS
    client = client_of(people["leader"])
    response = client.get(ADDRESS)
    assert response.status_code == 200
    found, text = response.context["page"], response.content.decode()
    assert found.combinations == 2048
    assert "一共 2048 种组合" in text
    board = scores.scoreboard(made_year, MONTH)
    assert len(found.courts) == len(board.scorecards)
    for court in found.courts:
        card = board.court(court.code)
        assert (court.total, court.rank) == (str(card.total), card.rank)
        assert float(court.low) <= float(court.total) <= float(court.high)
        if court.rank is not None:
            assert court.best <= court.rank <= court.worst
            assert court.never_moves is (court.best == court.worst)
            assert bool(court.moved_by) is not court.never_moves
        assert court.name in text
    # The first single answer told is what the engine says of that answer alone.
    rulebook = rulebook_of(made_year, MONTH)
    reading = found.readings[0]
    value = next(
        one.value
        for one in rulebook.reading_by_code[reading.code].options
        if one.label.zh == reading.answer
    )
    facts = [card.items[0].facts for card in board.scorecards]
    other = scoring.score(rulebook, MONTH, facts, {reading.code: value})
    moved = {
        card.court
        for card, was in zip(other.scorecards, board.scorecards, strict=True)
        if (card.total_cents, card.rank) != (was.total_cents, was.rank)
    }
    assert len(reading.moves) == len(moved)

    rows = list(
        csv.reader(io.StringIO(client.get(f"{ADDRESS}?_export=csv").content.decode("utf-8-sig")))
    )
    ranges = [row for row in rows if row and row[0] == "全部组合"]
    assert [row[1] for row in ranges] == [court.name for court in found.courts]
    assert [row[0] for row in rows if row].count("只改一处") == sum(
        len(r.moves) for r in found.readings
    )

    with CaptureQueriesContext(connection) as queries:
        client.get(ADDRESS)
    assert len(queries) <= 15


def test_what_cannot_be_shown(
    year: QualityYear, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(people["office"])
    assert "这个月还没有数据" in client.get(ADDRESS).content.decode()
    assert client_of(people["desk"]).get(ADDRESS).status_code == 403
    give(year, ("yanji", "2019-12", "appeals_filed", 1000))
    monkeypatch.setattr("scoring.all_readings.MOST_COMBINATIONS", 1)
    assert "全部组合一时算不完" in client.get(ADDRESS).content.decode()
