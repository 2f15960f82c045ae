"""Tests of figures from spreadsheets in a browser: the dialog of a block, ticks of an upload."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect

from courts.models import Figure, QualityYear, User
from courts.returns.services.returns import CellEntry, save_cells
from courts.years.selectors.slots import find_slot
from tests.browser.test_returns import open_grid
from tests.pages import account

pytestmark = pytest.mark.django_db(transaction=True)

RETURN = "/yanbian-2019/returns/yanji/2019-01/litigation/"
GRID = "/yanbian-2019/grid/2019-01/litigation/"
TEMPLATE = (
    "代码\t指标\t单位\t去年同期\t上月累计\t本月累计\t当月数\t说明\r\n"
    "\t二审改判、发回\r\n"
    "appeal_revised\t二审被改判\t件\t50\t\t46\t46\t本院裁判\r\n"
    "appeal_remanded\t二审被发回重审\t件\t30\t\t29\t29\t本院裁判\r\n"
    "\t合计\t\t80\t\t75\t75\r\n"
)


@pytest.fixture
def desk(year: QualityYear) -> User:
    return account("yanji-litigation", "yanji", "litigation", name="诉讼一岗")


def opened(page: Page, address: str) -> Page:
    if address == GRID:
        page.goto(address, timeout=60_000)
    else:
        open_grid(page, address)
    page.evaluate(
        """() => {
            window.written = [];
            document.addEventListener("grid:write", (event) => {
                window.written.push(event.detail.pairs);
            });
        }"""
    )
    return page


def hand_over(page: Page, field: Any, text: str) -> None:
    """Focus a cell and hand a block over as the grid does."""
    field.focus()
    taken = page.evaluate(
        """(text) => {
            const input = document.activeElement;
            const detail = { text, cell: input };
            const event = new CustomEvent("grid:paste", { cancelable: true, detail });
            return !document.dispatchEvent(event);
        }""",
        text,
    )
    assert taken


def test_pairs_are_shown_before_anything_is_written(
    page: Page, desk: User, log_in: Callable[[User], None], assert_accessible: Callable
) -> None:
    log_in(desk)
    opened(page, RETURN)
    field = page.locator("tr[data-metric=appeals_filed] input[data-column=total]")
    hand_over(page, field, TEMPLATE)
    dialog = page.locator("dialog[data-paste]")
    expect(dialog.locator("tbody tr")).to_have_count(2)
    expect(dialog.locator("tbody tr").first).to_contain_text("二审被改判")
    expect(dialog.locator("tbody tr").first.locator("ins")).to_have_text("46")
    for reason in ("其他年份的数", "合计", "当月数，不是累计"):
        expect(dialog.locator("[data-left-out]")).to_contain_text(reason)
    assert_accessible(page)
    write = dialog.get_by_role("button", name="写入 2 处")
    expect(write).to_be_focused()
    assert page.evaluate("window.written") == []
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(field).to_be_focused()
    assert page.evaluate("window.written") == [
        [{"metric": "appeal_revised", "text": "46"}, {"metric": "appeal_remanded", "text": "29"}]
    ]


def test_questions_are_answered_by_keyboard_and_escape_writes_nothing(
    page: Page, desk: User, log_in: Callable[[User], None], assert_accessible: Callable
) -> None:
    slot = find_slot(desk, "yanbian-2019", "2019-01", "yanji", "litigation")
    save_cells(user=desk, slot=slot, cells=[CellEntry("appeal_revised", 46, 0)])
    log_in(desk)
    opened(page, RETURN)
    field = page.locator("tr[data-metric=appeals_filed] input[data-column=total]")
    block = "二审被改判\t3\t46\n二审立案数\t30\t300\n二审被发回重审\t2\t2x\n二审立案数\t9\t310"
    hand_over(page, field, block)
    dialog = page.locator("dialog[data-paste]")
    sets = dialog.locator("fieldset")
    expect(sets).to_have_count(1)
    expect(sets.locator("input").first).to_be_focused()
    expect(dialog.locator("[data-write]")).to_be_hidden()
    assert_accessible(page)
    page.keyboard.press("ArrowDown")
    expect(sets.first.locator("input").nth(1)).to_be_checked()
    expect(sets).to_have_count(2)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    # What is stored already is not written again, what is no figure stays out.
    write = dialog.locator("[data-write]")
    expect(write).to_have_text("写入 1 处，跳过 1 处")
    expect(dialog.locator(".is-faulty")).to_contain_text("2x")
    expect(dialog.locator("[data-about]")).to_contain_text("另有 1 处与现有的数相同")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(field).to_be_focused()
    assert page.evaluate("window.written") == []
    assert Figure.objects.filter(monthly_return__year=2019).count() == 1


def test_a_title_of_another_month_is_looked_at_first(
    page: Page, desk: User, log_in: Callable[[User], None]
) -> None:
    log_in(desk)
    opened(page, RETURN)
    field = page.locator("tr[data-metric=appeals_filed] input[data-column=total]")
    hand_over(page, field, "2019年1—4月报表\n二审立案数\t300")
    write = page.locator("dialog[data-paste] [data-write]")
    expect(write).to_be_disabled()
    expect(page.locator("[data-agreed]")).to_be_focused()
    page.keyboard.press("Space")
    write.click()
    assert page.evaluate("window.written") == [[{"metric": "appeals_filed", "text": "300"}]]


def test_what_cannot_be_read_is_said(
    page: Page, desk: User, log_in: Callable[[User], None]
) -> None:
    log_in(desk)
    opened(page, RETURN)
    field = page.locator("tr[data-metric=appeals_filed] input[data-column=total]")
    faults = page.locator("dialog[data-paste] [data-faults]")
    for text, said in (
        ("旧存\t3", "没有这张报表的指标"),
        ("1\t" * 60_000, "太多"),
        ("1\t" * 2_000, "列"),
        ("\0", "空"),
    ):
        hand_over(page, field, text)
        expect(faults).to_contain_text(said)
        page.keyboard.press("Escape")
        expect(faults).to_be_hidden()
        expect(field).to_be_focused()


def test_the_grid_of_all_courts(
    page: Page, office: User, log_in: Callable[[User], None], assert_accessible: Callable
) -> None:
    log_in(office)
    opened(page, GRID)
    field = page.locator("input[data-court=yanji][data-metric=appeals_filed]")
    block = "指标\t敦化法院\t图们法院\t合计\n二审\n二审被改判\t11\t5\t16\n二审立案数\t300\t90\t390"
    hand_over(page, field, block)
    dialog = page.locator("dialog[data-paste]")
    expect(dialog.locator("tbody tr")).to_have_count(4)
    assert_accessible(page)
    page.keyboard.press("Enter")
    assert page.evaluate("window.written[0][0]") == {
        "court": "dunhua",
        "metric": "appeal_revised",
        "text": "11",
    }
    expect(field).to_be_focused()


def test_ticks_of_an_upload_are_counted(
    page: Page, desk: User, log_in: Callable[[User], None], assert_accessible: Callable
) -> None:
    log_in(desk)
    page.goto(f"{RETURN}upload/")
    content = "指标,本月累计\n二审立案数,300\n二审被改判,46\n二审被发回重审,29\n".encode()
    file = FilePayload(name="表.csv", mimeType="text/csv", buffer=content)
    page.get_by_label("表格文件（.xlsx、.csv、.xls 等）").set_input_files(files=[file])
    page.get_by_role("button", name="上传并预览").click()
    write = page.locator("[data-picks-write]")
    expect(write).to_have_text("写入 3 处，跳过 0 处")
    every = page.get_by_label("全选")
    expect(every).to_be_checked()
    page.get_by_label("二审立案数").uncheck()
    expect(write).to_have_text("写入 2 处，跳过 1 处")
    assert every.evaluate("box => box.indeterminate")
    assert_accessible(page)
    every.click()
    expect(write).to_have_text("写入 3 处，跳过 0 处")
    every.click()
    expect(write).to_be_disabled()
    page.get_by_label("二审被改判").check()
    write.click()
    expect(page.get_by_role("status").first).to_contain_text("已写入 1 个数据")
    assert Figure.objects.get(monthly_return__year=2019).value == 46


# --- From the clipboard to the database ----------------------------------------------------------


@pytest.fixture
def own_page(context: BrowserContext) -> Page:
    """A page that may use the clipboard."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    return context.new_page()


