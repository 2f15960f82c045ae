"""Owns voiding what was made of a closed month, and the end of months closed on made-up figures.

An area that made something of a snapshot registers what becomes of it (`when_voided`). Months
closed on made-up figures lock nothing: the first real input withdraws them all (`real_input`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from courts import database_clock
from courts.frame import events
from courts.frame.reasons import NO_MORE_DEMO
from courts.models import Closing, QualityYear, Snapshot, User
from courts.years.closings import forget_closings

Voided = Callable[[Snapshot, User | None, str], None]
_VOIDED: list[Voided] = []
_MADE_UP: ContextVar[bool] = ContextVar("made_up", default=False)


def when_voided(act: Voided) -> Voided:
    """Register what happens to an area's rows when a snapshot is voided."""
    if act not in _VOIDED:
        _VOIDED.append(act)
    return act


def void(snapshots: Iterable[Snapshot], *, by: User | None, reason: str) -> None:
    """Void snapshots and what was made of them; those voided before stay as they are."""
    now = database_clock.now()
    for snapshot in snapshots:
        rows = Snapshot.objects.filter(pk=snapshot.pk, voided_at__isnull=True)
        if rows.update(voided_at=now, voided_reason=reason):
            for act in _VOIDED:
                act(snapshot, by, reason)


@contextmanager
def made_up() -> Iterator[None]:
    """Mark what is written within as made up: it voids no month closed on made-up figures."""
    token = _MADE_UP.set(True)
    try:
        yield
    finally:
        _MADE_UP.reset(token)


def real_input(year: QualityYear, *, by: User | None = None) -> None:
    """A real figure, target, reading, decision or tally came in: no made-up month stays closed.

    Called inside the transaction of the write. One query while nothing is made up.
    """
    if _MADE_UP.get():
        return
    demo = list(
        Snapshot.objects.filter(
            quality_year__court=year.court_id, is_demo=True, voided_at__isnull=True
        )
        .select_related("quality_year")
        .defer("text")
    )
    if not demo:
        return
    reason = NO_MORE_DEMO
    now = database_clock.now()
    for snapshot in demo:
        rows = Closing.objects.filter(
            quality_year=snapshot.quality_year_id,
            month=snapshot.month,
            side__in=snapshot.side_codes,
            reopened_at__isnull=True,
        )
        rows.update(reopened_at=now, reopened_by=by, reopened_reason=reason)
        void([snapshot], by=by, reason=reason)
        events.record(
            action="withdraw_demo_month",
            year=snapshot.quality_year,
            actor=by,
            reason=reason,
            data={"month": snapshot.month, "sides": snapshot.sides, "sha256": snapshot.sha256},
        )
    forget_closings(year)
