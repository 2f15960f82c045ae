"""Makes one table in each of the ways that offices' programs and court systems write it.

A table is rows of texts and whole numbers under one row of headings; what is made of it says the
same, or is no table at all.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from html import escape
from struct import pack

import openpyxl
from openpyxl.xml.constants import ARC_CORE, ARC_SHARED_STRINGS, ARC_STYLE, SHEET_MAIN_NS

Table = Sequence[Sequence[str | int]]
Make = Callable[[Table], bytes]
STRICT = "http://purl.oclc.org/ooxml"
TRANSITIONAL = "http://schemas.openxmlformats.org"
EXCEL_2003 = "urn:schemas-microsoft-com:office:spreadsheet"


def workbook(
    table: Table, *, title: str = "数据", before: Table = (), beside: bool = False
) -> bytes:
    """A workbook of one sheet; `before` stands above the table, `beside` adds an empty sheet."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in (*before, *table):
        sheet.append(list(row))
    if beside:
        book.create_sheet("说明").sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(
    table: Table,
    part: str = "",
    change: Callable[[str], str] = str,
    named: Callable[[str], str] = str,
) -> bytes:
    """A workbook with one part, or all, written otherwise, and with other names of parts."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(table))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            text = old.read(name).decode()
            if part in name:
                text = change(text)
            new.writestr(named(name), text)
    return out.getvalue()


def without(pattern: str, put: str = "") -> Callable[[str], str]:
    return lambda text: re.sub(pattern, put, text)


def inline(table: Table, kind: str = "inlineStr") -> bytes:
    """Texts in the cells themselves, as writers that keep no list of texts write them."""
    rows = []
    for row in table:
        cells = [
            f"<c><v>{cell}</v></c>"
            if isinstance(cell, int)
            else f'<c t="str"><v>{escape(cell)}</v></c>'
            if kind == "str"
            else f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
            for cell in row
        ]
        rows.append(f"<row>{''.join(cells)}</row>")
    data = f"<sheetData>{''.join(rows)}</sheetData>"
    tag = "worksheet"
    sheet = f'<{tag} xmlns="{SHEET_MAIN_NS}">{data}</{tag}>'
    return changed(table, "worksheets/sheet1", lambda _text: sheet)


def lines(
    table: Table, comma: str = ",", end: str = "\r\n", cell: Callable[[str], str] = str
) -> str:
    return "".join(comma.join(cell(str(one)) for one in row) + end for row in table)


def separated(
    encoding: str = "utf-8",
    *,
    before: str = "",
    after: str = "",
    comma: str = ",",
    end: str = "\r\n",
) -> Make:
    return lambda table: (before + lines(table, comma, end) + after).encode(encoding)


def each_cell(change: Callable[[str], str]) -> Make:
    return lambda table: lines(table, cell=change).encode()


def in_cells(change: Callable[[str], str]) -> Make:
    """A workbook whose texts are written otherwise; numbers stay."""
    return lambda table: workbook(
        [
            [change(cell) if isinstance(cell, str) and cell else cell for cell in row]
            for row in table
        ]
    )


def html(table: Table, charset: str = "utf-8", named: str = "utf-8") -> bytes:
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>\n"
        for row in table
    )
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={named}">'
    return f"<html><head>{head}</head><body><table>{rows}</table></body></html>".encode(charset)


def mhtml(table: Table) -> bytes:
    head = b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\n'
    kind = b'Content-Type: text/html; charset="gb2312"\n\n'
    return head + kind + html(table, "gb18030", "gb2312") + b"\n--b--\n"


def two_rows(table: Table) -> bytes:
    """A workbook with headings in two rows: one heading stands above, the others below."""
    first, *rest = table[0]
    return workbook([[first, *("" for _one in rest)], ["", *rest], *table[1:]])


def laid_out(table: Table) -> bytes:
    """A page whose table of figures stands in a cell of the table that lays the page out."""
    around = b"<table><tr><td>\xe6\xa1\x88\xe4\xbb\xb6</td></tr><tr><td>"
    page = html(table).replace(b"<table>", around + b"<table>")
    return page.replace(b"</table>", b"</table></td></tr></table>")


def boxed(table: Table) -> bytes:
    """A page that puts each text into a table of its own, for a frame around it."""
    page = html(table).replace(b"<td>", b"<td><table><tr><td><b>")
    return page.replace(b"</td>", b"</b></td></tr></table></td>")


def excel_2003_in(encoding: str, stated: str) -> Make:
    """XML 2003 as its declaration states it, in encodings that parsers of XML do not know."""
    return lambda table: (
        excel_2003(table)
        .decode()
        .replace('version="1.0"', f'version="1.0" encoding="{stated}"')
        .encode(encoding)
    )


def excel_2003(table: Table) -> bytes:
    rows = "".join(
        "<Row>"
        + "".join(
            f'<Cell><Data ss:Type="{"Number" if isinstance(cell, int) else "String"}">'
            f"{escape(str(cell))}</Data></Cell>"
            for cell in row
        )
        + "</Row>\n"
        for row in table
    )
    return (
        f'<?xml version="1.0"?>\n<Workbook xmlns="{EXCEL_2003}" xmlns:ss="{EXCEL_2003}">'
        f'<Worksheet ss:Name="s"><Table>\n{rows}</Table></Worksheet></Workbook>'
    ).encode()


def ods(table: Table) -> bytes:
    """A sheet of LibreOffice, which its reader shows without formulas and percentages."""
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
            if isinstance(cell, int)
            else '<table:table-cell office:value-type="string">'
            f"<text:p>{escape(cell)}</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in table
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>'
        f'<table:table table:name="a">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    name = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    manifest = (
        f'<manifest:manifest xmlns:manifest="{name}"><manifest:file-entry '
        f'manifest:full-path="/" manifest:media-type="{SPREADSHEET}"/></manifest:manifest>'
    )
    parts = {"mimetype": SPREADSHEET, "content.xml": content, "META-INF/manifest.xml": manifest}
    return packed({name: part.encode() for name, part in parts.items()})


def xlsb(table: Table) -> bytes:
    """A binary workbook of Excel (MS-XLSB): records of a type, a length and their bytes."""

    def record(kind: int, data: bytes = b"") -> bytes:
        marks = bytes([kind & 0x7F | 0x80, kind >> 7]) if kind > 0x7F else bytes([kind])
        length = len(data)
        return marks + bytes([length & 0x7F | 0x80, length >> 7]) + data

    def text(said: str) -> bytes:
        return pack("<I", len(said)) + said.encode("utf-16-le")

    sheets = record(0x9C, pack("<II", 0, 1) + text("rId1") + text("a"))
    book = record(0x83) + record(0x8F) + sheets + record(0x90) + record(0x84)
    size = pack("<4I", 0, len(table) - 1, 0, max(map(len, table)) - 1)
    rows = record(0x81) + record(0x94, size) + record(0x91)
    for place, row in enumerate(table):
        rows += record(0x00, pack("<I", place) + bytes(13))
        for column, cell in enumerate(row):
            at = pack("<II", column, 0)
            if isinstance(cell, int):
                rows += record(0x05, at + pack("<d", cell))
            else:
                rows += record(0x06, at + text(cell))
    rows += record(0x92) + record(0x82)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"
    sheet = f'Type="{kind.format("worksheet")}" Target="worksheets/sheet1.bin"'
    named = f'<Relationship Id="rId1" {sheet}/>'
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    rels = f'<Relationships xmlns="{space}">{named}</Relationships>'.encode()
    name = "workbook.bin"
    parts = {
        name: book,
        f"_rels/{name}.rels": rels,
        "worksheets/sheet1.bin": rows,
    }
    return packed({f"xl/{place}": part for place, part in parts.items()})


def xls(table: Table) -> bytes:
    """A workbook of Excel 97 (MS-XLS) in the one stream of a compound file (MS-CFB)."""

    def record(kind: int, data: bytes = b"") -> bytes:
        return pack("<HH", kind, len(data)) + data

    def begin(kind: int) -> bytes:
        return record(0x0809, pack("<HHHHII", 0x0600, kind, 0, 1997, 0, 6))

    def book(start: int) -> bytes:
        sheet = record(0x0085, pack("<IHBB", start, 0, 1, 0) + b"a")
        return begin(0x0005) + record(0x0042, pack("<H", 1200)) + sheet + record(0x000A)

    cells = b""
    for place, row in enumerate(table):
        for column, cell in enumerate(row):
            at = pack("<HHH", place, column, 0)
            if isinstance(cell, int):
                cells += record(0x0203, at + pack("<d", cell))
            else:
                cells += record(0x0204, at + pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
    size = record(0x0200, pack("<IIHHH", 0, len(table), 0, max(map(len, table)), 0))
    stream = book(len(book(0))) + begin(0x0010) + size + cells + record(0x000A)
    # Streams of fewer bytes than this would be kept in another way.
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    end, free, unused = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFF
    chain = [0xFFFFFFFD, end, *range(3, sectors + 2), end]
    table_of_sectors = pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")

    def entry(name: str, kind: int, child: int, start: int, length: int) -> bytes:
        said = name.encode("utf-16-le") + b"\0\0" if name else b""
        head = said.ljust(64, b"\0") + pack("<HBB", len(said), kind, 1)
        return head + pack("<III", unused, unused, child) + bytes(36) + pack("<IQ", start, length)

    names = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, unused, 2, len(stream))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0, 0)
    header += pack("<I", free) * 108
    return header + table_of_sectors + names.ljust(512, b"\0") + stream


SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"


def packed(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


# Read, whatever way in: the same values come out.
READ: Mapping[str, Make] = {
    "plain.xlsx": workbook,
    "capital.xlsx": lambda t: changed(
        t, named=lambda name: "xl/SharedStrings.xml" if name == ARC_SHARED_STRINGS else name
    ),
    "backslashes.xlsx": lambda t: changed(t, named=lambda name: name.replace("/", "\\")),
    "fill.xlsx": lambda t: changed(t, ARC_STYLE, without(r"<fill>.*?</fill>", "<fill/>")),
    "colour.xlsx": lambda t: changed(t, ARC_STYLE, without(r"<color [^>]*>", '<color rgb="x"/>')),
    "dates.xlsx": lambda t: changed(t, ARC_CORE, without(r"\d{4}-\d\d-\d\dT[^<]*", "昨天")),
    "strict.xlsx": lambda t: changed(
        t,
        change=lambda text: text.replace(
            f"{TRANSITIONAL}/spreadsheetml/2006", f"{STRICT}/spreadsheetml"
        ).replace(f"{TRANSITIONAL}/officeDocument/2006", f"{STRICT}/officeDocument"),
    ),
    "size.xlsx": lambda t: changed(t, "sheet1", without(r"<dimension [^>]*>")),
    "wrong-size.xlsx": lambda t: changed(
        t, "sheet1", without(r"<dimension [^>]*>", '<dimension ref="A1"/>')
    ),
    "places.xlsx": lambda t: changed(t, "sheet1", without(r' r="[A-Z]*\d+"')),
    "inline.xlsx": inline,
    "texts.xlsx": lambda t: inline(t, "str"),
    "numbers.xlsx": lambda t: workbook([[str(cell) for cell in row] for row in t]),
    "blanks.xlsx": in_cells(lambda text: f" {text}\N{NO-BREAK SPACE}"),
    "unseen.xlsx": in_cells(
        lambda text: f"\N{ZERO WIDTH SPACE}{text}\N{ZERO WIDTH NO-BREAK SPACE}"
    ),
    "marks.xlsx": in_cells(lambda text: f"\N{RIGHT-TO-LEFT MARK}{text}"),
    "returns.xlsx": in_cells(lambda text: f"{text}_x000D_"),
    "titled.xlsx": lambda t: workbook(t, before=[["2019年12月"], []]),
    "beside.xlsx": lambda t: workbook(t, beside=True),
    "utf-8.csv": separated(),
    "marked.csv": separated("utf-8-sig"),
    "twice.csv": separated("utf-8-sig", before="\N{ZERO WIDTH NO-BREAK SPACE}"),
    "gb18030.csv": separated("gb18030"),
    "utf-16.csv": separated("utf-16", comma="\t"),
    "unmarked.csv": separated("utf-16-le"),
    "semicolons.csv": separated(comma=";"),
    "tabs.csv": separated(comma="\t"),
    "sep.csv": separated(before="sep=;\r\n", comma=";"),
    "sep-comma.csv": separated(before="sep=,\r\n"),
    "cr.csv": separated(end="\r"),
    "wide.csv": separated(comma="，"),
    "ctrl-z.csv": separated(after="\x1a"),
    "quoted.csv": each_cell(lambda text: f'"{text}"'),
    "tabbed.csv": each_cell(lambda text: f"\t{text}"),
    "as-text.csv": each_cell(lambda text: f'="{text}"' if text.isdigit() else text),
    "page.xls": html,
    "page.xlsx": lambda t: html(t, "gb18030", "gb2312"),
    "archived.xls": mhtml,
    "2003.xls": excel_2003,
    "2003.xml": excel_2003,
    "2003-gb2312.xls": excel_2003_in("gb18030", "GB2312"),
    "2003-utf-16.xls": excel_2003_in("utf-16", "UTF-16"),
    "laid-out.xls": laid_out,
    "boxed.xls": boxed,
    "utf-16-page.xls": lambda t: html(t, "utf-16", "utf-16"),
    "bars.csv": separated(comma="|"),
    "tabs-behind.csv": each_cell(lambda text: f"{text}\t"),
    "two-rows.xlsx": two_rows,
    "tabs.xls": separated("gb18030", comma="\t"),
}
# Hidden: formulas and percentages. A page asks, a command refuses.
HIDING: Mapping[str, Make] = {"sheet.ods": ods, "sheet.xls": xls, "sheet.xlsb": xlsb}
# No table: what each is, and the way on.
NAMED: Mapping[str, tuple[Callable[[Table], bytes], str]] = {
    "none.csv": (lambda _table: b"", "文件是空的"),
    "blank.xlsx": (lambda _table: workbook([]), "文件是空的"),
    "zip.xlsx": (lambda t: packed({"数据.xlsx": workbook(t)}), "这是压缩包，里面有 数据.xlsx"),
    "paper.xlsx": (lambda _table: b"%PDF-1.4\n\xe2\xe3", "这是PDF文件"),
    "rar.xlsx": (lambda _table: b"Rar!\x1a\x07\x00" + b"\x00" * 99, "这是RAR压缩包"),
    "letter.xlsx": (lambda _table: packed({"word/document.xml": b"<a/>"}), "这是文字文档"),
    "ofd.xlsx": (lambda _table: packed({"OFD.xml": b"<a/>"}), "这是OFD版式文件"),
    "picture.csv": (lambda _table: b"\x89PNG\r\n\x1a\n" + b"\x00" * 99, "这是图片"),
    "login.xls": (lambda _table: b"<html><body>login</body></html>", "这是网页文件"),
    "cut.xlsx": (lambda t: workbook(t)[:-200], "请用 WPS 或 Excel 打开"),
    "byte.csv": (lambda t: lines(t).encode() + "坏".encode() + b"\xff\xfe\xfd\r\n", "认不出"),
}
