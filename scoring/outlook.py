"""What the year may end with: an estimate with its uncertainty, never points that count.

A count comes at a rate of its own; what is known of it is last year's count, which drifts and is
asked to fall, and this year to date (gamma-Poisson). What is still to come follows a negative
binomial distribution. How much of a year has passed is told by `scoring.seasons`. Parts of a whole
are shares of what the whole will be, except what is taken off a stock, and no projection
contradicts a check. Stocks stay as they are, sums of days about as long a case. Whether intervals
hold as often as they say is measured by `make calibrate`.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, lru_cache
from itertools import accumulate
from math import exp, lgamma, log, log1p
from pathlib import Path
from random import Random
from typing import NamedTuple

from scoring.column_board import score_columns
from scoring.columns import SCORED
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
from scoring.facts import CourtFacts, Month
from scoring.packing import fact_table
from scoring.rates import MONTHS_OF_YEAR, total
from scoring.rounding import HUNDRED
from scoring.schema import Level, Period, Rulebook
from scoring.seasons import Elapsed, Profile, Season

# The variance of a year's growth: last year's count is mostly within a fifth of this one's.
DRIFT = 0.015
# Until its own figures tell, a court is taken to go so far on the way that the rules ask for.
ASKED_TAKEN = 0.1
# For how many cases a part's share of its whole speaks: this year's, and last year's.
SHARE_LASTS = 600.0
SHARE_RETURNS = 60.0
# One of twenty year-ends lies beyond either bound if the assumptions hold.
TAIL = Fraction(1, 20)
LEVEL = float(1 - 2 * TAIL)
DRAWS = 200
# Of so many tries so many have to have held, else no forecast is shown.
ENOUGH_TRIED = 50
LEAST_HELD = 0.8
# Written by `make calibrate`.
MEASURED = Path(__file__).parent / "calibration.toml"
NEGLIGIBLE = 1e-17
# A back-test asks the same of all past months again after each change of a figure: some hundred
# distributions a court, of which a few numbers are told.
MOST_TOLD = 16_384


class Spread(NamedTuple):
    """The distribution of a count: its probabilities from `first` on, and their running sums."""

    first: int
    chances: tuple[float, ...]
    sums: tuple[float, ...]

    def quantile(self, chance: float) -> int:
        """The least value that the count stays at or below with `chance`."""
        place = bisect_left(self.sums, chance)
        return self.first + min(place, len(self.sums) - 1)

    def within(self, tail: float) -> tuple[int, int]:
        """The values between which all but `tail` on either side lie, both included.

        Half of a value's own chance counts as below it: otherwise small counts, which jump by
        whole cases, would hold far more often than they say.
        """

        def below(place: int) -> float:
            return self.sums[place] - self.chances[place] / 2

        places = range(len(self.sums))
        low = bisect_left(places, tail, key=below)
        high = bisect_right(places, 1.0 - tail, key=below) - 1
        return self.first + low, self.first + high

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

    @property
    def keeps_its_word(self) -> bool:
        """Whether a forecast of this kind may be shown: few tries tell nothing against it.

        Years and months of a court are alike, so that many misses come together.
        """
        return self.tried < ENOUGH_TRIED or self.held >= LEAST_HELD * self.tried


class Measured(NamedTuple):
    """What `make calibrate` found: `held` of `tried` intervals.

    `least` and `most` are the shares that held in any one course of a year, from 0 to 1; `off` is
    how far a stated risk was at most from how often it came true, of 1.
    """

    tried: int
    held: int
    least: float
    most: float
    off: float


@cache
def measured() -> Measured:
    """How often intervals held in made-up years, as it was measured last."""
    data = tomllib.loads(MEASURED.read_text(encoding="utf-8"))
    return Measured(**data)


def negative_binomial(shape: float, chance: float) -> Spread:
    """Failures before `shape` successes; `shape` > 0, `chance` from above 0 to 1."""
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


class Known(NamedTuple):
    """What a count is projected from: cases to date and last year's, ≥ 0, and the season.

    `growth` is what is expected of this year beside last year before anything is reported.
    """

    to_date: int
    last_year: int | None
    elapsed: Elapsed
    growth: float = 1.0


class Coming(NamedTuple):
    """What is still to come, as a gamma-Poisson: mean in cases, and the shape of its gamma."""

    mean: float
    shape: float


def known_of(
    rulebook: Rulebook, season: Season, facts: CourtFacts, codes: Sequence[str]
) -> Known | None:
    """What a sum of a court's counts is projected from; None where one was not reported."""
    now = total(facts.current, codes)
    if now is None:
        return None
    growths = [_growths(rulebook, facts.level).get(code, 1.0) for code in codes]
    return Known(
        now,
        total(facts.baseline_annual, codes),
        season.elapsed(codes, facts),
        sum(growths) / len(growths),
    )


