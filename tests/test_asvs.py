"""docs/asvs.md: every point once, every test there; and those facts that no other test shows."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from courts.files import attachments
from courts.models import QualityYear, User
from tests import documents
from tests.pages import PASSWORD, account

TEXT = documents.read("asvs.md")
# How many points of levels 1 and 2 each section of ASVS 5.0.0 has; they are numbered from 1.
SECTIONS = (
    "1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 "
    "4.2:1 4.3:2 4.4:4 5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 "
    "7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 "
    "10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 "
    "13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 "
    "16.4:3 16.5:3 17.1:1 17.2:4 17.3:2"
)
ANSWER = re.compile(r"(Yes|In part|Operator|No|Not there)\b")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def points() -> list[dict[str, str]]:
    return [row for row in documents.rows(TEXT) if "point" in row]


def test_every_point_stands_there_once() -> None:
    expected = [
        f"{section}.{number}"
        for section, count in (one.split(":") for one in SECTIONS.split())
        for number in range(1, int(count) + 1)
    ]
    told = Counter(one for row in points() for one in row["point"].split(", "))
    assert len(expected) == 253
    assert told == Counter(expected)


def test_every_answer_is_one_and_every_test_is_there() -> None:
    base = Path(settings.BASE_DIR)
    named = set(NAMED.findall(TEXT))
    assert len(named) > 60
    for file, name in named:
        assert re.search(rf"^ *def {name}\(", (base / file).read_text("utf-8"), re.MULTILINE), name
    for row in points():
        answer = ANSWER.match(row["answer"])
        assert answer, row
        if answer[1] in ("Yes", "In part"):
            # The backquotes of a lone code are dropped where tables are read.
            assert "::test_" in row["shown by"], row


# --- Facts ---------------------------------------------------------------------------------------


def test_the_bounds_of_files_are_those_of_the_code() -> None:
    told = next(row for row in documents.rows(TEXT) if row.get("way") == "attachments")["most"]
    mega = 1024 * 1024
    assert told == (
        f"{attachments.MOST_BYTES // mega} MB each, {attachments.MOST_FILES} of them, "
        f"{attachments.MOST_UNPACKED // mega} MB and {attachments.MOST_PARTS} parts unpacked"
    )


def test_keys_are_listed() -> None:
    listed = {row["key"] for row in documents.rows(TEXT) if "key" in row}
    assert {"SECRET_KEY", "MONITORING_TOKEN", "password of the database"} <= listed


def test_a_server_hashes_passwords_slowly() -> None:
    """Tests alone have a quick one; what a server has is Django's own default."""
    source = (Path(settings.BASE_DIR) / "qualityyear" / "settings.py").read_text("utf-8")
    before, _mark, _after = source.partition("PASSWORD_HASHERS")
    assert before.rstrip().splitlines()[-2] == "if TESTING:"
    assert source.count("PASSWORD_HASHERS") == 1


@pytest.mark.django_db
def test_passwords_of_any_composition_count_as_typed(year: QualityYear) -> None:
    user = account("office", "yanbian", "office")
    for password in (
        "长白山下的松树很高",
        "  leading and trailing  ",
        "x9" * 60,
        "ölbaum-und-birne",
    ):
        validate_password(password, user)
        user.set_password(password)
        assert user.check_password(password)
        assert not user.check_password(password.strip() + "x")
        assert not user.check_password(password[:64] + "?")
    for refused in ("short7x", "password123", "qwertyuiop", "20191231", "office-2019"):
        with pytest.raises(ValidationError):
            validate_password(refused, user)


@pytest.mark.django_db
def test_passwords_of_the_houses_own_words_are_refused(year: QualityYear) -> None:
    for refused in (
        "QualityYear-2019",
        "yanbian-court-1",
        "延吉市人民法院2019",
        "审判执行质量年123",
    ):
        with pytest.raises(ValidationError, match="名称和数字"):
            validate_password(refused)
    validate_password("yanbian-und-kiefern")


