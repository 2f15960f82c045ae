"""Every list that leaves the system, in three languages: its names, headings, cells and marks.

A declaration is a function that makes a `ListFile`. All of them are looked for in the sources and
met at an address here, so a new one comes with its address or fails.
"""

from __future__ import annotations

import ast
import csv
import io
import re
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from courts.extracts.services.extracts import import_extract
from courts.figures.selectors.facts import DEMO_DOCUMENT
from courts.files import lists
from courts.files.lists import FORMULA_STARTS, ListFile, Percent
from courts.files.sheets import SourceFile
from courts.models import (
    Action,
    AppraisalTarget,
    Court,
    CourtChange,
    Meeting,
    MonthlyReturn,
    Motion,
    QualityYear,
    RegisterLine,
    RulebookEdition,
    Scenario,
    User,
)
from scoring.facts import Month
from tests.kept_rows import put_back
from tests.pages import client_of, mark_as_demo
from tests.test_access_matrix import ACTION, EDITION, EVERYBODY, LINE, MEETING, SCENARIO

pytestmark = [pytest.mark.django_db, pytest.mark.walk, pytest.mark.stands_on(EVERYBODY)]

COURTS = Path(__file__).parents[3] / "courts"
YEAR = "yanbian-2019"
MONTH = f"/{YEAR}/2019-12"
YANJI = f"{MONTH}/yanji"
# Addresses by the declaration that answers there; a query of their own ends with `&`.
ADDRESSES: dict[str, tuple[str, ...]] = {
    "actions.exports.of_actions": (f"/{YEAR}/actions/?",),
    "changes.exports.of_changes": (f"/{YEAR}/court-changes/?",),
    "cases.exports.of_cases": (f"/{YEAR}/cases/?",),
    "extracts.exports.of_extracts": (f"/{YEAR}/extracts/?",),
    "extracts.exports.of_differences": (f"/{YEAR}/differences/?",),
    "outlooks.all_readings_exports.of_all_readings": (f"/{YEAR}/dashboard/2019-12/readings/?",),
    "outlooks.charts.files.table": (
        f"/{YEAR}/dashboard/2019-12/?_chart=caps&",
        f"/{YEAR}/dashboard/2019-12/?_chart=caps-months&",
        f"/{YEAR}/dashboard/2019-12/trends/?_chart=trends&",
        f"/{YEAR}/dashboard/2019-12/small-counts/?_chart=funnel&",
        f"{YANJI}/court/?_chart=total&",
        f"{YANJI}/outlook/?_chart=year-end&",
        f"{YANJI}/small-counts/?_chart=months&",
    ),
    "accounts.exports.of_accounts": ("/accounts/?",),
    "accounts.exports.of_blank": ("/accounts/import/?",),
    "outlooks.dashboard_exports.of_board": (f"/{YEAR}/dashboard/2019-12/?",),
    "outlooks.direction_exports.of_directions": (f"{MONTH}/direction/?",),
    "outlooks.outlook_exports.of_court": (f"{YANJI}/court/?",),
    "outlooks.outlook_exports.of_outlook": (f"/{YEAR}/2019-06/yanji/outlook/?",),
    "outlooks.outlook_exports.of_ranks": (f"/{YEAR}/dashboard/2019-12/small-counts/?",),
    "outlooks.scenario_exports.of_scenarios": (f"{YANJI}/scenarios/?with={SCENARIO}&",),
    "registers.exports.of_blank": (f"/{YEAR}/registers/overturned/import/?",),
    "registers.exports.of_lines": (f"/{YEAR}/registers/overturned/?",),
    "registers.exports.of_reconciliation": (f"/{YEAR}/registers/reconciliation/2019-12/?",),
    "registers.exports.of_statistics": (f"/{YEAR}/registers/overturned/statistics/?",),
    "returns.exports.of_figures": ("/admin/courts/figure/export/?court=yanji&",),
    "returns.exports.of_grid": (f"/{YEAR}/grid/2019-12/litigation/?",),
    "returns.exports.of_returns": ("/admin/courts/monthlyreturn/export/?",),
    "reviews.exports.of_audit": (f"/{YEAR}/audit/?",),
    "reviews.exports.of_completeness": (f"/{YEAR}/completeness/?",),
    "reviews.exports.of_queue": (f"/{YEAR}/reviews/?",),
    "rulebooks.edition_exports.of_differences": (f"/editions/{EDITION[0]}/differences/?",),
    "rulebooks.edition_exports.of_editions": ("/editions/?",),
    "rulebooks.edition_exports.of_effect": (f"/editions/{EDITION[0]}/effect/?",),
    "rulebooks.rulebook_exports.of_rulebook": (f"/{YEAR}/rulebook/?",),
    "rulebooks.rulebook_exports.of_trial": (f"/{YEAR}/readings/?",),
    "rulebooks.target_exports.of_caps": (f"/{YEAR}/caps/?",),
    "rulebooks.target_exports.of_stored_caps": ("/admin/courts/cap/export/?",),
    "rulebooks.target_exports.of_stored_targets": ("/admin/courts/appraisaltarget/export/?",),
    "rulebooks.target_exports.of_targets": (f"/{YEAR}/targets/?",),
    "scores.ranking_exports.ranking_file": (f"{MONTH}/?",),
    "scores.ranking_shown_exports.of_culture": (f"{MONTH}/?",),
    "setup.exports.of_courts": ("/admin/courts/court/export/?",),
    "takeaways.base_exports.of_table": (
        f"/{YEAR}/base/?table=caps&",
        f"/{YEAR}/base/?table=table1&",
    ),
}


