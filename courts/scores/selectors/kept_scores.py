"""Owns the facts and scores that the pages of one period share, computed once a state of the data.

A month is scored by the rules and readings that were in force for it, a closed one by those of its
snapshot.
"""

from __future__ import annotations

from courts.figures.selectors.facts import Gathered, gather
from courts.frame.remembered import remembered
from courts.scores.selectors.boards import board_of
from courts.scores.selectors.scores import frozen_board
from courts.years.selectors.periods import Period
from courts.years.selectors.readings import readings_in_force
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month
from scoring.results import Scoreboard


def gathered_to(period: Period) -> Gathered:
    """The facts of the year's months up to the period's, those without figures too."""
    months = [Month(period.month.year, number) for number in range(1, period.month.month + 1)]
    return remembered(
        period.stamp,
        ("gathered", period.year.pk, period.basis, period.month),
        lambda: gather(period.year, months, period.basis),
    )


def board_in(period: Period, gathered: Gathered, month: Month) -> Scoreboard:
    """The scores of all courts in one of the months that were gathered for the period."""

    def scored() -> Scoreboard:
        frozen = gathered.frozen.get(month)
        if frozen is not None:
            return frozen_board(frozen, month, gathered.facts[month])
        rulebook = rulebook_of(period.year, month)
        readings = readings_in_force(period.year, month, rulebook)
        return board_of(rulebook, month, gathered.facts[month], readings)

    return remembered(period.stamp, ("board", period.year.pk, period.basis, month), scored)
