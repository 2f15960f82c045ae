"""Owns what the page of a court's scorecard shows, in the active language; computes no points.

Everything comes out of the engine's scores and their steps. Terms: a *comparison* is a value and
what it is held against; a *mark* says in a word and a shape how an item stands; a *hint* is a fact
that follows from the rules, such as a maximum the court cannot reach.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

import scoring
from courts.frame.remembered import remembered
from courts.scores.selectors.scores import MonthScores, month_scores, override_texts
from courts.wording.amounts import figure_text, most_text, percent
from courts.wording.explanations import (
    metric_name,
    replaced_sentence,
    sentence,
    spoken,
    status_label,
)
from courts.years.selectors.periods import Period
from courts.years.selectors.years import CourtRow, rulebook_of
from scoring.facts import Month
from scoring.results import ItemScore, Scorecard, Status, Step
from scoring.rounding import to_text
from scoring.schema import Kind, Rulebook, Side

FULL_BAR = 100
APART = frozenset({"reading", "paragraph"})


class NoCourtError(LookupError):
    """No court of that code is assessed in the year."""


@dataclass(frozen=True, slots=True)
class ItemMark:
    """How an item stands: `kind` names shape and colour, `text` says it."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class CourtComparison:
    """A value and what it is held against, both as texts; empty where there is none."""

    caption: str
    value: str
    against_caption: str
    against: str
    is_target: bool


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure of the explanation; `value` is None when it was not reported.

    `origin` says so when the value is not the one the court reported.
    """

    name: str
    code: str
    period: str
    value: str | None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item of the scorecard, with everything that unfolds below it."""

    code: str
    label: str
    short: str
    points: str | None
    full: str
    bar: str
    mark: ItemMark
    gap: str
    comparisons: tuple[CourtComparison, ...]
    sentences: tuple[str, ...]
    readings: tuple[str, ...]
    paragraph: str
    figures: tuple[FigureLine, ...]
    computed: str | None
    hints: tuple[str, ...]
    is_balloted: bool

    @property
    def is_decided(self) -> bool:
        return self.mark.kind == Status.DECIDED


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """The items under one heading, and what they come to.

    `points` is None while none of them has any; `provisional` while some have none.
    """

    code: str
    label: str
    points: str | None
    full: str
    provisional: bool
    items: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class Half:
    """One side of the assessment."""

    code: str
    label: str
    points: str
    full: str
    bar: str
    provisional: bool
    groups: tuple[ItemGroup, ...]


