"""Owns which levels of court there are to choose from when courts are brought in."""

from __future__ import annotations

from courts.models import Court, QualityYear
from courts.wording.amounts import level_label, level_name
from courts.years.selectors.years import rulebook_of
from scoring.schema import Level


def level_choices(root: Court | None) -> list[tuple[str, str]]:
    """The levels of the prefecture's newest rules, else the usual ones. One query at most."""
    years = QualityYear.objects.filter(court=root).select_related("edition").order_by("-year")
    newest = None if root is None else years.first()
    if newest is None:
        return [(level.value, level_label(level)) for level in Level]
    rulebook = rulebook_of(newest)
    return [(level.value, level_name(rulebook, level)) for level in rulebook.label_of_level]
