"""Owns how each indicator moved against the year before: per court and of all courts together.

Directions, averages, names and goals come from the supplements in force; nothing is decided here.
Where a court sees its own points only, it sees its own values, and those of the ranked courts
together where all reported them and the others are at least four.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.frame.remembered import remembered
from courts.models import QualityYear
from courts.permissions import Account, Extent, extent_of, own_code
from courts.rulebooks.selectors.supplements import better_label, evidence_label
from courts.scores.selectors.kept_scores import board_in, gathered_to
from courts.snapshots.aggregates import told_together
from courts.wording.amounts import apart, drawn, drawn_unit, level_name, percent, signed, with_unit
from courts.years.selectors.periods import Period
from courts.years.selectors.supplements import supplements_of
from courts.years.selectors.years import rulebook_of
from scoring.bulletins import Against, GoalOfSide
from scoring.directions import Basis, Moved, Verdict, moved
from scoring.rates import PERCENT
from scoring.results import ItemScore, Scorecard
from scoring.rounding import to_text
from scoring.schema import Item, Rulebook, Side, Text
from scoring.supplements import Average, Better

ALL = ""
MARKS: Mapping[Verdict, str] = {
    Verdict.BETTER: "▲",
    Verdict.WORSE: "▼",
    Verdict.EQUAL: "＝",
    Verdict.UNKNOWN: "",
}


@dataclass(frozen=True, slots=True)
class DirectionLine:
    """One indicator of one scope, in words; empty texts where there is nothing to say.

    `verdict` names the look, `mark` and `verdict_label` say it. `unit` and `change_unit` are what
    stands behind the numbers, empty for percents.
    """

    code: str
    label: str
    better: str
    before: str
    basis: str
    now: str
    change: str
    verdict: str
    verdict_label: str
    mark: str
    unit: str = ""
    change_unit: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal of the notice; `sentence` counts how its indicators moved.

    `good` of `compared` moved the good way, `unknown` more have nothing to be compared with.
    `lines` are the indicators in words, none where only the counts are asked for.
    """

    side: Side
    label: str
    paragraph: str
    sentence: str
    good: int
    compared: int
    unknown: int
    lines: tuple[DirectionLine, ...] = ()

    def __bool__(self) -> bool:
        """Whether it has any indicator."""
        return bool(self.compared or self.unknown)


@dataclass(frozen=True, slots=True)
class Scope:
    """A court, or all of them together with the code empty."""

    code: str
    name: str
    goals: tuple[Goal, ...]


@dataclass(frozen=True, slots=True)
class DirectionPage:
    """All scopes that the account sees; `scope` is the one in front."""

    period: Period
    scope: Scope
    scopes: tuple[Scope, ...]
    matrix: tuple[tuple[DirectionLine, tuple[DirectionLine, ...]], ...]
    own_only: bool
    has_directions: bool
    is_demo: bool


@dataclass(frozen=True)
class Said:
    """What the supplements in force say: directions, averages, goals, names of what is measured."""

    better: Mapping[str, Better]
    averages: Mapping[str, Average]
    averages_year: int | None
    goals: tuple[GoalOfSide, ...]
    names: Mapping[str, Text]


class NoDirectionError(LookupError):
    """The account sees no such court in the year."""


def said_of(year: QualityYear, rulebook: Rulebook) -> Said:
    """What is in force of the year. One query.

    Without goals each side is held against the year before, under its own name.
    """
    found = supplements_of(year)
    goals = tuple(goal for one in found for goal in one.bulletin.goals)
    return Said(
        better={code: way for one in found for code, way in one.better.items()},
        averages={code: held for one in found for code, held in one.average.items()},
        averages_year=next((one.year for one in found if one.year is not None), None),
        goals=goals
        or tuple(
            GoalOfSide(share.side, share.label, Against.BASELINE, "") for share in rulebook.sides
        ),
        names={code: text for one in found for code, text in one.bulletin.names.items()},
    )


