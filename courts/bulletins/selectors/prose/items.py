"""Owns what a bulletin says of one item: value, change, target met or not, first and last."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from courts.bulletins.selectors.prose.month import Area, CourtMonth
from courts.bulletins.selectors.prose.pen import FEW_CASES, Pen, printed, sentence
from courts.bulletins.selectors.prose.sums import Summed, summed
from courts.frame.listing import clauses, enumerated, phrases
from courts.wording.rule_texts import has_aim, interval_of
from scoring.rates import total
from scoring.rounding import to_text
from scoring.schema import Direction, Group, Item, Unit
from scoring.series import is_rate

# More courts than these are counted, not named.
MOST_NAMED = 3
APART = (Area.RANKED, Area.OTHERS)


def item_text(pen: Pen, item: Item) -> str:
    """The sentences of one item; courts that are ranked and the others always apart."""
    told = [one for area in APART if (one := summed(pen.month, item, area)) and one.courts]
    if not told or all(one.value is None for one in told):
        return "".join((_without_value(pen, item), points_text(pen, item)))
    return "".join(
        (
            target_text(pen, item),
            sentence(clauses(area_text(pen, one, is_named=one is told[0]) for one in told)),
            _missing_text(pen, told),
            sentence(standing_text(pen, item)),
            points_text(pen, item),
        )
    )


def area_text(pen: Pen, told: Summed, *, is_named: bool = True) -> str:
    """One area's sum or rate with its distance from the target and its change.

    `is_named` is whether it says what is measured; the second of two areas need not.
    """
    values = {"area": pen.month.area_name(told.area, pen.language)}
    if told.value is None:
        return _("%(area)s没有可计算的案件") % values
    target = common_target(pen, told.item, told.area)
    token, text = pen.value(told, None if target is None else Fraction(target))
    values["value"] = pen.with_unit(told, token) + pen.counts(told)
    text_of_value = _("%(area)s%(value)s")
    if is_named:
        values["name"] = pen.month.measured_name(told.item, pen.language)
        text_of_value = _("%(area)s%(name)s%(value)s")
    return phrases(
        (
            text_of_value % values,
            "" if target is None else pen.distance(told, text, target),
            pen.change(told, text),
        )
    )


def common_target(pen: Pen, item: Item, area: Area) -> Decimal | None:
    """The target of an area's courts, where all have the same and the item is held against it."""
    if item.goal is None or not is_rate(item):
        return None
    held = [
        court.items[item.code].target
        for court in pen.month.of_area(area)
        if item.code in court.items
    ]
    there = {target for target in held if target is not None}
    return there.pop() if len(there) == 1 and None not in held else None


def target_text(pen: Pen, item: Item) -> str:
    """What the item is held to."""
    interval = interval_of(item)
    if interval is not None:
        return _interval_text(pen, item, interval)
    if item.goal is None:
        return ""
    target = common_target(pen, item, Area.ALL)
    if target is None:
        return ""
    value = {"target": target_value(pen, item, target)}
    if item.goal.direction is Direction.AT_LEAST:
        return _("目标为不低于%(target)s。") % value
    return _("目标为不高于%(target)s。") % value


def is_of(item: Item, group: Group) -> bool:
    """Whether the item stands in the group; sides may call their groups alike."""
    return (item.side, item.group) == (group.side, group.code)


def _interval_text(pen: Pen, item: Item, interval: tuple[Decimal, Decimal]) -> str:
    """Between what the item's value is to lie."""
    unit = suffix(item.formula.drawing(item.rule).unit or Unit.PERCENT)
    values = {}
    for name, bound in zip(("low", "high"), interval, strict=True):
        label = f"{item.label.get(pen.language)} · " + _("合理区间")
        text = f"{bound.normalize():f}"
        values[name] = pen.plain(f"target:{item.code}:{name}", text, label, item.paragraph) + unit
    return _("合理区间为%(low)s至%(high)s。") % values


def target_value(pen: Pen, item: Item, target: Decimal) -> str:
    """A target with its unit, with the decimals that it needs."""
    label = f"{item.label.get(pen.language)} · " + _("目标")
    text = f"{target.normalize():f}"
    token = pen.plain(f"target:{item.code}", text, label, item.paragraph)
    return token + ("" if item.goal is None else suffix(item.goal.unit))


