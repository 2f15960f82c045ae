"""Reads tables that court systems write as HTML, MHTML or XML 2003 and name .xls. No Django."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from email import message_from_bytes, policy
from html.parser import HTMLParser

from courts.files.plain import Bounds, Budget, Cell, FileError, GatheredTables, Mark, Sheet, clean
from courts.files.workbooks import LONGEST_TEXT, as_number, parse, shown_as

MOST_SPAN = 256
# Blank cells at the end of a row do not count, but they are not endless either.
WIDEST = 16
_SKIPPED = frozenset({"script", "style", "head", "title"})


def read_html(text: str, bounds: Bounds) -> list[Sheet]:
    """The tables of a page in their order; a table inside a cell is text of that cell."""
    reader = _TableReader(bounds)
    reader.feed(text)
    reader.close()
    reader.end_row()
    return reader.sheets


class _TableReader(HTMLParser):
    """Turns rows and cells into a grid, with the places that spans keep free."""

    def __init__(self, bounds: Bounds) -> None:
        super().__init__(convert_charrefs=True)
        self.budget = Budget(bounds)
        self.sheets: list[Sheet] = []
        self.depth = 0
        self.skipped = 0
        self.number = 0
        self.cells: list[Cell] | None = None
        self.text: list[str] | None = None
        self.is_formula = False
        self.colspan = 1
        # Columns that cells of earlier rows reach down into, and for how many rows yet.
        self.reached: dict[int, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _SKIPPED:
            self.skipped += 1
        elif tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.sheets.append(Sheet(str(len(self.sheets) + 1)))
                self.number, self.reached = 0, {}
        elif self.depth != 1:
            return
        elif tag == "tr":
            self.end_row()
            self.number += 1
            self.cells = []
        elif tag in {"td", "th"}:
            self._end_cell()
            if self.cells is None:
                self.number += 1
                self.cells = []
            self._pass_reached(self.cells)
            if len(self.cells) > WIDEST * self.budget.bounds.most_columns:
                raise FileError("columns", most=self.budget.bounds.most_columns, row=self.number)
            self.text = []
            self.is_formula = bool(given.get("x:fmla"))
            self.colspan = _span(given.get("colspan"))
            down = _span(given.get("rowspan"))
            if down > 1:
                for place in range(self.colspan):
                    self.reached[len(self.cells) + place] = down
        elif tag == "br" and self.text is not None:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self.skipped = max(self.skipped - 1, 0)
        elif tag == "table" and self.depth:
            if self.depth == 1:
                self.end_row()
            self.depth -= 1
        elif self.depth == 1 and tag == "tr":
            self.end_row()
        elif self.depth == 1 and tag in {"td", "th"}:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self.text is not None and not self.skipped:
            self.text.append(data)

    def _pass_reached(self, cells: list[Cell]) -> None:
        while self.reached.get(len(cells), 0) and len(cells) <= MOST_SPAN:
            cells.append("")

    def _end_cell(self) -> None:
        if self.text is None or self.cells is None:
            return
        text = clean(" ".join("".join(self.text).split())[:LONGEST_TEXT])
        self.cells.append(Mark(text, "formula") if self.is_formula else text)
        self.cells.extend([""] * (self.colspan - 1))
        self.text = None

    def end_row(self) -> None:
        """Keep the row that is under way, if any."""
        self._end_cell()
        if self.cells is not None and self.sheets:
            GatheredTables(self.sheets[-1], self.budget).add(self.number, self.cells)
            self.reached = {column: rows - 1 for column, rows in self.reached.items() if rows > 1}
        self.cells = None


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
