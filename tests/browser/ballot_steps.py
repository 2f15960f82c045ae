"""Owns what people do in the ballot's pages and offline files, for the tests of the browser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.courts.ballot_fixtures import Vote
from tests.oldest.removal import removal

PATIENCE = 90_000


def address(vote: Vote, page: str = "") -> str:
    """A page of the round."""
    return f"/{vote.year.code}/ballots/{vote.row.code}/{page}"


def choices(page: Page) -> dict[str, Locator]:
    """The four that a page shows, by their 64 digits."""
    buttons = page.locator("[data-four] button")
    expect(buttons).to_have_count(4, timeout=PATIENCE)
    found = {}
    for button in buttons.all():
        text = button.locator(".print-groups").inner_text()
        found["".join(text.split())] = button
    return found


def recognise(page: Page, on_paper: str) -> None:
    """Press the one of the four that is on paper."""
    choices(page)[on_paper].click()


def mark(page: Page, scores: Sequence[str]) -> None:
    """Score and seal."""
    for number, score in enumerate(scores):
        page.locator("[data-score]").nth(number).fill(score)
    page.locator("[data-look-over]").click()
    page.locator("button[data-seal]").click()
    expect(page.locator("[data-sealed]")).to_be_visible(timeout=PATIENCE)


def tracker_in(place: Locator) -> str:
    """A tracker as it is shown, without the spaces."""
    return "".join(place.locator("[data-own-tracker]").inner_text().split())


def saved(page: Page, link: str, file: Path) -> Path:
    """What a link of the page saves."""
    with page.expect_download() as download:
        page.locator(f"[data-{link}]").click()
    download.value.save_as(file)
    return file


def pass_gate(page: Page, kappa: str, voter: str, tracker: str, signed: int) -> None:
    """Type what is on paper before a key may be typed."""
    page.locator("[data-kappa-in]").fill(kappa)
    page.locator("select[data-voter]").select_option(voter)
    page.locator("[data-voter-tracker]").fill(tracker)
    page.locator("[data-signed]").fill(str(signed))
    page.locator("[data-no-objection]").check()


@contextmanager
def offline_page(
    browser: Browser, folder: Path, name: str, source: bytes, *, is_old: bool = True
) -> Iterator[Page]:
    """A file in an old browser of its own without a network; it may ask for nothing but itself."""
    file = folder / name
    file.write_bytes(source)
    context = browser.new_context(locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    context.set_offline(True)
    if is_old:
        # With nothing newer than the oldest browsers have.
        context.add_init_script(removal())
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
