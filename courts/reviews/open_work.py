"""Owns what waits for the offices: returns to verify or to ask for, requests, objections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from courts.models import EntryOnBehalf, MonthlyReturn, UnlockRequest
from courts.returns.open_work import (
    drafts_of,
    is_silent,
    owed,
    return_item,
    slot_of_row,
)
from courts.returns.selectors.held import open_objections
from courts.years.open_work import Asked, OpenItem, kind
from courts.years.selectors.entry_windows import deadline_of, first_moment, month_after
from courts.years.work_sides import OFFICE, one_court, sides_in_care

State = MonthlyReturn.State


@kind("review", _("待核实报表"), whom=OFFICE, order=40, page="courts:reviews")
def returns_to_verify(asked: Asked) -> Iterator[OpenItem]:
    """Returns handed in. One query."""
    sides = sides_in_care(asked)
    if not sides:
        return
    for row in drafts_of(asked).rows.values():
        if row.state != State.SUBMITTED or row.side not in sides:
            continue
        slot = slot_of_row(asked, row)
        if asked.takes_part(row.court_id, slot.year.pk, row.month):
            yield return_item(slot, row, row.submitted_at, view="courts:review")


@kind("unlock", _("解锁申请"), whom=OFFICE, order=50, page="courts:unlocks")
def unlock_requests(asked: Asked) -> Iterator[OpenItem]:
    """Requests to open a locked return. One query."""
    sides = sides_in_care(asked)
    if not sides:
        return
    for request in _requests(asked):
        slot = slot_of_row(asked, request.monthly_return)
        if slot.side.value not in sides:
            continue
        if not asked.takes_part(slot.court.pk, slot.year.pk, slot.month.month):
            continue
        yield OpenItem(
            view="courts:unlocks",
            args=(slot.year.code,),
            year=slot.year,
            since=request.requested_at,
            court=slot.court,
            month=slot.month,
            side=slot.side.value,
            note=request.reason,
            is_demo=request.monthly_return.is_demo,
        )


@kind("objection", _("法院对代报数据的异议"), whom=OFFICE, order=60, page="courts:reviews")
def objections(asked: Asked) -> Iterator[OpenItem]:
    """Objections of courts to what an office entered for them. One query."""
    sides = sides_in_care(asked)
    if not sides:
        return
    for entry in _objections(asked):
        row = entry.monthly_return
        if row.side not in sides:
            continue
        slot = slot_of_row(asked, row)
        if asked.takes_part(row.court_id, slot.year.pk, row.month):
            yield return_item(
                slot,
                row,
                entry.objected_at,
                view="courts:review",
                note=entry.objection,
                by=str(entry.objected_by or ""),
            )


def _objections(asked: Asked) -> Sequence[EntryOnBehalf]:
    """The objections that are open in the years."""
    court = one_court(asked)
    if court is not None:
        numbers = {year.year for year in asked.years}
        found = asked.together(("objections", court), lambda: open_objections(court))
        return [entry for entry in found if entry.monthly_return.year in numbers]

    def write() -> QuerySet[EntryOnBehalf]:
        rows = EntryOnBehalf.objects.filter(
            asked.of_returns("monthly_return__"), objected_at__isnull=False, settled_at__isnull=True
        )
        return rows.select_related("monthly_return__court__parent", "objected_by")

    return asked.rows(("objections", asked.only), write)


def _requests(asked: Asked) -> Iterator[UnlockRequest]:
    """The requests that wait, of the years, with their returns."""
    pending, drafts = UnlockRequest.State.PENDING, drafts_of(asked)
    if drafts.openings is None:

        def write() -> QuerySet[UnlockRequest]:
            rows = UnlockRequest.objects.filter(asked.of_returns("monthly_return__"), state=pending)
            return rows.select_related("monthly_return__court__parent")

        yield from asked.rows(("requests", asked.only), write)
        return
    for row in drafts.rows.values():
        for request in drafts.openings.requests.get(row.pk, ()):
            if request.state == pending:
                request.monthly_return = row
                yield request


@kind(
    "missing",
    _("未报报表"),
    whom=OFFICE,
    order=110,
    page="courts:completeness",
    query="#remind",
    of_court=False,
)
def missing_returns(asked: Asked) -> Iterator[OpenItem]:
    """Returns of months that are over and that courts have not handed in. Three queries.

    To remind is the office's own work: no court waits for being reminded.
    """
    sides = sides_in_care(asked)
    if not sides:
        return
    for slot, row in owed(asked):
        if slot.side.value not in sides or is_silent(asked, slot.year):
            continue
        since = first_moment(month_after(slot.month))
        yield return_item(slot, row, since, deadline_of(slot.year, slot.month))
