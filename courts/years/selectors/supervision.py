"""Owns what a year's scheme says of supervision: kinds of alarms, causes, tasks of the year."""

from __future__ import annotations

from courts.models import QualityYear
from courts.years.selectors.supplements import supplements_of
from scoring.supervision import NO_RULES, SupervisionRules


def supervision_of(year: QualityYear) -> SupervisionRules:
    """What is in force; nothing where the year took up no such supplement. One query."""
    said = (one.supervision for one in supplements_of(year) if one.supervision is not NO_RULES)
    return next(said, NO_RULES)
