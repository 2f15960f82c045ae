"""A whole round in the browser: keys, votes, checking, opening; no score goes out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from courts.ballots import booth_file, scrutineer_file
from courts.ballots.protocol.canonical import canonical
from courts.ballots.services.opening import confirm
from courts.models import BallotRound
from courts.setup.services.ballot_samples import open_with
from tests.browser.ballot_steps import (
    PATIENCE,
    address,
    mark,
    offline_page,
    pass_gate,
    recognise,
    saved,
    tracker_in,
)
from tests.browser.test_ballots import LogIn, vote
from tests.courts.ballot_fixtures import Vote

__all__ = ["vote"]

pytestmark = pytest.mark.django_db(transaction=True)

SCORES = (("7.5", "11.5"), ("3.5", "9.5"), ("6.5", "10.5"))


@pytest.fixture
def requests(context: BrowserContext) -> list[Request]:
    """Everything the browser sends."""
    sent: list[Request] = []
    context.on("request", lambda request: sent.append(request))  # noqa: PLW0108
    return sent


def type_card(page: Page, digits: str, check: str) -> None:
    page.locator("[data-digits-in]").fill(digits)
    page.locator("[data-check-in]").fill(check)


def make_key_in_the_page(page: Page, vote: Vote) -> tuple[str, str, str]:
    page.goto(address(vote, "keys/"))
    page.locator("[data-fallback] summary").click()
    page.get_by_role("button", name="在网页里制作密钥").click()
    expect(page.locator("[data-check]")).not_to_be_empty()
    digits = page.locator("[data-digits]").inner_text()
    check = page.locator("[data-check]").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="存成文件").click()
    saved_card = download.value.path().read_text("utf-8")
    page.get_by_label("我已抄好或打印好密钥卡").check()
    page.get_by_role("button", name="交公钥").click()
    expect(page.locator("[data-status-here]")).to_contain_text("公钥已交")
    return digits, check, saved_card


def rehearse_in_the_page(
    page: Page, vote: Vote, folder: Path, cards: list[tuple[str, str, str]]
) -> None:
    page.goto(address(vote, "keys/"))
    page.locator("[data-fallback] summary").click()
    status, button = (
        page.locator("[data-status-here]"),
        page.get_by_role("button", name="在网页里演练"),
    )
    digits, check, text = cards[0]
    for wrong, said in (
        ((digits[:-2], check), "应为64位"),
        ((digits.replace(digits[0], "g", 1), check), "只能有0至9和a至f"),
        ((digits, "00000000"), "校验码不对"),
        (cards[1][:2], "不是您在这轮投票的密钥卡"),
    ):
        type_card(page, *wrong)
        button.click()
        expect(status).to_contain_text(said)
    file = folder / "key-card.txt"
    for written, said in (
        (text.replace(vote.row.code, "another"), "另一轮投票的密钥卡"),
        ("nothing", "没有读懂这个文件"),
        (text, "密钥卡已读入"),
    ):
        file.write_text(written, "utf-8", newline="")
        page.locator("[data-card-file]").set_input_files(file)
        expect(status).to_contain_text(said)
    button.click()
    expect(status).to_contain_text("演练成功")


def make_key_in_the_file(
    offline: Page, page: Page, vote: Vote, folder: Path
) -> tuple[str, str, str]:
    """The second scrutineer's, on a computer without a network; only X and proofs come back."""
    offline.get_by_role("button", name="制作密钥").click()
    make = offline.locator("button[data-make]")
    make.click()
    expect(offline.locator("[data-make-status]")).to_contain_text("请输入轮次编号和姓名")
    offline.get_by_label("姓名").fill(vote.holders[1].name)
    page.goto(address(vote, "keys/"))
    status = page.locator("[data-keys] > [data-status]")
    for code, name, said in (
        ("another-round", vote.holders[1].name, "轮次编号输错了"),
        (vote.row.code, vote.holders[0].name, "别的姓名"),
        (vote.row.code, vote.holders[1].name, "公钥已交"),
    ):
        offline.get_by_label("轮次编号").fill(code)
        offline.get_by_label("姓名").fill(name)
        make.click()
        expect(offline.locator("[data-card-id]")).to_have_text(code)
        expect(offline.locator("[data-card-name]")).to_have_text(name)
        page.locator("[data-key-file]").set_input_files(
            saved(offline, "save-key", folder / "key.json")
        )
        expect(status).to_contain_text(said)
    text = saved(offline, "save-card", folder / "key-card.txt").read_text("utf-8")
    _round, _name, digits, check, _end = text.split("\n")
    return digits.strip(), check.strip(), text


