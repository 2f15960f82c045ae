"""Owns opening what is locked: the deadline, a desk's request to unlock, the office's answer."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.figures.services.row_locks import (
    check_month_open,
    locked_return,
    record,
    save_return,
)
from courts.frame.reasons import UNLOCKED
from courts.frame.refusals import ReturnError, StateError
from courts.frame.texts import stated
from courts.models import MonthlyReturn, QualityYear, UnlockRequest, User
from courts.permissions import is_another, may_review, may_set_deadline, may_verify
from courts.reviews.services.reviews import reopen_held
from courts.years.selectors.entry_windows import clock
from courts.years.selectors.slots import Slot
from courts.years.services.year_settings import set_on_year

State = MonthlyReturn.State


def set_deadline(
    *, user: User, year: QualityYear, day: int | None, seen: int | None, reason: str
) -> QualityYear:
    """Set the day of the following month on which entering ends; None for no deadline.

    `seen` is the day that was in force when the page was drawn; `Stale` when it is another now.
    Raises `PermissionDenied`.
    """
    if not may_set_deadline(user, year):
        raise PermissionDenied(_("只有审判管理办公室可以设定填报期限。"))
    return set_on_year(
        user=user,
        year=year,
        setting="deadline",
        value=day,
        seen=seen,
        reason=reason,
        stale=_("填报期限刚刚被别人改过，请看过现在的期限再决定。"),
    )


@transaction.atomic
def decide_unlock(
    *, user: User, slot: Slot, grant: bool, note: str = "", open_until: datetime | None = None
) -> UnlockRequest:
    """Answer the pending request of a return; granting opens it until then, refusing says why.

    Raises `PermissionDenied` and `StateError`.
    """
    if not may_review(user, slot.court, slot.side):
        raise PermissionDenied(_("只有负责该类报表的管理部门可以处理解锁申请。"))
    now = database_clock.now()
    row = locked_return(slot=slot, now=now)
    request = row.unlock_requests.filter(state=UnlockRequest.State.PENDING).first() if row else None
    if row is None or request is None:
        raise StateError(_("这张报表没有待处理的解锁申请。"))
    if not is_another(request.requested_by_id, user):
        raise PermissionDenied(_("申请人不得处理自己的申请。"))
    if grant:
        check_month_open(slot)
        _open(row, slot, user, request, open_until, now)
    else:
        note = stated(note, _("不同意解锁须说明原因。"))
        request.state = UnlockRequest.State.REFUSED
    request.decided_by, request.decided_at, request.note = user, now, note.strip()
    request.full_clean()
    request.save()
    record(
        action="grant_unlock" if grant else "refuse_unlock",
        slot=slot,
        user=user,
        reason=request.note,
        data={"until": clock(open_until) if grant and open_until else None},
    )
    return request


def _open(
    row: MonthlyReturn,
    slot: Slot,
    user: User,
    request: UnlockRequest,
    open_until: datetime | None,
    now: datetime,
) -> None:
    if open_until is None or open_until <= now:
        raise ReturnError(_("同意解锁须写明开放至何时，且晚于现在。"))
    if row.state == State.VERIFIED:
        if not may_verify(user, row):
            raise PermissionDenied(_("提交人不得重新打开自己提交的报表。"))
        reopen_held(row=row, slot=slot, user=user, reason=request.reason, until=open_until, now=now)
    elif row.state == State.ENTERING:
        # What the desk can do has changed, so whoever has the page open must see it anew.
        save_return(row=row, user=user, reason=UNLOCKED)
    else:
        text = _("这张报表%(state)s，不能解锁；可以不同意这一申请。")
        raise StateError(text % {"state": row.get_state_display()})
    request.state, request.open_until = UnlockRequest.State.GRANTED, open_until
