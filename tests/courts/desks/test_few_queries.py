"""Tests that main pages, looked at again, ask the database for little, whatever they show."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courts.frame import remembered as module
from courts.models import MonthlyReturn, QualityYear, User
from tests.browser.looking import DASHBOARD, GRID, MONTH, OFFICE_GRID, ROOT, fill
from tests.pages import client_of

pytestmark = pytest.mark.django_db(transaction=True)

MOST = 12
OFFICE = (
    DASHBOARD,
    MONTH,
    f"{MONTH}yanji/",
    f"{MONTH}yanji/court/",
    f"{MONTH}yanji/what-if/?_part=answer&appeals_filed=900",
    f"{MONTH}yanji/outlook/",
    f"{MONTH}yanji/small-counts/",
    f"{ROOT}completeness/",
    f"{ROOT}desk/",
    OFFICE_GRID,
    f"{MONTH}close/",
)
DESK = (GRID, f"{GRID}cells/", f"{ROOT}returns/dunhua/")
SHOWN = [
    *(("office", address) for address in OFFICE),
    *(("dunhua", address) for address in DESK),
    ("voter", "/"),
]


@pytest.fixture
def people(made_year: QualityYear, monkeypatch: pytest.MonkeyPatch) -> dict[str, User]:
    """A year with a case, a published issue, an open vote and a return that was sent back."""
    monkeypatch.setattr(module, "_kept", module._Kept())
    return fill(made_year)


def test_pages_looked_at_again_ask_for_little(people: dict[str, User]) -> None:
    asked = {}
    for name, address in SHOWN:
        client = client_of(people[name])
        for _time in range(2):
            assert client.get(address).status_code == 200, address
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        asked[name, address] = len(queries)
    assert {place: number for place, number in asked.items() if number > MOST} == {}


def test_what_somebody_did_is_seen_on_the_desk_at_once(people: dict[str, User]) -> None:
    """Kept rows of each kind are read anew after another person's act."""
    client = client_of(people["office"])

    def shown() -> tuple[int, bool]:
        """How many returns wait for review on the desk, and whether Antu's is among them."""
        desk = client.get(f"{ROOT}desk/").context["page"]
        queue = client.get(f"{ROOT}reviews/").content.decode()
        return desk.tiles["review"].count, f"{ROOT}returns/antu/2019-12/litigation/review/" in queue

    before = shown()
    assert shown() == before
    waiting = MonthlyReturn.objects.filter(court__code="antu", year=2019, month=12)
    waiting.filter(side="litigation").update(state="submitted")
    assert before == (0, False)
    assert shown() == (1, True)
