"""Tests of the pages of rules and targets in a browser: from a copy to force, by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from courts.models import QualityYear, RulebookEdition, User
from tests.browser.looking import follow
from tests.courts.motion_fixtures import confirm_waiting
from tests.pages import account

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(year: QualityYear) -> User:
    return account("office", "yanbian", "office", name="审管办一岗")


@pytest.fixture
def second(year: QualityYear) -> User:
    return account("office2", "yanbian", "office", name="审管办二岗")


def test_copied_edited_proposed_in_force(
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    complaints: list[str],
    made_year: QualityYear,
    office: User,
    second: User,
) -> None:
    log_in(office)
    page.goto("/editions/")
    assert_accessible(page)
    follow(page, page.get_by_role("link", name="起草新版本"))
    assert_accessible(page)
    page.locator("form:has(select) textarea").fill("更正 L1")
    page.get_by_role("button", name="复制为草案").press("Enter")
    expect(page.locator(".page-head .state").first).to_have_text("起草中")
    assert_accessible(page)
    follow(page, page.get_by_role("link", name="L1 发改指总量降幅"))
    assert_accessible(page)
    page.get_by_label("每下降1%得分").fill("2")
    page.get_by_role("button", name="保存").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("改动1处")
    page.get_by_role("link", name="差异").press("Enter")
    expect(page.get_by_role("row", name="items[L1].rule.per_percent")).to_contain_text("2")
    assert_accessible(page)
    page.go_back()
    page.get_by_role("link", name="影响").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2019年12月")
    assert_accessible(page)
    page.go_back()
    follow(page, page.get_by_role("link", name="作为文本修改 litigation.toml"))
    assert_accessible(page)
    page.go_back()
    page.get_by_role("button", name="提交", exact=True).press("Enter")
    expect(page.locator(".page-head .state").first).to_have_text("待他人生效")

    log_in(second)
    draft = RulebookEdition.objects.get(state="proposed")
    page.goto(f"/editions/{draft.pk}/")
    follow(page, page.get_by_role("link", name="确认生效"))
    assert_accessible(page)
    page.get_by_label("自几月起生效").select_option("7")
    page.get_by_label("我已看过差异和影响；生效后这个版本不能再改").check()
    page.get_by_role("button", name="确认生效").press("Enter")
    expect(page.locator(".page-head .state").first).to_have_text("现行")
    assert_accessible(page)
    assert complaints == []


def test_targets_and_caps(
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    complaints: list[str],
    year: QualityYear,
    office: User,
) -> None:
    log_in(office)
    page.goto("/targets/")
    expect(page.get_by_text("这些考核项还没有目标值")).to_be_visible()
    assert_accessible(page)
    follow(page, page.get_by_role("link", name="录入目标值"))
    assert_accessible(page)
    page.get_by_label("适用于").select_option(label="延吉法院")
    page.get_by_label("目标值（%）").fill("4.5")
    page.get_by_label("依据文件").fill("吉高法〔2019〕1号")
    page.get_by_label("文件日期").fill("2019-01-15")
    page.get_by_label("变更原因").fill("年初录入")
    page.get_by_role("button", name="提出，待另一人确认").press("Enter")
    expect(page.get_by_text("有 1 项改动已提出")).to_be_visible()
    assert_accessible(page)
    assert confirm_waiting() == 1
    page.reload()
    expect(page.get_by_role("row", name="L2.1 上诉发改率")).to_contain_text("4.5")
    follow(page, page.get_by_role("row", name="L2.1 上诉发改率").get_by_role("link"))
    assert_accessible(page)
    page.goto("/yanbian-2019/targets/import/")
    assert_accessible(page)
    page.get_by_label("CSV 或 XLSX 文件").set_input_files(
        {
            "name": "targets.csv",
            "mimeType": "text/csv",
            "buffer": b"court,item,target\n,L2.1,5\n",
        }
    )
    page.get_by_role("button", name="预览").press("Enter")
    expect(page.get_by_text("新增1项，改动0项，未变0项。")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="提出，待另一人确认").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已提出")
    follow(page, page.get_by_role("link", name="控制目标"))
    assert_accessible(page)
    follow(page, page.get_by_role("link", name="延吉法院"))
    assert_accessible(page)
    assert complaints == []
