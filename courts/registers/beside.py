"""Owns telling a scorecard of which items registers hold the cases, and where they differ."""

from __future__ import annotations

from courts.models import Court, QualityYear
from courts.permissions import Account, may_view_counts
from courts.registers.selectors.described import registers_of
from courts.registers.selectors.reconciliation import gaps
from courts.scores.beside import Cases, cases
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month


@cases
def of_registers(user: Account, year: QualityYear, month: int, court_code: str) -> Cases:
    """The items whose figures registers count. One query without registers, nine at most."""
    counted = {metric for one in registers_of(year) for metric in one.register.metrics}
    if not counted or not may_view_counts(user, year, court_code):
        return Cases(frozenset(), frozenset())
    courts = Court.objects.in_month(year, month).select_related("parent").filter(code=court_code)
    differing = {row.metric for row in gaps(user, year, month, courts)}
    items = rulebook_of(year, Month(year.year, month)).item_by_code.values()
    return Cases(
        frozenset(one.code for one in items if counted.intersection(one.metrics)),
        frozenset(one.code for one in items if differing.intersection(one.metrics)),
    )
