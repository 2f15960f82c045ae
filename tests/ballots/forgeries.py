"""Ballots with one flaw each, everything else of them as it must be.

What a cheating sealer would do: it knows every r, binds all proofs to the ballot with the flaw, and
proves honestly whatever can be proved, so that nothing but the flaw itself gives a ballot away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from courts.ballots.protocol.ballot import Ballot, places_of, seal
from courts.ballots.protocol.bits import Cipher, Place, SealedBit, bits_of, encrypt, prove_bit
from courts.ballots.protocol.group import G, P, Q, el, power, u4
from courts.ballots.protocol.hashing import challenge
from courts.ballots.protocol.manifest import Manifest
from tests.ballots.draws import fixed
from tests.ballots.vectors import SLOTS

SCORES = (3, 0)
# Proves a cipher at a place, given its bit and r; None: honestly.
Proof = Callable[[Place, Cipher], SealedBit]


def sealed(
    manifest: Manifest,
    seed: str,
    randomness: dict[int, int] | None = None,
    ciphers: dict[int, Cipher] | None = None,
    proofs: dict[int, Proof] | None = None,
) -> Ballot:
    """A ballot of the first slot; bits are numbered through all targets."""
    draw = fixed(seed)
    bits = [bit for score in SCORES for bit in bits_of(score, manifest.unit_max)]
    drawn = [draw() for _bit in bits]
    rs = [(randomness or {}).get(number, r) for number, r in enumerate(drawn)]
    honest = [encrypt(bit, manifest.joint_key, r) for bit, r in zip(bits, rs, strict=True)]
    shown = [(ciphers or {}).get(number, one) for number, one in enumerate(honest)]
    half = len(bits) // 2
    places = places_of(manifest, SLOTS[0], (shown[:half], shown[half:]))
    made = []
    for number, place in enumerate(places):
        proof = (proofs or {}).get(number)
        made.append(
            prove_bit(bits[number], rs[number], shown[number], place, draw)
            if proof is None
            else proof(place, shown[number])
        )
    return Ballot(manifest.fingerprint, SLOTS[0], (tuple(made[:half]), tuple(made[half:])))


def of_value(manifest: Manifest, value: int) -> Ballot:
    """A bit that holds another value than 0 or 1, proved as a 1."""
    r, draw = fixed(f"value {value}")(), fixed(f"value {value} proof")
    cipher = _of(manifest, value, r)
    return sealed(
        manifest,
        f"of value {value}",
        ciphers={0: cipher},
        proofs={0: lambda place, one: prove_bit(1, r, one, place, draw)},
    )


def without_commitments(manifest: Manifest) -> Ballot:
    """A 2, proved to somebody whose challenge leaves the commitments out."""
    r, draw = fixed("no commitments")(), fixed("no commitments proof")

    def proof(place: Place, one: Cipher) -> SealedBit:
        # The challenge is known beforehand: any split of it will do.
        total = challenge("QB2-bit", *_where(place), place.whole)
        c0 = draw()
        return SealedBit(*one, (c0, (total - c0) % Q), (draw(), draw()))

    return sealed(manifest, "without", ciphers={0: _of(manifest, 2, r)}, proofs={0: proof})


def without_statement(manifest: Manifest) -> Ballot:
    """A value of 77 digits, proved to somebody whose challenge leaves the ballot out.

    The commitments come first: A_f = g^u_f, B_f = y^u_f·g^k_f. They fix c0 + c1, and the value v is
    then whatever solves v·c0 = k0, (v − 1)·c1 = k1.
    """
    y, r = manifest.joint_key, fixed("no statement")()
    place = next(places_of(manifest, SLOTS[0], (((1, 1),),)))
    draw = fixed("no statement proof")
    while True:
        u, k = (draw(), draw()), (draw(), draw())
        pairs = [(power(G, u[f]), power(y, u[f]) * power(G, k[f]) % P) for f in (0, 1)]
        flat = [el(number) for pair in pairs for number in pair]
        total = challenge("QB2-bit", *_where(place), *flat)
        # total·v² − (total + k0 + k1)·v + k0 = 0; q is 3 modulo 4, so that a root is a power.
        half = total + k[0] + k[1]
        under = (half * half - 4 * total * k[0]) % Q
        root = pow(under, (Q + 1) // 4, Q)
        if root * root % Q == under:
            break
    value = (half + root) * pow(2 * total, -1, Q) % Q
    c = (k[0] * pow(value, -1, Q) % Q, k[1] * pow(value - 1, -1, Q) % Q)
    z = ((u[0] - r * c[0]) % Q, (u[1] - r * c[1]) % Q)
    return sealed(
        manifest,
        "without",
        ciphers={0: _of(manifest, value, r)},
        proofs={0: lambda _place, one: SealedBit(*one, c, z)},
    )


def at_another_place(manifest: Manifest, **changes: object) -> Ballot:
    """An honest bit whose proof says another place."""
    draw, r = fixed("another place"), fixed("at another place")()

    def proof(place: Place, one: Cipher) -> SealedBit:
        return prove_bit(1, r, one, replace(place, **changes), draw)  # type: ignore[arg-type]

    return sealed(
        manifest,
        "at another place of a bit",
        ciphers={0: encrypt(1, manifest.joint_key, r)},
        proofs={0: proof},
    )


def negative(manifest: Manifest) -> Ballot:
    """A bit outside the subgroup: −a, under even challenges, which do not see the sign."""
    y, draw, r = manifest.joint_key, fixed("negative"), fixed("negative r")()
    a, b = P - power(G, r), power(y, r) * G % P

    def proof(place: Place, one: Cipher) -> SealedBit:
        while True:
            w, c0, z0 = draw(), draw() // 2 * 2, draw()
            elements = [
                power(G, z0) * power(a, c0) % P,
                power(y, z0) * power(b, c0) % P,
                power(G, w),
                power(y, w),
            ]
            total = challenge("QB2-bit", *_where(place), place.whole, *map(el, elements))
            c1 = (total - c0) % Q
            if c1 % 2 == 0:
                return SealedBit(*one, (c0, c1), (z0, (w - r * c1) % Q))

    return sealed(manifest, "negative ballot", ciphers={0: (a, b)}, proofs={0: proof})


def open_bit(manifest: Manifest) -> Ballot:
    """A bit sealed with r = 0: it can be read off, and its proof holds."""
    return sealed(manifest, "open bit", randomness={0: 0})


def shared(manifest: Manifest) -> Ballot:
    """Two bits under the same r: their difference can be read off, and their proofs hold."""
    r = fixed("shared")()
    return sealed(manifest, "shared r", randomness={0: r, 1: r})


def recombined(one: Ballot, other: Ballot, bits: bool = False) -> Ballot:
    """A third ballot of two that one voter sealed: a target of each, or a bit."""
    if bits:
        first = (one.targets[0][0], other.targets[0][1])
        return replace(one, targets=(first, one.targets[1]))
    return replace(one, targets=(one.targets[0], other.targets[1]))


def second(manifest: Manifest) -> Ballot:
    """Another ballot of the first voter."""
    return seal(manifest, SLOTS[0], (1, 2), fixed("second"))


def _of(manifest: Manifest, value: int, r: int) -> Cipher:
    return power(G, r), power(manifest.joint_key, r) * power(G, value % Q) % P


def _where(place: Place) -> tuple[bytes | str, ...]:
    return place.fingerprint, place.slot, u4(place.target), u4(place.bit)
