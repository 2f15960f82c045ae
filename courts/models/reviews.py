"""What passes between a desk and its office over a return: one row an act, none ever deleted.

Terms: a *submission* is the return as it was handed in; its court may *take it back* until somebody
of the office has *begun* the review. A *remark* is what the office objects to when it sends a
return back; a *reply* is what the court answers to one remark when it hands in again. A *follow-up*
marks a cell until somebody resolves it.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LONGEST_TEXT = 1000
LONGEST_REASON = 500


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def standing(self) -> SubmissionQuerySet:
        """Submissions that their court has not taken back."""
        return self.filter(taken_back_at__isnull=True)


class Submission(models.Model):
    """A return as handed in: its figures by metric, the reasons given by the finding's key.

    Either its review is begun or its court takes it back: never both.
    """

    monthly_return = models.ForeignKey(
        "courts.MonthlyReturn",
        verbose_name=_("报表"),
        on_delete=models.PROTECT,
        related_name="submissions",
    )
    number = models.PositiveSmallIntegerField(_("第几次提交"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("提交人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("提交时间"))
    figures = models.JSONField(_("数据"))
    reasons = models.JSONField(_("说明"), default=dict, blank=True)
    on_behalf = models.CharField(_("代报原因"), max_length=LONGEST_REASON, blank=True)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("开始核实人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    begun_at = models.DateTimeField(_("开始核实时间"), null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("收回人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    taken_back_at = models.DateTimeField(_("收回时间"), null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("提交记录")
        verbose_name_plural = _("提交记录")
        ordering = ["monthly_return", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["monthly_return", "number"],
                name="submission_return_number",
                violation_error_message=_("这张报表已有这一次提交。"),
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="submission_number_range",
                violation_error_message=_("提交次数从1起。"),
            ),
            models.CheckConstraint(
                condition=Q(begun_by__isnull=True, begun_at__isnull=True)
                | Q(begun_by__isnull=False, begun_at__isnull=False),
                name="submission_begun_whole",
                violation_error_message=_("开始核实须有核实人和时间。"),
            ),
            models.CheckConstraint(
                condition=Q(taken_back_by__isnull=True, taken_back_at__isnull=True)
                | Q(taken_back_by__isnull=False, taken_back_at__isnull=False),
                name="submission_taken_back_whole",
                violation_error_message=_("收回须有收回人和时间。"),
            ),
            models.CheckConstraint(
                condition=Q(begun_at__isnull=True) | Q(taken_back_at__isnull=True),
                name="submission_begun_or_taken_back",
                violation_error_message=_("已经开始核实的报表不能收回，已经收回的不能核实。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.monthly_return} #{self.number}"


class CellComment(models.Model):
    """A line of the talk about a cell; with no metric it is about the return as a whole.

    `submission` is the last one before it: the remarks of a round are those on its submission.
    A reply names the remark that it `answers`, and the submission that it came with.
    """

    class Kind(models.TextChoices):
        COMMENT = "comment", _("留言")
        REMARK = "remark", _("退回意见")
        REPLY = "reply", _("法院答复")

    monthly_return = models.ForeignKey(
        "courts.MonthlyReturn",
        verbose_name=_("报表"),
        on_delete=models.PROTECT,
        related_name="comments",
    )
    metric = models.CharField(_("指标"), max_length=64, blank=True)
    submission = models.ForeignKey(
        Submission,
        verbose_name=_("提交记录"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="comments",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("作者"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("时间"))
    kind = models.CharField(_("种类"), max_length=8, choices=Kind, default=Kind.COMMENT)
    text = models.CharField(_("内容"), max_length=LONGEST_TEXT)
    answers = models.ForeignKey(
        "self",
        verbose_name=_("所答复的意见"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
    )

    class Meta:
        verbose_name = _("留言")
        verbose_name_plural = _("留言")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["comment", "remark", "reply"]),
                name="comment_kind_known",
                violation_error_message=_("没有这种留言。"),
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="comment_has_text",
                violation_error_message=_("内容不得为空。"),
            ),
            models.CheckConstraint(
                condition=Q(kind="reply", answers__isnull=False, submission__isnull=False)
                | (~Q(kind="reply") & Q(answers__isnull=True)),
                name="comment_reply_answers",
                violation_error_message=_("答复须写明所答复的意见和所随的提交。"),
            ),
            models.UniqueConstraint(
                fields=["answers", "submission"],
                condition=Q(kind="reply"),
                name="comment_one_reply",
                violation_error_message=_("这条意见在这次提交中已有答复。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric}: {self.text[:30]}"


class FollowUp(models.Model):
    """A mark on a cell that something is to be cleared up, with what came of it."""

    monthly_return = models.ForeignKey(
        "courts.MonthlyReturn",
        verbose_name=_("报表"),
        on_delete=models.PROTECT,
        related_name="follow_ups",
    )
    metric = models.CharField(_("指标"), max_length=64)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("标记人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    opened_at = models.DateTimeField(_("标记时间"))
    note = models.CharField(_("待查事项"), max_length=LONGEST_REASON)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("办结人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    resolved_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    resolution = models.CharField(_("处理结果"), max_length=LONGEST_REASON, blank=True)

    class Meta:
        verbose_name = _("待查标记")
        verbose_name_plural = _("待查标记")
        ordering = ["opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["monthly_return", "metric"],
                condition=Q(resolved_at__isnull=True),
                name="follow_up_one_open",
                violation_error_message=_("这一格已有未办结的待查标记。"),
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True, resolution="")
                | (Q(resolved_at__isnull=False, resolved_by__isnull=False) & ~Q(resolution="")),
                name="follow_up_resolved_whole",
                violation_error_message=_("办结须有办结人、时间和处理结果。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric}: {self.note[:30]}"
