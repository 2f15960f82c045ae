"""What the notice takes from elsewhere: appraisal targets, and the caps of annex 2."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courts.models.sides import LONGEST_SIDE, side_form
from courts.models.years import QualityYear


class AppraisalTarget(models.Model):
    """The target of one item in its unit, mostly percent, that stands in another document.

    A value may be above 100 %, so nothing bounds its target.

    The narrowest target applies to a court: its own, else its level's, else the one for all; of
    several that hold by then the one that holds from the latest month.
    """

    quality_year = models.ForeignKey(
        QualityYear, verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="targets"
    )
    item = models.CharField(_("考核项"), max_length=16)
    level = models.CharField(_("适用审级"), max_length=LONGEST_SIDE, blank=True, default="")
    court = models.ForeignKey(
        "courts.Court",
        verbose_name=_("适用法院"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="targets",
        help_text=_("留空表示适用于所选审级的全部法院。"),
    )
    percent = models.DecimalField(
        _("目标值（%）"),
        max_digits=9,
        decimal_places=4,
        validators=[MinValueValidator(0)],
    )
    from_month = models.PositiveSmallIntegerField(
        _("自几月起"),
        default=1,
        help_text=_("该月及以后各月适用；其后另有规定的，以后者为准。"),
    )
    document = models.CharField(_("依据文件"), max_length=200, blank=True)
    decided_on = models.DateField(_("文件日期"), null=True, blank=True)
    version = models.PositiveIntegerField(_("修改次数"), default=1, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("审判绩效考核指标")
        verbose_name_plural = _("审判绩效考核指标")
        ordering = ["quality_year", "item", "level", "court", "from_month"]
        constraints = [
            models.UniqueConstraint(
                fields=["quality_year", "item", "level", "from_month"],
                condition=Q(court__isnull=True),
                name="target_year_item_level",
                violation_error_message=_("该年度这一考核项对该审级自该月起已有目标值。"),
            ),
            models.UniqueConstraint(
                fields=["quality_year", "item", "court", "from_month"],
                condition=Q(court__isnull=False),
                name="target_year_item_court",
                violation_error_message=_("该年度这一考核项对该法院自该月起已有目标值。"),
            ),
            models.CheckConstraint(
                condition=Q(from_month__gte=1, from_month__lte=12),
                name="target_from_month_range",
                violation_error_message=_("月份应在1至12之间。"),
            ),
            models.CheckConstraint(
                condition=side_form("level", blank=True),
                name="target_level_known",
                violation_error_message=_("没有这种审级。"),
            ),
            models.CheckConstraint(
                condition=Q(court__isnull=True) | Q(level=""),
                name="target_court_or_level",
                violation_error_message=_("指定法院时不要再选审级。"),
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=0),
                name="target_percent_range",
                violation_error_message=_("目标值不能小于0。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.percent}%"


class Cap(models.Model):
    """Most overturned cases a court may have in the year (附件2): baseline less reduction.

    Of a court's caps the one that holds from the latest month counts from then on.
    """

    quality_year = models.ForeignKey(
        QualityYear, verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="caps"
    )
    court = models.ForeignKey(
        "courts.Court", verbose_name=_("法院"), on_delete=models.PROTECT, related_name="caps"
    )
    baseline_cases = models.PositiveIntegerField(_("上年合计（件）"))
    reduction_cases = models.PositiveIntegerField(_("减少目标（件）"))
    cap_cases = models.PositiveIntegerField(_("上限（件）"))
    from_month = models.PositiveSmallIntegerField(
        _("自几月起"),
        default=1,
        help_text=_("该月及以后各月适用；其后另有规定的，以后者为准。"),
    )
    version = models.PositiveIntegerField(_("修改次数"), default=1, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("控制目标")
        verbose_name_plural = _("控制目标")
        ordering = ["quality_year", "court", "from_month"]
        constraints = [
            models.UniqueConstraint(
                fields=["quality_year", "court", "from_month"],
                name="cap_year_court",
                violation_error_message=_("该法院这一年度自该月起已有控制目标。"),
            ),
            models.CheckConstraint(
                condition=Q(from_month__gte=1, from_month__lte=12),
                name="cap_from_month_range",
                violation_error_message=_("月份应在1至12之间。"),
            ),
            models.CheckConstraint(
                condition=Q(cap_cases=F("baseline_cases") - F("reduction_cases")),
                name="cap_adds_up",
                violation_error_message=_("上限应等于上年合计减去减少目标。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.court} ≤ {self.cap_cases}"
