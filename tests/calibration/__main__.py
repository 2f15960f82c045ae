"""`make calibrate`: how often the estimates keep their word, in made-up court-years.

Goals: nine-in-ten intervals hold 87 to 95 % of what comes, in each course of a year, and what is
stated as a probability comes true within eight points, in every tenth with 50 cases or more. Who
makes a forecast knows last year's months or does not, but never the course: a fall and a slow start
look alike. So statements are held against what came over all courses together, apart for either
knowledge; those of each course are printed beside it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scoring.outlook import MEASURED, Calibration
from scoring.rank_uncertainty import RankRange
from tests.calibration.court_years import COURSES, UNFORESEEN, Course
from tests.calibration.measures import (
    FEW,
    HIGH,
    LOW,
    NEAR,
    Tenth,
    coverage,
    covered,
    days_told,
    ended,
    furthest,
    ranked,
    tenths,
    told,
)

# None that the estimates were tuned on.
SEED = 2026
YEARS = 12
# Few courts are capped near what comes, so more years are made up for them.
MORE = 20
SIZES = (60, 300, 1500)
MONTHS_RANKED = (2, 6, 11)


def say(line: str) -> None:
    """Print a line at once: all of it takes minutes."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Counted(NamedTuple):
    """What was measured of counts: intervals by course, and the largest distance of any tenth."""

    shares: list[Calibration]
    off: float


def _print_counts(courses: Sequence[Course], years: int, seed: int) -> Counted:
    shares, off = [], 0.0
    for knows_months in (True, False):
        known = "with months" if knows_months else "without"
        risks: list[tuple[float, bool]] = []
        for course in courses:
            found = told(course, years, knows_months=knows_months, seed=seed)
            share = coverage(found)
            shares.append(Calibration(len(found), round(share * len(found))))
            more = told(
                course, MORE * years, knows_months=knows_months, seed=seed + 1, capped_only=True
            )
            own = [risk for one in (*found, *more) for risk in one.risks]
            risks += own
            say(
                f"{course.name:23} {known:12} {100 * share:5.1f} % {_goal(share)}  "
                f"{_off(tenths(own))}"
            )
        say(f"{'all of them':23} {known:12}          {_off(tenths(risks))}")
        off = max(off, furthest(tenths(risks)))
    return Counted(shares, off)


def _write(found: Counted) -> None:
    """What the pages tell of it."""
    each = [one.held / one.tried for one in found.shares]
    MEASURED.write_text(
        "# How many intervals of made-up court-years held what came, and how far a stated risk is\n"
        "# off at most. Written by “make calibrate”.\n"
        f"tried = {sum(one.tried for one in found.shares)}\n"
        f"held = {sum(one.held for one in found.shares)}\n"
        f"least = {min(each):.3f}\n"
        f"most = {max(each):.3f}\n"
        f"off = {found.off:.3f}\n",
        encoding="utf-8",
    )


def _goal(share: float) -> str:
    return " " if LOW <= share <= HIGH else "!"


def _off(rows: Sequence[Tenth]) -> str:
    """Stated less observed, in points, of every tenth with enough cases."""
    cells = []
    for row in rows:
        sign = "!" if row.cases >= FEW and row.is_off > NEAR else " "
        cells.append(
            "    -" if row.cases < FEW else f"{100 * (row.stated - row.observed):+4.0f}{sign}"
        )
    return "".join(cells)


def _print_points(years: int, seed: int) -> None:
    for course in COURSES:
        for month in (3, 9):
            found = ended(course, years, month, seed=seed)
            share = covered(found)
            error = sum(one.expected - one.came for one in found) / len(found)
            ranks = [one.holds_rank for one in found if one.holds_rank is not None]
            say(
                f"{course.name:23} month {month}  {100 * share:5.1f} % {_goal(share)}  "
                f"{error:+5.2f}  ranks {100 * sum(ranks) / len(ranks):5.1f} %"
            )


def _print_ranks(years: int, seed: int) -> None:
    stated: list[tuple[float, bool]] = []
    for course in COURSES:
        found = [one for number in MONTHS_RANKED for one in ranked(course, years, number, seed)]
        share = sum(one.low <= rank <= one.high for one, rank in found) / len(found)
        own = list(_chances(found))
        stated += own
        say(f"{course.name:23} {100 * share:5.1f} % {_goal(share)}  {_off(tenths(own))}")
    say(f"{'all of them':23}          {_off(tenths(stated))}")


def _chances(found: Iterable[tuple[RankRange, int]]) -> Iterable[tuple[float, bool]]:
    return (
        (chance, number == rank) for one, rank in found for number, chance in one.shares.items()
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print every measure; what pages tell is kept where as many years were made up as usual."""
    parser = argparse.ArgumentParser(prog="python -m tests.calibration")
    parser.add_argument("years", nargs="?", type=int, default=YEARS, help="prefectures of a kind")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args(arguments)
    years, seed = options.years, options.seed
    say("Counts and the capped sum: coverage; risk to pass a cap, stated less observed by tenths")
    counted = _print_counts(COURSES, years, seed)
    if years >= YEARS and seed == SEED:
        _write(counted)
    say("What no figure of the past tells (no goal)")
    _print_counts(UNFORESEEN, years, seed)
    say("Days a case at the end of the year (Q7)")
    share = covered(days_told(SIZES, 4 * years, seed=seed))
    say(f"{100 * share:5.1f} % {_goal(share)}")
    say("The end of the year: coverage of points, expected less come in points, coverage of ranks")
    _print_points(years, seed)
    say("Ranks of a month: coverage, and the probability of a rank, stated less observed by tenths")
    _print_ranks(years, seed)


if __name__ == "__main__":
    main()
