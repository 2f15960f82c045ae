"""Owns finding named columns in a file's table; what a file is, `courts.files` reads.

Whatever is wrong with a file becomes a *problem*: file, row, column, the value found, what is
expected.

Long because a text read row by row and a table read at once come to the same columns here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from itertools import chain, islice, zip_longest
from typing import NamedTuple, cast

from django.utils.translation import gettext as _

from courts.files import kinds
from courts.files.cells import Cell, RawRow, RefusedCell, TableError
from courts.files.encoding import found_as_json, tables_from_data
from courts.files.headings import folded
from courts.files.plain import Bounds, FileError, Found, Mark
from courts.files.reading import fault_sentence, lines_of, mark_sentence, tables_of
from courts.files.texts import decoded, rows_of_text
from courts.frame.listing import enumerated

MOST_BYTES = 32 * 1024 * 1024
# A year of a province brought in on a page; what commands read is an operator's own.
PAGE = Bounds(most_bytes=MOST_BYTES, most_cells=1_000_000, seconds=6)
COMMAND = Bounds(
    most_bytes=512 * 1024 * 1024,
    most_unpacked=2 * 1024 * 1024 * 1024,
    most_cells=20_000_000,
    most_signs=200_000_000,
    most_rows=2_000_001,
)
# A child costs more than so few bytes of text can.
READ_AT_ONCE = 64 * 1024
LONGEST_FOUND = 80
# Rows above the headings of a list that was taken away: what it is, of when, by which rules.
MOST_ABOVE = 20
# Sheets of a file that are named where one has to be chosen.
MOST_NAMED = 20


@dataclass(frozen=True)
class SourceFile:
    """One file as it was given: the name to show, the bytes, how much of it is read at most.

    Or what was read of it: `table`, with the `digest` of bytes that are no longer there and the
    `fault` that ended the reading, if one did. `is_shown`: a person looks at a preview before
    anything counts, so that values are read leniently, and formats that hide formulas as well.
    """

    name: str
    content: bytes
    bounds: Bounds = PAGE
    table: Found | None = None
    digest: str = ""
    fault: FileError | None = None
    is_shown: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether all of it was read, so that it may wait for its confirmation."""
        return self.table is not None and self.fault is None

    @property
    def is_opaque(self) -> bool:
        """Whether the format hides which cells are formulas or percentages."""
        return self.table is not None and self.table.is_opaque

    @cached_property
    def sha256(self) -> str:
        return self.digest or sha256(self.content).hexdigest()

    @property
    def is_text(self) -> bool:
        """Whether its cells are bare texts, such as those of CSV."""
        return self.table.kind == kinds.TEXT if self.table else kinds.is_text(self.content)

    @property
    def kept(self) -> bytes:
        """What is stored of the file until it is decided on: the table, else the bytes."""
        return found_as_json(self.table).encode() if self.table else self.content


class Column(NamedTuple):
    """A column by its code and the other headings it may have; what is `ignored` is not read."""

    code: str
    headings: tuple[str, ...] = ()
    optional: bool = False
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a place of a file; the texts are in the language of who asked."""

    file: str
    row: int | None
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += " " + _("第%(row)s行") % {"row": self.row}
        if self.column:
            place += " " + _("%(column)s 列") % {"column": self.column}
        if not self.found:
            return _("%(place)s：%(expected)s") % {"place": place, "expected": self.expected}
        return _("%(place)s：“%(found)s”，%(expected)s") % {
            "place": place,
            "found": shown(self.found),
            "expected": self.expected,
        }


class Row(NamedTuple):
    """One row that is not blank: its number as a spreadsheet counts, its cells by column code."""

    file: str
    number: int
    cells: dict[str, Cell]

    def problem(self, column: str, expected: str, found: str | None = None) -> Problem:
        """A problem in one of the row's cells."""
        if found is None:
            cell = self.cells[column]
            found = cell.found if isinstance(cell, RefusedCell) else str(cell)
        return Problem(self.file, self.number, column, found, expected)


def shown(text: str) -> str:
    """A text from a file, safe to print: one short line without control characters."""
    printable = "".join(sign if sign.isprintable() else "·" for sign in text[:LONGEST_FOUND])
    return printable + "…" if len(text) > LONGEST_FOUND else printable


def complaint(name: str, sentence: str) -> str:
    """The sentence saying what is wrong with a file, after the name of the file."""
    return _("%(place)s：%(expected)s") % {"place": shown(name), "expected": sentence}


def read(file: SourceFile, columns: Sequence[Column]) -> tuple[list[Row], list[Problem]]:
    """The rows of a file with these columns, in any order, and all that is wrong with its form."""
    try:
        raw = _raw_rows(file, columns)
        header, raw = _header(raw, columns)
        places, problems = _places(file, header, columns)
        if problems:
            return [], problems
        rows, problems = _rows(file, raw, places, _unread(header, columns))
    except TableError as error:
        return [], [Problem(file.name, error.row, "", error.found, error.expected)]
    if not rows and not problems:
        problems = [
            Problem(file.name, None, "", "", _("只有表头，没有数据行。请填入数据后再上传。"))
        ]
    return rows, problems


