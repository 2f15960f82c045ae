"""Owns the check that codes in columns are those of the rules: sides, levels, items.

The database holds the form of a code alone. Services ask the edition before they write; this asks
once more, of all rows, for whatever came in another way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from courts.models import (
    Assessment,
    Bulletin,
    Closing,
    Court,
    Extract,
    ExtractFigure,
    MonthlyReturn,
    Motion,
    QualityYear,
    SideRole,
    Snapshot,
    SpecialCase,
)
from courts.models.sides import parted
from courts.years.selectors.years import rulebooks_of


@dataclass(frozen=True, slots=True)
class StrangeCode:
    """A code that no rules of the year know: where it stands, and in how many rows."""

    year: str
    table: str
    column: str
    code: str
    rows: int


def strange_codes() -> tuple[StrangeCode, ...]:
    """All of them. A constant number of queries a year."""
    years = QualityYear.objects.select_related("court", "edition").order_by("code")
    return tuple(found for year in years for found in _of_year(year))


def _of_year(year: QualityYear) -> Iterator[StrangeCode]:
    rulebooks = rulebooks_of(year)
    sides = {side.value for rulebook in rulebooks for side in rulebook.share_of}
    levels = {level.value for rulebook in rulebooks for level in rulebook.label_of_level}
    items = {code for rulebook in rulebooks for code in rulebook.item_by_code}
    # A prefecture's returns of other years go by the rules of those.
    own = Q(court__in=Court.objects.under(year.court_id), year=year.year)
    of_year = Q(quality_year=year)
    columns: tuple[tuple[QuerySet, str, set[str]], ...] = (
        (MonthlyReturn.objects.filter(own), "side", sides),
        (ExtractFigure.objects.filter(own), "side", sides),
        (Closing.objects.filter(of_year), "side", sides),
        (Snapshot.objects.filter(of_year), "sides", sides),
        (Bulletin.objects.filter(of_year), "side", sides),
        (Extract.objects.filter(of_year), "side", sides),
        (Motion.objects.filter(of_year), "side", sides),
        (SpecialCase.objects.filter(of_year), "side", sides),
        (SpecialCase.objects.filter(of_year), "item", items),
        (Assessment.objects.filter(of_year), "item", items),
        (Court.objects.of_year(year), "level", levels),
    )
    for rows, column, known in columns:
        counted: dict[str, int] = {}
        for text in rows.order_by().values_list(column, flat=True):
            for code in parted(text):
                if code not in known:
                    counted[code] = counted.get(code, 0) + 1
        for code, count in sorted(counted.items()):
            yield StrangeCode(year.code, rows.model._meta.model_name or "", column, code, count)
    kept = set(
        SideRole.objects.filter(court=year.court_id, side__in=sides).values_list("side", "part")
    )
    for side in sorted(sides):
        for part in SideRole.Part.values:
            if (side, part) not in kept:
                yield StrangeCode(year.code, "siderole", part, side, 0)
