"""Owns proving the pages of appraisal targets and caps: values, versions, events, who may."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from courts.figures.selectors.facts import facts_of_months
from courts.files.sheets import SourceFile
from courts.frame.refusals import RuleError
from courts.models import AppraisalTarget, Cap, Court, Event, QualityYear, User, WaitingTable
from courts.rulebooks.selectors.targets import caps_page
from courts.rulebooks.services import target_edits
from courts.rulebooks.services.caps import read_caps
from courts.rulebooks.services.motions import move_cap_file
from courts.rulebooks.services.target_edits import TargetValues
from courts.rulebooks.services.targets import import_targets
from courts.scores.selectors.scores import scoreboard
from scoring.facts import Month
from tests.courts.motion_fixtures import confirm_waiting
from tests.pages import account, client_of, more_courts

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

YEAR = "yanbian-2019"
FIVE = {
    "item": "L2.1",
    "scope": "level:grassroots",
    "percent": "5",
    "document": "吉高法〔2019〕1号",
    "decided_on": "2019-01-15",
    "reason": "年初录入",
}


def page(name: str, *arguments: object) -> str:
    return reverse(f"courts:{name}", args=[YEAR, *arguments])


def target_of(year: QualityYear, court: str) -> Decimal | None:
    month = Month(2019, 12)
    facts = next(one for one in facts_of_months(year, [month])[month] if one.court == court)
    return facts.targets.get("L2.1")


def test_a_target_is_entered_changed_and_removed(year: QualityYear, office: User) -> None:
    """A level's, then a court's own, which goes before it until it is removed again."""
    client = client_of(office)
    assert client.post(page("target_new"), FIVE).status_code == 302
    assert target_of(year, "yanji") is None
    confirm_waiting()
    own = FIVE | {"scope": "court:yanji", "percent": "4.25"}
    assert client.post(page("target_new"), own).status_code == 302
    confirm_waiting()
    assert [target_of(year, court) for court in ("yanji", "tumen", "yanbian")] == [
        Decimal("4.25"),
        Decimal(5),
        None,
    ]
    row = AppraisalTarget.objects.get(court__code="yanji")
    assert (row.document, row.decided_on) == ("吉高法〔2019〕1号", date(2019, 1, 15))
    changed = own | {"percent": "4.5", "version": row.version, "reason": "更正"}
    assert client.post(page("target", row.pk), changed).status_code == 302
    assert target_of(year, "yanji") == Decimal("4.25")
    confirm_waiting()
    assert target_of(year, "yanji") == Decimal("4.5")
    shown = client.get(page("target", row.pk)).content.decode()
    for words in ("4.25%", "4.5%", "年初录入", "更正", "审管办"):
        assert words in shown
    stale = client.post(page("target", row.pk), changed | {"percent": "9"})
    assert "又有改动" in stale.content.decode()
    gone = {"version": row.version + 1, "reason": "误录"}
    client.post(page("target_remove", row.pk), gone)
    assert target_of(year, "yanji") == Decimal("4.5")
    confirm_waiting()
    assert target_of(year, "yanji") == Decimal(5)
    acts = Event.objects.filter(action__endswith="_target").order_by("pk")
    assert [(act.action, act.reason, act.data["percent"]) for act in acts] == [
        ("set_target", "年初录入", "5"),
        ("set_target", "年初录入", "4.25"),
        ("set_target", "更正", "4.5"),
        ("remove_target", "误录", "4.5000"),
    ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"percent": "100000.5"}, "5"),
        ({"percent": "1.23456"}, "4"),
        ({"document": ""}, "必填"),
        ({"decided_on": "昨天"}, "2019-12-31"),
        ({"reason": " "}, "请说明原因"),
        ({"item": "L1"}, "L1"),
        ({"scope": "court:tonghua"}, "court:tonghua"),
    ],
)
def test_what_is_no_target(
    year: QualityYear, office: User, changed: dict[str, str], said: str
) -> None:
    response = client_of(office).post(page("target_new"), FIVE | changed)
    assert response.status_code == 200
    errors = str(response.context["form"].errors)
    assert said in errors
    assert not AppraisalTarget.objects.exists()


def test_one_target_for_one_scope(year: QualityYear, office: User) -> None:
    client = client_of(office)
    client.post(page("target_new"), FIVE)
    confirm_waiting()
    again = client.post(page("target_new"), FIVE | {"percent": "6"})
    assert "已有目标值" in again.content.decode()
    assert AppraisalTarget.objects.get().percent == 5


def test_the_list_is_narrowed_and_taken_away(made_year: QualityYear, desk: User) -> None:
    """Courts read; what is missing is named."""
    client = client_of(desk)
    shown = client.get(page("targets"), {"item": "L2.1"})
    assert {line.item for line in shown.context["page"].lines} == {"L2.1"}
    assert "录入目标值" not in shown.content.decode()
    csv = client.get(page("targets"), {"_export": "csv"}).content.decode("utf-8-sig")
    assert "L2.1" in csv
    AppraisalTarget.objects.filter(item="L3.1").delete()
    shown = client.get(page("targets"))
    assert shown.context["page"].missing == ("L3.1 服判息诉率",)


def test_an_import_is_seen_before_it_is_written(year: QualityYear, office: User) -> None:
    client = client_of(office)
    text = "court,item,target\n,L2.1,5\nyanji,L2.1,4.5\n"
    file = SimpleUploadedFile("targets.csv", text.encode())
    preview = client.post(page("targets_import"), {"file": file})
    assert "新增2项" in preview.content.decode()
    assert not AppraisalTarget.objects.exists()
    sent = preview.context["brought"].waiting.initial
    assert client.post(page("targets_import"), sent).status_code == 302
    assert target_of(year, "yanji") is None
    assert confirm_waiting() == 1
    assert target_of(year, "yanji") == Decimal("4.5")
    acts = Event.objects.filter(action="set_target", reason="导入 targets.csv")
    assert {act.actor for act in acts} == {office}
    used = client.post(page("targets_import"), sent, follow=True)
    assert "预览已失效" in used.content.decode()
    file = SimpleUploadedFile("targets.csv", text.replace("4.5", "x").encode())
    refused = client.post(page("targets_import"), {"file": file}).content.decode()
    assert "<strong>targets.csv</strong>" in refused
    assert "有 1 处错误" in refused
    changed = SimpleUploadedFile("targets.csv", text.replace("4.5", "4").encode())
    preview = client.post(page("targets_import"), {"file": changed})
    client.post(page("targets_import"), preview.context["brought"].waiting.initial)
    confirm_waiting()
    assert AppraisalTarget.objects.get(court__code="yanji").version == 2


def test_what_a_target_does_is_seen_before_it_is_saved(
    made_year: QualityYear, office: User
) -> None:
    """A target of 0 percent for L2.1 (at most) is missed by Yanji, one of 100 met: 6 points.

    Nothing is saved, and a reason is not asked for yet.
    """
    row = AppraisalTarget.objects.filter(item="L2.1").first()
    assert row is not None
    AppraisalTarget.objects.filter(item="L2.1").exclude(pk=row.pk).delete()
    AppraisalTarget.objects.filter(pk=row.pk).update(level="", court=None, percent=0)
    client = client_of(office)
    tried = client.post(page("target", row.pk), {"try": "1", "percent": "100", "version": 1})
    effect = tried.context["effect"]
    yanji = next(court for court in effect.courts if court.code == "yanji")
    assert [(item.code, item.before, item.after) for item in yanji.items] == [
        ("L2.1", "0.00", "6.00")
    ]
    assert yanji.moved == 3
    # What stands before is what the ranking shows, by the readings in force.
    totals = {card.court: card.total for card in scoreboard(made_year, Month(2019, 12)).scorecards}
    assert {court.code: Decimal(court.total_before) for court in effect.courts} == totals
    assert AppraisalTarget.objects.get(pk=row.pk).percent == 0
    own = {"try": "1", "item": "L2.1", "scope": "court:yanji", "percent": "100"}
    effect = client.post(page("target_new"), own).context["effect"]
    moved = [court.code for court in effect.courts if court.items]
    assert moved == ["yanji"]
    assert AppraisalTarget.objects.filter(item="L2.1").count() == 1


# --- Caps ------------------------------------------------------------------------------------


def test_the_proposed_caps_are_taken_where_there_are_none(year: QualityYear, office: User) -> None:
    """Yanji's 252 cases less ten percent, rounded up: 26 fewer, 226. Tumen keeps its own."""
    Cap.objects.exclude(court__code="tumen").delete()
    client = client_of(office)
    assert client.get(page("caps")).context["page"].may_propose
    assert client.post(page("caps"), {"reason": ""}).status_code == 302
    assert Cap.objects.count() == 1
    client.post(page("caps"), {"reason": "附件2"})
    assert Cap.objects.count() == 1
    confirm_waiting()
    cap = Cap.objects.get(court__code="yanji")
    assert (cap.baseline_cases, cap.reduction_cases, cap.cap_cases) == (252, 26, 226)
    assert Cap.objects.count() == 9
    assert Event.objects.filter(action="set_cap", reason="附件2").count() == 8
    assert not client.get(page("caps")).context["page"].may_propose


