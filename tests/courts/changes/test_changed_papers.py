"""What papers say of courts that changed: counts beside what both had, names of then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone

from courts.bulletins.selectors.prose.drafts import draft
from courts.bulletins.selectors.prose.issues import prose_of
from courts.bulletins.selectors.prose.month import BulletinMonth
from courts.bulletins.selectors.prose.own import own_month
from courts.changes.selectors.plans import Kind
from courts.meetings.selectors.meetings import meeting_page
from courts.meetings.selectors.minutes import minutes
from courts.models import Figure, Meeting, MonthlyReturn, QualityYear, User
from courts.papers.tokens import plain
from courts.returns.exports import of_figures
from courts.snapshots.parts import parse
from courts.years.court_changes import NO_CHANGES, names_then
from courts.years.selectors.years import find_year
from scoring.facts import Month
from tests.courts.changes.conftest import ORDER, change, overturned
from tests.courts.issue_fixtures import closed_month, issue_of
from tests.pages import client_of

pytestmark = pytest.mark.django_db

JUNE, JULY = Month(2019, 6), Month(2019, 7)


def outliers(month: BulletinMonth) -> str:
    made = draft(month, "zh")
    blocks = {block.key: plain(block.text, made.ledger.numbers) for block in made.blocks}  # type: ignore[arg-type]
    return blocks.get("problems.outlier", "")


def test_a_bulletin_holds_a_merged_count_against_both_courts(
    year: QualityYear, people: dict[str, User]
) -> None:
    """35 in July: far from Tumen's own 11 of June, and not from the 30 of both."""
    overturned(JUNE, tumen=11, antu=19)
    closed_month(year, people["office"], 6)
    change(people, replace(ORDER, kind=Kind.MERGED, court="antu", other="tumen"))
    overturned(JULY, tumen=35)
    issue = issue_of(closed_month(find_year(), people["office"], 7), people["office"])

    month = prose_of(issue, "zh").month
    jump = "图们法院截至7月二审被改判35件，超出通常范围"
    assert jump not in outliers(month)
    assert jump in outliers(replace(month, changes=NO_CHANGES, keys={}))
    dates = month.months_to_date(month.court["tumen"])
    assert [figures["appeal_revised"] for figures in dates.values()] == [30, 35]
    # The court's own paper knows nothing of the other, and says nothing.
    own = own_month(month, "tumen")
    assert list(own.months_to_date(own.own)) == [JULY]
    assert jump not in outliers(own)


def test_lists_of_a_month_name_a_court_as_it_was_called_then(
    year: QualityYear, people: dict[str, User]
) -> None:
    """Hunchun has new names from July and from September, the intermediate court from July."""
    first, second = (
        ("新区法院", "珲春新区人民法院", "신구법원", ""),
        ("图江法院", "图江市人民法院", "도강법원", ""),
    )
    root = ("延州中院", "延州中级人民法院", "연주중급인민법원", "")
    overturned(JUNE, hunchun=30)
    for order in (
        replace(ORDER, kind=Kind.RENAMED, court="hunchun", names=first),
        replace(ORDER, kind=Kind.RENAMED, court="hunchun", names=second, from_month=9),
        replace(ORDER, kind=Kind.RENAMED, court="yanbian", names=root),
    ):
        change(people, order)
    overturned(JULY, hunchun=35)
    MonthlyReturn.objects.filter(year=2019).update(state="submitted")
    office = client_of(people["office"])

    def shown(path: str, language: str = "zh-CN") -> str:
        answer = office.get(f"/yanbian-2019/{path}", headers={"Accept-Language": language})
        assert answer.status_code == 200, path
        return answer.content.decode()

    listed = shown("court-changes/?_export=csv").splitlines()
    assert [line.split(",")[1:5] for line in listed[-3:]] == [
        ["珲春法院", "更名", "", "新区法院"],
        ["延边中院", "更名", "", "延州中院"],
        ["新区法院", "更名", "", "图江法院"],
    ]
    for month, name, others in ((JUNE, "珲春法院", "新区"), (JULY, "新区法院", "珲春法院")):
        grid = shown(f"grid/{month}/litigation/")
        assert name in grid
        assert others not in grid
        assert "图江法院" not in grid
    assert "신구법원" in shown(f"grid/{JULY}/litigation/", "ko")
    queue = shown("reviews/")
    assert "珲春法院" in queue
    assert "新区法院" in queue
    board = shown("completeness/?_export=csv").splitlines()
    told = {tuple(line.split(",")[1:3]) for line in board if line.startswith("hunchun,")}
    assert {("珲春法院", "2019-06"), ("新区法院", "2019-07"), ("图江法院", "2019-09")} <= told
    assert len(told) == 12
    audit = shown("audit/?_export=csv")
    assert {line.split(",")[3] for line in audit.splitlines() if ",hunchun," in line} == {
        "珲春法院",
        "新区法院",
    }
    rows = Figure.objects.filter(monthly_return__court__code="hunchun", monthly_return__year=2019)
    names = {
        (row[2], row[1])
        for row in of_figures(
            list(rows.annotate(names_then=names_then("monthly_return__")))
        ).cells()
    }
    assert names == {(JUNE, "珲春法院"), (JULY, "新区法院")}
    heads = {
        month: parse(closed_month(find_year(), people["office"], month).text).head
        for month in (6, 7)
    }
    assert [heads[month]["prefecture"]["names"]["name"] for month in heads] == [
        "延边朝鲜族自治州中级人民法院",
        "延州中级人民法院",
    ]
    meeting = Meeting.objects.create(
        quality_year=find_year(),
        month=6,
        title="六月会商",
        held_on=date(2019, 10, 8),
        made_by=people["office"],
        made_at=timezone.now(),
    )
    [head] = minutes(meeting_page(people["office"], meeting)).head
    assert head.text == "延边朝鲜族自治州中级人民法院"
