"""Owns what takes two people: one moves a change of what points come from, another confirms it.

The one place that asks whether the second is another person of the right office; the database asks
again. Every motion is tried out when it is made and whenever it is looked at, so that what cannot
be written is told at once and its effect is computed by the very services that would write it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.frame import events
from courts.frame.listing import labelled
from courts.frame.refusals import ReturnError, RuleError, StaleError, StateError
from courts.frame.texts import stated
from courts.models import Motion, MotionFile, QualityYear, User
from courts.models.sides import joined
from courts.motions.kinds import KINDS, MotionLine, seen_of
from courts.motions.selectors.effects import MonthEffect, month_boards, month_effects
from courts.permissions import (
    Account,
    may_move,
    may_object_to_motion,
    may_second,
    may_view_motions,
    may_withdraw_motion,
    seconds_kind,
)
from courts.years.late_acts import all_open, propose_instead
from courts.years.late_inputs import LateKind
from courts.years.month_locks import hold_alone
from courts.years.selectors.years import sides_of

State = Motion.State
# Lines of what a motion wrote, or would have written, that are kept to be read later.
MOST_KEPT = 500


@dataclass(frozen=True, slots=True)
class MotionTrial:
    """What a waiting motion would write and do. `refusal` says why it cannot be carried out."""

    lines: tuple[MotionLine, ...]
    effects: tuple[MonthEffect, ...]
    refusal: str

    @property
    def digest(self) -> str:
        """What a person who confirms has seen of it."""
        return seen_of(self.lines)


@transaction.atomic
def move(
    *,
    user: User,
    year: QualityYear,
    kind: str,
    data: Mapping[str, Any],
    sides: frozenset[str] = frozenset(),
    reason: str = "",
    content: bytes | None = None,
    files: Sequence[MotionFile] = (),
) -> Motion:
    """Store a proposed change; nothing else changes until a second person confirms it.

    `files` are rows that were not saved yet, kept with the motion for those who may see it.
    `PermissionDenied` for whoever may not propose it; `ReturnError` or `RuleError` for what
    could not be carried out as things are.
    """
    if not may_move(user, year, kind, sides):
        raise PermissionDenied(_("只有负责这类事项的管理部门可以提出。"))
    side = joined([one for one in sides_of(year) if one in sides])
    motion = Motion(
        quality_year=year,
        kind=kind,
        side=side,
        reason=reason.strip(),
        data=dict(data),
        content=content,
        moved_by=user,
        moved_at=database_clock.now(),
    )
    try:
        motion.full_clean()
    except ValidationError as error:
        raise ReturnError(" ".join(error.messages)) from error
    motion.save()
    for file in files:
        file.motion = motion
        _attach(file)
    # Read again, so that what is tried is what is stored.
    motion = _fresh(motion.pk)
    with transaction.atomic(), all_open(year):
        # What would change closed months is confirmed as a restatement.
        KINDS[kind].carry_out(motion, None)
        transaction.set_rollback(True)
    _record("move_motion", motion, user, motion.reason)
    return motion


def _attach(file: MotionFile) -> None:
    try:
        file.full_clean()
    except ValidationError as error:
        raise ReturnError(labelled(file.name, "".join(error.messages))) from error
    file.save()


class _NotWrittenError(Exception):
    """Why a motion could not be carried out."""


def confirm(*, user: User, motion: Motion, seen: str, note: str = "") -> None:
    """Carry a motion out as the second person; `seen` is the digest of what was shown of it.

    `ProposedInstead` where only closed months stand against it: a restatement is proposed.
    Raises `ReturnError`.
    """
    try:
        _confirm(user, motion, seen, note)
    except _NotWrittenError as error:
        refused = error.args[0]
        if not _is_only_closed(motion):
            if isinstance(refused, ReturnError):
                raise refused from error
            raise ReturnError(str(refused)) from refused
        propose_instead(
            year=motion.quality_year,
            kind=LateKind.MOTION,
            closed=getattr(refused, "closed", ()),
            source=f"motion/{motion.pk}",
            reason=motion.reason or str(motion.get_kind_display()),
            by=motion.moved_by,
            data={"motion": motion.pk},
        )


@transaction.atomic
def _confirm(user: User, motion: Motion, seen: str, note: str) -> None:
    held = _held(user, motion)
    if held.objection and not note.strip():
        raise ReturnError(_("法院提出过异议：确认时须写明对异议的处理结果。"))
    lines = KINDS[held.kind].lines(held)
    if seen_of(lines) != seen:
        raise StaleError(_("您打开之后，要改的内容又有变动；请查看最新内容后再确认。"))
    try:
        KINDS[held.kind].carry_out(held, user)
    except (ReturnError, RuleError, PermissionDenied) as error:
        # Also of who moved it, or of what the second did before: not that the page is forbidden.
        raise _NotWrittenError(error) from error
    _decide(held, lines, State.CONFIRMED, user, note.strip())
    _record("confirm_motion", held, user, held.note)


@transaction.atomic
def refuse(*, user: User, motion: Motion, note: str) -> None:
    """Refuse a motion as the second person, with the reason."""
    held = _held(user, motion)
    lines = KINDS[held.kind].lines(held)
    _decide(held, lines, State.REFUSED, user, stated(note, _("请写明不同意的原因。")))
    _record("refuse_motion", held, user, held.note)


@transaction.atomic
def withdraw(*, user: User, motion: Motion) -> None:
    """Take one's own motion back.

    Raises `PermissionDenied`.
    """
    held = _waiting(motion)
    if not may_withdraw_motion(user, held):
        raise PermissionDenied(_("只有提出人可以撤回。"))
    lines = KINDS[held.kind].lines(held)
    _decide(held, lines, State.WITHDRAWN, user, "")
    _record("withdraw_motion", held, user, "")


@transaction.atomic
def object_to(*, user: User, motion: Motion, objection: str) -> None:
    """Object, as a court, to its figures or points that a motion brings in.

    Raises `PermissionDenied` and `StateError`.
    """
    held = _waiting(motion)
    if not may_object_to_motion(user, held):
        raise PermissionDenied(_("只有有关法院该类报表的填报岗可以提出异议。"))
    if held.objection:
        raise StateError(_("已经提出过异议。"))
    held.objection = stated(objection, _("请写明异议。"))
    held.objected_by, held.objected_at = user, database_clock.now()
    held.full_clean()
    held.save()
    _record("object_to_motion", held, user, held.objection)


def trial(motion: Motion) -> MotionTrial:
    """What carrying a waiting motion out would write, and what it would do to points and ranks.

    It is carried out and rolled back: the effect is that of the services themselves.
    """
    refusal = ""
    effects: tuple[MonthEffect, ...] = ()
    with transaction.atomic():
        fresh = _fresh(motion.pk)
        kind = KINDS[fresh.kind]
        lines = kind.lines(fresh)
        before = month_boards(fresh.quality_year, kind.months(fresh))
        try:
            with all_open(fresh.quality_year):
                kind.carry_out(fresh, None)
        except (ReturnError, RuleError) as error:
            refusal = error.message
        except PermissionDenied as error:
            refusal = str(error)
        else:
            # Another object of the year: what is kept on this one is from before.
            after = month_boards(_fresh(motion.pk).quality_year, kind.months(fresh))
            effects = month_effects(before, after)
        transaction.set_rollback(True)
    return MotionTrial(lines, effects, refusal)


def shown_lines(user: Account, motion: Motion, tried: MotionTrial | None) -> tuple[MotionLine, ...]:
    """The lines for an account: all of them for the offices, a court's own for its desks.

    Of a motion that was decided, as they were when it was.
    """
    if tried is None:
        lines = tuple(
            MotionLine(tuple(what), old, new, court)
            for what, old, new, court in motion.data.get("lines", ())
        )
    else:
        lines = tried.lines
    if may_view_motions(user, motion.quality_year):
        return lines
    court = getattr(getattr(user, "court", None), "code", None)
    return tuple(line for line in lines if line.court == court)


def _is_only_closed(motion: Motion) -> bool:
    """Whether the motion could be carried out if no month were closed."""
    with transaction.atomic():
        fresh = _fresh(motion.pk)
        try:
            with all_open(fresh.quality_year):
                KINDS[fresh.kind].carry_out(fresh, None)
        except (ReturnError, RuleError, PermissionDenied):
            return False
        finally:
            transaction.set_rollback(True)
    return True


def _fresh(pk: int) -> Motion:
    """The motion with all it names, none of it kept from before."""
    motions = Motion.objects.select_related(
        "quality_year__court", "quality_year__edition", "moved_by__court__parent"
    )
    return motions.get(pk=pk)


def _waiting(motion: Motion) -> Motion:
    """The motion, held until the transaction ends, if it is not decided yet.

    The year is held first, as imports hold it: two who write never wait for each other in a circle.
    """
    hold_alone(motion.quality_year)
    list(Motion.objects.select_for_update(of=("self",)).order_by().filter(pk=motion.pk))
    held = _fresh(motion.pk)
    if held.state != State.WAITING:
        text = _("这件事项%(state)s，不能再办理。")
        raise StateError(text % {"state": held.get_state_display()})
    return held


def _held(user: User, motion: Motion) -> Motion:
    """A waiting motion, held, for its second person."""
    held = _waiting(motion)
    if not seconds_kind(user, held):
        raise PermissionDenied(_("只有负责这类事项的管理部门可以确认。"))
    if not may_second(user, held):
        raise PermissionDenied(_("这件事项由您本人提出，须由另一人确认。"))
    return held


def _decide(held: Motion, lines: tuple[MotionLine, ...], state: str, user: User, note: str) -> None:
    held.state, held.note = state, note
    kept = [[line.what, line.old, line.new, line.court] for line in lines[:MOST_KEPT]]
    held.data = {**held.data, "lines": kept}
    held.decided_by, held.decided_at = user, database_clock.now()
    # What was written is kept where it was written; of what was not, its hash.
    held.content = None
    held.full_clean()
    held.save()


def _record(action: str, motion: Motion, user: User, reason: str) -> None:
    events.record(
        action=action,
        year=motion.quality_year,
        actor=user,
        reason=reason,
        data={
            "motion": motion.pk,
            "kind": motion.kind,
            "side": motion.side,
            "moved_by": motion.moved_by.username,
            **{name: value for name, value in motion.data.items() if name != "lines"},
        },
    )