def test_a_cap_is_changed_with_a_reason(year: QualityYear, office: User) -> None:
    client = client_of(office)
    sent = {"version": 1, "baseline_cases": 252, "reduction_cases": 30, "reason": "从严"}
    assert client.post(page("cap", "yanji"), sent).status_code == 302
    confirm_waiting()
    cap = Cap.objects.get(court__code="yanji")
    assert (cap.reduction_cases, cap.cap_cases, cap.version) == (30, 222, 2)
    shown = client.get(page("caps")).content.decode()
    assert "与规则不同" in shown
    assert "252 − 30 = 222" in client.get(page("cap", "yanji")).content.decode()
    assert "又有改动" in client.post(page("cap", "yanji"), sent).content.decode()
    too_many = client.post(page("cap", "yanji"), {**sent, "version": 2, "reduction_cases": 253})
    assert "不能大于" in too_many.content.decode()
    assert client.get(page("cap", "meihekou")).status_code == 404


def test_every_cap_of_annex_2_is_as_proposed(year: QualityYear, office: User) -> None:
    lines = caps_page(office, year).lines
    assert len(lines) == 9
    assert not any(line.differs for line in lines)


# --- Who, at once, how many queries ----------------------------------------------------------


def test_the_centre_and_other_prefectures_write_nothing(year: QualityYear) -> None:
    values = TargetValues(Decimal(5), "文件", date(2019, 1, 1))
    for user in (
        account("centre", "yanbian", "centre"),
        account("admin", "yanbian", "admin"),
        account("yanji", "yanji", "litigation"),
    ):
        client = client_of(user)
        assert client.post(page("target_new"), FIVE).status_code == 403
        assert client.post(page("caps"), {"reason": "x"}).status_code == 403
        with pytest.raises(PermissionDenied):
            target_edits.add_target(
                user=user,
                year=year,
                item="L2.1",
                level="",
                court="",
                values=values,
                reason="x",
                confirmed_by=None,
            )
    assert not AppraisalTarget.objects.exists()


