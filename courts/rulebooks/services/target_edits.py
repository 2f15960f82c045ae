"""Owns entering and changing single appraisal targets and caps, with reason, version and event.

It carries out what one person moved and another confirms (`motions`): `user` is the first, and
`confirmed_by` the second, None only to try it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courts.figures.selectors.facts import DEMO_DOCUMENT
from courts.frame import events
from courts.frame.refusals import RuleError
from courts.models import AppraisalTarget, Cap, Court, QualityYear, User
from courts.permissions import may_keep_targets
from courts.years.closings import closings_of, forget_closings
from courts.years.court_changes import courts_from
from courts.years.late_inputs import LateKind, came_late
from courts.years.month_locks import check_open_from, holds_from
from courts.years.selectors.metrics import item_labels
from courts.years.selectors.years import rulebooks_of
from courts.years.voiding import real_input

LONGEST_REASON = 100


@dataclass(frozen=True, slots=True)
class TargetValues:
    """What a target says: percent, and the document it stands in, with its date."""

    percent: Decimal
    document: str
    decided_on: date | None


@transaction.atomic
def add_target(
    *,
    user: User,
    year: QualityYear,
    item: str,
    level: str,
    court: str,
    values: TargetValues,
    reason: str,
    confirmed_by: User | None,
) -> AppraisalTarget:
    """A target for an item, of a level (empty: all) or of one court by code.

    It holds from the oldest open month on; `MonthClosed` when there is none. Raises `RuleError`.
    """
    _hold(user, year)
    if item not in item_labels(year, ""):
        raise RuleError(_("这个考核项不需要录入目标值。"))
    from_month = holds_from(year, target_sides(year, item))
    target = AppraisalTarget(quality_year=year, item=item, level=level, from_month=from_month)
    if court:
        target.court = _court(year, court, from_month)
    _fill(target, values)
    _saved(user, target, reason, confirmed_by)
    _tell_late(target, user, reason, confirmed_by)
    return target


def target_sides(year: QualityYear, item: str) -> tuple[str, ...]:
    """The side of an item with a target, by any rules of the year."""
    found = (rulebook.item_by_code.get(item) for rulebook in rulebooks_of(year))
    return tuple(dict.fromkeys(one.side.value for one in found if one is not None))


def cap_sides(year: QualityYear) -> tuple[str, ...]:
    """The side of the item that is capped, by any rules of the year."""
    found = (
        rulebook.item_by_code[rulebook.caps.item].side.value
        for rulebook in rulebooks_of(year)
        if rulebook.caps is not None
    )
    return tuple(dict.fromkeys(found))


def _tell_late(
    row: AppraisalTarget | Cap, user: User, reason: str, confirmed_by: User | None
) -> None:
    """The same for a row that `confirmed_by` confirmed; None when it is only tried out."""
    if confirmed_by is not None:
        tell_late(row, user, reason)


def tell_late(row: AppraisalTarget | Cap, by: User | None, reason: str) -> None:
    """Have a restatement proposed for the closed months that the row would hold in too."""
    year = row.quality_year
    is_target = isinstance(row, AppraisalTarget)
    sides = target_sides(year, row.item) if isinstance(row, AppraisalTarget) else cap_sides(year)
    came_late(
        year=year,
        kind=LateKind.TARGETS if is_target else LateKind.CAPS,
        months=[
            month for month in closings_of(year).locked_months(sides) if month < row.from_month
        ],
        sides=sides,
        source=f"{'target' if is_target else 'cap'}/{row.pk}",
        reason=reason,
        by=by,
        data={"court": row.court.code if row.court else "", "from_month": row.from_month},
    )


@transaction.atomic
def change_target(
    *,
    user: User,
    year: QualityYear,
    target: int,
    seen_version: int,
    values: TargetValues,
    reason: str,
    confirmed_by: User | None,
) -> None:
    """Other values for a target that is there; where it counts in closed months, from then on.

    What counted in them stays: the new values stand in a row of their own.
    """
    _hold(user, year)
    held = _target(year, target, seen_version)
    from_month = holds_from(year, target_sides(year, held.item))
    if held.from_month < from_month:
        held = AppraisalTarget(
            quality_year=year,
            item=held.item,
            level=held.level,
            court=held.court,
            from_month=from_month,
            version=held.version,
        )
    _fill(held, values)
    held.version += 1
    _saved(user, held, reason, confirmed_by)
    _tell_late(held, user, reason, confirmed_by)


@transaction.atomic
def remove_target(
    *,
    user: User,
    year: QualityYear,
    target: int,
    seen_version: int,
    reason: str,
    confirmed_by: User | None,
) -> None:
    """Take a target away: the next wider one applies again. `MonthClosed` where it has counted."""
    _hold(user, year)
    held = _target(year, target, seen_version)
    check_open_from(year, held.from_month, target_sides(year, held.item))
    held._history_user = user  # type: ignore[attr-defined]
    held._change_reason = _with_second(_stated(reason), confirmed_by)  # type: ignore[attr-defined]
    _note_row(user, held, reason, confirmed_by, removed=True)
    held.delete()


@transaction.atomic
def set_cap(
    *,
    user: User,
    year: QualityYear,
    court: str,
    seen_version: int,
    baseline_cases: int,
    reduction_cases: int,
    reason: str,
    confirmed_by: User | None,
) -> None:
    """The cap of a court: cases of the year before, less those asked for. Version 0: none yet.

    It holds from the oldest open month on; what counted in closed months stays. Raises `RuleError`.
    """
    _hold(user, year)
    from_month = holds_from(year, cap_sides(year))
    row = _court(year, court, from_month)
    held = Cap.objects.filter(quality_year=year, court=row).order_by("-from_month").first()
    if (held.version if held else 0) != seen_version:
        raise RuleError(_("您打开之后，这一项又有改动；请查看最新内容后再操作。"))
    if reduction_cases > baseline_cases:
        raise RuleError(_("减少目标不能大于上年合计。"))
    if held is None or held.from_month < from_month:
        version = held.version + 1 if held else 1
        held = Cap(quality_year=year, court=row, from_month=from_month, version=version)
    else:
        held.version += 1
    held.baseline_cases, held.reduction_cases = baseline_cases, reduction_cases
    held.cap_cases = baseline_cases - reduction_cases
    _saved(user, held, reason, confirmed_by)
    _tell_late(held, user, reason, confirmed_by)


def _note_row(
    user: User,
    row: AppraisalTarget | Cap,
    reason: str,
    confirmed_by: User | None,
    *,
    removed: bool = False,
) -> None:
    """Put an edit of one row into the table of acts."""
    data: dict[str, Any] = {
        "court": row.court.code if row.court else "",
        "version": row.version,
        "from_month": row.from_month,
        "confirmed_by": confirmed_by.username if confirmed_by else "",
    }
    if isinstance(row, AppraisalTarget):
        action = "remove_target" if removed else "set_target"
        data |= {
            "item": row.item,
            "level": row.level,
            "percent": format(row.percent, "f"),
            "document": row.document,
            "decided_on": row.decided_on,
        }
    else:
        action = "remove_cap" if removed else "set_cap"
        data |= {
            "baseline_cases": row.baseline_cases,
            "reduction_cases": row.reduction_cases,
            "cap_cases": row.cap_cases,
        }
    events.record(action=action, year=row.quality_year, actor=user, reason=reason, data=data)


def _hold(user: User, year: QualityYear) -> None:
    """Imports and edits of a year's rows hold the year, so that two never interleave."""
    if not may_keep_targets(user, year):
        raise PermissionDenied(_("只有审判管理办公室可以改目标值。"))
    QualityYear.objects.select_for_update(of=("self",)).order_by().get(pk=year.pk)
    forget_closings(year)


