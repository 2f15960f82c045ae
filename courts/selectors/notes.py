"""Owns reading what people wrote about cells: comments, remarks, follow-ups, entries on behalf.

A remark is *current* while its return waits, sent back, for the next submission.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet

from courts.explanations import metric_name
from courts.models import CellComment, EntryOnBehalf, FollowUp, MonthlyReturn, Submission
from scoring.schema import Rulebook


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A comment or remark; without a metric it is about the return as a whole."""

    metric: str
    label: str
    kind: str
    author: str
    at: datetime
    text: str

    @property
    def is_remark(self) -> bool:
        return self.kind == CellComment.Kind.REMARK


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """A follow-up; `resolved_at` is None while it is open."""

    metric: str
    label: str
    note: str
    opened_by: str
    opened_at: datetime
    resolution: str
    resolved_by: str
    resolved_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None


@dataclass(frozen=True, slots=True)
class BehalfChange:
    metric: str
    label: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class BehalfLine:
    """Figures an office entered for a court; `pk` is what an objection names."""

    pk: int
    by: str
    by_pk: int
    at: datetime
    reason: str
    changes: tuple[BehalfChange, ...]
    objection: str
    objected_by: str
    objected_at: datetime | None
    settlement: str
    settled_by: str
    settled_at: datetime | None
    verified_at: datetime | None

    @property
    def is_disputed(self) -> bool:
        return bool(self.objection) and self.settled_at is None


def notes_on(row: MonthlyReturn | None, rulebook: Rulebook) -> tuple[NoteLine, ...]:
    """Every comment and remark on a return, in order. One query."""
    if row is None:
        return ()
    return tuple(_note(note, rulebook) for note in row.comments.select_related("author"))


def current_remarks(
    rows: Iterable[MonthlyReturn], rulebook: Rulebook
) -> Mapping[int, tuple[NoteLine, ...]]:
    """What the office objects to in the returns it sent back, by the key of the return."""
    keys = [row.pk for row in rows if row.state == MonthlyReturn.State.RETURNED]
    if not keys:
        return {}
    found: dict[int, list[NoteLine]] = {}
    remarks = CellComment.objects.filter(
        kind=CellComment.Kind.REMARK, submission__in=_last_submissions(keys)
    )
    for remark in remarks.select_related("author"):
        found.setdefault(remark.monthly_return_id, []).append(_note(remark, rulebook))
    return {key: tuple(lines) for key, lines in found.items()}


def follow_ups_on(row: MonthlyReturn | None, rulebook: Rulebook) -> tuple[FollowUpLine, ...]:
    """Every follow-up on a return, open or resolved. One query."""
    if row is None:
        return ()
    found = row.follow_ups.select_related("opened_by", "resolved_by")
    return tuple(_follow_up(follow_up, rulebook) for follow_up in found)


def entries_on(row: MonthlyReturn | None, rulebook: Rulebook) -> tuple[BehalfLine, ...]:
    """What an office entered in a return for its court. One query."""
    if row is None:
        return ()
    found = row.entries_on_behalf.select_related("by", "objected_by", "settled_by")
    return tuple(_entry(entry, rulebook) for entry in found)


def _last_submissions(keys: Iterable[int]) -> QuerySet:
    """The last submission of each return."""
    of_returns = Submission.objects.filter(monthly_return__in=keys).order_by()
    return of_returns.values("monthly_return").annotate(last=Max("pk")).values("last")


def _label(rulebook: Rulebook, metric: str) -> str:
    return metric_name(rulebook, metric) if metric in rulebook.metrics else metric


def _note(note: CellComment, rulebook: Rulebook) -> NoteLine:
    return NoteLine(
        metric=note.metric,
        label=_label(rulebook, note.metric),
        kind=note.kind,
        author=str(note.author),
        at=note.at,
        text=note.text,
    )


def _follow_up(follow_up: FollowUp, rulebook: Rulebook) -> FollowUpLine:
    return FollowUpLine(
        metric=follow_up.metric,
        label=_label(rulebook, follow_up.metric),
        note=follow_up.note,
        opened_by=str(follow_up.opened_by),
        opened_at=follow_up.opened_at,
        resolution=follow_up.resolution,
        resolved_by=str(follow_up.resolved_by or ""),
        resolved_at=follow_up.resolved_at,
    )


def _entry(entry: EntryOnBehalf, rulebook: Rulebook) -> BehalfLine:
    return BehalfLine(
        pk=entry.pk,
        by=str(entry.by),
        by_pk=entry.by_id,
        at=entry.at,
        reason=entry.reason,
        changes=tuple(
            BehalfChange(metric, _label(rulebook, metric), before, after)
            for metric, (before, after) in entry.changes.items()
        ),
        objection=entry.objection,
        objected_by=str(entry.objected_by or ""),
        objected_at=entry.objected_at,
        settlement=entry.settlement,
        settled_by=str(entry.settled_by or ""),
        settled_at=entry.settled_at,
        verified_at=entry.verified_at,
    )
