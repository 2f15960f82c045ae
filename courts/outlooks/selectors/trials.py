"""Owns what other figures would do to a court's points: tried on a page, written nowhere.

Totals and ranks are the engine's with the tried figures in place of the court's own; the other
courts stay as they are. Figures that a return could not carry are told, not scored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import scoring
from courts.scores.selectors.explored import Explored
from courts.scores.selectors.kept_scores import board_in
from courts.wording.amounts import figure, figure_change, most_text, written
from courts.wording.explanations import finding_sentence, metric_name, status_label
from scoring.draws import lever_metrics
from scoring.facts import CourtFacts
from scoring.results import ItemScore, Scoreboard, Scorecard
from scoring.rounding import to_decimal, to_text
from scoring.schema import Severity
from scoring.whatif import Plan, cents_for_rank, cheapest

# A slider reaches twice the present figure, and some way for small ones.
LEAST_REACH = 20


@dataclass(frozen=True, slots=True)
class TrialFigure:
    """A figure that can be tried: what counts now, what is tried, how far the slider goes."""

    code: str
    label: str
    side: str
    now: int | None
    tried: int | None
    reach: int
    is_lever: bool
    places: int = 0

    @property
    def is_changed(self) -> bool:
        return self.now != self.tried


@dataclass(frozen=True, slots=True)
class TrialItem:
    """An item whose points the trial changes; texts, or the status in words."""

    code: str
    label: str
    before: str
    after: str
    full: str


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a plan: a figure, by how much it moves and what it becomes, with its unit."""

    label: str
    by: str
    to: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Few cases that reach a total; without moves the goal is reached, None is no way."""

    goal: str
    moves: tuple[Move, ...]
    cases: int
    total: str
    proof: str
    query: str


@dataclass(frozen=True, slots=True)
class TrialPage:
    """A trial of a court's figures. `rank_after` is None where places are kept from the account.

    A place that answers to tried figures tells other courts' totals, one trial after another.
    """

    explored: Explored
    figures: tuple[TrialFigure, ...]
    faults: tuple[str, ...]
    total_before: str
    total_after: str
    rank_before: int | None
    rank_after: int | None
    shows_places: bool
    items: tuple[TrialItem, ...]
    plan: PlanPage | None
    no_plan: bool
    query: str
    has_figures: bool

    @property
    def levers(self) -> tuple[TrialFigure, ...]:
        """What a court does, item by item."""
        return tuple(one for one in self.figures if one.is_lever)

    @property
    def others(self) -> tuple[TrialFigure, ...]:
        """What it receives, and what else its items read."""
        return tuple(one for one in self.figures if not one.is_lever)

    @property
    def is_changed(self) -> bool:
        return any(one.is_changed for one in self.figures)


def trial_metrics(explored: Explored) -> tuple[str, ...]:
    """The metrics that the court's items read, in the rulebook's order."""
    level = explored.facts(explored.month).level
    read = {
        code for item in explored.rulebook.items if level in item.points for code in item.metrics
    }
    return tuple(code for code in explored.rulebook.metrics if code in read)


def trial_places(explored: Explored) -> dict[str, int]:
    """With how many decimals each of these metrics is written."""
    metrics = explored.rulebook.metrics
    return {code: metrics[code].places for code in trial_metrics(explored)}


def trial_query(explored: Explored, figures: Mapping[str, int]) -> str:
    """The address that tries these figures, which people may type as well."""
    rulebook = explored.rulebook
    return urlencode([(code, written(figures[code], rulebook, code)) for code in sorted(figures)])


def trial_page(
    explored: Explored,
    tried: Mapping[str, int],
    goal_cents: int | None = None,
    goal_rank: int | None = None,
) -> TrialPage:
    """What the tried figures would do, and the cheapest way to a total or a rank."""
    own = explored.facts(explored.month)
    figures = {**own.current, **tried}
    board = board_in(explored.period, explored.gathered, explored.month)
    now = board.court(own.court)
    faults = tuple(_faults(explored, figures))
    changed = {code: value for code, value in tried.items() if own.current.get(code) != value}
    then = now if faults or not changed else _scored(explored, board, changed)
    shows_places = explored.shows_places
    if goal_rank is not None and shows_places:
        goal_cents = cents_for_rank(board.scorecards, own.court, goal_rank)
    plan = None if goal_cents is None else _plan(explored, goal_cents)
    return TrialPage(
        explored=explored,
        figures=tuple(_figures(explored, own, tried)),
        faults=faults,
        total_before=to_text(now.total),
        total_after=to_text(then.total),
        rank_before=now.rank,
        rank_after=then.rank if shows_places else None,
        shows_places=shows_places,
        items=tuple(_items(now, then)),
        plan=plan,
        no_plan=goal_cents is not None and plan is None,
        query=trial_query(explored, changed),
        has_figures=bool(own.current),
    )


def _scored(explored: Explored, board: Scoreboard, changed: Mapping[str, int]) -> Scorecard:
    """The court's card among all others, these figures being changed."""
    return scoring.scorecard_with(
        explored.rulebook,
        explored.month,
        explored.gathered.facts[explored.month],
        explored.court.code,
        changed,
        explored.readings,
        board=board,
    )


