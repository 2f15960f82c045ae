"""Tests of reading tables out of files: encodings, headings, Excel's ways, hostile workbooks."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from courts.files import cells, on_disk, sheets
from courts.files.encoding import tables_from_data
from courts.files.plain import Bounds
from courts.files.sheets import Column, Problem, SourceFile, as_table, read

COLUMNS = (Column("court", ("法院",)), Column("value", ("数值",)))


def workbook(rows: Sequence[Sequence[object]], *more: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    for number, lines in enumerate((rows, *more)):
        sheet = book.create_sheet() if number else book.worksheets[0]
        for line in lines:
            sheet.append(list(line))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """A workbook with one of its parts replaced, or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member), zipfile.ZIP_DEFLATED)
        new.writestr(name, part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def values(content: bytes, name: str = "x.csv") -> list[list[object]]:
    rows, problems = read(SourceFile(name, content), COLUMNS)
    assert problems == []
    return [[row.number, row.cells["court"], row.cells["value"]] for row in rows]


@pytest.mark.parametrize("is_workbook", [False, True])
def test_what_is_read_once_says_the_same_without_its_bytes(*, is_workbook: bool) -> None:
    content = GOOD if is_workbook else b"court,value\na,1\n,\nb\nc,2\n"
    file = SourceFile("x", content)
    table = as_table(file)
    assert (table.content, table.sha256, table.is_text) == (b"", file.sha256, file.is_text)
    assert read(table, COLUMNS) == read(file, COLUMNS)
    again = tables_from_data(json.loads(table.kept))
    kept = SourceFile("x", b"", table=again, digest=table.sha256)
    assert read(kept, COLUMNS) == read(file, COLUMNS)


def test_what_cannot_be_read_is_read_once() -> None:
    file = SourceFile("x.xlsx", b"PK\x03\x04rubbish")
    table = as_table(file)
    assert (table.content, table.is_whole, table.sha256) == (b"", False, file.sha256)
    assert read(table, COLUMNS) == read(file, COLUMNS)


def only_problem(content: bytes, name: str = "x.csv", bounds: Bounds = sheets.PAGE) -> str:
    rows, problems = read(SourceFile(name, content, bounds), COLUMNS)
    assert rows == []
    (problem,) = problems
    assert problem.file == name
    return str(problem)


# --- CSV -------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding: str) -> None:
    assert values("法院,数值\n延吉法院,1\n".encode(encoding)) == [[2, "延吉法院", "1"]]


def test_columns_in_any_order_and_blanks_around() -> None:
    content = "Value , COURT\r\n 1 ,\u3000延吉法院\u3000\r\n".encode()
    assert values(content) == [[2, "延吉法院", "1"]]


def test_rows_are_counted_as_a_spreadsheet_counts() -> None:
    content = b'court,value\n\n ,\n"a",1\n"b\nc",2\nd,3\n'
    assert values(content) == [[4, "a", "1"], [5, "b\nc", "2"], [7, "d", "3"]]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b" , \n"])
def test_an_empty_file(content: bytes) -> None:
    assert "文件是空的" in only_problem(content)


def test_a_heading_and_nothing_else() -> None:
    assert "没有数据行" in only_problem(b"court,value\n")


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("court", "缺少列：value"),
        ("court,value,extra", "“extra”，没有这一列"),
        ("court,value,法院", "“法院”，这一列重复"),
        ("court,,value", "表头有空格子"),
        ("court;value", "“court;value”，没有这一列"),
    ],
)
def test_bad_headings(header: str, message: str) -> None:
    _rows, problems = read(SourceFile("x.csv", f"{header}\na,1\n".encode()), COLUMNS)
    assert any(message in str(problem) for problem in problems)
    assert all(problem.row == 1 for problem in problems)


def test_a_short_row_and_a_long_one() -> None:
    content = b"court,value\na\nb,1,2\nc,3\n"
    rows, problems = read(SourceFile("x.csv", content), COLUMNS)
    assert [row.number for row in rows] == [3, 4]
    assert [problem.row for problem in problems] == [2, 3]
    assert "只有1列，应有2列" in str(problems[0])
    assert "“2”，这一格没有表头" in str(problems[1])


