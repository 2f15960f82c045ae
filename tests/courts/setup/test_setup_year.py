"""Tests of setting up a year: what is stored, that it happens once, what a bad annex says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

import scoring
from courts.models import (
    Cap,
    Court,
    Event,
    Figure,
    MonthlyReturn,
    QualityYear,
    RulebookEdition,
)
from courts.setup.services.setup import ANNEXES
from courts.years.selectors.years import courts_of, find_year, rulebook_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]

BUNDLED = scoring.BUNDLED / "yanbian-2019"

# Annex 2: overturned cases of 2018, what they are to fall by, what may remain.
CAPS = {
    "yanbian": (67, 7, 60),
    "yanji": (252, 26, 226),
    "tumen": (23, 3, 20),
    "dunhua": (83, 9, 74),
    "longjing": (40, 4, 36),
    "hunchun": (64, 7, 57),
    "helong": (29, 3, 26),
    "wangqing": (40, 4, 36),
    "antu": (40, 4, 36),
}
# Annex 3, last line: the totals of its columns.
ANNEX_3_TOTALS = {
    "retrial_directed": 19,
    "retrial_decided": 88,
    "retrial_escalated": 49,
    "appeals_filed": 2733,
    "retrial_petitions_received": 1077,
    "retrial_petitions_closed": 985,
}


@pytest.fixture
def annexes(tmp_path: Path) -> Path:
    """A copy of the annexes, to be spoilt."""
    return Path(shutil.copytree(ANNEXES / "yanbian-2019", tmp_path / "annexes"))


@pytest.fixture
def rulebook(tmp_path: Path) -> Path:
    """A copy of the rulebook, to be changed."""
    return Path(shutil.copytree(BUNDLED, tmp_path / "yanbian-2019"))


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def rows() -> list[int]:
    models = (Court, QualityYear, RulebookEdition, MonthlyReturn, Figure, Cap, Event)
    return [model.objects.count() for model in models]


def test_stores_the_annexes() -> None:
    call_command("setup_year", "yanbian-2019")
    year = find_year()
    assert [court.code for court in courts_of(year)] == list(CAPS)
    assert Court.objects.get(code="longjing").name_ko == "룡정시인민법원"
    assert year.edition.sha256 == scoring.load_rulebook(BUNDLED).sha256
    assert rulebook_of(year).code == "yanbian-2019"
    caps = {
        cap.court.code: (cap.baseline_cases, cap.reduction_cases, cap.cap_cases)
        for cap in Cap.objects.select_related("court")
    }
    assert caps == CAPS
    for metric, total in ANNEX_3_TOTALS.items():
        figures = Figure.objects.filter(metric=metric)
        assert sum(figure.value or 0 for figure in figures) == total
    assert Event.objects.get().action == "setup_year"


def test_baseline_counts_as_verified_by_the_office() -> None:
    call_command("setup_year", "yanbian-2019")
    returns = list(MonthlyReturn.objects.all())
    assert len(returns) == 9
    assert {(r.period, r.side, r.state, r.origin) for r in returns} == {
        ("2018-12", "litigation", "verified", "import")
    }
    assert MonthlyReturn.history.count() == 9
    assert Figure.history.count() == Figure.objects.count() == 99


def test_the_figure_that_annex_3_lacks_says_so() -> None:
    call_command("setup_year", "yanbian-2019")
    figures = Figure.objects.filter(metric="retrial_designated")
    assert {figure.value for figure in figures} == {0}
    assert all("附件3" in figure.note for figure in figures)
    assert not Figure.objects.exclude(metric="retrial_designated").exclude(note="").exists()


def test_a_second_run_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("setup_year", "yanbian-2019")
    before = rows()
    Court.objects.filter(code="yanji").update(short_name="延吉")
    capsys.readouterr()
    call_command("setup_year", "yanbian-2019")
    assert "未作改动" in capsys.readouterr().out
    assert rows() == before
    assert Court.objects.get(code="yanji").short_name == "延吉"


def test_another_text_of_the_rulebook_changes_nothing_and_says_so(
    rulebook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("setup_year", "yanbian-2019")
    before = rows()
    spoil(rulebook / "rulebook.toml", "年）", "年度）")
    capsys.readouterr()
    call_command("setup_year", str(rulebook))
    captured = capsys.readouterr()
    assert "与文件不同，未作改动" in captured.err
    assert captured.out == ""
    assert rows() == before


def test_a_second_prefecture_brings_its_own_folders(rulebook: Path, annexes: Path) -> None:
    call_command("setup_year", "yanbian-2019")
    spoil(rulebook / "rulebook.toml", 'code = "yanbian-2019"', 'code = "other-2019"')
    for path in annexes.iterdir():
        text = path.read_text("utf-8")
        for code in CAPS:
            text = text.replace(f"{code},", f"other-{code},")
        path.write_text(text.replace("人民法院", "人民法院二"), "utf-8")
    call_command("setup_year", str(rulebook), data=annexes)
    assert {year.code for year in QualityYear.objects.all()} == {"yanbian-2019", "other-2019"}
    other = courts_of(find_year("other-2019"))
    assert [court.code for court in other] == [f"other-{code}" for code in CAPS]
    assert Figure.objects.count() == 2 * 99


@pytest.fixture
def next_year(rulebook: Path, annexes: Path) -> tuple[Path, Path]:
    """The same courts' rulebook and annexes for 2020."""
    spoil(rulebook / "rulebook.toml", 'code = "yanbian-2019"', 'code = "yanbian-2020"')
    spoil(rulebook / "rulebook.toml", "\nyear = 2019", "\nyear = 2020")
    spoil(rulebook / "rulebook.toml", "baseline_year = 2018", "baseline_year = 2019")
    for old, new in (
        ("baseline_2018.csv", "baseline_2019.csv"),
        ("caps_2019.csv", "caps_2020.csv"),
    ):
        text = (annexes / old).read_text("utf-8")
        text = text.replace("2018-12", "2019-12")
        text = text.replace("overturned_2018", "overturned_2019").replace("cap_2019", "cap_2020")
        (annexes / new).write_text(text, "utf-8")
    return rulebook, annexes


