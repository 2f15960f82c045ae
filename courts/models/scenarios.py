"""Scenarios: figures a court tried, kept under a name. Nothing real is read from them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courts.models.courts import Court
from courts.models.years import QualityYear

LONGEST_TITLE = 60
LONGEST_REMARK = 500


class Scenario(models.Model):
    """What one person tried for a court's month. `figures` are the changed ones by metric.

    A shared one is read by everybody who may explore the court, another by its author alone.
    """

    quality_year = models.ForeignKey(
        QualityYear, verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="scenarios"
    )
    court = models.ForeignKey(
        Court, verbose_name=_("法院"), on_delete=models.PROTECT, related_name="scenarios"
    )
    month = models.PositiveSmallIntegerField(_("月"))
    title = models.CharField(_("方案名称"), max_length=LONGEST_TITLE)
    note = models.CharField(_("说明"), max_length=LONGEST_REMARK, blank=True)
    figures = models.JSONField(_("试改的数据"))
    is_shared = models.BooleanField(_("与同事共享"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("建立人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("建立时间"))
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("测算方案")
        verbose_name_plural = _("测算方案")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["quality_year", "court", "month", "created_by", "title"],
                name="scenario_named_once",
                violation_error_message=_("您在这个月已有同名的方案，请换一个名称。"),
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12),
                name="scenario_month_range",
                violation_error_message=_("月份应在1至12之间。"),
            ),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="scenario_title",
                violation_error_message=_("请给方案起一个名称。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.court} {self.quality_year.year}-{self.month:02} {self.title}"
