"""Owns what a desk does with its own return: saving cells as they are typed, handing it in, taking
it back until its office has begun the review.

Handing in is not stopped by the deadline: what was entered in time may come late, and counts as
late. It is stopped by errors, by a warning or a blank nobody gave a reason for, and by a remark of
the office that nobody replied to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from courts import database_clock
from courts.figures.selectors.findings import FindingKind, ReturnFinding, findings
from courts.figures.services.row_locks import (
    check_month_open,
    check_seen,
    locked_return,
    made_return,
    record,
    save_return,
)
from courts.frame.reasons import ENTERED, SUBMITTED, TAKEN_BACK
from courts.frame.refusals import Obstacle, ReturnError, StateError
from courts.frame.texts import longest_history_reason, stated
from courts.models import Figure, MonthlyReturn, Reopening, Submission, User
from courts.models.reviews import LONGEST_REASON
from courts.permissions import may_enter, may_enter_on_behalf
from courts.returns.services.replies import given_replies, keep_replies
from courts.returns.services.writing import (
    CellEntry,
    CellResult,
    CellStatus,
    has_values,
    lock_cells,
    write_cells,
)
from courts.years.selectors.entry_windows import LockKind, clock, window_of
from courts.years.selectors.slots import Slot
from scoring.periods import due_metrics
from scoring.schema import Severity

__all__ = [
    "CellEntry",
    "CellResult",
    "CellStatus",
    "save_cell",
    "save_cells",
    "submit",
    "take_back",
]

State = MonthlyReturn.State
LONGEST_BLANK_REASON = 200


def save_cell(
    *, user: User, slot: Slot, metric: str, value: int | str | None, seen_version: int
) -> CellResult:
    """Save one cell as typed."""
    (result,) = save_cells(user=user, slot=slot, cells=[CellEntry(metric, value, seen_version)])
    return result


@transaction.atomic
def save_cells(
    *, user: User, slot: Slot, cells: Sequence[CellEntry], reason: str = ""
) -> tuple[CellResult, ...]:
    """Save cells in one go, such as a pasted block: what is wrong with one keeps back no other.

    `reason` is what the history says of them, by default that they were entered.
    Raises `PermissionDenied`.
    """
    if not may_enter(user, slot.court, slot.side):
        raise PermissionDenied(_("只有本院该类报表的填报岗可以填报。"))
    now = database_clock.now()
    row = locked_return(slot=slot, now=now)
    window = window_of(slot, row, now)
    if row is None and window.is_open and has_values(cells):
        row = made_return(slot=slot, now=now, user=user)
        window = window_of(slot, row, now)
    if window.lock is not None:
        return lock_cells(row=row, cells=cells, sentence=window.lock.sentence)
    reason = (reason or ENTERED)[: longest_history_reason()]
    written = write_cells(slot=slot, row=row, user=user, cells=cells, reason=reason, now=now)
    if written.changes:
        record(action="save_figures", slot=slot, user=user, data={"figures": dict(written.changes)})
    return written.results


@transaction.atomic
def submit(
    *,
    user: User,
    slot: Slot,
    seen_version: int,
    reasons: Mapping[str, str] | None = None,
    blank_reasons: Mapping[str, str] | None = None,
    replies: Mapping[int, str] | None = None,
    on_behalf: str = "",
) -> Submission:
    """Hand a return in, with a reason for each warning (by its key) and each blank (by metric).

    `replies` answer the remarks (by their keys) with which the office sent the return back.
    `on_behalf` is the reason of an office that hands it in for the court; an office is not asked to
    reply to itself. Raises `StateError`.
    """
    on_behalf = _check_may_submit(user, slot, on_behalf)
    now = database_clock.now()
    row = made_return(slot=slot, now=now, user=user)
    window = window_of(slot, row, now)
    check_month_open(slot)
    if row.state not in (State.ENTERING, State.RETURNED):
        raise StateError(
            window.lock.sentence if window.lock else _("这张报表现在不能提交。请刷新页面后再试。")
        )
    if window.lock is not None and window.lock.kind is LockKind.NOT_BEGUN:
        raise StateError(window.lock.sentence)
    check_seen(row, seen_version)
    answers = given_replies(row, replies or {}, must_answer=not on_behalf)
    given = _given_reasons(findings(slot), reasons or {}, blank_reasons or {}, answers.missing)

    metrics = [one.code for one in due_metrics(slot.rulebook, slot.side, slot.month.month)]
    figures = {figure.metric: figure for figure in row.figures.all()}
    _store_blanks(row, figures, given, user)
    submission = Submission(
        monthly_return=row,
        number=row.submissions.count() + 1,
        by=user,
        at=now,
        figures={code: figures[code].value if code in figures else None for code in metrics},
        reasons=given,
        on_behalf=on_behalf,
    )
    submission.full_clean()
    submission.save()
    keep_replies(submission=submission, replies=answers.texts, user=user, now=now)
    for reopening in row.reopenings.filter(outcome=Reopening.Outcome.OPEN):
        reopening.outcome, reopening.ended_at = Reopening.Outcome.SUBMITTED, now
        reopening.full_clean()
        reopening.save()
    row.state, row.origin = State.SUBMITTED, MonthlyReturn.Origin.ENTRY
    row.submitted_by, row.submitted_at = user, now
    row.verified_by, row.verified_at = None, None
    save_return(row=row, user=user, reason=on_behalf or SUBMITTED)
    record(
        action="submit_return",
        slot=slot,
        user=user,
        reason=on_behalf,
        data={
            "number": submission.number,
            "reasons": given,
            "replies": {str(remark.pk): text for remark, text in answers.texts.items()},
        },
    )
    return submission


@transaction.atomic
def take_back(*, user: User, slot: Slot, seen_version: int) -> Submission:
    """Take back what the court handed in, before the office begins the review.

    The return is then as it was before: a draft with its deadline, one that the office sent back,
    or a reopened one. Raises `PermissionDenied` and `StateError`.
    """
    if not may_enter(user, slot.court, slot.side):
        raise PermissionDenied(_("只有本院该类报表的填报岗可以收回。"))
    now = database_clock.now()
    row = locked_return(slot=slot, now=now)
    check_month_open(slot)
    if row is None or row.state != State.SUBMITTED:
        text = _("这张报表%(state)s，没有可以收回的提交。")
        state = (row or MonthlyReturn()).get_state_display()
        raise StateError(text % {"state": state})
    submission = row.submissions.standing().select_related("begun_by").order_by("-number").first()
    if submission is None or submission.on_behalf:
        raise StateError(_("这次提交由管理部门代报，法院不能收回；可以在代报记录旁提出异议。"))
    if submission.begun_at is not None:
        text = _("%(name)s 已于 %(at)s 开始核实，不能收回；需要更改的，请其退回。")
        raise StateError(text % {"name": submission.begun_by, "at": clock(submission.begun_at)})
    check_seen(row, seen_version)
    submission.taken_back_by, submission.taken_back_at = user, now
    submission.full_clean()
    submission.save()
    _restore_before(row, submission, now)
    save_return(row=row, user=user, reason=TAKEN_BACK)
    record(action="take_back", slot=slot, user=user, data={"number": submission.number})
    return submission


def _restore_before(row: MonthlyReturn, submission: Submission, now: datetime) -> None:
    """Set a held return to what it was before the submission, as its history tells."""
    before = row.history.exclude(state=State.SUBMITTED).order_by("-history_id")
    found = before.first()
    row.state = State.RETURNED if found and found.state == State.RETURNED else State.ENTERING
    if row.state == State.ENTERING and row.verified_figures is not None:
        _reopen_again(row, submission, now)
    row.origin = found.origin if found else MonthlyReturn.Origin.ENTRY
    row.submitted_by_id = found.submitted_by_id if found else None
    row.submitted_at = found.submitted_at if found else None
    row.verified_by_id = found.verified_by_id if found else None
    row.verified_at = found.verified_at if found else None


def _reopen_again(row: MonthlyReturn, submission: Submission, now: datetime) -> None:
    """Continue the reopening that the submission ended; refused when its time is over."""
    ended = row.reopenings.filter(outcome=Reopening.Outcome.SUBMITTED, ended_at=submission.at)
    reopening = ended.order_by("-pk").first()
    if reopening is None or reopening.expires_at <= now:
        raise StateError(_("重新打开的期限已过，收回后不能再改；需要更改的，请管理部门退回。"))
    reopening.outcome, reopening.ended_at = Reopening.Outcome.OPEN, None
    reopening.full_clean()
    reopening.save()


def _check_may_submit(user: User, slot: Slot, on_behalf: str) -> str:
    """The reason of an office; empty for the desk itself."""
    if may_enter(user, slot.court, slot.side):
        return ""
    if not may_enter_on_behalf(user, slot.court, slot.side):
        raise PermissionDenied(_("只有本院该类报表的填报岗可以提交。"))
    return stated(on_behalf, _("代法院提交须说明原因。"))


def _given_reasons(
    found: Iterable[ReturnFinding],
    reasons: Mapping[str, str],
    blank_reasons: Mapping[str, str],
    unanswered: Iterable[Obstacle],
) -> dict[str, str]:
    """The reasons by the key of what they are for; refused when one, or a reply, is missing."""
    found = list(found)
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    if errors:
        text = _("有%(count)s处错误，改正后才能提交。") % {"count": len(errors)}
        raise ReturnError(text, [Obstacle(f.key, f.sentence) for f in errors])
    given: dict[str, str] = {}
    missing: list[Obstacle] = []
    for finding in found:
        if finding.kind is FindingKind.BLANK:
            reason, longest = blank_reasons.get(finding.metrics[0], ""), LONGEST_BLANK_REASON
        else:
            reason, longest = reasons.get(finding.key, ""), LONGEST_REASON
        reason = reason.strip()
        if not reason:
            missing.append(Obstacle(finding.key, finding.sentence))
        elif len(reason) > longest:
            missing.append(Obstacle(finding.key, _("最多%(most)s字。请删减。") % {"most": longest}))
        else:
            given[finding.key] = reason
    unanswered = list(unanswered)
    if missing or unanswered:
        texts = []
        if missing:
            texts.append(_("还有%(count)s处提示没有说明原因。") % {"count": len(missing)})
        if unanswered:
            texts.append(_("还有%(count)s条退回意见没有答复。") % {"count": len(unanswered)})
        raise ReturnError(" ".join(texts), [*missing, *unanswered])
    return given


def _store_blanks(
    row: MonthlyReturn,
    figures: Mapping[str, Figure],
    reasons: Mapping[str, str],
    user: User,
) -> None:
    """Keep the reason beside each cell that stays empty."""
    created: list[Figure] = []
    updated: list[Figure] = []
    for key, reason in reasons.items():
        kind, _colon, metric = key.partition(":")
        if kind != FindingKind.BLANK:
            continue
        figure = figures.get(metric)
        if figure is None:
            created.append(
                Figure(monthly_return=row, metric=metric, value=None, blank_reason=reason)
            )
        elif figure.blank_reason != reason:
            figure.blank_reason = reason
            figure.version += 1
            updated.append(figure)
    history = {
        "default_user": user,
        "default_change_reason": SUBMITTED[: longest_history_reason()],
    }
    if created:
        bulk_create_with_history(created, Figure, **history)
    if updated:
        bulk_update_with_history(updated, Figure, ["blank_reason", "version"], **history)
