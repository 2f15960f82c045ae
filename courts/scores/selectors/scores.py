"""Owns asking the engine for the scores of a year's months; adds names and changes, no points.

Readings that nobody asks for otherwise are those the interpreting office adopted for the month.

Terms: *undecided* is what the figures alone come to where points were decided (附件1·五);
*provisional* is a total with null items in it; a *change* compares with the month before, within
the year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import repeat

from django.utils.translation import get_language
from django.utils.translation import gettext as _

import scoring
from courts.figures.selectors.facts import Gathered, gather
from courts.models import QualityYear
from courts.permissions import Basis
from courts.scores.selectors.boards import board_of
from courts.wording.explanations import spoken
from courts.years.frozen import FrozenMonth
from courts.years.selectors.readings import readings_in_force
from courts.years.selectors.years import CourtRow, NoMonthError, levels_reading_peers, rulebook_of
from scoring import NewlyCounted
from scoring.facts import CourtFacts, Decision, Month
from scoring.overrides import applied_words
from scoring.rates import PERCENT
from scoring.results import Scoreboard, Scorecard
from scoring.rounding import to_text
from scoring.schema import Level, Rulebook, Side

Readings = Mapping[str, str]
NOTHING_NEW = NewlyCounted((), 0)


@dataclass(frozen=True, slots=True)
class SidePoints:
    """The points of one side, with the code and the name that the rulebook gives it."""

    code: str
    label: str
    points: Decimal


def override_texts(rulebook: Rulebook, card: Scorecard) -> tuple[str, ...]:
    """The overrides that apply to a court: their name, paragraph, and what they do."""
    language = get_language() or ""
    return tuple(
        _("%(name)s（%(paragraph)s）：%(text)s")
        % {
            "name": applied.override.label.get(language),
            "paragraph": applied.override.paragraph,
            "text": spoken(applied_words(rulebook, applied), rulebook),
        }
        for applied in card.overrides
    )


@dataclass(frozen=True, slots=True)
class RankingRow:
    """One court's line in the ranking of a month.

    `rank_change` is positive when the court moved up. Changes are None in January, and when the
    court had no figures the month before; `newly` is what of the change in total comes from items
    that were pending then, such as a ballot tallied in between. `is_demo` says that made-up
    figures are in the points.
    """

    court: CourtRow
    scorecard: Scorecard
    total_change: Decimal | None
    rank_change: int | None
    is_demo: bool
    rulebook: Rulebook
    undecided: Scorecard | None = None
    newly: NewlyCounted = NOTHING_NEW

    @property
    def code(self) -> str:
        return self.court.code

    @property
    def is_moved(self) -> bool:
        """Whether decisions, its own or another court's, changed its total or its rank."""
        return self.undecided is not None and (
            (self.undecided.total, self.undecided.rank) != (self.total, self.rank)
        )

    @property
    def level(self) -> Level:
        return self.court.level

    @property
    def rank(self) -> int | None:
        return self.scorecard.rank

    @property
    def total(self) -> Decimal:
        return self.scorecard.total

    @property
    def is_assessed(self) -> bool:
        """Whether the rules score courts of its level at all."""
        return bool(self.scorecard.items)

    @property
    def overrides(self) -> tuple[str, ...]:
        """What changed its points after they were added up, a sentence each."""
        return override_texts(self.rulebook, self.scorecard)

    @property
    def share(self) -> str:
        """The total as a share of the full points, in hundredths, for drawing."""
        return to_text(PERCENT * self.total / scoring.full_points(self.rulebook))

    @property
    def halves(self) -> tuple[SidePoints, ...]:
        """The points of each side, in the order of the rulebook, under the names it gives them."""
        return halves_of(self.rulebook, self.scorecard)

    @property
    def by_side(self) -> Mapping[str, Decimal]:
        """The same by the side's code."""
        return {half.code: half.points for half in self.halves}

    @property
    def provisional(self) -> bool:
        return self.scorecard.provisional

    @property
    def provisional_sides(self) -> frozenset[Side]:
        return self.scorecard.provisional_sides


