"""Tests of the prefecture's dashboard: what it says of all courts, and to whom."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courts.frame.views.parts import bodies
from courts.models import QualityYear, User
from courts.outlooks.selectors import dashboards
from courts.outlooks.selectors.dashboards import DashboardPage
from tests.courts.conftest import COURTS
from tests.pages import client_of, give, mark_as_demo, more_courts

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

ROOT = "/yanbian-2019"
JUNE = f"{ROOT}/dashboard/2019-06/"
FIVE = (
    "appeal_revised",
    "appeal_remanded",
    "retrial_revised",
    "retrial_remanded",
    "retrial_directed",
)


def overturned(year: QualityYear, month: str, cases: dict[str, int]) -> None:
    """Give courts so many overturned cases, all revised on appeal."""
    give(
        year,
        *(
            (court, month, metric, number if metric == FIVE[0] else 0)
            for court, number in cases.items()
            for metric in FIVE
        ),
    )


def page_of(user: User, address: str = JUNE) -> DashboardPage:
    response: Any = client_of(user).get(address)
    assert response.status_code == 200
    page: DashboardPage = response.context["page"]
    return page


@pytest.fixture
def june(year: QualityYear) -> QualityYear:
    """Three courts: broken, breaking at this pace, within; and two rates of enforcement."""
    overturned(year, "2019-05", {"yanji": 100, "tumen": 10, "antu": 5})
    # Caps of annex 2: Yanji 226, Tumen 20, Antu 36; twice 112 is 224, twice 11 is 22.
    overturned(year, "2019-06", {"yanji": 112, "tumen": 21, "antu": 19})
    give(
        year,
        ("yanji", "2019-06", "enforcement_carried_over", 100),
        ("yanji", "2019-06", "enforcement_received", 100),
        ("yanji", "2019-06", "enforcement_closed", 130),
        ("tumen", "2019-06", "enforcement_carried_over", 0),
        ("tumen", "2019-06", "enforcement_received", 100),
        ("tumen", "2019-06", "enforcement_closed", 90),
    )
    return year


class TestHeadlines:
    def test_the_sum_against_all_caps(self, june: QualityYear, people: dict[str, User]) -> None:
        found = {one.code: one for one in page_of(people["office"]).headlines}
        # 112 + 21 + 19; the caps of annex 2 come to 571.
        assert (found["L1"].value, found["L1"].against) == ("152件", "全年上限571件")
        # Six courts may add to it, so that it is within the caps is not known yet.
        assert found["L1"].met is None
        assert found["L1"].note == "6个法院未报"
        # May is missing from six courts, so nothing is said of what June added.
        assert found["L1"].change == ""

    def test_core_rates_of_all_courts_together(
        self, june: QualityYear, people: dict[str, User]
    ) -> None:
        found = {one.code: one for one in page_of(people["leader"]).headlines}
        # 220 closed of 300 on the dockets, against 80 %.
        assert (found["C2"].value, found["C2"].against) == ("73.33%", "不低于 80.00%")
        assert found["C2"].met is False
        assert [code for code in found if code.startswith("C")] == ["C1", "C2", "C3", "C4"]
        assert (found["C4"].value, found["C4"].gap, found["C4"].met) == ("", "未报", None)

    def test_no_cases_is_not_missing(self, june: QualityYear, people: dict[str, User]) -> None:
        for metric in ("procedure_terminated_checked", "procedure_terminated_qualified"):
            give(june, ("yanji", "2019-06", metric, 0))
        found = {one.code: one for one in page_of(people["office"]).headlines}
        assert found["C4"].gap == "没有案件，不适用"

    def test_a_court_that_is_missing_takes_nothing_away(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        overturned(year, "2019-05", dict.fromkeys(COURTS, 30))
        overturned(year, "2019-06", dict.fromkeys(COURTS[:-1], 31))
        found = page_of(people["office"]).headlines[0]
        # 248 of eight courts are fewer than 270 of nine, but nothing went away.
        assert (found.value, found.change, found.met) == ("248件", "", None)
        assert found.note == "1个法院未报"

    def test_over_the_cap_is_certain_whoever_is_missing(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        overturned(year, "2019-06", {"yanji": 572})
        assert page_of(people["office"]).headlines[0].met is False

    def test_rates_of_other_courts_are_no_change(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        def closed(month: str, courts: tuple[str, ...], cases: int) -> None:
            rows = {"enforcement_received": 100, "enforcement_carried_over": 0}
            for court in courts:
                for metric, value in (rows | {"enforcement_closed": cases}).items():
                    give(year, (court, month, metric, value))

        closed("2019-05", COURTS[1:3], 70)
        closed("2019-06", COURTS[1:], 80)
        found = {one.code: one for one in page_of(people["office"]).headlines}
        assert (found["C2"].value, found["C2"].change) == ("80.00%", "")
        closed("2019-05", COURTS[3:], 70)
        found = {one.code: one for one in page_of(people["office"]).headlines}
        assert found["C2"].change == "较上月+10.00个百分点"

    def test_what_the_month_added(self, year: QualityYear, people: dict[str, User]) -> None:
        overturned(year, "2019-05", dict.fromkeys(COURTS, 3))
        overturned(year, "2019-06", dict.fromkeys(COURTS, 5))
        found = page_of(people["office"]).headlines[0]
        # Nine courts with two more each.
        assert (found.value, found.change, found.note) == ("45件", "本月新增18件", "")


class TestCappedSum:
    """The card of the capped sum: what it counts, on the year, and against the cap."""

    def test_beyond_the_cap(self, year: QualityYear, people: dict[str, User]) -> None:
        """2018: 67 + 252 + 23 + 83 + 40 + 64 + 29 + 40 + 40 = 638; 59 / 638 is 9.25 %. The caps
        of annex 2 are 571 together, and 8 × 64 + 67 = 579."""
        cases = dict.fromkeys(COURTS[:-1], 64) | {COURTS[-1]: 67}
        overturned(year, "2019-12", cases)
        found = page_of(people["office"], JUNE.replace("2019-06", "2019-12")).headlines[0]
        assert (found.code, found.label, found.value) == ("L1", "发改指", "579件")
        assert found.last_year == "同比下降9.25%（去年同月638件）"
        assert (found.met, found.against) == (False, "全年上限571件，超上限8件")

    def test_within_the_cap(self, year: QualityYear, people: dict[str, User]) -> None:
        """Nine courts with 60 each are 540, 31 below 571; while one is missing nobody knows."""
        december = JUNE.replace("2019-06", "2019-12")
        overturned(year, "2019-12", dict.fromkeys(COURTS[:-1], 60))
        assert page_of(people["office"], december).headlines[0].against == "全年上限571件"
        overturned(year, "2019-12", {COURTS[-1]: 60})
        found = page_of(people["office"], december).headlines[0]
        assert (found.met, found.against) == (True, "全年上限571件，离上限还有31件")

    def test_more_than_last_year_and_the_same(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        overturned(year, "2018-06", dict.fromkeys(COURTS, 4))
        overturned(year, "2019-06", dict.fromkeys(COURTS, 5))
        assert page_of(people["office"]).headlines[0].last_year == "同比上升25.00%（去年同月36件）"
        overturned(year, "2019-06", dict.fromkeys(COURTS, 4))
        assert page_of(people["office"]).headlines[0].last_year == "同比持平（去年同月36件）"

    def test_from_nothing_there_is_no_percentage(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        overturned(year, "2018-06", dict.fromkeys(COURTS, 0))
        overturned(year, "2019-06", dict.fromkeys(COURTS, 1))
        assert page_of(people["office"]).headlines[0].last_year == "去年同月0件"


class TestLastYear:
    def test_sum_rate_and_course(self, year: QualityYear, people: dict[str, User]) -> None:
        overturned(year, "2018-05", dict.fromkeys(COURTS, 6))
        overturned(year, "2018-06", dict.fromkeys(COURTS, 7))
        overturned(year, "2019-05", dict.fromkeys(COURTS, 3))
        overturned(year, "2019-06", dict.fromkeys(COURTS, 5))
        for month, closed in (("2018-06", 72), ("2019-06", 80)):
            for court in COURTS[1:]:
                give(
                    year,
                    (court, month, "enforcement_carried_over", 0),
                    (court, month, "enforcement_received", 100),
                    (court, month, "enforcement_closed", closed),
                )
        response: Any = client_of(people["office"]).get(JUNE)
        found = {one.code: one for one in response.context["page"].headlines}
        # Nine courts: 45 now, 63 then; eight ranked ones close 8 of a hundred more.
        assert found["L1"].last_year == "同比下降28.57%（去年同月63件）"
        assert found["C2"].last_year == "较去年同月+8.00个百分点"
        chart = response.context["part"].charts[1]
        assert [list(row) for row in chart.rows[-2:]] == [["5月", "27", "54"], ["6月", "45", "63"]]
        assert list(chart.rows[0]) == ["1月", "有法院未报", "有法院未报"]
        assert chart.sentence == "至6月累计45件，2018年同期63件。"

    def test_nothing_is_said_of_other_courts(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        overturned(year, "2018-06", dict.fromkeys(COURTS[:-1], 7))
        overturned(year, "2019-06", dict.fromkeys(COURTS, 5))
        response: Any = client_of(people["office"]).get(JUNE)
        assert response.context["page"].headlines[0].last_year == ""
        assert response.context["part"].charts[1].sentence == "至6月累计45件。"


class TestCaps:
    def test_to_date_pace_and_cap(self, june: QualityYear, people: dict[str, User]) -> None:
        found = {one.code: one for one in page_of(people["office"]).caps}
        assert (found["yanji"].pace, found["yanji"].kind) == ("224.00", "within")
        assert (found["tumen"].to_date, found["tumen"].cap, found["tumen"].kind) == (
            21,
            20,
            "broken",
        )
        assert (found["antu"].pace, found["antu"].kind) == ("38.00", "breaking")
        assert (found["longjing"].to_date, found["longjing"].text) == (None, "未报")

    def test_on_the_cap_is_not_over_it(self, year: QualityYear, people: dict[str, User]) -> None:
        overturned(year, "2019-06", {"tumen": 10, "antu": 18})
        found = {one.code: one.kind for one in page_of(people["office"]).caps}
        # Twice 10 is the cap of 20, twice 18 that of 36.
        assert (found["tumen"], found["antu"]) == ("within", "within")

    def test_picture(self, june: QualityYear, people: dict[str, User]) -> None:
        response: Any = client_of(people["office"]).get(JUNE)
        chart = response.context["part"].charts[0]
        assert "图们法院已突破上限" in chart.sentence
        assert "安图法院照目前速度会突破" in chart.sentence
        image = client_of(people["office"]).get(f"{JUNE}?_chart=caps&_format=svg")
        assert "图们法院" in image.content.decode()


class TestBoard:
    def test_every_cell_leads_to_its_item(self, june: QualityYear, people: dict[str, User]) -> None:
        text = client_of(people["party"]).get(JUNE).content.decode()
        assert f'href="{ROOT}/2019-06/yanji/#L1"' in text
        cells = {cell.code: cell for cell in page_of(people["party"]).lines[0].cells}
        assert cells["L7"].kind == "gap"
        assert cells["L7"].text == "待计票"

    def test_distance_to_the_target(self, june: QualityYear, people: dict[str, User]) -> None:
        found = {line.code: line.cells for line in page_of(people["party"]).courts}
        # 130 of 200 are 65 %, 90 of 100 are 90 %, against 80 %.
        assert {c.code: c for c in found["yanji"]}["C2"].distance == "−15个百分点"
        assert {c.code: c for c in found["tumen"]}["C2"].distance == "+10个百分点"
        assert {c.code: c for c in found["tumen"]}["L1"].distance == ""
        text = client_of(people["party"]).get(JUNE).content.decode()
        assert "<small>−15个百分点</small>" in text
        assert "L7 综合评价</span> 待计票</a>" in text

    def test_one_side_alone(self, june: QualityYear, people: dict[str, User]) -> None:
        page = page_of(people["office"], f"{JUNE}?side=litigation")
        assert [one.code for one in page.headlines] == ["L1", "goal-1", "returns"]
        page = page_of(people["office"], f"{JUNE}?side=enforcement")
        assert [one.code for one in page.headlines] == ["C1", "C2", "C3", "C4", "goal-2", "returns"]
        assert page.caps == ()

    def test_strips_by_side_have_every_item_once(
        self, june: QualityYear, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def strips() -> list[list[str]]:
            response: Any = client_of(people["office"]).get(JUNE)
            found = response.context["part"].strips
            assert [one.label for one in found[:1]] == ["诉讼"]
            for one in found:
                # Each court once a strip, a cell beside each item.
                assert len(one.lines) == 9
                for _line, cells in one.lines:
                    assert [cell.code for cell, _short in cells] == [code for code, _ in one.items]
            return [[code for code, _short in one.items] for one in found]

        # Annex 1: L1 to L7 in 12 items; C1–C4, Q1–Q11 and the grassroots mean, 16 of enforcement.
        litigation, enforcement = strips()
        assert (litigation[0], litigation[-1], len(litigation)) == ("L1", "L7", 12)
        assert (enforcement[0], enforcement[-1], len(enforcement)) == ("C1", "GM", 16)
        # Nothing is lost where sides are cut, evenly: 12 into 2, 16 into 3.
        monkeypatch.setattr(dashboards, "ITEMS_PER_STRIP", 7)
        bodies.clear()
        assert [len(one) for one in strips()] == [6, 6, 6, 5, 5]
        assert [code for one in strips() for code in one] == [*litigation, *enforcement]

    def test_many_courts_in_parts(self, june: QualityYear, people: dict[str, User]) -> None:
        more_courts(june, 20)
        first: Any = client_of(people["office"]).get(JUNE)
        last: Any = client_of(people["office"]).get(f"{JUNE}?page=2")
        assert len(first.context["part"].lines) == 20
        assert len(last.context["part"].lines) == 9
        shown = {line.code for one in (first, last) for line in one.context["part"].lines}
        assert len(shown) == 29
        # None of the last nine reported anything, so there are no bars of them.
        assert [one.code for one in first.context["part"].charts] == ["caps", "caps-months"]
        assert [one.code for one in last.context["part"].charts] == ["caps-months"]

    def test_kinds_of_cells(self, june: QualityYear, people: dict[str, User]) -> None:
        lines = {line.code: line for line in page_of(people["office"]).lines}
        # Yanji: (126 - 112) / 126 is 11.11 % fewer at 4 points: all 40. Tumen: 21 of 11.5, none.
        assert next(c for c in lines["yanji"].cells if c.code == "L1").kind == "full"
        assert next(c for c in lines["tumen"].cells if c.code == "L1").kind == "zero"
        # Tumen closed 90 of 100, Yanji 130 of 200: 90 % and 65 % against 80 %.
        assert next(c for c in lines["tumen"].cells if c.code == "C2").kind == "full"
        assert next(c for c in lines["yanji"].cells if c.code == "C2").kind == "zero"

    def test_one_side(self, june: QualityYear, people: dict[str, User]) -> None:
        page = page_of(people["office"], f"{JUNE}?side=enforcement")
        assert page.items[0][0] == "C1"
        assert all(alert.kind != "broken" for alert in page.alerts)
        assert client_of(people["office"]).get(f"{JUNE}?side=both").status_code == 404

    def test_file(self, june: QualityYear, people: dict[str, User]) -> None:
        file = client_of(people["office"]).get(f"{JUNE}?_export=csv").content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(file)))
        head = next(row for row in rows if "法院代码" in row)
        line = dict(zip(head, next(row for row in rows if "yanji" in row), strict=True))
        assert (line["L1 发改指"], line["L7 综合评价"]) == ("40.00", "待计票")

    def test_made_up_figures(self, june: QualityYear, people: dict[str, User]) -> None:
        mark_as_demo(june)
        assert "演示数据" in client_of(people["office"]).get(JUNE).content.decode()


class TestAlerts:
    def test_in_order_of_urgency(self, june: QualityYear, people: dict[str, User]) -> None:
        with time_machine.travel("2019-07-01 09:00:00+08:00", tick=False):
            alerts = page_of(people["office"]).alerts
        assert [alert.order for alert in alerts] == sorted(alert.order for alert in alerts)
        assert alerts[0].text == "发改指21件，已突破全年上限20件。"
        assert alerts[0].address == f"{ROOT}/2019-06/tumen/#L1"
        texts = [(alert.court, alert.text) for alert in alerts]
        breaking = "发改指19件，照这个速度全年38.00件，会突破上限36件。"
        assert ("安图法院", breaking) in texts
        assert ("延吉法院", "执结率65.00%，应不低于 80.00%，没有达到。") in texts

    def test_returns_that_are_not_in(self, june: QualityYear, people: dict[str, User]) -> None:
        with time_machine.travel("2019-03-01 09:00:00+08:00", tick=False):
            page = page_of(people["party"], f"{ROOT}/dashboard/2019-02/")
        assert page.has_figures is False
        missing = [alert for alert in page.alerts if alert.kind == "missing"]
        assert missing
        # The party group sees that they are missing; the list itself is the offices'.
        assert {alert.address for alert in missing} == {""}


class TestWay:
    def test_by_number_of_the_month(self, june: QualityYear, people: dict[str, User]) -> None:
        client = client_of(people["office"])
        response: Any = client.get(f"{ROOT}/dashboard/?month=5&side=litigation")
        assert response.url == f"{ROOT}/dashboard/2019-05/?side=litigation"
        for number in ("", "0", "13", "x"):
            response = client.get(f"{ROOT}/dashboard/?month={number}")
            assert response.url == JUNE

    def test_courts_have_their_own_page(self, june: QualityYear, people: dict[str, User]) -> None:
        for address in (JUNE, f"{ROOT}/dashboard/"):
            response = client_of(people["desk"]).get(address)
            assert response.status_code == 403
            assert "本院看板" in response.content.decode()
        assert client_of(people["far office"]).get(JUNE).status_code == 404

    def test_queries_do_not_grow(self, june: QualityYear, people: dict[str, User]) -> None:
        def count() -> int:
            client = client_of(people["office"])
            client.get(JUNE)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(JUNE).status_code == 200
            return len(queries)

        before = count()
        more_courts(june, 20)
        months = [f"2019-{month:02}" for month in (1, 2, 3, 6)]
        for month in months:
            overturned(june, month, {"court-0003": 4, "longjing": 4})
        assert count() == before


class TestTrends:
    TRENDS = f"{ROOT}/dashboard/2019-06/trends/"

    def test_points_of_an_item_month_by_month(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        # 1,085 appeals in 2018: 452.08 by May, 542.5 by June. 430 are 4.885 % fewer, 0.98 points;
        # 500 are 7.834 % fewer, 1.57.
        give(year, ("yanji", "2019-05", "appeals_filed", 430))
        give(year, ("yanji", "2019-06", "appeals_filed", 500))
        client = client_of(people["office"])
        response: Any = client.get(f"{self.TRENDS}?item=L3.2&court=yanji&court=tumen")
        chart = response.context["page"].charts[0]
        assert chart.headings == ("月份", "延吉法院", "图们法院")
        assert chart.rows[3:] == [
            ["4月", "—", "—"],
            ["5月", "0.98", "—"],
            ["6月", "1.57", "—"],
        ]
        assert chart.sentence == "延吉法院5月0.98分，6月1.57分。"
        file = client.get(f"{self.TRENDS}?item=L3.2&court=yanji&_chart=trends&_format=csv")
        assert "2019-06,1.57" in file.content.decode("utf-8-sig")

    def test_totals_of_the_first_where_nothing_is_chosen(
        self, made_year: QualityYear, people: dict[str, User]
    ) -> None:
        address = self.TRENDS.replace("2019-06", "2019-12")
        response: Any = client_of(people["leader"]).get(f"{address}?item=gone&court=gone")
        page = response.context["page"]
        assert sum(choice.is_current for choice in page.courts) == 5
        assert page.items[0].is_current

    def test_more_lines_than_can_be_told_apart(
        self, june: QualityYear, people: dict[str, User]
    ) -> None:
        query = "&".join(f"court={court}" for court in COURTS[:7])
        response: Any = client_of(people["office"]).get(f"{self.TRENDS}?{query}")
        assert response.context["page"].too_many
        assert len(response.context["page"].charts[0].headings) == 6
        assert "最多5个" in response.content.decode()