def rehearse_in_the_file(offline: Page, page: Page, vote: Vote, folder: Path) -> str:
    """The fingerprint that the file shows, which goes on the notice board."""
    page.goto(address(vote, "keys/"))
    page.get_by_role("button", name="取演练文件").click()
    request = saved(page, "save-request", folder / "rehearsal-request.json")
    offline.get_by_role("button", name="演练").click()
    offline.locator("[data-request]").set_input_files(folder / "key-card.txt")
    status = offline.locator("[data-rehearse-status]")
    expect(status).to_contain_text("没有读懂这个文件")
    offline.locator("[data-request]").set_input_files(request)
    expect(status).to_contain_text("已读入")
    expect(offline.locator("[data-rehearse-roll]")).to_contain_text("3：委员0、委员1、委员2")
    offline.locator("[data-try-card]").set_input_files(folder / "key-card.txt")
    expect(status).to_contain_text("密钥卡已读入")
    offline.get_by_role("button", name="做出答复文件").click()
    expect(status).to_contain_text(f"是{vote.holders[1].name}的")
    answer = saved(offline, "save-answer", folder / "rehearsal-2.json")
    page.locator("[data-answer-file]").set_input_files(request)
    expect(page.locator("[data-keys] > [data-status]")).to_contain_text("没有读懂这个文件")
    page.locator("[data-answer-file]").set_input_files(answer)
    expect(page.locator("[data-keys] > [data-status]")).to_contain_text("演练成功")
    return "".join(offline.locator("[data-rehearse-print]").inner_text().split())


