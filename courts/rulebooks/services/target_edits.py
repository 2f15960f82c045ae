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

from courts.frame import events
from courts.frame.refusals import RuleError
from courts.models import AppraisalTarget, Cap, Court, QualityYear, User
from courts.permissions import may_keep_targets
from courts.years.selectors.metrics import item_labels
from courts.years.selectors.years import courts_of

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
    """A target for an item, of a level (empty: all) or of one court by code."""
    _hold(user, year)
    if item not in item_labels(year, ""):
        raise RuleError(_("这个考核项不需要录入目标值。"))
    target = AppraisalTarget(quality_year=year, item=item, level=level)
    if court:
        target.court = _court(year, court)
    _fill(target, values)
    _saved(user, target, reason, confirmed_by)
    return target


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
    """Other values for a target that is there."""
    _hold(user, year)
    held = _target(year, target, seen_version)
    _fill(held, values)
    held.version += 1
    _saved(user, held, reason, confirmed_by)


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
    """Take a target away: the next wider one applies again."""
    _hold(user, year)
    held = _target(year, target, seen_version)
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
    """The cap of a court: cases of the year before, less those asked for. Version 0: none yet."""
    _hold(user, year)
    row = _court(year, court)
    held = Cap.objects.filter(quality_year=year, court=row).first()
    if (held.version if held else 0) != seen_version:
        raise RuleError(_("您打开之后，这一项又有改动；请查看最新内容后再操作。"))
    if reduction_cases > baseline_cases:
        raise RuleError(_("减少目标不能大于上年合计。"))
    if held is None:
        held = Cap(quality_year=year, court=row)
    else:
        held.version += 1
    held.baseline_cases, held.reduction_cases = baseline_cases, reduction_cases
    held.cap_cases = baseline_cases - reduction_cases
    _saved(user, held, reason, confirmed_by)


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


def _target(year: QualityYear, pk: int, seen_version: int) -> AppraisalTarget:
    held = (
        AppraisalTarget.objects.select_for_update(of=("self",))
        .order_by()
        .filter(quality_year=year, pk=pk)
        .first()
    )
    if held is None:
        raise RuleError(_("这一项已被删除。"))
    if held.version != seen_version:
        raise RuleError(_("您打开之后，这一项又有改动；请查看最新内容后再操作。"))
    return held


def _fill(target: AppraisalTarget, values: TargetValues) -> None:
    target.percent = values.percent
    target.document, target.decided_on = values.document, values.decided_on


def _court(year: QualityYear, code: str) -> Court:
    if code not in {court.code for court in courts_of(year)}:
        raise RuleError(_("这个质量年不考核“%(court)s”。") % {"court": code})
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
        raise RuleError(_("最多%(most)s字。") % {"most": LONGEST_REASON})
    return text
