"""Owns the row of a return while a service works on it: found or made, and held to the end.

Every write to a return or its figures goes through here, so that two of them never interleave.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courts.figures.services.reopenings import restore_expired
from courts.frame import events
from courts.frame.refusals import StaleError
from courts.frame.texts import longest_history_reason
from courts.models import MonthlyReturn, User
from courts.years.month_locks import check_open, hold
from courts.years.selectors.slots import Slot


def locked_return(*, slot: Slot, now: datetime) -> MonthlyReturn | None:
    """The return, held until the transaction ends; None when it has no row yet.

    The year is shared first, so that its month is not closed meanwhile.
    """
    hold(slot.year)
    row = MonthlyReturn.objects.select_for_update().filter(**slot.fields).first()
    if row is not None:
        row.court = slot.court
        restore_expired(row=row, now=now)
    return row


def made_return(*, slot: Slot, now: datetime, user: User) -> MonthlyReturn:
    """The return, made where there is none, and held until the transaction ends."""
    row = locked_return(slot=slot, now=now)
    if row is not None:
        return row
    row = MonthlyReturn(**slot.fields)
    row._history_user = user  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            row.full_clean()
            row.save()
    except (IntegrityError, ValidationError):
        # Somebody else made it a moment ago, or nothing explains the refusal.
        row = locked_return(slot=slot, now=now)
        if row is None:
            raise
    return row


def check_month_open(slot: Slot) -> None:
    """Refuse to change a return of a closed month; the return was held. `MonthClosed`."""
    check_open(slot.year, [(slot.month.year, slot.month.month, slot.side.value)])


def check_seen(row: MonthlyReturn, seen_version: int) -> None:
    """Refuse to act on a return that is not as the person saw it.

    Raises `StaleError`.
    """
    if row.version != seen_version:
        raise StaleError(_("您打开之后，这张报表又有改动；请查看最新内容后再操作。"))


def save_return(*, row: MonthlyReturn, user: User | None, reason: str) -> None:
    """Store a held return with its history."""
    row.version += 1
    row._history_user = user  # type: ignore[attr-defined]
    row._change_reason = reason[: longest_history_reason()]  # type: ignore[attr-defined]
    row.full_clean()
    row.save()


def record(
    *,
    action: str,
    slot: Slot,
    user: User | None,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Note an act on the return of a slot."""
    events.record(
        action=action,
        year=slot.year,
        actor=user,
        reason=reason,
        data={
            "court": slot.court.code,
            "month": str(slot.month),
            "side": slot.side.value,
            **(data or {}),
        },
    )
