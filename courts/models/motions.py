"""What one person wants to change in what courts are judged by, and what a second said to it.

Terms: a *motion* is such a change, written by its *mover*; it does nothing until another person,
the *seconder*, confirms it. A motion is never rewritten: it is confirmed, refused, or withdrawn.
"""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courts.models.reviews import LONGEST_REASON
from courts.models.sides import LONGEST_SIDES, parted, sides_form
from courts.models.special_cases import LONGEST_NAME, CaseAttachment
from courts.models.years import QualityYear


class Motion(models.Model):
    """One change that waits for a second person.

    `data` is what would be written, with the versions it was written against; `content` is the
    file of a motion that brings one, kept until the motion is decided. An *objection* is a court's,
    to figures of the year before or to points given to it; it is answered in the note of whoever
    decides.
    """

    class Kind(models.TextChoices):
        BASELINE = "baseline", _("上年数据")
        EXTRACT = "extract", _("提取数据")
        SETTLEMENT = "settlement", _("差异处理")
        READING = "reading", _("解读")
        TARGETS = "targets", _("审判绩效考核指标")
        CAPS = "caps", _("控制目标")
        SUPPLEMENT = "supplement", _("附则")
        ASSESSED = "assessed", _("评定分")
        COURTS = "courts", _("法院变动")

    class State(models.TextChoices):
        WAITING = "waiting", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        REFUSED = "refused", _("未同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    quality_year = models.ForeignKey(
        QualityYear, verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="motions"
    )
    kind = models.CharField(_("事项"), max_length=16, choices=Kind)
    side = models.CharField(_("类别"), max_length=LONGEST_SIDES, blank=True, default="")
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.WAITING)
    reason = models.CharField(_("原因"), max_length=LONGEST_REASON, blank=True)
    data = models.JSONField(_("内容"), default=dict, encoder=DjangoJSONEncoder)
    content = models.BinaryField(_("文件"), null=True, blank=True)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("提出人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    moved_at = models.DateTimeField(_("提出时间"))
    objection = models.CharField(_("法院异议"), max_length=LONGEST_REASON, blank=True)
    objected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("异议人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    objected_at = models.DateTimeField(_("异议时间"), null=True, blank=True)
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
        verbose_name = _("双人办理事项")
        verbose_name_plural = _("双人办理事项")
        ordering = ["moved_at", "pk"]
        indexes = [models.Index(fields=["quality_year", "state"], name="motion_year_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "baseline",
                        "extract",
                        "settlement",
                        "reading",
                        "targets",
                        "caps",
                        "supplement",
                        "assessed",
                        "courts",
                    ]
                ),
                name="motion_kind_known",
                violation_error_message=_("没有这种事项。"),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["baseline", "extract", "settlement", "assessed"])
                & sides_form("side")
                | Q(kind__in=["reading", "targets", "caps", "supplement", "courts"], side=""),
                name="motion_side_of_kind",
                violation_error_message=_("数据类事项须写明类别，其他事项不写。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "confirmed", "refused", "withdrawn"]),
                name="motion_state_known",
                violation_error_message=_("没有这种状态。"),
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by__isnull=True, decided_at__isnull=True)
                | (
                    Q(state__in=["confirmed", "refused", "withdrawn"])
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
                name="motion_decided_whole",
                violation_error_message=_("已办理的事项须有办理人和时间。"),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(state="withdrawn", decided_by=F("moved_by"))
                | (Q(state__in=["confirmed", "refused"]) & ~Q(decided_by=F("moved_by"))),
                name="motion_two_people",
                violation_error_message=_("提出人不得确认自己提出的事项，须由另一人办理。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(note=""),
                name="motion_refused_has_note",
                violation_error_message=_("不同意须写明原因。"),
            ),
            models.CheckConstraint(
                condition=Q(objection="", objected_by__isnull=True, objected_at__isnull=True)
                | (
                    ~Q(objection="")
                    & Q(
                        kind__in=["baseline", "assessed"],
                        objected_by__isnull=False,
                        objected_at__isnull=False,
                    )
                ),
                name="motion_objected_whole",
                violation_error_message=_("异议须有异议人、时间和内容。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quality_year} {self.get_kind_display()} {self.pk}"

    @property
    def sides(self) -> frozenset[str]:
        """The sides whose figures the motion is about; none for rules."""
        return frozenset(parted(self.side))


class MotionFile(models.Model):
    """A file that goes with a motion and stays; its kind is that of its bytes, whatever its name.

    `Motion.content` is what a motion would write; this is what its mover shows for it.
    """

    motion = models.ForeignKey(
        Motion, verbose_name=_("事项"), on_delete=models.PROTECT, related_name="files"
    )
    name = models.CharField(_("文件名"), max_length=LONGEST_NAME)
    kind = models.CharField(_("种类"), max_length=8, choices=CaseAttachment.Kind)
    content = models.BinaryField(_("内容"))
    size = models.PositiveIntegerField(_("字节数"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    class Meta:
        verbose_name = _("事项附件")
        verbose_name_plural = _("事项附件")
        ordering = ["motion", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["motion", "sha256"],
                name="motion_file_once",
                violation_error_message=_("同一个文件只需附一次。"),
            ),
            models.CheckConstraint(
                condition=Q(size__gte=1),
                name="motion_file_size",
                violation_error_message=_("文件是空的。"),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["pdf", "docx", "xlsx", "png", "jpeg"]),
                name="motion_file_kind",
                violation_error_message=_("附件只能是 pdf、docx、xlsx 或图片。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name
