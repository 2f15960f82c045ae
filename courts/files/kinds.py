"""Tells by its bytes what a file is, and has it read: the one entry for every format. No Django."""

from __future__ import annotations

import io
import re
import zipfile

from courts.files.markup import page_of_mhtml, read_html, read_xml_2003
from courts.files.old_formats import read_old
from courts.files.plain import Bounds, Budget, FileError, Found, Sheet, filled
from courts.files.texts import UTF16_MARKS, decoded, read_text, rows_of_text
from courts.files.workbooks import Archive, read_workbook

ZIP = b"PK"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What a file is by its first bytes, where that is no table.
NO_TABLES = (
    (b"%PDF", "pdf"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"BM", "picture"),
    (b"{\\rtf", "document"),
)
# The kind of a table that was read from bare text.
TEXT = "text"
TABLES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".et")
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([\w-]+)""", re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml\b[^>]*\?>\s*", re.IGNORECASE)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)


def read(name: str, content: bytes, bounds: Bounds) -> Found:
    """What a file holds, whatever its name says it is. `FileError` for everything else."""
    if len(content) > bounds.most_bytes:
        raise FileError("too_big", most=bounds.most_bytes)
    if not content.strip():
        raise FileError("empty")
    for mark, kind in NO_TABLES:
        if content.startswith(mark):
            raise FileError(kind)
    if content.startswith(OLE):
        return _read_ole(name, content, bounds)
    if content.startswith(ZIP):
        return _read_zip(content, bounds)
    return _read_text(name, content, bounds)


def read_lines(content: bytes, bounds: Bounds) -> tuple[Found, FileError | None]:
    """The lines of a bare text that are not blank, and what ended the reading before its end.

    Cells at the end of a line are kept although they are blank. `FileError` where none is read.
    """
    if len(content) > bounds.most_bytes:
        raise FileError("too_big", most=bounds.most_bytes)
    sheet, budget = Sheet(""), Budget(bounds)
    try:
        for number, cells in rows_of_text(decoded(content)):
            if any(cells):
                budget.row(number, cells)
                sheet.rows.append((number, cells))
    except FileError as fault:
        return Found(TEXT, (sheet,)), fault
    return Found(TEXT, (sheet,)), None


def is_text(content: bytes) -> bool:
    """Whether a file is plain lines of text, as far as its first bytes tell."""
    marks = (ZIP, OLE, *(mark for mark, _kind in NO_TABLES))
    start = _start(content)
    return not content.startswith(marks) and not start.startswith((b"<", b"mime-version:"))


def _read_ole(name: str, content: bytes, bounds: Bounds) -> Found:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileError("encrypted")
    if "WordDocument".encode("utf-16-le") in content:
        raise FileError("document")
    unreadable = "et" if name.casefold().endswith(".et") else "old"
    return Found("xls", filled(read_old(content, bounds, unreadable)), is_opaque=True)


def _read_zip(content: bytes, bounds: Bounds) -> Found:
    try:
        opened = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileError("damaged", part="zip") from error
    with opened:
        archive = Archive(opened, bounds)
        if "mimetype" in archive:
            kind = b"".join(archive.chunks("mimetype"))[:80]
            if b"spreadsheet" not in kind:
                raise FileError("document")
            archive.check()
            return Found("ods", filled(read_old(content, bounds, "old")), is_opaque=True)
        if "xl/workbook.bin" in archive:
            archive.check()
            return Found("xlsb", filled(read_old(content, bounds, "old")), is_opaque=True)
        if any(name.endswith("workbook.xml") for name in archive.names):
            return Found("xlsx", filled(read_workbook(archive, bounds)))
        if "ofd.xml" in archive:
            raise FileError("ofd")
        if any(name.startswith(("word/", "ppt/")) for name in archive.names):
            raise FileError("document")
        inside = [member.filename for member in archive.names.values()]
        held = next((one for one in inside if one.casefold().endswith(TABLES)), "")
        raise FileError("zip_with_table", inside=held[-80:]) if held else FileError("archive")


def _read_text(name: str, content: bytes, bounds: Bounds) -> Found:
    start = _start(content)
    if start.startswith(b"mime-version:"):
        page, charset = page_of_mhtml(content)
        return Found("mhtml", filled(read_html(_page(page, charset), bounds)))
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start and b"<workbook" in start:
        return Found("xml", filled(read_xml_2003(_xml(content), bounds)))
    if start.startswith(b"<"):
        text = _page(content, "")
        if "<table" not in text.casefold():
            raise FileError("markup")
        return Found("html", filled(read_html(text, bounds)))
    return Found(TEXT, filled(read_text(decoded(content), name, bounds)))


def _start(content: bytes) -> bytes:
    """How a file begins, in small letters, whatever blanks and marks come before; UTF-8."""
    start = content[:4096]
    for mark, encoding in UTF16_MARKS:
        if start.startswith(mark):
            start = start[2:].decode(encoding, "replace").encode()
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()


def _xml(content: bytes) -> bytes:
    """A document in UTF-8 without its declaration, which may state what the parser cannot read."""
    stated = _ENCODING.search(content[:200])
    text = _page(content, stated[1].decode("ascii", "replace") if stated else "")
    return _DECLARATION.sub("", text.lstrip("\ufeff \t\r\n"), count=1).encode()


def _page(content: bytes, charset: str) -> str:
    """A page's text: by the encoding it states where that fits, else as any text."""
    stated = _CHARSET.search(content[:4096])
    charset = charset or (stated[1].decode("ascii", "replace") if stated else "")
    encoding = {"gb2312": "gb18030", "gbk": "gb18030", "euc-kr": "cp949", "ks_c_5601-1987": "cp949"}
    try:
        return content.decode(encoding.get(charset.casefold(), charset.casefold()))
    # Not only what cannot be decoded: a name may hold a zero, or be a codec that refuses all.
    except (LookupError, ValueError):
        return decoded(content)
