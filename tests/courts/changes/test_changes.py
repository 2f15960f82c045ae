"""Courts that change during a year: the four changes, points worked by hand before and after.

2018 has for Tumen 23 overturned cases, Antu 40, Longjing 40 (annex 2); months before December are
held against month/12 of them (`interim_baseline`), 4 points for each percent of fall.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import translation

from courts.ballots.selectors.drafts import offered_courts
from courts.changes.selectors.plans import Kind
from courts.changes.services.motions import move_change
from courts.closings.selectors.close_steps import open_steps
from courts.extracts.services.extracts import import_extract
from courts.figures.selectors.caps_in_force import caps_in_force
from courts.figures.selectors.facts import facts_of_months
from courts.figures.selectors.findings import FindingKind, findings
from courts.figures.services.imports import import_figures
from courts.files.attachments import GivenFile
from courts.frame.refusals import ReturnError
from courts.models import Cap, Court, CourtChange, Event, Motion, QualityYear, Snapshot, User
from courts.motions.services.motions import confirm, trial
from courts.registers.selectors.counts import LineCounts
from courts.reviews.selectors.completeness import completeness
from courts.rulebooks.selectors.targets import caps_page
from courts.scores.selectors.scores import ranking, scoreboard
from courts.snapshots.verification import verify
from courts.takeaways.selectors.bases import giving_page
from courts.takeaways.services.bases import type_base
from courts.years.court_changes import ended_courts
from courts.years.open_work import open_work_of_years
from courts.years.selectors.years import courts_of, find_year
from scoring.facts import Month
from tests.courts.changes.conftest import ORDER, PDF, SHARES, change, overturned
from tests.courts.conftest import csv_file
from tests.courts.issue_fixtures import closed_month
from tests.courts.returns_fixtures import slot_of
from tests.pages import account, client_of, give, year_after

pytestmark = pytest.mark.django_db

JUNE, JULY, DECEMBER = Month(2019, 6), Month(2019, 7), Month(2019, 12)
# What is not due in August of the year yet.
AUGUST = datetime(2019, 8, 5, tzinfo=UTC)


def points(court: str, month: Month, item: str = "L1") -> Decimal | None:
    return scoreboard(find_year(), month).court(court).item(item).points


def ranked(month: Month) -> dict[str, int]:
    """The ranks of a month by the names of then."""
    rows = ranking(find_year(), month)
    return {row.court.short_name: row.rank for row in rows if row.rank is not None}


def lines_of(motion: Motion) -> dict[tuple[str, ...], tuple[str, str]]:
    return {line.what: (line.old, line.new) for line in trial(motion).lines}


def test_a_merged_court_is_ranked_until_then_and_counts_with_the_other_from_then_on(
    year: QualityYear, people: dict[str, User]
) -> None:
    """June: Tumen 11 of 11.5, 4.3478 % fewer, 17.39 points; Antu 19 of 20, 5 % fewer, 20 points.

    July: 35 of (23 + 40) × 7/12 = 36.75, 4.7619 % fewer, 19.05 points; of Tumen's own 13.42 there
    would be none.
    """
    overturned(JUNE, tumen=11, antu=19)
    overturned(JULY, tumen=35)
    june = {court: points(court, JUNE) for court in ("tumen", "antu")}
    assert june == {"tumen": Decimal("17.39"), "antu": Decimal("20.00")}
    assert points("tumen", JULY) == 0
    frozen = closed_month(year, people["office"], 6)
    before = ranked(JUNE)

    order = replace(ORDER, kind=Kind.MERGED, court="antu", other="tumen")
    waiting = move_change(
        user=people["office"], year=find_year(), order=order, files=[GivenFile("a.pdf", PDF)]
    )
    tried = trial(waiting)
    told = {line.what: (line.old, line.new) for line in tried.lines}
    assert told["图们法院", "2018年全年", "二审被改判"] == ("17", "17 + 26 = 43")
    assert told["图们法院", "控制目标"] == ("23 − 3 = 20", "63 − 7 = 56")
    assert told["安图法院", "参加考核的月份"][1].startswith("1至6月")
    assert told["安图法院", "账号"][0] == "1"
    [effect] = [one for one in tried.effects if one.month_name == "2019年7月"]
    [moved] = [court for court in effect.courts if court.code == "tumen"]
    assert [(item.code, item.before, item.after) for item in moved.items if item.code == "L1"] == [
        ("L1", "0.00", "19.05")
    ]
    assert points("tumen", JULY) == 0
    confirm(user=people["centre"], motion=waiting, seen=tried.digest)

    assert points("tumen", JULY) == Decimal("19.05")
    assert {court: points(court, JUNE) for court in june} == june
    assert ranked(JUNE) == before
    assert ranked(JULY).keys() == before.keys() - {"安图法院"}
    assert Snapshot.objects.get().text == frozen.text
    assert verify(frozen.text.encode()).is_equal
    facts = {one.court: one for one in facts_of_months(find_year(), [JULY])[JULY]}
    assert facts["tumen"].baseline_annual["appeals_filed"] == 105 + 186
    # Both caps, added, from July on; the months before keep theirs.
    tumen = Court.objects.get(code="tumen")
    assert caps_in_force(find_year(), JULY)[tumen.pk].cap_cases == 56
    assert caps_in_force(find_year(), JUNE)[tumen.pk].cap_cases == 20
    assert Event.objects.get(action="change_court").data["caps"] == {"tumen": "56"}

    # The other's return has what both had before, or falls: 11 + 19 are 30.
    slot = slot_of(find_year(), "tumen", JULY)
    whole = dict.fromkeys(slot.rulebook.metrics, 0)
    falls = [
        one.metrics
        for one in findings(slot, whole | {"appeal_revised": 29})
        if one.kind is FindingKind.FALL
    ]
    assert falls == [("appeal_revised",)]
    assert not [
        one
        for one in findings(slot, whole | {"appeal_revised": 30})
        if one.kind is FindingKind.FALL
    ]
    # The merged court's desk learns that it does not fit, and no figure of the other.
    [elsewhere] = [
        one.sentence
        for one in findings(slot_of(find_year(), "antu", JUNE), whole | {"appeal_revised": 25})
        if one.kind is FindingKind.FALL
    ]
    assert "接收法院 2019-07 的数小于合并前各院" in elsewhere
    assert not any(number in elsewhere for number in ("35", "36"))
    # So has what files bring in, and what a system says, which speaks for itself.
    files: list[list[tuple[str, Month, str, int | None]]] = [
        [("tumen", JULY, "appeal_revised", 29)],
        [("antu", JUNE, "appeal_revised", 25)],
        [("tumen", JULY, "appeal_revised", 30)],
    ]
    refused = [
        "小于合并前各院 2019-06 的合计"
        in str(import_figures(year=find_year(), files=[csv_file(rows)], apply=False).errors)
        for rows in files
    ]
    assert refused == [True, True, False]
    both: list[tuple[str, Month, str, int | None]] = [
        ("tumen", JUNE, "appeal_revised", 11),
        ("antu", JUNE, "appeal_revised", 19),
    ]
    for said, falls_short in ((29, True), (30, False)):
        extract = csv_file([*both, ("tumen", JULY, "appeal_revised", said)])
        found = import_extract(year=find_year(), files=[extract], source="系统", apply=False)
        assert ("29 小于合并前各院 2019-06 的合计 30" in str(found.errors)) == falls_short
    # Nothing of the court that is no more is due, taken or missed.
    taken = import_figures(
        year=find_year(), files=[csv_file([("antu", JULY, "appeal_revised", 1)])]
    )
    assert "这个月不考核该法院" in str(taken.errors)
    with time_machine.travel(AUGUST, tick=False):
        state = completeness(find_year())
        work = open_work_of_years([find_year()])
        steps = {
            one.code: one.count for one in open_steps(find_year(), JULY, ["litigation"], AUGUST)
        }
    [antu] = [line for line in state.courts if line.court.code == "antu"]
    assert (antu.rates.both.expected, antu.rates.both.actual) == (12, 1)
    due = {
        (item.court.code, item.month.month)
        for item in work.of("return_due")
        if item.court and item.month
    }
    assert ("antu", 1) in due
    assert ("antu", 7) not in due
    assert ("tumen", 7) in due
    assert steps
    # The register's lines of before count for the other from July on.
    lines = LineCounts(find_year(), [tumen.pk])
    antu_key = Court.objects.get(code="antu").pk
    lines._by_month["reopened", antu_key, "appeal_revised"] = {5: 4, 8: 2}
    lines._by_month["reopened", tumen.pk, "appeal_revised"] = {5: 1, 7: 2}
    counted = {
        month: lines.to_date("reopened", tumen.pk, "appeal_revised", month) for month in (6, 7, 12)
    }
    assert counted == {6: 1, 7: 7, 12: 7}

    # The next year assesses Tumen alone, against both courts' 2019 until the merger.
    after = year_after(find_year())
    assert ended_courts(after.court_id, after.year) == {"antu"}
    after.left_out.add(antu_key)
    facts = {
        one.court: one
        for one in facts_of_months(after, [Month(2020, 6), Month(2020, 7)])[Month(2020, 6)]
    }
    assert facts["tumen"].baseline_month["appeal_revised"] == 30
    again = facts_of_months(after, [Month(2020, 7)])[Month(2020, 7)]
    assert next(one for one in again if one.court == "tumen").baseline_month["appeal_revised"] == 35
    base_after_a_merger(after, people["office"])


def base_after_a_merger(after: QualityYear, office: User) -> None:
    """Figures of before the merger are given for the court that ended, and are in the other's.

    In May 2019 Antu had 17 and Tumen 9, it turns out: 26. From July on Antu has none to give, and
    none of the new year.
    """
    page = giving_page(after, ["litigation"], 6, "appeal_revised", {})
    assert ("antu", 19) in [(line.code, line.value) for line in page.lines]
    later = giving_page(after, ["litigation"], 12, "appeal_revised", {})
    assert "antu" not in [line.code for line in later.lines]
    give_one = partial(type_base, user=office, year=after, metric="appeal_revised", source="年报")
    for month in (7, 12):
        with pytest.raises(ReturnError, match="这个月不考核该法院"):
            give_one(month=month, values={"antu": "17"})
    refused = import_figures(
        year=after, files=[csv_file([("antu", Month(2020, 1), "appeal_revised", 1)])]
    )
    assert "这个月不考核该法院" in str(refused.errors)
    motion = give_one(month=5, values={"antu": "17", "tumen": "9"})
    second = account("office-second", "yanbian", "office")
    confirm(user=second, motion=motion, seen=trial(motion).digest)
    rows = facts_of_months(QualityYear.objects.get(pk=after.pk), [Month(2020, 5)])
    (tumen,) = (one for one in rows[Month(2020, 5)] if one.court == "tumen")
    assert tumen.baseline_month["appeal_revised"] == 26
    shown = client_of(office).get(f"/{after.code}/base/").content.decode()
    assert "年报" in shown


def test_a_split_court_and_the_new_one_have_their_parts_of_the_year_before(
    year: QualityYear, people: dict[str, User]
) -> None:
    """June: Longjing 19 of 40 × 6/12 = 20, 5 % fewer, 20 points.

    24 of its 40 cases are the new court's. July: 13 of 24 × 7/12 = 14, 7.1429 % fewer, 28.57;
    Longjing 9 of 16 × 7/12 = 9.33, 3.5714 % fewer, 14.29.
    """
    overturned(JUNE, longjing=19)
    order = replace(
        ORDER,
        kind=Kind.SPLIT,
        court="longjing",
        code="chaoyangchuan",
        names=("朝阳川法院", "朝阳川市人民法院", "조양천시인민법원", "Chaoyangchuan"),
        shares=SHARES,
    )
    for wrong in ({}, SHARES | {"appeal_revised": 29}, SHARES | {"closing_days": 1}):
        with pytest.raises(ReturnError, match="划给新院"):
            change(people, replace(order, shares=wrong))
    before = ranked(JUNE)
    change(people, order)
    # Less than in June: the new court's cases are no longer among them.
    overturned(JULY, longjing=9, chaoyangchuan=13)

    new = Court.objects.get(code="chaoyangchuan")
    assert (new.label("ko"), new.label("en")) == ("조양천시인민법원", "Chaoyangchuan")
    assert points("longjing", JUNE) == Decimal("20.00")
    assert ranked(JUNE) == before
    assert points("longjing", JULY) == Decimal("14.29")
    assert points("chaoyangchuan", JULY) == Decimal("28.57")
    assert ranked(JULY).keys() == before.keys() | {"朝阳川法院"}
    caps = {cap.court.code: cap for cap in Cap.objects.filter(from_month=7).select_related("court")}
    assert {code: (cap.baseline_cases, cap.cap_cases) for code, cap in caps.items()} == {
        "longjing": (16, 14),
        "chaoyangchuan": (24, 22),
    }
    slot = slot_of(find_year(), "longjing", JULY)
    whole = dict.fromkeys(slot.rulebook.metrics, 0) | {"appeal_revised": 9}
    assert not [one for one in findings(slot, whole) if one.kind is FindingKind.FALL]
    assert [row.code for row in courts_of(find_year(), JUNE)][-1] != "chaoyangchuan"
    with time_machine.travel(AUGUST, tick=False):
        [line] = [
            one for one in completeness(find_year()).courts if one.court.code == "chaoyangchuan"
        ]
    assert (line.rates.both.expected, line.rates.both.actual) == (2, 1)
    # A correction of the year before that leaves less than the share leaves nothing to compare.
    row = CourtChange.objects.get()
    CourtChange.objects.filter(pk=row.pk).update(shares=row.shares | {"appeal_revised": 99})
    facts = {one.court: one for one in facts_of_months(find_year(), [JULY])[JULY]}
    assert "appeal_revised" not in facts["longjing"].baseline_annual


def test_an_abolished_court_is_not_due_not_ranked_and_in_no_mean(
    year: QualityYear, people: dict[str, User]
) -> None:
    """Yanji meets C3, 7.5 points: 7.5 / 8 × 25 % = 0.23 in June, 7.5 / 7 × 25 % = 0.27 in July."""
    for month, cases in ((JUNE, 5), (JULY, 6)):
        give(
            find_year(),
            ("yanji", month, "enforcement_petitions_received", cases),
            ("yanji", month, "enforcement_petitions_closed", cases),
        )
    overturned(JUNE, wangqing=19)
    assert points("wangqing", JUNE) == Decimal("20.00")
    assert points("yanbian", JULY, "GM") == Decimal("0.23")
    change(people, ORDER)

    assert points("wangqing", JUNE) == Decimal("20.00")
    assert points("yanbian", JUNE, "GM") == Decimal("0.23")
    assert points("yanbian", JULY, "GM") == Decimal("0.27")
    assert "汪清法院" in ranked(JUNE)
    assert "汪清法院" not in ranked(JULY)
    # Its cap names the month; a ballot about an open month may be of it, and is told until when.
    until = "考核到6月为止"
    [cap] = [
        one for one in caps_page(people["office"], find_year()).lines if one.last_month is not None
    ]
    assert (cap.court.code, cap.last_month) == ("wangqing", 6)
    assert until in client_of(people["office"]).get("/yanbian-2019/caps/").content.decode()
    assert dict(offered_courts(find_year()))["wangqing"] == f"汪清县人民法院（{until}）"
    with time_machine.travel(AUGUST, tick=False):
        [line] = [one for one in completeness(find_year()).courts if one.court.code == "wangqing"]
        due = open_work_of_years([find_year()]).of("return_due")
    assert line.rates.both.expected == 12
    assert [cell.is_assessed for month in line.months for cell in month] == [True] * 12 + [
        False
    ] * 12
    months = [one.month for one in due if one.month and one.court and one.court.code == "wangqing"]
    assert max(months) == JUNE
    # It ends once, and nothing can be merged into it.
    with pytest.raises(ReturnError, match="这个月不考核“wangqing”"):
        change(people, replace(ORDER, from_month=9))
    with pytest.raises(ReturnError, match="这个月不考核“wangqing”"):
        change(
            people, replace(ORDER, kind=Kind.MERGED, court="helong", other="wangqing", from_month=8)
        )
    # What holds earlier than a change that is there already comes too late.
    with pytest.raises(ReturnError, match="须按先后办理"):
        change(people, replace(ORDER, from_month=5))
    with pytest.raises(IntegrityError), transaction.atomic():
        CourtChange.objects.create(
            quality_year=year,
            kind="abolished",
            court=Court.objects.get(code="wangqing"),
            from_month=9,
            document="x",
            decided_on="2019-09-01",
            motion=Motion.objects.create(
                quality_year=year, kind="courts", moved_by=people["office"], moved_at=AUGUST
            ),
        )
    closed_month(find_year(), people["office"], 6)
    assert "wangqing" not in dict(offered_courts(find_year()))
    assert dict(offered_courts(find_year()))["yanji"] == "延吉市人民法院"
    form = client_of(people["office"]).get("/yanbian-2019/ballots/new/").content.decode()
    assert 'value="yanji"' in form
    assert 'value="wangqing"' not in form


def test_a_renamed_court_has_its_name_of_then_in_every_month(
    year: QualityYear, people: dict[str, User]
) -> None:
    """Nothing but the name changes: code, points, ranks and what is stored stay."""
    overturned(JUNE, hunchun=30)
    overturned(JULY, hunchun=35)
    before = points("hunchun", JULY), ranked(JULY)["珲春法院"]
    Court.objects.filter(code="hunchun").update(name_en="Hunchun Court")
    frozen = closed_month(year, people["office"], 6)
    names = ("新区法院", "珲春新区人民法院", "훈춘신구인민법원", "")
    change(people, replace(ORDER, kind=Kind.RENAMED, court="hunchun", names=names))

    assert (points("hunchun", JULY), ranked(JULY)["新区法院"]) == before
    assert "珲春法院" in ranked(JUNE)
    assert "新区法院" not in ranked(JUNE)
    assert Snapshot.objects.get().text == frozen.text
    assert verify(frozen.text.encode()).is_equal
    reader = client_of(people["office"])
    pages = {
        month: reader.get(f"/yanbian-2019/{month}/").content.decode() for month in (JUNE, JULY)
    }
    assert ("新区法院" in pages[JUNE], "新区法院" in pages[JULY]) == (False, True)
    grid = reader.get(f"/yanbian-2019/returns/hunchun/{JUNE}/litigation/").content.decode()
    assert ("珲春市人民法院" in grid, "珲春新区人民法院" in grid) == (True, False)
    # What is not its name any more is not shown: the old English name is that of the months before.
    with translation.override("en"):
        assert {
            month: reader.get(f"/yanbian-2019/{month}/", headers={"accept-language": "en"})
            .content.decode()
            .count("Hunchun Court")
            > 0
            for month in (JUNE, JULY)
        } == {JUNE: True, JULY: False}
    hunchun = Court.objects.get(code="hunchun")
    assert (hunchun.name_en, hunchun.label("en")) == ("", "新区法院")
    # Files of before name it as it was called then.
    give(find_year(), ("珲春市人民法院", JULY, "appeals_filed", 70))
    [old] = CourtChange.objects.values_list("old_names", flat=True)
    assert old[:2] == ["珲春法院", "珲春市人民法院"]
    assert old[3] == "Hunchun Court"
    with pytest.raises(ReturnError, match="一样"):
        change(people, replace(ORDER, kind=Kind.RENAMED, court="hunchun", names=names))
    taken = ("新", "延吉市人民法院", "", "")
    with pytest.raises(ReturnError, match="已有同名法院"):
        change(people, replace(ORDER, kind=Kind.RENAMED, court="hunchun", names=taken))
    # A closed month keeps its courts; the intermediate court stays what it is.
    with pytest.raises(ReturnError, match="已经关账"):
        change(people, replace(ORDER, from_month=6))
    with pytest.raises(ReturnError, match="只能更名"):
        change(people, replace(ORDER, court="yanbian"))


def test_the_page_proposes_a_change_and_a_second_person_sees_what_it_does(
    year: QualityYear, people: dict[str, User]
) -> None:
    page = "/yanbian-2019/court-changes/"
    office, centre, desk = (client_of(people[name]) for name in ("office", "centre", "desk"))
    shown = office.get(f"{page}?kind=split&court=longjing&from_month=7").content.decode()
    assert 'name="share-appeal_revised"' in shown
    assert 'name="code"' in shown
    assert 'name="kind"' not in desk.get(page).content.decode()
    sent: dict[str, Any] = {
        "kind": "merged",
        "court": "antu",
        "other": "tumen",
        "from_month": 7,
        "document": "州编〔2019〕21号",
        "decided_on": "2019-06-20",
        "reason": "机构调整",
    }
    assert "请附上决定变动的文件" in office.post(page, sent).content.decode()
    for name in ("centre", "desk"):
        assert client_of(people[name]).post(page, sent).status_code == 403
    assert not Motion.objects.exists()

    sent["attachments"] = SimpleUploadedFile("文件.pdf", PDF)
    answer = office.post(page, sent, follow=True).content.decode()
    motion = Motion.objects.get()
    assert "17 + 26 = 43" in answer
    assert "州编〔2019〕21号" in answer
    assert motion.files.count() == 1
    assert not CourtChange.objects.exists()
    address = f"/yanbian-2019/motions/{motion.pk}/"
    seen = {"act": "confirm", "seen": trial(motion).digest}
    # What it does to other courts is for the offices alone to look at.
    assert desk.get(address).status_code == 404
    office.post(address, seen)
    assert not CourtChange.objects.exists()
    centre.post(address, seen)
    row = CourtChange.objects.get()
    assert (row.court.code, row.other and row.other.code, row.from_month) == ("antu", "tumen", 7)
    listed = desk.get(page).content.decode()
    assert "并入他院" in listed
    assert "州编〔2019〕21号" in listed
    taken = desk.get(f"{page}?_export=csv").content.decode("utf-8-sig").splitlines()[-1].split(",")
    assert taken[:7] == [
        "antu",
        "安图法院",
        "并入他院",
        "tumen",
        "图们法院",
        "2019-07",
        "州编〔2019〕21号",
    ]
    assert taken[7] == "2019-06-20"
    # The desk of the court that ended still sees its months of before, and no others.
    home = desk.get("/yanbian-2019/returns/antu/").content.decode()
    assert "?month=2019-06" in home
    assert "?month=2019-07" not in home
    assert desk.get("/yanbian-2019/returns/antu/2019-07/litigation/").status_code == 404
    assert desk.get("/yanbian-2019/2019-07/antu/").status_code == 404
    assert desk.get("/yanbian-2019/2019-06/antu/").status_code == 200
