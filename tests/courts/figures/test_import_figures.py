"""Tests of importing figures: the files of every kind, all or nothing, history, the states."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from model_bakery import baker

from courts.figures.services import figures as stored_figures
from courts.figures.services.imports import import_figures
from courts.files.sheets import SourceFile
from courts.models import Court, Event, Figure, MonthlyReturn, QualityYear, User
from courts.years.selectors.years import rulebook_of
from scoring.schema import Side
from tests.courts.conftest import COURTS, csv_file, figures_file

pytestmark = [pytest.mark.django_db, pytest.mark.database]

OVERTURNED = {
    "appeal_revised": 100,
    "appeal_remanded": 50,
    "retrial_revised": 10,
    "retrial_remanded": 5,
    "retrial_directed": 2,
}


@pytest.fixture
def figures(year: QualityYear) -> SourceFile:
    return figures_file({"yanji": OVERTURNED})


def stored(month: int = 12, court: str = "yanji") -> dict[str, int | None]:
    return dict(
        Figure.objects.filter(
            monthly_return__court__code=court,
            monthly_return__year=2019,
            monthly_return__month=month,
        ).values_list("metric", "value")
    )


def run(year: QualityYear, *rows: tuple[object, ...], header: str = "") -> list[str]:
    """Import one file; its errors as texts. With any, nothing may have been written."""
    before = counts()
    result = import_figures(year=year, files=[csv_file(rows, header=header)])
    if result.errors:
        assert counts() == before
        assert not result.applied
    return [str(error) for error in result.errors]


def counts() -> list[int]:
    managers = (
        MonthlyReturn.objects,
        Figure.objects,
        MonthlyReturn.history,
        Figure.history,
        Event.objects,
    )
    return [manager.count() for manager in managers]


def make_return(state: str, court: str = "yanji", **figures: int) -> MonthlyReturn:
    """A return as its desk would have left it in this state."""
    clerk, judge = baker.make(User, _quantity=2)
    handed_in = state != "entering"
    done = state in {"verified", "published"}
    row = MonthlyReturn.objects.create(
        court=Court.objects.get(code=court),
        year=2019,
        month=12,
        side="litigation",
        state=state,
        version=3,
        submitted_by=clerk if handed_in else None,
        submitted_at=timezone.now() if handed_in else None,
        verified_by=judge if done else None,
        verified_at=timezone.now() if done else None,
    )
    for metric, value in figures.items():
        Figure.objects.create(monthly_return=row, metric=metric, value=value)
    return row


# --- The command -----------------------------------------------------------------------------


def test_command_says_what_changed(
    year: QualityYear, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "figures.csv"
    path.write_bytes(figures_file({"yanji": OVERTURNED}).content)
    call_command("import_figures", str(path))
    captured = capsys.readouterr()
    assert captured.out == "新增 5，变更 0，未变 0。\n"
    assert "提示：延吉法院 2019-12：诉讼报表有8项未填报：" in captured.err
    assert "命令行是运维的途径，立即生效，不经另一人确认" in captured.err
    before = counts()
    call_command("import_figures", str(path), year="2019")
    assert capsys.readouterr().out == "新增 0，变更 0，未变 5。\n"
    assert counts() == before


def test_command_fails_with_every_error(
    year: QualityYear, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "figures.csv"
    path.write_text("court,month,metric,value\nx,2019-12,appeal_revised,1\nyanji,,y,-1\n", "utf-8")
    with pytest.raises(CommandError, match="共4处错误，没有写入任何数据"):
        call_command("import_figures", str(path))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.strip().splitlines()) == 4
    assert not stored()


def test_command_names_a_file_that_is_not_there(year: QualityYear, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="无法读取文件"):
        call_command("import_figures", str(tmp_path / "none.csv"))
    with pytest.raises(CommandError, match="没有质量年“2020”；已设立的有：yanbian-2019"):
        call_command("import_figures", __file__, year="2020")


# --- What is written -------------------------------------------------------------------------


def test_an_import_of_two_people_counts_as_verified(year: QualityYear, figures: SourceFile) -> None:
    mover, office = baker.make(User), baker.make(User)
    result = import_figures(year=year, files=[figures], actor=mover, confirmed_by=office)
    assert (result.new, result.changed, result.unchanged, result.applied) == (5, 0, 0, True)
    row = MonthlyReturn.objects.get(year=2019)
    assert (row.state, row.origin, row.version) == ("verified", "import", 1)
    assert (row.submitted_by, row.verified_by) == (mover, office)
    assert row.verified_at is not None
    assert stored() == OVERTURNED


def test_history_and_event_name_the_file(year: QualityYear, figures: SourceFile) -> None:
    office, second = baker.make(User), baker.make(User)
    import_figures(year=year, files=[figures], actor=office, confirmed_by=second)
    changed = figures_file({"yanji": {"appeal_revised": 101, "appeal_remanded": 50}}, name="b.csv")
    result = import_figures(year=year, files=[changed], actor=office, confirmed_by=second)
    assert (result.new, result.changed, result.unchanged) == (0, 1, 1)
    history = Figure.objects.get(metric="appeal_revised", monthly_return__year=2019).history
    assert [(h.value, h.history_type, h.history_change_reason) for h in history.all()] == [
        (101, "~", "导入 b.csv"),
        (100, "+", "导入 figures.csv"),
    ]
    assert {h.history_user for h in history.all()} == {office}
    assert [h.version for h in MonthlyReturn.objects.get(year=2019).history.all()] == [2, 1]
    event = Event.objects.filter(action="import_figures").first()
    assert event is not None
    assert event.actor == office
    assert event.data == {
        "files": [{"name": "b.csv", "sha256": changed.sha256}],
        "new": 0,
        "changed": 1,
        "unchanged": 1,
        "returns": 1,
        "demo_returns_replaced": 0,
    }


def test_long_and_many_names_fit_the_history(year: QualityYear) -> None:
    files = [
        figures_file({court: OVERTURNED}, name=f"{court}-{'x' * 60}.csv") for court in COURTS[1:4]
    ]
    import_figures(year=year, files=files)
    reason = Figure.history.latest().history_change_reason
    assert reason.startswith("导入 yanji-xxx")
    assert len(reason) == 100


def test_dry_run_writes_nothing_and_tells_the_changes(
    year: QualityYear, figures: SourceFile
) -> None:
    import_figures(year=year, files=[figures])
    before = counts()
    changed = figures_file({"yanji": OVERTURNED | {"appeal_revised": 99, "appeals_filed": 7}})
    result = import_figures(year=year, files=[changed], apply=False)
    assert not result.applied
    assert counts() == before
    assert [(c.entry.metric.code, c.old, c.new) for c in result.changes] == [
        ("appeal_revised", 100, 99),
        ("appeals_filed", None, 7),
    ]
    assert (result.new, result.changed, result.unchanged) == (1, 1, 4)


def test_what_is_stored_is_read_in_parts(
    year: QualityYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of a country, of which no list of keys is as long."""
    monkeypatch.setattr(stored_figures, "KEYS_AT_ONCE", 1)
    three = figures_file(dict.fromkeys(COURTS[1:4], OVERTURNED))
    assert import_figures(year=year, files=[three]).new == 15
    changed = figures_file({court: OVERTURNED | {"appeal_revised": 99} for court in COURTS[1:4]})
    result = import_figures(year=year, files=[changed], apply=False)
    assert (result.new, result.changed, result.unchanged) == (0, 3, 12)
    assert [(c.old, c.new) for c in result.changes] == [(100, 99)] * 3


