"""Owns setting how forecasts spread a year's cases over its months; no point hangs on it."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from courts.frame import events
from courts.frame.refusals import ReturnError, StaleError
from courts.frame.texts import stated
from courts.models import MonthProfile, QualityYear, User
from courts.models.month_profiles import MONTH_FIELDS
from courts.permissions import may_set_month_profile


@transaction.atomic
def set_month_profile(
    *, user: User, year: QualityYear, shares: Sequence[int], seen: int, reason: str
) -> None:
    """Set twelve thousandths, January first, that add up to 1000; none leaves the months even.

    `seen` is the version that the page was drawn with, 0 where nothing was set: `StaleError` when
    it is another now. `ReturnError` without a reason and for other shares, `PermissionDenied`.
    """
    if not may_set_month_profile(user, year):
        raise PermissionDenied(_("只有审判管理办公室可以设定各月案件分布。"))
    reason = stated(reason, _("请说明原因。"))
    QualityYear.objects.select_for_update().get(pk=year.pk)
    row = MonthProfile.objects.filter(quality_year=year).first()
    before = [] if row is None else list(row.shares)
    if seen != (0 if row is None else row.version):
        raise StaleError(_("各月案件分布刚刚被别人改过，请看过现在的再改。"))
    if shares:
        row = row or MonthProfile(quality_year=year, version=0)
        for name, share in zip(MONTH_FIELDS, shares, strict=True):
            setattr(row, name, share)
        row.version += 1
        try:
            row.full_clean()
        except ValidationError as error:
            raise ReturnError("".join(error.messages)) from error
        row.save()
    elif row is not None:
        row.delete()
    events.record(
        action="set_month_profile",
        year=year,
        actor=user,
        reason=reason,
        data={"before": before, "after": list(shares)},
    )
