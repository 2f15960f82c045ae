"""Owns reading which supplements are in force beside a year's rules, and what they say.

Of one code the highest version taken up is *in force*. Nothing here moves a point.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from django.db.models import QuerySet

from courts.frame.remembered import remembered_rows
from courts.models import QualityYear, TakenSupplement
from scoring.supplements import Supplement, load_supplement


def in_force(years: Iterable[QualityYear]) -> Mapping[int, Mapping[str, TakenSupplement]]:
    """The supplements in force by code, of each year by key. One query."""
    found: dict[int, dict[str, TakenSupplement]] = {year.pk: {} for year in years}

    def write() -> QuerySet[TakenSupplement]:
        rows = TakenSupplement.objects.filter(quality_year__in=list(found))
        return rows.select_related("by", "confirmed_by").order_by("code", "version")

    for row in remembered_rows(("supplements", tuple(found)), write):
        found[row.quality_year_id][row.code] = row
    return found


def supplements_of(year: QualityYear) -> tuple[Supplement, ...]:
    """What everything in force beside the year's rules says, by code. One query."""
    return tuple(read(row) for row in in_force([year])[year.pk].values())


def supplement_of(year: QualityYear, code: str) -> Supplement | None:
    """What the supplement of that code in force says; None without one. One query."""
    row = in_force([year])[year.pk].get(code)
    return None if row is None else read(row)


def read(row: TakenSupplement) -> Supplement:
    """What a row says; the hash is computed anew."""
    found = _read(row.code, row.text)
    if found.sha256 != row.sha256:
        raise ValueError(f"The stored text of supplement {row} has the hash {found.sha256}.")
    return found


@lru_cache(maxsize=256)
def _read(code: str, text: str) -> Supplement:
    return load_supplement(f"{code}.toml", text)