def declared() -> set[str]:
    """Every function of `courts` that makes a `ListFile`."""
    found = set()
    for path in COURTS.rglob("*.py"):
        text = path.read_text()
        for node in ast.walk(ast.parse(text)) if "ListFile(" in text else ():
            if isinstance(node, ast.FunctionDef) and any(
                isinstance(one, ast.Call)
                and (getattr(one.func, "id", "") or getattr(one.func, "attr", "")) == "ListFile"
                for one in ast.walk(node)
            ):
                found.add(".".join([*path.relative_to(COURTS).with_suffix("").parts, node.name]))
    return found


def test_every_declaration_has_its_address() -> None:
    assert declared() == set(ADDRESSES)


# --- The walk --------------------------------------------------------------------------------

HAN, HANGUL, WORD = re.compile("[一-鿿]"), re.compile("[가-힣]"), re.compile("[a-z]{3,}")
# What stands in a text cell though a spreadsheet has a kind of its own for it.
WORDED = re.compile(
    r"[+\-−]?[\d,]+(\.\d+)?\s*(%|件|天|分|人|元|个百分点)?"
    r"|\d{4}[-/.年]\d{1,2}([-/.月]\d{0,2}日?)?( \d\d:\d\d)?"
)
# Nothing in these is made up: rules, caps of the notice, courts, files, an empty table.
REAL = {
    "accounts.exports.of_accounts",
    "accounts.exports.of_blank",
    "changes.exports.of_changes",
    "extracts.exports.of_extracts",
    "registers.exports.of_blank",
    "rulebooks.edition_exports.of_differences",
    "rulebooks.edition_exports.of_editions",
    "rulebooks.rulebook_exports.of_rulebook",
    "rulebooks.target_exports.of_caps",
    "rulebooks.target_exports.of_stored_caps",
    "setup.exports.of_courts",
}
EMPTY = {
    "accounts.exports.of_blank",
    "registers.exports.of_blank",
    "rulebooks.edition_exports.of_differences",
}
DEMO = {"zh-CN": "演示数据", "ko": "시연용 수치", "en": "Demonstration data"}
# The notice is cited by its own words in every language.
CITED = re.compile(r"附件\d")


