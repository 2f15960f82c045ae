"""How the interpreting office reads what the notice leaves open; decisions are only added.

Term: a decision *adopts* one option of a reading from a month on; a later decision prevails over an
earlier one for the months that both cover.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courts.models.years import QualityYear

LONGEST_NOTE = 500
LONGEST_DOCUMENT = 200


class ReadingDecision(models.Model):
    """One option of one reading, adopted from a month on. `number` counts per reading.

    `confirmed_by` is the second person; decisions made before there had to be one have none.
    """

    quality_year = models.ForeignKey(
        QualityYear,
        verbose_name=_("质量年"),
        on_delete=models.PROTECT,
        related_name="reading_decisions",
    )
    reading = models.CharField(_("解读"), max_length=64)
    number = models.PositiveSmallIntegerField(_("第几次决定"))
    value = models.CharField(_("采用的理解"), max_length=64)
    from_month = models.PositiveSmallIntegerField(_("自几月起"))
    note = models.CharField(_("理由"), max_length=LONGEST_NOTE)
    document = models.CharField(_("依据文件"), max_length=LONGEST_DOCUMENT, blank=True)
    decided_on = models.DateField(_("决定日期"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("经办人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("登记时间"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("确认人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("解读决定")
        verbose_name_plural = _("解读决定")
        ordering = ["quality_year", "reading", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["quality_year", "reading", "number"],
                name="reading_year_reading_number",
                violation_error_message=_("这条解读已有这一次决定。"),
            ),
            models.CheckConstraint(
                condition=Q(from_month__gte=1) & Q(from_month__lte=12),
                name="reading_month_range",
                violation_error_message=_("月份应在1至12之间。"),
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1) & ~Q(note="") & ~Q(value="") & ~Q(reading=""),
                name="reading_decision_stated",
                violation_error_message=_("解读决定须写明解读、采用的理解和理由。"),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("by")),
                name="reading_second_person",
                violation_error_message=_("提出人不得确认自己提出的解读。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quality_year} {self.reading}={self.value} ({self.from_month}–)"
