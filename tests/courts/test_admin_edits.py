"""Editing in the administration: reasons, history, stale forms, what can never be broken."""

from __future__ import annotations

import re
import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from courts.admin.base import EditedAdmin
from courts.models import AppraisalTarget, Cap, Court, Figure, QualityYear
from tests.courts.admin_fixtures import client_of, elsewhere, form_of, make_account, said, target
from tests.courts.test_admin import address

__all__ = ["elsewhere", "target"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(year: QualityYear) -> Any:
    return client_of(make_account("office", "yanbian", "office", name="审管办甲"))


@pytest.fixture
def admin(year: QualityYear) -> Any:
    return client_of(make_account("admin", "yanbian", "admin"))


# --- Targets ---


def test_a_target_changes_with_a_reason_and_the_history_says_all(office: Any, target) -> None:
    url = address(AppraisalTarget, "change", target.pk)
    assert office.post(url, {**form_of(office, url), "percent": "2.25"}).status_code == 200
    target.refresh_from_db()
    assert target.percent == Decimal("1.5")  # no reason, no change

    data = {**form_of(office, url), "percent": "2.25", "reason": "省高院修订"}
    assert office.post(url, data).status_code == 302
    target.refresh_from_db()
    assert target.percent == Decimal("2.25")
    text = office.get(address(AppraisalTarget, "history", target.pk)).content.decode()
    for part in ("审管办甲", "目标值", "1.5", "2.25", "省高院修订", "修改"):
        assert part in text


@pytest.mark.parametrize(
    "percent", ["-1", "100.01", "1.23456", "NaN", "Infinity", "1e2e", "", "12%"]
)
def test_a_target_is_a_percentage(office: Any, target, percent: str) -> None:
    url = address(AppraisalTarget, "change", target.pk)
    data = {**form_of(office, url), "percent": percent, "reason": "x"}
    assert office.post(url, data).status_code == 200
    target.refresh_from_db()
    assert target.percent == Decimal("1.5")


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"item": "L1"}, "item"),
        ({"item": "C1"}, "item"),
        ({"item": "L2.1"}, None),  # there is one for all courts already
        ({"item": "L3.1", "level": "grassroots", "court": "yanji"}, None),
        ({"item": "L3.1", "court": "meihekou"}, "court"),
    ],
)
def test_a_target_that_may_not_be_is_refused(
    office: Any, year, target, elsewhere, fields: dict, complaint: str | None
) -> None:
    fields = dict(fields)
    if "court" in fields:
        fields["court"] = Court.objects.get(code=fields["court"]).pk
    data = {"quality_year": year.pk, "percent": "5", "reason": "x", "level": "", **fields}
    before = AppraisalTarget.objects.count()
    response = office.post(address(AppraisalTarget, "add"), data)
    errors = response.context["adminform"].form.errors
    assert set(errors) == {complaint or "__all__"}
    assert AppraisalTarget.objects.count() == before


def test_a_target_is_added_for_the_year_its_item_and_court(office: Any, year) -> None:
    court = Court.objects.get(code="yanji")
    data = {
        "quality_year": year.pk,
        "item": "L3.1",
        "level": "",
        "court": court.pk,
        "percent": "88.5",
        "reason": "首次录入",
    }
    assert office.post(address(AppraisalTarget, "add"), data).status_code == 302
    row = AppraisalTarget.objects.get()
    assert (row.item, row.court, row.percent) == ("L3.1", court, Decimal("88.5"))
    line = row.history.get()
    assert (line.history_change_reason, line.history_user.username) == ("首次录入", "office")
    # What it is the target of can not be moved afterwards.
    url = address(AppraisalTarget, "change", row.pk)
    data = {**form_of(office, url), "item": "L2.1", "court": "", "percent": "90", "reason": "x"}
    assert office.post(url, data).status_code == 302
    row.refresh_from_db()
    assert (row.item, row.court, row.percent) == ("L3.1", court, Decimal(90))


def test_a_cap_adds_up(office: Any, year) -> None:
    cap = year.caps.get(court__code="yanji")
    url = address(Cap, "change", cap.pk)
    data = {**form_of(office, url), "cap_cases": cap.cap_cases + 1, "reason": "x"}
    response = office.post(url, data)
    assert "上限应等于上年合计减去减少目标" in response.content.decode()
    assert Cap.objects.get(pk=cap.pk).cap_cases == cap.cap_cases


# --- Stale forms ---


def test_a_form_older_than_the_row_is_refused(office: Any, target, year) -> None:
    url = address(AppraisalTarget, "change", target.pk)
    mine = {**form_of(office, url), "percent": "3", "reason": "我的改动"}
    colleague = client_of(make_account("office2", "yanbian", "office", name="审管办乙"))
    theirs = {**form_of(colleague, url), "percent": "4", "reason": "同事的改动"}
    assert colleague.post(url, theirs).status_code == 302

    response = office.post(url, mine)
    assert response.status_code == 200
    text = response.content.decode()
    assert "审管办乙" in text
    assert "您的改动没有保存" in text
    target.refresh_from_db()
    assert target.percent == Decimal(4)
    # Sending the refused form once more does not help, nor does leaving the mark out.
    assert office.post(url, mine).status_code == 200
    assert office.post(url, {**mine, "seen": ""}).status_code == 200
    target.refresh_from_db()
    assert target.percent == Decimal(4)


