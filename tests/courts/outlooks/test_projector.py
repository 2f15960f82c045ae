"""Tests of the meeting room's screen: what stands on it, where its keys lead, who sees it."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courts.models import QualityYear, User
from tests.pages import account, client_of, give, mark_as_demo, more_courts

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

ROOM = "/yanbian-2019/dashboard/2019-06/projector/"


@pytest.fixture(autouse=True)
def no_earlier_answers() -> None:
    cache.clear()


@pytest.fixture
def leader(year: QualityYear) -> User:
    return account("leader-of-room", "yanbian", "leader")


def text_of(user: User, address: str = ROOM) -> str:
    response = client_of(user).get(address)
    assert response.status_code == 200
    return str(response.content.decode())


def keys_of(text: str) -> dict[str, str]:
    found = re.findall(r'<a href="([^"]+)" data-key="(\w+)"', text)
    return {key: address.replace("&amp;", "&") for address, key in found}


def test_the_screen_says_what_the_dashboard_says(made_year: QualityYear, leader: User) -> None:
    text = text_of(leader)
    board = text_of(leader, ROOM.replace("projector/", ""))
    names = re.findall(r'<th scope="row">([^<]+)</th>', text)
    assert len(names) == 9
    assert names[-1] == "延边中院"
    table = board.split('class="list board items-board"')[1]
    assert names == re.findall(r'<th scope="row">\s*<a [^>]+>([^<]+)</a>', table)
    totals = re.findall(r'<td class="num"><strong>([\d.]+)</strong></td>', text)
    assert totals == re.findall(r'<td class="num"[^>]*>\s*<strong>([\d.]+)</strong>', table)
    assert f'href="{ROOM}"' in board


def test_keys_lead_to_months_with_figures(year: QualityYear, leader: User) -> None:
    for month in ("2019-02", "2019-06", "2019-09"):
        give(year, ("yanji", month, "appeal_revised", 3))
    keys = keys_of(text_of(leader))
    assert keys == {
        "first": ROOM.replace("06", "02"),
        "previous": ROOM.replace("06", "02"),
        "next": ROOM.replace("06", "09"),
        "last": ROOM.replace("06", "09"),
        "back": "/yanbian-2019/dashboard/2019-06/",
    }
    assert "next" not in keys_of(text_of(leader, ROOM.replace("06", "09")))
    empty = text_of(leader, ROOM.replace("06", "07"))
    assert "这个月还没有数据" in empty
    assert keys_of(empty)["previous"] == ROOM


def test_the_basis_is_kept(made_year: QualityYear, people: dict[str, User]) -> None:
    keys = keys_of(text_of(people["office"], f"{ROOM}?basis=reported"))
    assert all(address.endswith("?basis=reported") for address in keys.values())


def test_more_courts_stand_on_numbered_screens(made_year: QualityYear, leader: User) -> None:
    more_courts(made_year, 12)
    seen: list[str] = []
    address, screens = ROOM, 0
    while address:
        text = text_of(leader, address)
        names = re.findall(r'<th scope="row">([^<]+)</th>', text)
        assert 0 < len(names) <= 10
        seen += names
        screens += 1
        assert f"第{screens}屏，共3屏" in text
        address = keys_of(text).get("below", "")
    assert len(seen) == len(set(seen)) == 21
    assert screens == 3
    for odd, said in (("0", "第1屏"), ("99", "第3屏"), ("x", "第1屏"), ("²", "第1屏")):
        assert said in text_of(leader, f"{ROOM}?screen={odd}")


def test_made_up_figures_are_marked(made_year: QualityYear, leader: User) -> None:
    assert "演示数据" not in text_of(leader)
    mark_as_demo(made_year)
    assert "演示数据" in text_of(leader)


@pytest.mark.usefixtures("nothing_remembered")
def test_queries_do_not_grow(made_year: QualityYear, leader: User) -> None:
    counts = []
    text_of(leader)
    for number in (0, 20):
        more_courts(made_year, number)
        cache.clear()
        with CaptureQueriesContext(connection) as seen:
            text_of(leader)
        counts.append(len(seen))
    assert counts[0] == counts[1], counts
