"""Owns what a cell of a given file may hold, and how many there may be; reads no file itself.

A *refused* cell is one that Excel holds but no person typed as a value: a formula, an error, a
truth value.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class RefusedCell(NamedTuple):
    """A cell that is no plain value, as it stands in the file, and what is expected."""

    found: str
    expected: str


# A blank cell is an empty text; texts come without surrounding blanks.
Cell = str | int | Decimal | date | RefusedCell
# The number of a row as a spreadsheet counts, and its cells from the first column on.
RawRow = tuple[int, Sequence[Cell]]


class TableError(Exception):
    """The file, or a row of it, cannot be read as a table at all."""

    def __init__(self, expected: str, *, row: int | None = None, found: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.row = row
        self.found = found
