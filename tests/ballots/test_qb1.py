"""Boards of QB1 are verified for ever, as they were; nothing new is made in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from courts.ballots.protocol import ProtocolError, ballot, board, keys, manifest, spoiled, tally
from courts.ballots.protocol.canonical import canonical
from tests.ballots import refusals, vectors
from tests.ballots.rounds import changed
from tests.ballots.test_verify import VERIFY, written

VECTORS = json.loads(vectors.QB1.read_text("utf-8"))
REFUSALS = json.loads(refusals.QB1.read_text("utf-8"))
MANIFEST = manifest.read_manifest(VECTORS["manifest"])
REFUSING = manifest.read_manifest(REFUSALS["board"]["manifest"])


def of(name: str) -> Any:
    return pytest.mark.parametrize("case", REFUSALS[name], ids=lambda case: str(case["name"]))


def test_the_board_of_its_vectors() -> None:
    """24 + 8 + 15 and 0 + 17 + 23 units, and every hash as it was published."""
    raw = canonical(VECTORS["board"])
    found = board.read_board(raw)
    assert found.sums == (47, 40)
    assert found.manifest.version == "QB1"
    assert found.manifest.fingerprint.hex() == VECTORS["fingerprint"]
    assert found.chain.kappa == VECTORS["kappa"]
    trackers = [ballot.read_ballot(one["ballot"], MANIFEST).tracker for one in VECTORS["votes"]]
    assert trackers == [one["tracker"] for one in VECTORS["votes"]]
    result = VERIFY.verify(raw, tracker=trackers[0], head=found.chain.hashes[2])
    assert result.sums == [47, 40]
    assert result.chain.closed[0] == VECTORS["kappa"]


def test_a_board_before_it_is_opened() -> None:
    """Its sums are an empty list, where QB2 has null."""
    raw = canonical({**VECTORS["board"], "partials": [], "sums": []})
    assert board.read_board(raw, tallied=False).sums == ()
    assert VERIFY.verify(raw, closed=True).sums == []
    for null in (
        canonical({**VECTORS["board"], "partials": [], "sums": None}),
        canonical({**VECTORS["board"], "sums": None}),
    ):
        with pytest.raises(ProtocolError):
            board.read_board(null, tallied=False)
        with pytest.raises(VERIFY.Wrong):
            VERIFY.verify(null, closed=True)
    wire = [board.BoardEvent(**one) for one in VECTORS["board"]["events"]]
    ballots, names = VECTORS["board"]["ballots"], VECTORS["board"]["participants"]
    assert board.write_board(VECTORS["manifest"], ballots, wire, names) == raw


def test_what_its_chain_lets_by_after_the_closing() -> None:
    """Kinds that it did not know: its verifiers accepted them, and so they do for ever."""
    events = [board.BoardEvent(**one) for one in VECTORS["board"]["events"]]
    later = [*events, board.next_event(events[-1], "note", "", "QB1")]
    raw = canonical({**VECTORS["board"], "events": [one.wire for one in later]})
    assert board.read_board(raw).sums == (47, 40)
    assert VERIFY.verify(raw).sums == [47, 40]


def test_its_bits_recombine() -> None:
    """Two ballots of one voter make a third: the flaw for which there is QB2."""
    first, second = (VECTORS["votes"][number]["ballot"] for number in (1, 3))
    assert first["slot"] == second["slot"]
    third = {**first, "t": [first["t"][0], second["t"][1]]}
    made = ballot.read_ballot(third, MANIFEST)
    assert made.tracker not in {one["tracker"] for one in VECTORS["votes"]}


def test_nothing_is_made_in_it() -> None:
    with pytest.raises(ProtocolError, match="sealed in QB2"):
        ballot.seal(MANIFEST, MANIFEST.slots[0], (1, 2))
    with pytest.raises(ProtocolError, match="spoiled in QB2"):
        spoiled.read_spoiled({}, MANIFEST)
    with pytest.raises(VERIFY.Wrong, match="spoiled in QB2"):
        VERIFY.check_spoiled(b"{}", VERIFY.Manifest(VECTORS["manifest"]))
    with pytest.raises(ProtocolError, match="opened in QB2"):
        tally.open_part(int(VECTORS["secrets"][0], 16), 0, (), MANIFEST, b"")
    key = keys.prove_key(int(VECTORS["secrets"][0], 16), MANIFEST.id, MANIFEST.trustees[0].name)
    with pytest.raises(ProtocolError, match="does not hold"):
        keys.check_key(key, MANIFEST.id, MANIFEST.trustees[0].name, "QB1")


@of("ballots")
def test_refused_ballots(case: dict[str, Any]) -> None:
    if "raw" not in case:
        with pytest.raises(ProtocolError):
            ballot.read_ballot(changed(REFUSALS["ballot"], case["set"]), REFUSING)


@of("boards")
def test_refused_boards(case: dict[str, Any]) -> None:
    raw = case["raw"].encode() if "raw" in case else written(REFUSALS["board"], case)
    with pytest.raises(ProtocolError):
        board.read_board(raw)
    with pytest.raises(VERIFY.Wrong):
        VERIFY.verify(raw)


GOOD = [ballot.read_shape(one, REFUSING) for one in REFUSALS["board"]["ballots"]]


@of("partials")
def test_refused_partials(case: dict[str, Any]) -> None:
    kappa = bytes.fromhex(json.loads(REFUSALS["board"]["events"][-1]["payload"])[0])
    sealed = tally.aggregate(GOOD, REFUSING)
    data = changed(REFUSALS["partial"], case["set"])
    with pytest.raises(ProtocolError):
        tally.check_part(tally.read_part(data["d"], REFUSING), data["k"], sealed, REFUSING, kappa)
