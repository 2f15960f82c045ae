"""Tests of the one reader of files: each small file of every kind through a desk's upload.

What must come of each stands beside its name. Values are those of `BASE` unless said otherwise.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from courts.files.sheets import SourceFile
from courts.frame.refusals import ReturnError
from courts.models import QualityYear, User, WaitingTable
from courts.returns.services.uploads import Pick, confirm, map_headings, receive
from courts.returns.services.uploads import preview as preview_of
from courts.years.selectors.slots import Slot
from scoring.facts import Month
from tests.courts.returns_fixtures import slot_of
from tests.pages import account

pytestmark = pytest.mark.django_db

FILES = Path(__file__).parents[2] / "files"
BASE = {
    "appeal_revised": 11,
    "appeal_remanded": 7,
    "retrial_revised": 3,
    "retrial_remanded": 2,
    "retrial_directed": 1,
    "retrial_decided": 1,
    "retrial_escalated": 1,
    "retrial_designated": 1,
    "appeals_filed": 300,
    "retrial_petitions_received": 40,
    "retrial_petitions_closed": 38,
    "first_instance_closed": 5200,
    "effective_judgments": 4800,
}
READ = """
00_base.xlsx 01_sharedstrings_capital.xlsx 02_backslash_paths.xlsx 03_empty_fill.xlsx
04_bad_colour.xlsx 05_bad_coreprops_date.xlsx 06_empty_s_attr.xlsx 07_strict_ooxml.xlsx
08_no_dimension.xlsx 09_dimension_A1.xlsx 10_no_cell_refs.xlsx 11_inline_strings.xlsx
12_t_str.xlsx 13_text_numbers.xlsx 14_trailing_nbsp.xlsx 15_zero_width_values.xlsx
16_zero_width_headings.xlsx 17_fullwidth.xlsx 20_x000D.xlsx 21_linebreak_headings.xlsx
22_rtl_mark.xlsx 30_wide_over_50_columns.xlsx 40_1904.xlsx 41_two_row_header_merged.xlsx
50_utf8.csv 51_gbk.csv 52_utf16le.csv 53_utf16le_nobom.csv 54_semicolon.csv 55_tab.csv
56_sep_semicolon.csv 57_sep_comma.csv 58_cr_only.csv 59_double_bom.csv
60_korean_cp949.csv 62_fullwidth_comma.csv 64_quoted_trailing_comma.csv 65_ctrl_z.csv
66_excel_text_formula.csv 67_thousands_quoted.csv 68_tab_prefixed_values.csv 70_html.xls
71_html_as.xlsx 72_html_multiline.xls 73_mhtml.xls 74_spreadsheetml2003.xls
75_spreadsheetml2003.xml 76_tsv.xls
""".split()
OF_MONTHS = """
32_month_201912.xlsx 33_month_text_2019年12月.xlsx 34_month_1-12月.xlsx
35_month_korean.xlsx 36_month_date_lastday.xlsx 37_month_datetime_time.xlsx
38_month_十二月.xlsx 39_month_12_int.xlsx
""".split()
NAMED = {
    "61_utf8_one_bad_byte.csv": "第15行有认不出的字",
    "77_zip_holding_xlsx.zip": "这是压缩包，里面有 数据.xlsx",
    "78_zip_as.xlsx": "这是压缩包，里面有 数据.xlsx",
    "79_pdf_as.xlsx": "这是PDF文件",
    "80_rar.xlsx": "这是RAR压缩包",
    "81_empty.xlsx": "文件是空的",
    "82_ofd_as.xlsx": "这是OFD版式文件",
    "83_et.et": "这是WPS表格文件",
    "90_shared_32k_string_12000_cells.xlsx": "内容太多",
    "94_shared_32k_string_300000_cells.xlsx": "内容太多",
}


@pytest.fixture
def desk(year: QualityYear) -> User:
    return account("dunhua-desk", "dunhua", "litigation")


@pytest.fixture
def slot(year: QualityYear, desk: User) -> Slot:
    return slot_of(year, "dunhua", Month(2019, 12))


def given(slot: Slot, desk: User, name: str):
    """The preview of a file of the folder."""
    file = SourceFile(name, (FILES / name).read_bytes())
    return preview_of(slot=slot, upload=receive(user=desk, slot=slot, file=file))


def test_what_is_read_whole(slot: Slot, desk: User) -> None:
    wrong = {}
    for name in READ:
        page = given(slot, desk, name)
        values = {line.metric: line.given for line in page.lines}
        if values != BASE or page.problems:
            wrong[name] = (values, [str(one) for one in page.problems], page.unknown)
    assert wrong == {}


def test_what_is_named_by_what_it_is(slot: Slot, desk: User) -> None:
    for name, sentence in NAMED.items():
        with pytest.raises(ReturnError) as refusal:
            given(slot, desk, name)
        assert refusal.value.message.startswith(f"{name}：")
        assert sentence in refusal.value.message
    assert not WaitingTable.objects.exists()


def test_the_row_of_the_month_is_read(slot: Slot, desk: User) -> None:
    """November's row holds `BASE`, December's one more of each."""
    wrong = {}
    for name in OF_MONTHS:
        page = given(slot, desk, name)
        values = {line.metric: line.given for line in page.lines}
        if values != {metric: value + 1 for metric, value in BASE.items()} or page.problems:
            wrong[name] = (values, [str(one) for one in page.problems], page.unknown)
    assert wrong == {}


def refused_cells(page) -> dict[str, str]:
    return {problem.address: problem.expected for problem in page.problems}


@pytest.mark.parametrize(
    "name",
    ["18_apostrophe.xlsx", "19_unit_件.xlsx", "23_dash_for_none.xlsx", "24_slash_for_none.xlsx"],
)
def test_values_that_are_none_are_refused_by_cell(slot: Slot, desk: User, name: str) -> None:
    page = given(slot, desk, name)
    assert set(refused_cells(page)) == {f"B{row}" for row in range(2, 15)}
    assert all("没有数据请留空" in text for text in refused_cells(page).values())
    assert page.lines == ()


def test_cells_of_each_kind(slot: Slot, desk: User) -> None:
    assert refused_cells(given(slot, desk, "25_thin_space_thousands.xlsx")).keys() == {"B13", "B14"}
    formats = refused_cells(given(slot, desk, "43_formats.xlsx"))
    assert formats.keys() == {"B4", "B6"}
    assert "是日期" in formats["B4"]
    assert "百分比格式" in formats["B6"]
    formulas = refused_cells(given(slot, desk, "44_formulas.xlsx"))
    assert formulas == {
        "B2": "单元格B2是公式，请粘贴为数值。",
        "B3": "单元格B3是公式，请粘贴为数值。",
    }
    bad = given(slot, desk, "45_bad_values.xlsx")
    assert refused_cells(bad).keys() == {"B3", "B4", "B5", "B6", "B7"}
    assert {line.metric: line.given for line in bad.lines}["appeal_revised"] == 12


@pytest.mark.parametrize("name", ["26_traditional.xlsx", "63_big5.csv"])
def test_unknown_headings_are_offered_as_they_stand(slot: Slot, desk: User, name: str) -> None:
    page = given(slot, desk, name)
    assert len(page.unknown) == 13
    assert page.unknown[0].name == "二審被改判"
    assert page.lines == ()


def test_months_as_numbers(slot: Slot, desk: User) -> None:
    page = given(slot, desk, "31_month_2019.12_number.xlsx")
    assert {line.given for line in page.lines if line.metric == "appeals_filed"} == {301}


def test_of_two_sheets_one_is_chosen_and_the_hidden_one_named_so(slot: Slot, desk: User) -> None:
    page = given(slot, desk, "42_hidden_second_sheet.xlsx")
    assert page.rivals == ("诉讼", "上月（隐藏）")
    assert (page.is_open, page.is_ready, page.problems) == (True, False, ())
    sha256 = WaitingTable.objects.get().sha256
    with pytest.raises(ReturnError, match="没有写入任何数据"):
        confirm(user=desk, slot=slot, sha256=sha256, picks={"appeals_filed": Pick(None, 300)})
    map_headings(user=desk, slot=slot, headings={}, sheet="诉讼")
    page = preview_of(slot=slot, upload=WaitingTable.objects.get())
    assert page.is_ready
    assert {line.metric: line.given for line in page.lines} == BASE


def test_to_date_is_taken_and_never_the_month_alone(slot: Slot, desk: User) -> None:
    page = given(slot, desk, "93_month_and_1-12.xlsx")
    assert page.column == "C"
    assert {line.given for line in page.lines if line.metric == "appeal_revised"} == {46}


def test_the_layout_of_imports(slot: Slot, desk: User) -> None:
    page = given(slot, desk, "96_import_dunhua.csv")
    assert {line.metric: line.given for line in page.lines} == {"first_instance_closed": 4999}
    page = given(slot, desk, "95_import_one.csv")
    assert [problem.expected for problem in page.problems] == ["表里没有本院的数据行。"]
