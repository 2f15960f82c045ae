"""Owns reading the drafts of the account that asks; never those of anybody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import QuerySet

from courts.frame.remembered import remembered_rows
from courts.models import Draft, User
from courts.permissions import Account


def drafts_of(user: Account, thing: str, since: datetime | None = None) -> Mapping[str, str]:
    """The account's own text for an address, by field; `since` leaves out older text. One query."""
    return drafts_for(user, [thing], since).get(thing, {})


def by_form(texts: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
    """The text of an address that takes several forms, by form and field."""
    found: dict[str, dict[str, str]] = {}
    for name, text in texts.items():
        form, _colon, field = name.rpartition(":")
        found.setdefault(form, {})[field] = text
    return dict(found)


def drafts_for(
    user: Account, things: Iterable[str], since: datetime | None = None
) -> Mapping[str, Mapping[str, str]]:
    """The account's own text for several addresses, by address and field. One query."""
    if not isinstance(user, User):
        return {}
    wanted = tuple(things)

    def write() -> QuerySet[Draft]:
        rows = Draft.objects.filter(user=user.pk, thing__in=wanted)
        return rows if since is None else rows.filter(at__gt=since)

    kept = remembered_rows(("drafts", user.pk, wanted, since), write)
    found: dict[str, dict[str, str]] = {}
    for draft in kept:
        found.setdefault(draft.thing, {})[draft.field] = draft.text
    return found
