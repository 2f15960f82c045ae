"""Accounts in the administration: who gets which role, and how nobody is shut out for good."""

from __future__ import annotations

from typing import Any

import pytest
from axes.models import AccessAttempt
from django.urls import reverse

from courts.models import Court, Event, User
from tests.courts.admin.test_admin import address
from tests.courts.admin_fixtures import client_of, form_of, make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(year) -> Any:
    return client_of(make_account("admin", "yanbian", "admin"))


def new_account(**fields: object) -> dict[str, object]:
    return {
        "username": "zhang",
        "name": "张某",
        "password1": "kx-93-tulip",
        "password2": "kx-93-tulip",
        "is_active": "on",
        "reason": "新到岗",
        **fields,
    }


def test_an_account_is_made_with_its_court_and_roles(admin: Any, year) -> None:
    court = Court.objects.get(code="yanji")
    data = new_account(court=court.pk, roles=["litigation", "enforcement"])
    assert admin.post(address(User, "add"), data).status_code == 302
    account = User.objects.get(username="zhang")
    assert account.court == court
    assert set(account.groups.values_list("name", flat=True)) == {"litigation", "enforcement"}
    assert account.check_password("kx-93-tulip")
    assert not account.is_superuser
    text = admin.get(address(User, "history", account.pk)).content.decode()
    assert "诉讼报表岗" in text
    assert "新到岗" in text
    assert "pbkdf2" not in text


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"court": ""}, "court"),
        ({"court": "meihekou"}, "court"),
        ({"roles": ["office"]}, "roles"),
        ({"roles": ["party"]}, "roles"),
        ({"court": "yanbian", "roles": ["admin", "office"]}, "roles"),
        ({"roles": ["root"]}, "roles"),
        ({"password2": "something-else"}, "password2"),
        ({"password1": "zhang", "password2": "zhang"}, "password2"),
        ({"username": "admin"}, "username"),
        ({"reason": " "}, "reason"),
    ],
)
def test_an_account_that_may_not_be_is_refused(
    admin: Any, elsewhere, fields: dict, complaint: str
) -> None:
    data = new_account(**{"court": "yanji", "roles": ["litigation"], **fields})
    if data["court"]:
        data["court"] = Court.objects.get(code=data["court"]).pk
    response = admin.post(address(User, "add"), data)
    assert set(response.context["adminform"].form.errors) == {complaint}
    assert not User.objects.filter(username="zhang").exists()


def test_no_form_makes_a_superuser_or_gives_single_permissions(admin: Any, year) -> None:
    court = Court.objects.get(code="yanji")
    data = new_account(court=court.pk, is_superuser="on", is_staff="on", user_permissions=["1"])
    admin.post(address(User, "add"), data)
    account = User.objects.get(username="zhang")
    assert not account.is_superuser
    assert not account.is_staff
    assert not account.user_permissions.exists()


def test_a_change_of_roles_is_in_the_history_with_its_reason(admin: Any, year) -> None:
    account = make_account("desk", "yanji", "litigation")
    url = address(User, "change", account.pk)
    data = {**form_of(admin, url), "roles": ["enforcement"], "reason": "轮岗"}
    assert admin.post(url, data).status_code == 302
    assert [group.name for group in account.groups.all()] == ["enforcement"]
    text = admin.get(address(User, "history", account.pk)).content.decode()
    assert "<del>诉讼报表岗</del>" in text
    assert "<ins>执行报表岗</ins>" in text
    assert "轮岗" in text
    # Roles changed meanwhile make a form stale too.
    assert admin.post(url, {**data, "roles": []}).status_code == 200
    assert account.groups.exists()


def test_nobody_changes_their_own_roles_court_or_state(admin: Any, year) -> None:
    make_account("second", "yanbian", "admin")
    me = User.objects.get(username="admin")
    url = address(User, "change", me.pk)
    data = {**form_of(admin, url), "name": "新名", "roles": ["office"], "reason": "x"}
    data.pop("is_active", None)
    assert admin.post(url, data).status_code == 302
    me.refresh_from_db()
    assert (me.name, me.is_active) == ("新名", True)
    assert [group.name for group in me.groups.all()] == ["admin"]


