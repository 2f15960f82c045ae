"""Owns writing cells of one held return: what is written, what meets a conflict, what is no figure.

A cell is written only over what its writer saw. The same value again is no write and no conflict,
whatever was seen: a client that lost the answer may simply send once more. Never decides who may
write, nor when.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from courts.files.values import FigureError, read_value
from courts.frame.texts import longest_history_reason
from courts.models import Figure, MonthlyReturn, User
from courts.returns.selectors.histories import last_changes
from courts.years.selectors.slots import Slot
from scoring.periods import due_metrics


class CellStatus(StrEnum):
    """What became of one cell that was sent."""

    SAVED = "saved"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    REFUSED = "refused"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class CellEntry:
    """A cell as sent: the value as typed, and the version its writer saw (0: an empty cell)."""

    metric: str
    value: int | str | None
    seen_version: int


@dataclass(frozen=True, slots=True)
class CellResult:
    """What became of a write. `value` and `version` are the stored ones, by any writer."""

    metric: str
    status: CellStatus
    value: int | None
    version: int
    changed_by: str = ""
    changed_at: datetime | None = None
    message: str = ""
    return_version: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """The cells in the order they were sent, and the pairs of old and new value of those saved."""

    results: tuple[CellResult, ...]
    changes: Mapping[str, tuple[int | None, int | None]]


def has_values(cells: Sequence[CellEntry]) -> bool:
    """Whether there is anything to write in a return that has no row yet."""
    return any(cell.value is not None and cell.value != "" for cell in cells)


def lock_cells(
    *, row: MonthlyReturn | None, cells: Sequence[CellEntry], sentence: str
) -> tuple[CellResult, ...]:
    """The answer to cells that came to a closed return: what is stored, and why it stays so."""
    stored = _figures(row, cells)
    version = row.version if row else 0
    return tuple(
        _result(cell.metric, CellStatus.LOCKED, stored.get(cell.metric), version, message=sentence)
        for cell in cells
    )


def write_cells(
    *,
    slot: Slot,
    row: MonthlyReturn | None,
    user: User,
    cells: Sequence[CellEntry],
    reason: str,
    now: datetime,
) -> Written:
    """Write what can be written; the caller holds the return, which only empty cells do without.

    Rows are written in bulk: values are read more strictly than the model does, and the database's
    own constraints stand behind.
    """
    read, refused = _read(slot, cells)
    stored = _figures(row, cells)
    statuses = {
        cell.metric: _status(cell, read[cell.metric], stored.get(cell.metric))
        for place, cell in enumerate(cells)
        if place not in refused
    }
    changes: dict[str, tuple[int | None, int | None]] = {}
    for metric, status in statuses.items():
        if status is CellStatus.SAVED:
            old = stored.get(metric)
            changes[metric] = (old.value if old else None, read[metric])
    if row is not None and changes:
        stored = _store(row, stored, changes, user, reason)
    version = row.version if row else 0
    others = last_changes(
        stored[metric].pk
        for metric, status in statuses.items()
        if status is not CellStatus.SAVED and metric in stored
    )

    results = []
    for place, cell in enumerate(cells):
        figure = stored.get(cell.metric)
        if place in refused:
            message = refused[place]
            results.append(
                _result(cell.metric, CellStatus.REFUSED, figure, version, message=message)
            )
            continue
        status = statuses[cell.metric]
        by, at = (str(user), now) if status is CellStatus.SAVED else ("", None)
        if figure is not None and figure.pk in others:
            by, at = others[figure.pk].by, others[figure.pk].at
        message = _conflict(by, figure) if status is CellStatus.CONFLICT else ""
        results.append(_result(cell.metric, status, figure, version, by, at, message))
    return Written(tuple(results), changes)


def _read(slot: Slot, cells: Sequence[CellEntry]) -> tuple[dict[str, int | None], dict[int, str]]:
    """The values by metric, and what is wrong with cells by their place."""
    known = {one.code for one in due_metrics(slot.rulebook, slot.side, slot.month.month)}
    read: dict[str, int | None] = {}
    refused: dict[int, str] = {}
    for place, cell in enumerate(cells):
        if cell.metric not in known:
            refused[place] = _("这张报表没有指标“%(code)s”。请核对指标代码。") % {
                "code": cell.metric
            }
        elif cell.metric in read:
            refused[place] = _("同一指标只能填一次。")
        else:
            try:
                places = slot.rulebook.metrics[cell.metric].places
                read[cell.metric] = read_value(cell.value, places)
            except FigureError as error:
                refused[place] = str(error)
    return read, refused


def _status(cell: CellEntry, value: int | None, stored: Figure | None) -> CellStatus:
    if value == (stored.value if stored else None):
        return CellStatus.UNCHANGED
    if cell.seen_version != (stored.version if stored else 0):
        return CellStatus.CONFLICT
    return CellStatus.SAVED


def _store(
    row: MonthlyReturn,
    stored: Mapping[str, Figure],
    changes: Mapping[str, tuple[int | None, int | None]],
    user: User,
    reason: str,
) -> dict[str, Figure]:
    """Write the changed figures with their history; the figures as they are then.

    Their return is held, so that nobody else writes them.
    """
    created: list[Figure] = []
    updated: list[Figure] = []
    for metric, (_old, new) in changes.items():
        figure = stored.get(metric)
        if figure is None:
            created.append(Figure(monthly_return=row, metric=metric, value=new))
            continue
        figure.value = new
        # A note says where the value it stood beside came from.
        figure.note, figure.blank_reason = "", ""
        figure.version += 1
        updated.append(figure)
    history = {
        "default_user": user,
        "default_change_reason": reason[: longest_history_reason()],
    }
    if created:
        bulk_create_with_history(created, Figure, **history)
    if updated:
        fields = ["value", "note", "blank_reason", "version"]
        bulk_update_with_history(updated, Figure, fields, **history)
    # The history of the figures says it all; one of the return for every cell would bury it.
    row.version += 1
    MonthlyReturn.objects.filter(pk=row.pk).update(version=row.version)
    return {**stored, **{figure.metric: figure for figure in created}}


def _figures(row: MonthlyReturn | None, cells: Sequence[CellEntry]) -> dict[str, Figure]:
    """Those of the cells that there are, by metric."""
    if row is None:
        return {}
    metrics = {cell.metric for cell in cells}
    found = Figure.objects.filter(monthly_return=row, metric__in=metrics)
    return {figure.metric: figure for figure in found.order_by()}


def _conflict(by: str, figure: Figure | None) -> str:
    value = _("空") if figure is None or figure.value is None else figure.value
    if not by:
        return _("这一格已改为 %(value)s；请选择保留哪一个。") % {"value": value}
    text = _("%(by)s已把这一格改为 %(value)s；请选择保留哪一个。")
    return text % {"by": by, "value": value}


def _result(
    metric: str,
    status: CellStatus,
    figure: Figure | None,
    return_version: int,
    by: str = "",
    at: datetime | None = None,
    message: str = "",
) -> CellResult:
    return CellResult(
        metric=metric,
        status=status,
        value=figure.value if figure else None,
        version=figure.version if figure else 0,
        changed_by=by,
        changed_at=at,
        message=message,
        return_version=return_version,
    )
