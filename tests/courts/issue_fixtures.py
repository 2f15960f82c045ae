"""Owns what the tests of issuing share: a closed month's snapshot, its issue, and people."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from courts.bulletins.services import issued_files
from courts.bulletins.services.publishing import publish
from courts.bulletins.services.signatures import sign
from courts.closings.selectors.snapshots import compose, inputs_of
from courts.consultations.services.terms import set_terms
from courts.models import Bulletin, Closing, IssuingTerms, QualityYear, Snapshot, User
from scoring.facts import Month
from tests.pages import account

BOTH = ("litigation", "enforcement")


def people_of_issuing() -> dict[str, User]:
    """Two of each office, the desks of two courts, and those who lead or decide."""
    accounts = {
        "office": ("yanbian", "office"),
        "office2": ("yanbian", "office"),
        "office3": ("yanbian", "office"),
        "centre": ("yanbian", "centre"),
        "centre2": ("yanbian", "centre"),
        "leader": ("yanbian", "leader"),
        "party": ("yanbian", "party"),
        "desk": ("yanji", "litigation"),
        "desk2": ("yanji", "enforcement"),
        "tumen": ("tumen", "litigation"),
    }
    return {name: account(name, court, role) for name, (court, role) in accounts.items()}


def closed_month(
    year: QualityYear,
    by: User,
    month: int = 12,
    sides: tuple[str, ...] = BOTH,
    *,
    is_demo: bool = False,
    pk: int | None = None,
) -> Snapshot:
    """A month as closing leaves it: its closings and its snapshot."""
    now = timezone.now()
    closings = []
    for side in sides:
        number = Closing.objects.filter(quality_year=year, month=month, side=side).count() + 1
        closings.append(
            Closing.objects.create(
                quality_year=year, month=month, side=side, number=number, by=by, at=now
            )
        )
    parts = compose(inputs_of(year, Month(year.year, month)), sides, closings, data_at=now)
    number = Snapshot.objects.filter(quality_year=year, month=month).count() + 1
    return Snapshot.objects.create(
        pk=pk,
        quality_year=year,
        month=month,
        sides=",".join(sides),
        number=number,
        text=parts.text,
        sha256=parts.sha256,
        is_demo=is_demo,
        made_at=now,
        made_by=by,
    )


def issue_of(snapshot: Snapshot, by: User, number: int = 1, *, pk: int | None = None) -> Bulletin:
    """An issue that is ready to be signed, as its editor leaves it."""
    side = "both" if len(snapshot.side_codes) > 1 else snapshot.side_codes[0]
    bulletin = Bulletin.objects.create(
        pk=pk,
        quality_year=snapshot.quality_year,
        snapshot=snapshot,
        side=side,
        month=snapshot.month,
        carrier="redhead",
        number=number,
        number_year=2020,
        dated_on=date(2020, 1, 10),
        title="关于2019年1—12月全州法院“审判执行质量年”活动考核情况的通报",
        made_by=by,
        made_at=timezone.now(),
    )
    bulletin.writers.add(by)
    return bulletin


def ask_nobody(year: QualityYear, by: User) -> None:
    """Let the year ask no court before signing."""
    if IssuingTerms.objects.filter(quality_year=year).exists():
        return
    values = {"consultation_days": 0, "silence": "confirms", "objection_days": 7}
    set_terms(user=by, year=year, values=values, seen=0, reason="急")


def published_issue(
    year: QualityYear,
    people: dict[str, User],
    month: int = 12,
    sides: tuple[str, ...] = BOTH,
    *,
    is_demo: bool = False,
) -> Bulletin:
    """A month that was closed, signed by each office and published."""
    ask_nobody(year, people["office"])
    snapshot = closed_month(year, people["office"], month, sides, is_demo=is_demo)
    return issued(issue_of(snapshot, people["office2"], number=month), people)


def issued(issue: Bulletin, people: dict[str, User]) -> Bulletin:
    """An issue that is ready, signed by each office and published."""
    for side, name in (("litigation", "office3"), ("enforcement", "centre2")):
        if side in issue.sides:
            issue = sign(user=people[name], bulletin=issue, seen=issue.version)
    user = people["office3" if "litigation" in issue.sides else "centre2"]
    return publish(user=user, bulletin=issue, seen=issue.version)


@pytest.fixture
def plain_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish without setting papers, which other tests do and which takes its time."""
    monkeypatch.setattr(issued_files, "papers_of", lambda _bulletin, _stem: iter(()))