@dataclass(frozen=True, slots=True)
class CourtLink:
    """A court whose scorecard the page can turn to."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """Total and rank by the figures alone, where decisions made them others; None: the same."""

    total: str | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class ScorecardPage:
    """One court in one month."""

    period: Period
    court: CourtLink
    full_name: str
    total: str
    full: str
    bar: str
    rank: int | None
    ranked: int
    provisional: bool
    unscored: int
    halves: tuple[Half, ...]
    previous: CourtLink | None
    following: CourtLink | None
    is_demo: bool
    undecided: Undecided | None = None
    overrides: tuple[str, ...] = ()


def scorecard_page(period: Period, court: str, *, shows_peers: bool) -> ScorecardPage:
    """The scorecard of a court; `NoCourtError` when the year has none such. Nine queries.

    Without `shows_peers` nothing on it comes from another court but the court's own place, and
    the points that the rules themselves take from other courts, without those courts.
    """
    return remembered(
        period.stamp,
        ("scorecard", period, court, shows_peers, get_language()),
        lambda: _scorecard_page(period, court, shows_peers),
    )


def _scorecard_page(period: Period, court: str, shows_peers: bool) -> ScorecardPage:
    scores = remembered(
        period.stamp,
        ("month scores", period.year.pk, period.basis, period.month),
        lambda: month_scores(period.year, period.month, period.basis),
    )
    if court not in scores.courts:
        raise NoCourtError(_("这个月不考核“%(court)s”。请另选法院或月份。") % {"court": court})
    card = scores.scoreboard.court(court)
    row = scores.courts[court]
    language = get_language() or ""
    rulebook = rulebook_of(period.year, period.month)
    halves = tuple(_halves(card, item_lines(card, scores, rulebook, shows_peers), rulebook))
    neighbours = list(scores.courts.values())
    place = neighbours.index(row)
    return ScorecardPage(
        period=period,
        court=_link(row),
        full_name=row.full_name(language),
        total=to_text(card.total),
        full=to_text(scoring.full_points(rulebook)),
        bar=_bar(card.total, scoring.full_points(rulebook)),
        rank=card.rank,
        ranked=sum(other.rank is not None for other in scores.scoreboard.scorecards),
        provisional=card.provisional,
        unscored=sum(item.points is None for item in card.items),
        halves=halves,
        # Cards of other courts are not for everybody.
        previous=_link(neighbours[place - 1]) if shows_peers and place > 0 else None,
        following=_link(neighbours[place + 1])
        if shows_peers and place + 1 < len(neighbours)
        else None,
        is_demo=court in scores.demo,
        undecided=_undecided(card, scores, shows_peers),
        overrides=override_texts(rulebook, card),
    )


def _undecided(card: Scorecard, scores: MonthScores, shows_peers: bool) -> Undecided | None:
    if scores.undecided is None:
        return None
    bare = scores.undecided.court(card.court)
    if not shows_peers:
        # Decisions on other courts move this one's place, and its points where they are read.
        reads_peers = any(score.reads_peers for score in card.items)
        is_moved = bare.total != card.total and not reads_peers
        return Undecided(to_text(bare.total), None) if is_moved else None
    if (bare.total, bare.rank) == (card.total, card.rank):
        return None
    return Undecided(to_text(bare.total), None if bare.rank == card.rank else bare.rank)


def _link(row: CourtRow) -> CourtLink:
    return CourtLink(row.code, row.label(get_language() or ""))


def _halves(card: Scorecard, lines: Mapping[str, ItemLine], rulebook: Rulebook) -> Iterator[Half]:
    language = get_language() or ""
    for share in rulebook.sides:
        points = card.half(share.side)
        yield Half(
            code=share.side.value,
            label=share.label.get(language),
            points=to_text(points),
            full=to_text(share.points),
            bar=_bar(points, share.points),
            provisional=share.side in card.provisional_sides,
            groups=tuple(_groups(card, share.side, lines, rulebook)),
        )


def _groups(
    card: Scorecard, side: Side, lines: Mapping[str, ItemLine], rulebook: Rulebook
) -> Iterator[ItemGroup]:
    # The same code may stand for a group of each side.
    for group in (one for one in rulebook.groups if one.side is side):
        items = [
            item for item in card.items if (item.item.side, item.item.group) == (side, group.code)
        ]
        if not items:
            continue
        earned = [item.points for item in items if item.points is not None]
        yield ItemGroup(
            code=group.code,
            label=group.label.get(get_language() or ""),
            points=to_text(sum(earned, Decimal(0))) if earned else None,
            provisional=len(earned) < len(items),
            full=to_text(
                sum((item.max_points for item in items if not item.item.is_bonus), Decimal(0))
            ),
            items=tuple(lines[item.item.code] for item in items),
        )


def item_lines(
    card: Scorecard, scores: MonthScores, rulebook: Rulebook, shows_peers: bool
) -> dict[str, ItemLine]:
    """Every item of a scorecard as the page shows it, by code."""
    language = get_language() or ""
    names = {code: row.label(language) for code, row in scores.courts.items()}
    hints = _hints(card, rulebook, scores.scoreboard.readings)
    lines = {}
    for score in card.items:
        steps = score.steps if shows_peers else score.own_steps
        sentences = [(step.kind, sentence(step, rulebook, names)) for step in steps]
        lines[score.item.code] = ItemLine(
            code=score.item.code,
            label=score.item.label.get(language),
            short=score.item.short.get(language),
            points=None if score.points is None else to_text(score.points),
            full=most_text(score.cap),
            bar=_bar(score.points or Decimal(0), score.cap or Decimal(0)),
            mark=_mark(score),
            gap=_gap(score, steps),
            comparisons=tuple(_comparisons(score, rulebook)),
            sentences=tuple(text for kind, text in sentences if kind not in APART),
            readings=tuple(text for kind, text in sentences if kind == "reading"),
            paragraph="".join(text for kind, text in sentences if kind == "paragraph"),
            figures=tuple(_figure_lines(steps, rulebook)),
            computed=_computed(score),
            hints=tuple(hints.get(score.item.code, ())),
            is_balloted=score.item.formula.reads_ballots,
        )
    return lines


def _bar(points: Decimal, full: Decimal) -> str:
    """The share of the full points, in hundredths, for drawing; none of points that have none."""
    share = FULL_BAR * points / full if full else Decimal(0)
    return to_text(min(max(share, Decimal(0)), Decimal(FULL_BAR)))


def _computed(score: ItemScore) -> str | None:
    if score.computed is None or score.computed.points is None:
        return None
    return to_text(score.computed.points)


def _mark(score: ItemScore) -> ItemMark:
    if score.status is not Status.SCORED or score.points is None:
        return ItemMark(score.status.value, status_label(score.status))
    if score.item.is_bonus:
        return _bonus_mark(score.points)
    known = [one.met for one in score.measured if one.met is not None]
    if score.points == score.max_points:
        return ItemMark("full", _("达标") if known else _("满分"))
    kind = "part" if score.points else "zero"
    if known:
        return ItemMark(kind, _("未达标"))
    return ItemMark(kind, _("部分得分") if score.points else _("未得分"))


def _bonus_mark(points: Decimal) -> ItemMark:
    if not points:
        return ItemMark("part", _("没有加减分"))
    return ItemMark("full", _("加分")) if points > 0 else ItemMark("zero", _("扣分"))


def _gap(score: ItemScore, steps: tuple[Step, ...]) -> str:
    """What stands in place of a value that there is none of: missing or not applicable."""
    if score.value is not None or score.status is Status.DECIDED:
        return ""
    if score.status is Status.PENDING:
        return "pending"
    sums = [step.data["total"] for step in steps if step.kind == "figures"]
    return "missing" if score.status is Status.NOT_REPORTED or None in sums else "not-applicable"


def _comparisons(score: ItemScore, rulebook: Rulebook) -> Iterator[CourtComparison]:
    for one in score.measured:
        yield CourtComparison(
            caption=spoken(one.caption, rulebook),
            value=spoken(one.value, rulebook),
            against_caption=spoken(one.against_caption, rulebook),
            against=spoken(one.against, rulebook),
            is_target=one.is_target,
        )


def _figure_lines(steps: tuple[Step, ...], rulebook: Rulebook) -> Iterator[FigureLine]:
    """Every figure once, in the order of the explanation."""
    seen = set()
    origins = {
        (figure["metric"], step.data["month"]): replaced_sentence(figure, rulebook)
        for step in steps
        if step.kind == "replaced"
        for figure in step.data["figures"]
    }
    for step in steps:
        if step.kind != "figures":
            continue
        for figure in step.data["figures"]:
            code, month = figure["metric"], step.data["month"]
            if (code, month) in seen:
                continue
            seen.add((code, month))
            yield FigureLine(
                name=metric_name(rulebook, code),
                code=code,
                period=_figure_period(Month.parse(month), rulebook.metrics[code].kind),
                value=figure_text(figure["value"], rulebook.metrics[code].places) or None,
                origin=origins.get((code, month), ""),
            )


def _figure_period(month: Month, kind: Kind) -> str:
    values = {"year": month.year, "month": month.month}
    if kind is Kind.STOCK:
        return _("%(year)s年%(month)s月末") % values
    if month.previous is None:
        return _("%(year)s年1月") % values
    return _("%(year)s年1–%(month)s月") % values


def _hints(
    card: Scorecard, rulebook: Rulebook, readings: Mapping[str, str]
) -> dict[str, list[str]]:
    """Facts that follow from the rules, by the item they bear on."""
    language = get_language() or ""
    facts = card.items[0].facts
    month = card.items[0].context.month
    found: dict[str, list[str]] = {}
    best = scoring.attainable(rulebook, month, facts, readings)
    for score in card.items:
        most = best[score.item.code]
        if most is not None and score.cap is not None and most < score.cap:
            found.setdefault(score.item.code, []).append(
                _("以本院上年数据为基数，这一项最多能得 %(most)s 分，达不到 %(full)s 分。")
                % {"most": to_text(most), "full": to_text(score.cap)}
            )
    for clash in scoring.contradictions(rulebook, month, facts, readings):
        values = {
            "met": rulebook.item_by_code[clash.met].short.get(language),
            "value": percent(to_text(clash.value)),
            "limit": percent(to_text(clash.limit)),
            "other": rulebook.item_by_code[clash.unreachable].short.get(language),
        }
        found.setdefault(clash.unreachable, []).append(
            _("本院%(met)s为 %(value)s，超过 %(limit)s，%(other)s的目标因此无法达到。") % values
        )
    return found
