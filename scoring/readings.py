"""Readings at work: a choice of options turned into rules with the changed fields.

The formulas know nothing of readings; they see only the rules they are given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from scoring.schema import Item, Rulebook


class ReadingError(ValueError):
    """A reading or a value that the rulebook does not have; the message lists those it has."""


def chosen(rulebook: Rulebook, wanted: Mapping[str, str] | None = None) -> Mapping[str, str]:
    """The value of every reading: the wanted one, else the default.

    Raises `ReadingError` for a reading or value that does not exist.
    """
    values = dict(rulebook.defaults)
    for code, value in (wanted or {}).items():
        reading = rulebook.reading_by_code.get(code)
        if reading is None:
            known = ", ".join(rulebook.reading_by_code)
            raise ReadingError(f"no reading {code!r}; the rulebook has: {known}")
        if value not in reading.values:
            known = ", ".join(reading.values)
            raise ReadingError(f"reading {code} has no value {value!r}; it has: {known}")
        values[code] = value
    return values


def resolved(rulebook: Rulebook, values: Mapping[str, str]) -> tuple[Item, ...]:
    """The items with their rules as these readings have them; `values` as from `chosen`."""
    return _resolved(rulebook, tuple(sorted(values.items())))


@lru_cache(maxsize=256)
def _resolved(rulebook: Rulebook, values: tuple[tuple[str, str], ...]) -> tuple[Item, ...]:
    fields: dict[str, dict[str, Any]] = {}
    for code, value in values:
        for change in rulebook.reading_by_code[code].option(value).changes:
            for item in change.items:
                fields.setdefault(item, {}).update(change.fields)
    return tuple(
        replace(item, rule=replace(item.rule, **fields[item.code])) if item.code in fields else item
        for item in rulebook.items
    )
