"""Owns saying until when something can be done: the day, its end, and how long that still is.

Terms: a deadline is stored as the first moment after it, so that the one at midnight is said as the
24th hour of the day before.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courts import database_clock


def until(moment: datetime, now: datetime | None = None) -> str:
    """Until when, and how much of it is left: 1月8日24时前（还有3天）.

    The days are calendar days where the courts are; the year is said where it is not this one.
    """
    now = now or database_clock.now()
    if moment <= now:
        return _("%(until)s（已截止）") % {"until": day_and_hour(moment, now)}
    days = (_last_day(moment).date() - _local(now).date()).days
    values = {"until": day_and_hour(moment, now), "days": days}
    if not days:
        return _("%(until)s（今天截止）") % values
    return ngettext("%(until)s（还有%(days)s天）", "%(until)s（还有%(days)s天）", days) % values


def day_and_hour(moment: datetime, now: datetime | None = None) -> str:
    """Until when, without how long that is: 1月8日24时前."""
    day, here = _last_day(moment), _local(moment)
    is_this_year = day.year == _local(now or database_clock.now()).year
    form = _("n月j日") if is_this_year else _("Y年n月j日")
    values = {"day": date_format(day, form), "hour": _("24时")}
    if here.time().replace(microsecond=0).isoformat() != "00:00:00":
        values["hour"] = date_format(here, _("G时i分"))
    return _("%(day)s%(hour)s前") % values


def _last_day(moment: datetime) -> datetime:
    """Midnight at the beginning of the day on which the moment still falls."""
    here = _local(moment - timedelta(microseconds=1))
    return here.replace(hour=0, minute=0, second=0, microsecond=0)


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment, timezone.get_default_timezone())
