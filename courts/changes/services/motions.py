"""Owns changes of courts as motions: made with their document, told in words, carried out.

Nothing of a court's rows is moved or rewritten: a change says from which month on who is assessed,
under which name, and what the figures of the year before come to. Closed months refuse it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from courts.changes.selectors.caps import caps_by, merged_cap, split_caps
from courts.changes.selectors.consequences import consequences
from courts.changes.selectors.plans import Kind, Plan, check_shares, plan_of
from courts.files.attachments import GivenFile, attached
from courts.frame import events
from courts.frame.refusals import ReturnError
from courts.frame.texts import stated
from courts.models import Cap, Court, CourtChange, Motion, MotionFile, QualityYear, User
from courts.models.courts import LONGEST_DOCUMENT, NO_NAMES, Names, all_names
from courts.models.reviews import LONGEST_REASON
from courts.motions.kinds import MotionKind, MotionLine, months_from, register, stale
from courts.motions.services.motions import move
from courts.years.court_changes import forget_changes
from courts.years.month_locks import hold
from courts.years.voiding import real_input


@dataclass(frozen=True, slots=True)
class ChangeOrder:
    """A change as somebody wants it: courts by code, the month it holds from, and its document.

    `names` are the new names of a court that is renamed, or those of the court that a split sets
    up with `code`; `shares` that court's figures of the whole year before.
    """

    kind: Kind
    court: str
    from_month: int
    document: str
    decided_on: date
    reason: str
    other: str = ""
    code: str = ""
    names: Names = NO_NAMES
    shares: Mapping[str, int] = field(default_factory=dict)


@transaction.atomic
def move_change(
    *, user: User, year: QualityYear, order: ChangeOrder, files: Sequence[GivenFile]
) -> Motion:
    """Propose a change of a court; its document goes with it as a file.

    `ReturnError` for a month that is closed, for courts that are not assessed in it, for names and
    shares that cannot be, and without a document.
    """
    if not files:
        raise ReturnError(_("请附上决定变动的文件。"))
    plan = plan_of(year, {**_data(order), "document": ""})
    return move(
        user=user,
        year=year,
        kind=Motion.Kind.COURTS,
        reason=stated(order.reason, _("请写明变动原因。"), LONGEST_REASON),
        data={
            **_data(order),
            "document": stated(order.document, _("请写明文号和文件名称。"), LONGEST_DOCUMENT),
            "old_names": list(plan.court.names) if order.kind == Kind.RENAMED else [],
        },
        files=attached(MotionFile, files),
    )


def _data(order: ChangeOrder) -> dict[str, Any]:
    return {
        "change": order.kind.value,
        "court": order.court,
        "other": order.other,
        "code": order.code.strip(),
        "from_month": order.from_month,
        "names": [name.strip() for name in order.names],
        "shares": dict(order.shares),
        "decided_on": order.decided_on.isoformat(),
    }


def _lines(motion: Motion) -> tuple[MotionLine, ...]:
    return consequences(motion.quality_year, motion.data)


def _write(motion: Motion, second: User | None) -> None:
    year, data = motion.quality_year, motion.data
    hold(year)
    plan = plan_of(year, data)
    by = second or motion.moved_by
    other = plan.other
    if plan.kind == Kind.SPLIT:
        check_shares(plan, data["shares"])
        other = _new_court(plan, data, by)
    if plan.kind == Kind.RENAMED:
        _rename(plan, data, by)
    _stored(
        CourtChange(
            quality_year=year,
            kind=plan.kind,
            court=plan.court,
            other=other,
            from_month=plan.month.month,
            old_names=data["old_names"],
            shares=data["shares"] if plan.kind == Kind.SPLIT else {},
            document=data["document"],
            decided_on=date.fromisoformat(data["decided_on"]),
            motion=motion,
        )
    )
    if plan.kind in CourtChange.ENDING:
        years = QualityYear.objects.filter(court=year.court_id, year__gt=year.year)
        plan.court.left_out_of.add(*years)
    caps = _caps(plan, other, data["shares"], by)
    forget_changes(year)
    if second is not None:
        real_input(year, by=motion.moved_by)
        _record(motion, second, plan, caps)


def _rename(plan: Plan, data: Mapping[str, Any], by: User) -> None:
    court = plan.court
    names = all_names(data["names"])
    if court.names != all_names(data["old_names"]):
        raise stale()
    if names == court.names:
        raise ReturnError(_("新名称和原名称一样，请写新的名称。"))
    # No English name is better than one of another court: it is set with the others or cleared.
    court.short_name, court.name, court.name_ko, court.name_en = names
    _stored(court, by)


def _new_court(plan: Plan, data: Mapping[str, Any], by: User) -> Court:
    """The court that a split sets up; earlier years do not assess it."""
    short_name, name, name_ko, name_en = all_names(data["names"])
    siblings = Court.objects.under(plan.year.court_id)
    court = Court(
        code=data["code"],
        order=(siblings.aggregate(last=models.Max("order"))["last"] or 0) + 1,
        short_name=short_name,
        name=name,
        name_ko=name_ko,
        name_en=name_en,
        level=plan.court.level,
        parent=plan.court.parent,
    )
    _stored(court, by)
    earlier = QualityYear.objects.filter(court=plan.year.court_id, year__lt=plan.year.year)
    court.left_out_of.add(*earlier)
    return court


def _caps(
    plan: Plan, other: Court | None, shares: Mapping[str, int], by: User
) -> list[tuple[str, str]]:
    """Write the caps that follow from the change; which court has which from then on."""
    held = caps_by(plan.year, plan.month)
    own = held.get(plan.court.pk)
    found: list[tuple[Court, Cap]] = []
    if plan.kind == Kind.MERGED and other is not None and own is not None:
        taking = held.get(other.pk)
        found = [] if taking is None else [(other, merged_cap(taking, own))]
    if plan.kind == Kind.SPLIT and other is not None:
        parts = split_caps(plan.year, plan.month, own, shares)
        found = [] if parts is None else [(plan.court, parts[0]), (other, parts[1])]
    for court, cap in found:
        before = held.get(court.pk)
        if before is not None and before.from_month == plan.month.month:
            before.baseline_cases, before.reduction_cases = cap.baseline_cases, cap.reduction_cases
            before.cap_cases, before.version = cap.cap_cases, before.version + 1
            _stored(before, by)
        else:
            cap.court, cap.from_month = court, plan.month.month
            cap.version = before.version + 1 if before else 1
            _stored(cap, by)
    return [(court.code, f"{cap.cap_cases}") for court, cap in found]


def _stored(row: models.Model, by: User | None = None) -> None:
    """Check and save a row; who did it stands in its history, where it has one."""
    if by is not None:
        row._history_user = by  # type: ignore[attr-defined]
    try:
        row.full_clean()
    except ValidationError as error:
        raise ReturnError(" ".join(error.messages)) from error
    row.save()


def _record(motion: Motion, second: User, plan: Plan, caps: Sequence[tuple[str, str]]) -> None:
    data = {name: value for name, value in motion.data.items() if name != "lines"}
    events.record(
        action="change_court",
        year=motion.quality_year,
        actor=motion.moved_by,
        reason=motion.reason,
        data={
            **data,
            "motion": motion.pk,
            "month": str(plan.month),
            "caps": dict(caps),
            "confirmed_by": second.username,
        },
    )


register(Motion.Kind.COURTS, MotionKind(_lines, _write, months_from))
