"""Owns writing the table of acts; it never reads it and never changes a line of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from courts.frame.announcements import announce
from courts.models import Event, QualityYear, User


def record(
    *,
    action: str,
    year: QualityYear | None = None,
    actor: User | None = None,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Record one act. Called inside the transaction of the act, so that both stand or fall."""
    event = Event(
        action=action, quality_year=year, actor=actor, reason=reason, data=dict(data or {})
    )
    # That these two are there the database sees to.
    event.full_clean(exclude=["actor", "quality_year"])
    event.save()
    announce(event)
    return event
