"""Owns how much of the ranking the courts of a year see: set by the office, for a reason."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from courts.models import QualityYear, User
from courts.permissions import may_set_ranking_shown
from courts.years.services.year_settings import set_on_year


def set_ranking_shown(
    *, user: User, year: QualityYear, shown: str, seen: str, reason: str
) -> QualityYear:
    """Set what of the ranking courts see: one of `QualityYear.RankingShown`; holds at once.

    `seen` is what was in force when the page was drawn; `Stale` when it is another now.
    `ValidationError` for an unknown value, `ReturnError` without a reason.
    Raises `PermissionDenied`.
    """
    if not may_set_ranking_shown(user, year):
        raise PermissionDenied(_("只有审判管理办公室可以设定法院能看到的排名。"))
    return set_on_year(
        user=user,
        year=year,
        setting="ranking_shown",
        value=shown,
        seen=seen,
        reason=reason,
        stale=_("显示方式刚刚被别人改过，请看过现在的设定再决定。"),
    )
