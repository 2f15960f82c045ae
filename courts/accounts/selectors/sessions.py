"""Owns which sessions an account has: where each began, and when it was last seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from courts import database_clock
from courts.models import User

# What logging in puts into a session, and the time that qualityyear.sessions keeps in it.
BEGUN = "begun"
SEEN_AT = "_seen_at"


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One session. `code` names it without giving its key away."""

    code: str
    address: str
    browser: str
    begun_at: datetime | None
    seen_at: datetime | None
    is_this: bool


def own_sessions(user: User, this_key: str | None) -> Sequence[OwnSession]:
    """The account's sessions that are not over, this one first, then the last seen. One query."""
    found = []
    for row in Session.objects.filter(expire_date__gt=database_clock.now()):
        data = row.get_decoded()
        if data.get(SESSION_KEY) != str(user.pk):
            continue
        begun = data.get(BEGUN, {})
        found.append(
            OwnSession(
                code_of(row.session_key),
                str(begun.get("address", "")),
                str(begun.get("browser", "")),
                _moment(begun.get("at")),
                _moment(data.get(SEEN_AT)),
                row.session_key == this_key,
            )
        )
    never = datetime.min.replace(tzinfo=UTC)
    return sorted(found, key=lambda one: (one.is_this, one.seen_at or never), reverse=True)


def code_of(key: str) -> str:
    """What a page calls a session: from it nobody finds the key."""
    return sha256(f"session {key}".encode()).hexdigest()[:32]


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
