"""Owns reading the history of figures: who changed which cell, when and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from courts.models import Figure


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One write of a cell; `by` is empty for the command line."""

    at: datetime
    by: str
    value: int | None
    version: int
    reason: str
    blank_reason: str


def last_changes(figures: Iterable[int]) -> Mapping[int, ChangeLine]:
    """The last write of each of these figures, by their keys. One query, none for no figure."""
    keys = list(figures)
    if not keys:
        return {}
    records = Figure.history.filter(id__in=keys)
    # Keys of the history grow with time, which times of a fast machine need not.
    last = records.order_by().values("id").annotate(last=Max("history_id")).values("last")
    found = Figure.history.filter(history_id__in=last).select_related("history_user")
    return {record.id: _line(record) for record in found}


def changes_of(figure: int) -> tuple[ChangeLine, ...]:
    """Every write of a figure, the last one first. One query."""
    records = Figure.history.filter(id=figure).order_by("-history_id")
    return tuple(map(_line, records.select_related("history_user")))


def _line(record: Any) -> ChangeLine:
    return ChangeLine(
        at=record.history_date,
        by=str(record.history_user or ""),
        value=record.value,
        version=record.version,
        reason=record.history_change_reason or "",
        blank_reason=record.blank_reason,
    )
