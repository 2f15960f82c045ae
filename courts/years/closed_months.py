"""Owns which closed months a write would change, and the sentence that says so; writes nothing.

A figure of a month is also the baseline of a later year's. Months closed on made-up figures are not
locked. Terms: an *input* is a year, month and side that something is written of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.utils.translation import gettext as _

from courts.frame.listing import enumerated
from courts.models import QualityYear
from courts.wording.explanations import side_label
from courts.wording.months import month_name
from courts.years.closings import closings_of, closings_of_prefecture, in_order
from courts.years.court_changes import courts_from
from courts.years.selectors.years import CourtRow, rulebook_of, sides_of
from scoring.facts import Month

DECEMBER = 12
# The years, by key, and months that a restatement may write in; None: nobody restates.
_RESTATED: ContextVar[frozenset[tuple[int, int]]] = ContextVar("restated", default=frozenset())


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    """A side of a month that is closed, and that a write would change."""

    year: QualityYear
    month: Month
    side: str

    @property
    def label(self) -> str:
        """The month and side in words."""
        label = side_label(rulebook_of(self.year, self.month), self.side)
        return _("%(month)s%(side)s") % {"month": month_name(self.month), "side": label}


def closed_sentence(closed: Iterable[ClosedMonth]) -> str:
    """Why nothing was written, and what can be done instead."""
    names = enumerated(one.label for one in closed)
    return _(
        "%(months)s已经关账，不能再改；确需更改的，由负责的管理部门通过更正办理"
        "（尚未通报的，可说明理由重新打开）。"
    ) % {"months": names}


def open_courts(year: QualityYear) -> list[CourtRow]:
    """The courts that are assessed in the oldest open month or later: what is to come is theirs."""
    sides = [side.value for side in sides_of(year)]
    return courts_from(year, min(last_locked(year, sides) + 1, DECEMBER))


def closed_by(year: QualityYear, inputs: Iterable[tuple[int, int, str]]) -> Iterator[ClosedMonth]:
    """The locked sides of months that count by these inputs, each once, in order.

    Three queries for an object of the year, one where nothing of the prefecture is closed.
    """
    index = _index(year)
    if not index:
        return
    restated = _RESTATED.get()
    found = {one for given in inputs for one in index.get(given, ())}
    for one in sorted(found, key=_place):
        if (one.year.pk, one.month.month) not in restated:
            yield one


def _place(closed: ClosedMonth) -> tuple[Month, int]:
    sides = closings_of(closed.year).sides
    return closed.month, sides.index(closed.side)


def _index(year: QualityYear) -> Mapping[tuple[int, int, str], tuple[ClosedMonth, ...]]:
    """What is locked by the inputs it counts by; made once for what is kept of the year."""
    held = closings_of_prefecture(year)
    if not held:
        return {}
    kept: tuple[object, dict[tuple[int, int, str], tuple[ClosedMonth, ...]]] | None
    kept = year.__dict__.get("_closed_inputs")
    if kept is not None and kept[0] is held:
        return kept[1]
    years = {year.pk: year}
    if held.keys() - years.keys():
        others = QualityYear.objects.select_related("edition", "court").filter(pk__in=held)
        years |= {one.pk: one for one in others if one.pk != year.pk}
    index: dict[tuple[int, int, str], tuple[ClosedMonth, ...]] = {}
    for pk, closings in held.items():
        one = years[pk]
        baseline = rulebook_of(one).baseline_year
        for month, side in in_order(closings, one).locked():
            closed = ClosedMonth(one, Month(one.year, month), side)
            for number, of in {(one.year, month), (baseline, month), (baseline, DECEMBER)}:
                index[number, of, side] = (*index.get((number, of, side), ()), closed)
    year.__dict__["_closed_inputs"] = (held, index)
    return index


def last_locked(year: QualityYear, sides: Iterable[str]) -> int:
    """The last month of the year that is locked on any of these sides; 0 while none is."""
    restated = _RESTATED.get()
    months = closings_of(year).locked_months(sides)
    return max((month for month in months if (year.pk, month) not in restated), default=0)


@contextmanager
def restating(year: QualityYear, months: Collection[int]) -> Iterator[None]:
    """Let what is written within change these closed months: a restatement carries it out."""
    token = _RESTATED.set(_RESTATED.get() | {(year.pk, month) for month in months})
    try:
        yield
    finally:
        _RESTATED.reset(token)
