"""Owns what the page of a court's outlook shows: estimates of the engine's, in words.

Estimates are never points: the page says so, and nothing is stored. The same figures always give
the same answer, so it is kept for a while.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from math import ceil

from django.core.cache import cache
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

import scoring
from courts.figures.selectors.caps_in_force import caps_in_force
from courts.figures.selectors.facts import gather
from courts.frame.remembered import remembered
from courts.outlooks.charts import Band, Chart, Limit, Line, lines
from courts.outlooks.selectors.month_profiles import profile_of
from courts.scores.selectors.explored import Explored
from courts.wording.amounts import counted, most_text, percent, unit_of
from courts.wording.explanations import metric_name
from courts.wording.months import month_name, month_word
from scoring.caps import capped_metrics
from scoring.facts import CourtFacts, Month
from scoring.outlook import (
    Calibration,
    CourtEnd,
    Ends,
    Projection,
    calibration,
    known_of,
    measured,
    project,
    year_ends,
)
from scoring.rates import MONTHS_OF_YEAR, total
from scoring.rounding import to_text
from scoring.schema import Kind
from scoring.seasons import Profile, Season

KEPT_SECONDS = 24 * 60 * 60
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class CountLine:
    """A count of cases, and where the year may end. `risk` is empty where there is no cap."""

    code: str
    label: str
    to_date: int
    last_year: int | None
    low: int
    middle: int
    high: int
    cap: int | None
    risk: str
    breaks_in: str
    breaks_month: Month | None
    is_at_risk: bool


@dataclass(frozen=True, slots=True)
class PointsLine:
    """Points now and at the end of the year; texts, None where there are none."""

    code: str
    label: str
    full: str
    now: str | None
    expected: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class OutlookPage:
    """A court's outlook. `is_over` in December: there is nothing left to estimate."""

    explored: Explored
    is_over: bool
    capped: CountLine | None
    counts: tuple[CountLine, ...]
    total: PointsLine | None
    rank_now: int | None
    ranks: tuple[int, int] | None
    items: tuple[PointsLine, ...]
    charts: tuple[Chart, ...]
    calibration: str
    sentence: str
    is_shown: bool = True


def outlook_page(explored: Explored) -> OutlookPage:
    """The outlook of a court from its figures of a month and the years before."""
    return remembered(
        explored.period.stamp,
        ("outlook", explored.period, explored.court.pk, explored.shows_peers, get_language()),
        lambda: _outlook_page(explored),
    )


def _outlook_page(explored: Explored) -> OutlookPage:
    facts = explored.facts(explored.month)
    is_over = explored.month.month == MONTHS_OF_YEAR
    profile = profile_of(explored.period.year)
    season = Season(
        explored.rulebook, explored.month, explored.gathered.facts[explored.month], profile
    )
    capped, projection = _capped(explored, season, facts)
    board = scoring.score(
        explored.rulebook,
        explored.month,
        explored.gathered.facts[explored.month],
        explored.readings,
    )
    card = board.court(explored.court.code)
    end = None if is_over or not facts.current else _end(explored, profile)
    full = to_text(explored.full_points)
    tested = _backtest(explored, profile)
    if not tested.keeps_its_word:
        return _not_shown(explored, tested, card.rank, is_over=is_over)
    return OutlookPage(
        explored=explored,
        is_over=is_over,
        capped=capped,
        counts=tuple(_counts(explored, season, facts)),
        total=None if end is None else _points("", "", full, to_text(card.total), end.total),
        rank_now=card.rank,
        ranks=None if end is None or not explored.shows_peers else end.ranks,
        items=() if end is None else tuple(_items(explored, card.items, end)),
        charts=() if capped is None or projection is None else (_chart(explored, capped),),
        calibration=_calibrated(tested),
        sentence=_sentence(explored, capped),
    )


def _not_shown(
    explored: Explored, tested: Calibration, rank: int | None, *, is_over: bool
) -> OutlookPage:
    """The page where too many earlier intervals did not hold: it forecasts nothing."""
    return OutlookPage(
        explored=explored,
        is_over=is_over,
        capped=None,
        counts=(),
        total=None,
        rank_now=rank,
        ranks=None,
        items=(),
        charts=(),
        calibration=_calibrated(tested),
        sentence="",
        is_shown=False,
    )


