"""Lots that anybody can draw again: from a list and a seed, without any secret.

Each number of the list gets the SHA-256 of seed, line feed and number; the smallest are drawn. The
order of the list, and blanks around a number, make no difference.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple


class Lot(NamedTuple):
    """A number that was drawn, and the digest by which it was, in hexadecimal."""

    number: str
    digest: str


def listed(numbers: Iterable[str]) -> tuple[str, ...]:
    """The numbers once each, in the order of their signs; blank ones are left out."""
    return tuple(sorted({one.strip() for one in numbers} - {""}))


def digest_of(numbers: Iterable[str]) -> str:
    """The SHA-256 of the list, a number a line, in hexadecimal."""
    return sha256("\n".join(listed(numbers)).encode()).hexdigest()


def drawn(numbers: Iterable[str], seed: str, wanted: int) -> tuple[Lot, ...]:
    """The lots in the order they are drawn; all of the list where it has no more than `wanted`."""
    lots = (Lot(one, sha256(f"{seed}\n{one}".encode()).hexdigest()) for one in listed(numbers))
    return tuple(sorted(lots, key=lambda lot: lot.digest)[:wanted])
