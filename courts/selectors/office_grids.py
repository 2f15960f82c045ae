"""Owns one side of a month for all courts at once: metrics down, courts across, sums at the end.

Figures stand as stored, drafts too: it is for the offices. Three queries, however many courts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import get_language

from courts.models import Court, MonthlyReturn, QualityYear
from courts.permissions import Account, may_enter_on_behalf
from courts.selectors.findings import ReturnFinding, findings_of
from courts.selectors.slots import Slot
from courts.selectors.stored import NO_CELL, StoredReturns, stored_returns
from scoring.facts import Month
from scoring.schema import Metric, Side

CLOSED = (MonthlyReturn.State.VERIFIED, MonthlyReturn.State.PUBLISHED)


@dataclass(frozen=True, slots=True)
class OfficeCell:
    """One figure of one court; `findings` are those it takes part in."""

    slot: Slot
    value: int | None
    version: int
    findings: tuple[ReturnFinding, ...]

    @property
    def has_error(self) -> bool:
        return any(finding.is_error for finding in self.findings)


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
class OfficeGrid:
    columns: tuple[OfficeColumn, ...]
    rows: tuple[OfficeRow, ...]

    @property
    def is_demo(self) -> bool:
        return any(column.is_demo for column in self.columns)


def office_grid(user: Account, year: QualityYear, month: Month, side: Side) -> OfficeGrid:
    """The figures of every court of the year, in the order of the notice."""
    courts = Court.objects.filter(Q(pk=year.court_id) | Q(parent=year.court_id))
    slots = [
        Slot(year, court, month, side)
        for court in courts.select_related("parent").order_by("order", "code")
    ]
    stored = stored_returns(slots)
    found = findings_of(slots, stored=stored)
    metrics = slots[0].rulebook.metrics_of(side)
    return OfficeGrid(
        columns=tuple(_column(user, slot, stored) for slot in slots),
        rows=tuple(
            _row(
                metric,
                [_cell(slot, stored, metric.code, found[slot.key]) for slot in slots],
            )
            for metric in metrics
        ),
    )


def _column(user: Account, slot: Slot, stored: StoredReturns) -> OfficeColumn:
    own = stored.at(slot)
    row = own.row if own else MonthlyReturn(**slot.fields)
    korean = (get_language() or "").startswith("ko")
    return OfficeColumn(
        slot=slot,
        court=slot.court.name_ko if korean and slot.court.name_ko else slot.court.short_name,
        state=row.state,
        state_label=row.get_state_display(),
        version=row.version,
        may_edit=row.state not in CLOSED and may_enter_on_behalf(user, slot.court, slot.side),
        is_demo=row.is_demo,
    )


def _cell(
    slot: Slot, stored: StoredReturns, metric: str, found: Sequence[ReturnFinding]
) -> OfficeCell:
    own = stored.at(slot)
    cell = own.cells.get(metric, NO_CELL) if own else NO_CELL
    return OfficeCell(
        slot=slot,
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
    )
