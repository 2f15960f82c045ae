"""Owns filling a return from a file: what it would change, and writing that once it is confirmed.

A file changes nothing until its desk has seen every difference and confirmed it. Everything in it
is written or nothing: one cell that somebody else changed meanwhile keeps back all. An empty cell
takes a figure away only where the template had it, for only there somebody emptied it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts import database_clock
from courts.figures.services.row_locks import record
from courts.files.encoding import tables_from_data
from courts.files.pairs import Dropped, PairOption, Sought, Unknown
from courts.files.plain import FileError
from courts.files.reading import PAGE, fault_sentence, opaque_sentence, tables_of
from courts.files.recognition import GivenCell, Recognised, SheetProblem, recognise
from courts.files.sheets import SourceFile, rows_by_title, shown
from courts.files.waiting import Area, keep, waiting_rows
from courts.files.waiting import discard as forget
from courts.frame.listing import labelled
from courts.frame.reasons import UPLOADED
from courts.frame.refusals import Obstacle, ReturnError, StaleError
from courts.models import Figure, SheetSource, User, WaitingTable
from courts.models.sheets import LONGEST_NAME, check_headings
from courts.permissions import may_enter
from courts.returns.selectors.histories import last_changes
from courts.returns.services.returns import save_cells
from courts.returns.services.sheet_sources import (
    Choices,
    best_source,
    checked_headings,
    choices_of,
    save_source,
    sources_of,
    texts_of,
)
from courts.returns.services.vocabulary import sought_of
from courts.returns.services.writing import CellEntry, CellStatus
from courts.wording.amounts import written
from courts.years.selectors.entry_windows import window_of
from courts.years.selectors.slots import Slot
from scoring.periods import due_metrics
from scoring.schema import Metric

MOST_BYTES = PAGE.most_bytes
LONGEST_COLUMN, LONGEST_SHEET = 3, 120


@dataclass(frozen=True, slots=True)
class UploadLine:
    """One figure of the file beside the stored one.

    `conflict` says who gave it another value since the template was downloaded; nothing is ticked
    then.
    """

    metric: str
    label: str
    unit: str
    address: str
    stored: int | None
    given: int | None
    conflict: str
    places: int = 0

    @property
    def pick(self) -> str:
        """What a tick stands for: the metric, the value that was seen and the one to come."""
        return f"{self.metric}@{_blank(self.stored)}@{_blank(self.given)}"


@dataclass(frozen=True, slots=True)
class Pick:
    """A ticked line as it was seen: the stored value and that of the file; None: blank."""

    stored: int | None
    given: int | None


@dataclass(frozen=True, slots=True)
class UploadPreview:
    """What a file would do to a return."""

    file_name: str
    layout: str
    sheet: str
    source: str
    lines: tuple[UploadLine, ...]
    same: int
    absent: tuple[str, ...]
    problems: tuple[SheetProblem, ...]
    unknown: tuple[Unknown, ...]
    tracks: tuple[PairOption, ...]
    column: str
    rivals: tuple[str, ...]
    is_open: bool
    dropped: tuple[Dropped, ...]
    doubts: tuple[str, ...]
    is_demo: bool

    @property
    def is_ready(self) -> bool:
        return bool(self.lines) and not self.problems and not self.is_open

    @property
    def is_chosen(self) -> bool:
        """Whether there is anything to choose about where the figures stand."""
        return len(self.tracks) > 1 or bool(self.tracks and not self.column)

    @property
    def ticked(self) -> int:
        """How many lines are ticked when the page is opened."""
        return sum(not line.conflict for line in self.lines)


def waiting_upload(*, user: User, slot: Slot) -> WaitingTable | None:
    """The account's own upload that waits for this return; None once it is too old."""
    return _uploads(user, slot).first()


def receive(*, user: User, slot: Slot, file: SourceFile) -> WaitingTable:
    """Read a file and let its table wait, in the place of an earlier one. It changes no figure.

    `ReturnError` says what the file is; the earlier one waits no longer then either, so that
    nobody takes its preview for that of the file just chosen.
    """
    _check_open(user, slot)
    try:
        # Reading takes a while: no lock is held meanwhile.
        table = tables_of(file.name, file.content)
    except FileError as fault:
        discard(user=user, slot=slot)
        raise ReturnError(labelled(shown(file.name), fault_sentence(fault))) from fault
    with transaction.atomic():
        _check_open(user, slot)
        source = best_source(slot, texts_of(rows_by_title(table)))
        read = SourceFile(file.name, b"", table=table, digest=file.sha256)
        choices = Choices(source, {}, "", "").as_data()
        keep(user=user, file=read, choices=choices, **_where(slot))
        return _uploads(user, slot).get()