def _header(raw: Iterator[RawRow], columns: Sequence[Column]) -> tuple[RawRow, Iterator[RawRow]]:
    """The row of headings and what comes after it.

    Lists that were taken away say above their headings what they are; a file without any row that
    has all the columns is judged by its first.
    """
    above: list[RawRow] = []
    try:
        for row in islice(raw, MOST_ABOVE):
            for header in (row, _under(above[-1], row) if above else row):
                if _has_all(header, columns):
                    return header, raw
            above.append(row)
    except TableError:
        if not above:
            raise
    if not above:
        raise TableError(_("文件是空的；第一行应为表头。"))
    return above[0], iter(above[1:])


def _under(above: RawRow, row: RawRow) -> RawRow:
    """The row as the second of two rows of headings: where it is empty, the text above holds."""
    number, cells = row
    pairs = zip_longest(above[1], cells, fillvalue="")
    return number, [upper if lower == "" else lower for upper, lower in pairs]


def _has_all(row: RawRow, columns: Sequence[Column]) -> bool:
    """Whether the row heads every column that has to be there."""
    texts = {folded(_text(cell)) for cell in row[1]}
    return all(texts & _names(column) for column in columns if not column.optional)


def _names(column: Column) -> set[str]:
    return {folded(name) for name in (column.code, *column.headings)}


def _raw_rows(file: SourceFile, columns: Sequence[Column]) -> Iterator[RawRow]:
    """The rows that are not blank, whatever the format. `TableError`.

    Of several tables that one is read which alone has the columns and is not hidden.

    A text is read row by row, so that the rows before a broken one are still looked at. What hides
    formulas and percentages is refused: there is nobody to ask here.
    """
    try:
        if file.table is None and file.is_text:
            yield from _rows_of_text(file)
            return
        found = file.table or _tables(file)
        if file.fault and not file.is_text:
            raise file.fault
    except FileError as fault:
        raise _unreadable(fault) from fault
    sheets = rows_by_title(found)
    if len(sheets) > 1:
        sheets = _fitting(found, sheets, columns)
    if len(sheets) > 1:
        names = enumerated(islice(sheets, MOST_NAMED))
        raise TableError(_("有多个工作表含有数据，请只保留一个：%(sheets)s。") % {"sheets": names})
    for rows in sheets.values():
        yield from rows
    if file.fault:
        raise _unreadable(file.fault)


def _fitting(
    found: Found, sheets: dict[str, list[RawRow]], columns: Sequence[Column]
) -> dict[str, list[RawRow]]:
    """The one sheet with the columns, unless it is hidden; else all, for somebody to choose."""
    fitting = [
        (title, sheet.is_hidden)
        for (title, rows), sheet in zip(sheets.items(), found.sheets, strict=True)
        if any(_has_all(row, columns) for row in rows[:MOST_ABOVE])
    ]
    if len(fitting) != 1 or fitting[0][1]:
        return sheets
    title = fitting[0][0]
    return {title: sheets[title]}


def _rows_of_text(file: SourceFile) -> Iterator[RawRow]:
    """The rows of a text that are not blank. `FileError`."""
    bounds = file.bounds
    _check_size(file)
    for number, cells in rows_of_text(decoded(file.content)):
        if any(cells):
            if number > bounds.most_rows:
                raise FileError("rows", most=bounds.most_rows)
            if len(cells) > bounds.most_columns:
                raise FileError("columns", most=bounds.most_columns, row=number)
            yield number, cast("list[Cell]", cells)


def _tables(file: SourceFile) -> Found:
    """The tables of a workbook. `FileError`."""
    _check_size(file)
    is_own = file.bounds is COMMAND
    found = (kinds.read if is_own else tables_of)(file.name, file.content, file.bounds)
    if found.is_opaque and not file.is_shown:
        raise FileError("opaque")
    return found


def _check_size(file: SourceFile) -> None:
    if len(file.content) > file.bounds.most_bytes:
        raise FileError("too_big", most=file.bounds.most_bytes)


def as_table(file: SourceFile) -> SourceFile:
    """What is read of the file, without its bytes; of a broken text the lines before the fault."""
    if file.table is not None:
        return file
    found, fault = Found("", ()), None
    try:
        if not file.is_text:
            found = _tables(file)
        elif len(file.content) <= READ_AT_ONCE:
            found, fault = kinds.read_lines(file.content, file.bounds)
        else:
            found, fault = lines_of(file.name, file.content, file.bounds)
    except FileError as error:
        fault = error
    return replace(file, content=b"", table=found, digest=file.sha256, fault=fault)


