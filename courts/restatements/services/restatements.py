"""Owns restatements: what changes a closed month is proposed, approved by another, then written.

An approved one writes through the same services with the lock lifted, makes a new snapshot of each
month it changes, and where the month was published drafts a new issue that names the old. What it
does to the next year, whose baseline this one is, is proposed there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.bulletins.services.reissues import move_issues
from courts.closings.selectors.snapshots import stored
from courts.frame import events
from courts.frame.reasons import BASELINE_RESTATED, RESTATED
from courts.frame.refusals import ReturnError, RuleError, StaleError, StateError
from courts.frame.texts import stated
from courts.models import QualityYear, RestatedMonth, Restatement, Snapshot, User
from courts.models.restatements import LONGEST_REASON
from courts.permissions import (
    may_approve_restatement,
    may_propose_restatement,
    may_withdraw_restatement,
)
from courts.restatements.selectors.restatements import (
    MonthChange,
    effect_data,
    heads,
    live_contents,
    rebased,
    year_after,
)
from courts.restatements.services.acts import carry_out, sides_of_rows
from courts.snapshots.inputs import BALLOTS, Contents, InputLine, lines_between
from courts.years.closed_months import restating
from courts.years.closings import forget_closings
from courts.years.month_locks import hold_alone
from courts.years.voiding import void

State = Restatement.State
Kind = Restatement.Kind


@dataclass(frozen=True)
class RestatementTrial:
    """What an open restatement would do now; `refusal` says why it cannot be carried out."""

    months: tuple[MonthChange, ...]
    next_year: tuple[MonthChange, ...]
    refusal: str

    @property
    def digest(self) -> str:
        """What a person who approves has seen of it."""
        seen = [(change.snapshot.pk, change.lines) for change in (*self.months, *self.next_year)]
        return sha256(repr(seen).encode()).hexdigest()


@transaction.atomic
def propose(
    *,
    user: User | None,
    year: QualityYear,
    kind: str,
    sides: Sequence[str],
    data: Mapping[str, Any],
    reason: str,
    source: str = "",
    cause: Restatement | None = None,
) -> Restatement:
    """Propose that closed months be restated; nothing else changes until another approves.

    Who may is asked by the caller: an office proposes figures, but a decision or a tally that came
    late proposes itself. `ReturnError` when it could not be carried out or would change nothing.
    """
    reason = stated(reason[:LONGEST_REASON], _("更正须写明原因。"))
    hold_alone(year)
    row = Restatement(
        quality_year=year,
        kind=kind,
        sides=",".join(sides),
        data=dict(data),
        reason=reason,
        source=source,
        cause=cause,
        proposed_by=user,
        proposed_at=database_clock.now(),
    )
    try:
        row.full_clean()
        with transaction.atomic():
            row.save()
    except ValidationError as error:
        raise ReturnError(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise StaleError(_("刚刚有人作了同样的操作，请查看最新内容。")) from error
    tried = trial(row)
    if tried.refusal:
        raise ReturnError(tried.refusal)
    if not tried.months:
        raise ReturnError(_("已关账的月份不会因此改变，不需要更正。"))
    _note_months(row, tried.months)
    months = [str(change.month) for change in tried.months]
    _record("propose_restatement", row, user, reason, {"months": months})
    return row


def propose_figures(
    *, user: User, year: QualityYear, rows: Sequence[Mapping[str, Any]], reason: str
) -> Restatement:
    """Propose corrected figures of closed months; a row has court, month, metric and value.

    A month of the baseline year has to be corrected in its own quality year, where there is one.
    Raises `PermissionDenied` and `ReturnError`.
    """
    sides = sides_of_rows(year, rows)
    if not sides:
        raise ReturnError(_("请写明要更正的数据。"))
    if not may_propose_restatement(user, year, Kind.FIGURE, sides):
        raise PermissionDenied(_("只有负责该类数据的管理部门可以提出更正。"))
    return propose(
        user=user,
        year=year,
        kind=Kind.FIGURE,
        sides=sides,
        data={"rows": [dict(row) for row in rows]},
        reason=reason,
    )


def trial(restatement: Restatement) -> RestatementTrial:
    """What approving would write and do; it is carried out and rolled back."""
    with transaction.atomic():
        found = _changes(restatement, None)
        transaction.set_rollback(True)
    return found


@transaction.atomic
def approve(*, user: User, restatement: Restatement, seen: str, note: str = "") -> None:
    """Carry a restatement out as the second person; `seen` is the digest of what was shown.

    Raises `ReturnError` and `StaleError`.
    """
    held = _held(user, restatement)
    if trial(held).digest != seen:
        raise StaleError(_("您打开之后，情况又有变动；请查看最新内容后再批准。"))
    held.note = note.strip()[:LONGEST_REASON]
    found = _changes(held, user)
    if found.refusal:
        raise ReturnError(found.refusal)
    if not found.months:
        raise StaleError(_("已关账的月份不会因此改变，不需要更正。"))
    held.state, held.decided_by, held.decided_at = State.APPROVED, user, database_clock.now()
    held.full_clean()
    held.save()
    _note_months(held, found.months)
    for change in found.months:
        _restate(held, change, user)
    _record("approve_restatement", held, user, held.note, {"months": _hashes(held)})
    if found.next_year:
        _propose_next(held, found.next_year)


@transaction.atomic
def refuse(*, user: User, restatement: Restatement, note: str) -> None:
    """Refuse as the second person, with the reason; the closed months stay as they are."""
    held = _held(user, restatement)
    held.note = stated(note, _("请写明不同意的原因。"))
    _end(held, State.REFUSED, user)
    _record("refuse_restatement", held, user, held.note)


@transaction.atomic
def withdraw(*, user: User, restatement: Restatement) -> None:
    """Take one's own proposal back.

    Raises `PermissionDenied`.
    """
    held = _waiting(restatement)
    if not may_withdraw_restatement(user, held):
        raise PermissionDenied(_("只有提出人可以撤回。"))
    _end(held, State.WITHDRAWN, user)
    _record("withdraw_restatement", held, user, "")


# --- Inside -----------------------------------------------------------------------------------


def _changes(restatement: Restatement, approver: User | None) -> RestatementTrial:
    """Carry it out, and tell what becomes of the heads of this year and the next."""
    year = restatement.quality_year
    years = [one for one in (year, year_after(year)) if one is not None]
    of_years = [heads(one) for one in years]
    before = [_live(one, found) for one, found in zip(years, of_years, strict=True)]
    try:
        with _lifted(years):
            carry_out(restatement, approver)
    except (ReturnError, RuleError) as error:
        return RestatementTrial((), (), error.message)
    except PermissionDenied as error:
        return RestatementTrial((), (), str(error))
    if _are_gone(of_years[0]):
        text = _("按演示数据关账的月份没有锁定：真实数据请直接录入，不必更正。")
        return RestatementTrial((), (), text)
    after = [_live(one, found) for one, found in zip(years, of_years, strict=True)]
    changes: list[tuple[MonthChange, ...]] = []
    for found, old, new in zip(of_years, before, after, strict=True):
        changes.append(
            tuple(
                change
                for head in found
                if (change := _month_change(restatement, head, old[head.pk], new[head.pk]))
            )
        )
    return RestatementTrial(changes[0], changes[1] if len(changes) > 1 else (), "")


def _month_change(
    restatement: Restatement, head: Snapshot, before: Contents, after: Contents
) -> MonthChange | None:
    """The change of one head; None where nothing of it changes."""
    held = stored(head).contents
    lines: tuple[InputLine, ...]
    if restatement.kind in (Kind.TALLY, Kind.BASELINE):
        # It was written before it was proposed: what the head lacks of it is the change.
        lines = tuple(line for line in lines_between(held, after) if _concerns(restatement, line))
    else:
        lines = rebased(held, lines_between(before, after))
    return MonthChange(head, lines, restatement.reason) if lines else None


def _are_gone(found: Sequence[Snapshot]) -> bool:
    """Whether what was written withdrew months closed on made-up figures, because it is real."""
    keys = [head.pk for head in found if head.is_demo]
    return bool(keys) and Snapshot.objects.filter(pk__in=keys, voided_at__isnull=False).exists()


def _concerns(restatement: Restatement, line: InputLine) -> bool:
    if restatement.kind == Kind.TALLY:
        return line.path == BALLOTS and line.court in restatement.data["courts"]
    keys = {tuple(key) for key in restatement.data["lines"]}
    return (line.part, *line.path) in keys


def _live(year: QualityYear, found: Sequence[Snapshot]) -> Mapping[int, Contents]:
    """The live contents for the heads, by an object of the year that keeps nothing."""
    fresh = QualityYear.objects.select_related("court", "edition").get(pk=year.pk)
    return live_contents(fresh, found)


def _lifted(years: Sequence[QualityYear]) -> ExitStack:
    """The lock of all months of these years lifted, for what is written within."""
    stack = ExitStack()
    for year in years:
        stack.enter_context(restating(year, range(1, 13)))
    return stack


def _restate(held: Restatement, change: MonthChange, user: User) -> None:
    """Store the new snapshot of one month, and have its issues follow it."""
    old, now = change.snapshot, database_clock.now()
    waiting = old.restates_id is not None and old.published_at is None
    numbers = Snapshot.objects.filter(quality_year=old.quality_year_id, month=old.month)
    last = numbers.order_by("-number").values_list("number", flat=True).first() or 0
    new = Snapshot(
        quality_year_id=old.quality_year_id,
        month=old.month,
        sides=old.sides,
        number=last + 1,
        text=change.parts.text,
        sha256=change.parts.sha256,
        is_demo=old.is_demo,
        made_at=now,
        made_by=user,
        restates_id=old.restates_id if waiting else old.pk,
    )
    new.full_clean()
    new.save()
    row = held.months.get(old=old)
    row.new, row.effect = new, effect_data(change)
    row.full_clean()
    row.save()
    move_issues(old=old, new=new, user=user, reason=held.reason)
    if old.published_at is None:
        # Nobody outside has seen it: the new one takes its place at once.
        void([old], by=user, reason=RESTATED % {"reason": held.reason[:400]})
    forget_closings(held.quality_year)


def _propose_next(held: Restatement, changes: Sequence[MonthChange]) -> None:
    """Propose, in the year whose baseline changed, what it does to the closed months there."""
    year = changes[0].snapshot.quality_year
    lines = {(line.part, *line.path) for change in changes for line in change.lines}
    reason = BASELINE_RESTATED % {
        "year": held.quality_year.year,
        "number": held.pk,
        "reason": held.reason,
    }
    propose(
        user=held.proposed_by,
        year=year,
        kind=Kind.BASELINE,
        sides=held.side_codes,
        data={"lines": sorted(list(key) for key in lines)},
        reason=reason,
        source=f"restatement/{held.pk}",
        cause=held,
    )


def _note_months(row: Restatement, changes: Sequence[MonthChange]) -> None:
    """Keep which months a restatement changes, and the lines of each."""
    wanted = {change.snapshot.pk: change for change in changes}
    row.months.exclude(old__in=wanted).delete()
    for pk, change in wanted.items():
        lines = [line.as_json() for line in change.lines]
        found = row.months.filter(old=pk).first() or RestatedMonth(restatement=row, old_id=pk)
        found.month, found.lines = change.snapshot.month, lines
        found.effect = effect_data(change)
        found.full_clean()
        found.save()


def _hashes(held: Restatement) -> list[dict[str, Any]]:
    return [
        {"month": row.month, "old": row.old.sha256, "new": row.new.sha256 if row.new else ""}
        for row in held.months.select_related("old", "new")
    ]


def _waiting(restatement: Restatement) -> Restatement:
    """The restatement, held, if it is not decided yet; the years are held before it."""
    hold_alone(restatement.quality_year)
    rows = Restatement.objects.select_for_update(of=("self",)).order_by()
    rows.get(pk=restatement.pk)
    found = Restatement.objects.select_related(
        "quality_year__court", "quality_year__edition", "proposed_by__court__parent", "cause"
    )
    held = found.get(pk=restatement.pk)
    if held.state != State.PROPOSED:
        text = _("这项更正%(state)s，不能再办理。")
        raise StateError(text % {"state": held.get_state_display()})
    return held


def _held(user: User, restatement: Restatement) -> Restatement:
    held = _waiting(restatement)
    if not may_propose_restatement(user, held.quality_year, held.kind, held.side_codes):
        raise PermissionDenied(_("只有负责这类事项的管理部门可以批准更正。"))
    if not may_approve_restatement(user, held, held.side_codes):
        raise PermissionDenied(_("这项更正由您本人提出，须由另一人批准。"))
    return held


def give_up(row: Restatement, *, by: User | None, reason: str) -> None:
    """Close one that has nothing left to correct, for a reason; the proposer stands as its end.

    One that nobody proposed, given up by nobody, stays: somebody has to refuse it.
    """
    ends = row.proposed_by or by
    if ends is None:
        return
    row.note = reason[:LONGEST_REASON]
    _end(row, State.WITHDRAWN, ends)
    _record("withdraw_restatement", row, by, reason)


def _end(held: Restatement, state: str, user: User) -> None:
    held.state, held.decided_by, held.decided_at = state, user, database_clock.now()
    held.full_clean()
    held.save()


def _record(
    action: str,
    row: Restatement,
    user: User | None,
    reason: str,
    data: Mapping[str, Any] | None = None,
) -> None:
    events.record(
        action=action,
        year=row.quality_year,
        actor=user,
        reason=reason,
        data={"restatement": row.pk, "kind": row.kind, "source": row.source, **(data or {})},
    )