def test_an_empty_value_is_not_reported(year: QualityYear, figures: SourceFile) -> None:
    blank = figures_file({"yanji": {"appeal_revised": "", "appeals_filed": ""}})
    result = import_figures(year=year, files=[blank])
    assert (result.changes, result.unchanged) == ((), 2)
    assert not MonthlyReturn.objects.filter(year=2019).exists()
    import_figures(year=year, files=[figures])
    result = import_figures(year=year, files=[blank])
    assert (result.new, result.changed, result.unchanged) == (0, 1, 1)
    assert stored()["appeal_revised"] is None
    assert (
        Figure.objects.get(metric="appeal_revised", monthly_return__year=2019).history.count() == 2
    )
    result = import_figures(year=year, files=[blank])
    assert (result.new, result.changed, result.unchanged) == (0, 0, 2)
    result = import_figures(year=year, files=[figures])
    assert (result.new, result.changed, result.unchanged) == (1, 0, 4)


def test_zero_is_a_value(year: QualityYear) -> None:
    assert run(year, ("yanji", "2019-12", "appeal_revised", 0)) == []
    assert stored() == {"appeal_revised": 0}


def test_several_files_and_both_sides_and_years(year: QualityYear) -> None:
    result = import_figures(
        year=year,
        files=[
            csv_file([("yanji", "2019-12", "appeal_revised", 1)], "a.csv"),
            csv_file([("yanji", "2019-12", "enforcement_closed", 2)], "b.csv"),
            csv_file([("yanji", "2018-06", "appeal_revised", 80)], "c.csv"),
        ],
    )
    assert result.errors == ()
    assert {(r.period, r.side) for r in MonthlyReturn.objects.filter(court__code="yanji")} == {
        ("2018-12", "litigation"),
        ("2018-06", "litigation"),
        ("2019-12", "litigation"),
        ("2019-12", "enforcement"),
    }