def from_kept(name: str, kept: bytes, digest: str) -> SourceFile:
    """The file again whose table was stored as `SourceFile.kept`.

    Rows that were stored before tables were kept hold the bytes of the file.
    """
    try:
        table = tables_from_data(json.loads(kept))
    except (KeyError, TypeError, ValueError):
        return as_table(SourceFile(name, kept, digest=digest, is_shown=True))
    return SourceFile(name, b"", table=table, digest=digest, is_shown=True)


def rows_by_title(found: Found) -> dict[str, list[RawRow]]:
    """The rows of each table by its title, refused cells with their sentence."""
    return {
        _title(sheet.title, is_hidden=sheet.is_hidden): [
            (number, [_cell(cell) for cell in cells]) for number, cells in sheet.rows
        ]
        for sheet in found.sheets
    }


def _title(title: str, *, is_hidden: bool) -> str:
    """The title of a sheet, marked where it is hidden; the templates' own sheet is not."""
    is_ours = title.startswith("_")
    return _("%(title)s（隐藏）") % {"title": title} if is_hidden and not is_ours else title


def _cell(cell: Cell | Mark) -> Cell:
    return RefusedCell(cell.found, mark_sentence(cell)) if isinstance(cell, Mark) else cell


def _unreadable(fault: FileError) -> TableError:
    row = fault.found.get("row") if fault.code == "csv" else None
    return TableError(fault_sentence(fault), row=row, found=str(fault.found.get("found", "")))


def _places(
    file: SourceFile, header: RawRow, columns: Sequence[Column]
) -> tuple[dict[int, str], list[Problem]]:
    """Which column stands where; every heading that is unknown, repeated or missing."""
    number, cells = header
    known = {
        folded(heading): column.code
        for column in columns
        if not column.ignored
        for heading in (column.code, *column.headings)
    }
    expected = _("表头应为：%(columns)s。") % {
        "columns": ",".join(c.code for c in columns if not c.ignored)
    }
    places: dict[int, str] = {}
    problems = []
    unread = _unread(header, columns)
    for place, cell in enumerate(cells):
        text = _text(cell)
        if place in unread:
            continue
        code = known.get(folded(text))
        if text == "" and not any(place < other for other in _filled(cells)):
            continue
        if code is None:
            wrong = _("没有这一列。") if text else _("表头有空格子。")
            problems.append(Problem(file.name, number, "", text, wrong + expected))
        elif code in places.values():
            problems.append(
                Problem(file.name, number, "", text, _("这一列重复。请删去一列。") + expected)
            )
        else:
            places[place] = code
    missing = [c.code for c in columns if not c.optional and c.code not in places.values()]
    if missing:
        wrong = _("缺少列：%(columns)s。") % {"columns": ",".join(missing)}
        problems.append(Problem(file.name, number, "", "", wrong + expected))
    return places, problems


def _unread(header: RawRow, columns: Sequence[Column]) -> frozenset[int]:
    """Where columns stand that are known and not read.

    “Court” may be a name beside a column of codes, or the codes themselves: a heading is left
    unread only where the column that it could be is found elsewhere.
    """
    texts = [folded(_text(cell)) for cell in header[1]]
    found = []
    for place, text in enumerate(texts):
        others = {*texts[:place], *texts[place + 1 :]}
        is_known = any(column.ignored and text in _names(column) for column in columns)
        is_wanted = any(
            text in _names(column) and not _names(column) & others
            for column in columns
            if not column.ignored
        )
        if is_known and not is_wanted:
            found.append(place)
    return frozenset(found)


def _filled(cells: Sequence[Cell]) -> list[int]:
    return [place for place, cell in enumerate(cells) if cell != ""]


def _rows(
    file: SourceFile, raw: Iterator[RawRow], places: dict[int, str], unread: Collection[int]
) -> tuple[list[Row], list[Problem]]:
    rows: list[Row] = []
    problems: list[Problem] = []
    width = max(places) + 1
    is_text = file.is_text
    while True:
        try:
            row = next(raw, None)
        except TableError as error:
            # What was read so far is still worth checking: all errors at once.
            problems.append(Problem(file.name, error.row, "", error.found, error.expected))
            return rows, problems
        if row is None:
            return rows, problems
        number, cells = row
        if is_text and len(cells) < width:
            expected = _("这一行只有%(found)s列，应有%(wanted)s列；没有数值也要留逗号。")
            problems.append(
                Problem(
                    file.name,
                    number,
                    "",
                    ",".join(map(str, cells)),
                    expected % {"found": len(cells), "wanted": width},
                )
            )
            continue
        problems.extend(
            Problem(file.name, number, "", _text(cells[place]), _("这一格没有表头。请补上表头。"))
            for place in _filled(cells)
            if place not in places and place not in unread
        )
        padded = chain(cells, ("" for _missing in range(width - len(cells))))
        found = {places[place]: cell for place, cell in enumerate(padded) if place in places}
        rows.append(Row(file.name, number, found))


def _text(cell: Cell) -> str:
    return cell.found if isinstance(cell, RefusedCell) else str(cell)
