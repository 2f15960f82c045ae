"""Owns saying of a month's scores that they were restated: since when, by which issue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from courts.models import Bulletin, QualityYear, RestatedMonth
from courts.wording.explanations import listed_sides
from courts.years.closings import closings_of
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month


@dataclass(frozen=True, slots=True)
class RestatedLine:
    """That sides of a month were restated, for pages of its numbers."""

    sides_label: str
    restatement: int | None
    issue: int | None
    at: datetime | None


def restated_lines(year: QualityYear, month: int) -> tuple[RestatedLine, ...]:
    """How a published month was restated, for the pages of its scores. Two queries at most."""
    closings = closings_of(year)
    found = {one.pk: one for one in closings.counting(month).values() if one.restates is not None}
    if not found:
        return ()
    rulebook = rulebook_of(year, Month(year.year, month))
    rows = {row.new_id: row.restatement_id for row in RestatedMonth.objects.filter(new__in=found)}
    issues = Bulletin.objects.filter(snapshot__in=found, state=Bulletin.State.PUBLISHED)
    by_snapshot = dict(issues.values_list("snapshot_id", "pk"))
    return tuple(
        RestatedLine(
            sides_label=listed_sides(rulebook, one.sides),
            restatement=rows.get(pk),
            issue=by_snapshot.get(pk),
            at=one.published_at,
        )
        for pk, one in found.items()
    )
