"""A meeting about a month: agenda from alarms, decisions, minutes, tasks that become actions."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.meetings.selectors.minutes import numeral
from courts.meetings.services.meetings import (
    add_task,
    add_topic,
    call_meeting,
    close_meeting,
    drop_task,
    save_decision,
    set_present,
)
from courts.models import Action, Event, Meeting, MeetingTask, QualityYear, User
from tests.pages import account, client_of, made_year, year

__all__ = ["made_year", "year"]

pytestmark = pytest.mark.django_db

ROOT = "/yanbian-2019/meetings/"


@pytest.fixture
def office(year: QualityYear) -> User:
    return account("office", "yanbian", "office", name="审管办")


def test_a_meeting_from_its_agenda_to_actions(made_year: QualityYear, office: User) -> None:
    client = client_of(office)
    today = timezone.localdate()
    given = {"month": 6, "title": "上半年会商", "held_on": today.isoformat()}
    answer = client.post(ROOT, given)
    meeting = Meeting.objects.get()
    address = f"{ROOT}{meeting.pk}/"
    assert answer.headers["Location"] == address
    topics = list(meeting.topics.all())
    page = client.get(address).content.decode()
    # Each open alarm of June is a topic with its figures.
    assert len(topics) >= 3
    assert "延吉法院 · 可能突破全年上限" in page
    assert "至今113件，全年上限226件" in page
    yanji = next(one for one in topics if one.court and one.court.code == "yanji")
    screen = f"{address}topics/{yanji.position}/"
    shown = client.get(screen).content.decode()
    assert 'data-key="next"' in shown
    assert f"第{yanji.position}题，共{len(topics)}题" in shown
    typed = {"act": "save", "topic": yanji.pk, "seen": 1, "decision": "逐案评查，本月完成"}
    json = {"Accept": "application/json"}
    saved = client.post(screen, typed, headers=json)
    assert (saved.status_code, saved.json()["version"]) == (200, 2)
    # Saved again unchanged is no new version; over an older one it is refused, and told why.
    assert client.post(screen, typed | {"seen": 2}, headers=json).json()["version"] == 2
    stale = client.post(screen, typed | {"decision": "不查"}, headers=json)
    assert stale.status_code == 409
    assert "已有他人改动" in stale.json()["said"]
    without_script = client.post(screen, typed | {"decision": "不查"})
    assert "不查</textarea>" in without_script.content.decode()
    yanji.refresh_from_db()
    assert yanji.decision == "逐案评查，本月完成"
    task = {
        "act": "task",
        "topic": yanji.pk,
        "text": "提交评查报告",
        "court": "yanji",
        "side": "litigation",
        "due_on": (today + timedelta(days=20)).isoformat(),
    }
    assert client.post(screen, task).status_code == 302
    assert client.post(screen, task | {"text": "错记"}).status_code == 302
    wrong = MeetingTask.objects.get(text="错记")
    assert client.post(screen, {"act": "drop", "task": wrong.pk}).status_code == 302
    assert client.post(address, {"act": "topic", "title": "培训安排"}).status_code == 302
    assert client.post(address, {"act": "present", "seen": 1, "present": "张三"}).status_code == 302
    assert client.post(address, {"act": "close", "seen": 1}).status_code == 200
    assert not Action.objects.exists()
    assert client.post(address, {"act": "close", "seen": 2}).status_code == 302
    action = Action.objects.get()
    assert (action.asks, action.subject, action.month) == ("提交评查报告", "L1", 6)
    assert MeetingTask.objects.get().action == action
    with pytest.raises(StateError):
        add_topic(user=office, meeting=meeting, title="再议")
    leader = client_of(account("leader", "yanbian", "leader"))
    assert f"/yanbian-2019/actions/{action.pk}/" in leader.get(screen).content.decode()
    html = leader.get(f"{address}minutes.html").content.decode()
    for said in ("出席：张三", "逐案评查，本月完成", "提交评查报告", "没有作出决定", "培训安排"):
        assert said in html, said
    with zipfile.ZipFile(io.BytesIO(leader.get(f"{address}minutes.docx").content)) as word:
        assert "会商纪要" in word.read("word/document.xml").decode()
    assert leader.get(f"{address}minutes.pdf").content.startswith(b"%PDF")
    assert leader.get(f"{address}topics/99/").status_code == 404
    acts = set(Event.objects.values_list("action", flat=True))
    assert {"call_meeting", "save_decision", "add_task", "drop_task", "close_meeting"} <= acts


def test_who_holds_meetings_and_what_is_refused(year: QualityYear, office: User) -> None:
    today = timezone.localdate()
    call: dict[str, Any] = {
        "year": year,
        "month": 3,
        "title": "会商",
        "held_on": today,
        "present": "",
    }
    with pytest.raises(PermissionDenied):
        call_meeting(user=account("leader", "yanbian", "leader"), **call)
    meeting = call_meeting(user=office, **call)
    topic = add_topic(user=office, meeting=meeting, title="执行")
    centre = account("centre", "yanbian", "centre")
    save_decision(user=centre, meeting=meeting, topic=topic.pk, decision="查", seen=1)
    with pytest.raises(StaleError):
        save_decision(user=office, meeting=meeting, topic=topic.pk, decision="办", seen=1)
    with pytest.raises(ReturnError):
        save_decision(user=office, meeting=meeting, topic=topic.pk + 1, decision="办", seen=1)
    task: dict[str, Any] = {"meeting": meeting, "topic": topic.pk, "text": "抽查", "department": ""}
    task |= {"court": "yanji", "side": "enforcement", "due_on": today}
    with pytest.raises(ReturnError, match="不考核"):
        add_task(user=office, **task | {"court": "nowhere"})
    with pytest.raises(ReturnError, match="不能早于今天"):
        add_task(user=office, **task | {"due_on": today - timedelta(days=1)})
    add_task(user=office, **task)
    set_present(user=office, meeting=meeting, present="李四", seen=1)
    with pytest.raises(StaleError):
        set_present(user=centre, meeting=meeting, present="王五", seen=1)
    # The task is of the centre's side: its people end the meeting, and order the action.
    with pytest.raises(PermissionDenied):
        close_meeting(user=office, meeting=meeting, seen=2)
    close_meeting(user=centre, meeting=meeting, seen=2)
    assert Action.objects.get().opened_by == centre
    with pytest.raises(StateError):
        drop_task(user=centre, meeting=meeting, task=MeetingTask.objects.get().pk)


def test_a_meeting_page_reads_as_often_with_many_topics(year: QualityYear, office: User) -> None:
    meeting = call_meeting(
        user=office,
        year=year,
        month=3,
        title="会商",
        held_on=timezone.localdate(),
        present="",
    )
    client = client_of(office)
    counts = []
    for number in (1, 9):
        for _place in range(number):
            add_topic(user=office, meeting=meeting, title="议题")
        client.get(f"{ROOT}{meeting.pk}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{ROOT}{meeting.pk}/topics/1/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_headings_of_minutes_are_numbered_as_papers_number_them() -> None:
    assert [numeral(number) for number in (1, 10, 11, 20, 21, 99)] == [
        *("一", "十", "十一", "二十", "二十一", "九十九"),
    ]
