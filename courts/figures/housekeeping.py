"""Owns this area's part of housekeeping: reopenings that are over."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from courts.figures.services.reopenings import expire_reopenings
from courts.frame.duties import duty


@duty("reopenings", _("恢复重新打开到期的报表"))
def reopenings(now: datetime) -> int:
    return expire_reopenings(now=now)
