"""Tests of entering a return in a browser: by keyboard, by a block, offline, two at once."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, expect

from courts.models import Figure, QualityYear, User
from courts.returns.services.returns import CellEntry, save_cells
from courts.reviews.services.reviews import send_back
from courts.years.selectors.slots import find_slot
from tests.browser.looking import follow
from tests.pages import account

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/yanbian-2019/returns/yanji/2019-01/litigation/"
# In the grid's order; every check of the notice holds.
METRICS = (
    "appeal_revised",
    "appeal_remanded",
    "retrial_revised",
    "retrial_remanded",
    "retrial_directed",
    "retrial_decided",
    "retrial_escalated",
    "retrial_designated",
    "appeals_filed",
    "retrial_petitions_received",
    "retrial_petitions_closed",
    "first_instance_closed",
    "effective_judgments",
)
BLOCK = ("8", "3", "1", "0", "0", "2", "0", "0", " 90 ", "１０", "9", "1,200", "1150")
VALUES = (8, 3, 1, 0, 0, 2, 0, 0, 90, 10, 9, 1200, 1150)


def field(page: Page, metric: str, column: str = "total"):
    return page.locator(f"tr[data-metric={metric}] input[data-column={column}]")


def expect_state(page: Page, metric: str, state: str) -> None:
    expect(page.locator(f"tr[data-metric={metric}]")).to_have_attribute("data-state", state)


def open_grid(page: Page, address: str = ADDRESS) -> None:
    """Open a return that takes figures, and wait until the page has heard how it stands.

    It asks once, and every answer renews the session. The first page of a run reads catalogues
    and rulebook.
    """
    with page.expect_response(
        lambda answer: answer.url.endswith("/cells/") and answer.request.method == "GET"
    ) as asked:
        response = page.goto(address, timeout=60_000)
    assert response is not None
    assert response.ok
    asked.value.finished()
    # What the page does with an answer it has read comes before this.
    page.evaluate("() => new Promise((done) => setTimeout(done))")


def paste(page: Page, text: str) -> None:
    """Put a block on the machine's clipboard and press Ctrl+V."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+v")


def stored(metric: str) -> int | None:
    return Figure.objects.get(metric=metric, monthly_return__month=1).value


def slot_for(user: User):
    return find_slot(user, "yanbian-2019", "2019-01", "yanji", "litigation")


@pytest.fixture
def desk(year: QualityYear) -> User:
    return account("yanji-litigation", "yanji", "litigation", name="诉讼一岗")


@pytest.fixture
def grid(page: Page, desk: User, log_in) -> Page:
    log_in(desk)
    open_grid(page)
    expect(page.locator("html.has-script")).to_be_attached()
    return page


def test_entry_by_keyboard(grid: Page, assert_accessible) -> None:
    field(grid, METRICS[0]).focus()
    grid.keyboard.type("１２ ")
    grid.keyboard.press("Enter")
    expect(field(grid, METRICS[1])).to_be_focused()
    expect_state(grid, METRICS[0], "saved")
    expect(field(grid, METRICS[0], "alone")).to_have_value("12")
    grid.keyboard.press("ArrowRight")
    grid.keyboard.type("5")
    grid.keyboard.press("Shift+Enter")
    expect(field(grid, METRICS[0], "alone")).to_be_focused()
    expect_state(grid, METRICS[1], "saved")
    assert (stored(METRICS[0]), stored(METRICS[1])) == (12, 5)
    grid.keyboard.type("99")
    grid.keyboard.press("Escape")
    expect(field(grid, METRICS[0])).to_have_value("12")
    grid.keyboard.press("F2")
    grid.keyboard.press("ArrowLeft")
    grid.keyboard.type("0")
    grid.keyboard.press("Tab")
    expect_state(grid, METRICS[0], "saved")
    expect(field(grid, METRICS[0])).to_have_value("102")
    assert_accessible(grid)
    grid.keyboard.press("Shift+F2")
    expect(grid.locator("dialog[open] h2")).to_be_focused()
    assert_accessible(grid)
    grid.keyboard.press("Escape")
    expect(grid.locator("dialog[open]")).to_have_count(0)


def test_an_offline_spell_loses_nothing(grid: Page, context: BrowserContext) -> None:
    context.set_offline(True)
    field(grid, METRICS[0]).focus()
    grid.keyboard.type("7")
    grid.keyboard.press("Enter")
    expect_state(grid, METRICS[0], "unsent")
    expect(grid.locator("[data-line]")).to_be_visible()
    kept = grid.evaluate("Object.values(localStorage)")
    assert [json.loads(text)["text"] for text in kept] == ["7"]
    grid.goto("about:blank")
    context.set_offline(False)
    open_grid(grid)
    expect_state(grid, METRICS[0], "saved")
    assert stored(METRICS[0]) == 7
    assert grid.evaluate("localStorage.length") == 0


