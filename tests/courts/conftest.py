"""Owns files of figures to import, and the courts of the notice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from courts.files.sheets import SourceFile

GRASSROOTS = ("yanji", "tumen", "dunhua", "longjing", "hunchun", "helong", "wangqing", "antu")
COURTS = ("yanbian", *GRASSROOTS)


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
