"""An administrator's attack on a secret ballot, as code: who gave which score?

It works on traces that databases leave without being asked: who wrote before whom stands in the
numbers of transactions (`xmin`), in the places of rows (`ctid`, `rowid`), in the log of the
database, in two dumps around a vote. Whoever voted and the marks that were given are each put in
that order and paired. A mark that cannot be read is guessed: ballots in the order of a number that
their traces bear (how long, how late, how many bytes of log) are taken for scores in order.

Nothing here knows how a ballot is kept: the same code links a naive twin whole.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

# Chance links one in a round on average (the fixed points of a permutation), and so many, or more,
# once in so many attacks: with a hundred guesses a round it is never reached by itself.
NEVER_BY_CHANCE = 1e-7
# Traces that say who wrote before whom.
ORDERS = ("xmin", "place", "log", "dumps", "sequence")


@dataclass(frozen=True)
class Record:
    """Something kept, and its traces by name; `content` is what it says, as far as it is known."""

    content: str
    traces: Mapping[str, float]


@dataclass(frozen=True)
class Loot:
    """What the attacker has of one round.

    `people`: who voted, each with the traces of that. `marks`: what was given, each with the
    traces of its row; `features`: further numbers, by the content of a mark. `owners`: the marks
    whose owner stands beside them, by content. `scores`: all that were given, in no order.
    """

    people: Sequence[Record]
    marks: Sequence[Record]
    scores: Sequence[int]
    features: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)


Read = Callable[[str], int | None]


def links(loot: Loot) -> dict[str, dict[str, Record]]:
    """By channel: whose mark is whose. A channel is an order that people and marks both have."""
    found: dict[str, dict[str, Record]] = {}
    for channel in ORDERS:
        if channel not in loot.people[0].traces:
            continue
        pairs = zip(_by(loot.people, channel), _by(loot.marks, channel), strict=True)
        found[channel] = {person.content: mark for person, mark in pairs}
    if loot.owners:
        found["owner"] = {loot.owners[mark.content]: mark for mark in loot.marks}
    return found


def guesses(loot: Loot, read: Read) -> dict[str, dict[str, int]]:
    """By channel, and by what a mark is guessed from if it cannot be read: who gave what."""
    found: dict[str, dict[str, int]] = {}
    scores = sorted(loot.scores)
    for channel, linked in links(loot).items():
        known = {name: read(mark.content) for name, mark in linked.items()}
        if None not in known.values():
            found[channel] = {name: score for name, score in known.items() if score is not None}
            continue
        for feature in _features(loot, linked.values()):
            order = sorted(linked, key=lambda name: _number(loot, linked[name], feature))
            found[f"{channel}, {feature} rising"] = dict(zip(order, scores, strict=True))
            found[f"{channel}, {feature} falling"] = dict(zip(order, scores[::-1], strict=True))
    return found


def hits(guessed: Mapping[str, int], given: Mapping[str, int]) -> int:
    """How many scores were put under the right name."""
    return sum(guessed[name] == score for name, score in given.items())


def luck(found: int, rounds: int) -> float:
    """How probable it is that chance alone finds so many, or more, in so many rounds.

    Scores of a round are all different, so what chance finds is distributed as Poisson's, one a
    round; that is exact to far less than matters here from eight voters on.
    """
    return 1 - sum(math.exp(-rounds) * rounds**k / math.factorial(k) for k in range(found))


def leaning(guessed: Mapping[str, int], given: Mapping[str, int]) -> float:
    """How far guessed and given scores rise together, −1 to 1 (Spearman's; no two are equal)."""
    size = len(given)
    far = sum(
        (sorted(guessed.values()).index(guessed[name]) - sorted(given.values()).index(score)) ** 2
        for name, score in given.items()
    )
    return 1 - 6 * far / (size * (size**2 - 1))


def _by(records: Iterable[Record], trace: str) -> list[Record]:
    return sorted(records, key=lambda record: record.traces[trace])


def _features(loot: Loot, marks: Iterable[Record]) -> list[str]:
    names = {name for mark in marks for name in mark.traces}
    return sorted(names | {name for one in loot.features.values() for name in one})


def _number(loot: Loot, mark: Record, feature: str) -> float:
    found = {**mark.traces, **loot.features.get(mark.content, {})}
    return found[feature]
