"""Owns the page of all combinations of readings: whose total and rank hang on one sentence.

Nothing is adopted by looking. The same figures give the same answer, which is remembered under the
data's stamp.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.frame.remembered import remembered
from courts.scores.selectors.kept_scores import gathered_to
from courts.wording.amounts import signed_points
from courts.years.selectors.periods import Period
from courts.years.selectors.readings import rules_in
from scoring.all_readings import (
    AllReadings,
    CourtRange,
    SingleMove,
    TooManyReadingsError,
    all_readings,
)
from scoring.rounding import to_decimal, to_text
from scoring.schema import Rulebook


@dataclass(frozen=True, slots=True)
class ReadingsRange:
    """A court: its total and rank as the sentences are read, and over all combinations."""

    code: str
    name: str
    total: str
    low: str
    high: str
    rank: int | None
    best: int | None
    worst: int | None
    moved_by: tuple[str, ...]
    verdict: str
    never_moves: bool


@dataclass(frozen=True, slots=True)
class ReadingMove:
    """A court that another answer to one sentence moves, all other sentences being read as now."""

    question: str
    answer: str
    name: str
    change: str
    rank_before: int | None
    rank_after: int | None

    @property
    def moves_rank(self) -> bool:
        return self.rank_before != self.rank_after


@dataclass(frozen=True, slots=True)
class ReadingMoves:
    """One other answer to one sentence, and everybody it moves."""

    code: str
    question: str
    answer: str
    moves: tuple[ReadingMove, ...]

    @property
    def ranks(self) -> int:
        """How many courts change places."""
        return sum(move.moves_rank for move in self.moves)


@dataclass(frozen=True, slots=True)
class AllReadingsPage:
    """A month under every combination; `sentence` says why where there is nothing to show."""

    period: Period
    combinations: int
    courts: tuple[ReadingsRange, ...]
    readings: tuple[ReadingMoves, ...]
    firm: int
    sentence: str
    is_demo: bool


def all_readings_page(period: Period) -> AllReadingsPage:
    """The courts of the month under every combination of readings. A constant number of queries."""
    gathered = gathered_to(period)
    facts = gathered.facts[period.month]
    rulebook, in_force = rules_in(period.year, period.month, gathered.frozen)
    is_demo = bool(gathered.demo[period.month])
    if not any(one.current for one in facts):
        return AllReadingsPage(period, 0, (), (), 0, _("这个月还没有数据。"), is_demo)
    try:
        found: AllReadings = remembered(
            period.stamp,
            ("all readings", period.year.pk, period.basis, period.month),
            lambda: all_readings(rulebook, period.month, facts, in_force),
        )
    except TooManyReadingsError:
        text = _("有影响的解读太多，全部组合一时算不完；请在“解读”页逐项试算。")
        return AllReadingsPage(period, 0, (), (), 0, text, is_demo)
    language = get_language() or ""
    names = {court.code: court.label(language) for court in gathered.courts}
    ranked = [one for one in found.ranges if one.now.rank is not None]
    return AllReadingsPage(
        period=period,
        combinations=found.combinations,
        courts=tuple(_range(one, names[one.court], rulebook) for one in _by_rank(found.ranges)),
        readings=tuple(_moves(found, names, rulebook)),
        firm=sum(one.never_moves for one in ranked),
        sentence=_sentence(ranked) if ranked else "",
        is_demo=is_demo,
    )


def _by_rank(ranges: tuple[CourtRange, ...]) -> list[CourtRange]:
    """Ranked courts first, by their rank now."""
    return sorted(ranges, key=lambda one: (one.now.rank is None, one.now.rank or 0))


def _range(one: CourtRange, name: str, rulebook: Rulebook) -> ReadingsRange:
    language = get_language() or ""
    return ReadingsRange(
        code=one.court,
        name=name,
        total=_points(one.now.total_cents),
        low=_points(one.low_cents),
        high=_points(one.high_cents),
        rank=one.now.rank,
        best=one.best_rank,
        worst=one.worst_rank,
        moved_by=tuple(
            rulebook.reading_by_code[code].question.get(language) for code in one.moved_by
        ),
        verdict=_verdict(one),
        never_moves=one.never_moves,
    )


def _verdict(one: CourtRange) -> str:
    if one.now.rank is None:
        return _("不参加排名")
    if one.never_moves:
        return _("怎么理解名次都不变")
    return _("名次取决于怎么理解")


def _points(cents: int) -> str:
    return to_text(to_decimal(cents))


def _moves(found: AllReadings, names: dict[str, str], rulebook: Rulebook) -> Iterator[ReadingMoves]:
    """By sentence and answer, in the rulebook's order."""
    language = get_language() or ""
    by_answer: dict[tuple[str, str], list[SingleMove]] = {}
    for one in found.singles:
        by_answer.setdefault((one.reading, one.value), []).append(one)
    for (code, value), singles in by_answer.items():
        reading = rulebook.reading_by_code[code]
        question = reading.question.get(language)
        answer = reading.option(value).label.get(language)
        yield ReadingMoves(
            code=code,
            question=question,
            answer=answer,
            moves=tuple(
                ReadingMove(
                    question=question,
                    answer=answer,
                    name=names[one.court],
                    change=signed_points(to_decimal(one.then.total_cents - one.was.total_cents)),
                    rank_before=one.was.rank,
                    rank_after=one.then.rank,
                )
                for one in singles
            ),
        )


def _sentence(ranked: list[CourtRange]) -> str:
    """Whose rank is firm, in words."""
    moved = [one for one in ranked if not one.never_moves]
    if not moved:
        return _("各院的名次都不取决于怎么理解通知。")
    text = _(
        "%(all)s个参加排名的法院中，%(moved)s个的名次取决于怎么理解通知，%(firm)s个怎么理解都不变。"
    )
    return text % {"all": len(ranked), "moved": len(moved), "firm": len(ranked) - len(moved)}
