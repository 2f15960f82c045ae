"""The sheets for the notice board: accessible on the screen, and one sheet of A4 each on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

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


@pytest.mark.nightly
def test_minutes_fit_a_sheet_and_tie_nobody_to_a_ballot(
    page: Page, log_in: Callable[[User], None], year: QualityYear
) -> None:
    vote = people(year, leaders=3).opened()
    codes = [vote.cast(leader, (leader, 0)).tracker for leader in range(3)]
    vote.closed().confirmed().tallied()
    log_in(vote.holders[0])
    page.goto(address(vote, "minutes/"))
    reader = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    (sheet,) = (re.sub(r"\s+", "", one.extract_text()) for one in reader.pages)
    assert "签名" in sheet
    assert not any(code[:8] in sheet for code in codes)
