"""One bit, sealed, with the proof that it is 0 or 1 and nothing else.

In QB2 the proof of a bit binds it to the ballot: its challenge holds the hash of every sealed bit
of the ballot (`bound_to`), so that bits of two ballots do not make a third.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from courts.ballots.protocol.canonical import array, element, number_text, scalar
from courts.ballots.protocol.group import G_INVERSE, Draw, G, P, Q, el, often, power, u4
from courts.ballots.protocol.hashing import EARLIER, VERSION, challenge, digest
from courts.ballots.protocol.refused import ProtocolError

# What is encrypted: a = g^r, b = y^r·g^bit.
Cipher = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bit stands; it is bound to it. `joint_key` is what it is sealed to.

    `whole` is C, the hash of the whole ballot's ciphers; QB1 has none.
    """

    fingerprint: bytes
    joint_key: int
    slot: str
    target: int
    bit: int
    whole: bytes
    version: str = VERSION


@dataclass(frozen=True, slots=True)
class SealedBit:
    """a = g^r, b = y^r·g^bit, and c, z of both branches."""

    a: int
    b: int
    c: tuple[int, int]
    z: tuple[int, int]

    @property
    def wire(self) -> list[str]:
        """As it travels: a, b, c0, z0, c1, z1."""
        numbers = (self.a, self.b, self.c[0], self.z[0], self.c[1], self.z[1])
        return [number_text(number) for number in numbers]


def weights(unit_max: int) -> tuple[int, ...]:
    """What each bit counts; the sums of their subsets are exactly 0..unit_max."""
    length = unit_max.bit_length()
    doubled = [2**place for place in range(length - 1)]
    return (*doubled, unit_max - (2 ** (length - 1) - 1))


def bits_of(score: int, unit_max: int) -> tuple[int, ...]:
    """A score in units as bits; the last weight is used when the others cannot do without."""
    length = unit_max.bit_length()
    last = int(score >= 2 ** (length - 1))
    rest = score - last * weights(unit_max)[-1]
    return (*((rest >> place) & 1 for place in range(length - 1)), last)


def encrypt(bit: int, joint_key: int, r: int) -> Cipher:
    """A bit under the randomness r."""
    return power(G, r), power(joint_key, r) * (G if bit else 1) % P


def bound_to(fingerprint: bytes, slot: str, targets: Sequence[Sequence[Cipher]]) -> bytes:
    """C: what every proof of a ballot is bound to, namely all of its ciphers in their order."""
    return digest(
        f"{VERSION}-cipher",
        fingerprint,
        slot,
        u4(len(targets)),
        u4(len(targets[0])),
        *(el(number) for ciphers in targets for cipher in ciphers for number in cipher),
    )


def prove_bit(bit: int, r: int, cipher: Cipher, place: Place, draw: Draw) -> SealedBit:
    """A sealed bit with its proof; the branch that is not so is simulated."""
    a, b = cipher
    y = place.joint_key
    other = 1 - bit
    c_other, z_other = draw(), draw()
    w = draw()
    commitments = [(0, 0), (0, 0)]
    commitments[other] = _commitment(a, b, y, other, c_other, z_other)
    commitments[bit] = (power(G, w), power(y, w))
    c_own = (_challenge(place, a, b, commitments) - c_other) % Q
    z_own = (w - r * c_own) % Q
    if bit:
        return SealedBit(a, b, (c_other, c_own), (z_other, z_own))
    return SealedBit(a, b, (c_own, c_other), (z_own, z_other))


def check_bit(sealed: SealedBit, place: Place) -> None:
    """Refuse a bit that is neither 0 nor 1, or was sealed for another place or ballot."""
    commitments = [
        _commitment(sealed.a, sealed.b, place.joint_key, branch, sealed.c[branch], sealed.z[branch])
        for branch in (0, 1)
    ]
    if sum(sealed.c) % Q != _challenge(place, sealed.a, sealed.b, commitments):
        raise ProtocolError("bit", "the proof of a bit does not hold")


def read_bit(data: Any) -> SealedBit:
    """A bit that travelled, its elements checked to be in the group."""
    a, b, c0, z0, c1, z1 = array(data, "a bit", 6)
    sealed = SealedBit(
        element(a, "a"),
        element(b, "b"),
        (scalar(c0, "c0"), scalar(c1, "c1")),
        (scalar(z0, "z0"), scalar(z1, "z1")),
    )
    if sealed.a == 1:
        raise ProtocolError("bit", "a bit sealed with r = 0 is open")
    return sealed


def _commitment(a: int, b: int, y: int, branch: int, c: int, z: int) -> tuple[int, int]:
    shifted = b * G_INVERSE % P if branch else b
    return often(G, z) * power(a, c) % P, often(y, z) * power(shifted, c) % P


def _challenge(place: Place, a: int, b: int, commitments: Iterable[tuple[int, int]]) -> int:
    statement = (el(a), el(b)) if place.version == EARLIER else (place.whole,)
    return challenge(
        f"{place.version}-bit",
        place.fingerprint,
        place.slot,
        u4(place.target),
        u4(place.bit),
        *statement,
        *(el(one) for pair in commitments for one in pair),
    )
