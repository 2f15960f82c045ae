"""Checks on figures: relations within a return, and counts that may not fall within a year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from scoring.facts import Month
from scoring.rates import total
from scoring.schema import Check, Kind, Operator, Period, Rulebook, Severity, Side


class Finding(NamedTuple):
    """A check that a return does not pass, with the two sums that disagree."""

    check: Check
    left: int
    right: int

    @property
    def severity(self) -> Severity:
        return self.check.severity


class Fall(NamedTuple):
    """A count below its value in an earlier month of the same year."""

    metric: str
    month: Month
    value: int
    earlier_month: Month
    earlier_value: int


def check_figures(
    rulebook: Rulebook, side: Side, figures: Mapping[str, int]
) -> tuple[Finding, ...]:
    """What one return's figures do not pass; a check that lacks a figure does not apply."""
    found = []
    for check in rulebook.checks:
        if check.side is not side:
            continue
        left, right = total(figures, check.left), total(figures, check.right)
        if left is None or right is None:
            continue
        passed = left <= right if check.operator is Operator.AT_MOST else left == right
        if not passed:
            found.append(Finding(check, left, right))
    return tuple(found)


def falls(rulebook: Rulebook, months: Mapping[Month, Mapping[str, int]]) -> tuple[Fall, ...]:
    """Counts of one court that fell, each against the highest earlier month of its year.

    Stocks may fall, and so may a count between December and January, and one that is not year to
    date.
    """
    found = []
    highest: dict[tuple[int, str], tuple[int, Month]] = {}
    for month in sorted(months):
        for metric, value in months[month].items():
            known = rulebook.metrics.get(metric)
            if known is None or known.kind is Kind.STOCK:
                continue
            if known.period is not Period.YEAR_TO_DATE:
                continue
            before = highest.get((month.year, metric))
            if before is not None and value < before[0]:
                found.append(Fall(metric, month, value, before[1], before[0]))
            else:
                highest[month.year, metric] = (value, month)
    return tuple(found)
