"""Calls that come at the same time, to one server or several, are counted one by one."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.utils import timezone

from courts.models import ApiToken, Court
from courts.systems.services.tokens import take_turn
from tests.at_once import at_once
from tests.courts.admin_fixtures import make_account

pytestmark = pytest.mark.django_db(transaction=True)


def test_no_more_than_the_limit_go_on() -> None:
    court = Court.objects.create(
        code="yanbian", order=1, short_name="中院", name="中级法院", level="intermediate"
    )
    token = ApiToken.objects.create(
        court=court,
        name="系统",
        sees="prefecture",
        per_minute=7,
        sha256="0" * 64,
        made_by=make_account("admin", "yanbian", "admin"),
        made_at=timezone.now(),
        expires_on=timezone.localdate() + timedelta(days=1),
    )

    # In one window, however long the machine takes.
    with time_machine.travel(timezone.now(), tick=False):
        turns = at_once([partial(take_turn, token)] * 24, people=8)
    assert [turn.is_allowed for turn in turns].count(True) == 7
    token.refresh_from_db()
    assert token.window_calls == 24
