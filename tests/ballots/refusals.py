"""Makes what every verifier must refuse: `python -m tests.ballots.refusals`.

Each case is the good board, ballot, key … with values set (`set`: [path, value] pairs) or a raw
text in its place. The same file is read by the tests of Python, of `verify.py` and of the browser.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from courts.ballots.protocol import board, tally
from courts.ballots.protocol.ballot import Ballot, seal
from courts.ballots.protocol.board import BoardEvent, next_event
from courts.ballots.protocol.canonical import canonical, number_text
from courts.ballots.protocol.group import G, P, Q, el, inverse, power, u4
from courts.ballots.protocol.hashing import challenge
from courts.ballots.protocol.keys import Proof, PublicKey, prove_key, prove_ready
from courts.ballots.protocol.manifest import Trustee
from courts.ballots.protocol.spoiled import SpoiledBallot, read_spoiled
from tests.ballots import forgeries
from tests.ballots.draws import fixed
from tests.ballots.rounds import Played, made_manifest, played, spoiled
from tests.ballots.vectors import SLOTS

FILE = Path(__file__).with_name("refusals.json")
QB1 = Path(__file__).with_name("qb1-refusals.json")
VOTES = ((0, (3, 0)), (1, (1, 2)), (2, (2, 3)), (1, (0, 1)))
NONCE = "c0ffee" * 10 + "beef"
MINUS_ONE = number_text(P - 1)

Case = dict[str, Any]


def example() -> Played:
    """The round all cases start from: up to three units, two bits a target."""
    return played(VOTES, unit="1", unit_max=3, seed="refusals")


def case(name: str, *changes: tuple[Sequence[str | int], Any], **more: Any) -> Case:
    """One case: the good one with these values set."""
    return {"name": name, "set": [[list(path), value] for path, value in changes], **more}


def refusals() -> dict[str, Any]:
    """All cases with what they start from."""
    good = example()
    return {
        "board": good.wire,
        "ballot": good.votes[0].wire,
        "ballots": list(ballots(good)),
        "key": {"id": good.manifest.id, **good.wire["manifest"]["trustees"][0]},
        "keys": list(keys(good)),
        "manifests": list(manifests(good)),
        "partial": {"k": 0, "d": good.wire["partials"][0]},
        "partials": list(partials(good)),
        "rehearsal": ready(good, 0, NONCE, good.secrets[0]),
        "rehearsals": list(rehearsals(good)),
        "spoiled": good_spoiled(good).wire,
        "spoileds": list(spoileds(good)),
        "boards": list(boards(good)),
        "closed": list(closed_boards(good)),
    }


# --- Ballots ---------------------------------------------------------------------------------


def ballots(good: Played) -> Iterator[Case]:
    """Of the first slot; nobody else's, nowhere else, nothing but 0 or 1."""
    wire = good.votes[0].wire
    bits = wire["t"]
    first: list[str] = bits[0][0]
    yield case("another slot", (["slot"], SLOTS[1]))
    yield case("a slot that there is not", (["slot"], "f" * 32))
    nowhere = seal(good.manifest, "f" * 32, (3, 0), fixed("nowhere")).wire
    yield case("sealed for a slot that there is not", (["slot"], "f" * 32), (["t"], nowhere["t"]))
    yield case("targets swapped", (["t"], bits[::-1]))
    yield case("bits reversed", (["t", 0], bits[0][::-1]))
    other, _secrets = made_manifest("refusals", "1", 3, round_id="another")
    elsewhere = seal(other, SLOTS[0], (3, 0), fixed("elsewhere")).wire
    yield case("another round", (["e"], elsewhere["e"]), (["t"], elsewhere["t"]))
    yield case("another round under this fingerprint", (["t"], elsewhere["t"]))
    yield case("another round's fingerprint", (["e"], elsewhere["e"]))
    for name, ballot in forged(good):
        yield case(name, (["t"], ballot.wire["t"]))
    yield case(
        "the inverse",
        (["t", 0, 0, 0], number_text(inverse(int(first[0], 16)))),
        (["t", 0, 0, 1], number_text(inverse(int(first[1], 16)))),
    )
    for name, value in (
        ("0", "0"),
        ("minus one, of order two", MINUS_ONE),
        ("the negative, out of the subgroup", number_text(P - int(first[0], 16))),
        ("p", number_text(P)),
        ("above p", number_text(P + 1)),
        ("two, which generates more", "2"),
    ):
        yield case(f"a: {name}", (["t", 0, 0, 0], value))
        yield case(f"b: {name}", (["t", 0, 0, 1], value))
    yield case("c and z exchanged", (["t", 0, 0, 2], first[3]), (["t", 0, 0, 3], first[2]))
    yield case("branches exchanged", (["t", 0, 0], [*first[:2], *first[4:], *first[2:4]]))
    for place in range(2, 6):
        grown = number_text(int(first[place], 16) + Q)
        yield case(f"scalar {place} not reduced", (["t", 0, 0, place], grown))
        yield case(f"scalar {place} changed", (["t", 0, 0, place], flipped(first[place])))
    yield from ballot_forms(wire)


