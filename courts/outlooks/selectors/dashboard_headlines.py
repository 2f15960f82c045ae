"""Owns the dashboard's headline figures: the capped sum, the core indicators, the returns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.outlooks.selectors.dashboard_caps import CapLine
from courts.outlooks.selectors.dashboard_months import SeenMonth, capped_item, core_items, short
from courts.outlooks.selectors.directions import prefecture_goals, said_of
from courts.reviews.selectors.completeness import Completeness
from courts.wording.amounts import apart, bound, counted, drawn, percent, signed, unit_of, with_unit
from scoring.rates import PERCENT, total
from scoring.rounding import to_text
from scoring.schema import Item, Side
from scoring.series import Pooled, pooled


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure of the prefecture. `value` is empty where there is none, and `gap` says why.

    `met` is None without a target or value; `against` is what it is held to. `change` is
    against the month before, `last_year` against the same month of the year before.
    """

    code: str
    label: str
    value: str
    gap: str
    against: str
    met: bool | None
    change: str
    last_year: str
    note: str
    address: str


def headlines(seen: SeenMonth, caps: Sequence[CapLine], state: Completeness) -> Iterator[Headline]:
    """The capped sum, the core indicators, the returns that are in."""
    if caps:
        yield _capped(seen, caps)
    for item in core_items(seen.rulebook):
        if seen.shows(item.side):
            yield _indicator(seen, item)
    yield from _goals(seen)
    yield _returns(seen, state)


def _capped(seen: SeenMonth, caps: Sequence[CapLine]) -> Headline:
    item = capped_item(seen.rulebook)
    known = [line.to_date for line in caps if line.to_date is not None]
    limits = [line.cap for line in caps if line.cap is not None]
    now, cap = sum(known), sum(limits) if len(limits) == len(caps) else None
    # Courts that are missing can only add cases: over the cap is certain, within it is not yet.
    is_whole = len(known) == len(caps)
    before = _sum_before(seen) if is_whole else None
    unit = unit_of(seen.rulebook, item.metrics)
    met = None
    if cap is not None and known and (is_whole or now > cap):
        met = now <= cap
    return Headline(
        code=item.code,
        label=short(item),
        value=counted(str(now), unit) if known else "",
        gap="" if known else _("未报"),
        against="" if cap is None else _against_cap(None if met is None else now, cap, unit),
        met=met,
        change=""
        if before is None
        else _("本月新增%(more)s") % {"more": counted(str(now - before), unit)},
        last_year=_sum_last_year(seen, now, unit) if is_whole else "",
        note=_missing_note(len(caps) - len(known)),
        address="#caps",
    )


def _against_cap(now: int | None, cap: int, unit: str) -> str:
    """The cap of the year, and by how much the sum is beyond it or still within.

    `now` is None while courts are missing that could take the sum over the cap.
    """
    said = _("全年上限%(cap)s") % {"cap": counted(str(cap), unit)}
    if now is None:
        return said
    apart = {"cap": said, "apart": counted(str(abs(now - cap)), unit)}
    if now > cap:
        return _("%(cap)s，超上限%(apart)s") % apart
    return _("%(cap)s，离上限还有%(apart)s") % apart


def _sum_before(seen: SeenMonth) -> int | None:
    """The capped sum of the month before; None unless every court reported it then."""
    before = seen.month.previous
    if before is None:
        return 0
    codes = capped_item(seen.rulebook).metrics
    sums = [total(facts.current, codes) for facts in seen.facts(before)]
    known = [one for one in sums if one is not None]
    return sum(known) if len(known) == len(sums) else None


def _indicator(seen: SeenMonth, item: Item) -> Headline:
    """A rate of the ranked courts together against its target."""
    goal = item.goal
    ranked = [f for f in seen.facts(seen.month) if f.level is seen.rulebook.ranked_level]
    found = pooled(item, (facts.current for facts in ranked))
    met, against = None, ""
    if goal is not None and goal.target is not None:
        against = bound(goal.direction, with_unit(to_text(goal.target), goal.unit))
        met = None if found.value is None else goal.is_reached(found.value, goal.target)
    gap = ""
    if found.value is None:
        gap = _("未报") if not found.reported else _("没有案件，不适用")
    return Headline(
        code=item.code,
        label=item.label.get(get_language() or ""),
        value="" if found.value is None else drawn(found.value, item, seen.rulebook),
        gap=gap,
        against=against,
        met=met,
        change=_rate_change(seen, item, found),
        last_year=_rate_last_year(seen, item, found),
        note=_missing_note(found.courts - found.reported),
        address=f"#{item.code}",
    )


