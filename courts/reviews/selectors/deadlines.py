"""Owns the pages of requests to unlock and of the deadline: what was asked, set, and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from courts.models import Court, Event, MonthlyReturn, QualityYear, UnlockRequest
from courts.permissions import Account, review_sides
from courts.reviews.selectors.reviews import pending_requests
from courts.wording.explanations import side_label
from courts.wording.months import month_name
from courts.years.court_changes import court_label
from courts.years.selectors.entry_windows import UnlockLine, deadline_of, unlock_line
from courts.years.selectors.slots import Slot
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR

LATEST = 50


@dataclass(frozen=True, slots=True)
class ReturnPlace:
    """A return as a list names it."""

    court: str
    court_name: str
    month: Month
    month_name: str
    side: str
    side_label: str


@dataclass(frozen=True, slots=True)
class Request:
    """A request to unlock, with the return it is about."""

    place: ReturnPlace
    line: UnlockLine


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests to unlock a return: those that wait, and those decided."""

    pending: tuple[Request, ...]
    decided: tuple[Request, ...]


@dataclass(frozen=True, slots=True)
class DeadlineChange:
    """One change of the deadline; before and after are days of the month, None for no deadline."""

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
            Request(_place(year, request.monthly_return), unlock_line(request))
            for request in answered
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


def deadline_sentence(before: int | None, after: int | None) -> str:
    """What a change of the deadline came to, in days of the following month."""
    values = {"before": before, "after": after}
    if after is None:
        return _("填报期限（次月%(before)s日）已取消，报表随时可以填写。") % values
    if before is None:
        return _("填报期限已设为次月%(after)s日24时。") % values
    return _("填报期限已由次月%(before)s日改为次月%(after)s日24时。") % values


def _of_year(year: QualityYear, sides: Iterable[str]) -> Q:
    return Q(
        monthly_return__court__in=Court.objects.of_year(year),
        monthly_return__year=year.year,
        monthly_return__side__in=list(sides),
    )


def _place_of_slot(slot: Slot) -> ReturnPlace:
    return _named(slot.year, slot.court, slot.month, slot.side.value)


def _place(year: QualityYear, row: MonthlyReturn) -> ReturnPlace:
    return _named(year, row.court, Month(row.year, row.month), row.side)


def _named(year: QualityYear, court: Court, month: Month, side: str) -> ReturnPlace:
    return ReturnPlace(
        court=court.code,
        court_name=court_label(year, court, month),
        month=month,
        month_name=month_name(month),
        side=side,
        side_label=side_label(rulebook_of(year, month), side),
    )
