"""Owns what the office does with a return: begin its review, verify it, send it back, reopen it.

Once the review is begun the court cannot take the return back; whoever began it keeps no colleague
from going on. Verifying and sending back begin the review where nobody has.

Nobody decides on what they handed in themselves, nor verifies what they entered for a court.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.figures.selectors.findings import findings
from courts.figures.services.row_locks import (
    check_month_open,
    check_seen,
    locked_return,
    record,
    save_return,
)
from courts.frame.reasons import HANDED_IN_LATE, SENT_BACK, VERIFIED
from courts.frame.refusals import Obstacle, ReturnError, StateError
from courts.frame.texts import stated
from courts.models import CellComment, MonthlyReturn, Reopening, Submission, User
from courts.models.reviews import LONGEST_TEXT
from courts.permissions import is_another, may_review, may_verify
from courts.years.late_acts import propose_instead
from courts.years.late_inputs import LateKind
from courts.years.month_locks import MonthClosedError
from courts.years.selectors.entry_windows import clock
from courts.years.selectors.slots import Slot
from courts.years.voiding import real_input

State = MonthlyReturn.State


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What became of one return among several: verified, or why not."""

    slot: Slot
    verified: bool
    message: str = ""


@transaction.atomic
def begin(*, user: User, slot: Slot, seen_version: int) -> None:
    """Begin the review of a submitted return, so that its court does not take it back meanwhile.

    Raises `StateError`.
    """
    now = database_clock.now()
    row = _held(user, slot, State.SUBMITTED, now)
    submission = _submission(row)
    if submission is not None and submission.begun_at is not None:
        text = _("%(name)s 已于 %(at)s 开始核实，您可以接着办理。")
        raise StateError(text % {"name": submission.begun_by, "at": clock(submission.begun_at)})
    check_seen(row, seen_version)
    _note_begun(submission, user, now)
    data = {"number": submission.number if submission else 0}
    record(action="begin_review", slot=slot, user=user, data=data)


def verify(*, user: User, slot: Slot, seen_version: int) -> None:
    """Verify a submitted return as it was seen: from now on it counts, and is locked.

    `ProposedInstead` in a closed month: that it counts after all is proposed as a restatement.
    """
    try:
        with transaction.atomic():
            _verify(user, slot, seen_version, only_clean=False)
    except MonthClosedError as error:
        row = slot.row()
        propose_instead(
            year=slot.year,
            kind=LateKind.RETURN,
            closed=error.closed,
            source=f"return/{row.pk if row else 0}",
            reason=HANDED_IN_LATE % {"court": slot.court},
            by=user,
            data={
                "court": slot.court.code,
                "month": str(slot.month),
                "side": slot.side.value,
                "version": seen_version,
            },
        )


def verify_many(*, user: User, slots: Sequence[tuple[Slot, int]]) -> tuple[VerifyResult, ...]:
    """Verify those that nothing speaks against, each with the version seen, each by itself."""
    results = []
    for slot, seen_version in slots:
        try:
            with transaction.atomic():
                _verify(user, slot, seen_version, only_clean=True)
        except (ReturnError, PermissionDenied) as error:
            results.append(VerifyResult(slot, verified=False, message=str(error)))
        else:
            results.append(VerifyResult(slot, verified=True))
    return tuple(results)


@transaction.atomic
def send_back(
    *,
    user: User,
    slot: Slot,
    seen_version: int,
    remarks: Mapping[str, str],
    note: str = "",
) -> None:
    """Send a submitted return back, with remarks by metric, a note on the whole, or both.

    Raises `ReturnError`.
    """
    now = database_clock.now()
    row = _held(user, slot, State.SUBMITTED, now)
    check_seen(row, seen_version)
    known = {metric.code for metric in slot.rulebook.metrics_of(slot.side)}
    texts = {metric: text.strip() for metric, text in remarks.items() if text.strip()}
    for metric in texts:
        if metric not in known:
            raise ReturnError(_("这张报表没有指标“%(code)s”。请核对指标代码。") % {"code": metric})
    if note.strip():
        texts[""] = note.strip()
    if not texts:
        raise ReturnError(_("退回须写明意见。"))
    submission = _submission(row)
    _note_begun(submission, user, now)
    for metric, text in texts.items():
        remark = CellComment(
            monthly_return=row,
            metric=metric,
            submission=submission,
            author=user,
            at=now,
            kind=CellComment.Kind.REMARK,
            text=stated(text, "", LONGEST_TEXT),
        )
        remark.full_clean()
        remark.save()
    row.state = State.RETURNED
    save_return(row=row, user=user, reason=note or SENT_BACK)
    record(
        action="send_back",
        slot=slot,
        user=user,
        reason=note.strip()[:500],
        data={"metrics": sorted(filter(None, texts))},
    )


