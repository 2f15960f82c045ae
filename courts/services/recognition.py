"""Owns finding a return's figures in a sheet that was made for something else; writes nothing.

Three layouts are known. A *template* is ours: a hidden sheet says which return it is of and what it
held. A *list* has a metric a row: ours, or rows of court, month, metric, value. A *table* has a
metric a column and a court, or month, a row. Headings are compared without case, blanks, width and
whatever stands in brackets after them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from courts.services.cells import Cell, RawRow, Refused
from courts.services.values import BadValue, read_value
from scoring.facts import Month

MARK_SHEET = "_quality_year"
MARK = "quality-year-return"
MARK_VERSION = 1
# Where the template has a metric's code and its figure.
CODE_COLUMN, VALUE_COLUMN = 0, 5
MOST_SAMPLES = 40
MOST_NAMED = 10

_COURT_HEADINGS = frozenset({"court", "法院", "法院名称", "单位", "법원"})
_MONTH_HEADINGS = frozenset({"month", "月份", "月", "월"})
_BRACKETED = re.compile(r"\([^()]*\)$")
_MONTH = re.compile(r"(?:(\d{4})[-/.年年년])?(\d{1,2})(?:月份?|월)?", re.ASCII)


class Layout(StrEnum):
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
class UnknownHeading:
    """A heading that stands for no metric as far as is known, and a value under it."""

    heading: str
    address: str
    sample: str


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """A column that could hold the figures."""

    letter: str
    heading: str
    sample: str


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
    unknown: list[UnknownHeading] = field(default_factory=list)
    columns: list[ValueColumn] = field(default_factory=list)
    column: str = ""
    problems: list[SheetProblem] = field(default_factory=list)
    mark: TemplateMark | None = None

    def refuse(self, expected: str, address: str = "", found: str = "", metric: str = "") -> None:
        self.problems.append(SheetProblem(address, found, expected, metric))

    @property
    def named(self) -> set[str]:
        """The metrics the file speaks of, rightly or wrongly."""
        wrong = {problem.metric for problem in self.problems}
        return wrong.union(cell.metric for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for: metrics by heading, the court by its names, all courts' names, the month.

    `totals` are headings of a column that holds year-to-date figures, `column` the letter of the
    one that a person chose.
    """

    metrics: Mapping[str, str]
    own: frozenset[str]
    courts: frozenset[str]
    month: Month
    totals: frozenset[str]
    column: str = ""

    def metric(self, cell: Cell) -> str | None:
        """The metric a cell names."""
        if not isinstance(cell, str) or not cell:
            return None
        text = folded(cell)
        return self.metrics.get(text) or self.metrics.get(_BRACKETED.sub("", text))


