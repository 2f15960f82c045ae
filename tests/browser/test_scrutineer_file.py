"""scrutineer.html opened from the disk, without a network: recounts boards, makes the opening."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from courts.ballots import scrutineer_file
from courts.ballots.protocol.canonical import canonical
from courts.ballots.protocol.keys import card
from courts.ballots.selectors.rounds import board_of
from courts.models import BallotRound, QualityYear, User
from tests.ballots import refusals, vectors
from tests.browser.ballot_steps import PATIENCE, offline_page, pass_gate
from tests.browser.test_ballots import CHECKS
from tests.courts.ballot_fixtures import Vote, people
from tests.pages import client_of

pytestmark = pytest.mark.django_db(transaction=True)

REFUSALS = json.loads(refusals.FILE.read_text("utf-8"))


@pytest.fixture
def offline(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The file where boards are recounted."""
    source = scrutineer_file.FILE.source
    with offline_page(browser, tmp_path, "scrutineer.html", source) as page:
        page.get_by_role("button", name="核对公示板、开票").click()
        yield page


def board_is(page: Page, folder: Path, board: bytes, said: str) -> None:
    file = folder / f"board-{sha256(board).hexdigest()[:8]}.json"
    file.write_bytes(board)
    page.locator("[data-board]").set_input_files(file)
    expect(page.locator("[data-status]")).to_contain_text(said, timeout=PATIENCE)


def test_boards_good_and_bad(
    offline: Page, tmp_path: Path, assert_accessible: Callable[[Page], None]
) -> None:
    good = canonical(REFUSALS["board"])
    board_is(offline, tmp_path, good, "公示板校验通过，合计与密文一致")
    expect(offline.locator("[data-good]")).to_be_visible()
    expect(offline.locator("[data-opening]")).to_be_hidden()
    assert_accessible(offline)
    tracker = json.loads(REFUSALS["board"]["events"][1]["payload"])[1]
    offline.locator("[data-find]").fill(tracker.upper())
    expect(offline.locator("[data-found]")).to_contain_text("在公示板上")
    for change, said in (
        (lambda board: board + b"\n", "不是原样的board.json"),
        (lambda board: b"\xef\xbb\xbf" + board, "不是原样的board.json"),
        (lambda board: board.replace(b'"seq":1}', b'"seq":2}'), "链断了"),
        (lambda board: board.replace(b'"sums":[', b'"sums":[9'), "不是这些选票的合计"),
        (lambda board: board.replace(b'"unit_max":', b'"unit_max":0,"unit_min":'), "多余"),
    ):
        changed = change(good)
        assert changed != good
        board_is(offline, tmp_path, changed, said)
        expect(offline.locator("[data-good]")).to_be_hidden()
    offline.get_by_role("button", name="한국어").click()
    expect(offline.locator("h1")).to_contain_text("검표인 오프라인 파일")
    expect(offline.locator("[data-status]")).to_contain_text("통과하지 못했습니다")
    offline.get_by_role("button", name="English").click()
    expect(offline.locator("[data-status]")).to_contain_text("Refused")


def test_vectors_and_refusals_in_the_file(browser: Browser, tmp_path: Path) -> None:
    """What runs here is what the pages run: the same corpus, accepted and refused alike."""
    source = scrutineer_file.FILE.source
    with offline_page(browser, tmp_path, "scrutineer.html", source, is_old=False) as page:
        found = page.evaluate(
            f"({CHECKS.read_text('utf-8').partition('*/')[2].strip()})",
            {"vectors": json.loads(vectors.FILE.read_text("utf-8")), "refusals": REFUSALS},
        )
    assert found == []


@pytest.fixture
def vote(year: QualityYear) -> Vote:
    return people(year, leaders=3).opened().cast_all((3, 0), (1, 1), (2, 2)).closed().confirmed()


def card_of(vote: Vote, place: int) -> tuple[str, str]:
    return card(vote.keys[vote.holders[place].pk])


def make_part(page: Page, said: str, **typed: str) -> None:
    for name, value in typed.items():
        page.locator(f"[data-{name}]").fill(value)
    page.get_by_role("button", name="生成开票文件").click()
    expect(page.locator("[data-status-open]")).to_contain_text(said)


def tracker_of(vote: Vote, leader: int) -> str:
    slot = vote.row.voters.get(user=vote.leaders[leader]).slot
    return vote.row.ballots.get(slot=slot, current=True).tracker


