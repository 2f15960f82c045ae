"""Tests of files made to stop a reader: each ends by a bound, or by the limits of the child.

Limits are set small here: what ends the work is tested, not how fast a machine is.
"""

from __future__ import annotations

import io
import os
import sys
import zipfile
from collections.abc import Callable, Iterator
from xml.parsers.expat import ExpatError, errors

import openpyxl
import pytest

from courts.files import children, kinds, reading
from courts.files.plain import Bounds, FileError
from courts.files.reading import fault_sentence, read_file
from courts.files.workbooks import parse

SMALL = Bounds(
    most_bytes=2_000_000,
    most_members=20,
    most_unpacked=4_000_000,
    most_cells=1_000,
    most_signs=20_000,
    most_rows=2_000,
    most_columns=20,
    seconds=2,
    megabytes=256,
)
NOISE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 400
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(rows: bytes = b"", part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A sound workbook of which one part is replaced by these bytes."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["指标", "本月累计"])
    book.worksheets[0].append(["appeals_filed", 5])
    saved, out = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, rows if rows and name == part else old.read(name))
    return out.getvalue()


def sheet(rows: bytes) -> bytes:
    return workbook(
        b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>'
        % (
            MAIN.encode(),
            rows,
        )
    )


def digits(number: int, width: int) -> bytes:
    return sheet(
        b"".join(
            b'<row r="%d">%s</row>'
            % (row, b"".join(b'<c r="%c%d"><v>1</v></c>' % (65 + c, row) for c in range(width)))
            for row in range(1, number)
        )
    )


