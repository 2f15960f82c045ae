"""The second factor of an account: a code for every half minute (RFC 6238), and spare ones.

Neither the key nor a spare code stands here: the key is made of `nonce` and the server's secret, of
spare codes there is a digest. Whoever has a copy of the database alone has no second factor.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 300


class SecondFactor(models.Model):
    """It counts once it is confirmed. `last_step` is the newest half minute that was used up."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        on_delete=models.PROTECT,
        related_name="second_factor",
    )
    nonce = models.CharField(_("随机数"), max_length=64)
    confirmed_at = models.DateTimeField(_("启用时间"), null=True, blank=True)
    last_step = models.PositiveBigIntegerField(_("最近一次"), default=0)

    class Meta:
        verbose_name = _("第二验证")
        verbose_name_plural = _("第二验证")

    def __str__(self) -> str:
        return str(self.user)


class RecoveryCode(models.Model):
    """One spare code, for the day the telephone is lost; gone when it was used."""

    factor = models.ForeignKey(
        SecondFactor, verbose_name=_("第二验证"), on_delete=models.CASCADE, related_name="codes"
    )
    digest = models.CharField(_("校验值（SHA-256）"), max_length=64)

    class Meta:
        verbose_name = _("备用码")
        verbose_name_plural = _("备用码")
        constraints = [
            models.UniqueConstraint(
                fields=["factor", "digest"],
                name="recovery_code_once",
                violation_error_message=_("已有这个备用码。"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.factor)


class FactorRelease(models.Model):
    """One administrator asks to end the factor of somebody who lost it, another decides."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待另一人确认")
        DONE = "done", _("已取消第二验证")
        REFUSED = "refused", _("未同意")

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        on_delete=models.PROTECT,
        related_name="factor_releases",
    )
    reason = models.CharField(_("理由"), max_length=LONGEST_REASON)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("提出人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("办理人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("办理时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("取消第二验证的申请")
        verbose_name_plural = _("取消第二验证的申请")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "done", "refused"]),
                name="factor_release_state",
                violation_error_message=_("状态不对。"),
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(state="waiting"),
                name="factor_release_one_waiting",
                violation_error_message=_("这个账号已有待确认的申请。"),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="factor_release_second_person",
                violation_error_message=_("提出人不能自己确认，须由另一名系统管理员办理。"),
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("account"))
                & (Q(decided_by__isnull=True) | ~Q(decided_by=F("account"))),
                name="factor_release_not_own",
                violation_error_message=_("不能办理自己账号的第二验证。"),
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="waiting") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="factor_release_decided",
                violation_error_message=_("办理人和办理时间须与状态一致。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.state}"
