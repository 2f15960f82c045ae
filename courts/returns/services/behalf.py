"""Owns what an office writes in a court's return, and the court's objection to it.

The office is not bound by the deadline, but by the state: what is verified must be opened again
first. Whoever writes for a court cannot verify that return.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.figures.selectors.findings import FindingKind, findings
from courts.figures.services.row_locks import locked_return, made_return, record
from courts.frame.reasons import ON_BEHALF
from courts.frame.refusals import ReturnError, StateError
from courts.frame.texts import stated
from courts.models import EntryOnBehalf, MonthlyReturn, Submission, User
from courts.permissions import is_another, may_enter, may_enter_on_behalf, may_review
from courts.returns.services.returns import LONGEST_BLANK_REASON, submit
from courts.returns.services.writing import (
    CellEntry,
    CellResult,
    has_values,
    lock_cells,
    write_cells,
)
from courts.years.selectors.entry_windows import LockKind, window_of
from courts.years.selectors.slots import Slot

State = MonthlyReturn.State
OPEN_TO_OFFICE = (State.ENTERING, State.RETURNED, State.SUBMITTED)


@transaction.atomic
def enter_on_behalf(
    *, user: User, slot: Slot, cells: Sequence[CellEntry], reason: str
) -> tuple[CellResult, ...]:
    """Write cells of a court's return, under a reason that the court sees.

    Raises `PermissionDenied`.
    """
    if not may_enter_on_behalf(user, slot.court, slot.side):
        raise PermissionDenied(_("只有负责该类报表的管理部门可以代法院填报。"))
    reason = stated(reason, _("代法院填报须说明原因。"))
    now = database_clock.now()
    row = locked_return(slot=slot, now=now)
    lock = window_of(slot, row, now).lock
    is_open = lock is None or lock.kind not in (LockKind.NOT_BEGUN, LockKind.CLOSED)
    if row is None and is_open and has_values(cells):
        row = made_return(slot=slot, now=now, user=user)
    if lock is not None and (not is_open or (row is not None and row.state not in OPEN_TO_OFFICE)):
        return lock_cells(row=row, cells=cells, sentence=lock.sentence)
    history = ON_BEHALF % {"reason": reason}
    written = write_cells(slot=slot, row=row, user=user, cells=cells, reason=history, now=now)
    if written.changes and row is not None:
        changes = {metric: list(pair) for metric, pair in written.changes.items()}
        entry = EntryOnBehalf(monthly_return=row, by=user, at=now, reason=reason, changes=changes)
        entry.full_clean()
        entry.save()
        data = {"entry": entry.pk, "figures": changes}
        record(action="enter_on_behalf", slot=slot, user=user, reason=reason, data=data)
    return written.results


def hand_in_on_behalf(*, user: User, slot: Slot, seen_version: int, reason: str) -> Submission:
    """Hand in a return that was entered for its court; the reason stands for every warning and
    blank. Another person of the office verifies it.

    Raises `PermissionDenied`.
    """
    if not may_enter_on_behalf(user, slot.court, slot.side):
        raise PermissionDenied(_("只有负责该类报表的管理部门可以代法院填报。"))
    reason = stated(reason, _("代法院提交须说明原因。"))
    found = findings(slot)
    blanks = [finding for finding in found if finding.kind is FindingKind.BLANK]
    return submit(
        user=user,
        slot=slot,
        seen_version=seen_version,
        reasons={finding.key: reason for finding in found},
        blank_reasons={blank.metrics[0]: reason[:LONGEST_BLANK_REASON] for blank in blanks},
        on_behalf=reason,
    )


@transaction.atomic
def object_to_entry(*, user: User, slot: Slot, entry: int, objection: str) -> None:
    """Object, as the court, to figures entered on its behalf.

    Raises `PermissionDenied` and `StateError`.
    """
    if not may_enter(user, slot.court, slot.side):
        raise PermissionDenied(_("只有本院该类报表的填报岗可以提出异议。"))
    objection = stated(objection, _("请写明异议。"))
    found = _entry(slot, entry)
    if found.objected_at is not None:
        raise StateError(_("已经提出过异议。"))
    found.objection = objection
    found.objected_by, found.objected_at = user, database_clock.now()
    found.full_clean()
    found.save()
    record(action="object_to_entry", slot=slot, user=user, reason=objection, data={"entry": entry})


@transaction.atomic
def settle_objection(*, user: User, slot: Slot, entry: int, settlement: str) -> None:
    """Settle the court's objection, as the office.

    Raises `PermissionDenied` and `StateError`.
    """
    if not may_review(user, slot.court, slot.side):
        raise PermissionDenied(_("只有负责该类报表的管理部门可以处理异议。"))
    settlement = stated(settlement, _("请写明处理结果。"))
    found = _entry(slot, entry)
    if found.objected_at is None:
        raise StateError(_("法院没有提出异议。"))
    if found.settled_at is not None:
        raise StateError(_("异议已经处理。"))
    if not is_another(found.objected_by_id, user):
        raise PermissionDenied(_("异议人不得处理自己的异议。"))
    found.settlement = settlement
    found.settled_by, found.settled_at = user, database_clock.now()
    found.full_clean()
    found.save()
    record(
        action="settle_objection", slot=slot, user=user, reason=settlement, data={"entry": entry}
    )


def _entry(slot: Slot, entry: int) -> EntryOnBehalf:
    """The entry of this return, while the return is held."""
    row = locked_return(slot=slot, now=database_clock.now())
    found = row.entries_on_behalf.filter(pk=entry).first() if row else None
    if found is None:
        raise ReturnError(_("这张报表没有这一代报记录。"))
    return found
