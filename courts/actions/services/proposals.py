"""Owns deciding about an alarm: taken up as an action, put off until a day, or declined.

What was seen is kept with the decision. Two people who decide at once: the second is told.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.actions.selectors.alarms import Alarm
from courts.actions.services.actions import Order, open_action
from courts.frame import events
from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.frame.stored import store
from courts.frame.texts import stated
from courts.models import Action, Proposal, QualityYear, User
from courts.models.reviews import LONGEST_REASON
from courts.permissions import may_supervise

State = Proposal.State


@transaction.atomic
def take_up(*, user: User, year: QualityYear, alarm: Alarm, order: Order, seen: int) -> Action:
    """Make an action of an alarm. `seen` is the version of what was decided before, 0 for none."""
    row = _decided(user, year, alarm, State.TAKEN, "", None, seen)
    return open_action(user=user, year=year, order=order, proposal=row)


@transaction.atomic
def put_off(
    *, user: User, year: QualityYear, alarm: Alarm, until: date, reason: str, seen: int
) -> Proposal:
    """Look at an alarm again on a later day, with the reason.

    Raises `ReturnError`.
    """
    if until <= database_clock.today():
        raise ReturnError(_("请选择今天以后的日期。"))
    return _decided(user, year, alarm, State.POSTPONED, _reason(reason), until, seen)


@transaction.atomic
def decline(*, user: User, year: QualityYear, alarm: Alarm, reason: str, seen: int) -> Proposal:
    """Do nothing about an alarm, with the reason."""
    return _decided(user, year, alarm, State.DECLINED, _reason(reason), None, seen)


def _reason(text: str) -> str:
    return stated(text, _("请写明理由。"))


def _decided(
    user: User,
    year: QualityYear,
    alarm: Alarm,
    state: str,
    reason: str,
    until: date | None,
    seen: int,
) -> Proposal:
    if not may_supervise(user, year, alarm.side):
        raise PermissionDenied(_("只有负责这一类的管理部门可以处理督导建议。"))
    place = {
        "quality_year": year,
        "month": alarm.month.month,
        "rule": alarm.kind.code,
        "court_id": alarm.court.pk,
        "side": alarm.side,
        "subject": alarm.subject,
    }
    row = Proposal.objects.select_for_update().filter(**place).first()
    if (0 if row is None else row.version) != seen:
        raise StaleError(_("已有他人先行处理，请刷新后再看。"))
    if row is not None and row.state == State.TAKEN:
        raise StateError(_("这条建议已经采纳。"))
    before = "" if row is None else row.state
    row = Proposal(**place, version=0) if row is None else row
    row.figures, row.state, row.reason, row.until = dict(alarm.values), state, reason, until
    row.by, row.at, row.version = user, database_clock.now(), row.version + 1
    store(row)
    events.record(
        action={
            State.TAKEN.value: "take_up_proposal",
            State.POSTPONED.value: "put_off_proposal",
            State.DECLINED.value: "decline_proposal",
        }[state],
        year=year,
        actor=user,
        reason=reason[:LONGEST_REASON],
        data={
            "proposal": row.pk,
            "alarm": alarm.key,
            "month": str(alarm.month),
            "before": before,
            "until": str(until or ""),
        },
    )
    return row