def ballot_forms(wire: dict[str, Any]) -> Iterator[Case]:
    """Written otherwise than it must be."""
    first: str = wire["t"][0][0][2]
    wide = first.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})
    for name, value in (
        ("full-width digits", wide),
        ("one full-width digit inside", widened(first)),
        ("upper case", first.upper()),
        ("a leading zero", "0" + first),
        ("0x in front", "0x" + first),
        ("a plus in front", "+" + first),
        ("a minus in front", "-" + first),
        ("a blank behind", first + " "),
        ("a line end behind", first + "\n"),
        ("an underscore inside", f"{first[:4]}_{first[4:]}"),
        ("nothing", ""),
        ("an integer", 7),
        ("null", None),
        ("a truth value", True),
        ("a list", [first]),
    ):
        yield case(f"a number as {name}", (["t", 0, 0, 2], value))
    wide_slot = wire["slot"].translate({ord("0") + d: 0xFF10 + d for d in range(10)})
    for name, value in (
        ("in upper case", wire["slot"].upper()),
        ("in full-width digits", wide_slot),
        ("without its first digit", wire["slot"][1:]),
        ("with a digit more", wire["slot"] + "0"),
        ("that is a list", [wire["slot"]]),
    ):
        yield case(f"a slot {name}", (["slot"], value))
    yield case("the fingerprint in upper case", (["e"], wire["e"].upper()))
    yield case("the fingerprint cut short", (["e"], wire["e"][:-1]))
    yield case("the fingerprint with a zero before it", (["e"], "0" + wire["e"]))
    yield case("one more key", (["name"], "委员甲"))
    yield case("a score in the open", (["scores"], [3, 0]))
    yield case("one more bit", (["t", 0], [*wire["t"][0], wire["t"][1][0]]))
    yield case("one bit missing", (["t", 0], wire["t"][0][:1]))
    yield case("one more number in a bit", (["t", 0, 0], [*wire["t"][0][0], "1"]))
    yield case("one number missing in a bit", (["t", 0, 0], wire["t"][0][0][:5]))
    yield case("one more target", (["t"], [*wire["t"], wire["t"][0]]))
    yield case("one target missing", (["t"], wire["t"][:1]))
    yield case("targets by name", (["t"], {"0": wire["t"][0], "1": wire["t"][1]}))
    text = canonical(wire).decode()
    for name, raw in (
        ("a key twice", text[:-1] + f',"slot":"{wire["slot"]}"}}'),
        ("a byte order mark", "\ufeff" + text),
        ("something behind", text + "{}"),
        ("cut short", text[:-1]),
        ("nothing", ""),
        ("a list", f"[{text}]"),
        ("a lone surrogate", text[:-1] + ',"\\ud800":""}'),
        ("a very deep list", "[" * 20_000),
        ("not a number", "NaN"),
    ):
        yield {"name": f"JSON: {name}", "raw": raw}


def widened(text: str) -> str:
    """The last ASCII digit as its full-width twin; Python's own int() would read it."""
    place = max(place for place, sign in enumerate(text) if sign.isdigit())
    return text[:place] + chr(0xFF10 + int(text[place])) + text[place + 1 :]


def forged(good: Played) -> Iterator[tuple[str, Ballot]]:
    """Ballots whose proofs were made for them as well as they can be."""
    manifest = good.manifest
    for value in (2, 3, -1):
        yield f"the value {value}", forgeries.of_value(manifest, value)
    yield "a challenge without the commitments", forgeries.without_commitments(manifest)
    yield "a challenge without the ballot", forgeries.without_statement(manifest)
    yield "a negative with a proof that holds", forgeries.negative(manifest)
    yield "a = 1", forgeries.open_bit(manifest)
    yield "one r for two bits", forgeries.shared(manifest)
    for name, change in (
        ("target", {"target": 1}),
        ("bit", {"bit": 1}),
        ("slot", {"slot": SLOTS[1]}),
        ("round", {"fingerprint": b"\1" * 32}),
        ("ballot", {"whole": b"\1" * 32}),
        ("protocol", {"version": "QB1"}),
    ):
        yield f"a bit proved for another {name}", forgeries.at_another_place(manifest, **change)
    first, second = good.votes[0], forgeries.second(manifest)
    yield "targets of two ballots of one voter", forgeries.recombined(first, second)
    yield "bits of two ballots of one voter", forgeries.recombined(first, second, bits=True)


def flipped(text: str) -> str:
    """The last digit another."""
    return text[:-1] + ("1" if text[-1] != "1" else "2")


# --- Keys, manifests, rehearsals -------------------------------------------------------------


