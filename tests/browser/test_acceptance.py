"""Tests of tokens, sent extracts and the year-end acceptance in the browser, by keyboard alone."""

import os
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from courts.models import Acceptance, ApiCall, QualityYear, SentExtract
from courts.models import User as Account
from tests.browser.looking import follow
from tests.courts.published import publish
from tests.pages import account

pytestmark = pytest.mark.django_db(transaction=True)

Check = Callable[[Page], None]
ACCEPTANCE = "/yanbian-2019/acceptance/"


def looked_at(page: Page, check: Check, name: str) -> None:
    """Axe at both widths, and nothing wider than the window; a picture where one is asked for."""
    for width, height in ((1366, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        check(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, (name, wide)
        folder = os.environ.get("PICTURES")
        if folder:
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1366, "height": 768})


def test_a_system_gets_a_token_and_the_office_takes_what_it_sends(
    page: Page,
    log_in: Callable[[Account], None],
    assert_accessible: Check,
    live_server,
    made_year: QualityYear,
) -> None:
    log_in(account("admin", "yanbian", "admin"))
    page.goto("/api-tokens/")
    looked_at(page, assert_accessible, "tokens-empty")
    page.get_by_label("系统名称").fill("数据集中管理平台")
    page.get_by_label("法院").select_option("yanbian")
    page.get_by_label("报送提取数据").select_option("litigation")
    page.get_by_label("有效期至").fill(f"{timezone.localdate() + timedelta(days=30)}")
    page.get_by_role("button", name="建立令牌").press("Enter")
    secret = page.locator("code.secret").inner_text()
    looked_at(page, assert_accessible, "tokens")
    request = urllib.request.Request(
        f"{live_server.url}/api/v1/years/yanbian-2019/extracts/december.csv",
        data=b"court,month,metric,value\nyanji,2019-12,appeals_filed,960\n",
        headers={"Authorization": f"Bearer {secret}", "Content-Type": "text/csv"},
        method="PUT",
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 201
    page.get_by_role("link", name="数据集中管理平台").press("Enter")
    expect(page.get_by_role("cell", name="201", exact=True)).to_be_visible()
    looked_at(page, assert_accessible, "token")

    log_in(account("office", "yanbian", "office"))
    page.goto("/yanbian-2019/extracts/")
    looked_at(page, assert_accessible, "extracts")
    follow(page, page.get_by_role("link", name="december.csv"))
    looked_at(page, assert_accessible, "sent")
    page.get_by_role("button", name="提出，待另一人确认").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("由本部门另一人确认后才写入")
    assert SentExtract.objects.get().state == "taken"
    assert ApiCall.objects.get().status == 201


def test_the_package_is_made_and_signed_by_two(
    page: Page,
    log_in: Callable[[Account], None],
    assert_accessible: Check,
    made_year: QualityYear,
) -> None:
    people = [account(f"leader{number}", "yanbian", "leader") for number in (1, 2)]
    log_in(people[0])
    page.goto(ACCEPTANCE)
    expect(page.get_by_text("2019年12月诉讼还没有通报。")).to_be_visible()
    looked_at(page, assert_accessible, "acceptance-early")
    publish(made_year, people[0])
    page.goto(ACCEPTANCE)
    page.get_by_role("button", name="生成验收材料").press("Enter")
    # Nine papers on a busy machine.
    expect(page.get_by_role("status")).to_contain_text("等领导小组两人签署", timeout=60_000)
    assert page.locator("ol.steps li").count() == 3 * 9 + 4
    looked_at(page, assert_accessible, "acceptance-make")
    follow(page, page.get_by_role("link", name="返回年终验收"))
    looked_at(page, assert_accessible, "acceptance-waiting")
    page.get_by_role("button", name="签署", exact=True).press("Enter")
    expect(page.get_by_role("status")).to_contain_text("等领导小组另一人签署")
    follow(page, page.get_by_role("link", name="延吉法院"))
    looked_at(page, assert_accessible, "acceptance-court")
    log_in(people[1])
    page.goto(ACCEPTANCE)
    page.get_by_role("button", name="签署", exact=True).press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("年度验收完成")
    looked_at(page, assert_accessible, "acceptance-done")
    assert Acceptance.objects.get().second_by == people[1]
