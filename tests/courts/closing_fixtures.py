"""Owns what the tests of closing share: somebody of the centre, and closing whatever is missing."""

from __future__ import annotations

import pytest

from courts.closings.services.closing import close_month
from courts.models import QualityYear, Snapshot, User
from courts.years.closings import forget_closings
from tests.pages import account

BOTH = ("litigation", "enforcement")
REASON = "无记名评分和部分报表尚未完成，先行通报。"


@pytest.fixture
def centre(year: QualityYear) -> User:
    """Somebody of the enforcement command centre."""
    return account("centre", "yanbian", "centre", name="执行指挥中心")


def both_offices() -> User:
    """Somebody who looks after both sides."""
    found = User.objects.filter(username="both").first()
    return found or account("both", "yanbian", "office", "centre", name="两办")


def closed(year: QualityYear, month: int = 12, sides=BOTH, by: User | None = None) -> Snapshot:
    """Close sides of a month, whatever is missing; the snapshot."""
    snapshot = close_month(
        user=by or both_offices(), year=year, month=month, sides=sides, reason=REASON
    )
    forget_closings(year)
    return snapshot


def fresh(year: QualityYear) -> QualityYear:
    """The year as another request reads it: nothing kept from before."""
    return QualityYear.objects.select_related("court", "edition").get(pk=year.pk)
