"""The commands on closed months: `score`, `verify_bulletin`, and the imports that are refused."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from courts.figures.selectors.facts import gather
from courts.models import AppraisalTarget, Event, Figure, Restatement
from scoring.facts import Month
from tests.courts.closing_fixtures import closed, fresh
from tests.pages import account, client_of

AT = datetime(2020, 1, 8, 9, tzinfo=UTC)

ROW_FIELDS = ("court", "month", "metric", "value")


def run(*args: object, **options: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command(*map(str, args), stdout=out, stderr=err, **dict[str, Any](options))
    return out.getvalue(), err.getvalue()


def test_score_says_where_its_points_are_from(made_year):
    before, said = run("score", "2019-12", "--format", "json")
    assert said == "按现有数据计算。\n"
    snapshot = closed(made_year)
    Figure.objects.filter(
        monthly_return__month=12, monthly_return__year=2019, metric="enforcement_closed"
    ).update(value=1)
    after, said = run("score", "2019-12", "--format", "json")
    assert after == before
    assert snapshot.sha256 in said
    live, said = run("score", "2019-12", "--format", "json", "--reading", "step=pro_rata")
    assert said == "按现有数据计算。\n"
    assert json.loads(live)["courts"][1]["total"] != json.loads(after)["courts"][1]["total"]
    _reported, said = run("score", "2019-12", "--basis", "reported")
    assert said == "按现有数据计算。\n"


@pytest.fixture
def snapshot(made_year, tmp_path):
    held = closed(made_year)
    path = tmp_path / "snapshot.json"
    path.write_text(held.text, "utf-8")
    return held, path


def test_a_snapshot_file_is_verified(snapshot, django_assert_num_queries):
    held, path = snapshot
    with django_assert_num_queries(0):
        said, _err = run("verify_bulletin", path, "--hash", held.sha256)
    assert held.sha256 in said
    assert "9个法院的244项得分" in said
    assert "一致" in said
    assert "真伪只由这个校验值证明" in said
    said, _err = run("verify_bulletin", path)
    assert "不能证明" in said


def test_each_difference_is_printed(snapshot):
    held, path = snapshot
    data = json.loads(path.read_text("utf-8"))
    part = next(part for part in data["parts"] if part["name"] == "court/yanji")
    part["content"]["score"]["items"][0]["points"] = "12.34"
    part["content"]["score"]["rank"] = 8
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text, "utf-8")
    err = io.StringIO()
    with pytest.raises(CommandError, match="有2处"):
        call_command("verify_bulletin", str(path), stdout=io.StringIO(), stderr=err)
    assert 'court/yanji score.items.L1.points：所载 "12.34"' in err.getvalue()
    assert "court/yanji score.rank：所载 8" in err.getvalue()
    with pytest.raises(CommandError, match="不是所通报的那一份"):
        call_command(
            "verify_bulletin", str(path), "--hash", held.sha256, stdout=io.StringIO(), stderr=err
        )


def test_what_is_no_snapshot_is_said_to_be_none(tmp_path):
    path = tmp_path / "other.json"
    path.write_text("{}", "utf-8")
    with pytest.raises(CommandError, match="不是可以核验的快照"):
        run("verify_bulletin", path)
    with pytest.raises(CommandError, match="无法读取"):
        run("verify_bulletin", tmp_path / "missing.json")


def targets_csv(tmp_path, percent, item="L2.1"):
    path = tmp_path / "targets.csv"
    path.write_text(f"court,item,target\n,{item},{percent}\n", "utf-8")
    return path


def held_percents(year, month):
    facts = gather(fresh(year), [Month(2019, month)], live=True).facts[Month(2019, month)]
    return {str(one.targets["L2.1"]) for one in facts if one.court == "yanji"}


def test_targets_hold_from_the_oldest_open_month(made_year, tmp_path):
    AppraisalTarget.objects.filter(item="L2.1").exclude(level="", court=None).delete()
    closed(made_year, 6)
    before = held_percents(made_year, 6)
    run("import_targets", targets_csv(tmp_path, "7.77"))
    assert held_percents(made_year, 6) == before
    assert held_percents(made_year, 7) == held_percents(made_year, 12) == {"7.7700"}
    late = Event.objects.get(action="late_input")
    assert late.data["months"] == ["2019-06"]
    # Again: the same target is there, and nothing is written.
    run("import_targets", targets_csv(tmp_path, "7.77"))
    assert AppraisalTarget.objects.filter(item="L2.1", level="", court=None).count() == 2
    run("import_targets", targets_csv(tmp_path, "8"), from_month="2019-10")
    assert held_percents(made_year, 9) == {"7.7700"}
    assert held_percents(made_year, 10) == {"8.0000"}


def test_targets_of_a_closed_month_are_refused(made_year, tmp_path):
    closed(made_year, 6)
    rows = list(AppraisalTarget.objects.values_list())
    for month in ("2019-05", "2019-06"):
        with pytest.raises(CommandError):
            run("import_targets", targets_csv(tmp_path, "7.77"), from_month=month)
    closed(made_year, 12)
    with pytest.raises(CommandError):
        run("import_targets", targets_csv(tmp_path, "7.77"))
    assert list(AppraisalTarget.objects.values_list()) == rows


def figures_csv(tmp_path, *rows):
    path = tmp_path / "figures.csv"
    lines = ["court,month,metric,value", *(",".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines), "utf-8")
    return path


def figure(month, metric="appeal_revised", court="yanji"):
    return Figure.objects.get(
        monthly_return__court__code=court,
        monthly_return__year=month.year,
        monthly_return__month=month.month,
        metric=metric,
    )


@pytest.mark.parametrize("month", [Month(2019, 6), Month(2018, 12)])
def test_figures_of_a_closed_month_are_refused_and_nothing_is_written(made_year, tmp_path, month):
    closed(made_year, 6)
    held = figure(month).value
    other = figure(Month(2019, 12)).value
    rows = [("yanji", month, "appeal_revised", held + 1)]
    rows.append(("yanji", "2019-12", "appeal_revised", other + 1))
    err = io.StringIO()
    with pytest.raises(CommandError, match="没有写入任何数据"):
        call_command("import_figures", str(figures_csv(tmp_path, *rows)), stderr=err)
    assert (figure(month).value, figure(Month(2019, 12)).value) == (held, other)
    # The command names the page on which precisely these rows are proposed, the admin links to it.
    (path,) = re.findall(r"(/yanbian-2019/restatements/new/\S*)", err.getvalue())
    given = f"yanji%2C{month}%2Cappeal_revised%2C{held + 1}"
    assert path == f"/yanbian-2019/restatements/new/?row={given}"
    office = client_of(account("admin", "yanbian", "office"))
    content = figures_csv(tmp_path, *rows).read_bytes()
    answer = office.post(
        "/admin/courts/figure/import/",
        {
            "year": made_year.pk,
            "import_file": SimpleUploadedFile("figures.csv", content),
            "format": "0",
            "resource": "0",
        },
    )
    assert f'href="{path}"' in answer.content.decode()
    page = office.get(path).context["rows"]
    assert [row["value"] for row in page] == [str(held + 1), "", "", "", ""]
    sent = {f"{name}-{row['number']}": row[name] for row in page for name in ROW_FIELDS}
    office.post(path, {**sent, "reason": "漏计"})
    assert Restatement.objects.get().data["rows"] == [
        {"court": "yanji", "month": str(month), "metric": "appeal_revised", "value": held + 1}
    ]


def test_unchanged_rows_of_a_closed_month_pass(made_year, tmp_path):
    closed(made_year, 6)
    june, december = figure(Month(2019, 6)).value, figure(Month(2019, 12)).value
    rows = [("yanji", "2019-06", "appeal_revised", june)]
    rows.append(("yanji", "2019-12", "appeal_revised", december + 1))
    said, _err = run("import_figures", figures_csv(tmp_path, *rows))
    assert "变更 1，未变 1" in said
    assert figure(Month(2019, 12)).value == december + 1


def test_a_side_that_is_open_takes_figures(made_year, tmp_path):
    closed(made_year, 6, ["enforcement"])
    june = figure(Month(2019, 6)).value
    run("import_figures", figures_csv(tmp_path, ("yanji", "2019-06", "appeal_revised", june + 1)))
    assert figure(Month(2019, 6)).value == june + 1
