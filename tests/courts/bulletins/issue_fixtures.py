"""Owns what the tests of issuing share: a closed month's snapshot, its issue, and who acts on it."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from courts.bulletins.selectors.snapshots import compose, inputs_of
from courts.models import Bulletin, Closing, MonthlyReturn, QualityYear, Snapshot, User
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


def issue_of(snapshot: Snapshot, by: User, number: int = 1) -> Bulletin:
    """An issue that is ready to be signed, as its editor leaves it."""
    side = "both" if len(snapshot.side_codes) > 1 else snapshot.side_codes[0]
    bulletin = Bulletin.objects.create(
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


def verified_returns(year: QualityYear, month: int = 12) -> int:
    """How many returns of the month count and are not published yet."""
    rows = MonthlyReturn.objects.filter(year=year.year, month=month, state="verified")
    return rows.count()
