"""Signing and publishing: two people, one transaction, and nothing of it ever changes."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from courts.bulletins.services import issued_files
from courts.bulletins.services.publishing import publish, publish_steps, withdraw
from courts.bulletins.services.signatures import sign, void_signatures
from courts.consultations.services.consultations import open_consultation
from courts.consultations.services.terms import set_terms
from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.frame.selectors.record import check
from courts.frame.services.record import seal
from courts.models import (
    Bulletin,
    BulletinFile,
    Closing,
    Event,
    MonthlyReturn,
    ObjectionTerm,
    QualityYear,
    RecordEntry,
    Snapshot,
    User,
    WordTemplate,
)
from courts.papers.word_file import built_in_template
from courts.snapshots.verification import verify
from tests.courts.issue_fixtures import (
    ask_nobody,
    closed_month,
    issue_of,
    people_of_issuing,
    published_issue,
)
from tests.pages import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("plain_files")]


@pytest.fixture
def people(made_year: QualityYear) -> dict[str, User]:
    return people_of_issuing()


@pytest.fixture
def issue(made_year: QualityYear, people: dict[str, User]) -> Bulletin:
    """December of both sides, closed by one of the office and edited by another."""
    ask_nobody(made_year, people["office"])
    return issue_of(closed_month(made_year, people["office"]), people["office2"])


def fresh(issue: Bulletin) -> Bulletin:
    return Bulletin.objects.select_related("quality_year__court", "snapshot").get(pk=issue.pk)


def signed(issue: Bulletin, *people: User) -> Bulletin:
    for user in people:
        sign(user=user, bulletin=issue, seen=fresh(issue).version)
    return fresh(issue)


def test_each_office_signs_and_a_third_person_is_needed(issue, people):
    for name in ("office", "office2"):  # who closed it, and who edited it
        with pytest.raises(PermissionDenied, match="另一人"):
            sign(user=people[name], bulletin=issue, seen=issue.version)
    for name in ("leader", "party", "desk"):
        with pytest.raises(PermissionDenied):
            sign(user=people[name], bulletin=issue, seen=issue.version)
    one = signed(issue, people["office3"])
    assert (one.state, signers(one)) == ("draft", {"litigation": people["office3"]})
    with pytest.raises(StateError, match="由每个部门签发"):
        publish(user=people["office3"], bulletin=one, seen=one.version)
    with pytest.raises(StateError, match="已经签发过"):
        sign(user=people["office3"], bulletin=one, seen=one.version)
    both = signed(issue, people["centre"])
    assert (both.state, signers(both)["enforcement"]) == ("signed", people["centre"])


def signers(issue):
    return {one.side: one.by for one in issue.signatures.all()}


def test_a_side_alone_is_signed_by_its_own_office(made_year, people):
    ask_nobody(made_year, people["office"])
    snapshot = closed_month(made_year, people["centre"], sides=("enforcement",))
    issue = issue_of(snapshot, people["centre"])
    with pytest.raises(PermissionDenied, match="管理部门"):
        sign(user=people["office"], bulletin=issue, seen=issue.version)
    done = signed(issue, people["centre2"])
    assert done.state == "signed"
    publish(user=people["centre2"], bulletin=done, seen=done.version)
    states = MonthlyReturn.objects.filter(year=2019, month=12).values_list("side", "state")
    assert set(states) == {("litigation", "verified"), ("enforcement", "published")}
    text = json.loads(Snapshot.objects.get(pk=snapshot.pk).text)
    scores = [p["content"]["score"] for p in text["parts"] if p["name"].startswith("court/")]
    assert {(score["total"], score["rank"]) for score in scores} == {(None, None)}


def test_editing_after_signing_voids_the_signature(issue, people):
    done = signed(issue, people["office3"], people["centre"])
    with pytest.raises(StaleError):
        publish(user=people["centre"], bulletin=done, seen=done.version - 1)
    assert void_signatures(bulletin=done, user=people["office2"], reason="改一处")
    again = fresh(done)
    assert (again.state, signers(again)) == ("draft", {})
    with pytest.raises(StateError):
        publish(user=people["centre"], bulletin=again, seen=again.version)
    # Who edits after signing has become an editor and cannot sign again.
    again.writers.add(people["office3"])
    with pytest.raises(PermissionDenied):
        sign(user=people["office3"], bulletin=again, seen=again.version)
    assert Event.objects.filter(action="void_signatures").count() == 1


def test_publishing_stores_the_files_and_marks_the_month(issue, people):
    done = signed(issue, people["office3"], people["centre"])
    publish(user=people["office3"], bulletin=done, seen=done.version)
    issue = fresh(done)
    assert (issue.state, issue.published_by) == ("published", people["office3"])
    assert Snapshot.objects.get(pk=issue.snapshot_id).published_at == issue.published_at
    assert set(
        MonthlyReturn.objects.filter(year=2019, month=12).values_list("state", flat=True)
    ) == {"published"}
    files = {row.scope: row for row in issue.files.filter(kind="json")}
    assert len(files) == 10  # the whole one, and one for each of nine courts
    for row in files.values():
        assert hashlib.sha256(bytes(row.content)).hexdigest() == row.sha256
        assert verify(bytes(row.content), issue.snapshot.sha256).is_equal
    assert verify(bytes(files["yanji"].content)).courts == ("yanji",)
    term = ObjectionTerm.objects.get(bulletin=issue)
    assert term.until > timezone.now()
    event = Event.objects.get(action="publish_bulletin")
    assert event.data["returns"] == 18
    assert {one["sha256"] for one in event.data["files"]} == {
        row.sha256 for row in issue.files.all()
    }
    with pytest.raises(StateError, match="已通报"):
        publish(user=people["centre"], bulletin=issue, seen=issue.version)


def test_each_paper_ends_with_the_records_head_of_the_day(issue, people, monkeypatch):
    """And the act of publishing names the same; before there is a head nothing is printed."""
    monkeypatch.undo()
    monkeypatch.setattr(
        issued_files,
        "paper_makers",
        lambda document, _template: {"html": lambda: repr(document).encode()},
    )
    assert all("链值" not in file.content.decode() for file in issued_files.papers_of(issue, "x"))
    seal(timezone.now() - timedelta(days=1))
    head = RecordEntry.objects.order_by("-seq")[0].link
    # What was sealed today belongs to the head of tomorrow.
    seal(timezone.now())
    done = signed(issue, people["office3"], people["centre"])
    publish(user=people["office3"], bulletin=done, seen=done.version)
    papers = BulletinFile.objects.filter(kind="html")
    groups = " ".join(head[at : at + 8] for at in range(0, 64, 8))
    assert papers
    for paper in papers:
        assert f"{groups}'" in bytes(paper.content).decode()
    assert Event.objects.get(action="publish_bulletin").data["record_head"] == head
    assert check(groups.replace(" ", "")).faults == ()


def test_files_are_made_first_and_must_still_be_right_when_they_are_stored(issue, people):
    """Another template while they are made: nothing is published. Page and press say the same."""
    done = signed(issue, people["office3"], people["centre2"])
    steps = publish_steps(user=people["office3"], bulletin=done, seen=done.version)
    made = next(steps)
    # Three papers, the whole snapshot and one part for each court.
    assert (made.name, made.done, made.of) == (f"yanbian-2019-12-{done.pk}.json", 1, 3 + 1 + 9)
    content = built_in_template()
    template = WordTemplate.objects.create(
        quality_year=done.quality_year,
        name="另一模板.docx",
        content=content + b" ",
        size=len(content) + 1,
        sha256=hashlib.sha256(content + b" ").hexdigest(),
        reason="换版",
        state="in_use",
        uploaded_by=people["office"],
        uploaded_at=timezone.now(),
        decided_by=people["office2"],
        decided_at=timezone.now(),
    )
    with pytest.raises(StaleError, match="生成文件期间"):
        list(steps)
    assert not BulletinFile.objects.exists()
    assert Bulletin.objects.get(pk=done.pk).state == "signed"
    template.delete()
    client = client_of(people["office3"])
    path = f"/yanbian-2019/bulletins/{done.pk}/sign/"
    answer = client.post(path, {"act": "publish", "seen": done.version})
    text = b"".join(answer).decode()
    assert f"<li>yanbian-2019-12-{done.pk}-yanji.json <span>3/13</span></li>" in text
    assert "已发布，文件和校验值已经存档。" in text
    assert BulletinFile.objects.count() == 10
    # What may not be published is refused before any file is made.
    answer = client.post(path, {"act": "publish", "seen": done.version})
    assert answer.status_code == 302


def test_nothing_of_a_published_issue_changes(issue, people):
    done = signed(issue, people["office3"], people["centre"])
    publish(user=people["office3"], bulletin=done, seen=done.version)
    file = done.files.first()
    assert file is not None
    wrong: tuple[tuple[type[Bulletin | BulletinFile | Snapshot], int, dict[str, Any]], ...] = (
        (Bulletin, done.pk, {"title": "另一个"}),
        (Bulletin, done.pk, {"prose": {"zh": []}}),
        (Bulletin, done.pk, {"state": "draft", "published_by": None, "published_at": None}),
        (
            Bulletin,
            done.pk,
            {"state": "withdrawn", "withdrawn_at": timezone.now(), "withdrawn_reason": "x"},
        ),
        (BulletinFile, file.pk, {"content": b"x"}),
        (Snapshot, done.snapshot_id, {"text": "{}"}),
    )
    for model, pk, values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.filter(pk=pk).update(**values)
    for model in (BulletinFile, Snapshot, Bulletin):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.all()._raw_delete("default")
    row = done.files.first()
    assert row is not None
    row.pk, row.kind = None, "html"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    with pytest.raises(StateError, match="只能通过更正"):
        withdraw(user=people["office"], bulletin=done, reason="x")


def test_the_snapshot_is_held_against_its_hash(issue, people):
    done = signed(issue, people["office3"], people["centre"])
    broken = Snapshot.objects.get(pk=done.snapshot_id)
    broken.pk, broken.number = None, 2
    broken.text = broken.text.replace("延吉", "图们", 1)
    broken.save(force_insert=True)
    Bulletin.objects.filter(pk=done.pk).update(snapshot=broken)
    with pytest.raises(ReturnError, match="校验值不符"):
        publish(user=people["office3"], bulletin=done, seen=done.version)
    assert not BulletinFile.objects.exists()


def test_courts_are_asked_first(made_year, people):
    snapshot = closed_month(made_year, people["office"])
    issue = issue_of(snapshot, people["office2"])
    with pytest.raises(ReturnError, match="还没有向各法院征求意见"):
        sign(user=people["office3"], bulletin=issue, seen=issue.version)
    open_consultation(user=people["office"], snapshot=snapshot)
    with pytest.raises(ReturnError, match="尚未截止"):
        sign(user=people["office3"], bulletin=issue, seen=issue.version)


def test_made_up_figures_wait_for_nobody_and_may_be_withdrawn(made_year, people):
    issue = published_issue(made_year, people, is_demo=True)
    assert set(
        MonthlyReturn.objects.filter(year=2019, month=12).values_list("state", flat=True)
    ) == {"verified"}
    withdraw(user=None, bulletin=issue, reason="已有真实数据")
    assert fresh(issue).state == "withdrawn"
    with pytest.raises(StateError, match="已经撤回"):
        withdraw(user=people["office"], bulletin=issue, reason="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Bulletin.objects.filter(pk=issue.pk).update(
            state="draft", withdrawn_at=None, withdrawn_reason=""
        )


def test_a_reopened_month_is_not_published(issue, people):
    done = signed(issue, people["office3"], people["centre"])
    now = timezone.now()
    Closing.objects.update(reopened_at=now, reopened_by=people["office"], reopened_reason="补报")
    Snapshot.objects.filter(pk=done.snapshot_id).update(voided_at=now, voided_reason="补报")
    with pytest.raises(ReturnError, match="须再次关账"):
        publish(user=people["office3"], bulletin=done, seen=done.version)


def test_terms_reach_later_publications(made_year, people):
    values = {"consultation_days": 0, "silence": "confirms", "objection_days": 1}
    set_terms(user=people["office"], year=made_year, values=values, seen=0, reason="急")
    issue = published_issue(made_year, people)
    term = ObjectionTerm.objects.get(bulletin=issue)
    assert issue.published_at is not None
    assert (term.until - issue.published_at).total_seconds() <= 2 * 24 * 3600
