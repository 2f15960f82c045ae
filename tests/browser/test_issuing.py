"""From asking the courts to a restatement, by keyboard and on a narrow screen, in Chromium."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from courts.models import (
    Bulletin,
    BulletinFile,
    Consultation,
    ConsultationAnswer,
    QualityYear,
    User,
)
from tests.browser.looking import follow
from tests.courts.issue_fixtures import (
    ask_nobody,
    closed_month,
    people_of_issuing,
    published_issue,
)
from tests.pages import account

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


def test_the_month_ends_in_korean_on_a_phone(
    live_server: LiveServer,
    made_year: QualityYear,
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    """Close December, write and publish its bulletin as two people, restate it, verify both."""
    first, second = (account(name, "yanbian", "office", "centre") for name in ("first", "second"))
    ask_nobody(made_year, first)
    page.set_viewport_size(PHONE)
    page.context.add_cookies([{"name": "django_language", "value": "ko", "url": str(live_server)}])

    def done(words: str) -> None:
        expect(page.get_by_role("status").first).to_contain_text(words)
        fits(page)

    log_in(first)
    page.goto(f"{ROOT}/desk/")
    page.get_by_role("link", name="2019년 12월").first.press("Enter")
    expect(page).to_have_url(f"{live_server}{ROOT}/2019-12/close/")
    assert_accessible(page)
    page.locator("#id_reason").fill("무기명 투표 없음")
    follow(page, page.locator('button[value="close"]'))
    fits(page)
    page.goto(f"{ROOT}/bulletins/")
    page.get_by_role("button", name="통보 작성").press("Enter")
    expect(page.locator("[data-errors]")).to_have_text("0")
    number_issue(page, 1)
    fits(page)
    assert_accessible(page)
    issue = Bulletin.objects.get()
    sign_and_publish(page, log_in, second, issue)
    # One appeal more of Yanji's, by the first; the second agrees.
    log_in(first)
    page.goto(f"{ROOT}/restatements/new/")
    page.locator("#court-0").select_option("yanji")
    page.locator("#metric-0").select_option("appeals_filed")
    page.locator("#value-0").fill("1105")
    page.locator("#id_reason").fill("등록부")
    page.locator("form.decide button.button-main").press("Enter")
    fits(page)
    assert_accessible(page)
    waiting = page.url
    log_in(second)
    page.goto(waiting)
    page.locator('button[value="approve"]').press("Enter")
    done("비준")
    again = Bulletin.objects.get(restates=issue)
    log_in(first)
    page.goto(f"{ROOT}/bulletins/{again.pk}/edit/")
    number_issue(page, 2)
    sign_and_publish(page, log_in, second, again)
    page.goto(f"{ROOT}/bulletins/{issue.pk}/")
    expect(page.locator(f'a[href="{ROOT}/bulletins/{again.pk}/"]')).to_be_visible()
    for one in (issue, again):
        kinds = set(
            BulletinFile.objects.filter(bulletin=one, scope="").values_list("kind", flat=True)
        )
        assert {"docx", "pdf", "html", "json"} <= kinds
        row = BulletinFile.objects.get(bulletin=one, kind="json", scope="")
        path = tmp_path / row.name
        path.write_bytes(row.content)
        call_command("verify_bulletin", str(path), hash=one.snapshot.sha256)


def number_issue(page: Page, number: int) -> None:
    """Give the issue on the page its number and date."""
    form = page.locator("form.issue-form")
    if not form.is_visible():
        page.locator("details:has(form.issue-form) > summary").press("Enter")
    form.locator("[name=number]").fill(str(number))
    form.locator("[name=number_year]").fill("2020")
    form.locator("[name=dated_on]").fill("2020-01-10")
    form.get_by_role("button").press("Enter")
    expect(page.get_by_role("status").first).to_be_visible()


def sign_and_publish(
    page: Page, log_in: Callable[[User], None], user: User, issue: Bulletin
) -> None:
    """Sign the issue for both offices and publish it."""
    log_in(user)
    page.goto(f"{ROOT}/bulletins/{issue.pk}/sign/")
    page.locator('button[value="sign"]').press("Enter")
    page.locator('button[value="publish"]').press("Enter")
    # A file after the other on a busy machine.
    page.locator("ol.steps ~ p a.button-main").press("Enter", timeout=90_000)
    expect(page.locator("#files-title")).to_be_visible()
    issue.refresh_from_db()
    assert issue.state == "published"
    fits(page)
