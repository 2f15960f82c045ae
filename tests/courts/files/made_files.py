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
    "tabs.xls": separated("gb18030", comma="\t"),
}
# Hidden: formulas and percentages. A page asks, a command refuses.
HIDING: Mapping[str, Make] = {"sheet.ods": ods}
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
