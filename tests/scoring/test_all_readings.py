"""All readings at once, held against scoring every combination by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import product
from random import Random

import pytest

import scoring
from scoring import CourtFacts, Decision, Level, Month, ReadingError
from scoring.all_readings import Standing, TooManyReadingsError, all_readings, all_readings_of
from scoring.packing import fact_table
from scoring.schema import NO_TEXT, Condition, Override, Rulebook
from tests.scoring.annexes import facts

RULEBOOK = scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019")
DECEMBER = Month(2019, 12)
JUNE = Month(2019, 6)


def reported(name: str, random: Random) -> dict[str, int]:
    """Figures near every target, where readings part courts."""
    closed = random.randint(380, 410)
    actually = closed - random.randint(125, 140)
    return {
        "appeal_revised": random.randint(14, 40),
        "appeal_remanded": random.randint(4, 10),
        "retrial_revised": random.randint(0, 3),
        "retrial_remanded": 0,
        "retrial_directed": random.randint(0, 1),
        "retrial_decided": random.randint(1, 5),
        "retrial_escalated": random.randint(0, 2),
        "retrial_designated": random.randint(0, 1),
        "appeals_filed": random.randint(90, 200),
        "retrial_petitions_received": random.randint(8, 40),
        "retrial_petitions_closed": random.randint(8, 30),
        "first_instance_closed": 1000,
        "effective_judgments": 900,
        "enforcement_carried_over": 100,
        "enforcement_received": 400,
        "enforcement_closed": closed,
        "actually_closed": actually,
        "procedure_terminated": closed - actually,
        "fully_enforced": random.randint(140, 160),
        "enforcement_terminated": random.randint(95, 110),
        "closed_in_time": random.randint(270, 300),
        "closing_days": closed * random.randint(150, 156),
        "supervised_matters_due": 0,
        "supervised_matters_in_time": 0,
        "court_staff": 100,
        "enforcement_staff": random.randint(14, 16),
        "enforcement_established_staff": 10,
        "enforcement_quota_judges": random.randint(4, 6),
        "trial_established_staff": 20,
        "trial_quota_judges": 10,
    }


@pytest.fixture(scope="module")
def courts() -> list[CourtFacts]:
    random = Random(19)
    targets = {"L2.1": Decimal(5), "L3.1": Decimal(85), "L5.1": Decimal(3)}
    names = ("yanbian", "yanji", "tumen", "longjing", "helong", "antu")
    found = [facts(name, current=reported(name, random), targets=targets) for name in names]
    # One point was decided and stays however anything is read.
    found[3] = replace(found[3], decisions={"L1": Decision(Decimal(7))})
    return found


def with_readings(codes: tuple[str, ...]) -> Rulebook:
    """The notice with only these sentences unclear."""
    kept = tuple(one for one in RULEBOOK.readings if one.code in codes)
    return replace(RULEBOOK, readings=kept, sha256="-".join(codes))


def every_way(
    rulebook: Rulebook, month: Month, courts: list[CourtFacts]
) -> dict[tuple[str, ...], list[Standing]]:
    """Each combination scored by itself."""
    found = {}
    for values in product(*(reading.values for reading in rulebook.readings)):
        readings = dict(zip((one.code for one in rulebook.readings), values, strict=True))
        board = scoring.score(rulebook, month, courts, readings)
        found[values] = [Standing(card.total_cents, card.rank) for card in board.scorecards]
    return found


FIVE = ("step", "missed_target", "zero_denominator", "enforcement_rates", "grassroots_mean")


# Who has fewer than half of the points of L6 has no more than sixty, whatever else was earned.
LIMITED = Override(
    code="limited",
    label=NO_TEXT,
    paragraph="",
    condition=Condition(item="L6.1", side=None, below=Decimal(2), at_least=None),
    on=None,
    most=Decimal(60),
    times=None,
    not_ranked=False,
)
# Under another answer the same court may be ranked: a rank that hangs on a sentence.
BARRED = replace(
    LIMITED,
    code="barred",
    condition=Condition(item="Q1", side=None, below=Decimal(1), at_least=None),
    most=None,
    not_ranked=True,
)


@pytest.mark.parametrize(
    ("month", "overrides"),
    [(JUNE, ()), (DECEMBER, ()), (DECEMBER, (LIMITED,)), (DECEMBER, (BARRED,))],
)
def test_as_every_combination_by_itself(
    month: Month, overrides: tuple[Override, ...], courts: list[CourtFacts]
) -> None:
    rulebook = replace(
        with_readings(FIVE),
        overrides=overrides,
        sha256="-".join(["five", *(one.code for one in overrides)]),
    )
    by_hand = every_way(rulebook, month, courts)
    found = all_readings(rulebook, month, courts)
    assert found.combinations == len(by_hand) == 32
    default = tuple(reading.default for reading in rulebook.readings)
    for place, one in enumerate(found.ranges):
        standings = [row[place] for row in by_hand.values()]
        assert one.court == courts[place].court
        assert one.now == by_hand[default][place]
        assert one.low_cents == min(row.total_cents for row in standings)
        assert one.high_cents == max(row.total_cents for row in standings)
        ranks = [row.rank for row in standings if row.rank is not None]
        assert (one.best_rank, one.worst_rank) == (
            min(ranks, default=None),
            max(ranks, default=None),
        )
        assert one.never_moves is (len({row.rank for row in standings}) < 2)
        moving = set()
        for values, rows in by_hand.items():
            for number, reading in enumerate(rulebook.readings):
                for value in reading.values:
                    other = by_hand[(*values[:number], value, *values[number + 1 :])]
                    if other[place].rank != rows[place].rank:
                        moving.add(reading.code)
        assert set(one.moved_by) == moving
    assert any(not one.never_moves for one in found.ranges)
    applied = [
        card.overrides
        for card in scoring.score(rulebook, month, courts).scorecards
        if card.overrides
    ]
    assert bool(applied) is bool(overrides)
    assert found.ranges[0].best_rank is None
    singles = {(one.reading, one.value, one.court): one.then for one in found.singles}
    for number, reading in enumerate(rulebook.readings):
        for value in reading.values:
            rows = by_hand[(*default[:number], value, *default[number + 1 :])]
            for place, facts_ in enumerate(courts):
                was = by_hand[default][place]
                expected = None if rows[place] == was else rows[place]
                assert singles.get((reading.code, value, facts_.court)) == expected


def test_all_eleven_at_once_beside_the_engine(courts: list[CourtFacts]) -> None:
    """A sample of the 2,048, with other readings in force."""
    in_force = {"step": "whole", "q11": "half_each"}
    found = all_readings(RULEBOOK, JUNE, courts, in_force)
    assert found.combinations == 2048
    random = Random(5)
    for _sample in range(25):
        readings = {one.code: random.choice(one.values) for one in RULEBOOK.readings}
        board = scoring.score(RULEBOOK, JUNE, courts, readings)
        for card, one in zip(board.scorecards, found.ranges, strict=True):
            assert one.low_cents <= card.total_cents <= one.high_cents
            if card.rank is not None:
                assert one.best_rank is not None
                assert one.worst_rank is not None
                assert one.best_rank <= card.rank <= one.worst_rank
    board = scoring.score(RULEBOOK, JUNE, courts, in_force)
    assert [one.now for one in found.ranges] == [
        Standing(card.total_cents, card.rank) for card in board.scorecards
    ]


def test_a_decided_mean_and_nobody_to_borrow_from(courts: list[CourtFacts]) -> None:
    rulebook = with_readings(("grassroots_mean", "missed_target"))
    decided = replace(courts[0], decisions={"GM": Decision(Decimal(3))})
    for field in ([decided, *courts[1:]], [courts[0]], []):
        by_hand = every_way(rulebook, DECEMBER, field)
        found = all_readings(rulebook, DECEMBER, field)
        for place, one in enumerate(found.ranges):
            totals = [row[place].total_cents for row in by_hand.values()]
            assert (one.low_cents, one.high_cents) == (min(totals), max(totals))


def test_several_months_at_once(courts: list[CourtFacts]) -> None:
    rulebook = with_readings(FIVE)
    table = fact_table(rulebook, [(JUNE, courts), (DECEMBER, courts)])
    assert all_readings_of(rulebook, table) == tuple(
        all_readings(rulebook, month, courts) for month in (JUNE, DECEMBER)
    )


def test_no_more_than_one_can_wait_for(
    courts: list[CourtFacts], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scoring.all_readings.MOST_COMBINATIONS", 7)
    with pytest.raises(TooManyReadingsError, match="combinations"):
        all_readings(with_readings(FIVE), DECEMBER, courts)
    # However few of them are looked at together.
    monkeypatch.undo()
    whole = all_readings(with_readings(FIVE), DECEMBER, courts)
    monkeypatch.setattr("scoring.all_readings.ROWS", 7)
    assert all_readings(with_readings(FIVE), DECEMBER, courts) == whole
    with pytest.raises(ReadingError):
        all_readings(RULEBOOK, DECEMBER, courts, {"no_such": "one"})


def test_without_any_unclear_sentence(courts: list[CourtFacts]) -> None:
    found = all_readings(with_readings(()), DECEMBER, courts)
    assert found.combinations == 1
    assert all(one.low_cents == one.high_cents and not one.moved_by for one in found.ranges)
    readings: Mapping[str, str] = {}
    assert all_readings(with_readings(()), DECEMBER, courts, readings) == found
    assert {court.level for court in courts} == {Level.GRASSROOTS, Level.INTERMEDIATE}
