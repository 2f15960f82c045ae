"""Small numbers that are kept back, together with what would give them away by subtraction.

A table has a row for each court and a column for each value. Readers may know the sum of a row from
elsewhere (it is a figure of the court), and that a number kept back is not zero if zeros are shown.
So a row keeps back further numbers, the smallest first, until each of them could as well be one of
`FEWEST`; where that cannot be, it keeps back its zeros too. A column with a number kept back shows
no sum. Nothing here is random.
"""

from __future__ import annotations

from collections.abc import Sequence

FEWEST = 3

Row = tuple[int | None, ...]


def kept_back(row: Sequence[int]) -> Row:
    """The row as others may see it: None where a number is kept back."""
    hidden = {place for place, number in enumerate(row) if 0 < number < FEWEST}
    if not hidden:
        return tuple(row)
    others = [place for place, number in enumerate(row) if number >= FEWEST]
    for place in sorted(others, key=lambda one: (row[one], one)):
        if _is_safe(row, hidden):
            break
        hidden.add(place)
    if not _is_safe(row, hidden):
        return (None,) * len(row)
    return tuple(None if place in hidden else number for place, number in enumerate(row))


def _is_safe(row: Sequence[int], hidden: set[int]) -> bool:
    """Whether any of the hidden numbers, all at least 1, could be `FEWEST` by their sum alone."""
    return len(hidden) > 1 and sum(row[one] for one in hidden) - (len(hidden) - 1) >= FEWEST


def sums(rows: Sequence[Row]) -> Row:
    """The sum of each column, None where the column has a number kept back."""
    return tuple(None if None in column else sum(column) for column in zip(*rows, strict=True))
