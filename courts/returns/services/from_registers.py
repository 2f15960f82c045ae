"""Owns writing a register's count into a return, if both are still as they were shown."""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.frame.reasons import FROM_REGISTER
from courts.models import User
from courts.returns.selectors.from_registers import offered
from courts.returns.services.returns import CellEntry, CellStatus, save_cells
from courts.years.selectors.slots import Slot


def fill_from_register(
    *, user: User, slot: Slot, metric: str, lines: str, seen: str
) -> tuple[str, bool]:
    """Fill one figure; a sentence of what became of it, and whether it was done."""
    offer = offered(slot, metric)
    if offer is None or (str(offer.lines), str(offer.version)) != (lines, seen):
        return _("报表或台账刚有变化，没有填入，请重新核对。"), False
    (result,) = save_cells(
        user=user,
        slot=slot,
        cells=[CellEntry(metric, offer.lines, offer.version)],
        reason=FROM_REGISTER,
    )
    if result.status is CellStatus.SAVED:
        return _("已填入%(lines)s。") % {"lines": offer.lines}, True
    return result.message or _("没有填入。"), False
