"""Wrong passwords slow down: by account, address and spraying; a known device goes through."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.utils import timezone

from courts.accounts import login_limits
from courts.accounts.login_limits import DEVICE_COOKIE, Count, address_of, is_true
from courts.models import Event, User
from tests.pages import PASSWORD, account

pytestmark = pytest.mark.django_db

HERE, THERE, PROXY = "10.0.0.5", "10.0.0.66", "172.18.0.1"
TRIES = 10


@pytest.fixture
def desk(year: Any) -> User:
    return account("desk", "yanji", "litigation")


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(timezone.now(), tick=False) as moved:
        yield moved


def enter(
    address: str, name: str = "desk", password: str = PASSWORD, client: Client | None = None
) -> Any:
    said: Any = {"REMOTE_ADDR": address}
    client = client or Client(headers={"accept-language": "zh-CN"})
    return client.post("/login/", {"username": name, "password": password}, **said)


def fail(address: str, times: int, name: str = "desk", client: Client | None = None) -> Any:
    for _time in range(times):
        answer = enter(address, name, "wrong", client)
    return answer


def test_the_next_try_waits_twice_as_long_and_nobody_is_shut_out(desk: User, clock: Any) -> None:
    assert fail(HERE, TRIES - 1).status_code == 200
    answer = fail(HERE, 1)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")
    assert "请等 5 秒再登录" in answer.content.decode()
    # A try that has to wait counts for nothing, and the right password waits too.
    assert fail(HERE, 3).headers["Retry-After"] == "5"
    assert enter(HERE).status_code == 429
    for seconds in (5, 10, 20, 40, 80):
        clock.shift(timedelta(seconds=seconds))
        assert fail(HERE, 1).headers["Retry-After"] == str(seconds * 2)
    clock.shift(timedelta(seconds=160))
    assert enter(HERE).status_code == 302
    # Whoever got in starts anew at that address.
    assert fail(HERE, 1).status_code == 200


def test_a_stranger_does_not_keep_a_desk_out_on_the_last_day(desk: User, clock: Any) -> None:
    browser = Client(headers={"accept-language": "zh-CN", "user-agent": "desk's own"})
    assert enter(HERE, client=browser).status_code == 302
    assert browser.cookies[DEVICE_COOKIE]["httponly"]
    browser.post("/logout/")
    for _time in range(4):
        assert fail(THERE, TRIES).status_code == 429
        clock.shift(timedelta(minutes=1))
    # The known device goes through at once; the fault does harm to a browser that is not known.
    fail(THERE, 1)
    assert enter(HERE).status_code == 429
    assert enter(HERE, client=browser).status_code == 302
    browser.post("/logout/")
    # What is not known waits for a minute at most, however long the stranger goes on.
    clock.shift(timedelta(minutes=1))
    assert enter(HERE).status_code == 302


def test_a_known_device_waits_for_its_own_failures(desk: User, clock: Any) -> None:
    browser = Client(headers={"user-agent": "desk's own"})
    enter(HERE, client=browser)
    browser.post("/logout/")
    assert fail(HERE, TRIES, client=browser).status_code == 429
    assert enter(HERE, client=browser).status_code == 429
    # It is known for its accounts alone, and nobody can write the cookie.
    account("other", "yanji", "enforcement")
    request = RequestFactory().post("/login/")
    request.COOKIES[DEVICE_COOKIE] = browser.cookies[DEVICE_COOKIE].value
    assert login_limits.is_known_device(request, "desk")
    assert not login_limits.is_known_device(request, "other")
    request.COOKIES[DEVICE_COOKIE] += "x"
    assert not login_limits.is_known_device(request, "desk")


def test_one_password_on_many_accounts_is_noticed(desk: User, clock: Any) -> None:
    for number in range(TRIES - 1):
        assert fail(THERE, 1, f"account{number}").status_code == 200
    assert fail(THERE, 1, "one-more").status_code == 429
    # Every account from there waits, none from elsewhere.
    assert enter(THERE).status_code == 429
    assert enter(HERE).status_code == 302


def test_an_office_behind_one_address_is_given_more(desk: User, clock: Any) -> None:
    for number in range(5):
        fail(THERE, 9, f"account{number}")
    assert enter(THERE, "account9", "wrong").status_code == 200
    fail(THERE, 4, "account8")
    assert enter(THERE).status_code == 429


def test_failures_are_forgotten_after_a_while(desk: User, clock: Any) -> None:
    fail(HERE, TRIES)
    clock.shift(timedelta(minutes=15, seconds=1))
    assert fail(HERE, 1).status_code == 200
    assert AccessAttempt.objects.get().failures_since_start == 1


@pytest.mark.parametrize(
    ("failures", "seconds"), [(9, 0), (10, 5), (11, 10), (13, 40), (14, 60), (400, 60)]
)
def test_how_long_is_waited(failures: int, seconds: int) -> None:
    now = timezone.now()
    count = Count(failures, now, 10, timedelta(minutes=1))
    assert count.wait(now) == timedelta(seconds=seconds)
    assert count.wait(now + timedelta(minutes=2)) == timedelta()


def test_the_true_address_is_a_named_proxys_word_alone(settings: Any) -> None:
    def asked(own: str, said: str = "") -> Any:
        headers = {"x-forwarded-for": said} if said else {}
        return RequestFactory().get("/", headers=headers, REMOTE_ADDR=own)

    settings.TRUSTED_PROXIES = []
    assert address_of(asked(THERE, HERE)) == THERE
    settings.TRUSTED_PROXIES = ["172.18.0.0/16"]
    assert address_of(asked(PROXY, HERE)) == HERE
    # What a browser wrote itself stands before what the proxy added.
    assert address_of(asked(PROXY, f"1.2.3.4, {HERE}")) == HERE
    assert address_of(asked(PROXY, f"{HERE}, 172.18.0.9")) == HERE
    assert address_of(asked(PROXY, "nonsense")) == PROXY
    assert address_of(asked(THERE, HERE)) == THERE
    assert is_true(asked(PROXY, HERE))
    assert not is_true(asked(PROXY))
    settings.TRUSTED_PROXIES, settings.BEHIND_TLS_PROXY = [], True
    assert not is_true(asked(PROXY, HERE))


# --- Sessions --------------------------------------------------------------------------------


def test_the_owner_sees_and_ends_sessions(desk: User) -> None:
    other = account("other", "yanji", "enforcement")
    browsers = [
        Client(headers={"accept-language": "zh-CN", "user-agent": f"browser {number}"})
        for number in range(3)
    ]
    for browser in browsers:
        assert enter(HERE, client=browser).status_code == 302
    strange = Client()
    enter(THERE, other.username, client=strange)
    page = browsers[0].get("/sessions/")
    text = page.content.decode()
    assert [f"browser {number}" in text for number in range(3)] == [True] * 3
    assert text.count(HERE) == 3
    assert THERE not in text
    keys = list(Session.objects.values_list("session_key", flat=True))
    assert not [key for key in keys if key in text]
    sessions = page.context["sessions"]
    assert [one.is_this for one in sessions] == [True, False, False]
    # One of another account, and one's own, are not ended by their code.
    theirs = strange.get("/sessions/").context["sessions"][0]
    for code in (theirs.code, sessions[0].code):
        assert browsers[0].post("/sessions/", {"code": code}).context["ended"] == 0
    assert browsers[0].post("/sessions/", {"code": sessions[1].code}).context["ended"] == 1
    alive = [browser.get("/password/").status_code for browser in browsers]
    assert sorted(alive) == [200, 200, 302]
    assert browsers[0].post("/sessions/").context["ended"] == 1
    assert [browser.get("/password/").status_code for browser in browsers] == [200, 302, 302]
    assert strange.get("/password/").status_code == 200
    assert Event.objects.filter(action="end_sessions", actor=desk).count() == 2
