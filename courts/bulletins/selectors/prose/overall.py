"""Owns part one: the sum that is capped, the headline indicators, points and ranks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from courts.bulletins.selectors.prose.blocks import Block, paragraph, table
from courts.bulletins.selectors.prose.items import (
    APART,
    MOST_NAMED,
    area_text,
    common_target,
    target_value,
)
from courts.bulletins.selectors.prose.month import Area, CourtMonth
from courts.bulletins.selectors.prose.pen import Pen, sentence
from courts.bulletins.selectors.prose.sums import summed
from courts.frame.listing import clauses, enumerated, phrases
from scoring.rates import PERCENT
from scoring.rounding import to_text
from scoring.schema import Direction, Item


def overall(pen: Pen) -> Iterator[Block]:
    """The blocks of the part, without its heading."""
    capped = _capped(pen)
    if capped:
        yield paragraph("overall.cap", capped)
    for number, headline in enumerate(pen.month.words.headlines, start=1):
        items = [pen.month.item[code] for code in headline.items if code in pen.month.item]
        said = "".join(_headline(pen, one) for one in items)
        if said:
            text = _("%(label)s情况。") % {"label": headline.label.get(pen.language)}
            yield paragraph(f"overall.headline{number}", text + said)
    yield paragraph("overall.points", _points(pen))
    yield table("table.points")
    moves = moves_text(pen)
    if moves:
        yield paragraph("overall.moves", moves)


def _capped(pen: Pen) -> str:
    """The sum that the year has a cap for, all courts together and then apart."""
    rule = pen.month.rulebook.caps
    if rule is None or rule.item not in pen.month.item:
        return ""
    item = pen.month.item[rule.item]
    told = summed(pen.month, item, Area.ALL)
    if told is None or told.value is None:
        return ""
    text = phrases((area_text(pen, told), of_cap(pen, item, Area.ALL, told.value)))
    parts = []
    for area in APART:
        one = summed(pen.month, item, area)
        if one is not None and one.value is not None:
            text_of_area = area_text(pen, one, is_named=False)
            parts.append(phrases((text_of_area, of_cap(pen, item, area, one.value))))
    return sentence(text) + sentence(_("其中：%(parts)s") % {"parts": clauses(parts)})


def of_cap(pen: Pen, item: Item, area: Area, cases: Fraction) -> str:
    """What share of the year's cap is used up; empty where a court has no cap."""
    caps = [court.cap_cases for court in pen.month.of_area(area)]
    if not caps or any(one is None for one in caps):
        return ""
    cap = sum(one for one in caps if one is not None)
    if cap == 0:
        return ""
    label = f"{pen.month.area_name(area, pen.language)} · {_('全年上限')}"
    rule = pen.month.rulebook.caps
    where = rule.paragraph if rule is not None else ""
    share = PERCENT * cases / cap
    values = {
        "cap": pen.plain(f"{area.value}:{item.code}:cap", cap, label, where),
        "unit": pen.unit(item),
        "share": pen.ledger.put(
            f"{area.value}:{item.code}:cap_share",
            to_text(share),
            label=label,
            paragraph=where,
            exact=share,
            share=(int(cases), cap),
        ),
    }
    if cases > cap:
        return _("超过全年上限%(cap)s%(unit)s，为上限的%(share)s%%") % values
    return _("占全年上限%(cap)s%(unit)s的%(share)s%%，在控制目标以内") % values


def _headline(pen: Pen, item: Item) -> str:
    """One indicator in short: the target, then the areas apart."""
    parts = []
    for area in APART:
        told = summed(pen.month, item, area)
        if told is not None and told.courts:
            text = area_text(pen, told, is_named=False)
            parts.append(phrases((text, _is_met(pen, item, area))))
    if not parts:
        return ""
    target = common_target(pen, item, Area.ALL)
    values = {"name": item.label.get(pen.language), "parts": clauses(parts)}
    if target is None or item.goal is None:
        return _("%(name)s：%(parts)s。") % values
    values["target"] = target_value(pen, item, target)
    if item.goal.direction is Direction.AT_LEAST:
        return _("%(name)s（目标不低于%(target)s）：%(parts)s。") % values
    return _("%(name)s（目标不高于%(target)s）：%(parts)s。") % values


def _is_met(pen: Pen, item: Item, area: Area) -> str:
    told, target = summed(pen.month, item, area), common_target(pen, item, area)
    if told is None or told.value is None or target is None or item.goal is None:
        return ""
    return _("达到目标") if item.goal.is_reached(told.value, target) else _("未达到目标")