def paste(page: Page, field: Locator, text: str) -> None:
    """Click a cell and paste as a person does."""
    page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    field.click()
    page.keyboard.press("Control+v")


def stored() -> dict[str, int | None]:
    figures = Figure.objects.filter(monthly_return__year=2019, value__isnull=False)
    return {figure.metric: figure.value for figure in figures}


def row(page: Page, metric: str) -> Locator:
    return page.locator(f"tr[data-metric={metric}]")


def test_a_block_with_names_from_the_clipboard_to_the_database(
    own_page: Page, desk: User, log_in: Callable[[User], None]
) -> None:
    log_in(desk)
    page = opened(own_page, RETURN)
    field = row(page, "appeals_filed").locator("input[data-column=total]")
    paste(page, field, TEMPLATE)
    expect(page.get_by_role("button", name="写入 2 处")).to_be_focused()
    assert stored() == {}
    page.keyboard.press("Enter")
    expect(row(page, "appeal_revised")).to_have_attribute("data-state", "saved")
    expect(row(page, "appeal_remanded")).to_have_attribute("data-state", "saved")
    assert stored() == {"appeal_revised": 46, "appeal_remanded": 29}
    expect(field).to_be_focused()
    # All of it is one step.
    page.keyboard.press("Control+z")
    expect(row(page, "appeal_revised")).to_have_attribute("data-state", "blank")
    expect(row(page, "appeal_remanded")).to_have_attribute("data-state", "blank")
    assert stored() == {}


