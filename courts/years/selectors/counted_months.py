"""Owns which returns of a year count on a basis, and which months have figures that do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from courts.frame.remembered import remembered_rows
from courts.models import Court, Figure, MonthlyReturn, QualityYear
from courts.models.returns import ReturnQuerySet
from courts.permissions import Basis
from scoring.facts import Month

# The states in which the figures of a return count as they stand.
STATES = {
    Basis.VERIFIED: MonthlyReturn.VERIFIED_STATES,
    Basis.REPORTED: MonthlyReturn.REPORTED_STATES,
}


def months_with_figures(year: QualityYear, basis: str = Basis.VERIFIED) -> list[Month]:
    """The months of the quality year that any court has figures for, in order. One query."""

    def write() -> QuerySet[Any, int]:
        months = _returns_with_figures(year, basis).filter(year=year.year).order_by("month")
        return months.values_list("month", flat=True).distinct()

    numbers = remembered_rows(("months with figures", year.pk, basis), write)
    return [Month(year.year, number) for number in numbers]


def latest_with_figures(years: Sequence[QualityYear], basis: str = Basis.VERIFIED) -> Month | None:
    """The latest month of these years of one prefecture that has figures. One query."""
    if not years:
        return None
    found = _returns_with_figures(years[0], basis).filter(year__in=[y.year for y in years])
    latest = found.order_by("-year", "-month").values_list("year", "month").first()
    return None if latest is None else Month(*latest)


def _returns_with_figures(year: QualityYear, basis: str) -> ReturnQuerySet:
    """The returns of the year's courts, of any month, that have figures which count."""
    figures = Figure.objects.reported().filter(monthly_return=OuterRef("pk"))
    live = Q(state__in=STATES[Basis(basis)])
    return returns_of(year, basis).filter(
        (live & Exists(figures)) | (~live & ~Q(verified_figures={}))
    )


def returns_of(year: QualityYear, basis: str) -> ReturnQuerySet:
    """The returns of the year's courts that count on a basis; of any month, unordered.

    Those of courts that were merged into them are there too.
    """
    returns: ReturnQuerySet = MonthlyReturn.objects.filter(
        court__in=Court.objects.counting_for(year)
    ).order_by()
    return returns.reported() if Basis(basis) is Basis.REPORTED else returns.verified()
