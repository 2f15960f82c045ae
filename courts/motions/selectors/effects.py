"""Owns the points and ranks of a year's months before and after a change that is tried out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

import scoring
from courts.figures.selectors.facts import gather
from courts.models import QualityYear
from courts.scores.selectors.shifts import CourtShift, any_rank, any_total, shift
from courts.wording.months import month_name
from courts.years.selectors.counted_months import months_with_figures
from courts.years.selectors.readings import readings_in_force
from courts.years.selectors.years import CourtRow, rulebook_of
from scoring.facts import Month
from scoring.results import Scoreboard


@dataclass(frozen=True, slots=True)
class MonthBoard:
    """Every court of one month."""

    courts: tuple[CourtRow, ...]
    board: Scoreboard
    is_demo: bool


@dataclass(frozen=True, slots=True)
class MonthEffect:
    """The courts of one month before and after, those that stay as they are included."""

    month_name: str
    courts: tuple[CourtShift, ...]
    is_demo: bool
    other_year: bool = False

    @property
    def has_total(self) -> bool:
        """Whether the rules add the sides of any court up."""
        return any_total(self.courts)

    @property
    def has_ranks(self) -> bool:
        """Whether the rules rank any court."""
        return any_rank(self.courts)


def month_boards(year: QualityYear, months: Collection[int]) -> Mapping[Month, MonthBoard]:
    """The boards of those of the months that have verified figures. Nine queries."""
    known = [month for month in months_with_figures(year) if month.month in months]
    gathered = gather(year, known)
    boards = {}
    for month in known:
        rulebook = rulebook_of(year, month)
        taken = readings_in_force(year, month, rulebook)
        board = scoring.score(rulebook, month, gathered.facts[month], taken)
        boards[month] = MonthBoard(gathered.courts_in(month), board, bool(gathered.demo[month]))
    return boards


def month_effects(
    before: Mapping[Month, MonthBoard], after: Mapping[Month, MonthBoard]
) -> tuple[MonthEffect, ...]:
    """The months in which some court stands differently, the last first."""
    language = get_language() or ""
    effects = []
    for month in sorted(before.keys() & after.keys(), reverse=True):
        was, now = (
            {card.court: card for card in one[month].board.scorecards} for one in (before, after)
        )
        courts = tuple(
            shift(row.label(language), was[row.code], now[row.code])
            for row in before[month].courts
            if row.code in now
        )
        # Which courts come or go is told in the motion's lines.
        if was.keys() != now.keys() or any(
            court.items or court.moved or court.rank_before != court.rank_after for court in courts
        ):
            effects.append(MonthEffect(month_name(month), courts, before[month].is_demo))
    return tuple(effects)
