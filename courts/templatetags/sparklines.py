"""Owns drawing twelve figures as a line: coordinates in a box, nothing of what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import template

from courts.frame.listing import enumerated
from courts.wording import amounts

register = template.Library()

WIDTH, HEIGHT, MARGIN = 96, 24, 3


@dataclass(frozen=True, slots=True)
class Dot:
    """One figure that is there."""

    x: int
    y: int
    month: int


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Lines between neighbouring figures, and a dot at the chosen one."""

    lines: tuple[str, ...]
    dots: tuple[Dot, ...]
    chosen: Dot | None
    text: str
    width: int = WIDTH
    height: int = HEIGHT


@register.simple_tag
def sparkline(series: Sequence[int | None], month: int, places: int = 0) -> Sparkline:
    """The drawing of a year's figures; months without one leave a gap.

    `places` are the decimals that its text writes them with.
    """
    known = [value for value in series if value is not None]
    top = max(known, default=0) or 1
    steps = max(len(series) - 1, 1)
    runs: list[list[Dot]] = [[]]
    for index, value in enumerate(series):
        if value is None:
            runs.append([])
            continue
        x = MARGIN + (WIDTH - 2 * MARGIN) * index // steps
        y = HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * value // top
        runs[-1].append(Dot(x, y, index + 1))
    dots = tuple(dot for run in runs for dot in run)
    return Sparkline(
        lines=tuple(" ".join(f"{d.x},{d.y}" for d in run) for run in runs if len(run) > 1),
        dots=tuple(run[0] for run in runs if len(run) == 1),
        chosen=next((dot for dot in dots if dot.month == month), None),
        text=enumerated(amounts.figure_text(value, places) or "—" for value in series),
    )
