"""Owns writing a court's plans for the tasks of the year (正文三·1–15), and progress by month."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.frame import events
from courts.frame.refusals import ReturnError, StaleError
from courts.frame.stored import store
from courts.frame.texts import stated
from courts.models import Court, MeasurePlan, MeasureProgress, QualityYear, User
from courts.models.actions import LONGEST_LINE, LONGEST_TEXT
from courts.permissions import may_keep_measures
from courts.years.court_changes import court_changes_of
from courts.years.selectors.supervision import supervision_of
from scoring.facts import Month


@transaction.atomic
def save_plan(
    *,
    user: User,
    year: QualityYear,
    court: Court,
    measure: str,
    person: str,
    plan: str,
    seen: int,
) -> MeasurePlan:
    """Say who sees to a measure and what is planned; `seen` is the version shown, 0 for none.

    Raises `StaleError`.
    """
    _check(user, year, court, measure)
    row = (
        MeasurePlan.objects.select_for_update()
        .filter(quality_year=year, court=court, measure=measure)
        .first()
    )
    if (0 if row is None else row.version) != seen:
        raise StaleError(_("这项计划已有他人改动，请核对后再保存。"))
    before = "" if row is None else row.plan
    row = row or MeasurePlan(quality_year=year, court=court, measure=measure, version=0)
    row.person = stated(person, _("请写明负责人。"), LONGEST_LINE)
    row.plan = stated(plan, _("请写明计划。"), LONGEST_TEXT)
    row.by, row.at, row.version = user, database_clock.now(), row.version + 1
    store(row)
    data = {"court": court.code, "measure": measure, "person": row.person, "before": before}
    events.record(action="plan_measure", year=year, actor=user, data=data | {"after": row.plan})
    return row


@transaction.atomic
def save_progress(
    *,
    user: User,
    year: QualityYear,
    court: Court,
    measure: str,
    month: int,
    text: str,
    seen: int,
) -> MeasureProgress:
    """Say what was done about a measure in a month; there is a plan before there is progress.

    Raises `ReturnError`, `StaleError`.
    """
    _check(user, year, court, measure)
    plan = (
        MeasurePlan.objects.select_for_update()
        .filter(quality_year=year, court=court, measure=measure)
        .first()
    )
    if plan is None:
        raise ReturnError(_("请先写明负责人和计划。"))
    row = MeasureProgress.objects.select_for_update().filter(plan=plan, month=month).first()
    if (0 if row is None else row.version) != seen:
        raise StaleError(_("这个月的进展已有他人改动，请核对后再保存。"))
    if not court_changes_of(year).is_assessed(court.pk, Month(year.year, month)):
        raise ReturnError(_("这个月不考核“%(court)s”。请另选法院或月份。") % {"court": court.code})
    before = "" if row is None else row.text
    row = row or MeasureProgress(plan=plan, month=month, version=0)
    row.text = stated(text, _("请写明进展。"), LONGEST_TEXT)
    row.by, row.at, row.version = user, database_clock.now(), row.version + 1
    store(row)
    data = {"court": court.code, "measure": measure, "month": month, "before": before}
    events.record(action="report_measure", year=year, actor=user, data=data | {"after": row.text})
    return row


def _check(user: User, year: QualityYear, court: Court, measure: str) -> None:
    if not may_keep_measures(user, court):
        raise PermissionDenied(_("只有本院的填报岗可以填写工作要求。"))
    if not Court.objects.of_year(year).filter(pk=court.pk).exists():
        raise ReturnError(_("这个质量年不考核“%(court)s”。请另选法院。") % {"court": court.code})
    if supervision_of(year).measure(measure) is None:
        raise ReturnError(_("没有这项工作要求。请刷新页面后再选。"))