@pytest.mark.parametrize(
    "court",
    ["yanji", "延吉法院", "延吉市人民法院", "연길시인민법원", " 延吉法院\u3000"],
)
@pytest.mark.parametrize("metric", ["appeal_revised", "二审被改判", " 二审被改判 "])
def test_names_of_courts_and_metrics(year: QualityYear, court: str, metric: str) -> None:
    assert run(year, (court, "2019-12", metric, 7)) == []
    assert stored() == {"appeal_revised": 7}


@pytest.mark.parametrize(
    ("name", "metric"),
    [
        ("终结本次执行程序（终本）", "procedure_terminated"),
        ("终结本次执行程序(终本)", "procedure_terminated"),
        ("终本", "procedure_terminated"),
        ("结案用时合计（天）", "closing_days"),
        ("在编执行人员(除法警)", "enforcement_staff"),
        ("申请再审、申诉受理数", "retrial_petitions_received"),
    ],
)
def test_brackets_in_names(year: QualityYear, name: str, metric: str) -> None:
    assert run(year, ("yanji", "2019-12", name, 7)) == []
    assert stored() == {metric: 7}


# --- Bad files -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            ("beijing", "2019-12", "appeal_revised", 1),
            "figures.csv 第2行 court 列：“beijing”，应为法院代码、简称或全称：yanbian 延边中院、",
        ),
        (("", "2019-12", "appeal_revised", 1), "第2行 court 列：应为法院代码"),
        (
            ("yanji", "2019-13", "appeal_revised", 1),
            "第2行 month 列：“2019-13”，应为 2019 年或 2018 年的月份，写作 2019-12。",
        ),
        (("yanji", "2020-01", "appeal_revised", 1), "month 列：“2020-01”"),
        (
            ("yanji", "12月", "appeal_revised", 1),
            "month 列：“12月”，可能是2019-12，也可能是2018-12，请写明，如 2019-12。",
        ),
        (
            ("yanji", "2019.1", "appeal_revised", 1),
            "month 列：“2019.1”，可能是2019-01，也可能是2019-10，请写明，如 2019-01。",
        ),
        (("yanji", "12月当月", "appeal_revised", 1), "month 列：“12月当月”，应为 2019 年"),
        (("yanji", "", "appeal_revised", 1), "month 列：应为 2019 年"),
        (
            ("yanji", "2019-12", "appeals", 1),
            "metric 列：“appeals”，应为指标代码或中文名称，如 appeal_revised 或 二审被改判。",
        ),
        (("yanji", "2019-12", "", 1), "metric 列：应为指标代码"),
        (
            ("yanji", "2019-12", "appeal_revised", -1),
            "value 列：“-1”，应为0至999999999的整数；没有数据请留空。",
        ),
        (("yanji", "2019-12", "appeal_revised", "3.0"), "“3.0”，应为0至"),
        (("yanji", "2019-12", "appeal_revised", "3.5"), "“3.5”，应为0至"),
        (("yanji", "2019-12", "appeal_revised", "1e3"), "“1e3”，应为0至"),
        (("yanji", "2019-12", "appeal_revised", "+3"), "“+3”，应为0至"),
        (("yanji", "2019-12", "appeal_revised", "三"), "“三”，应为0至"),
        (("yanji", "2019-12", "appeal_revised", "-"), "“-”，应为0至"),
        (("yanji", "2019-12", "appeal_revised", "1000000000"), "应为0至999999999"),
        (("yanji", "2019-12", "appeal_revised", "9" * 5000), "应为0至999999999"),
        (("yanji", "2019-12", "appeal_revised", '"1,234"'), "“1,234”，应只用数字，写作 1234。"),
        (("yanji", "2019-12", "appeal_revised", "１２"), "“１２”，应只用数字，写作 12。"),
        (("yanji", "2019-12", "appeal_revised", "1 234"), "应只用数字，写作 1234。"),
    ],
)
def test_bad_cells(year: QualityYear, row: tuple[object, ...], message: str) -> None:
    (error,) = run(year, row)
    assert message in error


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("court,month,metric,valeu", "“valeu”，没有这一列"),
        ("court,month,metric", "缺少列：value"),
        ("court,month,metric,value,note", "“note”，没有这一列"),
    ],
)
def test_bad_columns(year: QualityYear, header: str, message: str) -> None:
    errors = run(year, ("yanji", "2019-12", "appeal_revised", 1), header=header)
    assert any(message in error for error in errors)


