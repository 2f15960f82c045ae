"""Owns the files people take away from a page: the page's rows, with what they must not lose.

A file says what it is, of which month and basis, by which rulebook, and whether figures in it are
made up. Texts that a spreadsheet would run as a formula are defused.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from courts.files.lists import XLSX_TYPE, Cell, defused
from courts.scores.selectors.rankings import RankingLine, RankingPage
from courts.scores.tables import RankingTable
from scoring.rounding import to_decimal

POINTS = "0.00"
SIGNED_POINTS = "+0.00;-0.00;0.00"
SIGNED = "+0;-0;0"


def ranking_file(page: RankingPage, table: RankingTable, wanted: str) -> HttpResponse:
    """The ranking as a file of that format, its rows in the order of the table."""
    lines = [*(row.record for row in table.rows), *page.apart]
    write, content_type = RANKING_FORMATS[wanted]
    demo = "-demo" if page.is_demo else ""
    basis = "" if not page.period.query else f"-{page.period.basis}"
    name = f"ranking-{page.period.code}-{page.period.month}{basis}{demo}.{wanted}"
    return HttpResponse(
        write(page, table, lines),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _heading(page: RankingPage) -> Iterator[tuple[str, str]]:
    """What the figures are, line by line, as label and text."""
    period = page.period
    if page.is_demo:
        yield _("演示数据"), _("含有为演示而编造的数据，不是任何法院的真实情况，不得用于考核。")
    yield _("范围"), period.court
    yield _("月份"), period.month_name
    yield _("口径"), period.basis_label
    yield _("依据"), f"{page.title} · {period.document}"
    yield _("规则版本"), period.edition
    yield _("导出时间"), f"{timezone.localtime():%Y-%m-%d %H:%M}"
    if page.any_decided:
        yield _("单独评分"), _("有考核项由院党组决定分数，末两列是按数据计的。")
    if page.any_newly:
        line = next(line for line in (*page.ranked, *page.apart) if line.row.newly.items)
        names = _("、").join(item.code for item in line.row.newly.items)
        yield _("较上月"), _("%(items)s上月还没有得分，本月新计入，另列一栏。") % {"items": names}
    if page.any_provisional:
        yield _("暂定"), _("有考核项尚未计分，总分是已有各项之和。")


def _readings(page: RankingPage) -> Iterator[tuple[str, str]]:
    for line in page.readings:
        state = _("默认") if line.is_default else _("非默认")
        yield f"{line.code}（{line.paragraph}）", f"{line.question} {line.answer}（{state}）"


def _titles(page: RankingPage, table: RankingTable) -> list[str]:
    titles = [str(column.header) for column in table.columns]
    decided = [_("按数据计总分"), _("按数据计名次")] if page.any_decided else []
    newly = [_("较上月中新计入的得分")] if page.any_newly else []
    return [*titles, _("暂定"), _("法院代码"), *newly, *decided]


def _cells(page: RankingPage, line: RankingLine) -> list[Cell]:
    row, bare = line.row, line.row.undecided
    decided: list[Cell] = [] if bare is None else [bare.total, bare.rank]
    newly: list[Cell] = [to_decimal(row.newly.cents)] if page.any_newly else []
    return [
        row.rank,
        line.name,
        *(half.points for half in row.halves),
        row.total,
        row.total_change,
        row.rank_change,
        _("暂定") if row.provisional else "",
        line.code,
        *newly,
        *decided,
    ]


def _title(page: RankingPage) -> str:
    return _("%(month)s审判执行质量得分排名") % {"month": page.period.month_name}


def _csv(page: RankingPage, table: RankingTable, lines: Sequence[RankingLine]) -> bytes:
    """UTF-8 with a mark at the start, by which Excel and WPS know it from GBK."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([defused(_title(page))])
    for label, value in _heading(page):
        writer.writerow([defused(label), defused(value)])
    for label, value in _readings(page):
        writer.writerow([_("解读"), defused(label), defused(value)])
    writer.writerow([])
    writer.writerow([defused(title) for title in _titles(page, table)])
    for line in lines:
        writer.writerow(
            [defused(cell) if isinstance(cell, str) else cell for cell in _cells(page, line)]
        )
    return text.getvalue().encode("utf-8-sig")


def _xlsx(page: RankingPage, table: RankingTable, lines: Sequence[RankingLine]) -> bytes:
    """The ranking on one sheet, the readings on a second."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format(
        {"bold": True, "bottom": 1, "bg_color": "#E3EDF1", "text_wrap": True, "valign": "vcenter"}
    )
    warning = book.add_format({"bold": True, "font_color": "#A02C26"})
    number_formats = [None, None, *(POINTS for _side in page.sides), POINTS, SIGNED_POINTS, SIGNED]
    number_formats += [None, None]
    number_formats += [POINTS] if page.any_newly else []
    number_formats += [POINTS, None] if page.any_decided else []
    formats = [book.add_format({"num_format": text} if text else {}) for text in number_formats]

    sheet = book.add_worksheet(_("排名"))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, 30)
    sheet.set_column(2, len(number_formats), 13)
    sheet.write_string(0, 0, defused(_title(page)), bold)
    place = 1
    for label, value in _heading(page):
        look = warning if page.is_demo and place == 1 else None
        sheet.write_string(place, 0, defused(label), look)
        sheet.write_string(place, 1, defused(value), look)
        place += 1
    top = place + 1
    titles = _titles(page, table)
    for column, title in enumerate(titles):
        sheet.write_string(top, column, defused(title), head)
    for place, line in enumerate(lines, start=top + 1):
        for column, cell in enumerate(_cells(page, line)):
            if isinstance(cell, str):
                sheet.write_string(place, column, defused(cell), formats[column])
            elif cell is not None:
                sheet.write_number(place, column, cell, formats[column])
    sheet.freeze_panes(top + 1, 2)
    sheet.repeat_rows(top)
    sheet.autofilter(top, 0, top + len(lines), len(titles) - 1)
    if page.is_demo:
        sheet.set_footer(f"&C{_('演示数据')}")

    notes = book.add_worksheet(_("解读"))
    notes.set_column(0, 0, 34)
    notes.set_column(1, 1, 100)
    for place, (label, value) in enumerate(_readings(page)):
        notes.write_string(place, 0, defused(label))
        notes.write_string(place, 1, defused(value))
    book.close()
    return buffer.getvalue()


Writer = Callable[[RankingPage, RankingTable, Sequence[RankingLine]], bytes]

RANKING_FORMATS: Mapping[str, tuple[Writer, str]] = {
    "xlsx": (_xlsx, XLSX_TYPE),
    "csv": (_csv, "text/csv; charset=utf-8"),
}
