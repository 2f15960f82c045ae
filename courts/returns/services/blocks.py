"""Owns what a pasted block would change in a grid, cell by cell; reads only, writes nothing.

A block comes from the clipboard: texts between tabs. Names and codes in it decide; without any, the
cell it was pasted on does. The grid itself writes what a person confirms, as if it had been typed.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Literal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts import database_clock
from courts.files.pairing import pair
from courts.files.pairs import Dropped, Pairing, Question, Rows, Sought, names_metrics
from courts.files.placing import ColumnTarget, place
from courts.files.plain import BREAKS, UNSEEN, clean
from courts.files.tracks import text_of
from courts.files.values import FigureError, read_value
from courts.frame.refusals import ReturnError
from courts.models import QualityYear
from courts.permissions import Account
from courts.returns.selectors.office_grids import office_grid
from courts.returns.services.vocabulary import sought_of
from courts.wording.amounts import figure_text
from courts.years.selectors.entry_windows import window_of
from courts.years.selectors.slots import Slot, court_name
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month
from scoring.schema import Metric, Rulebook, Side

MOST_SIGNS = 100_000
MOST_ROWS = 1_000
MOST_COLUMNS = 600
LONGEST_CELL = 200
MOST_EXAMPLES = 8
ALONE = "alone"


class BlockError(ValueError):
    """The block is larger than any table of a year, or holds nothing; the text says so."""


@dataclass(frozen=True, slots=True)
class PastedBlock:
    """What was pasted on which cell, and a person's answers to questions by their keys.

    `column` is that of the grid: `total`, or `alone` for the figures of the month by itself.
    """

    text: str
    metric: str
    court: str = ""
    column: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BlockPair:
    """A cell of the grid and what the block says of it; `fault` says why it cannot be written."""

    court: str
    court_name: str
    metric: str
    label: str
    unit: str
    stored: str | None
    text: str
    address: str
    name: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows and columns left out for one reason: how many, and the first of them."""

    reason: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlockPreview:
    """What a block says. `by_place`: it names no metric, so that its cells are paired in order."""

    pairs: tuple[BlockPair, ...]
    questions: tuple[Question, ...]
    left_out: tuple[LeftOut, ...]
    faults: tuple[str, ...]
    doubts: tuple[str, ...]
    by_place: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """A cell of the grid as it is: its stored value, and why it is closed."""

    court_name: str
    stored: int | None
    closed: str = ""


def preview_block(*, slot: Slot, block: PastedBlock) -> BlockPreview:
    """What the block says of one return. `BlockError`; `ReturnError` when it is closed."""
    row = slot.row()
    lock = window_of(slot, row, database_clock.now()).lock
    if lock is not None:
        raise ReturnError(lock.sentence)
    stored = {figure.metric: figure.value for figure in row.figures.all()} if row else {}
    sought = sought_of(
        year=slot.year,
        rulebook=slot.rulebook,
        month=slot.month,
        side=slot.side,
        court=slot.court.code,
    )
    metrics = slot.rulebook.metrics_of(slot.side)
    places = {
        (slot.court.code, metric.code): _Place(court_name(slot.court), stored.get(metric.code))
        for metric in metrics
    }
    return _preview(block, sought, slot.rulebook, metrics, places, [slot.court.code])


def preview_grid_block(
    *, user: Account, year: QualityYear, month: Month, side: Side, block: PastedBlock
) -> BlockPreview:
    """What the block says of the returns of all courts. `BlockError` as above."""
    grid = office_grid(user, year, month, side)
    rulebook = rulebook_of(year, month)
    sought = sought_of(year=year, rulebook=rulebook, month=month, side=side)
    closed = _("%(court)s的报表%(state)s，不能在这里改。")
    places = {
        (cell.slot.court.code, row.metric): _Place(
            cell.column.court,
            cell.value,
            ""
            if cell.column.may_edit
            else closed % {"court": cell.column.court, "state": cell.column.state_label},
        )
        for row in grid.rows
        for cell in row.cells
    }
    courts = [column.slot.court.code for column in grid.columns]
    if block.court not in courts:
        raise BlockError(_("没有读懂发来的数据，请刷新页面后再试。"))
    sought = replace(sought, here=block.court)
    across = courts[courts.index(block.court) :]
    return _preview(block, sought, rulebook, rulebook.metrics_of(side), places, across)


