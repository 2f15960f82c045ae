"""Tests of a special case by keyboard: applied for, verified, tried, decided (附件1·五)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from courts.models import QualityYear, SpecialCase, User
from tests.browser.looking import follow
from tests.pages import account, give

pytestmark = pytest.mark.django_db(transaction=True)

CASES = "/yanbian-2019/cases/"


def test_applied_verified_tried_and_decided(
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    year: QualityYear,
    desk: User,
    office: User,
) -> None:
    # (1085 - 1030) / 1085 = 5.069 % fewer appeals than in 2018, 0.2 points each: 1.01 of 3.
    give(year, ("yanji", "2019-12", "appeals_filed", 1030))
    centre = account("centre", "yanbian", "centre", name="执行指挥中心")
    party = account("party", "yanbian", "party", name="院党组")

    log_in(desk)
    page.goto(CASES)
    assert_accessible(page)
    follow(page, page.get_by_role("link", name="提出申请"))
    assert_accessible(page)
    page.get_by_label("考核项").select_option("L3.2")
    page.get_by_label("申请理由").fill("一批系列案件集中上诉")
    page.get_by_label("附件（可以不附）").set_input_files(
        {"name": "清单.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 list"}
    )
    page.get_by_role("button", name="提出申请").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("申请已提出")
    expect(page.get_by_role("link", name="清单.pdf")).to_be_visible()
    assert_accessible(page)
    address = page.url

    for user in (office, centre):
        log_in(user)
        page.goto(address)
        assert_accessible(page)
        page.get_by_label("意见（不予通过的写明原因）").fill("属实")
        page.get_by_role("button", name="核实属实").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("已记录")

    log_in(party)
    # What waits for the party group is where its account starts.
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("单独评分申请")
    page.get_by_role("link", name="L3.2").press("Enter")
    page.get_by_label("先试一个分数").fill("2.5")
    page.get_by_role("button", name="看影响").press("Enter")
    expect(page.get_by_role("heading", name="如果决定 2.5")).to_be_visible()
    assert_accessible(page)
    assert SpecialCase.objects.get().points is None
    page.get_by_label("会议日期").first.fill("2020-01-08")
    page.get_by_label("会议名称（次数）").first.fill("2020年第1次党组会")
    page.get_by_role("button", name="确认决定").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("决定已录入")
    assert_accessible(page)

    page.goto("/yanbian-2019/2019-12/yanji/#L3.2")
    expect(page.locator("#L3\\.2 .item-score")).to_contain_text("2.50")
    expect(page.locator("#L3\\.2 .was")).to_contain_text("1.01")
    assert_accessible(page)

    page.set_viewport_size({"width": 390, "height": 844})
    for place in (CASES, address, f"{CASES}new/"):
        page.goto(place)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, place