def test_a_stray_quote_leaves_the_rows_before_it() -> None:
    rows, problems = read(SourceFile("x.csv", b'court,value\na,1\n"b"c,2\n'), COLUMNS)
    assert [row.number for row in rows] == [2]
    assert problems[0].row == 3
    assert "请检查引号" in str(problems[0])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"court,value\na\0,1\n", "认不出文字的编码"),
        (b"\xff\xff\xff", "认不出文字的编码"),
        (b"\xef\xbb\xbf\xff", "认不出文字的编码"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版或特殊格式"),
    ],
)
def test_what_is_no_csv(content: bytes, message: str) -> None:
    assert message in only_problem(content)


def test_too_many_bytes_or_columns() -> None:
    few = Bounds(most_bytes=20, most_columns=2)
    assert "文件超过" in only_problem(b"court,value\naaaaaaaaaa,1\n", bounds=few)
    assert "超过2列" in only_problem(b"court,value,x\n", bounds=few)


def test_too_many_rows() -> None:
    file = SourceFile("x.csv", b"court,value\na,1\nb,2\n", Bounds(most_rows=2))
    _rows, problems = read(file, COLUMNS)
    assert "超过2行" in str(problems[0])


def test_a_problem_is_one_printable_line() -> None:
    problem = Problem("x.csv", 2, "value", "\x1b[31m1\n2" + "3" * 200, "应为整数")
    text = str(problem)
    assert text.startswith("x.csv 第2行 value 列：“·[31m1·2333")
    assert text.endswith("…”，应为整数")
    assert len(text) < 140


def test_files_are_read_by_path(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for path in (tmp_path / "x.csv", tmp_path / "a" / "x.csv", tmp_path / "y.csv"):
        path.write_bytes(b"court,value\n")
    files = on_disk.source_files([tmp_path / "x.csv", tmp_path / "a" / "x.csv", tmp_path / "y.csv"])
    assert [file.name for file in files] == [
        str(tmp_path / "x.csv"),
        str(tmp_path / "a" / "x.csv"),
        "y.csv",
    ]
    assert files[0].sha256 == files[2].sha256


# --- Excel -----------------------------------------------------------------------------------


def test_cells_of_a_workbook() -> None:
    content = workbook(
        [
            ("法院", "数值"),
            (" 延吉法院 ", 3),
            ("a", 3.0),
            ("b", 3.5),
            ("c", "3.0"),
            ("d", date(2019, 12, 1)),
            ("e", datetime(2019, 12, 1)),  # noqa: DTZ001
            ("f", None),
            (None, None),
            ("g", 0),
        ]
    )
    assert values(content, "x.xlsx") == [
        [2, "延吉法院", 3],
        [3, "a", 3],
        [4, "b", Decimal("3.5")],
        [5, "c", "3.0"],
        [6, "d", date(2019, 12, 1)],
        [7, "e", date(2019, 12, 1)],
        [8, "f", ""],
        [10, "g", 0],
    ]


@pytest.mark.parametrize(
    ("cell", "found", "expected"),
    [
        ("=1+2", "=1+2", "单元格B2是公式"),
        (True, "TRUE", "逻辑值"),
        ("#DIV/0!", "#DIV/0!", "错误值"),
        (time(8, 30), "08:30:00", "错误值或时间"),
    ],
)
def test_refused_cells(cell: object, found: str, expected: str) -> None:
    content = workbook([("court", "value"), ("a", cell)])
    rows, problems = read(SourceFile("x.xlsx", content), COLUMNS)
    assert problems == []
    refused = rows[0].cells["value"]
    assert isinstance(refused, cells.RefusedCell)
    assert refused.found == found
    assert expected in refused.expected


def test_a_percent_format_is_refused() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["court", "value"])
    sheet.append(["a", 0.125])
    sheet["B2"].number_format = "0.0%"
    out = io.BytesIO()
    book.save(out)
    rows, _problems = read(SourceFile("x.xlsx", out.getvalue()), COLUMNS)
    refused = rows[0].cells["value"]
    assert isinstance(refused, cells.RefusedCell)
    assert "百分比格式" in refused.expected


def test_the_format_is_told_by_the_content() -> None:
    content = workbook([("court", "value"), ("a", 1)])
    assert values(content, "x.csv") == [[2, "a", 1]]
    assert values(b"court,value\na,1\n", "x.xlsx") == [[2, "a", "1"]]
    assert "文件是空的" in only_problem(b"", "x.xlsx")


