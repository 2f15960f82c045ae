"""Owns the pages on how much of a difference is chance: single months, courts side by side, ranks.

The texts are for judges. What is unusual and what misses a target are two questions and two signs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256

from django.core.cache import cache
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import scoring
from courts.figures.selectors.facts import gather
from courts.frame.choices import Choice
from courts.frame.listing import enumerated
from courts.outlooks.charts import Chart, Limit, Line, Point, funnel, lines
from courts.outlooks.marks import events_of
from courts.outlooks.selectors.outlooks import KEPT_SECONDS
from courts.scores.selectors.explored import Explored
from courts.wording.amounts import drawn, drawn_unit, percent
from courts.wording.months import month_name, month_word
from courts.years.selectors.periods import Period
from courts.years.selectors.readings import rules_in
from scoring import funnels, xmr
from scoring.facts import CourtFacts, Month
from scoring.funnels import Placed, Standing
from scoring.rank_uncertainty import RankRange, rank_ranges
from scoring.rates import PERCENT, total
from scoring.rounding import to_text
from scoring.schema import Direction, Item, Level, Rulebook
from scoring.series import has_months, month_value, part_of_whole
from scoring.xmr import Sign

# Curves of a funnel are drawn through so many numbers of cases.
CURVE_POINTS = 40


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month alone. `value` is empty where nothing can be told, and `why` says why."""

    month_name: str
    value: str
    why: str
    sign: str
    sign_text: str
    meets: bool | None


@dataclass(frozen=True, slots=True)
class SmallCountsPage:
    """One item of a court in single months; `sentence` says so where no item has any."""

    explored: Explored
    items: tuple[Choice, ...]
    label: str
    months: tuple[MonthLine, ...]
    on_trial: bool
    target: str
    sentence: str
    charts: tuple[Chart, ...]


@dataclass(frozen=True, slots=True)
class FunnelLine:
    """One court among the others: its rate, how many cases stand behind it, and what is usual."""

    code: str
    name: str
    part: int
    whole: int
    rate: str
    usual: str
    standing: str
    standing_text: str


@dataclass(frozen=True, slots=True)
class RankLine:
    """A court's rank, and the best and the worst rank it could as well have by chance."""

    code: str
    name: str
    rank: int | None
    low: int
    high: int
    text: str


@dataclass(frozen=True, slots=True)
class FunnelsPage:
    """The courts of a month side by side: one rate, and how firm the ranks are."""

    period: Period
    items: tuple[Choice, ...]
    label: str
    common: str
    lines: tuple[FunnelLine, ...]
    ranks: tuple[RankLine, ...]
    sentence: str
    charts: tuple[Chart, ...]
    is_demo: bool


def small_counts_page(explored: Explored, wanted: str) -> SmallCountsPage:
    """One item month by month; the first that has months where the wanted one has none."""
    language = get_language() or ""
    rulebook = explored.rulebook
    level = Level(explored.court.level)
    known = [i for i in rulebook.items if level in i.points and has_months(rulebook, i)]
    if not known:
        sentence = _("规则里没有能分月看的考核项。")
        return SmallCountsPage(explored, (), "", (), False, "", sentence, ())
    item = next((one for one in known if one.code == wanted), known[0])
    values = list(_month_values(explored, item))
    told = [(month, value) for month, value, _why in values if value is not None]
    target = _target(explored, item)
    at_least = item.drawing.direction is Direction.AT_LEAST
    found = xmr.read([value for _month, value in told], target, at_least=at_least)
    read = {month: one for (month, _value), one in zip(told, found, strict=True)}
    held = xmr.limits([value for _month, value in told])
    rows = tuple(
        MonthLine(
            month_name=month_name(month),
            value="" if value is None else drawn(value, item, rulebook),
            why=why,
            sign="" if month not in read else read[month].sign or "",
            sign_text="" if month not in read else _sign_text(read[month].sign),
            meets=None if month not in read else read[month].meets,
        )
        for month, value, why in values
    )
    sentence = _months_sentence(rows, held)
    label = item.label.get(language)
    return SmallCountsPage(
        explored=explored,
        items=tuple(Choice(i.code, i.label.get(language), i.code == item.code) for i in known),
        label=label,
        months=rows,
        on_trial=held is not None and held.on_trial,
        target="" if target is None else drawn(target, item, rulebook),
        sentence=sentence,
        charts=(_months_chart(explored, item, values, rows, held, target, sentence),),
    )


