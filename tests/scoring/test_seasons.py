"""How much of a year has passed: every share worked by hand from last year's months."""

from __future__ import annotations

import pytest

import scoring
from scoring import CourtFacts, Level, Month
from scoring.seasons import (
    ALIKE_COUNTS,
    ALIKE_COURTS,
    ALIKE_YEARS,
    PLAIN_MONTHS,
    SET_BY_OFFICE,
    STEADY,
    Elapsed,
    Season,
    at_most,
    narrowed,
    proposed_profile,
)

RULEBOOK = scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019")
JUNE = Month(2019, 6)
RUSH = (60,) * 10 + (150, 250)


def court(code: str, month: int | None, annual: int | None) -> CourtFacts:
    return CourtFacts(
        code,
        Level.GRASSROOTS,
        baseline_month={} if month is None else {"appeals_filed": month},
        baseline_annual={} if annual is None else {"appeals_filed": annual},
    )


def test_a_share_after_cases_were_seen() -> None:
    # 100 cases' worth of one half, and 30 of 100 more: 80 of 200.
    assert narrowed(Elapsed(0.5, 100.0), 30, 100) == (0.4, 200.0)
    assert at_most(Elapsed(0.4, 200.0), 200.0) == (0.4, 100.0)
    assert Elapsed(0.5, 99.0).variance == 0.0025


def test_without_last_year_the_months_or_the_office_tell() -> None:
    alone = court("yanji", None, None)
    plain = Season(RULEBOOK, JUNE, [alone]).elapsed(("appeals_filed",), alone)
    assert plain.share == 0.5
    assert plain.certainty == pytest.approx(1 / (1 / PLAIN_MONTHS + 1 / ALIKE_YEARS))
    told = Season(RULEBOOK, JUNE, [alone], RUSH).elapsed(("appeals_filed",), alone)
    assert told.share == 0.36
    assert told.certainty == pytest.approx(1 / (1 / SET_BY_OFFICE + 1 / ALIKE_YEARS))


def test_a_court_s_own_months_are_pooled_with_all_courts() -> None:
    """Two courts, 30 of 40 and 270 of 1,000 by June: the small one is taken along with the other.

    Each counts as far as a season shows in it: 40 / 1.04 and 1,000 / 2.
    """
    small, large = court("tumen", 30, 40), court("yanji", 270, 1000)
    found = Season(RULEBOOK, JUNE, [small, large]).elapsed(("appeals_filed",), small)
    part, whole = 30 / 1.04 + 270 / 2, 40 / 1.04 + 1000 / 2
    assert STEADY == 1000
    every = (PLAIN_MONTHS / 2 + part) / (PLAIN_MONTHS + whole)
    sure = max(PLAIN_MONTHS, 1 / (1 / (PLAIN_MONTHS + whole) + 1 / ALIKE_COUNTS))
    count = (sure * every + part) / (sure + whole)
    sure = 1 / (1 / (sure + whole) + 1 / ALIKE_COURTS)
    own = (sure * count + 30 / 1.04) / (sure + 40 / 1.04)
    assert found.share == pytest.approx(own)
    assert found.certainty == pytest.approx(1 / (1 / (sure + 40 / 1.04) + 1 / ALIKE_YEARS))
    # Far from its own three quarters, which are mostly chance.
    assert 0.34 < found.share < 0.4
    assert 0.75 - found.share > 6 * (found.share - count)


def test_what_says_nothing_is_left_out() -> None:
    """No whole year, no month, and more by June than in the whole year."""
    courts = [court("a", 30, None), court("b", None, 40), court("c", 41, 40)]
    season = Season(RULEBOOK, JUNE, courts)
    assert season.elapsed(("appeals_filed",), courts[0]).share == 0.5
    assert season.elapsed(("appeals_filed", "resumed_cases"), courts[1]).share == 0.5


def test_december_is_the_whole_year() -> None:
    one = court("tumen", 30, 40)
    assert Season(RULEBOOK, Month(2019, 12), [one]).elapsed(("appeals_filed",), one).share == 1.0


def test_a_profile_is_proposed_from_the_months_there_are() -> None:
    """20 cases: 3 by June, 4 in November, 8 in December, and one each month between."""
    running = [0, 0, 0, 0, 0, 3, 4, 5, 6, 8, 12, 20]
    months = {number: {"appeals_filed": value} for number, value in enumerate(running, start=1)}
    found = proposed_profile([months])
    assert found is not None
    # 150, 50, 50, 50, 100, 200 and 400 thousandths; five months of none get one each, which is
    # taken from the largest.
    assert found == (1, 1, 1, 1, 1, 150, 50, 50, 50, 100, 200, 395)
    assert sum(found) == 1000
    # A third each: what rounding leaves goes to the first of them.
    thirds = {n: {"appeals_filed": value} for n, value in enumerate([1, 2] + [3] * 10, start=1)}
    third = proposed_profile([thirds])
    assert third is not None
    assert (sum(third), third[3:]) == (1000, (1,) * 9)
    assert max(third[:3]) - min(third[:3]) <= 1


def test_months_that_are_missing_or_fall_propose_nothing() -> None:
    gap = {number: {"appeals_filed": number} for number in range(1, 13) if number != 4}
    falls = {number: {"appeals_filed": 13 - number} for number in range(1, 13)}
    none = {number: {"appeals_filed": 0} for number in range(1, 13)}
    assert proposed_profile([gap, falls, none, {}]) is None
