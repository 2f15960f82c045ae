"""The registry of formulas, by the name a rulebook gives them; one module each."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, get_args, get_type_hints

from scoring import trace
from scoring.formula import Formula
from scoring.formulas.assessed import AssessedPoints
from scoring.formulas.ballots import Ballot
from scoring.formulas.conditions import Conditions
from scoring.formulas.drop import Drop
from scoring.formulas.graded import Graded
from scoring.formulas.linear import Linear
from scoring.formulas.peer_mean import PeerMean
from scoring.formulas.per_case import PerCase
from scoring.formulas.ranked import Ranked
from scoring.formulas.rate_drop import RateDrop
from scoring.formulas.target import Target
from scoring.labels import CHOICES, FIELDS
from scoring.schema import Level, Text

# In the order in which docs/scoring.md describes them.
FORMULAS: dict[str, type[Formula[Any]]] = {
    formula.name: formula
    for formula in (
        Drop,
        RateDrop,
        Target,
        Graded,
        Linear,
        PerCase,
        Conditions,
        Ranked,
        Ballot,
        AssessedPoints,
        PeerMean,
    )
}


def kinds() -> tuple[str, ...]:
    """Every kind of step: those of any formula, then those of single ones."""
    own = (kind for formula in FORMULAS.values() for kind in formula.kinds)
    return tuple(dict.fromkeys((*trace.KINDS, *own)))


def labels() -> Mapping[str, Text]:
    """What the fields of all rules and the values of their choices are called."""
    found = {**FIELDS, **CHOICES}
    for formula in FORMULAS.values():
        found |= formula.labels
    return found


def choices() -> Mapping[str, type[StrEnum] | type[Level]]:
    """The fields of all rules that hold a choice."""
    levels = {
        name: Level
        for formula in FORMULAS.values()
        for name, hint in get_type_hints(formula.rule_type).items()
        if hint is Level
    }
    return levels | {
        name: kind
        for formula in FORMULAS.values()
        for name, hint in get_type_hints(formula.rule_type).items()
        if (kind := choice_in(hint)) is not None and not takes_number(hint)
    }


def choice_in(hint: Any) -> type[StrEnum] | None:
    """The choice that a field holds, if it holds one; it may be left out."""
    for kind in get_args(hint) or (hint,):
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return kind
    return None


def takes_number(hint: Any) -> bool:
    """Whether a field holds a number, or a word in place of one."""
    return Decimal in (get_args(hint) or (hint,))


def words_for_numbers() -> frozenset[str]:
    """What may stand in a rulebook in place of a number that is given elsewhere."""
    words: set[str] = set()
    for formula in FORMULAS.values():
        for hint in get_type_hints(formula.rule_type).values():
            kind = choice_in(hint)
            if kind is not None and takes_number(hint):
                words |= {member.value for member in kind}
    return frozenset(words)
