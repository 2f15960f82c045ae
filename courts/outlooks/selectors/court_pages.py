"""Owns what the page of one court shows: what it has, what is left, which case brings most.

Every gain is the engine's answer to other figures; the page only puts them in order. Terms: a *way*
is one metric moved by whole units, with what has to move with it; its *price* is how many units a
point of the total costs. Cases, days and people have no common price: each stands among its own
kind, cases first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import get_language
from django.utils.translation import gettext as _

import scoring
from courts.frame.listing import enumerated
from courts.frame.remembered import remembered
from courts.outlooks.charts import Band as Span
from courts.outlooks.charts import Chart, Line, lines
from courts.scores.selectors.explored import Explored
from courts.scores.selectors.kept_scores import board_in
from courts.scores.selectors.scores import SidePoints, halves_of, override_texts
from courts.wording.amounts import KINDS, figure, figure_change, most_text, signed_points, unit_of
from courts.wording.explanations import metric_name, newly_sentence, status_label
from courts.wording.months import month_word
from scoring.bands import Band, band
from scoring.facts import Month
from scoring.results import ItemScore, Scoreboard, Scorecard, Status
from scoring.rounding import HUNDRED, to_decimal, to_text
from scoring.schema import Kind, Rulebook
from scoring.whatif import Gain, Way

# Fewer courts have no middle worth comparing with.
FEWEST_PEERS = 3
# Points times a hundred: what a sparkline is drawn from.
Cents = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class WayLine:
    """A way in words: what to move, by how much, and what it brings; `unit` is what it moves."""

    metric: str
    unit: str
    next_step: str
    all_steps: str
    kind: Kind
    price: Fraction

    @property
    def order(self) -> tuple[int, Fraction]:
        """Cases before days before people, and among each the cheapest first."""
        return KINDS.index(self.kind), self.price


@dataclass(frozen=True, slots=True)
class CourtItem:
    """One item: its points, what is left of it, and the cheapest way to more.

    `middle` is the median of the prefecture's courts of the level, `standing` how the court stands
    to their middle half; both are empty where there is nothing to compare with, or the account
    sees its own points only.
    """

    code: str
    label: str
    points: str | None
    full: str
    left: str
    cents: Cents
    month: int
    before: str
    middle: str
    standing: str
    ways: tuple[WayLine, ...]
    why_not: str

    @property
    def best(self) -> WayLine | None:
        """The way with the fewest cases a point; of days or people where no cases help."""
        return self.ways[0] if self.ways else None


@dataclass(frozen=True, slots=True)
class CourtPage:
    """One court in a month, the cheapest points first; `newly` is a share of `change`, in words."""

    explored: Explored
    total: str
    left: str
    rank: int | None
    ranked: int
    before: str
    change: str
    newly: str
    items: tuple[CourtItem, ...]
    charts: tuple[Chart, ...]
    sentence: str
    has_figures: bool
    halves: tuple[SidePoints, ...] = ()
    overrides: tuple[str, ...] = ()


def court_page(explored: Explored) -> CourtPage:
    """The page of a court; of its own year to date and of the month's other courts."""
    return remembered(
        explored.period.stamp,
        ("court_page", explored.period, explored.court.pk, explored.shows_peers, get_language()),
        lambda: _court_page(explored),
    )


def _court_page(explored: Explored) -> CourtPage:
    boards = {
        month: board_in(explored.period, explored.gathered, month) for month in explored.months
    }
    board = boards[explored.month]
    card = board.court(explored.court.code)
    found = _ways(explored) if card.items and explored.facts(explored.month).current else {}
    earlier = explored.month.previous
    before = None if earlier is None else _reported(explored, boards, earlier)
    items = sorted(
        (_item(explored, boards, score, before, found) for score in card.items),
        key=lambda item: (item.best is None, item.best.order if item.best else ()),
    )
    change = None if before is None else card.total - before.total
    return CourtPage(
        explored=explored,
        total=to_text(card.total),
        left=to_text(max(explored.full_points - card.total, Decimal(0))),
        rank=card.rank,
        ranked=sum(one.rank is not None for one in board.scorecards),
        before="" if before is None else to_text(before.total),
        change="" if change is None else signed_points(change),
        newly="" if before is None else newly_sentence(scoring.newly_counted(card, before)),
        items=tuple(items),
        charts=(_chart(explored, boards),) if explored.rulebook.has_total else (),
        sentence=_sentence(items),
        has_figures=bool(explored.facts(explored.month).current),
        halves=halves_of(explored.rulebook, card),
        overrides=override_texts(explored.rulebook, card),
    )


