"""征求意见: what each court says of its own figures and points before a bulletin is signed.

Terms: a *line* is one figure or one item of a court, written `figure/appeals_filed` or `item/L1`;
a court *confirms* or *contests* it; a line nobody answered is *silent*. The clock of the database
says when a consultation is over, and a trigger refuses an answer after that.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courts.models.courts import Court
from courts.models.sides import LONGEST_SIDE, SIDE_MESSAGE, side_form
from courts.models.years import QualityYear

LONGEST_NOTE = 500
LONGEST_LINE = 80
MOST_DAYS = 30
MOST_OBJECTION_DAYS = 60


class Silence(models.TextChoices):
    """What a line counts as that a court said nothing of."""

    CONFIRMS = "confirms", _("视为无异议")
    CONTESTS = "contests", _("视为未确认，签发前须由管理部门逐项处理")


class IssuingTerms(models.Model):
    """How long courts are asked before signing, what silence means, how long they may object.

    A year without a row has the defaults. Days are calendar days; 0 days of consultation: none.
    """

    DAYS = 3
    OBJECTION_DAYS = 7

    quality_year = models.OneToOneField(
        QualityYear,
        verbose_name=_("质量年"),
        on_delete=models.PROTECT,
        related_name="issuing_terms",
    )
    consultation_days = models.PositiveSmallIntegerField(_("征求意见天数"), default=DAYS)
    silence = models.CharField(
        _("逾期未答复"), max_length=8, choices=Silence, default=Silence.CONFIRMS
    )
    objection_days = models.PositiveSmallIntegerField(_("通报后异议天数"), default=OBJECTION_DAYS)
    version = models.PositiveIntegerField(_("修改次数"), default=0)

    class Meta:
        verbose_name = _("通报期限")
        verbose_name_plural = _("通报期限")
        constraints = [
            models.CheckConstraint(
                condition=Q(consultation_days__lte=MOST_DAYS),
                name="terms_consultation_days",
                violation_error_message=_("征求意见的天数须在0至30之间。"),
            ),
            models.CheckConstraint(
                condition=Q(silence__in=["confirms", "contests"]),
                name="terms_silence_known",
                violation_error_message=_("没有这种处理方式。"),
            ),
            models.CheckConstraint(
                condition=Q(objection_days__gte=1, objection_days__lte=MOST_OBJECTION_DAYS),
                name="terms_objection_days",
                violation_error_message=_("异议的天数须在1至60之间。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quality_year} {self.consultation_days}/{self.objection_days}"


class Consultation(models.Model):
    """The courts asked about one snapshot until `ends_at`; `silence` as it was set then."""

    snapshot = models.OneToOneField(
        "courts.Snapshot",
        verbose_name=_("关账快照"),
        on_delete=models.PROTECT,
        related_name="consultation",
    )
    silence = models.CharField(_("逾期未答复"), max_length=8, choices=Silence)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("发起人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    opened_at = models.DateTimeField(_("发起时间"))
    ends_at = models.DateTimeField(_("截止时间"))

    class Meta:
        verbose_name = _("征求意见")
        verbose_name_plural = _("征求意见")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(silence__in=["confirms", "contests"]),
                name="consultation_silence_known",
                violation_error_message=_("没有这种处理方式。"),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("opened_at")),
                name="consultation_ends_later",
                violation_error_message=_("截止时间须晚于发起时间。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.snapshot} {self.ends_at:%Y-%m-%d}"


class ConsultationAnswer(models.Model):
    """What a court says of one of its lines; what is contested is settled by the side's office.

    `court_id` and `side` say whose line it is: only that desk answers. A silent line that has to be
    settled has a row without an answer (`verdict` silent).
    """

    class Verdict(models.TextChoices):
        CONFIRMED = "confirmed", _("确认")
        CONTESTED = "contested", _("有异议")
        SILENT = "silent", _("未答复")

    consultation = models.ForeignKey(
        Consultation,
        verbose_name=_("征求意见"),
        on_delete=models.PROTECT,
        related_name="answers",
    )
    court = models.ForeignKey(
        Court, verbose_name=_("法院"), on_delete=models.PROTECT, related_name="+"
    )
    side = models.CharField(_("类别"), max_length=LONGEST_SIDE)
    line = models.CharField(_("内容"), max_length=LONGEST_LINE)
    verdict = models.CharField(_("答复"), max_length=12, choices=Verdict)
    note = models.CharField(_("异议内容"), max_length=LONGEST_NOTE, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("答复人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)
    settlement = models.CharField(_("处理结果"), max_length=LONGEST_NOTE, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("处理人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    settled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("征求意见答复")
        verbose_name_plural = _("征求意见答复")
        ordering = ["consultation", "court", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "court", "line"],
                name="consultation_answer_once",
                violation_error_message=_("这一项已有答复。"),
            ),
            models.CheckConstraint(
                condition=side_form(),
                name="consultation_answer_side",
                violation_error_message=SIDE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(verdict="contested", by__isnull=False, at__isnull=False) & ~Q(note="")
                | Q(verdict="confirmed", note="", by__isnull=False, at__isnull=False)
                | Q(verdict="silent", note="", by__isnull=True, at__isnull=True),
                name="consultation_answer_whole",
                violation_error_message=_("有异议的须写明内容；答复须有答复人和时间。"),
            ),
            models.CheckConstraint(
                condition=Q(settlement="", settled_by__isnull=True, settled_at__isnull=True)
                | ~Q(settlement="")
                & Q(
                    verdict__in=["contested", "silent"],
                    settled_by__isnull=False,
                    settled_at__isnull=False,
                ),
                name="consultation_answer_settled",
                violation_error_message=_("处理须有处理人、时间和结果，且只处理有异议或未答复的。"),
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True) | Q(by__isnull=True) | ~Q(settled_by=F("by")),
                name="consultation_settled_by_another",
                violation_error_message=_("答复人不得处理自己的异议。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.court} {self.line} {self.verdict}"
