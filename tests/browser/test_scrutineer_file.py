"""scrutineer.html opened from the disk, without a network: recounts boards, makes the opening."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from courts import scrutineer_file
from courts.ballots.canonical import canonical
from courts.ballots.keys import card
from courts.models import BallotRound, QualityYear, User
from courts.selectors.ballots import board_of
from tests.ballots import refusals, vectors
from tests.browser.test_ballots import CHECKS, PATIENCE
from tests.courts.ballot_fixtures import Vote, people
from tests.pages import client_of, year

__all__ = ["year"]

pytestmark = pytest.mark.django_db(transaction=True)

REFUSALS = json.loads(refusals.FILE.read_text("utf-8"))


@pytest.fixture
def offline(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The file in a browser of its own that has no network; it may ask for nothing but itself."""
    file = tmp_path / "scrutineer.html"
    file.write_bytes(scrutineer_file.source())
    context = browser.new_context(locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    context.set_offline(True)
    wrong: list[str] = []
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on(
        "console",
        lambda message: wrong.append(message.text) if message.type == "error" else None,
    )
    page = context.new_page()
    page.goto(file.as_uri())
    yield page
    context.close()
    assert not wrong
    assert [one for one in asked if not one.startswith(("blob:null/", file.as_uri()))] == []


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


def test_vectors_and_refusals_in_the_file(offline: Page) -> None:
    """What runs here is what the pages run: the same corpus, accepted and refused alike."""
    found = offline.evaluate(
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
    digits, check = card_of(vote, 0)
    make_part(offline, "请先与纸上公布的指纹比对", digits=digits, check=check)
    offline.get_by_label("指纹与纸上公布的一致").check()
    make_part(offline, "请先与其他监票人念出")
    offline.get_by_label("已与其他监票人念出").check()
    make_part(offline, "请选择您是哪位监票人")
    offline.locator("[data-who]").select_option(vote.holders[0].name)
    print_in = offline.locator("[data-print-in]")
    for typed, said in (
        (vote.row.fingerprint[:-1], "还没有输完"),
        (vote.row.fingerprint[:-1] + "x", "不一致"),
    ):
        print_in.fill(typed)
        expect(offline.locator("[data-print-status]")).to_contain_text(said)
        make_part(offline, "请先与纸上公布的指纹比对")
    print_in.fill(vote.row.fingerprint.upper())
    expect(offline.locator("[data-print-status]")).to_have_text("一致。")
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

    offline.locator("[data-who]").select_option(vote.holders[1].name)
    make_part(offline, "开票文件已做好", digits=other_digits, check=other_check)
    save_part(offline, tmp_path / "partial-2.json")
    # The second is handed in as a person would.
    log_in(vote.holders[1])
    page.goto(reverse("courts:ballot_opening", args=[vote.year.code, vote.row.code]))
    page.get_by_text("改在不联网的电脑上开票").click()
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
