"""Mutated ballots: each is refused, or says to the letter what the good one says.

One thing of a good ballot is changed at a time: signs of its text, numbers, places, what belongs
to another ballot, voter or round. A mutant that is taken is none: it must be the good ballot
itself, byte by byte as it is stored. `verify.py`, which shares no code, judges some as well.

The controls take a check away each, and mutants are then taken.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from random import Random
from typing import Any

import pytest

from courts.ballots.protocol import ProtocolError, ballot
from courts.ballots.protocol.ballot import Ballot, read_ballot
from courts.ballots.protocol.canonical import canonical, parse
from courts.ballots.protocol.group import G, P, Q, inverse
from tests.ballots.refusals import example
from tests.ballots.rounds import Played
from tests.hold.scale import SEED, chance, many

# A file for people who know no type annotations; nobody else imports it.
verify: Any = import_module("courts.ballots.verify")
MUTANTS, BY_VERIFIER = many(100_000, 200), many(1_000, 5)
# Every this many, so that the controls stay short.
OF_CONTROL = many(2_000, 200)
ODD = ("", "0", "00", "-1", "1e3", "ff ", "FF", "１", "0x1", "é", "\\u0000", "null", "g", "1_0")
Mutate = Callable[[Random, Any, "Ground"], Any]


class Ground:
    """A round's ballots, and those of another round with the same people."""

    def __init__(self) -> None:
        self.round: Played = example()
        self.good: list[Ballot] = list(self.round.votes)

    def other(self, draw: Random) -> Any:
        """A good ballot, as JSON has it."""
        return json.loads(draw.choice(self.good).body)


def places(data: Any) -> list[tuple[Any, Any]]:
    """Every number of a ballot: what holds it, and where."""
    return [(bit, place) for target in data["t"] for bit in target for place in range(len(bit))]


def another_number(draw: Random, data: Any, _ground: Ground) -> Any:
    holder, place = draw.choice(places(data))
    number = int(holder[place], 16)
    holder[place] = format(
        draw.choice(
            [
                *(number + 1, abs(number - 1), P - number, number * G % P, inverse(number or 1)),
                *(number + Q, number + P, number * number % P, 0, 1, P, Q, P - 1),
                *(number ^ (1 << draw.randrange(4096)), draw.randrange(P)),
            ]
        ),
        "x",
    )
    return data


def odd_number(draw: Random, data: Any, _ground: Ground) -> Any:
    holder, place = draw.choice(places(data))
    holder[place] = draw.choice(
        [*ODD, None, 1, 1.5, True, [], {}, holder[place].upper(), "0" + holder[place]]
    )
    return data


def of_another(draw: Random, data: Any, ground: Ground) -> Any:
    """A number, bit, target or slot out of another ballot."""
    other = ground.other(draw)
    target, bit = draw.randrange(len(data["t"])), draw.randrange(len(data["t"][0]))
    kind = draw.randrange(4)
    if kind == 0:
        data["slot"] = other["slot"]
    elif kind == 1:
        data["t"][target] = other["t"][draw.randrange(len(other["t"]))]
    elif kind == 2:
        data["t"][target][bit] = other["t"][target][draw.randrange(len(other["t"][0]))]
    else:
        place = draw.randrange(6)
        data["t"][target][bit][place] = other["t"][target][bit][place]
    return data


def out_of_place(draw: Random, data: Any, _ground: Ground) -> Any:
    """Rows, bits or numbers in another order, or one more or fewer."""
    level = draw.choice([data["t"], draw.choice(data["t"]), draw.choice(draw.choice(data["t"]))])
    kind = draw.randrange(4)
    if kind == 0:
        draw.shuffle(level)
    elif kind == 1:
        level.pop(draw.randrange(len(level)))
    elif kind == 2:
        level.append(copy.deepcopy(draw.choice(level)))
    else:
        level.reverse()
    return data


def other_key(draw: Random, data: Any, _ground: Ground) -> Any:
    key = draw.choice(list(data))
    kind = draw.randrange(4)
    if kind == 0:
        del data[key]
    elif kind == 1:
        data[draw.choice(["x", "E", "slot ", "score", "__proto__"])] = 1
    elif kind == 2:
        data[key] = draw.choice([None, 0, "", [], {}, "0" * 32, "0" * 64, data[key] * 2])
    else:
        data = draw.choice([[data], {"ballot": data}, json.dumps(data), None])
    return data