def test_a_target_of_another_year_is_not_there(year: QualityYear, office: User) -> None:
    values = TargetValues(Decimal(5), "文件", date(2019, 1, 1))
    with pytest.raises(RuleError, match="已被删除"):
        target_edits.change_target(
            user=office,
            year=year,
            target=1,
            seen_version=1,
            values=values,
            reason="x",
            confirmed_by=None,
        )
    assert client_of(office).get(page("target", 1)).status_code == 404


@pytest.mark.parametrize("name", ["targets", "caps"])
def test_queries_do_not_grow_with_courts(
    made_year: QualityYear, office: User, name: str, django_assert_max_num_queries: Any
) -> None:
    client = client_of(office)
    client.get(page(name))
    with django_assert_max_num_queries(20) as before:
        client.get(page(name))
    most = len(before)
    more_courts(made_year, 20)
    # What is kept of the years is made anew once after a change, before and after alike.
    client.get(page(name))
    with django_assert_max_num_queries(most):
        client.get(page(name))


# --- Files that come back --------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh-hans", "ko", "en"])
@pytest.mark.parametrize("wanted", ["csv", "xlsx"])
def test_the_list_of_targets_comes_back_as_it_went(
    year: QualityYear, office: User, language: str, wanted: str
) -> None:
    for scope in ({}, {"level": "grassroots"}, {"court": Court.objects.get(code="yanji")}):
        AppraisalTarget.objects.create(
            quality_year=year,
            item="L2.1",
            percent="1.5",
            document="吉高法〔2019〕1号",
            decided_on=date(2019, 1, 15),
            **scope,
        )
    client = client_of(office)
    client.cookies["django_language"] = language
    file = client.get(f"{page('targets')}?_export={wanted}").content
    result = import_targets(year=year, files=[SourceFile(f"targets.{wanted}", file)], apply=False)
    assert (result.errors, result.changes, result.unchanged) == ((), (), 3)
    if wanted == "csv":
        text = file.decode("utf-8-sig").replace("1.5000", "2.5").replace(",1.5,", ",2.5,", 1)
        changed = SourceFile("targets.csv", text.encode())
        result = import_targets(year=year, files=[changed], apply=False)
        assert {change.entry.percent for change in result.changes} == {Decimal("2.5")}


