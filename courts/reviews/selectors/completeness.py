"""Owns who has handed in what: every return of a year against its deadline, and reporting rates.

The rates are those DHIS2 reports on data sets: reports expected and received, those received in
time, and both as a share of the expected. A return is expected once its month is over. Four
queries, however many courts and months.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from courts import database_clock
from courts.frame.remembered import remembered_rows
from courts.models import Figure, MonthlyReturn, QualityYear
from courts.returns.selectors.beginnings import has_begun
from courts.returns.selectors.timeliness import (
    Punctuality,
    Timeliness,
    first_submissions,
    handed_in_at,
    has_ended,
    punctuality,
)
from courts.years.court_changes import changes_among
from courts.years.selectors.years import CourtRow, courts_of, rulebook_of, sides_of
from scoring.facts import Month
from scoring.periods import due_metrics
from scoring.rates import MONTHS_OF_YEAR, PERCENT
from scoring.rounding import to_text
from scoring.schema import Side

HANDED_IN = (Timeliness.ON_TIME, Timeliness.LATE, Timeliness.HANDED_IN)


@dataclass(frozen=True, slots=True)
class CompletenessCell:
    """One return: its state, how far it is, and how it stands against its deadline.

    The court has its names of the month. Of a month in which it is not assessed (`is_assessed`)
    none is expected. `filled` is None where nobody asked how many figures there are.
    """

    court: CourtRow
    month: Month
    side: Side
    is_expected: bool
    is_assessed: bool
    state: str
    state_label: str
    punctuality: Punctuality
    filled: int | None
    total: int
    handed_in_at: datetime | None
    is_demo: bool

    @property
    def is_handed_in(self) -> bool:
        return self.punctuality.kind in HANDED_IN

    @property
    def days(self) -> int:
        return self.punctuality.days

    @property
    def timeliness(self) -> str:
        return self.punctuality.kind.value

    @property
    def label(self) -> str:
        return self.punctuality.label


@dataclass(frozen=True, slots=True)
class Rates:
    """The five measures; those of time are None without a deadline, shares None of nothing."""

    expected: int
    actual: int
    actual_on_time: int | None

    @property
    def rate(self) -> Fraction | None:
        """Reports received as percent of those expected."""
        return Fraction(PERCENT * self.actual, self.expected) if self.expected else None

    @property
    def rate_on_time(self) -> Fraction | None:
        """Reports received in time as percent of those expected."""
        if not self.expected or self.actual_on_time is None:
            return None
        return Fraction(PERCENT * self.actual_on_time, self.expected)

    @property
    def rate_text(self) -> str | None:
        return None if self.rate is None else to_text(self.rate)

    @property
    def rate_on_time_text(self) -> str | None:
        return None if self.rate_on_time is None else to_text(self.rate_on_time)


@dataclass(frozen=True, slots=True)
class RatesBySide:
    """The rates of some returns: of each side alone, and of both together."""

    by_side: Mapping[Side, Rates]
    both: Rates

    def of(self, sides: Collection[Side]) -> Rates:
        """The rates of exactly the sides that a page shows."""
        return self.both if len(sides) > 1 else self.by_side[next(iter(sides))]


@dataclass(frozen=True, slots=True)
class CourtLine:
    """One court's returns, by month and side, and its rates."""

    court: CourtRow
    months: tuple[tuple[CompletenessCell, ...], ...]
    rates: RatesBySide


@dataclass(frozen=True, slots=True)
class MonthRates:
    """How complete and how punctual the returns of a month are, by side."""

    month: Month
    rates: RatesBySide


@dataclass(frozen=True, slots=True)
class Completeness:
    """A year: courts × months × sides."""

    months: tuple[Month, ...]
    courts: tuple[CourtLine, ...]
    rates: tuple[MonthRates, ...]
    of_year: RatesBySide
    has_deadline: bool
    is_demo: bool

    @property
    def cells(self) -> tuple[CompletenessCell, ...]:
        return tuple(cell for line in self.courts for month in line.months for cell in month)

    @property
    def to_remind(self) -> tuple[CompletenessCell, ...]:
        """Returns that should be there and are not, the longest overdue first."""
        missing = [cell for cell in self.cells if cell.is_expected and not cell.is_handed_in]
        return tuple(sorted(missing, key=lambda cell: (-cell.days, cell.month)))


class _Row(NamedTuple):
    """What of a return counts here; thousands of whole rows take longer to make than to read."""

    pk: int
    court: int
    month: int
    side: str
    state: str
    is_demo: bool
    submitted_at: datetime | None
    verified_at: datetime | None
    verified_figures: object


