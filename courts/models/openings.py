"""How a closed return opens, and how others than its desk write in it; no row is ever deleted.

Terms: a *reopening* lets a verified return be changed for a while; an *entry on behalf* is what an
office wrote in a court's return, which the court may object to.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courts.models.reviews import LONGEST_REASON


class UnlockRequest(models.Model):
    """A court's wish to enter after the deadline, or to change what was verified; the answer."""

    class State(models.TextChoices):
        PENDING = "pending", _("待处理")
        GRANTED = "granted", _("已同意")
        REFUSED = "refused", _("未同意")

    monthly_return = models.ForeignKey(
        "courts.MonthlyReturn",
        verbose_name=_("报表"),
        on_delete=models.PROTECT,
        related_name="unlock_requests",
    )
    reason = models.CharField(_("原因"), max_length=LONGEST_REASON)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("申请人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    requested_at = models.DateTimeField(_("申请时间"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.PENDING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("处理人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    note = models.CharField(_("答复"), max_length=LONGEST_REASON, blank=True)
    open_until = models.DateTimeField(_("开放至"), null=True, blank=True)

    class Meta:
        verbose_name = _("解锁申请")
        verbose_name_plural = _("解锁申请")
        ordering = ["requested_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["monthly_return"],
                condition=Q(state="pending"),
                name="unlock_one_pending",
                violation_error_message=_("这张报表已有待处理的解锁申请。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "granted", "refused"]),
                name="unlock_state_known",
                violation_error_message=_("没有这种状态。"),
            ),
            models.CheckConstraint(
                condition=Q(state="pending", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="pending") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="unlock_decided_whole",
                violation_error_message=_("已处理的申请须有处理人和时间。"),
            ),
            models.CheckConstraint(
                condition=Q(state="granted", open_until__isnull=False)
                | (~Q(state="granted") & Q(open_until__isnull=True)),
                name="unlock_granted_until",
                violation_error_message=_("同意解锁须写明开放至何时。"),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="unlock_decider_not_requester",
                violation_error_message=_("申请人不得处理自己的申请。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.monthly_return}: {self.reason[:30]}"


class Reopening(models.Model):
    """A verified return open for changes; it ends when handed in again, or by itself."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("进行中")
        SUBMITTED = "submitted", _("已重新提交")
        EXPIRED = "expired", _("已到期恢复")

    monthly_return = models.ForeignKey(
        "courts.MonthlyReturn",
        verbose_name=_("报表"),
        on_delete=models.PROTECT,
        related_name="reopenings",
    )
    reason = models.CharField(_("原因"), max_length=LONGEST_REASON)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("操作人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("时间"))
    expires_at = models.DateTimeField(_("到期时间"))
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome, default=Outcome.OPEN)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("重新打开")
        verbose_name_plural = _("重新打开")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["monthly_return"],
                condition=Q(outcome="open"),
                name="reopening_one_open",
                violation_error_message=_("这张报表已经重新打开。"),
            ),
            models.CheckConstraint(
                condition=Q(outcome="open", ended_at__isnull=True)
                | Q(outcome__in=["submitted", "expired"], ended_at__isnull=False),
                name="reopening_ended_whole",
                violation_error_message=_("结束的重新打开须有结束时间。"),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("at")),
                name="reopening_expires_later",
                violation_error_message=_("到期时间须晚于打开时间。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.monthly_return}: {self.reason[:30]}"


class EntryOnBehalf(models.Model):
    """Figures an office entered for a court, with the court's objection and how it was settled.

    `changes` maps metrics to the pair of old and new value. `verified_at` closes the round: until
    then whoever entered them may not verify the return. `verified_by` is the second person; rounds
    closed before it was kept have none.
    """

    monthly_return = models.ForeignKey(
        "courts.MonthlyReturn",
        verbose_name=_("报表"),
        on_delete=models.PROTECT,
        related_name="entries_on_behalf",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("代报人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("代报时间"))
    reason = models.CharField(_("代报原因"), max_length=LONGEST_REASON)
    changes = models.JSONField(_("变动"))
    verified_at = models.DateTimeField(_("核实时间"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("核实人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
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
    settlement = models.CharField(_("处理结果"), max_length=LONGEST_REASON, blank=True)
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
        verbose_name = _("代报记录")
        verbose_name_plural = _("代报记录")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(objection="", objected_by__isnull=True, objected_at__isnull=True)
                | (~Q(objection="") & Q(objected_by__isnull=False, objected_at__isnull=False)),
                name="on_behalf_objected_whole",
                violation_error_message=_("异议须有异议人、时间和内容。"),
            ),
            models.CheckConstraint(
                condition=Q(settlement="", settled_by__isnull=True, settled_at__isnull=True)
                | (
                    ~Q(settlement="")
                    & ~Q(objection="")
                    & Q(settled_by__isnull=False, settled_at__isnull=False)
                ),
                name="on_behalf_settled_whole",
                violation_error_message=_("处理异议须有处理人、时间和结果。"),
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True) | ~Q(settled_by=F("objected_by")),
                name="on_behalf_settler_not_objector",
                violation_error_message=_("异议人不得处理自己的异议。"),
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True)
                | (Q(verified_at__isnull=False) & ~Q(verified_by=F("by"))),
                name="on_behalf_second_person",
                violation_error_message=_("代报人不得核实自己代报的数据。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.monthly_return}: {self.reason[:30]}"
