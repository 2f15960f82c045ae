"""Owns the page on which a month is closed: its steps, how each side stands, what is next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from courts.closings.selectors.close_steps import Step, gap_words, gaps_of, open_steps, whole_sides
from courts.frame.remembered import remembered_rows
from courts.models import Closing, Court, MonthlyReturn, QualityYear
from courts.permissions import Account, may_close, review_sides
from courts.wording.explanations import side_label
from courts.wording.months import month_name
from courts.years.closings import MonthStanding, closings_of
from courts.years.open_work import Kept
from courts.years.selectors.entry_windows import first_moment, month_after
from courts.years.selectors.periods import years_of
from courts.years.selectors.years import courts_in, rulebook_of, sides_of
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR


@dataclass(frozen=True, slots=True)
class SideLine:
    """How one side of the month stands, and what the account may do with it."""

    code: str
    label: str
    standing: str
    standing_label: str
    closing: Closing | None
    gaps: tuple[str, ...]
    sha256: str
    is_demo: bool
    may_close: bool
    may_reopen: bool


@dataclass(frozen=True, slots=True)
class EarlierClosing:
    """A closing of a side that was opened again."""

    side_label: str
    by: str
    at: datetime
    reopened_by: str
    reopened_at: datetime | None
    reopened_reason: str


@dataclass(frozen=True, slots=True)
class ClosePage:
    """A month before and after it is closed. `steps` are those of the sides that are open."""

    year: QualityYear
    month: Month
    month_name: str
    sides: tuple[SideLine, ...]
    steps: tuple[Step, ...]
    earlier: tuple[EarlierClosing, ...]
    months: tuple[tuple[Month, bool, bool], ...]
    is_over: bool
    is_demo: bool

    @property
    def gaps(self) -> tuple[Step, ...]:
        return gaps_of(self.steps)

    @property
    def is_open(self) -> bool:
        return any(side.standing == MonthStanding.OPEN for side in self.sides)

    @property
    def closable(self) -> tuple[SideLine, ...]:
        return tuple(side for side in self.sides if side.may_close)

    @property
    def reopenable(self) -> tuple[SideLine, ...]:
        return tuple(side for side in self.sides if side.may_reopen)


@dataclass(frozen=True, slots=True)
class NextMonth:
    """The month that an office closes next, and how many steps it still takes."""

    month: Month
    month_name: str
    gaps: int


def close_page(user: Account, year: QualityYear, month: Month, now: datetime) -> ClosePage:
    """What the page of a month shows to an account that oversees the year."""
    rulebook, closings = rulebook_of(year, month), closings_of(year)
    is_over = now >= first_moment(month_after(month))

    def write() -> QuerySet[Closing]:
        found = Closing.objects.filter(quality_year=year.pk, month=month.month)
        return found.select_related("by", "reopened_by")

    rows = remembered_rows(("closings", year.pk, month), write)
    standing_now = {row.side: row for row in rows if row.reopened_at is None}
    lines = []
    for side in whole_sides(rulebook):
        standing = closings.standing(month.month, side)
        snapshot = closings.snapshot(month.month, side)
        may = may_close(user, year, side)
        closing = standing_now.get(side)
        lines.append(
            SideLine(
                code=side,
                label=side_label(rulebook, side),
                standing=standing.value,
                standing_label=standing_label(standing),
                closing=closing,
                gaps=tuple(gap_words(gap) for gap in closing.gaps) if closing else (),
                sha256=snapshot.sha256 if snapshot else "",
                is_demo=closings.is_demo(month.month, side),
                may_close=may and is_over and standing is MonthStanding.OPEN,
                may_reopen=may and standing is MonthStanding.CLOSED,
            )
        )
    open_sides = [line.code for line in lines if line.standing == MonthStanding.OPEN]
    return ClosePage(
        year=year,
        month=month,
        month_name=month_name(month),
        sides=tuple(lines),
        steps=open_steps(year, month, open_sides, now) if open_sides and is_over else (),
        earlier=tuple(
            EarlierClosing(
                side_label(rulebook, row.side),
                str(row.by),
                row.at,
                str(row.reopened_by or ""),
                row.reopened_at,
                row.reopened_reason,
            )
            for row in rows
            if row.reopened_at is not None
        ),
        months=tuple(
            (one, bool(closings.closed_sides(one.month)), one == month)
            for one in (Month(year.year, number) for number in range(1, MONTHS_OF_YEAR + 1))
        ),
        is_over=is_over,
        is_demo=_is_demo(year, month),
    )


def _is_demo(year: QualityYear, month: Month) -> bool:
    """Whether any return of the month is made up."""
    courts = tuple(court.pk for court in courts_in(year, month))

    def write() -> QuerySet[Any, int]:
        rows = MonthlyReturn.objects.filter(
            court__in=courts, year=year.year, month=month.month, is_demo=True
        )
        return rows.values_list("pk", flat=True)[:1]

    return bool(remembered_rows(("demo month", courts, month), write))


def standing_label(standing: MonthStanding) -> str:
    """How a side of a month stands, in words."""
    labels = {
        MonthStanding.OPEN: _("未关账"),
        MonthStanding.CLOSED: _("已关账，尚未通报"),
        MonthStanding.PUBLISHED: _("已通报"),
        MonthStanding.RESTATED: _("已更正"),
    }
    return labels[standing]


def closes_any(user: Account, year: QualityYear) -> bool:
    """Whether the account closes any side of the year's months."""
    return any(may_close(user, year, side) for side in sides_of(year))


def next_to_close(
    user: Account, year: QualityYear, now: datetime, *, kept: Kept | None = None
) -> NextMonth | None:
    """The month that the account's office closes next; None for who closes nothing.

    The first one after the last that was closed, else the latest one over with any return. `kept`
    holds what was read of the account's years for its own open work.
    """
    sides = sorted(side for side in review_sides(user) if may_close(user, year, side))
    if not sides:
        return None
    month = _next_month(year, sides, now)
    if month is None:
        return None
    years = years_of(user) if kept else ()
    gaps = gaps_of(open_steps(year, month, sides, now, years=years, kept=kept))
    return NextMonth(month, month_name(month), len(gaps))


def _next_month(year: QualityYear, sides: Sequence[str], now: datetime) -> Month | None:
    closings = closings_of(year)
    closed = [number for number, side in closings.closed if side in sides]
    if closed:
        number = max(closed) + 1
        months = [Month(year.year, number)] if number <= MONTHS_OF_YEAR else []
    else:

        def write() -> QuerySet[Any, int]:
            own = Court.objects.of_year(year).filter(pk=OuterRef("court"))
            rows = MonthlyReturn.objects.assessed().filter(
                Exists(own), year=year.year, side__in=sides
            )
            return rows.order_by("-month").values_list("month", flat=True).distinct()

        key = ("months with returns", year.pk, year.court_id, year.year, tuple(sides))
        months = [Month(year.year, number) for number in remembered_rows(key, write)]
    over = (month for month in months if now >= first_moment(month_after(month)))
    return next(over, None)
