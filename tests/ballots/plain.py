"""QB2 once more, as its text reads and with nothing of the project's: what the vectors come from.

No class, no check, no shortcut; whoever holds the protocol in the other hand can follow it line by
line. Only what makes things is here; whatever must be refused is in `refusals`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gmpy2  # type: ignore[import-untyped]

GROUP = json.loads(
    (Path(__file__).parents[2] / "courts/ballots/protocol/EG-4096-256.json").read_text("ascii")
)
P, Q, G = (int(GROUP[name], 16) for name in "pqg")


# --- Numbers, hashes, text -------------------------------------------------------------------


def power(base: int, exponent: int) -> int:
    return int(gmpy2.powmod(base, exponent, P))


def hash_of(tag: str, *parts: bytes) -> bytes:
    """H: tag and parts, each with its length before it."""
    data = b"".join(len(part).to_bytes(4, "big") + part for part in (tag.encode(), *parts))
    return hashlib.sha256(data).digest()


def challenge(tag: str, *parts: bytes) -> int:
    return int.from_bytes(hash_of(tag, *parts), "big") % Q


def el(number: int) -> bytes:
    return number.to_bytes(512, "big")


def u4(number: int) -> bytes:
    return number.to_bytes(4, "big")


def hexed(number: int) -> str:
    return format(number, "x")


SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def canonical(value: Any) -> bytes:
    """Canonical JSON, letter by letter."""
    return _text(value).encode("utf-8")


def _text(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        signs = (
            SHORT.get(sign) or (f"\\u{ord(sign):04x}" if ord(sign) < 0x20 else sign)
            for sign in value
        )
        return '"' + "".join(signs) + '"'
    if isinstance(value, list):
        return "[" + ",".join(_text(one) for one in value) + "]"
    # Code points are what Python compares text by.
    return "{" + ",".join(f"{_text(key)}:{_text(value[key])}" for key in sorted(value)) + "}"


# --- Draws -----------------------------------------------------------------------------------


def drawn(seed: str, number: int) -> int:
    wide = hash_of("QB2-test-rng", seed.encode(), u4(number))
    wide += hash_of("QB2-test-rng2", seed.encode(), u4(number))
    return int.from_bytes(wide, "big") % Q


def draws(seed: str) -> Iterator[int]:
    number = 0
    while True:
        number += 1
        yield drawn(seed, number)


# --- Keys ------------------------------------------------------------------------------------


def key(seed: str, round_id: str, name: str) -> tuple[int, dict[str, str]]:
    """x, and what is handed in."""
    draw = draws(seed)
    x = 1 + next(draw) % (Q - 1)
    w = next(draw)
    c = challenge("QB2-key", round_id.encode(), name.encode(), el(power(G, x)), el(power(G, w)))
    return x, {"X": hexed(power(G, x)), "c": hexed(c), "z": hexed((w - x * c) % Q)}


def ready(seed: str, x: int, phi: bytes, nonce: str, k: int) -> dict[str, str]:
    w = next(draws(seed))
    c = challenge("QB2-ready", phi, nonce.encode(), u4(k), el(power(G, x)), el(power(G, w)))
    return {"c": hexed(c), "z": hexed((w - x * c) % Q)}


def card(x: int) -> dict[str, str]:
    digits = hexed(x).rjust(64, "0")
    groups = " ".join(digits[place : place + 4] for place in range(0, 64, 4))
    return {"digits": groups, "check": hash_of("QB2-card", digits.encode()).hex()[:8]}


# --- The manifest ----------------------------------------------------------------------------


def fingerprint(manifest: dict[str, Any]) -> bytes:
    return hash_of("QB2-manifest", canonical(manifest))


def joint_key(manifest: dict[str, Any]) -> int:
    y = 1
    for trustee in manifest["trustees"]:
        y = y * int(trustee["X"], 16) % P
    return y


# --- A ballot --------------------------------------------------------------------------------


def weights(most: int) -> list[int]:
    bits = len(bin(most)) - 2
    return [2**place for place in range(bits - 1)] + [most - (2 ** (bits - 1) - 1)]


def bits_of(score: int, most: int) -> list[int]:
    counts = weights(most)
    last = 1 if score >= 2 ** (len(counts) - 1) else 0
    rest = score - last * counts[-1]
    return [*((rest >> place) & 1 for place in range(len(counts) - 1)), last]


def ballot(manifest: dict[str, Any], slot: str, scores: list[int], seed: str) -> dict[str, Any]:
    """The ballot, C, and the randomness, drawn in order before anything else."""
    phi, y, draw = fingerprint(manifest), joint_key(manifest), draws(seed)
    bits = [bits_of(score, manifest["unit_max"]) for score in scores]
    r = [[next(draw) for _bit in row] for row in bits]
    a = [[power(G, one) for one in row] for row in r]
    b = [
        [power(y, r[t][i]) * power(G, bit) % P for i, bit in enumerate(row)]
        for t, row in enumerate(bits)
    ]
    hashed = [
        el(one[t][i]) for t, row in enumerate(bits) for i in range(len(row)) for one in (a, b)
    ]
    whole = hash_of("QB2-cipher", phi, slot.encode(), u4(len(bits)), u4(len(bits[0])), *hashed)
    rows = []
    for t, row in enumerate(bits):
        proved = []
        for i, bit in enumerate(row):
            f = 1 - bit
            c, z, big_a, big_b = [0, 0], [0, 0], [0, 0], [0, 0]
            c[f], z[f], w = next(draw), next(draw), next(draw)
            over = b[t][i] * power(power(G, f), -1) % P
            big_a[f] = power(G, z[f]) * power(a[t][i], c[f]) % P
            big_b[f] = power(y, z[f]) * power(over, c[f]) % P
            big_a[bit], big_b[bit] = power(G, w), power(y, w)
            total = challenge(
                "QB2-bit", phi, slot.encode(), u4(t), u4(i), whole,
                el(big_a[0]), el(big_b[0]), el(big_a[1]), el(big_b[1]),
            )  # fmt: skip
            c[bit] = (total - c[f]) % Q
            z[bit] = (w - r[t][i] * c[bit]) % Q
            proved.append([hexed(n) for n in (a[t][i], b[t][i], c[0], z[0], c[1], z[1])])
        rows.append(proved)
    return {
        "ballot": {"e": phi.hex(), "slot": slot, "t": rows},
        "whole": whole.hex(),
        "r": [hexed(one) for row in r for one in row],
    }


def tracker(sealed: dict[str, Any]) -> str:
    return hash_of("QB2-ballot", canonical(sealed)).hex()


# --- Chain and closing -----------------------------------------------------------------------


def chain(steps: list[tuple[str, str]]) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    for seq, (kind, payload) in enumerate(steps):
        prev = events[-1]["hash"] if events else "0" * 64
        own = hash_of("QB2-event", prev.encode(), u4(seq), kind.encode(), payload.encode())
        events.append(
            {"seq": seq, "kind": kind, "payload": payload, "prev": prev, "hash": own.hex()}
        )
    return events


def closing(phi: bytes, before: str, names: list[str], trackers: list[str]) -> bytes:
    sorted_trackers = [one.encode() for one in sorted(trackers)]
    return hash_of("QB2-close", phi, before.encode(), canonical(names), *sorted_trackers)


# --- Sums ------------------------------------------------------------------------------------


def aggregate(manifest: dict[str, Any], ballots: list[dict[str, Any]]) -> list[tuple[int, int]]:
    sealed = []
    for t in range(len(manifest["targets"])):
        big_a = big_b = 1
        for one in ballots:
            for weight, bit in zip(weights(manifest["unit_max"]), one["t"][t], strict=True):
                big_a = big_a * power(int(bit[0], 16), weight) % P
                big_b = big_b * power(int(bit[1], 16), weight) % P
        sealed.append((big_a, big_b))
    return sealed


def part(
    seed: str, x: int, k: int, phi: bytes, kappa: bytes, sealed: list[tuple[int, int]]
) -> list[list[str]]:
    draw = draws(seed)
    shares = []
    for t, (big_a, _b) in enumerate(sealed):
        w = next(draw)
        c = challenge(
            "QB2-dec", phi, kappa, u4(k), u4(t),
            el(power(G, x)), el(big_a), el(power(big_a, x)), el(power(G, w)), el(power(big_a, w)),
        )  # fmt: skip
        shares.append([hexed(power(big_a, x)), hexed(c), hexed((w - x * c) % Q)])
    return shares


def sums(sealed: list[tuple[int, int]], parts: list[list[list[str]]], most: int) -> list[int]:
    found = []
    for t, (_a, big_b) in enumerate(sealed):
        left = big_b
        for one in parts:
            left = left * power(int(one[t][0], 16), -1) % P
        (value,) = [number for number in range(most + 1) if power(G, number) == left]
        found.append(value)
    return found
