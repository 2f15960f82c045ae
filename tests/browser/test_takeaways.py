"""Base data and directions in a browser: accessible, no wider than a phone, by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from courts.models import Motion, QualityYear, User
from tests.pages import account

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = "/yanbian-2019"
PAGES = (f"{ROOT}/base/", f"{ROOT}/base/give/", f"{ROOT}/2019-12/direction/?court=dunhua")


def test_pages_are_for_everybody(
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    made_year: QualityYear,
) -> None:
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    log_in(account("office", "yanbian", "office"))
    page.goto(f"{ROOT}/base/")
    base = page.url.split("/yanbian")[0]
    page.context.add_cookies([{"name": "django_language", "value": "ko", "url": base}])
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for address in PAGES:
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
            if width == 390:
                assert_accessible(page)
    assert refused == []
    # A figure is given without a mouse.
    page.goto(PAGES[1])
    page.locator("#value-yanji").press_sequentially("7100")
    page.locator("#give-source").press_sequentially("2018")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/motions/[0-9]+/$"))
    assert Motion.objects.get().reason == "2018"
