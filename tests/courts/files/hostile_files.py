"""Files made to stop a server: each is small, and asks for far more than it is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from functools import cache

import openpyxl
from openpyxl.xml.constants import ARC_SHARED_STRINGS, PACKAGE_WORKSHEETS, SHEET_MAIN_NS

MAIN = SHEET_MAIN_NS.encode()
SHEET, TEXTS = f"{PACKAGE_WORKSHEETS}/sheet1.xml", ARC_SHARED_STRINGS
SECTOR = 512


def workbook(**parts: bytes) -> bytes:
    """A sound workbook with these parts in place of its own: `sheet` and `texts`."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["court", "month", "metric", "value"])
    book.worksheets[0].append(["yanji", "2019-12", "appeals_filed", 5])
    saved, out = io.BytesIO(), io.BytesIO()
    book.save(saved)
    given = {{"sheet": SHEET, "texts": TEXTS}[name]: part for name, part in parts.items()}
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, given.get(name) or old.read(name))
    return out.getvalue()


def sheet(rows: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    """The part of a worksheet with these rows, and what stands around them."""
    root = b"worksheet"
    start = b'<%s xmlns="%s">%s<sheetData>' % (root, MAIN, before)
    return start + rows + b"</sheetData>" + after + b"</%s>" % root


def swelling() -> bytes:
    """Forty megabytes of blanks in a few kilobytes."""
    return workbook(sheet=sheet(b"<row/>" + b" " * 40_000_000))


def one_text_in_every_cell() -> bytes:
    """A text of a megabyte that 12,000 cells share."""
    texts = b'<sst xmlns="%s"><si><t>%s</t></si></sst>' % (MAIN, b"x" * 1_000_000)
    rows = b'<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>' * 6_000
    return workbook(sheet=sheet(rows), texts=texts)


def many_headings() -> bytes:
    names = [f"heading{number}" for number in range(20_000)]
    return "\n".join([",".join(names), ",".join("1" for _name in names)]).encode()


def entities() -> bytes:
    """Ten entities, each ten times the one before."""
    defined = b'<!ENTITY a0 "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 10)
    )
    row = b"<row><c><v>&a9;</v></c></row>"
    return workbook(sheet=b"<!DOCTYPE worksheet [%s]>" % defined + sheet(row))


def a_billion_cells() -> bytes:
    """The last cell of a sheet that says it is full."""
    last = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return workbook(sheet=sheet(last, before=b'<dimension ref="A1:XFD1048576"/>'))


def merged_cells() -> bytes:
    """Twenty thousand merged blocks that lie upon each other, under a row too wide."""
    merged = b"".join(b'<mergeCell ref="A1:CV%d"/>' % row for row in range(2, 20_002))
    cells = b"<c><v>1</v></c>" * 300
    after = b"<mergeCells>" + merged + b"</mergeCells>"
    return workbook(sheet=sheet(b"<row>" + cells + b"</row>", after=after))


def nested_xml() -> bytes:
    start = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
    return start + b"<Worksheet><Table>" + b"<Row>" * 60_000


def unclosed_tags() -> bytes:
    return b"<table>" + b"<td>" * 90_000


def many_tables() -> bytes:
    """Four megabytes of tables of one cell."""
    return b"<table><tr><td>1</table>" * 170_000


def nested_tables() -> bytes:
    """Tables of two cells, each in a cell of the one before, five deep; and again and again."""
    return (b"<table><tr><td>1<td>" * 5 + b"</table>" * 5) * 25_000


def endless_comments() -> bytes:
    """Comments that begin and never end: where each is looked for to the end, hours."""
    return b"<table>" + b"<!--" * 1_000_000


def looping_sectors() -> bytes:
    """A compound file whose list of sectors leads from each sector to itself."""
    head = bytearray(SECTOR)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    fields = {24: (0x3E, 2), 26: (3, 2), 28: (0xFFFE, 2), 30: (9, 2), 32: (6, 2), 44: (1, 4)}
    fields |= {48: (0, 4), 56: (4096, 4), 60: (0, 4), 64: (1, 4), 68: (0, 4), 72: (1, 4)}
    for place, (value, width) in fields.items():
        head[place : place + width] = value.to_bytes(width, "little")
    for place in range(76, SECTOR, 4):
        head[place : place + 4] = (0).to_bytes(4, "little")
    itself = b"".join(number.to_bytes(4, "little") for number in range(SECTOR // 4))
    return bytes(head) + itself * 200


def repeated_cells() -> bytes:
    """An .ods sheet of one cell, repeated as often as a sheet has places."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    cell = (
        '<table:table-cell office:value-type="string" table:number-columns-repeated="16384">'
        "<text:p>x</text:p></table:table-cell>"
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="a"><table:table-row table:number-rows-repeated="1048576">{cell}'
        "</table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return out.getvalue()


HOSTILE: Mapping[str, Callable[[], bytes]] = {
    "swelling.xlsx": cache(swelling),
    "one-text.xlsx": cache(one_text_in_every_cell),
    "headings.csv": cache(many_headings),
    "entities.xlsx": cache(entities),
    "billion.xlsx": cache(a_billion_cells),
    "merged.xlsx": cache(merged_cells),
    "nested.xml": cache(nested_xml),
    "unclosed.xls": cache(unclosed_tags),
    "tables.xls": cache(many_tables),
    "nested.xls": cache(nested_tables),
    "comments.xls": cache(endless_comments),
    "looping.xls": cache(looping_sectors),
    "repeated.ods": cache(repeated_cells),
}
