"""Special cases (附件1·五): a court's application for other points in one item of one month.

Terms: the office of the item's side *verifies in substance*, the other in form; the party group
*decides* the points that stand in place of the computed ones, or *declines*. Figures never change.
A decision is never rewritten: a later meeting *revokes* it, and the court may apply anew.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courts.models.courts import Court
from courts.models.sides import LONGEST_ROLE, LONGEST_SIDE, SIDE_MESSAGE, side_form
from courts.models.years import QualityYear

LONGEST_TEXT = 2000
LONGEST_NOTE = 500
LONGEST_NAME = 200


class SpecialCase(models.Model):
    """One application, and what became of it. `points` are those decided, None until then.

    `computed` are the points that the figures came to when it was decided; None when they came to
    none. They are kept for those who decide later cases: scores compute anew.
    """

    class State(models.TextChoices):
        APPLIED = "applied", _("待核实")
        VERIFIED = "verified", _("待决定")
        REFUSED = "refused", _("未通过核实")
        WITHDRAWN = "withdrawn", _("已撤回")
        DECIDED = "decided", _("已决定")
        DECLINED = "declined", _("未同意单独评分")
        REVOKED = "revoked", _("决定已撤销")

    # One of these at a time stands for a court's item in a month.
    STANDING = (State.APPLIED, State.VERIFIED, State.DECIDED)
    WAITING = (State.APPLIED, State.VERIFIED)

    quality_year = models.ForeignKey(
        QualityYear, verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="cases"
    )
    court = models.ForeignKey(
        Court, verbose_name=_("法院"), on_delete=models.PROTECT, related_name="special_cases"
    )
    item = models.CharField(_("考核项"), max_length=16)
    side = models.CharField(_("类别"), max_length=LONGEST_SIDE)
    month = models.PositiveSmallIntegerField(_("月"))
    reasons = models.CharField(_("申请理由"), max_length=LONGEST_TEXT)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.APPLIED)
    version = models.PositiveIntegerField(_("版本"), default=1)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("申请人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    applied_at = models.DateTimeField(_("申请时间"))
    due_on = models.DateField(_("核实期限"), null=True, blank=True)
    closing_note = models.CharField(_("意见或原因"), max_length=LONGEST_NOTE, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("办结人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    points = models.DecimalField(
        _("决定的分数"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    computed = models.DecimalField(
        _("决定时按数据计的分数"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    meeting_on = models.DateField(_("会议日期"), null=True, blank=True)
    meeting = models.CharField(_("会议名称（次数）"), max_length=LONGEST_NAME, blank=True)

    class Meta:
        verbose_name = _("单独评分申请")
        verbose_name_plural = _("单独评分申请")
        ordering = ["-applied_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["quality_year", "court", "item", "month"],
                condition=Q(state__in=["applied", "verified", "decided"]),
                name="special_case_one_open",
                violation_error_message=_("该院这个月的这一项已有申请或决定。"),
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "applied",
                        "verified",
                        "refused",
                        "withdrawn",
                        "decided",
                        "declined",
                        "revoked",
                    ]
                ),
                name="special_case_state",
                violation_error_message=_("没有这种状态。"),
            ),
            models.CheckConstraint(
                condition=side_form(),
                name="special_case_side",
                violation_error_message=SIDE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1) & Q(month__lte=12),
                name="special_case_month_range",
                violation_error_message=_("月份应在1至12之间。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["decided", "revoked"], points__gte=0)
                | ~Q(state__in=["decided", "revoked"]) & Q(points__isnull=True),
                name="special_case_points",
                violation_error_message=_("决定须写明分数；没有决定的不能有分数。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["decided", "declined", "revoked"], meeting_on__isnull=False)
                & ~Q(meeting="")
                | ~Q(state__in=["decided", "declined", "revoked"])
                & Q(meeting_on__isnull=True, meeting=""),
                name="special_case_meeting",
                violation_error_message=_("决定须写明会议日期和名称（次数）。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["applied", "verified"], closed_by__isnull=True)
                | ~Q(state__in=["applied", "verified"])
                & Q(closed_by__isnull=False, closed_at__isnull=False),
                name="special_case_closed_by",
                violation_error_message=_("办结的申请须写明办结人和时间。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "withdrawn", "declined", "revoked"])
                | ~Q(closing_note=""),
                name="special_case_closing",
                violation_error_message=_("没有同意或撤回的，须写明原因。"),
            ),
            models.CheckConstraint(
                condition=~Q(reasons=""),
                name="special_case_reasons",
                violation_error_message=_("请写明申请理由。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.court} {self.quality_year.year}-{self.month:02} {self.item}"


class CaseVerification(models.Model):
    """One office's word on an application."""

    case = models.ForeignKey(
        SpecialCase, verbose_name=_("申请"), on_delete=models.PROTECT, related_name="verifications"
    )
    office = models.CharField(_("部门"), max_length=LONGEST_ROLE)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("核实人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("核实时间"))
    note = models.CharField(_("核实意见"), max_length=LONGEST_NOTE)

    class Meta:
        verbose_name = _("申请核实")
        verbose_name_plural = _("申请核实")
        ordering = ["case", "at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "office"],
                name="case_verification_one_an_office",
                violation_error_message=_("这个部门已经核实过。"),
            ),
            models.UniqueConstraint(
                fields=["case", "by"],
                name="case_verification_two_people",
                violation_error_message=_("两个部门的核实须由两个人作出。"),
            ),
            models.CheckConstraint(
                condition=~Q(office=""),
                name="case_verification_office",
                violation_error_message=_("没有这个部门。"),
            ),
            models.CheckConstraint(
                condition=~Q(note=""),
                name="case_verification_stated",
                violation_error_message=_("核实须写明意见。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.office}"


class CaseAttachment(models.Model):
    """A file that came with an application; its kind is that of its bytes, whatever its name."""

    class Kind(models.TextChoices):
        PDF = "pdf", _("PDF")
        DOCX = "docx", _("Word 文档")
        XLSX = "xlsx", _("Excel 工作簿")
        PNG = "png", _("图片")
        JPEG = "jpeg", _("照片")

    case = models.ForeignKey(
        SpecialCase, verbose_name=_("申请"), on_delete=models.PROTECT, related_name="attachments"
    )
    name = models.CharField(_("文件名"), max_length=LONGEST_NAME)
    kind = models.CharField(_("种类"), max_length=8, choices=Kind)
    content = models.BinaryField(_("内容"))
    size = models.PositiveIntegerField(_("字节数"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    class Meta:
        verbose_name = _("申请附件")
        verbose_name_plural = _("申请附件")
        ordering = ["case", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "sha256"],
                name="case_attachment_once",
                violation_error_message=_("同一个文件只需附一次。"),
            ),
            models.CheckConstraint(
                condition=Q(size__gte=1),
                name="case_attachment_size",
                violation_error_message=_("文件是空的。"),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["pdf", "docx", "xlsx", "png", "jpeg"]),
                name="case_attachment_kind",
                violation_error_message=_("附件只能是 pdf、docx、xlsx 或图片。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name
