"""Owns this area's part of housekeeping: ballots past their deadline, or objected to at the end."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from courts.ballots.services.rounds import advance_rounds
from courts.frame.duties import duty


@duty("ballots", _("处理到期的投票"))
def ballots(now: datetime) -> int:
    return advance_rounds(now=now)
