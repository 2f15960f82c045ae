"""A court's months as one of them sees them: the months of a merger's and a split's courts."""

from __future__ import annotations

import pytest

import scoring
from courts.figures.selectors.as_seen import Reported, falls_of, months_seen
from courts.years.court_changes import NO_CHANGES, Change, CourtChanges
from scoring.facts import Month
from scoring.likelihood import unlikely
from scoring.schema import Rulebook

TAKING, MERGED, NEW, OTHER = 1, 2, 3, 4
MAY, JUNE, JULY, AUGUST = (Month(2019, number) for number in (5, 6, 7, 8))
LAST_YEAR = Month(2018, 12)
CODE = "appeals_filed"


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019")


def of(**cases: int) -> dict[Month, dict[str, int]]:
    """Counts of a court: `may=3`."""
    months = {"last": LAST_YEAR, "may": MAY, "june": JUNE, "july": JULY, "august": AUGUST}
    return {months[name]: {CODE: number} for name, number in cases.items()}


def merger(court: int = MERGED, into: int = TAKING, month: Month = JULY) -> Change:
    return Change("merged", court, into, month, (), {})


def split(month: Month = JULY) -> Change:
    return Change("split", TAKING, NEW, month, (), {CODE: 40})


def falls(
    rulebook: Rulebook, changes: CourtChanges, court: int, reported: Reported
) -> list[tuple[object, ...]]:
    return [
        (*fall[1:], sources)
        for fall, _court, sources in falls_of(rulebook, changes, court, reported)
    ]


def test_a_merged_count_is_held_against_both_courts(rulebook: Rulebook) -> None:
    changes = CourtChanges((merger(),))
    reported = {
        TAKING: of(last=100, may=50, june=60, july=89, august=88),
        MERGED: of(last=60, may=28, june=30),
    }
    # 60 + 30 are 90; of August the greatest before is still June's.
    assert falls(rulebook, changes, TAKING, reported) == [
        (JULY, 89, JUNE, 90, {TAKING, MERGED}),
        (AUGUST, 88, JUNE, 90, {TAKING, MERGED}),
    ]
    # Before the merger each court is held against itself, and a fall is told once.
    reported[TAKING] |= of(june=49, july=90, august=95)
    reported[MERGED] |= of(june=27)
    assert falls(rulebook, changes, TAKING, reported) == [(JUNE, 49, MAY, 50, {TAKING})]
    assert falls(rulebook, changes, MERGED, reported) == [(JUNE, 27, MAY, 28, {MERGED})]
    # Where one of the two lacks the month, an earlier one that both have counts: 50 + 28.
    reported = {TAKING: of(may=50, june=60, july=77), MERGED: of(may=28)}
    assert falls(rulebook, changes, TAKING, reported) == [(JULY, 77, MAY, 78, {TAKING, MERGED})]
    assert falls(rulebook, NO_CHANGES, TAKING, reported) == []


def test_what_a_merged_court_took_over_itself_counts_with_it(rulebook: Rulebook) -> None:
    changes = CourtChanges((merger(OTHER, MERGED, JUNE), merger()))
    reported = {
        TAKING: of(may=10, june=10, july=34),
        MERGED: of(may=10, june=15),
        OTHER: of(may=15),
    }
    # June: 10 + 15 are 25, but in May they were 10 + 10 + 15.
    assert falls(rulebook, changes, TAKING, reported) == [
        (JULY, 34, MAY, 35, {TAKING, MERGED, OTHER})
    ]
    assert changes.kin([OTHER]) == {TAKING, MERGED, OTHER}
    assert changes.kin([NEW]) == {NEW}


def test_after_a_split_nothing_of_the_same_year_is_before(rulebook: Rulebook) -> None:
    changes = CourtChanges((split(),))
    reported = {
        TAKING: of(last=100, june=60, july=35, august=34),
        NEW: of(july=25, august=24),
    }
    assert falls(rulebook, changes, TAKING, reported) == [(AUGUST, 34, JULY, 35, {TAKING})]
    assert falls(rulebook, changes, NEW, reported) == [(AUGUST, 24, JULY, 25, {NEW})]
    # The whole year before is divided: 40 of 100 are the new court's.
    assert months_seen(changes, TAKING, JULY, reported) == of(last=60, july=35)
    assert months_seen(changes, NEW, JULY, reported) == of(last=40, july=25)
    assert months_seen(changes, TAKING, JUNE, reported) == of(last=100, june=60)


def test_the_first_month_of_a_merger_is_likely_beside_both(rulebook: Rulebook) -> None:
    """256 in seven months, after 120 + 100 in six and 240 + 190 in the year before."""
    reported = {
        TAKING: of(last=240, june=120, july=256),
        MERGED: of(last=190, june=100),
    }
    told = [
        [
            one.metric
            for one in unlikely(rulebook, JULY, months_seen(changes, TAKING, JULY, reported))
        ]
        for changes in (CourtChanges((merger(),)), NO_CHANGES)
    ]
    assert told == [[], [CODE]]
