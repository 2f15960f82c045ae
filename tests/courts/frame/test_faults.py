"""Owns proving that a fault is told as what it is: never a committed act as refused."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db import DataError, OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courts.models import QualityYear, User
from courts.years.selectors.slots import Slot
from qualityyear import sessions
from tests.courts.returns_fixtures import shanghai, slot_of, values_of
from tests.pages import PASSWORD, account, client_of

pytestmark = pytest.mark.django_db

PLACE = "/yanbian-2019/returns/yanji/2019-05/litigation/"
CELLS = f"{PLACE}cells/"
NOW = shanghai("2019-06-03")
FAULTS = (UpdateError(), OperationalError("database or disk is full"))
SCRIPT = {"accept": "application/json"}


@pytest.fixture
def slot(year: QualityYear) -> Slot:
    return slot_of(year)


def send(client: Client, user: User, value: str = "41") -> Any:
    """What the grid sends for one cell."""
    cells = [{"metric": "appeals_filed", "value": value, "seen_version": 0}]
    body = json.dumps({"user": str(user.pk), "cells": cells})
    return client.post(CELLS, body, content_type="application/json", headers=SCRIPT)


@pytest.fixture(autouse=True)
def written_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a server; elsewhere tests let sessions be written more seldom."""
    monkeypatch.setattr(sessions, "SECONDS_BETWEEN_WRITES", 60)


def begun(user: User) -> Client:
    """A browser whose session was last written two minutes ago."""
    with time_machine.travel(NOW - timedelta(minutes=2), tick=False):
        return client_of(user)


# --- Sessions --------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_a_committed_save_is_told_as_saved_when_the_session_cannot_be_written(
    fault: Exception, slot: Slot, people: dict[str, User]
) -> None:
    client = begun(people["desk"])
    with (
        time_machine.travel(NOW, tick=False),
        patch.object(DatabaseStore, "save", side_effect=fault) as save,
    ):
        response = send(client, people["desk"])
    assert save.called
    assert values_of(slot)["appeals_filed"] == 41
    assert response.status_code == 200
    assert [result["status"] for result in response.json()["results"]] == ["saved"]


def test_a_page_opens_when_the_session_cannot_be_written(
    slot: Slot, people: dict[str, User]
) -> None:
    client = begun(people["desk"])
    with (
        time_machine.travel(NOW, tick=False),
        patch.object(DatabaseStore, "save", side_effect=UpdateError),
    ):
        assert client.get(PLACE).status_code == 200


def test_who_cannot_be_signed_in_is_told_so(year: QualityYear) -> None:
    """The session is the whole of signing in: without it the next page asks to sign in again."""
    account("somebody", "yanji", "litigation")
    made = DatabaseStore.save

    def save(store: DatabaseStore, must_create: bool = False) -> None:
        if not must_create:
            raise UpdateError
        made(store, must_create=True)

    form = {"username": "somebody", "password": PASSWORD}
    with patch.object(DatabaseStore, "save", save):
        response = Client(headers={"accept-language": "zh-CN"}).post("/login/", form)
    assert response.status_code == 503
    assert "数据库暂时不能读写" in response.content.decode()


def test_a_session_is_written_once_a_minute(slot: Slot, people: dict[str, User]) -> None:
    """Requests every 20 seconds up to 180: written at 60, 120 and 180, not at the seven others."""
    with time_machine.travel(NOW, tick=False):
        client = client_of(people["desk"])
    written = 0
    for seconds in range(0, 181, 20):
        moment = NOW + timedelta(seconds=seconds)
        with time_machine.travel(moment, tick=False), CaptureQueriesContext(connection) as queries:
            assert client.get(CELLS, headers=SCRIPT).status_code == 200
        written += sum(
            query["sql"].startswith("UPDATE") and "django_session" in query["sql"]
            for query in queries
        )
    assert written == 3


