"""Owns which parts the rules of a year have, so that menus name no page without anything on it."""

from __future__ import annotations

from functools import lru_cache

import scoring
from scoring.schema import Rulebook

CAPS, BASE, READINGS, TARGETS = "caps", "base", "readings", "targets"
BALLOTS, ASSESSED, RANKS = "ballots", "assessed", "ranks"


@lru_cache(maxsize=64)
def parts_of(rulebook: Rulebook) -> frozenset[str]:
    """Caps, base figures, readings, entered targets, a ballot, given points, ranks."""
    has = {
        CAPS: rulebook.caps is not None,
        BASE: rulebook.caps is not None or scoring.compares_years(rulebook),
        READINGS: bool(rulebook.readings),
        TARGETS: bool(rulebook.appraisal_items),
        BALLOTS: any(item.formula.reads_ballots for item in rulebook.items),
        ASSESSED: any(item.formula.reads_assessed for item in rulebook.items),
        RANKS: rulebook.ranked_level is not None,
    }
    return frozenset(name for name, there in has.items() if there)
