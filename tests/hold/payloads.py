"""Owns hostile texts, and finding out of an answer whether one of them did what it wants.

Every text bears a mark that nothing else has (`qyx`, `977738`): an element or attribute of that
name, a formula that calls it, a header, or the sum that a template would have made of it.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl

MARK, SUM = "qyx", "977738"
PAYLOADS: dict[str, tuple[str, ...]] = {
    "markup": (
        "<qyx>",
        "<qyx onqyx=1>",
        '"><qyx>',
        "'><qyx>",
        '" onqyx="1',
        "' onqyx='1",
        "</title><qyx>",
        "</textarea><qyx>",
        "</script><qyx>",
        "</style><qyx>",
        "<svg><qyx/></svg>",
        "<!--><qyx>-->",
        "<![CDATA[<qyx>]]>",
        "&lt;qyx&gt;<qyx>",
        "&#60;qyx&#62;",
        "<QYX/>",
        "<qyx\t>",
        "javascript:qyx()",
        "<a href=javascript:qyx()>",
        "＜qyx＞<qyx>",
    ),
    "formula": (
        "=qyx()",
        "+qyx()",
        "-qyx()",
        "@qyx()",
        "\t=qyx()",
        "\r=qyx()",
        "\n=qyx()",
        "＝qyx()",
        "＋qyx()",
        '=HYPERLINK("http://qyx")',
        "=cmd|'/C qyx'!A0",
        ' "=qyx()"',
        ";=qyx()",
        ",=qyx()",
    ),
    "database": (
        "'; DROP TABLE courts_figure;-- qyx",
        "' OR '1'='1 qyx",
        '" OR 1=1 -- qyx',
        "qyx%' ESCAPE '\\",
        "qyx\\'; SELECT pg_sleep(9);--",
        "%s%s%d qyx",
        "$1 :qyx ?",
    ),
    "template": (
        "{{ 7|add:977731 }}",
        "{% debug %}qyx",
        "{{ request.user.password }}qyx",
        "${977731+7}",
        "{0.__class__}qyx %(qyx)s",
        "#{977731+7}",
    ),
    "path": (
        "../../../../etc/passwd qyx",
        "..\\..\\qyx",
        "file:///etc/passwd qyx",
        "/dev/null qyx",
    ),
    "header": (
        "qyx\r\nX-Qyx: 1",
        "qyx\nSet-Cookie: qyx=1",
        'qyx"; filename="x',
        "qyx%0d%0aX-Qyx: 1",
    ),
    "signs": (
        "\u202eqyx\u202c",
        "q\u200by\u200bx",
        "\ufeffqyx",
        "qyx\u0301" * 9,
        "𠮷qyx😀",
        "Ｑyx",
        "\x00qyx",
        "\ud800qyx".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
        "qyx" * 500,
    ),
}
ALL = tuple(text for texts in PAYLOADS.values() for text in texts)
# What one stored text can be, all at once: a formula, markup, a template, a path, a header.
TOGETHER = "=qyx()\"><qyx onqyx=1>'{{ 7|add:977731 }}${977731+7}../%s"
SHORT = "=\"><qyx>'"


def harm(response: Any) -> Iterator[str]:
    """What a hostile text did in an answer, if anything."""
    for name, value in response.headers.items():
        if MARK in name.lower() or re.search(r"[\r\n]", value):
            yield f"a header {name}: {value!r}"
    content = response.getvalue() if response.streaming else response.content
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    if kind == "text/html":
        yield from _in_page(content.decode())
    elif kind == "text/csv":
        yield from _in_table(content.decode("utf-8-sig"))
    elif content[:2] == b"PK":
        yield from _in_archive(content)
    elif kind == "application/json":
        json.loads(content)
    elif "xml" in kind:
        yield from _in_xml(content, kind)
    if SUM.encode() in content:
        yield "a template was worked out"


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if MARK in tag:
            self.found.append(f"an element {tag}")
        for name, value in attrs:
            text = (value or "").strip().lower()
            if MARK in name and not name.startswith("data-"):
                self.found.append(f"an attribute {name}")
            if name in {"href", "src", "action", "formaction"} and text.startswith("javascript:"):
                self.found.append(f"an address {text[:40]}")
            if name.startswith("on"):
                self.found.append(f"a handler {name}")


def _in_page(text: str) -> Iterator[str]:
    page = _Page()
    page.feed(text)
    page.close()
    yield from page.found


def _in_table(text: str) -> Iterator[str]:
    for row in csv.reader(io.StringIO(text)):
        yield from (f"a cell {cell[:40]!r}" for cell in row if _runs(cell))


def _runs(cell: str) -> bool:
    return MARK in cell and cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋"))


def _in_archive(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        for name in names:
            if name.startswith(("/", "..")) or "/../" in name:
                yield f"a part {name}"
            if name.endswith((".xml", ".rels")):
                yield from _in_xml(archive.read(name), name)
    if any(name.startswith("xl/") for name in names):
        book = openpyxl.load_workbook(io.BytesIO(content))
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    # Names of sheets and texts stand in quotes, where they are data.
                    bare = re.sub(r"\"[^\"]*\"|'[^']*'", "", str(cell.value))
                    if cell.data_type == "f" and MARK in bare:
                        yield f"a formula {str(cell.value)[:40]!r}"
                    if cell.hyperlink is not None and MARK in str(cell.hyperlink.target):
                        yield f"a link {cell.hyperlink.target!r}"


def _in_xml(content: bytes, name: str) -> Iterator[str]:
    for element in ET.fromstring(content).iter():
        if MARK in str(element.tag):
            yield f"an element {element.tag} in {name}"
