"""`make calibrate`: how often the estimates keep their word, in made-up court-years.

Goals: nine-in-ten intervals hold 87 to 95 % of what comes, in each course of a year, and what is
stated as a probability comes true within eight points, in every tenth with 50 cases or more.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from scoring.outlook import MEASURED, Calibration
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
    ranked,
    tenths,
    told,
)

SEED = 2019
SIZES = (60, 300, 1500)


def say(line: str) -> None:
    """Print a line at once: all of it takes minutes."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _print_counts(courses: Sequence[Course], years: int) -> list[Calibration]:
    shares = []
    for course in courses:
        for knows_months in (True, False):
            found = told(course, years, knows_months=knows_months, seed=SEED)
            share = coverage(found)
            shares.append(Calibration(len(found), round(share * len(found))))
            # Only few courts are capped near what comes, so more years are made up for them.
            more = told(
                course, 3 * years, knows_months=knows_months, seed=SEED + 1, capped_only=True
            )
            rows = tenths(risk for one in (*found, *more) for risk in one.risks)
            known = "with months" if knows_months else "without"
            say(
                f"{course.name:23} {known:12} {100 * share:5.1f} % {_goal(share)}  {_off(rows)}",
            )
    return shares


def _write(shares: Sequence[Calibration]) -> None:
    """What the pages tell of it."""
    each = [one.held / one.tried for one in shares]
    MEASURED.write_text(
        "# How many intervals of made-up court-years held what came. Written by “make calibrate”.\n"
        f"tried = {sum(one.tried for one in shares)}\n"
        f"held = {sum(one.held for one in shares)}\n"
        f"least = {min(each):.3f}\n"
        f"most = {max(each):.3f}\n",
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


def main(years: int) -> None:
    """Print every measure; `years` is how many prefectures are made up of each kind."""
    say("Counts and the capped sum: coverage; risk to pass a cap, stated less observed by tenths")
    _write(_print_counts(COURSES, years))
    say("What no figure of the past tells (no goal)")
    _print_counts(UNFORESEEN, years)
    say("Days a case at the end of the year (Q7)")
    share = covered(days_told(SIZES, 4 * years, seed=SEED))
    say(f"{100 * share:5.1f} % {_goal(share)}")
    say("Points at the end of the year: coverage, and expected less come, in points")
    for course in COURSES:
        for month in (3, 9):
            found = ended(course, max(1, years // 3), month, seed=SEED)
            share = covered(found)
            error = sum(one.expected - one.came for one in found) / len(found)
            say(f"{course.name:23} month {month}  {100 * share:5.1f} %  {error:+5.2f}")
    say("Ranks in June: coverage, and the probability of a rank, stated less observed by tenths")
    for course in COURSES:
        ranges = ranked(course, max(1, years // 3), 6, seed=SEED)
        share = sum(one.low <= rank <= one.high for one, rank in ranges) / len(ranges)
        rows = tenths(
            (chance, number == rank)
            for one, rank in ranges
            for number, chance in one.shares.items()
        )
        say(f"{course.name:23} {100 * share:5.1f} %  {_off(rows)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 12)
