"""Owns what tests of how pages look share: a year with everything in it, and what is measured.

To the made figures come a grid to write in, an open ballot, a case, a bulletin and its notices.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from courts.bulletins.services import issued_files
from courts.models import MonthlyReturn, QualityYear, User
from tests.courts.ballot_fixtures import Vote
from tests.courts.cases.test_special_cases import applied
from tests.courts.issue_fixtures import people_of_issuing, published_issue
from tests.pages import account, mark_as_demo

LogIn = Callable[[User], None]

ROOT = "/yanbian-2019/"
MONTH = f"{ROOT}2019-12/"
DASHBOARD = f"{ROOT}dashboard/2019-12/"
OFFICE_GRID = f"{ROOT}grid/2019-12/litigation/"
# Returned, so that its desk may write in it.
GRID = f"{ROOT}returns/dunhua/2019-12/litigation/"

MEASURE = Path(__file__).with_name("measure.js").read_text("utf-8")


def fill(year: QualityYear) -> dict[str, User]:
    """A case, a bulletin to read, an open ballot, a returned grid; the accounts by their names."""
    mark_as_demo(year)
    named = people_of_issuing() | {"dunhua": account("dunhua", "dunhua", "litigation")}
    place = {"court__code": "dunhua", "month": 12, "side": "litigation"}
    assert MonthlyReturn.objects.filter(**place).update(state="returned")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(issued_files, "papers_of", lambda _bulletin, _stem: iter(()))
        published_issue(year, named, month=10, is_demo=True)
    applied(named["desk"], year)
    voters = [account(f"voter{number}", "yanbian", "leader") for number in range(3)]
    holders = [account(f"holder{number}", "yanbian", "scrutineer") for number in range(2)]
    Vote(year, named["office"], voters, holders).opened()
    return named | {"voter": voters[0]}


def follow(page: Page, target: Locator) -> None:
    """Open what a link or a button leads to, by keyboard, and wait until it stands there.

    A page read right after a press may still be the one before.
    """
    with page.expect_event("load"):
        target.press("Enter")


def faults(page: Page) -> list[str]:
    """What hands and eyes would miss on the page as it stands; see `measure.js`."""
    found: list[str] = page.evaluate(f"({MEASURE.partition('*/')[2].strip()})()")
    return found


def covered(page: Page, stops: int) -> list[str]:
    """Stops of the tabulator, backwards, that something else lies upon."""
    found = []
    for _ in range(stops):
        page.keyboard.press("Shift+Tab")
        name = page.evaluate(
            """() => {
              const one = document.activeElement;
              const box = one.getBoundingClientRect();
              if (one === document.body || !box.height) return "";
              const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 12)];
              const top = document.elementFromPoint(x, y);
              const own = [one, ...(one.labels ?? [])].some((part) => part.contains(top));
              const name = one.getAttribute("aria-label") ?? one.textContent.trim();
              return own || top?.contains(one) ? "" : `${one.tagName} ${name}`;
            }"""
        )
        if name:
            found.append(name)
    return found
