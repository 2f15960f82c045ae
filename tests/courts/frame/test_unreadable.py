"""Owns proving that what nobody can read or keep is refused everywhere, and in one place."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client

from courts.frame.forms.bodies import DEEPEST, read_json
from courts.frame.storable import is_endless_number, refused_near
from courts.models import QualityYear
from tests.test_access_matrix import clients
from tests.walks import walked

__all__ = ["clients"]

CELLS = "/yanbian-2019/returns/yanbian/2019-12/litigation/cells/"
# A NUL, a vertical tab, a delete, a C1 control, bytes that are no UTF-8, a lone surrogate's bytes.
QUERIES = ("%00", "a%0Bb", "%7F", "%C2%85", "%FF%FE", "%ED%A0%80", "9" * 5000)


# --- Signs -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("延吉法院\n第二行\t列", ""),
        ("법원 ① 💩 İ", ""),
        ("", ""),
        ("二审\x00立案", "二审·立案"),
        ("\x0b", "·"),
        ("一二三四五六七八九十\x7f一二三四五六七八九十", "三四五六七八九十·一二三四五六七八"),
        ("a\ud800b", "a·b"),
        ("\N{REPLACEMENT CHARACTER}", "·"),
        ("a\x85b", "a·b"),
    ],
)
def test_which_signs_are_refused_and_where(text: str, near: str) -> None:
    assert refused_near(text) == near


def test_numbers_without_end() -> None:
    assert [
        is_endless_number(text) for text in ("9" * 39, "9" * 40, " -" + "٣" * 40, "x" * 40)
    ] == [
        False,
        True,
        True,
        False,
    ]


# --- Bodies of JSON --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 3000,
        b"[" * 100_000,
        b'{"a":' * 3000,
        b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
        b"\xff\xfe",
        b'{"a": "\\ud800"}',
        b'{"a\\u0000": 1}',
        b'{"a": ["\\u0000"]}',
        b'{"a": "\xed\xa0\x80"}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": 9223372036854775808}',
        b'{"a": {"value": ["\\u0000"]}}',
        b"",
    ],
    ids=range(13),
)
def test_a_body_that_cannot_be_read(body: bytes) -> None:
    with pytest.raises(ValidationError):
        read_json(body, judged=["value"])


def test_a_body_that_can_be_read() -> None:
    data: Any
    for data in ({"a": ["一", 1, None, True, 2**63 - 1]}, [], "文", 0):
        assert read_json(json.dumps(data).encode()) == data
    # Of a figure the service says what is wrong with it, so that the others are taken.
    assert read_json(b'{"value": "1\\u0000"}', judged=["value"]) == {"value": "1\x00"}
    nested = b"[" * DEEPEST + b"]" * DEEPEST
    assert read_json(nested)


def test_json_is_read_in_one_place() -> None:
    """The sealed ballot's own parser, which knows no Django, is stricter still.

    What reads files, draws papers and verifies backups talks in JSON with its own child, and what
    was read of a file is kept in JSON that this application wrote. A snapshot's file is read within
    bounds of its own, the form of notices sent outside comes from the settings.
    """
    found = [
        str(path.relative_to(settings.BASE_DIR))
        for path in sorted((settings.BASE_DIR / "courts").rglob("*.py"))
        if re.search(r"json\.loads?\(", path.read_text(encoding="utf-8"))
    ]
    assert found == [
        "courts/ballots/protocol/canonical.py",
        "courts/ballots/protocol/group.py",
        "courts/ballots/verify.py",
        "courts/bulletins/template_trials.py",
        "courts/files/child.py",
        "courts/files/reading.py",
        "courts/files/sheets.py",
        "courts/frame/forms/bodies.py",
        "courts/notices/services/outbox.py",
        "courts/papers/child.py",
        "courts/snapshots/canonical.py",
        "courts/upkeep/services/backups.py",
    ]


@pytest.mark.django_db
def test_the_cells_of_a_return(clients: dict[str, Client]) -> None:
    for body in (b"[" * 3000, b'{"cells": [{"metric": "\\u0000"}]}', b"\xff"):
        answer = clients["litigation"].post(CELLS, body, content_type="application/json")
        assert answer.status_code == 400
        assert answer.json()["message"]


# --- Addresses, forms, headers ---------------------------------------------------------------


@pytest.mark.django_db
def test_every_address_refuses_what_no_query_may_hold(clients: dict[str, Client]) -> None:
    """A name in the query that no page knows is enough: no page has to think of it."""
    for address in walked():
        sign = "&" if "?" in address else "?"
        response = clients["office"].get(f"{address}{sign}no-such-field=%00")
        assert response.status_code == 400, address
    for query in QUERIES:
        for field in (f"state={query}", f"{query}=1"):
            response = clients["office"].get(f"/yanbian-2019/cases/?{field}")
            assert response.status_code == 400, field
    assert "没有读懂这次请求" in response.content.decode()


@pytest.mark.django_db
def test_every_address_refuses_what_no_form_may_hold(clients: dict[str, Client]) -> None:
    for address in {address.partition("?")[0] for address in walked()}:
        response = clients["office"].post(address, {"no-such-field": "a\x00b"})
        assert response.status_code == 400, address
    for data in ({"a\x0bb": "1"}, {"version": "9" * 5000}):
        assert clients["office"].post("/password/", data).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["path", "header", "cookie", "urlencoded"])
def test_every_way_in(where: str, clients: dict[str, Client]) -> None:
    client = clients["office"]
    ways: dict[str, Any] = {
        "path": lambda: client.get("/yanbian-2019/rulebook/L1%00/"),
        "header": lambda: client.get("/login/", headers={"user-agent": "a\x00"}),
        "cookie": lambda: Client(headers={"cookie": 'sessionid="abcdefgh\\000ij"'}).get("/login/"),
        "urlencoded": lambda: client.post(
            "/password/", "old_password=%FF", content_type="application/x-www-form-urlencoded"
        ),
    }
    response = ways[where]()
    assert response.status_code == 400
    assert "返回首页" in response.content.decode()


@pytest.mark.django_db
def test_the_page_says_where_the_sign_is(clients: dict[str, Client]) -> None:
    response = clients["office"].post("/password/", {"old_password": "因系统\x0b故障漏报"})
    text = response.content.decode()
    assert "“因系统·故障漏报”" in text
    assert "没有写入" in text
    assert "\x0b" not in text


@pytest.mark.django_db
def test_what_people_write_is_taken(made_year: QualityYear, clients: dict[str, Client]) -> None:
    """Line ends, tabs, old Hangul, rare signs and emoji are nobody's fault."""
    for text in ("一行\r\n二行\t三", "ᄒᆞᆫ글", "𠮷", "①💩", "9" * 39):
        response = clients["office"].get("/yanbian-2019/audit/", {"person": text})
        assert response.status_code == 200
