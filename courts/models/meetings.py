"""Meetings about a month (会商): topics, decisions on each, tasks that become actions."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courts.models.actions import (
    LONGEST_CODE,
    LONGEST_LINE,
    LONGEST_TEXT,
    MONTH_MESSAGE,
    MONTH_RANGE,
    Action,
)
from courts.models.courts import Court
from courts.models.sides import LONGEST_SIDE, SIDE_MESSAGE, side_form
from courts.models.years import QualityYear


class Meeting(models.Model):
    """One meeting. Until it is closed its topics are written in; afterwards nothing changes."""

    class State(models.TextChoices):
        OPEN = "open", _("进行中")
        CLOSED = "closed", _("已结束")

    quality_year = models.ForeignKey(
        QualityYear, verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="meetings"
    )
    month = models.PositiveSmallIntegerField(_("月"))
    title = models.CharField(_("名称"), max_length=LONGEST_LINE)
    held_on = models.DateField(_("会议日期"))
    present = models.CharField(_("出席人员"), max_length=LONGEST_TEXT, blank=True)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.OPEN)
    version = models.PositiveIntegerField(_("版本"), default=1)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("召集人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    made_at = models.DateTimeField(_("建立时间"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("结束人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("会商")
        verbose_name_plural = _("会商")
        ordering = ["quality_year", "-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "closed"]),
                name="meeting_state",
                violation_error_message=_("没有这种状态。"),
            ),
            models.CheckConstraint(
                condition=MONTH_RANGE,
                name="meeting_month_range",
                violation_error_message=MONTH_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_by__isnull=True, closed_at__isnull=True)
                | Q(state="closed", closed_by__isnull=False, closed_at__isnull=False),
                name="meeting_closed_by",
                violation_error_message=_("结束的会商须写明结束人和时间。"),
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1) & ~Q(title=""),
                name="meeting_whole",
                violation_error_message=_("请写明会商名称。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class MeetingTopic(models.Model):
    """One topic: the alarm it came from, if any, and what was decided."""

    meeting = models.ForeignKey(
        Meeting, verbose_name=_("会商"), on_delete=models.PROTECT, related_name="topics"
    )
    position = models.PositiveSmallIntegerField(_("次序"))
    title = models.CharField(_("议题"), max_length=LONGEST_LINE)
    court = models.ForeignKey(
        Court,
        verbose_name=_("法院"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    side = models.CharField(_("类别"), max_length=LONGEST_SIDE, blank=True)
    subject = models.CharField(_("对象"), max_length=LONGEST_CODE, blank=True)
    figures = models.JSONField(_("数据"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    decision = models.CharField(_("决定"), max_length=LONGEST_TEXT, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("会商议题")
        verbose_name_plural = _("会商议题")
        ordering = ["meeting", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"],
                name="meeting_topic_position",
                violation_error_message=_("议题已有变动，请刷新。"),
            ),
            models.CheckConstraint(
                condition=side_form(blank=True),
                name="meeting_topic_side",
                violation_error_message=SIDE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1) & ~Q(title=""),
                name="meeting_topic_whole",
                violation_error_message=_("请写明议题。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class MeetingTask(models.Model):
    """One task of a topic: of which court and side, until when; `action` is what became of it."""

    topic = models.ForeignKey(
        MeetingTopic, verbose_name=_("议题"), on_delete=models.PROTECT, related_name="tasks"
    )
    text = models.CharField(_("任务"), max_length=LONGEST_TEXT)
    court = models.ForeignKey(
        Court, verbose_name=_("法院"), on_delete=models.PROTECT, related_name="+"
    )
    side = models.CharField(_("类别"), max_length=LONGEST_SIDE)
    department = models.CharField(_("部门"), max_length=LONGEST_LINE, blank=True)
    due_on = models.DateField(_("期限"))
    action = models.OneToOneField(
        Action,
        verbose_name=_("督导"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="task",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("记录人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("会商任务")
        verbose_name_plural = _("会商任务")
        ordering = ["topic", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=side_form(),
                name="meeting_task_side",
                violation_error_message=SIDE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="meeting_task_stated",
                violation_error_message=_("请写明任务。"),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:20]
