"""Signing in by a portal: who it names, what it cannot say, and that it opens no ballot."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from courts.accounts.services import second_factors
from courts.models import User
from tests.courts.accounts.portal_server import (
    CLIENT,
    OTHER_KEY,
    SECRET,
    SmallPortal,
    small_portal,
)
from tests.pages import PASSWORD, account

pytestmark = pytest.mark.django_db
LANGUAGE = {"accept-language": "zh-CN"}


@pytest.fixture
def portal() -> Iterator[SmallPortal]:
    with small_portal() as found:
        yield found


@pytest.fixture
def oidc(portal: SmallPortal, settings: Any) -> SmallPortal:
    settings.SIGN_ON, settings.SIGN_ON_NAME = "oidc", "preferred_username"
    settings.OIDC_ISSUER = portal.address
    settings.OIDC_OP_AUTHORIZATION_ENDPOINT = f"{portal.address}/authorize"
    settings.OIDC_OP_TOKEN_ENDPOINT = f"{portal.address}/token"
    settings.OIDC_OP_USER_ENDPOINT = f"{portal.address}/person"
    settings.OIDC_OP_JWKS_ENDPOINT = f"{portal.address}/keys"
    settings.OIDC_RP_CLIENT_ID, settings.OIDC_RP_CLIENT_SECRET = CLIENT, SECRET
    return portal


@pytest.fixture
def cas(portal: SmallPortal, settings: Any) -> SmallPortal:
    settings.SIGN_ON, settings.SIGN_ON_NAME = "cas", ""
    settings.CAS_URL, settings.CAS_VERSION = f"{portal.address}/cas/", "3"
    return portal


@pytest.fixture
def office(year: Any) -> User:
    return account("office", "yanbian", "office")


def there_and_back(portal: SmallPortal, target: str = "") -> tuple[Client, Any]:
    """A browser that goes to the portal and comes back, with the answer it gets then."""
    browser = Client(headers=LANGUAGE)
    sent = browser.get("/login/portal/", {"next": target} if target else {})
    return browser, browser.get(portal.send_back(sent["Location"]))


def is_in(browser: Client) -> bool:
    return browser.get("/sessions/").status_code == 200


def test_without_a_portal_there_are_no_such_pages(year: Any) -> None:
    assert Client().get("/login/portal/").status_code == 404
    assert Client().get("/login/portal/back/?ticket=ST-1").status_code == 404
    assert "portal" not in Client().get("/login/").content.decode()


def test_in_by_openid_connect(office: User, oidc: SmallPortal) -> None:
    assert "从统一身份认证登录" in Client(headers=LANGUAGE).get("/login/").content.decode()
    browser, answer = there_and_back(oidc, "/notices/")
    assert answer["Location"] == "/notices/"
    assert is_in(browser)
    # The same way is gone once, and leads nobody else in.
    assert "_auth_user_id" in browser.session
    assert browser.session["begun"]["at"] <= time.time()


def test_in_by_cas(office: User, cas: SmallPortal) -> None:
    browser, answer = there_and_back(cas)
    assert answer["Location"] == "/"
    assert is_in(browser)


@pytest.mark.parametrize("kind", ["oidc", "cas"])
def test_whom_the_portal_names(
    kind: str, office: User, portal: SmallPortal, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(kind)
    for name in ("nobody", "OFFICE", "office "):
        portal.name = name
        browser, answer = there_and_back(portal)
        assert answer.status_code == 403
        assert "没有这个名字的账号" in answer.content.decode()
        assert not is_in(browser)
    assert not User.objects.exclude(pk=office.pk).filter(username__in=("nobody", "OFFICE")).exists()
    portal.name = "office"
    User.objects.filter(pk=office.pk).update(is_active=False)
    browser, answer = there_and_back(portal)
    assert (answer.status_code, is_in(browser)) == (403, False)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "http://another.portal"},
        {"aud": "another-server"},
        {"aud": ["another-server", "a-third"]},
        {"nonce": "another"},
        {"exp": int(time.time()) - 3600},
        {"sub": "id of somebody else"},
    ],
    ids=lambda claims: next(iter(claims)),
)
def test_what_no_token_may_be(claims: dict[str, Any], office: User, oidc: SmallPortal) -> None:
    oidc.claims = claims
    browser, answer = there_and_back(oidc)
    assert answer.status_code == 403
    assert "门户没有确认您是谁" in answer.content.decode()
    assert not is_in(browser)


def test_a_token_that_somebody_else_signed(office: User, oidc: SmallPortal) -> None:
    oidc.key = OTHER_KEY
    browser, answer = there_and_back(oidc)
    assert (answer.status_code, is_in(browser)) == (403, False)


def test_a_portal_that_says_no_name(office: User, oidc: SmallPortal) -> None:
    oidc.userinfo = {"preferred_username": None}
    browser, answer = there_and_back(oidc)
    assert "没有给出您的用户名" in answer.content.decode()
    assert not is_in(browser)


@pytest.mark.parametrize("kind", ["oidc", "cas"])
def test_who_did_not_begin_here_is_not_let_in(
    kind: str, office: User, portal: SmallPortal, request: pytest.FixtureRequest
) -> None:
    """An address that leads back, made by somebody else or used before, signs nobody in."""
    request.getfixturevalue(kind)
    sent = Client().get("/login/portal/")["Location"]
    back = portal.send_back(sent)
    victim = Client(headers=LANGUAGE)
    answer = victim.get(back)
    assert (answer.status_code, is_in(victim)) == (403, False)
    # Who began another way in of their own is not led by the other's either.
    victim.get("/login/portal/")
    answer = victim.get(back)
    assert (answer.status_code, is_in(victim)) == (403, False)
    browser = Client(headers=LANGUAGE)
    again = portal.send_back(browser.get("/login/portal/")["Location"])
    assert browser.get(again).status_code == 302
    browser.post("/logout/")
    assert browser.get(again).status_code == 403


@pytest.mark.parametrize("kind", ["oidc", "cas"])
def test_a_portal_that_is_down(
    kind: str, office: User, portal: SmallPortal, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(kind)
    portal.is_down = True
    browser, answer = there_and_back(portal)
    assert answer.status_code == 403
    assert "用本系统的密码登录" in answer.content.decode()
    login = browser.post("/login/", {"username": "office", "password": PASSWORD})
    assert login.status_code == 302
    assert is_in(browser)


def test_a_target_elsewhere_is_not_gone_to(office: User, oidc: SmallPortal) -> None:
    _browser, answer = there_and_back(oidc, "https://elsewhere.example/")
    assert answer["Location"] == "/"


def test_a_second_factor_is_asked_for_all_the_same(office: User, oidc: SmallPortal) -> None:
    second_factors.begun(office, is_new=True)
    key = second_factors.key_of(second_factors.begun(office, is_new=False))
    step = int(time.time()) // second_factors.STEP_SECONDS
    assert second_factors.confirm(office, second_factors.code_at(key, step - 1))
    browser, answer = there_and_back(oidc, "/notices/")
    assert answer["Location"] == "/login/second/"
    assert not is_in(browser)
    step = int(time.time()) // second_factors.STEP_SECONDS
    done = browser.post("/login/second/", {"code": second_factors.code_at(key, step)})
    assert done["Location"] == "/notices/"
    # The factor is no password: ballots still ask for it.
    assert browser.get("/yanbian-2019/ballots/").status_code == 302


def test_a_portal_is_never_enough_for_a_ballot(year: Any, oidc: SmallPortal) -> None:
    account("leader1", "yanbian", "leader")
    oidc.name = "leader1"
    browser, _answer = there_and_back(oidc)
    board = "/yanbian-2019/ballots/"
    asked = browser.get(board)
    assert asked["Location"] == "/password/again/?next=%2Fyanbian-2019%2Fballots%2F"
    assert browser.post(board).status_code == 403
    wrong = browser.post(asked["Location"], {"password": "not it"})
    assert "密码不对" in wrong.content.decode()
    assert browser.get(board).status_code == 302
    done = browser.post(asked["Location"], {"password": PASSWORD})
    assert done["Location"] == board
    assert browser.get(board).status_code == 200
    # Asked once a session; another one is asked again.
    assert browser.get("/password/again/")["Location"] == "/"
    another, _answer = there_and_back(oidc)
    assert another.get(board).status_code == 302


def test_guesses_at_that_password_wait_like_others(
    year: Any, oidc: SmallPortal, settings: Any
) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    account("leader1", "yanbian", "leader")
    oidc.name = "leader1"
    browser, _answer = there_and_back(oidc)
    for _try in range(3):
        browser.post("/password/again/", {"password": "not it"})
    late = browser.post("/password/again/", {"password": PASSWORD})
    assert "等一会儿" in late.content.decode()
    assert browser.get("/yanbian-2019/ballots/").status_code == 302


def test_an_account_without_a_password_is_told_whom_to_ask(year: Any, oidc: SmallPortal) -> None:
    leader = account("leader1", "yanbian", "leader")
    leader.set_unusable_password()
    leader.save()
    oidc.name = "leader1"
    browser, _answer = there_and_back(oidc)
    page = browser.get("/password/again/").content.decode()
    assert "请系统管理员设一个" in page
    assert 'type="password"' not in page