def keys(good: Played) -> Iterator[Case]:
    """Nobody else's key, and none made from somebody else's."""
    trustee = good.wire["manifest"]["trustees"][0]
    theirs = good.manifest.trustees[1].key.element
    yield case("another round", (["id"], "another"))
    yield case("another name", (["name"], "监票人乙"))
    for name, value in (
        ("1", "1"),
        ("0", "0"),
        ("minus one", MINUS_ONE),
        ("the negative", number_text(P - int(trustee["X"], 16))),
        ("above p", number_text(int(trustee["X"], 16) + P)),
        ("upper case", trustee["X"].upper()),
    ):
        yield case(f"X: {name}", (["X"], value))
    w = fixed("nothing")()
    c = challenge("QB2-key", good.manifest.id, trustee["name"], el(1), el(power(G, w)))
    nothing = {"X": "1", "c": number_text(c), "z": number_text(w)}
    yield case("X: 1 with its proof", *(([k], nothing[k]) for k in "Xcz"))
    c = challenge("QB2-key", good.manifest.id, trustee["name"], el(P + 1), el(power(G, w)))
    disguised = {"X": number_text(P + 1), "c": number_text(c), "z": number_text(w)}
    yield case("X: p + 1, which is 1, with its proof", *(([k], disguised[k]) for k in "Xcz"))
    own = good.manifest.trustees[0].key.element
    rogue = own * inverse(theirs) % P
    yield case("a rogue key", (["X"], number_text(rogue)))
    yield case("the proof of another key", (["X"], number_text(theirs)))
    forged = prove_rogue(good.secrets[0], rogue, good.manifest.id, trustee["name"])
    yield case("a rogue key with a proof made for it", *(([k], forged.wire[k]) for k in "Xcz"))
    for scalar in "cz":
        yield case(f"{scalar} changed", ([scalar], flipped(trustee[scalar])))
        yield case(f"{scalar} not reduced", ([scalar], number_text(int(trustee[scalar], 16) + Q)))


def prove_rogue(secret: int, rogue: int, round_id: str, name: str) -> PublicKey:
    """The best somebody can do who knows only the quotient."""
    w = fixed("rogue")()
    c = challenge("QB2-key", round_id, name, el(rogue), el(power(G, w)))
    return PublicKey(rogue, Proof(c, (w - secret * c) % Q))


def manifests(good: Played) -> Iterator[Case]:
    """Each rule broken alone."""
    wire = good.manifest.wire
    trustees, targets, slots, roll = (wire[k] for k in ("trustees", "targets", "slots", "roll"))
    twin = good.manifest.trustees[0]
    again = {
        "name": "监票人丙",
        **prove_key(good.secrets[0], good.manifest.id, "监票人丙", fixed("twin")).wire,
    }
    by_utf16 = sorted(roll, key=lambda name: name.encode("utf-16-be"))
    for name, key, value in (
        ("the earlier protocol", "v", "QB1"),
        ("the protocol a number", "v", 2),
        ("another group", "group", "EG-3072-256"),
        ("the group a list", "group", ["EG-4096-256"]),
        ("unit_max 0", "unit_max", 0),
        ("unit_max 1001", "unit_max", 1001),
        ("unit_max below zero", "unit_max", -3),
        ("unit_max as text", "unit_max", "3"),
        ("unit_max as a truth value", "unit_max", True),
        ("unit_max with a fraction", "unit_max", 3.5),
        ("no unit", "unit", ""),
        ("unit 0", "unit", "0"),
        ("unit 0.00", "unit", "0.00"),
        ("unit with a zero before it", "unit", "01"),
        ("unit that ends with its point", "unit", "1."),
        ("unit that begins with its point", "unit", ".5"),
        ("unit with an exponent", "unit", "1e0"),
        ("unit with a line end", "unit", "1\n"),
        ("unit below zero", "unit", "-1"),
        ("unit in full-width digits", "unit", "１"),
        ("unit as a number", "unit", 1),
        ("min_ballots 1", "min_ballots", 1),
        ("min_ballots 2", "min_ballots", 2),
        ("min_ballots above the roll", "min_ballots", 5),
        ("one scrutineer", "trustees", trustees[:1]),
        ("no scrutineer", "trustees", []),
        ("a scrutineer twice", "trustees", [trustees[0], trustees[0]]),
        ("one key under two names", "trustees", [*trustees, again]),
        ("a name twice", "trustees", [*trustees, _same_name(good, twin)]),
        ("scrutineers exchange names", "trustees", [
            {**trustees[0], "name": trustees[1]["name"]},
            {**trustees[1], "name": trustees[0]["name"]},
        ]),
        ("a key without proof", "trustees", [{**trustees[0], "c": "0"}, trustees[1]]),
        ("a name twice on the roll", "roll", [roll[0], *roll[:3]]),
        ("the roll unsorted", "roll", roll[::-1]),
        ("the roll sorted by UTF-16", "roll", by_utf16),
        ("a name too few", "roll", roll[:3]),
        ("a name that is a number", "roll", [1, *roll[1:]]),
        ("a slot twice", "slots", [slots[0], *slots[:3]]),
        ("slots unsorted", "slots", slots[::-1]),
        ("a slot too many", "slots", [*slots, "f" * 32]),
        ("a slot in upper case", "slots", [*slots[:3], slots[3].upper()]),
        ("a slot cut short", "slots", [*slots[:3], slots[3][:-1]]),
        ("a slot with a digit more", "slots", [*slots[:3], slots[3] + "0"]),
        ("no target", "targets", []),
        ("a target twice", "targets", [targets[0], targets[0]]),
        ("a target with one more key", "targets", [{**targets[0], "x": ""}, targets[1]]),
        ("one more key", "note", ""),
        ("the id a number", "id", 2019),
        ("the title null", "title", None),
        ("a target's name a number", "targets", [{**targets[0], "name": 1}, targets[1]]),
    ):  # fmt: skip
        yield case(name, ([key], value))
    proved = [
        {"name": one.name, **proved_in("QB3", x, good.manifest.id, one.name)}
        for one, x in zip(good.manifest.trustees, good.secrets, strict=True)
    ]
    yield case(
        "another protocol, in which the keys are proved", (["v"], "QB3"), (["trustees"], proved)
    )


