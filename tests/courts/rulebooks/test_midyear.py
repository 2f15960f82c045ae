"""Owns walking every page of a year whose rules change twice, as every role, around the changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from django.test import Client
from django.utils import timezone

from courts.extracts.services.extracts import import_extract
from courts.figures.services.imports import import_figures
from courts.files.sheets import SourceFile
from courts.models import (
    AppraisalTarget,
    CellComment,
    Court,
    EntryOnBehalf,
    Figure,
    FollowUp,
    MonthlyReturn,
    QualityYear,
    Scenario,
    SpecialCase,
    UnlockRequest,
    User,
)
from courts.reviews.selectors.completeness import completeness
from courts.years.selectors.metrics import item_labels
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month
from scoring.schema import Side
from tests.courts.midyear_fixtures import change_twice
from tests.test_access_matrix import clients
from tests.walks import walked

__all__ = ["clients"]

pytestmark = pytest.mark.django_db

# The month before the first change, and the first of each.
MONTHS = ("2019-06", "2019-07", "2019-10")
# A metric and an item of every edition: kept, renamed (both names), dropped, added.
METRICS = (
    "appeals_filed",
    "retrial_escalated",
    "retrial_raised",
    "retrial_petitions_received",
    "mediated_cases",
    "preservation_base",
    "preservation_filed",
    "defaulters_listed",
)
ITEMS = ("L1", "L5.1", "L6.2", "L6.3", "L8", "Q6", "Q9", "Q12")
ROLES = ("litigation", "enforcement", "office", "centre", "leader", "party", "admin")


@pytest.fixture
def changed(made_year: QualityYear, clients: dict[str, Client]) -> QualityYear:
    """The year after both changes, with returns of every month and something open in each."""
    found = change_twice(made_year)
    office = User.objects.get(username="office")
    desk = User.objects.get(username="litigation")
    courts = list(Court.objects.of_year(found))
    now = timezone.now()
    MonthlyReturn.objects.filter(year=2019).update(submitted_at=None)
    for number in (5, 7, 8, 9, 10, 11):
        month = Month(2019, number)
        for court in courts:
            for side in Side:
                verified = number != 11 and court.code != "yanji"
                row = MonthlyReturn.objects.create(
                    court=court,
                    year=2019,
                    month=number,
                    side=side.value,
                    state="verified" if verified else "submitted" if number != 9 else "entering",
                    origin="import",
                    verified_at=now if verified else None,
                )
                Figure.objects.bulk_create(
                    Figure(monthly_return=row, metric=metric.code, value=number)
                    for metric in rulebook_of(found, month).metrics_of(side)
                )
    for row in MonthlyReturn.objects.filter(court__code__in=["yanji", "yanbian"], year=2019):
        # What stands beside figures names metrics of other editions too: of before and after.
        for metric in METRICS:
            CellComment.objects.create(
                monthly_return=row, metric=metric, kind="comment", author=office, at=now, text="问"
            )
            FollowUp.objects.create(
                monthly_return=row, metric=metric, note="核", opened_by=office, opened_at=now
            )
        EntryOnBehalf.objects.create(
            monthly_return=row,
            by=office,
            at=now,
            reason="代",
            changes={metric: [1, 2] for metric in METRICS},
        )
        if row.state == "entering":
            UnlockRequest.objects.create(
                monthly_return=row, requested_by=desk, requested_at=now, reason="漏"
            )
    for item in ("L5.1", "L8"):
        AppraisalTarget.objects.get_or_create(
            quality_year=found, item=item, level="grassroots", defaults={"percent": 3}
        )
    for number, item in ((6, "L5.1"), (7, "L8"), (12, "Q12"), (9, "Q9")):
        SpecialCase.objects.create(
            quality_year=found,
            court=found.court,
            item=item,
            side="litigation" if item.startswith("L") else "enforcement",
            month=number,
            reasons="系列案件",
            applied_by=desk,
            applied_at=now,
        )
    for number in (6, 7, 9, 10):
        Scenario.objects.create(
            quality_year=found,
            court=Court.objects.get(code="yanji"),
            month=number,
            title="旧名",
            figures=dict.fromkeys(METRICS, 1),
            is_shared=True,
            created_by=office,
            created_at=now,
        )
    return found


def addresses(month: str) -> Iterator[str]:
    yield from walked(month)
    for metric in METRICS:
        yield from (one for one in walked(month, appeal_revised=metric) if metric in one)
        yield from (one for one in walked(month, appeals_filed=metric) if f"/{metric}/" in one)
    for item in ITEMS:
        yield f"/yanbian-2019/rulebook/{item}/"
        yield f"/yanbian-2019/cases/?item={item}"
    for side in ("litigation", "enforcement"):
        yield from (one for one in walked(month, litigation=side) if f"/{side}/" in one)
        yield from (
            one
            for one in walked(month, litigation=side, yanbian="yanji")
            if f"/yanji/{month}/" in one
        )


def failing(clients: dict[str, Client], who: str, pages: Iterable[str]) -> list[tuple[str, ...]]:
    """The pages that fail for a role, with what failed."""
    clients[who].raise_request_exception = False
    found: list[tuple[str, ...]] = []
    for address in pages:
        response = clients[who].get(address)
        if response.status_code >= 500:
            found.append((who, address, repr(getattr(response, "exc_info", None))))
    return found


@pytest.mark.walk
@pytest.mark.nightly
def test_every_page_opens_for_every_role_after_the_first_change(
    changed: QualityYear, clients: dict[str, Client]
) -> None:
    for who in ROLES:
        assert failing(clients, who, walked("2019-07")) == []


@pytest.mark.walk
@pytest.mark.parametrize(
    "month",
    [
        pytest.param(month, marks=[] if month == "2019-07" else pytest.mark.nightly)
        for month in MONTHS
    ],
)
def test_every_return_and_rule_opens_around_a_change(
    month: str, changed: QualityYear, clients: dict[str, Client]
) -> None:
    pages = dict.fromkeys(addresses(month))
    assert failing(clients, "office", pages) == []
    assert failing(clients, "litigation", [one for one in pages if "/returns/" in one]) == []


def test_names_are_those_of_their_month(changed: QualityYear, clients: dict[str, Client]) -> None:
    """appeals_filed is 二审立案数 until June and 二审收案数 from July on."""
    office = clients["office"]
    for month, name, other in (
        ("2019-05", "二审立案数", "二审收案数"),
        ("2019-07", "二审收案数", "二审立案数"),
    ):
        text = office.get(f"/yanbian-2019/grid/{month}/litigation/").content.decode()
        assert name in text
        assert other not in text
    # Marks of both months stand on the desk, each by its own month's name.
    desk = office.get("/yanbian-2019/desk/").content.decode()
    assert "二审立案数" in desk
    assert "二审收案数" in desk
    # What is asked for in some month can be searched for, whichever edition has it.
    audit = office.get("/yanbian-2019/audit/").content.decode()
    for metric in ("retrial_escalated", "retrial_raised", "defaulters_listed", "mediated_cases"):
        assert f'value="{metric}"' in audit


def test_completeness_counts_what_each_month_asks_for(changed: QualityYear) -> None:
    """Litigation asks for 13 metrics until June; from July one is dropped and one added: 13.

    Enforcement asks for 29 until September; from October two are dropped: 27. Antu's returns of
    May and October are whole, and nothing is counted that the month does not ask for.
    """
    line = next(line for line in completeness(changed).courts if line.court.code == "antu")
    cells = {(cell.month.month, cell.side): cell for month in line.months for cell in month}
    for number, litigation, enforcement in ((5, 13, 29), (7, 13, 29), (10, 13, 27)):
        for side, asked in ((Side.LITIGATION, litigation), (Side.ENFORCEMENT, enforcement)):
            cell = cells[number, side]
            assert (cell.filled, cell.total) == (asked, asked)


def test_a_target_is_kept_for_an_item_of_some_months(changed: QualityYear) -> None:
    """L5.1 ends in June and L8 begins in July: both take a target in this year."""
    labels = item_labels(changed, "zh")
    assert {"L2.1", "L5.1", "L8"} <= set(labels)


def test_a_file_is_read_by_the_rules_of_each_row_s_month(changed: QualityYear) -> None:
    """retrial_escalated is asked for until June, mediated_cases from July on."""

    def errors(*rows: tuple[str, str, int]) -> list[tuple[int | None, str]]:
        text = "court,month,metric,value\n" + "".join(
            f"tumen,{month},{metric},{value}\n" for month, metric, value in rows
        )
        file = SourceFile("figures.csv", text.encode())
        found = import_figures(year=changed, files=[file], apply=False)
        # What was typed is held against the figures there are as well: those are not looked at.
        return [(one.row, one.column) for one in found.errors if one.column == "metric"]

    assert errors(("2019-05", "retrial_escalated", 1), ("2018-12", "retrial_escalated", 2)) == []
    assert errors(("2019-07", "mediated_cases", 3), ("2019-05", "二审立案数", 9)) == []
    assert errors(("2019-07", "retrial_escalated", 1)) == [(2, "metric")]
    assert errors(("2019-05", "mediated_cases", 1)) == [(2, "metric")]
    assert errors(("2019-07", "二审收案数", 9), ("2019-07", "二审立案数", 9)) == [(3, "metric")]
    # A count that all the rules know is told to fall once.
    text = "court,month,metric,value\ntumen,2019-08,first_instance_closed,0\n"
    found = import_figures(
        year=changed, files=[SourceFile("figures.csv", text.encode())], apply=False
    )
    assert len(found.errors) == len({str(problem) for problem in found.errors}) > 0
    extract = SourceFile("x.csv", b"court,month,metric,value\ntumen,2019-05,mediated_cases,1\n")
    taken = import_extract(year=changed, files=[extract], source="s", apply=False)
    assert [problem.column for problem in taken.errors] == ["metric"]
