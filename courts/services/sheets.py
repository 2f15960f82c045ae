"""Owns reading a table out of a CSV or Excel file; never knows what its columns mean.

Whatever is wrong with a file becomes a *problem*: file, row, column, the value found, what is
expected.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from courts.services.cells import MOST_ROWS, Cell, RawRow, Refused, Unreadable
from courts.services.workbooks import rows_of_workbook, sheets_of_workbook

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_BYTES = 32 * 1024 * 1024
LONGEST_FOUND = 80
# Rows above the headings of a list that was taken away: what it is, of when, by which rules.
MOST_ABOVE = 20

ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
UTF8_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class SourceFile:
    """One file as it was given: the name to show, and the bytes."""

    name: str
    content: bytes

    @cached_property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


class Column(NamedTuple):
    """A column by its code and the other headings it may have; what is `ignored` is not read."""

    code: str
    headings: tuple[str, ...] = ()
    optional: bool = False
    ignored: bool = False


def in_every_language(*texts: StrOrPromise) -> tuple[str, ...]:
    """Headings as files of every language have them: people take a list away and bring it back.

    The texts are lazy ones.
    """
    found: list[str] = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.extend(str(text) for text in texts)
    return tuple(dict.fromkeys(found))


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
            found = cell.found if isinstance(cell, Refused) else str(cell)
        return Problem(self.file, self.number, column, found, expected)


def shown(text: str) -> str:
    """A text from a file, safe to print: one short line without control characters."""
    printable = "".join(sign if sign.isprintable() else "·" for sign in text[:LONGEST_FOUND])
    return printable + "…" if len(text) > LONGEST_FOUND else printable


def source_files(paths: Sequence[Path]) -> list[SourceFile]:
    """The files at these paths; OSError when one cannot be read."""
    names = [path.name for path in paths]
    files = []
    for path in paths:
        with path.open("rb") as file:
            # One byte more than allowed is enough to know that there are too many.
            content = file.read(MOST_BYTES + 1)
        files.append(SourceFile(path.name if names.count(path.name) == 1 else str(path), content))
    return files


def read(file: SourceFile, columns: Sequence[Column]) -> tuple[list[Row], list[Problem]]:
    """The rows of a file with these columns, in any order, and all that is wrong with its form."""
    try:
        raw = _raw_rows(file)
        header, raw = _header(raw, columns)
        places, problems = _places(file, header, columns)
        if problems:
            return [], problems
        rows, problems = _rows(file, raw, places, _unread(header, columns))
    except Unreadable as error:
        return [], [Problem(file.name, error.row, "", error.found, error.expected)]
    if not rows and not problems:
        problems = [Problem(file.name, None, "", "", _("只有表头，没有数据行。"))]
    return rows, problems


def _header(raw: Iterator[RawRow], columns: Sequence[Column]) -> tuple[RawRow, Iterator[RawRow]]:
    """The row of headings and what comes after it.

    Lists that were taken away say above their headings what they are; a file without any row that
    has all the columns is judged by its first.
    """
    wanted = [_names(column) for column in columns if not column.optional]
    above: list[RawRow] = []
    try:
        for row in islice(raw, MOST_ABOVE):
            texts = {_text(cell).casefold() for cell in row[1]}
            if all(texts & names for names in wanted):
                return row, raw
            above.append(row)
    except Unreadable:
        if not above:
            raise
    if not above:
        raise Unreadable(_("文件是空的；第一行应为表头。"))
    return above[0], iter(above[1:])


def _names(column: Column) -> set[str]:
    return {name.casefold() for name in (column.code, *column.headings)}


def _raw_rows(file: SourceFile) -> Iterator[RawRow]:
    """The rows that are not blank, whatever the format; the format shows in the first bytes."""
    content = file.content
    raw = rows_of_workbook(content) if _is_workbook(file) else _rows_of_csv(decoded(content))
    for number, cells in raw:
        if number > MOST_ROWS:
            raise Unreadable(_("超过%(most)s行。") % {"most": MOST_ROWS})
        if any(cell != "" for cell in cells):
            yield number, cells


def tables(file: SourceFile) -> dict[str, list[RawRow]]:
    """Every worksheet of a workbook by its title, or a CSV file's one table under the file's name.

    `Unreadable` when the file is neither, or holds nothing.
    """
    if _is_workbook(file):
        found = sheets_of_workbook(file.content)
    else:
        rows = [row for row in _rows_of_csv(decoded(file.content)) if any(row[1])]
        found = {file.name: rows} if rows else {}
    if not found:
        raise Unreadable(_("文件是空的。"))
    if any(rows[-1][0] > MOST_ROWS for rows in found.values()):
        raise Unreadable(_("超过%(most)s行。") % {"most": MOST_ROWS})
    return found


def _is_workbook(file: SourceFile) -> bool:
    """Whether the first bytes are those of an .xlsx workbook; `Unreadable` for what looks wrong."""
    content = file.content
    if len(content) > MOST_BYTES:
        raise Unreadable(_("文件超过%(most)s MB。") % {"most": MOST_BYTES // 1024 // 1024})
    if content.startswith(OLD_EXCEL):
        raise Unreadable(_("是旧版Excel格式（.xls）或加密的工作簿，请另存为不加密的.xlsx。"))
    is_workbook = content.startswith(ZIP)
    if content and not is_workbook and file.name.lower().endswith((".xlsx", ".xlsm")):
        raise Unreadable(_("不是有效的.xlsx工作簿。"))
    return is_workbook


def decoded(content: bytes) -> str:
    """The text of a CSV file: UTF-8 with or without a mark, else GB18030."""
    if content.startswith(UTF16):
        raise Unreadable(_("是UTF-16编码，请另存为“CSV UTF-8（逗号分隔）”。"))
    if content.startswith(UTF8_MARK):
        content = content[len(UTF8_MARK) :]
        encodings = ["utf-8"]
    else:
        encodings = ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise Unreadable(_("不是文本文件：编码应为UTF-8或GB18030。"))


def _rows_of_csv(text: str) -> Iterator[RawRow]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(
                _("这一行不是有效的CSV，请检查引号。"), row=number, found=str(error)
            ) from error
        yield number, [cell.strip() for cell in cells]


def _places(
    file: SourceFile, header: RawRow, columns: Sequence[Column]
) -> tuple[dict[int, str], list[Problem]]:
    """Which column stands where; every heading that is unknown, repeated or missing."""
    number, cells = header
    known = {
        heading.casefold(): column.code
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
        code = known.get(text.casefold())
        if text == "" and not any(place < other for other in _filled(cells)):
            continue
        if code is None:
            wrong = _("没有这一列。") if text else _("表头有空格子。")
            problems.append(Problem(file.name, number, "", text, wrong + expected))
        elif code in places.values():
            problems.append(Problem(file.name, number, "", text, _("这一列重复。") + expected))
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
    texts = [_text(cell).casefold() for cell in header[1]]
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
    is_csv = not file.content.startswith(ZIP)
    while True:
        try:
            row = next(raw, None)
        except Unreadable as error:
            # What was read so far is still worth checking: all errors at once.
            problems.append(Problem(file.name, error.row, "", error.found, error.expected))
            return rows, problems
        if row is None:
            return rows, problems
        number, cells = row
        if is_csv and len(cells) < width:
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
            Problem(file.name, number, "", _text(cells[place]), _("这一格没有表头。"))
            for place in _filled(cells)
            if place not in places and place not in unread
        )
        padded = chain(cells, ("" for _missing in range(width - len(cells))))
        found = {places[place]: cell for place, cell in enumerate(padded) if place in places}
        rows.append(Row(file.name, number, found))


def _text(cell: Cell) -> str:
    return cell.found if isinstance(cell, Refused) else str(cell)