@transaction.atomic
def reopen(*, user: User, slot: Slot, reason: str, expires_at: datetime) -> None:
    """Open a verified return for changes until then; meanwhile it counts as it was verified."""
    reason = stated(reason, _("重新打开须说明原因。"))
    now = database_clock.now()
    row = _held(user, slot, State.VERIFIED, now)
    reopen_held(row=row, slot=slot, user=user, reason=reason, until=expires_at, now=now)


def reopen_held(
    *, row: MonthlyReturn, slot: Slot, user: User, reason: str, until: datetime, now: datetime
) -> None:
    """Open a return that the caller holds and may open.

    Raises `ReturnError`.
    """
    if until <= now:
        raise ReturnError(_("到期时间须晚于现在。"))
    figures = row.figures.filter(value__isnull=False).values_list("metric", "value")
    row.verified_figures = dict(figures)
    row.state = State.ENTERING
    reopening = Reopening(monthly_return=row, reason=reason, by=user, at=now, expires_at=until)
    reopening.full_clean()
    reopening.save()
    save_return(row=row, user=user, reason=reason)
    record(
        action="reopen_return", slot=slot, user=user, reason=reason, data={"until": clock(until)}
    )


def _verify(user: User, slot: Slot, seen_version: int, *, only_clean: bool) -> None:
    now = database_clock.now()
    row = _held(user, slot, State.SUBMITTED, now)
    entries = row.entries_on_behalf.all()
    if any(not is_another(entry.by_id, user) and entry.verified_at is None for entry in entries):
        raise PermissionDenied(_("您代法院填报过这张报表，须由他人核实。"))
    check_seen(row, seen_version)
    if any(entry.objection and entry.settled_at is None for entry in entries):
        raise ReturnError(_("法院对代报数据的异议尚未处理。请先处理异议。"))
    found = findings(slot)
    errors = [finding for finding in found if finding.is_error]
    if errors:
        text = _("有%(count)s处错误，不能核实，请退回。") % {"count": len(errors)}
        raise ReturnError(text, [Obstacle(f.key, f.sentence) for f in errors])
    if only_clean and found:
        text = _("有%(count)s处提示，须逐项查看后单独核实。") % {"count": len(found)}
        raise ReturnError(text, [Obstacle(f.key, f.sentence) for f in found])
    _note_begun(_submission(row), user, now)
    row.state, row.verified_figures = State.VERIFIED, None
    row.verified_by, row.verified_at = user, now
    if row.origin == MonthlyReturn.Origin.IMPORT:
        # Made-up figures counted until now; those brought in are real.
        row.is_demo = False
    save_return(row=row, user=user, reason=VERIFIED)
    entries.filter(verified_at__isnull=True).update(verified_at=now, verified_by=user)
    record(action="verify_return", slot=slot, user=user, data={"version": row.version})
    if not row.is_demo:
        real_input(slot.year, by=user)


def _submission(row: MonthlyReturn) -> Submission | None:
    """What of a held return is under review; None for one that never was handed in."""
    standing = row.submissions.standing().select_related("begun_by")
    return standing.order_by("-number").first()


def _note_begun(submission: Submission | None, user: User, now: datetime) -> None:
    """Note who began the review first, and when."""
    if submission is None or submission.begun_at is not None:
        return
    submission.begun_by, submission.begun_at = user, now
    submission.full_clean()
    submission.save()


def _held(user: User, slot: Slot, state: str, now: datetime) -> MonthlyReturn:
    """The return, held, in the state the act needs, for a person who may decide on it."""
    if not may_review(user, slot.court, slot.side):
        raise PermissionDenied(_("只有负责该类报表的管理部门可以办理。"))
    row = locked_return(slot=slot, now=now)
    check_month_open(slot)
    if row is None:
        raise StateError(_("法院还没有填报这张报表。请等法院填报，或者催报。"))
    if not may_verify(user, row):
        raise PermissionDenied(_("这张报表由您本人提交，须由他人办理。"))
    if row.state != state:
        text = _("这张报表%(state)s，不能这样办理。")
        raise StateError(text % {"state": row.get_state_display()})
    return row