def pass_the_gate(page: Page, vote: Vote) -> None:
    """Step by step: nothing is asked before what comes first was typed, and rightly."""
    kappa, tracker = vote.row.close_hash, tracker_of(vote, 0)
    past_kappa, past_voter, past_signed = (
        page.locator(f"[data-past-{step}]") for step in ("kappa", "voter", "signed")
    )
    for typed, said in ((kappa[:-1], "还没有输完"), (kappa[:-1] + "x", "与公示表不一致")):
        page.locator("[data-kappa-in]").fill(typed)
        expect(page.locator("[data-kappa-status]")).to_contain_text(said)
        expect(past_kappa).to_be_hidden()
    page.locator("[data-kappa-in]").fill(" ".join(kappa).upper())
    expect(page.locator("[data-names]")).to_have_text("委员0、委员1、委员2")
    expect(page.locator("[data-counted]")).to_have_text("3 / 3")
    page.locator("[data-voter-tracker]").fill(tracker)
    expect(page.locator("[data-voter-status]")).to_contain_text("请选择您问的是哪一位")
    page.locator("select[data-voter]").select_option(vote.leaders[0].name)
    page.locator("[data-voter-tracker]").fill("0" * 64)
    expect(page.locator("[data-voter-status]")).to_contain_text("公示板是假的")
    expect(past_voter).to_be_hidden()
    page.locator("[data-voter-tracker]").fill(tracker)
    expect(page.locator("[data-trackers] li")).to_have_count(3)
    for signed, said in (("4", "比计入的选票还多"), ("2", "至少要签名的人数：3")):
        page.locator("[data-no-objection]").check()
        page.locator("[data-signed]").fill(signed)
        expect(page.locator("[data-signed-status]")).to_contain_text(said)
        expect(past_signed).to_be_hidden()
    page.locator("[data-signed]").fill("3")
    page.locator("[data-no-objection]").uncheck()
    expect(past_signed).to_be_hidden()
    page.locator("[data-no-objection]").check()
    expect(past_signed).to_be_visible()


def save_part(page: Page, file: Path) -> None:
    with page.expect_download() as download:
        page.get_by_role("link", name="存下开票文件").click()
    download.value.save_as(file)


def test_the_server_takes_what_the_file_made(
    offline: Page,
    page: Page,
    log_in: Callable[[User], None],
    tmp_path: Path,
    assert_accessible: Callable[[Page], None],
    vote: Vote,
) -> None:
    expect.set_options(timeout=PATIENCE)
    board_is(offline, tmp_path, board_of(vote.office, vote.row), "还没有开票")
    assert_accessible(offline)
    expect(offline.locator("[data-kappa-line]")).to_be_hidden()
    expect(offline.locator("[data-digits]")).to_be_hidden()
    offline.locator("[data-who]").select_option(vote.holders[0].name)
    pass_the_gate(offline, vote)
    print_in = offline.locator("[data-print-in]")
    for typed, said in (
        (vote.row.fingerprint[:-1], "还没有输完"),
        (vote.row.fingerprint[:-1] + "x", "不一致"),
    ):
        print_in.fill(typed)
        expect(offline.locator("[data-print-status]")).to_contain_text(said)
        make_part(offline, "不一致")
    print_in.fill(vote.row.fingerprint.upper())
    expect(offline.locator("[data-print-status]")).to_have_text("一致。")
    digits, check = card_of(vote, 0)
    other_digits, other_check = card_of(vote, 1)
    make_part(offline, "应为64位", digits=digits[:-1])
    make_part(offline, "校验码不对", digits=digits, check=other_check)
    make_part(offline, "这是监票人1的密钥卡", digits=other_digits, check=other_check)
    make_part(
        offline, "不是这轮投票的密钥卡", **dict(zip(("digits", "check"), card(7), strict=True))
    )
    wrong_round = tmp_path / "key-card.txt"
    for first, said in (
        ("another-round", "另一轮投票（another-round）"),
        (vote.row.code, "已读入"),
    ):
        lines = (first, vote.holders[0].name, digits, check, "")
        wrong_round.write_text("\r\n".join(lines), "utf-8")
        offline.locator("[data-card]").set_input_files(wrong_round)
        expect(offline.locator("[data-status-open]")).to_contain_text(said)
    make_part(offline, "开票文件已做好")
    expect(offline.locator("[data-digits]")).to_have_value("")
    save_part(offline, tmp_path / "partial-1.json")
    address = reverse("courts:ballot_partial", args=[vote.year.code, vote.row.code])
    part = (tmp_path / "partial-1.json").read_bytes()
    answer = client_of(vote.holders[0]).post(address, part, content_type="application/json")
    assert answer.json() == {"tallied": False}

    # The other scrutineer asks another voter.
    offline.locator("[data-who]").select_option(vote.holders[1].name)
    expect(offline.locator("[data-digits]")).to_be_hidden()
    pass_gate(offline, vote.row.close_hash, vote.leaders[1].name, tracker_of(vote, 1), 3)
    make_part(offline, "开票文件已做好", digits=other_digits, check=other_check)
    save_part(offline, tmp_path / "partial-2.json")
    # The second is handed in as a person would.
    log_in(vote.holders[1])
    page.goto(reverse("courts:ballot_opening", args=[vote.year.code, vote.row.code]))
    chosen, button = page.locator("[data-part-file]"), page.get_by_role("button", name="交开票文件")
    button.click()
    expect(page.locator("[data-hand-status]")).to_contain_text("没有读懂这个文件")
    other = tmp_path / "other.json"
    other.write_bytes(part.replace(vote.row.close_hash.encode(), b"0" * 64))
    chosen.set_input_files(other)
    button.click()
    expect(page.locator("[data-hand-status]")).to_contain_text("不是为这个截止结果做的")
    chosen.set_input_files(tmp_path / "partial-2.json")
    button.click()
    expect(page.locator("[data-hand-status]")).to_contain_text("已经计票")
    assert BallotRound.objects.get().sums == [6, 3]

    # Another closing of the same round is not opened by the same computer.
    offline.evaluate(
        "print => localStorage.setItem(`ballot-opened-${print}`, '0'.repeat(64))",
        vote.row.fingerprint,
    )
    make_part(offline, "只能开一次", digits=digits, check=check)
