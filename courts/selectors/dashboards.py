"""Owns what the prefecture's dashboard shows: where all courts stand, and whom to help first.

Every score is the engine's; sums over courts add what the courts' pages print. Terms: the *board*
is courts × items; *pace* is the year to date carried on evenly, not an estimate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from courts.charts import Chart, bars
from courts.explanations import status_label, with_unit
from courts.models import Cap
from courts.permissions import Account, may_oversee_returns
from courts.selectors.completeness import Completeness, CompletenessCell, completeness
from courts.selectors.facts import Gathered, gather
from courts.selectors.periods import Period, month_name
from courts.selectors.review_pages import Choice
from courts.selectors.scores import RankingRow, ranking_of
from courts.selectors.years import CourtRow, rulebook_of
from scoring.caps import pace
from scoring.facts import CourtFacts, Month
from scoring.rates import total
from scoring.results import ItemScore
from scoring.rounding import to_text
from scoring.schema import Direction, DropRule, Item, Rulebook, Side, TargetRule
from scoring.series import Pooled, pooled

HUNDRED = 100
# An alert of a higher order stands first; within one, the notice's order of courts.
BROKEN, NOT_REPORTED, BREAKING, MISSED = range(4)
MOST_ALERTS = 40


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure of the prefecture. `value` is empty where there is none, and `gap` says why.

    `met` is None without a target or value; `against` is what it is held to.
    """

    code: str
    label: str
    value: str
    gap: str
    against: str
    met: bool | None
    change: str
    note: str
    address: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One item of one court. `kind` names shape and colour, `mark` is the shape, `text` says it."""

    code: str
    points: str | None
    full: str
    kind: str
    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One court's line of the board."""

    code: str
    name: str
    row: RankingRow
    cells: tuple[Cell, ...]

    @property
    def rank_moved(self) -> int:
        """By how many ranks the court moved, whichever way."""
        return abs(self.row.rank_change or 0)


@dataclass(frozen=True, slots=True)
class CapLine:
    """A court's capped sum: to date, at this pace, and the cap; None where there is none."""

    code: str
    name: str
    to_date: int | None
    pace: str
    cap: int | None
    share: str
    bar: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to look at, why, and where."""

    order: int
    kind: str
    court: str
    text: str
    address: str


@dataclass(frozen=True, slots=True)
class DashboardPage:
    """The prefecture in a month."""

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
    charts: tuple[Chart, ...]
    is_demo: bool
    slider: int

    @property
    def has_figures(self) -> bool:
        return self.period.has_figures


@dataclass(frozen=True, slots=True)
class _Month:
    """What the parts of the page are made from."""

    period: Period
    rulebook: Rulebook
    gathered: Gathered
    names: Mapping[str, str]
    rows: Sequence[RankingRow]
    oversees: bool

    @property
    def month(self) -> Month:
        return self.period.month

    def facts(self, month: Month) -> list[CourtFacts]:
        return self.gathered.facts[month]

    @property
    def completeness(self) -> str:
        """Where the returns of all courts are listed, for those who look after them."""
        code = self.period.code
        return reverse("courts:completeness", args=[code]) if self.oversees else ""

    def scorecard(self, court: str, item: str) -> str:
        """The address of an item on a court's scorecard."""
        arguments = [self.period.code, self.month, court]
        return f"{reverse('courts:scorecard', args=arguments)}{self.period.query}#{item}"


def known_side(side: str) -> bool:
    """Whether it names a side, or none for both."""
    return side in ("", *(one.value for one in Side))


def dashboard_page(user: Account, period: Period, side: str, now: datetime) -> DashboardPage:
    """The dashboard of a month, of both sides or of one. A constant number of queries."""
    language = get_language() or ""
    before = period.month.previous
    months = [period.month] if before is None else [before, period.month]
    gathered = gather(period.year, months, period.basis)
    seen = _Month(
        period=period,
        rulebook=rulebook_of(period.year, period.month),
        gathered=gathered,
        names={court.code: court.label(language) for court in gathered.courts},
        rows=ranking_of(period.year, period.month, gathered),
        oversees=may_oversee_returns(user, period.year),
    )
    state = completeness(period.year, now)
    shown = [item for item in seen.rulebook.items if side in ("", item.side.value)]
    lines = [_line(seen, row, shown) for row in seen.rows]
    caps = tuple(_caps(seen))
    alerts = sorted(_alerts(seen, caps, state, side), key=lambda alert: alert.order)
    return DashboardPage(
        period=period,
        side=side,
        sides=tuple(
            Choice(share.side.value, share.label.get(language), share.side.value == side)
            for share in seen.rulebook.sides
        ),
        headlines=tuple(_headlines(seen, caps, state)),
        items=tuple((item.code, item.short.get(language)) for item in shown),
        lines=tuple(
            sorted(
                (line for line in lines if line.row.rank is not None),
                key=lambda line: (line.row.rank or 0, line.row.court.order),
            )
        ),
        apart=tuple(line for line in lines if line.row.rank is None),
        caps=caps,
        alerts=tuple(alerts[:MOST_ALERTS]),
        more_alerts=max(0, len(alerts) - MOST_ALERTS),
        charts=_charts(seen, caps),
        is_demo=bool(gathered.demo[period.month]),
        slider=period.month.month,
    )


