"""What each court does about the tasks of the year (正文三·1–15): plans, and progress by month.

Terms: a *measure* is one such task, by the code that the scheme gives it.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courts.models.actions import LONGEST_CODE, LONGEST_LINE, LONGEST_TEXT, MONTH_MESSAGE
from courts.models.courts import Court
from courts.models.years import QualityYear


class MeasurePlan(models.Model):
    """Who of the court sees to a measure, and what is planned for the year."""

    quality_year = models.ForeignKey(
        QualityYear,
        verbose_name=_("质量年"),
        on_delete=models.PROTECT,
        related_name="measure_plans",
    )
    court = models.ForeignKey(
        Court, verbose_name=_("法院"), on_delete=models.PROTECT, related_name="measure_plans"
    )
    measure = models.CharField(_("工作要求"), max_length=LONGEST_CODE)
    person = models.CharField(_("负责人"), max_length=LONGEST_LINE)
    plan = models.CharField(_("计划"), max_length=LONGEST_TEXT)
    version = models.PositiveIntegerField(_("版本"), default=1)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("填写人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("填写时间"))

    class Meta:
        verbose_name = _("工作计划")
        verbose_name_plural = _("工作计划")
        ordering = ["quality_year", "court", "measure"]
        constraints = [
            models.UniqueConstraint(
                fields=["quality_year", "court", "measure"],
                name="measure_plan_once",
                violation_error_message=_("这项工作已有计划，请刷新。"),
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1) & ~Q(person="") & ~Q(plan="") & ~Q(measure=""),
                name="measure_plan_whole",
                violation_error_message=_("请写明负责人和计划。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quality_year} {self.court} {self.measure}"


class MeasureProgress(models.Model):
    """What was done about a measure in one month."""

    plan = models.ForeignKey(
        MeasurePlan, verbose_name=_("工作计划"), on_delete=models.PROTECT, related_name="months"
    )
    month = models.PositiveSmallIntegerField(_("月"))
    text = models.CharField(_("进展"), max_length=LONGEST_TEXT)
    version = models.PositiveIntegerField(_("版本"), default=1)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("填写人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("填写时间"))

    class Meta:
        verbose_name = _("工作进展")
        verbose_name_plural = _("工作进展")
        ordering = ["plan", "month"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "month"],
                name="measure_progress_once",
                violation_error_message=_("这个月的进展已有人填写，请刷新。"),
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12),
                name="measure_progress_month_range",
                violation_error_message=MONTH_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1) & ~Q(text=""),
                name="measure_progress_stated",
                violation_error_message=_("请写明进展。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.month}"
