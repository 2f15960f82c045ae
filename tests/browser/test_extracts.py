"""Tests of two sources side by side: an extract uploaded, a difference explained and settled."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from courts.models import Difference, Extract, Motion, QualityYear, User
from courts.returns.services.returns import CellEntry, save_cells
from courts.rulebooks.services.motions import move_cap
from courts.years.selectors.slots import find_slot
from tests.browser.looking import follow
from tests.browser.test_office import submit
from tests.browser.test_returns import METRICS, VALUES
from tests.pages import account

pytestmark = pytest.mark.django_db(transaction=True)

EXTRACTS = "/yanbian-2019/extracts/"
DIFFERENCES = "/yanbian-2019/differences/"


@pytest.fixture
def handed_in(page: Page, log_in: Callable[[User], None], year: QualityYear, desk: User) -> None:
    slot = find_slot(desk, year.code, "2019-01", "yanji", "litigation")
    pairs = zip(METRICS, VALUES, strict=True)
    cells = [CellEntry(metric, value, 0) for metric, value in pairs]
    assert {cell.status for cell in save_cells(user=desk, slot=slot, cells=cells)} == {"saved"}
    log_in(desk)
    submit(page)


@pytest.fixture
def office2(year: QualityYear) -> User:
    return account("office2", "yanbian", "office", name="审管办乙")


def confirm_from_the_desk(
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    second: User,
) -> None:
    """Find what waits on the desk, look at what it does, confirm it, by keyboard alone."""
    log_in(second)
    page.goto("/yanbian-2019/desk/")
    assert_accessible(page)
    page.locator("a[href*='/motions/']", has_not_text="待另一人确认").first.press("Enter")
    expect(page.get_by_role("heading", name="要改的内容")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="确认", exact=True).press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已确认")
    assert_accessible(page)


def test_uploaded_explained_settled(
    page: Page,
    log_in: Callable[[User], None],
    assert_accessible: Callable[[Page], None],
    desk: User,
    office: User,
    office2: User,
    handed_in: None,
) -> None:
    value = VALUES[METRICS.index("appeals_filed")] + 2
    log_in(office)
    page.goto(DIFFERENCES)
    assert_accessible(page)
    page.get_by_role("link", name="上传提取数据").press("Enter")
    page.get_by_label("出自哪个系统").fill("数据集中管理平台")
    rows = f"court,month,metric,value\nyanji,2019-01,appeals_filed,{value}\n"
    page.get_by_label("文件（CSV 或 Excel）").set_input_files(
        {"name": "一月.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    assert_accessible(page)
    page.get_by_role("button", name="检查并预览").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("提取数据预览：尚未写入")
    assert_accessible(page)
    page.get_by_role("button", name="提出，待另一人确认").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("由本部门另一人确认后才写入")
    assert_accessible(page)
    assert not Extract.objects.exists()
    confirm_from_the_desk(page, log_in, assert_accessible, office2)

    log_in(desk)
    page.goto("/yanbian-2019/returns/yanji/?month=2019-01")
    page.get_by_role("link", name="1 项与提取数据不同").press("Enter")
    follow(page, page.get_by_role("link", name="二审立案数"))
    assert_accessible(page)
    page.get_by_label("为什么本院的数值不同").fill("含并案2件")
    page.get_by_role("button", name="提交说明").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("说明已提交")

    log_in(office)
    page.goto("/yanbian-2019/desk/")
    page.get_by_role("link", name="查看差异").press("Enter")
    expect(page.locator("tbody")).to_contain_text("含并案2件")
    box = page.get_by_role("checkbox", name="延吉法院 2019年1月 二审立案数")
    box.press("Space")
    page.get_by_label("处理意见").fill("已核对系统")
    page.get_by_role("button", name="以法院填报为准").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("1项差异的处理意见已提出")
    expect(page.locator("tbody")).to_contain_text("处理意见待确认")
    confirm_from_the_desk(page, log_in, assert_accessible, office2)
    assert Difference.objects.get().state == "return"
    page.goto(DIFFERENCES)
    assert_accessible(page)


def moved_cap(office: User) -> Motion:
    """A cap that waits for a second person."""
    return move_cap(
        user=office,
        year=QualityYear.objects.get(),
        court="yanji",
        seen_version=1,
        baseline_cases=252,
        reduction_cases=30,
        reason="从严",
    )


@pytest.mark.parametrize("language", ["ko", pytest.param("en", marks=pytest.mark.nightly)])
def test_on_a_narrow_screen_nothing_sticks_out(
    page: Page, log_in: Callable[[User], None], office: User, handed_in: None, language: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    log_in(office)
    page.context.add_cookies(
        [{"name": "django_language", "value": language, "url": page.url.split("/yanbian")[0]}]
    )
    motion = moved_cap(office)
    for address in (
        DIFFERENCES,
        EXTRACTS,
        f"{DIFFERENCES}yanji/2019-01/appeals_filed/",
        "/yanbian-2019/motions/",
        f"/yanbian-2019/motions/{motion.pk}/",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
