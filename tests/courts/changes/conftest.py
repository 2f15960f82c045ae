"""Changes of courts for the tests of this folder: who makes them, and one to start from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from courts.changes.selectors.plans import Kind
from courts.changes.services.motions import ChangeOrder, move_change
from courts.files.attachments import GivenFile
from courts.models import Motion, QualityYear, User
from courts.motions.services.motions import confirm, trial
from courts.years.selectors.years import find_year
from scoring.facts import Month
from tests.pages import account, give

OVERTURNED = (
    "appeal_revised",
    "appeal_remanded",
    "retrial_revised",
    "retrial_remanded",
    "retrial_directed",
)
PDF = b"%PDF-1.7 paper"
ORDER = ChangeOrder(
    kind=Kind.ABOLISHED,
    court="wangqing",
    from_month=7,
    document="州编〔2019〕21号 关于调整法院设置的通知",
    decided_on=date(2019, 6, 20),
    reason="机构调整",
)
SHARES = {
    "appeal_revised": 20,
    "appeal_remanded": 2,
    "retrial_revised": 2,
    "retrial_remanded": 0,
    "retrial_directed": 0,
    "retrial_decided": 3,
    "retrial_escalated": 0,
    "appeals_filed": 60,
    "retrial_petitions_received": 9,
    "retrial_petitions_closed": 9,
    "retrial_designated": 0,
}


@pytest.fixture
def people(year: QualityYear) -> dict[str, User]:
    office = {name: account(name, "yanbian", "office") for name in ("office", "office2")}
    return office | {
        "centre": account("centre", "yanbian", "centre"),
        "desk": account("desk", "antu", "litigation"),
    }


def overturned(month: Month, **cases: int) -> None:
    """Overturned cases of courts, year to date, all of them revised on appeal."""
    rows = [
        (court, month, metric, number if metric == OVERTURNED[0] else 0)
        for court, number in cases.items()
        for metric in OVERTURNED
    ]
    give(find_year(), *rows)


def change(people: Mapping[str, User], order: ChangeOrder) -> Motion:
    """Propose it, and confirm it as somebody else."""
    motion = move_change(
        user=people["office"], year=find_year(), order=order, files=[GivenFile("a.pdf", PDF)]
    )
    confirm(user=people["centre"], motion=motion, seen=trial(motion).digest)
    return motion
