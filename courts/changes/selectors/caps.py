"""Owns what becomes of caps when courts merge or split (附件2): worked out, not stored."""

from __future__ import annotations

from collections.abc import Mapping

from courts.models import Cap, QualityYear
from courts.years.selectors.years import rulebook_of
from scoring.caps import capped_metrics
from scoring.facts import Month


def cap_words(cap: Cap) -> str:
    """The year before, less what is asked for, is what is left."""
    return f"{cap.baseline_cases} − {cap.reduction_cases} = {cap.cap_cases}"


def caps_by(year: QualityYear, month: Month) -> Mapping[int, Cap]:
    """The caps in force in the month, by court."""
    rows = Cap.objects.filter(quality_year=year, from_month__lte=month.month)
    return {row.court_id: row for row in rows.order_by("from_month")}


def merged_cap(own: Cap, joined: Cap) -> Cap:
    """What both courts may have together, not stored: baseline and reduction added."""
    return _cap(
        own.quality_year,
        own.baseline_cases + joined.baseline_cases,
        own.reduction_cases + joined.reduction_cases,
    )


def split_caps(
    year: QualityYear, month: Month, held: Cap | None, shares: Mapping[str, int]
) -> tuple[Cap, Cap] | None:
    """What is left of a cap, and the new court's part, not stored; None where there is no cap.

    The new court's reduction is its share of the old one, rounded down to whole cases, so that
    both together are what was asked for.
    """
    codes = capped_metrics(rulebook_of(year, month))
    if held is None or not held.baseline_cases or any(code not in shares for code in codes):
        return None
    cases = sum(shares[code] for code in codes)
    if cases > held.baseline_cases:
        return None
    fewer = held.reduction_cases * cases // held.baseline_cases
    new = _cap(year, cases, fewer)
    return _cap(year, held.baseline_cases - cases, held.reduction_cases - fewer), new


def _cap(year: QualityYear, baseline: int, reduction: int) -> Cap:
    return Cap(
        quality_year=year,
        baseline_cases=baseline,
        reduction_cases=reduction,
        cap_cases=baseline - reduction,
    )