def suffix(unit: Unit | str) -> str:
    """What stands behind a number in a unit."""
    match Unit(unit):
        case Unit.PERCENT:
            return "%"
        case Unit.PERCENTAGE_POINTS:
            return _("个百分点")
        case Unit.DAYS:
            return _("天")
        case Unit.POINTS:
            return _("分")
        case Unit.YUAN:
            return _("元")


def _without_value(pen: Pen, item: Item) -> str:
    """Why there is no value; of an item that is neither sum nor rate, the points."""
    if item.series is None:
        return _points_alone(pen, item)
    statuses = {court.items[item.code].status for court in ranked(pen, item)}
    if statuses == {"no_target"}:
        return _("尚未录入考核目标。")
    return _("各院没有报送计算所需的数据。") if "not_reported" in statuses else ""


def _points_alone(pen: Pen, item: Item) -> str:
    """The printed points of an item that no figures are told of: ballots, means, conditions."""
    courts = [court for court in pen.month.courts if item.code in court.items]
    if all(court.items[item.code].status == "pending" for court in courts):
        return _("尚未计分。")
    parts = []
    held = [
        Decimal(points)
        for court in ranked(pen, item)
        if (points := court.items[item.code].points) is not None
    ]
    label = item.label.get(pen.language)
    if held:
        mean = Fraction(sum(held)) / len(held)
        parts.append(
            _("%(area)s平均得%(points)s分")
            % {
                "area": pen.month.area_name(Area.RANKED, pen.language),
                "points": pen.ledger.put(
                    f"ranked:{item.code}:mean",
                    to_text(mean),
                    label=label,
                    paragraph=item.paragraph,
                    exact=mean,
                ),
            }
        )
    for court in pen.month.of_area(Area.OTHERS):
        one = court.items.get(item.code)
        if one is not None and one.points is not None:
            key, name = f"court/{court.code}:{item.code}:points", court.name(pen.language)
            token = pen.plain(key, one.points, f"{name} · {label}", item.paragraph)
            parts.append(_("%(court)s得%(points)s分") % {"court": name, "points": token})
    text = sentence(clauses(parts))
    is_points = all(court.items[item.code].unit == Unit.POINTS for court in courts)
    return text + (sentence(standing_text(pen, item)) if is_points else "")


def ranked(pen: Pen, item: Item) -> list[CourtMonth]:
    """The ranked courts that are scored by the item."""
    return [court for court in pen.month.of_area(Area.RANKED) if item.code in court.items]


def _missing_text(pen: Pen, told: Sequence[Summed]) -> str:
    """Which courts are in none of the numbers."""
    missing = [pen.month.court[code] for one in told for code in one.missing]
    if not missing:
        return ""
    return _("%(courts)s未报送，没有计入。") % {"courts": pen.names(missing)}


def standing_text(pen: Pen, item: Item) -> str:
    """Which ranked courts are first and last by the value that earned the points."""
    held = [
        (court, exact)
        for court in ranked(pen, item)
        if (exact := court.items[item.code].exact) is not None
    ]
    values = {exact for _court, exact in held}
    if len(values) <= 1 or item.is_bonus or interval_of(item) is not None:
        return ""
    is_lower = _is_lower_better(item, held)
    best, worst = (min, max) if is_lower else (max, min)
    first, last = best(values), worst(values)
    name = item.label.get(pen.language)
    return _("%(name)s居前的是%(first)s，居后的是%(last)s") % {
        "name": name,
        "first": _group(pen, item, [court for court, exact in held if exact == first], "first"),
        "last": _group(pen, item, [court for court, exact in held if exact == last], "last"),
    }


def _is_lower_better(item: Item, held: Sequence[tuple[CourtMonth, Fraction]]) -> bool:
    """By the target where there is one; else by what the least and the largest value earned."""
    if item.goal is not None:
        return item.goal.direction is Direction.AT_MOST
    (least, _value), (largest, _other) = (pick(held, key=lambda one: one[1]) for pick in (min, max))
    points = [Decimal(court.items[item.code].points or 0) for court in (least, largest)]
    return points[0] > points[1]