def test_a_whole_round(
    page: Page,
    browser: Browser,
    context: BrowserContext,
    log_in: LogIn,
    requests: list[Request],
    assert_accessible: Callable[[Page], None],
    vote: Vote,
    tmp_path: Path,
) -> None:
    """One scrutineer works in the pages, one in the file; so do two voters and the third."""
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    one, two = vote.holders
    log_in(one)
    cards = [make_key_in_the_page(page, vote)]
    assert_accessible(page)
    source = scrutineer_file.FILE.source
    with offline_page(browser, tmp_path, "scrutineer.html", source) as offline:
        log_in(two)
        cards.append(make_key_in_the_file(offline, page, vote, tmp_path))
        assert_accessible(offline)
        on_paper = rehearse_in_the_file(offline, page, vote, tmp_path)
        assert_accessible(offline)
    log_in(one)
    rehearse_in_the_page(page, vote, tmp_path, cards)
    log_in(vote.office)
    page.goto(address(vote))
    assert_accessible(page)
    page.get_by_role("button", name="开始投票").click()
    expect(page.locator(".page-head .tag").first).to_have_text("投票中")

    trackers = [vote_in_the_booth(page, log_in, vote, place, on_paper) for place in range(2)]
    assert_accessible(page)
    trackers.append(vote_in_the_file(browser, page, log_in, vote, on_paper, tmp_path))
    nothing_told(page, context, requests)

    log_in(vote.office)
    page.goto(address(vote))
    page.get_by_role("button", name="截止投票").click()
    expect(page.locator(".page-head .tag").first).to_have_text("已截止")
    sheet = vote.fresh().row.close_hash
    # The third checks as one who knows the way: by the service.
    confirm(user=vote.leaders[2], ballot_round=vote.row)
    for place, leader in enumerate(vote.leaders[:2]):
        log_in(leader)
        page.goto(address(vote))
        page.get_by_role("link", name="去核对").click()
        recognise(page, sheet)
        if place == 0:
            # On another computer nothing is kept, and the tracker is typed from paper.
            page.get_by_role("button", name="不一样，照纸上输入").click()
            page.locator("[data-tracker-in]").fill(trackers[place].upper())
            page.keyboard.press("Enter")
        else:
            page.get_by_role("button", name="一样，查这一张").click()
        expect(page.locator("[data-check-status]")).to_contain_text("已计入")
        expect(page.locator("[data-trackers] li")).to_have_count(3)
        expect(page.locator("[data-trackers] .is-found")).to_have_text(trackers[place])
        if place == 0:
            assert_accessible(page)
        page.get_by_role("button", name="已核对，无误").click()
        expect(page.get_by_text("您已核对，谢谢。")).to_be_visible()
    log_in(one)
    page.goto(address(vote, "opening/"))
    page.locator("[data-fallback] summary").click()
    expect(page.locator("[data-past-signed]")).to_be_hidden()
    pass_gate(page, sheet, vote.leaders[1].name, trackers[1], 2)
    expect(page.locator("[data-signed-status]")).to_contain_text("至少要签名的人数：3")
    expect(page.locator("[data-past-signed]")).to_be_hidden()
    page.locator("[data-signed]").fill("3")
    assert_accessible(page)
    type_card(page, *cards[0][:2])
    page.get_by_role("button", name="开票", exact=True).click()
    expect(page.locator("[data-status-open]")).to_contain_text("已交")
    # How a part made in the file is handed in, tests/browser/test_scrutineer_file.py has.
    assert open_with(two, vote.row, int(cards[1][0].replace(" ", ""), 16))
    log_in(vote.office)
    page.goto(address(vote))
    # 7.5 + 3.5 + 6.5 = 17.5, 11.5 + 9.5 + 10.5 = 31.5
    expect(page.get_by_role("row", name="延吉市人民法院")).to_contain_text("17.50")
    expect(page.get_by_role("row", name="图们市人民法院")).to_contain_text("10.50")
    assert_accessible(page)
    assert BallotRound.objects.get().sums == [35, 63]
    page.get_by_role("link", name="开票记录（打印、签名）").click()
    expect(page.get_by_role("heading", name="无记名投票开票记录")).to_be_visible()
    assert_accessible(page)
    for digits, _check, _text in cards:
        secret = digits.replace(" ", "").lstrip("0")
        assert not any(secret in (request.post_data or "") for request in requests)


def vote_in_the_booth(page: Page, log_in: LogIn, vote: Vote, place: int, on_paper: str) -> str:
    """The first voter has a ballot checked before casting one."""
    log_in(vote.leaders[place])
    page.goto(address(vote, "booth/"))
    recognise(page, on_paper)
    page.get_by_role("button", name="最后看一遍").click()
    expect(page.locator("[data-booth] > [data-status]")).to_contain_text("还有法院没有打分")
    mark(page, SCORES[place])
    spoiled = ""
    if place == 0:
        spoiled = tracker_in(page.locator("[data-sealed]"))
        page.locator("[data-challenge] summary").click()
        page.get_by_role("button", name="检查这张选票，不投它").click()
        expect(page.locator("[data-spoiled-rows] tr")).to_have_count(2)
        page.get_by_role("button", name="再加密一张，去投票").click()
        mark(page, SCORES[place])
    own = tracker_in(page.locator("[data-sealed]"))
    assert own != spoiled
    if place == 1:
        # What did not arrive is sent again, to the byte; it can no longer be checked instead.
        page.route("**/cast.json", lambda route: route.abort(), times=1)
        page.get_by_role("button", name="投出这张选票").click()
        expect(page.locator("[data-booth] > [data-status]")).to_contain_text("没有连上服务器")
        expect(page.locator("button[data-spoil]")).to_be_hidden()
    page.get_by_role("button", name="投出这张选票").click()
    expect(page.get_by_role("heading", name="投票成功")).to_be_visible()
    assert tracker_in(page.locator("[data-receipt]")) == own
    return own


