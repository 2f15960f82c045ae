"""Tests of pasted blocks: what they would change, what is asked, what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from courts.files.reading import tables_of
from courts.files.sheets import rows_by_title
from courts.frame.refusals import ReturnError
from courts.models import Event, Figure, QualityYear, User
from courts.returns.return_templates import template_workbook
from courts.returns.selectors.grids import grid
from courts.returns.services.blocks import (
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SIGNS,
    BlockError,
    BlockPreview,
    PastedBlock,
    preview_block,
    rows_of,
)
from courts.years.selectors.slots import Slot
from scoring.facts import Month
from scoring.schema import Side
from tests.courts.returns_fixtures import CLEAN_LITIGATION, bring_to, fill, slot_of
from tests.pages import client_of, more_courts

pytestmark = pytest.mark.django_db

PLACE = "/yanbian-2019/returns/yanji/2019-05/litigation/paste/"
GRID = "/yanbian-2019/grid/2019-05/litigation/paste/"


@pytest.fixture
def slot(year: QualityYear, people: dict[str, User]) -> Slot:
    return slot_of(year)


@pytest.fixture
def desk(people: dict[str, User]) -> User:
    return people["desk"]


def look(slot: Slot, text: str, metric: str = "appeal_revised", **answers: str) -> BlockPreview:
    return preview_block(slot=slot, block=PastedBlock(text=text, metric=metric, answers=answers))


def pairs(found: BlockPreview) -> dict[str, str]:
    assert not found.questions
    assert not found.faults
    return {each.metric: each.text for each in found.pairs if not each.fault}


def template_block(slot: Slot, user: User) -> list[list[str]]:
    """The template's rows as Excel copies them: what it shows, from the headings on."""
    content = template_workbook(grid(user, slot))
    rows = next(iter(rows_by_title(tables_of("a.xlsx", content)).values()))
    texts = {number: [str(getattr(c, "found", c)) for c in cells] for number, cells in rows}
    return [texts.get(number, []) for number in range(5, max(texts) + 1)]


def joined(rows: list[list[str]]) -> str:
    return "\r\n".join("\t".join(row) for row in rows) + "\r\n"


class TestTheProductsOwnTemplate:
    @pytest.mark.parametrize("language", ["zh-hans", "ko", "en"])
    def test_all_of_it_wherever_it_is_pasted(
        self, slot: Slot, desk: User, year: QualityYear, language: str
    ) -> None:
        april = slot_of(year, month=Month(2019, 4))
        fill(desk, april, dict.fromkeys(CLEAN_LITIGATION, 1))
        fill(desk, slot, CLEAN_LITIGATION)
        with translation.override(language):
            text = joined(template_block(slot, desk))
            found = look(slot, text, metric="appeals_filed")
        assert pairs(found) == {metric: str(value) for metric, value in CLEAN_LITIGATION.items()}
        assert not found.by_place

    def test_its_column_of_figures_alone(self, slot: Slot, desk: User) -> None:
        fill(desk, slot, CLEAN_LITIGATION)
        rows = template_block(slot, desk)
        column = joined([[row[5] if len(row) > 5 else ""] for row in rows])
        found = look(slot, column)
        assert pairs(found) == {metric: str(value) for metric, value in CLEAN_LITIGATION.items()}
        assert found.by_place
        # Pasted one cell too low it does not fit: it is asked about or cut, never shifted silently.
        lower = look(slot, column, metric="appeal_remanded")
        assert lower.questions or lower.left_out