def _sum_last_year(seen: SeenMonth, now: int, unit: str) -> str:
    """Against the same month of the year before; nothing unless every court's is known."""
    codes = capped_item(seen.rulebook).metrics
    sums = [total(facts.baseline_month, codes) for facts in seen.facts(seen.month)]
    known = [one for one in sums if one is not None]
    if not known or len(known) < len(sums):
        return ""
    before = sum(known)
    said = _("去年同月%(before)s") % {"before": counted(str(before), unit)}
    if not before:
        return said
    values = {
        "before": said,
        "share": percent(to_text(Fraction(PERCENT * abs(now - before), before))),
    }
    if now < before:
        return _("同比下降%(share)s（%(before)s）") % values
    if now > before:
        return _("同比上升%(share)s（%(before)s）") % values
    return _("同比持平（%(before)s）") % values


def _rate_change(seen: SeenMonth, item: Item, now: Pooled) -> str:
    """By how much the rate moved; nothing where other courts make it up than the month before."""
    before = seen.month.previous
    if before is None:
        return ""
    ranked = [f for f in seen.facts(before) if f.level is seen.rulebook.ranked_level]
    moved = _moved(seen, item, now, pooled(item, (facts.current for facts in ranked)))
    return _("较上月%(change)s") % {"change": moved} if moved else ""


def _rate_last_year(seen: SeenMonth, item: Item, now: Pooled) -> str:
    """Against the same month of the year before, on the same terms."""
    ranked = [f for f in seen.facts(seen.month) if f.level is seen.rulebook.ranked_level]
    moved = _moved(seen, item, now, pooled(item, (facts.baseline_month for facts in ranked)))
    return _("较去年同月%(change)s") % {"change": moved} if moved else ""


def _moved(seen: SeenMonth, item: Item, now: Pooled, earlier: Pooled) -> str:
    """The difference of two rates, signed; empty unless all courts make up both."""
    is_whole = now.reported == now.courts and earlier.reported == earlier.courts
    if not is_whole or now.value is None or earlier.value is None:
        return ""
    moved = signed(to_text(now.value - earlier.value))
    unit = item.drawing.unit
    if unit is None:
        return counted(moved, unit_of(seen.rulebook, item.metrics))
    return with_unit(moved, apart(unit))


def _goals(seen: SeenMonth) -> Iterator[Headline]:
    """How many indicators moved the good way against the year before, for each goal."""
    said = said_of(seen.period.year, seen.rulebook)
    cards = [row.scorecard for row in seen.rows]
    address = reverse("courts:direction", args=[seen.period.code, seen.month])
    for place, goal in enumerate(prefecture_goals(seen.period, said, cards), start=1):
        if not goal or not seen.shows(goal.side):
            continue
        yield Headline(
            code=f"goal-{place}",
            label=goal.label,
            value=f"{goal.good} / {goal.compared}" if goal.compared else "",
            gap="" if goal.compared else _("没有可比的指标。"),
            against="",
            met=None,
            change=goal.sentence if goal.compared else "",
            last_year="",
            note=_("%(count)s项无可比数") % {"count": goal.unknown} if goal.unknown else "",
            address=f"{address}{seen.period.query}",
        )


def _missing_note(missing: int) -> str:
    return _("%(count)s个法院未报") % {"count": missing} if missing else ""


def _returns(seen: SeenMonth, state: Completeness) -> Headline:
    """How many of the month's returns are in."""
    of_month = next((one for one in state.rates if one.month == seen.month), None)
    rates = (
        None
        if of_month is None
        else of_month.rates.of([Side(seen.side)] if seen.side else list(seen.rulebook.share_of))
    )
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
        last_year="",
        note="",
        address=seen.completeness if expected else "",
    )
