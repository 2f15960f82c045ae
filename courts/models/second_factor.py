"""The second factor of an account: a code for every half minute (RFC 6238), and spare ones.

Neither the key nor a spare code stands here: the key is made of `nonce` and the server's secret, of
spare codes there is a digest. Whoever has a copy of the database alone has no second factor.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


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
