"""Tests of importing appraisal targets: scopes, values, all or nothing, history."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from courts.figures.selectors.facts import DEMO_DOCUMENT, facts_of_months
from courts.files.sheets import SourceFile
from courts.models import AppraisalTarget, Event, QualityYear
from courts.rulebooks.services.targets import TargetResult, import_targets
from scoring.facts import Month
from tests.courts.conftest import csv_file

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def run(year: QualityYear, *rows: tuple[object, ...], apply: bool = True) -> TargetResult:
    file = csv_file(rows, "targets.csv", header="court,item,target")
    before = AppraisalTarget.objects.count(), Event.objects.count()
    result = import_targets(year=year, files=[file], apply=apply)
    if result.errors or not apply:
        assert (AppraisalTarget.objects.count(), Event.objects.count()) == before
    return result


def targets_of(year: QualityYear, court: str) -> dict[str, Decimal]:
    month = Month(2019, 12)
    return next(
        dict(facts.targets)
        for facts in facts_of_months(year, [month])[month]
        if facts.court == court
    )


def test_the_narrowest_target_applies(year: QualityYear) -> None:
    result = run(
        year,
        ("", "L2.1", "5"),
        ("grassroots", "L2.1", "4.5"),
        ("延吉法院", "L2.1", "4.2500"),
        ("中级法院", "L3.1", 90),
        ("", "L4.1", "0.3"),
    )
    assert (result.errors, result.new, result.changed, result.unchanged) == ((), 5, 0, 0)
    assert targets_of(year, "yanji") == {"L2.1": Decimal("4.25"), "L4.1": Decimal("0.3")}
    assert targets_of(year, "tumen") == {"L2.1": Decimal("4.5"), "L4.1": Decimal("0.3")}
    assert targets_of(year, "yanbian") == {
        "L2.1": Decimal(5),
        "L3.1": Decimal(90),
        "L4.1": Decimal("0.3"),
    }


def test_the_same_file_again_changes_nothing(year: QualityYear) -> None:
    rows = [("", "L2.1", "5"), ("基层法院", "L2.1", "4.50")]
    run(year, *rows)
    result = run(year, *rows)
    assert (result.new, result.changed, result.unchanged) == (0, 0, 2)
    assert Event.objects.filter(action="import_targets").count() == 1
    result = run(year, ("", "L2.1", "6"), rows[1])
    assert (result.new, result.changed, result.unchanged) == (0, 1, 1)
    target = AppraisalTarget.objects.get(level="")
    assert [(h.percent, h.history_change_reason) for h in target.history.all()] == [
        (Decimal("6.0000"), "导入 targets.csv"),
        (Decimal("5.0000"), "导入 targets.csv"),
    ]


def test_dry_run_tells_the_changes(year: QualityYear) -> None:
    run(year, ("", "L2.1", "5"))
    result = run(year, ("", "L2.1", "6"), ("", "L3.1", "90"), apply=False)
    assert not result.applied
    assert [(c.entry.item, c.old, c.entry.percent) for c in result.changes] == [
        ("L2.1", Decimal(5), Decimal(6)),
        ("L3.1", None, Decimal(90)),
    ]


def test_a_made_up_target_becomes_real(year: QualityYear) -> None:
    AppraisalTarget.objects.create(
        quality_year=year, item="L2.1", percent=Decimal(5), document=DEMO_DOCUMENT
    )
    assert run(year, ("", "L2.1", "5")).changed == 1
    assert AppraisalTarget.objects.get().document == ""


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("beijing", "L2.1", "5"), "第2行 court 列：“beijing”，留空（各级法院）、基层法院"),
        (("", "L1", "5"), "“L1”，应为需要录入目标值的考核项之一：L2.1、L3.1、L4.1、L5.1。"),
        (("", "", "5"), "item 列：应为"),
        (("", "L2.1", ""), "target 列：应为0至99999.9999的数，最多四位小数"),
        (("", "L2.1", "-1"), "“-1”，应为0至99999.9999"),
        (("", "L2.1", "100000"), "“100000”，应为0至99999.9999"),
        (("", "L2.1", "5%"), "“5%”，应为0至99999.9999"),
        (("", "L2.1", "5.12345"), "“5.12345”，应为0至99999.9999"),
        (("", "L2.1", "1e1"), "“1e1”，应为0至99999.9999"),
        (("", "L2.1", "NaN"), "“NaN”，应为0至99999.9999"),
    ],
)
def test_bad_rows(year: QualityYear, row: tuple[object, ...], message: str) -> None:
    result = run(year, ("", "L3.1", "90"), row)
    (error,) = result.errors
    assert message.replace("第2行", "第3行") in str(error)
    assert result.changes == ()


def test_repeated_rows_name_each_other(year: QualityYear) -> None:
    result = run(year, ("yanji", "L2.1", "5"), ("延吉法院", "L2.1", "5"))
    assert "与 targets.csv 第2行重复" in str(result.errors[0])


def test_a_workbook(year: QualityYear) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in (["法院", "考核项", "目标值"], [None, "L2.1", 4.35], [None, "L3.1", 90]):
        sheet.append(line)
    sheet["C3"].number_format = "0.00%"
    out = io.BytesIO()
    book.save(out)
    result = import_targets(year=year, files=[SourceFile("x.xlsx", out.getvalue())])
    (error,) = result.errors
    assert "x.xlsx 第3行 target 列：“90”，单元格设了百分比格式" in str(error)
    sheet["C3"].number_format = "General"
    out = io.BytesIO()
    book.save(out)
    result = import_targets(year=year, files=[SourceFile("x.xlsx", out.getvalue())])
    assert result.errors == ()
    assert targets_of(year, "antu") == {"L2.1": Decimal("4.35"), "L3.1": Decimal(90)}


def test_command(year: QualityYear, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "targets.csv"
    path.write_text("court,item,target\n,L2.1,5\n", "utf-8")
    call_command("import_targets", str(path))
    assert capsys.readouterr().out == "新增 1，变更 0，未变 0。\n"
    path.write_text("court,item,target\n,L9,x\n", "utf-8")
    with pytest.raises(CommandError, match="共2处错误"):
        call_command("import_targets", str(path))


def test_the_document_and_its_date_come_along(year: QualityYear) -> None:
    """What the file leaves empty stays as it was."""

    def given(*row: object) -> TargetResult:
        header = "court,item,target,document,decided_on"
        return import_targets(year=year, files=[csv_file([row], "targets.csv", header=header)])

    assert given("", "L2.1", 5, "吉高法〔2019〕1号", "2019-01-15").new == 1
    row = AppraisalTarget.objects.get()
    assert (row.document, row.decided_on) == ("吉高法〔2019〕1号", date(2019, 1, 15))
    assert given("", "L2.1", 5, "", "").unchanged == 1
    assert given("", "L2.1", 5, "", "2019-01-16").changed == 1
    row.refresh_from_db()
    assert (row.document, row.decided_on) == ("吉高法〔2019〕1号", date(2019, 1, 16))
    (error,) = given("", "L2.1", 5, "", "一月").errors
    assert "2019-12-31 这样的日期" in str(error)
    (error,) = given("", "L2.1", 5, "长" * 201, "").errors
    assert "最多200字" in str(error)
