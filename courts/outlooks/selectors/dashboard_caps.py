"""Owns the capped sums of the dashboard: to date, at this pace, over the months, and the caps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from courts.figures.selectors.caps_in_force import caps_in_force
from courts.frame.listing import clauses, enumerated
from courts.outlooks.charts import Chart, Line, bars, lines
from courts.outlooks.selectors.dashboard_months import SeenMonth, capped_item, short
from courts.wording.amounts import counted, percent, unit_of
from courts.wording.months import month_word
from courts.years.selectors.years import CourtRow
from scoring.caps import capped_metrics, pace
from scoring.facts import Month
from scoring.rates import total
from scoring.rounding import HUNDRED, to_text


@dataclass(frozen=True, slots=True)
class CapLine:
    """A court's capped sum: to date, at this pace, and the cap, in cases; None: there is none."""

    code: str
    name: str
    to_date: int | None
    pace: str
    cap: int | None
    share: str
    bar: str
    kind: str
    text: str


def cap_lines(seen: SeenMonth) -> Iterator[CapLine]:
    """Every court's capped sum; nothing where the rulebook caps nothing. One query."""
    if seen.rulebook.caps is None or not seen.shows(capped_item(seen.rulebook).side):
        return
    codes = capped_metrics(seen.rulebook)
    stored = caps_in_force(seen.period.year, seen.month)
    for court, facts in zip(seen.gathered.courts, seen.facts(seen.month), strict=True):
        cap = stored.get(court.pk)
        yield _cap(seen, court, total(facts.current, codes), cap.cap_cases if cap else None)


def _cap(seen: SeenMonth, court: CourtRow, to_date: int | None, cap: int | None) -> CapLine:
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


def caps_charts(seen: SeenMonth, caps: Sequence[CapLine]) -> tuple[Chart, ...]:
    """These courts' sums against their caps, and the sum of all month by month."""
    known = [line for line in caps if line.to_date is not None]
    if seen.rulebook.caps is None or not seen.shows(capped_item(seen.rulebook).side):
        return ()
    if not known:
        return (_months_chart(seen),)
    item = short(capped_item(seen.rulebook))
    broken = [line.name for line in known if line.kind == "broken"]
    breaking = [line.name for line in known if line.kind == "breaking"]
    sentence = _("各院都在上限之内，照目前速度也不会突破。")
    if broken or breaking:
        parts = []
        if broken:
            parts.append(_("%(courts)s已突破上限") % {"courts": enumerated(broken)})
        if breaking:
            courts = enumerated(breaking)
            parts.append(_("%(courts)s照目前速度会突破") % {"courts": courts})
        sentence = clauses(parts) + _("。")
    return (
        Chart(
            code="caps",
            title=_("%(item)s至今与全年上限（红线）") % {"item": item},
            sentence=sentence,
            spec=bars(
                [(line.name, line.to_date or 0, line.cap) for line in known],
                value_title=_unit(seen),
            ),
            headings=(_("法院"), _("至今"), _("照此速度全年"), _("上限"), _("已用"), _("判断")),
            rows=[
                [
                    line.name,
                    "—" if line.to_date is None else str(line.to_date),
                    line.pace or "—",
                    "—" if line.cap is None else str(line.cap),
                    percent(line.share) if line.share else "—",
                    line.text,
                ]
                for line in caps
            ],
            is_demo=bool(seen.gathered.demo[seen.month]),
        ),
        _months_chart(seen),
    )


def _months_chart(seen: SeenMonth) -> Chart:
    """The sum of all courts to date, this year and the one before, month by month."""
    item = short(capped_item(seen.rulebook))
    places = [month_word(month.month) for month in seen.months]
    sums = {
        "now": [_sum(seen, month, is_baseline=False) for month in seen.months],
        "then": [_sum(seen, month, is_baseline=True) for month in seen.months],
    }
    names = {
        "now": _("%(year)s年") % {"year": seen.month.year},
        "then": _("%(year)s年") % {"year": seen.rulebook.baseline_year},
    }
    sentence = _("还没有一个月各院都已报。")
    whole = [
        (place, now, then)
        for place, now, then in zip(places, sums["now"], sums["then"], strict=True)
        if now is not None
    ]
    if whole:
        place, now, then = whole[-1]
        unit = _unit(seen)
        values = {
            "month": place,
            "now": counted(str(now), unit),
            "then": counted(str(then), unit),
            "year": seen.rulebook.baseline_year,
        }
        sentence = _("至%(month)s累计%(now)s。") % values
        if then is not None:
            sentence = _("至%(month)s累计%(now)s，%(year)s年同期%(then)s。") % values
    return Chart(
        code="caps-months",
        title=_("%(item)s：全地区各月累计，今年与去年") % {"item": item},
        sentence=sentence,
        spec=lines(
            [Line(names[key], list(zip(places, sums[key], strict=True))) for key in names],
            x_title=_("月份"),
            y_title=_unit(seen),
            from_zero=True,
        ),
        headings=(_("月份"), *names.values()),
        rows=[
            [place, *(_("有法院未报") if one is None else str(one) for one in pair)]
            for place, *pair in zip(places, sums["now"], sums["then"], strict=True)
        ],
        is_demo=any(seen.gathered.demo[month] for month in seen.months),
        months=seen.months,
    )


def _unit(seen: SeenMonth) -> str:
    """What the capped sum counts."""
    return unit_of(seen.rulebook, capped_item(seen.rulebook).metrics)


def _sum(seen: SeenMonth, month: Month, *, is_baseline: bool) -> int | None:
    """The sum to date of all courts; None unless every one of them reported it."""
    codes = capped_metrics(seen.rulebook)
    sums = [
        total(facts.baseline_month if is_baseline else facts.current, codes)
        for facts in seen.facts(month)
    ]
    known = [one for one in sums if one is not None]
    return sum(known) if sums and len(known) == len(sums) else None
