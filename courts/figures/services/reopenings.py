"""Owns the end of reopenings: one that nobody used in time goes back to what was verified."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from simple_history.utils import bulk_update_with_history

from courts import database_clock
from courts.frame import events
from courts.frame.reasons import REOPENING_OVER
from courts.models import Figure, MonthlyReturn, Reopening
from courts.years.selectors.entry_windows import expired_reopenings
from courts.years.selectors.slots import year_of


def restore_expired(*, row: MonthlyReturn, now: datetime) -> bool:
    """Put a locked return back to its verified figures if its reopening is over."""
    if row.state != MonthlyReturn.State.ENTERING or row.verified_figures is None:
        return False
    reopening = row.reopenings.filter(expired_reopenings(now)).first()
    if reopening is None:
        return False
    reason = REOPENING_OVER
    changed = []
    for figure in row.figures.all():
        verified = row.verified_figures.get(figure.metric)
        if figure.value != verified:
            figure.value, figure.blank_reason = verified, ""
            figure.version += 1
            changed.append(figure)
    if changed:
        bulk_update_with_history(
            changed, Figure, ["value", "blank_reason", "version"], default_change_reason=reason
        )
    reopening.outcome, reopening.ended_at = Reopening.Outcome.EXPIRED, now
    reopening.full_clean()
    reopening.save()
    row.state, row.verified_figures = MonthlyReturn.State.VERIFIED, None
    row.version += 1
    row._change_reason = reason  # type: ignore[attr-defined]
    row.full_clean()
    row.save()
    events.record(
        action="expire_reopening",
        year=year_of(row),
        data={
            "return": row.pk,
            "court": row.court.code,
            "month": row.period,
            "side": row.side,
            "restored": sorted(figure.metric for figure in changed),
        },
    )
    return True


def expire_reopenings(*, now: datetime | None = None) -> int:
    """Put back every return whose reopening is over; return how many. One transaction each."""
    now = now or database_clock.now()
    keys = Reopening.objects.filter(expired_reopenings(now)).values_list(
        "monthly_return", flat=True
    )
    restored = 0
    for key in list(keys):
        with transaction.atomic():
            row = (
                MonthlyReturn.objects.select_for_update(of=("self",))
                .select_related("court")
                .get(pk=key)
            )
            restored += restore_expired(row=row, now=now)
    return restored