@cache
def _growths(rulebook: Rulebook, level: Level) -> Mapping[str, float]:
    """This year's counts beside last year's, as far as the rules ask for a change."""
    found: dict[str, float] = {}
    for item in rulebook.items:
        if level not in item.points:
            continue
        bound = item.formula(item, level, rulebook)
        asked = bound.asked_change
        if asked is not None:
            growth = 1.0 + ASKED_TAKEN * float(asked)
            for code in item.metrics:
                # Of several falls the least is the likeliest.
                found[code] = max(growth, found.get(code, growth))
    return found


def coming(known: Known) -> Coming | None:
    """How much is still to come; None once the year is over.

    The rate has a gamma distribution: last year's count, which drifts, and this year to date,
    which counts the less the less sure its share of the year is. A share that was taken too small
    errs twice: the year looks larger, and more of it seems to be left.
    """
    share, left = known.elapsed.share, 1.0 - known.elapsed.share
    if left <= 0.0:
        return None
    unsure = known.elapsed.variance
    weight = 1.0 / (1.0 + known.to_date * unsure / share**2)
    seen, before, length = weight * known.to_date + HALF, 0.0, 0.0
    if known.last_year is not None:
        before = 1.0 / (1.0 / (known.last_year + HALF) + DRIFT)
        length = before / ((known.last_year + HALF) * known.growth)
        seen -= HALF
    cases, span, whole = before + seen, length + weight * share, length + weight
    # The share stands below the line: on average more is left than for the share on average.
    mean = cases * (left / span + weight * whole * unsure / span**3)
    chance = (length + weight**2 * share) / (span * cases)
    errs = whole / (span * left)
    return Coming(mean, 1.0 / (chance + errs**2 * unsure))


def to_come(known: Known) -> Spread:
    """The distribution of what is still to come; certainly nothing once the year is over."""
    return _spread(coming(known))


def _spread(found: Coming | None) -> Spread:
    if found is None:
        return Spread(0, (1.0,), (1.0,))
    return negative_binomial(found.shape, found.shape / (found.shape + found.mean))


class _Told(NamedTuple):
    """What is told of a distribution: bounds of nine in ten, the middle, and the mean."""

    low: int
    middle: int
    high: int
    mean: float


@lru_cache(maxsize=MOST_TOLD)
def _told(found: Coming | None) -> _Told:
    spread = _spread(found)
    low, high = spread.within(float(TAIL))
    return _Told(low, spread.quantile(0.5), high, spread.mean)


def project(season: Season, known: Known, cap: int | None = None) -> Projection:
    """The year-end of one count, or of a sum of counts; `cap` in cases, ≥ 0."""
    to_date, found = known.to_date, coming(known)
    told = _told(found)
    return Projection(
        to_date=to_date,
        last_year=known.last_year,
        elapsed=known.elapsed.share,
        low=to_date + told.low,
        middle=to_date + told.middle,
        high=to_date + told.high,
        mean=to_date + told.mean,
        cap=cap,
        risk=None if cap is None else _spread(found).above(cap - to_date),
        breaks_in=None if cap is None else _breaks_in(season, to_date, told.mean, cap),
    )


