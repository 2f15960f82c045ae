"""Calls that come at the same time, to one server or several, are counted one by one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from courts.models import ApiToken, Court
from courts.systems.services.tokens import take_turn
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

    def turn(_number: int) -> bool:
        try:
            return take_turn(token).is_allowed
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(turn, range(24)))
    assert answers.count(True) == 7
    token.refresh_from_db()
    assert token.window_calls == 24
