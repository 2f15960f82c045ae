"""Owns this area's part of housekeeping: drafts that nobody came back to, in any account."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from courts.frame.duties import duty
from courts.frame.services.drafts import sweep_drafts


@duty("drafts", _("删除90天未用的草稿"))
def drafts(now: datetime) -> int:
    return sweep_drafts(now)
