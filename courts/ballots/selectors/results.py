"""Owns reading what a round came to: sums and means once tallied, and a tally of paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from courts.models import BallotRound, PaperTally
from scoring.rounding import to_text

State = BallotRound.State


@dataclass(frozen=True, slots=True)
class BallotTargetLine:
    """Who is scored; sum and mean in points, once tallied."""

    position: int
    court: str
    name: str
    sum_points: str | None
    mean_points: str | None


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A vote on paper: who typed it in, who confirmed it."""

    counted: int
    sums: tuple[str, ...]
    entered_by: str
    entered_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    scan_name: str
    scan_sha256: str


def target_lines(row: BallotRound) -> tuple[BallotTargetLine, ...]:
    """The targets in their order; total and mean in points, None before the tally."""
    lines = []
    for target in row.targets.select_related("court").order_by("position"):
        total, mean = None, None
        if row.state == State.TALLIED and row.sums is not None and row.counted:
            points = Fraction(row.sums[target.position]) * Fraction(row.unit)
            total, mean = to_text(points), to_text(points / row.counted)
        court = target.court.code if target.court else ""
        lines.append(BallotTargetLine(target.position, court, target.name, total, mean))
    return tuple(lines)


def paper_line(row: BallotRound, tally: PaperTally) -> PaperLine:
    """A tally of paper ballots as pages show it; sums in points."""
    return PaperLine(
        counted=tally.counted,
        sums=tuple(to_text(Decimal(units) * row.unit) for units in tally.sums),
        entered_by=str(tally.entered_by),
        entered_at=tally.entered_at,
        confirmed_by=str(tally.confirmed_by or ""),
        confirmed_at=tally.confirmed_at,
        scan_name=tally.scan_name,
        scan_sha256=tally.scan_sha256,
    )
