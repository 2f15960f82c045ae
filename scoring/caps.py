"""Caps proposed from the year before: the fall asked for, rounded up to whole cases (附件2)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from scoring.rates import MONTHS_OF_YEAR, PERCENT, total
from scoring.schema import Rulebook


class CapProposal(NamedTuple):
    """Cases of the baseline year, how many fewer are asked for, and how many that leaves."""

    baseline_cases: int
    reduction_cases: int
    cap_cases: int


def proposed_cap(rulebook: Rulebook, baseline: Mapping[str, int]) -> CapProposal | None:
    """The cap that the rulebook asks of a court with these figures of the whole baseline year.

    None where the rulebook proposes none, or a figure of the item was not reported.
    """
    cases = total(baseline, capped_metrics(rulebook))
    if rulebook.caps is None or cases is None:
        return None
    fewer = ceil(cases * Fraction(rulebook.caps.percent) / PERCENT)
    return CapProposal(cases, fewer, cases - fewer)


def capped_metrics(rulebook: Rulebook) -> tuple[str, ...]:
    """The metrics whose sum is capped; none where the rulebook caps nothing."""
    if rulebook.caps is None:
        return ()
    series = rulebook.item_by_code[rulebook.caps.item].series
    return () if series is None else series.part


def pace(cases: int, month: int) -> Fraction:
    """What the year would come to if every month were like those so far; 1 ≤ month ≤ 12.

    A pace, not an estimate: see `scoring.outlook` for one.
    """
    return Fraction(cases * MONTHS_OF_YEAR, month)
