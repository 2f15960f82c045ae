"""Writing a bulletin by keyboard: findings while typing, two editors, live numbers, the archive."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, expect

from courts.bulletins.selectors.prose.issues import prose_of
from courts.bulletins.services.prose import make_draft
from courts.models import Bulletin, QualityYear, User
from tests.courts.issue_fixtures import closed_month
from tests.pages import account

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(made_year: QualityYear) -> dict[str, User]:
    return {
        "closer": account("closer", "yanbian", "office"),
        "first": account("first", "yanbian", "office", name="审管办甲"),
        "second": account("second", "yanbian", "centre", name="指挥中心乙"),
    }


@pytest.fixture
def issue(made_year: QualityYear, people: dict[str, User]) -> Bulletin:
    return make_draft(user=people["first"], snapshot=closed_month(made_year, people["closer"]))


def stored(issue: Bulletin, key: str) -> str:
    return prose_of(Bulletin.objects.get(pk=issue.pk), "zh").block[key].text


def block(page: Page, key: str) -> Locator:
    return page.locator(f'[data-block="{key}"]')


def open_block(page: Page, key: str) -> Locator:
    """Open the block's field by its button, as somebody without a mouse does."""
    block(page, key).get_by_role("button", name="编辑", exact=True).focus()
    page.keyboard.press("Enter")
    field = block(page, key).locator("textarea")
    expect(field).to_be_focused()
    return field


def line(page: Page, text: str) -> None:
    expect(page.locator("[data-line]")).to_have_text(text)


def test_two_people_write_a_bulletin(
    browser: Browser,
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    live_server,
    issue: Bulletin,
    people: dict[str, User],
) -> None:
    address = f"/yanbian-2019/bulletins/{issue.pk}/edit/"
    log_in(people["first"])
    page.goto(address)
    expect(page.locator("[data-errors]")).to_have_text("0")

    # A wrong sentence is told while it is typed, and again in the count once it is saved.
    open_block(page, "measures.5")
    page.keyboard.press("Control+End")
    page.keyboard.type("执结率上升")
    page.keyboard.type("3.86%。", delay=20)
    findings = block(page, "measures.5").locator("[data-findings]")
    expect(findings).to_contain_text("比率的变化用个百分点表示")
    expect(findings).to_contain_text("3.86是手填的数字")
    line(page, "所有改动已保存")
    expect(page.locator("[data-errors]")).to_have_text("2")
    for _letter in "%。":
        page.keyboard.press("Backspace")
    page.keyboard.type("个百分点。")
    page.get_by_label("3.86 是手填的数字").focus()
    page.keyboard.type("执行指挥平台")
    expect(page.locator("[data-errors]")).to_have_text("0")
    expect(findings).to_be_empty()
    line(page, "所有改动已保存")
    assert stored(issue, "measures.5").endswith("执结率上升3.86个百分点。")

    # The second sees who is where.
    client = Client()
    client.force_login(people["second"])
    name = settings.SESSION_COOKIE_NAME
    other = browser.new_context(base_url=live_server.url, locale="zh-CN")
    other.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    second = other.new_page()
    second.goto(address)
    expect(second.locator("[data-others]")).to_have_text("同时打开的还有：审管办甲")
    expect(block(second, "measures.5")).to_contain_text("审管办甲正在编辑这一段")
    expect(block(second, "measures.5").locator("mark.typed")).to_have_text("3.86")

    # Both write one block, the second without a line: it is shown both texts and loses neither.
    open_block(second, "measures.1")
    second.keyboard.press("Control+End")
    other.set_offline(True)
    second.keyboard.type("并抓好整改。")
    expect(second.locator("[data-line]")).to_contain_text("连不上服务器")
    open_block(page, "measures.1")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("逐案评查。")
    line(page, "所有改动已保存")
    other.set_offline(False)
    clash = block(second, "measures.1").locator("[data-clash]")
    expect(clash).to_contain_text("逐案评查。")
    expect(clash).to_contain_text("并抓好整改。")
    assert_accessible(second)
    clash.get_by_role("button", name="用我的").focus()
    second.keyboard.press("Enter")
    line(second, "所有改动已保存")
    assert stored(issue, "measures.1").endswith("月底。并抓好整改。")
    # Numbers stayed live through all of it.
    assert "⟦measures/1:due:month⟧" in stored(issue, "measures.1")
    page.keyboard.press("Escape")
    expect(block(page, "measures.1").locator("[data-shown]")).to_contain_text("并抓好整改")

    # A block that the other adds shows up, and so does what is left out.
    block(second, "problems.cap").get_by_role("button", name="在后面加一段").focus()
    second.keyboard.press("Enter")
    expect(second.locator('[data-block^="own."] textarea')).to_be_focused()
    second.keyboard.type("主要原因是新类型案件增多。")
    added = page.locator('[data-block^="own."] [data-shown]')
    expect(added).to_contain_text("主要原因是新类型案件增多。")
    other.close()

    # A number is chosen by keyboard, on a small screen, and stays live in the text.
    page.set_viewport_size({"width": 390, "height": 844})
    open_block(page, "problems.cap")
    page.keyboard.press("Control+End")
    block(page, "problems.cap").get_by_role("button", name="插入数据中的数字").focus()
    page.keyboard.press("Enter")
    picker = page.locator("[data-picker]")
    whose = picker.get_by_label("法院")
    expect(whose).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert_accessible(page)
    whose.select_option("延吉法院")
    picker.get_by_label("考核项或指标").select_option("总分")
    picker.get_by_role("button", name="插入", exact=True).focus()
    page.keyboard.press("Enter")
    expect(block(page, "problems.cap").locator("textarea")).to_be_focused()
    line(page, "所有改动已保存")
    assert stored(issue, "problems.cap").endswith("⟦court/yanji:total:points⟧")
    page.keyboard.press("Escape")
    # By mouse: a note below the table.
    table = page.locator("[data-table]")
    table.locator("[data-do=add]").click()
    note = page.locator(".block-note textarea")
    expect(note).to_be_focused()
    page.keyboard.type("得分为暂定。")
    line(page, "所有改动已保存")
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 1280, "height": 720})

    # A live number opens to where it is from, and closes again.
    chip = page.locator('a.live-number[data-key="all:L1:value"]').first
    chip.focus()
    page.keyboard.press("Enter")
    panel = page.locator("[data-panel]")
    expect(panel).to_contain_text("附件1·二·1")
    expect(panel.locator("h2")).to_be_focused()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(chip).to_be_focused()


@pytest.mark.parametrize("place", ["", "paper/"])
def test_archive_and_paper_fit_a_phone(
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    issue: Bulletin,
    people: dict[str, User],
    place: str,
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    log_in(people["first"])
    for address in (
        f"/yanbian-2019/bulletins/{place}",
        f"/yanbian-2019/bulletins/{issue.pk}/edit/",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert_accessible(page)
