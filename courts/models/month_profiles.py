"""How the cases of a year are spread over its months, as an office has set it for forecasts.

Estimates alone read it; no point hangs on it.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courts.models.years import QualityYear

# The shares of a year add up to this.
THOUSAND = 1000
MONTH_FIELDS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)


class MonthProfile(models.Model):
    """The share of a year's cases in each month, in thousandths, at least one each."""

    quality_year = models.OneToOneField(
        QualityYear,
        verbose_name=_("质量年"),
        on_delete=models.PROTECT,
        related_name="month_profile",
    )
    january = models.PositiveSmallIntegerField(_("1月"))
    february = models.PositiveSmallIntegerField(_("2月"))
    march = models.PositiveSmallIntegerField(_("3月"))
    april = models.PositiveSmallIntegerField(_("4月"))
    may = models.PositiveSmallIntegerField(_("5月"))
    june = models.PositiveSmallIntegerField(_("6月"))
    july = models.PositiveSmallIntegerField(_("7月"))
    august = models.PositiveSmallIntegerField(_("8月"))
    september = models.PositiveSmallIntegerField(_("9月"))
    october = models.PositiveSmallIntegerField(_("10月"))
    november = models.PositiveSmallIntegerField(_("11月"))
    december = models.PositiveSmallIntegerField(_("12月"))
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("各月案件分布")
        verbose_name_plural = _("各月案件分布")
        ordering = ["quality_year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{name}__gte": 1 for name in MONTH_FIELDS}),
                name="month_profile_each",
                violation_error_message=_("每个月至少为1‰。"),
            ),
            models.CheckConstraint(
                condition=Q(
                    december=THOUSAND - sum((F(name) for name in MONTH_FIELDS[:-1]), start=0)
                ),
                name="month_profile_whole",
                violation_error_message=_("十二个月合计应为1000‰。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quality_year} {self.shares}"

    @property
    def shares(self) -> tuple[int, ...]:
        """January first, in thousandths."""
        return tuple(getattr(self, name) for name in MONTH_FIELDS)
