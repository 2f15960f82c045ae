"""How figures could have come out by chance: seeded draws that no check of a return contradicts.

Estimates only: nothing here enters points that count. Terms: a *family* are counts that are parts
of a whole, as the rulebook's checks say (cases actually closed are among those closed); a *root* is
a count that is part of nothing. Draws are seeded by the figures themselves, so that the same
figures always give the same answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from math import exp, log1p, sqrt
from random import Random
from typing import NamedTuple

from scoring.facts import CourtFacts
from scoring.rates import total
from scoring.schema import Check, Kind, Metric, Operator, Period, Rulebook, Severity
from scoring.whatif import levers

# Below these sizes one chance after the other is tossed; above them the interval is halved.
FEW_TOSSES = 16
FEW_EVENTS = 12.0
# How far one case lasts longer than another, and the cases of one time than those of another:
# variances of their days, beside the square of the mean.
DAYS_SPREAD = 0.8
DAYS_DRIFT = 0.002
# Half a case for and half a case against, before anything was seen (Jeffreys).
HALF = 0.5


class Family(NamedTuple):
    """Counts that share a whole; both sides are sums of metrics."""

    parts: tuple[str, ...]
    whole: tuple[str, ...]


@cache
def families(rulebook: Rulebook) -> tuple[Family, ...]:
    """Every count's family, wholes before their parts; a count belongs to one family at most.

    Where several checks name a count, errors go before warnings and then the first decides.
    """
    ceilings = sorted(
        (check for check in rulebook.checks if check.operator is Operator.AT_MOST),
        key=lambda check: check.severity is not Severity.ERROR,
    )
    found: list[Family] = []
    taken: set[str] = set()
    for check in ceilings:
        counts = [code for code in check.left if _grows(rulebook.metrics[code])]
        if len(counts) == len(check.left) and not taken & set(counts):
            taken |= set(counts)
            found.append(Family(check.left, check.right))
    return tuple(_sorted(found))


def _sorted(given: Sequence[Family]) -> list[Family]:
    waiting, found = list(given), list[Family]()
    while waiting:
        parts = {code for family in waiting for code in family.parts}
        ready = [family for family in waiting if not parts & set(family.whole)]
        # Checks that go round in a circle say that all of them are equal; any order will do.
        ready = ready or waiting[:1]
        found.extend(ready)
        waiting = [family for family in waiting if family not in ready]
    return found


@cache
def roots(rulebook: Rulebook) -> tuple[str, ...]:
    """The counts that are part of nothing."""
    parts = {code for family in families(rulebook) for code in family.parts}
    return tuple(
        code for code, metric in rulebook.metrics.items() if _grows(metric) and code not in parts
    )


def _grows(metric: Metric) -> bool:
    """Whether it is a count of the year to date, which comes to more until December."""
    return metric.kind is Kind.COUNT and metric.period is Period.YEAR_TO_DATE


@cache
def at_own_pace(rulebook: Rulebook) -> frozenset[str]:
    """The counts that come at a pace of their own: roots, and what is taken off a stock.

    Cases closed are part of the docket, but the more of it is new, the less of it can be closed
    yet: last month's share says little about December's.
    """
    off_stock = {
        code
        for family in families(rulebook)
        if any(rulebook.metrics[whole].kind is Kind.STOCK for whole in family.whole)
        for code in family.parts
    }
    return frozenset(roots(rulebook)) | off_stock


@cache
def lever_metrics(rulebook: Rulebook) -> frozenset[str]:
    """The metrics by which items are moved: what a court does, not what it receives."""
    return frozenset(lever.metric for item in rulebook.items for lever in levers(item))


def seeded(courts: Sequence[CourtFacts], purpose: str) -> Random:
    """A generator that the figures and the purpose alone decide."""
    said = [purpose]
    for facts in courts:
        known = (facts.current, facts.baseline_month, facts.baseline_annual)
        said.extend(f"{facts.court}{sorted(figures.items())}" for figures in known)
    return Random(sha256("\n".join(said).encode()).digest())  # noqa: S311  no secret is made of it


def binomial(random: Random, trials: int, chance: float) -> int:
    """How many of `trials` succeed, each with `chance` (0 to 1); exact, in logarithmic time."""
    found = 0
    while trials > FEW_TOSSES:
        # The middle one of the uniform numbers tells on which side of it the chance lies.
        middle = trials // 2 + 1
        at = random.betavariate(middle, trials + 1 - middle)
        if at <= chance:
            found += middle
            trials -= middle
            chance = (chance - at) / (1.0 - at)
        else:
            trials = middle - 1
            chance /= at
    return found + sum(random.random() < chance for _toss in range(trials))


def poisson(random: Random, mean: float) -> int:
    """How many cases come where `mean` cases are expected; exact, in logarithmic time."""
    found = 0
    while mean > FEW_EVENTS:
        arrived = int(mean * 7 / 8)
        at = random.gammavariate(arrived, 1.0)
        if at > mean:
            return found + binomial(random, arrived - 1, mean / at)
        found += arrived
        mean -= at
    waited = random.expovariate(1.0)
    while waited < mean:
        found += 1
        waited += random.expovariate(1.0)
    return found


def share(random: Random, part: float, whole: float, chances: float = 1.0) -> float:
    """A share that `part` of `whole` cases speak for, as far as chance lets it be known.

    With `chances` it is as unsure as from so many times fewer cases.
    """
    return random.betavariate((part + HALF) / chances, (max(whole - part, 0.0) + HALF) / chances)


def fitted(rulebook: Rulebook, figures: dict[str, int]) -> dict[str, int]:
    """The figures, cut down where a check of a return would not let them pass."""
    for check in rulebook.checks:
        if check.severity is Severity.ERROR and check.operator is Operator.AT_MOST:
            _cut(check, figures)
    return figures


def _cut(check: Check, figures: dict[str, int]) -> None:
    left, right = total(figures, check.left), total(figures, check.right)
    if left is None or right is None:
        return
    over = left - right
    for code in reversed(check.left):
        taken = min(max(over, 0), figures[code])
        figures[code] -= taken
        over -= taken


def carried(
    rulebook: Rulebook, before: Mapping[str, int], after: dict[str, int], random: Random
) -> dict[str, int]:
    """The sums of days: those there are, and about as many each for the cases still to come.

    `before` and `after` are figures without and with what was drawn.
    """
    for code, cases, then in _day_sums(rulebook, before, after):
        if then > cases:
            unsure = DAYS_SPREAD / cases + DAYS_SPREAD / (then - cases) + DAYS_DRIFT
            each = _about(random, before[code] / cases, unsure)
            after[code] = before[code] + round(each * (then - cases))
    return after


def drawn_days(
    rulebook: Rulebook,
    before: Mapping[str, int],
    after: dict[str, int],
    random: Random,
    chances: float = 1.0,
) -> dict[str, int]:
    """The sums of days, had they been of other cases of the same kind; `chances` as in `share`."""
    for code, cases, then in _day_sums(rulebook, before, after):
        unsure = chances * DAYS_SPREAD / cases
        after[code] = round(_about(random, before[code] / cases, unsure) * then)
    return after


def _day_sums(
    rulebook: Rulebook, before: Mapping[str, int], after: Mapping[str, int]
) -> Iterator[tuple[str, int, int]]:
    """Every sum that an item takes the mean of, with its cases before and after."""
    for item in rulebook.items:
        series = item.series
        if series is None or not series.whole:
            continue
        cases, then = total(before, series.whole), total(after, series.whole)
        for code in series.part:
            is_sum = rulebook.metrics[code].kind is Kind.SUM
            if is_sum and code in before and cases and then is not None:
                yield code, cases, then


def _about(random: Random, mean: float, variance: float) -> float:
    """A positive number with this mean; the variance is beside the square of the mean."""
    spread = log1p(variance)
    return mean * exp(random.gauss(-spread / 2, sqrt(spread)))
