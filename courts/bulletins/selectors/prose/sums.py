"""Owns adding up what the courts of an area reported, and what it is compared with. Exact values.

Terms: a *basis* says what the year before is compared by: `same` months, the whole year `prorated`,
the whole year as it is (`annual`), or `mixed` where courts differ. Only the first is 同比.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from courts.bulletins.selectors.prose.month import Area, BulletinMonth, CourtMonth
from scoring.rates import MONTHS_OF_YEAR, PERCENT, total
from scoring.schema import Item, Unit
from scoring.series import pooled


class SumBasis(StrEnum):
    """What of the year before is compared with."""

    SAME = "same"
    PRORATED = "prorated"
    ANNUAL = "annual"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Summed:
    """A sum of cases, or a quotient in percent or days, of the courts that reported it.

    `value` is None where nothing could be divided; `before` where there is nothing to compare with.
    `cases` of `whole` are what a rate is made of.
    """

    item: Item
    area: Area
    value: Fraction | None
    before: Fraction | None
    basis: SumBasis
    courts: tuple[str, ...]
    missing: tuple[str, ...]
    cases: int | None = None
    whole: int | None = None

    @property
    def is_rate(self) -> bool:
        series = self.item.series
        return series is not None and bool(series.whole)

    @property
    def unit(self) -> Unit | None:
        """Percent or days; None for cases."""
        return self.item.drawing.unit if self.is_rate else None


def summed(month: BulletinMonth, item: Item, area: Area) -> Summed | None:
    """The item's sum or rate over an area; None for an item that is neither."""
    series = item.series
    if series is None:
        return None
    listed = [court for court in month.of_area(area) if item.code in court.items]
    told = [court for court in listed if total(court.facts.current, series.metrics) is not None]
    missing = tuple(court.code for court in listed if court not in told)
    bases = [_basis(month, item, court, series.metrics) for court in told]
    basis = _common(bases)
    if series.whole:
        return _rate(item, area, told, missing, basis, month)
    now = Fraction(sum(total(court.facts.current, series.part) or 0 for court in told))
    befores = [
        _before(month, court, one, series.part) for court, one in zip(told, bases, strict=True)
    ]
    return Summed(
        item=item,
        area=area,
        value=now if told else None,
        before=_added(befores),
        basis=basis,
        courts=tuple(court.code for court in told),
        missing=missing,
    )


def _rate(
    item: Item,
    area: Area,
    told: Sequence[CourtMonth],
    missing: tuple[str, ...],
    basis: SumBasis,
    month: BulletinMonth,
) -> Summed:
    series = item.series
    assert series is not None  # noqa: S101 - the caller looked
    now = pooled(item, [court.facts.current for court in told])
    held = [_figures(month, court, basis) for court in told]
    has_all = bool(held) and all(total(one, series.metrics) is not None for one in held)
    before = pooled(item, held).value if has_all and basis is not SumBasis.MIXED else None
    parts = sum(total(court.facts.current, series.part) or 0 for court in told)
    wholes = sum(total(court.facts.current, series.whole) or 0 for court in told)
    cases = wholes - parts if series.complement else parts
    return Summed(
        item=item,
        area=area,
        value=now.value,
        before=before,
        basis=basis,
        courts=tuple(court.code for court in told),
        missing=missing,
        cases=cases if item.drawing.unit is Unit.PERCENT else None,
        whole=wholes if item.drawing.unit is Unit.PERCENT else None,
    )


def _basis(month: BulletinMonth, item: Item, court: CourtMonth, codes: Sequence[str]) -> SumBasis:
    """What the engine compared this court's item with; else what there is to compare with."""
    if month.month.month == MONTHS_OF_YEAR:
        return SumBasis.SAME
    how = next((step["how"] for step in _steps(court, item) if step["kind"] == "baseline"), None)
    if how is not None:
        return {"same_month": SumBasis.SAME, "prorated": SumBasis.PRORATED}.get(
            how, SumBasis.ANNUAL
        )
    if total(court.facts.baseline_month, codes) is not None:
        return SumBasis.SAME
    return SumBasis.PRORATED


def _steps(court: CourtMonth, item: Item) -> Sequence[Mapping[str, str]]:
    held = next(one for one in court.content["score"]["items"] if one["item"] == item.code)
    steps: Sequence[Mapping[str, str]] = held["steps"]
    return steps


def _common(bases: Sequence[SumBasis]) -> SumBasis:
    found = set(bases)
    return found.pop() if len(found) == 1 else SumBasis.MIXED


def _figures(month: BulletinMonth, court: CourtMonth, basis: SumBasis) -> Mapping[str, int]:
    """The figures of the year before that a basis asks for."""
    if basis is SumBasis.SAME and month.month.month < MONTHS_OF_YEAR:
        return court.facts.baseline_month
    return court.facts.baseline_annual


def _before(
    month: BulletinMonth, court: CourtMonth, basis: SumBasis, codes: Sequence[str]
) -> Fraction | None:
    found = total(_figures(month, court, basis), codes)
    if found is None:
        return None
    share = (
        Fraction(month.month.month, MONTHS_OF_YEAR) if basis is SumBasis.PRORATED else Fraction(1)
    )
    return found * share


def _added(values: Sequence[Fraction | None]) -> Fraction | None:
    """The sum; None where one is missing, or there are none."""
    there = [value for value in values if value is not None]
    return sum(there, Fraction(0)) if there and len(there) == len(values) else None


def percent_change(now: Fraction, before: Fraction) -> Fraction:
    """By how many percent a sum changed, exact; `before` is not zero."""
    return PERCENT * (now - before) / before