# --- Headlines -------------------------------------------------------------------------------


def _headlines(seen: _Month, caps: Sequence[CapLine], state: Completeness) -> Iterator[Headline]:
    """The capped sum, the core indicators, the returns that are in."""
    if caps:
        yield _capped(seen, caps)
    for item in core_items(seen.rulebook):
        yield _indicator(seen, item)
    yield _returns(seen, state)


def core_items(rulebook: Rulebook) -> list[Item]:
    """The core indicators: the first group of the enforcement side, as far as it has targets."""
    group = next((one.code for one in rulebook.groups if one.side is Side.ENFORCEMENT), "")
    return [
        item
        for item in rulebook.items
        if item.group == group
        and isinstance(item.rule, TargetRule)
        and item.rule.target is not None
    ]


def _capped(seen: _Month, caps: Sequence[CapLine]) -> Headline:
    item = _capped_item(seen.rulebook)
    known = [line.to_date for line in caps if line.to_date is not None]
    limits = [line.cap for line in caps if line.cap is not None]
    now, cap = sum(known), sum(limits) if len(limits) == len(caps) else None
    # Courts that are missing can only add cases: over the cap is certain, within it is not yet.
    is_whole = len(known) == len(caps)
    before = _sum_before(seen) if is_whole else None
    met = None
    if cap is not None and known and (is_whole or now > cap):
        met = now <= cap
    return Headline(
        code=item.code,
        label=item.label.get(get_language() or ""),
        value=str(now) if known else "",
        gap="" if known else _("未报"),
        against="" if cap is None else _("全年上限%(cap)s件") % {"cap": cap},
        met=met,
        change="" if before is None else _("本月新增%(more)s件") % {"more": now - before},
        note=_missing_note(len(caps) - len(known)),
        address="#caps",
    )


def _sum_before(seen: _Month) -> int | None:
    """The capped sum of the month before; None unless every court reported it then."""
    before = seen.month.previous
    if before is None:
        return 0
    codes = _capped_item(seen.rulebook).metrics
    sums = [total(facts.current, codes) for facts in seen.facts(before)]
    known = [one for one in sums if one is not None]
    return sum(known) if len(known) == len(sums) else None


def _indicator(seen: _Month, item: Item) -> Headline:
    """A rate of the ranked courts together against its target."""
    rule = item.rule
    ranked = [f for f in seen.facts(seen.month) if f.level is seen.rulebook.ranked_level]
    found = pooled(item, (facts.current for facts in ranked))
    target = rule.target if isinstance(rule, TargetRule) else None
    met = None
    if target is not None and found.value is not None and isinstance(rule, TargetRule):
        at_least = rule.direction is Direction.AT_LEAST
        met = found.value >= target if at_least else found.value <= target
    unit = "%"
    gap = ""
    if found.value is None:
        gap = _("未报") if not found.reported else _("没有案件，不适用")
    sign = "≥" if isinstance(rule, TargetRule) and rule.direction is Direction.AT_LEAST else "≤"
    return Headline(
        code=item.code,
        label=item.label.get(get_language() or ""),
        value="" if found.value is None else with_unit(to_text(found.value), unit),
        gap=gap,
        against="" if target is None else f"{sign} {with_unit(to_text(target), unit)}",
        met=met,
        change=_rate_change(seen, item, found),
        note=_missing_note(found.courts - found.reported),
        address=f"#{item.code}",
    )


def _rate_change(seen: _Month, item: Item, now: Pooled) -> str:
    """By how much the rate moved; nothing where other courts make it up than the month before."""
    before = seen.month.previous
    if before is None:
        return ""
    ranked = [f for f in seen.facts(before) if f.level is seen.rulebook.ranked_level]
    earlier = pooled(item, (facts.current for facts in ranked))
    is_whole = now.reported == now.courts and earlier.reported == earlier.courts
    if not is_whole or now.value is None or earlier.value is None:
        return ""
    moved = to_text(now.value - earlier.value)
    return _("较上月%(change)s个百分点") % {"change": moved if moved[0] == "-" else f"+{moved}"}


