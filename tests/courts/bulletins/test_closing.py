"""Closing a month freezes its numbers; reopening voids them; the database holds what was made."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import translation

from courts.bulletins.selectors.prose.month import BulletinMonth
from courts.closings.selectors.close_steps import amount_of, gap_words
from courts.closings.selectors.snapshots import frozen_of, stored
from courts.closings.services.closing import close_month, note_published, reopen_month
from courts.frame.refusals import ReturnError, StateError
from courts.models import Closing, Event, Figure, ReadingDecision, Snapshot
from courts.permissions import Basis
from courts.scores.selectors.scores import month_scores, ranking
from courts.snapshots import scores as scores_of
from courts.snapshots.verification import verify
from courts.years.closings import MonthStanding, closings_of
from scoring.facts import Month
from tests.courts.bulletins.conftest import BOTH, REASON, both_offices, closed, fresh
from tests.courts.bulletins.test_prose import texts

pytestmark = pytest.mark.database

DECEMBER = Month(2019, 12)
JUNE = Month(2019, 6)


def points(scores, court="yanji"):
    card = scores.scoreboard.court(court)
    return card.total, card.rank, [score.points for score in card.items]


def spoil(month: Month = DECEMBER, metric="enforcement_closed") -> None:
    """Change a stored figure behind the back of every service."""
    figure = Figure.objects.get(
        monthly_return__court__code="yanji",
        monthly_return__year=month.year,
        monthly_return__month=month.month,
        metric=metric,
    )
    assert figure.value is not None
    Figure.objects.filter(pk=figure.pk).update(value=figure.value // 2)


def test_a_closed_month_keeps_its_numbers(made_year):
    before = month_scores(made_year, DECEMBER)
    snapshot = closed(made_year)
    spoil()
    after = month_scores(fresh(made_year), DECEMBER)
    assert points(after) == points(before)
    assert set(after.snapshots.values()) == {snapshot.sha256}
    # Everything else is computed from the figures as they are.
    assert points(month_scores(fresh(made_year), DECEMBER, Basis.REPORTED)) != points(before)
    asked = month_scores(fresh(made_year), DECEMBER, readings={"step": "whole"})
    assert asked.snapshots == {}
    assert (
        asked.scoreboard.court("yanji").item("C2").points
        != after.scoreboard.court("yanji").item("C2").points
    )


def test_what_pages_compute_is_what_was_published(made_year):
    parts = stored(closed(made_year))
    board = month_scores(fresh(made_year), DECEMBER).scoreboard
    for card in board.scorecards:
        published = parts.courts[card.court]["score"]
        assert scores_of.as_json(card, BOTH) == published


def test_the_change_from_the_month_before_is_that_of_the_snapshots(made_year):
    closed(made_year, 11)
    before = {row.code: row.total_change for row in ranking(fresh(made_year), DECEMBER)}
    closed(made_year, 12)
    assert {row.code: row.total_change for row in ranking(fresh(made_year), DECEMBER)} == before


def test_gaps_need_a_reason_and_are_printed(made_year):
    both = both_offices()
    with pytest.raises(ReturnError, match="没有完成") as refused:
        close_month(user=both, year=made_year, month=12, sides=BOTH)
    # Ballots have not been tallied for any of the nine courts.
    assert [one.key for one in refused.value.obstacles] == ["ballot"]
    # Whoever closes, and in whichever language: what is kept is Chinese, and counted in its unit.
    with translation.override("ko"):
        snapshot = closed(made_year)
    gaps = stored(snapshot).head["closings"][0]["gaps"]
    assert [(gap["code"], gap["count"], gap["sentence"]) for gap in gaps] == [
        ("ballot", 9, "无记名评分没有结果的法院：9家")
    ]
    assert gap_words(gaps[0]) == gaps[0]["sentence"]
    with translation.override("en"):
        assert gap_words(gaps[0]).endswith(": 9")
    assert [amount_of(code, 2) for code in ("verified", "targets", "unlocks", "restatement")] == [
        "2张",
        "2个",
        "2件",
        "2件",
    ]
    month = BulletinMonth(stored(snapshot), frozen_of(snapshot), ())
    missing = f"尚有未完成事项（无记名评分没有结果的法院9家）时关账，理由是：{REASON}"
    assert missing.removesuffix("。") in texts(month)["intro.gaps"]
    assert stored(snapshot).head["closings"][0]["reason"] == REASON
    assert Event.objects.filter(action="close_month").count() == 1


def test_a_side_is_closed_by_its_own_office(made_year, office, centre):
    with pytest.raises(PermissionDenied):
        close_month(user=office, year=made_year, month=12, sides=["enforcement"], reason=REASON)
    alone = closed(made_year, sides=["enforcement"], by=centre)
    assert alone.sides == "enforcement"
    assert stored(alone).courts["yanji"]["score"]["total"] is None
    held = closings_of(fresh(made_year))
    assert held.standing(12, "enforcement") is MonthStanding.CLOSED
    assert held.standing(12, "litigation") is MonthStanding.OPEN
    whole = closed(made_year, sides=["litigation"], by=office)
    assert whole.sides == "litigation,enforcement"
    assert stored(whole).courts["yanji"]["score"]["total"] is not None


def test_the_open_side_of_a_closed_month_stays_live(made_year, centre):
    closed(made_year, sides=["enforcement"], by=centre)
    before = month_scores(fresh(made_year), DECEMBER).scoreboard.court("yanji")
    spoil(metric="enforcement_closed")
    spoil(metric="appeals_filed")
    after = month_scores(fresh(made_year), DECEMBER).scoreboard.court("yanji")
    assert after.enforcement == before.enforcement
    assert after.item("L3.2").value != before.item("L3.2").value


def test_a_month_is_closed_once_and_only_when_it_is_over(made_year):
    closed(made_year)
    with pytest.raises(ReturnError, match="刚刚"):
        close_month(user=both_offices(), year=fresh(made_year), month=12, sides=BOTH, reason=REASON)
    made_year.year = 2098
    made_year.save()
    with pytest.raises(StateError, match="还没有结束"):
        close_month(user=both_offices(), year=made_year, month=6, sides=BOTH, reason=REASON)


def test_reopening_voids_the_snapshot_and_lets_figures_count_again(made_year):
    snapshot = closed(made_year)
    spoil()
    reopen_month(
        user=both_offices(), year=fresh(made_year), month=12, sides=BOTH, reason="数据有误"
    )
    snapshot.refresh_from_db()
    assert snapshot.voided_reason == "数据有误"
    live = month_scores(fresh(made_year), DECEMBER)
    assert live.snapshots == {}
    assert points(live) != points(month_scores(fresh(made_year), JUNE))
    again = closed(made_year)
    assert (again.number, Closing.objects.filter(side="litigation").count()) == (2, 2)


def test_reopening_one_side_leaves_the_other_closed(made_year):
    closed(made_year)
    reopen_month(
        user=both_offices(), year=fresh(made_year), month=12, sides=["litigation"], reason="有误"
    )
    held = closings_of(fresh(made_year))
    assert held.closed_sides(12) == ("enforcement",)
    snapshot = held.snapshot(12, "enforcement")
    assert snapshot is not None
    assert snapshot.sides == ("enforcement",)


def test_what_was_published_is_not_reopened(made_year):
    snapshot = closed(made_year)
    note_published(snapshot=snapshot, at=snapshot.made_at)
    assert closings_of(fresh(made_year)).standing(12, "litigation") is MonthStanding.PUBLISHED
    with pytest.raises(StateError, match="更正"):
        reopen_month(
            user=both_offices(), year=fresh(made_year), month=12, sides=BOTH, reason="有误"
        )


def test_the_database_holds_snapshots_and_closings(made_year):
    snapshot = closed(made_year)
    rows = Snapshot.objects.filter(pk=snapshot.pk)
    closing = Closing.objects.filter(side="litigation")
    for change in (
        lambda: rows.update(text="{}"),
        lambda: rows.update(sha256="0" * 64),
        rows.delete,
        lambda: closing.update(reason="别的理由"),
        closing.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    note_published(snapshot=snapshot, at=snapshot.made_at)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(published_at=None)
    snapshot.refresh_from_db()
    assert verify(snapshot.text.encode(), snapshot.sha256).is_equal


def test_a_month_is_scored_by_the_readings_it_was_closed_with(made_year):
    before = month_scores(made_year, DECEMBER)
    closed(made_year)
    ReadingDecision.objects.create(
        quality_year=made_year,
        reading="step",
        number=1,
        value="whole",
        from_month=1,
        note="改用整数",
        decided_on="2020-01-10",
        by=both_offices(),
        at="2020-01-10T09:00:00+08:00",
    )
    assert points(month_scores(fresh(made_year), DECEMBER)) == points(before)


def test_a_closed_month_costs_a_constant_number_of_queries(
    made_year, django_assert_max_num_queries
):
    closed(made_year, 6)
    closed(made_year)
    month_scores(fresh(made_year), DECEMBER)
    own = fresh(made_year)
    with django_assert_max_num_queries(11):
        month_scores(own, DECEMBER)