@pytest.mark.parametrize("language", ["zh-hans", "ko", "en"])
@pytest.mark.parametrize("wanted", ["csv", "xlsx"])
def test_the_list_of_caps_comes_back_as_it_went(
    year: QualityYear, office: User, language: str, wanted: str
) -> None:
    client = client_of(office)
    client.cookies["django_language"] = language
    file = SourceFile(f"caps.{wanted}", client.get(f"{page('caps')}?_export={wanted}").content)
    result = read_caps(year=year, file=file)
    # Annex 2 has caps for the eight grassroots courts and the intermediate one.
    assert (result.errors, result.changes) == ((), ())
    assert result.unchanged == Cap.objects.filter(quality_year=year).count() > 7


def caps_file(*rows: str) -> SourceFile:
    head = "court,baseline_cases,reduction_cases,cap_cases"
    return SourceFile("caps.csv", "\n".join([head, *rows]).encode())


def test_a_cap_from_a_file_is_looked_at_then_written(year: QualityYear, office: User) -> None:
    client = client_of(office)
    upload = SimpleUploadedFile("caps.csv", caps_file("yanji,252,30,222").content)
    shown = client.post(page("caps_import"), {"file": upload})
    assert "252 − 30 = 222" in shown.content.decode()
    assert Cap.objects.get(court__code="yanji").cap_cases == 226
    waiting = shown.context["brought"].waiting.initial
    assert client.post(page("caps_import"), waiting).status_code == 302
    assert Cap.objects.get(court__code="yanji").cap_cases == 226
    confirm_waiting()
    cap = Cap.objects.get(court__code="yanji")
    assert (cap.cap_cases, cap.version) == (222, 2)
    event = Event.objects.filter(action="set_cap").latest("pk")
    assert (event.actor, event.reason) == (office, "导入 caps.csv")
    # A confirmation finds that the figures are others now, and shows what waits anew.
    upload = SimpleUploadedFile("caps.csv", caps_file("yanji,252,26,226").content)
    waiting = client.post(page("caps_import"), {"file": upload}).context["brought"].waiting.initial
    Cap.objects.filter(pk=cap.pk).update(reduction_cases=28, cap_cases=224)
    again = client.post(page("caps_import"), waiting)
    assert "预览之后有了变化" in again.content.decode()
    assert (
        client.post(page("caps_import"), again.context["brought"].waiting.initial).status_code
        == 302
    )
    confirm_waiting()
    assert Cap.objects.get(pk=cap.pk).cap_cases == 226


def test_what_waits_is_put_away_with_one_click(year: QualityYear, office: User) -> None:
    client = client_of(office)
    file = SimpleUploadedFile("targets.csv", b"court,item,target\n,L2.1,5\n")
    shown = client.post(page("targets_import"), {"file": file})
    sent = shown.context["brought"].waiting.initial
    # What waits in one area is not confirmed as if it were of another.
    other = client.post(page("caps_import"), sent, follow=True)
    assert "预览已失效" in other.content.decode()
    assert WaitingTable.objects.get().table["sheets"][0]["rows"][1] == [2, ["", "L2.1", "5"]]
    assert client.post(page("targets_import"), sent | {"discard": "1"}).status_code == 302
    assert not WaitingTable.objects.exists()
    used = client.post(page("targets_import"), sent, follow=True)
    assert "预览已失效" in used.content.decode()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["yanji,252,-1,"], "reduction_cases"),
        (["yanji,252,1.5,"], "整数"),
        (["yanji,252,253,"], "不能大于"),
        (["yanji,252,26,227"], "即226"),
        (["meihekou,10,1,9"], "court"),
        (["yanji,252,26,226", "延吉法院,252,26,226"], "重复"),
        ([], "没有数据行"),
    ],
)
def test_a_bad_file_of_caps_writes_nothing(
    year: QualityYear, office: User, rows: list[str], words: str
) -> None:
    good = ["tumen,23,5,18"] if rows else []
    result = read_caps(year=year, file=caps_file(*good, *rows))
    assert words in " ".join(map(str, result.errors))
    assert result.changes == ()
    assert Cap.objects.get(court__code="tumen").cap_cases == 20


def test_only_the_office_brings_caps_in(year: QualityYear) -> None:
    centre, file = account("centre", "yanbian", "centre"), caps_file("yanji,252,30,222")
    changes = read_caps(year=year, file=file).changes
    with pytest.raises(PermissionDenied):
        move_cap_file(user=centre, year=year, file=file, changes=changes)
    assert Cap.objects.get(court__code="yanji").cap_cases == 226
