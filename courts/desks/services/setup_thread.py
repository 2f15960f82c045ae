"""Owns the one step of setting up that a person ticks: the readings were looked at."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courts.desks.selectors.setup_thread import LOOKED
from courts.frame import events
from courts.models import QualityYear, User
from courts.permissions import may_adopt_readings


@transaction.atomic
def look_at_readings(*, user: User, year: QualityYear) -> None:
    """Record that the office looked at the readings of a year. Raises `PermissionDenied`."""
    if not may_adopt_readings(user, year):
        raise PermissionDenied(_("只有审判管理办公室可以确认看过解读。"))
    events.record(action=LOOKED, year=year, actor=user, data={"year": year.code})
