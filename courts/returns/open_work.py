"""Owns what waits for the desks of courts: returns due, sent back, open again; marks on cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courts.models import CellComment, Court, FollowUp, MonthlyReturn, QualityYear
from courts.permissions import may_discuss, may_enter, review_sides
from courts.returns.selectors.held import held_returns, open_marks
from courts.returns.selectors.timeliness import has_ended
from courts.wording.explanations import metric_name
from courts.years.open_work import Asked, OpenItem, kind
from courts.years.selectors.entry_windows import (
    Lock,
    Openings,
    deadline_of,
    first_moment,
    month_after,
    openings_of,
)
from courts.years.selectors.entry_windows import window as window_of_return
from courts.years.selectors.slots import Slot
from courts.years.selectors.years import rulebook_of, sides_of
from courts.years.work_sides import DESK, desk_courts, one_court
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR
from scoring.schema import Side

State = MonthlyReturn.State
Place = tuple[int, int, int, str]


@dataclass(frozen=True, slots=True)
class Drafts:
    """The returns of the years by court, year, month and side, whatever their state.

    `openings` are theirs where they are those of one court.
    """

    rows: Mapping[Place, MonthlyReturn]
    openings: Openings | None = None


def drafts_of(asked: Asked) -> Drafts:
    """Every return of the years that the account enters or looks after. Four queries at most."""

    def read() -> Drafts:
        rows: Sequence[MonthlyReturn]
        court, openings = one_court(asked), None
        if court is None:

            def write() -> QuerySet[MonthlyReturn]:
                found = MonthlyReturn.objects.filter(asked.of_returns()).order_by()
                return found.select_related("court__parent")

            rows = asked.rows(("returns", asked.only), write)
        else:
            held = asked.together(
                ("returns", court),
                lambda: held_returns(court, [year.year for year in asked.years]),
            )
            rows, openings = held.rows, held.openings
        by_place = {(row.court_id, row.year, row.month, row.side): row for row in rows}
        return Drafts(by_place, openings)

    return asked.once("drafts", read)


def is_silent(asked: Asked, year: QualityYear) -> bool:
    """Whether nobody entered in these years or said until when: nothing of the year is late yet.

    What `has_begun` asks of the database, answered from what the kinds have read.
    """
    return not drafts_of(asked).rows and year.deadline_day is None


def owed(asked: Asked) -> Sequence[tuple[Slot, MonthlyReturn | None]]:
    """The place of every return that the courts should have handed in by now and owe.

    It has no row yet, or one that was never handed in or was sent back.
    """
    # Whoever is asked for: the same returns of the same courts.
    key = ("owed", one_court(asked), asked.only, tuple(year.pk for year in asked.years))
    return asked.together(key, lambda: tuple(_owed(asked, drafts_of(asked))))


def _owed(asked: Asked, drafts: Drafts) -> Iterator[tuple[Slot, MonthlyReturn | None]]:
    for year in asked.years:
        months = [Month(year.year, number) for number in range(1, MONTHS_OF_YEAR + 1)]
        for month in months:
            if not has_ended(month, asked.now):
                continue
            sides = sides_of(year, month)
            for court in asked.courts:
                for side in sides:
                    row = drafts.rows.get((court.pk, *month, side.value))
                    if row is not None and not _is_owed(row):
                        continue
                    if asked.takes_part(court.pk, year.pk, month.month):
                        yield Slot(year, court, month, side), row


def _is_owed(row: MonthlyReturn) -> bool:
    """Whether the court owes the return: never handed in, or sent back."""
    if row.state == State.RETURNED:
        return True
    return row.state == State.ENTERING and row.verified_figures is None


def return_item(
    slot: Slot,
    row: MonthlyReturn | None,
    since: datetime | None,
    until: datetime | None = None,
    *,
    view: str = "courts:return",
    note: str = "",
    by: str = "",
) -> OpenItem:
    """An item about a return."""
    return OpenItem(
        view=view,
        args=(slot.year.code, slot.court.code, slot.month, slot.side.value),
        year=slot.year,
        since=since,
        until=until,
        court=slot.court,
        month=slot.month,
        side=slot.side.value,
        note=note,
        by=by,
        is_demo=row is not None and row.is_demo,
    )


def slot_of_row(asked: Asked, row: MonthlyReturn) -> Slot:
    """The place of a return; its court comes with it."""
    return Slot(asked.year_of(row.year), row.court, Month(row.year, row.month), Side(row.side))


def _is_desk(asked: Asked, court: Court, side: str) -> bool:
    return asked.user is None or may_enter(asked.user, court, side)


def _openings(asked: Asked) -> Openings:
    def read() -> Openings:
        drafts, unfinished = drafts_of(asked), (State.ENTERING, State.RETURNED)
        if drafts.openings is not None:
            return drafts.openings
        return openings_of([row for row in drafts.rows.values() if row.state in unfinished])

    return asked.once("openings", read)


@kind("return_returned", gettext_lazy("退回待改的报表"), whom=DESK, order=10, page="courts:returns")
def returned_returns(asked: Asked) -> Iterator[OpenItem]:
    """Returns that the office sent back: open whatever the deadline. Three queries."""
    courts = {court.pk: court for court in desk_courts(asked)}
    if not courts:
        return
    rows = [row for row in drafts_of(asked).rows.values() if row.state == State.RETURNED]
    keys = tuple(row.pk for row in rows)

    def last_remarks() -> QuerySet[Any, tuple[int, datetime]]:
        remark = CellComment.Kind.REMARK
        remarks = CellComment.objects.filter(kind=remark, monthly_return__in=keys).order_by()
        return remarks.values_list("monthly_return").annotate(last=Max("at"))

    sent_back = dict(asked.rows(("remarks", keys), last_remarks))
    for row in rows:
        court, year = courts.get(row.court_id), asked.year_of(row.year)
        if court is None or not asked.takes_part(court.pk, year.pk, row.month):
            continue
        if _is_desk(asked, court, row.side):
            slot = Slot(year, court, Month(row.year, row.month), Side(row.side))
            yield return_item(slot, row, sent_back.get(row.pk) or row.submitted_at)


@kind("return_due", gettext_lazy("待报报表"), whom=DESK, order=20, page="courts:returns")
def due_returns(asked: Asked) -> Iterator[OpenItem]:
    """Returns of months that are over and were never handed in. Three queries."""
    courts = {court.pk for court in desk_courts(asked)}
    if not courts:
        return
    openings = _openings(asked)
    for slot, row in owed(asked):
        if slot.court.pk not in courts or (row is not None and row.state == State.RETURNED):
            continue
        # Nobody waits for returns of a year that has not begun; its desks may enter.
        if asked.user is None and is_silent(asked, slot.year):
            continue
        if not _is_desk(asked, slot.court, slot.side):
            continue
        stands = window_of_return(slot, row, openings, asked.now)
        until = stands.open_until or deadline_of(slot.year, slot.month)
        note = _locked(stands.lock) if stands.lock else ""
        yield return_item(slot, row, first_moment(month_after(slot.month)), until, note=note)


def _locked(lock: Lock) -> str:
    """What the desk can do about a lock, in a few words."""
    return _("已锁定，可以申请解锁") if lock.may_request else _("已申请解锁，等待处理")


@kind(
    "return_reopened",
    gettext_lazy("重新打开、待重报的报表"),
    whom=DESK,
    order=30,
    page="courts:returns",
)
def reopened_returns(asked: Asked) -> Iterator[OpenItem]:
    """Verified returns that are open for changes, until they close by themselves. Three queries."""
    courts = {court.pk: court for court in desk_courts(asked)}
    if not courts:
        return
    openings = _openings(asked)
    for row in drafts_of(asked).rows.values():
        reopening, court = openings.reopenings.get(row.pk), courts.get(row.court_id)
        if row.state != State.ENTERING or reopening is None or court is None:
            continue
        if asked.now >= reopening.expires_at or not _is_desk(asked, court, row.side):
            continue
        year = asked.year_of(row.year)
        if asked.takes_part(court.pk, year.pk, row.month):
            slot = Slot(year, court, Month(row.year, row.month), Side(row.side))
            yield return_item(slot, row, reopening.at, reopening.expires_at, note=reopening.reason)


@kind(
    "mark",
    gettext_lazy("待查的数据"),
    whom=gettext_lazy("法院报表岗和负责的管理部门"),
    order=120,
    page="courts:home",
    of_year=False,
)
def marks(asked: Asked) -> Iterator[OpenItem]:
    """Cells marked to be cleared up. One query."""
    for mark in _marks(asked):
        row = mark.monthly_return
        slot = slot_of_row(asked, row)
        if asked.user is not None and not may_discuss(asked.user, row.court, row.side):
            continue
        if asked.takes_part(row.court_id, slot.year.pk, row.month):
            yield OpenItem(
                view="courts:return_cell",
                args=(slot.year.code, row.court.code, slot.month, row.side, mark.metric),
                year=slot.year,
                since=mark.opened_at,
                court=row.court,
                month=slot.month,
                side=row.side,
                title=_metric(slot, mark.metric),
                note=mark.note,
                by=str(mark.opened_by),
                is_demo=row.is_demo,
            )


def _marks(asked: Asked) -> Sequence[FollowUp]:
    """The marks that are open in the years."""
    court = one_court(asked)
    if court is not None:
        numbers = {year.year for year in asked.years}
        found = asked.together(("marks", court), lambda: open_marks(court))
        return [mark for mark in found if mark.monthly_return.year in numbers]
    own = getattr(asked.user, "court_id", None) or 0
    sides = None if asked.user is None else review_sides(asked.user)

    def write() -> QuerySet[FollowUp]:
        rows = FollowUp.objects.filter(
            asked.of_returns("monthly_return__"), resolved_at__isnull=True
        ).select_related("monthly_return__court__parent", "opened_by")
        if sides is not None:
            rows = rows.filter(
                Q(monthly_return__court=own) | Q(monthly_return__side__in=sorted(sides))
            )
        return rows

    return asked.rows(("marks", asked.only, own, sides), write)


def _metric(slot: Slot, metric: str) -> str:
    rulebook = rulebook_of(slot.year, slot.month)
    return metric_name(rulebook, metric) if metric in rulebook.metrics else metric
