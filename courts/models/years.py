"""Which rules apply when: editions of rulebooks, and the quality years that run on them."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

YEAR_RANGE = Q(year__gte=2000, year__lte=2099)
YEAR_MESSAGE = _("年度须在2000至2099之间。")


class RulebookEdition(models.Model):
    """The exact text of a rulebook, kept in the database; it never changes once stored.

    `sources` maps file names to TOML texts; `sha256` is the hash that `scoring.loader` computes.
    """

    code = models.CharField(_("规则代码"), max_length=64)
    title = models.CharField(_("名称"), max_length=200)
    sha256 = models.CharField(_("校验值（SHA-256）"), max_length=64, unique=True)
    sources = models.JSONField(_("规则文本"))
    created_at = models.DateTimeField(_("存入时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("规则版本")
        verbose_name_plural = _("规则版本")
        ordering = ["code", "created_at"]

    def __str__(self) -> str:
        return f"{self.code} · {self.sha256[:8]}"


class QualityYear(models.Model):
    """One year's assessment of one intermediate court and its grassroots courts."""

    code = models.CharField(
        _("代码"),
        max_length=64,
        unique=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9-]*\Z", _("只能用小写字母、数字和连字符。"))],
    )
    court = models.ForeignKey(
        "courts.Court",
        verbose_name=_("中级法院"),
        on_delete=models.PROTECT,
        related_name="quality_years",
        limit_choices_to={"parent__isnull": True},
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    edition = models.ForeignKey(
        RulebookEdition,
        verbose_name=_("规则版本"),
        on_delete=models.PROTECT,
        related_name="quality_years",
    )
    deadline_day = models.PositiveSmallIntegerField(
        _("填报截止日"),
        null=True,
        blank=True,
        help_text=_("次月的第几日；当日结束后停止填报。留空表示不设期限。"),
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("质量年")
        verbose_name_plural = _("质量年")
        ordering = ["-year", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["court", "year"],
                name="quality_year_court_year",
                violation_error_message=_("该法院这一年度已经设立。"),
            ),
            models.CheckConstraint(
                condition=YEAR_RANGE,
                name="quality_year_range",
                violation_error_message=YEAR_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(deadline_day__isnull=True)
                | Q(deadline_day__gte=1, deadline_day__lte=28),
                name="quality_year_deadline_range",
                violation_error_message=_("截止日须在1至28之间。"),
            ),
        ]

    def __str__(self) -> str:
        return self.code
