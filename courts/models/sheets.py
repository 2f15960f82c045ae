"""What the headings of a court's source systems stand for, as its desks mapped them.

Terms: a *source* is a system whose exports have headings of their own.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courts.models.sides import LONGEST_SIDE, SIDE_MESSAGE, side_form

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
    side = models.CharField(_("类别"), max_length=LONGEST_SIDE)
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
                condition=side_form(),
                name="sheet_source_side",
                violation_error_message=SIDE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="sheet_source_named",
                violation_error_message=_("请写来源名称。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name
