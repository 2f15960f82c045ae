"""Owns the quality year of the notice as a database to test on, and files of figures to import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from courts.files.sheets import SourceFile
from courts.models import QualityYear
from tests.pages import the_year

GRASSROOTS = ("yanji", "tumen", "dunhua", "longjing", "hunchun", "helong", "wangqing", "antu")
COURTS = ("yanbian", *GRASSROOTS)


@pytest.fixture
def year(db) -> QualityYear:
    """Yanbian 2019 with the courts, baseline figures and caps of the annexes."""
    return the_year()


def csv_file(
    rows: Iterable[tuple[object, ...]], name: str = "figures.csv", header: str = ""
) -> SourceFile:
    """A CSV file in memory."""
    lines = [header or "court,month,metric,value", *(",".join(map(str, row)) for row in rows)]
    return SourceFile(name, "\n".join(lines).encode())


def figures_file(
    figures: Mapping[str, Mapping[str, object]],
    month: str = "2019-12",
    name: str = "figures.csv",
) -> SourceFile:
    """A CSV file of one month: court → metric → value."""
    rows = [
        (court, month, metric, value)
        for court, metrics in figures.items()
        for metric, value in metrics.items()
    ]
    return csv_file(rows, name)
