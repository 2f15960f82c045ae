"""What papers say of courts that changed: counts beside what both had, names of then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from courts.bulletins.selectors.prose.drafts import draft
from courts.bulletins.selectors.prose.issues import prose_of
from courts.bulletins.selectors.prose.month import BulletinMonth
from courts.bulletins.selectors.prose.own import own_month
from courts.changes.selectors.plans import Kind
from courts.models import QualityYear, User
from courts.papers.tokens import plain
from courts.years.court_changes import NO_CHANGES
from courts.years.selectors.years import find_year
from scoring.facts import Month
from tests.courts.changes.conftest import ORDER, change, overturned
from tests.courts.issue_fixtures import closed_month, issue_of

pytestmark = pytest.mark.django_db

JUNE, JULY = Month(2019, 6), Month(2019, 7)


def outliers(month: BulletinMonth) -> str:
    made = draft(month, "zh")
    blocks = {block.key: plain(block.text, made.ledger.numbers) for block in made.blocks}  # type: ignore[arg-type]
    return blocks.get("problems.outlier", "")


def test_a_bulletin_holds_a_merged_count_against_both_courts(
    year: QualityYear, people: dict[str, User]
) -> None:
    """35 in July: far from Tumen's own 11 of June, and not from the 30 of both."""
    overturned(JUNE, tumen=11, antu=19)
    closed_month(year, people["office"], 6)
    change(people, replace(ORDER, kind=Kind.MERGED, court="antu", other="tumen"))
    overturned(JULY, tumen=35)
    issue = issue_of(closed_month(find_year(), people["office"], 7), people["office"])

    month = prose_of(issue, "zh").month
    jump = "图们法院截至7月二审被改判35件，超出通常范围"
    assert jump not in outliers(month)
    assert jump in outliers(replace(month, changes=NO_CHANGES, keys={}))
    dates = month.months_to_date(month.court["tumen"])
    assert [figures["appeal_revised"] for figures in dates.values()] == [30, 35]
    # The court's own paper knows nothing of the other, and says nothing.
    own = own_month(month, "tumen")
    assert list(own.months_to_date(own.own)) == [JULY]
    assert jump not in outliers(own)