def proved_in(version: str, x: int, round_id: str, name: str) -> dict[str, str]:
    """A key as it would be handed in under this protocol."""
    w, public = fixed("proved")(), power(G, x)
    c = challenge(f"{version}-key", round_id, name, el(public), el(power(G, w)))
    return {"X": number_text(public), "c": number_text(c), "z": number_text((w - x * c) % Q)}


def _same_name(good: Played, trustee: Trustee) -> dict[str, str]:
    draw = fixed("same name")
    key = prove_key(draw(), good.manifest.id, trustee.name, draw)
    return {"name": trustee.name, **key.wire}


def ready(good: Played, k: int, nonce: str, secret: int, fingerprint: bytes = b"") -> Case:
    """An answer to a rehearsal."""
    phi = fingerprint or good.manifest.fingerprint
    proof = prove_ready(secret, phi, nonce, k, fixed("ready"))
    return {"k": k, "nonce": nonce, "c": number_text(proof.c), "z": number_text(proof.z)}


def rehearsals(good: Played) -> Iterator[Case]:
    """A wrong card, an old answer, another round."""
    right = ready(good, 0, NONCE, good.secrets[0])

    def answer(name: str, other: Case) -> Case:
        return case(name, (["c"], other["c"]), (["z"], other["z"]))

    yield answer("another scrutineer's card", ready(good, 0, NONCE, good.secrets[1]))
    yield answer("an answer to another nonce", ready(good, 0, "ab" * 32, good.secrets[0]))
    yield answer("another place", ready(good, 1, NONCE, good.secrets[0]))
    yield answer("another manifest", ready(good, 0, NONCE, good.secrets[0], b"\1" * 32))
    yield case("z changed", (["z"], flipped(right["z"])))
    yield case("c not reduced", (["c"], number_text(int(right["c"], 16) + Q)))
    for name, nonce in (
        ("nothing", ""),
        ("63 digits", NONCE[:-1]),
        ("65 digits", NONCE + "0"),
        ("upper case", NONCE.upper()),
    ):
        yield case(f"a nonce of {name}", *answered(good, nonce))


def answered(good: Played, nonce: str) -> Iterator[tuple[list[str | int], str]]:
    """The right answer to a nonce that is none, which nobody's own code gives."""
    w, x = fixed("no nonce")(), good.secrets[0]
    public = good.manifest.trustees[0].key.element
    phi = good.manifest.fingerprint
    c = challenge("QB2-ready", phi, nonce, u4(0), el(public), el(power(G, w)))
    yield ["nonce"], nonce
    yield ["c"], number_text(c)
    yield ["z"], number_text((w - x * c) % Q)


# --- Partial openings ------------------------------------------------------------------------


