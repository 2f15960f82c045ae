"""What of a year is closed: closings by month and side, and the snapshots that froze them.

Terms: a month of a side is *closed* while it has a closing that was not reopened. A *snapshot* is
the text of `courts.snapshots`; triggers hold it. One that *restates* another counts from
its publication on, the other until then.
"""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courts.models.reviews import LONGEST_REASON
from courts.models.sides import (
    LONGEST_SIDE,
    LONGEST_SIDES,
    SIDE_MESSAGE,
    side_form,
    sides_form,
)
from courts.models.years import QualityYear

MONTH_RANGE = Q(month__gte=1, month__lte=12)
MONTH_MESSAGE = _("月份须在1至12之间。")


class Closing(models.Model):
    """One side of one month, closed once; `number` counts how often it was.

    `gaps` are the steps that were not done, each with its kind, count and sentence; with gaps
    `reason` says why the month was closed nevertheless. Empty `reopened_at`: it is closed still.
    """

    quality_year = models.ForeignKey(
        QualityYear, verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="closings"
    )
    month = models.PositiveSmallIntegerField(_("月"))
    side = models.CharField(_("类别"), max_length=LONGEST_SIDE)
    number = models.PositiveSmallIntegerField(_("第几次关账"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("关账人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("关账时间"))
    gaps = models.JSONField(_("未完成事项"), default=list, blank=True, encoder=DjangoJSONEncoder)
    gap_count = models.PositiveSmallIntegerField(_("未完成事项数"), default=0)
    reason = models.CharField(_("仍予关账的理由"), max_length=LONGEST_REASON, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("重新打开的人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reopened_at = models.DateTimeField(_("重新打开时间"), null=True, blank=True)
    reopened_reason = models.CharField(_("重新打开的理由"), max_length=LONGEST_REASON, blank=True)

    class Meta:
        verbose_name = _("关账")
        verbose_name_plural = _("关账")
        ordering = ["quality_year", "month", "side", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["quality_year", "month", "side", "number"],
                name="closing_month_side_number",
                violation_error_message=_("这个月这一类别已有这一次关账。"),
            ),
            models.UniqueConstraint(
                fields=["quality_year", "month", "side"],
                condition=Q(reopened_at__isnull=True),
                name="closing_once",
                violation_error_message=_("这个月这一类别已经关账。"),
            ),
            models.CheckConstraint(
                condition=MONTH_RANGE & Q(number__gte=1),
                name="closing_month_range",
                violation_error_message=MONTH_MESSAGE,
            ),
            models.CheckConstraint(
                condition=side_form(),
                name="closing_side_known",
                violation_error_message=SIDE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(gap_count=0) | ~Q(reason=""),
                name="closing_gaps_with_reason",
                violation_error_message=_("还有事项未完成，关账须写明理由。"),
            ),
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=True, reopened_reason="")
                | (Q(reopened_at__isnull=False) & ~Q(reopened_reason="")),
                name="closing_reopened_with_reason",
                violation_error_message=_("重新打开须写明理由。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quality_year} {self.month:02d} {self.side} ({self.number})"


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def standing(self) -> SnapshotQuerySet:
        """Those that count: not voided, and a restating one only once it is published.

        One that restates what was never published takes its place at once.
        """
        return self.filter(voided_at__isnull=True).filter(
            Q(restates__isnull=True)
            | Q(published_at__isnull=False)
            | Q(restates__voided_at__isnull=False)
        )


class Snapshot(models.Model):
    """A closed month as text. `sides` are codes with a comma between, in the rulebook's order.

    `number` counts the snapshots of a month. Only publishing and voiding are noted on a row after
    it was made, each once; triggers hold everything else, and the row itself.
    """

    quality_year = models.ForeignKey(
        QualityYear, verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="snapshots"
    )
    month = models.PositiveSmallIntegerField(_("月"))
    sides = models.CharField(_("类别"), max_length=LONGEST_SIDES)
    number = models.PositiveSmallIntegerField(_("第几份"))
    text = models.TextField(_("文本"))
    sha256 = models.CharField(_("校验值（SHA-256）"), max_length=64)
    is_demo = models.BooleanField(_("演示数据"), default=False)
    made_at = models.DateTimeField(_("制作时间"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("制作人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    restates = models.ForeignKey(
        "self",
        verbose_name=_("更正的是"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="restated_by",
    )
    published_at = models.DateTimeField(_("通报时间"), null=True, blank=True)
    voided_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    voided_reason = models.CharField(_("作废理由"), max_length=LONGEST_REASON, blank=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("月度快照")
        verbose_name_plural = _("月度快照")
        ordering = ["quality_year", "month", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["quality_year", "month", "number"],
                name="snapshot_month_number",
                violation_error_message=_("这个月已有这一份快照。"),
            ),
            models.CheckConstraint(
                condition=MONTH_RANGE & Q(number__gte=1),
                name="snapshot_month_range",
                violation_error_message=MONTH_MESSAGE,
            ),
            models.CheckConstraint(
                condition=sides_form("sides"),
                name="snapshot_sides_known",
                violation_error_message=SIDE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(sha256=""),
                name="snapshot_has_text",
                violation_error_message=_("快照须有文本和校验值。"),
            ),
            models.CheckConstraint(
                condition=Q(restates__isnull=True) | ~Q(restates=F("id")),
                name="snapshot_restates_another",
                violation_error_message=_("快照不能更正自己。"),
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, voided_reason="")
                | (Q(voided_at__isnull=False) & ~Q(voided_reason="")),
                name="snapshot_voided_with_reason",
                violation_error_message=_("作废须写明理由。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quality_year} {self.month:02d} · {self.sha256[:8]}"

    def is_wider_than(self, other: Snapshot) -> bool:
        """Whether it is a later one of the same month that holds all sides of the other."""
        return (
            (self.quality_year_id, self.month) == (other.quality_year_id, other.month)
            and self.number > other.number
            and set(self.side_codes) >= set(other.side_codes)
        )

    @property
    def side_codes(self) -> tuple[str, ...]:
        return tuple(self.sides.split(","))
