"""The sheets for the notice board: accessible on the screen, and one sheet of A4 each on paper."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from courts.models import QualityYear, User
from tests.browser.ballot_steps import address
from tests.courts.ballot_fixtures import people

pytestmark = pytest.mark.django_db(transaction=True)

# The list of all files: some three hundred lines of small print behind the opening sheet.
APPENDIX = 6


def test_sheets(
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    year: QualityYear,
) -> None:
    vote = people(year, leaders=3).opened().cast_all((3, 0), (1, 1), (2, 2)).closed()
    log_in(vote.holders[0])
    for name, most in (("opening-sheet/", 1 + APPENDIX), ("closing-sheet/", 1)):
        page.goto(address(vote, name))
        assert_accessible(page)
        # Read from a step away: digits of 26 points are some nine millimetres high.
        page.emulate_media(media="print")
        size = page.locator(".big-code").evaluate("code => getComputedStyle(code).fontSize")
        assert float(size.removesuffix("px")) * 0.75 >= 24
        pdf = page.pdf(prefer_css_page_size=True)
        assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= most, name
        page.emulate_media(media="screen")