def partials(good: Played) -> Iterator[Case]:
    """Of the first scrutineer, over the whole aggregate, after this closing."""
    manifest, sealed, kappa = good.manifest, good.sealed, good.kappa
    right = good.wire["partials"][0]

    def part(name: str, secret: int, k: int, over: tally.Aggregate, closing: bytes) -> Case:
        made = tally.open_part(secret, k, over, manifest, closing, fixed(name))
        return case(name, (["d"], [share.wire for share in made]))

    yield part("another key", good.secrets[1], 0, sealed, kappa)
    yield part("another scrutineer's", good.secrets[1], 1, sealed, kappa)
    yield part("another closing's", good.secrets[0], 0, sealed, b"\1" * 32)
    one = tally.aggregate(good.current[:1], manifest)
    yield part("one ballot offered as the total", good.secrets[0], 0, one, kappa)
    two = tally.aggregate(good.current[:2], manifest)
    yield part("a ballot left out", good.secrets[0], 0, two, kappa)
    yield case("targets swapped", (["d"], right[::-1]))
    yield case("one target twice", (["d"], [right[0], right[0]]))
    yield case("one target missing", (["d"], right[:1]))
    yield case("one target more", (["d"], [*right, right[0]]))
    yield case("at another's place", (["k"], 1))
    for name, value in (
        ("1", "1"),
        ("0", "0"),
        ("the negative", number_text(P - int(right[0][0], 16))),
        ("times g", number_text(int(right[0][0], 16) * G % P)),
    ):
        yield case(f"D: {name}", (["d", 0, 0], value))
    yield case("a negative with a proof that holds", (["d", 0], negative_share(good)))
    for place, name in ((1, "c"), (2, "z")):
        yield case(f"{name} changed", (["d", 0, place], flipped(right[0][place])))
        grown = number_text(int(right[0][place], 16) + Q)
        yield case(f"{name} not reduced", (["d", 0, place], grown))


def negative_share(good: Played) -> list[str]:
    """A share outside the subgroup: −D, under an even challenge."""
    secret, base, draw = good.secrets[0], good.sealed[0][0], fixed("negative share")
    public = good.manifest.trustees[0].key.element
    opened_part = P - power(base, secret)
    while True:
        w = draw()
        elements = [public, base, opened_part, power(G, w), power(base, w)]
        phi = good.manifest.fingerprint
        c = challenge("QB2-dec", phi, good.kappa, u4(0), u4(0), *map(el, elements))
        if c % 2 == 0:
            return [number_text(n) for n in (opened_part, c, (w - secret * c) % Q)]


# --- Boards ----------------------------------------------------------------------------------


def boards(good: Played) -> Iterator[Case]:
    """Everything a server could try."""
    wire = good.wire
    yield from board_values(wire)
    yield from board_chains(good)
    text = canonical(wire).decode()
    for name, raw in (
        ("blanks", json.dumps(wire, ensure_ascii=False, sort_keys=True)),
        ("escapes", json.dumps(wire, sort_keys=True, separators=(",", ":"))),
        ("another order of keys", _reordered(wire)),
        ("a line end behind", text + "\n"),
        ("a byte order mark", "\ufeff" + text),
        ("a key twice", text[:-1] + ',"sums":[]}'),
    ):
        yield {"name": f"JSON: {name}", "raw": raw}


def _reordered(wire: Any) -> str:
    turned = dict(reversed(wire.items()))
    return json.dumps(turned, ensure_ascii=False, separators=(",", ":"))


def board_values(wire: dict[str, Any]) -> Iterator[Case]:
    """Single values changed."""
    sums, names, parts, sealed = (wire[k] for k in ("sums", "participants", "partials", "ballots"))
    last = len(wire["events"]) - 1
    absent = next(name for name in wire["manifest"]["roll"] if name not in names)
    yield case("a sum one higher", (["sums", 0], sums[0] + 1))
    yield case("sums swapped", (["sums"], sums[::-1]))
    yield case("a sum with a fraction", (["sums", 0], sums[0] + 0.5))
    yield case("a sum as text", (["sums", 0], str(sums[0])))
    yield case("a sum as a truth value", (["sums", 0], True))
    yield case("no sums", (["sums"], []))
    yield case("sums that are null", (["sums"], None))
    yield case("a sum more", (["sums"], [*sums, 0]))
    yield case("parts swapped", (["partials"], parts[::-1]))
    yield case("one part twice", (["partials"], [parts[0], parts[0]]))
    yield case("one part", (["partials"], parts[:1]))
    yield case("one part more", (["partials"], [*parts, parts[0]]))
    yield case("no parts", (["partials"], []))
    yield case("no parts and no sums", (["partials"], []), (["sums"], []))
    yield case("targets of a part swapped", (["partials", 0], parts[0][::-1]))
    yield case("a ballot dropped", (["ballots"], sealed[1:]))
    yield case("a ballot twice", (["ballots"], [sealed[0], sealed[0], *sealed[2:]]))
    yield case("a ballot added", (["ballots"], [*sealed, {**sealed[0], "slot": SLOTS[3]}]))
    yield case("ballots unsorted", (["ballots"], sealed[::-1]))
    yield case("a ballot that is a number", (["ballots", 0], 7))
    yield case("a participant dropped", (["participants"], names[:2]))
    yield case("a participant twice", (["participants"], [names[0], *names[:2]]))
    yield case("another participant", (["participants"], sorted([absent, *names[:2]])))
    yield case("participants unsorted", (["participants"], names[::-1]))
    yield case("one digit of a participant", (["participants", 0], names[0] + "1"))
    yield case("min_ballots 1", (["manifest", "min_ballots"], 1))
    yield case("min_ballots 4", (["manifest", "min_ballots"], 4))
    yield case("a target renamed", (["manifest", "targets", 0, "name"], "图们法院"))
    yield case("one scrutineer", (["manifest", "trustees"], wire["manifest"]["trustees"][:1]))
    yield case("one more key", (["note"], ""))
    yield case("seq changed", (["events", 2, "seq"], 3))
    yield case("seq as a truth value", (["events", 1, "seq"], True))
    yield case("kind changed", (["events", 2, "kind"], "extend"))
    yield case("payload changed", (["events", last - 1, "payload"], '["2019-12-31T17:00:00Z"]'))
    yield case("prev changed", (["events", 2, "prev"], "0" * 64))
    yield case("hash changed", (["events", last, "hash"], "0" * 64))
    yield case("hash in upper case", (["events", 1, "hash"], wire["events"][1]["hash"].upper()))
    yield case("hash cut short", (["events", last, "hash"], wire["events"][last]["hash"][:-1]))
    yield case("prev with a zero before it", (["events", 0, "prev"], "0" * 65))
    yield case("a link missing", (["events"], wire["events"][:2] + wire["events"][3:]))
    yield case("no events", (["events"], []))
    yield case("never closed", (["events"], wire["events"][:-1]))
    yield case("one more key in a link", (["events", 0, "at"], ""))