@dataclass(frozen=True, slots=True)
class MonthScores:
    """The scoreboard of a month, the courts on it, and whose points hold made-up figures.

    `undecided` is the scoreboard without any decision of the month; None in a month without.
    `snapshots` are the hashes of the snapshots that the closed sides are taken from, by side.
    """

    scoreboard: Scoreboard
    courts: Mapping[str, CourtRow]
    demo: frozenset[str]
    undecided: Scoreboard | None = None
    snapshots: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_demo(self) -> bool:
        return bool(self.demo)


def halves_of(rulebook: Rulebook, card: Scorecard) -> tuple[SidePoints, ...]:
    """The points of each side of a scorecard, in the order of the rulebook."""
    language = get_language() or ""
    return tuple(
        SidePoints(one.side.value, one.label.get(language), card.half(one.side))
        for one in rulebook.sides
    )


def scoreboard(
    year: QualityYear,
    month: Month,
    basis: str = Basis.VERIFIED,
    readings: Readings | None = None,
    *,
    decided: bool = True,
) -> Scoreboard:
    """The scores of every court in a month; what the figures alone come to if not `decided`."""
    scores = month_scores(year, month, basis, readings)
    return scores.scoreboard if decided else scores.undecided or scores.scoreboard


def scorecard(
    year: QualityYear,
    month: Month,
    court: str,
    basis: str = Basis.VERIFIED,
    readings: Readings | None = None,
) -> Scorecard:
    """One court's scores; KeyError when the court is not among the year's."""
    return scoreboard(year, month, basis, readings).court(court)


def month_scores(
    year: QualityYear,
    month: Month,
    basis: str = Basis.VERIFIED,
    readings: Readings | None = None,
) -> MonthScores:
    """The scoreboard with the courts' names. Ten queries, two more for a closed month.

    A closed month has the scores of its snapshot, unless other readings or another basis are asked
    for.
    """
    gathered = gather(year, [_checked(year, month)], basis, live=bool(readings))
    board = _scored(year, month, gathered, readings)
    return MonthScores(
        scoreboard=board,
        courts={court.code: court for court in gathered.courts},
        demo=_demo(gathered, month, board.context.rulebook),
        undecided=_undecided(year, month, gathered, readings),
        snapshots=_snapshots(gathered, month),
    )


def ranking(
    year: QualityYear,
    month: Month,
    basis: str = Basis.VERIFIED,
    readings: Readings | None = None,
) -> list[RankingRow]:
    """The courts in the order of the notice, with ranks and changes. Ten queries."""
    _checked(year, month)
    before = month.previous
    months = [month] if before is None else [before, month]
    gathered = gather(year, months, basis, live=bool(readings))
    return ranking_of(year, month, gathered, readings)


def ranking_of(
    year: QualityYear, month: Month, gathered: Gathered, readings: Readings | None = None
) -> list[RankingRow]:
    """The ranking from what was gathered of the month and the one before it. One query."""
    before = month.previous
    board = _scored(year, month, gathered, readings)
    undecided = _undecided(year, month, gathered, readings)
    demo = _demo(gathered, month, board.context.rulebook)
    earlier: dict[str, Scorecard] = {}
    if before is not None:
        reported = {facts.court for facts in gathered.facts[before] if facts.current}
        old = _scored(year, before, gathered, readings)
        earlier = {card.court: card for card in old.scorecards if card.court in reported}
    return [
        RankingRow(
            court=court,
            scorecard=card,
            total_change=_total_change(card, earlier.get(card.court)),
            rank_change=_rank_change(card, earlier.get(card.court)),
            is_demo=court.code in demo,
            rulebook=board.context.rulebook,
            undecided=bare,
            newly=_newly(card, earlier.get(card.court)),
        )
        for court, card, bare in zip(
            gathered.courts,
            board.scorecards,
            repeat(None, len(board.scorecards)) if undecided is None else undecided.scorecards,
            strict=True,
        )
    ]


