"""Owns the places of returns: one for each court, month and side of a quality year.

Terms: a *slot* is such a place, whether or not its return has a row yet.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.frame.remembered import remembered_rows
from courts.models import Court, MonthlyReturn, QualityYear
from courts.permissions import Account, may_oversee_returns, may_view_returns
from courts.wording.explanations import metric_name, side_label
from courts.wording.months import month_name
from courts.years.selectors.periods import years_of
from courts.years.selectors.years import courts_in, rulebook_of, sides_of
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR
from scoring.schema import Rulebook, Side


class NoSlotError(LookupError):
    """The address names no year, month, court or side of the account's prefecture."""


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one return; the court comes with its parent, the year with its edition."""

    year: QualityYear
    court: Court
    month: Month
    side: Side

    @property
    def key(self) -> str:
        """The place in an address, below the year."""
        return f"{self.month}/{self.court.code}/{self.side.value}"

    @property
    def rulebook(self) -> Rulebook:
        return rulebook_of(self.year, self.month)

    @property
    def side_label(self) -> str:
        return side_label(self.rulebook, self.side)

    def row(self) -> MonthlyReturn | None:
        """The return, where there is one. One query."""
        place = (self.court.pk, self.month, self.side.value)

        def write() -> QuerySet[MonthlyReturn]:
            return MonthlyReturn.objects.filter(**self.fields).order_by("pk")[:1]

        return next(iter(remembered_rows(("return", place), write)), None)

    @property
    def fields(self) -> dict[str, object]:
        """What a row of this slot is found, or made, by."""
        return {
            "court": self.court,
            "year": self.month.year,
            "month": self.month.month,
            "side": self.side.value,
        }


def find_slot(user: Account, year: str, month: str, court: str, side: str) -> Slot:
    """The slot of an address. `NoSlotError`; `PermissionDenied` when it is not for the account."""
    found_year = find_open_year(user, year)
    found_month = find_month(found_year, month)
    found_court = find_court(user, found_year, court, found_month)
    return Slot(found_year, found_court, found_month, find_side(found_year, found_month, side))


def find_side(year: QualityYear, month: Month, text: str) -> Side:
    """The side of that code; `NoSlotError` for anything else."""
    found = next((side for side in sides_of(year, month) if side == text), None)
    if found is None:
        raise NoSlotError(_("没有类别“%(side)s”。") % {"side": text})
    return found


def find_open_year(user: Account, code: str) -> QualityYear:
    """The quality year of that code in the account's prefecture."""
    for year in years_of(user):
        if year.code == code:
            return year
    raise NoSlotError(
        _("没有质量年“%(code)s”，或者它不属于您所在的地区。请从首页重新打开。") % {"code": code}
    )


def find_month(year: QualityYear, text: str) -> Month:
    """The month of the year; `NoSlotError` for anything else."""
    try:
        month = Month.parse(text)
    except ValueError:
        month = None
    if month is None or month.year != year.year:
        text = _("“%(month)s”不是%(year)s质量年的月份。") % {"month": text, "year": year.year}
        raise NoSlotError(text)
    return month


def month_of_year(year: QualityYear, text: str) -> Month | None:
    """The month of that number (`1` to `12`) of the year; None for anything else."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MONTHS_OF_YEAR):
        return None
    return Month(year.year, int(text))


def find_court(user: Account, year: QualityYear, code: str, month: Month | None = None) -> Court:
    """The court of the year, or of one of its months, whose returns the account may look at."""
    court = next((one for one in courts_in(year, month) if one.code == code), None)
    if court is None:
        text = (
            _("这个质量年不考核“%(court)s”。请另选法院。")
            if month is None
            else _("这个月不考核“%(court)s”。请另选法院或月份。")
        )
        raise NoSlotError(text % {"court": code})
    if not may_view_returns(user, court):
        raise PermissionDenied(_("只能查看本院的报表。"))
    return court


def year_of(row: MonthlyReturn) -> QualityYear | None:
    """The quality year a return belongs to; None for a baseline year. One query."""
    root = row.court.root_key
    return QualityYear.objects.filter(court_id=root, year=row.year).first()


def check_oversees(user: Account, year: QualityYear) -> None:
    """`PermissionDenied` unless the account may look at the returns of all courts at once."""
    if not may_oversee_returns(user, year):
        raise PermissionDenied(_("只有管理部门可以查看各院的报表。"))


def return_name(slot: Slot) -> str:
    """Court, month and side of a return, as a message names it."""
    text = _("%(court)s%(month)s%(side)s报表")
    values = {
        "court": court_name(slot.court),
        "month": month_name(slot.month),
        "side": slot.side_label,
    }
    return text % values


def metric_label(slot: Slot, metric: str) -> str:
    """The metric as the month's rulebook names it."""
    return metric_name(slot.rulebook, metric)


def court_name(court: Court) -> str:
    """The full name in the active language."""
    return court.full_name(get_language() or "")
