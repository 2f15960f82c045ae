"""Owns what actions ask of the registers: where they differ from returns, and found causes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import get_language

from courts.models import Court, QualityYear
from courts.permissions import Account
from courts.registers.selectors.causes import causes_for, register_of_causes
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
    """A cause that lines of registers name, and how many do; None where that is kept back."""

    code: str
    label: str
    count: int | None


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
    user: Account, year: QualityYear, court: Court, metrics: Sequence[str], month: Month
) -> tuple[FoundCause, ...]:
    """The causes behind these figures of a court up to the month, as far as the account may know.

    Lines whose cause nobody found yet are left out. Three queries.
    """
    found = causes_for(user, year, court, metrics, month.month)
    return tuple(FoundCause(one.code, one.label, one.count) for one in found if one.code)


def cause_label(year: QualityYear, metrics: Sequence[str], code: str) -> str:
    """What the register behind these figures calls a cause; empty where it knows none such."""
    described = register_of_causes(year, metrics)
    if described is None or not code:
        return ""
    field = described.register.field[described.register.cause]
    if code not in {choice.code for choice in field.choices}:
        return ""
    return field.choice_label(code).get(get_language() or "")