def board_chains(good: Played) -> Iterator[Case]:
    """Chains made anew, whole in their hashes, so that only what they say gives them away."""
    first, second, third = good.votes[:3]
    steps = [(event.kind, event.payload) for event in good.events[:-1]]
    opening, one, two, three, four, extended = steps
    names = good.participants

    def said(name: str, before: Iterable[tuple[str, str]], **other: Any) -> Case:
        return whole(good, name, list(before), **other)

    yield said("opened with another fingerprint", [("open", "0" * 64), *steps[1:]])
    yield said("opened twice", [opening, *steps])
    yield said("not opened first", [one, opening, two, three, four])
    yield said(
        "a slot that there is not", [*steps, ("ballot", board.ballot_payload("f" * 32, "0" * 64))]
    )
    yield said("an unknown kind before the closing", [*steps, ("note", "")])
    yield said("the same ballot twice", [opening, one, two, three, two, four, extended])
    yield said("back to a superseded ballot", [opening, one, two, three, four, two, extended])
    yield said("back to a superseded ballot, which is shown",
               [opening, one, two, three, four, two], ballots=(first, second, third))  # fmt: skip
    yield said("a superseded ballot is shown", steps, ballots=(first, second, third))
    yield said("a ballot left out of the chain", [opening, one, three, extended])
    yield said("too few ballots", [opening, one, three], ballots=(first, third), names=names[:2])
    turned = [opening, one, three, two, four, extended]
    old_closing = (good.events[-1].kind, good.events[-1].payload)
    yield case(
        "the order changed under the old closing", (["events"], relinked([*turned, old_closing]))
    )
    stuffed = seal(good.manifest, SLOTS[3], (0, 0), fixed("stuffed"))
    stuffing = [*steps, ("ballot", board.ballot_payload(stuffed.slot, stuffed.tracker))]
    full = (*good.current, stuffed)
    yield said("a spare slot stuffed", stuffing, ballots=full)
    yield said("a ballot of the chain is not shown", stuffing)
    loud = ("ballot", board.ballot_payload(second.slot, second.tracker.upper()))
    yield said("a superseded tracker in upper case", [opening, one, loud, three, four, extended])
    repeated = (*names, names[-1])
    yield said("a spare slot stuffed, a name repeated", stuffing, ballots=full, names=repeated)
    stranger = tuple(sorted([*names, "外人"]))
    yield said("a spare slot stuffed, a stranger named", stuffing, ballots=full, names=stranger)
    closing = (good.events[-1].kind, good.events[-1].payload)
    for kind, payload in (
        ("ballot", board.ballot_payload(stuffed.slot, stuffed.tracker)),
        ("extend", board.extend_payload("2019-12-31T17:00:00Z")),
        closing,
        opening,
        ("note", ""),
        ("", ""),
    ):
        events = relinked([*steps, closing, (kind, payload)])
        yield case(f"{kind or 'no kind'} after the closing", (["events"], events))
    two_kappas = board.closing_hash(
        good.manifest.fingerprint,
        relinked([*steps, closing])[-1]["hash"],
        names,
        [one.tracker for one in good.current],
    )
    again = ("close", board.close_payload(two_kappas, names))
    yield case("closed again, rightly", (["events"], relinked([*steps, closing, again])))
    for name, payload in (
        ("another closing hash", board.close_payload(b"\1" * 32, names)),
        ("the closing names others", board.close_payload(good.kappa, names[:2])),
        ("the closing with blanks", closing[1].replace(",", ", ")),
        ("the closing cut short", f'["{good.kappa.hex()}"]'),
        ("the closing with one thing more", closing[1][:-1] + ',""]'),
        ("the closing in escapes", json.dumps(json.loads(closing[1]), separators=(",", ":"))),
        ("the closing hash cut short", closing[1].replace(good.kappa.hex(), good.kappa.hex()[:-1])),
        ("the closing hash longer", closing[1].replace(good.kappa.hex(), good.kappa.hex() + "0")),
        (
            "the closing hash in upper case",
            closing[1].replace(good.kappa.hex(), good.kappa.hex().upper()),
        ),
    ):
        yield case(name, (["events"], relinked([*steps, ("close", payload)])))
    for name, payload in (
        ("with blanks", one[1].replace(",", ", ")),
        ("in escapes", one[1].replace(first.slot, "\\u0031" + first.slot[1:])),
        ("with one thing more", one[1][:-1] + ',""]'),
        ("that is no list", f'{{"slot":"{first.slot}","tracker":"{first.tracker}"}}'),
        ("with a slot cut short", one[1].replace(first.slot, first.slot[:-1])),
    ):
        yield said(f"a ballot's event {name}", [opening, ("ballot", payload), *steps[2:]])
    for name, tracker in (("63", second.tracker[:-1]), ("65", second.tracker + "0")):
        odd = ("ballot", board.ballot_payload(second.slot, tracker))
        yield said(f"a superseded tracker of {name} digits", [opening, one, odd, *steps[3:]])
    for name, payload in (
        ("in the open", "2019-12-31T16:00:00Z"),
        ("that is text alone", '"2019-12-31T16:00:00Z"'),
        ("with blanks", '[ "2019-12-31T16:00:00Z" ]'),
        ("of nothing", "[]"),
        ("to two times", '["2019-12-31T16:00:00Z","2019-12-31T17:00:00Z"]'),
        ("to a number", "[1577808000]"),
        ("to null", "[null]"),
        ("to a lone surrogate", '["\\ud800"]'),
        ("without a payload", ""),
    ):
        yield said(f"an extension {name}", [*steps[:-1], ("extend", payload)])
    yield from board_ballots(good)