def direction_page(user: Account, period: Period, court: str) -> DirectionPage:
    """The month's directions; `NoDirectionError` for a court that the account does not see."""
    gathered = gathered_to(period)
    language = get_language() or ""
    names = {one.code: one.label(language) for one in gathered.courts}
    own_only = extent_of(user, period.year) is not Extent.ALL
    own = own_code(user)
    scopes = remembered(
        period.stamp,
        ("directions", period.year.pk, period.basis, period.month, language, own_only, own),
        lambda: tuple(_scopes(period, names, own if own_only else None)),
    )
    scope = next((one for one in scopes if one.code == court), None)
    if scope is None and court == ALL and scopes:
        scope = scopes[0]
    if scope is None:
        raise NoDirectionError(_("这个质量年不考核“%(court)s”，或不对您公布。") % {"court": court})
    demo = gathered.demo[period.month]
    return DirectionPage(
        period=period,
        scope=scope,
        scopes=scopes,
        matrix=tuple(_matrix(scopes)),
        own_only=own_only,
        has_directions=any(goal.lines for goal in scope.goals),
        is_demo=any(one.code in demo or (one.code == ALL and demo) for one in scopes),
    )


def prefecture_goals(period: Period, said: Said, cards: Sequence[Scorecard]) -> tuple[Goal, ...]:
    """The goals of all courts together, counted, for a headline. No query."""
    rulebook = rulebook_of(period.year, period.month)
    found = _found(rulebook, said, period, cards, whole_only=False)
    return tuple(_counted(goal, moves, said) for goal, moves in found)


def _scopes(period: Period, names: Mapping[str, str], own: str | None) -> Iterator[Scope]:
    """All courts together, then each court; for a restricted account the ranked and its own."""
    rulebook = rulebook_of(period.year, period.month)
    said = said_of(period.year, rulebook)
    cards = board_in(period, gathered_to(period), period.month).scorecards
    if own is None:
        goals = _goals(rulebook, said, period, cards, whole_only=False)
        yield Scope(ALL, _("全部法院"), tuple(goals))
    else:
        ranked = rulebook.ranked_level
        levels = {one.code: one.level.value for one in gathered_to(period).courts}
        told = told_together(levels, ranked, own)
        goals = _goals(
            rulebook, said, period, [card for card in cards if card.court in told], whole_only=True
        )
        if told:
            yield Scope(ALL, level_name(rulebook, ranked), tuple(goals))
    for card in cards:
        if own in (None, card.court):
            goals = _goals(rulebook, said, period, [card], whole_only=False)
            yield Scope(card.court, names[card.court], tuple(goals))


def _goals(
    rulebook: Rulebook,
    said: Said,
    period: Period,
    cards: Sequence[Scorecard],
    *,
    whole_only: bool,
) -> Iterator[Goal]:
    for goal, found in _found(rulebook, said, period, cards, whole_only=whole_only):
        lines = tuple(_line(one, rulebook, said) for one in found)
        yield replace(_counted(goal, found, said), lines=lines)


def _found(
    rulebook: Rulebook,
    said: Said,
    period: Period,
    cards: Sequence[Scorecard],
    *,
    whole_only: bool,
) -> Iterator[tuple[GoalOfSide, list[Moved]]]:
    """The goals with how each of their indicators moved."""
    scores: dict[str, list[ItemScore]] = {}
    for card in cards:
        for score in card.items:
            scores.setdefault(score.item.code, []).append(score)
    for goal in said.goals:
        yield (
            goal,
            [
                _moved(scores[item.code], said, goal, period, whole_only=whole_only)
                for item in rulebook.items
                if item.side is goal.side and item.code in said.better and item.code in scores
            ],
        )


def _counted(goal: GoalOfSide, found: Sequence[Moved], said: Said) -> Goal:
    known = [one for one in found if one.verdict is not Verdict.UNKNOWN]
    return Goal(
        side=goal.side,
        label=goal.label.get(get_language() or ""),
        paragraph=goal.paragraph,
        sentence=_sentence(goal, known, said.averages_year),
        good=sum(one.verdict is Verdict.BETTER for one in known),
        compared=len(known),
        unknown=len(found) - len(known),
    )


def _moved(
    scores: Sequence[ItemScore], said: Said, goal: GoalOfSide, period: Period, *, whole_only: bool
) -> Moved:
    item = scores[0].item
    better = said.better[item.code]
    if whole_only and not all(_has_reported(score) for score in scores):
        # With a part of the courts, sums of several items would tell single courts apart.
        return Moved(item, better, None, None, None)
    average = said.averages.get(item.code)
    return moved(scores, better, period.month, goal.against, average)


