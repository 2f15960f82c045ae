"""A small sample of `make calibrate`: nine in ten hold about nine in ten, risks come as stated."""

from __future__ import annotations

from itertools import chain

import pytest

from scoring import outlook
from scoring.outlook import Calibration, measured
from tests.calibration.court_years import COURSES
from tests.calibration.measures import (
    HIGH,
    LOW,
    NEAR,
    Told,
    coverage,
    covered,
    days_told,
    ended,
    furthest,
    ranked,
    tenths,
    told,
)

# A sample strays: two hundredths are some two standard errors of it.
STRAY = 0.02


@pytest.fixture(scope="module")
def sample() -> list[list[Told]]:
    """One prefecture in each course of a year, with last year's months and without."""
    return [
        told(course, 1, knows_months=knows_months, seed=19)
        for course in COURSES
        for knows_months in (True, False)
    ]


def test_intervals_hold_about_as_often_as_they_say(sample: list[list[Told]]) -> None:
    assert len(sample) == 2 * len(COURSES)
    assert LOW <= coverage(list(chain.from_iterable(sample))) <= HIGH + STRAY
    assert min(map(coverage, sample)) >= LOW - STRAY


def stated_risks(years: int) -> list[tuple[float, bool]]:
    """The risks to pass a cap, stated with last year's months in all courses of a year."""
    return [
        risk
        for course in COURSES
        for one in told(course, years, knows_months=True, seed=20, capped_only=True)
        for risk in one.risks
    ]


def test_stated_risks_come_true_about_as_often() -> None:
    assert furthest(tenths(stated_risks(12))) <= NEAR


def test_forecasts_that_are_too_sure_or_expect_too_much_are_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the trials above would say of others: no drift from year to year, all that is asked."""
    drifting = COURSES[5]
    monkeypatch.setattr(outlook, "DRIFT", 1e-9)
    found = told(drifting, 2, knows_months=True, seed=19)
    assert coverage([one for one in found if one.came >= 100]) < LOW - STRAY
    monkeypatch.undo()
    monkeypatch.setattr(outlook, "ASKED_TAKEN", 2.0)
    outlook._growths.cache_clear()
    try:
        assert furthest(tenths(stated_risks(12))) > NEAR
    finally:
        outlook._growths.cache_clear()


def test_what_is_known_of_last_year_makes_nothing_worse(sample: list[list[Told]]) -> None:
    """With its months they hold as they should, and are narrower."""
    knowing = list(chain.from_iterable(sample[::2]))
    without = list(chain.from_iterable(sample[1::2]))
    assert LOW <= coverage(knowing) <= HIGH + STRAY
    width = sum(one.high - one.low for one in knowing)
    assert width < sum(one.high - one.low for one in without)
    # The score of Brier: the square by which a stated risk misses what came.
    missed, missed_without = (
        sum((risk - came) ** 2 for one in found for risk, came in one.risks)
        for found in (knowing, without)
    )
    assert missed < missed_without


def test_days_points_and_ranks_hold(sample: list[list[Told]]) -> None:
    assert covered(days_told((60, 1000), 2, seed=3)) >= 0.8
    assert covered(ended(COURSES[0], 1, 6, seed=3)) >= 7 / 9
    ranges = [one for month in (2, 6, 11) for one in ranked(COURSES[0], 2, month, seed=3)]
    held = sum(one.low <= rank <= one.high for one, rank in ranges) / len(ranges)
    assert len(ranges) == 48
    assert held >= LOW - 2 * STRAY
    # The likeliest rank is no likelier than it is said to be.
    likeliest = [max(one.shares.items(), key=lambda each: each[1]) for one, _rank in ranges]
    stated = sum(chance for _number, chance in likeliest) / len(ranges)
    came = sum(
        number == rank for (number, _chance), (_one, rank) in zip(likeliest, ranges, strict=True)
    )
    assert stated <= came / len(ranges) + NEAR


def test_statements_are_sorted_by_tenths() -> None:
    rows = tenths([(0.05, False), (0.07, True), (1.0, True), (0.95, False)])
    assert list(rows[0]) == pytest.approx([2, 0.06, 0.5])
    assert list(rows[9]) == pytest.approx([2, 0.975, 0.5])
    assert rows[0].is_off == pytest.approx(0.44)
    assert {row.cases for row in rows[1:9]} == {0}


def test_what_pages_tell_is_what_was_measured() -> None:
    """`make calibrate` writes it; a change of the estimates has to be measured again."""
    found = measured()
    assert found.tried > 50_000
    assert LOW <= found.least <= found.held / found.tried <= found.most <= HIGH
    assert 0 < found.off <= NEAR
    assert Calibration(200, 180).keeps_its_word
    assert Calibration(10, 2).keeps_its_word
    # 150 of 200 at nine in ten: far less than chance leaves.
    assert not Calibration(200, 150).keeps_its_word
