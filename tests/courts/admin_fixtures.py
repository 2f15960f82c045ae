"""Owns the people and rows that the tests of the administration share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from courts.models import (
    AppraisalTarget,
    BallotRound,
    Cap,
    Event,
    Figure,
    MonthlyReturn,
    QualityYear,
    User,
)
from tests.pages import account as make_account
from tests.pages import elsewhere as found_elsewhere

__all__ = ["make_account"]


def client_of(account: User) -> Any:
    """A browser logged in as this account; its answers know their context and messages."""
    client = Client()
    client.force_login(account)
    return client


def form_of(client: Any, url: str) -> dict[str, object]:
    """What a browser would post back from the page as it is."""
    form = client.get(url).context["adminform"].form
    data = {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if value not in (None, "", [], False):
            data[name] = getattr(value, "pk", value)
    return data


def said(response: Any) -> str:
    """The messages that the next page will show."""
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


@pytest.fixture
def target(year: QualityYear) -> AppraisalTarget:
    """The target of one item for all courts."""
    row = AppraisalTarget(
        quality_year=year, item="L2.1", percent="1.5", document="吉高法〔2019〕1号"
    )
    row.full_clean()
    row.save()
    return row


def make_round(year: QualityYear, author: User) -> BallotRound:
    """A round of the ballot that is being prepared."""
    return BallotRound.objects.create(
        quality_year=year,
        month=12,
        code=f"{year.code}-12",
        title=f"{year.code}综合评价",
        unit="0.5",
        unit_max=24,
        min_ballots=5,
        author=author,
        closes_at=datetime(2020, 1, 1, tzinfo=UTC),
    )


@pytest.fixture
def elsewhere(year: QualityYear) -> QualityYear:
    """A second prefecture on the same rules: two courts, figures, a target, a cap, an account."""
    other = found_elsewhere(year)
    root = other.court
    court = root.children.get()
    row = MonthlyReturn.objects.create(
        court=court,
        year=2019,
        month=7,
        side="litigation",
        state="verified",
        origin="import",
        verified_at=datetime(2019, 8, 1, tzinfo=UTC),
    )
    Figure.objects.create(monthly_return=row, metric="appeals_filed", value=77_771)
    AppraisalTarget.objects.create(quality_year=other, item="L3.1", percent="77.7")
    Cap.objects.create(
        quality_year=other, court=court, baseline_cases=9, reduction_cases=1, cap_cases=8
    )
    Event.objects.create(action="tonghua_act", quality_year=other)
    make_round(other, make_account("tonghua-admin", "tonghua", "admin"))
    return other
