"""Owns a court's objection to a published issue, and the office's answer to it.

The answer leads to an application for points of its own, made in the name of the desk that
objected, to a restatement, or is a refusal with reasons. The clock of the database ends it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.cases.services.special_cases import apply_for
from courts.closings.selectors.frozen import read_snapshot
from courts.consultations.selectors.lines import FIGURE, ITEM, court_lines
from courts.files.values import FigureError, read_value
from courts.frame import events
from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.frame.texts import stated
from courts.models import Bulletin, Court, Objection, ObjectionTerm, Restatement, User
from courts.models.restatements import LONGEST_REASON, LONGEST_TEXT
from courts.permissions import may_answer_objection, may_object_to_bulletin
from courts.restatements.services.restatements import propose_figures
from courts.wording.amounts import places_of
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month

Outcome = Objection.Outcome


@transaction.atomic
def object_to_line(
    *, user: User, bulletin: Bulletin, court: Court, line: str, text: str
) -> Objection:
    """Object, as the desk of a line's side, to one line of the court in a published issue.

    `StateError` when the time is over or the issue was replaced; `ReturnError` for a line that
    the court does not have in it, or without reasons. Raises `PermissionDenied`.
    """
    if bulletin.state != Bulletin.State.PUBLISHED:
        raise StateError(_("只能对已发布的通报提出异议。"))
    if bulletin.restated_by.filter(state=Bulletin.State.PUBLISHED).exists():
        raise StateError(_("这份通报已有更正的通报，请对更正后的提出异议。"))
    known = {one.key: one for one in court_lines(read_snapshot(bulletin.snapshot), court.code)}
    found = known.get(line)
    if found is None:
        raise ReturnError(_("请选择本院的一项数据或得分。"))
    if not may_object_to_bulletin(user, court, found.side):
        raise PermissionDenied(_("只有本院该类报表的填报岗可以提出异议。"))
    text = stated(text, _("请写明异议和理由。"), LONGEST_TEXT)
    terms = ObjectionTerm.objects.select_for_update(of=("self",)).order_by()
    if not list(terms.filter(bulletin=bulletin, until__gt=database_clock.now())):
        raise StateError(_("异议期限已过，不能再提出。"))
    row = Objection(
        bulletin=bulletin,
        court=court,
        side=found.side,
        line=line,
        text=text,
        by=user,
        at=database_clock.now(),
    )
    try:
        row.full_clean()
        with transaction.atomic():
            row.save()
    except ValidationError as error:
        raise ReturnError("".join(error.messages)) from error
    except IntegrityError as error:
        raise StateError(_("异议期限已过，或者对这一项的异议还在等待答复。")) from error
    _record("object_to_bulletin", row, user, text)
    return row


@transaction.atomic
def withdraw_objection(*, user: User, objection: Objection, seen: int) -> Objection:
    """Take one's own objection back while it waits.

    Raises `PermissionDenied`.
    """
    held = _held(objection, seen)
    if held.by_id != user.pk:
        raise PermissionDenied(_("只有提出人可以撤回。"))
    _answered(held, user, Outcome.WITHDRAWN, "")
    _record("withdraw_objection", held, user, "")
    return held


@transaction.atomic
def answer_objection(
    *,
    user: User,
    objection: Objection,
    outcome: str,
    answer: str,
    seen: int,
    value: str = "",
    restatement: Restatement | None = None,
) -> Objection:
    """Answer it as the office of its side.

    `case`: the court's application for the item is made at once; `restatement`: the corrected
    `value` of a figure is proposed, or a proposal that is there is named; `refused`: with reasons.
    Raises `PermissionDenied` and `ReturnError`.
    """
    held = _held(objection, seen)
    if not may_answer_objection(user, held):
        raise PermissionDenied(_("只有负责该类数据的管理部门可以答复，异议人不得答复。"))
    answer = stated(answer, _("请写明答复和理由。"), LONGEST_TEXT)
    if outcome == Outcome.CASE:
        held.case = _apply(held)
    elif outcome == Outcome.RESTATEMENT:
        held.restatement = restatement or _propose(user, held, answer, value)
        if held.restatement.quality_year_id != held.bulletin.quality_year_id:
            raise ReturnError(_("没有这项更正。请从列表里重新打开。"))
    elif outcome != Outcome.REFUSED:
        raise ReturnError(_("请选择怎样处理。"))
    _answered(held, user, outcome, answer)
    data: dict[str, Any] = {"outcome": outcome}
    data |= {"case": held.case_id, "restatement": held.restatement_id}
    _record("answer_objection", held, user, answer, data)
    return held


def _apply(held: Objection) -> Any:
    """The court's application, with the objection as its reasons, in the name of who objected."""
    if not held.line.startswith(ITEM):
        raise ReturnError(_("单独评分只针对考核项；对数据的异议请按更正办理。"))
    number = held.bulletin.month
    reasons = _("对%(month)s月通报的异议：%(text)s") % {"month": number, "text": held.text}
    return apply_for(
        user=held.by,
        year=held.bulletin.quality_year,
        court=held.court,
        item=held.line.removeprefix(ITEM),
        month=number,
        reasons=reasons[:LONGEST_TEXT],
    )


def _propose(user: User, held: Objection, answer: str, value: str) -> Restatement:
    if not held.line.startswith(FIGURE):
        raise ReturnError(_("对得分的异议请先提出更正，再在这里选择它。"))
    year, metric = held.bulletin.quality_year, held.line.removeprefix(FIGURE)
    rulebook = rulebook_of(year, Month(year.year, held.bulletin.month))
    try:
        read = read_value(value, places_of(rulebook, [metric]))
    except FigureError as error:
        raise ReturnError(str(error)) from error
    row = {
        "court": held.court.code,
        "month": f"{year.year}-{held.bulletin.month:02}",
        "metric": metric,
        "value": read,
    }
    return propose_figures(user=user, year=year, rows=[row], reason=answer[:LONGEST_REASON])


def _held(objection: Objection, seen: int) -> Objection:
    """The objection, held until the transaction ends, while it waits, as it was seen."""
    Objection.objects.select_for_update(of=("self",)).order_by().get(pk=objection.pk)
    found = Objection.objects.select_related(
        "bulletin__quality_year__court", "bulletin__snapshot", "court__parent", "by__court__parent"
    )
    held = found.get(pk=objection.pk)
    if held.version != seen:
        raise StaleError(_("您打开之后，这项异议又有变动；请查看最新内容后再操作。"))
    if held.outcome != Outcome.WAITING:
        raise StateError(_("这项异议已经办结。"))
    return held


def _answered(held: Objection, user: User, outcome: str, answer: str) -> None:
    held.outcome, held.answer = outcome, answer
    held.answered_by = user
    held.answered_at = database_clock.now()
    held.version += 1
    try:
        held.full_clean()
    except ValidationError as error:
        raise ReturnError("".join(error.messages)) from error
    held.save()


def _record(
    action: str,
    row: Objection,
    user: User,
    reason: str,
    data: Mapping[str, Any] | None = None,
) -> None:
    year = row.bulletin.quality_year
    events.record(
        action=action,
        year=year,
        actor=user,
        reason=reason[:LONGEST_REASON],
        data={
            "objection": row.pk,
            "bulletin": row.bulletin_id,
            "court": row.court.code,
            "month": f"{year.year}-{row.bulletin.month:02}",
            "line": row.line,
            **(data or {}),
        },
    )
