"""Owns how much of the ranking the courts of a year see: set by the office, for a reason."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courts.models import QualityYear, User
from courts.permissions import may_set_ranking_shown
from courts.services import events
from courts.services.locking import stated
from courts.services.refusals import Stale


@transaction.atomic
def set_ranking_shown(
    *, user: User, year: QualityYear, shown: str, seen: str, reason: str
) -> QualityYear:
    """Set what of the ranking courts see: one of `QualityYear.RankingShown`; holds at once.

    `seen` is what was in force when the page was drawn; `Stale` when it is another now.
    `ValidationError` for an unknown value, `ReturnRefused` without a reason.
    """
    if not may_set_ranking_shown(user, year):
        raise PermissionDenied(_("只有审判管理办公室可以设定法院能看到的排名。"))
    reason = stated(reason, _("请说明原因。"))
    held = QualityYear.objects.select_for_update().get(pk=year.pk)
    before, held.ranking_shown = held.ranking_shown, shown
    if before != seen:
        raise Stale(_("显示方式刚刚被别人改过，请看过现在的设定再决定。"))
    held._history_user = user  # type: ignore[attr-defined]
    held._change_reason = reason[:100]  # type: ignore[attr-defined]
    held.full_clean()
    held.save()
    events.record(
        action="set_ranking_shown",
        year=held,
        actor=user,
        reason=reason,
        data={"before": before, "after": shown},
    )
    return held