def _breaks_in(season: Season, to_date: int, coming: float, cap: int) -> int | None:
    """The month by whose end the expected count is above the cap.

    What is to come is spread over the months as the office's profile says, else evenly.
    """
    later = season.profile[season.month.month :]
    running = 0
    for place, cases in enumerate((0, *later)):
        running += cases
        if to_date + (coming * running / sum(later) if running else 0.0) > cap:
            return season.month.month + place
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
    profile: Profile | None = None,
) -> tuple[CourtEnd, ...]:
    """How the courts of a month may end the year: drawn, scored by the engine and ranked.

    Decisions of the party group hold for their month and are left out. Each court is drawn from
    its own figures and last year's season: what another court reports this year neither changes
    nor tells what is drawn of it. With `only` that court is drawn and the others stay as they are,
    for who may not see what they may come to.
    """
    december = Month(month.year, MONTHS_OF_YEAR)
    season = Season(rulebook, month, courts, profile)
    randoms = [seeded([facts], f"year-end {month}") for facts in courts]
    rows = [
        (
            december,
            [
                replace(
                    facts,
                    current=year_end_figures(rulebook, season, facts, random)
                    if only in (None, facts.court)
                    else facts.current,
                    baseline_month=_last_december(rulebook, facts),
                    decisions={},
                    replaced={},
                )
                for facts, random in zip(courts, randoms, strict=True)
            ],
        )
        for _draw in range(draws)
    ]
    board = score_columns(rulebook, fact_table(rulebook, rows), readings)
    items = {item.code: board.item(item.code) for item in rulebook.items}
    return tuple(
        CourtEnd(
            court=facts.court,
            total=ends(board.totals[:, place].tolist()),
            items={
                code: ends(cents[:, place].tolist())
                for code, (statuses, cents) in items.items()
                if (statuses[:, place] == SCORED).all()
            },
            ranks=rank_bounds(board.ranks[:, place].tolist())
            if board.ranks[:, place].all()
            else None,
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
    rulebook: Rulebook, season: Season, facts: CourtFacts, random: Random
) -> dict[str, int]:
    """The figures with which a court may end the year; one draw."""
    now, last = facts.current, facts.baseline_annual
    found = dict(now)
    lonely = {
        code
        for family in families(rulebook)
        if total(now, family.whole) is None
        for code in family.parts
    }
    # A part whose whole was not reported has nothing to be a share of, and goes on all the same.
    own = at_own_pace(rulebook) | lonely
    for code in rulebook.metrics:
        known = known_of(rulebook, season, facts, (code,)) if code in own else None
        ahead = None if known is None else coming(known)
        if ahead is not None:
            found[code] += poisson(
                random, random.gammavariate(ahead.shape, ahead.mean / ahead.shape)
            )
    for family in families(rulebook):
        whole = total(now, family.whole)
        then = total(found, family.whole)
        if whole is None or then is None or own & set(family.parts):
            continue
        more, rest = max(then - whole, 0), whole
        last_rest = total(last, family.whole)
        for code in family.parts:
            if code not in now:
                continue
            part, before = _lasting(now[code], rest, SHARE_LASTS)
            if last_rest is not None and code in last:
                earlier, earlier_whole = _lasting(last[code], last_rest, SHARE_RETURNS)
                part, before = part + earlier, before + earlier_whole
                last_rest -= last[code]
            added = binomial(random, more, share(random, part, before))
            found[code] += added
            more -= added
            rest -= now[code]
    return fitted(rulebook, carried(rulebook, now, found, random))


def _lasting(part: int, whole: int, lasts: float) -> tuple[float, float]:
    """Part and whole, as far as a share of one time speaks for that of another."""
    weight = lasts / (lasts + max(whole, 0))
    return weight * part, weight * whole


def ends(cents: Sequence[int]) -> Ends:
    """Mean and bounds of drawn cents, in points."""
    low, high = bounds(cents)
    return Ends(sum(cents) / len(cents) / HUNDRED, low / HUNDRED, high / HUNDRED)


def bounds(drawn: Sequence[int]) -> tuple[int, int]:
    """The values between which nine in ten of the draws lie, both included."""
    inner = sorted(drawn)
    cut = len(inner) * TAIL.numerator // TAIL.denominator
    return inner[cut], inner[len(inner) - 1 - cut]


def rank_bounds(drawn: Sequence[int]) -> tuple[int, int]:
    """The ranks between which nine in ten of the draws lie; half of a rank's own as below it."""
    ranks = sorted(set(drawn))
    chances = tuple(drawn.count(rank) / len(drawn) for rank in ranks)
    low, high = Spread(0, chances, tuple(accumulate(chances))).within(float(TAIL))
    return ranks[low], ranks[high]
