"""Owns saying whether a return may be entered now, and if not why and until when; locks nothing.

Terms: the *deadline* is a day of the following month, and ends with that day where the courts are;
a *window* is open or carries the lock. What the office sent back stays open, whatever the deadline.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from courts import database_clock
from courts.frame.remembered import remembered_rows
from courts.models import (
    CellComment,
    MonthlyReturn,
    QualityYear,
    Reopening,
    Submission,
    UnlockRequest,
)
from courts.permissions import office_label
from courts.wording.moments import day_and_hour
from courts.years.closed_months import closed_by, closed_sentence
from courts.years.selectors.slots import Slot
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR

State = MonthlyReturn.State


class LockKind(StrEnum):
    """What a return is locked by."""

    NOT_BEGUN = "not_begun"
    CLOSED = "closed"
    STATE = "state"
    DEADLINE = "deadline"
    REOPENING = "reopening"


@dataclass(frozen=True, slots=True)
class UnlockLine:
    """A request to unlock, and what became of it."""

    reason: str
    requested_by: str
    requested_at: datetime
    state: str
    state_label: str
    note: str
    decided_by: str
    decided_at: datetime | None
    open_until: datetime | None

    @property
    def is_pending(self) -> bool:
        return self.state == UnlockRequest.State.PENDING


@dataclass(frozen=True, slots=True)
class Lock:
    """Why a return cannot be entered, and whether its desk may ask for it to be opened.

    `may_take_back` says whether the desk may take back what it handed in; `taken_back_locked`
    whether the return would then be locked by its deadline.
    """

    kind: LockKind
    sentence: str
    since: datetime | None = None
    may_request: bool = False
    request: UnlockLine | None = None
    may_take_back: bool = False
    taken_back_locked: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """Open without a lock; `open_until` is when it closes by itself, None when it does not."""

    lock: Lock | None = None
    open_until: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.lock is None


@dataclass(frozen=True, slots=True)
class Openings:
    """What bears on the locks of some returns: open reopenings, unlock requests in their order, and
    what of those that wait was handed in last."""

    reopenings: Mapping[int, Reopening]
    requests: Mapping[int, list[UnlockRequest]]
    submissions: Mapping[int, Submission]

    def last_request(self, row: MonthlyReturn | None) -> UnlockLine | None:
        found = self.requests.get(row.pk, []) if row else []
        return unlock_line(found[-1]) if found else None


def month_after(month: Month) -> Month:
    """The next month, in the next year after December."""
    return Month(month.year + month.month // MONTHS_OF_YEAR, month.month % MONTHS_OF_YEAR + 1)


def first_moment(month: Month) -> datetime:
    """When a month begins where the courts are."""
    return start_of(date(month.year, month.month, 1))


def last_day_of(year: QualityYear, month: Month) -> date | None:
    """The last day on which the month is entered; None without a deadline."""
    if year.deadline_day is None:
        return None
    after = month_after(month)
    return date(after.year, after.month, year.deadline_day)


def deadline_of(year: QualityYear, month: Month) -> datetime | None:
    """The first moment after the last day; None without a deadline."""
    day = last_day_of(year, month)
    return None if day is None else start_of(day, days_later=1)


def start_of(day: date, *, days_later: int = 0) -> datetime:
    """When a day, or one some days later, begins where the courts are."""
    day += timedelta(days=days_later)
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())


def local_day(moment: datetime) -> date:
    """The day of a moment where the courts are."""
    return timezone.localdate(moment, timezone.get_default_timezone())


def clock(moment: datetime) -> str:
    """A moment in words, where the courts are."""
    return timezone.localtime(moment, timezone.get_default_timezone()).strftime("%Y-%m-%d %H:%M")


def openings_of(rows: Iterable[MonthlyReturn]) -> Openings:
    """What bears on the locks of these returns. Two queries, three when one of them waits."""
    rows = list(rows)
    keys = tuple(row.pk for row in rows)

    def reopened() -> QuerySet[Reopening]:
        found = Reopening.objects.filter(monthly_return__in=keys, outcome=Reopening.Outcome.OPEN)
        return found.order_by()

    def asked() -> QuerySet[UnlockRequest]:
        found = UnlockRequest.objects.filter(monthly_return__in=keys)
        return found.select_related("requested_by", "decided_by")

    reopenings = remembered_rows(("reopenings", keys), reopened)
    requests: dict[int, list[UnlockRequest]] = {}
    for request in remembered_rows(("requests", keys), asked):
        requests.setdefault(request.monthly_return_id, []).append(request)
    waiting = tuple(row.pk for row in rows if row.state == State.SUBMITTED)
    return Openings(
        {r.monthly_return_id: r for r in reopenings}, requests, _submissions_of(waiting)
    )


def _submissions_of(waiting: tuple[int, ...]) -> Mapping[int, Submission]:
    """What was handed in last of returns that wait, and whether it had been sent back before."""

    def write() -> QuerySet[Submission]:
        remarks = CellComment.objects.filter(
            kind=CellComment.Kind.REMARK, monthly_return=OuterRef("monthly_return")
        )
        found = Submission.objects.standing().filter(monthly_return__in=waiting)
        found = found.annotate(was_sent_back=Exists(remarks)).select_related("begun_by")
        return found.order_by("number")

    found = remembered_rows(("waiting submissions", waiting), write)
    return {sent.monthly_return_id: sent for sent in found}


def window_of(slot: Slot, row: MonthlyReturn | None, now: datetime | None = None) -> Window:
    """Whether the desk may enter the return now. Three queries at most, none without a row; two
    more, once for an object of the year, for what is closed."""
    openings = openings_of([row]) if row else Openings({}, {}, {})
    return window(slot, row, openings, now or database_clock.now())


def window(slot: Slot, row: MonthlyReturn | None, openings: Openings, now: datetime) -> Window:
    """Whether the desk may enter the return, all that bears on it given."""
    begins = first_moment(slot.month)
    if now < begins:
        text = _("%(month)s尚未开始，自 %(day)s 起填报。")
        values = {"month": slot.month, "day": local_day(begins).isoformat()}
        return Window(Lock(LockKind.NOT_BEGUN, text % values))
    closed = tuple(closed_by(slot.year, [(slot.month.year, slot.month.month, slot.side.value)]))
    if closed:
        return Window(Lock(LockKind.CLOSED, closed_sentence(closed)))
    request = openings.last_request(row)
    if row is not None and row.state == State.SUBMITTED:
        return Window(_waiting_lock(slot, row, openings, now))
    if row is not None and row.state not in (State.ENTERING, State.RETURNED):
        return Window(_state_lock(slot, row, request))
    if row is not None and row.state == State.RETURNED:
        return Window()
    if row is not None and row.verified_figures is not None:
        return _reopened(openings.reopenings.get(row.pk), now)
    deadline = deadline_of(slot.year, slot.month)
    if deadline is None or now < deadline:
        return Window(open_until=deadline)
    granted = _granted_until(row, openings, now)
    if granted is not None:
        return Window(open_until=granted)
    return Window(_deadline_lock(slot, deadline, request))


def _granted_until(row: MonthlyReturn | None, openings: Openings, now: datetime) -> datetime | None:
    """Until when the office opened a return after its deadline; None when it is not open so."""
    asked = openings.requests.get(row.pk, []) if row else []
    return max(
        (one.open_until for one in asked if one.open_until and one.open_until > now), default=None
    )


def expired_reopenings(now: datetime) -> Q:
    """Reopenings that are over and have not been dealt with."""
    return Q(outcome=Reopening.Outcome.OPEN, expires_at__lte=now)


def _reopened(reopening: Reopening | None, now: datetime) -> Window:
    if reopening is not None and now < reopening.expires_at:
        return Window(open_until=reopening.expires_at)
    since = reopening.expires_at if reopening else None
    text = _("重新打开的期限已于 %(at)s 届满，以原已核实的数据为准。")
    at = clock(since) if since else ""
    return Window(Lock(LockKind.REOPENING, text % {"at": at}, since=since))


def _waiting_lock(slot: Slot, row: MonthlyReturn, openings: Openings, now: datetime) -> Lock:
    """The lock of a return that waits for its office."""
    sent = openings.submissions.get(row.pk)
    values = {
        "office": office_label(slot.rulebook, slot.side),
        "submitted": clock(row.submitted_at) if row.submitted_at else "",
    }
    if sent is not None and sent.begun_at is not None:
        values |= {"name": str(sent.begun_by), "begun": clock(sent.begun_at)}
        text = _(
            "已于 %(submitted)s 提交，%(office)s（%(name)s）已于 %(begun)s 开始核实；"
            "需要更改的，请其退回。"
        )
        return Lock(LockKind.STATE, text % values, since=row.submitted_at)
    if sent is None or sent.on_behalf:
        text = _("已于 %(submitted)s 提交，等待%(office)s核实；需要更改的，请其退回。")
        return Lock(LockKind.STATE, text % values, since=row.submitted_at)
    text = _("已于 %(submitted)s 提交，等待%(office)s核实；开始核实之前，本院可以收回更改。")
    deadline = deadline_of(slot.year, slot.month)
    is_draft = row.verified_figures is None and not getattr(sent, "was_sent_back", False)
    is_over = deadline is not None and deadline <= now
    return Lock(
        LockKind.STATE,
        text % values,
        since=row.submitted_at,
        may_take_back=True,
        taken_back_locked=is_draft and is_over and _granted_until(row, openings, now) is None,
    )


def _state_lock(slot: Slot, row: MonthlyReturn, request: UnlockLine | None) -> Lock:
    values = {
        "office": office_label(slot.rulebook, slot.side),
        "verified": clock(row.verified_at) if row.verified_at else "",
    }
    if row.state == State.PUBLISHED:
        return Lock(LockKind.STATE, _("已随通报公布，不能再改。"), since=row.verified_at)
    pending = request if request and request.is_pending else None
    if pending:
        text = _("已于 %(verified)s 核实；重新打开的申请等待%(office)s处理。") % values
    else:
        text = _("已于 %(verified)s 核实；需要更改的，可说明原因，向%(office)s申请重新打开。")
        text %= values
    return Lock(
        LockKind.STATE,
        text,
        since=row.verified_at,
        may_request=pending is None,
        request=request,
    )


def _deadline_lock(slot: Slot, deadline: datetime, request: UnlockLine | None) -> Lock:
    values = {"until": day_and_hour(deadline), "office": office_label(slot.rulebook, slot.side)}
    pending = request is not None and request.is_pending
    if pending:
        text = _("应于%(until)s填报，已经截止；解锁申请等待%(office)s处理。")
    else:
        text = _("应于%(until)s填报，已经截止；需要补报的，可说明原因，向%(office)s申请解锁。")
    return Lock(
        LockKind.DEADLINE,
        text % values,
        since=deadline,
        may_request=not pending,
        request=request,
    )


def unlock_line(request: UnlockRequest) -> UnlockLine:
    """A request in words; its people come with it."""
    return UnlockLine(
        reason=request.reason,
        requested_by=str(request.requested_by),
        requested_at=request.requested_at,
        state=request.state,
        state_label=request.get_state_display(),
        note=request.note,
        decided_by=str(request.decided_by) if request.decided_by else "",
        decided_at=request.decided_at,
        open_until=request.open_until,
    )
