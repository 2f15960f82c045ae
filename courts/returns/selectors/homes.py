"""Owns what a court's desks see first: the months of the year with both returns, what is due.

Terms: the *present* month (本期) is the oldest one, of any year, that can still be entered; the
*due* month is the one a year's page opens with. A constant number of queries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from courts import database_clock
from courts.extracts.selectors.differences import differences_of_years
from courts.figures.selectors.stored import with_cells
from courts.models import Court, MonthlyReturn, QualityYear
from courts.permissions import Account, may_enter
from courts.returns.selectors.held import HeldReturns, held_returns, open_marks, open_objections
from courts.returns.selectors.notes import NoteLine, current_remarks
from courts.returns.selectors.timeliness import (
    first_submissions,
    handed_in_at,
    has_ended,
    punctuality,
)
from courts.wording.months import month_name
from courts.years.court_changes import court_changes_of
from courts.years.selectors.entry_windows import Lock, Openings, deadline_of, window
from courts.years.selectors.periods import years_of
from courts.years.selectors.slots import Slot
from courts.years.selectors.years import left_out, sides_of
from scoring.facts import Month
from scoring.periods import due_metrics
from scoring.schema import Side


@dataclass(frozen=True, slots=True)
class ReturnCard:
    """One return at a glance. `objections` are the court's own that wait for an
    answer, `differences` those from the extracts that the court has to explain or correct;
    `days` says by how many calendar days it is late."""

    slot: Slot
    side_label: str
    state: str
    state_label: str
    version: int
    filled: int
    total: int
    deadline: datetime | None
    timeliness: str
    timeliness_label: str
    days: int
    lock: Lock | None
    open_until: datetime | None
    may_enter: bool
    is_open: bool
    remarks: tuple[NoteLine, ...]
    open_follow_ups: int
    objections: int
    differences: int
    submitted_at: datetime | None
    is_reopened: bool
    is_demo: bool


@dataclass(frozen=True, slots=True)
class HomeMonth:
    """The returns of a court for one month."""

    month: Month
    name: str
    is_present: bool
    has_ended: bool
    returns: tuple[ReturnCard, ...]


@dataclass(frozen=True, slots=True)
class CourtHome:
    """A year of one court, month by month."""

    year: QualityYear
    court: Court
    months: tuple[HomeMonth, ...]

    @property
    def differences(self) -> int:
        """Differences from the extracts, of any month, that the court has to do something about."""
        return sum(card.differences for month in self.months for card in month.returns)

    @property
    def due(self) -> HomeMonth | None:
        """What the page opens with: the present month, else the year's oldest that can be entered,
        else its last one that is over; None before the year begins."""
        present = next((month for month in self.months if month.is_present), None)
        if present is not None:
            return present
        open_months = (m for m in self.months if any(card.is_open for card in m.returns))
        ended = [month for month in self.months if month.has_ended]
        return next(open_months, ended[-1] if ended else None)


@dataclass(frozen=True, slots=True)
class _Beside:
    """What is told of returns beside their figures, by their keys."""

    openings: Openings
    remarks: Mapping[int, tuple[NoteLine, ...]]
    follow_ups: Mapping[int, int]
    objections: Mapping[int, int]
    differences: Mapping[str, int]
    first: Mapping[int, datetime]


def years_with(user: Account, court: Court) -> list[QualityYear]:
    """The years the account sees that assess the court, latest first. Two queries."""
    without = left_out(court.root_key)
    return [year for year in years_of(user) if (court.pk, year.pk) not in without]


def present_month(
    court: Court, years: Sequence[QualityYear], sides: Iterable[Side], now: datetime
) -> Month | None:
    """The oldest month of these years that can still be entered at the court, of these sides.

    Where there is none, the last month that is over; None before the first year begins. Four
    queries at most.
    """
    held = held_returns(court.pk, [year.year for year in years])
    rows = {(Month(row.year, row.month), row.side): row for row in held.rows}
    openings = held.openings
    wanted = list(sides)
    last = None
    for year in sorted(years, key=lambda one: one.year):
        for month in court_changes_of(year).months_of(court.pk, year.year):
            for side in wanted:
                slot = Slot(year, court, month, side)
                if window(slot, rows.get((month, side.value)), openings, now).is_open:
                    return month
            last = month if has_ended(month, now) else last
    return last


def court_home(
    user: Account, year: QualityYear, court: Court, now: datetime | None = None
) -> CourtHome:
    """The months of a court in which it is assessed, for an account that may see its returns."""
    now = now or database_clock.now()
    numbers = court_changes_of(year).months_of(court.pk, year.year)
    years, sides = years_with(user, court), sides_of(year)
    held = held_returns(court.pk, [one.year for one in years])
    assessed = {month.month for month in numbers}
    rows = [row for row in held.rows if row.year == year.year and row.month in assessed]
    stored = with_cells(rows)
    beside = _beside(rows, Slot(year, court, Month(year.year, 1), sides[0]), user, held)
    present = present_month(court, years, sides, now)

    def card(slot: Slot) -> ReturnCard:
        found = stored.at(slot)
        filled = len(found.figures) if found else 0
        return _card(user, slot, found.row if found else None, filled, beside, now)

    return CourtHome(
        year=year,
        court=court,
        months=tuple(
            HomeMonth(
                month=month,
                name=month_name(month),
                is_present=month == present,
                has_ended=has_ended(month, now),
                returns=tuple(
                    card(Slot(year, court, month, side)) for side in sides_of(year, month)
                ),
            )
            for month in numbers
        ),
    )


def _beside(rows: list[MonthlyReturn], slot: Slot, user: Account, held: HeldReturns) -> _Beside:
    waiting = [
        line.slot.key
        for line in differences_of_years(user, years_of(user), [slot.court])
        if line.waits_for_court
    ]
    return _Beside(
        openings=held.openings,
        remarks=current_remarks(rows, slot.rulebook),
        follow_ups=Counter(one.monthly_return_id for one in open_marks(slot.court.pk)),
        objections=Counter(one.monthly_return_id for one in open_objections(slot.court.pk)),
        differences=Counter(waiting),
        first=first_submissions(rows),
    )


def _card(
    user: Account,
    slot: Slot,
    row: MonthlyReturn | None,
    filled: int,
    beside: _Beside,
    now: datetime,
) -> ReturnCard:
    open_now = window(slot, row, beside.openings, now)
    shown = row or MonthlyReturn(**slot.fields)
    handed_in = handed_in_at(row, beside.first)
    stands = punctuality(slot.year, slot.month, row, handed_in, now)
    key = row.pk if row else 0
    return ReturnCard(
        slot=slot,
        side_label=slot.side_label,
        state=shown.state,
        state_label=shown.get_state_display(),
        version=shown.version,
        filled=filled,
        total=len(due_metrics(slot.rulebook, slot.side, slot.month.month)),
        deadline=deadline_of(slot.year, slot.month),
        timeliness=stands.kind.value,
        timeliness_label=stands.label,
        days=stands.days,
        lock=open_now.lock,
        open_until=open_now.open_until,
        is_open=open_now.is_open,
        may_enter=open_now.is_open and may_enter(user, slot.court, slot.side),
        remarks=beside.remarks.get(key, ()),
        open_follow_ups=beside.follow_ups.get(key, 0),
        objections=beside.objections.get(key, 0),
        differences=beside.differences.get(slot.key, 0),
        submitted_at=shown.submitted_at,
        is_reopened=shown.verified_figures is not None,
        is_demo=shown.is_demo,
    )
