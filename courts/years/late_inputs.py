"""Owns telling that something new would change closed months, to whoever proposes restatements.

An area registers what proposes (`proposes_restatement`); what has come too late for some months
(`came_late`) is noted and handed to it, inside the transaction of the write. Knows no restatement.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from courts.frame import events
from courts.models import QualityYear, User
from scoring.facts import Month


class LateKind(StrEnum):
    """What came late."""

    TARGETS = "targets"
    CAPS = "caps"
    TALLY = "tally"
    # Acts that closed months refuse, and that are carried out when they are approved.
    MOTION = "motion"
    DECISION = "decision"
    EDITION = "edition"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class LateInput:
    """Something that holds from an open month on and would change closed ones (1 to 12) too.

    `source` names the row it came from, such as `round/7`; `data` is what would hold.
    """

    year: QualityYear
    kind: LateKind
    months: tuple[int, ...]
    sides: tuple[str, ...]
    source: str
    reason: str
    by: User | None
    data: Mapping[str, Any]


Proposer = Callable[[LateInput], None]
_PROPOSERS: list[Proposer] = []


def proposes_restatement(propose: Proposer) -> Proposer:
    """Register what makes a proposal of a late input."""
    if propose not in _PROPOSERS:
        _PROPOSERS.append(propose)
    return propose


def came_late(
    *,
    year: QualityYear,
    kind: LateKind,
    months: Collection[int],
    sides: Collection[str],
    source: str,
    reason: str = "",
    by: User | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Note a late input and have a restatement proposed; nothing where no month is closed."""
    if not months:
        return
    late = LateInput(
        year, kind, tuple(sorted(months)), tuple(sides), source, reason, by, dict(data or {})
    )
    events.record(
        action="late_input",
        year=year,
        actor=by,
        reason=reason,
        data={
            "kind": kind.value,
            "months": [str(Month(year.year, month)) for month in late.months],
            "sides": list(late.sides),
            "source": source,
            **late.data,
        },
    )
    for propose in _PROPOSERS:
        propose(late)