def test_blank_sheets_are_passed_over_and_two_filled_ones_refused() -> None:
    rows = [("court", "value"), ("a", 1)]
    assert values(workbook([], rows), "x.xlsx") == [[2, "a", 1]]
    assert "只保留一个" in only_problem(workbook(rows, rows), "x.xlsx")
    assert "文件是空的" in only_problem(workbook([]), "x.xlsx")


def test_of_several_sheets_the_one_with_the_columns_is_read_unless_it_is_hidden() -> None:
    rows, about = [("court", "value"), ("a", 1)], [("说明", "见附表")]
    assert values(workbook(about, rows), "x.xlsx") == [[2, "a", 1]]
    assert "只保留一个" in only_problem(workbook(rows, about, rows), "x.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(workbook(about, rows)))
    book.worksheets[1].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    assert "（隐藏）" in only_problem(out.getvalue(), "x.xlsx")


def test_headings_of_two_rows() -> None:
    below = [("法院", "数据"), ("", "数 值"), ("a", 1)]
    assert values(workbook(below), "x.xlsx") == [[3, "a", 1]]
    content = workbook([("法院", "其他"), ("", "x"), ("a", 1)])
    problems = read(SourceFile("x.xlsx", content), COLUMNS)[1]
    assert [problem.found for problem in problems] == ["其他", ""]


def test_stated_dimensions_are_not_believed() -> None:
    content = workbook([("court", "value"), ("a", 1)])
    name = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read(name).replace(b'ref="A1:B2"', b'ref="A1"')
    assert values(with_part(content, name, xml), "x.xlsx") == [[2, "a", 1]]


# --- Hostile workbooks -----------------------------------------------------------------------

GOOD = workbook([("court", "value"), ("a", 1)])


def test_a_sheet_that_swells_is_counted_while_it_is_unpacked() -> None:
    bomb = with_part(GOOD, "xl/worksheets/sheet1.xml", b"<a>" + b"0" * 4_000_000)
    assert len(bomb) < 20_000
    assert "内容太多" in only_problem(bomb, "x.xlsx", Bounds(most_unpacked=2_000_000))


def test_parts_that_nobody_reads_cost_nothing() -> None:
    assert values(with_part(GOOD, "xl/media/image1.bin", b"0" * 4_000_000), "x.xlsx")


def test_a_lying_directory_is_found_out_by_unpacking() -> None:
    bomb = bytearray(with_part(GOOD, "xl/worksheets/sheet1.xml", b"0" * 500_000))
    # The size unpacked stands 24 bytes into the central directory's entry.
    entry = bomb.rindex(b"PK\x01\x02")
    bomb[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    assert "读不出来" in only_problem(bytes(bomb), "x.xlsx")


def test_too_many_members() -> None:
    few = Bounds(most_members=5)
    assert "内容太多" in only_problem(GOOD, "x.xlsx", few)


def test_entities_that_multiply_are_refused() -> None:
    xml = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>'
        b"</sheetData></worksheet>"
    )
    content = with_part(GOOD, "xl/worksheets/sheet1.xml", xml)
    assert "不允许的XML定义" in only_problem(content, "x.xlsx")


@pytest.mark.parametrize(
    "content",
    [
        GOOD[: len(GOOD) // 2],
        b"PK\x03\x04 and nothing else",
        with_part(GOOD, "xl/workbook.xml", b"<workbook"),
    ],
)
def test_damaged_workbooks(content: bytes) -> None:
    assert "读不出来" in only_problem(content, "x.xlsx")


def test_what_no_cell_needs_may_be_broken() -> None:
    assert values(with_part(GOOD, "[Content_Types].xml", b"<Types/>"), "x.xlsx")


def test_columns_beyond_the_limit_are_named() -> None:
    rows = b"".join(
        b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (n, n) for n in range(3, 30_000)
    )
    xml = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>court</t></is></c>'
        b'<c r="B1" t="inlineStr"><is><t>value</t></is></c></row>'
        b'<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>1</v></c></row>' + rows
    ) + b"</sheetData></worksheet>"
    content = with_part(GOOD, "xl/worksheets/sheet1.xml", xml)
    assert "第3行超过256列" in only_problem(content, "x.xlsx")
