"""What follows a red cell: proposals that were decided on, actions, their measures and answers.

Terms: an *action* (督导) asks a court, or one of its departments, to find a cause and put it right;
the court's desk of its side *answers*, the office of that side *checks* and *closes*. A *proposal*
has a row from the moment an office decides about it; until then it stands in the figures alone.
Figures and points are never touched.

Long because what follows one red cell is read in one place.
"""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courts.models.courts import Court
from courts.models.sides import LONGEST_SIDE, SIDE_MESSAGE, side_form
from courts.models.special_cases import CaseAttachment
from courts.models.years import QualityYear

LONGEST_TEXT = 2000
LONGEST_LINE = 200
LONGEST_CODE = 64
MONTH_RANGE = Q(month__gte=1, month__lte=12)
MONTH_MESSAGE = _("月份应在1至12之间。")


class Proposal(models.Model):
    """What an office decided about one alarm; `figures` are those of the card that was decided on.

    `rule` is the code of the kind of alarm in the scheme; `subject` the item or metric it is about,
    empty where it is about none. `until` is the day until which it was put off.
    """

    class State(models.TextChoices):
        TAKEN = "taken", _("已采纳")
        POSTPONED = "postponed", _("暂缓")
        DECLINED = "declined", _("不采纳")

    quality_year = models.ForeignKey(
        QualityYear, verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="proposals"
    )
    rule = models.CharField(_("规则"), max_length=LONGEST_CODE)
    court = models.ForeignKey(
        Court, verbose_name=_("法院"), on_delete=models.PROTECT, related_name="proposals"
    )
    side = models.CharField(_("类别"), max_length=LONGEST_SIDE)
    subject = models.CharField(_("对象"), max_length=LONGEST_CODE, blank=True)
    month = models.PositiveSmallIntegerField(_("月"))
    figures = models.JSONField(_("数据"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    state = models.CharField(_("状态"), max_length=16, choices=State)
    until = models.DateField(_("暂缓至"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=LONGEST_TEXT, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("处理人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("处理时间"))

    class Meta:
        verbose_name = _("督导建议")
        verbose_name_plural = _("督导建议")
        ordering = ["quality_year", "month", "rule", "court"]
        constraints = [
            models.UniqueConstraint(
                fields=["quality_year", "month", "rule", "court", "side", "subject"],
                name="proposal_once",
                violation_error_message=_("这条建议已经处理过。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["taken", "postponed", "declined"]),
                name="proposal_state",
                violation_error_message=_("没有这种状态。"),
            ),
            models.CheckConstraint(
                condition=side_form(),
                name="proposal_side",
                violation_error_message=SIDE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=MONTH_RANGE,
                name="proposal_month_range",
                violation_error_message=MONTH_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(state="postponed", until__isnull=False)
                | ~Q(state="postponed") & Q(until__isnull=True),
                name="proposal_until",
                violation_error_message=_("暂缓须写明到哪一天。"),
            ),
            models.CheckConstraint(
                condition=Q(state="taken") | ~Q(reason=""),
                name="proposal_reason",
                violation_error_message=_("暂缓或不采纳须写明理由。"),
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1) & ~Q(rule=""),
                name="proposal_whole",
                violation_error_message=_("建议须写明规则。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.court} {self.quality_year.year}-{self.month:02} {self.rule} {self.subject}"


class Action(models.Model):
    """One action. `month` is that of the figures it began with; what comes after is its effect.

    `department` is a name and no account; empty for the whole court. `subject` is an item or
    metric.
    `cause` is in words of a person, `cause_code` one of the scheme's or a register's.
    """

    class State(models.TextChoices):
        ORDERED = "ordered", _("待答复")
        ANSWERED = "answered", _("待检查")
        RETURNED = "returned", _("退回补充")
        ACCEPTED = "accepted", _("整改中")
        CLOSED = "closed", _("已办结")
        WITHDRAWN = "withdrawn", _("已撤销")

    # What waits for the court, and what is under way at all.
    WITH_COURT = (State.ORDERED, State.RETURNED)
    OPEN = (State.ORDERED, State.ANSWERED, State.RETURNED, State.ACCEPTED)

    quality_year = models.ForeignKey(
        QualityYear, verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="actions"
    )
    number = models.PositiveIntegerField(_("编号"))
    court = models.ForeignKey(
        Court, verbose_name=_("法院"), on_delete=models.PROTECT, related_name="actions"
    )
    side = models.CharField(_("类别"), max_length=LONGEST_SIDE)
    department = models.CharField(_("部门"), max_length=LONGEST_LINE, blank=True)
    subject = models.CharField(_("对象"), max_length=LONGEST_CODE, blank=True)
    month = models.PositiveSmallIntegerField(_("月"))
    proposal = models.OneToOneField(
        Proposal,
        verbose_name=_("督导建议"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="action",
    )
    asks = models.CharField(_("督导要求"), max_length=LONGEST_TEXT)
    due_on = models.DateField(_("答复期限"))
    cause_code = models.CharField(_("原因代码"), max_length=LONGEST_CODE, blank=True)
    cause = models.CharField(_("原因"), max_length=LONGEST_TEXT, blank=True)
    visit_on = models.DateField(_("计划督导日期"), null=True, blank=True)
    visited_on = models.DateField(_("实际督导日期"), null=True, blank=True)
    findings = models.CharField(_("督导发现"), max_length=LONGEST_TEXT, blank=True)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.ORDERED)
    version = models.PositiveIntegerField(_("版本"), default=1)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("发出人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    opened_at = models.DateTimeField(_("发出时间"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("办结人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    closing_note = models.CharField(_("办结意见"), max_length=LONGEST_TEXT, blank=True)

    class Meta:
        verbose_name = _("督导")
        verbose_name_plural = _("督导")
        ordering = ["quality_year", "-number"]
        indexes = [
            models.Index(fields=["quality_year", "state", "due_on"], name="action_waiting"),
            models.Index(fields=["quality_year", "court", "subject"], name="action_of_court"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["quality_year", "number"],
                name="action_number_once",
                violation_error_message=_("这个编号已经用过。"),
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["ordered", "answered", "returned", "accepted", "closed", "withdrawn"]
                ),
                name="action_state",
                violation_error_message=_("没有这种状态。"),
            ),
            models.CheckConstraint(
                condition=side_form(),
                name="action_side",
                violation_error_message=SIDE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=MONTH_RANGE,
                name="action_month_range",
                violation_error_message=MONTH_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "withdrawn"], closed_at__isnull=False)
                & Q(closed_by__isnull=False)
                & ~Q(closing_note="")
                | ~Q(state__in=["closed", "withdrawn"])
                & Q(closed_by__isnull=True, closed_at__isnull=True),
                name="action_closed_by",
                violation_error_message=_("办结须写明办结人、时间和意见。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(cause=""),
                name="action_cause",
                violation_error_message=_("办结前须写明原因。"),
            ),
            models.CheckConstraint(
                condition=Q(visited_on__isnull=True) | ~Q(findings=""),
                name="action_findings",
                violation_error_message=_("督导之后须写明发现。"),
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1) & Q(number__gte=1) & ~Q(asks=""),
                name="action_whole",
                violation_error_message=_("请写明督导要求。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quality_year.year}-{self.number} {self.court} {self.subject}"


class ActionMeasure(models.Model):
    """One thing to be done (整改措施): who sees to it, until when, and when it was done."""

    action = models.ForeignKey(
        Action, verbose_name=_("督导"), on_delete=models.PROTECT, related_name="measures"
    )
    text = models.CharField(_("措施"), max_length=LONGEST_TEXT)
    owner = models.CharField(_("责任人"), max_length=LONGEST_LINE)
    due_on = models.DateField(_("期限"))
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    note = models.CharField(_("完成情况"), max_length=LONGEST_TEXT, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("整改措施")
        verbose_name_plural = _("整改措施")
        ordering = ["action", "due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(owner="") & Q(version__gte=1),
                name="action_measure_whole",
                violation_error_message=_("措施须写明内容和责任人。"),
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(note=""),
                name="action_measure_done",
                violation_error_message=_("完成的措施须写明完成情况。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.text[:20]}"


class ActionAnswer(models.Model):
    """One answer of the court, and what the office's check found of it."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("待检查")
        ACCEPTED = "accepted", _("检查通过")
        RETURNED = "returned", _("退回补充")

    action = models.ForeignKey(
        Action, verbose_name=_("督导"), on_delete=models.PROTECT, related_name="answers"
    )
    number = models.PositiveSmallIntegerField(_("第几次"))
    text = models.CharField(_("答复"), max_length=LONGEST_TEXT)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("答复人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("答复时间"))
    outcome = models.CharField(
        _("检查结果"), max_length=16, choices=Outcome, default=Outcome.WAITING
    )
    check_note = models.CharField(_("检查意见"), max_length=LONGEST_TEXT, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("检查人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    checked_at = models.DateTimeField(_("检查时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("整改答复")
        verbose_name_plural = _("整改答复")
        ordering = ["action", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "number"],
                name="action_answer_once",
                violation_error_message=_("已经有人答复，请刷新。"),
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["waiting", "accepted", "returned"]),
                name="action_answer_outcome",
                violation_error_message=_("没有这种检查结果。"),
            ),
            models.CheckConstraint(
                condition=Q(outcome="waiting", checked_by__isnull=True, checked_at__isnull=True)
                | ~Q(outcome="waiting")
                & Q(checked_by__isnull=False, checked_at__isnull=False)
                & ~Q(check_note=""),
                name="action_answer_checked",
                violation_error_message=_("检查须写明意见。"),
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("by")),
                name="action_answer_two_people",
                violation_error_message=_("答复人不得检查自己的答复。"),
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="action_answer_stated",
                violation_error_message=_("请写明答复。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.number}"


class ActionFile(models.Model):
    """A file that came with an answer; its kind is that of its bytes, whatever its name."""

    answer = models.ForeignKey(
        ActionAnswer, verbose_name=_("答复"), on_delete=models.PROTECT, related_name="files"
    )
    name = models.CharField(_("文件名"), max_length=LONGEST_LINE)
    kind = models.CharField(_("种类"), max_length=8, choices=CaseAttachment.Kind)
    content = models.BinaryField(_("内容"))
    size = models.PositiveIntegerField(_("字节数"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    class Meta:
        verbose_name = _("答复附件")
        verbose_name_plural = _("答复附件")
        ordering = ["answer", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "sha256"],
                name="action_file_once",
                violation_error_message=_("同一个文件只需附一次。"),
            ),
            models.CheckConstraint(
                condition=Q(size__gte=1),
                name="action_file_size",
                violation_error_message=_("文件是空的。"),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=CaseAttachment.Kind.values),
                name="action_file_kind",
                violation_error_message=_("附件只能是 pdf、docx、xlsx 或图片。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name
