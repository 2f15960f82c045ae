"""Tests of working in a grid as in a spreadsheet, in a court's return and in the offices' grid.

Mouse, keyboard and clipboard are real: nothing is set into a field by a script.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.templatetags.static import static
from django.utils import translation
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from courts.files.values import FigureError, read_value
from courts.models import EntryOnBehalf, Figure, QualityYear, User
from courts.returns.services.returns import CellEntry, save_cells
from courts.years.selectors.slots import find_slot
from tests.browser.test_returns import METRICS, VALUES, expect_state, field, open_grid, paste
from tests.pages import account
from tests.typed_figures import AMOUNTS, FIGURES, NO_AMOUNTS, NO_FIGURES

pytestmark = pytest.mark.django_db(transaction=True)

RETURN = "/yanbian-2019/returns/yanji/2019-01/litigation/"
FEBRUARY = "/yanbian-2019/returns/yanji/2019-02/litigation/"
OFFICE_GRID = "/yanbian-2019/grid/2019-01/litigation/"
MODULES = ("figures", "texts", "clipboard")
TYPED_FIGURES = [(typed, value) for typed, value in FIGURES if isinstance(typed, str)]
TYPED_NO_FIGURES = [typed for typed, _word in NO_FIGURES if isinstance(typed, str)]


def stored(metric: str, month: int = 1, court: str = "yanji") -> int | None:
    found = Figure.objects.filter(
        metric=metric, monthly_return__month=month, monthly_return__court__code=court
    )
    return found.values_list("value", flat=True).first()


def shown(page: Page) -> list[str]:
    return [field(page, metric).input_value() for metric in METRICS]


def expect_rest(page: Page) -> None:
    """Nothing waits to be sent and nothing is under way."""
    expect(page.locator("tr[data-state=unsent], tr[data-state=saving]")).to_have_count(0)


def clipboard(page: Page) -> str:
    return page.evaluate("navigator.clipboard.readText()")


def middle(place: Locator) -> tuple[float, float]:
    """On the digits: they stand at the right."""
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] - 14, box["y"] + box["height"] / 2


def drag(page: Page, first: Locator, last: Locator) -> None:
    page.mouse.move(*middle(first))
    page.mouse.down()
    page.mouse.move(*middle(last), steps=12)
    page.mouse.up()


def save(user: User, court: str, values: dict[str, int], month: str = "2019-01") -> None:
    slot = find_slot(user, "yanbian-2019", month, court, "litigation")
    cells = [CellEntry(metric, value, 0) for metric, value in values.items()]
    assert {cell.status for cell in save_cells(user=user, slot=slot, cells=cells)} == {"saved"}


def open_page(page: Page, address: str = RETURN) -> Page:
    page.set_viewport_size({"width": 1366, "height": 768})
    if address == OFFICE_GRID:
        page.goto(address)
    else:
        open_grid(page, address)
    return page


@pytest.fixture
def desk(year: QualityYear) -> User:
    return account("yanji-litigation", "yanji", "litigation", name="诉讼一岗")


@pytest.fixture
def filled(desk: User) -> User:
    save(desk, "yanji", dict(zip(METRICS, VALUES, strict=True)))
    return desk


@pytest.fixture
def page(context: BrowserContext) -> Page:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    return context.new_page()


@pytest.fixture
def blank_grid(page: Page, desk: User, log_in) -> Page:
    log_in(desk)
    return open_page(page)


@pytest.fixture
def grid(page: Page, filled: User, log_in) -> Page:
    log_in(filled)
    return open_page(page)


@pytest.fixture
def office_grid(page: Page, filled: User, office: User, log_in) -> Page:
    other = account("tumen-litigation", "tumen", "litigation")
    save(other, "tumen", {"appeal_revised": 4, "appeal_remanded": 1, "retrial_revised": 2})
    log_in(office)
    return open_page(page, OFFICE_GRID)


def place(page: Page, court: str, metric: str) -> Locator:
    return page.locator(f"input[data-court={court}][data-metric={metric}]")


# --- Choosing and copying ------------------------------------------------------------------------


class TestChoosingInAReturn:
    def test_dragging_chooses_and_moves_no_figure(self, grid: Page) -> None:
        before = shown(grid)
        # In a cell that has the cursor and all its digits selected, as after a click into it.
        grid.mouse.click(*middle(field(grid, METRICS[0])))
        drag(grid, field(grid, METRICS[0]), field(grid, METRICS[3]))
        expect(grid.locator(".is-chosen")).to_have_count(4)
        expect(field(grid, METRICS[0])).to_be_focused()
        expect_rest(grid)
        assert shown(grid) == before
        assert [stored(metric) for metric in METRICS] == list(VALUES)
        grid.keyboard.press("Control+c")
        assert clipboard(grid).split() == ["8", "3", "1", "0"]

    def test_text_of_the_page_is_not_dropped_into_a_cell(self, grid: Page) -> None:
        heading = grid.locator("h1 small")
        heading.click(click_count=3)
        drag(grid, heading, field(grid, METRICS[0]))
        assert shown(grid) == [str(value) for value in VALUES]

    def test_shift_click_and_shift_arrows_choose(self, grid: Page) -> None:
        field(grid, METRICS[1]).click()
        field(grid, METRICS[3]).click(modifiers=["Shift"])
        expect(grid.locator(".is-chosen")).to_have_count(3)
        grid.keyboard.press("Shift+ArrowUp")
        expect(grid.locator(".is-chosen")).to_have_count(2)
        grid.keyboard.press("Shift+ArrowRight")
        grid.keyboard.press("Control+c")
        assert clipboard(grid) == "3\t3\r\n1\t1\r\n"

    def test_a_gap_stays_a_gap_in_the_copy(self, blank_grid: Page) -> None:
        field(blank_grid, METRICS[0]).click()
        blank_grid.keyboard.type("8")
        blank_grid.keyboard.press("Enter")
        blank_grid.keyboard.press("Enter")
        blank_grid.keyboard.type("1")
        blank_grid.keyboard.press("Enter")
        expect_state(blank_grid, METRICS[2], "saved")
        field(blank_grid, METRICS[0]).click()
        field(blank_grid, METRICS[2]).click(modifiers=["Shift"])
        blank_grid.keyboard.press("Control+c")
        assert clipboard(blank_grid) == "8\r\n\r\n1\r\n"

    def test_control_a_copies_the_column_and_delete_clears_it_as_one_step(self, grid: Page) -> None:
        field(grid, METRICS[5]).click()
        grid.keyboard.press("Control+a")
        expect(grid.locator(".is-chosen")).to_have_count(len(METRICS))
        grid.keyboard.press("Control+c")
        assert clipboard(grid).split() == [str(value) for value in VALUES]
        grid.keyboard.press("Delete")
        for metric in METRICS:
            expect_state(grid, metric, "blank")
        assert {stored(metric) for metric in METRICS} == {None}
        grid.keyboard.press("Control+z")
        for metric in METRICS:
            expect_state(grid, metric, "saved")
        assert [stored(metric) for metric in METRICS] == list(VALUES)

    def test_cut_copies_and_clears(self, grid: Page) -> None:
        drag(grid, field(grid, METRICS[0]), field(grid, METRICS[1]))
        grid.keyboard.press("Control+x")
        expect_state(grid, METRICS[1], "blank")
        assert clipboard(grid).split() == ["8", "3"]
        assert (stored(METRICS[0]), stored(METRICS[1]), stored(METRICS[2])) == (None, None, 1)

    def test_a_second_click_sets_the_caret(self, grid: Page) -> None:
        cell = field(grid, "first_instance_closed")
        cell.click()
        cell.click()
        grid.keyboard.press("ArrowLeft")
        grid.keyboard.type("9")
        grid.keyboard.press("Enter")
        expect_state(grid, "first_instance_closed", "saved")
        assert stored("first_instance_closed") == 12090


class TestChoosingInTheOfficesGrid:
    def test_dragging_chooses_a_block_and_moves_no_figure(self, office_grid: Page) -> None:
        page = office_grid
        first, last = place(page, "yanji", METRICS[0]), place(page, "tumen", METRICS[2])
        page.mouse.click(*middle(first))
        drag(page, first, last)
        expect(page.locator(".is-chosen")).to_have_count(6)
        expect(first).to_have_value("8")
        expect(last).to_have_value("2")
        expect(page.locator("[data-count]")).to_contain_text("没有未保存的改动")
        page.keyboard.press("Control+c")
        assert clipboard(page) == "8\t4\r\n3\t1\r\n1\t2\r\n"
        page.keyboard.press("Delete")
        expect(page.locator("[data-count]")).to_contain_text("6 处改动没有保存")
        page.keyboard.press("Control+z")
        expect(page.locator("[data-count]")).to_contain_text("没有未保存的改动")
        expect(first).to_have_value("8")

    def test_control_a_chooses_every_figure(self, office_grid: Page) -> None:
        place(office_grid, "yanji", METRICS[0]).click()
        office_grid.keyboard.press("Control+a")
        office_grid.keyboard.press("Control+c")
        lines = clipboard(office_grid).rstrip("\r\n").split("\r\n")
        assert len(lines) == len(METRICS)
        assert lines[0].split("\t")[1:3] == ["8", "4"]


# --- Undoing -------------------------------------------------------------------------------------


class TestUndoing:
    def test_typing_is_undone_on_the_server_too(self, grid: Page) -> None:
        field(grid, METRICS[1]).click()
        grid.keyboard.type("5")
        grid.keyboard.press("Enter")
        expect(field(grid, METRICS[2])).to_be_focused()
        expect_state(grid, METRICS[1], "saved")
        assert stored(METRICS[1]) == 5
        grid.keyboard.press("Control+z")
        expect(field(grid, METRICS[1])).to_have_value("3")
        expect(field(grid, METRICS[1])).to_be_focused()
        expect_rest(grid)
        expect_state(grid, METRICS[1], "saved")
        assert stored(METRICS[1]) == 3
        grid.keyboard.press("Control+y")
        expect(field(grid, METRICS[1])).to_have_value("5")
        expect_rest(grid)
        expect_state(grid, METRICS[1], "saved")
        assert stored(METRICS[1]) == 5

    def test_undone_before_the_first_request_went_out(self, grid: Page) -> None:
        field(grid, METRICS[1]).click()
        grid.keyboard.type("5")
        grid.keyboard.press("Enter")
        grid.keyboard.press("Control+z")
        expect_rest(grid)
        expect_state(grid, METRICS[1], "saved")
        expect(field(grid, METRICS[1])).to_have_value("3")
        assert stored(METRICS[1]) == 3

    def test_one_stack_for_typing_pasting_and_clearing(self, grid: Page) -> None:
        first = field(grid, METRICS[0])
        first.click()
        grid.keyboard.type("21")
        grid.keyboard.press("Enter")
        grid.keyboard.press("ArrowUp")
        paste(grid, "31\r\n32\r\n")
        expect(first).to_have_value("31")
        grid.keyboard.press("Delete")
        expect(first).to_have_value("")
        for expected in ("31", "21", "8"):
            grid.keyboard.press("Control+z")
            expect(first).to_have_value(expected)
        expect(field(grid, METRICS[1])).to_have_value("3")
        for expected in ("21", "31", ""):
            grid.keyboard.press("Control+Shift+z")
            expect(first).to_have_value(expected)
        expect_state(grid, METRICS[0], "blank")
        expect_state(grid, METRICS[1], "saved")
        assert (stored(METRICS[0]), stored(METRICS[1])) == (None, 32)

    def test_half_typed_text_is_undone_as_a_whole(self, grid: Page) -> None:
        field(grid, METRICS[0]).click()
        grid.keyboard.type("77")
        grid.keyboard.press("Control+z")
        expect(field(grid, METRICS[0])).to_have_value("8")
        grid.keyboard.press("Enter")
        expect_rest(grid)
        assert stored(METRICS[0]) == 8

    def test_what_a_colleague_changed_since_is_not_undone(self, grid: Page) -> None:
        field(grid, METRICS[0]).click()
        grid.keyboard.type("9")
        grid.keyboard.press("Enter")
        expect_state(grid, METRICS[0], "saved")
        other = account("yanji-2", "yanji", "litigation", name="诉讼二岗")
        slot = find_slot(other, "yanbian-2019", "2019-01", "yanji", "litigation")
        version = Figure.objects.get(metric=METRICS[0], monthly_return__month=1).version
        save_cells(user=other, slot=slot, cells=[CellEntry(METRICS[0], 14, version)])
        # The next answer brings the colleague's figure along.
        grid.keyboard.type("4")
        grid.keyboard.press("Enter")
        expect(field(grid, METRICS[0])).to_have_value("14")
        grid.keyboard.press("Control+z")
        grid.keyboard.press("Control+z")
        expect(grid.locator("[data-live]")).to_contain_text("1 格后来又改过")
        expect_rest(grid)
        assert (stored(METRICS[0]), stored(METRICS[1])) == (14, 3)

    def test_in_the_offices_grid(self, office_grid: Page) -> None:
        page, cell = office_grid, place(office_grid, "yanji", METRICS[1])
        cell.click()
        page.keyboard.type("5")
        page.keyboard.press("Enter")
        page.keyboard.press("Control+z")
        expect(cell).to_have_value("3")
        expect(page.locator("[data-count]")).to_contain_text("没有未保存的改动")
        page.keyboard.press("Control+y")
        expect(cell).to_have_value("5")
        page.locator("[data-reason]").click()
        page.keyboard.type("系统抽取")
        page.keyboard.press("Control+Enter")
        expect(page.locator("[data-count]")).to_contain_text("已保存 1 处改动")
        assert stored(METRICS[1]) == 5
        cell.click()
        page.keyboard.press("Control+z")
        expect(cell).to_have_value("3")
        expect(page.locator("[data-count]")).to_contain_text("1 处改动没有保存")

    def test_a_choice_that_is_open_is_not_settled_by_typing_the_old_figure(
        self, grid: Page
    ) -> None:
        other = account("yanji-2", "yanji", "litigation", name="诉讼二岗")
        slot = find_slot(other, "yanbian-2019", "2019-01", "yanji", "litigation")
        save_cells(user=other, slot=slot, cells=[CellEntry(METRICS[1], 14, 1)])
        field(grid, METRICS[1]).click()
        grid.keyboard.type("5")
        grid.keyboard.press("Enter")
        expect_state(grid, METRICS[1], "conflict")
        field(grid, METRICS[1]).click()
        grid.keyboard.type("3")
        grid.keyboard.press("Enter")
        expect_rest(grid)
        expect_state(grid, METRICS[1], "conflict")
        assert stored(METRICS[1]) == 14


# --- Pasting -------------------------------------------------------------------------------------


class TestPasting:
    def test_a_bare_column_is_one_keystroke_and_blanks_leave_what_stands(self, grid: Page) -> None:
        field(grid, METRICS[0]).click()
        paste(grid, "11\r\n\r\n1,300\r\n")
        expect_state(grid, METRICS[2], "saved")
        expect(field(grid, METRICS[2])).to_have_value("1300")
        assert [stored(metric) for metric in METRICS[:4]] == [11, 3, 1300, 0]

    @pytest.mark.parametrize(
        "text",
        [
            "二审被改判\t11\r\n二审被发回重审\t7\r\n",
            "本月累计\r\n11\r\n7\r\n",
            "48\t11\r\n30\t7\r\n",
            "11\r\n7件\r\n",
        ],
    )
    def test_names_headings_and_several_columns_are_not_written_by_position(
        self, grid: Page, text: str
    ) -> None:
        grid.evaluate(
            """() => document.addEventListener("grid:paste", (event) => {
                const row = event.detail.cell.closest("[data-metric]");
                window.handedOver = [event.detail.text, row.dataset.metric];
            })"""
        )
        field(grid, METRICS[1]).click()
        paste(grid, text)
        grid.wait_for_function("window.handedOver")
        handed, metric = grid.evaluate("window.handedOver")
        assert handed.split() == text.split()
        assert metric == METRICS[1]
        expect_rest(grid)
        assert [stored(metric) for metric in METRICS] == list(VALUES)
        assert shown(grid) == [str(value) for value in VALUES]

    def test_confirmed_pairs_are_written_as_one_step(self, grid: Page) -> None:
        grid.evaluate(
            """pairs => document.dispatchEvent(new CustomEvent("grid:write", {detail: {pairs}}))""",
            [{"metric": METRICS[4], "text": "2"}, {"metric": METRICS[0], "text": "1,000"}],
        )
        expect(field(grid, METRICS[0])).to_have_value("1000")
        expect_state(grid, METRICS[4], "saved")
        assert (stored(METRICS[0]), stored(METRICS[4])) == (1000, 2)
        field(grid, METRICS[7]).click()
        grid.keyboard.press("Control+z")
        expect(field(grid, METRICS[0])).to_have_value("8")
        expect_rest(grid)
        assert (stored(METRICS[0]), stored(METRICS[4])) == (8, 0)

    def test_in_the_offices_grid(self, office_grid: Page) -> None:
        page = office_grid
        place(page, "yanji", METRICS[0]).click()
        paste(page, "21\t31\r\n22\t32\r\n")
        expect(page.locator("[data-count]")).to_contain_text("4 处改动没有保存")
        expect(place(page, "tumen", METRICS[1])).to_have_value("32")
        page.keyboard.press("Control+z")
        expect(page.locator("[data-count]")).to_contain_text("没有未保存的改动")
        page.evaluate(
            """() => document.addEventListener("grid:paste", (event) => {
                window.handedOver = event.detail.cell.dataset.court;
            })"""
        )
        paste(page, "指标\t延吉法院\r\n二审被改判\t21\r\n")
        page.wait_for_function("window.handedOver === 'yanji'")
        expect(page.locator("[data-count]")).to_contain_text("没有未保存的改动")
        page.keyboard.press("Escape")
        expect(place(page, "yanji", METRICS[0])).to_be_focused()
        page.evaluate(
            """pairs => document.dispatchEvent(new CustomEvent("grid:write", {detail: {pairs}}))""",
            [
                {"court": "yanji", "metric": METRICS[0], "text": "21"},
                {"court": "tumen", "metric": METRICS[0], "text": "31"},
            ],
        )
        expect(page.locator("[data-count]")).to_contain_text("2 处改动没有保存")
        page.keyboard.press("Control+z")
        expect(page.locator("[data-count]")).to_contain_text("没有未保存的改动")


# --- One reader of figures -----------------------------------------------------------------------


class TestReading:
    def test_the_preview_agrees_with_the_server_row_by_row(self, blank_grid: Page) -> None:
        """Each text is pasted into a cell while it is edited: this month beside it is a preview."""
        page, metric = blank_grid, METRICS[0]
        cell, alone = field(page, metric), field(page, metric, "alone")
        notes = page.locator(f"#notes-{metric} li")
        cell.click()
        page.keyboard.press("F2")
        wrong: list[tuple[object, ...]] = []
        for typed, value in TYPED_FIGURES:
            page.keyboard.press("Control+a")
            page.keyboard.insert_text(typed) if typed else page.keyboard.press("Backspace")
            expected = "" if value is None else str(value)
            if (alone.input_value(), notes.count()) != (expected, 0):
                wrong.append((typed, value, alone.input_value(), notes.all_text_contents()))
        for typed in TYPED_NO_FIGURES:
            with translation.override("zh-hans"), pytest.raises(FigureError) as error:
                read_value(typed)
            page.keyboard.press("Control+a")
            page.keyboard.insert_text(typed)
            told = " ".join(notes.all_text_contents())
            if alone.input_value() != "" or str(error.value) not in told:
                wrong.append((typed, str(error.value), alone.input_value(), told))
        assert wrong == []

    def test_amounts_are_previewed_as_the_server_reads_them(self, blank_grid: Page) -> None:
        """The return here has none: the reader of the page is asked as its cells ask it."""
        answers = blank_grid.evaluate(
            """async ([typed, figures, texts_, clipboard]) => {
                const { faultText, read } = await import(figures);
                const { Texts } = await import(texts_);
                const { isBare } = await import(clipboard);
                const texts = new Texts(document.querySelector("[data-texts]"));
                const read_ = typed.map((text) => {
                    const { value, fault } = read(text, 2);
                    return fault ? faultText(texts, fault, 2) : value;
                });
                const rows = [["12345678901.50"], ["80"]];
                return [...read_, isBare(rows, 1, 2), isBare(rows, 1, 0)];
            }""",
            [
                [typed for typed, _ in [*AMOUNTS, *NO_AMOUNTS] if isinstance(typed, str)],
                *(static(f"courts/returns/grid-{name}.js") for name in MODULES),
            ],
        )
        expected: list[object] = [value for typed, value in AMOUNTS if isinstance(typed, str)]
        with translation.override("zh-hans"):
            for typed in [typed for typed, _ in NO_AMOUNTS if isinstance(typed, str)]:
                with pytest.raises(FigureError) as error:
                    read_value(typed, 2)
                expected.append(str(error.value))
        # A block of amounts is pasted by its place only where the grid has amounts.
        assert answers == [*expected, True, False]

    def test_no_figure_is_sent_as_typed_and_refused_in_the_servers_words(self, grid: Page) -> None:
        for metric, typed in zip(
            METRICS, ("12,5", "3¹", "2①", "=40+5", "1 150", "12件"), strict=False
        ):
            before = stored(metric)
            with translation.override("zh-hans"), pytest.raises(FigureError) as error:
                read_value(typed)
            field(grid, metric).click()
            grid.keyboard.insert_text(typed)
            with grid.expect_request(lambda request: request.method == "POST") as sent:
                grid.keyboard.press("Enter")
            assert json.loads(sent.value.post_data or "{}")["cells"][0]["value"] == typed
            expect_state(grid, metric, "refused")
            expect(field(grid, metric)).to_have_value(typed)
            expect(grid.locator(f"#notes-{metric}")).to_contain_text(str(error.value))
            assert stored(metric) == before

    def test_the_cell_shows_the_servers_answer(self, grid: Page) -> None:
        field(grid, METRICS[0]).click()
        grid.keyboard.insert_text("１，２３４.0")
        with grid.expect_request(lambda request: request.method == "POST") as sent:
            grid.keyboard.press("Enter")
        assert json.loads(sent.value.post_data or "{}")["cells"][0]["value"] == "１，２３４.0"
        expect(field(grid, METRICS[0])).to_have_value("1234")
        assert stored(METRICS[0]) == 1234

    def test_in_the_offices_grid(self, office_grid: Page) -> None:
        page, cell = office_grid, place(office_grid, "yanji", METRICS[0])
        cell.click()
        page.keyboard.insert_text("12,5")
        page.keyboard.press("Enter")
        page.locator("[data-reason]").click()
        page.keyboard.type("系统抽取")
        page.keyboard.press("Enter")
        expect(page.locator("[data-notes]")).to_contain_text("应为0至999999999的整数")
        expect(cell).to_have_value("12,5")
        assert stored(METRICS[0]) == 8
        # The cursor already stands in the cell; a click there chooses it, and typing replaces.
        expect(cell).to_be_focused()
        cell.click()
        page.keyboard.insert_text("1,250")
        page.keyboard.press("Control+Enter")
        expect(page.locator("[data-count]")).to_contain_text("已保存 1 处改动")
        expect(cell).to_have_value("1250")
        assert EntryOnBehalf.objects.get().changes == {METRICS[0]: [8, 1250]}


def test_the_sentence_on_a_fall_names_the_month(
    page: Page, filled: User, log_in: Callable[[User], None]
) -> None:
    log_in(filled)
    open_page(page, FEBRUARY)
    field(page, "first_instance_closed").click()
    page.keyboard.type("1199")
    notes = page.locator("#notes-first_instance_closed")
    expect(notes).to_contain_text("累计数小于2019年1月的 1200。")


# --- The way through -----------------------------------------------------------------------------


class TestTheWayThrough:
    def test_thirteen_figures_by_digits_and_enter_then_one_chord(self, blank_grid: Page) -> None:
        page = blank_grid
        expect(field(page, METRICS[0])).to_be_focused()
        for value in VALUES:
            page.keyboard.type(str(value))
            page.keyboard.press("Enter")
        expect(page.locator("[data-submits]")).to_be_focused()
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/submit/")
        assert [stored(metric) for metric in METRICS] == list(VALUES)
        # Nothing has to be explained: the last key hands in.
        expect(page.get_by_role("button", name="提交", exact=True)).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("h1 .state")).to_have_class("state state-submitted")

    def test_the_cursor_waits_in_the_first_blank_cell(
        self, page: Page, desk: User, log_in: Callable[[User], None]
    ) -> None:
        save(desk, "yanji", dict(zip(METRICS[:5], VALUES, strict=False)))
        log_in(desk)
        open_page(page)
        expect(field(page, METRICS[5])).to_be_focused()

    def test_the_button_waits_for_cells_under_way_and_goes_on(self, blank_grid: Page) -> None:
        page = blank_grid

        def late(route: Route) -> None:
            if route.request.method == "POST":
                page.wait_for_timeout(400)
            route.continue_()

        page.route("**/cells/", late)
        page.keyboard.type("8")
        # One click, while the figure is still being typed.
        page.locator("[data-submits]").click()
        page.wait_for_url("**/submit/")
        assert stored(METRICS[0]) == 8

    def test_the_button_stops_at_a_figure_that_was_not_accepted(self, blank_grid: Page) -> None:
        page = blank_grid
        page.keyboard.type("=40+5")
        page.keyboard.press("Control+Enter")
        expect(page.locator("[data-said]")).to_contain_text("没保存好")
        expect(field(page, METRICS[0])).to_be_focused()
        expect_state(page, METRICS[0], "refused")
        assert page.url.endswith(RETURN)

    def test_months_and_sides_are_one_click_away(self, grid: Page) -> None:
        grid.get_by_role("link", name="下月").click()
        grid.wait_for_url("**/2019-02/litigation/")
        grid.get_by_role("link", name="上月").click()
        grid.wait_for_url("**/2019-01/litigation/")
        expect(grid.get_by_role("link", name="上月")).to_have_count(0)
        grid.get_by_role("link", name="执行", exact=True).click()
        grid.wait_for_url("**/2019-01/enforcement/")

    def test_thirteen_rows_are_visible(self, grid: Page) -> None:
        box = field(grid, METRICS[-1]).bounding_box()
        assert box is not None
        assert grid.evaluate("scrollY") == 0
        assert box["y"] + box["height"] <= 768

    def test_thirteen_rows_are_visible_in_the_offices_grid(self, office_grid: Page) -> None:
        box = place(office_grid, "yanji", METRICS[-1]).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 768


# --- Answers that are none -----------------------------------------------------------------------

HTML = "<!DOCTYPE html><title>错误</title>"
NO_ANSWERS: dict[str, dict[str, Any]] = {
    "400 page": {"status": 400, "content_type": "text/html", "body": HTML},
    "500 page": {"status": 500, "content_type": "text/html", "body": HTML},
    "502 of a proxy": {"status": 502, "content_type": "text/html", "body": HTML},
    "404 page": {"status": 404, "content_type": "text/html", "body": HTML},
    "login of a network": {"status": 200, "content_type": "text/html", "body": HTML},
    "foreign JSON": {"status": 400, "content_type": "application/json", "body": '{"message": "?"}'},
    "half an answer": {
        "status": 200,
        "content_type": "application/json",
        "headers": {"X-Part": "cells"},
        "body": '{"results": [',
    },
    "without the cell": {
        "status": 200,
        "content_type": "application/json",
        "headers": {"X-Part": "cells"},
        "body": '{"results": [], "values": {}, "findings": [], "filled": 0, "errors": 0,'
        ' "warnings": 0, "share": 0}',
    },
}


@pytest.fixture(
    params=[
        pytest.param(
            answer,
            id=name,
            # One that is no answer at all and one that looks like one; the others by night.
            marks=[] if name in {"400 page", "without the cell"} else pytest.mark.nightly,
        )
        for name, answer in NO_ANSWERS.items()
    ]
)
def no_answer(request: pytest.FixtureRequest) -> dict[str, Any]:
    return request.param


class Server:
    """What stands between page and server: while `is_broken`, posts get a foreign answer."""

    def __init__(self, page: Page, answer: dict[str, Any], *, saves: bool) -> None:
        self.answer, self.saves, self.is_broken = answer, saves, True
        page.route("**/cells/", self.handle)

    def handle(self, route: Route) -> None:
        if route.request.method != "POST" or not self.is_broken:
            route.continue_()
            return
        if self.saves:
            route.fetch()
        route.fulfill(**self.answer)


def expect_resent(page: Page, metric: str, state: str) -> None:
    """The page tries again after two seconds, then five, then ten."""
    row = page.locator(f"tr[data-metric={metric}]")
    expect(row).to_have_attribute("data-state", state, timeout=40_000)


class TestAnswersThatAreNone:
    def test_the_cell_is_kept_and_sent_again(
        self, blank_grid: Page, no_answer: dict[str, object]
    ) -> None:
        page = blank_grid
        server = Server(page, no_answer, saves=True)
        page.keyboard.type("8")
        page.keyboard.press("Enter")
        expect_state(page, METRICS[0], "unsent")
        # What the page was answered is foreign; the server itself takes its time and saves.
        for _turn in range(100):
            if stored(METRICS[0]) == 8:
                break
            page.wait_for_timeout(100)
        assert stored(METRICS[0]) == 8
        assert len(page.evaluate("Object.keys(localStorage)")) == 1
        # Taken back meanwhile: the server holds 8, so the blank has to reach it.
        page.keyboard.press("Control+z")
        server.is_broken = False
        expect_resent(page, METRICS[0], "blank")
        assert stored(METRICS[0]) is None
        assert page.evaluate("Object.keys(localStorage)") == []

    def test_it_is_sent_again_without_being_asked(self, blank_grid: Page) -> None:
        page = blank_grid
        server = Server(page, NO_ANSWERS["400 page"], saves=False)
        page.keyboard.type("8")
        page.keyboard.press("Enter")
        expect(page.locator("[data-line]")).to_contain_text("保存在这台电脑上")
        server.is_broken = False
        expect_resent(page, METRICS[0], "saved")
        expect(page.locator("[data-line]")).to_be_hidden()
        assert stored(METRICS[0]) == 8

    def test_in_the_offices_grid(self, office_grid: Page, no_answer: dict[str, object]) -> None:
        page, cell = office_grid, place(office_grid, "yanji", METRICS[0])
        server = Server(page, no_answer, saves=False)
        page.locator("[data-reason]").click()
        page.keyboard.type("系统抽取")
        cell.click()
        page.keyboard.type("9")
        page.keyboard.press("Control+Enter")
        expect(page.locator("[data-notes]")).to_contain_text("不知道是否存好")
        expect(page.locator("[data-count]")).to_contain_text("1 处改动没有保存")
        assert len(page.evaluate("Object.keys(localStorage)")) == 1
        server.is_broken = False
        page.keyboard.press("Control+Enter")
        expect(page.locator("[data-count]")).to_contain_text("已保存 1 处改动")
        assert stored(METRICS[0]) == 9


def test_the_grids_pages_are_accessible(
    grid: Page, assert_accessible: Callable[[Page], None]
) -> None:
    field(grid, METRICS[0]).click()
    field(grid, METRICS[3]).click(modifiers=["Shift"])
    assert_accessible(grid)