class TestBlocks:
    def test_names_decide_and_not_the_cell(self, slot: Slot, desk: User) -> None:
        fill(desk, slot, {"appeals_filed": 300})
        found = look(slot, "指标\t本月累计\n二审立案数\t452\n二审被改判\t69\n小计\t521")
        assert [(p.metric, p.stored, p.text, p.address) for p in found.pairs] == [
            ("appeals_filed", "300", "452", "B2"),
            ("appeal_revised", None, "69", "B3"),
        ]
        assert [(each.reason, each.examples) for each in found.left_out] == [
            ("合计，不是一个指标", ("第4行 小计",))
        ]
        assert Figure.objects.get(monthly_return__month=5).value == 300
        assert not Event.objects.filter(action="upload_figures").exists()

    def test_last_year_and_running_numbers_are_never_written(self, slot: Slot) -> None:
        found = look(slot, "序号\t指标\t去年同期\t1—5月\n1\t二审立案数\t400\t452")
        assert pairs(found) == {"appeals_filed": "452"}
        assert [each.examples for each in found.left_out] == [("A列 序号",), ("C列 去年同期",)]

    def test_a_question_and_its_answer(self, slot: Slot) -> None:
        text = "二审立案数\t400\t452\n二审被改判\t60\t69"
        (question,) = look(slot, text).questions
        assert question.key == "column"
        assert pairs(look(slot, text, column="C")) == {
            "appeals_filed": "452",
            "appeal_revised": "69",
        }

    def test_two_of_the_same_name(self, slot: Slot) -> None:
        text = "二审立案数\t400\nappeals_filed\t452"
        (question,) = look(slot, text).questions
        assert question.key == "line:appeals_filed"
        answers = {question.key: question.options[1].key}
        block = PastedBlock(text=text, metric="appeal_revised", answers=answers)
        assert pairs(preview_block(slot=slot, block=block)) == {"appeals_filed": "452"}

    def test_what_is_no_figure_is_told_beside_it(self, slot: Slot) -> None:
        found = look(slot, "二审立案数\t4.5\n二审被改判\t不详\n指令再审\t１，２３４\n决定再审\t")
        assert [(p.metric, p.text, bool(p.fault)) for p in found.pairs] == [
            ("appeals_filed", "4.5", True),
            ("appeal_revised", "不详", True),
            ("retrial_directed", "1234", False),
        ]
        assert found.left_out[-1].examples == ("B4 决定再审",)

    def test_another_return_s_metrics(self, slot: Slot) -> None:
        found = look(slot, "旧存\t4\n新收\t5")
        assert found.faults == ("粘贴的内容里没有这张报表的指标。",)

    def test_a_title_of_another_month(self, slot: Slot) -> None:
        found = look(slot, "2019年1—4月报表\n二审立案数\t400")
        assert "1—4月" in found.doubts[0]

    def test_the_column_of_single_months_takes_bare_figures_only(self, slot: Slot) -> None:
        block = PastedBlock(text="二审立案数\t4", metric="appeals_filed", column="alone")
        assert "本月累计" in preview_block(slot=slot, block=block).faults[0]

    def test_a_closed_return(self, slot: Slot, people: dict[str, User]) -> None:
        bring_to("submitted", slot, people)
        with pytest.raises(ReturnError):
            look(slot, "二审立案数\t400")


class TestBounds:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            " \t\n\t",
            "\0\u200b",
            "1" * (MOST_SIGNS + 1),
            "1\n" * (MOST_ROWS + 1),
            "\t" * MOST_COLUMNS,
        ],
    )
    def test_too_large_or_empty(self, text: str) -> None:
        with pytest.raises(BlockError):
            rows_of(text)

    def test_marks_that_nobody_sees_are_dropped(self) -> None:
        text = "\ufeff二审\u200b立案数\x00\t\x1f452\x0b\u202c\r\n\r\n丙\t\ud800\r"
        assert rows_of(text) == {1: ["二审立案数", "452"], 2: [], 3: ["丙", ""]}

    def test_quoted_cells_hold_line_breaks(self) -> None:
        assert rows_of('"二审\n立案数"\t452') == {1: ["二审 立案数", "452"]}
        assert rows_of('5"\t452\n1\t2') == {1: ['5"', "452"], 2: ["1", "2"]}


def post(user: User, address: str, sent: Any) -> Any:
    body = sent if isinstance(sent, bytes | str) else json.dumps(sent)
    return client_of(user).post(address, body, content_type="application/json")


