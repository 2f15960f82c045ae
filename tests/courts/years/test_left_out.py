"""Owns proving that a court left out of a year is on none of its pages and in none of its sums."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.utils import timezone

from courts.cases.services.special_cases import apply_for
from courts.extracts.services.extracts import import_extract
from courts.frame.refusals import ReturnError
from courts.models import (
    AppraisalTarget,
    CellComment,
    Court,
    FollowUp,
    MonthlyReturn,
    QualityYear,
    SpecialCase,
    UnlockRequest,
    User,
)
from courts.returns.selectors.office_grids import office_grid
from courts.reviews.selectors.completeness import completeness
from scoring.facts import Month
from scoring.schema import Side
from tests.courts.conftest import csv_file
from tests.courts.returns_fixtures import CLEAN_LITIGATION, fill, hand_in, shanghai, slot_of
from tests.test_access_matrix import clients
from tests.walks import walked

__all__ = ["clients"]

pytestmark = [pytest.mark.django_db, pytest.mark.database]

# Antu, by every name it is known by; the made files and pages of the year call it nothing else.
NAMES = re.compile(r"安图|antu|안도")
# Pages of the whole prefecture: who may be asked into a new year, whose accounts may vote, and all
# accounts; and the manual, whose glossary has the courts of the notice.
OF_THE_PREFECTURE = re.compile(
    r"^/accounts/|^/help/|/rulebooks/4711/year/|/ballots/[\w-]+/edit/|/ballots/new/"
)
DECEMBER = Month(2019, 12)


def busy(year: QualityYear) -> None:
    """Give Antu one of everything that a page of the year could show or count."""
    court = Court.objects.get(code="antu")
    desk = User.objects.create(username="antu-desk", name="安图填报岗", court=court)
    desk.groups.set([_group("litigation")])
    office = User.objects.get(username="office")
    may = slot_of(year, "antu", Month(2019, 5))
    fill(desk, may, dict.fromkeys(CLEAN_LITIGATION, 0))
    hand_in(desk, may)
    row = MonthlyReturn.objects.get(court=court, month=5, year=2019)
    now = timezone.now()
    for returned in MonthlyReturn.objects.filter(court=court, year=2019):
        CellComment.objects.create(
            monthly_return=returned, metric="", kind="comment", author=office, at=now, text="安图"
        )
        FollowUp.objects.create(
            monthly_return=returned,
            metric="appeals_filed",
            note="安图核查",
            opened_by=office,
            opened_at=now,
        )
    UnlockRequest.objects.create(
        monthly_return=row, requested_by=desk, requested_at=now, reason="安图漏报"
    )
    cells = [("antu", month, "appeals_filed", 9) for month in ("2019-05", "2019-12")]
    extract = csv_file(cells)
    assert import_extract(year=year, files=[extract], source="平台").errors == ()
    AppraisalTarget.objects.create(quality_year=year, item="L3.1", court=court, percent=77)
    SpecialCase.objects.create(
        quality_year=year,
        court=court,
        item="L3.2",
        side="litigation",
        month=12,
        reasons="安图的系列案件",
        applied_by=desk,
        applied_at=now,
    )


def _group(name: str) -> Group:
    return Group.objects.get_or_create(name=name)[0]


@pytest.mark.walk
@pytest.mark.parametrize("month", [pytest.param("2019-05", marks=pytest.mark.nightly), "2019-12"])
def test_no_page_names_a_court_left_out(
    clients: dict[str, Client], made_year: QualityYear, month: str
) -> None:
    """On PostgreSQL too, with every change: the one walk over all pages that is made there."""
    busy(made_year)
    grid = clients["office"].get("/yanbian-2019/grid/2019-05/litigation/")
    assert "安图" in grid.content.decode()
    made_year.left_out.add(Court.objects.get(code="antu"))
    named = []
    for address in walked(month):
        if OF_THE_PREFECTURE.search(address):
            continue
        # What the office sees is more; what a desk sees is no question of the database.
        for who in ("litigation", "office") if connection.vendor == "sqlite" else ("office",):
            response = clients[who].get(address)
            assert response.status_code < 500, (address, who)
            if "attachment" in response.headers.get("Content-Disposition", ""):
                text = response.getvalue().decode("utf-8", "replace")
            else:
                text = response.content.decode("utf-8", "replace")
            if found := NAMES.search(text):
                named.append((address, who, text[found.start() - 80 : found.end() + 80]))
    assert named == []


def test_sums_and_rates_are_those_of_the_courts_assessed(
    year: QualityYear, people: dict[str, User]
) -> None:
    """Nine courts of which Antu is left out: eight columns, 30 = 10 + 20 without Antu's 400."""
    for court, cases in (("yanji", 10), ("tumen", 20), ("antu", 400)):
        desk = User.objects.create(username=f"{court}-desk", court=Court.objects.get(code=court))
        desk.groups.set([_group("litigation")])
        fill(desk, slot_of(year, court, Month(2019, 5)), {"appeals_filed": cases})

    def total() -> tuple[int, int | None, int]:
        grid = office_grid(people["office"], year, Month(2019, 5), Side.LITIGATION)
        row = next(row for row in grid.rows if row.metric == "appeals_filed")
        return len(grid.columns), row.total, row.missing

    assert total() == (9, 430, 6)
    year.left_out.add(Court.objects.get(code="antu"))
    assert total() == (8, 30, 6)
    # Eight courts, five months that are over, two sides.
    assert completeness(year, shanghai("2019-06-10")).of_year.both.expected == 80


def test_a_court_left_out_cannot_apply_for_points(
    year: QualityYear, people: dict[str, User]
) -> None:
    desk = people["desk"]
    assert desk.court is not None
    year.left_out.add(desk.court)
    with pytest.raises(ReturnError, match="不考核"):
        apply_for(user=desk, year=year, court=desk.court, item="L3.2", month=12, reasons="系列案件")


def test_the_scope_of_a_year_is_written_once() -> None:
    """A prefecture's courts are found by `under`, a year's by `of_year`, nothing by hand."""
    by_hand = re.compile(
        r"court__parent(?:_id)?\s*=|Q\(parent(?:_id)?\s*=|filter\(parent(?:_id)?\s*=|left_out_of\s*="
    )
    allowed = {Path("courts/models/courts.py")}
    found = []
    for path in sorted((settings.BASE_DIR / "courts").rglob("*.py")):
        place = path.relative_to(settings.BASE_DIR)
        if place not in allowed and "migrations" not in place.parts:
            text = path.read_text(encoding="utf-8")
            found += [f"{place}: {one.group()}" for one in by_hand.finditer(text)]
    assert found == []