def vote_in_the_file(
    browser: Browser, page: Page, log_in: LogIn, vote: Vote, on_paper: str, folder: Path
) -> str:
    """Sealed in booth.html, one ballot looked into in scrutineer.html, one handed in."""
    log_in(vote.leaders[2])
    page.goto(address(vote, "booth/"))
    place = page.locator("[data-offline-ballot]")
    place.locator("summary").click()
    paper = saved(page, "save-paper", folder / "voting.json")
    with offline_page(browser, folder, "booth.html", booth_file.FILE.source) as offline:
        offline.locator("[data-paper-file]").set_input_files(paper)
        recognise(offline, on_paper)
        mark(offline, SCORES[2])
        tracker = tracker_in(offline.locator("[data-sealed]"))
        offline.locator("button[data-spoil]").click()
        spoiled = saved(offline, "save-spoiled", folder / "spoiled.json")
        offline.locator("button[data-vote-again]").click()
        mark(offline, SCORES[2])
        offline.locator("button[data-give]").click()
        own = tracker_in(offline.locator("[data-done]"))
        ballot = saved(offline, "save-ballot", folder / "ballot.json")
    source = scrutineer_file.FILE.source
    with offline_page(browser, folder, "scrutineer.html", source) as offline:
        offline.locator("[data-to-spoiled]").click()
        offline.locator("[data-spoiled-manifest]").set_input_files(paper)
        status = offline.locator("[data-spoiled-status]")
        for file, said in (
            (ballot, "没有读懂这个文件"),
            (lying(spoiled, folder / "lying.json"), "不成立"),
            (spoiled, "成立：这张选票里就是"),
        ):
            offline.locator("[data-spoiled-file]").set_input_files(file)
            expect(status).to_contain_text(said)
        found = offline.locator("[data-spoiled-tracker]").inner_text()
        assert "".join(found.split()) == tracker
        expect(offline.locator("[data-spoiled-rows] tr td")).to_have_text(list(SCORES[2]))
    for file, said in ((spoiled, "没有读懂这个文件"), (ballot, "还没有投出")):
        page.locator("[data-ballot-file]").set_input_files(file)
        expect(page.locator("[data-hand-status]")).to_contain_text(said)
    assert tracker_in(place) == own
    page.get_by_role("button", name="一样，投出这张选票").click()
    expect(page.get_by_role("heading", name="投票成功")).to_be_visible()
    assert tracker_in(page.locator("[data-receipt]")) == own
    return own


def lying(spoiled: Path, file: Path) -> Path:
    """The same spoiled ballot, said to hold another score."""
    data = json.loads(spoiled.read_text("utf-8"))
    data["scores"][0] -= 1
    file.write_bytes(canonical(data))
    return file


def nothing_told(page: Page, context: BrowserContext, requests: list[Request]) -> None:
    """The scores are in no address, body, header, cookie or storage; casts are sealed alone."""
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    # Not when a cookie ends: the fractions of a second hold every score sooner or later.
    told = [kept, *(f"{c.get('name')}={c.get('value')}" for c in context.cookies())]
    casts = []
    for request in requests:
        told += [request.url, request.post_data or "", json.dumps(request.headers)]
        if request.url.endswith("cast.json"):
            casts.append(request.post_data or "")
            sent = json.loads(casts[-1])
            assert set(sent) == {"e", "slot", "t"}
            assert all(len(bit) == 6 for bits in sent["t"] for bit in bits)
    assert (len(casts), len(set(casts))) == (4, 3)
    scores = {score for row in SCORES for score in row}
    assert not [text for text in told for score in scores if score in text]
