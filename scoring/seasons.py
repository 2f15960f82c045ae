"""How much of a year's count has come by the end of a month: a share, and how sure it is.

Estimates only, never points. What is known comes from four places, each taken as far as it goes:
the months themselves or a *profile* that an office set, last year's months of all counts, of this
count over all courts, and of the court itself. A court's own months alone would be mostly chance:
last year's 40 cases tell the season no better than 40 draws of it do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from scoring.facts import CourtFacts, Month
from scoring.rates import MONTHS_OF_YEAR, total
from scoring.schema import Kind, Rulebook

# Cases by month, January first, at least one in each; only their proportions matter.
Profile = tuple[int, ...]
EVEN: Profile = (1,) * MONTHS_OF_YEAR
# Shares of a whole in thousandths: what an office sets adds up to this.
THOUSAND = 1000

# How sure a share is, in cases that would have to be seen to be as sure. Set by `make calibrate`.
PLAIN_MONTHS = 200.0
SET_BY_OFFICE = 250.0
ALIKE_COUNTS = 150.0
ALIKE_COURTS = 400.0
ALIKE_YEARS = 900.0
# However many cases there are, a month differs from the next by about a tenth.
STEADY = 1000.0


class Elapsed(NamedTuple):
    """The share of a year's count that came up to a month, as sure as `certainty` cases make it."""

    share: float
    certainty: float

    @property
    def variance(self) -> float:
        """That of a beta distribution with this mean and so many cases."""
        return self.share * (1.0 - self.share) / (self.certainty + 1.0)


class Season:
    """The seasons of one month's counts, from last year's months of all courts of the year.

    Only last year's figures are read of other courts, never what they report this year.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        month: Month,
        courts: Iterable[CourtFacts],
        profile: Profile | None = None,
    ) -> None:
        self.month = month
        self.profile = EVEN if profile is None else profile
        self._courts = tuple(courts)
        self._pools: dict[tuple[str, ...], tuple[float, float]] = {}
        passed = sum(self.profile[: month.month]) / sum(self.profile)
        start = Elapsed(passed, PLAIN_MONTHS if profile is None else SET_BY_OFFICE)
        self._start = start.certainty
        counts = [code for code, one in rulebook.metrics.items() if one.kind is Kind.COUNT]
        pools = [self._pooled((code,)) for code in counts]
        part, whole = sum(pool[0] for pool in pools), sum(pool[1] for pool in pools)
        self._all = narrowed(start, part, whole)

    def elapsed(self, codes: Sequence[str], facts: CourtFacts) -> Elapsed:
        """How much of the year's sum of these counts came up to the month, for one court."""
        if self.month.month >= MONTHS_OF_YEAR:
            return Elapsed(1.0, STEADY)
        count = narrowed(self._at_most(self._all, ALIKE_COUNTS), *self._pooled(tuple(codes)))
        own = narrowed(self._at_most(count, ALIKE_COURTS), *_seen(codes, facts))
        return at_most(own, ALIKE_YEARS)

    def _at_most(self, known: Elapsed, cases: float) -> Elapsed:
        """What others tell, no less sure than what was known before last year was looked at."""
        return max(at_most(known, cases), known._replace(certainty=self._start), key=_certainty)

    def _pooled(self, codes: tuple[str, ...]) -> tuple[float, float]:
        if codes not in self._pools:
            seen = [_seen(codes, facts) for facts in self._courts]
            self._pools[codes] = sum(one[0] for one in seen), sum(one[1] for one in seen)
        return self._pools[codes]


def narrowed(prior: Elapsed, part: float, whole: float) -> Elapsed:
    """The share after `part` of `whole` cases were seen to come in time."""
    certainty = prior.certainty + whole
    return Elapsed((prior.share * prior.certainty + part) / certainty, certainty)


def at_most(known: Elapsed, cases: float) -> Elapsed:
    """The same share, told by something that is like it only as far as `cases` would show."""
    return Elapsed(known.share, 1.0 / (1.0 / known.certainty + 1.0 / cases))


def _certainty(known: Elapsed) -> float:
    return known.certainty


def _seen(codes: Sequence[str], facts: CourtFacts) -> tuple[float, float]:
    """Last year's cases up to the month and in all, as far as they speak for a season."""
    part, whole = total(facts.baseline_month, codes), total(facts.baseline_annual, codes)
    if part is None or whole is None or part > whole:
        return 0.0, 0.0
    weight = 1.0 / (1.0 + whole / STEADY)
    return weight * part, weight * whole


def proposed_profile(years: Iterable[Mapping[int, Mapping[str, int]]]) -> Profile | None:
    """The months of last year in thousandths of it, over all courts and counts together.

    `years` hold a court's year-to-date counts by month, 1 to 12. A count that lacks a month or
    falls is left out; None where none is left.
    """
    cases = [0] * MONTHS_OF_YEAR
    for months in years:
        for code in months.get(MONTHS_OF_YEAR, {}):
            running = [months.get(number, {}).get(code) for number in _NUMBERS]
            told = [value for value in running if value is not None]
            if len(told) < MONTHS_OF_YEAR or told != sorted(told):
                continue
            for place, value in enumerate(told):
                cases[place] += value - (told[place - 1] if place else 0)
    whole = sum(cases)
    if not whole:
        return None
    # No month is said to be without any case. What is over is taken from the largest months, what
    # rounding left out goes to them, January first.
    shares = [max(1, THOUSAND * one // whole) for one in cases]
    while sum(shares) != THOUSAND:
        step = 1 if sum(shares) < THOUSAND else -1
        place = max(
            range(MONTHS_OF_YEAR), key=lambda at: THOUSAND * cases[at] / whole - step * shares[at]
        )
        shares[place] += step
    return tuple(shares)


_NUMBERS = range(1, MONTHS_OF_YEAR + 1)