def test_one_error_keeps_everything_out(year: QualityYear, figures: SourceFile) -> None:
    bad = csv_file([("yanji", "2019-12", "nothing", 1)], "bad.csv")
    result = import_figures(year=year, files=[figures, bad])
    assert [str(error)[:13] for error in result.errors] == ["bad.csv 第2行 m"]
    assert result.changes == ()
    assert not stored()


def test_repeated_rows_name_each_other(year: QualityYear) -> None:
    files = [
        csv_file([("yanji", "2019-12", "appeal_revised", 1)], "a.csv"),
        csv_file([("延吉法院", "2019-12", "二审被改判", 1)], "b.csv"),
    ]
    result = import_figures(year=year, files=files)
    assert [str(error) for error in result.errors] == [
        "b.csv 第2行 metric 列：“二审被改判”，与 a.csv 第2行重复：同一法院、月份、指标只能有一行。"
    ]


def test_ten_thousand_errors(year: QualityYear) -> None:
    rows = [("yanji", "2019-12", f"metric_{n}", -n) for n in range(1, 5_001)]
    errors = run(year, *rows)
    assert len(errors) == 10_000
    assert errors[0].startswith("figures.csv 第2行")
    assert errors[-1].startswith("figures.csv 第5001行")


def test_an_empty_file_and_a_blank_one(year: QualityYear) -> None:
    for content in (b"", b"\n\n", b"court,month,metric,value\n"):
        result = import_figures(year=year, files=[SourceFile("empty.csv", content)])
        assert len(result.errors) == 1


def test_workbooks_and_encodings(year: QualityYear) -> None:
    text = "法院,月份,指标,数值\n延吉法院,2019-12,二审被改判,7\n"
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        result = import_figures(year=year, files=[SourceFile("x.csv", text.encode(encoding))])
        assert result.errors == ()
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["court", "month", "metric", "value"])
    sheet.append(["yanji", date(2019, 12, 1), "appeal_revised", 7])
    out = io.BytesIO()
    book.save(out)
    result = import_figures(year=year, files=[SourceFile("x.xlsx", out.getvalue())])
    assert (result.errors, result.unchanged) == ((), 1)
    sheet["B2"] = date(2019, 12, 2)
    sheet["D2"] = "=3+4"
    out = io.BytesIO()
    book.save(out)
    result = import_figures(year=year, files=[SourceFile("x.xlsx", out.getvalue())])
    assert [str(error) for error in result.errors] == [
        "x.xlsx 第2行 value 列：“=3+4”，单元格D2是公式，请粘贴为数值。",
    ]
    sheet["A2"], sheet["B2"], sheet["C2"], sheet["D2"] = True, 201912, 7, 3.5
    sheet["B2"].number_format = "General"
    out = io.BytesIO()
    book.save(out)
    result = import_figures(year=year, files=[SourceFile("x.xlsx", out.getvalue())])
    assert [(error.column, error.found) for error in result.errors] == [
        ("court", "TRUE"),
        ("metric", "7"),
        ("value", "3.5"),
    ]


