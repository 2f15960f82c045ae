"""Years of courts of the annexes' sizes, and how they may go; nothing here knows an estimate.

Every count of annex 2 and 3 comes at a rate of its own. In each of the two years its months differ
by a season all courts share and by a tenth by chance; this year's rate differs from last year's by
a drift or the fall that the notice asks for. Cases come one by one (Poisson).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring import CourtFacts
from scoring.seasons import Profile
from tests.scoring import annexes

MONTHS = 12
VARIATION = 0.1
EVEN = np.ones(MONTHS)
# The spring festival, a slow summer, and nothing much at the end.
SEASON = np.array([0.9, 0.6, 1.1, 1.2, 1.2, 1.1, 0.9, 0.8, 1.1, 1.0, 1.1, 1.0])
RUSH = np.array([0.8, 0.7, 0.9, 0.9, 0.9, 1.0, 0.9, 0.9, 1.0, 1.0, 1.3, 1.7])


class Course(NamedTuple):
    """How a year goes. `drift` is how far a rate moves at most, up or down; `fall` what all lose
    evenly, `gradual` what they lose more and more of. `profile` is what an office has set."""

    name: str
    months: NDArray[np.float64]
    drift: float = 0.0
    fall: float = 0.0
    gradual: float = 0.0
    profile: Profile | None = None


def thousandths(months: NDArray[np.float64]) -> Profile:
    """A profile as an office would set it, to about a hundredth."""
    return tuple(round(one * 10) * 10 for one in 100 * months / months.sum())


COURSES = (
    Course("flat", EVEN),
    Course("seasonal", SEASON),
    Course("rush", RUSH, profile=thousandths(RUSH)),
    Course("drift 10 %", EVEN, drift=0.1),
    Course("drift 20 %", SEASON, drift=0.2),
    Course("drift 30 %", EVEN, drift=0.3),
    Course("falling as asked", EVEN, fall=0.1),
)
# What no figure of the past can tell: printed, and no goal.
UNFORESEEN = (
    Course("rush no office told of", RUSH),
    Course("falling more and more", SEASON, gradual=0.2),
)


class CourtYear(NamedTuple):
    """Year-to-date counts by metric and month, January first, last year's and this one's.

    `expected` are this year's without the chance by which cases come.
    """

    court: str
    last: dict[str, NDArray[np.int64]]
    now: dict[str, NDArray[np.int64]]
    expected: dict[str, NDArray[np.float64]]

    def facts(self, month: int, *, knows_months: bool) -> CourtFacts:
        """What is known by the end of a month, 1 to 12."""
        return annexes.facts(
            self.court,
            current={code: int(cases[month - 1]) for code, cases in self.now.items()},
            baseline_annual={code: int(cases[-1]) for code, cases in self.last.items()},
            baseline_month={code: int(cases[month - 1]) for code, cases in self.last.items()}
            if knows_months
            else {},
        )


def court_years(course: Course, random: np.random.Generator) -> list[CourtYear]:
    """One prefecture in one year."""
    return [_court_year(court, course, random) for court in annexes.YEAR_2018]


def _court_year(court: str, course: Course, random: np.random.Generator) -> CourtYear:
    year = CourtYear(court, {}, {}, {})
    lost = 1.0 - course.gradual * np.arange(MONTHS) / (MONTHS - 1)
    shares = course.months / course.months.sum()
    for code, size in annexes.figures(court).items():
        growth = (1.0 - course.fall) * random.uniform(1 - course.drift, 1 + course.drift)
        year.last[code] = np.cumsum(random.poisson(_varied(size * shares, random)))
        months = _varied(growth * size * shares * lost, random)
        year.expected[code] = np.cumsum(months)
        year.now[code] = np.cumsum(random.poisson(months))
    return year


def _varied(months: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """Every month by chance a tenth more or less than it would be."""
    return months * random.gamma(VARIATION**-2, VARIATION**2, MONTHS)


class Closing(NamedTuple):
    """A court's enforcement cases closed by month, year to date, and their days in all."""

    closed: NDArray[np.int64]
    days: NDArray[np.float64]


def closing(size: int, random: np.random.Generator) -> Closing:
    """A year of about `size` cases closed: each takes 150 days, some four weeks and some a year.

    What is usual moves by some percent from month to month, as the cases that come due do.
    """
    closed = random.poisson(_varied(size * EVEN / MONTHS, random))
    usual = 150.0 * random.gamma(400.0, 1 / 400.0, MONTHS)
    days = [
        random.gamma(1.6, each / 1.6, count).sum()
        for each, count in zip(usual, closed, strict=True)
    ]
    return Closing(np.cumsum(closed), np.cumsum(np.round(days)))
