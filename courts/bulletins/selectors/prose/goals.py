"""Owns the goals of the notice: how many indicators of a side moved the good way (正文二).

Held against the year before, of indicators that should rise so many rose, of those that should fall
so many fell; held against averages, so many are better. What cannot be compared is counted apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from courts.bulletins.selectors.prose.items import suffix
from courts.bulletins.selectors.prose.month import Area, BulletinMonth
from courts.bulletins.selectors.prose.pen import Pen, sentence
from courts.bulletins.selectors.prose.sums import SumBasis, summed
from courts.frame.listing import clauses, enumerated
from scoring.bulletins import Against, GoalOfSide
from scoring.rounding import to_text
from scoring.schema import Item, Unit
from scoring.supplements import Better


@dataclass(frozen=True, slots=True)
class Moved:
    """An indicator of all courts together: now, and what it is held against; exact values."""

    item: Item
    better: Better
    now: Fraction
    before: Fraction
    basis: SumBasis

    @property
    def is_good(self) -> bool:
        """Whether it moved the way it should."""
        rose = self.now > self.before
        return self.now != self.before and rose == (self.better is Better.HIGHER)


def moved(month: BulletinMonth, goal: GoalOfSide) -> tuple[Moved, ...]:
    """The indicators of a goal that can be compared, in the order of the notice."""
    found = []
    for item in month.items:
        better = month.better.get(item.code)
        if item.side is not goal.side or better is None:
            continue
        told = summed(month, item, Area.ALL)
        if told is None or told.value is None:
            continue
        before = told.before
        if goal.against is Against.AVERAGES:
            average = month.averages.get(item.code)
            before = None if average is None else Fraction(average.value)
        if before is not None:
            found.append(Moved(item, better, told.value, before, told.basis))
    return tuple(found)


def goal_text(pen: Pen, goal: GoalOfSide) -> str:
    """The line of one goal; empty where nothing can be compared."""
    held = moved(pen.month, goal)
    if not held:
        return ""
    if goal.against is Against.AVERAGES:
        return _averages_text(pen, goal, held)
    return _baseline_text(pen, goal, held)


def _count(pen: Pen, goal: GoalOfSide, what: str, number: int) -> str:
    label = f"{goal.label.get(pen.language)} · {pen.month.side_label(goal.side, pen.language)}"
    return pen.plain(f"goal/{goal.side.value}:{what}:count", number, label, goal.paragraph)


def _baseline_text(pen: Pen, goal: GoalOfSide, held: tuple[Moved, ...]) -> str:
    lines = []
    for better in (Better.HIGHER, Better.LOWER):
        own = [one for one in held if one.better is better]
        if not own:
            continue
        values = {
            "all": _count(pen, goal, f"{better.value}_all", len(own)),
            "good": _count(pen, goal, f"{better.value}_good", sum(one.is_good for one in own)),
        }
        if better is Better.HIGHER:
            lines.append(_("正向指标%(all)s项，上升的%(good)s项") % values)
        else:
            lines.append(_("逆向指标%(all)s项，下降的%(good)s项") % values)
    compared = _("与%(year)s年相比") % {"year": pen.baseline_year()}
    text = _("%(area)s%(label)s情况：%(compared)s，%(lines)s") % {
        "area": pen.month.area_name(Area.ALL, pen.language),
        "label": goal.label.get(pen.language),
        "compared": compared,
        "lines": clauses(lines),
    }
    bad = [one for one in held if not one.is_good]
    rest = _("未向好的有：%(names)s") % {"names": _names(pen, bad)} if bad else ""
    return sentence(text) + sentence(rest)


def _averages_text(pen: Pen, goal: GoalOfSide, held: tuple[Moved, ...]) -> str:
    good = [one for one in held if one.is_good]
    level = [one for one in held if one.now == one.before]
    values = {
        "area": pen.month.area_name(Area.ALL, pen.language),
        "label": goal.label.get(pen.language),
        "year": pen.plain("averages:year", pen.month.averages_year, _("平均值的年度")),
        "all": _count(pen, goal, "all", len(held)),
        "good": _count(pen, goal, "good", len(good)),
        "level": _count(pen, goal, "level", len(level)),
        "bad": _count(pen, goal, "bad", len(held) - len(good) - len(level)),
    }
    text = _(
        "%(area)s%(label)s情况：与%(year)s年平均值相比，%(all)s项指标中，"
        "优于平均值的%(good)s项，持平的%(level)s项，不及平均值的%(bad)s项"
    )
    lines = clauses(_against_average(pen, one) for one in held)
    return sentence(text % values) + sentence(lines)


def _against_average(pen: Pen, one: Moved) -> str:
    """One indicator beside its average, both as printed."""
    average = pen.month.averages[one.item.code]
    key = f"all:{one.item.code}"
    name = one.item.label.get(pen.language)
    now, before = to_text(one.now), to_text(one.before)
    label = f"{pen.month.area_name(Area.ALL, pen.language)} · {name}"
    told = summed(pen.month, one.item, Area.ALL)
    courts = () if told is None else told.courts
    share = None
    if told is not None and told.cases is not None and told.whole is not None:
        share = (told.cases, told.whole)
    token = pen.ledger.put(
        f"{key}:value",
        now,
        label=label,
        paragraph=one.item.paragraph,
        courts=courts,
        metrics=one.item.metrics,
        exact=one.now,
        share=share,
    )
    values = {
        "name": name,
        "value": token + suffix(average.unit) + ("" if told is None else pen.counts(told)),
        "place": average.place.get(pen.language),
        "average": pen.plain(
            f"average:{one.item.code}", before, f"{label} · {_('平均值')}", average.paragraph
        )
        + suffix(average.unit),
    }
    difference = Fraction(now) - Fraction(before)
    if difference == 0:
        return _("%(name)s%(value)s，与%(place)s平均值（%(average)s）持平") % values
    values["change"] = pen.ledger.put(
        f"{key}:average_change",
        to_text(abs(difference)),
        label=label,
        courts=courts,
        rose=difference > 0,
    )
    is_up = difference > 0
    if average.unit is Unit.DAYS:
        if is_up:
            return _("%(name)s%(value)s，比%(place)s平均值（%(average)s）延长%(change)s天") % values
        return _("%(name)s%(value)s，比%(place)s平均值（%(average)s）缩短%(change)s天") % values
    if is_up:
        return _("%(name)s%(value)s，比%(place)s平均值（%(average)s）高%(change)s个百分点") % values
    return _("%(name)s%(value)s，比%(place)s平均值（%(average)s）低%(change)s个百分点") % values


def _names(pen: Pen, held: list[Moved]) -> str:
    return enumerated(pen.month.measured_name(one.item, pen.language) for one in held)
