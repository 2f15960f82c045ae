"""Owns the registry of who is told of an act; knows no act: whoever tells registers for it.

Called by `events.record`, inside the transaction of the act: what is rolled back told nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from courts.models import Event

Announcer = Callable[[Event], None]
ANNOUNCERS: dict[str, list[Announcer]] = defaultdict(list)


def announces(*actions: str) -> Callable[[Announcer], Announcer]:
    """Register what tells people of these acts."""

    def register(announcer: Announcer) -> Announcer:
        for action in actions:
            ANNOUNCERS[action].append(announcer)
        return announcer

    return register


def announce(event: Event) -> None:
    """Tell whoever is to be told of an act that was just recorded."""
    for announcer in ANNOUNCERS.get(event.action, ()):
        announcer(event)
