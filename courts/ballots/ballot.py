"""One ballot: a score for every target, bit by bit, in the slot of one voter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from courts.ballots.bits import (
    Place,
    SealedBit,
    bits_of,
    check_bit,
    read_bit,
    seal_bit,
    weights,
)
from courts.ballots.canonical import array, canonical, hash_text, record, slot_text
from courts.ballots.group import Draw, fresh
from courts.ballots.hashing import digest
from courts.ballots.manifest import Manifest
from courts.ballots.refused import Refused


@dataclass(frozen=True, slots=True)
class Ballot:
    """A sealed ballot: by target, by bit."""

    fingerprint: bytes
    slot: str
    targets: tuple[tuple[SealedBit, ...], ...]

    @property
    def wire(self) -> dict[str, Any]:
        """As it travels."""
        return {
            "e": self.fingerprint.hex(),
            "slot": self.slot,
            "t": [[bit.wire for bit in bits] for bits in self.targets],
        }

    @property
    def body(self) -> bytes:
        """The bytes that are stored and hashed."""
        return canonical(self.wire)

    @property
    def tracker(self) -> str:
        """复核码."""
        return tracker_of(self.body)


def tracker_of(body: bytes) -> str:
    """The tracker of a canonical ballot."""
    return digest("QB1-ballot", body).hex()


def seal(manifest: Manifest, slot: str, scores: Sequence[int], draw: Draw = fresh) -> Ballot:
    """Seal scores in units, one for each target in the order of the manifest."""
    if len(scores) != len(manifest.targets):
        raise Refused("ballot", "there is one score for each target")
    if not all(0 <= score <= manifest.unit_max for score in scores):
        raise Refused("ballot", f"a score is from 0 to {manifest.unit_max} units")
    targets = tuple(
        tuple(
            seal_bit(bit, _place(manifest, slot, target, number), draw)
            for number, bit in enumerate(bits_of(score, manifest.unit_max))
        )
        for target, score in enumerate(scores)
    )
    return Ballot(manifest.fingerprint, slot, targets)


def read_ballot(data: Any, manifest: Manifest) -> Ballot:
    """A ballot that travelled, checked whole: shape, slot, elements and every proof."""
    ballot = read_shape(data, manifest)
    for target, bits in enumerate(ballot.targets):
        for number, bit in enumerate(bits):
            check_bit(bit, _place(manifest, ballot.slot, target, number))
    return ballot


def read_shape(data: Any, manifest: Manifest) -> Ballot:
    """A ballot with everything checked but its proofs."""
    fields = record(data, ("e", "slot", "t"), "a ballot")
    if hash_text(fields["e"], "e") != manifest.fingerprint.hex():
        raise Refused("round", "this ballot was sealed for another round")
    slot = slot_text(fields["slot"], "the slot")
    if slot not in manifest.slots:
        raise Refused("slot", "there is no such slot")
    length = len(weights(manifest.unit_max))
    targets = tuple(
        tuple(read_bit(bit) for bit in array(bits, "a target", length))
        for bits in array(fields["t"], "t", len(manifest.targets))
    )
    randomness = [bit.a for bits in targets for bit in bits]
    if len(set(randomness)) != len(randomness):
        raise Refused("ballot", "two bits of a ballot share their randomness")
    return Ballot(manifest.fingerprint, slot, targets)


def _place(manifest: Manifest, slot: str, target: int, bit: int) -> Place:
    return Place(manifest.fingerprint, manifest.joint_key, slot, target, bit)