def test_a_session_ends_when_nobody_asked_for_as_long_as_set(
    slot: Slot, people: dict[str, User]
) -> None:
    idle = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    with time_machine.travel(NOW, tick=False):
        client = client_of(people["desk"])
    for later, status in (
        (idle - timedelta(seconds=1), 200),
        (2 * idle - timedelta(minutes=2), 200),
        (3 * idle, 302),
    ):
        with time_machine.travel(NOW + later, tick=False):
            assert client.get(PLACE).status_code == status


def test_a_session_ended_elsewhere_does_not_come_back(slot: Slot, people: dict[str, User]) -> None:
    """Signed out in another window between the reading of a session and its writing."""
    client = begun(people["desk"])
    with time_machine.travel(NOW, tick=False):
        from courts.returns.views import return_cells

        def gone(*arguments: Any) -> Any:
            Session.objects.all().delete()
            return answer(*arguments)

        answer = return_cells.state_of
        with patch.object(return_cells, "state_of", gone):
            assert send(client, people["desk"]).status_code == 200
        assert not Session.objects.exists()
        assert client.get(PLACE).status_code == 302


# --- Faults of the database ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "status", "code", "words"),
    [
        (OperationalError("disk full"), 503, "unavailable", "数据库暂时不能读写"),
        (DataError("out of range"), 500, "fault", "错误已经记录下来"),
    ],
)
def test_a_fault_of_the_database_is_one_in_words(
    slot: Slot, people: dict[str, User], fault: Exception, status: int, code: str, words: str
) -> None:
    client = client_of(people["desk"])
    client.raise_request_exception = False
    with patch("courts.years.selectors.slots.years_of", side_effect=fault):
        page, answer = client.get(PLACE), send(client, people["desk"])
    assert page.status_code == answer.status_code == status
    assert words in page.content.decode()
    # Whether something was written before is not known, so nothing is claimed.
    assert "没有因此改动" not in page.content.decode()
    assert answer.json()["code"] == code
    assert words in answer.json()["message"]


def test_a_fault_is_not_taken_for_the_answer_of_a_grid(slot: Slot, people: dict[str, User]) -> None:
    """The grid keeps what it sent unless the answer carries the header of its own answers."""
    client = client_of(people["desk"])
    client.raise_request_exception = False
    for target in (
        "courts.years.selectors.slots.years_of",
        "courts.returns.views.return_cells.save_cells",
    ):
        for fault in (OperationalError("disk full"), RuntimeError("unforeseen")):
            with patch(target, side_effect=fault):
                answer = send(client, people["desk"])
            assert answer.status_code >= 500
            assert answer.headers["Content-Type"] == "application/json"
            assert "X-Part" not in answer.headers


# --- What was asked wrongly ------------------------------------------------------------------


def test_a_script_is_answered_in_json_whatever_goes_wrong(
    slot: Slot, people: dict[str, User]
) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "zh-CN", **SCRIPT})
    client.force_login(people["desk"])
    answers = {
        "missing": client.get("/yanbian-2019/returns/yanji/2018-05/litigation/cells/"),
        "forbidden": client.get("/yanbian-2019/returns/tumen/2019-05/litigation/cells/"),
        "csrf": client.post(CELLS, "{}", content_type="application/json"),
        "bad_request": client.get(CELLS, headers={"host": "elsewhere.example"}),
    }
    for code, answer in answers.items():
        assert answer.headers["Content-Type"] == "application/json", code
        assert answer.json()["code"] == code
        assert answer.json()["message"]
    assert [answer.status_code for answer in answers.values()] == [404, 403, 403, 400]


def test_a_bad_request_has_a_page_of_its_own(people: dict[str, User]) -> None:
    client = client_of(people["desk"])
    for response in (
        client.get("/", headers={"host": "elsewhere.example"}),
        client.post(
            "/password/", {"old_password": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
        ),
    ):
        text = response.content.decode()
        assert response.status_code == 400
        assert "没有读懂这次请求" in text
        assert "返回首页" in text
