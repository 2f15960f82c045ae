"""How a year's cases are spread over its months: proposed, set by the office, read by forecasts."""

from __future__ import annotations

from itertools import accumulate

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from courts.frame.refusals import ReturnError
from courts.models import Event, MonthProfile, QualityYear, User
from courts.models.month_profiles import MONTH_FIELDS
from courts.outlooks.selectors.month_profiles import proposal
from courts.outlooks.services.month_profiles import set_month_profile
from tests.pages import client_of, give

pytestmark = pytest.mark.django_db

ADDRESS = "/yanbian-2019/month-profile/"
OUTLOOK = "/yanbian-2019/2019-06/yanji/outlook/"
# A tenth of last year's 200 cases in each of ten months, nothing in February, 20 more in December.
CASES = (20, 0, *(20,) * 8, 0, 20)
RUSH = (60, 60, 70, 70, 70, 70, 70, 70, 80, 80, 120, 180)


def form(shares: tuple[int, ...], seen: int, reason: str = "去年年底集中") -> dict[str, object]:
    given: dict[str, object] = dict(zip(MONTH_FIELDS, shares, strict=False))
    return given | {"seen": seen, "reason": reason}


def test_the_office_sets_what_forecasts_read(
    year: QualityYear, people: dict[str, User], django_assert_max_num_queries
) -> None:
    cache.clear()
    running = list(accumulate(CASES))
    give(
        year,
        *(("yanji", f"2018-{n:02}", "appeals_filed", v) for n, v in enumerate(running, 1)),
        ("yanji", "2019-06", "appeals_filed", 90),
    )
    # 200 of the year in ten months: a hundred thousandths each, one at least in the others.
    proposed = proposal(year)
    assert proposed is not None
    assert sum(proposed) == 1000
    assert (proposed[1], proposed[10]) == (1, 1)
    assert set(proposed[:1] + proposed[2:10] + proposed[11:]) <= {99, 100}

    office = client_of(people["office"])
    page = office.get(f"{ADDRESS}?propose").content.decode()
    assert "尚未设定" in page
    assert f'value="{proposed[0]}"' in page
    before = office.get(OUTLOOK).content.decode()

    wrong = office.post(ADDRESS, form((*RUSH[:-1], 100), 0)).content.decode()
    assert "现在是920‰" in wrong
    assert "全部十二个月" in office.post(ADDRESS, form(RUSH[:4], 0)).content.decode()
    assert "请说明原因" in office.post(ADDRESS, form(RUSH, 0, "")).content.decode()
    assert not MonthProfile.objects.exists()

    assert office.post(ADDRESS, form(RUSH, 0)).status_code == 302
    row = MonthProfile.objects.get()
    assert (row.shares, row.version) == (RUSH, 1)
    event = Event.objects.get(action="set_month_profile")
    assert (event.data, event.reason, event.actor) == (
        {"before": [], "after": list(RUSH)},
        "去年年底集中",
        people["office"],
    )
    # Half of the year's cases are still to come instead of less: the forecast is another.
    assert office.get(OUTLOOK).content.decode() != before
    shown = office.get(ADDRESS).content.decode()
    assert "60 60 70" in shown
    assert 'value="180"' in shown

    # Somebody else was faster; and nothing at all leaves the months even.
    stale = office.post(ADDRESS, form(RUSH, 0), follow=True).content.decode()
    assert "刚刚被别人改过" in stale
    assert office.post(ADDRESS, form((), 1)).status_code == 302
    assert not MonthProfile.objects.exists()
    with django_assert_max_num_queries(40):
        office.get(ADDRESS)


@pytest.mark.database
def test_the_database_holds_a_whole_year(year: QualityYear) -> None:
    for shares in ((*RUSH[:-1], 181), (0, *RUSH[1:-1], 240)):
        row = MonthProfile(quality_year=year, **dict(zip(MONTH_FIELDS, shares, strict=True)))
        with pytest.raises(ValidationError):
            row.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_who_may(year: QualityYear, people: dict[str, User]) -> None:
    with pytest.raises(PermissionDenied):
        set_month_profile(user=people["leader"], year=year, shares=RUSH, seen=0, reason="因")
    with pytest.raises(ReturnError, match="1000"):
        set_month_profile(
            user=people["office"], year=year, shares=(*RUSH[:-1], 1), seen=0, reason="因"
        )