@pytest.fixture(autouse=True)
def language_of_others() -> Iterator[None]:
    """Answers leave their language behind, which is not that of the tests to come."""
    with override("zh-hans"):
        yield


@pytest.fixture
def made_up(made_year: QualityYear) -> QualityYear:
    """A year of made-up figures with something in every list."""
    put_back(EVERYBODY.name, EVERYBODY.make)
    file = SourceFile("extract.csv", b"court,month,metric,value\nyanji,2019-12,appeals_filed,451\n")
    extracted = import_extract(year=made_year, files=[file], source="=案件系统")
    assert not extracted.errors
    AppraisalTarget.objects.update(document=DEMO_DOCUMENT)
    Action.objects.update(asks=f"{DEMO['zh-CN']}：逐案评查")
    RegisterLine.objects.filter(pk=LINE).update(
        is_made=True, values={"decided_on": "2019-12-03", "original_number": "-1"}
    )
    MonthlyReturn.objects.filter(year=2019, month=6, court__code="tumen", side="litigation").update(
        state="submitted"
    )
    # Renamed from the first month on: the year's other lists have the names of today.
    CourtChange.objects.create(
        quality_year=made_year,
        kind="renamed",
        court=Court.objects.get(code="helong"),
        from_month=1,
        old_names=["和龙县院", "和龙县人民法院", ""],
        document="=州编〔2019〕1号",
        decided_on="2018-12-20",
        motion=Motion.objects.create(
            quality_year=made_year,
            kind="courts",
            moved_by=User.objects.get(username="office"),
            moved_at=timezone.now(),
        ),
    )
    mark_as_demo(made_year)
    return made_year


class Recorder:
    """The lists that are made, with the function that made each."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made: list[tuple[str, ListFile]] = []
        plain = ListFile.__init__

        def noting(file: ListFile, *arguments: Any, **values: Any) -> None:
            plain(file, *arguments, **values)
            frame = sys._getframe(1)
            module = frame.f_globals["__name__"].removeprefix("courts.")
            self.made.append((f"{module}.{frame.f_code.co_name}", file))

        monkeypatch.setattr(ListFile, "__init__", noting)


@pytest.mark.parametrize("language", DEMO)
def test_every_list_in(
    language: str, made_up: QualityYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong things are gathered, so that one walk names them all."""
    names = names_of_courts(language)
    # What people name themselves stays as they named it.
    for model in (Scenario, RulebookEdition):
        names |= {*model.objects.values_list("title", flat=True)}
    recorder, wrong = Recorder(monkeypatch), []
    office = reader("office", language)
    for declaration, addresses in ADDRESSES.items():
        for address in addresses:
            browser = office
            if declaration.endswith("of_culture"):
                QualityYear.objects.filter(pk=made_up.pk).update(ranking_shown="own")
                browser = reader("litigation", language)
            recorder.made.clear()
            answer = browser.get(address + asked(address, "xlsx"))
            assert answer.status_code == 200, address
            assert [name for name, _file in recorder.made] == [declaration], address
            file = recorder.made[0][1]
            found = [*wrong_with(answer, file, declaration, language, names)]
            wrong += [f"{address} {one}" for one in found]
    assert wrong == [], "\n".join(wrong)


def reader(username: str, language: str) -> Client:
    client = client_of(User.objects.get(username=username))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    return client


def asked(address: str, wanted: str) -> str:
    return f"_format={wanted}" if "_chart=" in address else f"_export={wanted}"