def _missing_note(missing: int) -> str:
    return _("%(count)s个法院未报") % {"count": missing} if missing else ""


def _returns(seen: _Month, state: Completeness) -> Headline:
    """How many of the month's returns are in."""
    rates = next((one.both for one in state.rates if one.month == seen.month), None)
    expected = 0 if rates is None else rates.expected
    actual = 0 if rates is None else rates.actual
    return Headline(
        code="returns",
        label=_("报表已报"),
        value=f"{actual} / {expected}" if expected else "",
        gap="" if expected else _("尚未到填报时间"),
        against="",
        met=None if not expected else actual == expected,
        change="",
        note="",
        address=seen.completeness if expected else "",
    )


# --- The board -------------------------------------------------------------------------------


def _line(seen: _Month, row: RankingRow, items: Sequence[Item]) -> BoardLine:
    scores = {score.item.code: score for score in row.scorecard.items}
    return BoardLine(
        code=row.code,
        name=seen.names[row.code],
        row=row,
        cells=tuple(_cell(item, scores.get(item.code)) for item in items),
    )


def _cell(item: Item, score: ItemScore | None) -> Cell:
    """How far the item is from what it can bring, in a shape and a word."""
    if score is None:
        return Cell(item.code, None, "", "none", "", _("没有这一项"))
    full = to_text(score.max_points)
    if score.points is None:
        return Cell(item.code, None, full, "gap", "…", status_label(score.status))
    points = to_text(score.points)
    if score.points == score.max_points:
        return Cell(item.code, points, full, "full", "●", _("满分"))
    if not score.points:
        return Cell(item.code, points, full, "zero", "○", _("未得分"))
    half = 2 * score.points >= score.max_points
    if half:
        return Cell(item.code, points, full, "most", "◕", _("过半"))
    return Cell(item.code, points, full, "part", "◔", _("不到一半"))


# --- Caps ------------------------------------------------------------------------------------


def _capped_item(rulebook: Rulebook) -> Item:
    code = rulebook.caps.item if rulebook.caps else ""
    return rulebook.item_by_code[code]


def _caps(seen: _Month) -> Iterator[CapLine]:
    """Every court's capped sum; nothing where the rulebook caps nothing. One query."""
    if seen.rulebook.caps is None:
        return
    rule = _capped_item(seen.rulebook).rule
    codes = rule.figures if isinstance(rule, DropRule) else ()
    stored = dict(
        Cap.objects.filter(quality_year=seen.period.year).values_list("court_id", "cap_cases")
    )
    for court, facts in zip(seen.gathered.courts, seen.facts(seen.month), strict=True):
        yield _cap(seen, court, total(facts.current, codes), stored.get(court.pk))


def _cap(seen: _Month, court: CourtRow, to_date: int | None, cap: int | None) -> CapLine:
    kind, text = "none", _("没有上限")
    at_pace = None if to_date is None else pace(to_date, seen.month.month)
    if to_date is None:
        kind, text = "gap", _("未报")
    elif at_pace is not None and cap is not None:
        kind, text = "within", _("在上限之内")
        if to_date > cap:
            kind, text = "broken", _("已突破上限")
        elif at_pace > cap:
            kind, text = "breaking", _("照这个速度会突破")
    share = "" if not cap or to_date is None else to_text(Fraction(HUNDRED * to_date, cap))
    return CapLine(
        code=court.code,
        name=seen.names[court.code],
        to_date=to_date,
        pace="" if at_pace is None else to_text(at_pace),
        cap=cap,
        share=share,
        bar=str(min(Decimal(share), Decimal(HUNDRED))) if share else "0",
        kind=kind,
        text=text,
    )


def _short(item: Item) -> str:
    return item.short.get(get_language() or "")


