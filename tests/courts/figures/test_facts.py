"""Tests of the selectors: years, facts, scoreboards, rankings; and that queries do not grow."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from model_bakery import baker

from courts.figures.selectors.facts import DEMO_DOCUMENT, facts_of_months, gather
from courts.figures.services.imports import import_figures
from courts.models import (
    AppraisalTarget,
    Court,
    Figure,
    MonthlyReturn,
    QualityYear,
    User,
)
from courts.scores.selectors import scores
from courts.years.selectors.counted_months import months_with_figures
from courts.years.selectors.years import (
    NoMonthError,
    NoYearError,
    courts_by_name,
    courts_of,
    find_year,
    rulebook_of,
    years_for,
)
from scoring.facts import CourtFacts, Month
from scoring.schema import Level
from tests.courts.conftest import COURTS, csv_file, figures_file

pytestmark = [pytest.mark.django_db, pytest.mark.database]

DECEMBER = Month(2019, 12)
NOVEMBER = Month(2019, 11)


def facts_of(year: QualityYear, court: str, month: Month, basis: str = "verified") -> CourtFacts:
    return next(f for f in facts_of_months(year, [month], basis)[month] if f.court == court)


def give(year: QualityYear, *rows: tuple[object, ...]) -> None:
    assert import_figures(year=year, files=[csv_file(rows)]).errors == ()


def another_year(year: QualityYear, code: str, number: int, root: Court) -> QualityYear:
    return QualityYear.objects.create(code=code, court=root, year=number, edition=year.edition)


# --- Years -----------------------------------------------------------------------------------


def test_a_year_is_found_by_code_number_or_as_the_latest(year: QualityYear) -> None:
    assert find_year() == find_year("yanbian-2019") == find_year("2019") == year
    later = another_year(year, "yanbian-2020", 2020, year.court)
    assert find_year() == later
    with pytest.raises(NoYearError, match="没有质量年“2018”；已设立的有：yanbian-2020、yanbian"):
        find_year("2018")


def test_two_years_of_one_number_are_told_apart_by_code(year: QualityYear) -> None:
    root = baker.make(Court, code="jilin", level="intermediate", parent=None)
    other = another_year(year, "jilin-2019", 2019, root)
    assert find_year("jilin-2019") == other
    for code in (None, "2019"):
        with pytest.raises(NoYearError, match="有多个质量年，请指明其中一个"):
            find_year(code)


def test_without_any_year() -> None:
    with pytest.raises(NoYearError, match="还没有设立质量年"):
        find_year()


def test_years_of_an_account(year: QualityYear) -> None:
    user = baker.make(User, court=Court.objects.get(code="yanji"))
    assert years_for(user) == []
    user = User.objects.get(pk=user.pk)
    user.groups.add(Group.objects.get(name="litigation"))
    other = baker.make(Court, code="jilin", level="intermediate", parent=None)
    another_year(year, "jilin-2019", 2019, other)
    assert years_for(user) == [year]
    user.court = None
    assert years_for(user) == []


def test_the_rulebook_comes_from_the_stored_text(year: QualityYear) -> None:
    assert rulebook_of(year) is rulebook_of(find_year())
    damaged = find_year()
    damaged.edition.sha256 = "0" * 64
    with pytest.raises(ValueError, match="0000"):
        rulebook_of(damaged)


def test_courts_in_the_order_of_the_notice(year: QualityYear) -> None:
    baker.make(Court, code="jilin", level="intermediate", parent=None)
    courts = courts_of(year)
    assert [court.code for court in courts] == list(COURTS)
    assert [court.level for court in courts] == [Level.INTERMEDIATE, *[Level.GRASSROOTS] * 8]
    assert (courts[1].label("zh-hans"), courts[1].label("ko")) == ("延吉法院", "연길시인민법원")
    assert courts_by_name(courts)["延吉市人民法院"] == courts[1]


# --- Facts -----------------------------------------------------------------------------------


def test_facts_of_a_court(year: QualityYear) -> None:
    give(
        year,
        ("yanji", "2019-11", "appeal_revised", 90),
        ("yanji", "2019-12", "appeal_revised", 100),
        ("yanji", "2019-12", "appeals_filed", 0),
        ("yanji", "2019-12", "enforcement_closed", 7),
        ("yanji", "2018-11", "appeal_revised", 150),
        ("tumen", "2019-12", "appeal_revised", 5),
    )
    facts = facts_of(year, "yanji", DECEMBER)
    assert facts.level is Level.GRASSROOTS
    assert facts.current == {"appeal_revised": 100, "appeals_filed": 0, "enforcement_closed": 7}
    assert facts.baseline_month == facts.baseline_annual
    assert facts.baseline_annual["appeal_revised"] == 165
    facts = facts_of(year, "yanji", NOVEMBER)
    assert facts.current == {"appeal_revised": 90}
    assert facts.baseline_month == {"appeal_revised": 150}
    assert facts.baseline_annual["appeal_revised"] == 165
    facts = facts_of(year, "antu", NOVEMBER)
    assert (facts.current, facts.baseline_month) == ({}, {})


def test_an_empty_figure_is_absent(year: QualityYear) -> None:
    give(year, ("yanji", "2019-12", "appeal_revised", 100))
    Figure.objects.filter(monthly_return__year=2019).update(value=None)
    assert facts_of(year, "yanji", DECEMBER).current == {}
    assert months_with_figures(year) == []


@pytest.mark.parametrize(
    ("state", "verified", "reported"),
    [
        ("entering", False, False),
        ("returned", False, False),
        ("submitted", False, True),
        ("verified", True, True),
        ("published", True, True),
    ],
)
def test_what_counts_on_which_basis(
    year: QualityYear, state: str, verified: bool, reported: bool
) -> None:
    give(
        year,
        ("yanji", "2019-12", "appeal_revised", 1),
        ("yanji", "2018-11", "appeal_revised", 2),
    )
    MonthlyReturn.objects.filter(court__code="yanji").exclude(month=12, year=2018).update(
        state=state
    )
    for basis, counts in (("verified", verified), ("reported", reported)):
        assert bool(facts_of(year, "yanji", DECEMBER, basis).current) is counts
        assert bool(facts_of(year, "yanji", NOVEMBER, basis).baseline_month) is counts
        assert months_with_figures(year, basis) == ([DECEMBER] if counts else [])


def test_made_up_figures_and_targets_are_known(year: QualityYear) -> None:
    give(year, ("yanji", "2019-12", "appeal_revised", 1), ("antu", "2019-11", "appeal_revised", 1))
    MonthlyReturn.objects.filter(court__code="yanji", year=2019).update(is_demo=True)
    demo = gather(year, [DECEMBER, NOVEMBER]).demo
    assert demo == {DECEMBER: {"yanji"}, NOVEMBER: frozenset()}
    # The intermediate court has the mean of its courts' points.
    assert scores.month_scores(year, DECEMBER).demo == {"yanji", "yanbian"}
    assert not scores.month_scores(year, NOVEMBER).is_demo
    AppraisalTarget.objects.create(
        quality_year=year, item="L2.1", percent=5, document=DEMO_DOCUMENT
    )
    assert gather(year, [NOVEMBER]).demo[NOVEMBER] == frozenset(COURTS)


# --- Rankings --------------------------------------------------------------------------------

CLOSURE = {"enforcement_carried_over": 0, "enforcement_received": 100}


def closure(closed: int) -> dict[str, object]:
    """The figures of C2 (80 % earns 7.5 points): so many of 100 closed."""
    return {**CLOSURE, "enforcement_closed": closed}


def test_changes_against_the_month_before(year: QualityYear) -> None:
    files = [
        figures_file({"yanji": closure(80), "tumen": closure(70)}, "2019-11", "a.csv"),
        figures_file({"yanji": closure(80), "tumen": closure(80), "antu": closure(90)}),
    ]
    assert import_figures(year=year, files=files).errors == ()
    rows = {row.code: row for row in scores.ranking(year, DECEMBER)}
    assert list(rows) == list(COURTS)
    # 7.5 of 100 enforcement points are 3.75 of the total. Three share the first place.
    assert [rows[c].total for c in ("yanji", "tumen", "antu")] == [Decimal("3.75")] * 3
    assert [rows[c].rank for c in ("yanji", "tumen", "antu", "dunhua")] == [1, 1, 1, 4]
    assert (rows["yanji"].total_change, rows["yanji"].rank_change) == (Decimal("0.00"), 0)
    assert (rows["tumen"].total_change, rows["tumen"].rank_change) == (Decimal("3.75"), 1)
    # Antu and Dunhua had no figures in November.
    assert (rows["antu"].total_change, rows["antu"].rank_change) == (None, None)
    assert rows["yanbian"].rank is None
    assert rows["yanji"].provisional
    assert rows["yanji"].by_side == {
        "litigation": Decimal("0.00"),
        "enforcement": Decimal("7.50"),
    }


def test_january_has_no_month_before(year: QualityYear) -> None:
    give(year, ("yanji", "2019-01", "appeal_revised", 1))
    assert {row.total_change for row in scores.ranking(year, Month(2019, 1))} == {None}


def test_a_month_of_another_year_is_refused(year: QualityYear) -> None:
    for call in (scores.ranking, scores.scoreboard, scores.month_scores):
        with pytest.raises(NoMonthError, match="2018-12 不在质量年 yanbian-2019 之内"):
            call(year, Month(2018, 12))


def test_scorecard_of_one_court(year: QualityYear) -> None:
    assert scores.scorecard(year, DECEMBER, "yanji").court == "yanji"
    with pytest.raises(KeyError):
        scores.scorecard(year, DECEMBER, "beijing")


# --- Queries ---------------------------------------------------------------------------------


def test_queries_do_not_grow_with_courts_months_and_figures(
    year: QualityYear, django_assert_num_queries
) -> None:
    months = [Month(2019, number) for number in range(1, 13)]
    with django_assert_num_queries(8):
        # One of them for what is closed, which is read once for an object of the year.
        facts_of_months(year, months[:1])
    give(
        year,
        *(
            (court, str(month), metric, 0)
            for court in COURTS
            for month in months
            for metric in ("appeal_revised", "enforcement_closed")
        ),
    )
    for number in range(200):
        baker.make(
            Court,
            code=f"court-{number}",
            name=f"法院{number}",
            order=100 + number,
            level="grassroots",
            parent=year.court,
        )
    with django_assert_num_queries(7):
        assert len(facts_of_months(year, months)[DECEMBER]) == 209
    with django_assert_num_queries(8):
        scores.ranking(year, DECEMBER)
    with django_assert_num_queries(1):
        months_with_figures(year)


def test_a_thousand_courts_take_as_many_queries_as_nine(
    year: QualityYear, django_assert_num_queries: Any
) -> None:
    """How long they take is shown by `make bench`."""
    # The rules are read once a process.
    scores.ranking(year, DECEMBER)
    with CaptureQueriesContext(connection) as asked:
        scores.ranking(year, DECEMBER)
    queries = len(asked)
    courts = Court.objects.bulk_create(
        Court(
            code=f"court-{number}",
            name=f"法院{number}",
            short_name=f"法院{number}",
            order=100 + number,
            level="grassroots",
            parent=year.court,
        )
        for number in range(1_000)
    )
    returns = MonthlyReturn.objects.bulk_create(
        MonthlyReturn(
            court=court,
            year=2019,
            month=12,
            side="enforcement",
            state="verified",
            origin="import",
            verified_at=timezone.now(),
        )
        for court in courts
    )
    metrics = [m.code for m in rulebook_of(year).metrics.values() if m.side == "enforcement"]
    Figure.objects.bulk_create(
        (Figure(monthly_return=row, metric=code, value=10) for row in returns for code in metrics),
        batch_size=2_000,
    )
    with connection.cursor() as cursor:
        # As PostgreSQL does by itself soon after an import: until then it takes tables for small.
        cursor.execute("ANALYZE")
    with django_assert_num_queries(queries):
        assert len(scores.ranking(year, DECEMBER)) == 1_009
