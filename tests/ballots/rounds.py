"""Rounds as plain values: small ones, played through with fixed draws."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from courts.ballots.protocol import board, tally
from courts.ballots.protocol.ballot import Ballot, seal_openly
from courts.ballots.protocol.board import BoardEvent, next_event
from courts.ballots.protocol.keys import make_secret, prove_key
from courts.ballots.protocol.manifest import Manifest, Target, Trustee
from courts.ballots.protocol.spoiled import SpoiledBallot
from tests.ballots.draws import fixed
from tests.ballots.vectors import CLOSES, ID, ROLL, SLOTS


@dataclass(frozen=True)
class Played:
    """A round: its secrets, ballots and chain; `opened` are its ballots as if they were spoiled."""

    manifest: Manifest
    secrets: tuple[int, ...]
    votes: tuple[Ballot, ...]
    participants: tuple[str, ...]
    seed: str
    opened: tuple[SpoiledBallot, ...] = ()

    @cached_property
    def current(self) -> tuple[Ballot, ...]:
        """The last ballot of each slot, by slot."""
        latest = {ballot.slot: ballot for ballot in self.votes}
        return tuple(latest[slot] for slot in sorted(latest))

    @cached_property
    def events(self) -> tuple[BoardEvent, ...]:
        """The chain, closing included."""
        events = [next_event(None, board.OPEN, self.manifest.fingerprint.hex())]
        for ballot in self.votes:
            payload = board.ballot_payload(ballot.slot, ballot.tracker)
            events.append(next_event(events[-1], board.BALLOT, payload))
        events.append(next_event(events[-1], board.EXTEND, board.extend_payload(CLOSES)))
        payload = board.close_payload(self.kappa_after(events), self.participants)
        return (*events, next_event(events[-1], board.CLOSE, payload))

    def kappa_after(self, events: Sequence[BoardEvent]) -> bytes:
        """κ of closing behind these events."""
        return board.closing_hash(
            self.manifest.fingerprint,
            events[-1].hash,
            self.participants,
            [ballot.tracker for ballot in self.current],
        )

    @cached_property
    def kappa(self) -> bytes:
        """κ."""
        return self.kappa_after(self.events[:-1])

    @cached_property
    def sealed(self) -> tally.Aggregate:
        """The sealed sums."""
        return tally.aggregate(self.current, self.manifest)

    @cached_property
    def partials(self) -> tuple[tally.Partial, ...]:
        """What each scrutineer sends."""
        return tuple(
            tally.open_part(
                secret, k, self.sealed, self.manifest, self.kappa, fixed(f"{self.seed} part {k}")
            )
            for k, secret in enumerate(self.secrets)
        )

    @cached_property
    def sums(self) -> tuple[int, ...]:
        """The opened sums, in units."""
        return tally.sums_of(self.sealed, self.partials, self.manifest, len(self.current))

    @cached_property
    def wire(self) -> dict[str, Any]:
        """The board as parsed JSON."""
        return {
            "manifest": self.manifest.wire,
            "ballots": [ballot.wire for ballot in self.current],
            "events": [event.wire for event in self.events],
            "participants": list(self.participants),
            "partials": [[share.wire for share in partial] for partial in self.partials],
            "sums": list(self.sums),
        }


def made_manifest(
    seed: str, unit: str, unit_max: int, round_id: str = ID
) -> tuple[Manifest, tuple[int, ...]]:
    """A manifest of two targets, four voters and two scrutineers, with the secrets."""
    secrets, trustees = [], []
    for k, name in enumerate(("监票人甲", "监票人乙")):
        draw = fixed(f"{seed} key {k}")
        secrets.append(make_secret(draw))
        trustees.append(Trustee(name, prove_key(secrets[-1], round_id, name, draw)))
    manifest = Manifest(
        id=round_id,
        title="2019年度综合评价",
        targets=(Target("yanji", "延吉法院"), Target("dunhua", "敦化法院")),
        unit=unit,
        unit_max=unit_max,
        slots=tuple(SLOTS),
        roll=tuple(sorted(ROLL)),
        min_ballots=3,
        trustees=tuple(trustees),
    )
    return manifest, tuple(secrets)


def played(
    votes: Sequence[tuple[int, Sequence[int]]],
    unit: str = "0.5",
    unit_max: int = 24,
    seed: str = "QB2",
    absent: int = 3,
) -> Played:
    """A round with these votes, in turn: number of the slot and scores in units."""
    manifest, secrets = made_manifest(seed, unit, unit_max)
    opened = tuple(
        spoiled(manifest, SLOTS[slot], scores, f"{seed} ballot {number}")
        for number, (slot, scores) in enumerate(votes)
    )
    ballots = tuple(one.ballot for one in opened)
    participants = tuple(name for place, name in enumerate(manifest.roll) if place != absent)
    return Played(manifest, secrets, ballots, participants, seed, opened)


def spoiled(manifest: Manifest, slot: str, scores: Sequence[int], seed: str) -> SpoiledBallot:
    """A ballot, sealed and opened."""
    ballot, randomness = seal_openly(manifest, slot, scores, fixed(seed))
    return SpoiledBallot(ballot, tuple(scores), randomness)


def changed(data: Any, changes: Sequence[Sequence[Any]]) -> Any:
    """A copy of some JSON with values set: [[path, value], …]."""
    copied = copy.deepcopy(data)
    for path, value in changes:
        place = copied
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
    return copied
