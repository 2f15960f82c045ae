"""Owns what actions ask of the registers: where they differ from returns, and found causes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from courts.models import QualityYear
from courts.registers.selectors.causes import causes_of
from courts.registers.selectors.counts import compared
from courts.years.selectors.years import CourtRow
from scoring.facts import Month


class RegisterGap(NamedTuple):
    """A figure of a return, and how many lines the register has towards it; both to date."""

    court: str
    metric: str
    figure: int
    lines: int


@dataclass(frozen=True, slots=True)
class FoundCause:
    """A cause that lines of registers name, and how many do."""

    code: str
    label: str
    count: int


def register_gaps(
    year: QualityYear, month: Month, courts: Sequence[CourtRow]
) -> Iterator[RegisterGap]:
    """Where registers and what these courts reported differ; a constant number of queries.

    A register that no court has written a line of is not in use yet, and differs from nothing.
    """
    codes = {court.pk: court.code for court in courts}
    found = compared(year, [month.month], codes)
    used = {one.register for one in found if one.lines}
    for one in found:
        if one.register in used and one.figure is not None and one.figure != one.lines:
            yield RegisterGap(codes[one.court], one.metric, one.figure, one.lines)


def found_causes(
    year: QualityYear, court: int, metrics: Sequence[str], month: Month
) -> tuple[FoundCause, ...]:
    """The causes behind these figures of a court up to the month, the commonest first.

    Lines whose cause nobody found yet are left out. Two queries a figure.
    """
    counts: dict[str, FoundCause] = {}
    for metric in metrics:
        for one in causes_of(year, court, metric, month.month):
            if one.code:
                held = counts.get(one.code)
                more = one.count + (held.count if held else 0)
                counts[one.code] = FoundCause(one.code, one.label, more)
    return tuple(sorted(counts.values(), key=lambda one: (-one.count, one.code)))
