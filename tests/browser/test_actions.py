"""Supervision by keyboard: from a red cell to the court's answer, and a meeting."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from courts.models import Action, MeetingTopic, QualityYear, User
from tests.browser.test_office import desk, office
from tests.pages import give, year

__all__ = ["desk", "office", "year"]

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = "/yanbian-2019/"


def test_from_a_red_cell_to_an_answer_and_a_meeting(
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    year: QualityYear,
    desk: User,
    office: User,
) -> None:
    # 240 overturned cases by June; the cap of the whole year is 226.
    others = ("appeal_remanded", "retrial_revised", "retrial_remanded", "retrial_directed")
    give(
        year,
        ("yanji", "2019-06", "appeal_revised", 240),
        *(("yanji", "2019-06", metric, 0) for metric in others),
    )
    log_in(office)
    page.goto(f"{ROOT}2019-06/yanji/#L1")
    page.locator("#L1").get_by_role("link", name="发出督导").press("Enter")
    expect(page.get_by_label("对象：考核项或指标")).to_have_value("L1")
    assert_accessible(page)
    page.goto(f"{ROOT}actions/proposals/?month=6")
    card = page.get_by_role("article", name="延吉法院 · 可能突破全年上限")
    expect(card).to_contain_text("已超过全年上限226件")
    card.get_by_text("采纳，发出督导").press("Enter")
    assert_accessible(page)
    card.get_by_role("button", name="发出督导").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已采纳")
    assert_accessible(page)
    address = page.url

    log_in(desk)
    page.goto(f"{ROOT}returns/yanji/")
    expect(page.get_by_text("待答复的督导")).to_be_visible()
    page.goto(address)
    page.get_by_label("答复：原因、已采取和将采取的措施").fill("已逐案评查")
    page.get_by_role("button", name="提交答复").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("答复已提交")
    assert Action.objects.get().state == "answered"
    page.goto(f"{ROOT}measures/yanji/")
    assert_accessible(page)

    log_in(office)
    page.goto(f"{ROOT}meetings/")
    page.get_by_label("名称").fill("六月会商")
    page.get_by_role("button", name="生成议程").press("Enter")
    page.get_by_label("加一个议题").fill("培训")
    page.get_by_role("button", name="加入议程").press("Enter")
    first, second = MeetingTopic.objects.order_by("position")[:2]
    assert_accessible(page)
    meeting = page.url
    page.get_by_role("link", name="逐题会商").press("Enter")
    decision = page.get_by_role("textbox", name="决定")
    decision.fill("逐案评查")
    # Saved while people talk; arrow keys turn the page once the field is left.
    expect(page.locator("[data-saved]")).to_have_text("已保存。")
    decision.press("Escape")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", level=1)).to_have_text(second.title)
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", level=1)).to_have_text(first.title)
    first.refresh_from_db()
    assert first.decision == "逐案评查"
    # Somebody else wrote meanwhile: nothing is written over, and the page says so.
    MeetingTopic.objects.filter(pk=first.pk).update(decision="别的", version=7)
    page.get_by_role("textbox", name="决定").fill("我的")
    expect(page.locator("[data-saved]")).to_contain_text("已有他人改动")
    assert_accessible(page)
    topic = page.url
    base = topic[: topic.index(ROOT)] + "/"

    page.on("dialog", lambda dialog: dialog.accept())
    page.set_viewport_size({"width": 390, "height": 844})
    for language in ("zh-hans", "ko"):
        page.context.add_cookies([{"name": "django_language", "value": language, "url": base}])
        for place in (
            *(address, meeting, topic, f"{ROOT}actions/", f"{ROOT}actions/proposals/?month=6"),
            *(f"{ROOT}measures/", f"{ROOT}measures/yanji/", f"{ROOT}actions/new/"),
        ):
            page.goto(place)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 390, (place, language, wide)
