"""Owns the address on which figures of closed months are corrected, with the rows in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from courts.models import QualityYear

# Rows of one restatement; an address of more would be too long for some servers.
MOST_ROWS = 50
ROW = "row"
BETWEEN = ","


class CorrectedRow(NamedTuple):
    """One corrected figure as typed: codes, the month such as 2019-12, the value or nothing."""

    court: str
    month: str
    metric: str
    value: str


def correction_address(year: QualityYear, rows: Sequence[CorrectedRow]) -> str:
    """The page that proposes a restatement of these rows; without them where there are too many."""
    page = reverse("courts:restatement_new", args=(year.code,))
    if not rows or len(rows) > MOST_ROWS:
        return page
    return f"{page}?{urlencode([(ROW, BETWEEN.join(row)) for row in rows])}"


def rows_in(values: Sequence[str]) -> list[CorrectedRow]:
    """The rows of an address; what is none is left out."""
    parts = (value.split(BETWEEN) for value in values[:MOST_ROWS])
    return [CorrectedRow(*one) for one in parts if len(one) == len(CorrectedRow._fields)]
