"""Cuts tables that are too wide for readable type into strips of columns. No Django.

Every strip begins with the first column, which names the rows, and has the headings of its own
columns. Strips are tables of the document, so that PDF, Word file and page have the same ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from courts.papers.document import Block, Document, Row, Table, Text
from courts.papers.fitting import SIZES, SMALLEST, line_of, needs

# How many strips, how many groups of columns cut apart, how unevenly wide.
Cost = tuple[int, int, int]


def in_strips(document: Document) -> Document:
    """The document with every table that would need smaller type cut into strips."""
    return replace(
        document,
        blocks=tuple(_cut(document.blocks)),
        annexes=tuple(
            replace(annex, blocks=tuple(_cut(annex.blocks))) for annex in document.annexes
        ),
    )


def _cut(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Table):
            yield from strips(block)
        else:
            yield block


def strips(table: Table) -> tuple[Table, ...]:
    """The table itself where it fits; else its strips, all in one size of type."""
    line = line_of(table)
    if table.size or len(table.columns) < 3 or sum(needs(table, SMALLEST)) <= line:
        return (table,)
    ends = _ends(table, line)
    cut = [
        _strip(table, start, end, is_first=start == 1, is_last=end == len(table.columns))
        for start, end in zip((1, *ends), ends, strict=False)
    ]
    size = next(
        (size for size in SIZES if all(sum(needs(one, size)) <= line for one in cut)), SMALLEST
    )
    return tuple(replace(one, size=size) for one in cut)


def _strip(table: Table, start: int, end: int, *, is_first: bool, is_last: bool) -> Table:
    """The first column and those from `start` to before `end`."""
    return replace(
        table,
        caption=table.caption if is_first else (Text(table.again),) if table.again else (),
        columns=(table.columns[0], *table.columns[start:end]),
        rows=tuple(Row((row.cells[0], *row.cells[start:end]), row.is_apart) for row in table.rows),
        notes=table.notes if is_last else (),
    )


def _ends(table: Table, line: int) -> tuple[int, ...]:
    """Where the strips end: the fewest strips, then the fewest groups cut, then evenly wide."""
    columns = table.columns

    def width(start: int, end: int) -> int:
        part = _strip(table, start, end, is_first=True, is_last=True)
        return sum(needs(part, SMALLEST))

    @cache
    def best(start: int) -> tuple[Cost, tuple[int, ...]]:
        if start == len(columns):
            return (0, 0, 0), ()
        found: list[tuple[Cost, tuple[int, ...]]] = []
        for end in range(start + 1, len(columns) + 1):
            wide = width(start, end)
            if wide > line and end > start + 1:
                break
            is_cut = end < len(columns) and bool(
                columns[end].group and columns[end].group == columns[end - 1].group
            )
            (more, cuts, uneven), ends = best(end)
            found.append(((more + 1, cuts + is_cut, uneven + wide * wide), (end, *ends)))
        return min(found)

    return best(1)[1]
