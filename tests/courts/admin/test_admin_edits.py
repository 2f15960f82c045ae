"""Editing in the administration: reasons, history, stale forms, what can never be broken."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from courts.admin.base import EditedAdmin
from courts.models import Cap, Court, Figure, QualityYear
from tests.at_once import at_once
from tests.courts.admin.test_admin import address
from tests.courts.admin_fixtures import client_of, form_of, make_account, said

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def office(year: QualityYear) -> Any:
    return client_of(make_account("office", "yanbian", "office", name="审管办甲"))


@pytest.fixture
def admin(year: QualityYear) -> Any:
    return client_of(make_account("admin", "yanbian", "admin", name="管理员甲"))


@pytest.fixture
def court(year: QualityYear) -> Court:
    """A court that nothing rests on yet, and that takes no part in the year."""
    row = Court(
        code="xincheng",
        level="grassroots",
        parent=year.court,
        name="新城市人民法院",
        short_name="新城",
        order=10,
    )
    row.full_clean()
    row.save()
    row.left_out_of.add(year)
    return row


# --- Reasons, and rows that take two people ---


def test_a_court_changes_with_a_reason_and_the_history_says_all(admin: Any, court) -> None:
    url = address(Court, "change", court.pk)
    assert admin.post(url, {**form_of(admin, url), "short_name": "新城区"}).status_code == 200
    court.refresh_from_db()
    assert court.short_name == "新城"  # no reason, no change

    data = {**form_of(admin, url), "short_name": "新城区", "reason": "更名"}
    assert admin.post(url, data).status_code == 302
    court.refresh_from_db()
    assert court.short_name == "新城区"
    text = admin.get(address(Court, "history", court.pk)).content.decode()
    for part in ("管理员甲", "简称", "新城", "新城区", "更名", "修改"):
        assert part in text


@pytest.mark.parametrize("role", ["office", "centre", "admin"])
def test_nobody_changes_a_target_or_a_cap_here(year, target, role: str) -> None:
    """They move points: one person proposes them on their pages, another confirms."""
    client = client_of(make_account("somebody", "yanbian", role))
    cap = year.caps.get(court__code="yanji")
    for row in (target, cap):
        for name, arguments in (("add", []), ("delete", [row.pk]), ("change", [row.pk])):
            url = address(type(row), name, *arguments)
            data = {"percent": "9", "baseline_cases": 1, "reason": "x", "post": "yes"}
            assert client.post(url, data).status_code == 403, (name, row)
        assert (
            'name="_save"' not in client.get(address(type(row), "change", row.pk)).content.decode()
        )
    target.refresh_from_db()
    assert target.percent == Decimal("1.5")
    assert Cap.objects.get(pk=cap.pk).cap_cases == cap.cap_cases


# --- Stale forms ---


def test_a_form_older_than_the_row_is_refused(admin: Any, court, year) -> None:
    url = address(Court, "change", court.pk)
    mine = {**form_of(admin, url), "short_name": "甲", "reason": "我的改动"}
    colleague = client_of(make_account("admin2", "yanbian", "admin", name="管理员乙"))
    theirs = {**form_of(colleague, url), "short_name": "乙", "reason": "同事的改动"}
    assert colleague.post(url, theirs).status_code == 302

    response = admin.post(url, mine)
    assert response.status_code == 200
    text = response.content.decode()
    assert "管理员乙" in text
    assert "您的改动没有保存" in text
    court.refresh_from_db()
    assert court.short_name == "乙"
    # Sending the refused form once more does not help, nor does leaving the mark out.
    assert admin.post(url, mine).status_code == 200
    assert admin.post(url, {**mine, "seen": ""}).status_code == 200
    court.refresh_from_db()
    assert court.short_name == "乙"


def test_what_was_changed_meanwhile_is_not_deleted(admin: Any, court) -> None:
    url = address(Court, "delete", court.pk)
    seen = admin.get(url).context["seen"]
    court.order = 11
    court.save()
    response = admin.post(url, {"post": "yes", "seen": seen, "reason": "作废"})
    assert "没有删除" in said(response)
    assert Court.objects.filter(pk=court.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_edits_at_the_same_moment_one_is_refused(year, court) -> None:
    url = address(Court, "change", court.pk)
    edits = []
    for number in (1, 2):
        client = client_of(make_account(f"admin-{number}", "yanbian", "admin"))
        data = {**form_of(client, url), "short_name": f"名{number}", "reason": "同时"}
        edits.append(partial(client.post, url, data))
    assert sorted(answer.status_code for answer in at_once(edits)) == [200, 302]
    assert court.history.count() == 2


def test_a_row_somebody_adds_in_the_same_moment_is_refused(
    admin: Any, year, court, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Court, "full_clean", lambda self, **_more: None)
    monkeypatch.setattr(Court, "validate_unique", lambda self, exclude=None: None)
    data = {
        "code": court.code,
        "level": "grassroots",
        "parent": year.court_id,
        "name": "另一个法院",
        "short_name": "另",
        "order": "12",
        "reason": "x",
    }
    response = admin.post(address(Court, "add"), data)
    assert "没有保存" in said(response)
    assert Court.objects.get(code=court.code) == court


def test_what_somebody_begins_to_rest_on_in_the_same_moment_stays(
    admin: Any, year, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EditedAdmin, "get_deleted_objects", lambda *_: ([], {}, set(), []))
    court = Court.objects.get(code="yanji")
    url = address(Court, "delete", court.pk)
    data = {"post": "yes", "seen": admin.get(url).context["seen"], "reason": "x"}
    assert "不能删除" in said(admin.post(url, data))
    assert Court.objects.filter(code="yanji").exists()


# --- Deleting, past states, rows that nobody edits ---


def test_deleting_wants_a_reason_and_leaves_a_history(admin: Any, court) -> None:
    url = address(Court, "delete", court.pk)
    data = {"post": "yes", "seen": admin.get(url).context["seen"]}
    assert "请填写删除原因" in said(admin.post(url, data))
    assert Court.objects.filter(pk=court.pk).exists()
    admin.post(url, {**data, "reason": "误建"})
    assert not Court.objects.filter(pk=court.pk).exists()
    line = Court.history.latest()
    assert (line.history_type, line.history_change_reason) == ("-", "误建")


def test_what_others_rest_on_is_not_deleted(admin: Any, year) -> None:
    rows: tuple[Any, ...] = (Court.objects.get(code="yanji"), year)
    for row in rows:
        url = address(type(row), "delete", row.pk)
        response = admin.get(url)
        assert "下列数据还在引用它" in response.content.decode()
        data = {"post": "yes", "reason": "x", "seen": str(row.history.latest().history_id)}
        admin.post(url, data)
        assert type(row).objects.filter(pk=row.pk).exists()


def test_nothing_is_deleted_by_selection(admin: Any, court) -> None:
    data = {"action": "delete_selected", "_selected_action": [court.pk], "post": "yes"}
    admin.post(address(Court, "changelist"), data)
    admin.post(address(Court, "changelist"), {**data, "index": 0})
    assert Court.objects.filter(pk=court.pk).exists()


def test_a_past_state_cannot_be_brought_back(admin: Any, court) -> None:
    line = court.history.latest()
    court.order = 11
    court.save()
    url = address(Court, "simple_history", court.pk, line.pk)
    assert admin.get(url).status_code == 404
    form = form_of(admin, address(Court, "change", court.pk))
    assert admin.post(url, form).status_code == 404
    court.refresh_from_db()
    assert court.order == 11


@pytest.mark.parametrize("role", ["office", "centre", "admin"])
def test_nobody_edits_a_figure_a_return_or_an_edition(year, role: str) -> None:
    client = client_of(make_account("somebody", "yanbian", role))
    figure = Figure.objects.all()[0]
    rows: tuple[Any, ...] = (figure, figure.monthly_return, year.edition, year)
    for row in rows:
        url = address(type(row), "change", row.pk)
        page = client.get(url)
        assert page.status_code == 200
        assert 'name="_save"' not in page.content.decode()
        data = {
            "value": "1",
            "metric": "x",
            "state": "entering",
            "sources": "{}",
            "title": "x",
            "code": "x",
            "reason": "x",
            "edition": year.edition_id,
            "figures-TOTAL_FORMS": "1",
            "figures-INITIAL_FORMS": "1",
            "figures-0-id": figure.pk,
            "figures-0-value": "1",
            "figures-0-monthly_return": figure.monthly_return_id,
        }
        assert client.post(url, data).status_code == 403
        before = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
        row.refresh_from_db()
        assert before == {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}


def test_the_history_of_a_figure_says_what_it_was(office: Any, year) -> None:
    figure: Any = Figure.objects.filter(value__gt=0)[0]
    was, figure.value = figure.value, 4321
    figure._change_reason = "更正"
    figure.save()
    text = office.get(address(Figure, "history", figure.pk)).content.decode()
    assert re.search(rf"<del>{was}</del>\s*<span[^>]*>→</span>\s*<ins>4321</ins>", text)
    assert "更正" in text


# --- Courts and years ---


def test_a_court_with_returns_keeps_its_code_level_and_parent(admin: Any, year) -> None:
    court: Any = Court.objects.get(code="yanji")
    url = address(Court, "change", court.pk)
    data = {
        **form_of(admin, url),
        "code": "other",
        "level": "intermediate",
        "parent": "",
        "short_name": "延吉市",
        "reason": "简称更正",
    }
    assert admin.post(url, data).status_code == 302
    court.refresh_from_db()
    assert (court.code, court.level, court.parent.code) == ("yanji", "grassroots", "yanbian")
    assert court.short_name == "延吉市"


def test_a_new_court_belongs_to_the_prefecture_of_its_maker(admin: Any, year, elsewhere) -> None:
    data = {
        "code": "xincheng",
        "level": "grassroots",
        "name": "新城市人民法院",
        "short_name": "新城",
        "order": "10",
        "reason": "新设",
    }
    url = address(Court, "add")
    without_parent = admin.post(url, data)
    assert set(without_parent.context["adminform"].form.errors) == {"parent"}
    assert admin.post(url, {**data, "parent": elsewhere.court_id}).status_code == 200
    assert admin.post(url, {**data, "level": "intermediate"}).status_code == 200
    assert not Court.objects.filter(code="xincheng").exists()
    assert admin.post(url, {**data, "parent": year.court_id}).status_code == 302
    court = Court.objects.get(code="xincheng")
    # The year was set up without it, and stays as it is.
    assert list(court.left_out_of.all()) == [year]
    delete = address(Court, "delete", court.pk)
    seen = admin.get(delete).context["seen"]
    admin.post(delete, {"post": "yes", "seen": seen, "reason": "误建"})
    assert not Court.objects.filter(code="xincheng").exists()


def test_a_court_that_takes_part_is_not_deleted(admin: Any, year, court) -> None:
    """One court fewer moves the mean of all others: no administrator does that alone."""
    court.left_out_of.clear()
    url = address(Court, "delete", court.pk)
    data = {"post": "yes", "seen": admin.get(url).context["seen"], "reason": "撤销"}
    assert "参加质量年 yanbian-2019 的考核" in said(admin.post(url, data))
    assert Court.objects.filter(pk=court.pk).exists()


def test_a_year_is_not_made_round_its_edition(admin: Any, year) -> None:
    """It takes a proposal and a second person: tests/courts/rulebooks/test_new_years.py."""
    data = {
        "code": "yanbian-2020",
        "court": year.court_id,
        "year": "2019",
        "edition": year.edition_id,
        "reason": "新年度",
    }
    assert admin.post(address(QualityYear, "add"), {**data, "year": "2020"}).status_code == 403
    assert QualityYear.objects.count() == 1