def _capped(
    explored: Explored, season: Season, facts: CourtFacts
) -> tuple[CountLine | None, Projection | None]:
    """The sum that is capped, where the rulebook caps one and its figures are there."""
    rulebook = explored.rulebook
    if rulebook.caps is None:
        return None, None
    item = rulebook.item_by_code[rulebook.caps.item]
    known = known_of(rulebook, season, facts, capped_metrics(rulebook))
    if known is None:
        return None, None
    row = caps_in_force(explored.period.year, explored.month).get(explored.court.pk)
    cap = None if row is None else row.cap_cases
    projection = project(season, known, cap)
    label = item.label.get(get_language() or "")
    return _line(explored, item.code, label, projection), projection


def _counts(explored: Explored, season: Season, facts: CourtFacts) -> Iterator[CountLine]:
    """Every count of cases the court reported."""
    for code, metric in explored.rulebook.metrics.items():
        known = known_of(explored.rulebook, season, facts, (code,))
        if metric.kind is Kind.COUNT and known is not None:
            label = metric_name(explored.rulebook, code)
            yield _line(explored, code, label, project(season, known))


def _line(explored: Explored, code: str, label: str, found: Projection) -> CountLine:
    number = found.breaks_in
    month = None if number is None else Month(explored.month.year, number)
    return CountLine(
        code=code,
        label=label,
        to_date=found.to_date,
        last_year=found.last_year,
        low=found.low,
        middle=found.middle,
        high=found.high,
        cap=found.cap,
        risk="" if found.risk is None else chance_text(found.risk),
        breaks_in="" if month is None else month_name(month),
        breaks_month=month,
        is_at_risk=found.cap is not None and found.middle > found.cap,
    )


def chance_text(chance: float) -> str:
    """A probability in whole percent; what is nearly certain is not said to be so."""
    if 0 < chance < 0.01:
        return percent("<1")
    if 0.99 < chance < 1:
        return percent(">99")
    return percent(str(round(HUNDRED * chance)))


def _end(explored: Explored, profile: Profile | None) -> CourtEnd | None:
    """The court's year-end among all of the prefecture's, drawn once for the same figures."""
    facts = explored.gathered.facts[explored.month]
    only = None if explored.shows_peers else explored.court.code
    said = repr((explored.rulebook.sha256, explored.month, explored.readings, facts, only, profile))
    key = f"outlook:{sha256(said.encode()).hexdigest()}"
    found = cache.get(key)
    if found is None:
        found = year_ends(
            explored.rulebook, explored.month, facts, explored.readings, only=only, profile=profile
        )
        cache.set(key, found, KEPT_SECONDS)
    return next((end for end in found if end.court == explored.court.code), None)


def _items(explored: Explored, scores: object, end: CourtEnd) -> Iterator[PointsLine]:
    language = get_language() or ""
    for score in scores:  # type: ignore[attr-defined]
        if score.item.code in end.items:
            yield _points(
                score.item.code,
                score.item.label.get(language),
                most_text(score.cap),
                None if score.points is None else to_text(score.points),
                end.items[score.item.code],
            )


def _points(code: str, label: str, full: str, now: str | None, ends: Ends) -> PointsLine:
    return PointsLine(
        code=code,
        label=label,
        full=full,
        now=now,
        expected=f"{ends.mean:.1f}",
        low=f"{ends.low:.1f}",
        high=f"{ends.high:.1f}",
    )


def _chart(explored: Explored, capped: CountLine) -> Chart:
    """The capped sum month by month, and the span in which the year may end."""
    codes = capped_metrics(explored.rulebook)
    values = [(_month(month), total(explored.figures(month), codes)) for month in explored.months]
    last = values[-1][0]
    december = _month(Month(explored.month.year, MONTHS_OF_YEAR))
    later = [
        _month(Month(explored.month.year, number))
        for number in range(explored.month.month + 1, MONTHS_OF_YEAR + 1)
    ]
    ahead = _("预测（九成区间）")
    series = [
        Line(explored.name, [*values, *((name, None) for name in later)]),
        Line(_("预测中位数"), [(last, capped.to_date), (december, capped.middle)]),
    ]
    span = [(last, capped.to_date, capped.to_date), (december, capped.low, capped.high)]
    limits = [] if capped.cap is None else [Limit(_("上限"), capped.cap)]
    spec = lines(
        series if later else series[:1],
        x_title=_("月份"),
        y_title=_unit(explored, capped),
        limits=limits,
        band=Band(ahead, span) if later else None,
        from_zero=True,
    )
    rows = [[name, "—" if value is None else str(value), ""] for name, value in values]
    months = [*explored.months]
    if later:
        months.append(Month(explored.month.year, MONTHS_OF_YEAR))
        text = _("%(middle)s（%(low)s–%(high)s）")
        shown = {"middle": capped.middle, "low": capped.low, "high": capped.high}
        rows.append([december, "", text % shown])
    return Chart(
        code="year-end",
        title=_("%(item)s：累计与年底预测") % {"item": capped.label},
        sentence=_sentence(explored, capped),
        spec=spec,
        headings=(_("月份"), _("累计"), _("年底预测（九成区间）")),
        rows=rows,
        is_demo=explored.is_demo,
        months=months,
    )


