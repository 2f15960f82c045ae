"""Facts into columns: what courts reported, as the tables that are scored at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm

import numpy as np

from scoring.columns import BallotColumns, FactTable, FigureColumn, SharedColumn
from scoring.exact import Exact, Mask
from scoring.facts import Assessed, Ballots, CourtFacts, Decision, Month
from scoring.rounding import cents
from scoring.schema import Rulebook
from scoring.spreadsheet import Kind


def fact_table(rulebook: Rulebook, rows: Sequence[tuple[Month, Sequence[CourtFacts]]]) -> FactTable:
    """The facts in columns; every row has the same courts in the same order, else ValueError."""
    first = rows[0][1] if rows else ()
    courts = tuple(facts.court for facts in first)
    levels = tuple(facts.level for facts in first)
    for _month, given in rows:
        found = tuple(facts.court for facts in given), tuple(facts.level for facts in given)
        if found != (courts, levels):
            raise ValueError("every row of a table has the same courts in the same order")
    every = [facts for _month, given in rows for facts in given]
    shape = (len(rows), len(courts))
    return FactTable(
        rulebook=rulebook,
        months=tuple(month for month, _given in rows),
        courts=courts,
        levels=levels,
        figures={
            Kind.CURRENT: _columns([facts.current for facts in every], shape),
            Kind.SAME_MONTH: _columns([facts.baseline_month for facts in every], shape),
            Kind.ANNUAL: _columns([facts.baseline_annual for facts in every], shape),
        },
        targets={
            item: _shared([facts.targets.get(item) for facts in every], shape)
            for item in dict.fromkeys(item for facts in every for item in facts.targets)
        },
        ballots=_ballots([facts.ballots for facts in every], shape),
        assessed=_given([facts.assessed for facts in every], shape),
        decisions=_given([facts.decisions for facts in every], shape),
    )


def _columns(
    given: Sequence[Mapping[str, int]], shape: tuple[int, int]
) -> Mapping[str, FigureColumn]:
    return {code: _figures(given, code, shape) for code in sorted(set[str]().union(*given))}


def _figures(given: Sequence[Mapping[str, int]], code: str, shape: tuple[int, int]) -> FigureColumn:
    try:
        values = np.fromiter((figures[code] for figures in given), np.int64, len(given))
    except (KeyError, OverflowError):
        return _column([figures.get(code) for figures in given], shape)
    return FigureColumn(Exact.of(values.reshape(shape)))


def _column(values: Sequence[int | None], shape: tuple[int, int]) -> FigureColumn:
    lacks: Mask = np.array([value is None for value in values], np.bool_).reshape(shape)
    number = Exact.of([value or 0 for value in values])
    number.values = number.values.reshape(shape)
    return FigureColumn(number, lacks if lacks.any() else None)


def _shared(values: Sequence[Decimal | Fraction | None], shape: tuple[int, int]) -> SharedColumn:
    exact = [None if value is None else Fraction(value) for value in values]
    divisor = lcm(*(value.denominator for value in exact if value is not None))
    scaled = [None if value is None else int(value * divisor) for value in exact]
    column = _column(scaled, shape)
    return SharedColumn(column.number, divisor, column.lacks)


def _ballots(given: Sequence[Ballots | None], shape: tuple[int, int]) -> BallotColumns | None:
    if all(one is None for one in given):
        return None
    points = _shared([None if one is None else one.points for one in given], shape)
    count = _column([1 if one is None else one.count for one in given], shape)
    return BallotColumns(count.number, points)


def _given(
    given: Sequence[Mapping[str, Assessed] | Mapping[str, Decision]], shape: tuple[int, int]
) -> Mapping[str, FigureColumn]:
    items = dict.fromkeys(item for one in given for item in one)
    return {
        item: _column([cents(one[item].points) if item in one else None for one in given], shape)
        for item in items
    }
