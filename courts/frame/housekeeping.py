"""Owns this area's part of housekeeping: the record is sealed, drafts left alone go."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from courts.frame.duties import duty
from courts.frame.services.drafts import sweep_drafts
from courts.frame.services.record import erase_old_events, seal


@duty("record", _("封存操作记录"))
def record(now: datetime) -> int:
    return seal(now) + erase_old_events(now)


@duty("drafts", _("删除90天未用的草稿"))
def drafts(now: datetime) -> int:
    return sweep_drafts(now)
