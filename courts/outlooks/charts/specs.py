"""Owns the shapes of pictures: lines over months, bars against limits, funnels of rates.

Built with altair, returned as plain Vega-Lite. Texts come in the active language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import altair as alt

from courts.outlooks.charts.theme import (
    BAND_COLOUR,
    DASHES,
    LIMIT_COLOUR,
    PALETTE,
    REFERENCE_COLOUR,
    SHAPES,
    SMALL,
)

Number = int | float | Decimal | Fraction
BAR_STEP = 28


@dataclass(frozen=True, slots=True)
class Line:
    """A series over the places of the axis; None where there is no value, which breaks the line."""

    name: str
    values: Sequence[tuple[str, Number | None]]


@dataclass(frozen=True, slots=True)
class Band:
    """From low to high at each place of the axis, behind the lines."""

    name: str
    values: Sequence[tuple[str, Number, Number]]


@dataclass(frozen=True, slots=True)
class Limit:
    """A level that means something: a target, a cap, a mean."""

    name: str
    value: Number
    is_bound: bool = True


@dataclass(frozen=True, slots=True)
class Point:
    """One named point of a funnel: how many cases, and its rate in percent."""

    name: str
    cases: int
    rate: Number


def lines(
    series: Sequence[Line],
    *,
    x_title: str,
    y_title: str,
    limits: Sequence[Limit] = (),
    band: Band | None = None,
    from_zero: bool = False,
    marks: Sequence[tuple[str, str]] = (),
) -> dict[str, Any]:
    """Lines over months, with levels across and a band behind; the axis keeps the first's order.

    `marks` are places of the axis at which something happened, each with its words.
    """
    places = list(dict.fromkeys(place for line in series for place, _value in line.values))
    names = [line.name for line in series]
    x = alt.X(
        "x:N",
        sort=places,
        scale=alt.Scale(domain=places),
        title=x_title,
        axis=alt.Axis(labelAngle=0),
    )
    scale = alt.Scale(zero=from_zero)
    layers: list[Any] = []
    if band is not None:
        values = [
            {"x": place, "low": float(low), "high": float(high)} for place, low, high in band.values
        ]
        layers.append(
            alt.Chart(alt.Data(values=values))
            .mark_area(color=BAND_COLOUR, opacity=0.25)
            .encode(x=x, y=alt.Y("low:Q", title=y_title, scale=scale), y2="high:Q")
        )
    rows = [
        {"x": place, "y": float(value), "name": line.name, "run": run}
        for line in series
        for run, place, value in _runs(line)
    ]
    drawn = alt.Chart(alt.Data(values=rows))
    colour = alt.Color(
        "name:N", title=None, sort=names, scale=alt.Scale(domain=names, range=_some(PALETTE, names))
    )
    dash = alt.StrokeDash(
        "name:N", title=None, sort=names, scale=alt.Scale(domain=names, range=_some(DASHES, names))
    )
    shape = alt.Shape(
        "name:N", title=None, sort=names, scale=alt.Scale(domain=names, range=_some(SHAPES, names))
    )
    y = alt.Y("y:Q", title=y_title, scale=scale)
    layers.append(
        drawn.mark_line(strokeWidth=2).encode(
            x=x, y=y, color=colour, strokeDash=dash, detail="run:N"
        )
    )
    layers.append(
        drawn.mark_point(size=45, filled=True).encode(x=x, y=y, color=colour, shape=shape)
    )
    layers.extend(_across(limits))
    layers.extend(_upright([one for one in marks if one[0] in places], x))
    return _plain(alt.layer(*layers))


def bars(rows: Sequence[tuple[str, Number, Number | None]], *, value_title: str) -> dict[str, Any]:
    """A bar for each name and, where there is one, a tick at its limit."""
    names = [name for name, _value, _limit in rows]
    values = [
        {"name": name, "value": float(value), "limit": None if limit is None else float(limit)}
        for name, value, limit in rows
    ]
    y = alt.Y("name:N", sort=names, title=None, axis=alt.Axis(labelLimit=140))
    base = alt.Chart(alt.Data(values=values))
    drawn = base.mark_bar(color=PALETTE[0], height={"band": 0.6}).encode(
        x=alt.X("value:Q", title=value_title), y=y
    )
    limits = (
        base.transform_filter("isValid(datum.limit)")
        .mark_tick(color=LIMIT_COLOUR, thickness=3, height={"band": 0.9})
        .encode(x=alt.X("limit:Q", title=value_title), y=y)
    )
    spec = _plain(alt.layer(drawn, limits))
    spec["height"] = {"step": BAR_STEP}
    return spec


def funnel(
    points: Sequence[Point],
    *,
    curves: Sequence[tuple[str, Sequence[tuple[int, Number, Number]]]],
    centre: Limit,
    x_title: str,
    y_title: str,
) -> dict[str, Any]:
    """Rates over the number of cases, between curves in which chance alone would keep them."""
    layers: list[Any] = []
    for place, (_name, limits) in enumerate(curves):
        values = [
            {"x": cases, "low": float(low), "high": float(high)} for cases, low, high in limits
        ]
        edge = alt.Chart(alt.Data(values=values))
        line = edge.mark_line(
            color=REFERENCE_COLOUR, strokeDash=list(DASHES[place + 1]), strokeWidth=1.5
        )
        layers.extend(
            line.encode(x=alt.X("x:Q", title=x_title), y=alt.Y(field, title=y_title))
            for field in ("low:Q", "high:Q")
        )
    rows = [{"x": one.cases, "y": float(one.rate), "name": one.name} for one in points]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("x:Q", title=x_title), y=alt.Y("y:Q", title=y_title, scale=alt.Scale(zero=False))
    )
    layers.append(base.mark_point(size=70, filled=True, color=PALETTE[0]))
    layers.append(base.mark_text(align="left", dx=7, dy=-5, fontSize=SMALL).encode(text="name:N"))
    layers.extend(_across([centre]))
    return _plain(alt.layer(*layers))


def _across(limits: Sequence[Limit]) -> list[Any]:
    """Levels from side to side, each with its name at the right."""
    found: list[Any] = []
    for limit in limits:
        colour = LIMIT_COLOUR if limit.is_bound else REFERENCE_COLOUR
        base = alt.Chart(alt.Data(values=[{"y": float(limit.value), "name": limit.name}]))
        y = alt.Y("y:Q")
        found.append(base.mark_rule(color=colour, strokeDash=[4, 3]).encode(y=y))
        found.append(
            base.mark_text(
                align="right", baseline="bottom", dy=-3, color=colour, fontSize=SMALL
            ).encode(x=alt.value("width"), y=y, text="name:N")
        )
    return found


def _upright(marks: Sequence[tuple[str, str]], x: Any) -> list[Any]:
    """A line from top to bottom at each place where something happened, its words at the top."""
    words: dict[str, list[str]] = {}
    for place, text in marks:
        words.setdefault(place, []).append(text)
    if not words:
        return []
    values = [{"x": place, "name": " · ".join(texts)} for place, texts in words.items()]
    base = alt.Chart(alt.Data(values=values))
    return [
        base.mark_rule(color=REFERENCE_COLOUR, strokeWidth=1.5).encode(x=x),
        base.mark_text(
            align="left", baseline="top", dx=4, color=REFERENCE_COLOUR, fontSize=SMALL
        ).encode(x=x, y=alt.value(0), text="name:N"),
    ]


def _runs(line: Line) -> list[tuple[str, str, Number]]:
    """The values with a mark of the unbroken run they belong to: lines do not cross gaps."""
    found, run = [], 0
    for place, value in line.values:
        if value is None:
            run += 1
        else:
            found.append((f"{line.name}-{run}", place, value))
    return found


def _some(wanted: Sequence[Any], names: Sequence[str]) -> list[Any]:
    return [wanted[place % len(wanted)] for place in range(len(names))]


def _plain(chart: Any) -> dict[str, Any]:
    """The spec without altair's own defaults."""
    spec: dict[str, Any] = chart.to_dict(validate=False)
    spec.pop("config", None)
    return spec