def preview(*, slot: Slot, upload: WaitingTable) -> UploadPreview:
    """What the file would change, figure by figure, and all that is wrong with it."""
    choices = choices_of(upload)
    found = _recognised(slot, upload, choices)
    asked = due_metrics(slot.rulebook, slot.side, slot.month.month)
    metrics = {metric.code: metric for metric in asked}
    cells = {cell.metric: cell for cell in found.cells}
    row = slot.row()
    stored = {figure.metric: figure for figure in row.figures.all()} if row else {}
    changed = _changed_meanwhile(found, stored)
    lines = tuple(
        _line(metric, cells[code], stored.get(code), changed.get(code, ""))
        for code, metric in metrics.items()
        if code in cells and _differs(found, cells[code], stored.get(code))
    )
    language = get_language() or ""
    return UploadPreview(
        file_name=upload.file_name,
        layout=found.layout.value,
        sheet=found.sheet,
        source=choices.source.name if choices.source else "",
        lines=lines,
        same=len(cells) - len(lines),
        absent=tuple(m.label.get(language) for c, m in metrics.items() if c not in found.named),
        problems=tuple(found.problems),
        unknown=tuple(found.unknown),
        tracks=found.tracks,
        column=found.column,
        rivals=found.rivals,
        is_open=found.is_open,
        dropped=tuple(found.dropped),
        doubts=tuple(found.doubts),
        is_demo=bool(row and row.is_demo),
    )


@transaction.atomic
def confirm(
    *, user: User, slot: Slot, sha256: str, picks: Mapping[str, Pick], agreed: bool = False
) -> int:
    """Write the ticked figures of the waiting upload, all or none; how many changed.

    `picks` has what was seen, by metric; `agreed` says that the doubts about the file were read.
    `StaleError` when the file, a figure of it or a stored one is no longer what was looked at.
    Raises `ReturnError`.
    """
    _check_open(user, slot)
    upload = _uploads(user, slot).select_for_update(of=("self",)).first()
    if upload is None or upload.sha256 != sha256:
        raise StaleError(_("这份上传已经办理过，或已被新的文件取代；请重新上传。"))
    found = _recognised(slot, upload, choices_of(upload))
    cells = {cell.metric: cell for cell in found.cells}
    if found.problems or found.is_open or not picks or not picks.keys() <= cells.keys():
        raise ReturnError(
            _(
                "文件里有错误，或者没有选中要写入的数据，没有写入任何数据。请改正文件，或者选中后再确认。"
            )
        )
    if found.doubts and not agreed:
        raise ReturnError(_("请先核对文件的标题，再勾选“已核对”；没有写入任何数据。"))
    row = slot.row()
    stored = {figure.metric: figure for figure in row.figures.all()} if row else {}
    _check_seen(slot, picks, stored, cells)
    # What somebody writes from here on has a later version, and is not written over.
    versions = {code: stored[code].version if code in stored else 0 for code in picks}
    entries = [CellEntry(code, cells[code].value, versions[code]) for code in picks]
    reason = UPLOADED % {"name": upload.file_name}
    results = save_cells(user=user, slot=slot, cells=entries, reason=reason)
    refused = [r for r in results if r.status not in (CellStatus.SAVED, CellStatus.UNCHANGED)]
    if refused:
        raise _stale(slot, {result.metric: result.message for result in refused})
    record(
        action="upload_figures",
        slot=slot,
        user=user,
        data={"file": upload.file_name, "sha256": upload.sha256, "metrics": sorted(picks)},
    )
    upload.delete()
    return sum(result.status is CellStatus.SAVED for result in results)


def _check_seen(
    slot: Slot,
    picks: Mapping[str, Pick],
    stored: Mapping[str, Figure],
    cells: Mapping[str, GivenCell],
) -> None:
    """`StaleError` unless each ticked line still says what was seen, by its values."""
    changed = {}

    def shown(value: int | None) -> str:
        return written(value, slot.rulebook, code) or _("空")

    for code, pick in picks.items():
        now = stored[code].value if code in stored else None
        if now != pick.stored:
            text = _("现有的数已从 %(seen)s 变为 %(now)s。")
            changed[code] = text % {"seen": shown(pick.stored), "now": shown(now)}
        elif cells[code].value != pick.given:
            text = _("文件里取的数已从 %(seen)s 变为 %(now)s。")
            now = cells[code].value
            changed[code] = text % {"seen": shown(pick.given), "now": shown(now)}
    if changed:
        raise _stale(slot, changed)


def _stale(slot: Slot, sentences: Mapping[str, str]) -> StaleError:
    labels, language = slot.rulebook.metrics, get_language() or ""
    return StaleError(
        _("没有写入任何数据：以下数据刚刚变动，请再看一遍。"),
        [
            Obstacle(code, labelled(labels[code].label.get(language), sentence))
            for code, sentence in sentences.items()
        ],
    )


def _blank(value: int | None) -> str:
    return "" if value is None else str(value)


@transaction.atomic
def discard(*, user: User, slot: Slot) -> None:
    """Throw the waiting upload away.

    Raises `PermissionDenied`.
    """
    if not may_enter(user, slot.court, slot.side):
        raise PermissionDenied(_("只有本院该类报表的填报岗可以填报。"))
    forget(user=user, area=Area.RETURNS, place=_place(slot))


