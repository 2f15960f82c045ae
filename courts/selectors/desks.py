"""Owns what waits for an office today: returns, requests, objections, marks, overdue courts.

A constant number of queries, however many courts and months. Never decides who may act.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from courts.explanations import metric_name
from courts.models import (
    Court,
    EntryOnBehalf,
    Event,
    FollowUp,
    MonthlyReturn,
    QualityYear,
    UnlockRequest,
)
from courts.permissions import Account, review_sides
from courts.selectors.completeness import CompletenessCell, completeness
from courts.selectors.differences import DifferenceSearch, differences
from courts.selectors.editions import proposals_for
from courts.selectors.locks import UnlockLine, deadline_of, unlock_line
from courts.selectors.periods import month_name
from courts.selectors.reviews import pending_requests, queue
from courts.selectors.slots import Slot
from courts.selectors.special_cases import waiting_cases
from courts.selectors.years import rulebook_of
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR
from scoring.schema import Side

LATEST = 50


@dataclass(frozen=True, slots=True)
class Place:
    """A return as a list names it."""

    court: str
    court_name: str
    month: Month
    month_name: str
    side: str
    side_label: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """An objection to an entry on behalf that waits for the office."""

    place: Place
    objection: str
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenMark:
    """A follow-up nobody has resolved."""

    place: Place
    metric: str
    label: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for an account of an office. `waiting` counts returns, `clean` those of them that
    nothing speaks against."""

    waiting: int
    clean: int
    requests: int
    differences: int
    cases: int
    overdue_cases: int
    editions: int
    disputes: tuple[Dispute, ...]
    marks: tuple[OpenMark, ...]
    overdue: tuple[CompletenessCell, ...]
    has_deadline: bool
    is_demo: bool

    @property
    def is_empty(self) -> bool:
        return not (
            self.waiting
            or self.requests
            or self.differences
            or self.cases
            or self.editions
            or self.disputes
            or self.marks
            or self.overdue
        )


@dataclass(frozen=True, slots=True)
class Request:
    """A request to unlock, with the return it is about."""

    place: Place
    line: UnlockLine


@dataclass(frozen=True, slots=True)
class Requests:
    pending: tuple[Request, ...]
    decided: tuple[Request, ...]


@dataclass(frozen=True, slots=True)
class DeadlineChange:
    at: datetime
    by: str
    before: int | None
    after: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class DeadlinePage:
    """The deadline of a year: what it means now, and how it came about."""

    day: int | None
    months: tuple[tuple[str, datetime | None], ...]
    changes: tuple[DeadlineChange, ...]


def desk(user: Account, year: QualityYear, now: datetime) -> Desk:
    """What waits for the account's office in a year."""
    sides = review_sides(user)
    lines = queue(user, year)
    state = completeness(year, now)
    unsettled = differences(user, year, DifferenceSearch(state="unsettled"))
    overdue = tuple(cell for cell in state.to_remind if cell.side in sides)
    cases, overdue_cases = waiting_cases(user, year)
    return Desk(
        waiting=len(lines),
        clean=sum(line.is_clean for line in lines),
        requests=len(pending_requests(user, year)),
        differences=sum(line.may_settle for line in unsettled),
        cases=cases,
        overdue_cases=overdue_cases,
        editions=len(proposals_for(user)),
        disputes=_disputes(year, sides),
        marks=_marks(year, sides),
        overdue=overdue,
        has_deadline=state.has_deadline,
        is_demo=any(line.is_demo for line in lines) or any(cell.is_demo for cell in overdue),
    )


def unlock_requests(user: Account, year: QualityYear) -> Requests:
    """The requests in the account's care: those that wait, and the latest that were answered."""
    answered = (
        UnlockRequest.objects.filter(_of_year(year, review_sides(user)))
        .exclude(state=UnlockRequest.State.PENDING)
        .select_related("monthly_return__court", "requested_by", "decided_by")
        .order_by("-decided_at", "-pk")[:LATEST]
    )
    return Requests(
        pending=tuple(
            Request(_place_of_slot(line.slot), line.request)
            for line in pending_requests(user, year)
        ),
        decided=tuple(
            Request(_place(request.monthly_return), unlock_line(request)) for request in answered
        ),
    )


def deadline_page(year: QualityYear) -> DeadlinePage:
    """The year's deadline, month by month, and who set it when."""
    acts = Event.objects.filter(quality_year=year, action="set_deadline").select_related("actor")
    months = [Month(year.year, number) for number in range(1, MONTHS_OF_YEAR + 1)]
    return DeadlinePage(
        day=year.deadline_day,
        months=tuple((month_name(month), deadline_of(year, month)) for month in months),
        changes=tuple(
            DeadlineChange(
                at=act.at,
                by=str(act.actor or ""),
                before=act.data.get("before"),
                after=act.data.get("after"),
                reason=act.reason,
            )
            for act in acts
        ),
    )


def _disputes(year: QualityYear, sides: Iterable[str]) -> tuple[Dispute, ...]:
    found: QuerySet[EntryOnBehalf] = EntryOnBehalf.objects.filter(
        _of_year(year, sides), objected_at__isnull=False, settled_at__isnull=True
    ).select_related("monthly_return__court", "objected_by")
    return tuple(
        Dispute(
            _place(entry.monthly_return),
            entry.objection,
            str(entry.objected_by or ""),
            entry.objected_at,
        )
        for entry in found.order_by("objected_at", "pk")
    )


def _marks(year: QualityYear, sides: Iterable[str]) -> tuple[OpenMark, ...]:
    found = FollowUp.objects.filter(_of_year(year, sides), resolved_at__isnull=True).select_related(
        "monthly_return__court", "opened_by"
    )
    rulebooks = {
        number: rulebook_of(year, Month(year.year, number))
        for number in range(1, MONTHS_OF_YEAR + 1)
    }
    return tuple(
        OpenMark(
            _place(mark.monthly_return),
            mark.metric,
            metric_name(rulebooks[mark.monthly_return.month], mark.metric),
            mark.note,
            str(mark.opened_by),
            mark.opened_at,
        )
        for mark in found
    )


def _of_year(year: QualityYear, sides: Iterable[str]) -> Q:
    return Q(
        monthly_return__court__in=Court.objects.of_year(year),
        monthly_return__year=year.year,
        monthly_return__side__in=list(sides),
    )


def _place_of_slot(slot: Slot) -> Place:
    return _named(slot.court, slot.month, slot.side.value)


def _place(row: MonthlyReturn) -> Place:
    return _named(row.court, Month(row.year, row.month), Side(row.side).value)


def _named(court: Court, month: Month, side: str) -> Place:
    korean = (get_language() or "").startswith("ko")
    return Place(
        court=court.code,
        court_name=court.name_ko if korean and court.name_ko else court.short_name,
        month=month,
        month_name=month_name(month),
        side=side,
        side_label=str(MonthlyReturn.Side(side).label),
    )
