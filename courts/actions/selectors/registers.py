"""Owns what actions ask of the registers: where they differ from returns, and found causes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from courts.models import QualityYear
from courts.years.selectors.years import CourtRow
from scoring.facts import Month


class RegisterGap(NamedTuple):
    """A figure of a return, and how many lines the register has towards it; both to date."""

    court: str
    metric: str
    figure: int
    lines: int


class FoundCause(NamedTuple):
    """A cause that lines of registers name, and how many do."""

    code: str
    label: str
    count: int


def register_gaps(
    year: QualityYear, month: Month, courts: Sequence[CourtRow]
) -> Iterable[RegisterGap]:
    """Where registers and returns of these courts differ."""
    return ()


def found_causes(
    year: QualityYear, court: str, metrics: Sequence[str], month: Month
) -> tuple[FoundCause, ...]:
    """The causes behind these figures of a court up to the month, the most frequent first."""
    return ()