def with_decision(
    year: QualityYear, month: Month, court: str, item: str, points: Decimal | None
) -> tuple[MonthScores, Scoreboard | None]:
    """The month without a decision on that item, and with these points; other decisions stand.

    None for the second when there are no points to try.
    """
    gathered = gather(year, [_checked(year, month)])
    facts = gathered.facts[month]
    without = {
        one.court: {code: given for code, given in one.decisions.items() if code != item}
        for one in facts
        if one.court == court
    }
    bare = [replace(one, decisions=without.get(one.court, one.decisions)) for one in facts]
    before = _scored(year, month, replace(gathered, facts={month: bare}), None)
    names = {row.code: row for row in gathered.courts}
    scores = MonthScores(before, names, _demo(gathered, month, before.context.rulebook))
    if points is None:
        return scores, None
    given = [
        replace(one, decisions={**one.decisions, item: Decision(points)})
        if one.court == court
        else one
        for one in bare
    ]
    return scores, _scored(year, month, replace(gathered, facts={month: given}), None)


def _scored(
    year: QualityYear, month: Month, gathered: Gathered, readings: Readings | None
) -> Scoreboard:
    """The month by its rulebook and the readings in force, those that were asked for put over.

    A closed month by those of its snapshot.
    """
    frozen = gathered.frozen.get(month)
    if frozen is not None and not readings:
        return frozen_board(frozen, month, gathered.facts[month])
    rulebook = rulebook_of(year, month)
    taken = {**readings_in_force(year, month, rulebook), **(readings or {})}
    return board_of(rulebook, month, gathered.facts[month], taken)


def frozen_board(frozen: FrozenMonth, month: Month, facts: Sequence[CourtFacts]) -> Scoreboard:
    """A closed month by the rules and readings of its snapshot; computed once for each."""
    board, held = frozen.board, frozen.newest.facts
    is_own = board is not None and len(board.scorecards) == len(facts)
    if board is not None and is_own and all(one is held.get(one.court) for one in facts):
        return board
    return board_of(frozen.rulebook, month, facts, frozen.readings)


def _snapshots(gathered: Gathered, month: Month) -> Mapping[str, str]:
    frozen = gathered.frozen.get(month)
    held = frozen.by_side if frozen is not None else {}
    return {side: one.parts.sha256 for side, one in held.items()}


def _undecided(
    year: QualityYear, month: Month, gathered: Gathered, readings: Readings | None
) -> Scoreboard | None:
    """The month by its figures alone; None where nothing was decided."""
    facts = gathered.facts[month]
    if not any(one.decisions for one in facts):
        return None
    bare = [replace(one, decisions={}) for one in facts]
    return _scored(year, month, replace(gathered, facts={month: bare}), readings)


def _checked(year: QualityYear, month: Month) -> Month:
    if month.year != year.year:
        raise NoMonthError(
            _("%(month)s 不在质量年 %(code)s 之内：只有 %(year)s-01 至 %(year)s-12。")
            % {"month": month, "code": year.code, "year": year.year}
        )
    return month


def _demo(gathered: Gathered, month: Month, rulebook: Rulebook) -> frozenset[str]:
    """Courts with made-up figures in their points; who is scored by others' points has theirs."""
    found = gathered.demo[month]
    if not found:
        return found
    levels = levels_reading_peers(rulebook)
    return found | {court.code for court in gathered.courts if court.level in levels}


def _total_change(card: Scorecard, earlier: Scorecard | None) -> Decimal | None:
    return None if earlier is None else card.total - earlier.total


def _newly(card: Scorecard, earlier: Scorecard | None) -> NewlyCounted:
    return NOTHING_NEW if earlier is None else scoring.newly_counted(card, earlier)


def _rank_change(card: Scorecard, earlier: Scorecard | None) -> int | None:
    if earlier is None or card.rank is None or earlier.rank is None:
        return None
    return earlier.rank - card.rank
