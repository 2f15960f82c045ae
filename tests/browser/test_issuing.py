"""From asking the courts to a restatement, by keyboard and on a narrow screen, in Chromium."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from courts.models import Bulletin, Consultation, ConsultationAnswer, QualityYear, User
from tests.courts.issue_fixtures import closed_month, people_of_issuing, published_issue

ROOT = "/yanbian-2019"
PHONE: ViewportSize = {"width": 390, "height": 844}


def fits(page: Page) -> None:
    """The page is no wider than the window: only its tables scroll."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.usefixtures("plain_files")
def test_from_asking_to_restating(
    live_server: object,
    made_year: QualityYear,
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
) -> None:
    people = people_of_issuing()
    closed_month(made_year, people["office"], month=11)
    # The office asks; the court answers by keyboard.
    log_in(people["office"])
    page.goto(f"{ROOT}/consultations/")
    assert_accessible(page)
    page.get_by_role("button", name="征求意见").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已开始征求意见")
    assert_accessible(page)
    asked = Consultation.objects.get()
    log_in(people["desk"])
    page.set_viewport_size(PHONE)
    page.goto(f"{ROOT}/consultations/{asked.pk}/")
    expect(page).to_have_url(f"{live_server}{ROOT}/consultations/{asked.pk}/yanji/")
    row = page.get_by_role("group", name="L1", exact=False).first
    row.get_by_label("有异议").press("Space")
    row.get_by_label("异议内容").fill("少计3件")
    page.get_by_role("button", name="保存答复").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已保存1项")
    page.get_by_role("button", name="其余各项全部确认").press("Enter")
    expect(page.get_by_text("还有 0 项没有答复")).to_be_visible()
    assert ConsultationAnswer.objects.filter(verdict="contested").count() == 1
    fits(page)
    assert_accessible(page)
    # The office sees and settles it.
    log_in(people["office"])
    page.goto(f"{ROOT}/consultations/{asked.pk}/")
    page.get_by_label("处理结果").fill("已核对登记簿，数据无误")
    page.get_by_role("button", name="记录处理结果").press("Enter")
    expect(page.get_by_text("已核对登记簿，数据无误")).to_be_visible()
    fits(page)
    # December is published; the court objects, the office proposes, another approves.
    issue = published_issue(made_year, people)
    log_in(people["desk"])
    page.goto(f"{ROOT}/bulletins/{issue.pk}/objections/")
    page.get_by_label("对哪一项").select_option("figure/appeals_filed")
    page.get_by_label("异议和理由").fill("少计40件")
    assert_accessible(page)
    page.get_by_role("button", name="提交异议").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("异议已提交")
    log_in(people["office"])
    page.reload()
    page.get_by_label("数据确有错误").press("Space")
    page.get_by_label("更正为").fill("1105")
    page.get_by_label("答复和理由").fill("登记簿为准")
    assert_accessible(page)
    page.get_by_role("button", name="答复", exact=True).press("Enter")
    page.get_by_role("link", name="查看更正").press("Enter")
    expect(page.get_by_text("须由另一人批准")).to_be_visible()
    fits(page)
    log_in(people["office2"])
    page.reload()
    assert_accessible(page)
    page.get_by_role("button", name="批准", exact=True).press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已批准")
    page.get_by_role("link", name="更正通报").press("Enter")
    expect(page.get_by_text("还没有编号或成文日期")).to_be_visible()
    fits(page)
    assert_accessible(page)
    assert Bulletin.objects.get(restates=issue).state == "draft"
    page.goto(f"{ROOT}/bulletin-terms/")
    assert_accessible(page)
    page.goto(f"{ROOT}/restatements/new/")
    fits(page)
    assert_accessible(page)