def test_what_was_changed_meanwhile_is_not_deleted(office: Any, target) -> None:
    url = address(AppraisalTarget, "delete", target.pk)
    seen = office.get(url).context["seen"]
    target.percent = Decimal(9)
    target.save()
    response = office.post(url, {"post": "yes", "seen": seen, "reason": "作废"})
    assert "没有删除" in said(response)
    assert AppraisalTarget.objects.filter(pk=target.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_edits_at_the_same_moment_one_is_refused(year, target) -> None:
    url = address(AppraisalTarget, "change", target.pk)
    start = threading.Barrier(2)
    answers: list[int] = []

    def edit(client: Any, data: dict) -> None:
        start.wait()
        answers.append(client.post(url, data).status_code)
        connection.close()

    threads = []
    for number in (1, 2):
        client = client_of(make_account(f"office-{number}", "yanbian", "office"))
        data = {**form_of(client, url), "percent": str(number + 10), "reason": "同时"}
        threads.append(threading.Thread(target=edit, args=(client, data)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 302]
    assert target.history.count() == 2


def test_a_row_somebody_adds_in_the_same_moment_is_refused(
    office: Any, year, target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AppraisalTarget, "validate_constraints", lambda self, exclude=None: None)
    data = {"quality_year": year.pk, "item": "L2.1", "level": "", "percent": "5", "reason": "x"}
    response = office.post(address(AppraisalTarget, "add"), data)
    assert "没有保存" in said(response)
    assert AppraisalTarget.objects.get() == target


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


def test_deleting_wants_a_reason_and_leaves_a_history(office: Any, target) -> None:
    url = address(AppraisalTarget, "delete", target.pk)
    data = {"post": "yes", "seen": office.get(url).context["seen"]}
    assert "请填写删除原因" in said(office.post(url, data))
    assert AppraisalTarget.objects.exists()
    office.post(url, {**data, "reason": "文件作废"})
    assert not AppraisalTarget.objects.exists()
    line = AppraisalTarget.history.latest()
    assert (line.history_type, line.history_change_reason) == ("-", "文件作废")
    text = office.get(address(AppraisalTarget, "history", target.pk)).content.decode()
    assert "文件作废" in text


def test_what_others_rest_on_is_not_deleted(admin: Any, year) -> None:
    rows: tuple[Any, ...] = (Court.objects.get(code="yanji"), year)
    for row in rows:
        url = address(type(row), "delete", row.pk)
        response = admin.get(url)
        assert "下列数据还在引用它" in response.content.decode()
        data = {"post": "yes", "reason": "x", "seen": str(row.history.latest().history_id)}
        admin.post(url, data)
        assert type(row).objects.filter(pk=row.pk).exists()


def test_nothing_is_deleted_by_selection(office: Any, target) -> None:
    data = {"action": "delete_selected", "_selected_action": [target.pk], "post": "yes"}
    office.post(address(AppraisalTarget, "changelist"), data)
    office.post(address(AppraisalTarget, "changelist"), {**data, "index": 0})
    assert AppraisalTarget.objects.exists()


def test_a_past_state_cannot_be_brought_back(office: Any, target) -> None:
    line = target.history.latest()
    target.percent = Decimal(9)
    target.save()
    url = address(AppraisalTarget, "simple_history", target.pk, line.pk)
    assert office.get(url).status_code == 404
    assert (
        office.post(url, form_of(office, address(AppraisalTarget, "change", target.pk))).status_code
        == 404
    )
    target.refresh_from_db()
    assert target.percent == Decimal(9)


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
    assert "基层法院须有上级法院" in admin.post(url, data).content.decode()
    assert admin.post(url, {**data, "parent": elsewhere.court_id}).status_code == 200
    assert admin.post(url, {**data, "level": "intermediate"}).status_code == 200
    assert not Court.objects.filter(code="xincheng").exists()
    assert admin.post(url, {**data, "parent": year.court_id}).status_code == 302
    court = Court.objects.get(code="xincheng")
    delete = address(Court, "delete", court.pk)
    seen = admin.get(delete).context["seen"]
    admin.post(delete, {"post": "yes", "seen": seen, "reason": "误建"})
    assert not Court.objects.filter(code="xincheng").exists()


def test_a_year_is_not_made_round_its_edition(admin: Any, year) -> None:
    """Setting one up takes a proposal and a second person: tests/courts/test_new_years.py."""
    data = {
        "code": "yanbian-2020",
        "court": year.court_id,
        "year": "2019",
        "edition": year.edition_id,
        "reason": "新年度",
    }
    assert admin.post(address(QualityYear, "add"), {**data, "year": "2020"}).status_code == 403
    assert QualityYear.objects.count() == 1
