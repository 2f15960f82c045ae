"""Owns telling a scorecard of which items registers hold the cases, and where they differ."""

from __future__ import annotations

from courts.models import QualityYear
from courts.permissions import Account, may_view_counts
from courts.registers.selectors.described import registers_of
from courts.registers.selectors.reconciliation import gaps
from courts.scores.beside import Cases, cases
from courts.years.selectors.years import courts_in, rulebook_of
from scoring.facts import Month


@cases
def of_registers(user: Account, year: QualityYear, month: int, court_code: str) -> Cases:
    """The items whose figures registers count. One query without registers, nine at most."""
    counted = {metric for one in registers_of(year) for metric in one.register.metrics}
    if not counted or not may_view_counts(user, year, court_code):
        return Cases(frozenset(), frozenset())
    of = Month(year.year, month)
    courts = [court for court in courts_in(year, of) if court.code == court_code]
    differing = {row.metric for row in gaps(user, year, month, courts)}
    items = rulebook_of(year, of).item_by_code.values()
    return Cases(
        frozenset(one.code for one in items if counted.intersection(one.metrics)),
        frozenset(one.code for one in items if differing.intersection(one.metrics)),
    )
