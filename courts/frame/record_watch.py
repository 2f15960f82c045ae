"""Owns the triggers that hold the record: what was written is added to, never changed.

They hold whoever writes. An event's content goes by rule alone, with the line that says so. Whoever
takes the triggers down is found by `check_record`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from courts.frame import triggers
from courts.frame.streams import STREAMS
from courts.frame.triggers import ALWAYS, Refusal, differs

_ERASED = (
    "EXISTS (SELECT 1 FROM {recorderasure} e JOIN {recordentry} r ON r.seq = e.entry_id "
    "WHERE r.stream = 'event' AND r.row_id = OLD.id)"
)
_KEPT = ("at", "action", "quality_year_id")


def put_up(using: str = "default", **_signal: Any) -> None:
    """Create the triggers that are not there; called after every migration and flush."""
    triggers.put_up(using, refusals())


def refusals() -> Iterator[Refusal]:
    """All of them."""
    for model in ("RecordEntry", "RecordErasure"):
        yield Refusal(f"{model.lower()}_held", model, "UPDATE", ALWAYS, "the record never changes")
        yield Refusal(f"{model.lower()}_kept", model, "DELETE", ALWAYS, "the record is kept")
    yield Refusal("recordsalt_held", "RecordSalt", "UPDATE", ALWAYS, "the record never changes")
    yield Refusal(
        "recordsalt_kept",
        "RecordSalt",
        "DELETE",
        "NOT EXISTS (SELECT 1 FROM {recorderasure} e WHERE e.entry_id = OLD.entry_id)",
        "a salt goes when the content was erased by rule",
    )
    yield Refusal(
        "event_held",
        "Event",
        "UPDATE",
        f"NOT {_ERASED} OR {differs(_KEPT)} OR NEW.reason <> '' OR NEW.actor_id IS NOT NULL",
        "an act is never changed",
    )
    yield Refusal("event_kept", "Event", "DELETE", ALWAYS, "an act is kept")
    for stream in STREAMS.values():
        if stream.held:
            name = stream.model.lower()
            yield Refusal(f"{name}_held", stream.model, "UPDATE", ALWAYS, "history never changes")
            yield Refusal(f"{name}_kept", stream.model, "DELETE", ALWAYS, "history is kept")