def _has_reported(score: ItemScore) -> bool:
    return all(code in score.facts.current for code in score.item.metrics)


def _sentence(goal: GoalOfSide, known: Sequence[Moved], averages_year: int | None) -> str:
    """How the indicators of a goal moved, counted."""
    if not known:
        return _("没有可比的指标。")
    if goal.against is Against.AVERAGES:
        good = sum(one.verdict is Verdict.BETTER for one in known)
        return _("可比的%(all)s项指标中，%(good)s项优于%(year)s年平均值或上年。") % {
            "all": len(known),
            "good": good,
            "year": averages_year or "",
        }
    texts = {
        Better.HIGHER: _("可比的正向指标%(all)s项，上升%(good)s项。"),
        Better.LOWER: _("可比的逆向指标%(all)s项，下降%(good)s项。"),
    }
    parts = []
    for better, text in texts.items():
        own = [one for one in known if one.better is better]
        good = sum(one.verdict is Verdict.BETTER for one in own)
        if own:
            parts.append(text % {"all": len(own), "good": good})
    return _join(parts)


def _join(sentences: Sequence[str]) -> str:
    """Sentences one after the other; Chinese leaves no blank between them."""
    is_chinese = (get_language() or "zh").startswith("zh")
    return ("" if is_chinese else " ").join(sentences)


def _matrix(
    scopes: Sequence[Scope],
) -> Iterator[tuple[DirectionLine, tuple[DirectionLine, ...]]]:
    """Every indicator with its lines in all scopes, in one order."""
    by_scope = [{line.code: line for goal in one.goals for line in goal.lines} for one in scopes]
    codes = dict.fromkeys(code for lines in by_scope for code in lines)
    for code in codes:
        first = next(lines[code] for lines in by_scope if code in lines)
        yield first, tuple(lines.get(code, _blank(first)) for lines in by_scope)


def _blank(line: DirectionLine) -> DirectionLine:
    return DirectionLine(line.code, line.label, line.better, "", "", "", "", "unknown", "", "")


def _line(one: Moved, rulebook: Rulebook, said: Said) -> DirectionLine:
    item, language = one.item, get_language() or ""
    return DirectionLine(
        code=item.code,
        label=said.names.get(item.code, item.label).get(language),
        better=better_label(one.better),
        before="" if one.before is None else drawn(one.before, item, rulebook),
        basis=_basis(one, rulebook, language),
        now="" if one.now is None else drawn(one.now, item, rulebook),
        change=_change(one, item),
        verdict=one.verdict.value,
        verdict_label=_verdict_label(one.verdict),
        mark=MARKS[one.verdict],
        unit=drawn_unit(item, rulebook),
        change_unit=with_unit("", apart(item.drawing.unit)).strip() if item.drawing.unit else "",
    )


def _basis(one: Moved, rulebook: Rulebook, language: str) -> str:
    """What the value of the year before is."""
    year = {"year": rulebook.baseline_year}
    match one.basis:
        case Basis.SAME:
            return _("%(year)s年同期") % year
        case Basis.PRORATED:
            return _("%(year)s年全年按月折算") % year
        case Basis.ANNUAL:
            return _("%(year)s年全年") % year
        case Basis.MIXED:
            return _("各院比较的期间不同")
        case Basis.AVERAGE if one.average is not None:
            return _("%(place)s平均值，%(evidence)s") % {
                "place": one.average.place.get(language),
                "evidence": evidence_label(one.average.evidence),
            }
    return ""


def _change(one: Moved, item: Item) -> str:
    """Cases in percent, rates in percentage points, days in days; from nothing, no percent."""
    if one.now is None or one.before is None:
        return ""
    unit = item.drawing.unit
    if unit is not None:
        return with_unit(signed(to_text(one.now - one.before)), apart(unit))
    if not one.before:
        return _("上年为0件")
    share = Fraction(PERCENT * (one.now - one.before)) / one.before
    return percent(signed(to_text(share)))


def _verdict_label(verdict: Verdict) -> str:
    labels = {
        Verdict.BETTER: _("向好"),
        Verdict.WORSE: _("变差"),
        Verdict.EQUAL: _("持平"),
        Verdict.UNKNOWN: _("无可比数"),
    }
    return labels[verdict]
