"""Owns what an account does with its own notices: read, read all of a kind, mute, hear again."""

from __future__ import annotations

from django.db import transaction

from courts import database_clock
from courts.models import Notice, NoticeMute, User


@transaction.atomic
def read(*, user: User, notice: Notice) -> None:
    """Note that the account opened its notice."""
    Notice.objects.filter(pk=notice.pk, user=user, read_at=None).update(
        read_at=database_clock.now()
    )


@transaction.atomic
def read_all(*, user: User, kind: str = "") -> int:
    """Note that the account read all its notices, or those of a kind; how many."""
    rows = Notice.objects.filter(user=user, read_at=None)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.update(read_at=database_clock.now())


@transaction.atomic
def mute(*, user: User, kinds: set[str]) -> None:
    """From now on the account is told of none of these kinds, and of all others."""
    NoticeMute.objects.filter(user=user).exclude(kind__in=kinds).delete()
    there = set(NoticeMute.objects.filter(user=user).values_list("kind", flat=True))
    for kind in sorted(kinds - there):
        row = NoticeMute(user=user, kind=kind)
        row.full_clean()
        row.save()
