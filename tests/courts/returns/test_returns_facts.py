"""What counts of a return that is open for changes after it was verified."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from courts.figures.selectors.facts import facts_of_months, gather
from courts.models import Court, Figure, MonthlyReturn, QualityYear
from courts.permissions import Basis
from courts.scores.selectors.scores import scoreboard
from courts.years.selectors.counted_months import months_with_figures
from scoring.facts import Month
from tests.courts.conftest import figures_file

pytestmark = [pytest.mark.django_db, pytest.mark.database]

MAY = Month(2019, 5)


def make_return(
    state: str, verified: dict[str, int] | None, live: int | None = 7, court: str = "yanji"
) -> MonthlyReturn:
    """Yanji's litigation return of May: one figure as it stands, and as it was verified."""
    row = MonthlyReturn.objects.create(
        court=Court.objects.get(code=court),
        year=2019,
        month=5,
        side="litigation",
        state=state,
        origin="import",
        verified_figures=verified,
        verified_at=datetime(2019, 6, 8, tzinfo=UTC),
    )
    Figure.objects.create(monthly_return=row, metric="appeals_filed", value=live)
    return row


def counted(year: QualityYear, basis: str) -> dict[str, int]:
    facts = facts_of_months(year, [MAY], basis)[MAY]
    return dict(next(court.current for court in facts if court.court == "yanji"))


@pytest.mark.parametrize(
    ("state", "verified", "on_verified", "on_reported"),
    [
        ("entering", None, {}, {}),
        ("entering", {"appeals_filed": 5}, {"appeals_filed": 5}, {"appeals_filed": 5}),
        ("returned", {"appeals_filed": 5}, {"appeals_filed": 5}, {"appeals_filed": 5}),
        ("submitted", None, {}, {"appeals_filed": 7}),
        ("submitted", {"appeals_filed": 5}, {"appeals_filed": 5}, {"appeals_filed": 7}),
        ("submitted", {}, {}, {"appeals_filed": 7}),
        ("verified", None, {"appeals_filed": 7}, {"appeals_filed": 7}),
        ("published", None, {"appeals_filed": 7}, {"appeals_filed": 7}),
    ],
)
def test_the_figures_verified_last_count_until_others_are_verified(
    year: QualityYear,
    state: str,
    verified: dict[str, int] | None,
    on_verified: dict[str, int],
    on_reported: dict[str, int],
) -> None:
    make_return(state, verified)
    assert counted(year, Basis.VERIFIED) == on_verified
    assert counted(year, Basis.REPORTED) == on_reported
    assert months_with_figures(year, Basis.VERIFIED) == ([MAY] if on_verified else [])
    assert months_with_figures(year, Basis.REPORTED) == ([MAY] if on_reported else [])


def test_points_are_those_of_the_verified_figures(year: QualityYear) -> None:
    """Annex 3: 1085 appeals filed in 2018 at Yanji, so the baseline of May is 1085 x 5/12."""
    make_return("entering", {"appeals_filed": 430}, live=1)
    # A drop of (452.0833 - 430) / 452.0833 = 4.885 % at 0.2 a percent.
    assert scoreboard(year, MAY).court("yanji").item("L3.2").points == Decimal("0.98")


def test_no_more_queries_for_more_reopened_returns(
    year: QualityYear, django_assert_num_queries
) -> None:
    make_return("entering", {"appeals_filed": 5})
    with django_assert_num_queries(8):
        gather(year, [MAY])
    for court in ("tumen", "dunhua", "longjing"):
        make_return("entering", {"appeals_filed": 5}, court=court)
    # Which months are closed is known by now.
    with django_assert_num_queries(7):
        gather(year, [MAY])


def test_an_import_leaves_a_reopened_return_alone(year: QualityYear) -> None:
    from courts.figures.services.imports import import_figures

    row = make_return("entering", {"appeals_filed": 5}, live=None)
    result = import_figures(
        year=year, files=[figures_file({"yanji": {"appeals_filed": 6}}, "2019-05")]
    )
    assert result.errors
    row.refresh_from_db()
    assert (row.state, row.verified_figures) == ("entering", {"appeals_filed": 5})


def test_an_import_counts_as_a_write_of_the_cell(year: QualityYear) -> None:
    from courts.figures.services.imports import import_figures

    row = make_return("verified", None, live=None)
    row.figures.update(blank_reason="系统故障")
    import_figures(year=year, files=[figures_file({"yanji": {"appeals_filed": 6}}, "2019-05")])
    figure = row.figures.get()
    assert (figure.value, figure.version, figure.blank_reason) == (6, 2, "")
