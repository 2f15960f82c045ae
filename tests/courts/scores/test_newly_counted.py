"""What a ballot that was tallied in between adds to a change is told on the pages themselves."""

from __future__ import annotations

import pytest

from courts.models import QualityYear
from scoring.facts import Month
from tests.courts.ballot_fixtures import people
from tests.pages import client_of, give

pytestmark = pytest.mark.django_db


def test_pages_say_what_the_ballot_added(year: QualityYear) -> None:
    """Yanji: ballots 12, 4 and 8 are 24, a mean of 8.00; litigation weighs half: 4.00."""
    vote = people(year)
    for month in ("2019-05", "2019-06"):
        give(year, ("yanji", month, "appeals_filed", 10))
    vote.draft(month=Month(2019, 6)).ask().give().open().cast_all((3, 0), (1, 1), (2, 2))
    vote.closed().confirmed()
    client = client_of(vote.office)
    pages = ("2019-06/", "2019-06/yanji/court/", "2019-06/yanji/print/")
    told = "新计入+4.00分"
    for page in pages:
        assert told not in client.get(f"/yanbian-2019/{page}").content.decode()
    vote.tallied()
    for page in pages:
        assert told in client.get(f"/yanbian-2019/{page}").content.decode(), page
