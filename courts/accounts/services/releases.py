"""Owns ending the factor of somebody who lost it: one administrator asks, another decides."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.accounts.services.second_factors import end, has_factor
from courts.frame import events
from courts.frame.refusals import ReturnError, StaleError
from courts.frame.stored import store
from courts.frame.texts import stated
from courts.models import FactorRelease, User
from courts.models.second_factor import LONGEST_REASON
from courts.permissions import is_another, may_end_factor_of

State = FactorRelease.State


@transaction.atomic
def ask_release(*, user: User, owner: User, reason: str) -> FactorRelease:
    """Ask to end the owner's factor, who was seen in person; the reason says how.

    `ReturnError` without a reason or where there is no factor. Raises `PermissionDenied` and
    `StaleError`.
    """
    _check(user, owner)
    text = stated(reason, _("请写明理由，以及如何核实了本人。"), LONGEST_REASON)
    if not has_factor(owner):
        raise ReturnError(_("这个账号没有第二验证。"))
    row = FactorRelease(account=owner, reason=text, asked_by=user, asked_at=database_clock.now())
    store(row)
    told = {"account": owner.username}
    events.record(action="ask_factor_release", actor=user, reason=text, data=told)
    return row


@transaction.atomic
def decide_release(*, user: User, pk: int, agrees: bool) -> FactorRelease:
    """End the factor as the second administrator, or refuse it; never what one asked for oneself.

    `StaleError` where it was decided already. Raises `PermissionDenied`.
    """
    rows = FactorRelease.objects.select_related("account__court").select_for_update(of=("self",))
    row = rows.filter(pk=pk, state=State.WAITING).first()
    if row is None:
        raise StaleError(_("已有他人先行处理，请刷新后再看。"))
    _check(user, row.account)
    if not is_another(row.asked_by_id, user):
        raise PermissionDenied(_("提出人不能自己确认，须由另一名系统管理员办理。"))
    row.state = State.DONE if agrees else State.REFUSED
    row.decided_by, row.decided_at = user, database_clock.now()
    store(row)
    if agrees:
        end(row.account, user)
    else:
        told = {"account": row.account.username}
        events.record(action="refuse_factor_release", actor=user, data=told)
    return row


def _check(user: User, owner: User) -> None:
    if not may_end_factor_of(user, owner):
        raise PermissionDenied(_("只有本辖区的系统管理员可以取消他人的第二验证。"))