def wrong_with(
    answer: Any, file: ListFile, declaration: str, language: str, names: set[str]
) -> Iterator[str]:
    """What is not as it should be with the workbook, and with the same list as CSV."""
    name = stem_of(answer)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    cells = [list(row) for row in sheet.iter_rows()]
    top = len(file.heading) + 2
    is_demo = declaration not in REAL
    if (DEMO[language] in name) is not is_demo:
        yield f"mark in the name {name!r}"
    footer = getattr(getattr(sheet.oddFooter, "center", None), "text", "")
    if is_demo and (cells[1][0].value != DEMO[language] or DEMO[language] not in str(footer)):
        yield "mark on the sheet"
    headings = file.headings
    for text in headings:
        if language == "zh-CN":
            if not HAN.search(text) and text != "SHA-256":
                yield f"not Chinese: {text!r}"
        elif HAN.search(without(text, names)):
            yield f"still Chinese: {text!r}"
    yield from wrong_names([name, *book.sheetnames], language, names)
    yield from wrong_sheets(book.sheetnames)
    if not cells[top + 1 :] and declaration not in EMPTY:
        yield "nothing in it"
    if [cell.value for cell in cells[top][: len(headings)]] != headings:
        yield "headings"
    yield from wrong_cells(cells[top + 1 :], headings)
    for row in cells[:top]:
        for cell in row:
            if cell.data_type == "f":
                yield f"formula {cell.value!r}"
    yield from wrong_csv(file, cells[top + 1 :])


def stem_of(answer: Any) -> str:
    """The name under which a file is saved, without its ending."""
    header = unquote(answer["Content-Disposition"])
    name = header.rpartition("filename")[2].lstrip("*=").removeprefix("utf-8''").strip('"')
    return name.rpartition(".")[0]


def wrong_names(texts: list[str], language: str, names: set[str]) -> Iterator[str]:
    """Names of files and sheets are of the reader's language alone, whatever people named."""
    for text in texts:
        left = without(text, names)
        wanted, others = {
            "zh-CN": (HAN, (HANGUL, WORD)),
            "ko": (HANGUL, (HAN, WORD)),
            "en": (re.compile("[A-Za-z]{3}"), (HAN, HANGUL)),
        }[language]
        if not wanted.search(text):
            yield f"not of the language: {text!r}"
        if any(one.search(left) for one in others):
            yield f"foreign in {text!r}"


def wrong_sheets(titles: list[str]) -> Iterator[str]:
    """What spreadsheets refuse in the name of a sheet."""
    for title in titles:
        if len(title) > 31 or set(title) & set("[]:*?/\\") or title != title.strip("' "):
            yield f"no name of a sheet: {title!r}"
    if len({title.casefold() for title in titles}) != len(titles):
        yield f"two sheets of one name: {titles}"


# Files that are no lists, and who takes them: workbooks, papers, templates, pictures, a calendar.
OTHERS = {
    f"{MONTH}/workbook/": "office",
    f"/{YEAR}/returns/yanbian/2019-12/litigation/template.xlsx": "litigation",
    f"/{YEAR}/actions/{ACTION}/order.html": "office",
    f"/{YEAR}/actions/{ACTION}/reply.html": "office",
    f"/{YEAR}/meetings/{MEETING}/minutes.html": "office",
    f"/{YEAR}/bulletins/template/0.docx": "office",
    f"/{YEAR}/bulletins/template/0-trial.docx": "office",
    f"/{YEAR}/dashboard/2019-12/?_chart=caps&_format=svg": "office",
    "/notices/deadlines.ics": "office",
}


@pytest.mark.parametrize("language", DEMO)
def test_every_other_file_in(language: str, made_up: QualityYear) -> None:
    """Its name, its sheets' names and the mark of made-up figures."""
    Meeting.objects.update(title="演示审判质效会商")
    names = {"演示审判质效会商", "Word", *names_of_courts(language)}
    wrong = []
    for address, who in OTHERS.items():
        answer = reader(who, language).get(address)
        assert answer.status_code == 200, address
        name, found = stem_of(answer), []
        # Neither a template of the site nor days hold figures.
        if (DEMO[language] in name) is address.endswith((".docx", ".ics")):
            found.append(f"mark in the name {name!r}")
        texts = [name]
        if answer["Content-Type"] == lists.XLSX_TYPE:
            book = openpyxl.load_workbook(io.BytesIO(answer.content))
            # What the template is of stands on a sheet that nobody sees, for the site alone.
            texts += [one.title for one in book.worksheets if one.sheet_state == "visible"]
            found += wrong_sheets(book.sheetnames)
        found += wrong_names(texts, language, names)
        wrong += [f"{address} {one}" for one in found]
    assert wrong == [], "\n".join(wrong)


