"""Tests of the page of all courts of a side, and of writing on a court's behalf from it."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courts.models import EntryOnBehalf, QualityYear, User
from courts.returns.selectors.office_grids import office_grid
from courts.years.selectors.slots import Slot
from scoring.facts import Month
from scoring.schema import Side
from tests.courts.returns_fixtures import MAY, bring_to, fill, slot_of, values_of
from tests.pages import client_of, more_courts

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PAGE = "/yanbian-2019/grid/2019-05/litigation/"
CELLS = "/yanbian-2019/returns/yanji/2019-05/litigation/behalf/cells/"


@pytest.fixture
def slot(year: QualityYear, people: dict[str, User]) -> Slot:
    return slot_of(year)


def send(account: User, *cells: tuple[str, str, int], reason: str = "系统抽取", **more: Any) -> Any:
    body = {
        "user": account.pk,
        "reason": reason,
        "cells": [{"metric": m, "value": v, "seen_version": seen} for m, v, seen in cells],
    } | more
    return client_of(account).post(CELLS, json.dumps(body), content_type="application/json")


def test_sums_add_what_was_reported_and_say_what_was_not(
    year: QualityYear, slot: Slot, people: dict[str, User]
) -> None:
    fill(people["desk"], slot, {"appeals_filed": 452, "retrial_designated": 0})
    fill(people["other court"], slot_of(year, "tumen"), {"appeals_filed": 40})
    grid = office_grid(people["office"], year, MAY, Side.LITIGATION)
    rows = {row.metric: row for row in grid.rows}
    assert [column.court for column in grid.columns[:3]] == ["延边中院", "延吉法院", "图们法院"]
    # 452 + 40; seven of nine courts have not reported. A zero is reported, a blank is not.
    assert (rows["appeals_filed"].total, rows["appeals_filed"].missing) == (492, 7)
    assert (rows["retrial_designated"].total, rows["retrial_designated"].missing) == (0, 8)
    assert (rows["appeal_revised"].total, rows["appeal_revised"].missing) == (None, 9)
    answer = client_of(people["office"]).get(f"{PAGE}?_export=csv")
    text = answer.content.decode("utf-8-sig")
    lines = {row[0]: row for row in csv.reader(io.StringIO(text)) if len(row) > 10}
    assert lines["appeals_filed"][3:] == ["", "452", "40", *[""] * 6, "492", "7"]


def test_only_the_office_in_charge_gets_fields_and_only_where_it_may_write(
    year: QualityYear, slot: Slot, people: dict[str, User]
) -> None:
    bring_to("verified", slot, people)
    text = client_of(people["office"]).get(PAGE).content.decode()
    courts = set(re.findall(r'data-court="(\w+)"', text))
    assert len(courts) == 8
    assert "yanji" not in courts
    for name in ("centre", "leader"):
        text = client_of(people[name]).get(PAGE).content.decode()
        assert "data-court" not in text
        assert "452" in text


def test_written_with_a_reason_the_court_sees(slot: Slot, people: dict[str, User]) -> None:
    bring_to("submitted", slot, people)
    cells = ("appeals_filed", "４41", 1), ("appeal_revised", "x", 1), ("retrial_decided", "1", 9)
    answer = send(people["office"], *cells)
    assert answer.status_code == 200
    results = {r["metric"]: r["status"] for r in answer.json()["results"]}
    assert results == {
        "appeals_filed": "saved",
        "appeal_revised": "refused",
        "retrial_decided": "conflict",
    }
    assert values_of(slot)["appeals_filed"] == 441
    entry = EntryOnBehalf.objects.get()
    assert (entry.reason, entry.changes) == ("系统抽取", {"appeals_filed": [452, 441]})
    page = client_of(people["desk"]).get("/yanbian-2019/returns/yanji/2019-05/litigation/")
    assert "系统抽取" in page.content.decode()


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"reason": " "}, 422),
        ({"reason": "x" * 501}, 422),
        ({"reason": 5}, 400),
        ({"user": 0}, 409),
        ({"cells": []}, 400),
    ],
)
def test_refused_as_a_whole(
    slot: Slot, people: dict[str, User], more: dict[str, Any], status: int
) -> None:
    answer = send(people["office"], ("appeals_filed", "441", 0), **more)
    assert answer.status_code == status
    assert answer.json()["message"]
    assert slot.row() is None


def test_the_latest_month_with_returns_is_opened(
    year: QualityYear, slot: Slot, people: dict[str, User]
) -> None:
    def landing(name: str) -> str:
        response = client_of(people[name]).get("/yanbian-2019/grid/")
        return str(response.headers["Location"])

    assert landing("office") == "/yanbian-2019/grid/2019-01/litigation/"
    fill(people["desk"], slot, {"appeals_filed": 5})
    assert landing("office") == PAGE
    assert landing("centre") == "/yanbian-2019/grid/2019-01/enforcement/"


@pytest.mark.parametrize(
    "address",
    ["/yanbian-2019/grid/2018-05/litigation/", "/yanbian-2019/grid/2019-05/other/"],
)
def test_there_is_no_such_page(people: dict[str, User], address: str) -> None:
    assert client_of(people["office"]).get(address).status_code == 404


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}?_export=xlsx"])
def test_queries_grow_neither_with_courts_nor_with_months(
    address: str, year: QualityYear, slot: Slot, people: dict[str, User]
) -> None:
    bring_to("submitted", slot, people)
    client = client_of(people["office"])
    client.get(address)
    with CaptureQueriesContext(connection) as before:
        assert client.get(address).status_code == 200
    more_courts(year, 20)
    for month in range(1, 5):
        fill(people["desk"], slot_of(year, month=Month(2019, month)), {"appeals_filed": month})
    with CaptureQueriesContext(connection) as after:
        client.get(address)
    assert len(after) == len(before)
    assert len(before) <= 30
