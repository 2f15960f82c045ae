"""Where the cells of a workbook stand: names of sheets, addresses, and how statuses are called.

What people typed, such as a court's name, becomes the name of a sheet only without the signs that
mean something there; nothing else of it goes into a formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from courts.wording.explanations import status_label
from scoring.results import Status
from scoring.spreadsheet import Cell

LONGEST_NAME = 31
# Letters, digits and a few harmless signs: no sheet needs more.
FORBIDDEN = re.compile(r"[^\w （）·-]")
# What Excel keeps for itself.
RESERVED = "history"


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Names that spreadsheets take, at most 31 signs, each once whatever its case."""
    found: list[str] = []
    taken = {RESERVED, ""}
    for text in wanted:
        plain = FORBIDDEN.sub("", text).strip()[:LONGEST_NAME].strip()
        name = plain
        for number in count(2):
            if name.casefold() not in taken:
                break
            mark = f" {number}"
            name = f"{plain[: LONGEST_NAME - len(mark)]}{mark}".strip()
        taken.add(name.casefold())
        found.append(name)
    return found


def address(sheet: str, row: int, column: int) -> str:
    """A cell of another sheet."""
    return f"'{sheet}'!{xl_rowcol_to_cell(row, column, True, True)}"


def here(row: int, column: int) -> str:
    """A cell of the same sheet."""
    return xl_rowcol_to_cell(row, column)


def listed_column(first: int, last: int, column: int, sheet: str = "") -> str:
    """The cells of one column, absolute; of another sheet if it is named."""
    cells = xl_range_abs(first, column, last, column)
    return f"'{sheet}'!{cells}" if sheet else str(cells)


@dataclass
class Places:
    """The cells of the whole file by what they hold, and the words for statuses."""

    cells: dict[Cell, str] = field(default_factory=dict)
    words: Mapping[Status, str] = field(
        default_factory=lambda: {status: status_label(status) for status in Status}
    )


@dataclass(frozen=True)
class SheetPaper:
    """The cells as one sheet sees them: those of its own court, those of others, its lines."""

    places: Places
    own: Callable[[Cell], str]
    lines: Mapping[Cell, str] = field(default_factory=dict)

    def address(self, cell: Cell) -> str:
        if cell in self.lines:
            return self.lines[cell]
        return self.places.cells[cell] if cell.court else self.own(cell)

    def word(self, status: Status) -> str:
        return self.places.words[status]
