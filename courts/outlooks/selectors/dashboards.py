"""Owns what the prefecture's dashboard shows: where all courts stand, and whom to help first.

Every score is the engine's; sums over courts add what the courts' pages print. Terms: the *board*
is courts × items; *pace* is the year to date carried on evenly, not an estimate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.frame.choices import Choice
from courts.frame.remembered import remembered
from courts.models import QualityYear
from courts.outlooks.charts import Chart
from courts.outlooks.selectors.dashboard_alerts import Alert, alerts
from courts.outlooks.selectors.dashboard_caps import CapLine, cap_lines, caps_charts
from courts.outlooks.selectors.dashboard_headlines import Headline, headlines
from courts.outlooks.selectors.dashboard_months import SeenMonth, see, short
from courts.permissions import Account
from courts.reviews.selectors.completeness import completeness
from courts.scores.selectors.scores import RankingRow
from courts.wording.amounts import apart, most_text, signed, two_digits, with_unit
from courts.wording.explanations import status_label
from courts.years.selectors.entry_windows import local_day
from courts.years.selectors.periods import Period
from courts.years.selectors.years import sides_of
from scoring.results import ItemScore, Status
from scoring.rounding import to_text
from scoring.schema import Direction, Item, Unit

MOST_ALERTS = 40
# A prefecture fits; of a province's courts the board shows so many at a time.
COURTS_PER_PAGE = 20
# A strip of the board fits a desk's screen and a lying sheet.
ITEMS_PER_STRIP = 16


@dataclass(frozen=True, slots=True)
class BoardCell:
    """One item of one court. `kind` names shape and colour, `mark` is the shape, `text` says it.

    `distance` is how far the value is from its target, + beyond it; empty without one.
    """

    code: str
    points: str | None
    full: str
    kind: str
    mark: str
    text: str
    distance: str = ""


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One court's line of the board."""

    code: str
    name: str
    row: RankingRow
    cells: tuple[BoardCell, ...]

    @property
    def rank_moved(self) -> int:
        """By how many ranks the court moved, whichever way."""
        return abs(self.row.rank_change or 0)


