"""A court merges into another: proposed with its document, looked at, confirmed, by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from courts.models import CourtChange, QualityYear, User
from tests.pages import account, give

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = "/yanbian-2019/"


def test_a_merger_from_its_document_to_the_ranking(
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    year: QualityYear,
    office: User,
) -> None:
    give(year, ("tumen", "2019-07", "appeals_filed", 90), ("antu", "2019-06", "appeals_filed", 80))
    log_in(office)
    page.goto(f"{ROOT}court-changes/?kind=split&court=longjing&from_month=7")
    expect(page.get_by_label("二审被改判")).to_be_visible()
    assert_accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert_accessible(page)

    page.get_by_label("变动", exact=True).select_option("merged")
    page.get_by_label("法院", exact=True).select_option("antu")
    page.get_by_label("自几月起").select_option("7")
    page.get_by_role("button", name="选择").press("Enter")
    page.get_by_label("并入").select_option("tumen")
    page.get_by_label("文号和文件名称").fill("州编〔2019〕21号 关于调整法院设置的通知")
    page.get_by_label("文件日期").fill("2019-06-20")
    page.get_by_label("变动原因").fill("机构调整")
    page.get_by_label("决定变动的文件").set_input_files(
        {"name": "文件.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 paper"}
    )
    page.get_by_role("button", name="提出，待另一人确认").press("Enter")
    expect(page.get_by_text("17 + 26 = 43")).to_be_visible()
    assert_accessible(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    assert_accessible(page)
    address = page.url

    log_in(account("second", "yanbian", "centre"))
    page.goto(address)
    page.get_by_role("button", name="确认", exact=True).press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已确认")
    assert CourtChange.objects.get().from_month == 7
    page.goto(f"{ROOT}court-changes/")
    expect(page.get_by_role("row", name="安图法院 → 图们法院")).to_contain_text("并入他院")
    assert_accessible(page)
    page.goto(f"{ROOT}2019-07/")
    expect(page.get_by_role("link", name="图们法院")).to_be_visible()
    expect(page.get_by_role("link", name="安图法院")).to_have_count(0)
    page.goto(f"{ROOT}2019-06/")
    expect(page.get_by_role("link", name="安图法院")).to_be_visible()
    page.goto(f"{ROOT}completeness/")
    expect(page.get_by_text("不考核").first).to_be_attached()
    assert_accessible(page)