def _points(pen: Pen) -> str:
    """Highest, lowest and mean of the printed points; the others apart, without a rank."""
    if not pen.month.has_totals:
        return "".join(_half(pen, side) for side in pen.month.sides)
    held = [(court, court.total) for court in pen.month.of_area(Area.RANKED)]
    points = {code.code: total for code, total in held if total is not None}
    text = _spread(pen, "total", _("总分"), [court for court, _total in held], points)
    apart = [
        _("%(court)s总分%(points)s分，因计分项目不同，单列不排名")
        % {
            "court": court.name(pen.language),
            "points": _court_points(pen, court, "total", court.total),
        }
        for court in pen.month.of_area(Area.OTHERS)
        if court.total is not None
    ]
    return text + sentence(clauses(apart))


def _half(pen: Pen, side: str) -> str:
    """The same of one side alone."""
    courts = pen.month.of_area(Area.RANKED)
    label = _("%(side)s得分") % {"side": pen.month.side_label(side, pen.language)}
    points = {court.code: court.half(side) for court in courts}
    text = _spread(pen, side, label, list(courts), points)
    apart = [
        _("%(court)s%(label)s%(points)s分")
        % {
            "court": court.name(pen.language),
            "label": label,
            "points": _court_points(pen, court, side, court.half(side)),
        }
        for court in pen.month.of_area(Area.OTHERS)
    ]
    return text + sentence(clauses(apart))


def _spread(
    pen: Pen, what: str, label: str, courts: Sequence[CourtMonth], points: dict[str, str]
) -> str:
    if not points:
        return ""
    area = pen.month.area_name(Area.RANKED, pen.language)
    values = sorted({Decimal(text) for text in points.values()})
    mean = Fraction(sum(map(Decimal, points.values()))) / len(points)
    said = {
        "area": area,
        "label": label,
        "mean": pen.ledger.put(
            f"ranked:{what}:mean", to_text(mean), label=f"{area} · {label}", exact=mean
        ),
        "first": _with_points(pen, what, courts, points, values[-1]),
        "last": _with_points(pen, what, courts, points, values[0]),
    }
    if len(values) == 1:
        return _("各%(area)s%(label)s均为%(mean)s分。") % said
    return _("%(area)s%(label)s平均%(mean)s分，最高的是%(first)s，最低的是%(last)s。") % said


def _with_points(
    pen: Pen, what: str, courts: Sequence[CourtMonth], points: dict[str, str], value: Decimal
) -> str:
    found = [court for court in courts if Decimal(points.get(court.code, "-1")) == value]
    if len(found) > MOST_NAMED:
        count = pen.plain(f"ranked:{what}:{value}_count", len(found))
        token = pen.plain(f"ranked:{what}:{value}", points[found[0].code])
        return _("%(count)s个法院（%(points)s分）") % {"count": count, "points": token}
    return enumerated(
        _("%(court)s（%(points)s分）")
        % {
            "court": court.name(pen.language),
            "points": _court_points(pen, court, what, points[court.code]),
        }
        for court in found
    )


def _court_points(pen: Pen, court: CourtMonth, what: str, text: str | None) -> str:
    label = _("总分") if what == "total" else pen.month.side_label(what, pen.language)
    return pen.ledger.put(
        f"court/{court.code}:{what}:points",
        text or "",
        label=f"{court.name(pen.language)} · {label}",
        courts=(court.code,),
    )


def moves_text(pen: Pen) -> str:
    """Whose rank changed since the month before, by how much and with which change of points."""
    risen: list[str] = []
    fallen: list[str] = []
    for court in pen.month.of_area(Area.RANKED):
        before = court.before
        if before is None or court.rank is None or before["rank"] is None:
            continue
        places = before["rank"] - court.rank
        if places:
            values = {
                "court": court.name(pen.language),
                "places": pen.ledger.put(
                    f"court/{court.code}:rank:change",
                    str(abs(places)),
                    label=f"{court.name(pen.language)} · {_('名次变化')}",
                    courts=(court.code,),
                    rose=places > 0,
                ),
                "rank": pen.ledger.put(
                    f"court/{court.code}:rank:value",
                    str(court.rank),
                    label=f"{court.name(pen.language)} · {_('名次')}",
                    courts=(court.code,),
                ),
            }
            text = (
                _("%(court)s上升%(places)s位，列第%(rank)s位")
                if places > 0
                else _("%(court)s下降%(places)s位，列第%(rank)s位")
            )
            (risen if places > 0 else fallen).append(text % values)
    if not risen and not fallen:
        return ""
    moved = clauses((*risen, *fallen))
    return _("与上月相比，名次有变化的有：%(moved)s。") % {"moved": moved}
