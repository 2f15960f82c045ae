"""Tests of a court on two sheets: what they say, that they are the court's page, who prints."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courts.models import QualityYear, User
from tests.courts.admin_fixtures import elsewhere
from tests.courts.returns_fixtures import people
from tests.pages import client_of, give, made_year, mark_as_demo, more_courts, year

__all__ = ["elsewhere", "made_year", "people", "year"]

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

PRINT = "/yanbian-2019/2019-06/yanji/print/"


def text_of(user: User, address: str = PRINT) -> str:
    response = client_of(user).get(address)
    assert response.status_code == 200
    return str(response.content.decode())


def test_two_sheets_with_the_courts_own_figures(
    made_year: QualityYear, people: dict[str, User]
) -> None:
    text = text_of(people["desk"])
    first, second = text.split('<article class="sheet"')[1:]
    board = text_of(people["desk"], PRINT.replace("print", "court"))
    found = re.search(r"<dt>总分</dt>\s*<dd>\s*<strong>([\d.]+)</strong>", board)
    assert found is not None
    assert f"<strong>{found[1]}</strong>" in first
    rows = re.findall(r'<th scope="row">(\w[\w.]*) ', first)
    # As the notice orders them, on both sheets the same.
    assert rows[:3] == ["L1", "L2.1", "L2.2"]
    assert rows == re.findall(r'<th scope="row">(\w[\w.]*) ', second)
    assert "第1页，共2页" in first
    assert "第2页，共2页" in second
    best = re.search(r"最省的一分：(.+?)——(.+?)。</p>", board)
    assert best is not None
    ways = second.split("<li>")[1]
    assert best[1] in ways
    assert best[2] in ways
    assert "院领导" in second


def test_what_is_missing_is_said(year: QualityYear, people: dict[str, User]) -> None:
    give(year, ("yanji", "2019-06", "appeal_revised", 3))
    second = text_of(people["desk"]).split('<article class="sheet"')[2]
    assert "没有数据的月份：2019年1月、2019年2月、2019年3月、2019年4月、2019年5月。" in second
    assert re.search(r"待计票：L7。", second)


def test_a_month_without_figures(year: QualityYear, people: dict[str, User]) -> None:
    text = text_of(people["desk"])
    assert "这个月还没有数据" in text
    assert '<article class="sheet"' not in text


def test_made_up_figures_are_marked_on_each_sheet(
    made_year: QualityYear, people: dict[str, User]
) -> None:
    assert "演示数据" not in text_of(people["desk"])
    mark_as_demo(made_year)
    for sheet in text_of(people["desk"]).split('<article class="sheet"')[1:]:
        assert "演示数据" in sheet


def test_own_court_alone_and_the_picture_with_it(
    made_year: QualityYear, people: dict[str, User]
) -> None:
    client = client_of(people["desk"])
    assert client.get(PRINT.replace("yanji", "tumen")).status_code == 403
    picture = client.get(f"{PRINT}?_chart=total&_format=svg")
    assert picture.content.startswith(b"<svg")
    link = PRINT.replace("print", "court")
    assert f'href="{PRINT}"' in text_of(people["desk"], link)


@pytest.mark.usefixtures("nothing_remembered")
def test_queries_do_not_grow(made_year: QualityYear, people: dict[str, User]) -> None:
    text_of(people["desk"])
    counts = []
    for _time in range(2):
        for month in ("2019-02", "2019-12"):
            with CaptureQueriesContext(connection) as seen:
                text_of(people["desk"], PRINT.replace("2019-06", month))
            counts.append(len(seen))
        if len(counts) == 2:
            more_courts(made_year, 20)
    assert len(set(counts)) == 1, counts