def folded(text: str) -> str:
    """A heading without what does not tell headings apart: case, width, blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def recognise(tables: Mapping[str, Sequence[RawRow]], wanted: Wanted) -> Recognised:
    """Find the figures of a return in the sheets of a file."""
    mark = _mark(tables.get(MARK_SHEET, ()))
    sheets = {title: _filled(rows) for title, rows in tables.items() if title != MARK_SHEET}
    if not sheets:
        found = Recognised(Layout.LIST, "")
        found.refuse(_("文件里没有数据。"))
        return found
    if mark is not None:
        title, rows = next(iter(sheets.items()))
        return _template(title, rows, mark, wanted)
    tried = [_best(title, rows, wanted) for title, rows in sheets.items()]
    named = [one for one in tried if one.cells or one.problems]
    if len(named) > 1 and len(tried) > 1:
        best = max(named, key=lambda one: len(one.cells))
        rivals = [one.sheet for one in named if one is not best and len(one.cells) > 0]
        if rivals:
            titles = "、".join([best.sheet, *rivals])
            text = _("有多个工作表含有本报表的指标，请只保留一个：%(sheets)s。")
            best.refuse(text % {"sheets": titles})
        return best
    return named[0] if named else tried[0]


def value_of(cell: Cell) -> int | None:
    """The figure in a cell, None when it is empty; `BadValue` says what is expected instead."""
    if isinstance(cell, Refused):
        raise BadValue(cell.expected)
    if isinstance(cell, Decimal):
        raise BadValue(_("应为整数，不得有小数。") if cell >= 0 else _("不得为负数。"))
    if isinstance(cell, date):
        raise BadValue(_("是日期，应为整数。"))
    return read_value(cell)


Rows = Mapping[int, Sequence[Cell]]


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


def _template(title: str, rows: Rows, mark: TemplateMark, wanted: Wanted) -> Recognised:
    found = Recognised(Layout.TEMPLATE, title, mark=mark)
    for number, cells in rows.items():
        code = cells[CODE_COLUMN] if len(cells) > CODE_COLUMN else ""
        if isinstance(code, str) and code in mark.figures:
            cell = cells[VALUE_COLUMN] if len(cells) > VALUE_COLUMN else ""
            _take(found, code, number, VALUE_COLUMN, cell)
    if not found.cells and not found.problems:
        found.refuse(_("模板里的指标代码一列不见了，请重新下载模板。"))
    return found


def _best(title: str, rows: Rows, wanted: Wanted) -> Recognised:
    """The sheet as a list or as a table, whichever names more metrics."""
    by_column: dict[int, list[str]] = {}
    by_row: dict[int, list[str]] = {}
    for number, cells in rows.items():
        for place, cell in enumerate(cells):
            metric = wanted.metric(cell)
            if metric is not None:
                by_column.setdefault(place, []).append(metric)
                by_row.setdefault(number, []).append(metric)
    if not by_row:
        return _guess(title, rows, wanted)
    column = max(by_column, key=lambda place: _named(by_column[place]))
    row = max(by_row, key=lambda number: _named(by_row[number]))
    across, down = _named(by_row[row]), _named(by_column[column])
    # One heading alone names a row if there is a number beside it.
    if across > down or (across == down and not _numbers_beside(rows[row], column)):
        return _table(title, rows, row, wanted)
    return _list(title, rows, column, wanted)


def _named(metrics: Sequence[str]) -> tuple[int, int]:
    """How many metrics, then how many cells that name one."""
    return len(set(metrics)), len(metrics)


def _guess(title: str, rows: Rows, wanted: Wanted) -> Recognised:
    """A sheet of which no heading is known: what would be its headings, to be mapped by hand."""
    courts = {
        number
        for number, cells in rows.items()
        if any(isinstance(cell, str) and folded(cell) in wanted.own for cell in cells)
    }
    above = [
        number
        for number, cells in rows.items()
        if courts and number < min(courts) and _texts(cells)
    ]
    if above:
        return _table(title, rows, above[-1], wanted)
    for place in range(max(len(cells) for cells in rows.values())):
        named = [n for n, cells in rows.items() if place < len(cells) and _is_text(cells[place])]
        if any(_numbers_beside(rows[number], place) for number in named):
            return _list(title, rows, place, wanted)
    found = Recognised(Layout.LIST, title)
    found.refuse(_("没有认出任何指标：请用指标名称或代码作表头。"))
    return found


def _list(title: str, rows: Rows, place: int, wanted: Wanted) -> Recognised:
    """A metric a row, named in one column."""
    found = Recognised(Layout.LIST, title)
    named = [number for number, cells in rows.items() if wanted.metric(_at(cells, place))]
    first = min(named) if named else min(rows)
    header = max((number for number in rows if number < first), default=None)
    titles = rows[header] if header is not None else ()
    court, month = _aside(titles, rows, named, place, wanted)
    body: Rows = {n: cells for n, cells in rows.items() if n >= first}
    body = _of_this_return(found, body, court, month, wanted)
    if found.problems:
        return found
    aside = {place, court, month}
    width = max((len(cells) for cells in body.values()), default=0)
    known = [n for n in body if n in named] or list(body)
    candidates = [
        at
        for at in range(width)
        if at not in aside
        and any(
            _is_number(cell) or (cell != "" and _heads(_at(titles, at), wanted))
            for cell in (_at(body[n], at) for n in known)
        )
    ]
    found.columns = [
        ValueColumn(get_column_letter(at + 1), _shown(_at(titles, at)), _sample(body, known, at))
        for at in candidates
    ]
    value = _value_column(candidates, titles, wanted)
    if value is None:
        text = _("请选择本月累计数在哪一列。") if candidates else _("没有找到数据列。")
        found.refuse(text)
        return found
    found.column = get_column_letter(value + 1)
    for number, cells in body.items():
        metric, heading = wanted.metric(_at(cells, place)), _at(cells, place)
        if metric is not None:
            _take(found, metric, number, value, _at(cells, value))
        elif _is_text(heading) and _is_number(_at(cells, value)):
            _ask(found, heading, number, place, _at(cells, value))
    return found


def _table(title: str, rows: Rows, header: int, wanted: Wanted) -> Recognised:
    """A metric a column, named in one row; the court's own row holds the figures."""
    found = Recognised(Layout.TABLE, title)
    titles = rows[header]
    below: Rows = {number: cells for number, cells in rows.items() if number > header}
    court, month = _aside(titles, rows, list(below), None, wanted)
    below = _of_this_return(found, below, court, month, wanted)
    if found.problems:
        return found
    if len(below) != 1:
        text = _("本院有多行数据，请只保留本月的一行：第%(rows)s行。")
        lines = "、".join(map(str, [*below][:MOST_NAMED]))
        found.refuse(text % {"rows": lines} if below else _("表头下面没有数据。"))
        return found
    ((number, cells),) = below.items()
    for place, heading in enumerate(titles):
        if place in (court, month):
            continue
        metric = wanted.metric(heading)
        if metric is not None:
            _take(found, metric, number, place, _at(cells, place))
        elif _is_text(heading) and _is_number(_at(cells, place)):
            _ask(found, heading, header, place, _at(cells, place))
    return found


