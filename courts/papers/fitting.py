"""How wide a table's columns are and how large type is, the same in every file. No Django.

Type of tables is never smaller than 小五 (9 points). What does not fit at that size is cut into
strips of columns (`courts.papers.strips`). Widths are estimates in ems: a Chinese or Korean sign is
as wide as the type, a Latin one about 0.58. Neither a number nor a Korean word breaks over two
lines; Chinese may.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from courts.papers.document import Column, Table, groups, words

# The text block of a page in tenths of a point: 156 mm, and 225 mm where a page lies.
LINE, LONG_LINE = 4422, 6378
# Type sizes in tenths of a point: 小四, 五号, 小五.
SIZES = (120, 105, 90)
SMALLEST = SIZES[-1]
# What a cell keeps free, left and right together, in tenths of a point.
ROOM = 40
LATIN_EM = 58
# In more lines than these a column's title could hardly be read.
MOST_TITLE_LINES = 5
_NUMBER_WORD = re.compile(r"[0-9A-Za-z.%+−—/()-]+")
# A Korean word ends at a blank and behind a middle dot.
_KOREAN_WORD = re.compile(r"[^\s·]*[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3][^\s·]*·?")


@dataclass(frozen=True, slots=True)
class Fit:
    """Widths of the columns and the type in tenths of a point; `keeps_words` of Korean whole."""

    widths: tuple[int, ...]
    size: int
    room: int
    keeps_words: bool


def fit(table: Table) -> Fit:
    """The largest type with which the table's numbers and Korean words stay whole.

    With the smallest type Korean words are broken where even one column is wider than the line.
    """
    line = line_of(table)
    for size in (table.size,) if table.size else SIZES:
        least = needs(table, size)
        if sum(least) <= line:
            return Fit(_spread(least, table.columns, line), size, ROOM, keeps_words=True)
    size = table.size or SMALLEST
    shares = sum(column.width for column in table.columns)
    widths = tuple(line * column.width // shares for column in table.columns)
    return Fit(widths, size, ROOM, keeps_words=False)


def line_of(table: Table) -> int:
    """How wide a table may be, in tenths of a point."""
    return LONG_LINE if table.landscape else LINE


def needs(table: Table, size: int) -> list[int]:
    """The width that each column cannot do without, in type of `size`; tenths of a point."""
    least = [_width(max(_longest(text) for text in texts), size) for texts in _texts(table)]
    for place, column in enumerate(table.columns):
        title = -(-ems(column.title) // MOST_TITLE_LINES)
        least[place] = max(least[place], _width(title, size))
    place = 0
    for group, count in groups(table.columns):
        lacking = _width(_longest(group), size) - sum(least[place : place + count])
        if group and lacking > 0:
            for number in range(place, place + count):
                least[number] += -(-lacking // count)
        place += count
    return least


def rows_of_heading(columns: tuple[Column, ...]) -> int:
    """How many rows a table's heading has: two where columns stand in groups."""
    return 2 if any(title for title, _count in groups(columns)) else 1


def _width(hundredths: int, size: int) -> int:
    """What so many hundredths of an em take with the room of a cell."""
    return -(-hundredths * size // 100) + ROOM


def _spread(least: Sequence[int], columns: Sequence[Column], line: int) -> tuple[int, ...]:
    """The line shared out by the columns' shares, none below what it needs."""
    fixed: dict[int, int] = {}
    while True:
        free = [place for place in range(len(columns)) if place not in fixed]
        rest = line - sum(fixed.values())
        shares = sum(columns[place].width for place in free)
        widths = {place: rest * columns[place].width // shares for place in free}
        short = {place: least[place] for place in free if widths[place] < least[place]}
        if not short:
            widths |= fixed
            return tuple(widths[place] for place in range(len(columns)))
        fixed |= short
        if len(fixed) == len(columns):
            return tuple(fixed[place] for place in range(len(columns)))


def _texts(table: Table) -> list[list[str]]:
    return [
        [column.title, *(words(row.cells[place].runs) for row in table.rows)]
        for place, column in enumerate(table.columns)
    ]


def _longest(text: str) -> int:
    """Hundredths of an em that the longest piece takes that must not break; one sign at least."""
    pieces = chain(_NUMBER_WORD.findall(text), _KOREAN_WORD.findall(text), text[:1])
    return max((ems(piece) for piece in pieces), default=0)


def ems(text: str) -> int:
    """How wide a text is, about, in hundredths of an em."""
    return sum(100 if unicodedata.east_asian_width(sign) in "WFA" else LATIN_EM for sign in text)


def size_for(lines: tuple[str, ...], most: int, least: int, width: int = LINE - 60) -> int:
    """The largest type up to `most` in which every line fits the width; tenths of a point."""
    widest = max((ems(line) for line in lines), default=0)
    fitting = most if not widest else min(most, 100 * width // widest)
    return max(least, fitting)
