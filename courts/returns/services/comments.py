"""Owns what the desk and its office say about cells: comments, and marks to follow something up."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.figures.services.row_locks import made_return, record
from courts.frame.refusals import ReturnError
from courts.frame.texts import stated
from courts.models import CellComment, FollowUp, MonthlyReturn, User
from courts.models.reviews import LONGEST_TEXT
from courts.permissions import may_discuss
from courts.years.selectors.slots import Slot


@transaction.atomic
def add_comment(*, user: User, slot: Slot, metric: str, text: str) -> CellComment:
    """Add a line to the talk about a cell; without a metric it is about the whole return."""
    text = stated(text, _("请写留言内容。"), LONGEST_TEXT)
    row, now = _row(user, slot, metric, whole=True)
    comment = CellComment(
        monthly_return=row,
        metric=metric,
        submission=row.submissions.standing().order_by("-number").first(),
        author=user,
        at=now,
        text=text,
    )
    comment.full_clean()
    comment.save()
    record(action="add_comment", slot=slot, user=user, data={"metric": metric, "text": text})
    return comment


@transaction.atomic
def open_follow_up(*, user: User, slot: Slot, metric: str, note: str) -> FollowUp:
    """Mark a cell until the mark is resolved.

    Raises `ReturnError`.
    """
    note = stated(note, _("请写明待查事项。"))
    row, now = _row(user, slot, metric)
    if row.follow_ups.filter(metric=metric, resolved_at__isnull=True).exists():
        raise ReturnError(_("这一格已有未办结的待查标记。请在原来的标记上办理。"))
    follow_up = FollowUp(
        monthly_return=row, metric=metric, opened_by=user, opened_at=now, note=note
    )
    follow_up.full_clean()
    follow_up.save()
    record(action="open_follow_up", slot=slot, user=user, data={"metric": metric, "note": note})
    return follow_up


@transaction.atomic
def resolve_follow_up(*, user: User, slot: Slot, metric: str, resolution: str) -> FollowUp:
    """Resolve the open mark of a cell, with a note.

    Raises `ReturnError`.
    """
    resolution = stated(resolution, _("请写明处理结果。"))
    row, now = _row(user, slot, metric)
    follow_up = row.follow_ups.filter(metric=metric, resolved_at__isnull=True).first()
    if follow_up is None:
        raise ReturnError(_("这一格没有未办结的待查标记。请刷新页面后再试。"))
    follow_up.resolved_by, follow_up.resolved_at = user, now
    follow_up.resolution = resolution
    follow_up.full_clean()
    follow_up.save()
    data = {"metric": metric, "resolution": resolution}
    record(action="resolve_follow_up", slot=slot, user=user, data=data)
    return follow_up


def _row(
    user: User, slot: Slot, metric: str, *, whole: bool = False
) -> tuple[MonthlyReturn, datetime]:
    """The held return, for a person who may talk about it, and the moment."""
    if not may_discuss(user, slot.court, slot.side):
        raise PermissionDenied(_("只有本院填报岗和管理部门可以留言、标记。"))
    known = {known.code for known in slot.rulebook.metrics_of(slot.side)}
    if metric not in known and not (whole and not metric):
        raise ReturnError(_("这张报表没有指标“%(code)s”。请核对指标代码。") % {"code": metric})
    now = database_clock.now()
    return made_return(slot=slot, now=now, user=user), now
