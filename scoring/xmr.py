"""Whether single values move by more than their usual variation (XmR charts).

The limits are the mean of the values and 2.66 times the mean of their moving ranges; under
`SETTLED` values they are on trial and move with each value, after that the first ones hold.
Meeting a target is another question, answered apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

SETTLED = 12
FEWEST = 4
# 3 / 1.128: three standard deviations, estimated from the mean distance of two neighbours.
SPREAD = Fraction(266, 100)
RUN = 8


class Sign(StrEnum):
    """What about a value is unusual."""

    OUTSIDE = "outside"
    RUN = "run"


class Limits(NamedTuple):
    """Mean and limits of usual variation, in the unit of the values.

    `on_trial` says that there are few values yet.
    """

    mean: Fraction
    low: Fraction
    high: Fraction
    on_trial: bool


class Read(NamedTuple):
    """A value, whether it is unusual, and whether it meets the target (None: there is none)."""

    value: Fraction
    sign: Sign | None
    meets: bool | None


def limits(values: Sequence[Fraction]) -> Limits | None:
    """The limits that the values set; None for fewer than `FEWEST`."""
    if len(values) < FEWEST:
        return None
    held = values[:SETTLED]
    mean = sum(held, Fraction(0)) / len(held)
    ranges = [abs(after - before) for before, after in pairwise(held)]
    reach = SPREAD * sum(ranges, Fraction(0)) / len(ranges)
    return Limits(mean, mean - reach, mean + reach, len(values) < SETTLED)


def read(
    values: Sequence[Fraction], target: Fraction | None = None, *, at_least: bool = True
) -> tuple[Read, ...]:
    """Every value with its sign: outside the limits, or the end of a `RUN` on one side of the mean.

    `target` is held against each value by itself, whatever its sign.
    """
    found = limits(values)
    return tuple(
        Read(
            value=value,
            sign=None if found is None else _sign(values[: place + 1], found),
            meets=None if target is None else (value >= target if at_least else value <= target),
        )
        for place, value in enumerate(values)
    )


def _sign(values: Sequence[Fraction], found: Limits) -> Sign | None:
    value, last = values[-1], values[-RUN:]
    if not found.low <= value <= found.high:
        return Sign.OUTSIDE
    above = all(one > found.mean for one in last)
    below = all(one < found.mean for one in last)
    return Sign.RUN if len(last) == RUN and (above or below) else None