def funnels_page(period: Period, wanted: str) -> FunnelsPage:
    """One rate over all grassroots courts, and the ranges of their ranks. Nine queries."""
    language = get_language() or ""
    gathered = gather(period.year, [period.month], period.basis)
    rulebook, readings = rules_in(period.year, period.month, gathered.frozen)
    facts = gathered.facts[period.month]
    names = {court.code: court.label(language) for court in gathered.courts}
    ranked = [one for one in facts if one.level is rulebook.ranked_level]
    known = [
        item
        for item in rulebook.items
        if rulebook.ranked_level in item.points and part_of_whole(rulebook, item) is not None
    ]
    item = next((one for one in known if one.code == wanted), known[0] if known else None)
    rates = [] if item is None else list(_rates(rulebook, item, ranked))
    placed = funnels.placed(rates)
    rows = tuple(_funnel_line(one, names) for one in placed)
    common = funnels.common_rate((part, whole) for _code, part, whole in rates)
    sentence = _funnel_sentence(rows) if known else _("规则里没有以案件比案件的考核项。")
    is_demo = bool(gathered.demo[period.month])
    board = scoring.score(rulebook, period.month, facts, readings)
    ranges = _ranges(rulebook, period.month, facts, readings)
    return FunnelsPage(
        period=period,
        items=tuple(Choice(i.code, i.label.get(language), i is item) for i in known),
        label="" if item is None else item.label.get(language),
        common="" if common is None else percent(to_text(PERCENT * common)),
        lines=rows,
        ranks=tuple(_rank_lines(ranges, board, names)),
        sentence=sentence,
        charts=_funnel_charts(item, placed, rows, common, sentence, is_demo=is_demo),
        is_demo=is_demo,
    )


# --- Single months ---------------------------------------------------------------------------


def _month_values(explored: Explored, item: Item) -> Iterator[tuple[Month, Fraction | None, str]]:
    """Every month up to this one with its value alone, or why there is none."""
    for month in explored.months:
        now = explored.figures(month)
        before = month.previous
        earlier = {} if before is None else explored.figures(before)
        if any(code not in now for code in item.metrics):
            yield month, None, _("未报")
        elif before is not None and any(code not in earlier for code in item.metrics):
            yield month, None, _("上月未报，算不出单月数")
        else:
            value = month_value(item, now, earlier)
            yield month, value, "" if value is not None else _("当月没有案件，不适用")


def _target(explored: Explored, item: Item) -> Fraction | None:
    """The item's target where it has one: the rulebook's, or the court's appraisal target."""
    if item.goal is None:
        return None
    own = explored.facts(explored.month).targets.get(item.code)
    value = item.goal.target if item.goal.target is not None else own
    return None if value is None else Fraction(value)


def _sign_text(sign: Sign | None) -> str:
    if sign is Sign.OUTSIDE:
        return _("超出平常波动，值得查一查原因")
    if sign is Sign.RUN:
        return _("连续八个月在平均的同一侧，水平可能变了")
    return _("平常波动")


def _months_sentence(rows: tuple[MonthLine, ...], held: xmr.Limits | None) -> str:
    if held is None:
        return _("能算出单月数的不足四个月，还看不出平常波动有多大。")
    unusual = [row.month_name for row in rows if row.sign]
    if not unusual:
        return _("各月都在平常波动之内：月与月之间的差别，多半不说明什么。")
    text = _("%(months)s超出平常波动，值得查一查原因；其余月份的差别多半是波动。")
    return text % {"months": enumerated(unusual)}


def _months_chart(
    explored: Explored,
    item: Item,
    values: list[tuple[Month, Fraction | None, str]],
    rows: tuple[MonthLine, ...],
    held: xmr.Limits | None,
    target: Fraction | None,
    sentence: str,
) -> Chart:
    limits = []
    if held is not None:
        low = max(held.low, Fraction(0))
        limits = [
            Limit(_("平均"), held.mean, is_bound=False),
            Limit(_("平常波动上界"), held.high, is_bound=False),
            Limit(_("平常波动下界"), low, is_bound=False),
        ]
    if target is not None:
        limits.append(Limit(_("目标"), target))
    series = Line(
        explored.name,
        [(month_word(month.month), value) for month, value, _why in values],
    )
    about = (item.code, *item.metrics)
    happened = events_of(explored.period.year, [explored.court.code], about, explored.month.month)
    spec = lines(
        [series],
        x_title=_("月份"),
        y_title=_("当月"),
        limits=limits,
        marks=[(month_word(one.month), one.text) for one in happened],
    )
    return Chart(
        code="months",
        title=f"{explored.name} · {item.label.get(get_language() or '')}",
        sentence=sentence,
        spec=spec,
        headings=(_("月份"), _("当月"), _("波动"), _("目标")),
        rows=[
            [row.month_name, row.value or row.why, row.sign_text, _meets_text(row.meets)]
            for row in rows
        ],
        is_demo=explored.is_demo,
        months=[month for month, _value, _why in values],
        unit=drawn_unit(item, explored.rulebook),
    )


def _meets_text(meets: bool | None) -> str:
    if meets is None:
        return "—"
    return _("达标") if meets else _("未达标")


# --- Courts side by side ---------------------------------------------------------------------


