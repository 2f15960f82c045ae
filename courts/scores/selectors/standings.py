"""Owns how one court stands: its points and rank of the latest month with verified figures."""

from __future__ import annotations

from dataclasses import dataclass

from courts.frame.remembered import remembered, stamp_of_page
from courts.models import QualityYear
from courts.permissions import Basis
from courts.scores.selectors.scores import RankingRow, ranking
from courts.wording.months import month_name
from courts.years.selectors.counted_months import months_with_figures
from scoring.facts import Month


@dataclass(frozen=True, slots=True)
class CourtStanding:
    """A court's line in the ranking of a month."""

    month: Month
    month_name: str
    row: RankingRow


def standing(year: QualityYear, court_code: str) -> CourtStanding | None:
    """How the court stands; None before anything of the year is verified. Four queries."""
    months = months_with_figures(year, Basis.VERIFIED)
    if not months:
        return None
    rows = remembered(
        stamp_of_page(),
        ("standings", year.pk, months[-1]),
        lambda: ranking(year, months[-1], Basis.VERIFIED),
    )
    row = next((row for row in rows if row.code == court_code), None)
    return CourtStanding(months[-1], month_name(months[-1]), row) if row else None
