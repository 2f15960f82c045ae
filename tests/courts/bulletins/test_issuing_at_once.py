"""Two who act at once: one issue is published once, and no answer slips in after the end."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.db.models.functions import Now

from courts.bulletins.services.publishing import publish, publish_steps
from courts.bulletins.services.signatures import sign
from courts.closings.selectors.clock import database_now
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
from tests.at_once import at_once
from tests.courts.bulletins.issue_fixtures import (
    ask_nobody,
    closed_month,
    issue_of,
    people_of_issuing,
    plain_files,
)

__all__ = ["plain_files"]

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


def test_a_court_answers_while_the_consultation_ends(made_year: QualityYear) -> None:
    people = people_of_issuing()
    asked = open_consultation(
        user=people["office"], snapshot=closed_month(made_year, people["office"])
    )
    court = Court.objects.select_related("parent").get(code="yanji")
    ended = threading.Event()

    def answer() -> None:
        held = Consultation.objects.select_related("snapshot__quality_year").get(pk=asked.pk)
        verdicts = ("confirmed", "contested")
        over = False
        for seen in itertools.count():
            if over:
                return
            over = ended.wait(0.002)
            given = GivenAnswer("item/L1", verdicts[seen % 2], "不对", seen)
            answer_lines(user=people["desk"], consultation=held, court=court, answers=[given])

    def end() -> None:
        try:
            now = database_now(made_year)
            Consultation.objects.filter(pk=asked.pk).update(
                opened_at=now - timedelta(days=3), ends_at=Now()
            )
        finally:
            ended.set()

    said = said_by([answer, end])
    assert ended.is_set()
    assert said[0] == "done"
    assert "已经截止" in said[1]
    row = ConsultationAnswer.objects.filter(line="item/L1").first()
    end_at = Consultation.objects.get(pk=asked.pk).ends_at
    assert row is None or (row.at is not None and row.at <= end_at)
    with pytest.raises(StateError):
        answer_lines(
            user=people["desk"],
            consultation=asked,
            court=court,
            answers=[GivenAnswer("item/L1", "confirmed", "", row.version if row else 0)],
        )