def _rates(
    rulebook: Rulebook, item: Item, courts: list[CourtFacts]
) -> Iterator[tuple[str, int, int]]:
    """Part and whole of every court that reported both, and whose part lies within."""
    sums = part_of_whole(rulebook, item)
    if sums is None:
        return
    for facts in courts:
        part, whole = total(facts.current, sums.part), total(facts.current, sums.whole)
        if part is not None and whole is not None and part <= whole:
            yield facts.court, whole - part if sums.complement else part, whole


def _funnel_line(one: Placed, names: dict[str, str]) -> FunnelLine:
    texts = {
        Standing.USUAL: _("与各院没有明显差别"),
        Standing.LOW: _("偏低"),
        Standing.HIGH: _("偏高"),
        Standing.VERY_LOW: _("明显偏低"),
        Standing.VERY_HIGH: _("明显偏高"),
    }
    low, high = (
        to_text(PERCENT * Fraction(count, one.whole))
        for count in (one.limits.inner_low, one.limits.inner_high)
    )
    return FunnelLine(
        code=one.name,
        name=names[one.name],
        part=one.part,
        whole=one.whole,
        rate=percent(to_text(PERCENT * Fraction(one.part, one.whole))),
        usual=f"{percent(low)}–{percent(high)}",
        standing=one.standing.value,
        standing_text=texts[one.standing],
    )


def _funnel_sentence(rows: tuple[FunnelLine, ...]) -> str:
    if not rows:
        return _("这个月还没有法院报送这一项的数据。")
    apart = [row.name for row in rows if row.standing in ("very_low", "very_high")]
    if not apart:
        return _("各院的差别都可以用案件多少带来的波动解释。")
    text = _("%(courts)s与各院的差别不大可能只是波动；其他法院的差别多半是波动。")
    return text % {"courts": enumerated(apart)}


def _funnel_charts(
    item: Item | None,
    placed: tuple[Placed, ...],
    rows: tuple[FunnelLine, ...],
    common: Fraction | None,
    sentence: str,
    *,
    is_demo: bool,
) -> tuple[Chart, ...]:
    if item is None or common is None:
        return ()
    most = max(one.whole for one in placed)
    sizes = sorted({max(1, most * place // CURVE_POINTS) for place in range(1, CURVE_POINTS + 1)})
    limits = [funnels.limits(size, common) for size in sizes]
    inner = [(x.cases, _rate(x.inner_low, x), _rate(x.inner_high, x)) for x in limits]
    outer = [(x.cases, _rate(x.outer_low, x), _rate(x.outer_high, x)) for x in limits]
    spec = funnel(
        [
            Point(row.name, one.whole, PERCENT * Fraction(one.part, one.whole))
            for row, one in zip(rows, placed, strict=True)
        ],
        curves=[("95%", inner), ("99.8%", outer)],
        centre=Limit(_("各院合计"), PERCENT * common, is_bound=False),
        x_title=_("案件数（分母）"),
        y_title=percent(""),
    )
    return (
        Chart(
            code="funnel",
            title=item.label.get(get_language() or ""),
            sentence=sentence,
            spec=spec,
            headings=(_("法院"), _("分子"), _("分母"), _("比率"), _("平常范围"), _("判断")),
            rows=[
                [row.name, str(row.part), str(row.whole), row.rate, row.usual, row.standing_text]
                for row in rows
            ],
            is_demo=is_demo,
        ),
    )


def _rate(count: int, limits: funnels.Limits) -> Decimal:
    return Decimal(PERCENT * count) / Decimal(limits.cases)


def _ranges(
    rulebook: Rulebook, month: Month, facts: list[CourtFacts], readings: object
) -> tuple[RankRange, ...]:
    """The ranges of the ranks, drawn once for the same figures."""
    said = repr((rulebook.sha256, month, readings, facts))
    key = f"ranks:{sha256(said.encode()).hexdigest()}"
    found: tuple[RankRange, ...] | None = cache.get(key)
    if found is None:
        found = rank_ranges(rulebook, month, facts, readings)  # type: ignore[arg-type]
        cache.set(key, found, KEPT_SECONDS)
    return found


def _rank_lines(
    ranges: tuple[RankRange, ...], board: scoring.Scoreboard, names: dict[str, str]
) -> list[RankLine]:
    found = [
        RankLine(
            code=one.court,
            name=names[one.court],
            rank=board.court(one.court).rank,
            low=one.low,
            high=one.high,
            text=_rank_text(one),
        )
        for one in ranges
    ]
    return sorted(found, key=lambda line: line.rank or 0)


def _rank_text(one: RankRange) -> str:
    if one.low == one.high:
        return _("第%(rank)s名，比较确定") % {"rank": one.low}
    return _("第%(low)s至第%(high)s名都有可能（九成把握）") % {"low": one.low, "high": one.high}
