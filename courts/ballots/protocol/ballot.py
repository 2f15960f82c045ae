"""One ballot: a score for every target, bit by bit, in the slot of one voter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from courts.ballots.protocol.bits import (
    Place,
    SealedBit,
    bits_of,
    bound_to,
    check_bit,
    encrypt,
    prove_bit,
    read_bit,
    weights,
)
from courts.ballots.protocol.canonical import array, canonical, hash_text, record, slot_text
from courts.ballots.protocol.group import Draw, P, Q, fresh
from courts.ballots.protocol.hashing import VERSION, digest
from courts.ballots.protocol.manifest import Manifest
from courts.ballots.protocol.refused import ProtocolError


@dataclass(frozen=True, slots=True)
class Ballot:
    """A sealed ballot: by target, by bit."""

    fingerprint: bytes
    slot: str
    targets: tuple[tuple[SealedBit, ...], ...]
    version: str = VERSION

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
        return tracker_of(self.body, self.version)


def tracker_of(body: bytes, version: str = VERSION) -> str:
    """The tracker of a canonical ballot."""
    return digest(f"{version}-ballot", body).hex()


def largest_body(targets: int, unit_max: int) -> int:
    """How many bytes the longest possible ballot on so many targets has."""
    element, scalar = "f" * len(format(P - 1, "x")), "f" * len(format(Q - 1, "x"))
    bit = [element, element, scalar, scalar, scalar, scalar]
    bits = len(canonical([bit] * unit_max.bit_length()))
    without = len(canonical({"e": "0" * 64, "slot": "0" * 32, "t": []}))
    return without + targets * bits + max(0, targets - 1)


def seal(manifest: Manifest, slot: str, scores: Sequence[int], draw: Draw = fresh) -> Ballot:
    """Seal scores in units, one for each target in the order of the manifest."""
    return seal_openly(manifest, slot, scores, draw)[0]


def seal_openly(
    manifest: Manifest, slot: str, scores: Sequence[int], draw: Draw = fresh
) -> tuple[Ballot, tuple[int, ...]]:
    """A sealed ballot with the randomness of each bit, for a ballot that is spoiled, not cast."""
    if not manifest.is_current:
        raise ProtocolError("version", f"ballots are sealed in {VERSION} alone")
    if len(scores) != len(manifest.targets):
        raise ProtocolError("ballot", "there is one score for each target")
    if not all(0 <= score <= manifest.unit_max for score in scores):
        raise ProtocolError("ballot", f"a score is from 0 to {manifest.unit_max} units")
    bits = [bits_of(score, manifest.unit_max) for score in scores]
    randomness = [[draw() for _bit in row] for row in bits]
    ciphers = [
        [encrypt(bit, manifest.joint_key, r) for bit, r in zip(row, rs, strict=True)]
        for row, rs in zip(bits, randomness, strict=True)
    ]
    places = places_of(manifest, slot, ciphers)
    targets = tuple(
        tuple(
            prove_bit(bit, r, cipher, next(places), draw)
            for bit, r, cipher in zip(row, rs, cs, strict=True)
        )
        for row, rs, cs in zip(bits, randomness, ciphers, strict=True)
    )
    flat = tuple(r for rs in randomness for r in rs)
    return Ballot(manifest.fingerprint, slot, targets), flat


def places_of(
    manifest: Manifest, slot: str, ciphers: Sequence[Sequence[tuple[int, int]]]
) -> Iterator[Place]:
    """The place of each bit of a ballot with these ciphers, in order."""
    whole = bound_to(manifest.fingerprint, slot, ciphers) if manifest.is_current else b""
    for target, row in enumerate(ciphers):
        for bit, _cipher in enumerate(row):
            yield Place(
                manifest.fingerprint,
                manifest.joint_key,
                slot,
                target,
                bit,
                whole,
                manifest.version,
            )


def read_ballot(data: Any, manifest: Manifest) -> Ballot:
    """A ballot that travelled, checked whole: shape, slot, elements and every proof."""
    ballot = read_shape(data, manifest)
    ciphers = [[(bit.a, bit.b) for bit in bits] for bits in ballot.targets]
    places = places_of(manifest, ballot.slot, ciphers)
    for bits in ballot.targets:
        for bit in bits:
            check_bit(bit, next(places))
    return ballot


def read_shape(data: Any, manifest: Manifest) -> Ballot:
    """A ballot with everything checked but its proofs."""
    fields = record(data, ("e", "slot", "t"), "a ballot")
    if hash_text(fields["e"], "e") != manifest.fingerprint.hex():
        raise ProtocolError("round", "this ballot was sealed for another round")
    slot = slot_text(fields["slot"], "the slot")
    if slot not in manifest.slots:
        raise ProtocolError("slot", "there is no such slot")
    length = len(weights(manifest.unit_max))
    targets = tuple(
        tuple(read_bit(bit) for bit in array(bits, "a target", length))
        for bits in array(fields["t"], "t", len(manifest.targets))
    )
    randomness = [bit.a for bits in targets for bit in bits]
    if len(set(randomness)) != len(randomness):
        raise ProtocolError("ballot", "two bits of a ballot share their randomness")
    return Ballot(manifest.fingerprint, slot, targets, manifest.version)
