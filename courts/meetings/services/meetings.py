"""Owns holding a meeting about a month: agenda, decisions, tasks, and what becomes of them.

Decisions are saved while people talk: each save says which version it was written on. When the
meeting is closed, every task becomes an action, all of them or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from courts import database_clock
from courts.actions.selectors.alarms import Alarm
from courts.actions.services.actions import Order, open_action
from courts.frame import events
from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.frame.stored import store
from courts.frame.texts import stated
from courts.models import Court, Meeting, MeetingTask, MeetingTopic, QualityYear, User
from courts.models.actions import LONGEST_LINE, LONGEST_TEXT
from courts.permissions import may_hold_meetings, may_supervise

State = Meeting.State


@transaction.atomic
def call_meeting(
    *,
    user: User,
    year: QualityYear,
    month: int,
    title: str,
    held_on: date,
    present: str,
    alarms: Sequence[tuple[Alarm, str]] = (),
) -> Meeting:
    """Call a meeting; each alarm, with its title, is a topic, in their order."""
    _check(user, year)
    meeting = Meeting(
        quality_year=year,
        month=month,
        title=stated(title, _("请写明会商名称。"), LONGEST_LINE),
        held_on=held_on,
        present=present.strip(),
        made_by=user,
        made_at=database_clock.now(),
    )
    store(meeting)
    for position, (alarm, name) in enumerate(alarms, 1):
        store(
            MeetingTopic(
                meeting=meeting,
                position=position,
                title=name[:LONGEST_LINE],
                court_id=alarm.court.pk,
                side=alarm.side,
                subject=alarm.subject,
                figures=dict(alarm.values),
            )
        )
    _record("call_meeting", meeting, user, {"topics": len(alarms)})
    return meeting


@transaction.atomic
def add_topic(*, user: User, meeting: Meeting, title: str) -> MeetingTopic:
    """Add a topic of its own at the end of the agenda."""
    held = _open(user, meeting)
    last = held.topics.aggregate(last=Max("position"))["last"] or 0
    name = stated(title, _("请写明议题。"), LONGEST_LINE)
    topic = MeetingTopic(meeting=held, position=last + 1, title=name)
    store(topic)
    _record("add_topic", held, user, {"topic": topic.pk})
    return topic


@transaction.atomic
def set_present(*, user: User, meeting: Meeting, present: str, seen: int) -> Meeting:
    """Say who is there.

    Raises `StaleError`.
    """
    held = _open(user, meeting)
    if held.version != seen:
        raise StaleError(_("会商已有他人改动，请核对后再保存。"))
    before, held.present = held.present, present.strip()
    held.version += 1
    store(held)
    _record("set_present", held, user, {"before": before, "after": held.present})
    return held


@transaction.atomic
def save_decision(
    *, user: User, meeting: Meeting, topic: int, decision: str, seen: int
) -> MeetingTopic:
    """Write down what was decided on a topic; what is the same is not written again.

    `StaleError` when somebody else wrote since the version that was seen.

    Raises `ReturnError`.
    """
    held = _open(user, meeting)
    row = _topic(held, topic)
    if len(decision) > LONGEST_TEXT:
        raise ReturnError(_("最多%(most)s字。请删减。") % {"most": LONGEST_TEXT})
    if row.version != seen:
        raise StaleError(_("这个议题已有他人改动：请复制您写的内容，刷新后再保存。"))
    if row.decision == decision.strip():
        return row
    before, row.decision = row.decision, decision.strip()
    row.version += 1
    store(row)
    told = {"topic": row.pk, "before": before, "after": row.decision}
    _record("save_decision", held, user, told)
    return row


@transaction.atomic
def add_task(
    *,
    user: User,
    meeting: Meeting,
    topic: int,
    text: str,
    court: str,
    side: str,
    department: str,
    due_on: date,
) -> MeetingTask:
    """Give a court a task, which becomes an action when the meeting is closed.

    Raises `ReturnError`.
    """
    held = _open(user, meeting)
    row = _topic(held, topic)
    found = Court.objects.in_month(held.quality_year, held.month).filter(code=court).first()
    if found is None:
        raise ReturnError(_("这个月不考核“%(court)s”。请另选法院或月份。") % {"court": court})
    if due_on < database_clock.today():
        raise ReturnError(_("期限不能早于今天。"))
    task = MeetingTask(
        topic=row,
        text=stated(text, _("请写明任务。"), LONGEST_TEXT),
        court=found,
        side=side,
        department=department.strip(),
        due_on=due_on,
        by=user,
        at=database_clock.now(),
    )
    store(task)
    _record("add_task", held, user, {"topic": row.pk, "task": task.pk, "court": court})
    return task


@transaction.atomic
def drop_task(*, user: User, meeting: Meeting, task: int) -> None:
    """Take a task back before the meeting is closed; the record keeps its words.

    Raises `ReturnError`.
    """
    held = _open(user, meeting)
    row = MeetingTask.objects.select_related("court").filter(topic__meeting=held, pk=task).first()
    if row is None:
        raise ReturnError(_("没有这项任务。请刷新页面后再选。"))
    _record("drop_task", held, user, {"task": task, "court": row.court.code, "text": row.text})
    row.delete()


@transaction.atomic
def close_meeting(*, user: User, meeting: Meeting, seen: int) -> Meeting:
    """End a meeting; its tasks become actions of the office of their side.

    Whoever ends it orders them: `PermissionDenied` where a task is of a side that the account's
    office does not supervise.

    Raises `StaleError`.
    """
    held = _open(user, meeting)
    if held.version != seen:
        raise StaleError(_("会商已有他人改动，请核对后再结束。"))
    tasks = list(MeetingTask.objects.filter(topic__meeting=held).select_related("topic", "court"))
    for task in tasks:
        if not may_supervise(user, held.quality_year, task.side):
            raise PermissionDenied(_("有任务属于另一部门负责的类别，请由该部门的人结束会商。"))
    for task in tasks:
        order = Order(
            court=task.court.code,
            side=task.side,
            month=held.month,
            asks=task.text,
            due_on=task.due_on,
            subject=task.topic.subject if task.topic.side == task.side else "",
            department=task.department,
        )
        task.action = open_action(user=user, year=held.quality_year, order=order)
        store(task)
    held.state, held.closed_by, held.closed_at = State.CLOSED, user, database_clock.now()
    held.version += 1
    store(held)
    _record("close_meeting", held, user, {"actions": [task.action_id for task in tasks]})
    return held


def _check(user: User, year: QualityYear) -> None:
    if not may_hold_meetings(user, year):
        raise PermissionDenied(_("只有管理部门可以召集会商。"))


def _open(user: User, meeting: Meeting) -> Meeting:
    """The row, held, while the meeting goes on."""
    rows = Meeting.objects.select_for_update(of=("self",)).order_by()
    held = rows.select_related("quality_year__court", "quality_year__edition").get(pk=meeting.pk)
    _check(user, held.quality_year)
    if held.state != State.OPEN:
        raise StateError(_("会商已经结束，不能再改。"))
    return held


def _topic(meeting: Meeting, pk: int) -> MeetingTopic:
    row = MeetingTopic.objects.select_for_update().filter(meeting=meeting, pk=pk).first()
    if row is None:
        raise ReturnError(_("没有这个议题。请刷新页面后再选。"))
    return row


def _record(name: str, meeting: Meeting, user: User, data: dict[str, object]) -> None:
    events.record(
        action=name,
        year=meeting.quality_year,
        actor=user,
        data={"meeting": meeting.pk, "month": meeting.month, **data},
    )
