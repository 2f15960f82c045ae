"""Owns the names of metrics where rows of several years stand side by side."""

from __future__ import annotations

from collections.abc import Mapping

from courts.models import QualityYear
from courts.selectors.years import rulebook_of


def metric_labels(language: str) -> Mapping[str, str]:
    """Every metric of every year's rulebook by code; a later year's name wins. One query."""
    years = QualityYear.objects.select_related("edition").order_by("year")
    return {
        code: metric.label.get(language)
        for year in years
        for code, metric in rulebook_of(year).metrics.items()
    }


def item_labels(year: QualityYear, language: str) -> Mapping[str, str]:
    """The items of a year that take an appraisal target, in the order of the notice."""
    rulebook = rulebook_of(year)
    return {
        code: f"{code} {rulebook.item_by_code[code].short.get(language)}"
        for code in rulebook.appraisal_items
    }
