"""Recount the board of an anonymous ballot (protocol QB2 or QB1) with nothing but Python.

    python verify.py board.json                             (Python 3.10 or newer)
    python verify.py board.json --tracker 64-HEX-DIGITS     is my ballot counted?
    python verify.py board.json --head 64-HEX-DIGITS        is my receipt's chain head in the chain?
    python verify.py board.json --closed                    a board before its sums are opened
    python verify.py manifest.json --spoiled spoiled.json   what a ballot held that was not cast
    python verify.py board.json --spoiled spoiled.json      the same, and that it was never cast

Everything is worked out anew: manifest, keys, chain, every proof of every ballot, the sealed sums,
each scrutineer's part, the opened sums. Ends with status 0 and the result, or with status 1 and the
first thing that is wrong. Nothing is asserted, so that `python -O` checks as much.

A spoiled ballot (one that was sealed and then opened instead of cast) is sealed anew from what it
opens. Its tracker and scores are printed, to compare with what was written down before spoiling.

Whether a ballot was left out is for people to compare: the fingerprint with the one announced, the
own tracker and chain head with one's receipt, the list of names with who voted.

Boards of QB1 are verified by the rules that QB1 had.
"""

import argparse
import hashlib
import json
import re
import sys
from fractions import Fraction

QB1, QB2 = "QB1", "QB2"

# ElectionGuard's standard parameters: a prime of 4096 bits, a subgroup of order 2**256 - 189.
NAME = "EG-4096-256"
P = int(
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff93c467e37db0c7a4"
    "d1be3f810152cb56a1cecc3af65cc0190c03df34709affbd8e4b59fa03a9f0eed0649ccb621057d1"
    "1056ae9132135a08e43b4673d74bafea58deb878cc86d733dbe7bf38154b36cf8a96d1567899aaae"
    "0c09d4c8b6b7b86fd2a1ea1de62ff8643ec7c271827977225e6ac2f0bd61c746961542a3ce3bea5d"
    "b54fe70e63e6d09f8fc28658e80567a47cfde60ee741e5d85a7bd46931ced8220365594964b83989"
    "6fcaabccc9b31959c083f22ad3ee591c32fab2c7448f2a057db2db49ee52e0182741e53865f004cc"
    "8e704b7c5c40bf304c4d8c4f13edf6047c555302d2238d8ce11df2424f1b66c2c5d238d0744db679"
    "af2890487031f9c0aea1c4bb6fe9554ee528fdf1b05e5b256223b2f09215f3719f9c7ccc69ddf172"
    "d0d6234217fcc0037f18b93ef5389130b7a661e5c26e54214068bbcafea32a67818bd3075ad1f5c7"
    "e9cc3d1737fb28171baf84dbb6612b7881c1a48e439cd03a92bf52225a2b38e6542e9f722bce15a3"
    "81b5753ea842763381ccae83512b30511b32e5e8d80362149ad030aaba5f3a5798bb22aa7ec1b6d0"
    "f17903f4e22d840734aa85973f79a93ffb82a75c47c03d43d2f9ca02d03199baceddd4533a52566a"
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    16,
)
Q = 2**256 - 189
G = int(
    "1d41e49c477e15eaeef0c5e4ac08d4a46c268cd3424fc01d13769bdb43673218587bc86c4c1448d0"
    "06a03699f3abae5feb19e296f5d143cc5e4a3fc89088c9f4523d166ee3ae9d5fb03c0bdd77add5c0"
    "17f6c55e2ec92c226fef5c6c1df2e7c36d90e7eaade098241d3409983bccd2b5379e9391fbc62f9f"
    "8d939d1208b160367c134264122189595ec85c8cdbe5f9d307f46912c04932f8c16815a76b4682bd"
    "6bdc0ed52b00d8d30f59c731d5a7ffae8165d53cf96649aac2b743da56f14f19dacc5236f29b1ab9"
    "f9befc69697293d5dead8b5bf5de9bab6de67c45719e56344a3cbdf3609824b1b578e34eaeb6dd31"
    "90ab3571d6d671c512282c1da7bd36b4251d2584fadea80b9e141423074dd9b5fb83acbdead4c87a"
    "58fff517f977a83080370a3b0cf98a1bc2978c47aac29611fd6c40e2f9875c35d50443a9aa3f4961"
    "1dcd3a0d6ff3cb3facf31471bdb61860b92c594d4e46569bb39feeadff1fd64c836a6d6db85c6ba7"
    "241766b7ab56bf739633b054147f7170921412e948d9e47402d15bb1c257318612c121c36b80eb84"
    "33c08e7d0b7149e3ab0a8735a92edce8ff943e28a2dceacfcc69ec318909cb047be1c5858844b5ad"
    "44f22eeb289e4cc554f7a5e2f3dea026877ff92851816071ce028eb868d965ccb2d2295a8c55bd1c"
    "070b39b09ae06b37d29343b9d8997dc244c468b980970731736ee018bbadb987",
    16,
)
OVER_G = pow(G, -1, P)

