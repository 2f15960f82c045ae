"""What the year may end with: an estimate with its uncertainty, never points that count.

A count comes at a rate of its own; what is known of it is last year's count, which weighs
`PRIOR_WEIGHT` of a year, and this year to date (gamma-Poisson). What is still to come follows a
negative binomial distribution. How much of a year has passed is last year's share up to the same
month where it was reported, else the months. Parts of a whole are shares of what the whole will
be, except what is taken off a stock, and no projection contradicts a check. Stocks stay as they
are, sums of days as long a case.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from math import exp, lgamma, log, log1p
from random import Random
from typing import NamedTuple

from scoring.draws import (
    HALF,
    at_own_pace,
    binomial,
    carried,
    families,
    fitted,
    poisson,
    seeded,
    share,
)
from scoring.engine import score
from scoring.facts import CourtFacts, Month
from scoring.rates import MONTHS_OF_YEAR, total
from scoring.rounding import HUNDRED
from scoring.schema import Period, Rulebook

# Last year's count says as much as half a year of this one would.
PRIOR_WEIGHT = 0.5
# One of twenty year-ends lies beyond either bound if the assumptions hold.
TAIL = Fraction(1, 20)
LEVEL = float(1 - 2 * TAIL)
DRAWS = 200
NEGLIGIBLE = 1e-17


class Spread(NamedTuple):
    """The distribution of a count: its probabilities from `first` on, and their running sums."""

    first: int
    chances: tuple[float, ...]
    sums: tuple[float, ...]

    def quantile(self, chance: float) -> int:
        """The least value that the count stays at or below with `chance`."""
        place = bisect_left(self.sums, chance)
        return self.first + min(place, len(self.sums) - 1)

    def above(self, value: int) -> float:
        """The probability of more than `value`."""
        place = value - self.first
        if place < 0:
            return 1.0
        if place >= len(self.sums):
            return 0.0
        return max(0.0, 1.0 - self.sums[place])

    @property
    def mean(self) -> float:
        """What is expected."""
        return sum((self.first + place) * chance for place, chance in enumerate(self.chances))


class Projection(NamedTuple):
    """Where a count may stand at the end of the year.

    `elapsed` is the share of the year that has passed; `low` and `high` bound nine in ten. With a
    cap, `risk` is the probability to pass it, and `breaks_in` the month in which the expected count
    does, None where it stays within.
    """

    to_date: int
    last_year: int | None
    elapsed: float
    low: int
    middle: int
    high: int
    mean: float
    cap: int | None
    risk: float | None
    breaks_in: int | None


class Ends(NamedTuple):
    """Year-end points over all draws, in points: mean, and the bounds of nine in ten."""

    mean: float
    low: float
    high: float


class CourtEnd(NamedTuple):
    """How a court may end the year; items without points in some draw are left out."""

    court: str
    total: Ends
    items: Mapping[str, Ends]
    ranks: tuple[int, int] | None


class Calibration(NamedTuple):
    """How often earlier intervals held what came: `held` of `tried`."""

    tried: int
    held: int


def negative_binomial(shape: float, chance: float) -> Spread:
    """Failures before `shape` successes of `chance`; 0 < chance ≤ 1, shape > 0."""
    if chance >= 1.0:
        return Spread(0, (1.0,), (1.0,))
    peak = max(0, int((shape - 1.0) * (1.0 - chance) / chance))
    top = exp(
        lgamma(peak + shape)
        - lgamma(shape)
        - lgamma(peak + 1)
        + shape * log(chance)
        + (peak * log1p(-chance) if peak else 0.0)
    )
    above, below = list[float](), list[float]()
    value, term = peak, top
    while term > NEGLIGIBLE * top:
        above.append(term)
        term *= (value + shape) / (value + 1) * (1.0 - chance)
        value += 1
    value, term = peak, top
    while value > 0 and term > NEGLIGIBLE * top:
        term *= value / (value - 1 + shape) / (1.0 - chance)
        below.append(term)
        value -= 1
    chances = [*reversed(below), *above]
    whole = sum(chances)
    exact = tuple(one / whole for one in chances)
    return Spread(peak - len(below), exact, tuple(accumulate(exact)))


def elapsed_share(month: Month, same_month: int | None, whole: int | None) -> float:
    """How much of a year's count comes up to the end of the month.

    Last year's share where it says something about both parts of the year, else the months.
    """
    if month.month >= MONTHS_OF_YEAR:
        return 1.0
    if same_month is not None and whole is not None and 0 < same_month < whole:
        return same_month / whole
    return month.month / MONTHS_OF_YEAR


def to_come(to_date: int, last_year: int | None, elapsed: float) -> Spread:
    """What is still to come of a count; with certainty nothing once the year is over."""
    shape, rate = _posterior(to_date, last_year, elapsed)
    return negative_binomial(shape, rate / (rate + 1.0 - elapsed))


def _posterior(to_date: int, last_year: int | None, elapsed: float) -> tuple[float, float]:
    """Shape and rate of the gamma distribution of a year's rate."""
    if last_year is None:
        return to_date + HALF, elapsed
    return PRIOR_WEIGHT * last_year + to_date + HALF, PRIOR_WEIGHT + elapsed


