"""Makes what Python and the browser must agree on: `python -m tests.ballots.vectors`.

From `plain` alone, which knows nothing of the project: the tests ask each implementation for the
same. The vectors of QB1, which nobody makes any more, are kept as they were in qb1-vectors.json.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.ballots import plain

FILE = Path(__file__).with_name("vectors.json")
QB1 = Path(__file__).with_name("qb1-vectors.json")
ID = "yanbian-2019-12-fixed"
SLOTS = [
    "1b4e28ba2fa1413792d5d3f7a1e0c9aa",
    "5d0f6c3e8a2744b19c51f02d7be6a3c4",
    "9a7c1e5f3b2d48609e8f7a6b5c4d3e2f",
    "e2c56db5dffb48d2b060d0f5a71096e0",
]
# 﨑 comes before 𠮷 by code point, and after it by UTF-16: sorting must not mix them up.
ROLL = ["委员乙", "委员甲", "﨑委员", "𠮷委员"]
TRUSTEES = ["监票人甲", "监票人乙"]
# Slot, scores in units: the second voter thinks again.
VOTES = ((0, [24, 0]), (1, [7, 16]), (2, [15, 23]), (1, [8, 17]))
SPOILED = (3, [11, 24])
NONCE = plain.hash_of("QB2-test-rng", b"nonce").hex()
CLOSES = "2019-12-31T16:00:00Z"
EVERY_ESCAPE = "".join(map(chr, range(0x20))) + '"\\/\x7f\u2028'
TEXT = {
    "z": ["€ ü 朝 조 𠮷", EVERY_ESCAPE],
    "a": 9007199254740991,
    "B": -1,
    "": [],
    "﨑": 1,
    "𠮷": None,
}


def manifest_and_secrets() -> tuple[dict[str, Any], list[int]]:
    """The round of the vectors: twelve points by halves."""
    keys = [plain.key(f"QB2 key {k}", ID, name) for k, name in enumerate(TRUSTEES)]
    manifest = {
        "v": "QB2",
        "group": "EG-4096-256",
        "id": ID,
        "title": "2019年度综合评价",
        "targets": [{"id": "yanji", "name": "延吉法院"}, {"id": "dunhua", "name": "敦化法院"}],
        "unit": "0.5",
        "unit_max": 24,
        "slots": SLOTS,
        "roll": ROLL,
        "min_ballots": 3,
        "trustees": [
            {"name": name, **public} for name, (_x, public) in zip(TRUSTEES, keys, strict=True)
        ],
    }
    return manifest, [x for x, _public in keys]


def vectors() -> dict[str, Any]:
    """Everything, as plain JSON."""
    manifest, secrets = manifest_and_secrets()
    phi = plain.fingerprint(manifest)
    votes = []
    for number, (slot, scores) in enumerate(VOTES):
        sealed = plain.ballot(manifest, SLOTS[slot], scores, f"QB2 ballot {number}")
        votes.append(
            {
                "seed": f"QB2 ballot {number}",
                "slot": SLOTS[slot],
                "scores": scores,
                "whole": sealed["whole"],
                "ballot": sealed["ballot"],
                "tracker": plain.tracker(sealed["ballot"]),
            }
        )
    spoiled = plain.ballot(manifest, SLOTS[SPOILED[0]], SPOILED[1], "QB2 spoiled")
    current = [votes[number] for number in (0, 3, 2)]
    names = ROLL[:3]
    steps = [("open", phi.hex())]
    for vote in votes:
        payload = plain.canonical([vote["slot"], vote["tracker"]]).decode()
        steps.append(("ballot", payload))
    steps.append(("extend", plain.canonical([CLOSES]).decode()))
    trackers = [vote["tracker"] for vote in current]
    kappa = plain.closing(phi, plain.chain(steps)[-1]["hash"], names, trackers)
    steps.append(("close", plain.canonical([kappa.hex(), names]).decode()))
    ballots = [vote["ballot"] for vote in current]
    sealed_sums = plain.aggregate(manifest, ballots)
    parts = [
        plain.part(f"QB2 part {k}", x, k, phi, kappa, sealed_sums) for k, x in enumerate(secrets)
    ]
    return {
        "draws": [
            {"seed": seed, "n": n, "value": plain.hexed(plain.drawn(seed, n))}
            for seed, n in (("QB2", 1), ("QB2", 2), ("QB2", 256), ("𠮷", 1))
        ],
        "hashes": [
            {
                "tag": "QB2-x",
                "parts": parts_,
                "hash": plain.hash_of("QB2-x", *(one.encode() for one in parts_)).hex(),
            }
            for parts_ in ([], [""], ["a", "bc"], ["ab", "c"], ["朝鲜族 𠮷"])
        ],
        "canonical": {
            "value": TEXT,
            "hash": plain.hash_of("QB2-x", plain.canonical(TEXT)).hex(),
        },
        "weights": [
            {
                "unit_max": most,
                "weights": plain.weights(most),
                "bits": [plain.bits_of(score, most) for score in range(most + 1)],
            }
            for most in (1, 2, 3, 5, 8, 24, 120)
        ],
        "key": {
            "seed": "QB2 key 0",
            "id": ID,
            "name": TRUSTEES[0],
            "x": plain.hexed(secrets[0]),
            "public": plain.key("QB2 key 0", ID, TRUSTEES[0])[1],
            "card": plain.card(secrets[0]),
        },
        "rehearsal": {
            "seed": "QB2 ready",
            "nonce": NONCE,
            "k": 0,
            **plain.ready("QB2 ready", secrets[0], phi, NONCE, 0),
        },
        "manifest": manifest,
        "fingerprint": phi.hex(),
        "joint_key": plain.hexed(plain.joint_key(manifest)),
        "secrets": [plain.hexed(one) for one in secrets],
        "votes": votes,
        "spoiled": {
            "seed": "QB2 spoiled",
            "tracker": plain.tracker(spoiled["ballot"]),
            "file": {
                "ballot": spoiled["ballot"],
                "scores": SPOILED[1],
                "r": spoiled["r"],
            },
        },
        "kappa": kappa.hex(),
        "aggregate": [[plain.hexed(a), plain.hexed(b)] for a, b in sealed_sums],
        "partial_seeds": ["QB2 part 0", "QB2 part 1"],
        "board": {
            "manifest": manifest,
            "ballots": ballots,
            "events": plain.chain(steps),
            "participants": names,
            "partials": parts,
            "sums": plain.sums(sealed_sums, parts, 3 * 24),
        },
    }


def written() -> str:
    """The file's text."""
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")
