"""Owns what differs between the extracts and the returns handed in: who said what, who may act.

A desk sees its own court's differences, an office and the leading group those of all courts. A
constant number of queries, however many courts and months. Never decides what counts: `extracts`
does. Terms: the *standing* of a difference is open, or what was said or decided about its two
values while both are still these.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from courts.figures.selectors.extracts import ExtractCell, Extracts, extracts_of
from courts.figures.selectors.facts import Counted, counted_figures
from courts.frame.read_once import read_once
from courts.frame.remembered import remembered, remembered_rows, stamp_of_page
from courts.models import Court, Difference, ExtractFigure, QualityYear
from courts.motions.selectors.waiting import waiting_cells
from courts.permissions import (
    Account,
    Basis,
    may_explain_difference,
    may_oversee_returns,
    may_settle_difference,
    may_view_returns,
)
from courts.wording.amounts import figure_text, places_of, signed
from courts.wording.explanations import metric_name
from courts.wording.months import month_name
from courts.years.court_changes import court_changes_of, court_label
from courts.years.selectors.slots import NoSlotError, Slot, find_month, find_open_year, find_slot
from courts.years.selectors.years import courts_in, rulebook_of, sides_of
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR
from scoring.schema import Side


class DifferenceStanding(StrEnum):
    """Where a difference is on its way."""

    OPEN = "open"
    EXPLAINED = "explained"
    RETURN = "return"
    EXTRACT = "extract"

    @property
    def is_settled(self) -> bool:
        return self in (DifferenceStanding.RETURN, DifferenceStanding.EXTRACT)


STANDINGS = {
    DifferenceStanding.OPEN: gettext_lazy("未处理"),
    DifferenceStanding.EXPLAINED: gettext_lazy("法院已说明，待处理"),
    DifferenceStanding.RETURN: gettext_lazy("以法院填报为准"),
    DifferenceStanding.EXTRACT: gettext_lazy("以提取数据为准，待法院更正"),
}


@dataclass(frozen=True, slots=True)
class DifferenceSearch:
    """What to look for; empty does not narrow it. `state` is a standing, or `unsettled`."""

    court: str = ""
    month: str = ""
    side: str = ""
    state: str = ""

    def matches(self, line: DifferenceLine) -> bool:
        return (
            self.court in ("", line.slot.court.code)
            and self.month in ("", str(line.slot.month))
            and self.side in ("", line.slot.side.value)
            and (
                self.state in ("", line.standing.value)
                or (self.state == "unsettled" and not line.standing.is_settled)
            )
        )


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One cell with two values; `court_value` is None where the court reported none.

    Both are as they are held; `places` says with how many decimals they are written.

    `version` is that of what was said about the cell before, whether it still holds or not;
    `motion` is what somebody proposed about it that waits for a second person.
    """

    slot: Slot
    court_name: str
    month_name: str
    metric: str
    label: str
    extract_value: int
    court_value: int | None
    standing: DifferenceStanding
    version: int
    explanation: str
    explained_by: str
    explained_at: datetime | None
    note: str
    settled_by: str
    settled_at: datetime | None
    confirmed_by: str
    source: str
    extracted_at: datetime
    may_explain: bool
    may_settle: bool
    is_demo: bool
    motion: int | None = None
    places: int = 0

    @property
    def state_label(self) -> str:
        return str(STANDINGS[self.standing])

    @property
    def key(self) -> str:
        """What a form names the cell and the values seen by."""
        own = "" if self.court_value is None else self.court_value
        place = f"{self.slot.court.code}/{self.slot.month}/{self.metric}"
        return f"{place}/{self.version}/{self.extract_value}/{own}"

    @property
    def waits_for_office(self) -> bool:
        """Whether this account's office has to propose which value stands."""
        return self.may_settle and not self.standing.is_settled and self.motion is None

    @property
    def waits_for_court(self) -> bool:
        """Whether the court has something to do: say why, or correct its figure."""
        return self.standing in (DifferenceStanding.OPEN, DifferenceStanding.EXTRACT)

    @property
    def by_how_much(self) -> int | None:
        """The extract's value less the court's; None where there is nothing to take away."""
        return None if self.court_value is None else self.extract_value - self.court_value

    @property
    def by_how_much_text(self) -> str:
        """The difference with its sign; empty where there is nothing to take away."""
        return signed(figure_text(self.by_how_much, self.places))


