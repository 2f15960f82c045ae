"""Owns a stored snapshot as pages read it: its parts with the rules they were scored by."""

from __future__ import annotations

from dataclasses import dataclass

from courts.closings.selectors.snapshots import frozen_of, stored
from courts.models import Snapshot
from courts.snapshots import Parts
from courts.snapshots.verification import Frozen
from scoring.schema import Rulebook


@dataclass(frozen=True)
class ReadSnapshot:
    """A snapshot that was read."""

    parts: Parts
    month: Frozen

    @property
    def rulebook(self) -> Rulebook:
        return self.month.rulebook

    @property
    def sides(self) -> tuple[str, ...]:
        return self.month.sides


def read_snapshot(snapshot: Snapshot) -> ReadSnapshot:
    """What a snapshot says; parsed once a process."""
    return ReadSnapshot(stored(snapshot), frozen_of(snapshot))
