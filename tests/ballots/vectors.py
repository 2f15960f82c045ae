"""Makes what Python and the browser must agree on: `python -m tests.ballots.vectors`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from courts.ballots.bits import bits_of, weights
from courts.ballots.canonical import canonical, number_text
from courts.ballots.hashing import digest
from courts.ballots.keys import card, make_secret, prove_key, prove_ready
from tests.ballots.draws import drawn, fixed
from tests.ballots.rounds import Played, played

FILE = Path(__file__).with_name("vectors.json")
# Slot, scores in units: the second voter thinks again.
VOTES = ((0, (24, 0)), (1, (7, 16)), (2, (15, 23)), (1, (8, 17)))
NONCE = digest("QB1-test-rng", "nonce").hex()
TEXT = {"z": ["€ ü 朝 조 𠮷", '"\\/\b\f\n\r\t\x01\x7f'], "a": 9007199254740991, "B": -1, "": []}


def example() -> Played:
    """The round of the vectors."""
    return played(VOTES)


def vectors() -> dict[str, Any]:
    """Everything, as plain JSON."""
    round_ = example()
    draw = fixed("QB1 key 0")
    secret = make_secret(draw)
    key = prove_key(secret, round_.manifest.id, round_.manifest.trustees[0].name, draw)
    groups, check = card(secret)
    ready = prove_ready(secret, round_.manifest.fingerprint, NONCE, 0, fixed("QB1 ready"))
    return {
        "draws": [
            {"seed": "QB1", "n": n, "value": number_text(drawn("QB1", n))} for n in (1, 2, 256)
        ],
        "hashes": [
            {"tag": "QB1-x", "parts": parts, "hash": digest("QB1-x", *parts).hex()}
            for parts in ([], [""], ["a", "bc"], ["ab", "c"], ["朝鲜족 𠮷"])
        ],
        "canonical": {"value": TEXT, "hash": digest("QB1-x", canonical(TEXT)).hex()},
        "weights": [
            {"unit_max": most, "weights": list(weights(most)), "bits": _bits(most)}
            for most in (1, 2, 3, 5, 8, 24, 120)
        ],
        "key": {
            "seed": "QB1 key 0",
            "id": round_.manifest.id,
            "name": round_.manifest.trustees[0].name,
            "x": number_text(secret),
            "public": key.wire,
            "card": {"digits": groups, "check": check},
        },
        "rehearsal": {
            "seed": "QB1 ready",
            "nonce": NONCE,
            "k": 0,
            "c": number_text(ready.c),
            "z": number_text(ready.z),
        },
        "manifest": round_.manifest.wire,
        "fingerprint": round_.manifest.fingerprint.hex(),
        "joint_key": number_text(round_.manifest.joint_key),
        "secrets": [number_text(one) for one in round_.secrets],
        "votes": [
            {
                "seed": f"QB1 ballot {number}",
                "slot": ballot.slot,
                "scores": list(VOTES[number][1]),
                "ballot": ballot.wire,
                "tracker": ballot.tracker,
            }
            for number, ballot in enumerate(round_.votes)
        ],
        "kappa": round_.kappa.hex(),
        "aggregate": [[number_text(a), number_text(b)] for a, b in round_.sealed],
        "partial_seeds": ["QB1 part 0", "QB1 part 1"],
        "board": round_.wire,
    }


def _bits(most: int) -> list[list[int]]:
    return [list(bits_of(score, most)) for score in range(most + 1)]


def written() -> str:
    """The file's text."""
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")
