"""Owns which motions there are: those that wait, for whom, and what became of the others.

A constant number of queries, however many wait. Never decides who may confirm: permissions do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from courts.frame.choices import Choice
from courts.frame.remembered import remembered_rows
from courts.models import CaseAttachment, Motion, QualityYear
from courts.permissions import (
    OBJECTED_KINDS,
    Account,
    may_object_to_motion,
    may_second,
    may_view_motion,
    may_withdraw_motion,
    seconds_kind,
)
from courts.wording.explanations import sides_label
from courts.years.selectors.years import rulebook_of

LATEST = 100


class NoMotionError(LookupError):
    """The year has no such motion, or it is not for the account."""


@dataclass(frozen=True, slots=True)
class MotionRow:
    """One motion as a list names it; `why_not` says why this account may not confirm it, if so."""

    pk: int
    kind: str
    kind_label: str
    side_label: str
    state: str
    state_label: str
    reason: str
    what: str
    moved_by: str
    moved_at: datetime
    decided_by: str
    decided_at: datetime | None
    note: str
    objection: str
    objected_by: str
    objected_at: datetime | None
    may_second: bool
    may_withdraw: bool
    may_object: bool
    why_not: str

    @property
    def is_waiting(self) -> bool:
        return self.state == Motion.State.WAITING


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file that goes with a motion; `size` in bytes."""

    pk: int
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class MotionsPage:
    """What waits for the account, what waits for others, and what was decided, the last first."""

    own: tuple[MotionRow, ...]
    others: tuple[MotionRow, ...]
    decided: tuple[MotionRow, ...]
    kinds: tuple[Choice, ...]


def motions_page(user: Account, year: QualityYear, kind: str = "") -> MotionsPage:
    """The motions of a year. Two queries."""
    found = with_people(Motion.objects.filter(quality_year=year))
    if kind:
        found = found.filter(kind=kind)
    rows = [_row(user, motion) for motion in found.filter(state=Motion.State.WAITING)]
    decided = found.exclude(state=Motion.State.WAITING).order_by("-decided_at", "-pk")[:LATEST]
    return MotionsPage(
        own=tuple(row for row in rows if row.may_second),
        others=tuple(row for row in rows if not row.may_second),
        decided=tuple(_row(user, motion) for motion in decided),
        kinds=tuple(
            Choice(value, str(label), value == kind) for value, label in Motion.Kind.choices
        ),
    )


def find_motion(user: Account, year: QualityYear, pk: int) -> Motion:
    """One motion; `NoMotionError` when the year has none such or it is not for the account."""
    motion = with_people(Motion.objects.filter(quality_year=year, pk=pk)).first()
    if motion is None or not may_view_motion(user, motion):
        raise NoMotionError(_("没有这件事项。请从列表里重新打开。"))
    return motion


def files_of(motion: Motion) -> tuple[FileRow, ...]:
    """What was attached to the motion. One query."""
    rows = motion.files.order_by("pk").values_list("pk", "name", "size")
    return tuple(FileRow(*row) for row in rows)


def find_motion_file(
    user: Account, year: QualityYear, pk: int, file: int
) -> tuple[str, CaseAttachment.Kind, bytes]:
    """Name, kind and bytes of a file that goes with a motion; `NoMotionError`."""
    row = find_motion(user, year, pk).files.filter(pk=file).first()
    if row is None:
        raise NoMotionError(_("这件事项没有这个附件。请从列表里重新打开。"))
    return row.name, CaseAttachment.Kind(row.kind), bytes(row.content)


def motion_row(user: Account, motion: Motion) -> MotionRow:
    """The motion as its page shows it."""
    return _row(user, motion)


def waiting_for_court(user: Account, year: QualityYear) -> tuple[MotionRow, ...]:
    """Figures and points of the account's own court that wait to be brought in. One query."""
    waiting = Motion.objects.filter(
        quality_year=year.pk, state=Motion.State.WAITING, kind__in=OBJECTED_KINDS
    )
    found = remembered_rows(("motions to object to", year.pk), lambda: with_people(waiting))
    return tuple(_row(user, motion) for motion in found if may_object_to_motion(user, motion))


def with_people(motions: QuerySet[Motion]) -> QuerySet[Motion]:
    """The motions with who acted, without the files, which no list shows."""
    return motions.select_related(
        "quality_year__court", "moved_by", "decided_by", "objected_by"
    ).defer("content")


def _sides(motion: Motion) -> str:
    if not motion.side:
        return ""
    rulebook = rulebook_of(motion.quality_year)
    return sides_label(rulebook, motion.sides)


def _row(user: Account, motion: Motion) -> MotionRow:
    is_waiting = motion.state == Motion.State.WAITING
    second = is_waiting and may_second(user, motion)
    why_not = ""
    if is_waiting and not second:
        why_not = (
            _("由您本人提出，须由另一人确认。")
            if seconds_kind(user, motion)
            else _("由负责这类事项的部门确认。")
        )
    return MotionRow(
        pk=motion.pk,
        kind=motion.kind,
        kind_label=motion.get_kind_display(),
        side_label=_sides(motion),
        state=motion.state,
        state_label=motion.get_state_display(),
        reason=motion.reason,
        what=motion.data.get("file", ""),
        moved_by=str(motion.moved_by),
        moved_at=motion.moved_at,
        decided_by=str(motion.decided_by or ""),
        decided_at=motion.decided_at,
        note=motion.note,
        objection=motion.objection,
        objected_by=str(motion.objected_by or ""),
        objected_at=motion.objected_at,
        may_second=second,
        may_withdraw=is_waiting and may_withdraw_motion(user, motion),
        may_object=is_waiting and not motion.objection and may_object_to_motion(user, motion),
        why_not=why_not,
    )