def board_ballots(good: Played) -> Iterator[Case]:
    """Ballots with a flaw, chained and closed as if they were good."""
    others = good.current[1:]
    second = forgeries.second(good.manifest)
    for name, ballot in (
        ("a value of 2 on the board", forgeries.of_value(good.manifest, 2)),
        ("a = 1 on the board", forgeries.open_bit(good.manifest)),
        ("one r for two bits on the board", forgeries.shared(good.manifest)),
        ("a recombined ballot on the board", forgeries.recombined(good.current[0], second)),
    ):
        flawed = Played(good.manifest, good.secrets, (ballot, *others), good.participants, "flawed")
        found = flawed.wire
        yield case(
            name, *(([key], found[key]) for key in ("ballots", "events", "partials", "sums"))
        )
    dropped = Played(good.manifest, good.secrets, good.votes[:1], good.participants[:1], "single")
    one = dropped.wire
    keys = ("ballots", "events", "participants", "partials", "sums")
    yield case("one ballot offered as the total", *(([key], one[key]) for key in keys))


def closed_boards(good: Played) -> Iterator[Case]:
    """From the board before it is opened: no parts, sums null; nothing between that and all."""
    wire = good.wire
    parts, sums, sealed = wire["partials"], wire["sums"], wire["ballots"]
    yield case("an empty list of sums", (["sums"], []))
    yield case("sums without parts", (["sums"], sums))
    yield case("parts without sums", (["partials"], parts))
    yield case("one part", (["partials"], parts[:1]))
    yield case("one part and the sums", (["partials"], parts[:1]), (["sums"], sums))
    yield case("parts and one sum", (["partials"], parts), (["sums"], sums[:1]))
    yield case("parts that are null", (["partials"], None))
    yield case("sums that are nought", (["sums"], 0))
    yield case("a ballot dropped", (["ballots"], sealed[1:]))
    few = [case for case in board_chains(good) if case["name"] == "too few ballots"]
    fewer = [change for change in few[0]["set"] if change[0][0] not in {"partials", "sums"}]
    yield {"name": "too few ballots", "set": fewer}


# --- Spoiled ballots -------------------------------------------------------------------------


def good_spoiled(good: Played) -> SpoiledBallot:
    """Of the fourth slot, which cast nothing."""
    return spoiled(good.manifest, SLOTS[3], (2, 1), "spoiled")


