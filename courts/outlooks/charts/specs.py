"""Owns the shapes of pictures: lines over months, bars against limits, funnels of rates.

Built with altair, returned as plain Vega-Lite. Texts come in the active language. Building takes
altair some ten times as long as all else that a picture needs, so a *shape*, the picture without
its data, is built once a process for the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
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
# Shapes that are kept of each kind: some prefectures' pictures in three languages.
SHAPES_KEPT = 512
# Where data have their place in a shape.
SLOT = "slot"
ROWS, BAND, LEVEL, MARKS = "rows", "band", "level", "marks"


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
    places = tuple(dict.fromkeys(place for line in series for place, _value in line.values))
    words: dict[str, list[str]] = {}
    for place, text in marks:
        if place in places:
            words.setdefault(place, []).append(text)
    shape = _lines(
        str(x_title),
        str(y_title),
        places,
        tuple(line.name for line in series),
        tuple(limit.is_bound for limit in limits),
        has_band=band is not None,
        from_zero=from_zero,
        has_marks=bool(words),
    )
    return _filled(
        shape,
        {
            BAND: [
                {"x": place, "low": float(low), "high": float(high)}
                for place, low, high in (band.values if band else ())
            ],
            ROWS: [
                {"x": place, "y": float(value), "name": line.name, "run": run}
                for line in series
                for run, place, value in _runs(line)
            ],
            **_levels(limits),
            MARKS: [{"x": place, "name": " · ".join(texts)} for place, texts in words.items()],
        },
    )


@lru_cache(maxsize=SHAPES_KEPT)
def _lines(
    x_title: str,
    y_title: str,
    places: tuple[str, ...],
    names: tuple[str, ...],
    bounds: tuple[bool, ...],
    *,
    has_band: bool,
    from_zero: bool,
    has_marks: bool,
) -> Mapping[str, Any]:
    x = alt.X(
        "x:N",
        sort=list(places),
        scale=alt.Scale(domain=list(places)),
        title=x_title,
        axis=alt.Axis(labelAngle=0),
    )
    scale = alt.Scale(zero=from_zero)
    layers: list[Any] = []
    if has_band:
        layers.append(
            alt.Chart(_data(BAND))
            .mark_area(color=BAND_COLOUR, opacity=0.25)
            .encode(x=x, y=alt.Y("low:Q", title=y_title, scale=scale), y2="high:Q")
        )
    drawn = alt.Chart(_data(ROWS))
    sort = list(names)
    colour = alt.Color(
        "name:N", title=None, sort=sort, scale=alt.Scale(domain=sort, range=_some(PALETTE, names))
    )
    dash = alt.StrokeDash(
        "name:N", title=None, sort=sort, scale=alt.Scale(domain=sort, range=_some(DASHES, names))
    )
    shape = alt.Shape(
        "name:N", title=None, sort=sort, scale=alt.Scale(domain=sort, range=_some(SHAPES, names))
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
    layers.extend(_across(bounds))
    if has_marks:
        layers.extend(_upright(x))
    return _plain(alt.layer(*layers))


def bars(rows: Sequence[tuple[str, Number, Number | None]], *, value_title: str) -> dict[str, Any]:
    """A bar for each name and, where there is one, a tick at its limit."""
    values = [
        {"name": name, "value": float(value), "limit": None if limit is None else float(limit)}
        for name, value, limit in rows
    ]
    return _filled(_bars(str(value_title), tuple(row[0] for row in rows)), {ROWS: values})


@lru_cache(maxsize=SHAPES_KEPT)
def _bars(value_title: str, names: tuple[str, ...]) -> Mapping[str, Any]:
    y = alt.Y("name:N", sort=list(names), title=None, axis=alt.Axis(labelLimit=140))
    base = alt.Chart(_data(ROWS))
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
    shape = _funnel(str(x_title), str(y_title), len(curves), centre.is_bound)
    edges = {
        f"{BAND}{place}": [
            {"x": cases, "low": float(low), "high": float(high)} for cases, low, high in limits
        ]
        for place, (_name, limits) in enumerate(curves)
    }
    rows = [{"x": one.cases, "y": float(one.rate), "name": one.name} for one in points]
    return _filled(shape, {**edges, ROWS: rows, **_levels([centre])})


@lru_cache(maxsize=SHAPES_KEPT)
def _funnel(x_title: str, y_title: str, curves: int, is_bound: bool) -> Mapping[str, Any]:
    layers: list[Any] = []
    for place in range(curves):
        line = alt.Chart(_data(f"{BAND}{place}")).mark_line(
            color=REFERENCE_COLOUR, strokeDash=list(DASHES[place + 1]), strokeWidth=1.5
        )
        layers.extend(
            line.encode(x=alt.X("x:Q", title=x_title), y=alt.Y(field, title=y_title))
            for field in ("low:Q", "high:Q")
        )
    base = alt.Chart(_data(ROWS)).encode(
        x=alt.X("x:Q", title=x_title), y=alt.Y("y:Q", title=y_title, scale=alt.Scale(zero=False))
    )
    layers.append(base.mark_point(size=70, filled=True, color=PALETTE[0]))
    layers.append(base.mark_text(align="left", dx=7, dy=-5, fontSize=SMALL).encode(text="name:N"))
    layers.extend(_across((is_bound,)))
    return _plain(alt.layer(*layers))


def _levels(limits: Sequence[Limit]) -> dict[str, list[dict[str, Any]]]:
    return {
        f"{LEVEL}{place}": [{"y": float(limit.value), "name": limit.name}]
        for place, limit in enumerate(limits)
    }


def _across(bounds: Sequence[bool]) -> list[Any]:
    """Levels from side to side, each with its name at the right."""
    found: list[Any] = []
    for place, is_bound in enumerate(bounds):
        colour = LIMIT_COLOUR if is_bound else REFERENCE_COLOUR
        base = alt.Chart(_data(f"{LEVEL}{place}"))
        y = alt.Y("y:Q")
        found.append(base.mark_rule(color=colour, strokeDash=[4, 3]).encode(y=y))
        found.append(
            base.mark_text(
                align="right", baseline="bottom", dy=-3, color=colour, fontSize=SMALL
            ).encode(x=alt.value("width"), y=y, text="name:N")
        )
    return found


def _upright(x: Any) -> list[Any]:
    """A line from top to bottom at each place where something happened, its words at the top."""
    base = alt.Chart(_data(MARKS))
    return [
        base.mark_rule(color=REFERENCE_COLOUR, strokeWidth=1.5).encode(x=x),
        base.mark_text(
            align="left", baseline="top", dx=4, color=REFERENCE_COLOUR, fontSize=SMALL
        ).encode(x=x, y=alt.value(0), text="name:N"),
    ]


def _data(slot: str) -> Any:
    """The place of data in a shape; `_filled` puts them there."""
    return alt.Data(values=[{SLOT: slot}])


def _filled(shape: Any, data: Mapping[str, Any]) -> Any:
    """A shape with its data; the shape itself is kept and stays as it is."""
    if isinstance(shape, dict):
        values = shape.get("values")
        if (
            isinstance(values, list)
            and values
            and isinstance(values[0], dict)
            and SLOT in values[0]
        ):
            return {**shape, "values": data[values[0][SLOT]]}
        return {key: _filled(value, data) for key, value in shape.items()}
    if isinstance(shape, list):
        return [_filled(value, data) for value in shape]
    return shape


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
