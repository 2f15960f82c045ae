"""Thousands of lines: as many queries as with a few, and the counts come from an index."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courts.models import Court, QualityYear, RegisterLine, RegisterTally
from courts.registers.selectors.counts import LineCounts, tallied
from tests.pages import account, client_of, made_year, year

__all__ = ["made_year", "year"]

pytestmark = pytest.mark.django_db

ROOT = "/yanbian-2019/registers/"
PAGES = (
    ROOT,
    f"{ROOT}overturned/",
    f"{ROOT}overturned/?kind=appeal_revised&state=entered",
    f"{ROOT}overturned/statistics/",
    f"{ROOT}reconciliation/2019-12/",
    f"{ROOT}cases/2019-12/yanji/L1/",
    "/yanbian-2019/2019-12/yanji/",
    "/yanbian-2019/returns/yanji/2019-12/litigation/",
    "/yanbian-2019/2019-12/close/",
    "/yanbian-2019/actions/proposals/?month=12",
    "/yanbian-2019/measures/yanji/",
    f"{ROOT}overturned/?_export=csv",
)


def add_lines(year: QualityYear, first: int, last: int) -> None:
    """So many lines for each court, a twelfth of them in each month."""
    courts, now = list(Court.objects.of_year(year)), timezone.now()
    lines = RegisterLine.objects.bulk_create(
        (
            RegisterLine(
                quality_year=year,
                register="overturned",
                court=court,
                number=number,
                state="entered",
                month=number % 12 + 1,
                due_on=date(2019, number % 12 + 1, 28),
                values={"kind": "appeal_revised", "cause": "writing", "lesson": f"{number % 9}"},
                personal={"case_number": f"{number}", "judge": f"{number % 7}"},
                identity=f"{court.pk}-{number}",
                salt="00",
                digest="0",
                opened_at=now,
            )
            for court in courts
            for number in range(first, last)
        ),
        batch_size=5000,
    )
    RegisterTally.objects.bulk_create(
        (
            RegisterTally(
                line=line,
                quality_year=year,
                register=line.register,
                court_id=line.court_id,
                metric="appeal_revised",
                month=line.month or 1,
            )
            for line in lines
        ),
        batch_size=5000,
    )


@pytest.mark.parametrize(
    "last",
    [301, pytest.param(5557, marks=pytest.mark.nightly)],
    ids=["a sample", "fifty thousand"],
)
def test_queries_do_not_grow_with_lines(made_year: QualityYear, last: int) -> None:
    """Nine courts with two lines each, then with 300 or, by night, 5,556: 50,004 in all."""
    clients = {
        who: client_of(account(who, court, role))
        for who, court, role in (
            ("office", "yanbian", "office"),
            ("desk", "yanji", "litigation"),
            ("leader", "yanbian", "leader"),
        )
    }

    def asked() -> dict[tuple[str, str], int]:
        found = {}
        for who, client in clients.items():
            for page in PAGES:
                client.get(page)
                with CaptureQueriesContext(connection) as queries:
                    client.get(page)
                found[who, page] = len(queries)
        return found

    add_lines(made_year, 1, 3)
    before = asked()
    add_lines(made_year, 3, last)
    assert RegisterLine.objects.count() == 9 * (last - 1)
    assert asked() == before
    assert max(before.values()) <= 50, before

    # A file that does not hold every line says so.
    file = clients["office"].get(f"{ROOT}overturned/?_export=csv").content.decode("utf-8-sig")
    assert ("共50004条，本表是最近的20000条" in file) is (last > 301)

    courts = [court.pk for court in Court.objects.of_year(made_year)]
    yanji = Court.objects.get(code="yanji")
    # A twelfth in each month: 25 of 300, so 75 by the end of March; 463 of 5,556, so 1,389.
    counts = LineCounts(made_year, courts)
    by_march = {301: 75, 5557: 1389}[last]
    assert counts.to_date("overturned", yanji.pk, "appeal_revised", 3) == by_march
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE courts_registertally")
            # A table as small as this one is read whole unless that is forbidden.
            cursor.execute("SET LOCAL enable_seqscan = off")
    # PostgreSQL may take the index of the court instead: all rows are of one year here.
    index = "Index" if connection.vendor == "postgresql" else "register_tally_count"
    assert index in tallied(made_year, courts).explain()