def _charts(seen: _Month, caps: Sequence[CapLine]) -> tuple[Chart, ...]:
    known = [line for line in caps if line.to_date is not None]
    if not known:
        return ()
    item = _short(_capped_item(seen.rulebook))
    broken = [line.name for line in known if line.kind == "broken"]
    breaking = [line.name for line in known if line.kind == "breaking"]
    sentence = _("各院都在上限之内，照目前速度也不会突破。")
    if broken or breaking:
        parts = []
        if broken:
            parts.append(_("%(courts)s已突破上限") % {"courts": _("、").join(broken)})
        if breaking:
            courts = _("、").join(breaking)
            parts.append(_("%(courts)s照目前速度会突破") % {"courts": courts})
        sentence = _("；").join(parts) + _("。")
    return (
        Chart(
            code="caps",
            title=_("%(item)s至今与全年上限（红线）") % {"item": item},
            sentence=sentence,
            spec=bars(
                [(line.name, line.to_date or 0, line.cap) for line in known], value_title=_("件")
            ),
            headings=(_("法院"), _("至今"), _("照此速度全年"), _("上限"), _("已用"), _("判断")),
            rows=[
                [
                    line.name,
                    "—" if line.to_date is None else str(line.to_date),
                    line.pace or "—",
                    "—" if line.cap is None else str(line.cap),
                    f"{line.share}%" if line.share else "—",
                    line.text,
                ]
                for line in caps
            ],
            is_demo=bool(seen.gathered.demo[seen.month]),
        ),
    )


# --- Alerts ----------------------------------------------------------------------------------


def _alerts(
    seen: _Month, caps: Sequence[CapLine], state: Completeness, side: str
) -> Iterator[Alert]:
    """What asks for help: a broken cap, missing returns, a cap at risk, a missed core indicator."""
    if side in ("", Side.LITIGATION.value):
        yield from _cap_alerts(seen, caps)
    yield from _return_alerts(seen, state, side)
    if side in ("", Side.ENFORCEMENT.value):
        yield from _core_alerts(seen)


def _cap_alerts(seen: _Month, caps: Sequence[CapLine]) -> Iterator[Alert]:
    if not caps:
        return
    code, item = _capped_item(seen.rulebook).code, _short(_capped_item(seen.rulebook))
    for line in caps:
        values = {"item": item, "now": line.to_date, "cap": line.cap, "pace": line.pace}
        if line.kind == "broken":
            text = _("%(item)s%(now)s件，已突破全年上限%(cap)s件。") % values
            yield Alert(BROKEN, "broken", line.name, text, seen.scorecard(line.code, code))
        elif line.kind == "breaking":
            text = _("%(item)s%(now)s件，照这个速度全年%(pace)s件，会突破上限%(cap)s件。") % values
            yield Alert(BREAKING, "breaking", line.name, text, seen.scorecard(line.code, code))


def _return_alerts(seen: _Month, state: Completeness, side: str) -> Iterator[Alert]:
    """One line a court: how many returns up to the month are not in, and since when."""
    missing: dict[str, list[CompletenessCell]] = {}
    for cell in state.to_remind:
        if cell.month <= seen.month and side in ("", cell.side.value):
            missing.setdefault(cell.court.code, []).append(cell)
    address = f"{seen.completeness}#remind" if seen.oversees else ""
    for court in seen.gathered.courts:
        cells = missing.get(court.code, [])
        if not cells:
            continue
        values = {
            "count": len(cells),
            "month": month_name(min(cell.month for cell in cells)),
            "days": max(cell.days for cell in cells),
        }
        text = ngettext(
            "%(count)s张报表还没有报，最早的是%(month)s。",
            "%(count)s张报表还没有报，最早的是%(month)s。",
            len(cells),
        )
        if values["days"]:
            text = ngettext(
                "%(count)s张报表还没有报，最早的是%(month)s，已超期%(days)s天。",
                "%(count)s张报表还没有报，最早的是%(month)s，已超期%(days)s天。",
                len(cells),
            )
        yield Alert(NOT_REPORTED, "missing", seen.names[court.code], text % values, address)


def _core_alerts(seen: _Month) -> Iterator[Alert]:
    core = {item.code: item for item in core_items(seen.rulebook)}
    for row in seen.rows:
        for score in row.scorecard.items:
            item = core.get(score.item.code)
            if item is None or not _missed(score):
                continue
            values = {
                "item": _short(item),
                "value": ""
                if score.value_text is None
                else with_unit(score.value_text, score.unit),
                "target": _target_text(score),
            }
            text = _("%(item)s%(value)s，没有达到%(target)s。") % values
            address = seen.scorecard(row.code, item.code)
            yield Alert(MISSED, "missed", seen.names[row.code], text, address)


def _missed(score: ItemScore) -> bool:
    return any(step.kind == "target" and step.data["met"] is False for step in score.steps)


def _target_text(score: ItemScore) -> str:
    for step in score.steps:
        if step.kind == "target" and step.data["target"] is not None:
            return with_unit(step.data["target"], step.data["unit"])
    return ""
