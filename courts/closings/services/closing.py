"""Owns closing a month and reopening one that was not published; each under the lock of the year.

Closing freezes, for each side, all that the month counts by in a snapshot. A side that is closed
while the other is closed already gets a snapshot of both, which alone has totals and ranks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from courts import database_clock
from courts.closings.selectors.close_steps import Step, gaps_of, open_steps
from courts.closings.selectors.snapshots import compose, inputs_of
from courts.frame import events
from courts.frame.refusals import Obstacle, ReturnError, StaleError, StateError
from courts.frame.texts import stated
from courts.models import Closing, QualityYear, Snapshot, User
from courts.permissions import may_close
from courts.years.closings import Closings, MonthStanding, closings_of, forget_closings
from courts.years.selectors.entry_windows import first_moment, month_after
from courts.years.selectors.years import sides_of
from courts.years.voiding import void
from scoring.facts import Month


@transaction.atomic
def close_month(
    *, user: User, year: QualityYear, month: int, sides: Collection[str], reason: str = ""
) -> Snapshot:
    """Close these sides of a month that is over; with gaps only for a reason.

    `PermissionDenied` for a side that is not the account's office's; `ReturnError` with the gaps.
    """
    held = held_year(year)
    chosen = _chosen(user, held, sides)
    now = database_clock.now()
    _check_over(held, month, now)
    closings = closings_of(held)
    _check_not_accepted(closings)
    if any(closings.is_closed(month, side) for side in chosen):
        raise StaleError(_("这个月刚刚已由别人关账，请查看最新内容。"))
    gaps = gaps_of(open_steps(held, Month(held.year, month), chosen, now))
    if gaps and not reason.strip():
        text = _("还有%(count)s件事没有完成；仍要关账的，请写明理由，通报会照印。")
        raise ReturnError(
            text % {"count": len(gaps)}, [Obstacle(gap.code, gap.sentence) for gap in gaps]
        )
    reason = stated(reason, _("请写明理由。")) if gaps else reason.strip()
    for side in chosen:
        _close_side(held, month, side, user, now, gaps, reason)
    forget_closings(held)
    forget_closings(year)
    snapshot = make_snapshot(
        user=user, year=held, month=month, sides=closings_of(held).closed_sides(month), at=now
    )
    events.record(
        action="close_month",
        year=held,
        actor=user,
        reason=reason,
        data={
            "month": str(Month(held.year, month)),
            "sides": list(chosen),
            "gaps": [gap.as_json() for gap in gaps],
            "sha256": snapshot.sha256,
        },
    )
    return snapshot


@transaction.atomic
def reopen_month(
    *, user: User, year: QualityYear, month: int, sides: Collection[str], reason: str
) -> None:
    """Open sides of a month again that were not published; their snapshots are void.

    Raises `StateError`.
    """
    held = held_year(year)
    chosen = _chosen(user, held, sides)
    reason = stated(reason, _("重新打开已关账的月份须写明理由。"))
    closings = closings_of(held)
    _check_not_accepted(closings)
    for side in chosen:
        standing = closings.standing(month, side)
        if standing is MonthStanding.OPEN:
            raise StateError(_("这个月没有关账。"))
        if standing is not MonthStanding.CLOSED:
            raise StateError(_("这个月已经通报，不能重新打开；确需更改的，通过更正办理。"))
    now = database_clock.now()
    Closing.objects.filter(
        quality_year=held, month=month, side__in=chosen, reopened_at__isnull=True
    ).update(reopened_at=now, reopened_by=user, reopened_reason=reason)
    void(_holding(held, month, chosen), by=user, reason=reason)
    forget_closings(held)
    forget_closings(year)
    rest = closings_of(held)
    left = [side for side in rest.closed_sides(month) if rest.snapshot(month, side) is None]
    if left:
        # What was closed by itself was in the snapshot of both.
        make_snapshot(user=user, year=held, month=month, sides=left, at=now)
        forget_closings(year)
    events.record(
        action="reopen_month",
        year=held,
        actor=user,
        reason=reason,
        data={"month": str(Month(held.year, month)), "sides": list(chosen)},
    )


def _check_not_accepted(closings: Closings) -> None:
    if closings.is_accepted:
        raise StateError(_("本年度已经验收，只能通过更正通报改动。"))


def held_year(year: QualityYear) -> QualityYear:
    """The year, held against everybody who writes what its points come from (`month_locks`)."""
    rows = QualityYear.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("court", "edition").order_by().get(pk=year.pk)


def make_snapshot(
    *,
    user: User,
    year: QualityYear,
    month: int,
    sides: Sequence[str],
    at: datetime,
    restates: Snapshot | None = None,
    reason: str = "",
) -> Snapshot:
    """Freeze closed sides of a month as the data stand; the caller holds the year (`held_year`).

    One that restates another counts from its publication on.
    """
    closings = Closing.objects.filter(
        quality_year=year, month=month, side__in=sides, reopened_at__isnull=True
    ).select_related("by")
    inputs = inputs_of(year, Month(year.year, month))
    parts = compose(inputs, sides, closings, data_at=at, restates=restates, reason=reason)
    last = Snapshot.objects.filter(quality_year=year, month=month).aggregate(last=Max("number"))
    snapshot = Snapshot(
        quality_year=year,
        month=month,
        sides=",".join(side for side in sides_of(year) if side in sides),
        number=(last["last"] or 0) + 1,
        text=parts.text,
        sha256=parts.sha256,
        is_demo=bool(inputs.demo),
        made_at=at,
        made_by=user,
        restates=restates,
    )
    snapshot.full_clean()
    snapshot.save()
    forget_closings(year)
    return snapshot


def note_published(*, snapshot: Snapshot, at: datetime) -> None:
    """Note that the first issue of a snapshot was published; a second time changes nothing."""
    rows = Snapshot.objects.filter(
        pk=snapshot.pk, published_at__isnull=True, voided_at__isnull=True
    )
    rows.update(published_at=at)
    forget_closings(snapshot.quality_year)


def _chosen(user: User, year: QualityYear, sides: Collection[str]) -> tuple[str, ...]:
    known = sides_of(year)
    chosen = tuple(side.value for side in known if side in sides)
    if not chosen or set(sides) - set(known):
        raise ReturnError(_("请选择要办理的类别。"))
    if not all(may_close(user, year, side) for side in chosen):
        raise PermissionDenied(_("只有负责该类报表的管理部门可以关账。"))
    return chosen


def _check_over(year: QualityYear, month: int, now: datetime) -> None:
    if not 1 <= month <= 12:
        raise ReturnError(_("月份应在1至12之间。"))
    if now < first_moment(month_after(Month(year.year, month))):
        raise StateError(_("这个月还没有结束，不能关账。请在月底以后再办。"))


def _close_side(
    year: QualityYear,
    month: int,
    side: str,
    user: User,
    now: datetime,
    gaps: Sequence[Step],
    reason: str,
) -> None:
    number = Closing.objects.filter(quality_year=year, month=month, side=side).count() + 1
    own = [gap.as_json() for gap in gaps if gap.side in ("", side)]
    closing = Closing(
        quality_year=year,
        month=month,
        side=side,
        number=number,
        by=user,
        at=now,
        gaps=own,
        gap_count=len(own),
        reason=reason,
    )
    closing.full_clean()
    closing.save()


def _holding(year: QualityYear, month: int, sides: Collection[str]) -> list[Snapshot]:
    """The snapshots of a month that hold one of the sides and were not voided."""
    rows = Snapshot.objects.filter(quality_year=year, month=month, voided_at__isnull=True)
    return [one for one in rows.defer("text") if set(one.side_codes) & set(sides)]
