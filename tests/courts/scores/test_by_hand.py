"""Every printed line can be computed again by hand: a year of the demonstration, and random ones.

The lines are read by `tests.by_hand`, which knows nothing of the engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation
from hypothesis import given, settings

import scoring
from courts.setup.services.demo_figures import make_year
from courts.wording.explanations import sentence
from scoring import Ballots, CourtFacts, Level, Month, Rulebook, Scoreboard
from tests import by_hand
from tests.scoring import annexes, random_years

RULEBOOK = scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019")
LANGUAGES = ["zh-hans", "ko", "en"]
COURTS = ("yanbian", "yanji", "dunhua", "wangqing")
OTHERS = {
    reading.code: next(value for value in reading.values if value != reading.default)
    for reading in RULEBOOK.readings
}
# What is told apart by hand: whole percents beside parts of them, everything earned by its share.
READINGS = [{}, OTHERS, OTHERS | {"step": "pro_rata"}]


def year_of_demonstration() -> list[Sequence[CourtFacts]]:
    """The facts of each month, of courts of both levels, with ballots from November on."""
    made = make_year(RULEBOOK, [annexes.facts(court) for court in COURTS])
    return [
        [
            annexes.facts(
                court.court,
                current=court.months[Month(2019, number)],
                targets=dict.fromkeys(RULEBOOK.appraisal_items, Decimal("1.25")),
                ballots=Ballots(7, Fraction(131, 2)) if number > 10 else None,
            )
            for court in made
        ]
        for number in range(1, 13)
    ]


def lines(board: Scoreboard, rulebook: Rulebook = RULEBOOK) -> Iterator[list[str]]:
    """The explanation of each item of each court."""
    names = {court: f"{court}" for court in COURTS}
    for card in board.scorecards:
        for score in card.items:
            yield [sentence(step, rulebook, names) for step in score.steps]


@pytest.mark.parametrize(
    "language",
    # Korean is worded by rules of its own; English is told like Chinese.
    [pytest.param(one, marks=pytest.mark.nightly if one == "en" else []) for one in LANGUAGES],
)
def test_every_line_of_a_year_computes(language: str) -> None:
    found = []
    chains = 0
    with translation.override(language):
        for number, facts in enumerate(year_of_demonstration(), start=1):
            for readings in READINGS:
                board = scoring.score(RULEBOOK, Month(2019, number), facts, readings)
                for explanation in lines(board):
                    found += by_hand.faults(explanation)
                    chains += sum("≈" in line or " = " in line for line in explanation)
    assert found == []
    # 4 courts × 27 items × 12 months × 3 readings, most of them with several computations.
    assert chains > 4000


@settings(max_examples=settings().max_examples, deadline=None)
@given(random_years.months, random_years.courts(), random_years.readings)
def test_every_line_of_random_years_computes(
    month: Month, courts: list[CourtFacts], readings: dict[str, str]
) -> None:
    with translation.override("zh-hans"):
        for explanation in lines(scoring.score(RULEBOOK, month, courts, readings)):
            assert by_hand.faults(explanation) == []


@pytest.mark.parametrize(
    "line",
    [
        "降幅：（74.83 − 67）÷ 74.83 = 10.47%。",
        "每下降1%计4分：6.67 × 4 ≈ 26.67，得 26.67 分，满分 40.00 分。",
        "分子（2019-12）：二审被改判 11 + 二审被发回重审 7 = 19。",
        "比率：80 ÷ 90 = 88.89%。",
        "下降：30.97% − 26.54% ≈ 4.42个百分点。",
        "只计整数部分：7.00% 计为 6。",
        "70.00%，应不低于 75.00%，已满足。",
        "各院得分：延吉 60.00、敦化 70.00；平均：131.00 ÷ 2 = 65.50 分。",
    ],
)
def test_a_line_that_does_not_compute_is_found(line: str) -> None:
    assert by_hand.faults(["以前印过 6.67%。", line])


def test_level_of_courts() -> None:
    assert {facts.level for facts in year_of_demonstration()[0]} == set(Level)
