"""Last year's side of a comparison in a spreadsheet, as `scoring.rates.BaselineFinder` finds it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from scoring.facts import Month
from scoring.rates import MONTHS_OF, MONTHS_OF_YEAR
from scoring.schema import Interim, Period
from scoring.spreadsheet import (
    BEFORE,
    SAME_MONTH,
    Constant,
    Expression,
    If,
    Kind,
    Known,
    Line,
    either,
    figures,
    total_of,
)
from scoring.weights import scale_of


class Compared(NamedTuple):
    """Last year's side of a comparison in a spreadsheet: all lines, those of the sums, whether
    there are figures at all, and what the sums are multiplied by and divided by."""

    lines: tuple[Line, ...]
    sums: tuple[Line, ...]
    is_known: Expression
    multiplier: Expression
    divisor: Expression


def compared(
    month: Month,
    interim: Interim,
    *parts: Sequence[str],
    period: Period = Period.YEAR_TO_DATE,
) -> Compared:
    """The sums of last year as lines of a spreadsheet."""
    scale = scale_of(*parts)
    codes = [code for part in parts for code in part]
    known: Expression = Known(figures(codes, Kind.ANNUAL))
    months = MONTHS_OF.get(period)
    is_whole = month.month == MONTHS_OF_YEAR or interim is not Interim.SAME_MONTH
    if is_whole and not months:
        sums = tuple(
            Line(f"before{place}", BEFORE, total_of(part, scale, Kind.ANNUAL))
            for place, part in enumerate(parts)
        )
        return Compared(sums, sums, known, Constant(1), Constant(1))
    has_month = Known(figures(codes, Kind.SAME_MONTH))
    same = Line("same", SAME_MONTH, If(has_month, Constant(1), Constant(0)))
    is_same = same.number.equals(1)
    sums = tuple(
        Line(
            f"before{place}",
            BEFORE,
            If(
                is_same,
                total_of(part, scale, Kind.SAME_MONTH),
                total_of(part, scale, Kind.ANNUAL),
            ),
        )
        for place, part in enumerate(parts)
    )
    one = Constant(1)
    return Compared(
        (same, *sums),
        sums,
        either(has_month, known),
        If(is_same, one, Constant(months or month.month)),
        If(is_same, one, Constant(MONTHS_OF_YEAR)),
    )
