"""Owns what waits for somebody about registers: lines that a court or an office has to move on.

A register can have thousands of lines, so an item is all lines of a register and court that wait in
one state; it is due when the first of them is. Two queries, however many lines.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Min, QuerySet
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courts.models import RegisterLine
from courts.registers.selectors.described import Described, registers_of_years
from courts.registers.selectors.lines import keepers_of, state_label
from courts.years.open_work import Asked, OpenItem, kind
from courts.years.selectors.entry_windows import start_of
from courts.years.work_sides import DESK, OFFICE
from scoring.registers import Keeper, Sides

OF_DESK = frozenset({Keeper.DESK})
OF_OFFICE = frozenset({Keeper.OFFICE, Keeper.CENTRE})
LABEL = gettext_lazy("待办的台账记录")


class _Waiting(NamedTuple):
    """How many lines of a court wait in a state, since when, and when the first is due."""

    year: int
    register: str
    court: int
    state: str
    lines: int
    due_on: date | None
    since: datetime


def _waiting(asked: Asked) -> list[_Waiting]:
    """The lines of the years that are in a state that somebody moves on from. Two queries."""

    def read() -> list[_Waiting]:
        states = {
            state.code
            for registers in _registers(asked).values()
            for one in registers.values()
            for state in one.register.states
            if state.following
        }

        def write() -> QuerySet[Any, tuple[Any, ...]]:
            rows = RegisterLine.objects.filter(
                quality_year__in=asked.years, state__in=states, erased_at__isnull=True
            )
            rows = rows.order_by("quality_year", "register", "court", "state")
            return rows.values_list("quality_year_id", "register", "court_id", "state").annotate(
                lines=Count("pk"), due_on=Min("due_on"), since=Min("opened_at")
            )

        rows = asked.rows(("register lines", tuple(sorted(states))), write)
        return [_Waiting(*row) for row in rows]

    return asked.together(("register_lines", asked.years), read)


def _registers(asked: Asked) -> Mapping[int, Mapping[str, Described]]:
    def read() -> Mapping[int, Mapping[str, Described]]:
        found = registers_of_years(asked.years)
        return {year: {one.code: one for one in rows} for year, rows in found.items()}

    return asked.together(("registers", asked.years), read)


@kind("register_desk", LABEL, whom=DESK, order=27, page="courts:registers", holds_month=False)
def of_desks(asked: Asked) -> Iterator[OpenItem]:
    """Lines that their court has to fill and move on."""
    return _items(asked, OF_DESK)


@kind("register_office", LABEL, whom=OFFICE, order=60, page="courts:registers", holds_month=False)
def of_offices(asked: Asked) -> Iterator[OpenItem]:
    """Lines that the office or the centre has to fill and move on."""
    return _items(asked, OF_OFFICE)


def _items(asked: Asked, keepers: Collection[Keeper]) -> Iterator[OpenItem]:
    years = {year.pk: year for year in asked.years}
    courts = {court.pk: court for court in asked.courts}
    for row in _waiting(asked):
        described, court = _registers(asked)[row.year].get(row.register), courts.get(row.court)
        state = described.register.state.get(row.state) if described else None
        if described is None or state is None or court is None or not state.following:
            continue
        by, year = {one for one in state.by if one in keepers}, years[row.year]
        if asked.user is not None:
            by = {one for one in by if str(one) in keepers_of(asked.user, year, described, court)}
        if not by or not asked.takes_part(court.pk, year.pk):
            continue
        side = described.register.side
        said = {"register": described.title, "state": state_label(described, row.state)}
        yield OpenItem(
            view="courts:register",
            args=(year.code, described.code),
            query="?" + urlencode({"court": court.code, "state": row.state}),
            year=year,
            since=row.since,
            until=start_of(row.due_on + timedelta(days=1)) if row.due_on else None,
            court=court,
            side="" if side is Sides.BOTH else str(side.value),
            title=_("%(register)s：%(state)s %(lines)s条") % {**said, "lines": row.lines},
        )
