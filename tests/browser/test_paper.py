"""Tests of pages on paper: lying where wide, all columns, heads on each sheet, nothing to press.

What is read is the text of the PDF that the browser makes; each kind of fault is planted once.
"""

from __future__ import annotations

import re
import unicodedata
from io import BytesIO

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from courts.models import QualityYear, RegisterDraw
from tests.browser.looking import DASHBOARD, GRID, MONTH, OFFICE_GRID, ROOT, LogIn, fill, follow
from tests.pages import account
from tests.test_access_matrix import ACTION, DRAW, MEETING, make_action, make_lines

pytestmark = pytest.mark.django_db(transaction=True)

LYING, UPRIGHT = True, False
COURTS = "延边中院 延吉法院 图们法院 敦化法院 龙井法院 珲春法院 和龙法院 汪清法院 安图法院".split()
ITEMS = (
    "L1 L2.1 L2.2 L3.1 L3.2 L4.1 L4.2 L5.1 L5.2 L6.1 L6.2 L7 "
    "C1 C2 C3 C4 Q1 Q2 Q3 Q4 Q5 Q6 Q7 Q8 Q9 Q10 Q11"
).split()
# Some characters come out of a PDF as the radicals that look the same.
RADICALS = str.maketrans("⻰⻬⺠⻚⻓⻔⻅⻋⻛", "龙齐民页长门见车风")
# What one presses, on one page or another; none of it is data.
PRESSED = (
    "跳到正文 退出登录 工作台 导出 查看 保存代报 代报原因 键盘用法 核对并提交 从表格填报 下载模板 "
    "全部类别 拖动看各月 简体中文 全部展开 试算并保存 筛选 恢复现行 下一页 帮助"
).split()


def sheets(page: Page) -> tuple[list[bool], list[str]]:
    """Of each sheet: whether it lies, and its text without blanks, in everyday characters."""
    pdf = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
    lying = [sheet.mediabox.width > sheet.mediabox.height for sheet in pdf.pages]
    return lying, [plain(sheet.extract_text()) for sheet in pdf.pages]


def plain(text: str) -> str:
    """A text without blanks, in everyday characters."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).translate(RADICALS))


def faults(page: Page, *, lies: bool, who: str = "office") -> list[str]:
    """What is wrong with the page's paper, of what every paper has to be."""
    return faults_of(*sheets(page), lies=lies, who=who)


def faults_of(lying: list[bool], texts: list[str], *, lies: bool, who: str = "office") -> list[str]:
    """The same of sheets that were read."""
    found = [word for word in PRESSED if any(word in text for text in texts)]
    if set(lying) != {lies}:
        found.append("the wrong way round")
    foot = re.compile(rf"打印:{who},\d{{4}}-\d\d-\d\d\d\d:\d\d")
    return found + [
        f"no foot on sheet {n}" for n, text in enumerate(texts) if not foot.search(text)
    ]


@pytest.mark.parametrize(
    "places",
    [
        pytest.param(
            {
                GRID: LYING,
                MONTH: UPRIGHT,
            },
            id="some",
        ),
        pytest.param(
            {
                f"{ROOT}base/": LYING,
                f"{MONTH}close/": UPRIGHT,
                f"{ROOT}completeness/": LYING,
                f"{MONTH}direction/": LYING,
                f"{ROOT}measures/": LYING,
                f"{MONTH}yanji/": UPRIGHT,
                f"{MONTH}yanji/court/": UPRIGHT,
                f"{MONTH}yanji/print/": UPRIGHT,
                f"{MONTH}yanji/outlook/": UPRIGHT,
                f"{MONTH}yanji/what-if/": UPRIGHT,
                f"{DASHBOARD}readings/": UPRIGHT,
                f"{ROOT}targets/": UPRIGHT,
                f"{ROOT}caps/": UPRIGHT,
                f"{ROOT}cases/": UPRIGHT,
                f"{ROOT}bulletins/": UPRIGHT,
                f"{ROOT}reminders/": UPRIGHT,
                f"{ROOT}audit/": UPRIGHT,
                "/accounts/": UPRIGHT,
            },
            id="others",
            marks=pytest.mark.nightly,
        ),
    ],
)
def test_pages_come_out_whole(
    page: Page, made_year: QualityYear, log_in: LogIn, places: dict[str, bool]
) -> None:
    log_in(fill(made_year)["office"])
    wrong = []
    for place, lies in places.items():
        page.goto(place)
        wrong += [(place, fault) for fault in faults(page, lies=lies)]
    assert not wrong


def test_figures_and_choices_are_on_paper_and_faults_are_found(
    page: Page, made_year: QualityYear, log_in: LogIn
) -> None:
    log_in(fill(made_year)["office"])
    page.goto(f"{ROOT}readings/")
    lying, (sheet,) = sheets(page)
    assert faults_of(lying, [sheet], lies=UPRIGHT) == []
    assert "同比下降不足1%的部分是否得分?" in sheet
    assert "按比例得分(现行)" in sheet
    page.goto(OFFICE_GRID)
    lying, (sheet,) = sheets(page)
    assert faults_of(lying, [sheet], lies=LYING) == []
    assert [court for court in COURTS if court not in sheet] == []
    assert "合计" in sheet
    # A number stands in a field that the office may write in, and on paper without the field.
    written = page.locator('.office-grid input[data-court="dunhua"]').first.input_value()
    (line,) = re.findall(r"二审被改判件([\d—]+)", sheet)
    assert written in line
    for plant, fault in (
        ("document.querySelector('h1').insertAdjacentHTML('afterend', '<b>导出</b>')", "导出"),
        ("document.body.classList.remove('wide')", "the wrong way round"),
        ("document.querySelector('.printed').remove()", "no foot on sheet 0"),
    ):
        page.goto(OFFICE_GRID)
        page.evaluate(plant)
        assert faults(page, lies=LYING) == [fault]


