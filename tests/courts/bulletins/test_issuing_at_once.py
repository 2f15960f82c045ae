"""Two who act at once: one issue is published once, and no answer slips in after the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connection, transaction

from courts import database_clock
from courts.bulletins.services.publishing import publish, publish_steps
from courts.bulletins.services.signatures import sign
from courts.consultations.services.consultations import GivenAnswer, answer_lines, open_consultation
from courts.frame.refusals import ReturnError, StateError
from courts.models import (
    Bulletin,
    BulletinFile,
    Consultation,
    ConsultationAnswer,
    Court,
    Event,
    QualityYear,
    Snapshot,
    User,
)
from courts.restatements.services.restatements import approve, propose_figures, trial
from tests.at_once import Act, at_once, without_row_locks
from tests.courts.issue_fixtures import (
    ask_nobody,
    closed_month,
    issue_of,
    people_of_issuing,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("plain_files"),
]


def said_by(acts: Sequence[Callable[[], object]]) -> list[str]:
    """What became of acts in the same moment: done, or why not."""

    def told(act: Callable[[], object]) -> str:
        try:
            act()
        except ReturnError as error:
            return error.message
        return "done"

    return sorted(at_once([partial(told, act) for act in acts]))


def test_of_two_who_publish_or_approve_at_once_one_does(made_year: QualityYear) -> None:
    people = people_of_issuing()
    ask_nobody(made_year, people["office"])
    issue = issue_of(closed_month(made_year, people["office"]), people["office2"])
    for name in ("office3", "centre2"):
        issue = sign(user=people[name], bulletin=issue, seen=issue.version)

    def go(user: User) -> Callable[[], object]:
        held = Bulletin.objects.select_related("quality_year__court").get(pk=issue.pk)
        return lambda: publish(user=user, bulletin=held, seen=issue.version)

    # Nobody waits for files that are being made.
    held = Bulletin.objects.get(pk=issue.pk)
    steps = publish_steps(user=people["office3"], bulletin=held, seen=issue.version)
    next(steps)
    assert not connection.in_atomic_block
    steps.close()

    said = said_by([go(people["office3"]), go(people["centre2"])])
    assert said[0] == "done"
    assert "已通报" in said[1]
    assert Event.objects.filter(action="publish_bulletin").count() == 1
    assert BulletinFile.objects.count() == 10

    row = {"court": "yanji", "month": "2019-12", "metric": "appeal_revised", "value": 200}
    proposed = propose_figures(user=people["office"], year=made_year, rows=[row], reason="漏计")
    seen = trial(proposed).digest
    said = said_by(
        [
            lambda: approve(user=people["office2"], restatement=proposed, seen=seen),
            lambda: approve(user=people["office3"], restatement=proposed, seen=seen),
        ]
    )
    assert said[0] == "done" or said[1] == "done"
    assert any("已批准" in one for one in said)
    assert Snapshot.objects.filter(restates=issue.snapshot).count() == 1


def test_a_court_answers_while_the_consultation_ends(
    made_year: QualityYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever holds it first is first: an answer stands before the end, or is refused."""
    people = people_of_issuing()
    asked = open_consultation(
        user=people["office"], snapshot=closed_month(made_year, people["office"])
    )
    court = Court.objects.select_related("parent").get(code="yanji")
    rows = Consultation.objects.filter(pk=asked.pk)

    def answer(verdict: str, seen: int) -> str:
        held = Consultation.objects.select_related("snapshot__quality_year").get(pk=asked.pk)
        given = GivenAnswer("item/L1", verdict, "不对", seen)
        try:
            answer_lines(user=people["desk"], consultation=held, court=court, answers=[given])
        except StateError as error:
            return error.message
        return "done"

    def end() -> datetime:
        """End it, and say when. The clock is read by who holds the row."""
        rows.select_for_update().get()
        now = database_clock.now()
        rows.update(opened_at=now - timedelta(days=3), ends_at=now)
        return now

    def ended_and_taken_back() -> datetime:
        with transaction.atomic():
            moment = end()
            transaction.set_rollback(True)
        return moment

    with transaction.atomic():
        assert answer("contested", 0) == "done"
        ending = Act(ended_and_taken_back)
        assert ending.waits()
    row = ConsultationAnswer.objects.get(line="item/L1")
    assert row.at is not None
    assert row.at <= ending.answer()

    # What the lock is for: without it an answer slips in behind the end; SQLite has one writer.
    with without_row_locks(monkeypatch), transaction.atomic():
        end()
        answering = Act(lambda: answer("confirmed", 1))
        assert answering.waits() is (connection.vendor == "sqlite")
        transaction.set_rollback(True)
    assert answering.answer() == "done"

    with transaction.atomic():
        end()
        answering = Act(lambda: answer("contested", 2))
        assert answering.waits()
    assert "已经截止" in answering.answer()
