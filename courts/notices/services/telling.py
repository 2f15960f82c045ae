"""Owns writing notices: once for each account, into the outbox where one is configured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings

from courts import database_clock
from courts.models import Notice, NoticeMute, OutboxMessage, QualityYear, User

# As long as the column.
LONGEST_KEY = 120


def tell(
    people: Iterable[User],
    *,
    kind: str,
    key: str,
    address: str,
    year: QualityYear | None = None,
    data: Mapping[str, Any] | None = None,
    besides: int | None = None,
) -> int:
    """Tell each of these people, but `besides`; whoever was told by this key is told nothing.

    Whoever muted the kind is not told. Three queries, more only where something goes outside.
    """
    named = {one.pk: one for one in people if one.pk != besides}
    if not named:
        return 0
    now = database_clock.now()
    muted = NoticeMute.objects.filter(user__in=named, kind=kind).order_by()
    told = Notice.objects.filter(user__in=named, key=key[:LONGEST_KEY]).order_by()
    left_out = {pk for (pk,) in muted.values_list("user").union(told.values_list("user"))}
    rows = [
        Notice(
            user=one,
            kind=kind,
            key=key[:LONGEST_KEY],
            year=year,
            data=dict(data or {}),
            address=address,
            at=now,
        )
        for one in named.values()
        if one.pk not in left_out
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    if rows and channels():
        _put_out([row.user_id for row in rows], key[:LONGEST_KEY])
    return len(rows)


def channels() -> tuple[str, ...]:
    """The ways outside that the settings file opens; none by default."""
    found = []
    if settings.NOTICES_BY_EMAIL:
        found.append(OutboxMessage.Channel.EMAIL.value)
    if settings.NOTICES_WEBHOOK:
        found.append(OutboxMessage.Channel.WEBHOOK.value)
    return tuple(found)


def _put_out(users: list[int], key: str) -> None:
    now = database_clock.now()
    rows = Notice.objects.filter(user__in=users, key=key).select_related("user")
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(notice=row, channel=channel, next_at=now)
            for row in rows
            for channel in channels()
            if channel != OutboxMessage.Channel.EMAIL or row.user.email
        ],
        ignore_conflicts=True,
    )
