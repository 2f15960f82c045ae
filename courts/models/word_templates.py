"""The office's own Word template for bulletins: who brought it, what its trial said, since when.

Terms: a template *waits* until another person of an office takes it into use; the one *in use*
is the one that issues are made with, and the built-in one where there is none. Rows are never
deleted: an issue keeps the hash of its template.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courts.models.reviews import LONGEST_REASON
from courts.models.years import QualityYear


class WordTemplate(models.Model):
    """One .docx file that passed its trial; faulty ones are never stored."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待启用")
        IN_USE = "in_use", _("使用中")
        REPLACED = "replaced", _("已停用")
        REFUSED = "refused", _("未同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    quality_year = models.ForeignKey(
        QualityYear, verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="templates"
    )
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.WAITING)
    name = models.CharField(_("文件名"), max_length=200)
    content = models.BinaryField(_("文件"))
    size = models.PositiveIntegerField(_("字节数"))
    sha256 = models.CharField(_("校验值（SHA-256）"), max_length=64)
    reason = models.CharField(_("原因"), max_length=LONGEST_REASON)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("上传人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("上传时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("办理人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("办理时间"), null=True, blank=True)
    note = models.CharField(_("办理意见"), max_length=LONGEST_REASON, blank=True)

    class Meta:
        verbose_name = _("Word模板")
        verbose_name_plural = _("Word模板")
        ordering = ["quality_year", "-uploaded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["quality_year"],
                condition=Q(state="in_use"),
                name="word_template_one_in_use",
                violation_error_message=_("已有模板在使用中。"),
            ),
            models.UniqueConstraint(
                fields=["quality_year"],
                condition=Q(state="waiting"),
                name="word_template_one_waiting",
                violation_error_message=_("已有模板在等另一人启用，请先办理或撤回。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "in_use", "replaced", "refused", "withdrawn"]),
                name="word_template_state_known",
                violation_error_message=_("没有这种状态。"),
            ),
            models.CheckConstraint(
                condition=Q(size__gte=1) & ~Q(sha256="") & ~Q(name="") & ~Q(reason=""),
                name="word_template_whole",
                violation_error_message=_("模板须有文件、校验值和原因。"),
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="waiting") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="word_template_decided_whole",
                violation_error_message=_("已办理的模板须有办理人和时间。"),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(state="withdrawn", decided_by=F("uploaded_by"))
                | (
                    Q(state__in=["in_use", "replaced", "refused"]) & ~Q(decided_by=F("uploaded_by"))
                ),
                name="word_template_two_people",
                violation_error_message=_("上传人不得启用自己上传的模板，须由另一人办理。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(note=""),
                name="word_template_refused_has_note",
                violation_error_message=_("不同意须写明原因。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quality_year} {self.name}"