def members(number: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in range(number):
            archive.writestr(f"xl/{name}/workbook.xml", b"")
    return out.getvalue()


def worksheets(number: int) -> bytes:
    """An XML 2003 workbook of so many sheets of one cell."""
    one = b"<Worksheet><Table><Row><Cell><Data>1</Data></Cell></Row></Table></Worksheet>"
    start = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
    return start + one * number + b"</Workbook>"


FIVE_DEEP = b"<table><tr><td>1<td>" * 5 + b"2" + b"</table>" * 5
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "more cells than a year has": (lambda: digits(300, 10), "cells"),
    "a part that swells": (lambda: sheet(b"<row/>" + b" " * 8_000_000), "swells"),
    "one text in every cell": (
        lambda: sheet(b'<row><c t="inlineStr"><is><t>%s</t></is></c></row>' % (b"x" * 30_000)),
        "signs",
    ),
    "very many headings": (lambda: ",".join(f"h{n}" for n in range(20_000)).encode(), "columns"),
    "very many lines": (lambda: b"1\n" * 900, ""),
    "rows far down": (lambda: sheet(b'<row r="9999"><c><v>1</v></c></row>'), "rows"),
    "very many parts": (lambda: members(30), "members"),
    "entities": (
        lambda: workbook(b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'),
        "entities",
    ),
    "a page of spans": (
        lambda: b"<table><tr>" + b"<td rowspan=9999 colspan=256>1" * 20_000,
        "columns",
    ),
    "spans without a cell of text": (
        lambda: b"<table>" + b"<tr><td rowspan=9999 colspan=99>" * 100,
        "cells",
    ),
    "very many small tables": (lambda: b"<table><tr><td>1</table>" * 300, "tables"),
    "tables in tables": (lambda: b"<table><tr><td>1<td>" + FIVE_DEEP * 60, "tables"),
    "very many worksheets": (lambda: worksheets(300), "tables"),
    "tags without end": (lambda: b"<table>" + b"<b>" * 300_000, "tags"),
    "comments that never end": (lambda: b"<table>" + b"<!--" * 400_000, "empty"),
    "definitions that never end": (lambda: b"<table>" + b"<?x <![if" * 200_000, "empty"),
    "tags that never end": (lambda: b"<table>" + b'<td a="</' * 100_000, "empty"),
    "a quote that never ends": (lambda: b'"' + b"a" * 1_000_000, "csv"),
    "noise under an old name": (lambda: NOISE, "old"),
    "numbers of absurd size": (lambda: sheet(b"<row><c><v>1e999999999</v></c></row>"), ""),
    "an index beyond all texts": (
        lambda: sheet(b'<row><c t="s"><v>999999</v></c></row>'),
        "damaged",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_bounds_end_the_work(name: str) -> None:
    make, code = HOSTILE[name]
    if not code:
        assert read_file("x", make(), SMALL)["sheets"]
        return
    with pytest.raises(FileError) as fault:
        read_file("x", make(), SMALL)
    assert fault.value.code == code
    assert len(fault_sentence(fault.value)) > 5


def test_blank_cells_with_a_format_cost_next_to_nothing() -> None:
    """Whole columns formatted: of 36,000 cells none is kept, and none counts."""
    rows = b"".join(
        b'<row r="%d">%s</row>'
        % (row, b"".join(b'<c r="%c%d" s="1"/>' % (65 + c, row) for c in range(18)))
        for row in range(1, 2_000)
    )
    with pytest.raises(FileError) as fault:
        read_file("x.xlsx", sheet(rows), SMALL)
    assert fault.value.code == "empty"


@pytest.mark.skipif(sys.platform == "win32", reason="the parent ends the child there, below")
def test_the_operating_system_ends_what_counting_missed() -> None:
    """Elements in elements: nothing is kept and nothing counted, only time and memory go.

    So many that no machine reaches the end, where the part would be told as damaged.
    """
    deep = workbook(b"<a>" * 15_000_000)
    with pytest.raises(FileError) as fault:
        read_file("x.xlsx", deep, Bounds(seconds=1, megabytes=200))
    assert fault.value.code == "too_much"


@pytest.mark.parametrize("named", ["utf\x008", "undefined", "idna", "hex", "no-such"])
def test_an_encoding_that_is_none_is_found_out(named: str) -> None:
    """As an operator's command reads it, without the child in which a fault would end."""
    table = "<table><tr><td>指标<td>5</table>".encode()
    page = b"<meta charset=%s>" % named.replace("\0", "-").encode() + table
    kept = b"MIME-Version: 1.0\nContent-Type: text/html; charset=%s\n\n" % named.encode() + table
    for content in (page, kept):
        (found,) = kinds.read("x.xls", content, Bounds()).sheets
        assert found.rows == [(1, ["指标", "5"])]


@pytest.mark.parametrize(
    ("kind", "code"),
    [(errors.XML_ERROR_NO_MEMORY, "too_much"), (errors.XML_ERROR_SYNTAX, "damaged")],
)
def test_a_parser_without_memory_is_no_damaged_file(kind: str, code: str) -> None:
    """Which of the two meets the limit first, the parser or Python, is chance."""
    fault = ExpatError(kind)
    fault.code = errors.codes[kind]

    def chunks() -> Iterator[bytes]:
        yield b"<a>"
        raise fault

    def nothing(*_given: object) -> None:
        pass

    with pytest.raises(FileError) as told:
        parse(chunks(), "sheet1.xml", nothing, nothing, nothing)
    assert told.value.code == code


def test_the_parent_ends_a_child_that_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that sleeps uses no processor time; the parent does not wait for ever."""
    monkeypatch.setattr(children, "PATIENCE", 0.05)
    monkeypatch.setattr(reading, "CHILD", ["-c", "import time; time.sleep(600)"])
    with pytest.raises(FileError) as fault:
        read_file("x.csv", b"1,2\n", Bounds(seconds=1))
    assert fault.value.code == "too_much"


def test_a_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "hidden")
    say = "import os, json; print(json.dumps(sorted(os.environ)))"
    monkeypatch.setattr(reading, "CHILD", ["-c", say])
    assert "SECRET_KEY" in os.environ
    assert not {"SECRET_KEY", "DATABASE_URL"} & set(read_file("x.csv", b"1\n"))
