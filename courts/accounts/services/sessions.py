"""Owns ending sessions by their owner, and noting where one begins."""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from courts import database_clock
from courts.accounts.login_limits import address_of
from courts.accounts.selectors.sessions import BEGUN, code_of
from courts.frame import events
from courts.models import User

LONGEST_BROWSER = 200


def note_beginning(request: HttpRequest) -> None:
    """Note in a session that just began from where, for its owner to know it again."""
    request.session[BEGUN] = {
        "at": database_clock.seconds(),
        "address": address_of(request),
        "browser": request.META.get("HTTP_USER_AGENT", "")[:LONGEST_BROWSER],
    }


@transaction.atomic
def end_sessions(*, user: User, this_key: str | None, code: str = "") -> int:
    """End the account's session of that code, or all but this one; how many were ended."""
    keys = [
        row.session_key
        for row in Session.objects.filter(expire_date__gt=database_clock.now())
        if row.get_decoded().get(SESSION_KEY) == str(user.pk)
        and row.session_key != this_key
        and (not code or code_of(row.session_key) == code)
    ]
    Session.objects.filter(pk__in=keys).delete()
    if keys:
        events.record(action="end_sessions", actor=user, data={"count": len(keys)})
    return len(keys)