def _group(pen: Pen, item: Item, courts: Sequence[CourtMonth], place: str) -> str:
    """Courts with one value: named with it, or counted where they are many."""
    if len(courts) <= MOST_NAMED:
        return enumerated(_named(pen, item, court) for court in courts)
    held = courts[0].items[item.code]
    label = item.label.get(pen.language)
    values = {
        "count": pen.plain(f"ranked:{item.code}:{place}_count", len(courts), label),
        "value": pen.plain(
            f"ranked:{item.code}:{place}_value", printed(held.value or ""), label, item.paragraph
        )
        + suffix(held.unit),
    }
    return _("%(count)s个法院（%(value)s）") % values


def _named(pen: Pen, item: Item, court: CourtMonth) -> str:
    """A court with its value."""
    values = {"court": court.name(pen.language), "value": court_value(pen, item, court)}
    return _("%(court)s（%(value)s）") % values


def court_value(pen: Pen, item: Item, court: CourtMonth) -> str:
    """A court's value with its unit, and the cases behind a rate of a few."""
    held = court.items[item.code]
    label = f"{court.name(pen.language)} · {item.label.get(pen.language)}"
    share = _share(item, court)
    token = pen.ledger.put(
        f"court/{court.code}:{item.code}:value",
        printed(held.value or ""),
        label=label,
        paragraph=item.paragraph,
        courts=(court.code,),
        metrics=item.metrics,
        exact=held.exact,
        share=share,
    )
    value = token + suffix(held.unit)
    if share is None or not 0 < share[1] <= FEW_CASES:
        return value
    return _("%(value)s，%(whole)s%(unit)s中%(cases)s%(unit)s") % {
        "value": value,
        "whole": pen.plain(f"court/{court.code}:{item.code}:whole", share[1], label),
        "cases": pen.plain(f"court/{court.code}:{item.code}:cases", share[0], label),
        "unit": pen.unit(item),
    }


def _share(item: Item, court: CourtMonth) -> tuple[int, int] | None:
    """Cases of how many, where the value is such a share."""
    series = item.series
    if item.goal is None or series is None or not series.whole:
        return None
    part = total(court.facts.current, series.part)
    whole = total(court.facts.current, series.whole)
    if part is None or whole is None or item.goal.unit is not Unit.PERCENT:
        return None
    return (whole - part if series.complement else part), whole


def _bonus_text(pen: Pen, item: Item, moved: Sequence[CourtMonth]) -> str:
    """Which ranked courts got points on top or off."""
    values = {"area": pen.month.area_name(Area.RANKED, pen.language)}
    if not moved:
        return _("各%(area)s均没有加减分。") % values
    label = item.label.get(pen.language)
    values["count"] = pen.plain(f"ranked:{item.code}:moved", len(moved), label, item.paragraph)
    return _("有加减分的%(area)s%(count)s个。") % values


def points_text(pen: Pen, item: Item) -> str:
    """How many ranked courts earned all points, or met the target, and which did not."""
    held = [(court, court.items[item.code]) for court in ranked(pen, item)]
    scored = [(court, one) for court, one in held if one.status == "scored"]
    if not scored:
        return ""
    if item.is_bonus:
        return _bonus_text(pen, item, [court for court, one in scored if Decimal(one.points or 0)])
    full = [court for court, one in scored if one.is_full]
    short = [court for court, one in scored if not one.is_full]
    is_goal = has_aim(item)
    values = {"area": pen.month.area_name(Area.RANKED, pen.language)}
    if len(scored) == len(held) and not short:
        return (_("各%(area)s均达到目标。") if is_goal else _("各%(area)s均得满分。")) % values
    if len(scored) == len(held) and not full:
        return (_("各%(area)s均未达到目标。") if is_goal else _("各%(area)s均未得满分。")) % values
    label = item.label.get(pen.language)
    values["count"] = pen.plain(f"ranked:{item.code}:full", len(full), label, item.paragraph)
    if not is_goal:
        return _("得满分的%(area)s%(count)s个。") % values
    if 0 < len(short) <= MOST_NAMED:
        values["courts"] = pen.names(short)
        return _("达到目标的%(area)s%(count)s个，%(courts)s未达到。") % values
    values["short"] = pen.plain(f"ranked:{item.code}:short", len(short), label, item.paragraph)
    return _("达到目标的%(area)s%(count)s个，未达到的%(short)s个。") % values