def _cents_of(card: Scorecard, code: str) -> int | None:
    """An item's points in cents; None where that month's rules had no such item, or no points."""
    return next((one.cents for one in card.items if one.item.code == code), None)


def _reported(
    explored: Explored, boards: Mapping[Month, Scoreboard], month: Month
) -> Scorecard | None:
    """The court's card of a month it reported anything for."""
    if not explored.facts(month).current:
        return None
    return boards[month].court(explored.court.code)


def _ways(explored: Explored) -> dict[str, list[Way]]:
    found: dict[str, list[Way]] = {}
    for way in scoring.ways(
        explored.rulebook,
        explored.month,
        explored.gathered.facts[explored.month],
        explored.court.code,
        explored.readings,
    ):
        found.setdefault(way.lever.item, []).append(way)
    return found


def _item(
    explored: Explored,
    boards: Mapping[Month, Scoreboard],
    score: ItemScore,
    before: Scorecard | None,
    found: Mapping[str, list[Way]],
) -> CourtItem:
    code = score.item.code
    total = boards[explored.month].court(explored.court.code).total_cents
    ways = sorted(
        _way_lines(explored.rulebook, score, total, found.get(code, [])),
        key=lambda line: line.order,
    )
    middle = _middle_of(explored, boards[explored.month], score)
    earlier = None if before is None else _cents_of(before, code)
    return CourtItem(
        code=code,
        label=score.item.label.get(get_language() or ""),
        points=None if score.points is None else to_text(score.points),
        full=most_text(score.cap),
        left=_left(score),
        cents=tuple(_cents(explored, boards, code)),
        month=explored.month.month,
        before="" if earlier is None else to_text(to_decimal(earlier)),
        middle="" if middle is None else to_text(middle.middle),
        standing=_standing(score.points, middle),
        ways=tuple(ways),
        why_not="" if ways else _why_not(score),
    )


def _left(score: ItemScore) -> str:
    """What is missing from the full points; nothing is of points that come on top."""
    if score.item.is_bonus:
        return "—"
    return to_text(score.max_points - (score.points or Decimal(0)))


def _middle_of(explored: Explored, board: Scoreboard, score: ItemScore) -> Band | None:
    """The middle of the item over the courts of the level that reported something.

    None where they are few, or where the account sees its own points only: a middle, month by
    month or of few courts, is another court's points.
    """
    if not explored.shows_peers:
        return None
    known = {one.court for one in explored.gathered.facts[explored.month] if one.current}
    peers = [
        card.item(score.item.code).points
        for card in board.scorecards
        if card.level is score.facts.level and card.court in known
    ]
    if len(peers) < FEWEST_PEERS:
        return None
    return band(points for points in peers if points is not None)


def _middle_total(explored: Explored, board: Scoreboard, month: Month) -> Band | None:
    """The middle of the totals of a month, on the same terms."""
    known = {one.court for one in explored.gathered.facts[month] if one.current}
    # The middle of two would tell one the points of the other.
    if not explored.shows_peers or len(known) < FEWEST_PEERS:
        return None
    level = board.court(explored.court.code).level
    return band(one.total for one in board.scorecards if one.level is level and one.court in known)


def _cents(
    explored: Explored, boards: Mapping[Month, Scoreboard], code: str
) -> Iterator[int | None]:
    for month in explored.months:
        card = _reported(explored, boards, month)
        yield None if card is None else _cents_of(card, code)


def _way_lines(
    rulebook: Rulebook, score: ItemScore, total: int, ways: list[Way]
) -> Iterator[WayLine]:
    for way in ways:
        step = way.next_point or way.first
        if step is None or step.total_cents <= total:
            continue
        more = way.most if way.most is not None and way.most.cases > step.cases else None
        code = way.lever.metric
        yield WayLine(
            metric=metric_name(rulebook, code),
            unit=unit_of(rulebook, [code]),
            kind=rulebook.metrics[code].kind,
            next_step=_gain_text(rulebook, way, step, score, total),
            all_steps="" if more is None else _gain_text(rulebook, way, more, score, total),
            price=Fraction(step.cases * HUNDRED, step.total_cents - total),
        )


