"""Scalars that everybody draws alike: what makes a test vector, and never a vote."""

from __future__ import annotations

from collections.abc import Iterator

from courts.ballots.protocol.group import Draw, Q, u4
from courts.ballots.protocol.hashing import digest


def drawn(seed: str, number: int) -> int:
    """The draw of this number, from 1."""
    wide = digest("QB2-test-rng", seed, u4(number)) + digest("QB2-test-rng2", seed, u4(number))
    return int.from_bytes(wide, "big") % Q


def fixed(seed: str) -> Draw:
    """One draw after the other."""

    def draws() -> Iterator[int]:
        number = 0
        while True:
            number += 1
            yield drawn(seed, number)

    return draws().__next__
