"""Owns this area's part of housekeeping: tables that waited a day for their confirmation."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from courts.files.waiting import sweep
from courts.frame.duties import duty


@duty("uploads", _("删除一天未确认的上传"))
def uploads(now: datetime) -> int:
    """Delete the tables that nobody confirmed for a day; return how many."""
    return sweep(now)
