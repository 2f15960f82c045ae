"""The second factor: the codes of RFC 6238, each once; asked for after the password, and ended."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from courts.accounts.services.second_factors import CODES, STEP_SECONDS, code_at, key_of
from courts.models import Event, FactorRelease, RecoveryCode, SecondFactor, User
from tests.pages import PASSWORD, account, client_of

pytestmark = pytest.mark.django_db
# RFC 6238, appendix B: the key, moments and codes with SHA-1; of eight digits the last six.
KEY = base64.b32encode(b"12345678901234567890").decode()
VECTORS = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(timezone.now(), tick=False) as moved:
        yield moved


@pytest.fixture
def office(year: Any) -> User:
    return account("office", "yanbian", "office")


def code_of(user: User, steps: int = 0) -> str:
    factor = SecondFactor.objects.get(user=user)
    return code_at(key_of(factor), int(time.time()) // STEP_SECONDS + steps)


def set_up(user: User) -> list[str]:
    """Set a factor up as its owner does; the spare codes as the page shows them."""
    browser = client_of(user)
    page = browser.post("/second-factor/", {"act": "begin", "password": PASSWORD})
    key = page.context["key"].replace(" ", "")
    assert key == key_of(SecondFactor.objects.get(user=user))
    assert f"secret={key}" in page.content.decode()
    done = browser.post("/second-factor/", {"act": "confirm", "code": code_of(user, -1)})
    return re.findall(r"<code>(\w{5}-\w{5})</code>", done.content.decode())


def with_password() -> Client:
    browser = Client(headers={"accept-language": "zh-CN"})
    answer = browser.post("/login/?next=/signed-in/", {"username": "office", "password": PASSWORD})
    assert answer.headers["Location"] == "/login/second/"
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/password/").status_code == 200


@pytest.mark.parametrize("moment", VECTORS)
def test_codes_are_those_of_the_rfc(moment: int) -> None:
    assert code_at(KEY, moment // STEP_SECONDS) == VECTORS[moment]


def test_a_password_alone_does_not_lead_in(office: User, clock: Any) -> None:
    spares = set_up(office)
    assert len(set(spares)) == CODES
    browser = with_password()
    assert not is_in(browser)
    assert browser.get("/login/second/").status_code == 200
    wrong = browser.post("/login/second/", {"code": "000000"})
    assert "验证码不对" in wrong.content.decode()
    assert not is_in(browser)
    code = code_of(office)
    assert browser.post("/login/second/", {"code": code}).headers["Location"] == "/signed-in/"
    assert is_in(browser)
    # A code that was looked over somebody's shoulder leads nobody in a second time.
    again = with_password()
    again.post("/login/second/", {"code": code})
    assert not is_in(again)
    clock.shift(timedelta(seconds=STEP_SECONDS))
    assert again.post("/login/second/", {"code": f" {code_of(office)} "}).status_code == 302
    assert is_in(again)


def test_a_spare_code_leads_in_once(office: User, clock: Any) -> None:
    spare = set_up(office)[0]
    browser = with_password()
    browser.post("/login/second/", {"code": spare.lower()})
    assert is_in(browser)
    assert RecoveryCode.objects.count() == CODES - 1
    other = with_password()
    other.post("/login/second/", {"code": spare})
    assert not is_in(other)
    # Neither the key nor a spare code stands in the database.
    factor = SecondFactor.objects.get()
    stored = [factor.nonce, *RecoveryCode.objects.values_list("digest", flat=True)]
    assert not {spare, spare.replace("-", ""), key_of(factor)} & set(stored)


def test_who_guesses_codes_has_to_wait_and_the_password_is_not_kept_for_long(
    office: User, clock: Any
) -> None:
    set_up(office)
    browser = with_password()
    for _time in range(10):
        browser.post("/login/second/", {"code": "000000"})
    right = browser.post("/login/second/", {"code": code_of(office)})
    assert "请等一会儿再试" in right.content.decode()
    assert not is_in(browser)
    clock.shift(timedelta(minutes=6))
    late = browser.post("/login/second/", {"code": code_of(office)})
    assert late.headers["Location"] == "/login/"
    assert not is_in(browser)
    # Nor does it hold after the password was changed.
    clock.shift(timedelta(minutes=15))
    browser = with_password()
    office.set_password("another-long-password")
    office.save()
    assert browser.post("/login/second/", {"code": code_of(office)}).status_code == 302
    assert not is_in(browser)


def test_the_owner_ends_it_with_the_password_and_the_operator_by_command(
    office: User, clock: Any
) -> None:
    set_up(office)
    browser = client_of(office)
    assert "密码不对" in browser.post("/second-factor/", {"act": "end"}).content.decode()
    # Beginning anew does not end what counts.
    browser.post("/second-factor/", {"act": "begin", "password": PASSWORD})
    assert SecondFactor.objects.get().confirmed_at is not None
    browser.post("/second-factor/", {"act": "end", "password": PASSWORD})
    assert not SecondFactor.objects.exists()
    with pytest.raises(CommandError):
        call_command("end_second_factor", "office")
    clock.shift(timedelta(minutes=5))
    set_up(office)
    call_command("end_second_factor", "office")
    assert not SecondFactor.objects.exists()
    acts = list(Event.objects.order_by("pk").values_list("action", flat=True))
    assert acts[-4:] == ["begin_second_factor", "end_second_factor"] * 2


# --- Ended by two administrators ---------------------------------------------------------------

PAGE = "/second-factors/"


def test_two_administrators_end_the_factor_of_somebody_who_lost_it(
    office: User, clock: Any
) -> None:
    set_up(office)
    first, second = (account(name, "yanbian", "admin") for name in ("first", "second"))
    asking, deciding = client_of(first), client_of(second)
    assert "提出取消" in asking.get(PAGE).content.decode()
    asking.post(PAGE, {"account": "office", "reason": " "})
    assert not FactorRelease.objects.exists()
    asking.post(PAGE, {"account": "office", "reason": "当面核实，手机遗失"})
    row = FactorRelease.objects.get()
    # Who asked does not decide, whatever the page offers.
    assert "等待另一名系统管理员确认" in asking.get(PAGE).content.decode()
    decision = {"request": row.pk, "act": "confirm"}
    assert asking.post(PAGE, decision).status_code == 403
    assert SecondFactor.objects.exists()
    # Nor does anybody else, nor its owner.
    assert client_of(office).post(PAGE, decision).status_code == 403
    leader = account("leader", "yanbian", "leader")
    assert client_of(leader).get(PAGE).status_code == 403
    assert "当面核实，手机遗失" in deciding.get(PAGE).content.decode()
    deciding.post(PAGE, decision)
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("done", second)
    assert not SecondFactor.objects.exists()
    acts = list(Event.objects.order_by("pk").values_list("action", "actor__username", "reason"))
    assert acts[-2:] == [
        ("ask_factor_release", "first", "当面核实，手机遗失"),
        ("end_second_factor", "second", ""),
    ]
    # What is decided is decided.
    assert "已有他人先行处理" in deciding.post(PAGE, decision, follow=True).content.decode()


def test_a_refused_request_leaves_the_factor_and_nobody_handles_their_own(
    office: User, clock: Any
) -> None:
    first, second = (account(name, "yanbian", "admin") for name in ("first", "second"))
    set_up(first)
    own = client_of(first).post(PAGE, {"account": "first", "reason": "丢了"})
    assert own.status_code == 404
    client_of(second).post(PAGE, {"account": "first", "reason": "丢了"})
    row = FactorRelease.objects.get()
    # Of this prefecture nobody is left but the owner, who may not.
    assert client_of(first).post(PAGE, {"request": row.pk, "act": "confirm"}).status_code == 403
    third = account("third", "yanbian", "admin")
    client_of(third).post(PAGE, {"request": row.pk, "act": "refuse"})
    row.refresh_from_db()
    assert row.state == "refused"
    assert SecondFactor.objects.exists()
    # The database keeps the two apart by itself.
    for change in (
        {"decided_by": second},
        {"asked_by": first},
        {"decided_by": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            FactorRelease.objects.filter(pk=row.pk).update(**change)
