"""Owns the settings of a year's paper: letterhead, carrier, imprint; set by the office."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courts.frame import events
from courts.frame.refusals import StaleError
from courts.frame.texts import longest_history_reason, stated
from courts.models import PaperSettings, QualityYear, User
from courts.permissions import may_set_paper


@transaction.atomic
def set_paper(
    *, user: User, year: QualityYear, values: dict[str, Any], seen: int, reason: str
) -> PaperSettings:
    """Set how the year's bulletins look; `seen` is the version that was shown, 0 before any.

    `StaleError` when somebody set them meanwhile, `ValidationError` for what the rows cannot hold.
    Raises `PermissionDenied`.
    """
    if not may_set_paper(user, year):
        raise PermissionDenied(_("只有审判管理办公室可以设定通报版式。"))
    reason = stated(reason, _("请说明原因。"))
    QualityYear.objects.select_for_update().get(pk=year.pk)
    held = PaperSettings.objects.filter(quality_year=year).first()
    if (held.version if held else 0) != seen:
        raise StaleError(_("版式刚刚被别人改过，请看过现在的设定再决定。"))
    row = held or PaperSettings(quality_year=year, version=0)
    before = {name: str(getattr(row, name)) for name in values} if held else {}
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row._history_user = user  # type: ignore[attr-defined]
    row._change_reason = reason[: longest_history_reason()]  # type: ignore[attr-defined]
    row.full_clean()
    row.save()
    after = {name: str(value) for name, value in values.items()}
    changed = [name for name in after if before.get(name) != after[name]]
    events.record(
        action="set_paper",
        year=year,
        actor=user,
        reason=reason,
        data={
            "before": {name: before[name] for name in changed if name in before},
            "after": {name: after[name] for name in changed},
        },
    )
    return row
