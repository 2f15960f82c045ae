"""Owns a court's months as one of them sees them, and counts that fall among them.

The one rule for grids, imports and extracts. Where courts merged, the months before count with what
the merged court reported; where one was split, they are of another court and say nothing. Asks
nothing of the database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import scoring
from courts.years.court_changes import CourtChanges, Figures
from scoring.facts import Month
from scoring.schema import Rulebook

# Year-to-date figures by a court's key and month.
Reported = Mapping[int, Mapping[Month, Figures]]


class CourtFall(NamedTuple):
    """A count that fell: of which court, and whose earlier returns it is held against, by key."""

    fall: scoring.Fall
    court: int
    sources: Collection[int]


def months_seen(
    changes: CourtChanges, court: int, seen: Month, reported: Reported
) -> dict[Month, Figures]:
    """The figures of a court's months up to one, as that one sees them; none of months without.

    Of a court that a split set up its share of the whole year before is among them.
    """
    courts = {court, *(one.court for one in changes.merged_into(court, seen))}
    periods = {month for one in courts for month in reported.get(one, ()) if month <= seen}
    periods |= changes.years_split(court, seen)
    found = {}
    for period in sorted(periods):
        figures = changes.figures(
            court, period, seen, lambda one, month: reported.get(one, {}).get(month, {})
        )
        if figures:
            found[period] = figures
    return found


def falls_of(
    rulebook: Rulebook, changes: CourtChanges, court: int, reported: Reported
) -> Iterator[CourtFall]:
    """The court's counts below those of an earlier month of the same year, changes honoured."""
    for run in changes.runs(court, reported.get(court, ())):
        of_run = set(run)
        year = run[0].year
        view = months_seen(changes, court, run[-1], reported)
        of_year = {month: figures for month, figures in view.items() if month.year == year}
        for fall in scoring.falls(rulebook, of_year):
            if fall.month in of_run:
                sources = changes.sources(court, fall.earlier_month, fall.month)
                yield CourtFall(fall, court, sources)
