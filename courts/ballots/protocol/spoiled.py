"""A spoiled ballot: sealed, then opened instead of cast, so that the voter sees what was sealed.

It proves that the page sealed the scores that were typed; it is never counted. Whoever keeps the
randomness of a ballot that was cast can prove how it was voted: it is dropped before casting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from courts.ballots.protocol.ballot import Ballot, read_ballot
from courts.ballots.protocol.bits import bits_of, encrypt, weights
from courts.ballots.protocol.board import Chain
from courts.ballots.protocol.canonical import array, canonical, integer, number_text, record, scalar
from courts.ballots.protocol.hashing import VERSION
from courts.ballots.protocol.manifest import Manifest
from courts.ballots.protocol.refused import ProtocolError

_KEYS = ("ballot", "scores", "r")


@dataclass(frozen=True, slots=True)
class SpoiledBallot:
    """A ballot with its scores in units and the randomness of each bit, in order."""

    ballot: Ballot
    scores: tuple[int, ...]
    randomness: tuple[int, ...]

    @property
    def wire(self) -> dict[str, Any]:
        """As it travels."""
        return {
            "ballot": self.ballot.wire,
            "scores": list(self.scores),
            "r": [number_text(r) for r in self.randomness],
        }

    @property
    def body(self) -> bytes:
        """The bytes of the file."""
        return canonical(self.wire)


def read_spoiled(data: Any, manifest: Manifest) -> SpoiledBallot:
    """A spoiled ballot that travelled: the ballot itself checked whole, and sealed anew."""
    if not manifest.is_current:
        raise ProtocolError("version", f"ballots are spoiled in {VERSION} alone")
    fields = record(data, _KEYS, "a spoiled ballot")
    ballot = read_ballot(fields["ballot"], manifest)
    sent = array(fields["scores"], "the scores", len(manifest.targets))
    scores = tuple(integer(one, "a score") for one in sent)
    if not all(0 <= score <= manifest.unit_max for score in scores):
        raise ProtocolError("spoiled", f"a score is from 0 to {manifest.unit_max} units")
    length = len(scores) * len(weights(manifest.unit_max))
    randomness = tuple(scalar(one, "r") for one in array(fields["r"], "r", length))
    if 0 in randomness:
        raise ProtocolError("spoiled", "a bit sealed with r = 0 is open")
    bits = [bit for score in scores for bit in bits_of(score, manifest.unit_max)]
    sealed = [(bit.a, bit.b) for row in ballot.targets for bit in row]
    again = [encrypt(bit, manifest.joint_key, r) for bit, r in zip(bits, randomness, strict=True)]
    if sealed != again:
        raise ProtocolError("spoiled", "the ballot holds other scores than it says")
    return SpoiledBallot(ballot, scores, randomness)


def check_never_cast(spoiled: SpoiledBallot, chain: Chain) -> None:
    """Refuse a spoiled ballot that somebody cast, counted or replaced."""
    if spoiled.ballot.tracker in chain.seen:
        raise ProtocolError("cast", "this ballot was cast, so that its scores are told")
