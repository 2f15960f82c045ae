"""Owns the course of an action: ordered, visited, answered, checked, closed (四·2).

Every act holds the row of the action, refuses what is not as the person saw it, and is recorded. No
figure and no point is ever touched. Who answered never checks the answer.

Long because every step of an action takes the same row from one state to the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from courts import database_clock
from courts.files.attachments import MOST_FILES, AttachmentError, kind_of
from courts.frame import events
from courts.frame.listing import labelled
from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.frame.stored import store
from courts.frame.texts import stated
from courts.models import (
    Action,
    ActionAnswer,
    ActionFile,
    ActionMeasure,
    Court,
    Proposal,
    QualityYear,
    User,
)
from courts.models.actions import LONGEST_LINE, LONGEST_TEXT
from courts.models.reviews import LONGEST_REASON
from courts.permissions import may_answer_action, may_check_answer, may_supervise
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month

State, Outcome = Action.State, ActionAnswer.Outcome


@dataclass(frozen=True, slots=True)
class Order:
    """What a court is asked: whom, about what, until when; `month` is that of the figures."""

    court: str
    side: str
    month: int
    asks: str
    due_on: date
    subject: str = ""
    department: str = ""
    visit_on: date | None = None
    cause_code: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent; its name decides nothing."""

    name: str
    content: bytes


@transaction.atomic
def open_action(
    *, user: User, year: QualityYear, order: Order, proposal: Proposal | None = None
) -> Action:
    """Ask a court, or a department of it, to find a cause and put it right.

    `PermissionDenied` for whoever is not of the office of that side, `ReturnError` for a court or
    subject that the year does not know, or a day that is past.
    """
    if not may_supervise(user, year, order.side):
        raise PermissionDenied(_("只有负责这一类的管理部门可以发出督导。"))
    held = QualityYear.objects.select_for_update().get(pk=year.pk)
    court = Court.objects.in_month(held, order.month).filter(code=order.court).first()
    if court is None:
        raise ReturnError(_("这个质量年不考核“%(court)s”。请另选法院。") % {"court": order.court})
    _check_subject(held, order)
    if order.due_on < database_clock.today():
        raise ReturnError(_("答复期限不能早于今天。"))
    last = Action.objects.filter(quality_year=held).aggregate(last=Max("number"))["last"] or 0
    action = Action(
        quality_year=held,
        number=last + 1,
        court=court,
        side=order.side,
        department=_line(order.department),
        subject=order.subject,
        month=order.month,
        proposal=proposal,
        asks=stated(order.asks, _("请写明督导要求。"), LONGEST_TEXT),
        due_on=order.due_on,
        cause_code=order.cause_code,
        cause=order.cause.strip(),
        visit_on=order.visit_on,
        opened_by=user,
        opened_at=database_clock.now(),
    )
    store(action)
    _record("open_action", action, user, action.asks, {"due_on": action.due_on.isoformat()})
    return action


def _check_subject(year: QualityYear, order: Order) -> None:
    rulebook = rulebook_of(year, Month(year.year, order.month)) if 1 <= order.month <= 12 else None
    if rulebook is None:
        raise ReturnError(_("请选择月份。"))
    item, metric = rulebook.item_by_code.get(order.subject), rulebook.metrics.get(order.subject)
    side = item.side if item is not None else metric.side if metric is not None else None
    if order.subject and (side is None or side.value != order.side):
        raise ReturnError(_("这一类没有“%(code)s”。") % {"code": order.subject})


@transaction.atomic
def plan_visit(*, user: User, action: Action, visit_on: date | None, seen: int) -> Action:
    """Say on which day the court is visited; None takes the plan back."""
    held = _held(action, seen)
    _check_office(user, held)
    _in(held, Action.OPEN)
    before, held.visit_on = held.visit_on, visit_on
    told = {"before": str(before or ""), "after": str(visit_on or "")}
    return _moved("plan_visit", held, user, data=told)