def _target(year: QualityYear, pk: int, seen_version: int) -> AppraisalTarget:
    held = (
        AppraisalTarget.objects.select_for_update(of=("self",))
        .order_by()
        .filter(quality_year=year, pk=pk)
        .first()
    )
    if held is None:
        raise RuleError(_("这一项已被删除。请刷新页面后再试。"))
    if held.version != seen_version:
        raise RuleError(_("您打开之后，这一项又有改动；请查看最新内容后再操作。"))
    return held


def _fill(target: AppraisalTarget, values: TargetValues) -> None:
    target.percent = values.percent
    target.document, target.decided_on = values.document, values.decided_on


def _court(year: QualityYear, code: str, first: int) -> Court:
    """A court that is assessed in that month or later; `RuleError` for any other."""
    if code not in {court.code for court in courts_from(year, first)}:
        raise RuleError(_("这个质量年不考核“%(court)s”。请另选法院。") % {"court": code})
    return Court.objects.get(code=code)


def _saved(user: User, row: AppraisalTarget | Cap, reason: str, confirmed_by: User | None) -> None:
    reason = _stated(reason)
    row._history_user = user  # type: ignore[union-attr]
    row._change_reason = _with_second(reason, confirmed_by)  # type: ignore[union-attr]
    try:
        row.full_clean()
        with transaction.atomic():
            row.save()
    except ValidationError as error:
        raise RuleError(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise RuleError(_("数据刚被他人改动，没有保存，请重新填写。")) from error
    _note_row(user, row, reason, confirmed_by)
    if not (isinstance(row, AppraisalTarget) and row.document == DEMO_DOCUMENT):
        real_input(row.quality_year, by=user)


def _with_second(reason: str, confirmed_by: User | None) -> str:
    """The reason as the history keeps it, with who confirmed."""
    if confirmed_by is None:
        return reason
    second = _("（%(name)s确认）") % {"name": confirmed_by}
    return reason[: LONGEST_REASON - len(second)] + second


def _stated(text: str) -> str:
    text = text.strip()
    if not text:
        raise RuleError(_("请说明原因。"))
    if len(text) > LONGEST_REASON:
        raise RuleError(_("最多%(most)s字。请删减。") % {"most": LONGEST_REASON})
    return text
