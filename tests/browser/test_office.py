"""Tests of the offices' pages: a return on its way from the desk to verified, by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from courts.models import EntryOnBehalf, MonthlyReturn, QualityYear, User
from courts.returns.services.returns import CellEntry, save_cells
from courts.reviews.services.deadlines import set_deadline
from courts.years.selectors.slots import find_slot
from tests.browser.looking import follow
from tests.browser.test_returns import METRICS, VALUES

pytestmark = pytest.mark.django_db(transaction=True)

RETURN = "/yanbian-2019/returns/yanji/2019-01/litigation/"


@pytest.fixture
def filled(year: QualityYear, desk: User) -> None:
    slot = find_slot(desk, year.code, "2019-01", "yanji", "litigation")
    pairs = zip(METRICS, VALUES, strict=True)
    cells = [CellEntry(metric, value, 0) for metric, value in pairs]
    assert {cell.status for cell in save_cells(user=desk, slot=slot, cells=cells)} == {"saved"}


def submit(page: Page) -> None:
    page.goto(f"{RETURN}submit/")
    for box in page.locator("form.submit textarea").all():
        box.fill("已核对")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator(".page-head .state")).to_have_text("已提交")


def test_submitted_sent_back_submitted_again_verified(
    page: Page,
    context: BrowserContext,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    desk: User,
    office: User,
    filled: None,
) -> None:
    log_in(desk)
    submit(page)

    log_in(office)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("工作台")
    assert_accessible(page)
    follow(page, page.get_by_role("link", name="核实", exact=True))
    assert_accessible(page)
    follow(page, page.get_by_role("link", name="查看 延吉法院 2019年1月"))
    assert_accessible(page)
    page.get_by_role("button", name="开始核实").press("Enter")
    remark = page.locator("input[name='remark:appeals_filed']")
    remark.focus()
    page.keyboard.type("与立案系统不符")
    page.get_by_role("button", name="连同意见退回").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已退回")

    log_in(desk)
    page.goto(RETURN)
    expect(page.locator(".notice .remarks")).to_contain_text("与立案系统不符")
    cell = page.locator("tr[data-metric=appeals_filed] input[data-column=total]")
    cell.fill("91")
    cell.press("Enter")
    row = page.locator("tr[data-metric=appeals_filed]")
    expect(row).to_have_attribute("data-state", "saved")
    submit(page)

    log_in(office)
    page.goto(f"{RETURN}review/")
    changes = page.locator(".changes")
    expect(changes.locator("del")).to_have_text("90")
    expect(changes.locator("ins")).to_have_text("91")
    page.get_by_role("button", name="开始核实").press("Enter")
    page.get_by_role("button", name="核实", exact=True).press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已核实")
    assert MonthlyReturn.objects.get(month=1, side="litigation").state == "verified"

    page.goto(f"{RETURN}review/")
    expect(page.get_by_role("heading", name="重新打开")).to_be_visible()
    assert_accessible(page)


def test_the_other_pages_of_an_office_are_accessible(
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    year: QualityYear,
    office: User,
    filled: None,
) -> None:
    set_deadline(user=office, year=year, day=5, seen=None, reason="年初通知")
    log_in(office)
    for name in ("completeness", "deadline", "unlocks", "audit"):
        page.goto(f"/yanbian-2019/{name}/")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert_accessible(page)


def test_figures_entered_on_courts_behalf_by_keyboard(
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    desk: User,
    office: User,
    filled: None,
) -> None:
    log_in(office)
    page.goto("/yanbian-2019/grid/2019-01/litigation/")
    assert_accessible(page)

    def field(court: str, metric: str) -> Locator:
        return page.locator(f"input[data-court={court}][data-metric={metric}]")

    filed = field("yanji", "appeals_filed")
    expect(filed).to_have_value("90")
    filed.focus()
    page.keyboard.type("95")
    page.keyboard.press("ArrowRight")
    expect(field("tumen", "appeals_filed")).to_be_focused()
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    expect(field("tumen", "retrial_petitions_received")).to_be_focused()
    expect(page.locator("[data-total=appeals_filed]")).to_have_text("102")
    expect(page.locator("[data-count]")).to_contain_text("2 处改动没有保存")

    page.get_by_role("button", name="保存代报").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("请先写明代报原因")
    expect(page.locator("[data-reason]")).to_be_focused()
    # What was not saved is still there when the page is opened again.
    page.reload()
    expect(filed).to_have_value("95")
    page.locator("[data-reason]").fill("系统抽取")
    page.locator("[data-reason]").press("Enter")
    expect(page.locator("[data-count]")).to_contain_text("已保存 2 处改动")
    entries = EntryOnBehalf.objects.order_by("pk")
    assert [entry.changes for entry in entries] == [
        {"appeals_filed": [90, 95]},
        {"appeals_filed": [None, 7]},
    ]

    # Somebody else changes a figure that is being changed here: both are shown, one is chosen.
    slot = find_slot(desk, "yanbian-2019", "2019-01", "yanji", "litigation")
    save_cells(user=desk, slot=slot, cells=[CellEntry("appeals_filed", 96, 2)])
    filed.fill("97")
    page.locator("[data-reason]").fill("再次核对")
    page.locator("[data-reason]").press("Enter")
    page.get_by_role("button", name="用我的 97").press("Enter")
    page.get_by_role("button", name="保存代报").press("Enter")
    expect(page.locator("[data-count]")).to_contain_text("已保存 1 处改动")
    assert [entry.changes for entry in entries.all()][2:] == [{"appeals_filed": [96, 97]}]
    assert_accessible(page)
