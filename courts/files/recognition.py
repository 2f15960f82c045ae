"""Owns finding a return's figures in a file that was made for something else; writes nothing.

A *template* is ours: a hidden sheet says which return it is of and what it held. Of any other sheet
the rule from tables to pairs (`pairing`) says what stands in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from courts.files.cells import Cell, RawRow, RefusedCell
from courts.files.pairing import pair
from courts.files.pairs import Dropped, PairOption, Rows, Sought, Unknown
from courts.files.tracks import column_letter, is_number, is_text, text_of
from courts.files.values import FigureError, held_of, read_value

MARK_SHEET = "_quality_year"
MARK = "quality-year-return"
MARK_VERSION = 1
# Where the template has a metric's code and its figure.
CODE_COLUMN, VALUE_COLUMN = 0, 5
MOST_SAMPLES = 40


class Layout(StrEnum):
    """How a sheet holds figures: our template, a figure a row, or a figure a column."""

    TEMPLATE = "template"
    LIST = "list"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class GivenCell:
    """A figure of the file: its metric, where it stands, and the value; None: left empty."""

    metric: str
    address: str
    value: int | None


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """Something wrong at a place of the sheet."""

    address: str
    found: str
    expected: str
    metric: str = ""


@dataclass(frozen=True, slots=True)
class TemplateMark:
    """What a template says of itself: its return, and each figure as it was when downloaded."""

    year: str
    court: str
    month: str
    side: str
    figures: Mapping[str, tuple[int | None, int]]


@dataclass(slots=True)
class Recognised:
    """What was found in a file, and all that is wrong with it."""

    layout: Layout
    sheet: str
    cells: list[GivenCell] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    tracks: tuple[PairOption, ...] = ()
    column: str = ""
    dropped: list[Dropped] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    problems: list[SheetProblem] = field(default_factory=list)
    mark: TemplateMark | None = None
    addresses: dict[str, str] = field(default_factory=dict)
    # The titles of all tables that hold figures of the return, where there are several.
    rivals: tuple[str, ...] = ()
    # Whether a person has to choose one of them first.
    is_open: bool = False

    def refuse(self, expected: str, address: str = "", found: str = "", metric: str = "") -> None:
        self.problems.append(SheetProblem(address, found, expected, metric))

    @property
    def named(self) -> set[str]:
        """The metrics the file speaks of, rightly or wrongly."""
        wrong = {problem.metric for problem in self.problems}
        return wrong.union(cell.metric for cell in self.cells)


def recognise(
    tables: Mapping[str, Sequence[RawRow]], sought: Sought, chosen: str = ""
) -> Recognised:
    """Find the figures of a return in the sheets of a file; `chosen` is the title of one."""
    mark = _mark(tables.get(MARK_SHEET, ()))
    sheets = {title: _filled(rows) for title, rows in tables.items() if title != MARK_SHEET}
    if not sheets:
        found = Recognised(Layout.LIST, "")
        found.refuse(_("文件里没有数据。"))
        return found
    if mark is not None:
        title, rows = next(iter(sheets.items()))
        return _template(title, rows, mark, sought)
    tried = [_best(title, rows, sought) for title, rows in sheets.items()]
    named = [one for one in tried if one.cells or one.problems]
    if not named:
        return tried[0]
    best = max(named, key=lambda one: len(one.cells))
    rivals = [one for one in named if one is best or one.cells]
    if len(rivals) > 1:
        titles = tuple(one.sheet for one in rivals)
        best = next((one for one in rivals if one.sheet == chosen), best)
        best.rivals, best.is_open = titles, best.sheet != chosen
    return best


def value_of(cell: Cell, places: int = 0) -> int | None:
    """The figure in a cell, None when it is empty; `FigureError` says what is expected instead.

    `places` are the decimals of the figure, which is held without them.
    """
    if isinstance(cell, RefusedCell):
        raise FigureError(cell.expected)
    if places and isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        return held_of(cell, places)
    if isinstance(cell, Decimal):
        raise FigureError(_("应为整数，不得有小数。") if cell >= 0 else _("不得为负数。"))
    if isinstance(cell, date):
        raise FigureError(_("是日期，应为金额。") if places else _("是日期，应为整数。"))
    return read_value(cell, places)


def _filled(rows: Iterable[RawRow]) -> Rows:
    return {number: cells for number, cells in rows if any(cell != "" for cell in cells)}


def _mark(rows: Sequence[RawRow]) -> TemplateMark | None:
    """What the hidden sheet says; None when there is none, or it was tampered with."""
    try:
        lines = [list(cells) for _number, cells in rows]
        if lines[0][:2] != [MARK, MARK_VERSION]:
            return None
        year, court, month, side = (str(cell) for cell in lines[1][:4])
        figures = {}
        for line in lines[2:]:
            code, version, *rest = line
            value = rest[0] if rest else ""
            if not isinstance(code, str) or not isinstance(version, int):
                return None
            figures[code] = (value if isinstance(value, int) else None, version)
    except (IndexError, ValueError):
        return None
    return TemplateMark(year, court, month, side, figures)


def _template(title: str, rows: Rows, mark: TemplateMark, sought: Sought) -> Recognised:
    found = Recognised(Layout.TEMPLATE, title, mark=mark)
    for number, cells in rows.items():
        code = cells[CODE_COLUMN] if len(cells) > CODE_COLUMN else ""
        if isinstance(code, str) and code in mark.figures:
            cell = cells[VALUE_COLUMN] if len(cells) > VALUE_COLUMN else ""
            address = f"{column_letter(VALUE_COLUMN)}{number}"
            _take(found, code, address, cell, sought.places.get(code, 0))
    if not found.cells and not found.problems:
        found.refuse(_("模板里的指标代码一列不见了，请重新下载模板。"))
    return found


def _best(title: str, rows: Rows, sought: Sought) -> Recognised:
    """The figures of a sheet, or what would be its headings, to be mapped by hand."""
    if not any(sought.metric(cell) for cells in rows.values() for cell in cells):
        return _guess(title, rows, sought)
    pairing = pair(rows, sought)
    found = Recognised(
        Layout.LIST if pairing.by_row else Layout.TABLE,
        title,
        unknown=pairing.unknown[:MOST_SAMPLES],
        tracks=pairing.tracks,
        column=pairing.column,
        dropped=pairing.dropped,
        doubts=pairing.doubts,
    )
    for sentence in pairing.faults:
        found.refuse(sentence)
    for question in pairing.questions:
        if question.key == "column":
            found.refuse(question.sentence)
    for each in (*pairing.pairs, *(each for pairs in pairing.doubles for each in pairs)):
        _take(found, each.metric, each.address, each.cell, sought.places.get(each.metric, 0))
    return found


def _guess(title: str, rows: Rows, sought: Sought) -> Recognised:
    """A sheet of which no heading is known: what would be its headings, to be mapped by hand."""
    own = {
        number
        for number, cells in rows.items()
        if any(sought.court_of(cell) == sought.court for cell in cells)
    }
    above = [n for n, cells in rows.items() if own and n < min(own) and _has_texts(cells)]
    if above:
        found = Recognised(Layout.TABLE, title)
        figures = rows[min(own)]
        for place, heading in enumerate(rows[above[-1]]):
            if is_text(heading) and is_number(_at(figures, place)):
                _ask(found, heading, f"{column_letter(place)}{above[-1]}", _at(figures, place))
        return found
    found = Recognised(Layout.LIST, title)
    for place in range(max(len(cells) for cells in rows.values())):
        for number, cells in rows.items():
            figure = next(filter(is_number, cells[place + 1 :]), None)
            if is_text(_at(cells, place)) and figure is not None:
                _ask(found, cells[place], f"{column_letter(place)}{number}", figure)
        if found.unknown:
            return found
    found.refuse(_("没有认出任何指标：请用指标名称或代码作表头。"))
    return found


def _take(found: Recognised, metric: str, address: str, cell: Cell, places: int) -> None:
    """Note a figure, or what is wrong with it."""
    earlier = found.addresses.setdefault(metric, address)
    if earlier != address:
        text = _("这个指标出现了两次，前一次在%(address)s。")
        found.refuse(text % {"address": earlier}, address, text_of(cell), metric)
        return
    try:
        value = value_of(cell, places)
    except FigureError as error:
        found.refuse(str(error), address, text_of(cell), metric)
        return
    found.cells.append(GivenCell(metric, address, value))


def _ask(found: Recognised, heading: Cell, address: str, sample: Cell) -> None:
    if len(found.unknown) < MOST_SAMPLES:
        found.unknown.append(Unknown(str(heading), address, text_of(sample)))


def _at(cells: Sequence[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else ""


def _has_texts(cells: Sequence[Cell]) -> bool:
    return sum(map(is_text, cells)) > 1