@pytest.mark.django_db
def test_the_password_page(year: QualityYear) -> None:
    browser = Client(headers={"accept-language": "zh-CN"})
    browser.force_login(account("office", "yanbian", "office"))
    page = browser.get("/password/").content.decode()
    fields = re.findall(r"<input[^>]*type=\"password\"[^>]*>", page)
    assert len(fields) == 3
    assert not any("maxlength" in one or "onpaste" in one for one in fields)
    wrong = {"old_password": "no", "new_password1": "a-new-birch", "new_password2": "a-new-birch"}
    assert browser.post("/password/", wrong).status_code == 200
    right = wrong | {"old_password": PASSWORD}
    assert browser.post("/password/", right).status_code == 302
    # It holds for as long as its owner wants.
    with time_machine.travel(timezone.now() + timedelta(days=3650)):
        assert User.objects.get(username="office").check_password("a-new-birch")
    assert '/logout/"' in browser.get("/", follow=True).content.decode()


def signed_in(user: User) -> Client:
    browser = Client(headers={"accept-language": "zh-CN"})
    given = {"username": user.username, "password": PASSWORD}
    assert browser.post("/login/", given).status_code == 302
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/password/").status_code == 200


@pytest.mark.django_db
def test_a_new_session_at_signing_in_and_none_after_signing_out(year: QualityYear) -> None:
    user = account("office", "yanbian", "office")
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    browser.post("/login/", {"username": "office", "password": PASSWORD})
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert key != "a" * 32
    assert len(key) == 32
    out = browser.post("/logout/")
    assert out.headers["Clear-Site-Data"] == '"cache"'
    browser.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not is_in(browser)
    assert not Session.objects.filter(pk=key).exists()
    assert is_in(signed_in(user))


@pytest.mark.django_db
def test_a_session_ends_however_busy_it_is(year: QualityYear, settings: Any) -> None:
    browser, begun = signed_in(account("office", "yanbian", "office")), timezone.now()
    step, hours = timedelta(minutes=50), settings.SESSION_LONGEST_HOURS
    with time_machine.travel(begun, tick=False) as clock:
        while timezone.now() < begun + timedelta(hours=hours) - step:
            clock.shift(step)
            assert is_in(browser)
        clock.shift(step)
        # The negative control: without the limit it would go on.
        settings.SESSION_LONGEST_HOURS = 1_000
        assert is_in(browser)
        settings.SESSION_LONGEST_HOURS = hours
        assert not is_in(browser)


@pytest.mark.django_db
def test_an_account_that_is_switched_off_is_out_at_once(year: QualityYear) -> None:
    user = account("office", "yanbian", "office")
    browser = signed_in(user)
    assert is_in(browser)
    user.is_active = False
    user.save()
    assert not is_in(browser)


@pytest.mark.django_db
def test_signing_in_leads_to_no_other_host(year: QualityYear) -> None:
    account("office", "yanbian", "office")
    for target in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        answer = Client().post(
            f"/login/?next={target}", {"username": "office", "password": PASSWORD, "next": target}
        )
        assert answer.headers["Location"] == "/"


@pytest.mark.django_db
def test_a_form_without_its_mark_changes_nothing(year: QualityYear) -> None:
    user = account("office", "yanbian", "office")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    changed = {
        "old_password": PASSWORD,
        "new_password1": "a-new-birch",
        "new_password2": "a-new-birch",
    }
    assert browser.post("/password/", changed).status_code == 403
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    trusting = Client()
    trusting.force_login(user)
    assert trusting.post("/password/", changed).status_code == 302


@pytest.mark.django_db
def test_trace_is_not_answered(year: QualityYear) -> None:
    browser = Client()
    browser.force_login(account("office", "yanbian", "office"))
    for address in ("/", "/login/", "/password/", f"/{year.code}/2019-12/"):
        answer = browser.trace(address, headers={"x-secret": "told-back"})
        assert answer.status_code in (302, 405)
        assert b"told-back" not in answer.content
