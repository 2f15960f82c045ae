"""Owns whether returns come in time: handed in when, against which deadline, how many days late.

What counts is when a return was first handed in, so that a court is not late because its office
sent it back; what the court itself took back was never handed in. Days are calendar days where the
courts are. Terms: *handed in* is a return that was submitted or imported and has not been sent
back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import models
from django.db.models import Min, QuerySet
from django.utils.translation import gettext_lazy as _

from courts.frame.remembered import remembered_rows
from courts.models import MonthlyReturn, QualityYear, Submission
from courts.years.selectors.entry_windows import first_moment, last_day_of, local_day, month_after
from scoring.facts import Month


class Timeliness(models.TextChoices):
    """How a return stands against its deadline."""

    NOT_BEGUN = "not_begun", _("未开始")
    OPEN = "open", _("未到期")
    ON_TIME = "on_time", _("按时")
    LATE = "late", _("迟报")
    OVERDUE = "overdue", _("逾期未报")
    RETURNED = "returned", _("退回待改")
    HANDED_IN = "handed_in", _("已报")


@dataclass(frozen=True, slots=True)
class Punctuality:
    """`days` are those late, or overdue so far; 0 otherwise."""

    kind: Timeliness
    days: int = 0

    @property
    def label(self) -> str:
        return str(self.kind.label)


def first_submissions(rows: Iterable[StandingReturn]) -> Mapping[int, datetime]:
    """When each return was first handed in by its court and not taken back. One query."""
    keys = tuple(row.pk for row in rows)

    def write() -> QuerySet[Any, tuple[int, datetime]]:
        sent = Submission.objects.standing().filter(monthly_return__in=keys).order_by()
        return sent.values_list("monthly_return").annotate(first=Min("at"))

    return dict(remembered_rows(("first submissions", keys), write))


class StandingReturn(Protocol):
    """What of a return says how it stands: the row itself, or these columns of it."""

    @property
    def pk(self) -> int: ...

    @property
    def state(self) -> str: ...

    @property
    def verified_figures(self) -> object: ...

    @property
    def submitted_at(self) -> datetime | None: ...

    @property
    def verified_at(self) -> datetime | None: ...


def handed_in_at(row: StandingReturn | None, first: Mapping[int, datetime]) -> datetime | None:
    """When the return was handed in; None for a draft and for one that was sent back."""
    if row is None:
        return None
    if row.state not in MonthlyReturn.REPORTED_STATES and (
        row.verified_figures is None or row.state == MonthlyReturn.State.RETURNED
    ):
        return None
    return first.get(row.pk) or row.submitted_at or row.verified_at


def punctuality(
    year: QualityYear,
    month: Month,
    row: StandingReturn | None,
    handed_in: datetime | None,
    now: datetime,
) -> Punctuality:
    """How the return of a month stands against its deadline."""
    last_day = last_day_of(year, month)
    if handed_in is not None:
        if last_day is None:
            return Punctuality(Timeliness.HANDED_IN)
        late = (local_day(handed_in) - last_day).days
        return Punctuality(Timeliness.LATE, late) if late > 0 else Punctuality(Timeliness.ON_TIME)
    if row is not None and row.state == MonthlyReturn.State.RETURNED:
        return Punctuality(Timeliness.RETURNED)
    if now < first_moment(month):
        return Punctuality(Timeliness.NOT_BEGUN)
    overdue = (local_day(now) - last_day).days if last_day else 0
    if overdue > 0:
        return Punctuality(Timeliness.OVERDUE, overdue)
    return Punctuality(Timeliness.OPEN)


def has_ended(month: Month, now: datetime) -> bool:
    """Whether the month is over, so that a return of it is expected."""
    return now >= first_moment(month_after(month))
