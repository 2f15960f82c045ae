"""Owns this area's part of housekeeping: sessions that are over, and records of logins."""

from __future__ import annotations

from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from courts.frame.duties import duty

# How long the record says who logged in from where, and who failed to.
LOGINS_KEPT_FOR = timedelta(days=90)


@duty("sessions", _("删除已过期的登录会话"))
def sessions(now: datetime) -> int:
    return Session.objects.filter(expire_date__lt=now).delete()[0]


@duty("logins", _("删除90天前的登录记录"))
def logins(now: datetime) -> int:
    past = now - LOGINS_KEPT_FOR
    tables = (AccessLog, AccessAttempt, AccessFailureLog)
    return sum(table.objects.filter(attempt_time__lt=past).delete()[0] for table in tables)
