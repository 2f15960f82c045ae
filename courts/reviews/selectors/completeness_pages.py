"""Owns how completeness is laid out on its page and in its file: which side, in which words.

Never counts: the counts and rates are those of `completeness`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from courts.frame.choices import Choice
from courts.frame.remembered import remembered, stamp_of_page
from courts.models import MonthlyReturn, QualityYear
from courts.permissions import Account, review_sides
from courts.returns.selectors.timeliness import Timeliness
from courts.reviews.selectors.completeness import (
    Completeness,
    CompletenessCell,
    Rates,
    completeness,
)
from courts.wording.explanations import side_label, sides_label
from courts.wording.moments import day_and_hour
from courts.wording.months import month_name
from courts.years.selectors.entry_windows import deadline_of, last_day_of, local_day
from courts.years.selectors.years import CourtRow, rulebook_of, sides_of
from scoring.schema import Side

BOTH = "both"


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One return in the board: its sign, a few words, and the whole sentence."""

    cell: CompletenessCell
    side_label: str
    short: str
    sentence: str
    may_review: bool


@dataclass(frozen=True, slots=True)
class ShownCourt:
    """A row of the table: one court, its months, and its rates over the year."""

    court: CourtRow
    name: str
    months: tuple[tuple[ShownCell, ...], ...]
    rates: Rates


@dataclass(frozen=True, slots=True)
class ShownRates:
    """The rates of one month, by its number."""

    number: int
    rates: Rates


@dataclass(frozen=True, slots=True)
class Reminder:
    """A return that should be there: since when, and in words to send."""

    cell: CompletenessCell
    court: str
    month_name: str
    side_label: str
    due_on: str
    sentence: str


@dataclass(frozen=True, slots=True)
class CompletenessPage:
    """How complete the returns of a year are, and the reminders to send."""

    months: tuple[str, ...]
    courts: tuple[ShownCourt, ...]
    rates: tuple[ShownRates, ...]
    of_year: Rates
    reminders: tuple[Reminder, ...]
    sides: tuple[Choice, ...]
    has_deadline: bool
    is_demo: bool


def completeness_page(
    user: Account, year: QualityYear, side: str, now: datetime
) -> CompletenessPage:
    """Completeness of one side or `both`; anything else is the account's own, else both."""
    own = review_sides(user)
    if side not in (BOTH, *sides_of(year)):
        side = next(iter(own)) if len(own) == 1 else BOTH
    # Returns are late by the day.
    key = ("completeness", year.pk, side, own, get_language(), local_day(now))
    return remembered(stamp_of_page(), key, lambda: _page(year, side, own, now))


def _page(year: QualityYear, side: str, own: frozenset[str], now: datetime) -> CompletenessPage:
    found = completeness(year, now)
    rulebook, language = rulebook_of(year), get_language() or ""
    shown = [one for one in sides_of(year) if side in (BOTH, one.value)]
    return CompletenessPage(
        months=tuple(str(month.month) for month in found.months),
        courts=_courts(year, found, shown, own),
        rates=tuple(ShownRates(line.month.month, line.rates.of(shown)) for line in found.rates),
        of_year=found.of_year.of(shown),
        reminders=tuple(_reminder(cell, year) for cell in found.to_remind if cell.side in shown),
        sides=(
            Choice(BOTH, sides_label(rulebook), side == BOTH),
            *(
                Choice(one.side.value, one.label.get(language), side == one.side.value)
                for one in rulebook.sides
            ),
        ),
        has_deadline=found.has_deadline,
        is_demo=any(cell.is_demo for cell in found.cells if cell.side in shown),
    )


def short_words(cell: CompletenessCell) -> str:
    """How a return stands, in as few words as a cell holds."""
    days = cell.days
    match cell.punctuality.kind:
        case Timeliness.LATE if days:
            text = ngettext("迟%(days)s天", "迟%(days)s天", days)
        case Timeliness.OVERDUE if days:
            text = ngettext("欠%(days)s天", "欠%(days)s天", days)
        case Timeliness.NOT_BEGUN:
            return "—"
        case _:
            return cell.label
    return text % {"days": days}


def _courts(
    year: QualityYear, found: Completeness, sides: list[Side], own: frozenset[str]
) -> tuple[ShownCourt, ...]:
    language = get_language() or ""
    lines = []
    for line in found.courts:
        name = line.court.label(language)
        months = tuple(
            tuple(
                _shown(year, cell, name, own)
                for cell in cells
                if cell.is_assessed and cell.side in sides
            )
            for cells in line.months
        )
        lines.append(ShownCourt(line.court, name, months, line.rates.of(sides)))
    return tuple(lines)


def _shown(year: QualityYear, cell: CompletenessCell, court: str, own: frozenset[str]) -> ShownCell:
    short, side = short_words(cell), _side(year, cell)
    values: Mapping[str, object] = {
        "court": court,
        "month": month_name(cell.month),
        "side": side,
        "how": short if short != "—" else cell.label,
        "state": cell.state_label,
        "filled": cell.filled,
        "total": cell.total,
    }
    text = _("%(court)s %(month)s %(side)s：%(how)s，%(state)s，已填 %(filled)s / %(total)s")
    waits = cell.state == MonthlyReturn.State.SUBMITTED
    return ShownCell(
        cell=cell,
        side_label=side,
        short=short,
        sentence=text % values,
        may_review=waits and cell.side in own,
    )


def _reminder(cell: CompletenessCell, year: QualityYear) -> Reminder:
    day, deadline = last_day_of(year, cell.month), deadline_of(year, cell.month)
    court = cell.court.label(get_language() or "")
    values = {
        "court": court,
        "month": month_name(cell.month),
        "side": _side(year, cell),
        "until": day_and_hour(deadline) if deadline else "",
        "filled": cell.filled,
        "total": cell.total,
    }
    if cell.punctuality.kind is Timeliness.RETURNED:
        text = _("%(court)s：%(month)s%(side)s报表已退回，请改正后重新提交。")
    elif cell.days:
        text = ngettext(
            "%(court)s：%(month)s%(side)s报表应于%(until)s报送，已逾期 %(days)s 天。",
            "%(court)s：%(month)s%(side)s报表应于%(until)s报送，已逾期 %(days)s 天。",
            cell.days,
        )
        values["days"] = cell.days
    elif day:
        text = _("%(court)s：%(month)s%(side)s报表应于%(until)s报送，尚未提交。")
    else:
        text = _("%(court)s：%(month)s%(side)s报表尚未提交。")
    return Reminder(
        cell=cell,
        court=court,
        month_name=month_name(cell.month),
        side_label=_side(year, cell),
        due_on=day.isoformat() if day else "",
        sentence=text % values,
    )


def _side(year: QualityYear, cell: CompletenessCell) -> str:
    return side_label(rulebook_of(year, cell.month), cell.side.value)