def differences(
    user: Account, year: QualityYear, search: DifferenceSearch | None = None
) -> tuple[DifferenceLine, ...]:
    """Those the account may see, by month, court and metric; `PermissionDenied` for others."""
    found = differences_of_years(user, [year], _courts(user, year).values())
    return tuple(line for line in found if search is None or search.matches(line))


def differences_of(user: Account, slot: Slot) -> Mapping[str, DifferenceLine]:
    """The differences of one return, by metric."""
    held = _held([slot.year], [slot.court], {slot.month}, {slot.side})
    return {line.metric: line for line in lines_of(user, held)}


def differences_of_years(
    user: Account, years: Sequence[QualityYear], courts: Iterable[Court]
) -> tuple[DifferenceLine, ...]:
    """The differences of these courts in several years of one prefecture. Seven queries."""
    return lines_of(user, held_differences(years, courts))


def held_differences(years: Sequence[QualityYear], courts: Iterable[Court]) -> HeldDifferences:
    """What the differences of these courts follow from, for `lines_of`.

    Seven queries, one where nothing was extracted for them.
    """
    listed, keys = tuple(courts), tuple(year.pk for year in years)
    sides = {side for year in years for side in sides_of(year)}
    key = ("differences", keys, tuple(court.pk for court in listed))

    def make() -> HeldDifferences:
        return _held(years, listed, _months(years), sides)

    return read_once(key, lambda: remembered(stamp_of_page(), key, make))


def picked_differences(
    user: Account, year: QualityYear, keys: Collection[str]
) -> tuple[DifferenceLine, ...]:
    """Those of the keys that are still as they were seen."""
    return tuple(line for line in differences(user, year) if line.key in keys)


def find_cell(user: Account, year: str, court: str, month: str, metric: str) -> Slot:
    """The return of a cell; `NoSlotError`, or `PermissionDenied` when not for the account."""
    found = find_open_year(user, year)
    known = rulebook_of(found, find_month(found, month)).metrics.get(metric)
    if known is None:
        raise NoSlotError(_("没有指标“%(code)s”。请核对指标代码。") % {"code": metric})
    return find_slot(user, year, month, court, known.side.value)


def _courts(user: Account, year: QualityYear) -> dict[str, Court]:
    """The year's courts whose differences the account may see, in order. One query."""
    only = None if may_oversee_returns(user, year) else getattr(user, "court_id", None) or 0
    found = {
        court.code: court
        for court in courts_in(year)
        if only in (None, court.pk) and may_view_returns(user, court)
    }
    if not found:
        raise PermissionDenied(_("只有法院的报表岗和管理部门可以查看数据差异。"))
    return found


def _months(years: Iterable[QualityYear]) -> set[Month]:
    numbers = range(1, MONTHS_OF_YEAR + 1)
    return {Month(year.year, number) for year in years for number in numbers}


def _held(
    years: Sequence[QualityYear],
    courts: Iterable[Court],
    months: Iterable[Month],
    sides: Collection[Side],
) -> HeldDifferences:
    """The years are of one prefecture. Seven queries."""
    courts, months = tuple(courts), tuple(sorted(months))
    periods = Q(
        year__in=[year.year for year in years],
        month__in={month.month for month in months},
        court__in=[court.pk for court in courts],
    )
    told = _told(years, periods)
    # Both look at the prefecture alone, which is the same in all years.
    counted, extracts = Counted({}, {}, ()), Extracts({}, {})
    if told.extracted:
        counted = counted_figures(years[0], Basis.REPORTED, periods)
        extracts = extracts_of(years[0], periods)
    return HeldDifferences(
        years={year.year: year for year in years},
        courts=courts if told.extracted else (),
        months=months,
        sides=frozenset(side.value for side in sides),
        counted=counted,
        extracts=extracts,
        told=told,
    )


