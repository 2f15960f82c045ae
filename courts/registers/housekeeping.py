"""Owns this area's part of housekeeping: what is personal goes when its register says so."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courts.frame.duties import duty
from courts.models import QualityYear
from courts.registers.services.erasure import erase_year


@duty("registers", _("按规定清除台账里的个人信息"))
def registers(now: datetime) -> int:
    """How many lines were erased, of all years."""
    years = QualityYear.objects.select_related("court", "edition").order_by("code")
    today = timezone.localdate(now)
    return sum(one.lines for year in years for one in erase_year(year=year, today=today))
