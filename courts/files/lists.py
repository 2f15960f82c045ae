"""Owns files of lists: what the list is, line by line, then its columns and rows.

One shape for every list a page shows, as a workbook or as CSV. Numbers, percents, days, months and
moments are written as such: in a workbook with a format, in CSV plain and as ISO 8601 has them.
Texts that a spreadsheet would run are defused; a file with made-up figures says so in its name,
first of all lines, and in its footer.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any, Generic, TypeVar

import xlsxwriter
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts import database_clock
from scoring.facts import Month

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
WIDEST = 60
# File systems take 255 bytes, and some programs put their own ending behind ours.
MOST_NAME_BYTES = 180
MOST_SHEET_SIGNS = 31
# What Windows, or a sheet's tab, does not take in a name.
UNSAFE = re.compile(r'[\\/:*?"<>|\[\]]+')
# Spreadsheets take a text that begins so for a formula, some the full-width signs too.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
POINTS, SIGNED_POINTS, SIGNED = "0.00", "+0.00;-0.00;0.00", "+0;-0;0"
NUMERAL = re.compile(r"([+\-−]?\d{1,12}(?:\.\d{1,9})?)( ?%)?", re.ASCII)
DAY, MOMENT, MONTH = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "yyyy-mm"
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Percent:
    """So many hundredths: a workbook gets the ratio in a percent format, CSV `98.33%`."""

    hundredths: Decimal


Cell = str | int | Decimal | Percent | date | datetime | Month | None
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A heading and what stands under it for a row.

    `number_format` is a workbook's, for signs before numbers and the like; without it numbers have
    as many decimals as they bring.
    """

    heading: str
    value: Callable[[Row], Cell]
    number_format: str = ""


@dataclass(frozen=True, slots=True)
class Notes:
    """Lines that belong to a list: a sheet of their own in a workbook, above the columns in CSV."""

    title: str
    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list to take away; `name` is the file's, in the reader's language and without an ending.

    A plain heading stands for the cell at its place: for rows that are sequences of cells.
    """

    name: str
    title: str
    about: Sequence[tuple[str, Cell]]
    columns: Sequence[Column[Any] | str]
    rows: Sequence[Any]
    is_demo: bool = False
    notes: Notes | None = None
    frozen_columns: int = 0

    @property
    def heading(self) -> list[tuple[str, Cell]]:
        """What stands above the columns."""
        lines: list[tuple[str, Cell]] = [*self.about, (_("导出时间"), database_clock.now())]
        if self.is_demo:
            told = _("含有为演示而编造的数据，不是任何法院的真实情况，不得用于考核。")
            lines.insert(0, (_("演示数据"), told))
        return lines

    @property
    def headings(self) -> list[str]:
        return [str(one.heading if isinstance(one, Column) else one) for one in self.columns]

    def cells(self) -> Iterator[list[Cell]]:
        """The rows, a cell for each column."""
        for row in self.rows:
            yield [
                one.value(row) if isinstance(one, Column) else row[place]
                for place, one in enumerate(self.columns)
            ]


def response(file: ListFile, wanted: str) -> HttpResponse:
    """The list as `xlsx` or `csv`; 404 for any other format."""
    if wanted not in ("xlsx", "csv"):
        raise Http404
    body, kind = (_xlsx(file), XLSX_TYPE) if wanted == "xlsx" else (_csv(file), CSV_TYPE)
    return attachment(body, kind, file.name, wanted, is_demo=file.is_demo)


def attachment(
    body: bytes, content_type: str, name: str, ending: str, *, is_demo: bool
) -> HttpResponse:
    """A file to take away under a name in the reader's language (RFC 5987)."""
    disposition = content_disposition_header(
        as_attachment=True, filename=file_name(name, ending, is_demo=is_demo)
    )
    headers = {"Content-Disposition": disposition or "attachment"}
    return HttpResponse(body, content_type=content_type, headers=headers)


def file_name(name: str, ending: str, *, is_demo: bool) -> str:
    """A name that every file system takes, with the mark of made-up figures."""
    mark = f"-{_('演示数据')}" if is_demo else ""
    stem = _safe(name).encode()[:MOST_NAME_BYTES].decode(errors="ignore").strip(" .-")
    return f"{stem or _('清单')}{mark}.{ending}"


def named(*parts: str) -> str:
    """A name from its parts; Chinese puts no spaces between them."""
    is_chinese = (get_language() or "").startswith("zh")
    return ("" if is_chinese else " ").join(part for part in parts if part)


def number(text: str | None) -> Cell:
    """A number or percent that a page prints, as such; other texts, such as a dash, unchanged."""
    match = NUMERAL.fullmatch(text) if text else None
    if match is None:
        return text
    value = Decimal(match[1].replace("−", "-"))
    return Percent(value) if match[2] else value


def figure_cell(value: int | None, places: int) -> Cell:
    """A stored figure as a number, with the decimals it is written with."""
    return value if value is None or not places else Decimal(value).scaleb(-places)


def defused(text: str) -> str:
    """The text, made harmless where a spreadsheet would run it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def moment(at: datetime | None) -> str:
    """A moment as texts print it; nothing for none."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def day(on: date | None) -> str:
    """A day as texts print it; nothing for none."""
    return on.isoformat() if on else ""


