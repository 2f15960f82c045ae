"""The group: ElectionGuard's published 4096-bit prime with a subgroup of 256-bit order.

Elements are integers 1 ≤ x < p with x^q = 1; scalars are integers below q. With gmpy2 a power
takes a millisecond, without it nine; the results are the same.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from courts.ballots.protocol.refused import ProtocolError

try:
    import gmpy2  # type: ignore[import-untyped]
except ImportError:  # pragma: no cover  where no wheel fits the machine
    gmpy2 = None

_FILE = json.loads(Path(__file__).with_name("EG-4096-256.json").read_text("ascii"))

NAME: str = _FILE["name"]
P = int(_FILE["p"], 16)
Q = int(_FILE["q"], 16)
G = int(_FILE["g"], 16)
ELEMENT_BYTES = 512

# Whoever seals or proves takes its fresh scalars from one of these.
Draw = Callable[[], int]


def fresh() -> int:
    """A secret scalar that nobody can guess, 1..q−1."""
    return 1 + secrets.randbelow(Q - 1)


def power(base: int, exponent: int) -> int:
    """base^exponent mod p."""
    if gmpy2 is None:  # pragma: no cover
        return pow(base, exponent, P)
    return int(gmpy2.powmod(base, exponent, P))


def often(base: int, exponent: int) -> int:
    """base^exponent mod p for a base that comes back many times and an exponent below q.

    From a table of the base's powers it is 43 products, a seventh of the time.
    """
    found = 1 if gmpy2 is None else gmpy2.mpz(1)
    for row in _table(base):
        found = found * row[exponent & _DIGIT] % P
        exponent >>= _BITS
    if exponent:
        raise ValueError("an exponent is below q")
    return int(found)


_BITS, _ROWS = 6, 43
_DIGIT = 2**_BITS - 1


@lru_cache(maxsize=8)
def _table(base: int) -> tuple[tuple[int, ...], ...]:
    step = base if gmpy2 is None else gmpy2.mpz(base)
    rows = []
    for _row in range(_ROWS):
        row = [step**0]
        for _digit in range(_DIGIT):
            row.append(row[-1] * step % P)
        rows.append(tuple(row))
        step = row[-1] * step % P
    return tuple(rows)


def inverse(element: int) -> int:
    """The element that makes 1 with this one."""
    return pow(element, -1, P)


G_INVERSE = inverse(G)


def is_element(value: int) -> bool:
    """Whether the integer is in the subgroup."""
    return 1 <= value < P and power(value, Q) == 1


def checked_element(value: int, what: str) -> int:
    """The integer, when it is in the subgroup."""
    if not is_element(value):
        raise ProtocolError("element", f"{what} is not an element of the group")
    return value


def el(element: int) -> bytes:
    """An element as it enters a hash."""
    return element.to_bytes(ELEMENT_BYTES, "big")


def u4(number: int) -> bytes:
    """An index as it enters a hash."""
    return number.to_bytes(4, "big")


@lru_cache(maxsize=8)
def small_logs(most: int) -> dict[int, int]:
    """The exponents 0..most by the power of g that they make."""
    logs: dict[int, int] = {}
    element = 1
    for exponent in range(most + 1):
        logs[element] = exponent
        element = element * G % P
    return logs
