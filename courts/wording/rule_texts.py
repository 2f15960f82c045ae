"""Owns showing what a rule of the rulebook is, in words and in symbols; computes nothing.

Both come from the item's formula, so that a page can never say other than the engine does.
"""

from __future__ import annotations

from django.utils.translation import get_language

from courts.wording.amounts import bound, with_unit
from courts.wording.explanations import spoken
from scoring.schema import Item, Rulebook
from scoring.symbols import plain


def in_words(item: Item, rulebook: Rulebook) -> tuple[str, ...]:
    """The rule of an item, a sentence a line."""
    return tuple(spoken(line, rulebook) for line in item.formula.words(item.rule))


def in_symbols(item: Item) -> str:
    """The rule of an item as a formula over metric codes."""
    return item.formula.symbols(item.rule)


def target_text(item: Item) -> str:
    """The target of an item with unit and direction; empty without one, or if another gives it."""
    goal = item.goal
    if goal is None or goal.target is None:
        return ""
    return bound(goal.direction, with_unit(plain(goal.target), goal.unit))


def target_origin(item: Item) -> str:
    """Where the target comes from, in words; empty where the item has none."""
    return "" if item.goal is None else item.goal.origin.get(get_language() or "")
