"""Tests of the pages on which an office reviews returns and oversees a year."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courts.models import EntryOnBehalf, MonthlyReturn, QualityYear, RulebookEdition, User
from courts.returns.services.behalf import enter_on_behalf, object_to_entry
from courts.returns.services.comments import open_follow_up
from courts.returns.services.returns import CellEntry
from courts.returns.services.unlocks import request_unlock
from courts.reviews.services.deadlines import set_deadline
from courts.years.selectors.entry_windows import window_of
from courts.years.selectors.slots import Slot
from scoring.facts import Month
from tests.courts.returns_fixtures import (
    CLEAN_LITIGATION,
    bring_to,
    fill,
    hand_in,
    row_of,
    shanghai,
    slot_of,
    version_of,
)
from tests.pages import client_of, more_courts

pytestmark = pytest.mark.django_db

ROOT = "/yanbian-2019"
PLACE = f"{ROOT}/returns/yanji/2019-05/litigation"
JUNE = Month(2019, 6)
PAGES = (
    f"{ROOT}/desk/",
    f"{ROOT}/reviews/",
    f"{ROOT}/reviews/?_export=csv",
    f"{ROOT}/completeness/?side=both",
    f"{ROOT}/completeness/?_export=csv",
    f"{ROOT}/deadline/",
    f"{ROOT}/unlocks/",
    f"{ROOT}/audit/",
    f"{ROOT}/audit/?_export=csv",
    f"{PLACE}/review/",
)


@pytest.fixture
def slot(year: QualityYear, people: dict[str, User]) -> Slot:
    return slot_of(year)


def page(user: User, address: str) -> str:
    response = client_of(user).get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def post(user: User, address: str, **data: Any) -> Any:
    return client_of(user).post(address, data)


def answer(user: User, address: str, **data: Any) -> str:
    """What the page says after something was sent to it."""
    client = client_of(user)
    return client.post(address, data, follow=True).content.decode()


def lines(user: User, address: str) -> list[list[str]]:
    response = client_of(user).get(address)
    assert response.status_code == 200
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("address", PAGES)
def test_queries_grow_neither_with_courts_nor_with_months(
    address: str, year: QualityYear, slot: Slot, people: dict[str, User]
) -> None:
    bring_to("submitted", slot, people)
    client = client_of(people["office"])
    client.get(address)
    with CaptureQueriesContext(connection) as before:
        assert client.get(address).status_code == 200
    more_courts(year, 20)
    for month in range(6, 10):
        bring_to("submitted", slot_of(year, month=Month(2019, month)), people)
    with CaptureQueriesContext(connection) as after:
        assert client.get(address).status_code == 200
    assert len(after) == len(before)
    assert len(before) <= 72


def test_an_office_starts_at_its_desk(people: dict[str, User]) -> None:
    for name in ("office", "centre"):
        response = client_of(people[name]).get("/")
        assert response.headers["Location"] == f"{ROOT}/desk/"
    assert client_of(people["leader"]).get("/").status_code == 200


class TestDesk:
    def test_editions_wait_for_a_second_person(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        proposed = RulebookEdition.objects.create(
            court=year.court,
            code=year.code,
            title="提交的版本",
            sha256="0" * 64,
            sources=year.edition.sources,
            state="proposed",
            author=people["office"],
            proposed_by=people["office"],
        )
        desk = f"/{year.code}/desk/"
        text = client_of(people["office2"]).get(desk).content.decode()
        assert "等您核对后确认生效" in text
        assert str(reverse("courts:editions")) in text
        # Who proposed it waits for others.
        assert "等您核对后确认生效" not in client_of(people["office"]).get(desk).content.decode()
        proposed.delete()
        assert "等您核对后确认生效" not in client_of(people["office2"]).get(desk).content.decode()

    def test_what_waits_for_each_office(self, slot: Slot, people: dict[str, User]) -> None:
        bring_to("submitted", slot, people)
        open_follow_up(user=people["office"], slot=slot, metric="appeals_filed", note="数偏大")
        cells = [CellEntry("appeals_filed", 441, version_of_cell(slot))]
        enter_on_behalf(user=people["office"], slot=slot, cells=cells, reason="系统抽取")
        entry = EntryOnBehalf.objects.get()
        object_to_entry(user=people["desk"], slot=slot, entry=entry.pk, objection="系统数不对")
        text = page(people["office"], f"{ROOT}/desk/")
        assert '<p class="tile-number">1</p>' in text
        assert "数偏大" in text
        assert "系统数不对" in text
        other = page(people["centre"], f"{ROOT}/desk/")
        assert "数偏大" not in other
        assert "系统数不对" not in other

    def test_the_other_side_is_not_overdue_for_this_office(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        # Nine courts owe twelve months each once the year is over and they were told until when;
        # each office sees its own half.
        QualityYear.objects.filter(pk=year.pk).update(deadline_day=10)
        with time_machine.travel(shanghai("2020-02-01"), tick=False):
            for name in ("office", "centre"):
                text = page(people[name], f"{ROOT}/desk/")
                assert '<p class="tile-number"> 108 </p>' in " ".join(text.split())


def version_of_cell(slot: Slot, metric: str = "appeals_filed") -> int:
    return row_of(slot).figures.get(metric=metric).version


class TestQueue:
    def test_clean_ones_are_verified_together(
        self, year: QualityYear, slot: Slot, people: dict[str, User]
    ) -> None:
        june = slot_of(year, month=JUNE)
        bring_to("submitted", slot, people)
        fill(people["desk"], june, CLEAN_LITIGATION | {"retrial_petitions_closed": 50})
        hand_in(people["desk"], june)
        text = page(people["office"], f"{ROOT}/reviews/")
        may_pick, june_pick = (f'value="{s.key}@{version_of(s)}"' for s in (slot, june))
        assert may_pick in text
        assert june_pick not in text
        picks = [f"{s.key}@{version_of(s)}" for s in (slot, june)]
        said = answer(people["office"], f"{ROOT}/reviews/", pick=picks)
        assert "已核实 1 张报表" in said
        assert "单独核实" in said
        assert [row_of(s).state for s in (slot, june)] == ["verified", "submitted"]

    def test_one_that_changed_since_the_page_was_drawn_is_not(
        self, slot: Slot, people: dict[str, User]
    ) -> None:
        bring_to("submitted", slot, people)
        seen = version_of(slot)
        cells = [CellEntry("appeals_filed", 441, version_of_cell(slot))]
        enter_on_behalf(user=people["office2"], slot=slot, cells=cells, reason="系统抽取")
        said = answer(people["office"], f"{ROOT}/reviews/", pick=[f"{slot.key}@{seen}"])
        assert "没有核实" in said
        assert row_of(slot).state == "submitted"

    @pytest.mark.parametrize("pick", ["", "x", f"2019-05/yanji/litigation@{'9' * 30}x", "a@-1"])
    def test_nonsense_verifies_nothing(
        self, slot: Slot, people: dict[str, User], pick: str
    ) -> None:
        bring_to("submitted", slot, people)
        said = answer(people["office"], f"{ROOT}/reviews/", pick=pick)
        assert "notice-error" in said
        assert row_of(slot).state == "submitted"

    def test_nothing_waits_for_the_other_office(self, slot: Slot, people: dict[str, User]) -> None:
        bring_to("submitted", slot, people)
        assert "没有待核实的报表" in page(people["centre"], f"{ROOT}/reviews/")
        picks = [f"{slot.key}@{version_of(slot)}"]
        answer(people["centre"], f"{ROOT}/reviews/", pick=picks)
        assert row_of(slot).state == "submitted"

    def test_narrowed_to_a_month_and_exported(
        self, year: QualityYear, slot: Slot, people: dict[str, User]
    ) -> None:
        bring_to("submitted", slot, people)
        bring_to("submitted", slot_of(year, month=JUNE), people)
        rows = lines(people["office"], f"{ROOT}/reviews/?month=2019-06&_export=csv")
        assert [row[2] for row in rows if row and row[0] == "yanji"] == ["2019-06"]
        assert client_of(people["office"]).get(f"{ROOT}/reviews/?_export=pdf").status_code == 404


class TestReview:
    def test_verified_and_onwards_to_the_next(
        self, year: QualityYear, slot: Slot, people: dict[str, User]
    ) -> None:
        bring_to("submitted", slot, people)
        bring_to("submitted", slot_of(year, month=JUNE), people)
        response = post(
            people["office"], f"{PLACE}/review/", version=version_of(slot), act="verify"
        )
        assert row_of(slot).state == "verified"
        assert response.headers["Location"].endswith("/2019-06/litigation/review/")

    def test_sent_back_with_remarks(self, slot: Slot, people: dict[str, User]) -> None:
        bring_to("submitted", slot, people)
        data = {
            "version": version_of(slot),
            "act": "send_back",
            "note": "请核对",
            "remark:appeals_filed": "与立案系统不符",
        }
        response = client_of(people["office"]).post(f"{PLACE}/review/", data)
        assert response.headers["Location"] == f"{ROOT}/reviews/"
        assert row_of(slot).state == "returned"
        home = page(people["desk"], f"{PLACE}/")
        assert "与立案系统不符" in home
        assert "请核对" in home

    def test_what_was_typed_survives_a_refusal(self, slot: Slot, people: dict[str, User]) -> None:
        bring_to("submitted", slot, people)
        data = {"version": 1, "act": "send_back", "remark:appeals_filed": "与立案系统不符"}
        response = client_of(people["office"]).post(f"{PLACE}/review/", data)
        text = response.content.decode()
        assert 'role="alert"' in text
        assert 'value="与立案系统不符"' in text
        assert row_of(slot).state == "submitted"

    def test_sending_back_wants_a_remark(self, slot: Slot, people: dict[str, User]) -> None:
        bring_to("submitted", slot, people)
        data = {"version": version_of(slot), "act": "send_back"}
        response = client_of(people["office"]).post(f"{PLACE}/review/", data)
        assert 'role="alert"' in response.content.decode()
        assert row_of(slot).state == "submitted"

    @pytest.mark.parametrize("version", ["", "x", "-1", "１"])
    def test_a_version_that_is_none(
        self, slot: Slot, people: dict[str, User], version: str
    ) -> None:
        bring_to("submitted", slot, people)
        data = {"version": version, "act": "verify"}
        response = client_of(people["office"]).post(f"{PLACE}/review/", data)
        assert "请刷新页面后再试" in response.content.decode()
        assert row_of(slot).state == "submitted"

    def test_the_submitter_finds_no_button(self, slot: Slot, people: dict[str, User]) -> None:
        bring_to("submitted", slot, people)
        MonthlyReturn.objects.update(submitted_by=people["office"])
        text = page(people["office"], f"{PLACE}/review/")
        assert 'value="verify"' not in text
        data = {"version": version_of(slot), "act": "verify"}
        client_of(people["office"]).post(f"{PLACE}/review/", data)
        assert row_of(slot).state == "submitted"

    def test_warnings_come_first_with_the_court_s_reasons(
        self, slot: Slot, people: dict[str, User]
    ) -> None:
        fill(people["desk"], slot, CLEAN_LITIGATION | {"retrial_petitions_closed": 50})
        hand_in(people["desk"], slot)
        text = page(people["office"], f"{PLACE}/review/")
        assert "已核对" in text
        assert text.index("先看这些") < text.index("二审被改判")

    def test_a_resubmission_shows_what_changed(self, slot: Slot, people: dict[str, User]) -> None:
        bring_to("returned", slot, people)
        fill(people["desk"], slot, {"appeals_filed": 450})
        hand_in(people["desk"], slot)
        text = page(people["office"], f"{PLACE}/review/")
        assert "与上一次相比" in text
        assert "<del>452</del>" in text
        assert "<ins>450</ins>" in text

    def test_opened_again_until_a_day(self, slot: Slot, people: dict[str, User]) -> None:
        bring_to("verified", slot, people)
        until = timezone.localdate() + timedelta(days=3)
        said = answer(people["office2"], f"{PLACE}/reopen/", reason="更正", until=until.isoformat())
        assert "已重新打开" in said
        window = window_of(slot, row_of(slot))
        assert window.open_until is not None
        last = timezone.localtime(window.open_until) - timedelta(seconds=1)
        assert last.date() == until

    @pytest.mark.parametrize(
        ("reason", "until", "said"),
        [
            ("", "2030-01-01", "须说明原因"),
            ("更正", "", "请写明开放至哪一天"),
            ("更正", "1月1日", "这样的日期"),
            ("更正", "2019-01-01", "notice-error"),
        ],
    )
    def test_not_opened(
        self, slot: Slot, people: dict[str, User], reason: str, until: str, said: str
    ) -> None:
        bring_to("verified", slot, people)
        text = answer(people["office2"], f"{PLACE}/reopen/", reason=reason, until=until)
        assert said in text
        assert row_of(slot).state == "verified"
        assert not row_of(slot).reopenings.exists()


class TestOnBehalf:
    def test_the_court_objects_and_the_office_settles(
        self, slot: Slot, people: dict[str, User]
    ) -> None:
        bring_to("submitted", slot, people)
        cells = [CellEntry("appeals_filed", 441, version_of_cell(slot))]
        enter_on_behalf(user=people["office"], slot=slot, cells=cells, reason="系统抽取")
        entry = EntryOnBehalf.objects.get()
        address = f"{PLACE}/behalf/{entry.pk}/"
        seen = page(people["desk"], f"{PLACE}/")
        assert "系统抽取" in seen
        assert address in seen
        assert "字数" in answer(people["desk"], address, act="object", text=" ")
        assert "异议已提出" in answer(people["desk"], address, act="object", text="本院数为准")
        assert post(people["desk"], address, act="settle", text="维持").status_code == 403
        assert post(people["office"], address, act="object", text="x").status_code == 403
        assert "本院数为准" in page(people["office"], f"{PLACE}/review/")
        assert "异议已处理" in answer(people["office"], address, act="settle", text="改回")
        entry.refresh_from_db()
        assert (entry.settlement, entry.settled_by) == ("改回", people["office"])
        assert "改回" in page(people["desk"], f"{PLACE}/")


class TestDeadline:
    def test_set_and_seen(self, year: QualityYear, people: dict[str, User]) -> None:
        address = f"{ROOT}/deadline/"
        said = answer(people["office"], address, day="5", reason="年初通知", seen="")
        assert "填报期限已设为次月5日24时。" in said
        year.refresh_from_db()
        assert year.deadline_day == 5
        text = page(people["office"], address)
        assert "2019年6月5日24时前（已截止）" in text
        assert "年初通知" in text

    @pytest.mark.parametrize(
        ("day", "reason"), [("0", "x"), ("29", "x"), ("x", "x"), ("5", ""), ("5", " ")]
    )
    def test_refused(
        self, year: QualityYear, people: dict[str, User], day: str, reason: str
    ) -> None:
        text = answer(people["office"], f"{ROOT}/deadline/", day=day, reason=reason, seen="")
        assert 'class="fault"' in text
        year.refresh_from_db()
        assert year.deadline_day is None

    def test_the_form_holds_what_is_in_force_and_says_what_changed(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        address = f"{ROOT}/deadline/"
        assert "取消期限" not in page(people["office"], address)
        set_deadline(user=people["office"], year=year, day=8, seen=None, reason="通知")
        assert 'name="day" value="8"' in page(people["office"], address)
        said = answer(people["office"], address, day="10", reason="放宽", seen="8")
        assert "填报期限已由次月8日改为次月10日24时。" in said
        # Nothing is removed by leaving a field empty, and nothing changed by the same day.
        for day in ("", "10"):
            text = answer(people["office"], address, day=day, reason="x", seen="10")
            assert 'class="fault"' in text
        year.refresh_from_db()
        assert year.deadline_day == 10

    def test_removed_by_a_button_of_its_own(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        address = f"{ROOT}/deadline/"
        set_deadline(user=people["office"], year=year, day=8, seen=None, reason="通知")
        text = page(people["office"], address)
        assert "确定不再设填报期限吗？" in text
        assert 'name="act" value="remove"' in text
        refused = answer(people["office"], address, act="remove", reason=" ", seen="8")
        assert "<details open" in refused or "open>" in refused
        year.refresh_from_db()
        assert year.deadline_day == 8
        said = answer(people["office"], address, act="remove", reason="取消", seen="8")
        assert "填报期限（次月8日）已取消，报表随时可以填写。" in said
        year.refresh_from_db()
        assert year.deadline_day is None

    def test_two_at_once(self, year: QualityYear, people: dict[str, User]) -> None:
        set_deadline(user=people["office2"], year=year, day=8, seen=None, reason="通知")
        text = answer(people["office"], f"{ROOT}/deadline/", day="5", reason="通知", seen="")
        assert "刚刚被别人改过" in text
        year.refresh_from_db()
        assert year.deadline_day == 8


class TestUnlocks:
    @pytest.fixture
    def asked(self, year: QualityYear, slot: Slot, people: dict[str, User]) -> Slot:
        bring_to("verified", slot, people)
        request_unlock(user=people["desk"], slot=slot, reason="漏报一件")
        return slot

    def test_granted_until_a_day(self, asked: Slot, people: dict[str, User]) -> None:
        assert "漏报一件" in page(people["office2"], f"{ROOT}/unlocks/")
        assert "没有等待处理的申请" in page(people["centre"], f"{ROOT}/unlocks/")
        until = (timezone.localdate() + timedelta(days=2)).isoformat()
        address = f"{PLACE}/unlock/decide/"
        assert "已同意" in answer(people["office2"], address, grant="yes", until=until)
        assert window_of(asked, row_of(asked)).is_open

    def test_refused_with_a_reason(self, asked: Slot, people: dict[str, User]) -> None:
        address = f"{PLACE}/unlock/decide/"
        assert "notice-error" in answer(people["office"], address, grant="no", note="")
        assert "已答复不同意" in answer(people["office"], address, grant="no", note="按原数")
        assert not window_of(asked, row_of(asked)).is_open
        assert "按原数" in page(people["desk"], f"{PLACE}/")

    @pytest.mark.parametrize(
        "data", [{}, {"grant": "yes"}, {"grant": "yes", "until": "x"}, {"grant": "maybe"}]
    )
    def test_half_an_answer_is_none(
        self, asked: Slot, people: dict[str, User], data: dict[str, str]
    ) -> None:
        assert "notice-error" in answer(people["office"], f"{PLACE}/unlock/decide/", **data)
        assert "漏报一件" in page(people["office"], f"{ROOT}/unlocks/")


@pytest.mark.database
class TestCompleteness:
    def test_counted_by_hand(self, year: QualityYear, slot: Slot, people: dict[str, User]) -> None:
        set_deadline(user=people["office"], year=year, day=5, seen=None, reason="通知")
        with time_machine.travel(shanghai("2019-06-03"), tick=False):
            bring_to("submitted", slot, people)
        with time_machine.travel(shanghai("2019-06-08"), tick=False):
            text = page(people["office"], f"{ROOT}/completeness/?side=litigation")
            rows = lines(people["office"], f"{ROOT}/completeness/?side=litigation&_export=csv")
        # January to May of nine courts are due: 45; one came in, in time: 1/45 = 2.22 %.
        about = {row[0]: row[1] for row in rows[1:7]}
        assert (about["应报"], about["已报"]) == ("45", "1")
        assert about["报送率（%）"] == about["按时报送率（%）"] == "2.22"
        assert text.count("2.22%") == 4
        # Due on 5 June, looked at on 8 June.
        assert "图们法院：2019年5月诉讼报表应于6月5日24时前报送，已逾期 3 天。" in text
        assert "延吉法院：2019年5月" not in text
        body = {(row[0], row[2]): row[5:7] for row in rows if len(row) == 10}
        assert body["yanji", "2019-05"] == ["按时", "0"]
        assert body["tumen", "2019-05"] == ["逾期未报", "3"]
        assert body["tumen", "2019-06"] == ["未到期", "0"]
        assert body["tumen", "2019-07"] == ["未开始", "0"]

    def test_a_courts_rate_is_that_of_the_side_shown(
        self, year: QualityYear, slot: Slot, people: dict[str, User]
    ) -> None:
        """Yanji, January to May: one of five litigation returns came in, no enforcement return.

        Litigation 1/5 = 20 %, enforcement 0/5 = 0 %, both 1/10 = 10 %.
        """
        bring_to("submitted", slot, people)
        rates = {}
        with time_machine.travel(shanghai("2019-06-08"), tick=False):
            for side in ("litigation", "enforcement", "both"):
                text = page(people["office"], f"{ROOT}/completeness/?side={side}")
                row = text.partition(">延吉法院</th>")[2].partition("</tr>")[0]
                rates[side] = re.findall(r"([\d.]+)%", row)
        assert rates == {"litigation": ["20.00"], "enforcement": ["0.00"], "both": ["10.00"]}

    def test_without_a_deadline_nothing_is_late(self, people: dict[str, User]) -> None:
        text = page(people["leader"], f"{ROOT}/completeness/")
        assert "没有设定填报期限" in text

    def test_exported_to_excel(self, people: dict[str, User]) -> None:
        response = client_of(people["office"]).get(f"{ROOT}/completeness/?side=both&_export=xlsx")
        sheet: Any = openpyxl.load_workbook(io.BytesIO(response.content)).active
        rows = [row for row in sheet.values if row[0] == "yanji"]
        assert len(rows) == 24


class TestAudit:
    @pytest.fixture
    def changed(self, slot: Slot, people: dict[str, User]) -> Slot:
        fill(people["desk"], slot, {"appeals_filed": 452})
        fill(people["desk2"], slot, {"appeals_filed": 450})
        return slot

    def test_found_by_person_metric_and_day(self, changed: Slot, people: dict[str, User]) -> None:
        text = page(people["office"], f"{ROOT}/audit/?metric=appeals_filed&person=desk2")
        assert "<del>452</del>" in text
        assert "<ins>450</ins>" in text
        assert text.count("<ins>") == 1
        tomorrow = timezone.localdate() + timedelta(days=1)
        assert "没有找到修改" in page(people["office"], f"{ROOT}/audit/?since={tomorrow}")
        text = page(people["office"], f"{ROOT}/audit/?since=2019-02-01&until=2019-01-01")
        assert "结束日期早于开始日期" in text

    def test_a_desk_finds_its_own_court_s(self, changed: Slot, people: dict[str, User]) -> None:
        assert "<ins>450</ins>" in page(people["desk"], f"{ROOT}/audit/")
        other = page(people["other court"], f"{ROOT}/audit/?court=yanji")
        assert "<ins>450</ins>" not in other

    def test_turned_through_and_exported_whole(
        self, year: QualityYear, changed: Slot, people: dict[str, User]
    ) -> None:
        for value in range(120):
            fill(people["desk"], changed, {"retrial_decided": value})
        first = page(people["office"], f"{ROOT}/audit/?person=desk")
        assert first.count("<ins>") == 100
        assert "第1页，共2页" in first
        second = page(people["office"], f"{ROOT}/audit/?person=desk&page=2")
        rows = lines(people["office"], f"{ROOT}/audit/?person=desk&_export=csv")
        found = [row for row in rows if len(row) == 12 and row[2] == "yanji"]
        assert len(found) == 100 + second.count("<ins>")
        assert next(row[9] for row in found if row[6] == "retrial_decided") == "119"
