"""Owns files of lists: what the list is, line by line, then its columns and rows.

One shape for every list a page shows, as a workbook or as CSV. Texts that a spreadsheet would run
are defused; a file with made-up figures says so first.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

WIDEST = 60
CSV_TYPE = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list to take away. `name` is the file's, in ASCII and without an ending."""

    name: str
    title: str
    about: Sequence[tuple[str, str]]
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    is_demo: bool = False

    @property
    def heading(self) -> list[tuple[str, str]]:
        """What stands above the columns."""
        lines = [*self.about, (_("导出时间"), f"{timezone.localtime():%Y-%m-%d %H:%M}")]
        if self.is_demo:
            told = _("含有为演示而编造的数据，不是任何法院的真实情况，不得用于考核。")
            lines.insert(0, (_("演示数据"), told))
        return lines


def response(file: ListFile, wanted: str) -> HttpResponse:
    """The list as `xlsx` or `csv`; 404 for any other format."""
    if wanted not in ("xlsx", "csv"):
        raise Http404
    body, kind = (_xlsx(file), XLSX_TYPE) if wanted == "xlsx" else (_csv(file), CSV_TYPE)
    demo = "-demo" if file.is_demo else ""
    return HttpResponse(
        body,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{file.name}{demo}.{wanted}"'},
    )


def moment(at: datetime | None) -> str:
    """A moment as files print it; nothing for none."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def day(on: date | None) -> str:
    """A day as files print it; nothing for none."""
    return on.isoformat() if on else ""


def _csv(file: ListFile) -> bytes:
    """UTF-8 with a mark at the start, by which Excel and WPS know it from GBK."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([defused(file.title)])
    for line in file.heading:
        writer.writerow([defused(cell) for cell in line])
    writer.writerow([])
    writer.writerow([defused(title) for title in file.columns])
    for row in file.rows:
        writer.writerow([defused(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _xlsx(file: ListFile) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E3EDF1", "text_wrap": True})
    warning = book.add_format({"bold": True, "font_color": "#A02C26"})
    sheet = book.add_worksheet()
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, defused(file.title), bold)
    for place, line in enumerate(file.heading, start=1):
        look = warning if file.is_demo and place == 1 else None
        for column, text in enumerate(line):
            sheet.write_string(place, column, defused(text), look)
    top = len(file.heading) + 2
    for column, title in enumerate(file.columns):
        sheet.write_string(top, column, defused(title), head)
        cells = [title, *(str(row[column] or "") for row in file.rows)]
        sheet.set_column(column, column, min(WIDEST, 4 + max(map(_width, cells))))
    for place, row in enumerate(file.rows, start=top + 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(place, column, defused(cell))
            elif cell is not None:
                sheet.write_number(place, column, cell)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    sheet.autofilter(top, 0, top + max(1, len(file.rows)), len(file.columns) - 1)
    if file.is_demo:
        sheet.set_footer(f"&C{_('演示数据')}")
    book.close()
    return buffer.getvalue()


def _width(text: str) -> int:
    """Columns a text takes: a Chinese or Korean sign takes two."""
    return sum(1 if sign.isascii() else 2 for sign in text)


XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# Spreadsheets take a text that begins so for a formula, some the full-width signs too.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


Cell = str | int | Decimal | None


def defused(text: str) -> str:
    """The text, made harmless where a spreadsheet would run it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
