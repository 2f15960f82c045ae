"""Owns keeping and dropping drafts of text; never what becomes of the text when it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from courts import database_clock
from courts.models import Draft, User

# Drafts that nobody came back to, and a bound on what one account leaves behind.
KEPT_FOR = timedelta(days=90)
MOST_DRAFTS = 2000


@transaction.atomic
def keep_drafts(*, user_pk: int, thing: str, texts: Mapping[str, str]) -> int:
    """Keep the text of each field, over what was kept before; an empty text drops the draft.

    Return how many fields hold text now.
    """
    user = User.objects.select_for_update().filter(pk=user_pk, is_active=True).first()
    if user is None:
        return 0
    now = database_clock.now()
    own = Draft.objects.filter(user=user)
    own.filter(at__lt=now - KEPT_FOR).delete()
    own.filter(thing=thing, field__in=[name for name, text in texts.items() if not text]).delete()
    given = [
        Draft(user=user, thing=thing, field=name, text=text, at=now)
        for name, text in texts.items()
        if text
    ]
    if own.exclude(thing=thing).count() + len(given) > MOST_DRAFTS:
        return 0
    Draft.objects.bulk_create(
        given,
        update_conflicts=True,
        unique_fields=["user", "thing", "field"],
        update_fields=["text", "at"],
    )
    return len(given)


def drop_drafts(*, user: User, thing: str, form: str = "") -> None:
    """Delete what the account kept for an address, or for one of its forms: it has been used."""
    used = Draft.objects.filter(user=user, thing=thing)
    if form:
        used = used.filter(field__startswith=f"{form}:")
    used.delete()


def sweep_drafts(now: datetime) -> int:
    """Delete the abandoned drafts of all accounts; how many."""
    return Draft.objects.filter(at__lt=now - KEPT_FOR).delete()[0]
