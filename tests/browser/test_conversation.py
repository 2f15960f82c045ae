"""The conversation about a return by keyboard, and text that outlives its session."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from courts.models import Draft, MonthlyReturn, QualityYear, Submission, User
from courts.returns.services.returns import CellEntry, save_cells
from courts.years.selectors.slots import find_slot
from tests.browser.test_returns import METRICS, VALUES
from tests.pages import PASSWORD, account

pytestmark = pytest.mark.django_db(transaction=True)

RETURN = "/yanbian-2019/returns/yanji/2019-01/litigation/"
NAMED = "延吉市人民法院2019年1月诉讼报表"


@pytest.fixture
def filled(year: QualityYear, desk: User) -> None:
    slot = find_slot(desk, year.code, "2019-01", "yanji", "litigation")
    # The last one stays blank, so that handing in asks for a reason.
    pairs = zip(METRICS[:-1], VALUES[:-1], strict=True)
    cells = [CellEntry(metric, value, 0) for metric, value in pairs]
    assert {cell.status for cell in save_cells(user=desk, slot=slot, cells=cells)} == {"saved"}


def press(page: Page, name: str) -> None:
    """Go to the button by Tab, as somebody without a mouse does, and press it."""
    button = page.get_by_role("button", name=name, exact=True)
    expect(button).to_be_visible()
    for _ in range(120):
        if button.evaluate("node => node === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")


def said(page: Page, text: str) -> None:
    expect(page.locator(".notice[role=status]").first).to_contain_text(text)


def explain(page: Page, text: str) -> None:
    """Write a reason into every field that has none."""
    for box in page.locator("form.submit textarea").all():
        if not box.input_value():
            box.focus()
            page.keyboard.type(text)


def test_the_whole_conversation_by_keyboard(
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    desk: User,
    office: User,
    filled: None,
) -> None:
    # Handed in, taken back, handed in again: the reasons need no second typing.
    log_in(desk)
    page.goto(f"{RETURN}submit/")
    explain(page, "已与立案系统核对")
    press(page, "提交")
    said(page, f"{NAMED}已提交")
    assert_accessible(page)
    press(page, "收回提交")
    said(page, f"{NAMED}已收回")
    page.goto(f"{RETURN}submit/")
    expect(page.locator("form.submit textarea")).to_have_count(1)
    expect(page.locator("form.submit textarea")).to_have_value("已与立案系统核对")
    press(page, "提交")
    said(page, f"{NAMED}已提交")

    # The office begins: from now on the court cannot take it back, and sees who has begun.
    log_in(office)
    page.goto(f"{RETURN}review/")
    expect(page.get_by_role("button", name="连同意见退回")).to_have_count(0)
    assert_accessible(page)
    press(page, "开始核实")
    said(page, f"已开始核实{NAMED}")
    assert_accessible(page)
    log_in(desk)
    page.goto(RETURN)
    expect(page.locator(".lock")).to_contain_text("（审管办）")
    expect(page.get_by_role("button", name="收回提交")).to_have_count(0)

    # A remark that was typed and not sent is there again, then goes to the court.
    log_in(office)
    page.goto(f"{RETURN}review/")
    remark = page.locator("input[name='remark:appeals_filed']")
    remark.focus()
    with page.expect_response("**/drafts/"):
        page.keyboard.type("与立案系统差1件")
        page.keyboard.press("Tab")
    page.goto("/")
    page.goto(f"{RETURN}review/")
    expect(remark).to_have_value("与立案系统差1件")
    press(page, "连同意见退回")
    said(page, f"已退回{NAMED}")
    assert not Draft.objects.exists()

    # The court answers each remark.
    log_in(desk)
    page.goto(RETURN)
    expect(page.locator(".notice .remarks")).to_contain_text("与立案系统差1件")
    cell = page.locator("tr[data-metric=appeals_filed] input[data-column=total]")
    cell.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("91")
    page.keyboard.press("Enter")
    row = page.locator("tr[data-metric=appeals_filed]")
    expect(row).to_have_attribute("data-state", "saved")
    page.goto(f"{RETURN}submit/")
    reply = page.get_by_label("与立案系统差1件")
    expect(reply).to_be_focused()
    page.keyboard.type("已补登1件")
    explain(page, "已与立案系统核对")
    assert_accessible(page)
    press(page, "提交")
    said(page, f"{NAMED}已提交")

    # The office sees remark and reply beside the row, and verifies.
    log_in(office)
    page.goto(f"{RETURN}review/")
    beside = page.locator("tr", has=page.get_by_role("link", name="二审立案数")).locator(".talk")
    expect(beside).to_contain_text("与立案系统差1件")
    expect(beside).to_contain_text("已补登1件")
    press(page, "开始核实")
    said(page, f"已开始核实{NAMED}")
    assert_accessible(page)
    press(page, "核实")
    said(page, f"已核实{NAMED}")
    assert MonthlyReturn.objects.get(month=1, side="litigation").state == "verified"
    assert Submission.objects.count() == 3

    page.goto(f"{RETURN}print/")
    expect(page.locator(".paper-talk")).to_contain_text("已补登1件")


def test_text_outlives_the_session(
    page: Page,
    context: BrowserContext,
    log_in: Callable[[User], None],
    desk: User,
    filled: None,
) -> None:
    """The session ends while somebody writes: after signing in the text is in its field, and a
    colleague who signs in first is not shown it."""
    colleague = account("yanji-colleague", "yanji", "litigation", name="同事")

    def sign_in(user: User) -> None:
        page.get_by_label("账号").fill(user.username)
        page.get_by_label("密码").fill(PASSWORD)
        page.keyboard.press("Enter")

    log_in(desk)
    page.goto(f"{RETURN}submit/")
    fields = page.locator("form.submit textarea")
    count = fields.count()
    assert count
    context.clear_cookies(name="sessionid")
    explain(page, "停电补报")
    press(page, "提交")
    page.wait_for_url("**/login/**")
    expect(page.get_by_role("status")).to_contain_text("已经保存")
    sign_in(colleague)
    page.wait_for_url(f"**{RETURN}submit/")
    for place in range(count):
        expect(fields.nth(place)).not_to_have_value("停电补报")
    context.clear_cookies(name="sessionid")
    page.goto(f"{RETURN}submit/")
    sign_in(desk)
    page.wait_for_url(f"**{RETURN}submit/")
    said(page, "已放回原处")
    for place in range(count):
        expect(fields.nth(place)).to_have_value("停电补报")
    press(page, "提交")
    said(page, f"{NAMED}已提交")
    assert not Draft.objects.filter(user=desk).exists()
