"""A table that somebody brought in and has not confirmed yet; it changes nothing.

One for each account, area and place; another one takes its place, and after a day it is swept
away.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class WaitingTable(models.Model):
    """What was read of a file (`courts.files.encoding`), whose bytes are not kept.

    `source` is the system that an extract was said to come from. `place` tells one return of an
    account from another; other areas have one place. `choices` are what a desk said about its file.
    """

    class Area(models.TextChoices):
        FIGURES = "figures", _("数据")
        EXTRACTS = "extracts", _("提取数据")
        TARGETS = "targets", _("审判绩效考核指标")
        CAPS = "caps", _("控制目标")
        COURTS = "courts", _("法院")
        RETURNS = "returns", _("报表")
        REGISTERS = "registers", _("台账")
        ACCOUNTS = "accounts", _("账号")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("上传人"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    area = models.CharField(_("种类"), max_length=16, choices=Area)
    place = models.CharField(_("位置"), max_length=80, blank=True)
    year = models.ForeignKey(
        "courts.QualityYear",
        verbose_name=_("质量年"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    file_name = models.CharField(_("文件名"), max_length=255)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    source = models.CharField(_("来源系统"), max_length=255, blank=True)
    table = models.JSONField(_("表格"))
    choices = models.JSONField(_("选择"), default=dict, blank=True)
    at = models.DateTimeField(_("上传时间"), db_index=True)

    class Meta:
        verbose_name = _("待确认的上传")
        verbose_name_plural = _("待确认的上传")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "area", "place"],
                name="waiting_table_one_each",
                violation_error_message=_("已有待确认的上传。"),
            ),
            models.CheckConstraint(
                condition=Q(
                    area__in=[
                        "figures",
                        "extracts",
                        "targets",
                        "caps",
                        "courts",
                        "returns",
                        "registers",
                        "accounts",
                    ]
                ),
                name="waiting_table_area",
                violation_error_message=_("种类不对。"),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
