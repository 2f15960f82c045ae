"""Reads tables that court systems write as HTML, MHTML or XML 2003 and name .xls. No Django."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from email import message_from_bytes, policy
from html.parser import HTMLParser

from courts.files.plain import Bounds, Budget, Cell, FileError, GatheredTables, Mark, Sheet, clean
from courts.files.workbooks import LONGEST_TEXT, as_number, parse, shown_as

MOST_SPAN = 256
# Tables within tables, so deep; what lies deeper is text.
MOST_NESTED = 6
# Blank cells at the end of a row do not count, but they are not endless either.
WIDEST = 16
_SKIPPED = frozenset({"script", "style", "head", "title"})
# What holds no table. Left to `HTMLParser`, each that never ends is looked for to the end of the
# page, again and again.
_NO_CONTENT = re.compile(
    r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:--\s*>|\Z)|<[!?][^>]*(?:>|\Z)",
    re.IGNORECASE | re.DOTALL,
)


def read_html(text: str, bounds: Bounds) -> list[Sheet]:
    """The tables of a page in their order.

    A table inside a cell is a table too: pages are laid out so. One of a single cell is text of the
    cell around it. `FileError` past a bound.
    """
    content = _NO_CONTENT.sub("", text)
    if content.count("<") > bounds.most_tags:
        raise FileError("tags", most=bounds.most_tags)
    # A tag that the end of the file cut off; everything else that begins does end.
    whole, end, rest = content.rpartition(">")
    reader = _TableReader(bounds)
    reader.feed(whole + end + rest.split("<", 1)[0])
    reader.close()
    while reader.tables:
        reader.end_table()
    return reader.sheets


@dataclass(slots=True)
class _Table:
    """A table that is being read: where its rows go, and the row and cell that are under way."""

    sheet: Sheet
    number: int = 0
    cells: list[Cell] | None = None
    text: list[str] | None = None
    is_formula: bool = False
    colspan: int = 1
    # Columns that cells of earlier rows reach down into, and the last row they reach.
    reached: dict[int, int] = field(default_factory=dict)


class _TableReader(HTMLParser):
    """Turns rows and cells into a grid, with the places that spans keep free."""

    def __init__(self, bounds: Bounds) -> None:
        super().__init__(convert_charrefs=True)
        self.budget = Budget(bounds)
        self.sheets: list[Sheet] = []
        # The tables around what is read, the innermost last, and how many more lie around it.
        self.tables: list[_Table] = []
        self.deeper = 0
        self.skipped = 0
        # The places of all cells, blank ones too.
        self.places = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self.skipped += 1
        elif tag == "table":
            self._begin_table()
        elif self.tables and not self.deeper:
            self._begin(self.tables[-1], tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self.skipped = max(self.skipped - 1, 0)
        elif tag == "table" and self.deeper:
            self.deeper -= 1
        elif not self.tables or self.deeper:
            return
        elif tag == "table":
            self.end_table()
        elif tag == "tr":
            self._end_row(self.tables[-1])
        elif tag in {"td", "th"}:
            _end_cell(self.tables[-1])

    def handle_data(self, data: str) -> None:
        if self.tables and not self.skipped:
            text = self.tables[-1].text
            if text is not None:
                text.append(data)

    def _begin_table(self) -> None:
        if len(self.tables) == MOST_NESTED:
            self.deeper += 1
            return
        self.sheets.append(Sheet(str(len(self.sheets) + 1)))
        self.tables.append(_Table(self.sheets[-1]))

    def _begin(self, table: _Table, tag: str, given: dict[str, str | None]) -> None:
        if tag == "tr":
            self._end_row(table)
            table.number += 1
            table.cells = []
        elif tag in {"td", "th"}:
            _end_cell(table)
            if table.cells is None:
                table.number += 1
                table.cells = []
            while (
                table.reached.get(len(table.cells), 0) >= table.number
                and len(table.cells) <= MOST_SPAN
            ):
                table.cells.append("")
            if len(table.cells) > WIDEST * self.budget.bounds.most_columns:
                raise FileError("columns", most=self.budget.bounds.most_columns, row=table.number)
            table.text = []
            table.is_formula = bool(given.get("x:fmla"))
            table.colspan = _span(given.get("colspan"))
            self._keep_free(table, _span(given.get("rowspan")))
        elif tag == "br" and table.text is not None:
            table.text.append("\n")

    def _keep_free(self, table: _Table, down: int) -> None:
        """Count the places that a cell takes up beside it, and note those it takes up below."""
        self.places += table.colspan
        if self.places > self.budget.bounds.most_cells:
            raise FileError("cells", most=self.budget.bounds.most_cells)
        if down > 1 and table.cells is not None:
            first = len(table.cells)
            last = table.number + down - 1
            table.reached |= dict.fromkeys(range(first, first + table.colspan), last)

    def _end_row(self, table: _Table) -> None:
        """Keep the row that is under way, if any."""
        _end_cell(table)
        if table.cells is not None:
            GatheredTables(table.sheet, self.budget).add(table.number, table.cells)
        table.cells = None

    def end_table(self) -> None:
        """Keep the innermost table; that of a single cell goes into the cell around it."""
        table = self.tables.pop()
        self._end_row(table)
        around = self.tables[-1].text if self.tables else None
        cells = [cell for _number, row in table.sheet.rows for cell in row if cell != ""]
        texts = [cell for cell in cells if isinstance(cell, str)]
        if around is not None and len(cells) < 2 and texts == cells:
            around += [" ", *texts, " "]
            if self.sheets[-1] is table.sheet:
                self.sheets.pop()
                self.budget.tables -= bool(table.sheet.rows)


def _end_cell(table: _Table) -> None:
    if table.text is None or table.cells is None:
        return
    text = clean(" ".join("".join(table.text).split())[:LONGEST_TEXT])
    table.cells.append(Mark(text, "formula") if table.is_formula else text)
    table.cells.extend([""] * (table.colspan - 1))
    table.text = None


def _span(text: str | None) -> int:
    if text is None or not (text.isascii() and text.isdigit() and len(text) < 6):
        return 1
    return min(max(int(text), 1), MOST_SPAN)


def page_of_mhtml(content: bytes) -> tuple[bytes, str]:
    """The page inside an MHTML file and its stated encoding. `FileError` when there is none."""
    message = message_from_bytes(content, policy=policy.default)
    pages: list[tuple[bytes, str]] = []
    for part in message.walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                pages.append((payload, part.get_content_charset() or ""))
    # A workbook saved so has a frame first and a page for each sheet.
    for payload, charset in pages:
        if b"<table" in payload.lower():
            return payload, charset
    raise FileError("mhtml")


def read_xml_2003(content: bytes, bounds: Bounds) -> list[Sheet]:
    """The worksheets of “XML Spreadsheet 2003”. `FileError`."""
    reader = _XmlReader(bounds)

    def whole() -> Iterator[bytes]:
        yield content

    parse(whole(), "xml", reader.start, reader.end, reader.data)
    return reader.sheets


class _XmlReader:
    """Turns the elements of XML 2003 into rows."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.budget = Budget(bounds)
        self.sheets: list[Sheet] = []
        self.number = 0
        self.cells: list[Cell] = []
        self.kind = ""
        self.text: list[str] | None = None
        self.style = ""
        self.is_formula = False
        self.styles: dict[str, str] = {}
        self.across = 0
        self.cell: Cell = ""

    def start(self, local: str, given: dict[str, str]) -> None:
        if local == "Style":
            self.style = given.get("ID", "")
        elif local == "NumberFormat":
            code = given.get("Format", "")
            self.styles[self.style] = "percent" if code == "Percent" else shown_as(0, code)
        elif local == "Worksheet":
            self.sheets.append(Sheet(clean(given.get("Name", ""))[:100]))
            self.number = 0
        elif local == "Visible":
            self.text = []
        elif local == "Row":
            self.number = _index(given, self.number)
            self.cells = []
        elif local == "Cell":
            place = _index(given, len(self.cells))
            if place > self.bounds.most_columns:
                raise FileError("columns", most=self.bounds.most_columns, row=self.number)
            self.cells.extend([""] * (place - 1 - len(self.cells)))
            self.is_formula = "Formula" in given
            self.style = given.get("StyleID", "")
            self.across = _span(given.get("MergeAcross")) if "MergeAcross" in given else 0
            self.cell = ""
        elif local == "Data":
            self.kind = given.get("Type", "String")
            self.text = []

    def data(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def end(self, local: str) -> None:
        if local == "Data" and self.text is not None:
            self.cell = self._plain("".join(self.text))
            self.text = None
        elif local == "Visible" and self.text is not None:
            if self.sheets and "hidden" in "".join(self.text).casefold():
                self.sheets[-1].is_hidden = True
            self.text = None
        elif local == "Cell":
            self.cells.append(Mark("=", "formula") if self.is_formula else self.cell)
            self.cells.extend([""] * self.across)
        elif local == "Row" and self.sheets:
            GatheredTables(self.sheets[-1], self.budget).add(self.number, self.cells)

    def _plain(self, text: str) -> Cell:
        if self.kind == "String":
            return clean(text[:LONGEST_TEXT])
        if self.kind == "Number":
            number = as_number(text.strip())
            if number is None:
                return Mark(text[:40], "error")
            return Mark(text[:40], "percent") if self._is_percent() else number
        if self.kind == "DateTime":
            try:
                return date.fromisoformat(text.strip()[:10])
            except ValueError:
                return Mark(text[:40], "error")
        return Mark(text[:40], "truth" if self.kind == "Boolean" else "error")

    def _is_percent(self) -> bool:
        return self.styles.get(self.style) == "percent"


def _index(given: dict[str, str], before: int) -> int:
    """The place an element says it has; without one, or with one that lies behind, the next."""
    text = given.get("Index", "")
    known = text.isascii() and text.isdigit() and len(text) < 9
    return max(int(text), before + 1) if known else before + 1
