"""Owns one side of a month for all courts at once: metrics down, courts across, sums at the end.

Figures stand as stored, drafts too: it is for the offices. Three queries, however many courts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import get_language

from courts.figures.selectors.findings import FindingKind, ReturnFinding, findings_of
from courts.figures.selectors.stored import NO_CELL, StoredReturns, stored_returns
from courts.frame.choices import Choice
from courts.models import Court, MonthlyReturn, QualityYear
from courts.permissions import Account, may_enter_on_behalf, review_sides
from courts.wording.explanations import side_label
from courts.wording.months import month_name
from courts.years.selectors.slots import Slot
from courts.years.selectors.years import courts_in, rulebook_of, sides_of
from scoring.facts import Month
from scoring.periods import due_metrics
from scoring.rates import MONTHS_OF_YEAR
from scoring.schema import Metric, Side

CLOSED = (MonthlyReturn.State.VERIFIED, MonthlyReturn.State.PUBLISHED)


@dataclass(frozen=True, slots=True)
class OfficeColumn:
    """One court's return; `may_edit` says whether this account may write in it."""

    slot: Slot
    court: str
    state: str
    state_label: str
    version: int
    may_edit: bool
    is_demo: bool


@dataclass(frozen=True, slots=True)
class OfficeCell:
    """One figure of one court; `findings` are those it takes part in."""

    column: OfficeColumn
    value: int | None
    version: int
    findings: tuple[ReturnFinding, ...]

    @property
    def slot(self) -> Slot:
        return self.column.slot

    @property
    def has_error(self) -> bool:
        return any(finding.is_error for finding in self.findings)

    @property
    def worst(self) -> str:
        """`error`, `warning`, or nothing; a blank is neither."""
        told = [finding for finding in self.findings if finding.kind is not FindingKind.BLANK]
        return "error" if self.has_error else "warning" if told else ""

    @property
    def sentences(self) -> str:
        """What is said of it, one after the other."""
        return " ".join(
            finding.sentence for finding in self.findings if finding.kind is not FindingKind.BLANK
        )


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """One metric: a cell a court, the sum of those reported, how many are not."""

    metric: str
    label: str
    group: str
    unit: str
    cells: tuple[OfficeCell, ...]
    total: int | None
    missing: int
    kind: str
    places: int = 0


@dataclass(frozen=True, slots=True)
class OfficeGrid:
    """The returns of all courts for one month and side: a column a court, a row a figure."""

    columns: tuple[OfficeColumn, ...]
    rows: tuple[OfficeRow, ...]

    @property
    def is_demo(self) -> bool:
        return any(column.is_demo for column in self.columns)

    @property
    def may_edit(self) -> bool:
        return any(column.may_edit for column in self.columns)

    @property
    def groups(self) -> tuple[tuple[str, tuple[OfficeRow, ...]], ...]:
        """The rows under the names of their groups, in order."""
        labels = {group.code: group.label for group in self.columns[0].slot.rulebook.metric_groups}
        language = get_language() or ""
        return tuple(
            (labels[code].get(language), tuple(rows))
            for code, rows in groupby(self.rows, key=lambda row: row.group)
        )


@dataclass(frozen=True, slots=True)
class OfficeGridPage:
    """The grid with what else can be looked at: the months of the year, both sides."""

    grid: OfficeGrid
    month_name: str
    side_label: str
    months: tuple[Choice, ...]
    sides: tuple[Choice, ...]


def office_grid_page(user: Account, year: QualityYear, month: Month, side: Side) -> OfficeGridPage:
    """What the page of one side of a month shows."""
    numbers = range(1, MONTHS_OF_YEAR + 1)
    rulebook = rulebook_of(year, month)
    return OfficeGridPage(
        grid=office_grid(user, year, month, side),
        month_name=month_name(month),
        side_label=side_label(rulebook, side.value),
        months=tuple(
            Choice(str(Month(year.year, number)), str(number), number == month.month)
            for number in numbers
        ),
        sides=tuple(
            Choice(one.side.value, side_label(rulebook, one.side.value), one.side is side)
            for one in rulebook.sides
        ),
    )


def latest_grid(user: Account, year: QualityYear) -> tuple[Month, Side]:
    """Where the grid is best opened: the latest month that has a return, the account's own side."""
    sides = review_sides(user)
    known = sides_of(year)
    side = next((one for one in known if one.value in sides), known[0])
    returns = MonthlyReturn.objects.assessed().filter(
        court__in=Court.objects.of_year(year), year=year.year, side=side.value
    )
    latest = returns.order_by("-month").values_list("month", flat=True).first()
    return Month(year.year, latest or 1), side


def office_grid(user: Account, year: QualityYear, month: Month, side: Side) -> OfficeGrid:
    """The figures of every court of the year, in the order of the notice."""
    slots = [Slot(year, court, month, side) for court in courts_in(year, month)]
    stored = stored_returns(slots)
    found = findings_of(slots, stored=stored)
    metrics = due_metrics(slots[0].rulebook, side, month.month)
    columns = tuple(_column(user, slot, stored) for slot in slots)
    return OfficeGrid(
        columns=columns,
        rows=tuple(
            _row(
                metric,
                [_cell(one, stored, metric.code, found[one.slot.key]) for one in columns],
            )
            for metric in metrics
        ),
    )


def _column(user: Account, slot: Slot, stored: StoredReturns) -> OfficeColumn:
    own = stored.at(slot)
    row = own.row if own else MonthlyReturn(**slot.fields)
    return OfficeColumn(
        slot=slot,
        court=slot.court.label(get_language() or ""),
        state=row.state,
        state_label=row.get_state_display(),
        version=row.version,
        may_edit=row.state not in CLOSED and may_enter_on_behalf(user, slot.court, slot.side),
        is_demo=row.is_demo,
    )


def _cell(
    column: OfficeColumn, stored: StoredReturns, metric: str, found: Sequence[ReturnFinding]
) -> OfficeCell:
    own = stored.at(column.slot)
    cell = own.cells.get(metric, NO_CELL) if own else NO_CELL
    return OfficeCell(
        column=column,
        value=cell.value,
        version=cell.version,
        findings=tuple(finding for finding in found if metric in finding.metrics),
    )


def _row(metric: Metric, cells: Sequence[OfficeCell]) -> OfficeRow:
    language = get_language() or ""
    values = [cell.value for cell in cells if cell.value is not None]
    return OfficeRow(
        metric=metric.code,
        label=metric.label.get(language),
        group=metric.group,
        unit=metric.unit.get(language),
        cells=tuple(cells),
        total=sum(values) if values else None,
        missing=len(cells) - len(values),
        kind=metric.kind.value,
        places=metric.places,
    )