@transaction.atomic
def record_visit(
    *,
    user: User,
    action: Action,
    visited_on: date,
    findings: str,
    cause_code: str,
    cause: str,
    seen: int,
) -> Action:
    """Write down what a visit found, and the cause in words of the office.

    Raises `ReturnError`.
    """
    held = _held(action, seen)
    _check_office(user, held)
    _in(held, Action.OPEN)
    if visited_on > database_clock.today():
        raise ReturnError(_("督导日期不能晚于今天。"))
    held.visited_on = visited_on
    held.findings = stated(findings, _("请写明督导发现。"), LONGEST_TEXT)
    held.cause_code, held.cause = cause_code, cause.strip()
    return _moved("record_visit", held, user, held.findings, {"cause": held.cause})


@transaction.atomic
def set_cause(*, user: User, action: Action, cause_code: str, cause: str, seen: int) -> Action:
    """Say what the cause is: the court's desk or its office, in words."""
    held = _held(action, seen)
    _check_either(user, held)
    _in(held, Action.OPEN)
    before = held.cause
    held.cause_code, held.cause = cause_code, stated(cause, _("请写明原因。"), LONGEST_TEXT)
    return _moved("set_cause", held, user, held.cause, {"before": before})


@transaction.atomic
def add_measure(
    *, user: User, action: Action, text: str, owner: str, due_on: date, seen: int
) -> ActionMeasure:
    """Add what is to be done: by whom, until when.

    Raises `ReturnError`.
    """
    held = _held(action, seen)
    _check_either(user, held)
    _in(held, Action.OPEN)
    if due_on < database_clock.today():
        raise ReturnError(_("措施的期限不能早于今天。"))
    measure = ActionMeasure(
        action=held,
        text=stated(text, _("请写明措施。"), LONGEST_TEXT),
        owner=stated(owner, _("请写明责任人。"), LONGEST_LINE),
        due_on=due_on,
    )
    store(measure)
    _moved("add_measure", held, user, measure.text, {"measure": measure.pk})
    return measure


@transaction.atomic
def finish_measure(
    *, user: User, action: Action, measure: int, done_on: date, note: str, seen: int
) -> ActionMeasure:
    """Say that a measure was carried out, and with what result.

    Raises `ReturnError`, `StateError`.
    """
    held = _held(action, seen)
    _check_either(user, held)
    _in(held, Action.OPEN)
    row = ActionMeasure.objects.select_for_update().filter(action=held, pk=measure).first()
    if row is None:
        raise ReturnError(_("没有这项措施。请刷新页面后再选。"))
    if row.done_on is not None:
        raise StateError(_("这项措施已经完成。"))
    if done_on > database_clock.today():
        raise ReturnError(_("完成日期不能晚于今天。"))
    row.done_on, row.note = done_on, stated(note, _("请写明完成情况。"), LONGEST_TEXT)
    row.version += 1
    store(row)
    _moved("finish_measure", held, user, row.note, {"measure": row.pk})
    return row


@transaction.atomic
def answer_action(
    *, user: User, action: Action, text: str, files: Sequence[Sent], seen: int
) -> ActionAnswer:
    """Answer for the court; files go with it. `PermissionDenied` unless of its desk.

    Raises `ReturnError`.
    """
    held = _held(action, seen)
    if not may_answer_action(user, held):
        raise PermissionDenied(_("只有本院该类报表的填报岗可以答复督导。"))
    _in(held, Action.WITH_COURT)
    if len(files) > MOST_FILES:
        raise ReturnError(_("最多附%(most)s个文件。请去掉多余的。") % {"most": MOST_FILES})
    answer = ActionAnswer(
        action=held,
        number=held.answers.count() + 1,
        text=stated(text, _("请写明答复。"), LONGEST_TEXT),
        by=user,
        at=database_clock.now(),
    )
    attached = [_attached(answer, file) for file in files]
    store(answer)
    for one in attached:
        one.answer = answer
        store(one)
    held.state = State.ANSWERED
    named = [(one.name, one.sha256) for one in attached]
    _moved("answer_action", held, user, answer.text, {"number": answer.number, "files": named})
    return answer


