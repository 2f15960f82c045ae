"""The page of the Word template: two people, faults in words, what is in use, who may what."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from courts.bulletins.selectors.word_templates import template_in_use
from courts.models import Event, QualityYear, User, WordTemplate
from courts.papers.template_parts import part_faults
from courts.papers.template_trial import template_faults
from courts.papers.word_file import built_in_template
from courts.years.open_work import open_work
from tests.courts.made_templates import DOCUMENT, relation, template, with_line
from tests.pages import account, client_of

pytestmark = pytest.mark.django_db
State = WordTemplate.State


@pytest.fixture(autouse=True)
def trials_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try templates out in this process: test_word_templates.py starts the child."""
    monkeypatch.setattr("courts.bulletins.services.word_templates.faults_of", template_faults)


def page(year: QualityYear) -> str:
    return reverse("courts:word_template", args=[year.code])


def upload(user: User, year: QualityYear, content: bytes) -> Any:
    file = SimpleUploadedFile("../通报.docx", content)
    data = {"upload": "1", "file": file, "reason": "换版头"}
    return client_of(user).post(page(year), data)


def decide(user: User, year: QualityYear, act: str, pk: int, note: str = "") -> Any:
    return client_of(user).post(page(year), {"act": act, "template": pk, "note": note})


def test_one_brings_a_template_and_another_takes_it_into_use(
    office: User, centre: User, year: QualityYear
) -> None:
    content = template(with_line("电话 0433"))
    assert upload(office, year, content).status_code == 302
    row = WordTemplate.objects.get()
    assert (row.state, row.name, bytes(row.content)) == (State.WAITING, "通报.docx", content)
    assert template_in_use(year) is None
    assert "word_template" in [group.code for group in open_work(centre).groups]
    assert "word_template" not in [group.code for group in open_work(office).groups]
    # Who brought it sees no button, and gets nowhere without one.
    assert 'value="use"' not in client_of(office).get(page(year)).content.decode()
    assert decide(office, year, "use", row.pk).status_code == 403
    assert decide(centre, year, "use", row.pk, "已核对").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decided_by, row.note) == (State.IN_USE, centre, "已核对")
    assert template_in_use(year) == content
    acts = Event.objects.filter(action="word_template").order_by("pk")
    assert [event.data["act"] for event in acts] == ["bring", "in_use"]
    assert {event.data["sha256"] for event in acts} == {row.sha256}
    # The next one replaces it; a decision on what is decided does nothing.
    assert upload(centre, year, built_in_template()).status_code == 302
    newer = WordTemplate.objects.get(state=State.WAITING)
    assert decide(office, year, "use", newer.pk).status_code == 302
    assert decide(office, year, "refuse", newer.pk, "晚了").status_code == 200
    row.refresh_from_db()
    newer.refresh_from_db()
    assert (row.state, newer.state) == (State.REPLACED, State.IN_USE)


def test_faults_are_named_and_nothing_is_stored(office: User, year: QualityYear) -> None:
    faulty = template((DOCUMENT, "{{ number }}", "{{ nomber }}"))
    answer = upload(office, year, faulty).content.decode()
    assert "没有字段“nomber”" in answer
    linked = template(relation("hyperlink", "http://example.org/<b>"[:19]))
    assert "模板链接到外部（http://example.org/" in upload(office, year, linked).content.decode()
    assert not WordTemplate.objects.exists()


@pytest.mark.database
def test_one_waits_at_a_time_and_is_refused_with_a_note_or_withdrawn(
    office: User, centre: User, year: QualityYear
) -> None:
    upload(office, year, built_in_template())
    assert upload(centre, year, built_in_template()).status_code == 200
    row = WordTemplate.objects.get()
    decide(centre, year, "refuse", row.pk)
    row.refresh_from_db()
    assert row.state == State.WAITING
    decide(centre, year, "refuse", row.pk, "红线不对")
    row.refresh_from_db()
    assert (row.state, row.note) == (State.REFUSED, "红线不对")
    upload(office, year, built_in_template())
    waiting = WordTemplate.objects.get(state=State.WAITING)
    assert decide(centre, year, "withdraw", waiting.pk).status_code == 403
    assert decide(office, year, "withdraw", waiting.pk).status_code == 302
    # The database holds two people and one template in use, whoever writes.
    for change in (
        {"state": State.IN_USE, "decided_by": waiting.uploaded_by},
        {"state": State.REFUSED, "decided_by": centre, "note": ""},
        {"state": "lost"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            WordTemplate.objects.filter(pk=waiting.pk).update(**change)


def test_built_in_and_trial_are_taken_away_and_reach_out_to_nothing(
    office: User, year: QualityYear
) -> None:
    client = client_of(office)
    answer = client.get(reverse("courts:word_template_file", args=[year.code, 0]))
    assert answer.content == built_in_template()
    assert unquote(answer["Content-Disposition"]).endswith("''通报的Word模板.docx")
    made = client.get(reverse("courts:word_template_trial", args=[year.code, 0]))
    assert list(part_faults(made.content)) == []
    upload(office, year, built_in_template())
    pk = WordTemplate.objects.get().pk
    assert client.get(reverse("courts:word_template_trial", args=[year.code, pk])).content == (
        made.content
    )
    assert (
        client.get(reverse("courts:word_template_file", args=[year.code, 999])).status_code == 404
    )


def test_the_page_takes_as_many_queries_however_many_templates(
    office: User, centre: User, year: QualityYear
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(office)
    client.get(page(year))
    with CaptureQueriesContext(connection) as before:
        client.get(page(year))
    for _number in range(3):
        upload(office, year, built_in_template())
        decide(centre, year, "use", WordTemplate.objects.get(state=State.WAITING).pk)
    with CaptureQueriesContext(connection) as after:
        client.get(page(year))
    assert len(after) == len(before)


def test_a_leader_looks_and_does_not_act(year: QualityYear, office: User) -> None:
    leader = account("leader", "yanbian", "leader")
    assert 'type="file"' not in client_of(leader).get(page(year)).content.decode()
    assert upload(leader, year, built_in_template()).status_code == 403
    assert not WordTemplate.objects.exists()
