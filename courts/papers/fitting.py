"""How wide a table's columns are and how large its type, the same for PDF and Word. No Django.

Widths are estimates in ems: a Chinese or Korean sign is as wide as the type, a Latin one about
0.58. A number never breaks over two lines, nor a Korean word if a size allows it; Chinese may.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import chain

from courts.papers.document import Column, Table, groups, words

# The text block of a page in tenths of a point: 156 mm, and 225 mm where a page lies.
LINE, LONG_LINE = 4422, 6378
# Type sizes in tenths of a point: 小四, 五号, 小五, 六号, 小六 and what else a wide annex needs.
SIZES = (120, 105, 90, 75, 65, 60, 55, 50)
# What a cell keeps free, left and right together, in tenths of a point.
ROOM = 40
SMALL_ROOM = 16
SMALL = 90
LATIN_EM = 58
_NUMBER_WORD = re.compile(r"[0-9A-Za-z.%+−—/()-]+")
_KOREAN_WORD = re.compile(r"[^\s]*[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3][^\s]*")


@dataclass(frozen=True, slots=True)
class Fit:
    """Widths of the columns and the type in tenths of a point; `keeps_words` of Korean whole."""

    widths: tuple[int, ...]
    size: int
    room: int
    keeps_words: bool


def fit(table: Table) -> Fit:
    """The largest type with which the table's numbers, and Korean words if any do, stay whole."""
    line = LONG_LINE if table.landscape else LINE
    shares = sum(column.width for column in table.columns)
    widths = tuple(line * column.width // shares for column in table.columns)
    texts = _texts(table)
    for pattern, keeps_words in ((_KOREAN_WORD, True), (None, False)):
        longest = [max(_longest(text, pattern) for text in column) for column in texts]
        for size in SIZES:
            room = _room(size)
            if all(
                ems * size <= 100 * (width - room)
                for ems, width in zip(longest, widths, strict=True)
            ):
                return Fit(widths, size, room, keeps_words)
    return Fit(widths, SIZES[-1], _room(SIZES[-1]), keeps_words=False)


def rows_of_heading(columns: tuple[Column, ...]) -> int:
    """How many rows a table's heading has: two where columns stand in groups."""
    return 2 if any(title for title, _count in groups(columns)) else 1


def _room(size: int) -> int:
    return ROOM if size >= SMALL else SMALL_ROOM


def _texts(table: Table) -> list[list[str]]:
    return [
        [column.title, *(words(row.cells[place].runs) for row in table.rows)]
        for place, column in enumerate(table.columns)
    ]


def _longest(text: str, pattern: re.Pattern[str] | None) -> int:
    """Hundredths of an em that the longest piece takes that must not break; one sign at least."""
    pieces = chain(
        _NUMBER_WORD.findall(text), pattern.findall(text) if pattern is not None else (), text[:1]
    )
    return max((ems(piece) for piece in pieces), default=0)


def ems(text: str) -> int:
    """How wide a text is, about, in hundredths of an em."""
    return sum(100 if unicodedata.east_asian_width(sign) in "WFA" else LATIN_EM for sign in text)


def size_for(lines: tuple[str, ...], most: int, least: int, width: int = LINE - 60) -> int:
    """The largest type up to `most` in which every line fits the width; tenths of a point."""
    widest = max((ems(line) for line in lines), default=0)
    fitting = most if not widest else min(most, 100 * width // widest)
    return max(least, fitting)
