"""Tests of what goes to a meeting: the room's screen by its keys, the court on two sheets."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from courts.models import QualityYear, User
from tests.pages import account, mark_as_demo

pytestmark = pytest.mark.django_db(transaction=True)

ROOM = "/yanbian-2019/dashboard/2019-06/projector/"
PAPER = "/yanbian-2019/{month}/{court}/print/"
# Korean words are the longest; the others by night.
LANGUAGES = [
    "ko",
    pytest.param("zh-hans", marks=pytest.mark.nightly),
    pytest.param("en", marks=pytest.mark.nightly),
]
# What is wider or longer than its box, or than the sheet it is printed on.
CUT_OFF = """() => [...document.querySelectorAll(".sheet, .sheet .scroll, .sheet table")].filter(
  (box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.className)"""


def speak(page: Page, language: str) -> None:
    base = re.match(r"https?://[^/]+", page.url)
    assert base is not None
    page.context.add_cookies([{"name": "django_language", "value": language, "url": base[0]}])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_room_moves_by_keys_and_never_scrolls(
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    made_year: QualityYear,
    language: str,
) -> None:
    mark_as_demo(made_year)
    log_in(account("leader", "yanbian", "leader"))
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(ROOM)
    speak(page, language)
    page.goto(ROOM)
    for key, month in (
        ("ArrowRight", "12"),
        ("ArrowLeft", "06"),
        ("End", "12"),
        ("Home", "06"),
        ("ArrowLeft", "06"),
        ("End", "12"),
    ):
        page.keyboard.press(key)
        expect(page).to_have_url(re.compile(rf"/2019-{month}/projector/$"))
        page.wait_for_load_state()
        size = "[document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
        assert page.evaluate(size) == [768, 1366], month
    expect(page.get_by_role("status")).to_have_count(1)
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"/dashboard/2019-12/$"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_court_is_two_sheets(
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    made_year: QualityYear,
    language: str,
) -> None:
    mark_as_demo(made_year)
    log_in(account("leader", "yanbian", "leader"))
    page.goto(ROOM)
    speak(page, language)
    for month, court in (("2019-06", "yanji"), ("2019-12", "yanji"), ("2019-12", "yanbian")):
        page.goto(PAPER.format(month=month, court=court))
        expect(page.locator(".sheet")).to_have_count(2)
        drawn = "[...document.images].every((one) => one.complete && one.naturalWidth > 0)"
        page.wait_for_function(drawn)
        pdf = page.pdf(format="A4", prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2, (month, court)
        assert page.evaluate(CUT_OFF) == []
    assert_accessible(page)
