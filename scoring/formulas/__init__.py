"""The registry of formulas, by the name a rulebook gives them; one module each."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from scoring import trace
from scoring.formula import Formula
from scoring.formulas.ballots import Ballot
from scoring.formulas.conditions import Conditions
from scoring.formulas.drop import Drop
from scoring.formulas.peer_mean import PeerMean
from scoring.formulas.rate_drop import RateDrop
from scoring.formulas.target import Target

# In the order in which docs/scoring.md describes them.
FORMULAS: dict[str, type[Formula[Any]]] = {
    formula.name: formula for formula in (Drop, RateDrop, Target, Conditions, Ballot, PeerMean)
}


def kinds() -> tuple[str, ...]:
    """Every kind of step: those of any formula, then those of single ones."""
    own = (kind for formula in FORMULAS.values() for kind in formula.kinds)
    return tuple(dict.fromkeys((*trace.KINDS, *own)))


def words_for_numbers() -> frozenset[str]:
    """What may stand in a rulebook in place of a number that is given elsewhere."""
    words = {
        formula.word_for_none(field.name)
        for formula in FORMULAS.values()
        for field in fields(formula.rule_type)
    }
    return frozenset(words - {""})