@pytest.mark.parametrize("above", ["本月累计\r\n\r\n", "\r\n", ""])
def test_the_templates_column_with_its_blank_rows_goes_where_it_belongs(
    own_page: Page, desk: User, log_in: Callable[[User], None], above: str
) -> None:
    log_in(desk)
    page = opened(own_page, RETURN)
    field = row(page, "appeal_revised").locator("input[data-column=total]")
    groups = (
        ("8", "3"),
        ("1", "0", "0", "2", "0", "0"),
        ("90", "10", "9"),
        ("1200", "1150"),
    )
    column = above + "\r\n".join("\r\n".join(group) + "\r\n" for group in groups)
    paste(page, field, column)
    page.get_by_role("button", name="写入 13 处").press("Enter")
    expect(row(page, "effective_judgments")).to_have_attribute("data-state", "saved")
    found = stored()
    assert (found["appeal_remanded"], found["retrial_revised"]) == (3, 1)
    assert (found["appeals_filed"], found["first_instance_closed"]) == (90, 1200)


@pytest.mark.parametrize("text", ["序号\t指标\t累计\n1\t二审立案数\t300", "本月累计\n46\n合计\t9"])
def test_escape_leaves_the_grid_as_it_was(
    own_page: Page, desk: User, log_in: Callable[[User], None], text: str
) -> None:
    log_in(desk)
    page = opened(own_page, RETURN)
    field = row(page, "appeal_revised").locator("input[data-column=total]")
    paste(page, field, text)
    expect(page.get_by_role("button", name="写入 1 处")).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    assert stored() == {}


def test_a_block_of_all_courts_from_the_clipboard_to_the_database(
    own_page: Page, office: User, log_in: Callable[[User], None]
) -> None:
    log_in(office)
    page = opened(own_page, GRID)
    field = page.locator("input[data-court=yanji][data-metric=appeals_filed]")
    text = "指标\t敦化法院\t图们法院\t合计\r\n二审立案数\t300\t90\t390\r\n合计\t300\t90\t390\r\n"
    paste(page, field, text)
    expect(page.get_by_role("button", name="写入 2 处")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-count]")).to_contain_text("2")
    cell = page.locator("input[data-court=tumen][data-metric=appeals_filed]")
    expect(cell).to_have_value("90")
    page.locator("[data-reason]").fill("系统补录")
    page.locator("[data-save]").click()
    expect(page.locator("[data-count]")).to_contain_text("已保存 2 处")
    courts = Figure.objects.filter(monthly_return__year=2019, metric="appeals_filed")
    assert dict(courts.values_list("monthly_return__court__code", "value")) == {
        "dunhua": 300,
        "tumen": 90,
    }
