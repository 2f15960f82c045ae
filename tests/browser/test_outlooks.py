"""Tests of the pages of estimates: drawn without a violation, told without seeing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from courts.models import QualityYear, User
from tests.browser.looking import follow
from tests.pages import account

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = "/yanbian-2019"
PAGES = (
    f"{ROOT}/2019-06/yanji/outlook/",
    f"{ROOT}/2019-12/yanji/small-counts/?item=L3.2",
    f"{ROOT}/2019-06/yanji/court/",
    f"{ROOT}/dashboard/2019-06/",
    f"{ROOT}/dashboard/2019-12/trends/",
    f"{ROOT}/dashboard/2019-12/small-counts/?item=L3.1",
)


@pytest.mark.parametrize("language", [pytest.param("zh-hans", marks=pytest.mark.nightly), "ko"])
def test_pictures_are_drawn_and_told(
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    made_year: QualityYear,
    language: str,
) -> None:
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    log_in(account("office", "yanbian", "office"))
    page.goto(PAGES[0])
    base = page.url.split("/yanbian")[0]
    page.context.add_cookies([{"name": "django_language", "value": language, "url": base}])
    for address in PAGES:
        page.goto(address)
        expect(page.locator("figure[data-chart]").last).to_have_attribute("data-drawn", "yes")
        for figure in page.locator("figure[data-chart]").all():
            expect(figure).to_have_attribute("data-drawn", "yes")
            # Drawn as wide as its place, in shapes that can be seen.
            assert figure.locator("svg .mark-symbol path, svg .mark-rect path").count() > 0
            sentence = figure.locator("figcaption p").inner_text()
            assert sentence in (figure.locator(".chart-picture").get_attribute("aria-label") or "")
            # The table behind opens by keyboard.
            table = figure.locator("table")
            expect(table).to_be_hidden()
            figure.locator("summary").press("Enter")
            expect(table).to_be_visible()
        assert_accessible(page)
    assert refused == []
    page.set_viewport_size({"width": 390, "height": 844})
    for address in PAGES:
        page.goto(address)
        expect(page.locator("figure[data-chart]").last).to_have_attribute("data-drawn", "yes")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address


def test_a_chart_that_cannot_be_drawn_leaves_table_and_picture(
    page: Page, log_in: Callable[[User], None], made_year: QualityYear
) -> None:
    """As in a browser that does not understand the drawing script."""
    page.route("**/vega*.js", lambda route: route.abort())
    log_in(account("office", "yanbian", "office"))
    page.goto(PAGES[1])
    figure = page.locator("figure[data-chart]").first
    expect(figure).to_have_attribute("data-drawn", "no")
    expect(figure.locator("table")).to_be_visible()
    picture = figure.locator("[data-drawing] img")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("image => image.naturalWidth") > 0


def test_the_month_slides_by_keyboard(
    page: Page, log_in: Callable[[User], None], made_year: QualityYear
) -> None:
    log_in(account("leader", "yanbian", "leader"))
    page.goto(f"{ROOT}/dashboard/2019-06/?side=litigation")
    slider = page.get_by_role("slider", name="拖动看各月")
    slider.focus()
    slider.press("End")
    expect(page).to_have_url(re.compile(r"/dashboard/2019-12/\?side=litigation$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("2019年12月")
    # A cell leads to its item on the court's scorecard.
    page.get_by_role("link", name="延吉法院").first.press("Enter")
    expect(page).to_have_url(re.compile(r"/2019-12/yanji/"))


def test_a_slider_moves_the_total(
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    made_year: QualityYear,
) -> None:
    log_in(account("desk", "yanji", "litigation"))
    page.goto(f"{ROOT}/2019-12/yanji/what-if/")
    assert_accessible(page)
    total = page.locator("[data-total]")
    before = total.inner_text()
    field = page.get_by_label("二审被改判", exact=True)
    slider = page.get_by_role("slider", name="二审被改判（拖动）")
    slider.press("Home")
    expect(field).to_have_value("0")
    expect(total).not_to_have_text(before)
    assert_accessible(page)
    # The address holds the trial: opened again, it is the same.
    after = total.inner_text()
    page.reload()
    expect(page.locator("[data-total]")).to_have_text(after)
    # Kept under a name, by keyboard alone.
    follow(page, page.get_by_role("link", name="保存这个方案"))
    assert_accessible(page)
    page.get_by_label("方案名称").fill("一件不改")
    page.get_by_label("方案名称").press("Enter")
    expect(page.get_by_text("已保存。")).to_be_visible()
    page.get_by_role("checkbox", name="一件不改").press("Space")
    page.get_by_role("button", name="对比选中的方案").press("Enter")
    expect(page.get_by_role("table", name="方案对比")).to_contain_text(after)
    assert_accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1366, "height": 768})
    follow(page, page.get_by_role("link", name="一件不改"))
    assert_accessible(page)
    page.get_by_role("link", name="在测算页打开").press("Enter")
    expect(page.locator("[data-total]")).to_have_text(after)
    page.get_by_label("总分想到").fill("100")
    page.get_by_role("button", name="找最省的办法").press("Enter")
    expect(page.get_by_text("只靠案件增减到不了这个目标")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
