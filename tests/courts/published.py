"""Owns closed and published months for tests of readers: rows as closing writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from courts.closings.selectors.snapshots import compose, inputs_of
from courts.models import Closing, QualityYear, Snapshot, User
from courts.years.closings import forget_closings
from scoring.facts import Month

BOTH = ("litigation", "enforcement")
AT = datetime(2020, 1, 8, 9, tzinfo=UTC)


def publish(
    year: QualityYear,
    by: User,
    month: int = 12,
    sides: Sequence[str] = BOTH,
    restates: Snapshot | None = None,
    reason: str = "",
    is_published: bool = True,
) -> Snapshot:
    """Close these sides of a month on what counts now, and publish the snapshot."""
    for side in sides:
        rows = Closing.objects.filter(quality_year=year, month=month, side=side)
        if not rows.exists():
            Closing.objects.create(
                quality_year=year, month=month, side=side, number=1, by=by, at=AT
            )
    closings = list(Closing.objects.filter(quality_year=year, month=month, side__in=sides))
    forget_closings(year)
    year = QualityYear.objects.select_related("court", "edition").get(pk=year.pk)
    parts = compose(
        inputs_of(year, Month(year.year, month)),
        sides,
        closings,
        data_at=AT,
        restates=restates,
        reason=reason,
    )
    snapshot = Snapshot.objects.create(
        quality_year=year,
        month=month,
        sides=",".join(sides),
        number=Snapshot.objects.filter(quality_year=year, month=month).count() + 1,
        text=parts.text,
        sha256=parts.sha256,
        is_demo=parts.month["is_demo"],
        made_at=AT,
        made_by=by,
        restates=restates,
        published_at=AT if is_published else None,
    )
    forget_closings(year)
    return snapshot
