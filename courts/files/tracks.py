"""Owns the geometry of a table: its lines and tracks whichever way round it stands, and its cells.

Terms: a *line* is a metric's; a *track* runs across the lines and may hold the figures. In a table
with a metric a row, lines are rows and tracks are columns; with a metric a column the table is
*turned*, so that one rule reads both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from openpyxl.utils import get_column_letter

from courts.files.cells import Cell, RefusedCell
from courts.files.headings import HeadRole
from courts.files.months import months_meant
from courts.files.values import FigureError, ValueFault, read_value
from scoring.schema import FEN


@dataclass(slots=True)
class Track:
    """A column, or row of a turned table, that may hold the figures."""

    place: int
    key: str
    heads: list[Cell]
    role: HeadRole = HeadRole.NONE
    court: str | None = None
    is_sum: bool = False
    is_row_of_month: bool = False

    @property
    def heading(self) -> str:
        return " ".join(dict.fromkeys(text_of(head) for head in self.heads if head != ""))


class Matrix:
    """The cells by line and place; turned, the lines are the table's columns."""

    def __init__(self, rows: Mapping[int, Sequence[Cell]], *, turned: bool) -> None:
        self.turned = turned
        self.cells: dict[int, dict[int, Cell]] = {}
        for number, cells in rows.items():
            for place, cell in enumerate(cells):
                if cell != "":
                    line, across = (place, number) if turned else (number, place)
                    self.cells.setdefault(line, {})[across] = cell
        self.lines = sorted(self.cells)
        self.places = sorted({place for cells in self.cells.values() for place in cells})

    def at(self, line: int, place: int) -> Cell:
        return self.cells.get(line, {}).get(place, "")

    def address(self, line: int, place: int) -> str:
        row, column = (place, line) if self.turned else (line, place)
        return f"{column_letter(column)}{row}"

    def key(self, place: int) -> str:
        """How a track is called: the letter of a column, the number of a row."""
        return str(place) if self.turned else column_letter(place)

    def line_key(self, line: int) -> str:
        return column_letter(line) if self.turned else str(line)


def column_letter(place: int) -> str:
    """The letter of the column at a place, counted from 0."""
    return str(get_column_letter(place + 1))


def text_of(cell: Cell) -> str:
    """A cell as it stands in the table."""
    return cell.found if isinstance(cell, RefusedCell) else str(cell)


def is_number(cell: Cell) -> bool:
    """Whether a cell is, or was meant as, a number: a count, or an amount in 元."""
    if isinstance(cell, int | Decimal | RefusedCell):
        return True
    if not isinstance(cell, str) or not cell:
        return False
    try:
        is_value = read_value(cell, FEN) is not None
    except FigureError as error:
        return error.fault in {ValueFault.TOO_LARGE, ValueFault.DECIMALS}
    # Months are written with a point too.
    return is_value and not ("." in cell and months_meant(cell))


def the_one(tracks: Sequence[Track], answer: Track | None = None) -> Track | None:
    """The track of one court: chosen, headed as year to date, or the only one that can be meant."""
    if answer in tracks:
        return answer
    headed = [track for track in tracks if track.role is HeadRole.TO_DATE] or [
        track for track in tracks if track.role is HeadRole.MONTH and track.is_row_of_month
    ]
    if headed:
        return headed[0] if len(headed) == 1 else None
    plain = [track for track in tracks if track.role is HeadRole.NONE]
    if len(plain) == 1 and all(
        track.role in (HeadRole.NONE, HeadRole.LAST_MONTH, HeadRole.OTHER_MONTH, HeadRole.ALONE)
        for track in tracks
    ):
        return plain[0]
    return None


def counts(cells: Sequence[Cell]) -> bool:
    """Whether cells are 1, 2, 3 and so on, at least three of them."""
    texts = [text_of(cell) for cell in cells if cell != ""]
    return len(texts) > 2 and texts == [str(number) for number in range(1, len(texts) + 1)]


def is_text(cell: Cell) -> bool:
    """Whether a cell holds words: neither blank nor a number."""
    return isinstance(cell, str) and bool(cell) and not is_number(cell)
