"""Owns reading closed months as their snapshots froze them: facts, rules, readings, and scores.

A text is parsed once a process for each hash; the texts that are missing are read in one query. The
engine scores the frozen facts, so that every page has the steps of a closed month; that it comes to
the published points is what `courts.snapshots.verification` proves.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from courts.models import QualityYear, Snapshot
from courts.snapshots import Parts, parse
from courts.snapshots.facts import laid_over
from courts.snapshots.verification import Frozen, frozen
from courts.years.closings import closings_of
from scoring.facts import CourtFacts, Month
from scoring.results import Scoreboard
from scoring.schema import Rulebook

# A year of both sides, with some restated.
MOST_KEPT = 40


class Held:
    """A snapshot as it was parsed, with what is computed of it once."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.frozen: Frozen = frozen(parts)
        self.facts: Mapping[str, CourtFacts] = {one.court: one for one in self.frozen.facts}
        self.demo = frozenset(code for code, part in parts.courts.items() if part.get("is_demo"))

    @cached_property
    def board(self) -> Scoreboard:
        """The scores of the snapshot's courts."""
        return self.frozen.scored()


@dataclass(frozen=True, slots=True)
class FrozenMonth:
    """What of a month is frozen: by side the snapshot it counts by; rules are those of the newest.

    `board` is there when all sides are frozen in one snapshot.
    """

    by_side: Mapping[str, Held]
    newest: Held
    is_whole: bool

    @property
    def rulebook(self) -> Rulebook:
        return self.newest.frozen.rulebook

    @property
    def readings(self) -> Mapping[str, str]:
        return self.newest.frozen.readings

    @property
    def board(self) -> Scoreboard | None:
        is_one = all(held is self.newest for held in self.by_side.values())
        return self.newest.board if self.is_whole and is_one else None

    def facts(self, live: CourtFacts) -> CourtFacts:
        """A court's facts: frozen ones of the closed sides, live ones of the others."""
        found = live
        for side, held in self.by_side.items():
            own = held.facts.get(live.court)
            if own is not None:
                found = laid_over(own, found, self.rulebook, [side])
        if self.board is not None:
            return self.newest.facts.get(live.court, live)
        return found

    def demo(self, live: Collection[str]) -> frozenset[str]:
        """The courts with made-up figures."""
        frozen_courts = frozenset().union(*(held.demo for held in self.by_side.values()))
        return frozen_courts if self.is_whole else frozen_courts | frozenset(live)


_kept: OrderedDict[str, Held] = OrderedDict()
_lock = Lock()


def held_snapshots(keys: Mapping[str, int]) -> Mapping[str, Held]:
    """Snapshots by hash, given their keys by hash. One query for those not parsed before."""
    with _lock:
        found = {sha256: _kept[sha256] for sha256 in keys if sha256 in _kept}
        for sha256 in found:
            _kept.move_to_end(sha256)
    missing = [pk for sha256, pk in keys.items() if sha256 not in found]
    if missing:
        rows = Snapshot.objects.filter(pk__in=missing).values_list("sha256", "text")
        for sha256, text in rows:
            found[sha256] = hold(sha256, text)
    return found


def hold(sha256: str, text: str) -> Held:
    """A snapshot from its stored text; kept for the process. ValueError for another hash."""
    with _lock:
        if sha256 in _kept:
            return _kept[sha256]
    parts = parse(text)
    if parts.sha256 != sha256:
        raise ValueError(f"The stored text of snapshot {sha256} has the hash {parts.sha256}.")
    held = Held(parts)
    with _lock:
        _kept[sha256] = held
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return held


def frozen_months(year: QualityYear, months: Iterable[Month]) -> Mapping[Month, FrozenMonth]:
    """The months of the year that are closed on some side. Three queries at most."""
    closings = closings_of(year)
    counting = {
        month: closings.counting(month.month) for month in months if month.year == year.year
    }
    rows = [row for of_month in counting.values() for row in of_month.values()]
    if not rows:
        return {}
    held = held_snapshots({row.sha256: row.pk for row in rows})
    found = {}
    for month, by_side in counting.items():
        if by_side:
            newest = max(by_side.values(), key=lambda row: row.number)
            sides = {side: held[row.sha256] for side, row in by_side.items()}
            shares = held[newest.sha256].frozen.rulebook.sides
            found[month] = FrozenMonth(
                by_side=sides,
                newest=held[newest.sha256],
                is_whole={share.side.value for share in shares} <= sides.keys(),
            )
    return found
