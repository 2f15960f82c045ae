"""Owns a desk's request to unlock a return that is closed."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.figures.services.row_locks import locked_return, made_return, record
from courts.frame.refusals import StateError
from courts.frame.texts import stated
from courts.models import UnlockRequest, User
from courts.permissions import may_enter
from courts.years.selectors.entry_windows import window_of
from courts.years.selectors.slots import Slot


@transaction.atomic
def request_unlock(*, user: User, slot: Slot, reason: str) -> UnlockRequest:
    """Ask the office to open a return that the deadline, or its verification, has locked.

    Raises `PermissionDenied` and `StateError`.
    """
    if not may_enter(user, slot.court, slot.side):
        raise PermissionDenied(_("只有本院该类报表的填报岗可以申请解锁。"))
    reason = stated(reason, _("请说明申请解锁的原因。"))
    now = database_clock.now()
    lock = window_of(slot, locked_return(slot=slot, now=now), now).lock
    if lock is None:
        raise StateError(_("这张报表没有锁定，可以直接填报。"))
    if not lock.may_request:
        raise StateError(lock.sentence)
    row = made_return(slot=slot, now=now, user=user)
    request = UnlockRequest(monthly_return=row, reason=reason, requested_by=user, requested_at=now)
    request.full_clean()
    request.save()
    record(action="request_unlock", slot=slot, user=user, reason=reason)
    return request