NUMBER = re.compile(r"0|[1-9a-f][0-9a-f]*", re.ASCII)
HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
SLOT = re.compile(r"[0-9a-f]{32}", re.ASCII)
UNIT = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)
SURROGATE = re.compile("[\ud800-\udfff]")
LONGEST = 1024
LARGEST = 2**53
MOST_UNITS = 1000
FEWEST_BALLOTS = 3
FEWEST_TRUSTEES = 2


class Wrong(Exception):
    """The board does not hold; the text says what is wrong."""


def need(holds, what):
    """Go on only when it holds."""
    if not holds:
        raise Wrong(what)


# --- Writing and reading ---------------------------------------------------------------------


def canonical(data):
    """Sorted keys, no blanks, UTF-8 unescaped."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def parse(raw):
    """Strict JSON that is canonical to the byte."""
    try:
        data = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=distinct,
            parse_float=no_fraction,
            parse_constant=no_fraction,
        )
        walk(data)
        again = canonical(data)
    except (ValueError, RecursionError) as error:
        raise Wrong("this is not JSON in UTF-8") from error
    need(again == raw, "this is not canonical JSON")
    return data


def distinct(pairs):
    found = dict(pairs)
    need(len(found) == len(pairs), "a key is repeated")
    return found


def no_fraction(text):
    raise Wrong(f"{text[:20]} is no integer")


def walk(data):
    if isinstance(data, str):
        need(not SURROGATE.search(data), "a lone surrogate")
    elif isinstance(data, bool):
        raise Wrong("no truth value belongs here")
    elif isinstance(data, int):
        need(abs(data) < LARGEST, "an integer is too large")
    elif isinstance(data, list):
        for one in data:
            walk(one)
    elif data is not None:
        for key, value in data.items():
            walk(key)
            walk(value)


def fields(data, keys, what):
    need(isinstance(data, dict) and set(data) == set(keys), f"{what}: other keys than {keys}")
    return [data[key] for key in keys]


def items(data, what, length=None):
    need(isinstance(data, list), f"{what}: no list")
    need(length is None or len(data) == length, f"{what}: not {length} of them")
    return data


def text(data, what):
    need(isinstance(data, str), f"{what}: no text")
    return data


def integer(data, what):
    need(isinstance(data, int) and not isinstance(data, bool), f"{what}: no integer")
    return data


def matched(pattern, data, what):
    need(isinstance(data, str) and pattern.fullmatch(data) is not None, f"{what}: badly written")
    return data


def number(data, what):
    need(isinstance(data, str) and len(data) <= LONGEST, f"{what}: no number")
    return int(matched(NUMBER, data, what), 16)


def scalar(data, what):
    value = number(data, what)
    need(value < Q, f"{what}: not below q")
    return value


def element(data, what):
    value = number(data, what)
    need(1 <= value < P and pow(value, Q, P) == 1, f"{what}: not in the group")
    return value


# --- Hashes ----------------------------------------------------------------------------------


def digest(tag, *parts):
    hashed = hashlib.sha256()
    for part in (tag, *parts):
        data = part.encode() if isinstance(part, str) else part
        hashed.update(len(data).to_bytes(4, "big"))
        hashed.update(data)
    return hashed.digest()


def challenge(tag, *parts):
    return int.from_bytes(digest(tag, *parts), "big") % Q


def el(value):
    return value.to_bytes(512, "big")


def u4(value):
    return value.to_bytes(4, "big")


# --- The manifest ----------------------------------------------------------------------------

MANIFEST = (
    "v",
    "group",
    "id",
    "title",
    "targets",
    "unit",
    "unit_max",
    "slots",
    "roll",
    "min_ballots",
    "trustees",
)


class Manifest:
    """What the round is about, once every rule of it is checked."""

    def __init__(self, data):
        found = dict(zip(MANIFEST, fields(data, MANIFEST, "the manifest"), strict=True))
        self.version = text(found["v"], "the protocol")
        need(self.version in (QB1, QB2), "another protocol")
        need(found["group"] == NAME, "another group")
        self.id = text(found["id"], "the id")
        self.title = text(found["title"], "the title")
        self.unit = Fraction(matched(UNIT, found["unit"], "the unit"))
        need(self.unit > 0, "the unit is nothing")
        self.unit_max = integer(found["unit_max"], "unit_max")
        need(1 <= self.unit_max <= MOST_UNITS, "unit_max is not from 1 to 1000")
        self.slots = [matched(SLOT, one, "a slot") for one in items(found["slots"], "slots")]
        self.roll = [text(one, "a name") for one in items(found["roll"], "the roll")]
        need(self.slots == sorted(set(self.slots)), "slots are not sorted, or repeated")
        need(self.roll == sorted(set(self.roll)), "the roll is not sorted, or a name repeated")
        need(len(self.slots) == len(self.roll), "not as many slots as names")
        self.min_ballots = integer(found["min_ballots"], "min_ballots")
        need(self.min_ballots >= FEWEST_BALLOTS, "min_ballots is below 3")
        need(self.min_ballots <= len(self.roll), "min_ballots is above the roll")
        pairs = [
            fields(one, ("id", "name"), "a target") for one in items(found["targets"], "targets")
        ]
        self.targets = [(text(key, "an id"), text(name, "a name")) for key, name in pairs]
        need(self.targets, "no targets")
        need(len({key for key, _name in self.targets}) == len(pairs), "a target is repeated")
        self.fingerprint = digest(self.tag("manifest"), canonical(data))
        self.keys = [self.trustee(one) for one in items(found["trustees"], "trustees")]
        names = [one["name"] for one in found["trustees"]]
        need(len(self.keys) >= FEWEST_TRUSTEES, "fewer than two scrutineers")
        need(len(set(names)) == len(names), "a scrutineer's name is repeated")
        need(len(set(self.keys)) == len(self.keys), "a scrutineer's key is repeated")
        self.joint = 1
        for key in self.keys:
            self.joint = self.joint * key % P
        need(self.joint != 1, "the joint key is 1")
        length = self.unit_max.bit_length()
        last = self.unit_max - (2 ** (length - 1) - 1)
        self.weights = [2**place for place in range(length - 1)] + [last]

    def tag(self, name):
        """What a hash of this round begins with."""
        return f"{self.version}-{name}"

    def trustee(self, data):
        name, x, c, z = fields(data, ("name", "X", "c", "z"), "a scrutineer")
        x, c, z = element(x, "X"), scalar(c, "c"), scalar(z, "z")
        need(x != 1, "a scrutineer's key is 1")
        again = pow(G, z, P) * pow(x, c, P) % P
        proved = challenge(self.tag("key"), self.id, text(name, "a name"), el(x), el(again))
        need(proved == c, "the proof of a scrutineer's key does not hold")
        return x


# --- The chain -------------------------------------------------------------------------------

EVENT = ("seq", "kind", "payload", "prev", "hash")
KINDS = ("open", "ballot", "extend", "close")


class Chain:
    """What the chain says: current trackers by slot, and the closing."""

    def __init__(self, data, manifest):
        self.hashes = []
        self.current = {}
        self.seen = set()
        self.closed = None
        prev = "0" * 64
        for place, one in enumerate(items(data, "events")):
            seq, kind, payload, before, own = fields(one, EVENT, "an event")
            need(integer(seq, "seq") == place, "the chain is numbered wrongly")
            need(before == prev, "a link of the chain does not follow")
            text(kind, "kind")
            text(payload, "payload")
            prev = digest(manifest.tag("event"), prev, u4(place), kind, payload).hex()
            need(own == prev, "a link of the chain has another hash")
            self.hashes.append(prev)
            self.follow(place, kind, payload, before, manifest)
        need(self.closed is not None, "the chain was never closed")

    def follow(self, place, kind, payload, before, manifest):
        if place == 0:
            need(kind == "open", "the chain does not begin with the opening")
            need(payload == manifest.fingerprint.hex(), "the chain opens another manifest")
        elif self.closed is not None:
            # QB1 let kinds by that it did not know; in QB2 the closing is the end.
            is_let_by = manifest.version == QB1 and kind not in KINDS
            need(is_let_by, f"{kind} after the closing")
        elif kind == "ballot":
            slot, tracker = items(parse(payload.encode()), "a ballot's event", 2)
            need(matched(SLOT, slot, "a slot") in manifest.slots, "a ballot in no slot")
            need(matched(HASH, tracker, "a tracker") not in self.seen, "a ballot occurs twice")
            self.seen.add(tracker)
            self.current[slot] = tracker
        elif kind == "close":
            kappa, names = items(parse(payload.encode()), "the closing", 2)
            names = [text(name, "a name") for name in items(names, "the names of the closing")]
            self.closed = (matched(HASH, kappa, "the closing hash"), names, before)
        else:
            need(kind == "extend", f"{kind} before the closing")
            if manifest.version != QB1:
                (closes_at,) = items(parse(payload.encode()), "an extension", 1)
                text(closes_at, "the new closing time")


# --- Ballots ---------------------------------------------------------------------------------


def check_participants(names, count, manifest, chain):
    need(names == sorted(set(names)), "the participants are not sorted, or one is repeated")
    need(len(names) == count, "not as many participants as ballots")
    need(set(names) <= set(manifest.roll), "a participant is not on the roll")
    need(names == chain.closed[1], "the closing names other participants")


def check_trackers(ballots, names, manifest, chain):
    found = {}
    for one in ballots:
        slot = fields(one, ("e", "slot", "t"), "a ballot")[1]
        need(matched(SLOT, slot, "a slot") not in found, "a slot is repeated")
        found[slot] = digest(manifest.tag("ballot"), canonical(one)).hex()
    need(list(found) == sorted(found), "the ballots are not sorted by slot")
    need(found == chain.current, "the ballots are not those of the chain")
    need(len(found) >= manifest.min_ballots, "there are too few ballots")
    kappa, _names, before = chain.closed
    closing = (manifest.fingerprint, before, canonical(names), *sorted(found.values()))
    made = digest(manifest.tag("close"), *closing)
    need(made.hex() == kappa, "the closing hash is another")
    return found


def read_ballot(data, manifest):
    """The numbers of a ballot, still without its proofs."""
    need(data["e"] == manifest.fingerprint.hex(), "a ballot of another round")
    targets = []
    used = set()
    for bits in items(data["t"], "a ballot", len(manifest.targets)):
        row = []
        for bit in items(bits, "a score", len(manifest.weights)):
            a, b, c0, z0, c1, z1 = items(bit, "a bit", 6)
            a, b = number(a, "a"), number(b, "b")
            scalars = [scalar(one, "a proof") for one in (c0, z0, c1, z1)]
            need(1 <= a < P and 1 <= b < P, "a bit is not in the group")
            need(a != 1, "a bit is open: a = 1")
            need(a not in used, "two bits of a ballot share their randomness")
            used.add(a)
            row.append((a, b, scalars))
        targets.append(row)
    return targets


def bound_to(slot, targets, manifest):
    """C: the hash of all that a ballot encrypts, so that bits of two ballots make no third."""
    ciphers = [el(value) for row in targets for a, b, _scalars in row for value in (a, b)]
    counts = (u4(len(targets)), u4(len(manifest.weights)))
    return digest(manifest.tag("cipher"), manifest.fingerprint, slot, *counts, *ciphers)


def check_ballot(slot, targets, manifest):
    """Every element in the group, every bit 0 or 1."""
    whole = None if manifest.version == QB1 else bound_to(slot, targets, manifest)
    for target, row in enumerate(targets):
        for place, (a, b, (c0, z0, c1, z1)) in enumerate(row):
            need(pow(a, Q, P) == 1 and pow(b, Q, P) == 1, "a bit is not in the group")
            statement = (el(a), el(b)) if manifest.version == QB1 else (whole,)
            made = challenge(
                manifest.tag("bit"),
                manifest.fingerprint,
                slot,
                u4(target),
                u4(place),
                *statement,
                el(pow(G, z0, P) * pow(a, c0, P) % P),
                el(pow(manifest.joint, z0, P) * pow(b, c0, P) % P),
                el(pow(G, z1, P) * pow(a, c1, P) % P),
                el(pow(manifest.joint, z1, P) * pow(b * OVER_G % P, c1, P) % P),
            )
            need((c0 + c1) % Q == made, "the proof of a bit does not hold")


# --- Spoiled ballots -------------------------------------------------------------------------


def bits_of(score, weights):
    """A score in units as bits: the last weight only where the others cannot do without."""
    last = int(score >= 2 ** (len(weights) - 1))
    rest = score - last * weights[-1]
    return [(rest >> place) & 1 for place in range(len(weights) - 1)] + [last]


def check_spoiled(raw, manifest):
    """Tracker and scores in units of a ballot that was opened instead of cast."""
    need(manifest.version == QB2, "ballots are spoiled in QB2 alone")
    sent, scores, r = fields(parse(raw), ("ballot", "scores", "r"), "a spoiled ballot")
    slot = matched(SLOT, fields(sent, ("e", "slot", "t"), "a ballot")[1], "a slot")
    need(slot in manifest.slots, "a ballot in no slot")
    targets = read_ballot(sent, manifest)
    check_ballot(slot, targets, manifest)
    scores = [integer(one, "a score") for one in items(scores, "the scores", len(targets))]
    need(all(0 <= one <= manifest.unit_max for one in scores), "a score is not on the ballot")
    sealed = [(a, b) for row in targets for a, b, _scalars in row]
    r = [scalar(one, "r") for one in items(r, "r", len(sealed))]
    bits = [bit for score in scores for bit in bits_of(score, manifest.weights)]
    for (a, b), bit, own in zip(sealed, bits, r, strict=True):
        need(own != 0, "r is nought")
        hidden = pow(manifest.joint, own, P) * (G if bit else 1) % P
        need(a == pow(G, own, P) and b == hidden, "the ballot holds other scores than it says")
    return digest(manifest.tag("ballot"), canonical(sent)).hex(), scores


def never_cast(tracker, chain):
    """Whoever casts a ballot that was opened has told how it votes."""
    need(tracker not in chain.seen, f"the spoiled ballot {tracker} was cast")


# --- Sums ------------------------------------------------------------------------------------


def multiplied(ballots, manifest):
    """The sealed sum of each target."""
    sealed = []
    for target in range(len(manifest.targets)):
        a_all = b_all = 1
        for targets in ballots:
            for weight, (a, b, _scalars) in zip(manifest.weights, targets[target], strict=True):
                a_all = a_all * pow(a, weight, P) % P
                b_all = b_all * pow(b, weight, P) % P
        sealed.append((a_all, b_all))
    return sealed


def check_part(data, index, sealed, manifest, kappa):
    """What one scrutineer sent, as elements; every proof of it checked."""
    opened = []
    x = manifest.keys[index]
    for target, one in enumerate(items(data, "a partial opening", len(sealed))):
        d, c, z = items(one, "a share", 3)
        d, c, z = element(d, "D"), scalar(c, "c"), scalar(z, "z")
        a_all = sealed[target][0]
        made = challenge(
            manifest.tag("dec"),
            manifest.fingerprint,
            kappa,
            u4(index),
            u4(target),
            el(x),
            el(a_all),
            el(d),
            el(pow(G, z, P) * pow(x, c, P) % P),
            el(pow(a_all, z, P) * pow(d, c, P) % P),
        )
        need(made == c, "the proof of a partial opening does not hold")
        opened.append(d)
    return opened


def opened_sum(b_all, parts, most):
    hidden = 1
    for part in parts:
        hidden = hidden * part % P
    left = b_all * pow(hidden, -1, P) % P
    for value in range(most + 1):
        if left == 1:
            return value
        left = left * OVER_G % P
    raise Wrong("what was opened is no possible sum")


# --- The whole -------------------------------------------------------------------------------

BOARD = ("manifest", "ballots", "events", "participants", "partials", "sums")


class Result:
    """A board that holds."""

    def __init__(self, manifest, chain, trackers, names, sums):
        self.manifest, self.chain, self.trackers = manifest, chain, trackers
        self.names, self.sums = names, sums

    def means(self):
        """Points of each target, exactly."""
        return [value * self.manifest.unit / len(self.names) for value in self.sums]


def verify(raw, tracker=None, head=None, closed=False, progress=None):
    """Recount the bytes of a board; `Wrong` says what does not hold."""
    data = parse(raw)
    sent, ballots, events, names, partials, sums = fields(data, BOARD, "the board")
    manifest = Manifest(sent)
    chain = Chain(events, manifest)
    names = [text(one, "a name") for one in items(names, "participants")]
    check_participants(names, len(items(ballots, "ballots")), manifest, chain)
    trackers = check_trackers(ballots, names, manifest, chain)
    check_receipt(tracker, head, trackers, chain)
    read = [read_ballot(one, manifest) for one in ballots]
    check_opened(partials, sums, manifest, closed)
    sums = [] if closed else [integer(one, "a sum") for one in sums]
    if not closed:
        sealed = multiplied(read, manifest)
        kappa = bytes.fromhex(chain.closed[0])
        parts = [check_part(one, k, sealed, manifest, kappa) for k, one in enumerate(partials)]
        most = len(read) * manifest.unit_max
        for target, (_a, b_all) in enumerate(sealed):
            found = opened_sum(b_all, [part[target] for part in parts], most)
            need(found == sums[target], "a sum is not the one of the ballots")
    for place, (slot, targets) in enumerate(zip(trackers, read, strict=True)):
        check_ballot(slot, targets, manifest)
        if progress is not None:
            progress(place + 1, len(read))
    return Result(manifest, chain, trackers, names, sums)


def check_opened(partials, sums, manifest, closed):
    """Every part and every sum, or (before the tally) none of either."""
    nothing = [] if manifest.version == QB1 else None
    if closed:
        items(partials, "partial openings before the tally", 0)
        need(sums == nothing, "sums before the tally")
        return
    need(partials or sums != nothing, "the sums are not opened yet: say --closed")
    items(partials, "partial openings", len(manifest.keys))
    items(sums, "sums", len(manifest.targets))


def check_receipt(tracker, head, trackers, chain):
    """What a voter asks for: the own tracker counted, the own chain head in the chain."""
    if tracker is not None:
        wanted = matched(HASH, tracker.strip().lower(), "the tracker to find")
        if wanted not in trackers.values():
            why = "was replaced by a later one" if wanted in chain.seen else "is not on the board"
            raise Wrong(f"the ballot {wanted} {why}")
    if head is not None:
        wanted = matched(HASH, head.strip().lower(), "the chain head to find")
        need(wanted in chain.hashes, f"the chain head {wanted} is not in the chain")


def report(result, tracker, head):
    manifest = result.manifest
    yield f"VERIFIED 校验通过: {manifest.title} ({manifest.id})"
    yield f"fingerprint 指纹: {manifest.fingerprint.hex()}"
    yield f"closing 截止校验值: {result.chain.closed[0]}"
    yield f"ballots 票数: {len(result.names)} / {len(manifest.roll)}"
    yield "participants 参评人: " + "、".join(result.names)
    for (key, name), value, mean in zip(
        manifest.targets, result.sums, result.means(), strict=bool(result.sums)
    ):
        points = value * manifest.unit
        yield f"{key} {name}: sum 合计 {shown(points)}, mean 平均 {shown(mean)} (= {mean})"
    if not result.sums:
        yield "not opened yet 尚未开票"
    if tracker is not None:
        yield f"counted 已计入: {tracker.strip().lower()}"
    if head is not None:
        yield f"in the chain 链中有此记录: {head.strip().lower()}"


def answers(raw, options):
    """What is printed of a board, of a spoiled ballot, or of both."""
    if options.spoiled is not None and is_manifest(raw):
        manifest, chain = Manifest(parse(raw)), None
    else:
        result = verify(raw, options.tracker, options.head, options.closed, said)
        manifest, chain = result.manifest, result.chain
        yield from report(result, options.tracker, options.head)
    if options.spoiled is not None:
        tracker, scores = check_spoiled(bytes_of(options.spoiled), manifest)
        if chain is not None:
            never_cast(tracker, chain)
        yield from report_spoiled(manifest, tracker, scores, chain)


def report_spoiled(manifest, tracker, scores, chain):
    yield f"SPOILED BALLOT HOLDS 作废选票校验通过: {manifest.title} ({manifest.id})"
    yield f"fingerprint 指纹: {manifest.fingerprint.hex()}"
    yield f"tracker 复核码: {tracker}"
    for (key, name), score in zip(manifest.targets, scores, strict=True):
        yield f"{key} {name}: {shown(score * manifest.unit)}"
    if chain is not None:
        yield "never cast 没有投出过"


def bytes_of(path):
    with open(path, "rb") as file:
        return file.read()


def is_manifest(raw):
    """Whether these bytes are a manifest alone, without a board."""
    data = parse(raw)
    return isinstance(data, dict) and "v" in data


def shown(value):
    """Two decimals, half up."""
    cents = int(value * 100 + Fraction(1, 2))
    return f"{cents // 100}.{cents % 100:02d}"


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("board", help="board.json, or - for standard input (or manifest.json)")
    parser.add_argument("--tracker", help="a ballot to find, 64 hex digits")
    parser.add_argument("--head", help="the chain head of a receipt, 64 hex digits")
    parser.add_argument("--closed", action="store_true", help="the sums are not opened yet")
    parser.add_argument("--spoiled", help="a ballot that was opened instead of cast")
    options = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        raw = sys.stdin.buffer.read() if options.board == "-" else bytes_of(options.board)
        lines = list(answers(raw, options))
    except OSError as error:
        sys.stderr.write(f"cannot read: {error}\n")
        return 2
    except Wrong as error:
        sys.stdout.write(f"NOT VERIFIED 校验未通过: {error}\n")
        return 1
    for line in lines:
        sys.stdout.write(line + "\n")
    return 0


def said(done, of):
    sys.stderr.write(f"\r{done}/{of} " + ("\n" if done == of else ""))
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
