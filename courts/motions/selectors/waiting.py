"""Owns which rows wait for a second person's word, for the pages that show these rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from courts.models import Motion, QualityYear


def waiting_cells(years: Sequence[QualityYear]) -> Mapping[tuple[str, str, str], int]:
    """The motion that waits about a difference, by court, month and metric. One query.

    The years are of one prefecture.
    """
    rows = Motion.objects.filter(
        quality_year__in=years, state=Motion.State.WAITING, kind=Motion.Kind.SETTLEMENT
    )
    return {
        (cell["court"], cell["month"], cell["metric"]): pk
        for pk, data in rows.order_by("pk").values_list("pk", "data")
        for cell in data["cells"]
    }


def waiting_kind(year: QualityYear, kind: str) -> tuple[int, ...]:
    """The motions of a kind that wait, by key. One query."""
    rows = Motion.objects.filter(quality_year=year, state=Motion.State.WAITING, kind=kind)
    return tuple(rows.order_by("moved_at", "pk").values_list("pk", flat=True))


def waiting_readings(year: QualityYear, reading: str) -> tuple[int, ...]:
    """The motions about one reading that wait, by key. One query."""
    rows = Motion.objects.filter(
        quality_year=year,
        state=Motion.State.WAITING,
        kind=Motion.Kind.READING,
        data__reading=reading,
    )
    return tuple(rows.order_by("moved_at", "pk").values_list("pk", flat=True))
