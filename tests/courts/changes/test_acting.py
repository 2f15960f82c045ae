"""What asks for acts asks no court that has ended, or has not begun."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from courts.changes.selectors.plans import Kind
from courts.desks.selectors.setup_thread import setup_thread
from courts.figures.selectors.facts import facts_of_months
from courts.frame.refusals import ReturnError, RuleError
from courts.measures.selectors.measures import measures_page
from courts.measures.services.measures import save_plan, save_progress
from courts.meetings.selectors.meetings import topic_page
from courts.meetings.services.meetings import add_task
from courts.models import Court, Figure, Meeting, MeetingTopic, MonthlyReturn, QualityYear, User
from courts.outlooks.selectors.month_profiles import proposal
from courts.returns.selectors.office_grids import latest_grid
from courts.rulebooks.selectors.targets import scope_choices
from courts.rulebooks.services.target_edits import TargetValues, add_target, set_cap
from courts.takeaways.selectors.bases import giving_page
from courts.years.selectors.years import find_year, sides_of
from scoring.facts import Month
from tests.courts.changes.conftest import ORDER, SHARES, change, overturned
from tests.courts.issue_fixtures import closed_month
from tests.pages import give

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed(year: QualityYear, people: dict[str, User]) -> QualityYear:
    """From July Antu is a part of Tumen, and a part of Longjing a court of its own."""
    overturned(Month(2019, 6), tumen=11, antu=19)
    change(people, replace(ORDER, kind=Kind.MERGED, court="antu", other="tumen"))
    names = ("朝阳川法院", "朝阳川市人民法院", "조양천시인민법원", "")
    order = replace(ORDER, kind=Kind.SPLIT, court="longjing", code="chaoyangchuan")
    change(people, replace(order, names=names, shares=SHARES))
    return find_year()


def test_nothing_new_is_asked_of_a_court_that_ended(
    changed: QualityYear, people: dict[str, User]
) -> None:
    office = people["office"]
    asked: dict[int, set[str]] = {}
    for month in (6, 7):
        meeting = Meeting.objects.create(
            quality_year=changed,
            month=month,
            title="会商",
            held_on=date(2019, 10, 8),
            made_by=office,
            made_at=timezone.now(),
        )
        topic = MeetingTopic.objects.create(meeting=meeting, position=1, title="发改指")
        asked[month] = {one.value for one in topic_page(office, meeting, 1).courts}
    assert asked[6] - asked[7] == {"antu"}
    assert asked[7] - asked[6] == {"chaoyangchuan"}
    with pytest.raises(ReturnError, match="这个月不考核“antu”"):
        add_task(
            user=office,
            meeting=meeting,
            topic=topic.pk,
            text="评查",
            court="antu",
            side="litigation",
            department="",
            due_on=timezone.localdate(),
        )

    # Its tasks of the year are told of up to June.
    desk, antu = people["desk"], Court.objects.select_related("parent").get(code="antu")
    page = measures_page(desk, changed, antu, 10)
    assert (page.month, page.months) == (6, (1, 2, 3, 4, 5, 6))
    given: dict[str, Any] = {
        "user": desk,
        "year": changed,
        "court": antu,
        "measure": page.items[0].code,
    }
    save_plan(**given, person="甲", plan="评查", seen=0)
    with pytest.raises(ReturnError, match="这个月不考核“antu”"):
        save_progress(**given, month=7, text="已查", seen=0)
    assert save_progress(**given, month=6, text="已查", seen=0).version == 1

    # While June is open a target or a cap may still be for it, afterwards not.
    assert "court:antu" in dict(scope_choices(changed))
    closed_month(changed, office, 6)
    scopes = dict(scope_choices(find_year()))
    assert "court:antu" not in scopes
    assert "court:chaoyangchuan" in scopes
    values = TargetValues(Decimal(90), "文件", None)
    said: dict[str, Any] = {
        "user": office,
        "year": find_year(),
        "reason": "录入",
        "confirmed_by": None,
    }
    with pytest.raises(RuleError, match="不考核“antu”"):
        add_target(**said, item="L2.1", level="", court="antu", values=values)
    with pytest.raises(RuleError, match="不考核“antu”"):
        set_cap(**said, court="antu", seen_version=1, baseline_cases=40, reduction_cases=4)

    # What it has of later months makes no month that waits to be closed, or to be looked at.
    MonthlyReturn.objects.create(court=antu, year=2019, month=8, side="litigation")
    assert latest_grid(office, find_year())[0] == Month(2019, 6)


def test_base_figures_are_each_courts_own(changed: QualityYear, people: dict[str, User]) -> None:
    """2018: revised on appeal Tumen 17, Antu 26, Longjing 28, of which 20 are the new court's."""
    counted = {
        one.court: one.baseline_annual["appeal_revised"]
        for one in facts_of_months(changed, [Month(2019, 7)])[Month(2019, 7)]
        if "appeal_revised" in one.baseline_annual
    }
    assert (counted["tumen"], counted["longjing"], counted["chaoyangchuan"]) == (43, 8, 20)
    page = giving_page(changed, ("litigation",), None, "appeal_revised", {})
    given = {line.code: line.value for line in page.lines}
    assert (given["tumen"], given["antu"], given["longjing"]) == (17, 26, 28)
    assert "chaoyangchuan" not in given
    # Setting up asks for no figures of the new court, and for no accounts of the one that ended.
    steps = {step.code: (step.done, step.total) for step in setup_thread(people["office"]).steps}
    assert steps["baseline"] == (9, 9)
    desks = len(sides_of(changed))
    assert steps["courts"] == (9, 9)
    assert steps["accounts"][1] == 9 * desks + 3 * 2 + 2


def test_the_months_of_last_year_are_proposed_court_by_court(
    changed: QualityYear, people: dict[str, User]
) -> None:
    """Tumen 1 and Antu 2 cases in each month of 2018: as much in one as in another, 83 or 84."""
    rows = [
        (court, Month(2018, number), "appeal_revised", cases * number)
        for court, cases in (("tumen", 1), ("antu", 2))
        for number in range(1, 13)
    ]
    Figure.objects.filter(monthly_return__year=2018).delete()
    give(changed, *rows)
    proposed = proposal(find_year())
    assert proposed is not None
    assert set(proposed) == {83, 84}
    assert sum(proposed) == 1000
