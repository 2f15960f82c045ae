"""What stands beside a year's rules: taken up by two people, shown whole, moving no point."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

import scoring
from courts.files.sheets import SourceFile
from courts.frame.refusals import ReturnError, RuleError
from courts.models import Event, Motion, QualityYear, TakenSupplement, User
from courts.motions.services.motions import confirm, trial
from courts.rulebooks.selectors import supplements as shown
from courts.rulebooks.services.motions import move_supplement
from courts.rulebooks.services.supplements import checked, store
from courts.scores.selectors.scores import scoreboard
from courts.years.selectors.supplements import supplement_of
from scoring.facts import Month
from scoring.supplements import FOLDER, Better, load_supplement, load_supplements
from tests.pages import account, client_of

pytestmark = pytest.mark.django_db

BUNDLED = scoring.BUNDLED / "yanbian-2019"
ROOT = "/yanbian-2019/supplements/"
NEW = "附则有新版本"


@pytest.fixture
def people(year: QualityYear) -> dict[str, User]:
    return {
        "office": account("office", "yanbian", "office"),
        "centre": account("centre", "yanbian", "centre"),
        "desk": account("desk", "yanji", "litigation"),
    }


def text_of(code: str) -> str:
    return (BUNDLED / FOLDER / f"{code}.toml").read_text("utf-8")


def second_averages() -> SourceFile:
    """The second version: Q2 came to 28.5 percent."""
    text = text_of("averages").replace("version = 1", "version = 2").replace("= 29\n", "= 28.5\n")
    return SourceFile("averages.toml", text.encode())


def posted(file: SourceFile, reason: str = "更正") -> dict[str, Any]:
    return {
        "upload": "1",
        "file": SimpleUploadedFile(file.name, file.content),
        "reason": reason,
    }


def test_a_new_year_begins_with_those_beside_its_rules(year: QualityYear) -> None:
    rows = TakenSupplement.objects.filter(quality_year=year)
    loaded = load_supplements(BUNDLED, scoring.load_rulebook(BUNDLED))
    assert [(row.code, row.version, row.sha256, row.by) for row in rows] == [
        (one.code, one.version, one.sha256, None) for one in loaded
    ]
    said = Event.objects.get(action="setup_year").data["supplements"]
    assert said == [
        {"code": one.code, "version": one.version, "sha256": one.sha256} for one in loaded
    ]
    directions = supplement_of(year, "directions")
    assert directions is not None
    assert directions.better["Q7"] is Better.LOWER
    assert supplement_of(year, "wording") is None


def test_an_upgraded_database_scores_as_before_and_says_what_is_new(
    made_year: QualityYear, capsys: pytest.CaptureFixture[str]
) -> None:
    """A database from before there were supplements has taken up none."""
    TakenSupplement.objects.all().delete()
    before = scoreboard(made_year, Month(2019, 12))
    capsys.readouterr()
    call_command("setup_year", "yanbian-2019")
    told = capsys.readouterr()
    assert "未作改动" in told.out
    codes = [one.code for one in load_supplements(BUNDLED, scoring.load_rulebook(BUNDLED))]
    assert told.err.count(NEW) == len(codes)
    for code in codes:
        assert f"（{code}）第1版" in told.err
    assert not TakenSupplement.objects.exists()
    assert scoreboard(made_year, Month(2019, 12)) == before
    office = client_of(account("office", "yanbian", "office"))
    for address in ("/editions/", ROOT):
        page = office.get(address).content.decode()
        assert NEW in page
        assert "2018年平均值" in page
    office.post(ROOT, {"offer": "averages", "reason": "随新版本带来"})
    motion = Motion.objects.get()
    confirm(user=account("centre", "yanbian", "centre"), motion=motion, seen=trial(motion).digest)
    call_command("setup_year", "yanbian-2019")
    assert capsys.readouterr().err.count(NEW) == len(codes) - 1
    assert made_year.edition.sha256 == QualityYear.objects.get().edition.sha256


def test_two_people_take_a_version_up(year: QualityYear, people: dict[str, User]) -> None:
    office, centre = client_of(people["office"]), client_of(people["centre"])
    edition = year.edition.sha256
    assert office.post(ROOT, posted(second_averages())).status_code == 302
    motion = Motion.objects.get()
    assert (motion.kind, motion.state, motion.side) == ("supplement", "waiting", "")
    assert "等待另一人确认" in office.get(ROOT).content.decode()
    assert TakenSupplement.objects.filter(code="averages").count() == 1
    address = f"/yanbian-2019/motions/{motion.pk}/"
    page = centre.get(address).content.decode()
    assert "29% · 延边州" in page
    assert "28.5% · 延边州" in page
    assert "49.7%" not in page
    seen = trial(motion).digest
    office.post(address, {"act": "confirm", "seen": seen})
    motion.refresh_from_db()
    assert motion.state == "waiting"
    centre.post(address, {"act": "confirm", "seen": seen})
    motion.refresh_from_db()
    assert motion.state == "confirmed"
    row = TakenSupplement.objects.get(code="averages", version=2)
    assert (row.by, row.confirmed_by, row.reason) == (people["office"], people["centre"], "更正")
    event = Event.objects.get(action="take_up_supplement")
    assert event.actor == people["office"]
    assert event.reason == "更正"
    assert event.data["supplement"] == "averages"
    assert (event.data["before"], event.data["version"]) == (1, 2)
    assert event.data["sha256"] == row.sha256 != event.data["before_sha256"]
    year.refresh_from_db()
    assert year.edition.sha256 == edition
    # The page shows the version in force, who took it up, and the one before.
    page = client_of(people["desk"]).get(f"{ROOT}averages/").content.decode()
    for words in ("28.5%", "第2版", row.sha256, "office", "centre", "以前的版次", "第1版", "全国"):
        assert words in page, words
    assert "29%" not in page


def test_what_changed_since_is_not_taken_up(year: QualityYear, people: dict[str, User]) -> None:
    file = second_averages()
    said = checked(year=year, file=file)
    motions = [
        move_supplement(user=people["office"], year=year, file=file, said=said, reason="更正")
        for _again in range(2)
    ]
    seen = [trial(motion).digest for motion in motions]
    confirm(user=people["centre"], motion=motions[0], seen=seen[0])
    with pytest.raises(ReturnError):
        confirm(user=people["centre"], motion=motions[1], seen=seen[1])
    assert "要改的内容又有改动" in trial(motions[1]).refusal
    assert TakenSupplement.objects.filter(code="averages").count() == 2


def test_every_fault_of_a_file_is_shown_at_once(year: QualityYear, people: dict[str, User]) -> None:
    office = client_of(people["office"])
    text = text_of("averages").replace('"Q2"', '"Q22"').replace("year = 2018", "year = 2019")
    page = office.post(ROOT, posted(SourceFile("averages.toml", text.encode()))).content.decode()
    assert "没有考核项“Q22”" in page
    assert "2019超出范围" in page
    page = office.post(ROOT, posted(SourceFile("averages.toml", b"\xff"))).content.decode()
    assert "不是有效的TOML文件" in page
    # The same version again, and a reason that is missing.
    same = SourceFile("averages.toml", text_of("averages").encode())
    assert "版次须更高" in office.post(ROOT, posted(same)).content.decode()
    assert "请说明原因" in office.post(ROOT, posted(second_averages(), "")).content.decode()
    assert (
        "没有新版本" in office.post(ROOT, {"offer": "averages", "reason": "重来"}).content.decode()
    )
    big = SourceFile("averages.toml", b"#" * (512 * 1024 + 1))
    assert "averages.toml：文件超过512 KB" in office.post(ROOT, posted(big)).content.decode()
    assert not Motion.objects.exists()
    for who in ("centre", "desk"):
        assert client_of(people[who]).post(ROOT, posted(second_averages())).status_code == 403


def test_pages_say_what_a_supplement_says(year: QualityYear, people: dict[str, User]) -> None:
    desk = client_of(people["desk"])
    listed = desk.get(ROOT).content.decode()
    assert "指标的正向与逆向" in listed
    assert "设立质量年时（命令行）" in listed
    assert "导入附则文件" not in listed
    page = desk.get(f"{ROOT}directions/").content.decode()
    assert page.count("越高越好") == 14
    assert page.count("越低越好") == 22
    assert "二审立案数" in page
    averages = desk.get(f"{ROOT}averages/").content.decode()
    for words in ("155.25天", "20.70%", "42.86%", "由文件推算", "文件写明", "推断", "高于全省"):
        assert words in averages, words
    assert desk.get(f"{ROOT}wording/").status_code == 404
    with translation.override("ko"):
        korean = shown.supplement_page(year, "averages")
    assert korean.line.title == "2018년 평균치"
    assert korean.said[0].place == "전국"


def test_a_later_edition_without_an_item_leaves_the_supplement_readable(year: QualityYear) -> None:
    row = TakenSupplement.objects.get(code="averages")
    text = row.text.replace('"Q2"', '"Q22"')
    TakenSupplement.objects.filter(pk=row.pk).update(text=text)
    with pytest.raises(ValueError, match="has the hash"):
        shown.supplement_page(year, "averages")
    sha256 = load_supplement("averages.toml", text).sha256
    TakenSupplement.objects.filter(pk=row.pk).update(sha256=sha256)
    lines = shown.supplement_page(year, "averages").said
    assert [line.code for line in lines if not line.is_known] == ["Q22"]


@pytest.mark.database
def test_the_database_keeps_two_people_and_one_row_a_version(
    year: QualityYear, people: dict[str, User]
) -> None:
    said = checked(year=year, file=second_averages())
    with pytest.raises(RuleError, match="须由另一人确认"):
        store(year=year, said=said, by=people["office"], confirmed_by=people["office"])
    row = store(year=year, said=said, by=people["office"], confirmed_by=people["centre"])
    with pytest.raises(RuleError, match="这一版已经采用"):
        store(year=year, said=said)
    wrong: list[dict[str, Any]] = [
        {"confirmed_by": people["office"]},
        {"by": None},
        {"version": 1},
        {"kind": "registers"},
        {"sha256": ""},
    ]
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            TakenSupplement.objects.filter(pk=row.pk).update(at=timezone.now(), **values)


def test_check_rulebook_checks_them_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = Path(shutil.copytree(BUNDLED, tmp_path / "yanbian-2019"))
    call_command("check_rulebook", str(copy))
    out = capsys.readouterr().out
    assert "附则 averages 第1版" in out
    assert "附则 directions 第1版" in out
    for code, old in (("averages", '"Q2"'), ("directions", '"L3.1"')):
        path = copy / FOLDER / f"{code}.toml"
        path.write_text(path.read_text("utf-8").replace(old, '"X1"'), "utf-8")
    with pytest.raises(CommandError, match="2处错误"):
        call_command("check_rulebook", str(copy))
    told = capsys.readouterr().err
    assert "supplements/averages.toml: averages[2].item: 没有考核项“X1”" in told
    assert "supplements/directions.toml: directions[1].items: 没有考核项“X1”" in told
    with pytest.raises(CommandError):
        call_command("setup_year", str(copy))
    assert not QualityYear.objects.exists()