def test_signing_in_again_sends_what_waited(grid: Page, desk, log_in):
    # Ended on the server: every answer to the browser would hand a dropped cookie out again.
    Session.objects.all().delete()
    field(grid, METRICS[0]).focus()
    grid.keyboard.type("7")
    grid.keyboard.press("Enter")
    expect(grid.locator("[data-line] a")).to_be_visible()
    expect_state(grid, METRICS[0], "unsent")
    log_in(desk)
    grid.locator("[data-retry]").click()
    expect_state(grid, METRICS[0], "saved")
    assert stored(METRICS[0]) == 7


def test_two_editors_choose(grid: Page, year: QualityYear) -> None:
    other = account("yanji-litigation-2", "yanji", "litigation", name="诉讼二岗")
    save_cells(user=other, slot=slot_for(other), cells=[CellEntry(METRICS[0], 800, 0)])
    field(grid, METRICS[0]).focus()
    grid.keyboard.type("900")
    grid.keyboard.press("Enter")
    notes = grid.locator(f"#notes-{METRICS[0]}")
    expect(notes).to_contain_text("诉讼二岗")
    expect(notes).to_contain_text("800")
    assert stored(METRICS[0]) == 800
    notes.get_by_role("button", name="900").click()
    expect_state(grid, METRICS[0], "saved")
    assert stored(METRICS[0]) == 900


def hand_in(page: Page) -> None:
    page.locator("[data-submits]").click()
    page.wait_for_url("**/submit/")
    for box in page.locator("form.submit textarea").all():
        box.fill("已核对案卷")
    page.locator("form.submit .button-main").click()


def test_handing_in_and_back_and_again(grid: Page, desk: User, assert_accessible) -> None:
    field(grid, METRICS[0]).focus()
    paste(grid, "\n".join(BLOCK))
    for metric in METRICS:
        expect_state(grid, metric, "saved")
    assert [stored(metric) for metric in METRICS] == list(VALUES)
    hand_in(grid)
    expect(grid.locator("h1 .state")).to_have_class("state state-submitted")
    expect_state(grid, METRICS[0], "locked")
    office = account("office", "yanbian", "office")
    slot = slot_for(office)
    send_back(
        user=office,
        slot=slot,
        seen_version=slot.row().version,
        remarks={METRICS[0]: "请核对二审改判数"},
    )
    grid.goto("/yanbian-2019/returns/yanji/?month=2019-01")
    expect(grid.locator(".card-remarks")).to_contain_text("请核对二审改判数")
    assert_accessible(grid)
    open_grid(grid)
    expect(grid.locator(f"#notes-{METRICS[0]}")).to_contain_text("请核对二审改判数")
    field(grid, METRICS[0]).focus()
    grid.keyboard.type("9")
    grid.keyboard.press("Enter")
    expect_state(grid, METRICS[0], "saved")
    hand_in(grid)
    expect(grid.locator("h1 .state")).to_have_class("state state-submitted")


def test_a_template_filled_outside_comes_back_through_a_preview(
    grid: Page, tmp_path: Path, assert_accessible: Callable[[Page], None]
) -> None:
    with grid.expect_download() as download:
        grid.get_by_role("link", name="下载模板").click()
    path = tmp_path / "return.xlsx"
    download.value.save_as(path)
    book = openpyxl.load_workbook(path)
    sheet: Any = book.worksheets[0]
    rows = {row[0].value: row[0].row for row in sheet.iter_rows()}
    for metric, value in zip(METRICS, VALUES, strict=True):
        sheet.cell(rows[metric], 6, value)
    book.save(path)

    follow(grid, grid.get_by_role("link", name="从表格填报"))
    assert_accessible(grid)
    grid.get_by_label("表格文件（.xlsx、.csv、.xls 等）").set_input_files(path)
    grid.get_by_role("button", name="上传并预览").press("Enter")
    expect(grid.get_by_role("heading", name="预览：尚未写入")).to_be_visible()
    expect(grid.locator("input[name=pick]:checked")).to_have_count(len(METRICS))
    assert_accessible(grid)
    assert not Figure.objects.filter(monthly_return__year=2019).exists()
    grid.get_by_role("button", name="写入 13 处，跳过 0 处").press("Enter")
    expect(grid.get_by_role("status").first).to_contain_text("已写入 13 个数据")
    expect(field(grid, "appeals_filed")).to_have_value("90")
    grid.goto(f"{ADDRESS}upload/sources/")
    assert_accessible(grid)
