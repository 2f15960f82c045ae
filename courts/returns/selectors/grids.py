"""Owns the grid of one return: its cells beside last month and last year, and all that is said.

A constant number of queries, whatever the number of metrics and months. Figures stand as stored,
drafts too: this is for those who may look at the return.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import get_language

from courts import database_clock
from courts.extracts.selectors.differences import STANDINGS, DifferenceStanding
from courts.figures.selectors.extracts import extracts_of
from courts.figures.selectors.findings import FindingKind, ReturnFinding, findings_of
from courts.figures.selectors.stored import NO_CELL, StoredReturn, StoredReturns, stored_returns
from courts.models import MonthlyReturn
from courts.permissions import Account, may_enter
from courts.returns.selectors.histories import HistoryLine, changes_of, last_changes
from courts.returns.selectors.notes import (
    BehalfLine,
    FollowUpLine,
    NoteLine,
    NoteRound,
    entries_on,
    follow_ups_on,
    notes_on,
    open_remarks,
    rounds_on,
)
from courts.years.court_changes import court_changes_of
from courts.years.selectors.entry_windows import Lock, deadline_of, window_of
from courts.years.selectors.slots import Slot
from scoring.facts import Month
from scoring.periods import due_metrics
from scoring.rates import MONTHS_OF_YEAR
from scoring.schema import Kind, Metric, Period


@dataclass(frozen=True, slots=True)
class ExtractMark:
    """What the case systems say of a cell whose figure is another, and where that stands."""

    value: int
    standing: DifferenceStanding

    @property
    def label(self) -> str:
        return str(STANDINGS[self.standing])


@dataclass(frozen=True, slots=True)
class GridRow:
    """One metric. Values are year to date, `alone` is this month by itself; None: not reported.

    `last_year` is the same month of the baseline year, else its whole year: see the month.
    """

    metric: str
    label: str
    definition: str
    source: str
    unit: str
    kind: str
    value: int | None
    version: int
    blank_reason: str
    note: str
    changed_by: str
    changed_at: datetime | None
    last_year: int | None
    last_year_month: Month | None
    last_month: int | None
    alone: int | None
    series: tuple[int | None, ...]
    findings: tuple[ReturnFinding, ...]
    comments: int
    remarks: tuple[NoteLine, ...]
    follow_up: FollowUpLine | None
    extract: ExtractMark | None
    places: int = 0

    @property
    def has_notes(self) -> bool:
        """Whether anything is said below the row; a blank alone is said in its state."""
        told = any(finding.kind is not FindingKind.BLANK for finding in self.findings)
        return bool(told or self.remarks or self.follow_up)


# Kinds of figures of which the month alone is what they grew by.
GROWING = (Kind.COUNT.value, Kind.SUM.value)


@dataclass(frozen=True, slots=True)
class GridGroup:
    """The rows of a return that stand under one heading."""

    code: str
    label: str
    rows: tuple[GridRow, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """One return. `may_edit` says whether this account may type in it now; `lock` why not.

    `remarks` are those to be answered, or answered and waiting: see `notes.open_remarks`.
    """

    slot: Slot
    state: str
    state_label: str
    version: int
    submitted_by: str
    submitted_at: datetime | None
    verified_by: str
    verified_at: datetime | None
    is_reopened: bool
    is_demo: bool
    deadline: datetime | None
    lock: Lock | None
    open_until: datetime | None
    may_edit: bool
    groups: tuple[GridGroup, ...]
    findings: tuple[ReturnFinding, ...]
    remarks: tuple[NoteLine, ...]
    rounds: tuple[NoteRound, ...]
    entries_on_behalf: tuple[BehalfLine, ...]
    filled: int
    total: int

    @property
    def differing(self) -> int:
        """Cells that differ from the extract and were not decided for the court."""
        marks = (row.extract for row in self.rows)
        return sum(
            mark is not None and mark.standing is not DifferenceStanding.RETURN for mark in marks
        )

    @property
    def rows(self) -> tuple[GridRow, ...]:
        return tuple(row for group in self.groups for row in group.rows)


@dataclass(frozen=True, slots=True)
class CellDetail:
    """Everything about one cell: what it is, what was in it, what was said."""

    metric: str
    label: str
    definition: str
    source: str
    unit: str
    kind: str
    value: int | None
    version: int
    blank_reason: str
    note: str
    history: tuple[HistoryLine, ...]
    comments: tuple[NoteLine, ...]
    follow_ups: tuple[FollowUpLine, ...]
    places: int = 0


def grid(user: Account, slot: Slot, now: datetime | None = None) -> Grid:
    """The grid of a slot, for an account that may look at it."""
    now = now or database_clock.now()
    stored = stored_returns([slot])
    own = stored.at(slot)
    row = own.row if own else None
    window = window_of(slot, row, now)
    found = findings_of([slot], stored=stored)[slot.key]
    notes = notes_on(row, slot.rulebook)
    rounds = rounds_on(row, notes)
    remarks = open_remarks(row.state, rounds) if row else ()
    groups = _groups(slot, stored, found, notes, remarks)
    shown = row or MonthlyReturn(**slot.fields)
    return Grid(
        slot=slot,
        state=shown.state,
        state_label=shown.get_state_display(),
        version=shown.version,
        submitted_by=str(shown.submitted_by or ""),
        submitted_at=shown.submitted_at,
        verified_by=str(shown.verified_by or ""),
        verified_at=shown.verified_at,
        is_reopened=shown.verified_figures is not None,
        is_demo=any(other.row.is_demo for other in stored.of(slot).values()),
        deadline=deadline_of(slot.year, slot.month),
        lock=window.lock,
        open_until=window.open_until,
        may_edit=window.is_open and may_enter(user, slot.court, slot.side),
        groups=groups,
        findings=found,
        remarks=remarks,
        rounds=rounds,
        entries_on_behalf=entries_on(row, slot.rulebook),
        filled=sum(line.value is not None for group in groups for line in group.rows),
        total=sum(len(group.rows) for group in groups),
    )


def cell_detail(slot: Slot, metric: str) -> CellDetail:
    """One cell; KeyError for a metric the rulebook does not know."""
    known = slot.rulebook.metrics[metric]
    language = get_language() or ""
    row = slot.row()
    figure = row.figures.filter(metric=metric).first() if row else None
    return CellDetail(
        metric=metric,
        label=known.label.get(language),
        definition=known.definition.get(language),
        source=known.source.get(language),
        unit=known.unit.get(language),
        kind=known.kind.value,
        value=figure.value if figure else None,
        places=known.places,
        version=figure.version if figure else 0,
        blank_reason=figure.blank_reason if figure else "",
        note=figure.note if figure else "",
        history=changes_of(figure.pk) if figure else (),
        comments=tuple(n for n in notes_on(row, slot.rulebook) if n.metric == metric),
        follow_ups=tuple(f for f in follow_ups_on(row, slot.rulebook) if f.metric == metric),
    )


def _groups(
    slot: Slot,
    stored: StoredReturns,
    found: Sequence[ReturnFinding],
    notes: Sequence[NoteLine],
    remarks: Sequence[NoteLine],
) -> tuple[GridGroup, ...]:
    language = get_language() or ""
    own = stored.at(slot)
    row = own.row if own else None
    cells = own.cells if own else {}
    extracted = _extracted(slot, own)
    changes = last_changes(cell.pk for cell in cells.values())
    talk: dict[str, int] = defaultdict(int)
    for note in notes:
        talk[note.metric] += 1
    open_marks = {f.metric: f for f in follow_ups_on(row, slot.rulebook) if f.is_open}

    def line(metric: Metric) -> GridRow:
        code = metric.code
        cell = cells.get(code, NO_CELL)
        change = changes.get(cell.pk)
        before = _before(slot, stored, code)
        last_year, last_year_month = _last_year(slot, stored, code)
        return GridRow(
            metric=code,
            label=metric.label.get(language),
            definition=metric.definition.get(language),
            source=metric.source.get(language),
            unit=metric.unit.get(language),
            kind=kind_of(metric),
            value=cell.value,
            version=cell.version,
            blank_reason=cell.blank_reason,
            note=cell.note,
            changed_by=change.by if change else "",
            changed_at=change.at if change else None,
            last_year=last_year,
            last_year_month=last_year_month,
            last_month=before,
            alone=_alone(slot, metric, cell.value, before),
            series=_series(slot, stored, code),
            findings=tuple(finding for finding in found if code in finding.metrics),
            comments=talk[code],
            remarks=tuple(remark for remark in remarks if remark.metric == code),
            follow_up=open_marks.get(code),
            extract=extracted.get(code),
            places=metric.places,
        )

    metrics = due_metrics(slot.rulebook, slot.side, slot.month.month)
    groups = []
    for group in slot.rulebook.metric_groups:
        rows = tuple(line(metric) for metric in metrics if metric.group == group.code)
        if rows:
            groups.append(GridGroup(group.code, group.label.get(language), rows))
    return tuple(groups)


def _extracted(slot: Slot, own: StoredReturn | None) -> dict[str, ExtractMark]:
    """Where the extract says something else than the cells of a return handed in before.

    A first draft is its court's own: nobody fills it in from the extract. Two queries.
    """
    if own is None or (own.row.submitted_at is None and own.handed_in is None):
        return {}
    of_month = Q(year=slot.month.year, month=slot.month.month, court=slot.court)
    found = extracts_of(slot.year, of_month).differing(
        slot.court.pk, slot.month, {slot.side.value}, own.figures
    )
    return {
        metric: ExtractMark(value, DifferenceStanding(state or DifferenceStanding.OPEN))
        for metric, value, state in found
    }


def _value(slot: Slot, stored: StoredReturns, month: Month, metric: str) -> int | None:
    found = stored.at(slot, month)
    return found.cells.get(metric, NO_CELL).value if found else None


def _before(slot: Slot, stored: StoredReturns, metric: str) -> int | None:
    before = slot.month.previous
    if before is None:
        return None
    if court_changes_of(slot.year).is_touched(slot.court.pk, before, slot.month):
        return (stored.seen(slot, before) or {}).get(metric)
    return _value(slot, stored, before, metric)


def _last_year(slot: Slot, stored: StoredReturns, metric: str) -> tuple[int | None, Month | None]:
    """The same month of the baseline year, else its December, of what was handed in."""
    year = slot.rulebook.baseline_year
    for month in (Month(year, slot.month.month), Month(year, MONTHS_OF_YEAR)):
        figures: Mapping[str, int] = stored.seen(slot, month) or {}
        if metric in figures:
            return figures[metric], month
    return None, None


def kind_of(metric: Metric) -> str:
    """How a figure goes on from month to month: its kind, or the period that it covers alone."""
    is_to_date = metric.period is Period.YEAR_TO_DATE
    return metric.kind.value if is_to_date else metric.period.value


def _alone(slot: Slot, metric: Metric, value: int | None, before: int | None) -> int | None:
    """This month by itself; a stock has no such thing."""
    if value is None or kind_of(metric) not in GROWING:
        return None
    if slot.month.previous is None:
        return value
    return None if before is None else value - before


def _series(slot: Slot, stored: StoredReturns, metric: str) -> tuple[int | None, ...]:
    return tuple(
        _value(slot, stored, Month(slot.month.year, number), metric)
        for number in range(1, MONTHS_OF_YEAR + 1)
    )