def completeness(
    year: QualityYear, now: datetime | None = None, *, with_filled: bool = True
) -> Completeness:
    """Every return of the year's courts, there or not; `with_filled` counts its figures too."""
    now = now or database_clock.now()
    months = tuple(Month(year.year, number) for number in range(1, MONTHS_OF_YEAR + 1))
    courts, sides = courts_of(year), sides_of(year)
    changes = changes_among(year, courts)
    keys = tuple(court.pk for court in courts)
    rows = {(row.court, row.month, row.side): row for row in _rows_of(keys, year)}
    filled = _filled(keys, year, months) if with_filled else None
    begun = has_begun(year, has_rows=bool(rows))
    first = first_submissions(rows.values())
    totals = {
        (month, side): len(due_metrics(rulebook_of(year, month), side, month.month))
        for month in months
        for side in sides
    }
    ended = {month: has_ended(month, now) for month in months}
    # How a return stands that nobody began.
    blank = MonthlyReturn(year=year.year).state
    labels = {state.value: str(state.label) for state in MonthlyReturn.State}

    def cell(court: CourtRow, month: Month, side: Side) -> CompletenessCell:
        row = rows.get((court.pk, month.month, side.value))
        handed_in = handed_in_at(row, first)
        state = row.state if row else blank
        is_assessed = changes.is_assessed(court.pk, month)
        return CompletenessCell(
            court=changes.named(court, month),
            month=month,
            side=side,
            is_expected=begun and ended[month] and is_assessed,
            is_assessed=is_assessed,
            state=state,
            state_label=labels[state],
            punctuality=punctuality(year, month, row, handed_in, now)
            if begun
            else Punctuality(Timeliness.NOT_BEGUN),
            filled=None if filled is None else filled.get(row.pk, 0) if row else 0,
            total=totals[month, side],
            handed_in_at=handed_in,
            is_demo=row is not None and row.is_demo,
        )

    has_deadline = year.deadline_day is not None
    lines = []
    for court in courts:
        cells = tuple(tuple(cell(court, month, side) for side in sides) for month in months)
        own = [one for of_month in cells for one in of_month]
        lines.append(CourtLine(court, cells, _rates_by_side(own, sides, has_deadline)))
    everything = [one for line in lines for of_month in line.months for one in of_month]
    return Completeness(
        months=months,
        courts=tuple(lines),
        rates=tuple(
            MonthRates(
                month,
                _rates_by_side([c for c in everything if c.month == month], sides, has_deadline),
            )
            for month in months
        ),
        of_year=_rates_by_side(everything, sides, has_deadline),
        has_deadline=has_deadline,
        is_demo=any(one.is_demo for one in everything),
    )


def _rows_of(courts: tuple[int, ...], year: QualityYear) -> Iterator[_Row]:
    """The returns of the year that there are. One query."""

    def write() -> QuerySet[Any, tuple[Any, ...]]:
        rows = MonthlyReturn.objects.filter(court__in=courts, year=year.year).order_by()
        return rows.values_list(
            *("pk", "court_id", "month", "side", "state", "is_demo"),
            *("submitted_at", "verified_at", "verified_figures"),
        )

    return (_Row(*row) for row in remembered_rows(("standing", courts, year.year), write))


def _filled(
    courts: tuple[int, ...], year: QualityYear, months: Iterable[Month]
) -> Mapping[int, int]:
    """How many figures with a value each return has, by its key, of metrics that the rulebook of
    its month asks for. One query."""
    numbers: dict[tuple[str, ...], list[int]] = {}
    for month in months:
        numbers.setdefault(tuple(rulebook_of(year, month).metrics), []).append(month.month)

    def write() -> QuerySet[Any, tuple[int, int]]:
        asked = Q(pk__in=[])
        for metrics, of_months in numbers.items():
            asked |= Q(monthly_return__month__in=of_months, metric__in=metrics)
        found = Figure.objects.reported().filter(
            asked, monthly_return__court__in=courts, monthly_return__year=year.year
        )
        return found.order_by().values_list("monthly_return_id").annotate(filled=Count("pk"))

    asked = tuple((metrics, tuple(of_months)) for metrics, of_months in numbers.items())
    return dict(remembered_rows(("filled", courts, year.year, asked), write))


def _rates_by_side(
    cells: list[CompletenessCell], sides: Collection[Side], has_deadline: bool
) -> RatesBySide:
    return RatesBySide(
        by_side={
            side: _rates((c for c in cells if c.side is side), has_deadline=has_deadline)
            for side in sides
        },
        both=_rates(cells, has_deadline=has_deadline),
    )


def _rates(cells: Iterable[CompletenessCell], *, has_deadline: bool) -> Rates:
    expected = [cell for cell in cells if cell.is_expected]
    on_time = sum(cell.punctuality.kind is Timeliness.ON_TIME for cell in expected)
    return Rates(
        expected=len(expected),
        actual=sum(cell.is_handed_in for cell in expected),
        actual_on_time=on_time if has_deadline else None,
    )
