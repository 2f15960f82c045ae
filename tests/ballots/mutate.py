"""Weakens one check of the protocol at a time and sees that the tests notice: `make mutate`.

Every mutation is a text that stands exactly once in a file, and what is put in its place. The
tests of the ballot run on a copy of the project; a mutation that they let pass ends it with 1.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = ("courts", "scoring", "qualityyear", "locale", "templates", "static", "tests")
PROTOCOL, VERIFY = "tests/ballots/test_protocol.py", "tests/ballots/test_verify.py"
QB1 = "tests/ballots/test_qb1.py"
ROUNDS, PROTOCOLS = (
    "tests/courts/ballots/test_ballot_rounds.py",
    "tests/courts/ballots/test_ballot_protocols.py",
)
PEOPLE, REPLACED = (
    "tests/courts/ballots/test_ballot_people.py",
    "tests/courts/ballots/test_ballot_replacements.py",
)
BROWSER = "tests/browser/test_scrutineer_file.py::test_vectors_and_refusals_in_the_file"
SCRIPTS = "../static/courts/ballots/ballot-"

# File seen from courts/, what stands there, what is put instead, the tests that must fail.
MUTATIONS: tuple[tuple[str, str, str, str], ...] = (
    ("ballots/group.py", "return 1 <= value < P and power(value, Q) == 1", "return 1 <= value < P", PROTOCOL),
    ("ballots/group.py", "return 1 + secrets.randbelow(Q - 1)", "return secrets.randbelow(Q - 1)", PROTOCOL),
    ("ballots/hashing.py", "        hashed.update(u4(len(data)))\n", "", PROTOCOL),
    ("ballots/canonical.py", "if len(found) != len(pairs):", "if False:", PROTOCOL),
    ("ballots/canonical.py", "            parse_float=_never,\n", "", PROTOCOL),
    ("ballots/canonical.py", 're.compile(r"0|[1-9a-f][0-9a-f]*", re.ASCII)', 're.compile(r"[0-9a-f]+")', PROTOCOL),
    ("ballots/canonical.py", 're.compile(r"0|[1-9a-f][0-9a-f]*", re.ASCII)', 're.compile(r"0|[1-9a-f][\\da-f]*")', PROTOCOL),
    ("ballots/canonical.py", "    if value >= Q:\n", "    if False:\n", PROTOCOL),
    ("ballots/canonical.py", "set(data) != wanted", "not set(data) >= wanted", PROTOCOL),
    ("ballots/canonical.py", "(length is not None and len(data) != length)", "False", PROTOCOL),
    ("ballots/keys.py", "    if key.element == 1:\n", "    if False:\n", PROTOCOL),
    ("ballots/keys.py", "if _known(version, round_id, name, key.element, again) != key.proof.c:", "if False:", PROTOCOL),
    ("ballots/keys.py", "_known(version, round_id, name, key.element, again)", '_known(version, round_id, "", key.element, again)', PROTOCOL),
    ("ballots/keys.py", 'hash_text(nonce, "the nonce")', "nonce", PROTOCOL),
    ("ballots/keys.py", "if _ready(fingerprint, nonce, index, public, again) != proof.c:", "if False:", PROTOCOL),
    ("ballots/manifest.py", "if not 1 <= manifest.unit_max <= MOST_UNITS:", "if False:", PROTOCOL),
    ("ballots/manifest.py", "    if len(manifest.slots) != len(manifest.roll):\n", "    if False:\n", PROTOCOL),
    ("ballots/manifest.py", '    _ordered(manifest.roll, "the roll")\n', "", PROTOCOL),
    ("ballots/manifest.py", '    _ordered(manifest.slots, "slots")\n', "", PROTOCOL),
    ("ballots/manifest.py", "FEWEST_BALLOTS = 3", "FEWEST_BALLOTS = 2", PROTOCOL),
    ("ballots/manifest.py", "FEWEST_TRUSTEES = 2", "FEWEST_TRUSTEES = 1", PROTOCOL),
    ("ballots/manifest.py", '    _distinct((trustee.name for trustee in manifest.trustees), "a scrutineer\'s name")\n', "", PROTOCOL),
    ("ballots/manifest.py", '    _distinct((trustee.key.element for trustee in manifest.trustees), "a scrutineer\'s key")\n', "", PROTOCOL),
    ("ballots/manifest.py", '    _distinct((target.id for target in manifest.targets), "a target")\n', "", PROTOCOL),
    ("ballots/bits.py", "if sum(sealed.c) % Q != _challenge(place, sealed.a, sealed.b, commitments):", "if False:", PROTOCOL),
    ("ballots/bits.py", "    if sealed.a == 1:\n", "    if False:\n", PROTOCOL),
    ("ballots/bits.py", "        place.slot,\n", '        "",\n', PROTOCOL),
    ("ballots/bits.py", "        u4(place.target),\n", "        u4(0),\n", PROTOCOL),
    ("ballots/bits.py", "        u4(place.bit),\n", "        u4(0),\n", PROTOCOL),
    ("ballots/bits.py", "(el(a), el(b)) if place.version == EARLIER else (place.whole,)", "()", PROTOCOL),
    ("ballots/bits.py", "(el(a), el(b)) if place.version == EARLIER else (place.whole,)", "(el(a), el(b))", PROTOCOL),
    ("ballots/bits.py", "for ciphers in targets for cipher in ciphers", "for ciphers in targets[:1] for cipher in ciphers", PROTOCOL),
    ("ballots/ballot.py", "if len(set(randomness)) != len(randomness):", "if False:", PROTOCOL),
    ("ballots/ballot.py", "    if slot not in manifest.slots:\n", "    if False:\n", PROTOCOL),
    ("ballots/tally.py", "if _challenge(manifest, kappa, (index, target), elements) != c:", "if False:", PROTOCOL),
    ("ballots/tally.py", "if len(partials) != len(manifest.trustees):", "if False:", PROTOCOL),
    ("ballots/board.py", "if tracker in seen:", "if False:", PROTOCOL),
    ("ballots/board.py", "if found != sorted(chain.current.items()):", "if False:", PROTOCOL),
    ("ballots/board.py", "if len(ballots) < manifest.min_ballots:", "if False:", PROTOCOL),
    ("ballots/board.py", "if kappa.hex() != chain.kappa:", "if False:", PROTOCOL),
    ("ballots/board.py", "if tuple(participants) != chain.participants:", "if False:", PROTOCOL),
    ("ballots/board.py", "if not set(participants) <= set(manifest.roll):", "if False:", PROTOCOL),
    ("ballots/board.py", "if event != next_event(previous, event.kind, event.payload, version):", "if False:", PROTOCOL),
    ("ballots/board.py", "if manifest.version != EARLIER or event.kind in KINDS:", "if event.kind in KINDS:", PROTOCOL),
    ("ballots/board.py", "if manifest.version != EARLIER or event.kind in KINDS:", "if event.kind in KINDS - {CLOSE}:", PROTOCOL),
    ("ballots/board.py", "if manifest.version != EARLIER or event.kind in KINDS:", "if True:", QB1),
    ("ballots/board.py", "            _check_extension(event)\n", "            pass\n", PROTOCOL),
    ("ballots/board.py", '    text(closes_at, "the new closing time")\n', "", PROTOCOL),
    ("ballots/board.py", '        raise Refused("sum", "before the tally the sums are null")\n', "        sums = ()\n", PROTOCOL),
    ("ballots/board.py", 'array(fields["partials"], "partials", len(manifest.trustees) if tallied else 0)', 'array(fields["partials"], "partials")', PROTOCOL),
    ("ballots/spoiled.py", "    if sealed != again:\n", "    if False:\n", PROTOCOL),
    ("ballots/spoiled.py", "    if spoiled.ballot.tracker in chain.seen:\n", "    if False:\n", PROTOCOL),
    ("ballots/spoiled.py", "if not all(0 <= score <= manifest.unit_max for score in scores):", "if False:", PROTOCOL),
    ("ballots/spoiled.py", "    if not manifest.is_current:\n", "    if False:\n", QB1),
    ("ballots/ballot.py", "    if not manifest.is_current:\n", "    if False:\n", QB1),
    ("ballots/tally.py", "    if not manifest.is_current:\n", "    if False:\n", QB1),
    ("ballots/manifest.py", 'if version not in VERSIONS or fields["group"] != NAME:', 'if fields["group"] != NAME:', PROTOCOL),
    ("ballots/manifest.py", 'if version not in VERSIONS or fields["group"] != NAME:', "if version not in VERSIONS:", PROTOCOL),
    ("ballots/board.py", "if found != tuple(integer(one, \"a sum\") for one in sums):", "if False:", PROTOCOL),
    ("ballots/canonical.py", "    if canonical(data) != raw:\n", "    if False:\n", PROTOCOL),
    ("ballots/verify.py", 'need((c0 + c1) % Q == made, "the proof of a bit does not hold")', "pass", VERIFY),
    ("ballots/verify.py", 'need(pow(a, Q, P) == 1 and pow(b, Q, P) == 1, "a bit is not in the group")', "pass", VERIFY),
    ("ballots/verify.py", 'need(a not in used, "two bits of a ballot share their randomness")', "pass", VERIFY),
    ("ballots/verify.py", 'need(a != 1, "a bit is open: a = 1")', "pass", VERIFY),
    ("ballots/verify.py", 'need(made == c, "the proof of a partial opening does not hold")', "pass", VERIFY),
    ("ballots/verify.py", 'need(found == sums[target], "a sum is not the one of the ballots")', "pass", VERIFY),
    ("ballots/verify.py", 'need(made.hex() == kappa, "the closing hash is another")', "pass", VERIFY),
    ("ballots/verify.py", 'need(found == chain.current, "the ballots are not those of the chain")', "pass", VERIFY),
    ("ballots/verify.py", 'need(again == raw, "this is not canonical JSON")', "pass", VERIFY),
    ("ballots/verify.py", 'need(value < Q, f"{what}: not below q")', "pass", VERIFY),
    ("ballots/verify.py", "(el(a), el(b)) if manifest.version == QB1 else (whole,)", "(el(a), el(b))", VERIFY),
    ("ballots/verify.py", "for row in targets for a, b, _scalars in row for value in (a, b)]", "for row in targets[:1] for a, b, _scalars in row for value in (a, b)]", VERIFY),
    ("ballots/verify.py", "is_let_by = manifest.version == QB1 and kind not in KINDS", "is_let_by = kind not in KINDS", VERIFY),
    ("ballots/verify.py", "is_let_by = manifest.version == QB1 and kind not in KINDS", 'is_let_by = kind == "close"', VERIFY),
    ("ballots/verify.py", "is_let_by = manifest.version == QB1 and kind not in KINDS", "is_let_by = False", QB1),
    ("ballots/verify.py", '(closes_at,) = items(parse(payload.encode()), "an extension", 1)', 'closes_at = ""', VERIFY),
    ("ballots/verify.py", '                text(closes_at, "the new closing time")\n', "", VERIFY),
    ("ballots/verify.py", 'need(sums == nothing, "sums before the tally")', "pass", VERIFY),
    ("ballots/verify.py", 'items(partials, "partial openings before the tally", 0)', "pass", VERIFY),
    ("ballots/verify.py", 'need(a == pow(G, own, P) and b == hidden, "the ballot holds other scores than it says")', "pass", VERIFY),
    ("ballots/verify.py", 'need(all(0 <= one <= manifest.unit_max for one in scores), "a score is not on the ballot")', "pass", VERIFY),
    ("ballots/verify.py", 'need(tracker not in chain.seen, f"the spoiled ballot {tracker} was cast")', "pass", VERIFY),
    ("ballots/verify.py", 'need(self.version in (QB1, QB2), "another protocol")', "pass", VERIFY),
    ("services/ballot_casting.py", "    check_protocol(row)\n", "", PROTOCOLS),
    ("services/ballot_opening.py", "    check_protocol(row)\n", "", PROTOCOLS),
    ("services/ballot_rounds.py", "    if note:\n", "    if False:\n", PROTOCOLS),
    ("services/ballot_rounds.py", "    check_size(row.targets.count(), row.unit_max)\n", "", PROTOCOLS),
    ("services/ballot_rounds.py", "    check_size(len(entry.targets), row.unit_max)\n", "", PROTOCOLS),
    ("services/ballot_casting.py", 'if fields["slot"] != voter.slot:', "if False:", ROUNDS),
    ("services/ballot_casting.py", "    if row.closes_at <= now:\n        raise", "    if False:\n        raise", ROUNDS),
    ("services/ballot_casting.py", "    if known is not None:\n        raise", "    if False:\n        raise", ROUNDS),
    ("services/ballot_casting.py", "if not free.update(busy_until=now + BUSY):", "if False:", ROUNDS),
    ("services/ballot_casting.py", "    if not may_cast(user, row):\n", "    if False:\n", PEOPLE),
    ("services/ballot_casting.py", "    if hold is not None:\n", "    if False:\n", REPLACED),
    ("services/ballot_vouches.py", "    if set_by_others(own.user_id, row.opens_at) is not None:\n", "    if False:\n", REPLACED),
    ("services/ballots.py", "    if not may_organize_round(user, row):\n", "    if False:\n", PEOPLE),
    ("services/ballot_keys.py", " or not may_use_key(user, row)", "", PEOPLE),
    ("services/ballot_opening.py", " or not may_use_key(user, ballot_round)", "", PEOPLE),
    ("selectors/ballot_replacements.py", "Vouch.objects.filter(voter=voter, at__gt=since)", "Vouch.objects.filter(voter=voter)", REPLACED),
    ("services/ballot_rounds.py", "    if not secure:\n", "    if False:\n", ROUNDS),
    ("services/ballot_rounds.py", "if row.scrutineers.filter(rehearsed_at=None).exists():", "if False:", ROUNDS),
    ("services/ballot_rounds.py", "    if len(ballots) < row.min_ballots:\n", "    if False:\n", ROUNDS),
    ("services/ballot_rounds.py", "    erase(row)\n", "", ROUNDS),
    ("services/ballot_opening.py", "    if holder.partial is not None:\n", "    if False:\n", ROUNDS),
    ("services/ballot_opening.py", "    if why_not:\n", "    if False:\n", ROUNDS),
    ("services/ballot_paper.py", "    if tally.entered_by_id == user.pk:\n", "    if False:\n", ROUNDS),
    (SCRIPTS + "bytes.js", 'need(canonical(data) === text, "json");', '', BROWSER),
    (SCRIPTS + "bytes.js", 'need(found.length === keys.length && keys.every((key) => hasOwn.call(data, key)), "shape");', 'need(keys.every((key) => hasOwn.call(data, key)), "shape");', BROWSER),
    (SCRIPTS + "bytes.js", '(length === null || data.length === length)', 'true', BROWSER),
    (SCRIPTS + "bytes.js", 'matching(/^(?:0|[1-9a-f][0-9a-f]{0,1023})$/, "number")', 'matching(/^[0-9a-f]{1,1024}$/, "number")', BROWSER),
    (SCRIPTS + "bytes.js", 'matching(/^[0-9a-f]{64}$/, "hash")', 'matching(/^[0-9a-fA-F]{64}$/, "hash")', BROWSER),
    (SCRIPTS + "bytes.js", 'matching(/^[0-9a-f]{32}$/, "slot")', 'matching(/^[0-9a-fA-F]{32}$/, "slot")', BROWSER),
    (SCRIPTS + "bytes.js", '    all.set(u4(chunk.length), offset);\n', '', BROWSER),
    (SCRIPTS + "bytes.js", 'need(typeof data === "number" && Number.isSafeInteger(data), "integer");', '', BROWSER),
    (SCRIPTS + "group.js", 'value >= 1n && value < P && power(value, Q) === 1n', 'value >= 1n && value < P', BROWSER),
    (SCRIPTS + "group.js", 'value >= 1n && value < P && power(value, Q) === 1n', 'value >= 1n && power(value % P, Q) === 1n', BROWSER),
    (SCRIPTS + "manifest.js", '  need(X !== 1n, "key");\n', '', BROWSER),
    (SCRIPTS + "manifest.js", 'need(keyChallenge(version, id, name, X, again) === c, "key");', '', BROWSER),
    (SCRIPTS + "manifest.js", 'hashText(nonce)', 'nonce', BROWSER),
    (SCRIPTS + "manifest.js", 'need(readyChallenge(phi, nonce, k, X, again) === c, "ready");', '', BROWSER),
    (SCRIPTS + "manifest.js", 'need([VERSION, EARLIER].includes(data.v) && data.group === NAME, "manifest");', 'need(data.group === NAME, "manifest");', BROWSER),
    (SCRIPTS + "manifest.js", 'need([VERSION, EARLIER].includes(data.v) && data.group === NAME, "manifest");', 'need([VERSION, EARLIER].includes(data.v), "manifest");', BROWSER),
    (SCRIPTS + "manifest.js", 'need(!/^[0.]*$/.test(unitText(data.unit)), "manifest");', '', BROWSER),
    (SCRIPTS + "manifest.js", 'need(integer(data.unit_max) >= 1 && data.unit_max <= 1000, "manifest");', '', BROWSER),
    (SCRIPTS + "manifest.js", 'need(targets.length > 0 && isDistinct(targets.map((one) => one.id)), "manifest");', '', BROWSER),
    (SCRIPTS + "manifest.js", 'slots.length === roll.length && isSorted(slots) && isSorted(roll)', 'isSorted(slots) && isSorted(roll)', BROWSER),
    (SCRIPTS + "manifest.js", 'slots.length === roll.length && isSorted(slots) && isSorted(roll)', 'slots.length === roll.length && isSorted(roll)', BROWSER),
    (SCRIPTS + "manifest.js", 'slots.length === roll.length && isSorted(slots) && isSorted(roll)', 'slots.length === roll.length && isSorted(slots)', BROWSER),
    (SCRIPTS + "manifest.js", 'integer(data.min_ballots) >= 3', 'integer(data.min_ballots) >= 2', BROWSER),
    (SCRIPTS + "manifest.js", ' && data.min_ballots <= roll.length', '', BROWSER),
    (SCRIPTS + "manifest.js", 'names.length >= 2 && isDistinct(names)', 'isDistinct(names)', BROWSER),
    (SCRIPTS + "manifest.js", 'names.length >= 2 && isDistinct(names)', 'names.length >= 2', BROWSER),
    (SCRIPTS + "manifest.js", 'need(isDistinct(data.trustees.map((one) => one.X)), "manifest");', '', BROWSER),
    (SCRIPTS + "sealing.js", 'need(hashText(data.e) === hexOf(manifest.phi), "round");', '', BROWSER),
    (SCRIPTS + "sealing.js", 'need(manifest.slots.includes(slotText(data.slot)), "slot");', '', BROWSER),
    (SCRIPTS + "sealing.js", 'need(a !== 1n && !used.has(bit[0]), "ballot");', 'need(a !== 1n, "ballot");', BROWSER),
    (SCRIPTS + "sealing.js", 'need(a !== 1n && !used.has(bit[0]), "ballot");', 'need(!used.has(bit[0]), "ballot");', BROWSER),
    (SCRIPTS + "sealing.js", 'isEarlier ? [el(a), el(b)] : [whole]', '[el(a), el(b)]', BROWSER),
    (SCRIPTS + "sealing.js", 'modQ(c0 + c1) ===\n          bitChallenge(manifest, data.slot, [target, place], statement, commitments)', 'true', BROWSER),
    (SCRIPTS + "sealing.js", 'need(own > 0n && sealed.a === again.a && sealed.b === again.b, "spoiled");', '', BROWSER),
    (SCRIPTS + "sealing.js", 'need(own > 0n && sealed.a === again.a && sealed.b === again.b, "spoiled");', 'need(own > 0n && sealed.a === again.a, "spoiled");', BROWSER),
    (SCRIPTS + "sealing.js", 'scores.every((one) => one >= 0 && one <= manifest.unitMax),\n    "spoiled",', 'true,', BROWSER),
    (SCRIPTS + "protocol.js", 'need(!chain.seen.has(tracker), "cast")', 'chain', BROWSER),
    (SCRIPTS + "protocol.js", 'need(isEarlier && !KINDS.includes(event.kind), "chain");', 'need(!KINDS.includes(event.kind), "chain");', BROWSER),
    (SCRIPTS + "protocol.js", 'need(isEarlier && !KINDS.includes(event.kind), "chain");', 'need(event.kind === "close", "chain");', BROWSER),
    (SCRIPTS + "protocol.js", '        array(parse(event.payload), 1).forEach(textOf);\n', '', BROWSER),
    (SCRIPTS + "protocol.js", 'need(tallied === null || tallied === isTallied, "sum");', '', BROWSER),
    (SCRIPTS + "protocol.js", '    array(data.partials, manifest.keys.length);\n', '', BROWSER),
    (SCRIPTS + "protocol.js", 'need(integer(event.seq) === place && event.prev === prev, "chain");', 'need(integer(event.seq) === place, "chain");', BROWSER),
    (SCRIPTS + "protocol.js", 'need(integer(event.seq) === place && event.prev === prev, "chain");', 'need(event.prev === prev, "chain");', BROWSER),
    (SCRIPTS + "protocol.js", 'need(event.hash === linkOf(prev, place, event.kind, event.payload, version), "chain");', '', BROWSER),
    (SCRIPTS + "protocol.js", 'need(event.kind === "open" && event.payload === hexOf(manifest.phi), "chain");', '', BROWSER),
    (SCRIPTS + "protocol.js", 'manifest.slots.includes(slotText(slot)) && !seen.has(hashText(tracker))', 'manifest.slots.includes(slotText(slot))', BROWSER),
    (SCRIPTS + "protocol.js", '      need(event.kind === "extend", "chain");\n', '', BROWSER),
    (SCRIPTS + "protocol.js", '  need(closing, "chain");\n', '', BROWSER),
    (SCRIPTS + "protocol.js", ' && found.length === chain.current.size', '', BROWSER),
    (SCRIPTS + "protocol.js", 'need(found.every(([slot, tracker]) => chain.current.get(slot) === tracker), "board");', '', BROWSER),
    (SCRIPTS + "protocol.js", 'found.length >= manifest.minBallots && names.length === found.length', 'names.length === found.length', BROWSER),
    (SCRIPTS + "protocol.js", 'found.length >= manifest.minBallots && names.length === found.length', 'found.length >= manifest.minBallots', BROWSER),
    (SCRIPTS + "protocol.js", 'isSorted(names) && names.every((name) => manifest.roll.includes(name))', 'isSorted(names)', BROWSER),
    (SCRIPTS + "protocol.js", 'isSorted(names) && names.every((name) => manifest.roll.includes(name))', 'names.every((name) => manifest.roll.includes(name))', BROWSER),
    (SCRIPTS + "protocol.js", 'need(canonical(names) === canonical(chain.closing.names), "board");', '', BROWSER),
    (SCRIPTS + "protocol.js", 'need(hexOf(kappa) === chain.closing.kappa, "board");', '', BROWSER),
    (SCRIPTS + "protocol.js", 'need(canonical(sums) === canonical(data.sums), "sum");', '', BROWSER),
    (SCRIPTS + "protocol.js", 'need(partChallenge(manifest, kappa, k, target, elements) === c, "partial");', '', BROWSER),
)  # fmt: skip


def caught(number: int, folder: Path) -> bool:
    """Whether the tests notice this mutation in a copy of their own."""
    name, old, new, tests = MUTATIONS[number]
    copy = folder / str(number)
    for part in COPIED:
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("manage.py", "pyproject.toml"):
        shutil.copy(ROOT / part, copy / part)
    file = copy / "courts" / name
    source = file.read_text("utf-8")
    if source.count(old) != 1:
        raise SystemExit(f"{name}: {old!r} stands there {source.count(old)} times")
    file.write_text(source.replace(old, new), "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", tests]
    keep_vectors = ["--deselect", f"{PROTOCOL}::test_refusals_are_what_the_code_makes"]
    done = subprocess.run(
        [*command, *keep_vectors],
        cwd=copy,
        env=os.environ | {"DEBUG": "1", "DATABASE_URL": ""},
        capture_output=True,
        check=False,
    )
    shutil.rmtree(copy)
    if done.returncode not in {0, 1, 2}:
        sys.stdout.write(done.stdout.decode()[-2000:])
    return done.returncode in {1, 2}


def main(arguments: Sequence[str]) -> int:
    """Try all mutations, or those of the files whose names hold one of the arguments."""
    chosen = [
        number
        for number, (name, *_rest) in enumerate(MUTATIONS)
        if not arguments or any(part in name for part in arguments)
    ]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda number: caught(number, Path(folder)), chosen))
    missed = [number for number, was in zip(chosen, found, strict=True) if not was]
    for number in missed:
        name, old, new, _tests = MUTATIONS[number]
        sys.stdout.write(f"NOT NOTICED {name}: {old!r} → {new!r}\n")
    sys.stdout.write(f"{len(chosen)} mutations, {len(missed)} not noticed\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
