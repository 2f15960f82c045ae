"""Owns the workbook a desk fills away from the browser: one return, prefilled, ready to come back.

Only the column of this month's year-to-date figures is open. A hidden sheet says which return it is
and what each figure was, so that what others change meanwhile shows when it is uploaded.
"""

from __future__ import annotations

import io
from decimal import Decimal

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _

from courts.files.lists import XLSX_TYPE, attachment, defused, named, sheet_name
from courts.files.recognition import CODE_COLUMN, MARK, MARK_SHEET, MARK_VERSION, VALUE_COLUMN
from courts.files.values import expected
from courts.frame.listing import labelled
from courts.returns.selectors.grids import Grid
from courts.wording.months import month_name
from courts.years.selectors.slots import court_name
from scoring.schema import largest_figure

WIDTHS = (24, 30, 8, 12, 12, 14, 12, 60)
OPEN_CELL = "#FFF7DB"


def template_file(page: Grid) -> HttpResponse:
    """The return as a workbook to fill."""
    slot = page.slot
    of_side = _("%(side)s报表") % {"side": page.slot.side_label}
    name = named(court_name(slot.court), month_name(slot.month), of_side)
    return attachment(template_workbook(page), XLSX_TYPE, name, "xlsx", is_demo=page.is_demo)


def template_workbook(page: Grid) -> bytes:
    """The bytes of the workbook."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(sheet_name(page.slot.side_label))
    _fill(book, sheet, page)
    _sign(book.add_worksheet(MARK_SHEET), page)
    book.close()
    return buffer.getvalue()


def _fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, page: Grid) -> None:
    slot = page.slot
    bold = book.add_format({"bold": True, "font_size": 14})
    warning = book.add_format({"bold": True, "font_color": "#A02C26"})
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E3EDF1", "text_wrap": True})
    group_look = book.add_format({"bold": True, "bg_color": "#F2F3F1"})
    number = book.add_format({"num_format": "0"})
    small = book.add_format({"font_size": 9, "text_wrap": True, "font_color": "#525E6B"})
    code_look = book.add_format({"font_size": 9, "font_color": "#525E6B"})
    open_look = book.add_format(
        {"num_format": "0", "locked": False, "bg_color": OPEN_CELL, "border": 1, "bold": True}
    )
    title = _("%(court)s %(month)s %(side)s报表") % {
        "court": court_name(slot.court),
        "month": month_name(slot.month),
        "side": slot.side_label,
    }
    sheet.write_string(0, 0, title, bold)
    about = _("只填有颜色的“本月累计”一列：一月到本月的累计数，整数；没有数据留空，不要填0。")
    sheet.write_string(1, 0, about)
    if page.is_demo:
        told = _("含有为演示而编造的数据，不是任何法院的真实情况，不得用于考核。")
        sheet.write_string(2, 0, labelled(_("演示数据"), told), warning)
    top = 4
    titles = (
        _("代码"),
        _("指标"),
        _("单位"),
        _("去年同期"),
        _("上月累计"),
        _("本月累计"),
        _("当月数"),
        _("说明"),
    )
    for column, text in enumerate(titles):
        sheet.write_string(top, column, text, head)
        sheet.set_column(column, column, WIDTHS[column])
    line = top
    for group in page.groups:
        line += 1
        sheet.write_string(line, 1, group.label, group_look)
        for row in group.rows:
            line += 1
            sheet.write_string(line, CODE_COLUMN, row.metric, code_look)
            sheet.write_string(line, 1, defused(row.label))
            sheet.write_string(line, 2, row.unit)
            for column, value in ((3, row.last_year), (4, row.last_month)):
                if value is not None:
                    sheet.write_number(line, column, _written(value, row.places), number)
            if row.value is None:
                sheet.write_blank(line, VALUE_COLUMN, None, open_look)
            else:
                written = _written(row.value, row.places)
                sheet.write_number(line, VALUE_COLUMN, written, open_look)
            before = f"-E{line + 1}" if row.last_month is not None else ""
            if before or slot.month.month == 1:
                here = f"F{line + 1}"
                formula = f'=IF({here}="","",{here}{before})'
                shown = "" if row.alone is None else _written(row.alone, row.places)
                sheet.write_formula(line, 6, formula, number, shown)
            sheet.write_string(line, 7, row.definition, small)
            sheet.data_validation(
                line,
                VALUE_COLUMN,
                line,
                VALUE_COLUMN,
                {
                    "validate": "decimal" if row.places else "integer",
                    "criteria": "between",
                    "minimum": 0,
                    "maximum": _written(largest_figure(row.places), row.places),
                    "error_title": _("请改正"),
                    "error_message": expected(row.places),
                },
            )
    sheet.freeze_panes(top + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    if page.is_demo:
        sheet.set_footer(f"&C{_('演示数据')}")
    # Without a password: it keeps from slips, not from people.
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _written(value: int, places: int) -> int | Decimal:
    """A figure as people write it."""
    return Decimal(value).scaleb(-places) if places else value


def _sign(sheet: xlsxwriter.worksheet.Worksheet, page: Grid) -> None:
    """Which return it is, and each figure as it was: its version, and its value if it had one."""
    slot = page.slot
    sheet.write_string(0, 0, MARK)
    sheet.write_number(0, 1, MARK_VERSION)
    for column, text in enumerate(
        (slot.year.code, slot.court.code, str(slot.month), slot.side.value)
    ):
        sheet.write_string(1, column, text)
    for line, row in enumerate(page.rows, start=2):
        sheet.write_string(line, 0, row.metric)
        sheet.write_number(line, 1, row.version)
        if row.value is not None:
            sheet.write_number(line, 2, row.value)
    sheet.very_hidden()
    sheet.protect()