@pytest.mark.parametrize("change", [{"is_active": ""}, {"roles": []}])
def test_the_last_administrator_stays(year, change: dict) -> None:
    root = client_of(make_account("root", None, is_superuser=True))
    last = make_account("admin", "yanbian", "admin")
    make_account("sleeping", "yanbian", "admin", is_active=False)
    url = address(User, "change", last.pk)
    data = {**form_of(root, url), "reason": "x", **change}
    response = root.post(url, data)
    assert "最后一个可用的系统管理员" in response.content.decode()
    last.refresh_from_db()
    assert last.is_active
    assert last.groups.filter(name="admin").exists()
    make_account("second", "yanbian", "admin")
    assert root.post(url, data).status_code == 302


def test_the_first_administrator_comes_from_a_superuser(year) -> None:
    root = client_of(make_account("root", None, is_superuser=True))
    data = new_account(court=year.court_id, roles=["admin"])
    assert root.post(address(User, "add"), data).status_code == 302
    account = User.objects.get(username="zhang")
    # Whoever set the password knows it, so the first thing is another one.
    assert client_of(account).get(reverse("admin:index")).url == reverse("courts:password")
    User.objects.filter(pk=account.pk).update(must_change_password=False)
    assert client_of(account).get(reverse("admin:index")).status_code == 200


def test_a_new_password_is_set_and_noted(admin: Any, elsewhere) -> None:
    account = make_account("desk", "yanji", "litigation")
    url = reverse("admin:auth_user_password_change", args=[account.pk])
    assert "usable_password" not in admin.get(url).context["form"].fields
    assert admin.post(url, {"password1": "1234", "password2": "1234"}).status_code == 200
    assert not Event.objects.filter(action="set_password").exists()
    data = {"password1": "mq-41-cedar", "password2": "mq-41-cedar"}
    assert admin.post(url, data).status_code == 302
    account.refresh_from_db()
    assert account.check_password("mq-41-cedar")
    event: Any = Event.objects.get(action="set_password")
    assert (event.actor.username, event.data) == ("admin", {"account": "desk"})
    foreign = User.objects.get(username="tonghua-admin")
    url = reverse("admin:auth_user_password_change", args=[foreign.pk])
    assert admin.post(url, data).status_code == 404
    office = client_of(make_account("office", "yanbian", "office"))
    assert office.post(url, data).status_code == 403


def test_a_locked_login_is_let_in_again_and_noted(admin: Any, elsewhere) -> None:
    make_account("desk", "yanji", "litigation")
    for name in ("desk", "tonghua-admin", "nobody-at-all"):
        AccessAttempt.objects.create(
            username=name, ip_address="10.0.0.1", path_info="/", failures_since_start=99
        )
    text = admin.get(address(AccessAttempt, "changelist")).content.decode()
    assert "desk" in text
    assert "tonghua" not in text
    assert "nobody-at-all" not in text
    data = {
        "action": "unlock",
        "index": 0,
        "_selected_action": [row.pk for row in AccessAttempt.objects.all()],
    }
    admin.post(address(AccessAttempt, "changelist"), data)
    left = set(AccessAttempt.objects.values_list("username", flat=True))
    assert left == {"tonghua-admin", "nobody-at-all"}
    event: Any = Event.objects.get(action="unlock_login")
    assert event.data == {"logins": [{"account": "desk", "address": "10.0.0.1"}]}


def test_accounts_are_found_by_their_court(admin: Any, year) -> None:
    make_account("desk-yanji", "yanji", "litigation")
    page = admin.get("/admin/courts/user/?court=yanji").content.decode()
    assert "desk-yanji" in page
    assert "desk-yanji" not in admin.get("/admin/courts/user/?court=tumen").content.decode()
