"""Owns one run of housekeeping: every duty for itself, and the row that says how it went."""

from __future__ import annotations

import logging
from datetime import datetime

from courts import database_clock
from courts.frame.duties import DUTIES
from courts.models import HousekeepingRun
from courts.models.housekeeping import THE_ROW

logger = logging.getLogger(__name__)


def keep_house(*, now: datetime | None = None, version: str = "") -> HousekeepingRun:
    """Do every duty; one that fails is written down and logged, and stops no other.

    `whole_at` of the row that is returned moves only when none failed.
    """
    moment = now or database_clock.now()
    counts: dict[str, int] = {}
    failed: list[str] = []
    for one in DUTIES.values():
        try:
            counts[one.code] = one.act(moment)
        # Whatever stops one duty must not stop the others: ballots have to close.
        except Exception:
            logger.exception("Housekeeping failed: %s.", one.code)
            failed.append(one.code)
    values = {"tried_at": moment, "counts": counts, "failed": failed, "version": version}
    if not failed:
        values["whole_at"] = moment
    row, _created = HousekeepingRun.objects.update_or_create(pk=THE_ROW, defaults=values)
    return row
