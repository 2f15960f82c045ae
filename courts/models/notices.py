"""Notices of accounts, which kinds an account muted, and what waits to be sent outside."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    """What a notice is about."""

    RETURNED = "returned", _("报表被退回")
    VERIFIED = "verified", _("报表已核实")
    UNLOCKED = "unlocked", _("解锁和重新打开")
    OBJECTED = "objected", _("法院有异议")
    DEADLINE = "deadline", _("填报期限将到")
    BALLOT = "ballot", _("投票已开始")
    PART = "part", _("等监票人开票")
    DECIDED = "decided", _("单独评分有结果")
    RESTATED = "restated", _("更正")
    BULLETIN = "bulletin", _("新通报")
    ACTION = "action", _("督导待答复")


_KINDS = [
    "returned",
    "verified",
    "unlocked",
    "objected",
    "deadline",
    "ballot",
    "part",
    "decided",
    "restated",
    "bulletin",
    "action",
]


class Notice(models.Model):
    """One thing that one account is told, once: `key` tells it from others of the account.

    `data` names court, month, side and the like by their codes; sentences are made when it is
    shown, in the reader's language. It never holds a figure, a score or what somebody wrote.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        on_delete=models.CASCADE,
        related_name="notices",
    )
    kind = models.CharField(_("种类"), max_length=10, choices=NoticeKind)
    key = models.CharField(_("标识"), max_length=120)
    year = models.ForeignKey(
        "courts.QualityYear",
        verbose_name=_("质量年"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    data = models.JSONField(_("内容"), default=dict, blank=True)
    address = models.CharField(_("地址"), max_length=300)
    at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("已读时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("消息提醒")
        verbose_name_plural = _("消息提醒")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(
                fields=["user", "kind"], condition=Q(read_at=None), name="notice_user_unread"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"],
                name="notice_once",
                violation_error_message=_("已经提醒过。"),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=_KINDS),
                name="notice_kind_known",
                violation_error_message=_("没有这种提醒。"),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class NoticeMute(models.Model):
    """A kind of notices that an account does not want to be told of."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        on_delete=models.CASCADE,
        related_name="muted_notices",
    )
    kind = models.CharField(_("种类"), max_length=10, choices=NoticeKind)

    class Meta:
        verbose_name = _("不提醒的种类")
        verbose_name_plural = _("不提醒的种类")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                name="notice_mute_once",
                violation_error_message=_("已经关闭这种提醒。"),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=_KINDS),
                name="notice_mute_kind_known",
                violation_error_message=_("没有这种提醒。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_kind_display()}"


class OutboxMessage(models.Model):
    """A notice on its way outside; retried until it is sent or given up.

    It names the kind alone: what is confidential is read after signing in.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("电子邮件")
        WEBHOOK = "webhook", _("网址")

    class State(models.TextChoices):
        WAITING = "waiting", _("待发送")
        SENT = "sent", _("已发送")
        GIVEN_UP = "given_up", _("放弃")

    notice = models.ForeignKey(
        Notice, verbose_name=_("消息提醒"), on_delete=models.CASCADE, related_name="outbox"
    )
    channel = models.CharField(_("方式"), max_length=8, choices=Channel)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("次数"), default=0)
    next_at = models.DateTimeField(_("下次发送时间"))
    error = models.CharField(_("错误"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("外发提醒")
        verbose_name_plural = _("外发提醒")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(state="waiting"), name="outbox_message_waiting"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "channel"],
                name="outbox_message_once",
                violation_error_message=_("已经在发送。"),
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["email", "webhook"])
                & Q(state__in=["waiting", "sent", "given_up"]),
                name="outbox_message_known",
                violation_error_message=_("状态不对。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.get_channel_display()}"
