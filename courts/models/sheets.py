"""What a desk uploads to fill a return, and what the headings of its source systems stand for.

Terms: a *source* is a system whose exports have headings of their own; an *upload* waits to be
looked through and confirmed, belongs to one account, and is deleted as soon as either was decided.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courts.models.returns import MonthlyReturn

LONGEST_NAME = 80
LONGEST_HEADING = 200
MOST_HEADINGS = 300


def check_headings(value: Any) -> None:
    """A mapping of headings to metric codes; `ValidationError` for anything else."""
    if not isinstance(value, dict) or len(value) > MOST_HEADINGS:
        raise ValidationError(_("表头对照应是表头到指标代码的对照，最多300条。"))
    for heading, metric in value.items():
        if not (isinstance(metric, str) and 0 < len(heading) <= LONGEST_HEADING and metric):
            raise ValidationError(_("表头对照应是表头到指标代码的对照，最多300条。"))


class SheetSource(models.Model):
    """The headings of one source system, as a desk mapped them: normalised heading to metric."""

    court = models.ForeignKey(
        "courts.Court", verbose_name=_("法院"), on_delete=models.PROTECT, related_name="+"
    )
    side = models.CharField(_("类别"), max_length=16, choices=MonthlyReturn.Side)
    name = models.CharField(_("来源名称"), max_length=LONGEST_NAME)
    headings = models.JSONField(_("表头对照"), default=dict, validators=[check_headings])
    version = models.PositiveIntegerField(_("版本"), default=1)
    history = HistoricalRecords(verbose_name=_("表头对照的历史"))

    class Meta:
        verbose_name = _("表头对照")
        verbose_name_plural = _("表头对照")
        ordering = ["court", "side", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["court", "side", "name"],
                name="sheet_source_court_side_name",
                violation_error_message=_("已有同名的来源。"),
            ),
            models.CheckConstraint(
                condition=Q(side__in=MonthlyReturn.Side.values),
                name="sheet_source_side",
                violation_error_message=_("类别只能是诉讼或执行。"),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="sheet_source_named",
                violation_error_message=_("请写来源名称。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReturnUpload(models.Model):
    """A file somebody gave for a return and has not confirmed yet; it changes nothing.

    `table` is what was read of the file (`courts.files.encoding`), whose bytes are not kept;
    `headings` are those mapped by hand for this file, `column` the letter of the chosen column,
    `sheet` the title of the chosen table.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("上传人"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    court = models.ForeignKey(
        "courts.Court", verbose_name=_("法院"), on_delete=models.CASCADE, related_name="+"
    )
    year = models.PositiveSmallIntegerField(_("年"))
    month = models.PositiveSmallIntegerField(_("月"))
    side = models.CharField(_("类别"), max_length=16, choices=MonthlyReturn.Side)
    file_name = models.CharField(_("文件名"), max_length=255)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    table = models.JSONField(_("表格"))
    source = models.ForeignKey(
        SheetSource,
        verbose_name=_("来源"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    headings = models.JSONField(
        _("表头对照"), default=dict, blank=True, validators=[check_headings]
    )
    column = models.CharField(_("数据列"), max_length=3, blank=True)
    sheet = models.CharField(_("工作表"), max_length=120, blank=True)
    uploaded_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = _("待确认的上传")
        verbose_name_plural = _("待确认的上传")
        ordering = ["uploaded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "court", "year", "month", "side"],
                name="return_upload_one_each",
                violation_error_message=_("这张报表已有待确认的上传。"),
            ),
            models.CheckConstraint(
                condition=Q(side__in=MonthlyReturn.Side.values),
                name="return_upload_side",
                violation_error_message=_("类别只能是诉讼或执行。"),
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1) & Q(month__lte=12),
                name="return_upload_month_range",
                violation_error_message=_("月份应在1至12之间。"),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
