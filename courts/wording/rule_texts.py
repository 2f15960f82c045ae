"""Owns showing what a rule of the rulebook is, in words and in symbols; computes nothing.

Both come from the item's formula, so that a page can never say other than the engine does.
"""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.wording.amounts import bound, with_unit
from courts.wording.explanations import spoken
from scoring.schema import Item, Movement, Rulebook, Unit
from scoring.symbols import plain


def in_words(item: Item, rulebook: Rulebook) -> tuple[str, ...]:
    """The rule of an item, a sentence a line."""
    return tuple(spoken(line, rulebook) for line in item.formula.words(item.rule))


def in_symbols(item: Item) -> str:
    """The rule of an item as a formula over metric codes."""
    return item.formula.symbols(item.rule)


def interval_of(item: Item) -> tuple[Decimal, Decimal] | None:
    """The bounds that the item's value is to lie between; None where it is held to none."""
    low, high = getattr(item.rule, "low", None), getattr(item.rule, "high", None)
    return None if low is None or high is None else (low, high)


def has_aim(item: Item) -> bool:
    """Whether the item's value is held against anything: a target, a reference, an interval."""
    return item.goal is not None or interval_of(item) is not None


def is_change(item: Item) -> bool:
    """Whether the item is called after a change from year to year, which its value alone is not."""
    return isinstance(getattr(item.rule, "change", None), Movement)


def target_text(item: Item) -> str:
    """The target of an item with unit and direction; empty without one, or if another gives it."""
    goal, interval = item.goal, interval_of(item)
    if interval is not None:
        unit = item.formula.drawing(item.rule).unit or Unit.PERCENT
        low, high = (with_unit(plain(one), unit) for one in interval)
        return _("%(low)s至%(high)s") % {"low": low, "high": high}
    if goal is None or goal.target is None:
        return ""
    return bound(goal.direction, with_unit(plain(goal.target), goal.unit))


def target_origin(item: Item) -> str:
    """Where the target comes from, in words; empty where the item has none."""
    return "" if item.goal is None else item.goal.origin.get(get_language() or "")