def _gain_text(rulebook: Rulebook, way: Way, gain: Gain, score: ItemScore, total: int) -> str:
    """What a gain takes and brings: whole units, the item's points, those of the total."""
    values = {
        "metric": metric_name(rulebook, way.lever.metric),
        "amount": figure(gain.cases, rulebook, way.lever.metric),
        "points": to_text(to_decimal(gain.item_cents - (score.cents or 0))),
        "total": to_text(to_decimal(gain.total_cents - total)),
    }
    if not rulebook.has_total:
        fewer, more = (
            _("%(metric)s少%(amount)s，这一项多%(points)s分"),
            _("%(metric)s多%(amount)s，这一项多%(points)s分"),
        )
        text = fewer if way.lever.direction < 0 else more
    elif way.lever.direction < 0:
        text = _("%(metric)s少%(amount)s，这一项多%(points)s分，总分多%(total)s分")
    else:
        text = _("%(metric)s多%(amount)s，这一项多%(points)s分，总分多%(total)s分")
    others = [
        f"{metric_name(rulebook, code)}{figure_change(change, rulebook, code)}"
        for code, change in gain.changes.items()
        if code != way.lever.metric
    ]
    said = text % values
    if others:
        said += _("（随之%(others)s）") % {"others": enumerated(others)}
    return said


def _why_not(score: ItemScore) -> str:
    """Why no whole cases bring more, in words."""
    if not score.item.is_bonus and score.points == score.max_points:
        return _("已得满分")
    if score.status is Status.DECIDED:
        return _("院党组已决定分数")
    if score.status is not Status.SCORED:
        return status_label(score.status)
    return _("单靠一种数据增减到不了更多分")


def _standing(points: Decimal | None, middle: Band | None) -> str:
    if points is None or middle is None:
        return ""
    if points < middle.low:
        return _("低于多数法院")
    if points > middle.high:
        return _("高于多数法院")
    return _("与多数法院相当")


def _sentence(items: list[CourtItem]) -> str:
    best = next((item for item in items if item.best is not None), None)
    if best is None or best.best is None:
        return _("没有哪一种数据单独增减就能再得分。")
    if best.best.kind is not Kind.COUNT:
        return _("案件增减都不再得分；可以考虑：%(item)s——%(way)s。") % {
            "item": best.label,
            "way": best.best.next_step,
        }
    return _("案件最省的一分：%(item)s——%(way)s。") % {
        "item": best.label,
        "way": best.best.next_step,
    }


def _chart(explored: Explored, boards: Mapping[Month, Scoreboard]) -> Chart:
    """The court's total month by month, before the middle half of the courts of its level."""
    own: list[tuple[str, Decimal | None]] = []
    spans: list[tuple[str, Fraction, Fraction]] = []
    rows: list[list[str]] = []
    for month in explored.months:
        name = month_word(month.month)
        card = _reported(explored, boards, month)
        middle = _middle_total(explored, boards[month], month)
        own.append((name, None if card is None else card.total))
        if middle is not None:
            spans.append((name, middle.low, middle.high))
        row = [name, "—" if card is None else to_text(card.total)]
        if explored.shows_peers:
            row += [
                "—" if middle is None else to_text(middle.middle),
                "—" if middle is None else f"{to_text(middle.low)}–{to_text(middle.high)}",
            ]
        rows.append(row)
    told = [value for _name, value in own if value is not None]
    sentence = _("还没有得分。")
    if told:
        values = {"low": to_text(min(told)), "high": to_text(max(told)), "months": len(told)}
        sentence = _("%(months)s个月里总分在%(low)s至%(high)s之间。") % values
        if spans:
            sentence = _(
                "%(months)s个月里总分在%(low)s至%(high)s之间；浅色带是多数法院所在的范围。"
            )
            sentence = sentence % values
    beside = (_("各院中位"), _("多数法院")) if explored.shows_peers else ()
    spec = lines(
        [Line(explored.name, own)],
        x_title=_("月份"),
        y_title=_("总分"),
        band=Span(_("多数法院"), spans) if spans else None,
    )
    return Chart(
        code="total",
        title=_("%(court)s：总分各月") % {"court": explored.name},
        sentence=sentence,
        spec=spec,
        headings=(_("月份"), explored.name, *beside),
        rows=rows,
        is_demo=explored.is_demo,
        months=explored.months,
    )