@dataclass(frozen=True, slots=True)
class BoardStrip:
    """Some items of the board, of one side, for the courts of a page: what fits a sheet's width.

    `items` are codes and short names; a line's cells stand beside the items they are of.
    """

    label: str
    items: tuple[tuple[str, str], ...]
    lines: tuple[tuple[BoardLine, tuple[tuple[BoardCell, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class DashboardPage:
    """The prefecture in a month, all courts."""

    period: Period
    side: str
    sides: tuple[Choice, ...]
    headlines: tuple[Headline, ...]
    items: tuple[tuple[str, str], ...]
    lines: tuple[BoardLine, ...]
    apart: tuple[BoardLine, ...]
    caps: tuple[CapLine, ...]
    alerts: tuple[Alert, ...]
    more_alerts: int
    seen: SeenMonth
    is_demo: bool
    slider: int

    @property
    def has_figures(self) -> bool:
        return self.period.has_figures

    @property
    def courts(self) -> tuple[BoardLine, ...]:
        """The ranked courts and those that stand apart."""
        return (*self.lines, *self.apart)


@dataclass(frozen=True, slots=True)
class DashboardPart:
    """The courts of the dashboard that one page shows, in strips, and the pictures of these."""

    lines: Page[BoardLine]
    strips: tuple[BoardStrip, ...]
    charts: tuple[Chart, ...]


def known_side(year: QualityYear, side: str) -> bool:
    """Whether it names a side of the year, or none for all."""
    return side in ("", *sides_of(year))


def dashboard_page(user: Account, period: Period, side: str, now: datetime) -> DashboardPage:
    """The dashboard of a month, of both sides or of one. A constant number of queries."""
    return remembered(
        period.stamp,
        ("dashboard", user.pk, period, side, get_language(), local_day(now)),
        lambda: _dashboard_page(user, period, side, now),
    )


def dashboard_part(page: DashboardPage, number: str | None) -> DashboardPart:
    """One page of the courts with their pictures; the first or last where there is none such."""
    lines = Paginator(page.courts, COURTS_PER_PAGE).get_page(number)
    shown = {line.code for line in lines}
    period = page.seen.period
    charts = remembered(
        period.stamp,
        ("dashboard_charts", period, page.side, get_language(), lines.number),
        lambda: caps_charts(page.seen, [cap for cap in page.caps if cap.code in shown]),
    )
    return DashboardPart(lines, tuple(_strips(page, list(lines))), charts)


def _strips(page: DashboardPage, lines: Sequence[BoardLine]) -> Iterator[BoardStrip]:
    """The board cut by side, and evenly where a side has more items than a strip."""
    language = get_language() or ""
    first = 0
    for share in page.seen.rulebook.sides:
        if not page.seen.shows(share.side):
            continue
        number = sum(item.side is share.side for item in page.seen.rulebook.items)
        strips = -(-number // ITEMS_PER_STRIP)
        for place in range(strips):
            end = first + number // strips + (place < number % strips)
            items = page.items[first:end]
            yield BoardStrip(
                label=share.label.get(language),
                items=items,
                lines=tuple(
                    (
                        line,
                        tuple(
                            (cell, short)
                            for cell, (_code, short) in zip(
                                line.cells[first:end], items, strict=True
                            )
                        ),
                    )
                    for line in lines
                ),
            )
            first = end


def _dashboard_page(user: Account, period: Period, side: str, now: datetime) -> DashboardPage:
    language = get_language() or ""
    seen = see(user, period, side)
    state = completeness(period.year, now, with_filled=False)
    shown = [item for item in seen.rulebook.items if side in ("", item.side.value)]
    lines = [_line(seen, row, shown) for row in seen.rows]
    caps = tuple(cap_lines(seen))
    found = alerts(user, seen, caps, state)
    return DashboardPage(
        period=period,
        side=side,
        sides=tuple(
            Choice(share.side.value, share.label.get(language), share.side.value == side)
            for share in seen.rulebook.sides
        ),
        headlines=tuple(headlines(seen, caps, state)),
        items=tuple((item.code, short(item)) for item in shown),
        lines=tuple(
            sorted(
                (line for line in lines if line.row.rank is not None),
                key=lambda line: (line.row.rank or 0, line.row.court.order),
            )
        ),
        apart=tuple(line for line in lines if line.row.rank is None),
        caps=caps,
        alerts=found[:MOST_ALERTS],
        more_alerts=max(0, len(found) - MOST_ALERTS),
        seen=seen,
        is_demo=bool(seen.gathered.demo[period.month]),
        slider=period.month.month,
    )


def _line(seen: SeenMonth, row: RankingRow, items: Sequence[Item]) -> BoardLine:
    scores = {score.item.code: score for score in row.scorecard.items}
    language = get_language()
    return BoardLine(
        code=row.code,
        name=seen.names[row.code],
        row=row,
        cells=tuple(_cell(item, scores.get(item.code), language) for item in items),
    )


class _CellTold(NamedTuple):
    """All of an item's score that its cell tells."""

    code: str
    is_bonus: bool
    direction: Direction | None
    status: Status
    points: Decimal | None
    max_points: Decimal
    cap: Decimal | None
    value: Fraction | None
    target: Decimal | Fraction | None
    unit: Unit


def _cell(item: Item, score: ItemScore | None, language: str | None) -> BoardCell:
    """How far the item is from what it can bring, in a shape and a word."""
    if score is None:
        return BoardCell(item.code, None, "", "none", "", _("没有这一项"))
    told = _CellTold(
        code=item.code,
        is_bonus=item.is_bonus,
        direction=item.goal.direction if item.goal else None,
        status=score.status,
        points=score.points,
        max_points=score.max_points,
        cap=score.cap,
        value=score.value,
        target=score.target,
        unit=score.unit,
    )
    return _said(told, language)


# A changed figure changes few cells of a board; those of some prefectures.
@lru_cache(maxsize=8192)
def _said(told: _CellTold, _language: str | None) -> BoardCell:
    """The cell in the active language."""
    code, full = told.code, most_text(told.cap)
    if told.points is None:
        return BoardCell(code, None, full, "gap", "…", status_label(told.status))
    points, distance = to_text(told.points), _distance(told)
    if told.is_bonus:
        return _bonus_cell(code, told.points, full)
    if told.points == told.max_points:
        return BoardCell(code, points, full, "full", "●", _("满分"), distance)
    if not told.points:
        return BoardCell(code, points, full, "zero", "○", _("未得分"), distance)
    half = 2 * told.points >= told.max_points
    if half:
        return BoardCell(code, points, full, "most", "◕", _("过半"), distance)
    return BoardCell(code, points, full, "part", "◔", _("不到一半"), distance)


def _bonus_cell(code: str, points: Decimal, full: str) -> BoardCell:
    """Points that come on top, or off."""
    if not points:
        return BoardCell(code, to_text(points), full, "zero", "○", _("没有加减分"))
    kind, mark, text = ("full", "＋", _("加分")) if points > 0 else ("part", "−", _("扣分"))
    return BoardCell(code, to_text(points), full, kind, mark, text)


def _distance(told: _CellTold) -> str:
    """How far beyond its target (+) or short of it (−) the value is; empty without a target."""
    if told.direction is None or told.value is None or told.target is None:
        return ""
    beyond = told.value - Fraction(told.target)
    if told.direction is not Direction.AT_LEAST:
        beyond = -beyond
    return with_unit(signed(two_digits(beyond)), apart(told.unit))
