"""Tests of pages for any eye: light, dark, more contrast, and colours that the system gives."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from courts.models import QualityYear
from tests.browser.conftest import UNTIL_NOTHING_FADES
from tests.browser.looking import DASHBOARD, GRID, MONTH, OFFICE_GRID, ROOT, LogIn, fill

pytestmark = pytest.mark.django_db(transaction=True)

WISHES: tuple[dict[str, Any], ...] = (
    {"color_scheme": "dark", "contrast": "no-preference"},
    {"color_scheme": "light", "contrast": "more"},
    {"color_scheme": "dark", "contrast": "more"},
)
OTHERS = (
    *(GRID, OFFICE_GRID, DASHBOARD, MONTH, f"{MONTH}yanji/", f"{ROOT}completeness/"),
    *("/", f"{ROOT}cases/", f"{ROOT}bulletins/", f"{ROOT}ballots/"),
)


def violations(page: Page, **options: Any) -> list[str]:
    found = Axe().run(page, options=options or None)
    return [found.generate_report()] if found.violations_count else []


@pytest.mark.parametrize(
    ("language", "places"),
    [
        ("zh-CN", (OFFICE_GRID,)),
        ("ko", ("/notices/",)),
        ("en", (f"{ROOT}cases/",)),
        *(
            pytest.param(language, OTHERS, id=f"{language}-others", marks=pytest.mark.nightly)
            for language in ("zh-CN", "ko", "en")
        ),
    ],
)
def test_pages_are_accessible_under_every_wish(
    page: Page, made_year: QualityYear, log_in: LogIn, language: str, places: tuple[str, ...]
) -> None:
    log_in(fill(made_year)["office"])
    page.context.set_extra_http_headers({"Accept-Language": language})
    for place in places:
        page.emulate_media(color_scheme="light", contrast="no-preference")
        page.goto(place)
        assert not violations(page), place
        for wish in WISHES:
            page.emulate_media(**wish)
            page.evaluate(UNTIL_NOTHING_FADES)
            assert not violations(page, runOnly=["color-contrast"]), (place, wish)


# The edge or line that a thing has beside its ground, which such a system takes away.
EDGE = """(one) => {
  const seen = getComputedStyle(one);
  return seen.outlineStyle !== "none" || seen.textDecorationLine !== "none"
    || (seen.borderTopStyle !== "none" && seen.borderTopWidth !== "0px");
}"""
DRAWN = """(one) => {
  const { fill, stroke } = getComputedStyle(one);
  const ground = getComputedStyle(document.body).backgroundColor;
  return [fill, stroke].some((colour) => !["none", ground].includes(colour));
}"""


@pytest.mark.parametrize("scheme", ["dark", pytest.param("light", marks=pytest.mark.nightly)])
def test_states_are_seen_where_the_system_gives_the_colours(
    page: Page, made_year: QualityYear, log_in: LogIn, scheme: Any
) -> None:
    people = fill(made_year)
    log_in(people["office"])
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    page.goto(DASHBOARD)
    for where in (
        ".switch [aria-current]",
        ".tabs [aria-current]",
        ".languages [aria-pressed=true]",
    ):
        assert page.locator(where).first.evaluate(EDGE), where
    # Cells have their state as a shape, not as a ground alone.
    cells = page.locator(".items-board .cell:not(.cell-none)").all_inner_texts()
    assert cells
    assert [text for text in cells if not any(mark in text for mark in "●◕◔○＋−待未")] == []
    page.goto(MONTH)
    bar = page.locator("svg.bar-of").first
    fill_, track = (
        bar.locator(one).evaluate("one => getComputedStyle(one).fill")
        for one in (".fill", ".track")
    )
    assert fill_ != track
    assert all(one.evaluate(DRAWN) for one in bar.locator("rect").all())
    # What has the focus is ringed, whatever it is.
    for _ in range(25):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            "() => { const seen = getComputedStyle(document.activeElement);"
            " return [seen.outlineStyle, parseFloat(seen.outlineWidth)]; }"
        )
        assert ring[0] != "none"
        assert ring[1] >= 2
    log_in(people["dunhua"])
    page.goto(GRID)
    assert page.locator(".spark :is(polyline, path, circle)").first.evaluate(DRAWN)
    first = page.locator("input[data-column=total]").first
    first.click()
    page.keyboard.press("Shift+ArrowDown")
    chosen = page.locator(".is-chosen")
    assert chosen.count() == 2
    assert all(
        one.evaluate("one => getComputedStyle(one).outlineStyle") != "none" for one in chosen.all()
    )
    # Without what stands in for the ground, a state would be lost.
    page.goto(MONTH)
    current = page.locator(".switch [aria-current]").first
    current.evaluate("one => { one.style.outline = 'none'; }")
    assert not current.evaluate(EDGE)
