"""Owns saying of a month's scores that they were restated: since when, by which issue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from courts.models import Bulletin, QualityYear, RestatedMonth, Snapshot
from courts.snapshots.canonical import canonical
from courts.wording.explanations import listed_sides
from courts.years.closings import SnapshotRow, closings_of
from courts.years.frozen import hold
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
    """How a published month was restated, for the pages of its scores. Three queries at most."""
    closings = closings_of(year)
    found = {one.pk: one for one in closings.counting(month).values() if one.restates is not None}
    if not found:
        return ()
    rulebook = rulebook_of(year, Month(year.year, month))
    rows = {row.new_id: row.restatement_id for row in RestatedMonth.objects.filter(new__in=found)}
    issues = Bulletin.objects.filter(snapshot__in=found, state=Bulletin.State.PUBLISHED)
    by_snapshot = dict(issues.values_list("snapshot_id", "pk"))
    held = {row.pk: row for row in Snapshot.objects.filter(quality_year=year, month=month)}
    return tuple(
        RestatedLine(
            sides_label=listed_sides(rulebook, _changed_sides(one, held)),
            restatement=rows.get(pk),
            issue=by_snapshot.get(pk),
            at=one.published_at,
        )
        for pk, one in found.items()
    )


def _changed_sides(one: SnapshotRow, held: Mapping[int, Snapshot]) -> tuple[str, ...]:
    """The sides that have an item that any of the restatements up to this one changed."""
    changed: set[str] = set()
    new = held[one.pk]
    while new.restates_id is not None:
        old = held[new.restates_id]
        changed |= {side for side, _item in _items(new).symmetric_difference(_items(old))}
        new = old
    return tuple(side for side in one.sides if side in changed) or one.sides


def _items(snapshot: Snapshot) -> set[tuple[str, str]]:
    """The scored items of a snapshot, each with its side."""
    courts = hold(snapshot.sha256, snapshot.text).parts.courts
    return {
        (item["side"], canonical([code, item]))
        for code, content in courts.items()
        for item in content["score"]["items"]
    }
