"""The tasks of the year at a court: plans, progress by month, numbers beside them, rights."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courts.frame.refusals import ReturnError, StaleError
from courts.measures.selectors.measures import measures_page
from courts.measures.services.measures import save_plan, save_progress
from courts.models import Court, Event, Figure, MeasurePlan, QualityYear, RegisterLine
from tests.pages import account, client_of, made_year, year

__all__ = ["made_year", "year"]

pytestmark = pytest.mark.django_db

ROOT = "/yanbian-2019/measures/"


def test_a_court_keeps_its_list_and_leaders_read_it(made_year: QualityYear) -> None:
    stated = Figure.objects.filter(
        monthly_return__court__code="yanji", monthly_return__year=2019, monthly_return__month=12
    )
    figures = dict(stated.values_list("metric", "value"))
    yanji = Court.objects.get(code="yanji")
    for number in (1, 2, 3):
        RegisterLine.objects.create(
            quality_year=made_year,
            register="overturned",
            court=yanji,
            number=number,
            state="entered",
            month=number,
            salt="s",
            digest="d",
            opened_at=timezone.now(),
        )
    desk = client_of(account("desk", "yanji", "litigation", name="延吉立案"))
    plan = {"act": "plan", "measure": "m8", "seen": 0, "person": "王院长", "plan": "逐案评查"}
    assert desk.post(f"{ROOT}yanji/?month=3", plan).status_code == 302
    told = {"act": "progress", "measure": "m8", "seen": 0, "month": 3, "text": "评查12件"}
    assert desk.post(f"{ROOT}yanji/?month=3", told).status_code == 302
    page = desk.get(f"{ROOT}yanji/").content.decode()
    for said in ("王院长", "逐案评查", "3月：评查12件", "15项中1项已有计划", "三·15"):
        assert said in page, said
    shown = measures_page(account("reader", "yanji", "litigation"), made_year, yanji, 3)
    evidence = {item.code: [one.value for one in item.evidence] for item in shown.items}
    # 三·8 counts lines of registers, 三·7 appeals of the return to date, 三·10 both.
    assert (evidence["m8"], evidence["m7"], evidence["m1"]) == (
        ["3", "0"],
        [f"{figures['appeals_filed']}件"],
        [],
    )
    assert evidence["m10"] == [f"{figures['supervised_matters_due']}项", "0"]
    # Another's text is not written over unseen, and stands in the page again.
    stale = desk.post(f"{ROOT}yanji/", plan | {"plan": "别的计划"}).content.decode()
    assert "已有他人改动" in stale
    assert "别的计划" in stale
    assert MeasurePlan.objects.get().plan == "逐案评查"
    before = desk.post(f"{ROOT}yanji/", told | {"measure": "m1"}).content.decode()
    assert "请先写明负责人和计划" in before
    leader = client_of(account("leader", "yanbian", "leader"))
    assert "王院长" in leader.get(f"{ROOT}yanji/").content.decode()
    assert "负责人和计划</summary>" not in leader.get(f"{ROOT}yanji/").content.decode()
    everything = leader.get(ROOT).content.decode()
    assert "1/15" in everything
    assert f"{ROOT}tumen/" in everything
    assert leader.get(f"{ROOT}nowhere/").status_code == 404
    other = client_of(account("other", "tumen", "litigation"))
    assert (other.get(f"{ROOT}yanji/").status_code, other.get(ROOT).status_code) == (403, 403)
    names = list(Event.objects.order_by("pk").values_list("action", flat=True))
    assert names[-2:] == ["plan_measure", "report_measure"]


def test_who_writes_and_what_is_refused(year: QualityYear) -> None:
    court = Court.objects.get(code="yanji")
    desk = account("desk", "yanji", "enforcement")
    given: dict[str, Any] = {
        "year": year,
        "court": court,
        "measure": "m1",
        "person": "王",
        "plan": "开会",
    }
    for user in (account("office", "yanbian", "office"), account("o", "tumen", "litigation")):
        with pytest.raises(PermissionDenied):
            save_plan(user=user, seen=0, **given)
    with pytest.raises(ReturnError, match="没有这项工作要求"):
        save_plan(user=desk, seen=0, **given | {"measure": "m16"})
    save_plan(user=desk, seen=0, **given)
    with pytest.raises(StaleError):
        save_plan(user=desk, seen=0, **given)
    assert save_plan(user=desk, seen=1, **given | {"plan": "每月开会"}).version == 2
    said: dict[str, Any] = {
        "user": desk,
        "year": year,
        "court": court,
        "measure": "m1",
        "text": "已开",
    }
    with pytest.raises(ReturnError):
        save_progress(seen=0, month=13, **said)
    assert save_progress(seen=0, month=2, **said).version == 1


def test_queries_do_not_grow_with_plans(year: QualityYear) -> None:
    court, desk = Court.objects.get(code="yanji"), account("desk", "yanji", "litigation")
    client = client_of(desk)
    client.get(f"{ROOT}yanji/")
    counts = []
    for measures in (range(1, 2), range(2, 16)):
        for number in measures:
            given: dict[str, Any] = {
                "year": year,
                "court": court,
                "measure": f"m{number}",
                "seen": 0,
            }
            save_plan(user=desk, person="王", plan="开会", **given)
            save_progress(user=desk, month=1, text="已开", **given)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{ROOT}yanji/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