# --- Figures that do not fit together --------------------------------------------------------


def test_an_impossible_relation_is_an_error(year: QualityYear) -> None:
    (error,) = run(
        year,
        ("yanji", "2019-12", "first_instance_closed", 900),
        ("yanji", "2019-12", "appeals_filed", 1085),
    )
    assert error == (
        "figures.csv 第3行 value 列：“1085”，二审立案数（1085）不得大于一审结案数（900）。"
    )


def test_relations_hold_between_file_and_store(year: QualityYear) -> None:
    assert run(year, ("yanji", "2019-12", "first_instance_closed", 900)) == []
    (error,) = run(year, ("yanji", "2019-12", "appeals_filed", 901))
    assert "第2行 value 列：“901”" in error
    assert run(year, ("yanji", "2019-12", "appeals_filed", 900)) == []
    # Both together may move beyond what either could alone.
    assert (
        run(
            year,
            ("yanji", "2019-12", "appeals_filed", 950),
            ("yanji", "2019-12", "first_instance_closed", 1000),
        )
        == []
    )


def test_a_warning_does_not_stop(year: QualityYear) -> None:
    rows = [
        ("yanji", "2019-12", "enforcement_closed", 10),
        ("yanji", "2019-12", "actually_closed", 5),
        ("yanji", "2019-12", "procedure_terminated", 4),
    ]
    result = import_figures(year=year, files=[csv_file(rows)])
    assert result.errors == ()
    assert (
        "延吉法院 2019-12：实际执结 + 终结本次执行程序（终本）（9）通常等于执结（10）。"
        in result.warnings
    )


def test_a_count_may_not_fall_within_the_year(year: QualityYear) -> None:
    assert run(year, ("yanji", "2019-10", "appeal_revised", 90)) == []
    (error,) = run(year, ("yanji", "2019-12", "appeal_revised", 89))
    assert error == (
        "figures.csv 第2行 value 列：“89”，二审被改判是累计数：2019-12 的 89 小于 2019-10 的 90。"
    )
    # A later month is held against, too, and one file may bring both.
    assert run(year, ("yanji", "2019-12", "appeal_revised", 95)) == []
    (error,) = run(year, ("yanji", "2019-11", "appeal_revised", 96))
    assert "2019-12 的 95 小于 2019-11 的 96" in error
    assert (
        run(
            year,
            ("yanji", "2019-11", "appeal_revised", 96),
            ("yanji", "2019-12", "appeal_revised", 97),
        )
        == []
    )


def test_stocks_may_fall_and_years_are_apart(year: QualityYear) -> None:
    assert (
        run(
            year,
            ("yanji", "2019-11", "enforcement_carried_over", 90),
            ("yanji", "2019-12", "enforcement_carried_over", 80),
            ("yanji", "2019-01", "appeal_revised", 1),
        )
        == []
    )


# --- States ----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["entering", "submitted", "returned"])
def test_a_return_its_desk_is_at_work_on_is_not_overwritten(
    year: QualityYear, figures: SourceFile, state: str
) -> None:
    make_return(state, appeal_revised=3)
    result = import_figures(year=year, files=[figures])
    (error,) = result.errors
    assert "尚未核实，不能被导入覆盖" in str(error)
    assert stored() == {"appeal_revised": 3}


def test_an_empty_draft_is_taken_over(year: QualityYear, figures: SourceFile) -> None:
    row = make_return("entering")
    assert import_figures(year=year, files=[figures]).errors == ()
    row.refresh_from_db()
    assert (row.state, row.origin, row.version) == ("verified", "import", 4)


def test_drafts_are_not_compared_with(year: QualityYear) -> None:
    make_return("entering", appeal_revised=3)
    assert run(year, ("yanji", "2019-11", "appeal_revised", 50)) == []