def spoileds(good: Played) -> Iterator[Case]:
    """It tells other scores than it holds, or was cast."""
    wire = good_spoiled(good).wire
    other, _secrets = made_manifest("refusals", "1", 3, round_id="another")
    elsewhere = spoiled(other, SLOTS[3], (2, 1), "elsewhere").wire
    twin = spoiled(good.manifest, SLOTS[3], (2, 1), "twin").wire
    for name, place in (("cast and counted", 0), ("cast and replaced", 1)):
        opened = good.opened[place].wire
        yield case(name, *(([key], opened[key]) for key in opened))
    yield case("another round", *(([key], elsewhere[key]) for key in elsewhere))
    yield case("another ballot of the same scores", (["ballot"], twin["ballot"]))
    recombined = forgeries.recombined(good_spoiled(good).ballot, _read(good, twin).ballot)
    half = len(wire["r"]) // 2
    yield case(
        "a ballot recombined of two",
        (["ballot"], recombined.wire),
        (["r"], [*wire["r"][:half], *twin["r"][half:]]),
    )
    yield case("a proof changed", (["ballot", "t", 1, 1, 3], flipped(wire["ballot"]["t"][1][1][3])))
    yield case("a slot that there is not", (["ballot", "slot"], "f" * 32))
    for name, scores in (
        ("another score", [3, 1]),
        ("scores swapped", [1, 2]),
        # 4 has the bits of 2 where two bits are taken of it, and −1 those of 1.
        ("a score too high", [4, 1]),
        ("a score below nought", [2, -1]),
        ("a score with a fraction", [2.5, 1]),
        ("a score as text", ["2", 1]),
        ("a score as a truth value", [2, True]),
        ("a score missing", [2]),
        ("a score more", [2, 1, 0]),
        ("no scores", None),
    ):
        yield case(name, (["scores"], scores))
    first = wire["r"][0]
    for name, value in (
        ("changed", flipped(first)),
        ("nought", "0"),
        ("not reduced", number_text(int(first, 16) + Q)),
        ("negative", "-" + first),
        ("in upper case", first.upper()),
        ("with a zero before it", "0" + first),
        ("a number", 7),
    ):
        yield case(f"an r {name}", (["r", 0], value))
    # From r = 0 follows a = 1, which the ballot itself must not have.
    opened_bit = forgeries.open_bit(good.manifest).wire
    yield case("r = 0 and a = 1", (["ballot"], opened_bit), (["scores"], [3, 0]), (["r", 0], "0"))
    yield case("every r in another order", (["r"], wire["r"][::-1]))
    yield case("an r missing", (["r"], wire["r"][1:]))
    yield case("an r more", (["r"], [*wire["r"], first]))
    yield case("every r by target", (["r"], [wire["r"][:half], wire["r"][half:]]))
    yield case("one more key", (["name"], "委员甲"))
    yield {"name": "no ballot", "raw": canonical({k: wire[k] for k in ("scores", "r")}).decode()}
    yield {"name": "JSON: blanks", "raw": json.dumps(wire)}
    yield {"name": "JSON: a key twice", "raw": canonical(wire).decode()[:-1] + ',"scores":[2,1]}'}


def _read(good: Played, wire: Any) -> SpoiledBallot:
    return read_spoiled(wire, good.manifest)


# --- Chains made anew ------------------------------------------------------------------------


def whole(
    good: Played,
    name: str,
    before: list[tuple[str, str]],
    ballots: Sequence[Ballot] | None = None,
    names: Sequence[str] | None = None,
) -> Case:
    """A board with this chain, closed over these ballots, and opened rightly."""
    shown = sorted(ballots or good.current, key=lambda ballot: ballot.slot)
    named = names or good.participants
    chained = relinked(before)
    kappa = board.closing_hash(
        good.manifest.fingerprint, chained[-1]["hash"], named, [one.tracker for one in shown]
    )
    events = relinked([*before, ("close", board.close_payload(kappa, named))])
    sealed = tally.aggregate(shown, good.manifest)
    parts = [
        tally.open_part(secret, k, sealed, good.manifest, kappa, fixed(f"{name} {k}"))
        for k, secret in enumerate(good.secrets)
    ]
    sums = tally.sums_of(sealed, parts, good.manifest, len(shown))
    made = {
        "events": events,
        "ballots": [one.wire for one in shown],
        "participants": list(named),
        "partials": [[share.wire for share in part] for part in parts],
        "sums": list(sums),
    }
    # What is as on the good board is not said again.
    return case(name, *(([key], value) for key, value in made.items() if value != good.wire[key]))


def relinked(steps: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """A chain of these kinds and payloads, its hashes whole."""
    events: list[BoardEvent] = []
    for kind, payload in steps:
        events.append(next_event(events[-1] if events else None, kind, payload))
    return [event.wire for event in events]


def written() -> str:
    """The file's text."""
    lines = []
    for key, value in refusals().items():
        if isinstance(value, list):
            cases = ",\n  ".join(json.dumps(one, ensure_ascii=False) for one in value)
            lines.append(f" {json.dumps(key)}: [\n  {cases}\n ]")
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")
