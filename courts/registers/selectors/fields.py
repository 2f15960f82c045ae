"""Owns which fields of a register whoever fills, and what is suggested for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from courts.models import QualityYear, RegisterLine
from scoring.registers import Register, RegisterField

MOST_SUGGESTED = 20


def fillable(register: Register, keepers: Iterable[str]) -> list[RegisterField]:
    """The fields that these keepers fill."""
    held = set(keepers)
    return [one for one in register.fields if held & {str(keeper) for keeper in one.by}]


def suggestions_of(
    year: QualityYear, fields: Sequence[RegisterField]
) -> Mapping[str, Sequence[str]]:
    """By field the latest texts of the register it takes its suggestions from. A query each."""
    found = {}
    for one in fields:
        register, code = one.suggested_from
        if register:
            rows = RegisterLine.objects.filter(
                quality_year=year, register=register, **{f"values__{code}__isnull": False}
            ).order_by("-opened_at", "-pk")
            texts = rows.values_list(f"values__{code}", flat=True)[:MOST_SUGGESTED]
            found[one.code] = tuple(dict.fromkeys(str(text)[:200] for text in texts))
    return found