def _aside(
    titles: Sequence[Cell], rows: Rows, numbers: Sequence[int], skip: int | None, wanted: Wanted
) -> tuple[int | None, int | None]:
    """The columns that name a row's court and month, if there are any."""
    court = month = None
    for place, cell in enumerate(titles):
        text = folded(cell) if isinstance(cell, str) else ""
        if place == skip or not text:
            continue
        if court is None and text in _COURT_HEADINGS:
            court = place
        elif month is None and text in _MONTH_HEADINGS:
            month = place
    if court is None:
        width = max((len(rows[number]) for number in numbers), default=0)
        for place in range(width):
            texts = [_at(rows[number], place) for number in numbers]
            if place != skip and any(
                isinstance(t, str) and folded(t) in wanted.courts for t in texts
            ):
                return place, month
    elif not any(
        isinstance(t, str) and folded(t) in wanted.courts
        for t in (_at(rows[number], court) for number in numbers)
    ):
        # A heading such as 单位 may as well be that of the units of counting.
        court = None
    return court, month


def _names_courts(rows: Rows, numbers: Iterable[int], place: int, wanted: Wanted) -> bool:
    """Whether any of the rows names a court there."""
    cells = (_at(rows[number], place) for number in numbers)
    return any(isinstance(cell, str) and folded(cell) in wanted.courts for cell in cells)


def _of_this_return(
    found: Recognised, rows: Rows, court: int | None, month: int | None, wanted: Wanted
) -> Rows:
    """The rows of the court and month; a problem when the file has others only."""
    if court is not None:
        own = {n: c for n, c in rows.items() if _names_own(_at(c, court), wanted)}
        if not own:
            found.refuse(_("文件里没有本院的数据行。"))
            return {}
        rows = own
    if month is not None:
        at_month = {
            n: c for n, c in rows.items() if _month_of(_at(c, month), wanted) == wanted.month
        }
        if not at_month:
            text = _("文件里没有%(month)s的数据行。")
            found.refuse(text % {"month": wanted.month})
            return {}
        rows = at_month
    return rows


def _names_own(cell: Cell, wanted: Wanted) -> bool:
    return isinstance(cell, str) and folded(cell) in wanted.own


def _month_of(cell: Cell, wanted: Wanted) -> Month | None:
    if isinstance(cell, date):
        return Month(cell.year, cell.month)
    match = _MONTH.fullmatch(folded(str(cell)))
    if match is None or not 1 <= int(match[2]) <= 12:
        return None
    return Month(int(match[1] or wanted.month.year), int(match[2]))


def _value_column(candidates: Sequence[int], titles: Sequence[Cell], wanted: Wanted) -> int | None:
    """The column of year-to-date figures: the chosen one, the one headed so, the only one."""
    for place in candidates:
        if get_column_letter(place + 1) == wanted.column:
            return place
    headed = [place for place in candidates if _heads(_at(titles, place), wanted)]
    if len(headed) == 1:
        return headed[0]
    return candidates[0] if len(candidates) == 1 else None


def _heads(cell: Cell, wanted: Wanted) -> bool:
    if isinstance(cell, date):
        return Month(cell.year, cell.month) == wanted.month
    text = folded(cell) if isinstance(cell, str) else ""
    return text in wanted.totals or (bool(text) and _month_of(text, wanted) == wanted.month)


def _take(found: Recognised, metric: str, number: int, place: int, cell: Cell) -> None:
    """Note a figure, or what is wrong with it."""
    address = f"{get_column_letter(place + 1)}{number}"
    earlier = next((one for one in found.cells if one.metric == metric), None)
    if earlier is not None:
        text = _("这个指标出现了两次，前一次在%(address)s。")
        found.refuse(text % {"address": earlier.address}, address, _shown(cell), metric)
        return
    try:
        value = value_of(cell)
    except BadValue as error:
        found.refuse(str(error), address, _shown(cell), metric)
        return
    found.cells.append(GivenCell(metric, address, value))


def _ask(found: Recognised, heading: Cell, number: int, place: int, sample: Cell) -> None:
    if len(found.unknown) < MOST_SAMPLES:
        address = f"{get_column_letter(place + 1)}{number}"
        found.unknown.append(UnknownHeading(str(heading), address, _shown(sample)))


def _at(cells: Sequence[Cell], place: int | None) -> Cell:
    return cells[place] if place is not None and place < len(cells) else ""


def _texts(cells: Sequence[Cell]) -> bool:
    return sum(map(_is_text, cells)) > 1


def _is_text(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(cell) and not _is_number(cell)


def _is_number(cell: Cell) -> bool:
    """Whether a cell is, or was meant as, a number."""
    if isinstance(cell, int | Decimal | Refused):
        return True
    if not isinstance(cell, str) or not cell:
        return False
    try:
        return read_value(cell) is not None
    except BadValue:
        return False


def _numbers_beside(cells: Sequence[Cell], place: int) -> bool:
    return any(_is_number(cell) for cell in cells[place + 1 :])


def _sample(rows: Rows, numbers: Sequence[int], place: int) -> str:
    return next((_shown(_at(rows[n], place)) for n in numbers if _at(rows[n], place) != ""), "")


def _shown(cell: Cell) -> str:
    return cell.found if isinstance(cell, Refused) else str(cell)
