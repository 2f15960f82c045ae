"""Tests of the pages of a court's own returns: what they ask the database, what they answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from courts.models import Figure, QualityYear, User
from courts.returns.forms.returns import read_cells, read_reasons
from courts.templatetags.sparklines import sparkline
from tests.pages import client_of, more_courts

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

HOME = "/yanbian-2019/returns/yanji/"
PLACE = f"{HOME}2019-12/litigation/"
PAGES = (HOME, PLACE, f"{PLACE}cells/", f"{PLACE}effect/", f"{PLACE}submit/", f"{PLACE}print/")


def send(client: Client, user: User, *cells: tuple[str, str, int]) -> Any:
    body = {
        "user": user.pk,
        "cells": [{"metric": m, "value": v, "seen_version": seen} for m, v, seen in cells],
    }
    return client.post(f"{PLACE}cells/", json.dumps(body), content_type="application/json")


@pytest.mark.parametrize("address", PAGES)
def test_queries_do_not_grow_with_courts(
    address: str, made_year: QualityYear, desk: User, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(desk)
    client.get(address)
    with CaptureQueriesContext(connection) as before:
        assert client.get(address).status_code == 200
    most = len(before)
    # The home gathers open work of every kind and year; none of them asks once a court.
    assert most <= 88
    more_courts(made_year, 20)
    # What is kept of the years is made anew once after a change, before and after alike.
    client.get(address)
    with django_assert_num_queries(most):
        client.get(address)


def test_cells_are_saved_and_the_answer_says_how_the_return_stands(desk: User) -> None:
    client = client_of(desk)
    answer = send(client, desk, ("appeal_revised", "１,０00 ", 0), ("appeal_remanded", "x", 0))
    assert answer.status_code == 200
    state = answer.json()
    assert [result["status"] for result in state["results"]] == ["saved", "refused"]
    assert state["values"]["appeal_revised"] == [1000, 1]
    assert state["filled"] == 1
    assert Figure.objects.get(metric="appeal_revised", value=1000).version == 1


def test_the_grids_own_answers_are_marked_and_no_others(desk: User, office: User) -> None:
    client = client_of(desk)
    own = [
        send(client, desk, ("appeal_revised", "5", 0)),
        send(client, office, ("appeal_revised", "5", 0)),
        client.post(f"{PLACE}cells/", "?", content_type="application/json"),
        send(client_of(office), office, ("appeal_revised", "5", 0)),
        client.get(f"{PLACE}cells/"),
    ]
    assert [answer.status_code for answer in own] == [200, 409, 400, 403, 200]
    assert {answer.headers.get("X-Part") for answer in own} == {"cells"}
    foreign = client.post(f"{PLACE}cells/".replace("2019-12", "2018-12"), "{}", "application/json")
    signed_out = send(client_of(None), desk, ("appeal_revised", "5", 0))
    assert (foreign.status_code, signed_out.status_code) == (404, 302)
    assert not {"X-Part"} & {*foreign.headers, *signed_out.headers}


def test_the_fall_names_the_month_before(desk: User) -> None:
    content = client_of(desk).get(PLACE).content.decode()
    assert 'data-base-month="2019年11月"' in content


def test_a_cell_somebody_changed_meanwhile_is_a_conflict(desk: User) -> None:
    client = client_of(desk)
    send(client, desk, ("appeal_revised", "5", 0))
    (result,) = send(client, desk, ("appeal_revised", "6", 0)).json()["results"]
    assert (result["status"], result["value"], result["version"]) == ("conflict", 5, 1)
    assert result["changed_by"] == str(desk)


def test_figures_typed_by_another_account_are_not_taken(desk: User, office: User) -> None:
    answer = send(client_of(desk), office, ("appeal_revised", "5", 0))
    assert answer.status_code == 409
    assert answer.json()["message"]


def test_another_court_s_desk_sees_nothing(year: QualityYear, desk: User) -> None:
    client = client_of(desk)
    for address in PAGES:
        assert client.get(address.replace("yanji", "tumen")).status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "/yanbian-2020/returns/yanji/",
        "/yanbian-2019/returns/changchun/",
        "/yanbian-2019/returns/yanji/2018-12/litigation/",
        "/yanbian-2019/returns/yanji/2019-12/both/",
        f"{PLACE}cells/no_such_metric/",
    ],
)
def test_what_does_not_exist_is_missing(address: str, desk: User) -> None:
    assert client_of(desk).get(address).status_code == 404


def test_a_comment_is_shown_in_the_details(desk: User) -> None:
    client = client_of(desk)
    address = f"{PLACE}cells/appeal_revised/"
    page = client.post(address, {"act": "comment", "text": "请看"}, headers={"hx-request": "true"})
    assert page.headers["X-Part"] == "cell"
    assert "请看" in page.content.decode()
    assert "请看" in client.get(address).content.decode()


def test_handing_in_asks_for_every_reason(desk: User) -> None:
    page = client_of(desk).post(f"{PLACE}submit/", {"version": "0"}).content.decode()
    assert 'role="alert"' in page
    assert page.count('name="blank:') == 13


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"user": 1}',
        b'{"user": 1, "cells": []}',
        b'{"user": 1, "cells": [{"metric": "a", "value": 1, "seen_version": 0}]}',
        b'{"user": 1, "cells": [{"metric": "a", "value": "1", "seen_version": -1}]}',
        b'{"user": 1, "cells": [{"metric": "a", "value": "1", "seen_version": true}]}',
    ],
)
def test_what_is_no_list_of_cells_is_refused(body: bytes) -> None:
    with pytest.raises(ValidationError):
        read_cells(body)


def test_reasons_by_what_they_are_for() -> None:
    given = read_reasons(
        {"version": "3", "reason:unlikely:a": " 属实 ", "blank:b": "没有", "blank:c": " "}
    )
    assert given.version == 3
    assert given.warnings == {"unlikely:a": "属实"}
    assert given.blanks == {"b": "没有"}
    with pytest.raises(ValidationError):
        read_reasons({"version": "x"})


def test_a_gap_splits_the_sparkline() -> None:
    drawn = sparkline((0, 5, None, 10), 4)
    assert drawn.lines == ("3,21 33,12",)
    assert [(dot.x, dot.y) for dot in drawn.dots] == [(93, 3)]
    assert drawn.chosen == drawn.dots[0]
