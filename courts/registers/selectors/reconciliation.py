"""Owns figures of returns beside the lines of registers, for who may see them.

An office sees its side of all courts, a desk its own court's side; the leading group both of all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts import database_clock
from courts.frame.remembered import remembered, remembered_rows, stamp_of_page
from courts.models import Court, QualityYear, RegisterLine
from courts.permissions import Account, may_enter, may_view_counts, may_view_returns
from courts.registers.selectors.counts import RegisterDifference, compared, leading_registers
from courts.registers.selectors.described import registers_of
from courts.wording.amounts import signed
from courts.wording.explanations import metric_name
from courts.years.selectors.years import courts_in, rulebook_of
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR


@dataclass(frozen=True, slots=True)
class ReconciledRow:
    """A figure beside its lines. `leads` is whether it may be filled from this register."""

    court: Court
    court_name: str
    register: str
    register_title: str
    metric: str
    label: str
    side: str
    month: int
    figure: int | None
    lines: int
    leads: bool
    may_fill: bool

    @property
    def by_how_much(self) -> int | None:
        """The lines less the figure; None without a figure."""
        return None if self.figure is None else self.lines - self.figure

    @property
    def by_how_much_text(self) -> str:
        """The difference with its sign; empty without a figure."""
        return "" if self.by_how_much is None else signed(str(self.by_how_much))

    @property
    def differs(self) -> bool:
        return self.figure != self.lines


def reconciled(
    user: Account, year: QualityYear, month: int, courts: Iterable[Court] | None = None
) -> list[ReconciledRow]:
    """Every figure that a register counts, beside its lines, by court. Five queries."""
    asked = _courts(year, month) if courts is None else list(courts)
    seen = [
        court
        for court in asked
        if may_view_returns(user, court) and may_view_counts(user, year, court.code)
    ]
    if not seen:
        raise PermissionDenied(_("只有法院的报表岗和管理部门可以查看核对表。"))
    keys = tuple(court.pk for court in seen)
    found = remembered(
        stamp_of_page(),
        ("reconciled", year.pk, month, keys),
        lambda: tuple(compared(year, [month], keys)),
    )
    return _rows(user, year, month, seen, found)


def may_compare(user: Account, year: QualityYear) -> bool:
    """Whether there is anything for the account to compare."""
    own = getattr(user, "court", None) or year.court
    return may_view_returns(user, own) and may_view_counts(user, year, own.code)


def last_month(year: QualityYear) -> Month:
    """The month that ended last, December of years gone by; January while nothing has ended."""
    today = database_clock.today()
    ended = MONTHS_OF_YEAR if today.year > year.year else today.month - 1
    return Month(year.year, max(ended, 1))


def gaps(
    user: Account, year: QualityYear, month: int, courts: Iterable[Court], side: str = ""
) -> list[ReconciledRow]:
    """Where figures and lines of these courts are not the same; nothing for who may not see them.

    A register without any line in the year is not kept yet, and differs from nothing. One query
    where no register is kept, seven otherwise.
    """

    def write() -> QuerySet[Any, str]:
        lines = RegisterLine.objects.filter(quality_year=year.pk).order_by()
        return lines.values_list("register", flat=True).distinct()

    kept = set(remembered_rows(("registers kept", year.pk), write))
    if not kept:
        return []
    try:
        rows = reconciled(user, year, month, courts)
    except PermissionDenied:
        return []
    return [row for row in rows if row.differs and row.register in kept and side in ("", row.side)]


def year_gaps(user: Account, year: QualityYear, month: int) -> list[ReconciledRow]:
    """Where figures and lines of any court of the year are not the same."""
    return gaps(user, year, month, _courts(year, month))


def _courts(year: QualityYear, month: int) -> list[Court]:
    return courts_in(year, Month(year.year, month))


def _rows(
    user: Account,
    year: QualityYear,
    month: int,
    courts: list[Court],
    found: Iterable[RegisterDifference],
) -> list[ReconciledRow]:
    language = get_language() or ""
    registers = {one.code: one for one in registers_of(year)}
    leading = leading_registers(registers.values())
    rulebook = rulebook_of(year, Month(year.year, month))
    by_key = {court.pk: court for court in courts}
    rows = []
    for one in found:
        metric = rulebook.metrics.get(one.metric)
        if metric is not None:
            court = by_key[one.court]
            rows.append(
                ReconciledRow(
                    court=court,
                    court_name=court.label(language),
                    register=one.register,
                    register_title=registers[one.register].title,
                    metric=one.metric,
                    label=metric_name(rulebook, one.metric, language),
                    side=metric.side.value,
                    month=month,
                    figure=one.figure,
                    lines=one.lines,
                    leads=leading.get(one.metric) == one.register,
                    may_fill=may_enter(user, court, metric.side.value),
                )
            )
    return rows


def has_made_lines(year: QualityYear) -> bool:
    """Whether any line of the year is made up. One query."""
    return RegisterLine.objects.filter(quality_year=year, is_made=True).exists()
