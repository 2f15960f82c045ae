"""Who sees how much of what leaves the system: every role and system, by what the year shows."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from courts.models import ApiToken, Court, QualityYear
from courts.permissions import Extent, extent_of, may_read_rows, may_view_unpublished
from tests.pages import account, elsewhere

pytestmark = pytest.mark.django_db
SHOWN = ("full", "bands", "own")
NONE, OWN, ALL = Extent.NONE, Extent.OWN, Extent.ALL

# What each account of Yanji, or of the intermediate court, gets as the year shows all, bands, own.
ACCOUNTS: dict[tuple[str, str], tuple[Extent, Extent, Extent]] = {
    ("litigation", "yanji"): (ALL, OWN, OWN),
    ("enforcement", "yanji"): (ALL, OWN, OWN),
    ("litigation", "yanbian"): (ALL, OWN, OWN),
    ("office", "yanbian"): (ALL, ALL, ALL),
    ("centre", "yanbian"): (ALL, ALL, ALL),
    ("leader", "yanbian"): (ALL, ALL, ALL),
    ("party", "yanbian"): (ALL, ALL, ALL),
    ("scrutineer", "yanji"): (ALL, OWN, OWN),
    ("admin", "yanbian"): (ALL, OWN, OWN),
    ("office", "tonghua"): (NONE, NONE, NONE),
    ("", "yanji"): (NONE, NONE, NONE),
}
SYSTEMS: dict[tuple[str, str], tuple[Extent, Extent, Extent]] = {
    ("prefecture", "yanbian"): (ALL, ALL, ALL),
    ("court", "yanbian"): (ALL, OWN, OWN),
    ("court", "yanji"): (ALL, OWN, OWN),
    ("prefecture", "tonghua"): (NONE, NONE, NONE),
    ("court", "meihekou"): (NONE, NONE, NONE),
}


def test_accounts(year: QualityYear) -> None:
    elsewhere(year)
    for (role, court), expected in ACCOUNTS.items():
        user = account(f"{role}-{court}", court, *filter(None, [role]))
        for shown, extent in zip(SHOWN, expected, strict=True):
            year.ranking_shown = shown
            assert extent_of(user, year) is extent, (role, court, shown)
            assert may_read_rows(user, year, court) is (extent is not NONE)
            assert may_read_rows(user, year, "dunhua") is (extent is ALL)
        is_above = court == "yanbian" and role in {"office", "centre", "leader", "party"}
        assert may_view_unpublished(user, year) is is_above, (role, court)
    assert extent_of(AnonymousUser(), year) is NONE
    assert extent_of(account("courtless", None, "office"), year) is NONE


def test_systems(year: QualityYear) -> None:
    elsewhere(year)
    for (sees, code), expected in SYSTEMS.items():
        court = Court.objects.select_related("parent").get(code=code)
        token = ApiToken(court=court, sees=sees)
        for shown, extent in zip(SHOWN, expected, strict=True):
            year.ranking_shown = shown
            assert extent_of(token, year) is extent, (sees, code, shown)
            assert may_read_rows(token, year, code) is (extent is not NONE)
            assert may_read_rows(token, year, "dunhua") is (extent is ALL)
            assert not may_view_unpublished(token, year)
            more = ApiToken(court=court, sees=sees, reads_current=True)
            assert may_view_unpublished(more, year) is (extent is not NONE)
