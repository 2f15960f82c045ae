"""Tests of filling a return from a file: what is recognised, what is refused, what is written."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from courts.files.cells import Cell, RefusedCell
from courts.files.headings import folded
from courts.files.pairs import Sought
from courts.files.recognition import MARK_SHEET, Layout, Recognised, recognise, value_of
from courts.files.sheets import SourceFile
from courts.files.values import FigureError
from courts.frame.refusals import ReturnError, StaleError
from courts.models import Event, Figure, QualityYear, SheetSource, User, WaitingTable
from courts.returns.return_templates import template_workbook
from courts.returns.selectors.grids import grid
from courts.returns.services.uploads import (
    Pick,
    confirm,
    discard,
    edit_source,
    map_headings,
    preview,
    receive,
    waiting_upload,
)
from courts.years.selectors.slots import Slot
from scoring.facts import Month
from scoring.schema import Side
from tests.courts.admin_fixtures import elsewhere
from tests.courts.returns_fixtures import (
    CLEAN_LITIGATION,
    bring_to,
    fill,
    people,
    slot_of,
    values_of,
)
from tests.pages import client_of, more_courts

__all__ = ["elsewhere", "people"]

PLACE = "/yanbian-2019/returns/yanji/2019-05/litigation"


# --- What is recognised, without a database -------------------------------------------------

SOUGHT = Sought(
    metrics={"revised": "revised", "二审被改判": "revised", "发回": "remanded", "立案": "filed"},
    courts={"yanji": "yanji", "延吉法院": "yanji", "tumen": "tumen", "图们法院": "tumen"},
    month=Month(2019, 5),
    court="yanji",
)


def look(
    *rows: Sequence[Any], sought: Sought = SOUGHT, more: Mapping[str, Any] | None = None
) -> Any:
    sheets: Any = {"a": rows} | dict(more or {})
    tables = {title: list(enumerate(lines, start=1)) for title, lines in sheets.items()}
    return recognise(tables, sought)


def values(found: Recognised) -> dict[str, tuple[str, int | None]]:
    assert not found.problems
    return {cell.metric: (cell.address, cell.value) for cell in found.cells}


def troubles(found: Recognised) -> list[tuple[str, str]]:
    return [(problem.address, problem.expected) for problem in found.problems]


class TestRecognition:
    def test_a_metric_a_row(self) -> None:
        found = look(
            ["指标", "数"], ["二审被改判（件）", 12], ["发 回", "１，２３４"], ["立案", ""]
        )
        assert found.layout is Layout.LIST
        assert values(found) == {
            "revised": ("B2", 12),
            "remanded": ("B3", 1234),
            "filed": ("B4", None),
        }

    def test_without_any_heading(self) -> None:
        assert values(look(["Revised", 3])) == {"revised": ("B1", 3)}

    def test_of_several_columns_the_one_headed_as_year_to_date(self) -> None:
        rows = ["指标", "上月累计", "本月累计"], ["二审被改判", 9, 12], ["发回", 1, 2]
        assert values(look(*rows)) == {"revised": ("C2", 12), "remanded": ("C3", 2)}

    @pytest.mark.parametrize("heading", ["2019-05", "2019年5月", "5月", date(2019, 5, 1), "05"])
    def test_a_bare_month_may_be_meant_either_way(self, heading: Cell) -> None:
        rows = ["指标", "2019-04", heading], ["二审被改判", 9, 12]
        found = look(*rows)
        assert [track.key for track in found.tracks] == ["B", "C"]
        assert "哪一列" in troubles(found)[0][1]
        assert not found.cells

    @pytest.mark.parametrize("heading", ["1-5月", "1—5月", "2019年1至5月累计", "5月累计"])
    def test_or_as_the_months_from_january(self, heading: Cell) -> None:
        rows = ["指标", "5月", heading], ["二审被改判", 9, 12]
        assert values(look(*rows)) == {"revised": ("C2", 12)}

    def test_or_else_a_person_chooses(self) -> None:
        rows = ["指标", "甲", "乙"], ["二审被改判", 9, 12], ["发回", 1, 2]
        found = look(*rows)
        assert [(c.key, c.heading, c.sample) for c in found.tracks] == [
            ("B", "甲", "9、1"),
            ("C", "乙", "12、2"),
        ]
        assert "哪一列" in troubles(found)[0][1]
        assert values(look(*rows, sought=replace(SOUGHT, column="C")))["revised"] == ("C2", 12)

    def test_a_metric_a_column_the_court_s_own_row(self) -> None:
        rows = (
            ["通报", "", ""],
            ["法院", "二审被改判", "发回"],
            ["图们法院", 1, 2],
            ["延吉法院", 3, ""],
        )
        found = look(*rows)
        assert found.layout is Layout.TABLE
        assert values(found) == {"revised": ("B4", 3), "remanded": ("C4", None)}

    def test_one_known_heading_is_enough_either_way(self) -> None:
        assert values(look(["二审被改判", "甲"], [3, 4])) == {"revised": ("A2", 3)}
        assert values(look(["二审被改判", 3], ["甲", 4])) == {"revised": ("B1", 3)}

    def test_rows_of_court_month_metric_value(self) -> None:
        rows = (
            ["court", "month", "metric", "value"],
            ["tumen", "2019-05", "revised", 1],
            ["yanji", "2019-04", "revised", 2],
            ["yanji", "2019-05", "revised", 3],
            ["延吉法院", date(2019, 5, 1), "发回", 4],
        )
        assert values(look(*rows)) == {"revised": ("D4", 3), "remanded": ("D5", 4)}

    def test_units_under_a_heading_that_could_be_courts(self) -> None:
        rows = ["指标", "单位", "本月累计"], ["二审被改判", "件", 12]
        assert values(look(*rows)) == {"revised": ("C2", 12)}

    @pytest.mark.parametrize(
        ("rows", "expected"),
        [
            ((["法院", "二审被改判", "发回"], ["图们法院", 1, 2]), "没有本院"),
            ((["月份", "二审被改判", "发回"], ["2019-04", 1, 2]), "没有2019-05"),
            ((["法院", "二审被改判", "发回"], ["yanji", 1, 2], ["yanji", 3, 4]), "哪一行"),
            ((["二审被改判", "发回"],), "没有"),
            ((["甲", "乙"], ["丙", "丁"]), "没有认出任何指标"),
        ],
    )
    def test_what_cannot_be_read_is_said(self, rows: Sequence[Any], expected: str) -> None:
        found = look(*rows)
        assert not found.cells
        assert expected in troubles(found)[0][1]

    def test_bad_cells_are_named_by_their_address(self) -> None:
        found = look(
            ["指标", "本月累计"],
            ["二审被改判", -1],
            ["发回", Decimal("1.5")],
            ["立案", RefusedCell("=A1", "单元格B4是公式，请粘贴为数值。")],
        )
        assert [(p.address, p.found) for p in found.problems] == [
            ("B2", "-1"),
            ("B3", "1.5"),
            ("B4", "=A1"),
        ]
        assert "公式" in found.problems[2].expected

    def test_a_metric_twice(self) -> None:
        found = look(["二审被改判", 1], ["Revised", 1])
        assert troubles(found) == [("B2", "这个指标出现了两次，前一次在B1。")]

    def test_unknown_headings_are_asked_about(self) -> None:
        found = look(["指标", "本月累计"], ["二审被改判", 1], ["新收案件", 7], ["小计", "无"])
        assert [(u.name, u.address, u.sample) for u in found.unknown] == [("新收案件", "A3", "7")]
        wide = look(["法院", "二审被改判", "发回", "新收案件"], ["yanji", 1, 2, 7])
        assert [(u.name, u.address) for u in wide.unknown] == [("新收案件", "D1")]

    def test_a_sheet_of_nothing_but_unknown_headings(self) -> None:
        wide = look(["单位名称", "甲项", "乙项"], ["延吉法院", 5, 6])
        assert [(u.name, u.sample) for u in wide.unknown] == [("甲项", "5"), ("乙项", "6")]
        tall = look(["甲项", 5], ["乙项", 6])
        assert [u.name for u in tall.unknown] == ["甲项", "乙项"]

    def test_of_several_sheets_the_one_with_metrics(self) -> None:
        found = look(["说明", "随便"], more={"b": [["二审被改判", 5]]})
        assert (found.sheet, values(found)) == ("b", {"revised": ("B1", 5)})
        both = look(["二审被改判", 4], more={"b": [["发回", 5]]})
        assert (both.is_open, len(both.rivals)) == (True, 2)

    def test_a_tampered_mark_makes_it_an_ordinary_sheet(self) -> None:
        for mark in ([["quality-year-return", 2]], [["quality-year-return", 1]], [["x"]]):
            found = look(["二审被改判", 5], more={MARK_SHEET: mark})
            assert found.mark is None
            assert values(found) == {"revised": ("B1", 5)}

    @pytest.mark.parametrize("cell", [Decimal("-1.5"), date(2019, 1, 1), "abc", "1.5", 10**12])
    def test_values_that_are_none(self, cell: Cell) -> None:
        with pytest.raises(FigureError):
            value_of(cell)

    def test_headings_are_compared_without_what_does_not_matter(self) -> None:
        assert folded(" ＡＢＣ 结 案\n数 ") == "abc结案数"


# --- What is kept, shown and written ---------------------------------------------------------


@pytest.fixture
def slot(year: QualityYear, people: dict[str, User]) -> Slot:
    return slot_of(year)


@pytest.fixture
def desk(people: dict[str, User]) -> User:
    return people["desk"]


def template(slot: Slot, user: User) -> bytes:
    return template_workbook(grid(user, slot))


def filled(content: bytes, figures: Mapping[str, object]) -> bytes:
    """A downloaded template with these figures typed over it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet: Any = book.worksheets[0]
    rows = {row[0].value: row[0].row for row in sheet.iter_rows()}
    for metric, value in figures.items():
        sheet.cell(rows[metric], 6).value = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def give(user: User, slot: Slot, content: bytes, name: str = "") -> Any:
    name = name or ("表.xlsx" if content.startswith(b"PK") else "表.csv")
    upload = receive(user=user, slot=slot, file=SourceFile(name, content))
    return upload, preview(slot=slot, upload=upload)


