"""The year-end acceptance (正文四·3): one package of all courts, signed by two leaders.

Terms: the *package* is the archive of every court's papers with its list of hashes; the *digest*
is the SHA-256 of that list, and what both sign. `content_sha256` is that of what the papers tell:
by it a change of the year is found before a signature.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courts.models.years import QualityYear


class Acceptance(models.Model):
    """One package of a year, and who of the leading group signed it.

    With both signatures the year is accepted: afterwards nothing of it changes but by restatement.
    Until then a package is withdrawn by a newer one; one of an accepted year stays, and a later
    package with a restatement in it stands beside it. Triggers hold the archive. One of made-up
    figures locks nothing.
    """

    quality_year = models.ForeignKey(
        QualityYear, verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="acceptances"
    )
    number = models.PositiveSmallIntegerField(_("第几次"))
    content_sha256 = models.CharField(_("内容校验值（SHA-256）"), max_length=64)
    digest = models.CharField(_("校验值（SHA-256）"), max_length=64)
    archive = models.BinaryField(_("验收材料"))
    is_demo = models.BooleanField(_("演示数据"), default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("生成人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    made_at = models.DateTimeField(_("生成时间"))
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("第一签署人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    first_at = models.DateTimeField(_("第一签署时间"), null=True, blank=True)
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("第二签署人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    second_at = models.DateTimeField(_("第二签署时间"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("失效时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("年终验收")
        verbose_name_plural = _("年终验收")
        ordering = ["quality_year", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["quality_year", "number"],
                name="acceptance_number_once",
                violation_error_message=_("这一次验收已经存在。"),
            ),
            models.UniqueConstraint(
                fields=["quality_year"],
                condition=Q(second_by__isnull=True, withdrawn_at__isnull=True),
                name="acceptance_one_waiting",
                violation_error_message=_("已有一份验收材料在等待签署。"),
            ),
            models.CheckConstraint(
                condition=(
                    Q(first_by__isnull=True, first_at__isnull=True)
                    | Q(first_by__isnull=False, first_at__isnull=False)
                )
                & (
                    Q(second_by__isnull=True, second_at__isnull=True)
                    | Q(second_by__isnull=False, second_at__isnull=False)
                ),
                name="acceptance_signed_whole",
                violation_error_message=_("签署须有签署人和时间。"),
            ),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True)
                | (
                    Q(first_by__isnull=False, withdrawn_at__isnull=True)
                    & ~Q(second_by=F("first_by"))
                ),
                name="acceptance_two_people",
                violation_error_message=_("验收须由领导小组两人分别签署。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quality_year} {self.number}"
