from __future__ import annotations
import pytest
from django.utils import timezone
from courts.actions.selectors.alarms import alarms
from courts.actions.selectors.proposals import proposals_page
from courts.years.selectors.periods import open_period
from tests.pages import account, made_year, year
__all__ = ["made_year", "year"]
pytestmark = pytest.mark.django_db

def test_x(made_year, django_assert_max_num_queries):
    office = account("office", "yanbian", "office")
    for m in ("2019-03","2019-06", "2019-12"):
        p = open_period(office, "yanbian-2019", m, "verified")
        page = proposals_page(office, p, timezone.now())
        print(m, len(page.open))
        for c in page.open[:60]: print(c.rule, c.court_name, c.side, c.text)
