"""Owns the names by which tables call the metrics of a return and the courts of a year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.conf import settings

from courts.files.headings import folded
from courts.files.pairs import Sought
from courts.models import QualityYear
from courts.years.selectors.years import courts_of
from scoring.facts import Month
from scoring.schema import Metric, Rulebook, Side


def sought_of(
    *,
    year: QualityYear,
    rulebook: Rulebook,
    month: Month,
    side: Side,
    court: str = "",
    headings: Mapping[str, str] | None = None,
    column: str = "",
) -> Sought:
    """What to look for in a table for this side of a month; without a court, for all of them.

    `headings` are names that were mapped by hand. One query.
    """
    elsewhere = {
        name
        for other in rulebook.share_of
        if other is not side
        for name in _names(rulebook.metrics_of(other))
    }
    metrics = _names(rulebook.metrics_of(side)) | dict(headings or {})
    return Sought(
        metrics=metrics,
        courts={
            folded(name): row.code
            for row in courts_of(year, month)
            for name in (row.code, row.short_name, row.name, row.name_ko, row.name_en)
            if name
        },
        month=month,
        court=court,
        elsewhere=frozenset(elsewhere - metrics.keys()),
        column=column,
        places={
            metric.code: metric.places for metric in rulebook.metrics_of(side) if metric.places
        },
    )


def _names(metrics: Iterable[Metric]) -> dict[str, str]:
    """Codes and names in every language, also with the unit behind, as pages print them."""
    names: dict[str, str] = {}
    for metric in metrics:
        names.setdefault(folded(metric.code), metric.code)
        for language, _label in settings.LANGUAGES:
            label, unit = metric.label.get(language), metric.unit.get(language)
            for text in (label, f"{label}{unit}"):
                names.setdefault(folded(text), metric.code)
    return names
