"""Owns between which points an office may give, as the item's own formula bounds them."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from courts.assessments.selectors.given import points_text
from courts.models import QualityYear
from courts.years.selectors.readings import readings_in_force
from courts.years.selectors.years import rulebook_of
from scoring.engine import context_of, plan
from scoring.facts import Assessed, CourtFacts, Month
from scoring.schema import Item, Level

# Beyond what any item can bring or take.
FAR = Decimal(10**9)


def bounds_of(
    year: QualityYear, item: Item, month: Month, level: Level
) -> tuple[Decimal, Decimal | None]:
    """The least and the most points of the item at this level; None where nothing bounds them."""
    rulebook = rulebook_of(year, month)
    context = context_of(rulebook, month, readings_in_force(year, month, rulebook))
    formula = next(one for one in plan(context, level) if one.item.code == item.code)
    scores = [
        formula(CourtFacts("", level, assessed={item.code: Assessed(points)}), context)
        for points in (-FAR, FAR)
    ]
    least, most = scores[0].points or Decimal(0), scores[1].cap
    return least, most


def bounds_words(least: Decimal, most: Decimal | None) -> str:
    """The bounds in words; both in points, `most` None: without an upper bound."""
    values = {"least": points_text(least), "most": "" if most is None else points_text(most)}
    if most is None:
        return _("分数最低为%(least)s，最高不限") % values
    return _("分数应在%(least)s至%(most)s之间") % values
