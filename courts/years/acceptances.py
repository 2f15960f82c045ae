"""Owns which years were accepted (正文四·3); never who signs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from courts.models import Acceptance, QualityYear


@dataclass(frozen=True, slots=True)
class AcceptanceRow:
    """One package without its archive; a signature that is not there has no time."""

    pk: int
    number: int
    content_sha256: str
    digest: str
    made_by: str
    made_at: datetime
    first_by_pk: int | None
    first_by: str
    first_at: datetime | None
    second_by: str
    second_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def is_accepted(self) -> bool:
        return self.second_at is not None

    @property
    def is_waiting(self) -> bool:
        return self.second_at is None and self.withdrawn_at is None


def acceptances_of(year: QualityYear) -> tuple[AcceptanceRow, ...]:
    """The packages of a year, the latest first. One query."""
    rows = (
        Acceptance.objects.filter(quality_year=year)
        .select_related("made_by", "first_by", "second_by")
        .defer("archive")
        .order_by("-number")
    )
    return tuple(
        AcceptanceRow(
            row.pk,
            row.number,
            row.content_sha256,
            row.digest,
            str(row.made_by),
            row.made_at,
            row.first_by_id,
            str(row.first_by or ""),
            row.first_at,
            str(row.second_by or ""),
            row.second_at,
            row.withdrawn_at,
        )
        for row in rows
    )


def accepted() -> QuerySet[Acceptance]:
    """The packages of real figures with both signatures."""
    return Acceptance.objects.filter(second_by__isnull=False, is_demo=False)


def is_accepted(year: QualityYear) -> bool:
    """Whether two of the leading group have signed: only a restatement changes it. One query.

    An acceptance of made-up figures is none.
    """
    return accepted().filter(quality_year=year).exists()


def accepted_years(years: Collection[QualityYear]) -> frozenset[int]:
    """Those of the years, by key, that were accepted. One query."""
    rows = accepted().filter(quality_year__in=years)
    return frozenset(rows.values_list("quality_year_id", flat=True))