@transaction.atomic
def map_headings(
    *,
    user: User,
    slot: Slot,
    headings: Mapping[str, str],
    column: str = "",
    sheet: str = "",
    save_as: str = "",
) -> None:
    """Say what headings of the waiting upload stand for, and keep it under a source's name.

    `column` and `sheet` say where its figures stand. An empty metric leaves a heading unknown; an
    empty name keeps the mapping for this file only. Raises `ReturnError` and `StaleError`.
    """
    _check_open(user, slot)
    upload = _uploads(user, slot).select_for_update(of=("self",)).first()
    if upload is None:
        raise StaleError(_("这份上传已经办理过，或已被新的文件取代；请重新上传。"))
    given, choices = checked_headings(slot, headings), choices_of(upload)
    source, mapped = choices.source, {**choices.headings, **given}
    check_headings(mapped)
    save_as = save_as.strip()
    if save_as:
        if len(save_as) > LONGEST_NAME:
            raise ReturnError(_("来源名称最多%(most)s字。请删减。") % {"most": LONGEST_NAME})
        source = sources_of(slot).select_for_update().filter(name=save_as).first()
        source = source or SheetSource(court=slot.court, side=slot.side.value, name=save_as)
        save_source(source, user, {**source.headings, **choices.mapped, **given})
        mapped = {}
    column = column if column.isalnum() else choices.column
    upload.choices = Choices(
        source, mapped, column[:LONGEST_COLUMN], (sheet or choices.sheet)[:LONGEST_SHEET]
    ).as_data()
    upload.save()


def _check_open(user: User, slot: Slot) -> None:
    if not may_enter(user, slot.court, slot.side):
        raise PermissionDenied(_("只有本院该类报表的填报岗可以填报。"))
    lock = window_of(slot, slot.row(), database_clock.now()).lock
    if lock is not None:
        raise ReturnError(lock.sentence)


def _place(slot: Slot) -> str:
    return f"{slot.court.code} {slot.month} {slot.side.value}"


def _where(slot: Slot) -> dict[str, Any]:
    return {"area": Area.RETURNS, "year": slot.year, "place": _place(slot)}


def _uploads(user: User, slot: Slot) -> QuerySet[WaitingTable]:
    return waiting_rows(user=user, **_where(slot))


def _recognised(slot: Slot, upload: WaitingTable, choices: Choices) -> Recognised:
    table = tables_from_data(upload.table)
    found = recognise(rows_by_title(table), _sought(slot, choices), choices.sheet)
    if table.is_opaque:
        found.doubts.append(opaque_sentence(table.kind))
    mark = found.mark
    if mark is not None:
        own = (slot.year.code, slot.court.code, str(slot.month), slot.side.value)
        if (mark.year, mark.court, mark.month, mark.side) != own:
            text = _("这是 %(place)s 的模板，不是这张报表的。")
            place = f"{mark.court} {mark.month} {mark.side}"
            found.refuse(text % {"place": place})
    return found


def _sought(slot: Slot, choices: Choices) -> Sought:
    """What to look for: the side's metrics, and headings mapped by hand."""
    return sought_of(
        year=slot.year,
        rulebook=slot.rulebook,
        month=slot.month,
        side=slot.side,
        court=slot.court.code,
        headings=choices.mapped,
        column=choices.column,
    )


def _differs(found: Recognised, cell: GivenCell, figure: Figure | None) -> bool:
    """Whether writing the cell would change something that a person meant to change."""
    stored = figure.value if figure else None
    if cell.value == stored:
        return False
    if found.mark is not None:
        # What was left as it was downloaded says nothing against a later change.
        return cell.value != found.mark.figures.get(cell.metric, (None, 0))[0]
    return cell.value is not None


def _changed_meanwhile(found: Recognised, stored: Mapping[str, Figure]) -> Mapping[str, str]:
    """Who gave figures another value since the template was downloaded, in words, by metric."""
    if found.mark is None:
        return {}
    later = {
        code: figure
        for code, figure in stored.items()
        if figure.value != found.mark.figures.get(code, (None, 0))[0]
    }
    changes = last_changes(figure.pk for figure in later.values())
    text = _("下载模板以后，%(name)s于%(at)s改过")
    return {
        code: text
        % {
            "name": changes[figure.pk].by or _("命令行"),
            "at": f"{timezone.localtime(changes[figure.pk].at):%m-%d %H:%M}",
        }
        for code, figure in later.items()
        if figure.pk in changes
    }


def _line(metric: Metric, cell: GivenCell, figure: Figure | None, conflict: str) -> UploadLine:
    language = get_language() or ""
    return UploadLine(
        metric=metric.code,
        label=metric.label.get(language),
        unit=metric.unit.get(language),
        address=cell.address,
        stored=figure.value if figure else None,
        given=cell.value,
        conflict=conflict,
        places=metric.places,
    )