def rows_of(text: str) -> Rows:
    """The rows of a block, blank ones too, without invisible signs. `BlockError`."""
    if len(text) > MOST_SIGNS:
        raise BlockError(
            _("粘贴的内容太多（最多 %(most)s 字），请分几次粘贴。") % {"most": MOST_SIGNS}
        )
    lines = text.replace("\r\n", "\n").replace("\r", "\n").translate(BREAKS)
    lines = "".join(
        sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in UNSEEN
    )
    # A cell that holds a line break stands in quotes; a lone quote is a sign like any other.
    quoting: Literal[0, 3] = csv.QUOTE_NONE if lines.count('"') % 2 else csv.QUOTE_MINIMAL
    rows: dict[int, list[str]] = {}
    for number, cells in enumerate(
        csv.reader(io.StringIO(lines), delimiter="\t", quoting=quoting), start=1
    ):
        if number > MOST_ROWS or len(cells) > MOST_COLUMNS:
            text = _("粘贴的内容超过 %(rows)s 行或 %(columns)s 列，请只复制需要的部分。")
            raise BlockError(text % {"rows": MOST_ROWS, "columns": MOST_COLUMNS})
        rows[number] = [" ".join(clean(cell).split())[:LONGEST_CELL] for cell in cells]
    if not any(cell for cells in rows.values() for cell in cells):
        raise BlockError(_("粘贴的内容是空的。请先在表格里复制要填的数据。"))
    return rows


def _preview(
    block: PastedBlock,
    sought: Sought,
    rulebook: Rulebook,
    metrics: tuple[Metric, ...],
    places: Mapping[tuple[str, str], _Place],
    across: Iterable[str],
) -> BlockPreview:
    codes = [metric.code for metric in metrics]
    if block.metric not in codes:
        raise BlockError(_("没有读懂发来的数据，请刷新页面后再试。"))
    rows = rows_of(block.text)
    sought = replace(
        sought,
        column=block.answers.get("column", ""),
        lines={
            key.removeprefix("line:"): answer
            for key, answer in block.answers.items()
            if key.startswith("line:")
        },
    )
    is_named = names_metrics(rows, sought)
    if block.column == ALONE:
        found = Pairing(faults=[_("带名称、表头或多列的内容请粘贴到“本月累计”一列。")])
    elif is_named:
        filled = {number: cells for number, cells in rows.items() if any(cells)}
        found = pair(filled, sought)
        if not found.pairs and not found.questions and not found.faults:
            found.faults.append(_("粘贴的内容里没有这张报表的指标。"))
    else:
        starts = {next(m.code for m in group) for _code, group in groupby(metrics, key=_group)}
        target = ColumnTarget(
            metrics=tuple(codes[codes.index(block.metric) :]),
            starts=frozenset(starts),
            courts=tuple(across),
        )
        found = place(rows, sought, target, block.answers.get("blanks", ""))
    by_code = {metric.code: metric for metric in metrics}
    pairs = [
        _pair(each.court, by_code[each.metric], places, text_of(each.cell), each.address, each.name)
        for each in ([] if found.faults else found.pairs)
    ]
    blank = [
        Dropped(each.address, each.label, _("空格，保持原样")) for each in pairs if not each.text
    ]
    unknown = [Dropped(each.address, each.name, _("没有认出的名称")) for each in found.unknown]
    return BlockPreview(
        pairs=tuple(each for each in pairs if each.text),
        questions=tuple(found.questions),
        left_out=_grouped([*found.dropped, *unknown, *blank]),
        faults=tuple(found.faults),
        doubts=tuple(found.doubts),
        by_place=not is_named,
    )


def _group(metric: Metric) -> str:
    return metric.group


def _pair(
    court: str,
    metric: Metric,
    places: Mapping[tuple[str, str], _Place],
    text: str,
    address: str,
    name: str,
) -> BlockPair:
    language = get_language() or ""
    at = places[court, metric.code]
    fault = at.closed
    try:
        value = read_value(text, metric.places)
        text = figure_text(value, metric.places)
    except FigureError as error:
        fault = fault or str(error)
    return BlockPair(
        court=court,
        court_name=at.court_name,
        metric=metric.code,
        label=metric.label.get(language),
        unit=metric.unit.get(language),
        stored=None if at.stored is None else figure_text(at.stored, metric.places),
        text=text,
        address=address,
        name=name,
        fault=fault,
    )


def _grouped(dropped: Iterable[Dropped]) -> tuple[LeftOut, ...]:
    """What was left out by its reason, in the order of the reasons."""
    by_reason: dict[str, list[str]] = {}
    for each in dropped:
        by_reason.setdefault(each.reason, []).append(_shown(each))
    return tuple(
        LeftOut(reason, len(texts), tuple(texts[:MOST_EXAMPLES]))
        for reason, texts in by_reason.items()
    )


def _shown(dropped: Dropped) -> str:
    if dropped.address.isalpha():
        place_ = _("%(letter)s列") % {"letter": dropped.address}
    elif dropped.address.isdigit():
        place_ = _("第%(number)s行") % {"number": dropped.address}
    else:
        place_ = dropped.address
    return f"{place_} {dropped.name[:40]}".strip()
