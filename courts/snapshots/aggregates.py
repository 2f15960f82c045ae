"""Owns which sums and means over courts may be released where each court sees its own row only.

Plain sets of court codes, no Django. Sums of figures and means of points can be worked out from
each other, for instance by an item that takes off so many points for each case. So all that is told
of a year is over one group, the ranked courts (`told_together`), on every page, paper and file.

A reader knows the own row and every aggregate released of the
same figures, and may add and subtract them. Nothing that can be worked out so may be about fewer
than four courts: no aggregate, no aggregate less the own row, no difference of two, and nothing
else that several of them add up to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

FEWEST_COURTS = 4
# What rounding of a mean of a few courts to hundredths hides.
NEARLY = Fraction(1, 10)


def told_together(levels: Mapping[str, str], ranked: str, own: str | None) -> tuple[str, ...]:
    """The courts that sums and means may be over for the reader, in order; none, or the ranked.

    `levels` are of the year's courts by code, `ranked` is the level that is ranked.
    """
    group = tuple(code for code, level in levels.items() if level == ranked)
    return group if releasable([group], own or None) == (True,) else ()


def told_mean(
    earned: Mapping[str, Fraction], most: Mapping[str, Fraction], own: str | None
) -> Fraction | None:
    """The mean of points over courts, each by its code, with the most that each could earn.

    None where the other courts together have all of their points, or none: each would be known.
    """
    got = sum((points for code, points in earned.items() if code != own), Fraction())
    best = sum((points for code, points in most.items() if code != own), Fraction())
    if abs(got) <= NEARLY or abs(best - got) <= NEARLY:
        return None
    return sum(earned.values(), Fraction()) / len(earned)


def releasable(groups: Sequence[Collection[str]], own: str | None = None) -> tuple[bool, ...]:
    """For each group of courts, whether the sum or mean over it may be released beside the others.

    Earlier groups go first: one is held back if together with those released before it would tell
    something about fewer than `FEWEST_COURTS` courts. A group of the same courts as one before is
    released if that one was. `own` is the court whose row the reader has; None for a reader who
    has no row. All groups are of one figure, or of figures that add up to each other. The largest,
    the smallest and the middle value are rows of single courts and never go through here.
    """
    taken: list[frozenset[str]] = []
    answers = []
    for group in groups:
        others = frozenset(group) - {own}
        is_safe = others in taken or is_safe_together([*taken, others])
        answers.append(is_safe)
        if is_safe and others not in taken:
            taken.append(others)
    return tuple(answers)


def is_safe_together(groups: Sequence[Collection[str]]) -> bool:
    """Whether no combination of the groups' sums is about fewer than `FEWEST_COURTS` courts.

    Courts that stand in the same groups always come together in a combination, so that only small
    parcels of such courts can be left alone. The work grows with the number of groups, not courts.
    """
    if any(len(group) < FEWEST_COURTS for group in groups):
        return False
    courts = sorted(frozenset().union(*groups))
    parcels = Counter(tuple(int(court in group) for group in groups) for court in courts)
    columns = list(parcels)
    rank = _rank(columns)
    small = [column for column in columns if parcels[column] < FEWEST_COURTS]
    return all(
        _rank([column for column in columns if column not in left]) == rank
        for left in _few(small, parcels)
    )


def _few(
    columns: Sequence[tuple[int, ...]], sizes: Counter[tuple[int, ...]]
) -> Iterator[frozenset[tuple[int, ...]]]:
    """Every choice of parcels that have together fewer than `FEWEST_COURTS` courts."""
    for number in range(1, FEWEST_COURTS):
        for chosen in combinations(columns, number):
            if sum(sizes[column] for column in chosen) < FEWEST_COURTS:
                yield frozenset(chosen)


def _rank(columns: Sequence[tuple[int, ...]]) -> int:
    """How many of the columns are independent, in exact arithmetic."""
    rows = [[Fraction(value) for value in column] for column in columns]
    rank = 0
    for place in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows[rank:] if row[place]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(rank, pivot)
        for number in range(rank + 1, len(rows)):
            factor = rows[number][place] / pivot[place]
            rows[number] = [
                value - factor * other for value, other in zip(rows[number], pivot, strict=True)
            ]
        rank += 1
    return rank
