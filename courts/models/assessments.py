"""Points that an office gives a court for an item in a month, and that another confirmed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courts.models.courts import Court
from courts.models.motions import Motion
from courts.models.reviews import LONGEST_REASON
from courts.models.years import QualityYear


class Assessment(models.Model):
    """The points that count, of one court, item and month; written by confirming a motion alone.

    What was proposed, refused or given before stands in the motions.
    """

    quality_year = models.ForeignKey(
        QualityYear, verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="assessments"
    )
    court = models.ForeignKey(
        Court, verbose_name=_("法院"), on_delete=models.PROTECT, related_name="assessments"
    )
    item = models.CharField(_("考核项"), max_length=16)
    month = models.PositiveSmallIntegerField(_("月"))
    points = models.DecimalField(_("评定分"), max_digits=6, decimal_places=2)
    reason = models.CharField(_("理由"), max_length=LONGEST_REASON)
    motion = models.ForeignKey(
        Motion, verbose_name=_("事项"), on_delete=models.PROTECT, related_name="assessments"
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("评定人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    # None only while a motion is tried out, which is taken back.
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("确认人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField(_("确认时间"))
    version = models.PositiveIntegerField(_("修改次数"), default=1)

    class Meta:
        verbose_name = _("评定分")
        verbose_name_plural = _("评定分")
        ordering = ["quality_year", "month", "item", "court"]
        constraints = [
            models.UniqueConstraint(
                fields=["quality_year", "court", "item", "month"],
                name="assessment_once",
                violation_error_message=_("该院这个月的这一项已有评定分。"),
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12),
                name="assessment_month_range",
                violation_error_message=_("月份应在1至12之间。"),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="assessment_stated",
                violation_error_message=_("请写明评定理由。"),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("given_by")),
                name="assessment_two_people",
                violation_error_message=_("评定人不得确认自己评定的分数，须由另一人办理。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.court} {self.quality_year.year}-{self.month:02} {self.item}"