def test_a_published_return_stays(year: QualityYear) -> None:
    make_return("published", appeal_revised=3)
    (error,) = run(year, ("yanji", "2019-12", "appeal_revised", 4))
    assert "不能再改" in error
    # Saying the same again is no change.
    assert run(year, ("yanji", "2019-12", "appeal_revised", 3)) == []
    assert stored() == {"appeal_revised": 3}


def test_a_verified_return_may_be_corrected(year: QualityYear) -> None:
    row = make_return("verified", appeal_revised=3)
    clerk = row.submitted_by
    assert run(year, ("yanji", "2019-12", "appeal_revised", 4)) == []
    row.refresh_from_db()
    assert (row.state, row.origin, row.version, row.submitted_by) == (
        "verified",
        "import",
        4,
        clerk,
    )
    assert stored() == {"appeal_revised": 4}


def test_nobody_verifies_their_own_return_by_an_import(year: QualityYear) -> None:
    row = make_return("verified", appeal_revised=3)
    file = csv_file([("yanji", "2019-12", "appeal_revised", 4)])
    clerk = row.submitted_by
    import_figures(year=year, files=[file], actor=clerk)
    row.refresh_from_db()
    # Handed in by the clerk, and what was verified before goes on counting.
    assert (row.state, row.submitted_by, row.verified_by) == ("submitted", clerk, None)
    assert row.verified_figures == {"appeal_revised": 3}
    row.state, row.verified_by, row.verified_figures = "verified", clerk, None
    row.verified_at = row.submitted_at
    with pytest.raises(ValidationError, match="提交人不得核实"):
        row.full_clean()


def test_made_up_figures_give_way_whole(year: QualityYear, figures: SourceFile) -> None:
    row = make_return("verified", appeal_revised=500, first_instance_closed=1)
    MonthlyReturn.objects.update(is_demo=True)
    file = figures_file({"yanji": {"appeal_revised": 3, "appeals_filed": 9}})
    result = import_figures(year=year, files=[file])
    assert result.errors == ()
    assert (result.new, result.changed) == (2, 0)
    assert "有1张演示报表被所给数据取代。" in result.warnings
    row.refresh_from_db()
    assert (row.is_demo, row.origin, row.submitted_by) == (False, "import", None)
    assert stored() == {"appeal_revised": 3, "first_instance_closed": None, "appeals_filed": 9}


# --- Size ------------------------------------------------------------------------------------


def test_a_whole_year_of_nine_courts(year: QualityYear) -> None:
    rulebook = rulebook_of(year)
    metrics = [m.code for side in Side for m in rulebook.metrics_of(side)]
    rows = [
        (court, f"2019-{month:02d}", metric, 0)
        for court in COURTS
        for month in range(1, 13)
        for metric in metrics
    ]
    assert run(year, *rows) == []
    assert Figure.objects.filter(monthly_return__year=2019).count() == 9 * 12 * len(metrics)


def test_queries_do_not_grow_with_rows(year: QualityYear, django_assert_max_num_queries) -> None:
    few = csv_file([("yanji", "2019-12", "appeal_revised", 7)])
    many = csv_file(
        [
            (court, f"2019-{month:02d}", "appeal_revised", 8)
            for court in COURTS
            for month in range(1, 13)
        ]
    )
    with django_assert_max_num_queries(25):
        import_figures(year=year, files=[few])
    with django_assert_max_num_queries(25):
        import_figures(year=year, files=[many])


def test_an_unlikely_value_is_a_warning(year: QualityYear) -> None:
    # 165 cases in the whole of 2018: 265 in 2019 lie far outside what chance explains.
    result = import_figures(
        year=year, files=[csv_file([("yanji", "2019-12", "appeal_revised", 265)])]
    )
    assert result.applied
    (warning,) = [text for text in result.warnings if "相差过大" in text]
    assert warning.startswith("延吉法院 2019-12：二审被改判 265 与 2018-12 的 165 相差过大")
    # Said once, when it comes; not when the same file comes again.
    again = import_figures(
        year=year, files=[csv_file([("yanji", "2019-12", "appeal_revised", 265)])]
    )
    assert not [text for text in again.warnings if "相差过大" in text]