def test_what_is_wrong_with_a_name_is_found() -> None:
    assert [*wrong_names(["排名"], "en", set())] == [
        "not of the language: '排名'",
        "foreign in '排名'",
    ]
    assert [*wrong_names(["Ranking 순위"], "en", set())] == ["foreign in 'Ranking 순위'"]
    assert [*wrong_names(["순위 ranking"], "ko", set())] == ["foreign in '순위 ranking'"]
    assert [*wrong_names(["Ranking 延吉法院"], "en", {"延吉法院"})] == []
    assert [*wrong_names(["순위"], "ko", set())] == []
    assert len([*wrong_sheets(["a" * 31, "b" * 32, "c/d", "'e'", "F", "f"])]) == 4


def names_of_courts(language: str) -> set[str]:
    """Courts' names that stay Chinese: of those that have none in the language, and former ones."""
    field = {"zh-CN": "", "ko": "name_ko", "en": "name_en"}[language]
    unnamed = [one for one in Court.objects.all() if not field or not getattr(one, field)]
    former = CourtChange.objects.values_list("old_names", flat=True)
    return {
        *(name for court in unnamed for name in (court.short_name, court.name)),
        *(name for names in former for name in names if name),
    }


def without(text: str, names: set[str]) -> str:
    for name in names:
        text = text.replace(name, "")
    return CITED.sub("", text)


def wrong_cells(rows: list[list[Any]], headings: list[str]) -> Iterator[str]:
    for row in rows:
        for cell, heading in zip(row, headings, strict=False):
            value = cell.value
            if cell.data_type == "f" or (
                isinstance(value, str) and value.startswith(FORMULA_STARTS)
            ):
                yield f"formula {value!r}"
            if isinstance(value, str) and WORDED.fullmatch(value):
                yield f"{heading}: {value!r} is a text"
            if isinstance(value, datetime) and "yy" not in cell.number_format:
                yield f"{heading}: {value!r} without a format"


def wrong_csv(file: ListFile, rows: list[list[Any]]) -> Iterator[str]:
    """The same list as CSV has the same rows, in plain numbers and as ISO 8601 has days."""
    text = lists.response(file, "csv").content
    if not text.startswith(b"\xef\xbb\xbf"):
        yield "CSV without its mark"
    lines = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    if lines[0] != [file.title]:
        yield "CSV title"
    expected = [[spelled(cell) for cell in row] for row in file.cells()]
    if lines[len(lines) - len(expected) :] != expected or len(rows) != len(expected):
        yield "CSV rows"


def spelled(cell: Any) -> str:
    """A cell as CSV should have it, said again in this test's words."""
    match cell:
        case None:
            return ""
        case Month(year, month):
            return f"{year}-{month:02d}"
        case Percent(hundredths):
            return f"{hundredths}%"
        case datetime():
            return lists.moment(cell)
        case date():
            return cell.isoformat()
        case str():
            return f"'{cell}" if cell[:1] in FORMULA_STARTS and cell else cell
    return format(cell, "f") if hasattr(cell, "as_tuple") else str(cell)


def test_whoever_offers_one_format_offers_the_other() -> None:
    """Every button for a workbook has its twin for CSV beside it."""
    for path in (COURTS.parent / "templates").rglob("*.html"):
        text = path.read_text()
        for key in ("_export", "_format"):
            assert text.count(f"{key}='xlsx'") == text.count(f"{key}='csv'"), path