def csv_of(*rows: Sequence[object]) -> bytes:
    return "\n".join(",".join(map(str, row)) for row in rows).encode()


def picks_of(page: Any) -> dict[str, Pick]:
    return {line.metric: Pick(line.stored, line.given) for line in page.lines if not line.conflict}


pages = pytest.mark.django_db


@pages
class TestTemplate:
    def test_comes_back_filled(self, slot: Slot, desk: User) -> None:
        content = filled(template(slot, desk), CLEAN_LITIGATION)
        upload, page = give(desk, slot, content)
        assert page.layout == "template"
        assert {line.metric: line.given for line in page.lines} == CLEAN_LITIGATION
        assert values_of(slot) == {}
        picks = picks_of(page)
        assert confirm(user=desk, slot=slot, sha256=upload.sha256, picks=picks) == 13
        assert values_of(slot) == CLEAN_LITIGATION
        assert not WaitingTable.objects.exists()
        last = Figure.objects.get(monthly_return=slot.row(), metric="appeals_filed").history.first()
        assert (last.history_user, last.history_change_reason) == (desk, "上传 表.xlsx")
        event = Event.objects.get(action="upload_figures")
        assert event.data["sha256"] == upload.sha256

    def test_shows_last_month_and_last_year_and_locks_the_rest(
        self, year: QualityYear, desk: User
    ) -> None:
        april, may = slot_of(year, month=Month(2019, 4)), slot_of(year)
        fill(desk, april, {"appeals_filed": 300})
        fill(desk, may, {"appeals_filed": 360})
        book = openpyxl.load_workbook(io.BytesIO(template(may, desk)))
        sheet = book.worksheets[0]
        row = next(row for row in sheet.iter_rows() if row[0].value == "appeals_filed")
        # Annex 3 has 1085 appeals for the whole of 2018; no month of it is known.
        assert [cell.value for cell in row[3:6]] == [1085, 300, 360]
        assert row[6].value == f'=IF(F{row[0].row}="","",F{row[0].row}-E{row[0].row})'
        assert sheet.protection.sheet
        unlocked = {
            cell.column for line in sheet.iter_rows() for cell in line if not cell.protection.locked
        }
        assert unlocked == {6}
        rules = sheet.data_validations.dataValidation
        assert {rule.type for rule in rules} == {"whole"}
        assert sum(len(rule.sqref.ranges) for rule in rules) == 13
        assert book[MARK_SHEET].sheet_state == "veryHidden"

    def test_in_korean_and_english_it_is_read_as_well(self, slot: Slot, desk: User) -> None:
        for language in ("ko", "en"):
            with translation.override(language):
                content = filled(template(slot, desk), {"appeals_filed": 5})
            _upload, page = give(desk, slot, content)
            assert [(line.metric, line.given) for line in page.lines] == [("appeals_filed", 5)]

    def test_untouched_it_changes_nothing(self, slot: Slot, desk: User) -> None:
        fill(desk, slot, CLEAN_LITIGATION)
        _upload, page = give(desk, slot, template(slot, desk))
        assert page.lines == ()
        assert page.same == 13

    def test_an_emptied_cell_takes_the_figure_away(self, slot: Slot, desk: User) -> None:
        fill(desk, slot, CLEAN_LITIGATION)
        upload, page = give(desk, slot, filled(template(slot, desk), {"appeals_filed": None}))
        assert [(line.metric, line.stored, line.given) for line in page.lines] == [
            ("appeals_filed", 452, None)
        ]
        confirm(user=desk, slot=slot, sha256=upload.sha256, picks=picks_of(page))
        assert values_of(slot)["appeals_filed"] is None

    def test_what_others_changed_meanwhile_is_kept_and_said(
        self, slot: Slot, desk: User, people: dict[str, User]
    ) -> None:
        fill(desk, slot, CLEAN_LITIGATION)
        content = template(slot, desk)
        fill(people["desk2"], slot, {"appeals_filed": 460, "retrial_decided": 13})
        _upload, page = give(desk, slot, filled(content, {"appeals_filed": 455}))
        (line,) = page.lines
        assert (line.metric, line.stored, line.given) == ("appeals_filed", 460, 455)
        assert "desk2" in line.conflict

    def test_another_return_s_is_refused(self, year: QualityYear, slot: Slot, desk: User) -> None:
        april = slot_of(year, month=Month(2019, 4))
        _upload, page = give(desk, slot, filled(template(april, desk), CLEAN_LITIGATION))
        assert not page.is_ready
        assert "不是这张报表的" in page.problems[0].expected

    def test_without_its_codes_it_is_refused(self, slot: Slot, desk: User) -> None:
        book = openpyxl.load_workbook(io.BytesIO(template(slot, desk)))
        book.worksheets[0].delete_cols(1)
        buffer = io.BytesIO()
        book.save(buffer)
        _upload, page = give(desk, slot, buffer.getvalue())
        assert "重新下载" in page.problems[0].expected

    @pytest.mark.parametrize("value", [-1, 1.5, "三十", "=1+1", True, date(2019, 5, 1)])
    def test_a_bad_cell_keeps_back_all(self, slot: Slot, desk: User, value: object) -> None:
        content = filled(template(slot, desk), CLEAN_LITIGATION | {"appeals_filed": value})
        upload, page = give(desk, slot, content)
        (problem,) = page.problems
        assert problem.address.startswith("F")
        with pytest.raises(ReturnError):
            confirm(
                user=desk, slot=slot, sha256=upload.sha256, picks={"appeal_revised": Pick(None, 69)}
            )
        assert values_of(slot) == {}


