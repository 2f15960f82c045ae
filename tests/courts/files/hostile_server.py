"""The server that hostile files are sent to: the product on a database of its own, limits small.

gunicorn loads it once, before its workers; who may send what goes to the path in `HOSTILE_KEYS`.
"""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from qualityyear.wsgi import application

__all__ = ["application"]


def make_small() -> None:
    """Let reading end soon: a second of processor time, few megabytes unpacked."""
    from courts.files import reading, sheets
    from courts.papers import template_parts

    for bounds in (reading.PAGE, sheets.PAGE, template_parts.BOUNDS):
        for name, value in {"seconds": 1, "most_unpacked": 8_000_000}.items():
            object.__setattr__(bounds, name, value)


def fill() -> dict[str, Any]:
    """A year; the sessions of those who bring files, a token that sends, the year's key."""
    from django.db import connections
    from django.urls import resolve
    from django.utils import timezone

    from courts.models import Court
    from courts.systems.services.tokens import TokenValues, make_token
    from tests.hold.running import session_of
    from tests.pages import YEAR, account, stored_year

    YEAR.make()
    year = stored_year()
    people = {
        "desk": account("desk", "dunhua", "litigation"),
        "office": account("office", "yanbian", "office"),
        "admin": account("admin", "yanbian", "admin"),
    }
    sessions = {name: session_of(user) for name, user in people.items()}
    values = TokenValues(
        court=Court.objects.get(code="yanbian"),
        name="case system",
        sees="prefecture",
        reads=True,
        reads_current=False,
        sends="litigation",
        per_minute=600,
        expires_on=timezone.localdate() + timedelta(days=30),
    )
    secret = make_token(user=people["admin"], values=values)[1]
    # Otherwise the first request of each worker loads every page.
    resolve("/healthz")
    connections.close_all()
    return {"sessions": sessions, "secret": secret, "year": year.pk}


make_small()
Path(os.environ["HOSTILE_KEYS"]).write_text(json.dumps(fill()))
