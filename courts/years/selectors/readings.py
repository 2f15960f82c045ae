"""Owns how a year reads what the notice leaves open: what is in force in a month, what was decided.

A decision about a reading or option that the month's rulebook does not have says nothing there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from courts.frame.remembered import remembered_rows
from courts.models import QualityYear, ReadingDecision
from courts.years.frozen import FrozenMonth
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month
from scoring.schema import Rulebook


@dataclass(frozen=True, slots=True)
class AdoptedReading:
    """One adoption. `from_month` is 1 to 12."""

    reading: str
    number: int
    value: str
    from_month: int
    note: str
    document: str
    decided_on: date
    by: str
    at: datetime
    confirmed_by: str


def decisions_of(year: QualityYear) -> tuple[AdoptedReading, ...]:
    """Every decision of a year in the order they were made. One query a year object."""
    found: tuple[AdoptedReading, ...] | None = year.__dict__.get("_reading_decisions")
    if found is None:

        def write() -> QuerySet[ReadingDecision]:
            rows = ReadingDecision.objects.filter(quality_year=year.pk).order_by("pk")
            return rows.select_related("by", "confirmed_by")

        decisions = remembered_rows(("decisions", year.pk), write)
        found = tuple(
            AdoptedReading(
                row.reading,
                row.number,
                row.value,
                row.from_month,
                row.note,
                row.document,
                row.decided_on,
                str(row.by),
                row.at,
                str(row.confirmed_by or ""),
            )
            for row in decisions
        )
        year.__dict__["_reading_decisions"] = found
    return found


def decision_in_force(
    year: QualityYear, month: Month, reading: str, rulebook: Rulebook
) -> AdoptedReading | None:
    """The last decision about a reading that covers the month; None when the default stands."""
    known = rulebook.reading_by_code.get(reading)
    if known is None:
        return None
    for decision in reversed(decisions_of(year)):
        covers = decision.reading == reading and decision.from_month <= month.month
        if covers and decision.value in known.values:
            return decision
    return None


def rules_in(
    year: QualityYear, month: Month, frozen: Mapping[Month, FrozenMonth]
) -> tuple[Rulebook, Mapping[str, str]]:
    """The rulebook of a month with every reading: a closed month's as its snapshot froze them."""
    held = frozen.get(month)
    if held is not None:
        return held.rulebook, held.readings
    rulebook = rulebook_of(year, month)
    return rulebook, readings_in_force(year, month, rulebook)


def readings_in_force(year: QualityYear, month: Month, rulebook: Rulebook) -> Mapping[str, str]:
    """The value of every reading of the rulebook for the month."""
    values = dict(rulebook.defaults)
    for code in values:
        decision = decision_in_force(year, month, code, rulebook)
        if decision is not None:
            values[code] = decision.value
    return values
