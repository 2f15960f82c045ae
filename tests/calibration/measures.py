"""How often estimates of made-up court-years came true: coverage, and stated against observed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random
from typing import NamedTuple

import numpy as np

import scoring
from scoring import CourtFacts, Level, Month
from scoring.caps import capped_metrics
from scoring.outlook import known_of, project, year_end_figures, year_ends
from scoring.rank_uncertainty import RankRange, rank_ranges
from scoring.seasons import Season
from tests.calibration.court_years import MONTHS, Course, closing, court_years
from tests.scoring import annexes

RULEBOOK = scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019")
LOOKED_AT = (2, 3, 5, 6, 8, 9, 11)
TENTHS = 10
FEW = 50
# The goals: how often nine-in-ten intervals may hold, and how far off a probability may be.
LOW, HIGH = 0.87, 0.95
NEAR = 0.08
POINT_DRAWS = 100


class Told(NamedTuple):
    """What was told of a sum in a month, and what came."""

    low: int
    high: int
    came: int
    middle: int
    risks: tuple[tuple[float, bool], ...]


class Tenth(NamedTuple):
    """Statements with a probability in one tenth: how many, their mean, and how many came true."""

    cases: int
    stated: float
    observed: float

    @property
    def is_off(self) -> float:
        return abs(self.stated - self.observed)


def told(
    course: Course, years: int, *, knows_months: bool, seed: int, capped_only: bool = False
) -> list[Told]:
    """Everything told of the counts and of the capped sum of `years` made-up prefectures."""
    random = np.random.default_rng(seed)
    return [
        one
        for _year in range(years)
        for one in _told(course, random, knows_months=knows_months, capped_only=capped_only)
    ]


def _told(
    course: Course, random: np.random.Generator, *, knows_months: bool, capped_only: bool
) -> Iterable[Told]:
    years = court_years(course, random)
    capped = capped_metrics(RULEBOOK)
    sums = [capped, *(() if capped_only else ((code,) for code in years[0].now))]
    for number in LOOKED_AT:
        month = Month(RULEBOOK.year, number)
        facts = [one.facts(number, knows_months=knows_months) for one in years]
        season = Season(RULEBOOK, month, facts, course.profile)
        for year, court in zip(years, facts, strict=True):
            for codes in sums:
                if not any(annexes.figures(court.court)[code] for code in codes):
                    continue
                known = known_of(RULEBOOK, season, court, codes)
                assert known is not None
                came = int(sum(year.now[code][-1] for code in codes))
                # The cap of annex 2, and others around it so that every tenth is seen.
                last = known.last_year or 0
                caps = [int(last * part) for part in (0.8, 0.9, 1.0)] if codes == capped else [None]
                found = [project(season, known, cap) for cap in caps]
                risks = tuple(
                    (one.risk, came > cap)
                    for one, cap in zip(found, caps, strict=True)
                    if one.risk is not None and cap is not None
                )
                yield Told(found[0].low, found[0].high, came, found[0].middle, risks)


class Ended(NamedTuple):
    """A court at the end of a year: what was told early, and what came; None where no rank did."""

    low: float
    high: float
    expected: float
    came: float
    holds_rank: bool | None = None


def ended(course: Course, years: int, number: int, *, seed: int) -> list[Ended]:
    """The totals of `years` made-up prefectures as told after a month, without last year's months.

    The annexes have figures of the litigation items against last year alone: the others are none.
    """
    random, found = np.random.default_rng(seed), list[Ended]()
    for _year in range(years):
        made = court_years(course, random)
        facts = [one.facts(number, knows_months=False) for one in made]
        month = Month(RULEBOOK.year, number)
        ends = year_ends(RULEBOOK, month, facts, draws=POINT_DRAWS, profile=course.profile)
        board = scoring.score(
            RULEBOOK,
            Month(RULEBOOK.year, MONTHS),
            [one.facts(MONTHS, knows_months=True) for one in made],
        )
        for end in ends:
            low, high, mean = end.total.low, end.total.high, end.total.mean
            card = board.court(end.court)
            rank = None if end.ranks is None or card.rank is None else (*end.ranks, card.rank)
            held = None if rank is None else rank[0] <= rank[2] <= rank[1]
            found.append(Ended(low, high, mean, float(card.total), held))
    return found


def ranked(course: Course, years: int, number: int, seed: int) -> list[tuple[RankRange, int]]:
    """The rank ranges after a month, each with the rank that the courts' rates would give."""
    random, found = np.random.default_rng(seed), list[tuple[RankRange, int]]()
    month = Month(RULEBOOK.year, number)
    for _year in range(years):
        made = court_years(course, random)
        facts = [one.facts(number, knows_months=True) for one in made]
        without_chance = [
            replace(
                court,
                current={c: round(cases[number - 1]) for c, cases in one.expected.items()},
            )
            for court, one in zip(facts, made, strict=True)
        ]
        board = scoring.score(RULEBOOK, month, without_chance)
        for one in rank_ranges(RULEBOOK, month, facts, draws=POINT_DRAWS):
            rank = board.court(one.court).rank
            assert rank is not None
            found.append((one, rank))
    return found


def days_told(sizes: Sequence[int], years: int, *, seed: int) -> list[Ended]:
    """The days a case takes at the end of the year (Q7), as told after every month looked at."""
    random, found = np.random.default_rng(seed), list[Ended]()
    for size in [size for size in sizes for _year in range(years)]:
        year = closing(size, random)
        for number in LOOKED_AT:
            now = {
                "enforcement_closed": int(year.closed[number - 1]),
                "closing_days": int(year.days[number - 1]),
                "enforcement_carried_over": 2 * size,
                "enforcement_received": size,
            }
            facts = CourtFacts("made", Level.GRASSROOTS, current=now)
            season = Season(RULEBOOK, Month(RULEBOOK.year, number), [facts])
            draws = Random(int(random.integers(2**32)))
            drawn = [
                year_end_figures(RULEBOOK, season, facts, draws) for _draw in range(POINT_DRAWS)
            ]
            each = sorted(one["closing_days"] / one["enforcement_closed"] for one in drawn)
            cut = POINT_DRAWS // 20
            came = year.days[-1] / year.closed[-1]
            found.append(Ended(each[cut], each[-1 - cut], sum(each) / len(each), float(came)))
    return found


def covered(found: Sequence[Ended]) -> float:
    """The share of the intervals that held what came."""
    return sum(one.low <= one.came <= one.high for one in found) / len(found)


def coverage(found: Sequence[Told]) -> float:
    """The share of the intervals that held what came."""
    held = sum(one.low <= one.came <= one.high for one in found)
    return held / len(found)


def tenths(stated: Iterable[tuple[float, bool]]) -> list[Tenth]:
    """Stated against observed, by tenths of what was stated."""
    rows: list[list[tuple[float, bool]]] = [[] for _tenth in range(TENTHS)]
    for chance, came in stated:
        rows[min(int(chance * TENTHS), TENTHS - 1)].append((chance, came))
    return [
        Tenth(
            len(row),
            sum(chance for chance, _came in row) / len(row),
            sum(c for _x, c in row) / len(row),
        )
        if row
        else Tenth(0, 0.0, 0.0)
        for row in rows
    ]


def furthest(rows: Iterable[Tenth]) -> float:
    """The largest distance between stated and observed, of tenths with enough cases (0 to 1)."""
    return max(row.is_off for row in rows if row.cases >= FEW)
