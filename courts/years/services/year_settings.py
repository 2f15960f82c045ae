"""Owns changing one setting of a year: held against what was seen, with reason and event."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courts.frame import events
from courts.frame.refusals import StaleError
from courts.frame.texts import longest_history_reason, stated
from courts.models import QualityYear, User

# The settings of a year, and the fields that hold them.
SETTINGS = {
    "deadline": "deadline_day",
    "ranking_shown": "ranking_shown",
    "case_days": "case_days",
}


@transaction.atomic
def set_on_year(
    *, user: User, year: QualityYear, setting: str, value: Any, seen: Any, reason: str, stale: str
) -> QualityYear:
    """Set what `SETTINGS` calls so; the event is `set_` and its name.

    `seen` is what was in force when the page was drawn: `StaleError`, in the words of `stale`, when
    it is another now. `ReturnError` without a reason, `ValidationError` for a value the year cannot
    have. The caller says who may.
    """
    reason = stated(reason, _("请说明原因。"))
    held = QualityYear.objects.select_for_update().get(pk=year.pk)
    before = getattr(held, SETTINGS[setting])
    if before != seen:
        raise StaleError(stale)
    setattr(held, SETTINGS[setting], value)
    held._history_user = user  # type: ignore[attr-defined]
    held._change_reason = reason[: longest_history_reason()]  # type: ignore[attr-defined]
    held.full_clean()
    held.save()
    events.record(
        action=f"set_{setting}",
        year=held,
        actor=user,
        reason=reason,
        data={"before": before, "after": value},
    )
    return held
