"""Whether indicators moved the good way against the year before (正升逆降, 稳步优化). Exact values.

Nothing here scores. An indicator is what an item looks at: a sum of cases, or a quotient in percent
or days. Of several courts together, cases are added before they are divided. Terms: the *basis* is
what of the year before is compared with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from scoring.bulletins import Against
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR, total
from scoring.results import ItemScore
from scoring.schema import Item
from scoring.series import pooled
from scoring.supplements import Average, Better


class Basis(StrEnum):
    """The same months, the whole year by the month, the whole year as it is, averages elsewhere.

    `MIXED` is of courts that are compared by different ones, which together are not.
    """

    SAME = "same"
    PRORATED = "prorated"
    ANNUAL = "annual"
    AVERAGE = "average"
    MIXED = "mixed"


class Verdict(StrEnum):
    """Which way an indicator moved; `UNKNOWN` where there is nothing to compare."""

    BETTER = "better"
    WORSE = "worse"
    EQUAL = "equal"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Moved:
    """An indicator now and in the year before; None for a value that is not known.

    `average` is what it is held against where that is no value of the courts themselves.
    """

    item: Item
    better: Better
    now: Fraction | None
    before: Fraction | None
    basis: Basis | None
    average: Average | None = None

    @property
    def verdict(self) -> Verdict:
        """Whether it moved the way it should."""
        if self.now is None or self.before is None:
            return Verdict.UNKNOWN
        if self.now == self.before:
            return Verdict.EQUAL
        rose = self.now > self.before
        return Verdict.BETTER if rose == (self.better is Better.HIGHER) else Verdict.WORSE


@dataclass(frozen=True, slots=True)
class Told:
    """One court's figures of an item, and the basis that they are compared on."""

    now: Mapping[str, int]
    before: Mapping[str, int]
    basis: Basis

    @classmethod
    def of(cls, score: ItemScore) -> Told:
        """By what the engine compared the item with; else the same months, else the whole year."""
        facts, month = score.facts, score.context.month
        series = score.item.series
        if month.month == MONTHS_OF_YEAR:
            return cls(facts.current, facts.baseline_annual, Basis.SAME)
        steps = score.steps if score.compares_years else ()
        how = next((step.data["how"] for step in steps if step.kind == "baseline"), None)
        if how is None:
            codes = () if series is None else series.metrics
            is_same = total(facts.baseline_month, codes) is not None
            how = "same_month" if is_same else "prorated"
        if how == "same_month":
            return cls(facts.current, facts.baseline_month, Basis.SAME)
        basis = Basis.PRORATED if how == "prorated" else Basis.ANNUAL
        return cls(facts.current, facts.baseline_annual, basis)


def moved(
    scores: Sequence[ItemScore],
    better: Better,
    month: Month,
    against: Against,
    average: Average | None,
) -> Moved:
    """One item of one court, or of several together: those that reported it.

    Held against averages, an item without one is compared with the courts' own figures.
    """
    item = scores[0].item
    series = item.series
    if series is None:
        values = [score.value for score in scores]
        now = values[0] if len(values) == 1 else None
        return Moved(item, better, now, None, None)
    told = [Told.of(score) for score in scores]
    told = [one for one in told if total(one.now, series.metrics) is not None]
    now = _value(item, [one.now for one in told])
    if against is Against.AVERAGES and average is not None:
        return Moved(item, better, now, Fraction(average.value), Basis.AVERAGE, average)
    bases = {one.basis for one in told}
    if len(bases) != 1:
        return Moved(item, better, now, None, Basis.MIXED if bases else None)
    (basis,) = bases
    before = _value(item, [one.before for one in told])
    if before is not None and basis is Basis.PRORATED:
        if series.whole:
            basis = Basis.ANNUAL
        else:
            before *= Fraction(month.month, MONTHS_OF_YEAR)
    return Moved(item, better, now, before, None if before is None else basis)


def _value(item: Item, figures: Sequence[Mapping[str, int]]) -> Fraction | None:
    """The sum or quotient over courts; None unless every one of them has the figures."""
    series = item.series
    if series is None or not figures:
        return None
    sums = [total(one, series.metrics) for one in figures]
    if any(one is None for one in sums):
        return None
    if series.whole:
        return pooled(item, figures).value
    return Fraction(sum(one for one in sums if one is not None))