@transaction.atomic
def check_answer(
    *, user: User, action: Action, accepts: bool, note: str, seen: int
) -> ActionAnswer:
    """Accept the court's last answer, or give it back; never by who gave it.

    Raises `PermissionDenied`.
    """
    held = _held(action, seen)
    _in(held, (State.ANSWERED,))
    answer = held.answers.select_for_update().order_by("-number")[0]
    if not may_check_answer(user, held, answer.by_id):
        raise PermissionDenied(_("答复由负责这一类的管理部门检查，答复人不得检查自己的答复。"))
    answer.outcome = Outcome.ACCEPTED if accepts else Outcome.RETURNED
    answer.check_note = stated(note, _("请写明检查意见。"), LONGEST_TEXT)
    answer.checked_by, answer.checked_at = user, database_clock.now()
    store(answer)
    held.state = State.ACCEPTED if accepts else State.RETURNED
    name = "accept_answer" if accepts else "return_answer"
    _moved(name, held, user, answer.check_note, {"number": answer.number})
    return answer


@transaction.atomic
def close_action(*, user: User, action: Action, note: str, seen: int) -> Action:
    """End an action whose answer was accepted, whose cause is known, whose measures are done.

    Raises `ReturnError`.
    """
    held = _held(action, seen)
    _check_office(user, held)
    _in(held, (State.ACCEPTED,))
    if not held.cause:
        raise ReturnError(_("办结前须写明原因。"))
    if held.measures.filter(done_on__isnull=True).exists():
        raise ReturnError(_("还有整改措施没有完成，不能办结。请先完成各项措施。"))
    return _ended("close_action", held, user, State.CLOSED, note)


@transaction.atomic
def withdraw_action(*, user: User, action: Action, note: str, seen: int) -> Action:
    """Take an action back that should not have been; it stays readable."""
    held = _held(action, seen)
    _check_office(user, held)
    _in(held, Action.OPEN)
    return _ended("withdraw_action", held, user, State.WITHDRAWN, note)


def _ended(name: str, held: Action, user: User, state: str, note: str) -> Action:
    held.state = state
    held.closing_note = stated(note, _("请写明意见。"), LONGEST_TEXT)
    held.closed_by, held.closed_at = user, database_clock.now()
    return _moved(name, held, user, held.closing_note)


def _held(action: Action, seen: int) -> Action:
    """The row, held; `StaleError` if it is no longer as the person saw it."""
    rows = Action.objects.select_for_update(of=("self",)).order_by()
    held = rows.select_related("quality_year__court", "court__parent").get(pk=action.pk)
    if held.version != seen:
        raise StaleError(_("这项督导已有变动，请核对后再操作。"))
    return held


def _in(held: Action, states: Iterable[str]) -> None:
    if held.state not in states:
        raise StateError(
            _("这项督导现在是“%(state)s”，不能这样操作。请刷新页面后再试。")
            % {"state": held.get_state_display()}
        )


def _check_office(user: User, held: Action) -> None:
    if not may_supervise(user, held.quality_year, held.side):
        raise PermissionDenied(_("只有负责这一类的管理部门可以这样操作。"))


def _check_either(user: User, held: Action) -> None:
    is_office = may_supervise(user, held.quality_year, held.side)
    if not is_office and not may_answer_action(user, held):
        raise PermissionDenied(_("只有本院该类报表的填报岗和负责的管理部门可以这样操作。"))


def _moved(
    name: str, held: Action, user: User, reason: str = "", data: Mapping[str, Any] | None = None
) -> Action:
    """Store the action in its next version, and record the act."""
    held.version += 1
    store(held)
    _record(name, held, user, reason, data or {})
    return held


def _record(name: str, action: Action, user: User, reason: str, data: Mapping[str, Any]) -> None:
    told = {
        "action": action.pk,
        "number": action.number,
        "court": action.court.code,
        "side": action.side,
        "subject": action.subject,
        "state": action.state,
        "version": action.version,
    }
    events.record(
        action=name,
        year=action.quality_year,
        actor=user,
        reason=reason[:LONGEST_REASON],
        data=told | dict(data),
    )


def _attached(answer: ActionAnswer, file: Sent) -> ActionFile:
    try:
        kind = kind_of(file.content)
    except AttachmentError as error:
        raise AttachmentError(labelled(file.name, error.message)) from error
    return ActionFile(
        answer=answer,
        name=file.name[-LONGEST_LINE:],
        kind=kind,
        content=file.content,
        size=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(),
    )


def _line(text: str) -> str:
    """A short text that may be missing; refused when it is too long."""
    return stated(text, "", LONGEST_LINE) if text.strip() else ""
