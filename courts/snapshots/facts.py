"""The facts of a court as a snapshot holds them, both ways; and those of one side alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from courts.snapshots.canonical import SnapshotError, integer, record, text
from scoring.facts import Assessed, Ballots, CourtFacts, Decision, Month, Replaced
from scoring.schema import LARGEST_AMOUNT, Level, Rulebook

# Longer numbers come from nobody's file; they would only take time.
_DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,8})?", re.ASCII)
_FRACTION = re.compile(r"[0-9]{1,15}(/[1-9][0-9]{0,11})?", re.ASCII)
MOST_BALLOTS = 10**12
PERIODS = ("current", "baseline_month", "baseline_annual")


def as_json(facts: CourtFacts) -> dict[str, Any]:
    """All that `CourtFacts` holds besides the court's name and level.

    `assessed` stands there only where an office gave points: few schemes have such items.
    """
    ballots = facts.ballots
    assessed = {
        item: {"points": f"{one.points:f}", "reference": one.reference}
        for item, one in facts.assessed.items()
    }
    return {
        "current": dict(facts.current),
        "baseline_month": dict(facts.baseline_month),
        "baseline_annual": dict(facts.baseline_annual),
        "targets": {item: f"{percent:f}" for item, percent in facts.targets.items()},
        "ballots": None
        if ballots is None
        else {"count": ballots.count, "points": str(ballots.points)},
        "decisions": {
            item: {"points": f"{one.points:f}", "reference": one.reference}
            for item, one in facts.decisions.items()
        },
        "replaced": {
            month: {metric: one._asdict() for metric, one in metrics.items()}
            for month, metrics in facts.replaced.items()
        },
        **({"assessed": assessed} if assessed else {}),
    }


def from_json(court: str, level: str, data: Any, levels: Collection[Level]) -> CourtFacts:
    """The facts of a court; `SnapshotError` for values of another kind.

    `levels` are those that the rules know.
    """
    held = record(data, f"facts of {court}", *PERIODS, "targets", "ballots", "decisions")
    known_level = next((known for known in levels if known == level), None)
    if known_level is None:
        raise SnapshotError("shape", f"{court} has no known level")
    return CourtFacts(
        court=court,
        level=known_level,
        current=_figures(held["current"], court),
        baseline_month=_figures(held["baseline_month"], court),
        baseline_annual=_figures(held["baseline_annual"], court),
        targets={
            item: decimal(value, f"the target of {item}")
            for item, value in record(held["targets"], "targets").items()
        },
        ballots=_ballots(held["ballots"]),
        decisions={
            item: Decision(*_given(value, "decided points"))
            for item, value in record(held["decisions"], "decisions").items()
        },
        replaced={
            _month(month): {
                metric: _replaced(value) for metric, value in record(metrics, month).items()
            }
            for month, metrics in record(held.get("replaced", {}), "replaced").items()
        },
        assessed={
            item: Assessed(*_given(value, "assessed points"))
            for item, value in record(held.get("assessed", {}), "assessed").items()
        },
    )


def of_sides(facts: CourtFacts, rulebook: Rulebook, sides: Collection[str]) -> CourtFacts:
    """The facts that belong to these sides: their figures, targets, points and decisions."""
    metrics = {code for code, metric in rulebook.metrics.items() if metric.side.value in sides}
    items = {item.code for item in rulebook.items if item.side.value in sides}
    votes = any(item.formula.reads_ballots for item in rulebook.items if item.side.value in sides)

    def kept(figures: Mapping[str, int]) -> dict[str, int]:
        return {code: value for code, value in figures.items() if code in metrics}

    replaced = {
        month: {code: one for code, one in of_month.items() if code in metrics}
        for month, of_month in facts.replaced.items()
    }
    return replace(
        facts,
        current=kept(facts.current),
        baseline_month=kept(facts.baseline_month),
        baseline_annual=kept(facts.baseline_annual),
        targets={item: value for item, value in facts.targets.items() if item in items},
        ballots=facts.ballots if votes else None,
        decisions={item: one for item, one in facts.decisions.items() if item in items},
        replaced={month: metrics for month, metrics in replaced.items() if metrics},
        assessed={item: one for item, one in facts.assessed.items() if item in items},
    )


def laid_over(
    frozen: CourtFacts, live: CourtFacts, rulebook: Rulebook, sides: Collection[str]
) -> CourtFacts:
    """The frozen facts of some sides, with the live ones of the others."""
    others = {share.side.value for share in rulebook.sides} - set(sides)
    rest = of_sides(live, rulebook, others)
    replaced = {
        month: {**rest.replaced.get(month, {}), **frozen.replaced.get(month, {})}
        for month in {**rest.replaced, **frozen.replaced}
    }
    return replace(
        frozen,
        current={**rest.current, **frozen.current},
        baseline_month={**rest.baseline_month, **frozen.baseline_month},
        baseline_annual={**rest.baseline_annual, **frozen.baseline_annual},
        targets={**rest.targets, **frozen.targets},
        ballots=frozen.ballots or rest.ballots,
        decisions={**rest.decisions, **frozen.decisions},
        replaced=replaced,
        assessed={**rest.assessed, **frozen.assessed},
    )


def _figures(data: Any, court: str) -> dict[str, int]:
    found = {}
    for metric, value in record(data, f"figures of {court}").items():
        if not 0 <= integer(value, f"{metric} of {court}") <= LARGEST_AMOUNT:
            raise SnapshotError("shape", f"{metric} of {court} is out of range")
        found[metric] = value
    return found


def decimal(data: Any, what: str) -> Decimal:
    """A decimal number of bounded length from its text."""
    if not _DECIMAL.fullmatch(text(data, what)):
        raise SnapshotError("shape", f"{what} is not a decimal number")
    return Decimal(data)


def _ballots(data: Any) -> Ballots | None:
    if data is None:
        return None
    held = record(data, "ballots", "count", "points")
    points = text(held["points"], "the points of the ballots")
    count = integer(held["count"], "the number of ballots")
    if not _FRACTION.fullmatch(points) or not 1 <= count <= MOST_BALLOTS:
        raise SnapshotError("shape", "ballots have a number and a sum of points")
    return Ballots(count, Fraction(points))


def _given(data: Any, what: str) -> tuple[Decimal, str]:
    """Points and what they refer to."""
    held = record(data, what, "points", "reference")
    return decimal(held["points"], what), text(held["reference"], "a reference")


def _replaced(data: Any) -> Replaced:
    held = record(data, "a replaced figure", "reported", "settled")
    reported, settled = held["reported"], held["settled"]
    if reported is not None:
        integer(reported, "a reported figure")
    if not isinstance(settled, bool):
        raise SnapshotError("shape", "settled is true or false")
    return Replaced(reported, settled)


def _month(data: str) -> str:
    try:
        return str(Month.parse(data))
    except ValueError as error:
        raise SnapshotError("shape", f"{data[:20]!r} is no month") from error
