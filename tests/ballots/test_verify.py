"""verify.py, the second implementation: good boards counted, everything else refused, always."""

from __future__ import annotations

import importlib.util
import json
import random
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import gmpy2  # type: ignore[import-untyped]
import pytest
from django.core.management import call_command

from courts.ballots.protocol import ProtocolError
from courts.ballots.protocol.ballot import tracker_of
from courts.ballots.protocol.board import read_board
from courts.ballots.protocol.canonical import canonical
from courts.ballots.verifier import FILE
from tests.ballots import refusals, vectors
from tests.ballots.rounds import changed

REFUSALS = json.loads(refusals.FILE.read_text("utf-8"))
GOOD = canonical(REFUSALS["board"])
RANDOM_CHANGES = 200


def loaded() -> Any:
    spec = importlib.util.spec_from_file_location("verify", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.pow = power  # type: ignore[attr-defined]
    return module


@cache
def power(base: int, exponent: int, modulus: int) -> int:
    """The same powers faster, each worked out once: boards of these tests differ in a few numbers.

    The script on its own, with Python's powers, is run below.
    """
    return int(gmpy2.powmod(base, exponent, modulus))


VERIFY = loaded()


def run(board: Path, *arguments: str, optimize: bool = False) -> subprocess.CompletedProcess[str]:
    """The script alone, away from the project and its packages."""
    options = ["-I", *(["-O"] if optimize else [])]
    return subprocess.run(
        [sys.executable, *options, str(FILE), str(board), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=board.parent,
    )


@pytest.fixture
def board(tmp_path: Path) -> Path:
    path = tmp_path / "board.json"
    path.write_bytes(GOOD)
    return path


def test_sums_and_means() -> None:
    """Sums 5 and 4 units of one point over three ballots."""
    result = VERIFY.verify(GOOD)
    assert result.sums == [5, 4]
    assert result.means() == [Fraction(5, 3), Fraction(4, 3)]
    assert [VERIFY.shown(mean) for mean in result.means()] == ["1.67", "1.33"]
    assert VERIFY.verify(vectors_board()).sums == [47, 40]


def vectors_board() -> bytes:
    return canonical(json.loads(vectors.FILE.read_text("utf-8"))["board"])


def test_a_spoiled_ballot_of_the_vectors() -> None:
    """11 and 24 units."""
    known = json.loads(vectors.FILE.read_text("utf-8"))
    manifest = VERIFY.Manifest(known["manifest"])
    found = VERIFY.check_spoiled(canonical(known["spoiled"]["file"]), manifest)
    assert found == (known["spoiled"]["tracker"], [11, 24])


def test_its_group_is_the_one_of_the_project() -> None:
    from courts.ballots.protocol import group

    assert (VERIFY.P, VERIFY.Q, VERIFY.G, VERIFY.NAME) == (group.P, group.Q, group.G, group.NAME)


def test_it_needs_nothing_but_python_and_asserts_nothing() -> None:
    import ast

    tree = ast.parse(FILE.read_text("utf-8"))
    imported = {
        name.name if isinstance(node, ast.Import) else str(node.module)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert imported <= sys.stdlib_module_names
    assert not any(isinstance(node, ast.Assert) for node in ast.walk(tree))


@pytest.mark.parametrize("case", REFUSALS["boards"], ids=lambda case: str(case["name"]))
def test_refused_boards(case: dict[str, Any]) -> None:
    raw = case["raw"].encode() if "raw" in case else written(REFUSALS["board"], case)
    with pytest.raises(VERIFY.Wrong):
        VERIFY.verify(raw)


CLOSED = {**REFUSALS["board"], "partials": [], "sums": None}


def written(good: Any, case: dict[str, Any]) -> bytes:
    """A changed copy as canonical as it can be: fractions and truth values may be in it."""
    data = changed(good, case["set"])
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


@pytest.mark.parametrize("case", REFUSALS["closed"], ids=lambda case: str(case["name"]))
def test_refused_closed_boards(case: dict[str, Any]) -> None:
    with pytest.raises(VERIFY.Wrong):
        VERIFY.verify(written(CLOSED, case), closed=True)


@pytest.mark.parametrize("case", REFUSALS["spoileds"], ids=lambda case: str(case["name"]))
def test_refused_spoiled_ballots(case: dict[str, Any]) -> None:
    manifest = VERIFY.Manifest(REFUSALS["board"]["manifest"])
    chain = VERIFY.Chain(REFUSALS["board"]["events"], manifest)

    def check(raw: bytes) -> None:
        VERIFY.never_cast(VERIFY.check_spoiled(raw, manifest)[0], chain)

    check(canonical(REFUSALS["spoiled"]))
    raw = case["raw"].encode() if "raw" in case else written(REFUSALS["spoiled"], case)
    with pytest.raises(VERIFY.Wrong):
        check(raw)


@pytest.mark.parametrize("case", REFUSALS["manifests"], ids=lambda case: str(case["name"]))
def test_refused_manifests(case: dict[str, Any]) -> None:
    wire = changed(REFUSALS["board"], [[["manifest", *path], value] for path, value in case["set"]])
    with pytest.raises(VERIFY.Wrong):
        VERIFY.Manifest(wire["manifest"])


@pytest.mark.parametrize("case", REFUSALS["ballots"], ids=lambda case: str(case["name"]))
def test_refused_ballots(case: dict[str, Any]) -> None:
    """As the first ballot of a board; what its bytes would be on the wire is the server's."""
    manifest = VERIFY.Manifest(REFUSALS["board"]["manifest"])

    def check(data: Any) -> None:
        slot = VERIFY.fields(data, ("e", "slot", "t"), "a ballot")[1]
        VERIFY.need(VERIFY.matched(VERIFY.SLOT, slot, "a slot") in manifest.slots, "no slot")
        VERIFY.check_ballot(slot, VERIFY.read_ballot(data, manifest), manifest)

    check(REFUSALS["ballot"])

    def check_case() -> None:
        if "raw" in case:
            check(VERIFY.parse(case["raw"].encode("utf-8", "surrogatepass")))
        else:
            check(changed(REFUSALS["ballot"], case["set"]))

    with pytest.raises(VERIFY.Wrong):
        check_case()


@pytest.mark.parametrize("case", REFUSALS["partials"], ids=lambda case: str(case["name"]))
def test_refused_partials(case: dict[str, Any]) -> None:
    manifest = VERIFY.Manifest(REFUSALS["board"]["manifest"])
    ballots = [VERIFY.read_ballot(one, manifest) for one in REFUSALS["board"]["ballots"]]
    sealed = VERIFY.multiplied(ballots, manifest)
    kappa = bytes.fromhex(json.loads(REFUSALS["board"]["events"][-1]["payload"])[0])
    good = REFUSALS["partial"]
    VERIFY.check_part(good["d"], good["k"], sealed, manifest, kappa)
    bad = changed(good, case["set"])
    with pytest.raises(VERIFY.Wrong):
        VERIFY.check_part(bad["d"], bad["k"], sealed, manifest, kappa)


def test_random_byte_changes() -> None:
    """One byte anywhere: both implementations refuse it, neither fails in another way."""
    chosen = random.Random(20190322)
    for _change in range(RANDOM_CHANGES):
        place = chosen.randrange(len(GOOD))
        byte = chosen.choice([value for value in range(256) if value != GOOD[place]])
        raw = GOOD[:place] + bytes([byte]) + GOOD[place + 1 :]
        with pytest.raises(VERIFY.Wrong):
            VERIFY.verify(raw)
        with pytest.raises(ProtocolError):
            read_board(raw)


def test_random_cuts_and_doublings() -> None:
    chosen = random.Random(20190322)
    for _change in range(40):
        start = chosen.randrange(len(GOOD))
        length = chosen.randrange(1, 60)
        for raw in (
            GOOD[:start] + GOOD[start + length :],
            GOOD[: start + length] + GOOD[start:],
        ):
            with pytest.raises(VERIFY.Wrong):
                VERIFY.verify(raw)


def test_tracker_and_head() -> None:
    events = REFUSALS["board"]["events"]
    trackers = [json.loads(one["payload"])[1] for one in events if one["kind"] == "ballot"]
    assert len(trackers) == 4
    for tracker in (trackers[0], trackers[2].upper(), f" {trackers[3]} "):
        VERIFY.verify(GOOD, tracker=tracker)
    with pytest.raises(VERIFY.Wrong, match="was replaced by a later one"):
        VERIFY.verify(GOOD, tracker=trackers[1])
    for wrong in ("0" * 64, trackers[0][:63], trackers[0][:8], ""):
        with pytest.raises(VERIFY.Wrong):
            VERIFY.verify(GOOD, tracker=wrong)
    for event in events:
        VERIFY.verify(GOOD, head=event["hash"].upper())
    for wrong in ("0" * 64, events[0]["hash"][:10]):
        with pytest.raises(VERIFY.Wrong):
            VERIFY.verify(GOOD, head=wrong)


def test_a_board_before_it_is_opened() -> None:
    closed = canonical(CLOSED)
    assert VERIFY.verify(closed, closed=True).sums == []
    with pytest.raises(VERIFY.Wrong, match="say --closed"):
        VERIFY.verify(closed)
    with pytest.raises(VERIFY.Wrong):
        VERIFY.verify(GOOD, closed=True)


@pytest.mark.parametrize("optimize", [False, True])
def test_command(board: Path, optimize: bool) -> None:
    tracker = json.loads(REFUSALS["board"]["events"][1]["payload"])[1]
    good = run(board, "--tracker", tracker.upper(), optimize=optimize)
    assert (good.returncode, good.stdout[:8]) == (0, "VERIFIED")
    assert "yanji 延吉法院: sum 合计 5.00, mean 平均 1.67 (= 5/3)" in good.stdout
    assert tracker in good.stdout
    board.write_bytes(GOOD.replace(b'"sums":[5,4]', b'"sums":[4,5]'))
    bad = run(board, optimize=optimize)
    assert (bad.returncode, bad.stdout[:12]) == (1, "NOT VERIFIED")
    assert "Traceback" not in bad.stderr


@pytest.mark.parametrize(
    "name",
    [
        "a value of 2 on the board",
        "a = 1 on the board",
        "one r for two bits on the board",
        "a recombined ballot on the board",
        "note after the closing",
        "one scrutineer",
        "min_ballots 1",
        "a spare slot stuffed, a name repeated",
        "back to a superseded ballot",
        "ballot after the closing",
    ],
)
def test_optimized_python_checks_as_much(board: Path, name: str) -> None:
    (case,) = [one for one in REFUSALS["boards"] if one["name"] == name]
    board.write_bytes(canonical(changed(REFUSALS["board"], case["set"])))
    assert run(board, optimize=True).returncode == 1


def test_command_on_a_spoiled_ballot(board: Path) -> None:
    """Two units and one of one point, of a voter who cast nothing; then of one who did.

    Without assertions, which is where a check could be missing.
    """
    spoiled, manifest = board.with_name("spoiled.json"), board.with_name("manifest.json")
    spoiled.write_bytes(canonical(REFUSALS["spoiled"]))
    manifest.write_bytes(canonical(REFUSALS["board"]["manifest"]))
    before = run(manifest, "--spoiled", str(spoiled), optimize=True)
    assert before.returncode == 0
    assert "yanji 延吉法院: 2.00\ndunhua 敦化法院: 1.00\n" in before.stdout
    assert tracker_of(canonical(REFUSALS["spoiled"]["ballot"])) in before.stdout
    assert "never cast" not in before.stdout
    after = run(board, "--spoiled", str(spoiled), optimize=True)
    assert (after.returncode, after.stdout[:8]) == (0, "VERIFIED")
    assert after.stdout.endswith(before.stdout + "never cast 没有投出过\n")
    (cast,) = [one for one in REFUSALS["spoileds"] if one["name"] == "cast and counted"]
    spoiled.write_bytes(written(REFUSALS["spoiled"], cast))
    # Nothing gives it away before there is a board.
    assert run(manifest, "--spoiled", str(spoiled), optimize=True).returncode == 0
    refused = run(board, "--spoiled", str(spoiled), optimize=True)
    assert refused.returncode == 1
    assert refused.stdout.startswith("NOT VERIFIED")
    assert "was cast" in refused.stdout


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    found = run(tmp_path / "nothing.json")
    assert (found.returncode, "cannot read" in found.stderr) == (2, True)


@pytest.mark.django_db
def test_sample_board(
    tmp_path: Path, migrated_copy: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command plays a round of five voters and nine courts, and the sums come out as voted.

    Its scratch database is migrated beforehand, which `migrate` finds there.
    """
    run_anew = subprocess.run

    def run_on_migrated(command: list[str], **options: Any) -> Any:
        migrated_copy(Path(options["env"]["DATABASE_URL"].removeprefix("sqlite:///")))
        return run_anew(command, **options)

    monkeypatch.setattr(subprocess, "run", run_on_migrated)
    path = tmp_path / "board.json"
    said = StringIO()
    call_command("sample_board", str(path), stdout=said)
    printed = dict(line.split(": ", 1) for line in said.getvalue().splitlines())
    *_labels, sums, tracker, head = printed.values()
    result = VERIFY.verify(path.read_bytes(), tracker=tracker, head=head)
    assert result.sums == json.loads(sums)
    assert (len(result.sums), len(result.names), len(result.manifest.keys)) == (9, 5, 2)
    assert len(result.chain.seen) == 6
