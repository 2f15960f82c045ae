"""Whether an indicator really moved after something was done about it, or only varies (XmR).

The limits of usual variation are those of the months before; the months after are held against
them. Nothing here says why a value moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from scoring import xmr
from scoring.schema import Direction


class Outcome(StrEnum):
    """What the months after say, against those before.

    `FEW_BEFORE`: too few months for limits. `NONE_AFTER`: no month yet. `NOISE`: all within usual
    variation. `BETTER`, `WORSE`: the last unusual month lies on the good or the bad side.
    """

    FEW_BEFORE = "few_before"
    NONE_AFTER = "none_after"
    NOISE = "noise"
    BETTER = "better"
    WORSE = "worse"


class Effect(NamedTuple):
    """The outcome, the limits of the months before, and the mean of those after.

    `unusual` are the places, among the months after, of those outside usual variation.
    """

    outcome: Outcome
    limits: xmr.Limits | None
    mean_after: Fraction | None
    unusual: tuple[int, ...]


def effect(before: Sequence[Fraction], after: Sequence[Fraction], better: Direction) -> Effect:
    """Hold single months after an action against those before it, in their order.

    A month is unusual outside the limits, or as the end of
    `xmr.RUN` months on one side of the mean.
    `better` is `AT_LEAST` where more is good.
    """
    held = xmr.limits(before)
    mean = sum(after, Fraction(0)) / len(after) if after else None
    if held is None:
        return Effect(Outcome.FEW_BEFORE, None, mean, ())
    if not after:
        return Effect(Outcome.NONE_AFTER, held, None, ())
    unusual = tuple(
        place
        for place, value in enumerate(after)
        if not held.low <= value <= held.high or _ends_run([*before, *after[: place + 1]], held)
    )
    if not unusual:
        return Effect(Outcome.NOISE, held, mean, ())
    is_higher = after[unusual[-1]] > held.mean
    good = is_higher is (better is Direction.AT_LEAST)
    return Effect(Outcome.BETTER if good else Outcome.WORSE, held, mean, unusual)


def _ends_run(values: Sequence[Fraction], held: xmr.Limits) -> bool:
    """Whether the last months all lie on one side of the mean of those before the action."""
    last = values[-xmr.RUN :]
    return len(last) == xmr.RUN and (
        all(one > held.mean for one in last) or all(one < held.mean for one in last)
    )