def opened_by_libreoffice(content: bytes, folder: Path, ending: str) -> bytes:
    """The workbook as LibreOffice saves it, through another format and back."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        if os.environ.get("QY_REQUIRE_ALL"):
            pytest.fail("LibreOffice is not installed", pytrace=False)
        pytest.skip("LibreOffice is not installed")
    source = folder / "return.xlsx"
    source.write_bytes(content)
    steps = (
        [("xlsx", source)]
        if ending == "xlsx"
        else [("ods", source), ("xlsx", folder / "1" / "return.ods")]
    )
    for number, (kind, path) in enumerate(steps, start=1):
        target = folder / str(number)
        profile = (folder / "profile").as_uri()
        options = ["--headless", f"-env:UserInstallation={profile}", "--convert-to", kind]
        subprocess.run(
            [program, *options, "--outdir", str(target), str(path)],
            check=True,
            capture_output=True,
            timeout=120,
        )
    return (folder / str(len(steps)) / "return.xlsx").read_bytes()


@pages
@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_a_template_saved_by_libreoffice_comes_back_the_same(
    slot: Slot, desk: User, tmp_path: Path, ending: str
) -> None:
    fill(desk, slot, {"appeals_filed": 440, "retrial_decided": 12})
    content = filled(template(slot, desk), CLEAN_LITIGATION)
    upload, page = give(desk, slot, opened_by_libreoffice(content, tmp_path, ending))
    assert page.layout == "template"
    assert page.problems == ()
    # 452 against 440 stored; the 12 retrials were there already.
    assert page.same == 1
    confirm(user=desk, slot=slot, sha256=upload.sha256, picks=picks_of(page))
    assert values_of(slot) == CLEAN_LITIGATION


@pages
class TestOtherSheets:
    def test_a_csv_in_gb18030(self, slot: Slot, desk: User) -> None:
        text = "指标,本月累计\n二审立案数,452\n提级再审,\n"
        upload, page = give(desk, slot, text.encode("gb18030"), "export.csv")
        assert [(line.metric, line.given) for line in page.lines] == [("appeals_filed", 452)]
        confirm(user=desk, slot=slot, sha256=upload.sha256, picks=picks_of(page))
        assert values_of(slot) == {"appeals_filed": 452}

    def test_an_empty_cell_takes_nothing_away(self, slot: Slot, desk: User) -> None:
        fill(desk, slot, {"appeals_filed": 452})
        _upload, page = give(desk, slot, csv_of(["appeals_filed", ""], ["appeal_revised", 1]))
        assert [line.metric for line in page.lines] == ["appeal_revised"]

    def test_a_mapping_is_kept_under_its_source_and_used_again(
        self, slot: Slot, desk: User, people: dict[str, User], year: QualityYear
    ) -> None:
        content = csv_of(["单位", "二审新收", "发改"], ["延吉法院", 452, 69])
        upload, page = give(desk, slot, content, "ems.csv")
        assert page.lines == ()
        assert [one.name for one in page.unknown] == ["二审新收", "发改"]
        map_headings(
            user=desk,
            slot=slot,
            headings={"二审新收": "appeals_filed", "发改": ""},
            save_as="办案系统",
        )
        upload.refresh_from_db()
        page = preview(slot=slot, upload=upload)
        assert [(line.metric, line.given) for line in page.lines] == [("appeals_filed", 452)]
        june = slot_of(year, month=Month(2019, 6))
        _upload, page = give(people["desk2"], june, content, "ems.csv")
        assert page.source == "办案系统"
        assert [(line.metric, line.given) for line in page.lines] == [("appeals_filed", 452)]
        source = SheetSource.objects.get()
        assert source.history.first().history_user == desk

    def test_a_mapping_for_this_file_only(self, slot: Slot, desk: User) -> None:
        upload, _page = give(desk, slot, csv_of(["二审新收", 452]))
        map_headings(user=desk, slot=slot, headings={"二审新收": "appeals_filed"})
        upload.refresh_from_db()
        assert [line.given for line in preview(slot=slot, upload=upload).lines] == [452]
        assert not SheetSource.objects.exists()

    @pytest.mark.parametrize(
        "headings",
        [
            {"甲": "appeals_filed", "乙": "appeals_filed"},
            {"甲": "closing_days"},
            {"甲": "no_such_metric"},
        ],
    )
    def test_a_mapping_that_makes_no_sense(
        self, slot: Slot, desk: User, headings: dict[str, str]
    ) -> None:
        give(desk, slot, csv_of(["甲", 1], ["乙", 2]))
        with pytest.raises(ReturnError):
            map_headings(user=desk, slot=slot, headings=headings, save_as="x")
        assert not SheetSource.objects.exists()

    def test_sources_are_renamed_thinned_out_and_deleted(
        self, slot: Slot, desk: User, people: dict[str, User]
    ) -> None:
        give(desk, slot, csv_of(["甲", 1], ["乙", 2]))
        both = {"甲": "appeals_filed", "乙": "appeal_revised"}
        map_headings(user=desk, slot=slot, headings=both, save_as="旧名")
        source = SheetSource.objects.get()
        act: dict[str, Any] = {"user": desk, "slot": slot, "source": source.pk}
        with pytest.raises(StaleError):
            edit_source(**act, seen_version=source.version + 1, keep=["甲"], name="新名")
        with pytest.raises(ReturnError):
            edit_source(**act, seen_version=source.version, keep=["甲"], name=" ")
        edit_source(**act, seen_version=source.version, keep=["甲"], name="新名")
        source.refresh_from_db()
        assert (source.name, source.headings) == ("新名", {"甲": "appeals_filed"})
        with pytest.raises(PermissionDenied):
            edit_source(**act | {"user": people["other court"]}, seen_version=2, keep=[], name="x")
        edit_source(**act, seen_version=source.version, keep=[], name="")
        assert not SheetSource.objects.exists()
        assert [e.action for e in Event.objects.filter(action__contains="sheet_source")] == [
            "delete_sheet_source",
            "edit_sheet_source",
        ]


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (64 * 1024 * 1024))
    return buffer.getvalue()


@pages
@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", b"", "空"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 100, "旧版或特殊格式"),
        ("a.csv", b"a\0b", "认不出文字的编码"),
        ("a.xlsx", bomb, "内容太多"),
        ("a.csv", b"x" * (4 * 1024 * 1024 + 1), "超过4 MB"),
    ],
)
def test_files_that_cannot_be_read(
    slot: Slot, desk: User, name: str, content: bytes | Callable[[], bytes], expected: str
) -> None:
    data = content() if callable(content) else content
    with pytest.raises(ReturnError, match=expected):
        receive(user=desk, slot=slot, file=SourceFile(name, data))
    assert not WaitingTable.objects.exists()


@pages
def test_an_open_document_is_named(slot: Slot, desk: User) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(ReturnError, match="这是旧版或特殊格式"):
        receive(user=desk, slot=slot, file=SourceFile("a.ods", buffer.getvalue()))


@pages
def test_ten_thousand_errors_are_ten_thousand_lines_of_one_page(slot: Slot, desk: User) -> None:
    rows = [["指标", "本月累计"], *(["appeals_filed", "x"] for _ in range(10_000))]
    _upload, page = give(desk, slot, csv_of(*rows))
    assert len(page.problems) == 10_000
    assert page.problems[-1].address == "B10001"


@pages
class TestConfirming:
    def test_a_figure_that_changed_since_the_preview_keeps_back_all(
        self, slot: Slot, desk: User, people: dict[str, User]
    ) -> None:
        upload, page = give(desk, slot, csv_of(["appeals_filed", 452], ["appeal_revised", 69]))
        fill(people["desk2"], slot, {"appeals_filed": 450})
        with pytest.raises(StaleError) as caught:
            confirm(user=desk, slot=slot, sha256=upload.sha256, picks=picks_of(page))
        assert [obstacle.key for obstacle in caught.value.obstacles] == ["appeals_filed"]
        assert values_of(slot) == {"appeals_filed": 450}
        assert WaitingTable.objects.exists()

    def test_only_what_is_ticked(self, slot: Slot, desk: User) -> None:
        upload, _page = give(desk, slot, csv_of(["appeals_filed", 452], ["appeal_revised", 69]))
        confirm(
            user=desk, slot=slot, sha256=upload.sha256, picks={"appeal_revised": Pick(None, 69)}
        )
        assert values_of(slot) == {"appeal_revised": 69}

    def test_twice_or_with_another_file(self, slot: Slot, desk: User) -> None:
        upload, page = give(desk, slot, csv_of(["appeals_filed", 452]))
        with pytest.raises(StaleError):
            confirm(user=desk, slot=slot, sha256="0" * 64, picks=picks_of(page))
        confirm(user=desk, slot=slot, sha256=upload.sha256, picks=picks_of(page))
        with pytest.raises(StaleError):
            confirm(user=desk, slot=slot, sha256=upload.sha256, picks=picks_of(page))

    @pytest.mark.parametrize(
        "picks", [{}, {"closing_days": Pick(None, 1)}, {"appeal_revised": Pick(None, 1)}]
    )
    def test_what_the_file_does_not_have(
        self, slot: Slot, desk: User, picks: dict[str, Pick]
    ) -> None:
        upload, _page = give(desk, slot, csv_of(["appeals_filed", 452]))
        with pytest.raises(ReturnError):
            confirm(user=desk, slot=slot, sha256=upload.sha256, picks=picks)
        assert values_of(slot) == {}

    def test_a_locked_return(self, slot: Slot, desk: User, people: dict[str, User]) -> None:
        upload, page = give(desk, slot, csv_of(["appeals_filed", 460]))
        bring_to("submitted", slot, people)
        with pytest.raises(ReturnError):
            confirm(user=desk, slot=slot, sha256=upload.sha256, picks=picks_of(page))
        with pytest.raises(ReturnError):
            receive(user=desk, slot=slot, file=SourceFile("a.csv", csv_of(["appeals_filed", 1])))
        assert values_of(slot)["appeals_filed"] == 452

    def test_each_account_has_its_own(
        self, slot: Slot, desk: User, people: dict[str, User]
    ) -> None:
        upload, _page = give(desk, slot, csv_of(["appeals_filed", 452]))
        assert waiting_upload(user=people["desk2"], slot=slot) is None
        picks = {"appeals_filed": Pick(None, 452)}
        with pytest.raises(StaleError):
            confirm(user=people["desk2"], slot=slot, sha256=upload.sha256, picks=picks)
        for name in ("other side", "other court", "office", "admin at the desk"):
            with pytest.raises(PermissionDenied):
                confirm(user=people[name], slot=slot, sha256=upload.sha256, picks=picks)
            with pytest.raises(PermissionDenied):
                receive(user=people[name], slot=slot, file=SourceFile("a.csv", b"a,1"))
            with pytest.raises(PermissionDenied):
                discard(user=people[name], slot=slot)

    def test_forgotten_ones_are_deleted(self, slot: Slot, desk: User, year: QualityYear) -> None:
        give(desk, slot, csv_of(["appeals_filed", 452]))
        WaitingTable.objects.update(at=timezone.now() - timedelta(hours=25))
        assert waiting_upload(user=desk, slot=slot) is None
        give(desk, slot_of(year, month=Month(2019, 4)), csv_of(["appeals_filed", 452]))
        assert WaitingTable.objects.count() == 1


@pages
class TestPages:
    def test_from_the_file_to_the_grid(self, slot: Slot, desk: User) -> None:
        client = client_of(desk)
        file = SimpleUploadedFile("表.csv", csv_of(["appeals_filed", 452], ["甲", 3]))
        response = client.post(f"{PLACE}/upload/", {"file": file}, follow=True)
        text = response.content.decode()
        assert "预览：尚未写入" in text
        assert "有 1 个表头没有认出" in text
        sha256 = WaitingTable.objects.get().sha256
        data = {"sha256": sha256, "pick": ["appeals_filed@@452"]}
        response = client.post(f"{PLACE}/upload/confirm/", data, follow=True)
        assert "已写入 1 个数据" in response.content.decode()
        assert values_of(slot) == {"appeals_filed": 452}

    @pytest.mark.parametrize(
        ("name", "content"),
        [("a.csv", b""), ("a.xlsx", b"%PDF-1.4"), ("a.csv", b"x" * (4 * 1024 * 1024 + 1))],
    )
    def test_a_bad_file_is_said_on_top_and_the_earlier_preview_put_away(
        self, slot: Slot, desk: User, name: str, content: bytes
    ) -> None:
        give(desk, slot, csv_of(["appeals_filed", 452]))
        response = client_of(desk).post(
            f"{PLACE}/upload/", {"file": SimpleUploadedFile(name, content)}
        )
        assert response.status_code == 200
        page = response.content.decode()
        assert 'class="notice notice-error" role="alert"' in page
        assert "452" not in page
        assert not WaitingTable.objects.exists()

    @pytest.mark.parametrize(
        "pick",
        ["x", "appeals_filed@", "appeals_filed@0", "appeals_filed@@-1", "@@1", "appeals_filed@@4²"],
    )
    def test_nonsense_writes_nothing(self, slot: Slot, desk: User, pick: str) -> None:
        upload, _page = give(desk, slot, csv_of(["appeals_filed", 452]))
        response = client_of(desk).post(
            f"{PLACE}/upload/confirm/", {"sha256": upload.sha256, "pick": pick}
        )
        assert 'role="alert"' in response.content.decode()
        assert values_of(slot) == {}

    def test_mapped_on_the_page(self, slot: Slot, desk: User) -> None:
        give(desk, slot, csv_of(["甲", 452], ["乙", 3]))
        data = {
            "heading": ["甲", "乙"],
            "metric": ["appeals_filed", ""],
            "save_as": "办案系统",
        }
        client = client_of(desk)
        response = client.post(f"{PLACE}/upload/headings/", data, follow=True)
        assert "采用了表头对照“办案系统”" in response.content.decode()
        assert "办案系统" in client.get(f"{PLACE}/upload/sources/").content.decode()
        source = SheetSource.objects.get()
        edit = {"source": source.pk, "version": source.version, "act": "delete"}
        client.post(f"{PLACE}/upload/sources/", edit)
        assert not SheetSource.objects.exists()

    @pytest.mark.parametrize("data", [{}, {"source": "x"}, {"source": "1", "version": "x"}])
    def test_half_an_edit_changes_nothing(
        self, slot: Slot, desk: User, data: dict[str, str]
    ) -> None:
        client = client_of(desk)
        response = client.post(f"{PLACE}/upload/sources/", data, follow=True)
        assert "notice-error" in response.content.decode()

    def test_downloaded(self, slot: Slot, desk: User) -> None:
        response = client_of(desk).get(f"{PLACE}/template.xlsx")
        name = unquote(response.headers["Content-Disposition"].partition("filename*=")[2])
        assert name == "utf-8''延吉市人民法院2019年5月诉讼报表.xlsx"
        assert openpyxl.load_workbook(io.BytesIO(response.content)).sheetnames[0] == "诉讼"

    @pytest.mark.parametrize("address", ["upload/", "upload/sources/", "template.xlsx"])
    def test_queries_do_not_grow_with_courts(
        self, address: str, year: QualityYear, slot: Slot, desk: User
    ) -> None:
        fill(desk, slot, CLEAN_LITIGATION)
        give(desk, slot, filled(template(slot, desk), {"appeals_filed": 1}))
        client = client_of(desk)
        client.get(f"{PLACE}/{address}")
        with CaptureQueriesContext(connection) as before:
            assert client.get(f"{PLACE}/{address}").status_code == 200
        more_courts(year, 20)
        with CaptureQueriesContext(connection) as after:
            client.get(f"{PLACE}/{address}")
        assert len(after) == len(before)
        assert len(before) <= 40


@pages
def test_the_other_side_is_read_too(year: QualityYear, people: dict[str, User]) -> None:
    slot = slot_of(year, side=Side.ENFORCEMENT)
    upload, page = give(people["other side"], slot, csv_of(["closing_days", 900]))
    confirm(user=people["other side"], slot=slot, sha256=upload.sha256, picks=picks_of(page))
    assert values_of(slot) == {"closing_days": 900}


@pages
class TestTicks:
    def test_a_figure_changed_and_changed_back_is_ticked(
        self, slot: Slot, desk: User, people: dict[str, User]
    ) -> None:
        fill(desk, slot, CLEAN_LITIGATION)
        content = template(slot, desk)
        fill(people["desk2"], slot, {"appeals_filed": 460})
        fill(people["desk2"], slot, {"appeals_filed": 452})
        upload, page = give(desk, slot, filled(content, {"appeals_filed": 455}))
        assert (page.ticked, len(page.lines)) == (1, 1)
        # Somebody writes the same value once more: nothing that was seen is different.
        fill(people["desk2"], slot, {"appeals_filed": 461})
        fill(people["desk2"], slot, {"appeals_filed": 452})
        picks = picks_of(page)
        assert confirm(user=desk, slot=slot, sha256=upload.sha256, picks=picks) == 1
        assert values_of(slot)["appeals_filed"] == 455

    def test_another_column_chosen_meanwhile_writes_nothing_unseen(
        self, slot: Slot, desk: User
    ) -> None:
        rows = csv_of(["指标", "本月累计", "乙"], ["appeals_filed", 452, 12])
        upload, page = give(desk, slot, rows)
        map_headings(user=desk, slot=slot, headings={}, column="C")
        with pytest.raises(StaleError):
            confirm(user=desk, slot=slot, sha256=upload.sha256, picks=picks_of(page))
        assert values_of(slot) == {}

    def test_a_title_of_another_month_must_be_looked_at(self, slot: Slot, desk: User) -> None:
        rows = csv_of(["2019年1—4月报表"], ["指标", "本月累计"], ["appeals_filed", 452])
        upload, page = give(desk, slot, rows)
        assert "1—4月" in page.doubts[0]
        act: dict[str, Any] = {"user": desk, "slot": slot, "sha256": upload.sha256}
        with pytest.raises(ReturnError, match="标题"):
            confirm(**act, picks=picks_of(page))
        assert confirm(**act, picks=picks_of(page), agreed=True) == 1

    def test_the_button_is_true_without_a_script(self, slot: Slot, desk: User) -> None:
        give(desk, slot, csv_of(["appeals_filed", 452], ["合计", 3]))
        text = client_of(desk).get(f"{PLACE}/upload/").content.decode()
        assert "写入勾选的数据" in text
        assert 'data-text="写入 {count} 处，跳过 {skipped} 处"' in text
        assert "合计，不是一个指标" in text

    @pytest.mark.parametrize(
        ("rows", "value"),
        [
            ([["指标", "5月", "1-5月"], ["appeals_filed", 3, 46]], 46),
            ([["序号", "指标", "去年同期", "累计"], [1, "appeals_filed", 3, 46]], 46),
            ([["月份", "法院", "二审立案数", "二审被改判"], ["1-5月", "延吉法院", 46, 1]], 46),
        ],
    )
    def test_the_year_to_date_is_found(
        self, slot: Slot, desk: User, rows: list[list[object]], value: int
    ) -> None:
        _upload, page = give(desk, slot, csv_of(*rows))
        assert not page.problems
        given = {line.metric: line.given for line in page.lines}
        assert given["appeals_filed"] == value
