"""Owns what becomes of a difference: its court explains it, the office decides which value stands.

Both act on the two values they saw; when either has changed, nothing is written. What the office
decides is moved by one person and carried out when another confirms it (`motions`). The return is
held meanwhile, so that explaining and deciding never interleave. Deciding for the extract asks the
court to correct its return; once the values agree there is no difference left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.extracts.selectors.differences import DifferenceLine, differences_of
from courts.figures.services.row_locks import check_month_open, locked_return, record
from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.frame.texts import longest_history_reason, stated
from courts.models import Difference, ExtractFigure, User
from courts.permissions import is_another, may_explain_difference, may_settle_difference
from courts.years.selectors.slots import Slot
from courts.years.voiding import real_input

State = Difference.State


@dataclass(frozen=True, slots=True)
class SeenCell:
    """The cell as the person saw it: what was written about it, and its two values."""

    metric: str
    version: int
    extract_value: int
    court_value: int | None


def seen_of(line: DifferenceLine) -> SeenCell:
    """The values and version that this line showed."""
    return SeenCell(line.metric, line.version, line.extract_value, line.court_value)


@transaction.atomic
def explain(*, user: User, slot: Slot, seen: SeenCell, text: str) -> None:
    """Explain why the court's figure differs; it can be explained anew until it is decided.

    Raises `PermissionDenied`.
    """
    if not may_explain_difference(user, slot.court, slot.side):
        raise PermissionDenied(_("只有本院该类报表的填报岗可以说明差异。"))
    text = stated(text, _("请写明差异的原因。"))
    _line, row = _held(user, slot, seen)
    row.state = State.EXPLAINED
    row.explanation, row.explained_by, row.explained_at = text, user, database_clock.now()
    row.note, row.settled_by, row.settled_at, row.confirmed_by = "", None, None, None
    _save(row, user, text)
    record(
        action="explain_difference", slot=slot, user=user, reason=text, data=_data(seen, row.state)
    )


@transaction.atomic
def settle(
    *,
    user: User,
    slot: Slot,
    seen: SeenCell,
    stands: str,
    note: str = "",
    confirmed_by: User | None,
) -> None:
    """Decide which value stands: `return` (with a note) or `extract`.

    Carries out what `user` moved and `confirmed_by` confirms; None only to try it out.
    Raises `PermissionDenied` and `ReturnError`.
    """
    if not may_settle_difference(user, slot.court, slot.side):
        raise PermissionDenied(_("只有负责该类报表的管理部门可以处理差异。"))
    if stands not in (State.RETURN, State.EXTRACT):
        raise ReturnError(_("请选择以哪个数值为准。"))
    if stands == State.RETURN or note.strip():
        note = stated(note, _("采用法院填报的数值须写明理由。"))
    line, row = _held(user, slot, seen)
    check_month_open(slot)
    if not line.explanation:
        # What was said was about other values; the history keeps it.
        row.explanation, row.explained_by, row.explained_at = "", None, None
    deciding = (user, confirmed_by) if confirmed_by else (user,)
    if not all(is_another(row.explained_by_id, person) for person in deciding):
        raise PermissionDenied(_("说明人不得处理自己说明的差异。"))
    row.state, row.note = State(stands), note.strip()
    row.settled_by, row.settled_at, row.confirmed_by = user, database_clock.now(), confirmed_by
    _save(row, user, note)
    real_input(slot.year, by=user)
    record(
        action="settle_difference",
        slot=slot,
        user=user,
        reason=row.note,
        data=_data(seen, row.state),
    )


def _held(user: User, slot: Slot, seen: SeenCell) -> tuple[DifferenceLine, Difference]:
    """The difference as it now is, and its row, with return, extract and row held to the end."""
    locked_return(slot=slot, now=database_clock.now())
    cell: dict[str, Any] = {
        "court": slot.court,
        "year": slot.month.year,
        "month": slot.month.month,
        "metric": seen.metric,
    }
    list(ExtractFigure.objects.current().filter(**cell).select_for_update())
    row = Difference.objects.select_for_update().filter(**cell).first()
    line = differences_of(user, slot).get(seen.metric)
    if line is None:
        raise StateError(_("这一格现在没有差异。"))
    if (line.version, line.extract_value, line.court_value) != (
        seen.version,
        seen.extract_value,
        seen.court_value,
    ):
        raise StaleError(_("您打开之后，这一格又有变动；请查看最新内容后再操作。"))
    if line.standing.is_settled:
        raise StateError(_("这一差异已经处理；数值变动后才会重新列出。"))
    row = row or Difference(**cell, side=slot.side.value)
    row.extract_value, row.court_value = line.extract_value, line.court_value
    return line, row


def _save(row: Difference, user: User, reason: str) -> None:
    row.version += 1
    row._history_user = user  # type: ignore[attr-defined]
    row._change_reason = reason[: longest_history_reason()]  # type: ignore[attr-defined]
    row.full_clean()
    row.save()


def _data(seen: SeenCell, state: str) -> dict[str, Any]:
    return {
        "metric": seen.metric,
        "extract": seen.extract_value,
        "reported": seen.court_value,
        "state": state,
    }
