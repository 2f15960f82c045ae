"""Tests of the pages of extracts and differences: what each account sees and can do there."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courts.models import Difference, Extract, Motion, QualityYear, User, WaitingTable
from courts.years.selectors.entry_windows import window_of
from courts.years.selectors.slots import Slot
from scoring.facts import Month
from tests.courts.conftest import csv_file
from tests.courts.extract_fixtures import METRIC, SYSTEM, extract, seen, the_line
from tests.courts.extracts.test_extracts import fixture_elsewhere
from tests.courts.motion_fixtures import confirm_waiting, settle
from tests.courts.returns_fixtures import (
    CLEAN_LITIGATION,
    bring_to,
    fill,
    hand_in,
    slot_of,
)
from tests.pages import client_of, mark_as_demo, more_courts

__all__ = ["fixture_elsewhere"]

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

ROOT = "/yanbian-2019"
EXTRACTS, DIFFERENCES = f"{ROOT}/extracts/", f"{ROOT}/differences/"
ONE = f"{DIFFERENCES}yanji/2019-05/{METRIC}/"
RETURN = f"{ROOT}/returns/yanji/2019-05/litigation/"
CELL = ("yanji", "2019-05", METRIC)
MAY = datetime(2019, 5, 1)  # noqa: DTZ001


@pytest.fixture
def slot(year: QualityYear) -> Slot:
    return slot_of(year)


@pytest.fixture
def differing(year: QualityYear, slot: Slot, people: dict[str, User]) -> Slot:
    """A return handed in with 452 where the extract says 460."""
    bring_to("submitted", slot, people)
    extract(year, (*CELL, 460), actor=people["office"])
    return slot


def page(user: User, address: str) -> str:
    response = client_of(user).get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def upload(user: User, *rows: tuple[object, ...], name: str = "五月.csv") -> Any:
    file = SimpleUploadedFile(name, csv_file(rows).content)
    return client_of(user).post(EXTRACTS, {"source": SYSTEM, "file": file})


def ticket_of(response: Any) -> str:
    return str(response.context["ticket"])


def act(user: User, **data: Any) -> Any:
    return client_of(user).post(
        ONE, {"version": 0, "extract_value": 460, "court_value": 452} | data
    )


class TestUploading:
    def test_a_preview_writes_nothing_and_confirming_does(
        self, year: QualityYear, slot: Slot, people: dict[str, User]
    ) -> None:
        bring_to("submitted", slot, people)
        looked = upload(people["office"], (*CELL, 460), ("yanji", "2019-05", "appeal_revised", 69))
        text = looked.content.decode()
        assert "尚未写入" in text
        assert "与已报报表不同 1 项" in text
        assert not Extract.objects.exists()
        done = client_of(people["office"]).post(
            f"{EXTRACTS}confirm/", {"ticket": ticket_of(looked)}, follow=True
        )
        motion = Motion.objects.get()
        assert done.redirect_chain == [(f"{ROOT}/motions/{motion.pk}/", 302)]
        assert "由本部门另一人确认后才写入" in done.content.decode()
        assert not Extract.objects.exists()
        assert "有 1 项改动已提出" in page(people["office2"], EXTRACTS)
        confirm_waiting(people["office2"])
        assert "452" in page(people["office"], DIFFERENCES)
        stored = Extract.objects.get()
        assert (stored.file_name, stored.source) == ("五月.csv", SYSTEM)
        assert stored.figures.count() == 2
        assert (stored.uploaded_by, stored.confirmed_by) == (people["office"], people["office2"])
        listed = page(people["leader"], EXTRACTS)
        assert "五月.csv" in listed
        assert stored.sha256 in listed
        assert 'type="file"' not in listed

    def test_errors_are_told_cell_by_cell_and_nothing_waits(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        looked = upload(people["office"], ("yanji", "2019-05", METRIC, "四百"))
        text = looked.content.decode()
        assert "有 1 处错误" in text
        assert "四百" in text
        assert "提出，待另一人确认" not in text
        assert ticket_of(looked) == ""

    def test_a_ticket_is_for_one_person_once(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        ticket = ticket_of(upload(people["office"], (*CELL, 460)))
        address = f"{EXTRACTS}confirm/"
        for user, given in (
            (people["office2"], ticket),
            (people["office"], ticket + "x"),
            (people["office"], ""),
        ):
            answer = client_of(user).post(address, {"ticket": given}, follow=True)
            assert "预览已失效，没有写入" in answer.content.decode()
        assert not Extract.objects.exists()
        for number in (1, 1):
            client_of(people["office"]).post(address, {"ticket": ticket})
            assert Motion.objects.count() == number

    def test_a_preview_is_put_away_with_one_click(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        ticket = ticket_of(upload(people["office"], (*CELL, 460)))
        assert WaitingTable.objects.get().source == SYSTEM
        client = client_of(people["office"])
        client.post(f"{EXTRACTS}confirm/", {"ticket": ticket, "discard": "1"})
        assert not WaitingTable.objects.exists()
        client.post(f"{EXTRACTS}confirm/", {"ticket": ticket})
        assert not Motion.objects.exists()

    def test_what_is_missing_is_asked_for(self, year: QualityYear, people: dict[str, User]) -> None:
        text = client_of(people["office"]).post(EXTRACTS, {}).content.decode()
        assert "请写明数据出自哪个系统。" in text
        assert "请选择文件。" in text

    def test_what_changed_since_the_preview_is_checked_again(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        looked = upload(people["office"], ("yanji", "2019-06", METRIC, 460))
        extract(year, (*CELL, 470))
        answer = client_of(people["office"]).post(
            f"{EXTRACTS}confirm/", {"ticket": ticket_of(looked)}
        )
        assert "有 1 处错误" in answer.content.decode()
        assert Extract.objects.count() == 1

    def test_only_the_offices_upload(self, year: QualityYear, people: dict[str, User]) -> None:
        for name in ("leader", "desk", "admin", "party"):
            assert upload(people[name], (*CELL, 460)).status_code == 403
        refused = upload(people["centre"], (*CELL, 460)).content.decode()
        assert "由审判管理办公室上传" in refused

    def test_exports_and_filter(self, year: QualityYear, people: dict[str, User]) -> None:
        extract(year, (*CELL, 460), name="=lit.csv")
        extract(year, ("yanji", "2019-05", "enforcement_closed", 9), name="enf.csv")
        assert "enf.csv" not in page(people["office"], f"{EXTRACTS}?side=litigation")
        response = client_of(people["office"]).get(f"{EXTRACTS}?_export=csv")
        rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
        assert [row[4] for row in rows[-2:]] == ["enf.csv", "'=lit.csv"]


class TestList:
    def test_each_sees_what_waits_for_them(self, differing: Slot, people: dict[str, User]) -> None:
        text = page(people["office"], DIFFERENCES)
        assert "有 1 项等您处理" in text
        assert 'name="pick"' in text
        text = page(people["desk"], DIFFERENCES)
        assert "有 1 项等本院说明或者更正" in text
        assert 'name="pick"' not in text
        assert 'id="choose-court"' not in text
        for name in ("centre", "leader", "other side"):
            text = page(people[name], DIFFERENCES)
            assert "460" in text
            assert 'name="pick"' not in text
        text = page(people["other court"], DIFFERENCES)
        assert "460" not in text
        assert "没有差异" in text

    def test_settling_those_ticked(
        self, year: QualityYear, differing: Slot, people: dict[str, User]
    ) -> None:
        extract(year, ("yanji", "2019-05", "appeal_revised", 70))
        keys = [
            f"yanji/2019-05/{METRIC}/0/460/452",
            "yanji/2019-05/appeal_revised/0/70/69",
            "yanji/2019-05/appeal_revised/0/71/69",
        ]
        client = client_of(people["office"])
        answer = client.post(DIFFERENCES, {"pick": keys, "stands": "return"}, follow=True)
        assert "采用法院填报的数值须写明理由。" in answer.content.decode()
        assert not Difference.objects.exists()
        data = {"pick": keys, "stands": "return", "note": "已核对系统"}
        text = client.post(f"{DIFFERENCES}?court=yanji", data, follow=True).content.decode()
        assert "2项差异的处理意见已提出" in text
        assert "有的差异在您打开之后又有变动" in text
        assert not Difference.objects.exists()
        assert 'name="pick"' not in text
        confirm_waiting(people["office2"])
        assert set(Difference.objects.values_list("state", "note")) == {("return", "已核对系统")}
        text = client.post(DIFFERENCES, {"stands": "extract"}, follow=True).content.decode()
        assert "没有勾选差异。" in text

    def test_exports_hold_what_was_searched_for(
        self, year: QualityYear, differing: Slot, people: dict[str, User]
    ) -> None:
        client = client_of(people["office"])
        response = client.get(f"{DIFFERENCES}?_export=xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
        assert sheet is not None
        last = [cell.value for cell in list(sheet.rows)[-1]]
        assert last[:10] == [
            "yanji", "延吉法院", MAY, "诉讼", METRIC, "二审立案数", 460, 452, 8, "未处理",
        ]  # fmt: skip
        response = client.get(f"{DIFFERENCES}?_export=csv&court=tumen")
        assert METRIC not in response.content.decode("utf-8-sig")
        # A court takes away its own only.
        response = client_of(people["other court"]).get(f"{DIFFERENCES}?_export=csv")
        assert METRIC not in response.content.decode("utf-8-sig")

    def test_long_lists_have_pages(
        self, year: QualityYear, people: dict[str, User], slot: Slot
    ) -> None:
        for month in range(1, 6):
            of_month = slot_of(year, month=Month(2019, month))
            fill(people["desk"], of_month, CLEAN_LITIGATION)
            hand_in(people["desk"], of_month)
        rows = [
            ("yanji", f"2019-{month:02d}", code, value + month)
            for month in range(1, 6)
            for code, value in CLEAN_LITIGATION.items()
        ]
        extract(year, *rows)  # 5 months × 13 figures = 65
        text = page(people["office"], DIFFERENCES)
        assert text.count('name="pick"') == 50
        assert "第1页，共2页" in text
        assert page(people["office"], f"{DIFFERENCES}?page=2").count('name="pick"') == 15

    def test_demo_figures_say_so(
        self, year: QualityYear, differing: Slot, people: dict[str, User]
    ) -> None:
        assert "演示数据" not in page(people["office"], DIFFERENCES)
        mark_as_demo(year)
        for address in (DIFFERENCES, ONE):
            assert "演示数据" in page(people["office"], address)
        response = client_of(people["office"]).get(f"{DIFFERENCES}?_export=csv")
        assert "演示数据" in response.content.decode("utf-8-sig")
        assert "2019年数据差异-演示数据.csv" in unquote(response.headers["Content-Disposition"])


class TestOne:
    def test_the_court_explains_and_the_office_settles(
        self, differing: Slot, people: dict[str, User]
    ) -> None:
        text = page(people["desk"], ONE)
        assert "说明差异" in text
        assert "处理差异" not in text
        assert act(people["desk"], act="explain", text="含并案8件").status_code == 302
        text = page(people["office"], ONE)
        assert "含并案8件" in text
        assert "说明差异" not in text
        settled = act(people["office"], act="settle", version=1, stands="return", note="可采")
        assert settled.status_code == 302
        text = page(people["office"], ONE)
        assert "有一条处理意见已提出" in text
        assert "处理差异" not in text
        confirm_waiting(people["office2"])
        text = page(people["desk"], ONE)
        assert "以法院填报为准" in text
        assert "可采" in text
        assert "说明差异" not in text

    def test_a_refusal_keeps_what_was_typed(self, differing: Slot, people: dict[str, User]) -> None:
        answer = act(people["desk"], act="explain", text="含并案8件", extract_value=461)
        assert "这一格又有变动" in answer.content.decode()
        assert "含并案8件" in answer.content.decode()
        answer = act(people["office"], act="settle", stands="return", note="")
        assert "须写明理由" in answer.content.decode()
        answer = act(people["office"], act="settle", stands="extract", version="x")
        assert "没有读懂发来的数据" in answer.content.decode()
        assert not Difference.objects.exists()

    def test_nobody_else_acts(self, differing: Slot, people: dict[str, User]) -> None:
        for name in ("office", "centre", "leader", "other side"):
            assert act(people[name], act="explain", text="含并案").status_code == 403
        for name in ("desk", "centre", "leader", "other side"):
            assert act(people[name], act="settle", stands="extract").status_code == 403
        for name in ("other court", "party", "admin", "superuser in an office"):
            assert act(people[name], act="explain", text="含并案").status_code == 403
            assert client_of(people[name]).get(ONE).status_code == 403

    def test_a_court_that_must_correct_is_led_to_its_return(
        self, differing: Slot, people: dict[str, User]
    ) -> None:
        line = the_line(people["office"], differing)
        settle(user=people["office"], slot=differing, seen=seen(line), stands="extract")
        text = page(people["desk"], ONE)
        assert "请在报表中改为 460" in text
        lock = window_of(differing, differing.row(), timezone.now()).lock
        assert lock is not None
        assert lock.sentence in text
        grid = page(people["desk"], RETURN)
        assert "提取数据 460" in " ".join(grid.split())
        assert "以提取数据为准，待法院更正" in grid

    def test_addresses_that_lead_nowhere(self, differing: Slot, people: dict[str, User]) -> None:
        client = client_of(people["office"])
        for place in (
            "yanji/2019-05/nothing/",
            "nowhere/2019-05/appeals_filed/",
            "yanji/2018-05/appeals_filed/",
        ):
            assert client.get(DIFFERENCES + place).status_code == 404
        assert "这一格没有差异" in page(people["office"], f"{DIFFERENCES}tumen/2019-05/{METRIC}/")


class TestElsewhere:
    def test_a_desk_finds_its_differences_from_home_and_grid(
        self, differing: Slot, people: dict[str, User]
    ) -> None:
        home = page(people["desk"], f"{ROOT}/returns/yanji/?month=2019-05")
        assert "等待您办理" in home
        assert f'href="{ONE}"' in home
        assert "1 项与提取数据不同" in home
        grid = page(people["desk"], RETURN)
        assert f'href="{ONE}"' in grid

    def test_a_first_draft_is_its_courts_own(
        self, year: QualityYear, slot: Slot, people: dict[str, User]
    ) -> None:
        extract(year, (*CELL, 460))
        bring_to("entering", slot, people)
        assert "提取数据" not in page(people["desk"], RETURN)
        assert "提取数据" not in page(people["desk"], f"{ROOT}/returns/yanji/?month=2019-05")

    def test_a_return_sent_back_still_shows_the_extract(
        self, year: QualityYear, slot: Slot, people: dict[str, User]
    ) -> None:
        extract(year, (*CELL, 460))
        bring_to("returned", slot, people)
        assert f'href="{ONE}"' in page(people["desk"], RETURN)
        fill(people["desk"], slot, {METRIC: 460})
        assert "提取数据" not in page(people["desk"], RETURN)

    def test_the_reviewer_is_warned_and_not_stopped(
        self, differing: Slot, people: dict[str, User]
    ) -> None:
        text = page(people["office"], f"{RETURN}review/")
        assert "有 1 项与案件系统的提取数据不同" in text
        version = differing.row().version  # type: ignore[union-attr]
        client_of(people["office"]).post(f"{RETURN}review/", {"act": "verify", "version": version})
        row = differing.row()
        assert row is not None
        assert row.state == "verified"

    def test_the_queue_ticks_only_what_differs_nowhere(
        self, year: QualityYear, differing: Slot, people: dict[str, User]
    ) -> None:
        text = " ".join(page(people["office"], f"{ROOT}/reviews/").split())
        assert "与提取数据不同 1" in text
        assert 'name="pick"' in text
        assert " checked " not in text
        line = the_line(people["office"], differing)
        settle(user=people["office"], slot=differing, seen=seen(line), stands="return", note="可采")
        text = " ".join(page(people["office"], f"{ROOT}/reviews/").split())
        assert "与提取数据不同" not in text
        assert " checked " in text

    def test_the_offices_desk_counts_its_own(
        self, differing: Slot, people: dict[str, User]
    ) -> None:
        text = page(people["office"], f"{ROOT}/desk/")
        tile = r'数据差异</h2>\s*<p class="tile-number">(\d+)</p>'
        assert re.findall(tile, text) == ["1"]
        assert f'href="{DIFFERENCES}?state=unsettled"' in text
        assert re.findall(tile, page(people["centre"], f"{ROOT}/desk/")) == ["0"]

    def test_the_scorecard_says_whose_figure_it_is(
        self, year: QualityYear, differing: Slot, people: dict[str, User]
    ) -> None:
        text = page(people["office"], f"{ROOT}/2019-05/yanji/?basis=reported")
        assert "二审立案数（2019-05）：提取数据 460，法院填报 452，差异未处理。" in text


@pytest.mark.parametrize(
    "address", [EXTRACTS, DIFFERENCES, f"{DIFFERENCES}?_export=csv", ONE, RETURN, f"{ROOT}/desk/"]
)
def test_queries_do_not_grow(
    address: str, year: QualityYear, differing: Slot, people: dict[str, User]
) -> None:
    client = client_of(people["office"])
    client.get(address)
    with CaptureQueriesContext(connection) as before:
        assert client.get(address).status_code == 200
    more_courts(year, 20)
    for month in range(6, 10):
        bring_to("submitted", slot_of(year, month=Month(2019, month)), people)
        extract(year, ("yanji", f"2019-{month:02d}", METRIC, 470), name=f"{month}.csv")
        extract(year, ("yanji", f"2019-{month:02d}", "appeal_revised", 90), name=f"{month}b.csv")
    # What is kept of the years is made anew once after a change, before and after alike.
    client.get(address)
    with CaptureQueriesContext(connection) as after:
        assert client.get(address).status_code == 200
    assert len(after) == len(before)
    assert len(before) <= 72
