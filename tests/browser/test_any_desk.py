"""Tests of pages at any desk: on a phone, at 200 %, on a small desk's screen.

`measure.js` says what is looked for; each kind of fault is planted once and must be found.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from courts.models import BallotRound, Bulletin, QualityYear, SpecialCase, User
from tests.browser.ballot_steps import PATIENCE, address, choices, mark, recognise
from tests.browser.looking import (
    DASHBOARD,
    GRID,
    MONTH,
    OFFICE_GRID,
    ROOT,
    LogIn,
    covered,
    faults,
    fill,
)
from tests.courts.ballot_fixtures import people

pytestmark = pytest.mark.django_db(transaction=True)

PHONE: ViewportSize = {"width": 390, "height": 844}
ZOOMED: ViewportSize = {"width": 683, "height": 384}
SMALL: ViewportSize = {"width": 1093, "height": 614}


def pages_of(*, all_of_them: bool) -> dict[str, list[str]]:
    """What each of them opens, at every size."""
    ballot = f"{ROOT}ballots/{BallotRound.objects.get().code}/"
    bulletin = f"{ROOT}bulletins/{Bulletin.objects.get().pk}/"
    case = f"{ROOT}cases/{SpecialCase.objects.get().pk}/"
    if not all_of_them:
        return {
            "office": [OFFICE_GRID, DASHBOARD, "/notices/", case],
            "dunhua": [GRID, bulletin],
            "voter": [ballot],
        }
    return {
        "office": [
            *("/", f"{ROOT}completeness/", MONTH, f"{ROOT}cases/", f"{ROOT}bulletins/", bulletin),
            *(f"{ROOT}ballots/", ballot, OFFICE_GRID, DASHBOARD, "/notices/", case),
        ],
        "dunhua": [GRID, f"{GRID}submit/", f"{ROOT}cases/new/", bulletin, "/notices/"],
        "voter": ["/", ballot, f"{ballot}booth/", case, bulletin],
    }


def lost(page: Page, log_in: LogIn, named: dict[str, User], pages: dict[str, list[str]]) -> None:
    wrong = []
    for username, addresses in pages.items():
        log_in(named[username])
        for place in addresses:
            page.goto(place)
            for size in (PHONE, ZOOMED, SMALL):
                page.set_viewport_size(size)
                wrong += [(place, size["width"], fault) for fault in faults(page)]
    assert not wrong


@pytest.mark.nightly
@pytest.mark.parametrize("language", ["zh-CN", "ko", "en"])
def test_nothing_is_lost_on_many_pages(
    page: Page, made_year: QualityYear, log_in: LogIn, language: str
) -> None:
    page.context.set_extra_http_headers({"Accept-Language": language})
    named = fill(made_year)
    lost(page, log_in, named, pages_of(all_of_them=True))


def test_nothing_is_lost_at_any_desk(page: Page, made_year: QualityYear, log_in: LogIn) -> None:
    named = fill(made_year)
    lost(page, log_in, named, pages_of(all_of_them=False))
    log_in(named["office"])
    page.set_viewport_size(PHONE)
    # What must be found, planted one by one.
    button = "document.querySelector('main .button')"
    heading = "document.querySelector('h1').style.cssText ="
    for plant, said in (
        (f"{button}.style.minHeight = '2rem'", "low: "),
        (f"{button}.style.cssText = 'min-height: 0; height: 20px; padding: 0'", "small: "),
        ("document.querySelector('h1').style.width = '600px'", " px wide"),
        (f"{heading} 'width: 2em; overflow: hidden; white-space: nowrap'", "cut off: "),
    ):
        page.goto(OFFICE_GRID)
        assert not faults(page)
        page.evaluate(plant)
        assert any(said in fault for fault in faults(page)), plant


def test_figures_on_a_phone_are_named_and_read_only(
    page: Page, made_year: QualityYear, log_in: LogIn
) -> None:
    named = fill(made_year)
    page.set_viewport_size(PHONE)
    log_in(named["office"])
    page.goto(OFFICE_GRID)
    # Nine courts and the sum beside each metric's name; nothing to write in.
    row = page.locator(".office-grid tbody tr:not(.group-row)").first
    names = row.locator("td").evaluate_all(
        "cells => cells.map((cell) => getComputedStyle(cell, '::before').content.slice(1, -1))"
    )
    assert names == [
        *("延边中院", "延吉法院", "图们法院", "敦化法院", "龙井法院"),
        *("珲春法院", "和龙法院", "汪清法院", "安图法院", "合计"),
    ]
    expect(row.locator("th")).to_be_visible()
    expect(page.get_by_text("手机上只供查看")).to_be_visible()
    expect(page.locator("[data-behalf]")).not_to_be_visible()
    assert page.locator(".office-grid input:not([readonly])").count() == 0
    written = page.locator(".office-grid input").first
    before = written.input_value()
    written.focus()
    page.keyboard.type("7")
    page.keyboard.press("Delete")
    assert written.input_value() == before
    # For a screen reader it is a table still, and each number has court and metric in its name.
    assert page.get_by_role("table").get_by_role("row").count() > 10
    expect(row.get_by_role("link").first).to_have_accessible_name("延边中院，二审被改判：10")
    # The board: a court's name stays above its numbers, which have their items' names.
    page.goto(DASHBOARD)
    cell = page.locator(".items-board td.cell").first
    expect(cell.locator(".cell-label")).to_have_text("L1 发改指")
    cell.scroll_into_view_if_needed()
    below = page.locator(".items-board tbody tr").first.locator("td.cell").last
    below.evaluate("cell => scrollTo(0, cell.getBoundingClientRect().bottom + scrollY - 150)")
    court = page.locator(".items-board tbody th").first.bounding_box()
    assert court
    assert -1 <= court["y"] <= 150
    # A desk's own grid: to read on a phone, to write in where there is room, also at 200 %.
    log_in(named["dunhua"])
    page.goto(GRID)
    expect(page.get_by_text("手机上只供查看")).to_be_visible()
    assert page.locator(".grid input:not([readonly])").count() == 0
    expect(page.locator(".group-row").first).to_contain_text("敦化市人民法院")
    page.set_viewport_size(ZOOMED)
    expect(page.get_by_text("手机上只供查看")).not_to_be_visible()
    open_one = page.locator("input[data-column=total]:not([readonly])").first
    open_one.fill("43")
    open_one.press("Enter")
    expect(page.locator("tr[data-metric][data-state=saved]").first).to_be_visible()


def test_no_head_lies_upon_what_has_the_focus(
    page: Page, made_year: QualityYear, log_in: LogIn
) -> None:
    log_in(fill(made_year)["dunhua"])
    page.goto(GRID)
    last = page.locator("main a, main input, main summary").last
    for size in (PHONE, ZOOMED, SMALL):
        page.set_viewport_size(size)
        last.focus()
        assert covered(page, 45) == [], size
    # A head that stays, without room kept for it, lies upon some.
    page.evaluate(
        """() => {
          document.documentElement.style.scrollPaddingTop = "0";
          const head = document.querySelector(".grid-head");
          head.style.cssText = "position: sticky; top: 0; height: 9rem; z-index: 9";
        }"""
    )
    last.focus()
    assert covered(page, 45)


def test_a_ballot_is_cast_with_thumbs(page: Page, year: QualityYear, log_in: LogIn) -> None:
    """Recognised, scored, looked over, sealed, spoiled, sealed again, cast: nothing is small."""
    vote = people(year, leaders=3).draft(unit=Decimal("0.5")).ask().give().open()
    page.set_default_timeout(PATIENCE)
    page.set_viewport_size(PHONE)
    log_in(vote.leaders[0])
    page.goto(address(vote, "booth/"))
    choices(page)
    wrong = faults(page)
    recognise(page, vote.row.fingerprint)
    expect(page.locator("[data-marks]")).to_be_visible()
    wrong += faults(page)
    mark(page, ("7.5", "11.5"))
    wrong += faults(page)
    page.locator("[data-challenge] summary").click()
    page.locator("[data-spoil]").click()
    expect(page.locator("[data-spoiled]")).to_be_visible()
    wrong += faults(page)
    page.locator("[data-vote-again]").click()
    mark(page, ("7.5", "11.5"))
    page.locator("[data-give]").click()
    expect(page.locator("[data-receipt]")).to_be_visible()
    wrong += faults(page)
    assert not wrong
