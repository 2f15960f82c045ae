"""Lists to take away: names, headings beside their cells, numbers and days as such."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import unquote

import openpyxl
import pytest
from django.http import Http404
from django.utils.translation import override

from courts.files.lists import (
    SIGNED,
    Cell,
    Column,
    ListFile,
    Notes,
    Percent,
    file_name,
    named,
    number,
    response,
    sheet_name,
)
from scoring.facts import Month


@dataclass(frozen=True)
class Line:
    name: str
    points: Decimal
    moved: int
    on: date | None
    at: datetime


COLUMNS: list[Column[Line]] = [
    Column("法院", lambda line: line.name),
    Column("得分", lambda line: line.points),
    Column("名次较上月", lambda line: line.moved, SIGNED),
    Column("日期", lambda line: line.on),
    Column("时间", lambda line: line.at),
    Column("月份", lambda _line: Month(2019, 12)),
    Column("比率", lambda _line: Percent(Decimal("98.3"))),
]
DECEMBER = datetime(2019, 12, 1)  # noqa: DTZ001
# 01:30 on 1 January in Greenwich is 09:30 in Yanbian.
LINES = [
    Line(
        "敦化法院", Decimal("85.20"), 2, date(2019, 12, 31), datetime(2020, 1, 1, 1, 30, tzinfo=UTC)
    ),
    Line("=1+1", Decimal("-0.05"), -1, None, datetime(2020, 1, 1, 1, 30, tzinfo=UTC)),
]
FILE = ListFile(
    name="敦化法院2019年12月得分",
    title="得分：2019年12月",
    about=[("月份", "2019年12月")],
    columns=COLUMNS,
    rows=LINES,
    is_demo=True,
    notes=Notes("解读", [("R1", "@问题")]),
)


def below(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """The headings and what comes after them."""
    return rows[next(place for place, row in enumerate(rows) if row and row[0] == "法院") :]


def test_a_workbook_holds_numbers_days_and_moments() -> None:
    book = openpyxl.load_workbook(io.BytesIO(response(FILE, "xlsx").content))
    assert book.sheetnames == ["得分：2019年12月", "解读"]
    sheet = book.worksheets[0]
    assert below(list(sheet.values)) == [
        ("法院", "得分", "名次较上月", "日期", "时间", "月份", "比率"),
        ("敦化法院", 85.2, 2, datetime(2019, 12, 31), datetime(2020, 1, 1, 9, 30), DECEMBER, 0.983),  # noqa: DTZ001
        ("'=1+1", -0.05, -1, None, datetime(2020, 1, 1, 9, 30), DECEMBER, 0.983),  # noqa: DTZ001
    ]
    last = list(sheet.rows)[-2]
    formats = [cell.number_format for cell in last]
    assert formats[:3] == ["General", "0.00", SIGNED]
    assert formats[3:] == ["yyyy-mm-dd", "yyyy-mm-dd hh:mm", "yyyy-mm", "0.0%"]
    assert not [cell for row in sheet.rows for cell in row if cell.data_type == "f"]
    assert sheet["A2"].value == "演示数据"
    assert sheet.oddFooter is not None
    footer = sheet.oddFooter.center
    assert footer is not None
    assert footer.text == "演示数据"
    assert list(book.worksheets[1].values) == [("R1", "'@问题")]


def test_csv_holds_plain_numbers_and_iso_dates() -> None:
    text = response(FILE, "csv").content.decode("utf-8-sig")
    rows: list[tuple[object, ...]] = [tuple(row) for row in csv.reader(io.StringIO(text))]
    assert rows[1][0] == "演示数据"
    assert ("解读", "R1", "'@问题") in rows
    assert below(rows)[1:] == [
        ("敦化法院", "85.20", "2", "2019-12-31", "2020-01-01 09:30", "2019-12", "98.3%"),
        ("'=1+1", "-0.05", "-1", "", "2020-01-01 09:30", "2019-12", "98.3%"),
    ]


def test_plain_headings_stand_over_cells_by_place() -> None:
    file = ListFile("x", "x", (), ["法院", "数"], [["延吉", 3]])
    text = response(file, "csv").content.decode("utf-8-sig")
    assert text.splitlines()[-2:] == ["法院,数", "延吉,3"]


def test_the_name_of_a_file_is_the_readers() -> None:
    header = response(FILE, "xlsx").headers["Content-Disposition"]
    assert header.isascii()
    assert unquote(header) == "attachment; filename*=utf-8''敦化法院2019年12月得分-演示数据.xlsx"
    with override("en"):
        name = unquote(response(FILE, "csv").headers["Content-Disposition"])
    assert "演示数据" not in name


def test_other_formats_do_not_exist() -> None:
    with pytest.raises(Http404):
        response(FILE, "exe")


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("敦化法院", "敦化法院.csv"),
        ('a/b\\c:d*e?f"g<h>i|j', "a-b-c-d-e-f-g-h-i-j.csv"),
        ("../../etc/passwd", "etc-passwd.csv"),
        ("a\r\nSet-Cookie: x\u202egpj\x00", "a Set-Cookie- xgpj.csv"),
        ("名" * 500, "名" * 60 + ".csv"),
        ("…", "….csv"),
        (" . ", "清单.csv"),
    ],
)
def test_names_are_safe_and_short(given: str, name: str) -> None:
    assert file_name(given, "csv", is_demo=False) == name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("延吉法院[1]: 得分/名次", "延吉法院-1- 得分-名次"),
        ("'x'", "x"),
        ("", "清单"),
        ("长" * 40, "长" * 31),
    ],
)
def test_names_of_sheets(title: str, name: str) -> None:
    assert sheet_name(title) == name


def test_parts_of_a_name() -> None:
    assert named("敦化法院", "2019年12月", "", "报表") == "敦化法院2019年12月报表"
    with override("en"):
        assert named("Dunhua court", "December 2019") == "Dunhua court December 2019"


@pytest.mark.parametrize(
    ("text", "cell"),
    [("85.20", Decimal("85.20")), ("−3", Decimal(-3)), ("+1.5", Decimal("1.5")), ("—", "—"),
     ("12%", Percent(Decimal(12))), ("<1%", "<1%"), ("未计分", "未计分"), ("", ""), (None, None),
     ("1" * 16, "1" * 16)],
)  # fmt: skip
def test_a_printed_number_is_a_number(text: str | None, cell: Cell) -> None:
    assert number(text) == cell
    assert type(number(text)) is type(cell)