def lines_of(user: Account, held: HeldDifferences) -> tuple[DifferenceLine, ...]:
    """The differences in order, with what the account may do about each. No query."""
    return tuple(_lines(user, held))


def _lines(user: Account, held: HeldDifferences) -> Iterator[DifferenceLine]:
    counted, told = held.counted, held.told
    for month in held.months:
        changes = court_changes_of(held.years[month.year])
        for court in held.courts:
            if not changes.is_assessed(court.pk, month):
                continue
            period = (court.pk, *month)
            own = counted.figures.get(period, {})
            handed_in = held.sides & set(counted.sides.get(period, ()))
            found = sorted(held.extracts.differing(court.pk, month, handed_in, own))
            for metric, value, state in found:
                cell = ExtractCell(court.pk, month, metric)
                # Of an extract that came between the queries: next time.
                if cell in told.extracted:
                    values = value, own.get(metric)
                    is_demo = period in counted.demo
                    yield told.line(
                        user, held.years[month.year], court, cell, values, state, is_demo=is_demo
                    )


@dataclass(frozen=True, slots=True)
class HeldDifferences:
    """What the differences of some courts in some months follow from; `years` by their number."""

    years: Mapping[int, QualityYear]
    courts: tuple[Court, ...]
    months: tuple[Month, ...]
    sides: frozenset[str]
    counted: Counted
    extracts: Extracts
    told: _Told


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of cells beside their values."""

    extracted: Mapping[ExtractCell, ExtractFigure]
    rows: Mapping[ExtractCell, Difference]
    moved: Mapping[tuple[str, str, str], int]

    def line(
        self,
        user: Account,
        year: QualityYear,
        court: Court,
        cell: ExtractCell,
        values: tuple[int, int | None],
        state: str,
        *,
        is_demo: bool,
    ) -> DifferenceLine:
        figure, row = self.extracted[cell], self.rows.get(cell)
        said = row if row is not None and state else None
        language = get_language() or ""
        side, rulebook = Side(figure.side), rulebook_of(year, cell.month)
        return DifferenceLine(
            slot=Slot(year, court, cell.month, side),
            court_name=court_label(year, court, cell.month),
            month_name=month_name(cell.month),
            metric=cell.metric,
            label=metric_name(rulebook, cell.metric, language),
            extract_value=values[0],
            court_value=values[1],
            standing=DifferenceStanding(state or DifferenceStanding.OPEN),
            version=row.version if row else 0,
            explanation=said.explanation if said else "",
            explained_by=str(said.explained_by or "") if said else "",
            explained_at=said.explained_at if said else None,
            note=said.note if said else "",
            settled_by=str(said.settled_by or "") if said else "",
            settled_at=said.settled_at if said else None,
            confirmed_by=str(said.confirmed_by or "") if said else "",
            source=figure.extract.source,
            extracted_at=figure.extract.uploaded_at,
            may_explain=may_explain_difference(user, court, side),
            may_settle=may_settle_difference(user, court, side),
            is_demo=is_demo,
            motion=self.moved.get((court.code, str(cell.month), cell.metric)),
            places=places_of(rulebook, [cell.metric]),
        )


def _told(years: Sequence[QualityYear], periods: Q) -> _Told:
    """Three queries, one where nothing was extracted."""

    def write() -> QuerySet[ExtractFigure]:
        rows = ExtractFigure.objects.current().filter(periods)
        return rows.select_related("extract").order_by()

    def write_differences() -> QuerySet[Difference]:
        rows = Difference.objects.filter(periods)
        return rows.select_related("explained_by", "settled_by", "confirmed_by").order_by()

    extracted = {_cell(one): one for one in remembered_rows(("extracted", periods), write)}
    if not extracted:
        return _Told({}, {}, {})
    rows = remembered_rows(("differing", periods), write_differences)
    return _Told(
        extracted=extracted,
        rows={_cell(row): row for row in rows},
        moved=waiting_cells(years),
    )


def _cell(row: ExtractFigure | Difference) -> ExtractCell:
    return ExtractCell(row.court_id, Month(row.year, row.month), row.metric)
