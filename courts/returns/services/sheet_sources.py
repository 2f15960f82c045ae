"""Owns saved sources: which headings of a court's own tables stand for which metrics.

A source is recognised by its headings when a table of it is brought in again (`uploads`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.figures.services.row_locks import record
from courts.files.cells import RawRow
from courts.files.encoding import Json
from courts.files.headings import folded
from courts.frame.refusals import ReturnError, StaleError
from courts.models import SheetSource, User, WaitingTable
from courts.models.sheets import LONGEST_HEADING, LONGEST_NAME
from courts.permissions import may_enter
from courts.years.selectors.slots import Slot


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A saved source: its headings with the names of the metrics they stand for."""

    pk: int
    name: str
    version: int
    headings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a desk said about its file: the saved source whose headings it has, headings mapped by
    hand for this file, the letter of the chosen column, the title of the chosen table.
    """

    source: SheetSource | None
    headings: Mapping[str, str]
    column: str
    sheet: str

    @property
    def mapped(self) -> dict[str, str]:
        """Every heading that is mapped, those of this file before those of the source."""
        return {**(self.source.headings if self.source else {}), **self.headings}

    def as_data(self) -> Json:
        return {
            "source": self.source.pk if self.source else None,
            "headings": dict(self.headings),
            "column": self.column,
            "sheet": self.sheet,
        }


def choices_of(upload: WaitingTable) -> Choices:
    """What was said about a waiting upload so far."""
    kept = upload.choices
    source = SheetSource.objects.filter(pk=kept["source"]).first()
    return Choices(source, kept["headings"], kept["column"], kept["sheet"])


def sources_of(slot: Slot) -> QuerySet[SheetSource]:
    """What the court saved for the side of the return."""
    return SheetSource.objects.filter(court=slot.court, side=slot.side.value)


def source_lines(slot: Slot) -> tuple[SourceLine, ...]:
    """The saved sources of the return's court and side, by name."""
    labels = dict(metric_choices(slot))
    return tuple(
        SourceLine(
            source.pk,
            source.name,
            source.version,
            tuple((heading, labels.get(code, code)) for heading, code in source.headings.items()),
        )
        for source in sources_of(slot)
    )


def metric_choices(slot: Slot) -> tuple[tuple[str, str], ...]:
    """The metrics of the return, code and name, in their order."""
    language = get_language() or ""
    metrics = slot.rulebook.metrics_of(slot.side)
    return tuple((metric.code, metric.label.get(language)) for metric in metrics)


def texts_of(tables: Mapping[str, Sequence[RawRow]]) -> frozenset[str]:
    """Every text of the file as headings are compared."""
    return frozenset(
        folded(cell)
        for rows in tables.values()
        for _number, cells in rows
        for cell in cells
        if isinstance(cell, str) and cell and len(cell) <= LONGEST_HEADING
    )


def best_source(slot: Slot, texts: frozenset[str]) -> SheetSource | None:
    """The saved source most of whose headings stand in the file; None when none do."""
    counted = [(len(texts & source.headings.keys()), source) for source in sources_of(slot)]
    most, source = max(counted, key=lambda pair: pair[0], default=(0, None))
    return source if most else None


@transaction.atomic
def edit_source(
    *, user: User, slot: Slot, source: int, seen_version: int, keep: Sequence[str], name: str
) -> None:
    """Rename a saved source and keep these of its headings; with none kept it is deleted.

    Raises `PermissionDenied`, `ReturnError` and `StaleError`.
    """
    if not may_enter(user, slot.court, slot.side):
        raise PermissionDenied(_("只有本院该类报表的填报岗可以填报。"))
    found = sources_of(slot).select_for_update().filter(pk=source).first()
    if found is None or found.version != seen_version:
        raise StaleError(_("这份表头对照刚刚被别人改过，请再看一遍。"))
    kept = {heading: code for heading, code in found.headings.items() if heading in keep}
    data = {"source": found.name, "headings": dict(found.headings)}
    if not kept:
        found._history_user = user  # type: ignore[attr-defined]
        found.delete()
        record(action="delete_sheet_source", slot=slot, user=user, data=data)
        return
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise ReturnError(_("请写来源名称。"))
    if sources_of(slot).exclude(pk=found.pk).filter(name=name).exists():
        raise ReturnError(_("已有同名的来源。请换一个名称。"))
    found.name = name
    save_source(found, user, kept)
    record(action="edit_sheet_source", slot=slot, user=user, data=data | {"kept": sorted(kept)})


def save_source(source: SheetSource, user: User, headings: Mapping[str, str]) -> None:
    """Store a source with these headings and its history. `ValidationError` for too many."""
    source.headings = dict(headings)
    if source.pk:
        source.version += 1
    source._history_user = user  # type: ignore[attr-defined]
    source.full_clean()
    source.save()


def checked_headings(slot: Slot, headings: Mapping[str, str]) -> dict[str, str]:
    """The headings that were given a metric of the return; `ReturnError` for any other."""
    known = {metric.code for metric in slot.rulebook.metrics_of(slot.side)}
    given = {folded(heading): metric for heading, metric in headings.items() if metric}
    if not set(given.values()) <= known or len(set(given.values())) < len(given):
        raise ReturnError(_("每个表头只能对应一个指标，每个指标只能选一次。"))
    return given
