"""Owns the triggers that hold closings, snapshots and issued files, whoever writes.

A snapshot is published once and voided once, a closing reopened once; nothing else of a row ever
changes, and no row is deleted. The files of an issue, what its blocks said and who read it never
change at all. They are put up after every `migrate`, because SQLite loses a
table's triggers when a migration makes the table anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from courts.frame import triggers
from courts.frame.triggers import ALWAYS, Refusal, columns_of, differs

# The columns that may be filled once, and the one that tells that they were.
ONCE = {
    "Snapshot": (("published_at",), ("voided_at", "voided_reason")),
    "Closing": (("reopened_at", "reopened_by_id", "reopened_reason"),),
    "Acceptance": (("first_at", "first_by_id"), ("second_at", "second_by_id"), ("withdrawn_at",)),
    "BlockRevision": (),
    "BulletinFile": (),
    "BulletinReceipt": (),
}


def put_up(using: str = "default", **_signal: Any) -> None:
    """Create the triggers that are not there; called after every migration and flush."""
    triggers.put_up(using, refusals())


def refusals() -> Iterator[Refusal]:
    """Two for each model: what of a row never changes, and that no row is deleted."""
    for model, once in ONCE.items():
        free = {column for columns in once for column in columns}
        held = [column for column in columns_of(model) if column not in free]
        wrong = [
            differs(held),
            *(f"(OLD.{columns[0]} IS NOT NULL AND ({differs(columns)}))" for columns in once),
        ]
        message = f"a {model.lower()} never changes"
        yield Refusal(f"{model.lower()}_held", model, "UPDATE", " OR ".join(wrong), message)
        yield Refusal(f"{model.lower()}_kept", model, "DELETE", ALWAYS, message)
