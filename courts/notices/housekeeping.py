"""Owns this area's part of housekeeping: what time alone brings about is told, the outbox sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from courts.frame.duties import duty
from courts.models import Notice
from courts.notices.services.outbox import send_waiting
from courts.notices.services.watch import tell_what_waits

# How long a notice that was read stays in the inbox.
KEPT_FOR = timedelta(days=90)


@duty("notices", _("提醒将到期和等待办理的事项"))
def notices(now: datetime) -> int:
    return tell_what_waits(now)


@duty("outbox", _("外发提醒"))
def outbox(now: datetime) -> int:
    return send_waiting(now)


@duty("old_notices", _("删除90天前已读的提醒"))
def old_notices(now: datetime) -> int:
    return Notice.objects.filter(read_at__lt=now - KEPT_FOR).delete()[0]
