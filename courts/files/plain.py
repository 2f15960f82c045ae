"""Plain values that the readers of all formats give: cells, sheets, faults, bounds. No Django.

A *mark* is a cell that a spreadsheet holds but no person typed as a value: a formula, an error, a
truth value, a time of day, a number shown as a percentage. A *fault* is a code with parameters;
`courts.files.reading` has the sentence of each.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple


class Mark(NamedTuple):
    """A refused cell: its text in the file, why (`formula`, `percent`, …), and its address."""

    found: str
    reason: str
    address: str = ""


Cell = str | int | Decimal | date | Mark
# The number of a row as a spreadsheet counts, and its cells from the first column on.
Row = tuple[int, Sequence[Cell]]


class FileError(Exception):
    """The file cannot be read as a table; `code` says why, `found` names a part of the file."""

    def __init__(self, code: str, **found: Any) -> None:
        super().__init__(code, found)
        self.code = code
        self.found = found


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a file is read at most.

    `most_bytes` of the file, `most_unpacked` bytes of a zip's parts that are read, `most_cells`
    that are not blank with the gaps before them, `most_signs` of all texts together, rows and
    columns; `most_tables` that hold anything, over all sheets; `most_tags` of a page of HTML;
    `seconds` of processor time and `megabytes` of memory for the child that reads.
    """

    most_bytes: int = 4 * 1024 * 1024
    most_members: int = 1_000
    most_unpacked: int = 256 * 1024 * 1024
    most_cells: int = 500_000
    most_signs: int = 4_000_000
    most_rows: int = 200_000
    most_columns: int = 256
    most_tables: int = 200
    most_tags: int = 250_000
    seconds: int = 3
    megabytes: int = 512


@dataclass(slots=True)
class Sheet:
    """One table: its title, whether the workbook hides it, its rows that are not blank."""

    title: str
    is_hidden: bool = False
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds. `is_opaque`: its reader shows neither formulas nor percentages."""

    kind: str
    sheets: tuple[Sheet, ...]
    is_opaque: bool = False


class GatheredTables:
    """The rows of one sheet while it is read: leaves out blank rows and counts what is kept."""

    def __init__(self, sheet: Sheet, budget: Budget) -> None:
        self.sheet = sheet
        self.budget = budget

    def add(self, number: int, cells: Sequence[Cell]) -> None:
        """Keep a row unless it is blank, without the blank cells at its end. `FileError`."""
        kept = list(cells)
        while kept and kept[-1] == "":
            kept.pop()
        if kept:
            if not self.sheet.rows:
                self.budget.table()
            self.budget.row(number, kept)
            self.sheet.rows.append((number, kept))


class Budget:
    """What may still be read of a file, over all its sheets. `FileError` when it is used up."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.tables = 0
        self.cells = 0
        self.signs = 0

    def table(self) -> None:
        self.tables += 1
        if self.tables > self.bounds.most_tables:
            raise FileError("tables", most=self.bounds.most_tables)

    def row(self, number: int, cells: Sequence[Cell]) -> None:
        bounds = self.bounds
        if number > bounds.most_rows:
            raise FileError("rows", most=bounds.most_rows)
        if len(cells) > bounds.most_columns:
            raise FileError("columns", most=bounds.most_columns, row=number)
        self.cells += len(cells)
        if self.cells > bounds.most_cells:
            raise FileError("cells", most=bounds.most_cells)
        self.signs += sum(len(cell) for cell in cells if isinstance(cell, str))
        if self.signs > bounds.most_signs:
            raise FileError("signs", most=bounds.most_signs)


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_AS_TEXT = re.compile(r'="([^"]*)"\Z')
# Formats and controls that nobody sees; line breaks and tabs are blanks a person may have typed.
UNSEEN = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})
# Signs that part lines, pages or records: left out, they would make one number of two.
BREAKS = str.maketrans(dict.fromkeys("\v\f\x1c\x1d\x1e\x1f\x85", " "))


def clean(text: str) -> str:
    """A text as a person sees it: without signs that nobody sees, without blanks around it.

    Excel writes control characters as `_x000D_`, and some systems write 11 as `="11"`.
    """
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    if not text.isprintable():
        text = "".join(
            sign
            for sign in text.translate(BREAKS)
            if sign in "\n\t" or unicodedata.category(sign) not in UNSEEN
        )
    text = text.strip()
    if text.startswith('="') and (quoted := _AS_TEXT.match(text)):
        return quoted[1].strip()
    return text


def filled(sheets: Iterable[Sheet]) -> tuple[Sheet, ...]:
    """The sheets that hold anything. `FileError` when none does."""
    kept = tuple(sheet for sheet in sheets if sheet.rows)
    if not kept:
        raise FileError("empty")
    return kept
