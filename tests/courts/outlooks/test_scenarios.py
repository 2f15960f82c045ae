"""Tests of saved trials: who keeps and reads them, what they come to, that nothing real changes."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courts.frame.refusals import ReturnError, StaleError
from courts.models import Court, Event, Figure, QualityYear, Scenario, User
from courts.outlooks.services import scenarios as services
from tests.pages import client_of, give, mark_as_demo

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

ROOT = "/yanbian-2019"
LIST = f"{ROOT}/2019-06/yanji/scenarios/"
NEW = f"{LIST}new/"
TRIAL = f"{ROOT}/2019-06/yanji/what-if/"
FIVE = (
    "appeal_revised",
    "appeal_remanded",
    "retrial_revised",
    "retrial_remanded",
    "retrial_directed",
)


@pytest.fixture
def june(year: QualityYear) -> QualityYear:
    """Yanji with 240 overturned cases by June, against 252 of 2018: L1 has a fall of 4.76 %."""
    values = (200, 25, 10, 3, 2)
    give(year, *(("yanji", "2019-06", m, v) for m, v in zip(FIVE, values, strict=True)))
    return year


def saved(year: QualityYear, user: User, title: str = "少改判", **fields: Any) -> Scenario:
    values: dict[str, Any] = {
        "figures": {"appeal_revised": 100},
        "month": 6,
        "court": Court.objects.get(code="yanji"),
    }
    return services.save_scenario(user=user, year=year, title=title, **(values | fields))


def page(user: User, address: str = LIST) -> Any:
    response: Any = client_of(user).get(address)
    assert response.status_code == 200, response.status_code
    return response


class TestSaving:
    def test_from_the_what_if_page(self, june: QualityYear, people: dict[str, User]) -> None:
        desk = client_of(people["desk"])
        answer = desk.get(f"{TRIAL}?appeal_revised=100").content.decode()
        assert f'href="{NEW}?appeal_revised=100"' in answer
        before = list(Figure.objects.order_by("pk").values())
        response = desk.post(
            f"{NEW}?appeal_revised=100", {"title": " 少改判 ", "note": "试试", "is_shared": "on"}
        )
        assert (response.status_code, response.headers["Location"]) == (302, LIST)
        row = Scenario.objects.get()
        assert (row.title, row.note, row.is_shared) == ("少改判", "试试", True)
        assert row.figures == {"appeal_revised": 100}
        assert (row.court.code, row.month, row.created_by) == ("yanji", 6, people["desk"])
        assert list(Figure.objects.order_by("pk").values()) == before
        event = Event.objects.get(action="save_scenario")
        assert event.actor == people["desk"]
        assert event.data["after"]["figures"] == {"appeal_revised": 100}

    @pytest.mark.parametrize(
        ("query", "title", "told"),
        [
            ("", "名", "还没有改动任何数据"),
            ("?appeal_revised=200", "名", "还没有改动任何数据"),
            ("?appeal_revised=100", "", "请给方案起一个名称。"),
            ("?appeal_revised=100", "名" * 61, "60"),
            ("?appeal_revised=-1", "名", "应为不小于0的整数"),
        ],
    )
    def test_refused(
        self, june: QualityYear, people: dict[str, User], query: str, title: str, told: str
    ) -> None:
        response = client_of(people["desk"]).post(f"{NEW}{query}", {"title": title})
        assert response.status_code == 400
        assert told in response.content.decode()
        assert not Scenario.objects.exists()

    def test_a_name_once_a_person_and_month(
        self, june: QualityYear, people: dict[str, User]
    ) -> None:
        saved(june, people["desk"])
        with pytest.raises(ReturnError, match="同名"):
            saved(june, people["desk"])
        saved(june, people["desk2"])
        saved(june, people["desk"], month=7)
        assert Scenario.objects.count() == 3

    def test_not_without_end(
        self, june: QualityYear, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(services, "MOST", 1)
        saved(june, people["desk"])
        with pytest.raises(ReturnError, match="最多保存1个"):
            saved(june, people["desk"], "另一个")

    @pytest.mark.parametrize("who", ["other court", "admin", "nobody", "far office", "superuser"])
    def test_for_others_courts_nobody(
        self, june: QualityYear, people: dict[str, User], who: str
    ) -> None:
        with pytest.raises(PermissionDenied):
            saved(june, people[who])
        assert client_of(people[who]).post(
            f"{NEW}?appeal_revised=1", {"title": "名"}
        ).status_code in (
            403,
            404,
        )
        assert not Scenario.objects.exists()


class TestReading:
    def test_own_and_shared(self, june: QualityYear, people: dict[str, User]) -> None:
        private = saved(june, people["desk"], "自己的")
        shared = saved(june, people["desk2"], "大家的", is_shared=True)

        def seen(who: str) -> set[str]:
            return {line.title for line in page(people[who]).context["page"].lines}

        assert seen("desk") == {"自己的", "大家的"}
        for who in ("desk2", "other side", "office", "centre", "leader", "party"):
            assert seen(who) == {"大家的"}, who
        assert client_of(people["other court"]).get(LIST).status_code == 403
        assert client_of(people["other court"]).get(f"{LIST}{shared.pk}/").status_code == 403
        assert client_of(people["office"]).get(f"{LIST}{private.pk}/").status_code == 404
        assert client_of(people["office"]).get(f"{LIST}{shared.pk}/").status_code == 200

    def test_a_scenario_of_another_court_is_not_found(
        self, june: QualityYear, people: dict[str, User]
    ) -> None:
        other = saved(june, people["office"], court=Court.objects.get(code="tumen"), is_shared=True)
        assert client_of(people["office"]).get(f"{LIST}{other.pk}/").status_code == 404

    def test_filters(self, june: QualityYear, people: dict[str, User]) -> None:
        saved(june, people["desk"], "甲", note="再审")
        saved(june, people["desk2"], "乙", is_shared=True)
        saved(june, people["desk"], "丙", month=7)

        def titles(query: str) -> list[str]:
            return [line.title for line in page(people["desk"], LIST + query).context["page"].lines]

        # Those of the page's month stand first, the latest first among them.
        assert titles("") == ["乙", "甲", "丙"]
        assert titles("?whose=own") == ["甲", "丙"]
        assert titles("?whose=shared") == ["乙"]
        assert titles("?text=再审") == ["甲"]
        assert titles("?text=没有") == []

    def test_pages(self, june: QualityYear, people: dict[str, User]) -> None:
        for number in range(27):
            saved(june, people["desk"], f"方案{number}")
        assert len(page(people["desk"]).context["page"].lines) == 25
        assert len(page(people["desk"], f"{LIST}?page=2").context["page"].lines) == 2

    def test_queries_do_not_grow(self, june: QualityYear, people: dict[str, User]) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                page(people["desk"])
            return len(found)

        saved(june, people["desk"])
        queries()
        few = queries()
        for number in range(9):
            saved(june, people["desk"], f"方案{number}")
        assert queries() == few


class TestComparing:
    def test_side_by_side(self, june: QualityYear, people: dict[str, User]) -> None:
        # 140 of 252 are a fall of 44.4 %, 30 one of 88.1 %: the same figures on the what-if page.
        one = saved(june, people["desk"], "少一百")
        two = saved(
            june, people["desk"], "全不改", figures={"appeal_revised": 0, "appeal_remanded": 15}
        )
        query = f"?with={one.pk}&with={two.pk}"
        found = page(people["desk"], LIST + query).context["page"]
        assert {line.title for line in found.compared} == {"少一百", "全不改"}
        order = [line.title for line in found.compared]
        rows = {row.label: dict(zip(order, row.values, strict=True)) for row in found.figures}
        told = (
            {value["少一百"] for value in rows.values()},
            {value["全不改"] for value in rows.values()},
        )
        assert told == ({"100", "25"}, {"0", "15"})
        for line in found.compared:
            address = f"{TRIAL}?{line.query}"
            trial = page(people["desk"], address).context["page"]
            assert line.trial.total_after == trial.total_after
            assert line.trial.rank_after == trial.rank_after
        file = (
            client_of(people["desk"]).get(f"{LIST}{query}&_export=csv").content.decode("utf-8-sig")
        )
        lines = list(csv.reader(io.StringIO(file)))
        total = next(line for line in lines if line and line[0] == "总分")
        assert total[1] == found.compared[0].trial.total_before
        assert total[2:] == [line.trial.total_after for line in found.compared]

    def test_four_at_most_and_only_of_the_month(
        self, june: QualityYear, people: dict[str, User]
    ) -> None:
        rows = [saved(june, people["desk"], f"方案{number}") for number in range(5)]
        other = saved(june, people["desk"], "七月", month=7)
        query = "&".join(f"with={row.pk}" for row in (*rows, other))
        found = page(people["desk"], f"{LIST}?{query}").context["page"]
        assert len(found.compared) == 4
        assert found.too_many
        found = page(people["desk"], f"{LIST}?with={other.pk}&with=x").context["page"]
        assert found.compared == ()

    def test_a_figure_the_rules_lost(self, june: QualityYear, people: dict[str, User]) -> None:
        row = saved(june, people["desk"], figures={"appeal_revised": 100, "gone": 3})
        assert page(people["desk"]).context["page"].lines[0].trial.is_changed
        assert client_of(people["desk"]).get(f"{LIST}{row.pk}/").status_code == 200

    def test_figures_no_return_could_carry_have_no_total(
        self, june: QualityYear, people: dict[str, User]
    ) -> None:
        give(
            june,
            ("yanji", "2019-06", "enforcement_carried_over", 0),
            ("yanji", "2019-06", "enforcement_received", 100),
            ("yanji", "2019-06", "enforcement_closed", 90),
        )
        row = saved(june, people["desk"], figures={"enforcement_closed": 101})
        for address in (f"{LIST}?with={row.pk}", f"{LIST}?with={row.pk}&_export=csv"):
            text = client_of(people["desk"]).get(address).content.decode()
            assert "这样的数据报不出来" in text
        line = page(people["desk"]).context["page"].lines[0]
        assert line.trial.faults
        text = page(people["desk"], f"{LIST}{row.pk}/").content.decode()
        assert line.trial.faults[0] in text
        assert "总分由" not in text

    def test_made_up_figures_are_marked(self, june: QualityYear, people: dict[str, User]) -> None:
        mark_as_demo(june)
        row = saved(june, people["desk"])
        for address in (LIST, NEW, f"{LIST}{row.pk}/"):
            assert "演示数据" in page(people["desk"], address).content.decode()


class TestChanging:
    def test_renamed_and_shared(self, june: QualityYear, people: dict[str, User]) -> None:
        row = saved(june, people["desk"])
        form = {"seen": 1, "title": "新名", "note": "说明", "is_shared": "on"}
        response = client_of(people["desk"]).post(f"{LIST}{row.pk}/", form)
        assert response.status_code == 302
        row.refresh_from_db()
        assert (row.title, row.note, row.is_shared, row.version) == ("新名", "说明", True, 2)
        event = Event.objects.get(action="change_scenario")
        assert event.data["before"] == {"is_shared": False}
        assert event.data["after"]["title"] == "新名"

    def test_what_somebody_else_changed_meanwhile(
        self, june: QualityYear, people: dict[str, User]
    ) -> None:
        row = saved(june, people["desk"])
        desk = client_of(people["desk"])
        desk.post(f"{LIST}{row.pk}/", {"seen": 1, "title": "先改"})
        response = desk.post(f"{LIST}{row.pk}/", {"seen": 1, "title": "后改"})
        assert response.status_code == 400
        assert "又有变动" in response.content.decode()
        assert desk.post(f"{LIST}{row.pk}/", {"seen": 1, "act": "delete"}).status_code == 400
        assert desk.post(f"{LIST}{row.pk}/", {"title": "没有版本"}).status_code == 400
        assert desk.post(f"{LIST}{row.pk}/", {"seen": 2, "title": ""}).status_code == 400
        row.refresh_from_db()
        assert (row.title, row.version) == ("先改", 2)

    def test_deleted(self, june: QualityYear, people: dict[str, User]) -> None:
        row = saved(june, people["desk"])
        response = client_of(people["desk"]).post(f"{LIST}{row.pk}/", {"seen": 1, "act": "delete"})
        assert response.status_code == 302
        assert not Scenario.objects.exists()
        event = Event.objects.get(action="delete_scenario")
        assert event.data == {"scenario": row.pk, "before": {"is_shared": False}}
        with pytest.raises(StaleError):
            services.delete_scenario(user=people["desk"], scenario=row, seen=1)

    def test_the_record_of_acts_names_what_is_not_shared_by_its_key_only(
        self, june: QualityYear, people: dict[str, User]
    ) -> None:
        own = saved(june, people["desk"], "私下的名字", note="私下的话")
        desk = client_of(people["desk"])
        desk.post(f"{LIST}{own.pk}/", {"seen": 1, "title": "私下的新名", "note": "私下的话"})
        desk.post(f"{LIST}{own.pk}/", {"seen": 2, "act": "delete"})
        acts = Event.objects.filter(action__endswith="_scenario").order_by("pk")
        alone = {"is_shared": False}
        assert [act.data for act in acts] == [
            {"scenario": own.pk, "after": alone},
            {"scenario": own.pk, "before": alone, "after": alone},
            {"scenario": own.pk, "before": alone},
        ]
        assert all(act.reason == "" for act in acts)

    def test_what_was_shared_is_recorded_whole(
        self, june: QualityYear, people: dict[str, User]
    ) -> None:
        row = saved(june, people["desk"], is_shared=True)
        form = {"seen": 1, "title": "收回后的名字"}
        assert client_of(people["desk"]).post(f"{LIST}{row.pk}/", form).status_code == 302
        data = Event.objects.get(action="change_scenario").data
        assert data["after"] == {"is_shared": False}
        assert data["before"] == {
            "court": "yanji",
            "month": "2019-06",
            "title": "少改判",
            "note": "",
            "is_shared": True,
            "figures": {"appeal_revised": 100},
        }

    def test_records_of_older_versions_are_shown_by_key_too(
        self, june: QualityYear, people: dict[str, User]
    ) -> None:
        state = {"title": "旧版的名字", "note": "", "figures": {"appeal_revised": 7654}}
        for is_shared in (False, True):
            act = Event.objects.create(
                action="save_scenario",
                quality_year=june,
                actor=people["desk"],
                data={
                    "scenario": 9,
                    "court": "yanji",
                    "month": "2019-06",
                    "after": state | {"is_shared": is_shared},
                },
            )
            people["office"].is_staff = True
            people["office"].save()
            text = page(people["office"], f"/admin/courts/event/{act.pk}/change/").content.decode()
            assert ("旧版的名字" in text) is is_shared
            assert ("7654" in text) is is_shared

    @pytest.mark.parametrize("who", ["desk2", "office", "leader"])
    def test_by_its_author_alone(
        self, june: QualityYear, people: dict[str, User], who: str
    ) -> None:
        row = saved(june, people["desk"], is_shared=True)
        client = client_of(people[who])
        assert client.post(f"{LIST}{row.pk}/", {"seen": 1, "title": "改"}).status_code == 403
        assert client.post(f"{LIST}{row.pk}/", {"seen": 1, "act": "delete"}).status_code == 403
        assert Scenario.objects.get().title == "少改判"