def _safe(name: str) -> str:
    """The name without what is no sign, turns writing round, or is no part of a file's name."""
    signs = (" " if sign.isspace() else sign for sign in unicodedata.normalize("NFC", name))
    shown = "".join(sign for sign in signs if not unicodedata.category(sign).startswith("C"))
    return " ".join(UNSAFE.sub("-", shown).split())


def _plain(cell: Cell) -> object:
    """A cell as CSV writes it."""
    if isinstance(cell, str):
        return defused(cell)
    if isinstance(cell, datetime):
        return moment(cell)
    if isinstance(cell, Percent):
        return f"{cell.hundredths:f}%"
    if isinstance(cell, Month):
        return str(cell)
    return format(cell, "f") if isinstance(cell, Decimal) else cell


def csv_of(lines: Iterable[Sequence[Cell]], line_end: str = "\r\n") -> bytes:
    """Lines as CSV, in UTF-8 with a mark at the start, by which Excel and WPS know it from GBK."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=line_end)
    writer.writerows([_plain(cell) for cell in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def _csv(file: ListFile) -> bytes:
    notes = file.notes
    above = [(notes.title, *line) for line in notes.lines] if notes else []
    top: list[Sequence[Cell]] = [(file.title,), *file.heading, *above, (), file.headings]
    return csv_of(chain(top, file.cells()))


def _xlsx(file: ListFile) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    look = _Looks(book)
    sheet = book.add_worksheet(sheet_name(file.title))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, defused(file.title), look.title)
    for place, line in enumerate(file.heading, start=1):
        for column, cell in enumerate(line):
            if file.is_demo and place == 1:
                sheet.write_string(place, column, str(cell), look.warning)
            else:
                _write_cell(sheet, (place, column), cell, "", look)
    top = len(file.heading) + 2
    widths = [_width(heading) for heading in file.headings]
    for column, heading in enumerate(file.headings):
        sheet.write_string(top, column, defused(heading), look.heading)
    formats = [one.number_format if isinstance(one, Column) else "" for one in file.columns]
    for place, row in enumerate(file.cells(), start=top + 1):
        for column, cell in enumerate(row):
            widths[column] = max(widths[column], _width(str(_plain(cell) or "")))
            _write_cell(sheet, (place, column), cell, formats[column], look)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(WIDEST, 4 + width))
    sheet.freeze_panes(top + 1, file.frozen_columns)
    sheet.repeat_rows(top)
    sheet.autofilter(top, 0, top + max(1, len(file.rows)), len(file.columns) - 1)
    if file.is_demo:
        sheet.set_footer(f"&C{_('演示数据')}")
    if file.notes is not None:
        _write_notes(book.add_worksheet(sheet_name(file.notes.title)), file.notes)
    book.close()
    return buffer.getvalue()


def _write_cell(
    sheet: Any, place: tuple[int, int], cell: Cell, number_format: str, look: _Looks
) -> None:
    """Write a cell as what it is; nothing writes a formula."""
    if isinstance(cell, str):
        sheet.write_string(*place, defused(cell))
    elif isinstance(cell, datetime):
        at = timezone.localtime(cell).replace(tzinfo=None, second=0, microsecond=0)
        sheet.write_datetime(*place, at, look.number(MOMENT))
    elif isinstance(cell, date):
        sheet.write_datetime(*place, cell, look.number(DAY))
    elif isinstance(cell, Month):
        sheet.write_datetime(*place, date(*cell, 1), look.number(MONTH))
    elif isinstance(cell, Percent):
        shown = f"{_number_format(cell.hundredths)}%"
        sheet.write_number(*place, cell.hundredths / HUNDRED, look.number(shown))
    elif cell is not None:
        sheet.write_number(*place, cell, look.number(number_format or _number_format(cell)))


def _write_notes(sheet: Any, notes: Notes) -> None:
    for column in (0, 1):
        widest = max((_width(line[column]) for line in notes.lines), default=0)
        sheet.set_column(column, column, min(2 * WIDEST, 4 + widest))
    for place, line in enumerate(notes.lines):
        for column, text in enumerate(line):
            sheet.write_string(place, column, defused(text))


class _Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.heading = book.add_format(
            {"bold": True, "bottom": 1, "bg_color": "#E3EDF1", "text_wrap": True}
        )
        self.warning = book.add_format({"bold": True, "font_color": "#A02C26"})
        self._numbers: dict[str, Any] = {}

    def number(self, text: str) -> Any:
        if text not in self._numbers:
            self._numbers[text] = self.book.add_format({"num_format": text})
        return self._numbers[text]


def sheet_name(title: str) -> str:
    """A title as the name of a sheet: at most 31 signs, none that a workbook refuses."""
    return _safe(title)[:MOST_SHEET_SIGNS].strip("' ") or _("清单")


def _number_format(value: int | Decimal) -> str:
    """As many decimals as the number brings."""
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return f"0.{'0' * decimals}" if decimals else "0"


def _width(text: str) -> int:
    """Columns a text takes: a Chinese or Korean sign takes two."""
    return sum(1 if sign.isascii() else 2 for sign in text)
