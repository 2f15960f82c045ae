"""Tests of the turn of the year in the browser: the year switch, and removing the deadline."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from courts.models import QualityYear, User
from courts.reviews.services.deadlines import set_deadline
from tests.pages import account, year_after

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(year: QualityYear) -> User:
    return account("office", "yanbian", "office", name="审管办")


@pytest.mark.parametrize("width", [pytest.param(1366, marks=pytest.mark.nightly), 390])
def test_the_switch_keeps_the_kind_of_page(
    width: int,
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    year: QualityYear,
    office: User,
) -> None:
    year_after(year)
    log_in(office)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/yanbian-2020/completeness/?side=both")
    switch = page.get_by_role("navigation", name="年度").locator("summary")
    expect(switch).to_contain_text("2020年")
    # By keyboard: open, the second choice, there.
    switch.focus()
    page.keyboard.press("Enter")
    assert_accessible(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/yanbian-2019/completeness/?side=both")
    expect(page.get_by_role("heading", level=1)).to_have_text("报送情况")
    # By mouse, back again.
    box = switch.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.get_by_role("link", name="2020年", exact=True).click()
    page.wait_for_url("**/yanbian-2020/completeness/?side=both")


def test_the_deadline_is_removed_by_a_button_that_asks(
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    year: QualityYear,
    office: User,
) -> None:
    set_deadline(user=office, year=year, day=8, seen=None, reason="通知")
    log_in(office)
    page.goto("/yanbian-2019/deadline/")
    expect(page.locator("#id_day")).to_have_value("8")
    page.get_by_text("取消期限").first.click()
    expect(page.get_by_role("heading", name="确定不再设填报期限吗？")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("取消的原因").click()
    page.keyboard.type("年底统一放开")
    page.get_by_role("button", name="取消期限").click()
    expect(page.get_by_text("填报期限（次月8日）已取消，报表随时可以填写。")).to_be_visible()
    year.refresh_from_db()
    assert year.deadline_day is None
