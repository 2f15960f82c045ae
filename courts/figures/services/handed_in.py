"""Owns what stands beside returns that an office brought in from a file and another verifies.

Each return is handed in on its court's behalf: the court sees what was written and may object, and
what was verified before counts until another person of the office has verified it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import Max

from courts import database_clock
from courts.figures.services.figures import Overlay, ReturnKey
from courts.models import EntryOnBehalf, Figure, MonthlyReturn, Reopening, Submission, User
from courts.models.reviews import LONGEST_REASON

BATCH = 2_000
# A reopening that ends as it begins has a term all the same; nobody ever waits for it.
TERM = timedelta(days=1)


def hand_in(
    *, overlay: Overlay, rows: Mapping[ReturnKey, MonthlyReturn], actor: User, reason: str
) -> None:
    """Note the entry, the reopening and the submission of each return that was written."""
    now, reason = database_clock.now(), reason[:LONGEST_REASON]
    Reopening.objects.bulk_create(
        [
            Reopening(
                monthly_return=row,
                reason=reason,
                by=actor,
                at=now,
                expires_at=now + TERM,
                outcome=Reopening.Outcome.SUBMITTED,
                ended_at=now,
            )
            for row in rows.values()
            if row.verified_figures is not None
        ],
        batch_size=BATCH,
    )
    EntryOnBehalf.objects.bulk_create(
        [
            EntryOnBehalf(
                monthly_return=row,
                by=actor,
                at=now,
                reason=reason,
                changes=_changes(overlay, key, row),
            )
            for key, row in rows.items()
        ],
        batch_size=BATCH,
    )
    keys = [row.pk for row in rows.values()]
    last = dict(
        Submission.objects.filter(monthly_return__in=keys)
        .order_by()
        .values_list("monthly_return")
        .annotate(last=Max("number"))
    )
    figures: dict[int, dict[str, int | None]] = {key: {} for key in keys}
    for owner, metric, value in Figure.objects.filter(monthly_return__in=keys).values_list(
        "monthly_return_id", "metric", "value"
    ):
        figures[owner][metric] = value
    Submission.objects.bulk_create(
        [
            Submission(
                monthly_return=row,
                number=last.get(row.pk, 0) + 1,
                by=actor,
                at=now,
                figures=figures[row.pk],
                on_behalf=reason,
            )
            for row in rows.values()
        ],
        batch_size=BATCH,
    )


def _changes(overlay: Overlay, key: ReturnKey, row: MonthlyReturn) -> dict[str, list[int | None]]:
    """The pairs of the figure before and now, those taken away with made-up ones included."""
    before = row.verified_figures or {}
    changes: dict[str, list[int | None]] = {}
    if key in overlay.replaced:
        changes = {metric: [value, None] for metric, value in before.items()}
    for change in overlay.changes[key]:
        metric = change.entry.metric.code
        changes[metric] = [before.get(metric), change.new]
    return changes