def _unit(explored: Explored, capped: CountLine) -> str:
    """What the capped sum counts."""
    return unit_of(explored.rulebook, explored.rulebook.item_by_code[capped.code].metrics)


def _month(month: Month) -> str:
    return month_word(month.month)


def _sentence(explored: Explored, capped: CountLine | None) -> str:
    """What the chart shows, in plain words."""
    if capped is None:
        return ""
    unit = _unit(explored, capped)
    values = {
        "court": explored.name,
        "now": counted(str(capped.to_date), unit),
        "low": capped.low,
        "high": counted(str(capped.high), unit),
        "cap": counted(str(capped.cap), unit),
        "risk": capped.risk,
        "month": capped.breaks_in,
    }
    if explored.month.month == MONTHS_OF_YEAR:
        return _("%(court)s全年%(now)s。") % values
    said = _("%(court)s至今%(now)s；照目前情况，年底大约在%(low)s至%(high)s之间。") % values
    if capped.cap is None:
        return said
    said += _("上限%(cap)s，年底超过的可能性约%(risk)s。") % values
    if capped.breaks_in:
        said += _("照这个速度，%(month)s突破上限。") % values
    return said


def _calibrated(found: Calibration) -> str:
    """How often intervals held: in made-up years, and of this court in years that are over."""
    made = measured()
    text = _(
        "在模拟的法院年度里检验过%(tried)s次：%(share)s的年底数落在九成区间内，"
        "平稳、季节、升降三成、按要求下降和设定了各月案件分布的年底集中办结，各在%(least)s至%(most)s之间；"
        "所说的超过上限的可能性，与实际发生的比例相差不超过%(off)s个百分点。"
        "年底集中办结、又没有设定各月案件分布的，范围会偏窄。"
    )
    said = text % {
        "tried": made.tried,
        "share": _share(made.held / made.tried),
        "least": _share(made.least),
        "most": _share(made.most),
        "off": ceil(HUNDRED * made.off),
    }
    if not found.tried:
        return said + _("本院以前年度没有逐月数据，还没有办法用本院的过去检验。")
    text = ngettext(
        "用本院已经结束的年度检验：%(tried)s次预测中，有%(held)s次年底数落在区间内（应约九成）。",
        "用本院已经结束的年度检验：%(tried)s次预测中，有%(held)s次年底数落在区间内（应约九成）。",
        found.tried,
    )
    return said + text % {"tried": found.tried, "held": found.held}


def _share(share: float) -> str:
    return percent(f"{HUNDRED * share:.1f}")


def _backtest(explored: Explored, profile: Profile | None) -> Calibration:
    """Every month of this year held against its December, once that is there."""
    year = explored.period.year
    months = [Month(year.year, number) for number in range(1, MONTHS_OF_YEAR + 1)]
    gathered = gather(year, months, explored.period.basis)
    code = explored.court.code
    last = months[-1]
    ended = next((one.current for one in gathered.facts[last] if one.court == code), {})
    past = []
    for month in months[:-1]:
        facts = gathered.facts[month]
        own = next((one for one in facts if one.court == code), None)
        if own is None or gathered.changes.is_touched(explored.court.pk, month, last):
            continue
        season = Season(explored.rulebook, month, facts, profile)
        for metric in explored.rulebook.metrics.values():
            # Earlier months may hold figures that the rules of this one do not ask for any more.
            known = known_of(explored.rulebook, season, own, (metric.code,))
            if metric.kind is Kind.COUNT and metric.code in ended and known is not None:
                past.append((project(season, known), ended[metric.code]))
    return calibration(past)