@pytest.mark.nightly
def test_what_is_handed_out_and_kept(page: Page, made_year: QualityYear, log_in: LogIn) -> None:
    """Sheets by court, lots with their whole list, papers to sign, meetings, slips."""
    named = fill(made_year)
    make_action(made_year, named["office"])
    make_lines(made_year)
    numbers = [f"(2019)吉2401执{number}号" for number in range(100, 220)]
    RegisterDraw.objects.filter(pk=DRAW).update(numbers=numbers, size=120, wanted=12)
    log_in(named["office"])
    for place in (
        f"{ROOT}acceptance/",
        f"{ROOT}acceptance/yanji/",
        f"{ROOT}meetings/{MEETING}/",
        f"{ROOT}actions/{ACTION}/",
    ):
        page.goto(place)
        assert faults(page, lies=UPRIGHT) == [], place
    # Courts get a sheet each, and no empty one follows.
    page.goto(f"{ROOT}reminders/")
    texts = sheets(page)[1]
    assert len(texts) == page.locator(".reminder").count()
    assert all(text.count("催办单:") == 1 for text in texts)
    log_in(account("centre-paper", "yanbian", "centre"))
    page.goto(f"{ROOT}registers/spot_checks/draws/{DRAW}/")
    assert faults(page, lies=UPRIGHT, who="centre-paper") == []
    page.locator("details:has(.register-list) summary").click()
    whole = "".join(sheets(page)[1])
    assert [number for number in numbers if number not in whole] == []
    assert "用手里的清单" not in whole
    log_in(account("admin-paper", "yanbian", "admin"))
    page.goto("/accounts/import/")
    lines = [f"paper-{number},李岩{number},延吉法院,诉讼报表岗" for number in range(20)]
    table = "\n".join(["username,name,court,roles", *lines]).encode()
    page.locator("input[type=file]").set_input_files(
        {"name": "accounts.csv", "mimeType": "text/csv", "buffer": table}
    )
    page.locator("form:has(input[type=file]) button").click()
    page.locator("form:has([name=confirmed]) button").first.click()
    page.locator(".slips").wait_for()
    assert faults(page, lies=UPRIGHT, who="admin-paper") == []
    whole = "".join(sheets(page)[1])
    assert len(re.findall(r"一次性密码[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", whole)) == 20


def test_all_combinations_of_readings_are_on_paper(
    page: Page, made_year: QualityYear, log_in: LogIn
) -> None:
    """Heads and every line of both tables as they stand on the screen, by the page's own button."""
    log_in(fill(made_year)["office"])
    page.goto(f"{DASHBOARD}readings/")
    page.evaluate("window.print = () => document.body.append('纸')")
    page.get_by_role("button", name="打印", exact=True).click()
    assert page.locator("body").inner_text().endswith("纸")
    page.reload()
    lying, texts = sheets(page)
    assert faults_of(lying, texts, lies=UPRIGHT) == []
    whole = "".join(texts)
    for said in ("全部理解组合", "试算,不是正式得分", "现行总分", "总分范围", "名次范围", "改为"):
        assert said in whole, said
    ranges, singles = page.locator("main table").all()
    assert ranges.locator("tbody tr").count() == len(COURTS)
    for court in COURTS:
        assert court in whole, court
    for table in (ranges, singles):
        for cells in table.locator("tbody tr").all():
            for text in cells.locator("td.num").all_inner_texts():
                assert plain(text) in whole, text


def test_the_board_in_two_strips_and_heads_on_each_sheet(
    page: Page, made_year: QualityYear, log_in: LogIn
) -> None:
    log_in(fill(made_year)["office"])
    page.goto(DASHBOARD)
    assert page.locator(".items-board").count() == 2
    lying, texts = sheets(page)
    assert faults_of(lying, texts, lies=LYING) == []
    whole = "".join(text for text in texts if "名次法院总分" in text)
    assert whole.count("名次法院总分") == 2
    heads = [
        code.strip()
        for strip in page.locator(".items-board").all()
        for code in strip.locator("thead .code").all_inner_texts()
    ]
    assert heads[: len(ITEMS)] == ITEMS
    assert all(code in whole for code in ITEMS)
    # The names of the courts with their ranks or a dash, once a strip.
    for court in COURTS:
        assert len(re.findall(rf"(?:\d|—){court}", whole)) == 2, court
    # A long list has its head on each sheet.
    page.goto(f"{ROOT}rulebook/")
    lying, texts = sheets(page)
    assert all(lying)
    assert len(texts) >= 4
    assert sum("考核项" in text for text in texts[:3]) == 3


def test_a_receipt_and_a_key_name_nobody(page: Page, made_year: QualityYear, log_in: LogIn) -> None:
    """Who printed a receipt is nobody's business."""
    voter = fill(made_year)["voter"]
    log_in(voter)
    page.goto(f"{ROOT}ballots/")
    follow(page, page.get_by_role("link", name="2019年度综合评价", exact=True))
    assert "打印:voter0" in "".join(sheets(page)[1])
    page.goto(f"{page.url}booth/")
    assert "打印:" not in "".join(sheets(page)[1])