BY_VALUE: tuple[Mutate, ...] = (another_number, odd_number, of_another, out_of_place, other_key)


def other_bytes(draw: Random, body: bytes) -> bytes:
    """The text itself changed: a sign, a piece left out, doubled or moved, blanks, a key twice."""
    place, length = draw.randrange(len(body)), draw.randrange(1, 40)
    kind = draw.randrange(6)
    if kind == 0:
        return body[:place] + bytes([draw.randrange(256)]) + body[place + 1 :]
    if kind == 1:
        return body[:place] + body[place + length :]
    if kind == 2:
        return body[:place] + body[place : place + length] + body[place:]
    if kind == 3:
        return body[:place]
    if kind == 4:
        return body.replace(b",", b" ,", draw.randrange(1, 4))
    return body[:-1] + b',"slot":"' + b"0" * 32 + b'"}'


def by_value(draw: Random, ground: Ground) -> Any:
    """A ballot with one thing changed, as JSON has it."""
    return draw.choice(BY_VALUE)(draw, ground.other(draw), ground)


def mutant(draw: Random, ground: Ground) -> bytes:
    """A ballot with one thing changed, as it would be sent."""
    if draw.randrange(len(BY_VALUE) + 1) == 0:
        return other_bytes(draw, draw.choice(ground.good).body)
    return json.dumps(by_value(draw, ground), ensure_ascii=False).encode()


def judged(body: bytes, ground: Ground) -> str:
    """What becomes of some bytes: refused, the good ballot itself, or taken for another."""
    try:
        read = read_ballot(parse(body), ground.round.manifest)
    except ProtocolError:
        return "refused"
    return "itself" if read.body in {one.body for one in ground.good} else "taken"


def judged_apart(data: Any, ground: Ground) -> str:
    """The same by `verify.py`, of a ballot as it would stand on a board."""
    manifest = verify.Manifest(ground.round.manifest.wire)
    raw = canonical(data)
    try:
        found = verify.parse(raw)
        _e, slot, _t = verify.fields(found, ("e", "slot", "t"), "a ballot")
        verify.need(slot in manifest.slots, "no such slot")
        verify.check_ballot(slot, verify.read_ballot(found, manifest), manifest)
    except verify.Wrong:
        return "refused"
    return "itself" if raw in {one.body for one in ground.good} else "taken"


@pytest.fixture(scope="module")
def ground() -> Ground:
    return Ground()


def test_mutated_ballots(ground: Ground, record_property: Any) -> None:
    draw = chance("mutated ballots")
    found: Counter[str] = Counter()
    for _number in range(MUTANTS):
        body = mutant(draw, ground)
        answer = judged(body, ground)
        assert answer != "taken", body[:300]
        found[answer] += 1
    for _number in range(BY_VERIFIER):
        data = by_value(draw, ground)
        assert judged_apart(data, ground) == judged(canonical(data), ground), str(data)[:300]
    assert found["refused"] > MUTANTS * 0.9
    told = f"{found['refused']} refused, {found['itself']} the good ballot itself, 0 taken"
    apart = f"{BY_VERIFIER} judged alike by verify.py"
    record_property("hold", f"seed {SEED}: {MUTANTS} mutated ballots: {told}; {apart}")


def without_proofs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ballot, "check_bit", lambda *_bit: None)


def without_binding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proofs hold for a bit of a voter's, whichever of the voter's ballots it stands on."""
    monkeypatch.setattr(ballot, "bound_to", lambda *_ballot: b"")


@pytest.mark.parametrize("without", [without_proofs, without_binding])
def test_without_a_check_mutants_are_taken(
    without: Callable[[pytest.MonkeyPatch], None],
    monkeypatch: pytest.MonkeyPatch,
    record_property: Any,
) -> None:
    without(monkeypatch)
    # Sealed without it too.
    weak, draw = Ground(), chance("mutated ballots")
    taken = sum(
        judged(json.dumps(of_another(draw, weak.other(draw), weak)).encode(), weak) == "taken"
        for _number in range(OF_CONTROL)
    )
    assert taken > 0
    record_property("hold", f"control, {without.__name__}: {taken} of {OF_CONTROL} mutants taken")
