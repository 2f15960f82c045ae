"""Tests of the way from a table to pairs "metric ← value": no database and no file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from courts.files.cells import Cell
from courts.files.headings import HeadRole, folded, is_sum, period_of, role_of
from courts.files.pairing import pair
from courts.files.pairs import Pairing, Sought, names_metrics
from courts.files.placing import ColumnTarget, place
from courts.files.plain import clean
from courts.files.values import FigureError, read_value
from courts.returns.services.blocks import rows_of as rows_of_block
from scoring.facts import Month

MAY = Month(2019, 5)
COURTS = {
    "yanji": "yanji",
    "延吉法院": "yanji",
    "延吉市人民法院": "yanji",
    "dunhua": "dunhua",
    "敦化法院": "dunhua",
}
METRICS = {
    "appeal_revised": "appeal_revised",
    "二审被改判": "appeal_revised",
    "2심에서변경된건수": "appeal_revised",
    "revisedonappeal": "appeal_revised",
    "appeal_remanded": "appeal_remanded",
    "二审被发回重审": "appeal_remanded",
    "申请再审、申诉受理数": "petitions_received",
    "申请再审、申诉案件结案数": "petitions_closed",
    "appeals_filed": "appeals_filed",
    "二审立案数": "appeals_filed",
    "结案用时合计": "closing_days",
}
YANJI = Sought(
    metrics=METRICS,
    courts=COURTS,
    month=MAY,
    court="yanji",
    elsewhere=frozenset({"执结", "旧存"}),
)
ALL = replace(YANJI, court="", here="dunhua")


def rows_of(text: str) -> dict[int, list[str]]:
    """A block as spreadsheets hand it over: a row a line, `|` between cells."""
    lines = (line.strip() for line in text.strip("\n").split("\n"))
    return {
        number: [cell.strip() for cell in line.split("|")]
        for number, line in enumerate(lines, start=1)
    }


def read(text: str, sought: Sought = YANJI) -> Pairing:
    return pair(rows_of(text), sought)


def pairs(found: Pairing) -> dict[str, str]:
    assert found.faults == []
    assert found.questions == []
    return {each.metric: str(each.cell) for each in found.pairs}


def by_court(found: Pairing) -> dict[tuple[str, str], str]:
    assert found.faults == []
    assert found.questions == []
    return {(each.court, each.metric): str(each.cell) for each in found.pairs}


def reasons(found: Pairing) -> dict[str, str]:
    return {each.address: each.reason for each in found.dropped}


# --- What a heading means ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("1-5月", HeadRole.TO_DATE),
        ("1—5月", HeadRole.TO_DATE),
        ("1——5月", HeadRole.TO_DATE),
        ("１～５月份", HeadRole.TO_DATE),
        ("1至5月", HeadRole.TO_DATE),
        ("1月至5月", HeadRole.TO_DATE),
        ("一至五月", HeadRole.TO_DATE),
        ("2019年1-5月", HeadRole.TO_DATE),
        ("2019年1月—5月累计", HeadRole.TO_DATE),
        ("2019年1月-2019年5月", HeadRole.TO_DATE),
        ("1-5月（件）", HeadRole.TO_DATE),
        ("5月累计", HeadRole.TO_DATE),
        ("2019年5月累计数", HeadRole.TO_DATE),
        ("截至5月", HeadRole.TO_DATE),
        ("截止到5月底", HeadRole.TO_DATE),
        ("本月累计", HeadRole.TO_DATE),
        ("累 计", HeadRole.TO_DATE),
        ("本年累计数", HeadRole.TO_DATE),
        ("당월 누계", HeadRole.TO_DATE),
        ("당월 루계", HeadRole.TO_DATE),
        ("1~5월 누계", HeadRole.TO_DATE),
        ("2019년 1-5월", HeadRole.TO_DATE),
        ("This month, to date", HeadRole.TO_DATE),
        ("value", HeadRole.TO_DATE),
        ("5月", HeadRole.MONTH),
        ("2019年5月", HeadRole.MONTH),
        ("2019-05", HeadRole.MONTH),
        ("201905", HeadRole.MONTH),
        ("五月份", HeadRole.MONTH),
        ("5월", HeadRole.MONTH),
        (date(2019, 5, 31), HeadRole.MONTH),
        ("5月当月", HeadRole.ALONE),
        ("当月数", HeadRole.ALONE),
        ("本月", HeadRole.ALONE),
        ("당월분", HeadRole.ALONE),
        ("5-5月", HeadRole.ALONE),
        ("1-4月", HeadRole.OTHER_MONTH),
        ("2-5月", HeadRole.OTHER_MONTH),
        ("4月", HeadRole.OTHER_MONTH),
        ("4月累计", HeadRole.OTHER_MONTH),
        ("上半年", HeadRole.OTHER_MONTH),
        ("년간", HeadRole.OTHER_MONTH),
        ("연간", HeadRole.OTHER_MONTH),
        (date(2019, 4, 30), HeadRole.OTHER_MONTH),
        ("上月累计", HeadRole.LAST_MONTH),
        ("전월 누계", HeadRole.LAST_MONTH),
        ("去年同期", HeadRole.LAST_YEAR),
        ("去年同期累计", HeadRole.LAST_YEAR),
        ("上年1-5月", HeadRole.LAST_YEAR),
        ("2018年1-5月", HeadRole.LAST_YEAR),
        ("2018年", HeadRole.LAST_YEAR),
        ("작년 같은 달", HeadRole.LAST_YEAR),
        ("Same month last year", HeadRole.LAST_YEAR),
        ("同比", HeadRole.COMPARED),
        ("同比增减%", HeadRole.COMPARED),
        ("改判率", HeadRole.COMPARED),
        ("序号", HeadRole.SERIAL),
        ("번호", HeadRole.SERIAL),
        ("No.", HeadRole.SERIAL),
        ("民事", HeadRole.NONE),
        ("5", HeadRole.NONE),
        ("13月", HeadRole.NONE),
        ("", HeadRole.NONE),
    ],
)
def test_what_stands_under_a_heading(heading: Cell, role: HeadRole) -> None:
    assert role_of(heading, MAY) is role


def test_in_january_the_month_alone_is_the_year_to_date() -> None:
    assert role_of("1月", Month(2019, 1)) is HeadRole.TO_DATE
    assert role_of("上半年", Month(2019, 6)) is HeadRole.TO_DATE
    assert role_of("全年", Month(2019, 12)) is HeadRole.TO_DATE


@pytest.mark.parametrize(
    ("text", "last"),
    [("十二月", 12), ("十月", 10), ("201912", 12), (12, 12), ("2019.11", 11), ("2019年 12월", 12)],
)
def test_months_as_systems_print_them(text: Cell, last: int) -> None:
    period = period_of(text)
    assert period is not None
    assert (period.last, period.is_doubtful) == (last, False)


@pytest.mark.parametrize("text", ["2019.1", Decimal("2019.1")])
def test_a_number_that_may_be_january_or_october_is_doubtful(text: Cell) -> None:
    period = period_of(text)
    assert period is not None
    assert period.is_doubtful


@pytest.mark.parametrize("text", ["合计", "全州合计", "小 计", "总计", "合计：", "합계", "Total"])
def test_names_of_sums(text: str) -> None:
    assert is_sum(text)


def test_headings_are_compared_without_marks_that_nobody_sees() -> None:
    assert folded("\ufeff二审\u200b被\x00改 判\u202c") == "二审被改判"


# --- Tables that name their metrics -------------------------------------------------------------


class TestColumns:
    def test_the_product_s_own_template(self) -> None:
        found = read(
            """
            代码 | 指标 | 单位 | 去年同期 | 上月累计 | 本月累计 | 当月数 | 说明
             | 二审 | | | | | |
            appeal_revised | 二审被改判 | 件 | 50 | 41 | 46 | 5 | 本院裁判被改判
            appeal_remanded | 二审被发回重审 | 件 | 30 | 20 | 29 | 9 |
            """
        )
        assert pairs(found) == {"appeal_revised": "46", "appeal_remanded": "29"}
        assert reasons(found) == {
            "2": "标题或分组，没有数据",
            "D": "其他年份的数",
            "E": "上月的数",
            "G": "当月数，不是累计",
        }

    def test_without_its_headings_the_column_is_asked_for(self) -> None:
        text = """
            appeal_revised | 二审被改判 | 件 | 50 | 41 | 46 | 5
            appeal_remanded | 二审被发回重审 | 件 | 30 | 20 | 29 | 9
            """
        (question,) = read(text).questions
        assert question.key == "column"
        assert [(option.key, option.sample) for option in question.options] == [
            ("D", "50、30"),
            ("E", "41、20"),
            ("F", "46、29"),
            ("G", "5、9"),
        ]
        assert read(text).pairs == []
        assert pairs(read(text, replace(YANJI, column="F")))["appeal_revised"] == "46"

    def test_in_korean(self) -> None:
        found = read(
            """
            번호 | 지표 | 작년 같은 달 | 당월 누계
            1 | 2심에서 변경된 건수 | 50 | 46
            """
        )
        assert pairs(found) == {"appeal_revised": "46"}
        assert reasons(found) == {"A": "序号，不是数据", "C": "其他年份的数"}

    @pytest.mark.parametrize(
        "name",
        ["1、二审被改判", "（一）二审被改判", "1.1 二审被改判", "①二审被改判", "其中：二审被改判",
         "二审被改判：", "*二审被改判", "“二审被改判”（件）", "2. 2심에서 변경된 건수"],
    )  # fmt: skip
    def test_signs_around_a_name(self, name: str) -> None:
        assert pairs(read(f"项目 | 1-5月\n{name} | 46")) == {"appeal_revised": "46"}

    def test_a_running_number_without_a_heading(self) -> None:
        found = read("1|二审被改判|46\n2|二审被发回重审|29\n3|二审立案数|300")
        assert pairs(found)["appeals_filed"] == "300"
        assert reasons(found) == {"A": "序号，不是数据"}

    def test_the_month_beside_the_year_to_date(self) -> None:
        found = read("指标 | 5月 | 1-5月\n二审被改判 | 3 | 46")
        assert pairs(found) == {"appeal_revised": "46"}
        assert reasons(found)["B"] == "当月数，不是累计"

    @pytest.mark.parametrize("heading", ["5月", "2019年5月", "本月"])
    def test_a_month_that_may_be_meant_either_way_is_asked_about(self, heading: str) -> None:
        found = read(f"指标 | {heading}\n二审被改判 | 46")
        assert found.pairs == []
        assert heading in found.questions[0].sentence
        sure = read(f"指标 | {heading}\n二审被改判 | 46", replace(YANJI, column="B"))
        assert pairs(sure) == {"appeal_revised": "46"}

    def test_another_month_is_never_taken_silently(self) -> None:
        found = read("指标 | 1-4月\n二审被改判 | 46")
        assert found.pairs == []
        assert found.faults == ["没有2019-05的累计数，只有其他月份的。"]

    @pytest.mark.parametrize("heading", ["去年同期", "2018年", "序号", "同比增减"])
    def test_some_columns_are_never_written_whatever_is_chosen(self, heading: str) -> None:
        text = f"指标 | {heading}\n二审被改判 | 46"
        for sought in (YANJI, replace(YANJI, column="B")):
            found = read(text, sought)
            assert found.pairs == []
            assert found.faults == ["没有找到数据列。"]

    def test_what_is_left_when_last_year_is_taken_away(self) -> None:
        assert pairs(read("指标|2019年|2018年\n二审被改判|46|50")) == {"appeal_revised": "46"}

    def test_sums_and_sections_of_columns_are_asked_about(self) -> None:
        found = read("指标|民事|刑事|合计\n二审被改判|40|6|46")
        assert [option.heading for option in found.questions[0].options] == ["民事", "刑事", "合计"]

    def test_of_many_courts_the_own_one(self) -> None:
        text = "指标|敦化法院|延吉法院|长春法院|合计\n二审被改判|1|46|7|54"
        found = read(text)
        assert pairs(found) == {"appeal_revised": "46"}
        assert reasons(found) == {"B": "其他法院", "D": "没有认出是哪个法院", "E": "合计"}

    def test_of_many_courts_none_is_the_own_one(self) -> None:
        assert read("指标|敦化法院\n二审被改判|1").faults == ["表里没有本院的数据行。"]

    def test_two_steps_of_headings_with_merged_courts(self) -> None:
        found = read(
            """
            指标 | 敦化法院 | | 延吉法院 |
             | 5月 | 1-5月 | 5月 | 1-5月
            二审被改判 | 1 | 11 | 3 | 46
            """
        )
        assert pairs(found) == {"appeal_revised": "46"}


class TestLines:
    def test_what_is_no_metric_is_left_out_and_told(self) -> None:
        found = read(
            """
            二审情况 |
            指标 | 本月累计
            一、二审被改判（件） | 46

            (二)二审被发回重审 | 29
            再审情况 |
            执结 | 70
            新收案件 | 7
            合计 | 152
            """
        )
        assert pairs(found) == {"appeal_revised": "46", "appeal_remanded": "29"}
        assert reasons(found) == {
            "1": "标题或分组，没有数据",
            "6": "标题或分组，没有数据",
            "7": "是另一张报表的指标",
            "9": "合计，不是一个指标",
        }
        assert [(u.name, u.address, u.sample) for u in found.unknown] == [("新收案件", "A8", "7")]

    def test_a_metric_that_is_called_a_sum(self) -> None:
        assert pairs(read("结案用时合计 | 900")) == {"closing_days": "900"}

    def test_two_of_the_same_name_are_asked_about(self) -> None:
        text = "二审被改判 | 46\nappeal_revised | 47\n二审立案数 | 300"
        found = read(text)
        (question,) = found.questions
        assert question.key == "line:appeal_revised"
        assert [(option.key, option.sample) for option in question.options] == [
            ("B1", "46"),
            ("B2", "47"),
        ]
        assert [each.metric for each in found.pairs] == ["appeals_filed"]
        sure = read(text, replace(YANJI, lines={"appeal_revised": "B2"}))
        assert pairs(sure) == {"appeal_revised": "47", "appeals_filed": "300"}

    def test_a_code_and_a_name_that_disagree(self) -> None:
        found = read("appeal_revised | 二审被发回重审 | 46")
        assert found.pairs == []
        assert "B1" in found.faults[0]

    def test_rows_of_court_month_metric_value(self) -> None:
        found = read(
            """
            court | month | metric | value
            dunhua | 2019-05 | appeal_revised | 1
            yanji | 2019-04 | appeal_revised | 2
            yanji | 2019-05 | appeal_revised | 3
            """
        )
        assert pairs(found) == {"appeal_revised": "3"}
        assert reasons(found) == {"2": "其他法院", "3": "其他月份"}

    def test_metrics_twice_beside_each_other(self) -> None:
        found = read(
            """
            指标 | 本月累计 | 指标 | 本月累计
            二审被改判 | 46 | 申请再审、申诉受理数 | 40
            二审被发回重审 | 29 | 二审立案数 | 300
            """
        )
        assert pairs(found) == {
            "appeal_revised": "46",
            "appeal_remanded": "29",
            "petitions_received": "40",
            "appeals_filed": "300",
        }
        assert found.pairs[-1].address == "D3"

    @pytest.mark.parametrize(
        "title", ["2018年1-5月诉讼月报表", "1-4月诉讼质量月报", "敦化法院诉讼月报表"]
    )
    def test_a_title_of_another_return_is_doubted(self, title: str) -> None:
        found = read(f"{title}\n指标 | 本月累计\n二审被改判 | 46")
        assert title in found.doubts[0]

    def test_a_title_is_no_heading_of_the_column_below_it(self) -> None:
        found = read("2019年1—5月月报表\n序号|指标|累计\n1|二审被改判|46\n2|二审立案数|300")
        assert pairs(found) == {"appeal_revised": "46", "appeals_filed": "300"}
        assert [(d.address, d.name) for d in found.dropped] == [
            ("1", "2019年1—5月月报表"),
            ("A", "序号"),
        ]

    def test_a_title_of_this_return_is_not(self) -> None:
        title = "延吉市人民法院2019年1—5月诉讼月报表（制表日期：2019年6月3日）"
        assert read(f"{title}\n指标 | 本月累计\n二审被改判 | 46").doubts == []


class TestTurnedTables:
    def test_two_row_headings_with_merged_cells_and_a_sum(self) -> None:
        found = read(
            """
            延边州法院诉讼质量月报表 | | | | |
            序号 | 法院 | 二审改判发回 | | 二审立案数 | 申请再审、申诉 |
             | | 二审被改判 | 二审被发回重审 | | 受理 | 结案
            1 | 延吉市人民法院 | 46 | 29 | 300 | 40 | 38
            2 | 敦化法院 | 11 | 7 | 99 | 4 | 3
            合计 | | 57 | 36 | 399 | 44 | 41
            """
        )
        assert pairs(found) == {
            "appeal_revised": "46",
            "appeal_remanded": "29",
            "appeals_filed": "300",
            "petitions_received": "40",
            "petitions_closed": "38",
        }
        assert reasons(found) == {"A": "序号，不是数据", "5": "其他法院", "6": "合计"}

    @pytest.mark.parametrize("month", ["2019-05", "201905", "5", "五月", "2019年 5월", "1-5月"])
    def test_of_many_months_the_return_s(self, month: str) -> None:
        found = read(
            f"""
            月份 | 二审被改判 | 二审立案数
            4月 | 41 | 250
            {month} | 46 | 300
            """
        )
        assert pairs(found) == {"appeal_revised": "46", "appeals_filed": "300"}

    def test_the_year_to_date_before_the_month_alone(self) -> None:
        found = read(
            """
            月份 | 二审被改判 | 二审立案数
            5月 | 5 | 50
            1-5月 | 46 | 300
            """
        )
        assert pairs(found) == {"appeal_revised": "46", "appeals_filed": "300"}

    def test_rows_called_by_their_period(self) -> None:
        found = read(
            """
             | 二审被改判 | 二审立案数
            去年同期 | 50 | 250
            本月累计 | 46 | 300
            """
        )
        assert pairs(found) == {"appeal_revised": "46", "appeals_filed": "300"}
        assert reasons(found) == {"2": "其他年份的数"}

    def test_two_rows_of_the_own_court_are_asked_about(self) -> None:
        text = "法院|二审被改判|二审立案数\nyanji|1|2\nyanji|3|4"
        (question,) = read(text).questions
        assert [(o.key, o.sample) for o in question.options] == [("2", "1、2"), ("3", "3、4")]
        assert pairs(read(text, replace(YANJI, column="3")))["appeal_revised"] == "3"

    def test_a_month_that_cannot_be_told(self) -> None:
        january = replace(YANJI, month=Month(2019, 1))
        found = read("月份|二审被改判|二审立案数\n2019.1|1|2", january)
        assert "2019-10" in found.faults[0]


class TestAllCourts:
    def test_the_grid_of_all_courts(self) -> None:
        found = read(
            """
            指标 | 延吉法院 已提交 | 敦化法院 | 合计
            二审 | | |
            二审被改判 件 | 46 | 11 | 57
            """.replace(" 已提交", "").replace(" 件", ""),
            ALL,
        )
        assert by_court(found) == {
            ("yanji", "appeal_revised"): "46",
            ("dunhua", "appeal_revised"): "11",
        }
        assert reasons(found) == {"2": "标题或分组，没有数据", "D": "合计"}

    def test_a_court_a_row(self) -> None:
        found = read(
            "法院|二审被改判|二审立案数\n延吉法院|46|300\n敦化法院|11|99\n合计|57|399", ALL
        )
        assert by_court(found)["dunhua", "appeals_filed"] == "99"
        assert len(found.pairs) == 4

    def test_rows_of_court_and_metric(self) -> None:
        found = read("法院|指标|数值\n延吉法院|二审被改判|46\n敦化法院|二审被改判|11", ALL)
        assert by_court(found) == {
            ("yanji", "appeal_revised"): "46",
            ("dunhua", "appeal_revised"): "11",
        }

    def test_without_a_court_it_is_that_of_the_cell(self) -> None:
        assert by_court(read("二审被改判 | 11", ALL)) == {("dunhua", "appeal_revised"): "11"}

    def test_each_court_s_own_year_to_date(self) -> None:
        found = read(
            """
            指标 | 延吉法院 | | 敦化法院 |
             | 去年同期 | 1—5月 | 去年同期 | 1—5月
            二审被改判 | 50 | 46 | 9 | 11
            """,
            ALL,
        )
        assert by_court(found) == {
            ("yanji", "appeal_revised"): "46",
            ("dunhua", "appeal_revised"): "11",
        }


# --- Blocks without names ------------------------------------------------------------------------

TARGET = ColumnTarget(
    metrics=("appeal_revised", "appeal_remanded", "petitions_received", "petitions_closed"),
    starts=frozenset({"appeal_revised", "petitions_received"}),
    courts=("yanji",),
)


def put(
    text: str, sought: Sought = YANJI, target: ColumnTarget = TARGET, blanks: str = ""
) -> Pairing:
    return place(rows_of(text), sought, target, blanks)


class TestPlaces:
    def test_a_heading_takes_no_cell(self) -> None:
        assert pairs(put("本月累计\n46\n29")) == {"appeal_revised": "46", "appeal_remanded": "29"}

    def test_the_template_s_own_column(self) -> None:
        # Heading, a row of the group, two metrics, a row of the group, two metrics.
        found = put("本月累计\n\n46\n29\n\n40\n38")
        assert pairs(found) == {
            "appeal_revised": "46",
            "appeal_remanded": "29",
            "petitions_received": "40",
            "petitions_closed": "38",
        }

    @pytest.mark.parametrize("above", ["", "\n"])
    def test_also_without_its_heading(self, above: str) -> None:
        rows = rows_of("46\n29\n\n40\n38")
        if above:
            rows = {1: [""]} | {number + 1: cells for number, cells in rows.items()}
        assert pairs(place(rows, YANJI, TARGET))["petitions_closed"] == "38"

    def test_with_a_figure_that_nobody_filled_in(self) -> None:
        found = put("本月累计\n\n\n29\n\n40\n38")
        (question,) = found.questions
        assert (question.key, [o.key for o in question.options]) == ("blanks", ["groups", "skip"])
        sure = put("本月累计\n\n\n29\n\n40\n38", blanks="groups")
        assert pairs(sure) == {
            "appeal_remanded": "29",
            "petitions_received": "40",
            "petitions_closed": "38",
        }

    def test_a_blank_row_may_be_meant_either_way(self) -> None:
        found = put("本月累计\n46\n\n40")
        assert [o.key for o in found.questions[0].options] == ["keep", "skip"]
        kept = put("本月累计\n46\n\n40", blanks="keep")
        assert pairs(kept) == {"appeal_revised": "46", "petitions_received": "40"}
        skipped = put("本月累计\n46\n\n40", blanks="skip")
        assert pairs(skipped) == {"appeal_revised": "46", "appeal_remanded": "40"}

    def test_running_numbers_last_year_and_sums_are_left_out(self) -> None:
        found = put("序号|去年同期|累计\n1|50|46\n2|30|29\n合计|80|75")
        assert pairs(found) == {"appeal_revised": "46", "appeal_remanded": "29"}
        assert reasons(found) == {
            "1": "标题或表头，没有数据",
            "A": "序号，不是数据",
            "B": "其他年份的数",
            "4": "合计，不是一个指标",
        }

    def test_several_columns_are_asked_about(self) -> None:
        (question,) = put("50|46\n30|29").questions
        assert [o.key for o in question.options] == ["A", "B"]
        assert pairs(put("50|46\n30|29", replace(YANJI, column="B")))["appeal_revised"] == "46"

    def test_unknown_names_beside_the_figures(self) -> None:
        found = put("甲 | 46\n乙 | 29")
        assert pairs(found) == {"appeal_revised": "46", "appeal_remanded": "29"}
        assert [each.name for each in found.pairs] == ["甲", "乙"]

    def test_more_rows_than_cells(self) -> None:
        found = put("本月累计\n1\n2\n3\n4\n5")
        assert len(pairs(found)) == 4
        assert reasons(found)["6"] == "下面没有格子了"

    def test_a_month_of_the_heading(self) -> None:
        assert put("5月\n46").questions
        assert put("1-4月\n46").pairs == []

    def test_courts_across_by_place_and_by_name(self) -> None:
        target = replace(TARGET, courts=("yanji", "dunhua"))
        found = put("46|11|7\n29|7|7", ALL, target)
        assert by_court(found) == {
            ("yanji", "appeal_revised"): "46",
            ("yanji", "appeal_remanded"): "29",
            ("dunhua", "appeal_revised"): "11",
            ("dunhua", "appeal_remanded"): "7",
        }
        assert reasons(found) == {"C": "右边没有法院了"}
        named = put("敦化法院|延吉法院|合计\n11|46|57", ALL, target)
        assert by_court(named) == {
            ("dunhua", "appeal_revised"): "11",
            ("yanji", "appeal_revised"): "46",
        }

    def test_nothing_but_words(self) -> None:
        assert put("甲|乙\n丙|丁").faults == ["粘贴的内容里没有数据。"]


class TestBlocksAsProgramsCopyThem:
    """What else stands in a clipboard: the two figures are read, or none is."""

    @pytest.mark.parametrize(
        "text",
        [
            "\xa0二审被改判\xa0\t５\n\u3000二审被发回重审\t１２",
            "二审被改判\t5\t\t\t\r\n二审被发回重审\t12\t\t\t\r\n\r\n\t\t\r\n",
            "二审被改判\t5\r二审被发回重审\t12\r",
            '"二审\n被改判"\t5\n"二审被\r\n发回重审"\t12',
            "二审\v被改判\t5\n\f二审被发回重审\t12",
            '二审被改判\t5\t见附件"说明\n二审被发回重审\t12\t',
            "二审被改判\t\t\t5\n二审被发回重审\t\t\t12",
            "\u200f二审\u200b被改判\u202c\t\u200e5\n\ufeff二审被发回重审\t12\u200e",
            "二审被改判\a\t5\a\n二审被发回重审\a\t12\a",
            "二审_x000D_被改判\t5\n二审被发回重审\t12_x000D_",
            '二审被改判\t="5"\n二审被发回重审\t="12"',
            "二审被改判\t5.0\n二审被发回重审\t12.00",
            "民事\t①二审被改判：\t5\n\t②二审被发回重审：\t12",
            "二审被改判\t二审被发回重审\n5\t12",
            "延吉法院2019年5月\n\n指标\t1—5月\t同比\n二审被改判\t5\t-10%\n二审被发回重审\t12\t3%",
        ],
    )
    def test_its_figures(self, text: str) -> None:
        rows = {number: cells for number, cells in rows_of_block(text).items() if any(cells)}
        read = {metric: read_value(cell) for metric, cell in pairs(pair(rows, YANJI)).items()}
        assert read == {"appeal_revised": 5, "appeal_remanded": 12}

    @pytest.mark.parametrize(
        "text",
        [
            "二审被改判 5\n二审被发回重审 12",
            "二审被改判,5\n二审被发回重审，12",
            "| 指标 | 本月累计 |\n|---|---|\n| 二审被改判 | 5 |",
        ],
    )
    def test_without_tabs_there_are_none(self, text: str) -> None:
        rows = rows_of_block(text)
        assert not names_metrics(rows, YANJI)
        found = place(rows, YANJI, ColumnTarget(("appeal_revised",), frozenset(), ("yanji",)))
        assert found.faults == ["粘贴的内容里没有数据。"]

    @pytest.mark.parametrize("sign", ["\v", "\f", "\x1e", "\x85", "\u2028", "\u2029"])
    def test_two_figures_are_never_one(self, sign: str) -> None:
        with pytest.raises(FigureError):
            read_value(rows_of_block(f"二审被改判\t5{sign}12")[1][1])
        with pytest.raises(FigureError):
            read_value(clean(f"5{sign}12"))


def test_nothing_is_found_where_nothing_is_named() -> None:
    found: Any = read("甲 | 46")
    assert (found.pairs, found.faults) == ([], [])
