"""How long the ballot takes: sealing in Chromium, the server's check, a whole tally: `make bench`.

Nine courts by halves of twelve points. Ends with status 1 when one takes longer than it may: 1.5 s
(median) to seal, 1 s to check, 30 s to recount and tally thirty voters.
"""

from __future__ import annotations

import shutil
import statistics
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import perf_counter

from playwright.sync_api import sync_playwright

from courts.ballots.protocol import board, tally
from courts.ballots.protocol.ballot import read_ballot, seal
from courts.ballots.protocol.board import next_event
from courts.ballots.protocol.canonical import canonical, parse
from courts.ballots.protocol.keys import make_secret, prove_key
from courts.ballots.protocol.manifest import Manifest, Target, Trustee

VOTERS, COURTS, UNIT_MAX, SEALS = 30, 9, 24, 7
MOST_TO_SEAL, MOST_TO_CHECK, MOST_TO_TALLY = 1.5, 1.0, 30.0
STATIC = Path(__file__).parents[2] / "static" / "courts" / "ballots"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

SEAL_ONCE = """async (manifest) => {
  const { readManifest, seal } = await import("/ballot-protocol.js");
  const before = performance.now();
  const read = readManifest(JSON.parse(manifest));
  seal(read, read.slots[0], read.targets.map((_one, place) => (place * 7) % 25));
  return (performance.now() - before) / 1000;
}"""


def made() -> tuple[Manifest, list[int]]:
    secrets = [make_secret(), make_secret()]
    trustees = tuple(
        Trustee(f"监票人{k}", prove_key(secret, "bench", f"监票人{k}"))
        for k, secret in enumerate(secrets)
    )
    manifest = Manifest(
        id="bench",
        title="bench",
        targets=tuple(Target(f"court-{n}", f"第{n}法院") for n in range(COURTS)),
        unit="0.5",
        unit_max=UNIT_MAX,
        slots=tuple(format(n + 1, "032x") for n in range(VOTERS)),
        roll=tuple(f"委员{n:02d}" for n in range(VOTERS)),
        min_ballots=20,
        trustees=trustees,
    )
    return manifest, secrets


def played(manifest: Manifest, secrets: list[int]) -> tuple[bytes, bytes]:
    """A closed board, and one ballot of it as sent."""
    ballots = [
        seal(manifest, slot, [(n * 5 + place) % 25 for place in range(COURTS)])
        for n, slot in enumerate(manifest.slots)
    ]
    events = [next_event(None, board.OPEN, manifest.fingerprint.hex())]
    for ballot in ballots:
        payload = board.ballot_payload(ballot.slot, ballot.tracker)
        events.append(next_event(events[-1], board.BALLOT, payload))
    trackers = [ballot.tracker for ballot in ballots]
    kappa = board.closing_hash(manifest.fingerprint, events[-1].hash, manifest.roll, trackers)
    events.append(next_event(events[-1], board.CLOSE, board.close_payload(kappa, manifest.roll)))
    wire = [ballot.wire for ballot in ballots]
    raw = board.write_board(manifest.wire, wire, events, manifest.roll)
    return raw, ballots[0].body


def tallied(raw: bytes, secrets: list[int]) -> tuple[int, ...]:
    """Recount everything, open with both keys, check both parts, find the sums."""
    found = board.read_board(raw, tallied=False)
    sealed = tally.aggregate(found.ballots, found.manifest)
    kappa = bytes.fromhex(found.chain.kappa)
    parts = [
        tally.open_part(secret, k, sealed, found.manifest, kappa)
        for k, secret in enumerate(secrets)
    ]
    for k, part in enumerate(parts):
        tally.check_part(part, k, sealed, found.manifest, kappa)
    return tally.sums_of(sealed, parts, found.manifest, len(found.ballots))


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_parts: object) -> None:
        """Say nothing of each request."""


def seconds_to_seal(manifest: Manifest) -> float | None:
    """The median in Chromium, tables and all; None where there is no Chromium."""
    executable = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if executable is None:
        return None
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(STATIC)))
    Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/icon.svg")
        text = canonical(manifest.wire).decode()
        times = [float(page.evaluate(SEAL_ONCE, text)) for _again in range(SEALS)]
        browser.close()
    server.shutdown()
    return statistics.median(times)


def main() -> int:
    """Measure and report."""
    manifest, secrets = made()
    raw, body = played(manifest, secrets)
    start = perf_counter()
    read_ballot(parse(body), manifest)
    check = perf_counter() - start
    start = perf_counter()
    sums = tallied(raw, secrets)
    whole = perf_counter() - start
    sealing = seconds_to_seal(manifest)
    lines = [
        ("seal in Chromium, median", sealing, MOST_TO_SEAL),
        ("check on the server", check, MOST_TO_CHECK),
        (f"recount and tally {VOTERS} voters", whole, MOST_TO_TALLY),
    ]
    slow = 0
    for label, value, most in lines:
        shown = "no Chromium" if value is None else f"{value:8.3f} s"
        slow += value is not None and value > most
        sys.stdout.write(f"{COURTS} courts: {label:30} {shown}  (at most {most} s)\n")
    expected = tuple(sum((n * 5 + place) % 25 for n in range(VOTERS)) for place in range(COURTS))
    return 1 if slow or sums != expected else 0


if __name__ == "__main__":
    sys.exit(main())
