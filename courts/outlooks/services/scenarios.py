"""Owns keeping what was tried on the what-if page: saved, renamed, shared, deleted.

Every act holds the row, refuses what is not as the person saw it, and is recorded: by the row's key
alone while the scenario is not shared. No figure of a return is read or written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.frame import events
from courts.frame.refusals import ReturnError, StaleError
from courts.frame.texts import stated
from courts.models import Court, QualityYear, Scenario, User
from courts.models.scenarios import LONGEST_REMARK, LONGEST_TITLE
from courts.permissions import may_change_scenario, may_explore

# What one person keeps of one court's month; beyond it nobody finds anything again.
MOST = 50


@transaction.atomic
def save_scenario(
    *,
    user: User,
    year: QualityYear,
    court: Court,
    month: int,
    figures: Mapping[str, int],
    title: str,
    note: str = "",
    is_shared: bool = False,
) -> Scenario:
    """Keep the changed figures under a name.

    `PermissionDenied` for whoever may not explore the court, `ReturnError` without a change, with
    a name that is empty or taken, and when there are too many already.
    """
    if not may_explore(user, court):
        raise PermissionDenied(_("只能为本院保存测算方案。"))
    if not figures:
        raise ReturnError(_("还没有改动任何数据，没有可以保存的。请先改动数据。"))
    QualityYear.objects.select_for_update().get(pk=year.pk)
    own = Scenario.objects.filter(quality_year=year, court=court, month=month, created_by=user)
    if own.count() >= MOST:
        text = _("每人每月最多保存%(most)s个方案，请先删去不用的。")
        raise ReturnError(text % {"most": MOST})
    scenario = Scenario(
        quality_year=year,
        court=court,
        month=month,
        title=stated(title, _("请给方案起一个名称。"), LONGEST_TITLE),
        note=note.strip()[:LONGEST_REMARK],
        figures=dict(sorted(figures.items())),
        is_shared=is_shared,
        created_by=user,
        created_at=database_clock.now(),
    )
    _store(scenario)
    _record("save_scenario", scenario, user, {"after": _told(scenario)})
    return scenario


@transaction.atomic
def change_scenario(
    *, user: User, scenario: Scenario, title: str, note: str, is_shared: bool, seen: int
) -> Scenario:
    """Rename a scenario, say something of it, share it or no longer; its figures stay."""
    held = _held(user, scenario, seen)
    before = _told(held)
    held.title = stated(title, _("请给方案起一个名称。"), LONGEST_TITLE)
    held.note = note.strip()[:LONGEST_REMARK]
    held.is_shared = is_shared
    held.version += 1
    _store(held)
    _record("change_scenario", held, user, {"before": before, "after": _told(held)})
    return held


@transaction.atomic
def delete_scenario(*, user: User, scenario: Scenario, seen: int) -> None:
    """Delete a scenario; what a shared one was stays in the record of acts."""
    held = _held(user, scenario, seen)
    _record("delete_scenario", held, user, {"before": _told(held)})
    held.delete()


def _held(user: User, scenario: Scenario, seen: int) -> Scenario:
    """The row, held to the end of the transaction, as the person saw it."""
    found = Scenario.objects.select_for_update(of=("self",)).select_related(
        "quality_year", "court__parent"
    )
    held = found.filter(pk=scenario.pk).first()
    if held is None or held.version != seen:
        raise StaleError(_("您打开之后，这个方案又有变动；请查看最新内容后再操作。"))
    if not may_change_scenario(user, held):
        raise PermissionDenied(_("只有建立人可以改动方案。"))
    return held


def _store(scenario: Scenario) -> None:
    try:
        scenario.full_clean()
        with transaction.atomic():
            scenario.save()
    except ValidationError as error:
        raise ReturnError("".join(error.messages)) from error
    except IntegrityError as error:
        raise StaleError(_("刚刚有人作了同样的操作，请查看最新内容。")) from error


def _told(scenario: Scenario) -> dict[str, Any]:
    """What the record of acts holds of a scenario: nothing while it is its author's alone."""
    if not scenario.is_shared:
        return {"is_shared": False}
    return {
        "court": scenario.court.code,
        "month": f"{scenario.quality_year.year}-{scenario.month:02}",
        "title": scenario.title,
        "note": scenario.note,
        "is_shared": scenario.is_shared,
        "figures": scenario.figures,
    }


def _record(action: str, scenario: Scenario, user: User, data: Mapping[str, Any]) -> None:
    events.record(
        action=action,
        year=scenario.quality_year,
        actor=user,
        reason="",
        data={
            "scenario": scenario.pk,
            **data,
        },
    )
