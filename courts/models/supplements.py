"""Which supplements of its rulebook a quality year has taken up; rows are only added.

Terms: a *supplement* is what stands beside an edition and moves no point (`scoring.supplements`);
of one code the highest version taken up is the one in force.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courts.models.reviews import LONGEST_REASON
from courts.models.years import QualityYear


class TakenSupplement(models.Model):
    """One version of one supplement, with its text and the hash over it.

    `by` and `confirmed_by` are the two people; the command that sets a year up has neither.
    """

    class Kind(models.TextChoices):
        DIRECTIONS = "directions", _("好的方向")
        AVERAGES = "averages", _("平均值")
        BULLETIN = "bulletin", _("通报用语")
        REGISTER = "register", _("台账")
        SUPERVISION = "supervision", _("督导与整改")

    quality_year = models.ForeignKey(
        QualityYear, verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="supplements"
    )
    code = models.CharField(_("代码"), max_length=64)
    kind = models.CharField(_("种类"), max_length=16, choices=Kind)
    version = models.PositiveIntegerField(_("第几版"))
    title = models.CharField(_("名称"), max_length=200)
    sha256 = models.CharField(_("校验值（SHA-256）"), max_length=64)
    text = models.TextField(_("文本"))
    reason = models.CharField(_("原因"), max_length=LONGEST_REASON, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("提出人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField(_("采用时间"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("确认人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("附则")
        verbose_name_plural = _("附则")
        ordering = ["quality_year", "code", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["quality_year", "code", "version"],
                name="supplement_version_once",
                violation_error_message=_("这份附则的这一版已经采用。"),
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["directions", "averages", "bulletin", "register", "supervision"]
                ),
                name="supplement_kind_known",
                violation_error_message=_("没有这种附则。"),
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1) & ~Q(code="") & ~Q(text="") & ~Q(sha256=""),
                name="supplement_whole",
                violation_error_message=_("附则须有代码、版次、文本和校验值。"),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | (Q(by__isnull=False) & ~Q(confirmed_by=F("by"))),
                name="supplement_two_people",
                violation_error_message=_("提出人不得确认自己提出的附则，须由另一人确认。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quality_year} {self.code} {self.version}"