class TestAnswers:
    def test_a_desk_s(self, slot: Slot, desk: User) -> None:
        sent = {"text": "二审立案数\t452", "metric": "appeal_revised", "column": "total"}
        answer = post(desk, PLACE, sent)
        assert answer.status_code == 200
        (found,) = answer.json()["pairs"]
        assert (found["metric"], found["text"], found["stored"]) == ("appeals_filed", "452", None)
        assert not Figure.objects.filter(
            monthly_return__court=slot.court, monthly_return__year=2019
        ).exists()

    @pytest.mark.parametrize(
        "sent",
        [
            b"",
            b"\0",
            b"[" * 3000,
            "[]",
            "{}",
            {"text": 1, "metric": "appeals_filed"},
            {"text": "1", "metric": "no_such_metric"},
            {"text": "1", "metric": "appeals_filed", "answers": []},
            {"text": "1", "metric": "appeals_filed", "answers": {"column": "A" * 500}},
            {"text": "\0", "metric": "appeals_filed"},
            {"text": "1\t" * 60_000, "metric": "appeals_filed"},
            {"text": "1" * 900_000, "metric": "appeals_filed"},
        ],
    )
    def test_nonsense_is_refused_in_words(self, slot: Slot, desk: User, sent: Any) -> None:
        answer = post(desk, PLACE, sent)
        assert answer.status_code == 400
        assert answer.json()["message"]

    def test_control_signs_stop_nothing(self, slot: Slot, desk: User) -> None:
        sent = {"text": "二审\0立案数\t4\x0052\x1b", "metric": "appeals_filed"}
        assert post(desk, PLACE, sent).json()["pairs"][0]["text"] == "452"

    def test_a_closed_return_in_words(
        self, slot: Slot, desk: User, people: dict[str, User]
    ) -> None:
        bring_to("submitted", slot, people)
        answer = post(desk, PLACE, {"text": "二审立案数\t452", "metric": "appeals_filed"})
        assert answer.status_code == 422
        assert answer.json()["message"]

    def test_the_grid_of_all_courts(self, slot: Slot, people: dict[str, User]) -> None:
        bring_to("verified", slot, people)
        text = "指标\t敦化法院\t图们法院\t延吉法院\t合计\n二审立案数\t7\t8\t460\t475"
        sent = {"text": text, "metric": "appeal_revised", "court": "dunhua"}
        found = post(people["office"], GRID, sent).json()
        assert [(p["court"], p["stored"], p["text"]) for p in found["pairs"]] == [
            ("dunhua", None, "7"),
            ("tumen", None, "8"),
            ("yanji", "452", "460"),
        ]
        assert [bool(p["fault"]) for p in found["pairs"]] == [False, False, True]
        assert "延吉" in found["pairs"][2]["fault"]
        assert found["left_out"][0]["examples"] == ["E列 合计"]

    @pytest.mark.parametrize("court", ["", "nowhere", "meihekou"])
    def test_of_a_court_that_is_not_there(
        self, slot: Slot, people: dict[str, User], court: str
    ) -> None:
        sent = {"text": "二审立案数\t452", "metric": "appeals_filed", "court": court}
        assert post(people["office"], GRID, sent).status_code == 400

    @pytest.mark.parametrize(("who", "address"), [("desk", PLACE), ("office", GRID)])
    def test_queries_do_not_grow_with_courts(
        self, slot: Slot, people: dict[str, User], year: QualityYear, who: str, address: str
    ) -> None:
        sent = {"text": "二审立案数\t452", "metric": "appeals_filed", "court": "dunhua"}
        post(people[who], address, sent)
        with CaptureQueriesContext(connection) as before:
            assert post(people[who], address, sent).status_code == 200
        more_courts(year, 20)
        with CaptureQueriesContext(connection) as after:
            post(people[who], address, sent)
        assert len(after) <= len(before)
        assert len(before) <= 30


def test_enforcement_has_its_own_names(year: QualityYear, people: dict[str, User]) -> None:
    found = look(slot_of(year, side=Side.ENFORCEMENT), "旧存\t4\n新收\t5", "closing_days")
    assert pairs(found) == {"enforcement_carried_over": "4", "enforcement_received": "5"}
