"""Supervision by keyboard: from a red cell to the effect two months later, and a meeting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from courts.models import Action, Court, MeetingTopic, QualityYear, User
from courts.registers.selectors.described import register_of
from courts.registers.services.lines import write_lines
from tests.browser.looking import follow
from tests.browser.test_meetings import speak
from tests.pages import give

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = "/yanbian-2019/"


OTHERS = ("appeal_remanded", "retrial_revised", "retrial_remanded", "retrial_directed")
# Overturned on appeal in each month: about forty, and three after the court was told.
GROWTH = (39, 41, 39, 41, 39, 41, 3, 3, 0, 0, 0, 0)


def reported(year: QualityYear, first: int, last: int) -> None:
    """Yanji's figures of these months: 240 overturned cases by June, 246 by the year's end."""
    rows: list[tuple[object, ...]] = []
    for month in range(first, last + 1):
        place = ("yanji", f"2019-{month:02}")
        rows.append((*place, "appeal_revised", sum(GROWTH[:month])))
        rows += [(*place, metric, 0) for metric in OTHERS]
    give(year, *rows)


def registered(year: QualityYear) -> None:
    """A line of the register for each of them; what they have in common is thin reasons."""
    yanji = Court.objects.select_related("parent").get(code="yanji")
    days = [date(2019, month, 15) for month, more in enumerate(GROWTH, 1) for _one in range(more)]
    write_lines(
        year=year,
        described=register_of(year, "overturned"),
        lines=[
            (
                yanji,
                {
                    "case_number": f"（2019）演示{number}号",
                    "kind": "appeal_revised",
                    "cause": "evidence" if number % 4 == 0 else "writing",
                    "decided_on": day.isoformat(),
                },
            )
            for number, day in enumerate(days)
        ],
        user=None,
        at=timezone.now(),
        is_made=True,
        states=["reviewed"] * len(days),
    )


def test_from_a_red_cell_to_an_answer_and_a_meeting(
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    year: QualityYear,
    desk: User,
    office: User,
) -> None:
    # 240 overturned cases by June; the cap of the whole year is 226.
    reported(year, 1, 6)
    registered(year)
    log_in(office)
    page.set_viewport_size({"width": 1366, "height": 768})
    # The red cell, the cases behind it, what they have in common.
    page.goto(f"{ROOT}dashboard/2019-06/")
    page.locator(f'main a[href$="{ROOT}2019-06/yanji/#L1"]').first.press("Enter")
    page.locator("#L1").get_by_role("link", name="背后的案件").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("延吉法院 · L1")
    expect(page.get_by_role("listitem").filter(has_text="文书说理不足")).to_contain_text("180")
    assert_accessible(page)
    page.get_by_role("link", name="打开发改指案件").press("Enter")
    expect(page.get_by_text("共 240 条")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("table").get_by_role("link").first.press("Enter")
    expect(page.get_by_text("谁看过")).to_be_visible()
    assert_accessible(page)
    line = page.url
    # An action with a deadline, about that item and that cause.
    page.goto(f"{ROOT}registers/cases/2019-06/yanji/L1/")
    page.get_by_role("link", name="发出督导").press("Enter")
    expect(page.get_by_label("对象：考核项或指标")).to_have_value("L1")
    expect(page.locator("select[name=cause_code]")).to_have_value("writing")
    assert_accessible(page)
    page.get_by_label("法院", exact=True).select_option("yanji")
    page.get_by_label("督导要求").fill("逐案评查")
    page.get_by_role("button", name="发出督导").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("督导已发出")
    expect(page.get_by_text("文书说理不足").first).to_be_visible()
    assert_accessible(page)
    address = page.url
    # The rules would have proposed it, too.
    page.goto(f"{ROOT}actions/proposals/?month=6")
    card = page.get_by_role("article", name="延吉法院 · 可能突破全年上限")
    expect(card).to_contain_text("已超过全年上限226件")
    card.get_by_text("采纳，发出督导").press("Enter")
    expect(card.get_by_role("button", name="发出督导")).to_be_visible()
    assert_accessible(page)

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

    # Two months later: the effect in a sentence, and December against the registers on paper.
    reported(year, 7, 8)
    log_in(office)
    page.goto(address)
    # A mean of 40 and moving ranges of 2: 40 ± 2.66 × 2.
    said = "督导后的7月、8月超出平常波动（34.68件—45.32件），向好：月均由40件变为3件，不只是波动。"
    expect(page.get_by_role("figure").get_by_role("paragraph")).to_have_text(said)
    assert_accessible(page)
    reported(year, 9, 12)
    page.goto(f"{ROOT}registers/reconciliation/2019-12/")
    expect(page.get_by_text("全部一致")).to_be_visible()
    assert_accessible(page)
    page.emulate_media(media="print")
    expect(page.get_by_role("row", name="延吉法院 二审被改判")).to_be_visible()
    expect(page.get_by_role("navigation", name="月份")).to_be_hidden()
    expect(page.locator(".bar")).to_be_hidden()
    page.emulate_media(media="screen")
    for language in ("zh-hans", "ko", "en"):
        speak(page, language)
        page.reload()
        assert page.evaluate("document.querySelector('.bar').offsetHeight") < 60, language
    speak(page, "zh-hans")
    # What stands in a group is reached by keyboard.
    page.reload()
    group = page.locator(".areas summary").filter(has_text="数据")
    group.press("Enter")
    expect(page.get_by_role("link", name="报送情况")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="报送情况")).to_be_hidden()

    page.goto(f"{ROOT}meetings/")
    page.get_by_label("名称").fill("六月会商")
    page.get_by_role("button", name="生成议程").press("Enter")
    page.get_by_label("加一个议题").fill("培训")
    follow(page, page.get_by_role("button", name="加入议程"))
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

    page.on("dialog", lambda dialog: dialog.accept())
    page.set_viewport_size({"width": 390, "height": 844})
    for language in ("zh-hans", "ko"):
        speak(page, language)
        for place in (
            *(address, meeting, topic, f"{ROOT}actions/", f"{ROOT}actions/proposals/?month=6"),
            *(f"{ROOT}measures/", f"{ROOT}measures/yanji/", f"{ROOT}actions/new/", line),
            *(
                f"{ROOT}registers/",
                f"{ROOT}registers/overturned/",
                f"{ROOT}registers/overturned/new/",
            ),
            *(f"{ROOT}registers/overturned/statistics/", f"{ROOT}registers/overturned/import/"),
            *(
                f"{ROOT}registers/cases/2019-06/yanji/L1/",
                f"{ROOT}registers/reconciliation/2019-12/",
            ),
        ):
            page.goto(place)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 390, (place, language, wide)
