"""A scrutineer's key: made, proved, shown on a card, and tried before the round opens.

Keys are made and tried in QB2 alone; those of QB1's manifests are still checked.
"""

from __future__ import annotations

from dataclasses import dataclass

from courts.ballots.protocol.canonical import hash_text, number_text
from courts.ballots.protocol.group import Draw, G, P, Q, el, fresh, power, u4
from courts.ballots.protocol.hashing import VERSION, challenge, digest
from courts.ballots.protocol.refused import ProtocolError

CARD_DIGITS = 64


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof of knowing an exponent: c, z."""

    c: int
    z: int


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What a scrutineer hands in: X = g^x, and the proof of knowing x."""

    element: int
    proof: Proof

    @property
    def wire(self) -> dict[str, str]:
        """As it travels."""
        return {
            "X": number_text(self.element),
            "c": number_text(self.proof.c),
            "z": number_text(self.proof.z),
        }


def make_secret(draw: Draw = fresh) -> int:
    """A new secret, 1..q−1."""
    return 1 + draw() % (Q - 1)


def prove_key(secret: int, round_id: str, name: str, draw: Draw = fresh) -> PublicKey:
    """The public key of a secret, for one round and one scrutineer."""
    public = power(G, secret)
    w = draw()
    c = _known(VERSION, round_id, name, public, power(G, w))
    return PublicKey(public, Proof(c, (w - secret * c) % Q))


def check_key(key: PublicKey, round_id: str, name: str, version: str = VERSION) -> None:
    """Refuse 1, and a proof that does not fit. That X is an element was checked when read."""
    if key.element == 1:
        raise ProtocolError("key", "a key of 1 hides nothing")
    again = power(G, key.proof.z) * power(key.element, key.proof.c) % P
    if _known(version, round_id, name, key.element, again) != key.proof.c:
        raise ProtocolError("key", "the proof of the key does not hold")


def _known(version: str, round_id: str, name: str, public: int, commitment: int) -> int:
    return challenge(f"{version}-key", round_id, name, el(public), el(commitment))


def prove_ready(
    secret: int, fingerprint: bytes, nonce: str, index: int, draw: Draw = fresh
) -> Proof:
    """The answer of a rehearsal: the key that was typed back in is the one of the manifest."""
    w = draw()
    c = _ready(fingerprint, nonce, index, power(G, secret), power(G, w))
    return Proof(c, (w - secret * c) % Q)


def check_ready(proof: Proof, fingerprint: bytes, nonce: str, index: int, public: int) -> None:
    """Refuse an answer by any other key, to any other nonce or of another manifest."""
    again = power(G, proof.z) * power(public, proof.c) % P
    if _ready(fingerprint, nonce, index, public, again) != proof.c:
        raise ProtocolError("ready", "the key that was typed in is not the one of the manifest")


def _ready(fingerprint: bytes, nonce: str, index: int, public: int, commitment: int) -> int:
    asked = hash_text(nonce, "the nonce")
    tag = f"{VERSION}-ready"
    return challenge(tag, fingerprint, asked, u4(index), el(public), el(commitment))


def card(secret: int) -> tuple[str, str]:
    """What a key card shows: 64 hex digits in groups of four, and eight digits to check them."""
    digits = format(secret, f"0{CARD_DIGITS}x")
    groups = " ".join(digits[place : place + 4] for place in range(0, CARD_DIGITS, 4))
    return groups, digest(f"{VERSION}-card", digits).hex()[:8]
