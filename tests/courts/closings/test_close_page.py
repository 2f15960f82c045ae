"""The page on which a month is closed: its steps, closing and reopening, and the desk's line."""

from __future__ import annotations

import re
from collections import Counter

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courts.closings.selectors.close_steps import open_steps
from courts.models import AppraisalTarget, Closing, Snapshot
from scoring.facts import Month
from tests.courts.closing_fixtures import BOTH, both_offices, closed, fresh
from tests.courts.returns_fixtures import MAY, bring_to, slot_of
from tests.pages import client_of, more_courts

DECEMBER = Month(2019, 12)
ADDRESS = "/yanbian-2019/2019-12/close/"
DESK = "/yanbian-2019/desk/"


def counts(year, month=DECEMBER, sides=BOTH):
    """What is open of a month, by step; steps that are done are left out."""
    steps = open_steps(fresh(year), month, sides, timezone.now())
    return {step.code: step.count for step in steps if not step.is_done}


def test_every_return_is_a_step_until_it_is_verified(year, people):
    # Nine courts hand two returns in each; four items have no target, and nobody has voted.
    targets = {"targets": 4}
    assert counts(year, MAY) == {"due": 18, **targets}
    assert counts(year, MAY, ["enforcement"]) == {"due": 9}
    bring_to("submitted", slot_of(year), people)
    assert counts(year, MAY) == {"due": 17, "verified": 1, **targets}
    bring_to("returned", slot_of(year, "yanji", Month(2019, 6)), people)
    assert counts(year, MAY) == {"due": 17, "verified": 1, **targets}
    AppraisalTarget.objects.create(quality_year=year, item="L2.1", percent=2)
    assert counts(year, MAY) == {"due": 17, "verified": 1, "targets": 3}
    AppraisalTarget.objects.create(quality_year=year, item="L3.1", percent=2, from_month=6)
    assert counts(year, MAY)["targets"] == 3


def test_ballots_are_asked_for_at_the_end_of_the_year(made_year):
    assert counts(made_year) == {"ballot": 9}
    assert "ballot" not in counts(made_year, Month(2019, 6))
    assert counts(made_year, sides=["enforcement"]) == {}


def test_a_month_is_closed_and_reopened_on_its_page(made_year):
    browser = client_of(both_offices())
    page = browser.get(ADDRESS).content.decode()
    assert "还差 1 件事" in page
    assert "无记名评分没有结果的法院" in page
    refused = browser.post(ADDRESS, {"sides": BOTH, "act": "close", "reason": ""}, follow=True)
    assert "请写明理由" in refused.content.decode()
    assert not Closing.objects.exists()
    done = browser.post(ADDRESS, {"sides": BOTH, "act": "close", "reason": "先行"}, follow=True)
    text = done.content.decode()
    assert "已关账，尚未通报" in text
    assert Snapshot.objects.get().sha256 in text
    assert "无记名评分没有结果的法院：9家" in text
    opened = browser.post(ADDRESS, {"sides": BOTH, "act": "reopen", "reason": "有误"}, follow=True)
    assert "重新打开：有误" in opened.content.decode()
    assert Snapshot.objects.get().voided_at is not None


def test_nobody_else_closes(made_year, office, desk):
    sent = {"sides": ["enforcement"], "act": "close", "reason": "先行"}
    assert client_of(office).post(ADDRESS, sent).status_code == 403
    assert client_of(desk).get(ADDRESS).status_code == 403
    assert client_of(desk).post(ADDRESS, sent).status_code == 403
    assert not Closing.objects.exists()


def test_the_desk_begins_with_the_month_to_close(made_year, office):
    browser = client_of(office)
    assert "2019年12月：还差 1 件事" in browser.get(DESK).content.decode()
    # Once months are closed it is the one after the last of them.
    closed(made_year, 10)
    with CaptureQueriesContext(connection) as asked:
        assert "2019年11月：还差" in browser.get(DESK).content.decode()
    # What waits is read once, for the desk and for the month; years and closings stand apart.
    repeated = [sql for sql, times in Counter(one["sql"] for one in asked).items() if times > 1]
    assert len(repeated) <= 3
    assert all(re.search('FROM "courts_(qualityyear|closing|snapshot)"', sql) for sql in repeated)
    closed(made_year, 12)
    assert "件事" not in browser.get(DESK).content.decode()


def test_the_page_asks_no_more_for_more_courts_and_closed_months(made_year):
    browser = client_of(both_offices())
    browser.get(ADDRESS)
    with CaptureQueriesContext(connection) as before:
        browser.get(ADDRESS)
    more_courts(made_year, 10)
    closed(made_year, 6)
    with CaptureQueriesContext(connection) as after:
        browser.get(ADDRESS)
    # Two more once anything is closed: the snapshots that count, and nothing for each month.
    assert len(after) <= len(before) + 1
    closed(made_year, 7)
    with CaptureQueriesContext(connection) as still:
        browser.get(ADDRESS)
    assert len(still) == len(after)