def test_the_next_year_has_the_same_courts(next_year: tuple[Path, Path]) -> None:
    call_command("setup_year", "yanbian-2019")
    courts = Court.objects.count()
    call_command("setup_year", str(next_year[0]), data=next_year[1])
    assert Court.objects.count() == courts
    assert find_year().code == "yanbian-2020"
    assert Cap.objects.count() == 18


def test_figures_already_stored_must_agree(
    next_year: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("setup_year", "yanbian-2019")
    figures = next_year[1] / "figures.csv"
    figures.write_text("court,month,metric,value\nyanji,2019-12,appeals_filed,1\n", "utf-8")
    call_command("import_figures", str(figures))
    with pytest.raises(CommandError):
        call_command("setup_year", str(next_year[0]), data=next_year[1])
    assert "“1085”，与已有数据 1 不同" in capsys.readouterr().err
    assert QualityYear.objects.count() == 1


def test_a_court_keeps_its_place_in_the_tree(
    next_year: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("setup_year", "yanbian-2019")
    root = Court.objects.create(
        code="jilin", order=1, short_name="吉林中院", name="吉林中院", level="intermediate"
    )
    Court.objects.filter(code="antu").update(parent=root)
    with pytest.raises(CommandError):
        call_command("setup_year", str(next_year[0]), data=next_year[1])
    assert "“antu”，已有这个代码的法院，但审级或上级法院不同" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("courts.csv", "code,order", "kode,order", "缺少列：code"),
        ("courts.csv", "antu,9", "antu,nine", "courts.csv 第10行 order 列：“nine”"),
        ("courts.csv", "antu,9", "An tu,9", "courts.csv 第10行 code 列"),
        (
            "courts.csv",
            "grassroots",
            "village",
            "“village”，应为审级的代码：grassroots、intermediate",
        ),
        ("courts.csv", "intermediate", "grassroots", "文件中没有中级法院"),
        ("courts.csv", "安图县人民法院,", "图们市人民法院,", "已有同名法院"),
        ("baseline_2018.csv", "yanji,2018-12", "yanjo,2018-12", "第13行 court 列：“yanjo”"),
        ("baseline_2018.csv", "2018-12", "2019-12", "“2019-12”，应为 2018 年的月份"),
        ("baseline_2018.csv", ",165", ",-165", "“-165”，应为0至999999999的整数"),
        ("caps_2019.csv", "252,26,226", "253,26,227", "应等于 2018 年基础数据各项之和 252"),
        ("caps_2019.csv", "252,26,226", "252,26,225", "应等于 252 − 26"),
        ("caps_2019.csv", "antu,40,4,36", "wangqing,40,4,36", "该法院重复出现"),
        ("caps_2019.csv", "\nantu,40,4,36", "", "缺少这些法院：antu"),
        ("caps_2019.csv", "252,26", "252,-26", "应为非负整数"),
        ("caps_2019.csv", "antu", "antoo", "“antoo”"),
    ],
)
def test_a_bad_annex_is_named_and_nothing_is_stored(
    annexes: Path,
    file: str,
    old: str,
    new: str,
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = rows()
    spoil(annexes / file, old, new)
    with pytest.raises(CommandError, match="没有写入任何数据"):
        call_command("setup_year", "yanbian-2019", data=annexes)
    assert message in capsys.readouterr().err
    assert rows() == before


def test_missing_annexes_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="3处错误"):
        call_command("setup_year", "yanbian-2019", data=tmp_path)
    err = capsys.readouterr().err
    assert all(name in err for name in ("courts.csv", "baseline_2018.csv", "caps_2019.csv"))


def test_an_unknown_code_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError):
        call_command("setup_year", "jilin-2019")
    assert "没有规则“jilin-2019”：可用 yanbian-2019" in capsys.readouterr().err


def test_a_broken_rulebook_prints_its_faults(
    rulebook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(rulebook / "rulebook.toml", "year = 2019", "yeer = 2019")
    with pytest.raises(CommandError):
        call_command("setup_year", str(rulebook), data=ANNEXES / "yanbian-2019")
    assert "rulebook.toml: yeer" in capsys.readouterr().err
    assert not RulebookEdition.objects.exists()


def test_check_rulebook_prints_totals_and_faults(
    rulebook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check_rulebook", str(rulebook))
    out = capsys.readouterr().out
    assert "没有错误" in out
    assert out.count("100.00") == 4
    spoil(rulebook / "rulebook.toml", "year = 2019", "yeer = 2019")
    spoil(rulebook / "litigation.toml", "paragraph =", "paragraf =")
    with pytest.raises(CommandError, match="处错误"):
        call_command("check_rulebook", str(rulebook))
    err = capsys.readouterr().err
    assert "rulebook.toml: yeer" in err
    assert "litigation.toml" in err
    with pytest.raises(CommandError, match="没有规则"):
        call_command("check_rulebook", "nothing")
