"""Owns the choice of year, month and basis that stands above every page of scores.

A month *has figures* when any court has some that count on the chosen basis. Never scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts import database_clock
from courts.frame.remembered import remembered, stamp_of_now, stamp_of_page
from courts.models import QualityYear, User
from courts.permissions import Account, Basis, may_use_basis, may_view_restatements, root_key
from courts.wording.months import month_name
from courts.years.restated import RestatedLine, restated_lines
from courts.years.selectors.counted_months import latest_with_figures, months_with_figures
from courts.years.selectors.years import (
    NoMonthError,
    NoYearError,
    edition_of,
    rulebook_in,
    rulebook_of,
    years_for,
)
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR


@dataclass(frozen=True, slots=True)
class MonthChoice:
    """One month of the strip."""

    month: Month
    has_figures: bool
    is_current: bool

    @property
    def number(self) -> int:
        return self.month.month


@dataclass(frozen=True, slots=True)
class YearChoice:
    """A year that the page can turn to."""

    code: str
    year: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class BasisChoice:
    """A basis of scores that the page can turn to."""

    code: str
    label: str
    is_current: bool


class PeriodPlace(NamedTuple):
    """What the addresses of a period are made of, by the names that templates know."""

    code: str
    month: Month
    query: str


@dataclass(frozen=True, slots=True)
class Period:
    """What a page of scores shows, and what it could show instead.

    `stamp` is the data's stamp from before anything of the page was read (`remembered`).
    """

    stamp: str
    year: QualityYear
    month: Month
    month_name: str
    basis: str
    basis_label: str
    document: str
    court: str
    edition: str
    months: tuple[MonthChoice, ...]
    years: tuple[YearChoice, ...]
    bases: tuple[BasisChoice, ...]
    restated: tuple[RestatedLine, ...] = ()

    @property
    def code(self) -> str:
        return self.year.code

    @property
    def has_figures(self) -> bool:
        return any(choice.is_current and choice.has_figures for choice in self.months)

    @property
    def has_total(self) -> bool:
        """Whether the month's rules add their sides up."""
        return rulebook_of(self.year, self.month).has_total

    @property
    def has_ranks(self) -> bool:
        """Whether the month's rules rank any court."""
        return rulebook_of(self.year, self.month).ranked_level is not None

    @property
    def query(self) -> str:
        """What addresses need to keep the basis."""
        return "" if self.basis == Basis.VERIFIED else f"?basis={self.basis}"

    @property
    def place(self) -> PeriodPlace:
        """The period for what shows its addresses and nothing else of it."""
        return PeriodPlace(self.code, self.month, self.query)

    @property
    def latest(self) -> MonthChoice | None:
        """The latest month with figures."""
        found = [choice for choice in self.months if choice.has_figures]
        return found[-1] if found else None

    @property
    def previous(self) -> MonthChoice | None:
        """The nearest month before with figures."""
        found = [c for c in self.months if c.has_figures and c.month < self.month]
        return found[-1] if found else None

    @property
    def following(self) -> MonthChoice | None:
        """The nearest month after with figures."""
        found = [c for c in self.months if c.has_figures and c.month > self.month]
        return found[0] if found else None


def years_of(user: Account) -> list[QualityYear]:
    """The quality years the account sees, latest first."""
    return years_for(user) if isinstance(user, User) else []


def landing_month(
    user: Account, code: str | None = None, basis: str = Basis.VERIFIED
) -> tuple[str, Month] | None:
    """Where a year is best opened: its latest month with figures, else its first month.

    Without a code it is the latest year with figures, else the current one; None when the account
    sees no year at all.
    """
    years = years_of(user)
    if code is not None:
        years = [_year_among(years, code)]
    month = latest_with_figures(years, basis)
    if month is not None:
        return next(year.code for year in years if year.year == month.year), month
    year = current_year(years, database_clock.now())
    return None if year is None else (year.code, Month(year.year, 1))


def current_year(years: Sequence[QualityYear], now: datetime) -> QualityYear | None:
    """The year the work is about: the latest one whose January is over, else the first to come.

    None without a year. At the turn of the year December's returns are still being entered, so a
    year that was set up early does not take over before its own first returns are due.
    """
    begun = [year for year in years if _has_begun(year, now)]
    if begun:
        return max(begun, key=lambda year: year.year)
    return min(years, key=lambda year: year.year, default=None)


def _has_begun(year: QualityYear, now: datetime) -> bool:
    today = timezone.localtime(now, timezone.get_default_timezone())
    return (today.year, today.month) > (year.year, 1)


def open_period(user: Account, code: str, month: str, basis: str) -> Period:
    """The period of an address; `NoYearError` or `NoMonthError` when there is none such."""
    stamp = stamp_of_page() or stamp_of_now(root_key(user))
    years = years_of(user)
    year = _year_among(years, code)
    chosen = Month.parse(month)
    if chosen.year != year.year:
        raise NoMonthError(
            _("%(month)s不在%(year)s质量年之内。")
            % {"month": month_name(chosen), "year": year.year}
        )
    language = get_language() or ""
    edition = edition_of(year, chosen)
    rulebook = rulebook_in(edition)
    filled = set(months_with_figures(year, basis))
    months = (Month(year.year, number) for number in range(1, MONTHS_OF_YEAR + 1))
    root = year.court
    return Period(
        stamp=stamp,
        year=year,
        month=chosen,
        month_name=month_name(chosen),
        basis=basis,
        basis_label=str(Basis(basis).label),
        document=rulebook.document.get(language),
        court=root.full_name(language),
        edition=str(edition),
        months=tuple(MonthChoice(m, m in filled, m == chosen) for m in months),
        years=tuple(YearChoice(y.code, y.year, y.pk == year.pk) for y in years),
        bases=tuple(
            BasisChoice(choice.value, str(choice.label), choice.value == basis)
            for choice in Basis
            if may_use_basis(user, choice)
        ),
        restated=_restated(user, year, chosen, stamp) if basis == Basis.VERIFIED else (),
    )


def _restated(
    user: Account, year: QualityYear, month: Month, stamp: str
) -> tuple[RestatedLine, ...]:
    """How the month was restated; without the restatement itself for who may not see it."""
    lines = remembered(
        stamp,
        ("restated", year.pk, month, get_language()),
        lambda: restated_lines(year, month.month),
    )
    if may_view_restatements(user, year):
        return lines
    return tuple(replace(line, restatement=None) for line in lines)


def _year_among(years: Sequence[QualityYear], code: str) -> QualityYear:
    for year in years:
        if year.code == code:
            return year
    raise NoYearError(
        _("没有质量年“%(code)s”，或者它不属于您所在的地区。请从首页重新打开。") % {"code": code}
    )
