"""Owns the points that count of an item in a month, and a motion about them in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.models import Assessment, Motion, QualityYear
from courts.motions.kinds import MotionLine
from courts.wording import amounts
from courts.wording.months import month_name
from courts.years.selectors.years import CourtRow, rulebook_of
from scoring.facts import Month


def stored_points(year: QualityYear, item: str, month: int) -> Mapping[str, Assessment]:
    """The points that count, by court. One query."""
    rows = Assessment.objects.filter(quality_year=year, item=item, month=month)
    found = rows.select_related("court", "given_by", "confirmed_by")
    return {row.court.code: row for row in found}


def given_line(
    year: QualityYear,
    motion: Motion,
    courts: Mapping[str, CourtRow],
    stored: Mapping[str, Assessment],
) -> MotionLine:
    """What a motion would change, in words; `stored` are the points of its item and month."""
    language, data = get_language() or "", motion.data
    month, code = Month(year.year, data["months"][0]), data["courts"][0]
    item = rulebook_of(year, month).item_by_code.get(data["item"])
    name = data["item"] if item is None else f"{item.code} {item.label.get(language)}"
    court = code if code not in courts else courts[code].label(language)
    old = stored.get(code)
    return MotionLine(
        (court, month_name(month), name),
        "—" if old is None else _words(points_text(old.points), old.reason),
        _words(motion_points(motion), motion.reason),
        code,
    )


def motion_points(motion: Motion) -> str:
    """The points that a motion gives; empty where it takes them away."""
    points = motion.data["points"]
    return "" if points is None else points_text(Decimal(points))


def points_text(points: Decimal) -> str:
    """Points as people write them: no zeros behind, the minus a minus."""
    return amounts.number(f"{points.normalize():f}")


def _words(points: str, reason: str) -> str:
    told = _("%(points)s分") % {"points": points} if points else _("撤去")
    return f"{told} · {reason}"
