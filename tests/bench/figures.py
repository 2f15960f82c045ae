"""A made year of one prefecture with thousands of courts: fixed seed, consistent with every check.

Figures are arrays of months × courts, year to date; the facts for the engine are made from them.
Court 0 is the intermediate one. Every second court has figures for each month of the year before,
the others for its December alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring import Ballots, CourtFacts, Level, Month

Array = NDArray[np.int64]
Figures = dict[str, Array]

MONTHS = 12
TARGETS = {"L2.1": "3.5", "L3.1": "88", "L4.1": "0.35", "L5.1": "1.25"}


class Year(NamedTuple):
    """Figures by metric, months × courts; `ballots` are count and sum of points, by court."""

    current: Figures
    baseline: Figures
    ballots: tuple[Array, Array]

    @property
    def courts(self) -> int:
        return int(self.ballots[0].shape[0])

    @property
    def has_months(self) -> NDArray[np.bool_]:
        """Which courts reported every month of the year before."""
        return np.arange(self.courts) % 2 == 0


def made(courts: int, seed: int) -> Year:
    random = np.random.default_rng(seed)
    size = random.integers(1, 40, courts)
    count = random.integers(5, 12, courts)
    ballots = (count, random.integers(0, 12, courts) * count + random.integers(0, 5, courts))
    return Year(_figures(random, size), _litigation(random, size), ballots)


def _figures(random: np.random.Generator, size: Array) -> Figures:
    return _litigation(random, size) | _enforcement(random, size)


def _part(random: np.random.Generator, whole: Array, low: float, high: float) -> Array:
    """Of each month's cases some, by a chance of the court's own."""
    return random.binomial(whole, random.uniform(low, high, whole.shape[1]))


def _to_date(months: Mapping[str, Array]) -> Figures:
    return {code: np.cumsum(array, axis=0) for code, array in months.items()}


def _litigation(random: np.random.Generator, size: Array) -> Figures:
    first_instance = random.poisson(size * 8, (MONTHS, size.shape[0]))
    effective = random.poisson(size * 6, first_instance.shape)
    filed = _part(random, first_instance, 0.05, 0.2)
    received = _part(random, effective, 0.002, 0.03)
    closed = _part(random, received, 0.6, 1.0)
    decided = _part(random, closed, 0.0, 0.4)
    escalated = _part(random, closed - decided, 0.0, 0.2)
    directed = _part(random, closed - decided - escalated, 0.0, 0.1)
    designated = _part(random, closed - decided - escalated - directed, 0.0, 0.05)
    again = decided + escalated + directed + designated
    revised = _part(random, again, 0.0, 0.5)
    appeal_revised = _part(random, filed, 0.05, 0.3)
    months = {
        "appeal_revised": appeal_revised,
        "appeal_remanded": _part(random, filed - appeal_revised, 0.0, 0.1),
        "retrial_revised": revised,
        "retrial_remanded": _part(random, again - revised, 0.0, 0.3),
        "retrial_directed": directed,
        "retrial_decided": decided,
        "retrial_escalated": escalated,
        "retrial_designated": designated,
        "appeals_filed": filed,
        "retrial_petitions_received": received,
        "retrial_petitions_closed": closed,
        "first_instance_closed": first_instance,
        "effective_judgments": effective,
    }
    return _to_date(months)


def _enforcement(random: np.random.Generator, size: Array) -> Figures:
    shape = (MONTHS, size.shape[0])
    closed = random.poisson(size * 5, shape)
    actually = _part(random, closed, 0.5, 0.85)
    fully = _part(random, actually, 0.3, 0.7)
    in_time = _part(random, actually, 0.75, 1.0)
    petitions = random.poisson(size / 20, shape)
    checked = random.poisson(size / 10, shape)
    base, due = random.poisson(size * 3, shape), random.poisson(size / 15, shape)
    listed, resumed = random.poisson(size, shape), random.poisson(size / 2, shape)
    days = random.integers(120, 190, size.shape[0])
    months = {
        "enforcement_received": closed + _part(random, closed, 0.0, 0.3),
        "enforcement_closed": closed,
        "actually_closed": actually,
        "fully_enforced": fully,
        "procedure_terminated": closed - actually,
        "enforcement_terminated": _part(random, actually - fully, 0.5, 1.0),
        "actually_closed_in_time": in_time,
        "closed_in_time": in_time + _part(random, closed - actually, 0.3, 1.0),
        "closing_days": closed * days,
        "enforcement_petitions_received": petitions,
        "enforcement_petitions_closed": _part(random, petitions, 0.7, 1.0),
        "procedure_terminated_checked": checked,
        "procedure_terminated_qualified": _part(random, checked, 0.8, 1.0),
        "preservation_base": base,
        "preservation_cases": _part(random, base, 0.2, 0.45),
        "supervised_matters_due": due,
        "supervised_matters_in_time": _part(random, due, 0.7, 1.0),
        "defaulters_listed": listed,
        "defaulters_revoked": _part(random, listed, 0.3, 0.5),
        "resumed_cases": resumed,
        "resumed_fully_enforced": _part(random, resumed, 0.35, 0.7),
    }
    return _to_date(months) | _stocks(random, size, shape)


def _stocks(random: np.random.Generator, size: Array, shape: tuple[int, int]) -> Figures:
    staff = np.broadcast_to(20 + size * 4, shape)
    posts = np.broadcast_to(2 + size // 3, shape)
    trial = np.broadcast_to(5 + size, shape)
    return {
        "enforcement_carried_over": np.broadcast_to(random.integers(0, 40, shape[1]), shape),
        "open_past_limit": random.poisson(size / 3, shape),
        "court_staff": staff,
        "enforcement_staff": random.binomial(staff, 0.16),
        "enforcement_established_staff": posts,
        "enforcement_quota_judges": random.binomial(posts, 0.4),
        "trial_established_staff": trial,
        "trial_quota_judges": random.binomial(trial, 0.4),
    }


def facts(year: Year, month: int) -> list[CourtFacts]:
    """What the engine is given for one month, 1 to 12."""
    current = _by_court(year.current, month)
    same_month = _by_court(year.baseline, month)
    annual = _by_court(year.baseline, MONTHS)
    targets = {item: Decimal(text) for item, text in TARGETS.items()}
    counts, sums = (array.tolist() for array in year.ballots)
    return [
        CourtFacts(
            court=f"court{number}",
            level=Level.GRASSROOTS if number else Level.INTERMEDIATE,
            current=current[number],
            baseline_month=same_month[number] if has_months else {},
            baseline_annual=annual[number],
            targets=targets,
            ballots=Ballots(counts[number], Fraction(sums[number])),
        )
        for number, has_months in enumerate(year.has_months.tolist())
    ]


def _by_court(figures: Figures, month: int) -> list[dict[str, int]]:
    columns = [array[month - 1].tolist() for array in figures.values()]
    return [dict(zip(figures, row, strict=True)) for row in zip(*columns, strict=True)]


def floats(year: Year) -> Any:
    """The same figures as NumPy counts without a thought of it: in floats."""

    def of(figures: Figures) -> dict[str, NDArray[np.float64]]:
        return {code: array.astype(np.float64) for code, array in figures.items()}

    count, points = year.ballots
    ballots = (count.astype(np.float64), points.astype(np.float64))
    return year._replace(current=of(year.current), baseline=of(year.baseline), ballots=ballots)  # type: ignore[arg-type]


def month_of(number: int) -> Month:
    return Month(2019, number)
