"""QB2 by its vectors: worked values, the group itself, and everything that must be refused."""

from __future__ import annotations

import hashlib
import json
import secrets
from pathlib import Path
from typing import Any

import gmpy2  # type: ignore[import-untyped]
import pytest

from courts.ballots.protocol import (
    ProtocolError,
    ballot,
    board,
    canonical,
    group,
    keys,
    manifest,
    spoiled,
    tally,
)
from courts.ballots.protocol.bits import bits_of, bound_to, weights
from courts.ballots.protocol.hashing import digest
from tests.ballots import refusals, vectors
from tests.ballots.draws import drawn, fixed
from tests.ballots.rounds import changed, played
from tests.ballots.rounds import spoiled as sealed_openly

VECTORS = json.loads(vectors.FILE.read_text("utf-8"))
REFUSALS = json.loads(refusals.FILE.read_text("utf-8"))
SPOILED = VECTORS["spoiled"]["file"]


# --- The group and the hash ------------------------------------------------------------------


def test_group() -> None:
    assert group.Q == 2**256 - 189
    assert group.P.bit_length() == 4096
    assert (group.P - 1) % group.Q == 0
    assert gmpy2.is_prime(group.P, 12)
    assert gmpy2.is_prime(group.Q, 25)
    assert 1 < group.G < group.P
    assert pow(group.G, group.Q, group.P) == 1
    # ElectionGuard makes p of ones at both ends, with the digits of ln 2 between, and g of q.
    assert group.P >> (4096 - 256) == 2**256 - 1
    assert group.P % 2**256 == 2**256 - 1
    assert pow(2, (group.P - 1) // group.Q, group.P) == group.G


def test_hash_is_over_lengths_and_parts() -> None:
    worked = b"\0\0\0\x05QB2-x" + b"\0\0\0\1a" + b"\0\0\0\2bc"
    assert digest("QB2-x", "a", b"bc") == hashlib.sha256(worked).digest()
    assert digest("QB2-x", "ab", "c") != digest("QB2-x", "a", "bc")


def test_powers_with_and_without_gmpy2(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = group.power(group.G, 12345)
    monkeypatch.setattr(group, "gmpy2", None)
    assert group.power(group.G, 12345) == fast == pow(group.G, 12345, group.P)


@pytest.mark.parametrize("with_gmpy2", [True, False])
def test_powers_from_a_table(monkeypatch: pytest.MonkeyPatch, with_gmpy2: bool) -> None:
    """The ends of every window, and whatever an exponent may be; nothing above it."""
    if not with_gmpy2:
        monkeypatch.setattr(group, "gmpy2", None)
    group._table.cache_clear()
    base = pow(group.G, 2019, group.P)
    ends = [2 ** (6 * row) + d for row in (0, 1, 21, 42) for d in (-1, 0, 1)]
    for exponent in (*ends, group.Q - 1, int("9a" * 32, 16)):
        assert group.often(base, exponent) == pow(base, exponent, group.P)
    with pytest.raises(ValueError, match="below q"):
        group.often(base, 2**258)
    group._table.cache_clear()


# --- Vectors ---------------------------------------------------------------------------------


def test_vectors_are_what_the_text_of_the_protocol_makes() -> None:
    """From a computation of their own, that shares nothing with the project."""
    assert vectors.FILE.read_text("utf-8") == vectors.written()


def test_the_code_makes_the_vectors() -> None:
    round_ = played(vectors.VOTES)
    assert round_.wire == VECTORS["board"]
    assert round_.kappa.hex() == VECTORS["kappa"]
    assert round_.manifest.fingerprint.hex() == VECTORS["fingerprint"]
    assert canonical.number_text(round_.manifest.joint_key) == VECTORS["joint_key"]
    assert [canonical.number_text(one) for one in round_.secrets] == VECTORS["secrets"]
    hexes = [[canonical.number_text(a), canonical.number_text(b)] for a, b in round_.sealed]
    assert hexes == VECTORS["aggregate"]
    for cast, known in zip(round_.votes, VECTORS["votes"], strict=True):
        assert (cast.wire, cast.tracker) == (known["ballot"], known["tracker"])
        ciphers = [[(bit.a, bit.b) for bit in bits] for bits in cast.targets]
        whole = bound_to(round_.manifest.fingerprint, cast.slot, ciphers)
        assert whole.hex() == known["whole"]


def test_the_code_draws_hashes_and_writes_as_the_vectors() -> None:
    for one in VECTORS["draws"]:
        assert canonical.number_text(drawn(one["seed"], one["n"])) == one["value"]
    for one in VECTORS["hashes"]:
        assert digest(one["tag"], *one["parts"]).hex() == one["hash"]
    raw = canonical.canonical(VECTORS["canonical"]["value"])
    assert digest("QB2-x", raw).hex() == VECTORS["canonical"]["hash"]
    assert canonical.parse_canonical(raw, "the text") == VECTORS["canonical"]["value"]
    for one in VECTORS["weights"]:
        most = one["unit_max"]
        assert list(weights(most)) == one["weights"]
        assert [list(bits_of(score, most)) for score in range(most + 1)] == one["bits"]


def test_the_code_makes_keys_cards_and_answers_as_the_vectors() -> None:
    known = VECTORS["key"]
    draw = fixed(known["seed"])
    secret = keys.make_secret(draw)
    assert canonical.number_text(secret) == known["x"]
    assert keys.prove_key(secret, known["id"], known["name"], draw).wire == known["public"]
    assert keys.card(secret) == (known["card"]["digits"], known["card"]["check"])
    asked = VECTORS["rehearsal"]
    phi = bytes.fromhex(VECTORS["fingerprint"])
    proof = keys.prove_ready(secret, phi, asked["nonce"], asked["k"], fixed(asked["seed"]))
    assert [canonical.number_text(one) for one in (proof.c, proof.z)] == [asked["c"], asked["z"]]


def test_a_spoiled_ballot() -> None:
    """The scores that were sealed, 11 and 24 units, and a ballot that is nowhere in the chain."""
    read = manifest.read_manifest(VECTORS["manifest"])
    seed, slot = VECTORS["spoiled"]["seed"], SPOILED["ballot"]["slot"]
    assert sealed_openly(read, slot, vectors.SPOILED[1], seed).wire == SPOILED
    found = spoiled.read_spoiled(SPOILED, read)
    assert found.scores == (11, 24)
    assert found.ballot.tracker == VECTORS["spoiled"]["tracker"]
    assert canonical.parse_canonical(found.body, "the file") == SPOILED
    chain = board.read_board(canonical.canonical(VECTORS["board"])).chain
    spoiled.check_never_cast(found, chain)


def test_refusals_are_what_the_code_makes() -> None:
    assert refusals.FILE.read_text("utf-8") == refusals.written()


@pytest.mark.parametrize("most", [1, 2, 3, 4, 5, 7, 8, 24, 120, 1000])
def test_subsets_of_the_weights_are_every_score_and_no_other(most: int) -> None:
    counts = weights(most)
    assert len(counts) == most.bit_length()
    reached = {0}
    for count in counts:
        reached |= {value + count for value in reached}
    assert reached == set(range(most + 1))
    for score in range(most + 1):
        used = bits_of(score, most)
        assert sum(bit * count for bit, count in zip(used, counts, strict=True)) == score
        assert used[-1] == (score >= 2 ** (most.bit_length() - 1))


def test_weights_of_twelve_points_by_halves() -> None:
    assert weights(24) == (1, 2, 4, 8, 9)
    assert bits_of(15, 24) == (1, 1, 1, 1, 0)
    assert bits_of(16, 24) == (1, 1, 1, 0, 1)


def test_the_sums_of_the_vectors_are_those_of_the_votes() -> None:
    """24 + 8 + 15 and 0 + 17 + 23: the second voter's first ballot does not count."""
    assert VECTORS["board"]["sums"] == [47, 40]
    assert board.read_board(canonical.canonical(VECTORS["board"])).sums == (47, 40)


def test_card() -> None:
    groups, check = keys.card(0xABC)
    assert groups == "0000 " * 15 + "0abc"
    assert check == digest("QB2-card", "0" * 61 + "abc").hex()[:8]


def test_fresh_scalars_are_never_nought(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda most: 0)
    assert group.fresh() == 1
    assert keys.make_secret(lambda: group.Q - 1) == 1


def test_fewer_keys_open_nothing() -> None:
    """One of two parts leaves the sum hidden: no exponent up to the highest sum fits."""
    round_ = played(vectors.VOTES)
    with pytest.raises(ProtocolError, match="every scrutineer"):
        tally.sums_of(round_.sealed, round_.partials[:1], round_.manifest, 3)
    for part in round_.partials:
        with pytest.raises(ProtocolError, match="no possible sum"):
            tally.sums_of(round_.sealed, (part, (part[0], part[1])), round_.manifest, 3)
    logs = group.small_logs(72)
    for (_a, b), share in zip(round_.sealed, round_.partials[0], strict=True):
        assert b * group.inverse(share.element) % group.P not in logs
        assert b not in logs


@pytest.mark.parametrize(("targets", "most"), [(1, 1), (2, 3), (9, 24), (3, 1000)])
def test_the_largest_body(targets: int, most: int) -> None:
    """As long as a ballot whose numbers all have their most digits: 1024 of an element, 64 of a
    scalar."""
    bit = ["f" * 1024, "f" * 1024, *["f" * 64] * 4]
    wire = {"e": "f" * 64, "slot": "f" * 32, "t": [[bit] * most.bit_length()] * targets}
    assert ballot.largest_body(targets, most) == len(canonical.canonical(wire))


def test_a_swapped_vote_gives_the_same_result() -> None:
    """A 24, B 0 and A 0, B 24: what everybody sees of the sums is the same."""
    one = played([(0, (24, 0)), (1, (0, 24)), (2, (8, 8))])
    other = played([(0, (0, 24)), (1, (24, 0)), (2, (8, 8))])
    assert one.sums == other.sums == (32, 32)
    assert one.manifest.wire == other.manifest.wire
    assert one.participants == other.participants


# --- Refusals --------------------------------------------------------------------------------


def subject(case: dict[str, Any], good: str) -> bytes:
    if "raw" in case:
        raw: str = case["raw"]
        return raw.encode("utf-8", "surrogatepass")
    return json.dumps(changed(REFUSALS[good], case["set"]), ensure_ascii=False).encode()


def of(name: str) -> Any:
    return pytest.mark.parametrize("case", REFUSALS[name], ids=lambda case: str(case["name"]))


MANIFEST = manifest.read_manifest(REFUSALS["board"]["manifest"])


def read_ballot(raw: bytes) -> ballot.Ballot:
    return ballot.read_ballot(canonical.parse(raw), MANIFEST)


@of("ballots")
def test_refused_ballots(case: dict[str, Any]) -> None:
    assert read_ballot(subject({"set": []}, "ballot")).slot == MANIFEST.slots[0]
    with pytest.raises(ProtocolError):
        read_ballot(subject(case, "ballot"))


@of("keys")
def test_refused_keys(case: dict[str, Any]) -> None:
    def check(data: Any) -> None:
        keys.check_key(manifest.read_key(data), data["id"], data["name"])

    check(REFUSALS["key"])
    with pytest.raises(ProtocolError):
        check(changed(REFUSALS["key"], case["set"]))


@of("manifests")
def test_refused_manifests(case: dict[str, Any]) -> None:
    wire = changed(REFUSALS["board"], [[["manifest", *path], value] for path, value in case["set"]])
    with pytest.raises(ProtocolError):
        manifest.read_manifest(canonical.parse(json.dumps(wire["manifest"]).encode()))


@of("rehearsals")
def test_refused_rehearsals(case: dict[str, Any]) -> None:
    def check(data: Any) -> None:
        proof = keys.Proof(canonical.scalar(data["c"], "c"), canonical.scalar(data["z"], "z"))
        public = MANIFEST.trustees[data["k"]].key.element
        keys.check_ready(proof, MANIFEST.fingerprint, data["nonce"], data["k"], public)

    check(REFUSALS["rehearsal"])
    with pytest.raises(ProtocolError):
        check(changed(REFUSALS["rehearsal"], case["set"]))


@of("partials")
def test_refused_partials(case: dict[str, Any]) -> None:
    round_ = refusals.example()

    def check(data: Any) -> None:
        part = tally.read_part(data["d"], MANIFEST)
        tally.check_part(part, data["k"], round_.sealed, MANIFEST, round_.kappa)

    check(REFUSALS["partial"])
    with pytest.raises(ProtocolError):
        check(changed(REFUSALS["partial"], case["set"]))


@of("spoileds")
def test_refused_spoiled_ballots(case: dict[str, Any]) -> None:
    chain = board.read_board(canonical.canonical(REFUSALS["board"])).chain

    def check(raw: bytes) -> None:
        found = spoiled.read_spoiled(canonical.parse_canonical(raw, "the file"), MANIFEST)
        spoiled.check_never_cast(found, chain)

    check(canonical.canonical(REFUSALS["spoiled"]))
    raw = case["raw"].encode() if "raw" in case else _written(REFUSALS["spoiled"], case)
    with pytest.raises(ProtocolError):
        check(raw)


def _written(good: Any, case: dict[str, Any]) -> bytes:
    """A changed copy as canonical as it can be: fractions and truth values may be in it."""
    data = changed(good, case["set"])
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


@of("boards")
def test_refused_boards(case: dict[str, Any]) -> None:
    raw = case["raw"].encode() if "raw" in case else _written(REFUSALS["board"], case)
    with pytest.raises(ProtocolError):
        board.read_board(raw)


CLOSED = {**REFUSALS["board"], "partials": [], "sums": None}


@of("closed")
def test_refused_closed_boards(case: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError):
        board.read_board(_written(CLOSED, case), tallied=False)


def test_the_board_of_the_refusals_is_good_itself() -> None:
    assert board.read_board(canonical.canonical(REFUSALS["board"])).sums == (5, 4)


def test_a_closed_board_has_no_parts_yet() -> None:
    found = board.read_board(canonical.canonical(CLOSED), tallied=False)
    assert (found.partials, found.sums) == ((), ())
    with pytest.raises(ProtocolError):
        board.read_board(canonical.canonical(CLOSED))
    with pytest.raises(ProtocolError):
        board.read_board(canonical.canonical(REFUSALS["board"]), tallied=False)


def test_files_of_the_group_name_their_origin() -> None:
    folder = Path(group.__file__).parent
    data = json.loads((folder / "EG-4096-256.json").read_text("ascii"))
    assert "ElectionGuard" in data["source"]
    assert fixed("a")() != fixed("b")()