def _figures(
    explored: Explored, own: CourtFacts, tried: Mapping[str, int]
) -> Iterator[TrialFigure]:
    levers = lever_metrics(explored.rulebook)
    for code in trial_metrics(explored):
        now = own.current.get(code)
        value = tried.get(code, now)
        yield TrialFigure(
            code=code,
            label=metric_name(explored.rulebook, code),
            side=explored.rulebook.metrics[code].side.value,
            now=now,
            tried=value,
            reach=2 * max(now or 0, value or 0, LEAST_REACH),
            is_lever=code in levers,
            places=explored.rulebook.metrics[code].places,
        )


def _faults(explored: Explored, figures: Mapping[str, int]) -> Iterator[str]:
    """Why no return could carry these figures."""
    for side in explored.rulebook.share_of:
        for finding in scoring.check_figures(explored.rulebook, side, figures):
            if finding.severity is Severity.ERROR:
                yield finding_sentence(finding, explored.rulebook)


def _items(now: Scorecard, then: Scorecard) -> Iterator[TrialItem]:
    language = get_language() or ""
    for before, after in zip(now.items, then.items, strict=True):
        if before.cents != after.cents or before.status is not after.status:
            yield TrialItem(
                code=before.item.code,
                label=before.item.label.get(language),
                before=_points(before),
                after=_points(after),
                full=most_text(before.cap),
            )


def _points(score: ItemScore) -> str:
    return status_label(score.status) if score.points is None else to_text(score.points)


def _plan(explored: Explored, goal_cents: int) -> PlanPage | None:
    """Few cases that reach the goal from the figures that count; None where no levers do."""
    found = cheapest(
        explored.rulebook,
        explored.month,
        explored.gathered.facts[explored.month],
        explored.court.code,
        goal_cents,
        explored.readings,
    )
    if found is None:
        return None
    own = explored.facts(explored.month).current
    changed = {code: value for code, value in found.figures.items() if own.get(code) != value}
    return PlanPage(
        goal=to_text(to_decimal(goal_cents)),
        moves=tuple(
            Move(
                metric_name(explored.rulebook, code),
                figure_change(value - own.get(code, 0), explored.rulebook, code),
                figure(value, explored.rulebook, code),
            )
            for code, value in changed.items()
        ),
        cases=found.cases,
        total=to_text(to_decimal(found.total_cents)),
        proof=_proof(found),
        query=trial_query(explored, changed),
    )


def _proof(found: Plan) -> str:
    """The total it comes to, and how far the plan is proven the cheapest."""
    values = {"total": to_text(to_decimal(found.total_cents)), "levers": found.proven_levers}
    if found.is_cheapest:
        return _("总分到 %(total)s。件数更少的办法都逐一试过，没有一种能到。") % values
    if found.proven_levers:
        text = _(
            "总分到 %(total)s。动的案件不超过%(levers)s种时，没有更省的；种类更多时不保证最省。"
        )
        return text % values
    return _("总分到 %(total)s。办法太多，没有逐一试完，不保证最省。") % values


def goal_missed(page: TrialPage) -> str:
    """Why there is no plan, in words; empty where there is one or none was asked for."""
    return _("只靠案件增减到不了这个目标。") if page.no_plan else ""
