"""Tests of the pages in a browser: by keyboard, on a narrow screen, in each language, on paper.

That nothing outside is asked for and the content security policy holds, the browser's fixture
checks for every page that is opened.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from courts.models import Figure, QualityYear, User
from tests.browser.looking import follow
from tests.pages import PASSWORD, account, mark_as_demo

RANKING = "/yanbian-2019/2019-12/"
SCORECARD = f"{RANKING}yanji/"
NARROW: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1366, "height": 768}

LogIn = Callable[[User], None]
Accessible = Callable[[Page], None]


def courts_of(page: Page) -> list[str]:
    """The courts in the order of the table, the one that is not ranked last."""
    return [text.strip() for text in page.locator("tbody th a").all_inner_texts()]


def scrolls_sideways(page: Page) -> bool:
    width = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    return bool(page.evaluate(width))


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Reach an element by the tabulator alone."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} cannot be reached by the keyboard")


def test_from_the_login_to_an_explanation_by_keyboard_alone(
    page: Page, made_year: QualityYear
) -> None:
    account("leader", "yanbian", "leader")
    page.goto("/")
    page.keyboard.type("leader")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("等待您办理")
    tab_to(page, 'main a[href="/ranking/"]')
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{page.url.split('/', 3)[0]}//{page.url.split('/')[2]}{RANKING}")
    expect(page.get_by_role("heading", level=1)).to_have_text("2019年12月排名")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tab_to(page, 'tbody a[href$="/yanji/"]')
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("延吉市人民法院")

    tab_to(page, "#L1 > summary")
    expect(page.locator("#L1 .explanation")).not_to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#L1 .explanation")).to_be_visible()
    expect(page.locator("#L1 .explanation")).to_contain_text("依据：附件1·二·1")


def test_login_says_what_is_wrong(page: Page, office: User, assert_accessible: Accessible) -> None:
    page.goto("/login/")
    assert_accessible(page)
    page.get_by_label("账号", exact=True).fill("office")
    page.get_by_label("密码", exact=True).fill("wrong")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("账号或密码不对")
    assert_accessible(page)


def test_ranking_sorts_both_ways(
    page: Page, made_year: QualityYear, desk: User, log_in: LogIn
) -> None:
    log_in(desk)
    page.goto(RANKING)
    by_rank = courts_of(page)
    assert by_rank[-1] == "延边中院"
    page.get_by_role("link", name="总分", exact=True).click()
    head = page.get_by_role("columnheader", name="总分", exact=True)
    expect(head).to_have_attribute("aria-sort", "descending")
    assert courts_of(page) == by_rank
    page.get_by_role("link", name="总分", exact=True).press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert courts_of(page) == [*reversed(by_rank[:-1]), by_rank[-1]]


def test_language_changes_and_the_page_stays(
    page: Page, made_year: QualityYear, desk: User, log_in: LogIn
) -> None:
    log_in(desk)
    page.goto(SCORECARD)
    for button, language, name in (
        ("한국어", "ko", "연길시인민법원"),
        ("English", "en", "People’s Court of Yanji"),
        ("简体中文", "zh-hans", "延吉市人民法院"),
    ):
        page.get_by_role("button", name=button).click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        assert page.url.endswith(SCORECARD)


def test_all_explanations_unfold_and_a_link_opens_one(
    page: Page, made_year: QualityYear, desk: User, log_in: LogIn
) -> None:
    log_in(desk)
    page.goto(f"{SCORECARD}#L2.1")
    expect(page.locator('[id="L2.1"]')).to_have_attribute("open", "")
    expect(page.locator('[id="L2.1"] > summary')).to_be_focused()
    number = page.locator("details[data-item]").count()
    assert number == 12 + 15
    page.get_by_role("button", name="全部展开").click()
    assert page.locator("details[data-item][open]").count() == number
    page.get_by_role("button", name="全部收起").click()
    assert page.locator("details[data-item][open]").count() == 0


def test_menu_closes_with_escape_and_signs_out(page: Page, office: User, log_in: LogIn) -> None:
    log_in(office)
    page.goto("/")
    menu = page.locator("details.menu", has=page.locator(".menu-name"))
    menu.locator("summary").press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    menu.locator("summary").click()
    follow(page, page.get_by_role("button", name="退出登录"))
    assert page.url.endswith("/login/")


def test_a_term_says_what_it_means_by_keyboard_pointer_and_touch(
    page: Page, made_year: QualityYear, office: User, log_in: LogIn, assert_accessible: Accessible
) -> None:
    log_in(office)
    page.goto(RANKING)
    term = page.locator(".term", has_text="口径")
    line = term.get_by_role("tooltip")
    expect(line).not_to_be_visible()
    tab_to(page, ".term dfn")
    expect(line).to_be_visible()
    expect(line).to_contain_text("哪些报表计入得分")
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(line).not_to_be_visible()
    # Away and back again, it is told anew.
    page.keyboard.press("Tab")
    term.hover()
    expect(line).to_be_visible()
    page.mouse.move(0, 0)
    expect(line).not_to_be_visible()
    page.set_viewport_size(NARROW)
    term.locator("dfn").click()
    expect(line).to_be_visible()
    box = line.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= NARROW["width"]


@pytest.mark.parametrize(
    ("size", "language"),
    [
        pytest.param(DESK, "zh-CN", id="desk-zh-CN"),
        pytest.param(NARROW, "ko", id="narrow-ko"),
        pytest.param(NARROW, "en", id="narrow-en", marks=pytest.mark.nightly),
        pytest.param(NARROW, "zh-CN", id="narrow-zh-CN", marks=pytest.mark.nightly),
        pytest.param(DESK, "ko", id="desk-ko", marks=pytest.mark.nightly),
        pytest.param(DESK, "en", id="desk-en", marks=pytest.mark.nightly),
    ],
)
def test_pages_are_accessible_and_fit_the_screen(
    page: Page,
    made_year: QualityYear,
    office: User,
    log_in: LogIn,
    assert_accessible: Accessible,
    size: ViewportSize,
    language: str,
) -> None:
    # Zero, missing, pending and not applicable all stand on this page.
    figures = Figure.objects.filter(monthly_return__court__code="antu", monthly_return__month=12)
    figures.filter(metric="retrial_petitions_received").update(value=None)
    figures.filter(metric__startswith="supervised_matters").update(value=0)
    mark_as_demo(made_year)
    log_in(office)
    page.set_viewport_size(size)
    page.context.set_extra_http_headers({"Accept-Language": language})
    for address in (
        "/password/",
        RANKING,
        "/yanbian-2019/2019-07/",
        f"{RANKING}antu/",
        f"{RANKING}yanbian/",
        "/nothing/to/see/here/",
    ):
        page.goto(address)
        assert not scrolls_sideways(page), address
        for fold in page.locator("main details").all():
            fold.evaluate("fold => { fold.open = true; }")
        assert not scrolls_sideways(page), address
        assert_accessible(page)


def test_long_names_do_not_break_the_narrow_page(
    page: Page, made_year: QualityYear, log_in: LogIn
) -> None:
    name = "一个名字特别特别特别特别特别特别特别长的人"
    log_in(account("long-" * 12, "yanji", "litigation", "enforcement", name=name))
    page.set_viewport_size(NARROW)
    page.goto(SCORECARD)
    assert not scrolls_sideways(page)
    page.locator("details.menu summary", has=page.locator(".menu-name")).click()
    assert not scrolls_sideways(page)


def test_paper_shows_what_is_needed_and_nothing_else(
    page: Page, made_year: QualityYear, desk: User, log_in: LogIn
) -> None:
    mark_as_demo(made_year)
    log_in(desk)
    page.goto(SCORECARD)
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="打印（含逐项说明）").click()
    assert page.evaluate("window.printed")
    page.set_viewport_size({"width": 703, "height": 1000})
    page.emulate_media(media="print")
    expect(page.get_by_text("演示数据", exact=True)).to_be_visible()
    expect(page.locator("#L1 .explanation")).to_be_visible()
    expect(page.locator("header.bar")).not_to_be_visible()
    expect(page.locator(".period")).not_to_be_visible()
    assert not scrolls_sideways(page)


def test_pages_work_without_scripts(
    context: BrowserContext, made_year: QualityYear, desk: User, log_in: LogIn, live_server
) -> None:
    log_in(desk)
    bare = context.browser.new_context(  # type: ignore[union-attr]
        base_url=live_server.url, java_script_enabled=False, locale="zh-CN"
    )
    bare.add_cookies(context.cookies())  # type: ignore[arg-type]
    page = bare.new_page()
    page.goto(SCORECARD)
    expect(page.get_by_role("button", name="全部展开")).not_to_be_visible()
    page.locator("#L1 > summary").click()
    expect(page.locator("#L1 .explanation")).to_be_visible()
    bare.close()


def test_the_rulebook_and_a_reading_tried(
    page: Page, made_year: QualityYear, office: User, log_in: LogIn, assert_accessible: Accessible
) -> None:
    log_in(office)
    page.goto("/yanbian-2019/rulebook/")
    assert_accessible(page)
    follow(page, page.get_by_role("link", name="发改指总量降幅").first)
    assert_accessible(page)
    page.goto("/yanbian-2019/readings/")
    page.get_by_label("同比下降不足1%的部分是否得分？").select_option("whole")
    page.get_by_role("button", name="试算").press("Enter")
    expect(page.get_by_text("试算，不是正式得分")).to_be_visible()
    assert_accessible(page)
    page.goto("/yanbian-2019/readings/step/")
    assert_accessible(page)
    page.get_by_label("理解", exact=True).select_option("whole")
    page.get_by_label("理由").fill("会议研究决定")
    page.get_by_role("button", name="看影响").press("Enter")
    expect(page.get_by_role("heading", name="提出采用“只计整数百分比”？")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="提出采用，待另一人确认").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("已提出")
    page.goto("/yanbian-2019/rulebook/")
    follow(page, page.get_by_role("link", name="附则"))
    assert_accessible(page)
    page.get_by_role("link", name="2018年平均值").press("Enter")
    expect(page.get_by_role("row", name="Q7")).to_contain_text("155.25天")
    assert_accessible(page)