def project(
    month: Month,
    to_date: int,
    last_year: int | None = None,
    same_month: int | None = None,
    cap: int | None = None,
) -> Projection:
    """The year-end of one count, or of a sum of counts of cases; counts of cases, ≥ 0."""
    elapsed = elapsed_share(month, same_month, last_year)
    spread = to_come(to_date, last_year, elapsed)
    tail = float(TAIL)
    return Projection(
        to_date=to_date,
        last_year=last_year,
        elapsed=elapsed,
        low=to_date + spread.quantile(tail),
        middle=to_date + spread.quantile(0.5),
        high=to_date + spread.quantile(1.0 - tail),
        mean=to_date + spread.mean,
        cap=cap,
        risk=None if cap is None else spread.above(cap - to_date),
        breaks_in=None if cap is None else _breaks_in(month, to_date, spread.mean, cap),
    )


def _breaks_in(month: Month, to_date: int, coming: float, cap: int) -> int | None:
    """The month by whose end the expected count is above the cap; what comes, comes evenly."""
    left = MONTHS_OF_YEAR - month.month
    for later in range(left + 1):
        expected = to_date + (coming * later / left if left else 0.0)
        if expected > cap:
            return month.month + later
    return None


def calibration(past: Iterable[tuple[Projection, int]]) -> Calibration:
    """How often the year-ends of the past lay within the intervals projected for them."""
    tried = held = 0
    for projection, came in past:
        tried += 1
        held += projection.low <= came <= projection.high
    return Calibration(tried, held)


def year_ends(
    rulebook: Rulebook,
    month: Month,
    courts: Sequence[CourtFacts],
    readings: Mapping[str, str] | None = None,
    draws: int = DRAWS,
    only: str | None = None,
) -> tuple[CourtEnd, ...]:
    """How the courts of a month may end the year: drawn, scored by the engine and ranked.

    Decisions of the party group hold for their month and are left out. Each court is drawn from
    its own figures: another court's neither change nor tell what is drawn of it. With `only` that
    court is drawn and the others stay as they are, for who may not see what they may come to.
    """
    december = Month(month.year, MONTHS_OF_YEAR)
    randoms = [seeded([facts], f"year-end {month}") for facts in courts]
    cents: list[list[int]] = [[] for _court in courts]
    ranks: list[list[int]] = [[] for _court in courts]
    items: list[dict[str, list[int]]] = [{} for _court in courts]
    for _draw in range(draws):
        ended = [
            replace(
                facts,
                current=year_end_figures(rulebook, month, facts, random)
                if only in (None, facts.court)
                else facts.current,
                baseline_month=_last_december(rulebook, facts),
                decisions={},
                replaced={},
            )
            for facts, random in zip(courts, randoms, strict=True)
        ]
        for place, card in enumerate(score(rulebook, december, ended, readings).scorecards):
            cents[place].append(card.total_cents)
            if card.rank is not None:
                ranks[place].append(card.rank)
            for item in card.items:
                if item.cents is not None:
                    items[place].setdefault(item.item.code, []).append(item.cents)
    return tuple(
        CourtEnd(
            court=facts.court,
            total=ends(cents[place]),
            items={
                code: ends(found) for code, found in items[place].items() if len(found) == draws
            },
            ranks=bounds(ranks[place]) if len(ranks[place]) == draws else None,
        )
        for place, facts in enumerate(courts)
    )


def _last_december(rulebook: Rulebook, facts: CourtFacts) -> Mapping[str, int]:
    """What December is compared with; a figure of a period alone stays with its own."""
    periods = {
        code: value
        for code, value in facts.baseline_month.items()
        if code in rulebook.metrics and rulebook.metrics[code].period is not Period.YEAR_TO_DATE
    }
    return {**facts.baseline_annual, **periods} if periods else facts.baseline_annual


def year_end_figures(
    rulebook: Rulebook, month: Month, facts: CourtFacts, random: Random
) -> dict[str, int]:
    """The figures with which a court may end the year; one draw."""
    now, last, same = facts.current, facts.baseline_annual, facts.baseline_month
    found = dict(now)
    own = at_own_pace(rulebook)
    for code in rulebook.metrics:
        if code in own and code in now:
            elapsed = elapsed_share(month, same.get(code), last.get(code))
            shape, rate = _posterior(now[code], last.get(code), elapsed)
            found[code] += poisson(random, (1.0 - elapsed) * random.gammavariate(shape, 1.0 / rate))
    for family in families(rulebook):
        whole = total(now, family.whole)
        then = total(found, family.whole)
        if whole is None or then is None or own & set(family.parts):
            continue
        coming, rest = max(then - whole, 0), whole
        last_rest = total(last, family.whole)
        for code in family.parts:
            if code not in now:
                continue
            part, before = float(now[code]), float(rest)
            if last_rest is not None and code in last:
                part += PRIOR_WEIGHT * last[code]
                before += PRIOR_WEIGHT * last_rest
                last_rest -= last[code]
            added = binomial(random, coming, share(random, part, before))
            found[code] += added
            coming -= added
            rest -= now[code]
    return fitted(rulebook, carried(rulebook, now, found))


def ends(cents: Sequence[int]) -> Ends:
    """Mean and bounds of drawn cents, in points."""
    low, high = bounds(cents)
    return Ends(sum(cents) / len(cents) / HUNDRED, low / HUNDRED, high / HUNDRED)


def bounds(drawn: Sequence[int]) -> tuple[int, int]:
    """The values between which nine in ten of the draws lie, both included."""
    inner = sorted(drawn)
    cut = len(inner) * TAIL.numerator // TAIL.denominator
    return inner[cut], inner[len(inner) - 1 - cut]
