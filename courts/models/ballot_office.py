"""What the office does about a round: who organized it, why there is a second, a tally of paper."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courts.models.ballots import LONGEST_REASON, BallotRound


class RoundOrganizer(models.Model):
    """Who acted on a round as the office; such a person neither votes nor holds a key in it."""

    round = models.ForeignKey(
        BallotRound, verbose_name=_("投票轮次"), on_delete=models.CASCADE, related_name="organizers"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("组织人")
        verbose_name_plural = _("组织人")
        ordering = ["round", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "user"],
                name="round_organizer_user",
                violation_error_message=_("同一组织人列了两次。"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


class SecondRound(models.Model):
    """Why targets are voted on for a second time in a year: one person says so, another agrees.

    Two sums over almost the same people give away those who differ, so every voter reads this.
    """

    round = models.OneToOneField(
        BallotRound,
        verbose_name=_("投票轮次"),
        on_delete=models.CASCADE,
        related_name="second_round",
    )
    reason = models.CharField(_("第二轮的理由"), max_length=LONGEST_REASON)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("提出人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    given_at = models.DateTimeField(_("提出时间"))
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("同意人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    agreed_at = models.DateTimeField(_("同意时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("第二轮的理由")
        verbose_name_plural = _("第二轮的理由")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="second_round_has_reason",
                violation_error_message=_("请说明为什么要投第二轮。"),
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True, agreed_at__isnull=True)
                | Q(agreed_by__isnull=False, agreed_at__isnull=False),
                name="second_round_agreed_whole",
                violation_error_message=_("同意须有同意人和时间。"),
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("given_by")),
                name="second_round_two_people",
                violation_error_message=_("提出理由的人不能自己同意，须由另一人同意。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}"


class PaperTally(models.Model):
    """Sums of a vote on paper: typed in by one person, confirmed by another, with the scan."""

    round = models.OneToOneField(
        BallotRound,
        verbose_name=_("投票轮次"),
        on_delete=models.PROTECT,
        related_name="paper_tally",
    )
    counted = models.PositiveSmallIntegerField(_("计入票数"))
    sums = models.JSONField(_("各对象合计单位数"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("录入人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    entered_at = models.DateTimeField(_("录入时间"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("复核人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    scan = models.BinaryField(_("计票表扫描件"))
    scan_name = models.CharField(_("文件名"), max_length=120)
    scan_sha256 = models.CharField(_("校验值（SHA-256）"), max_length=64)

    class Meta:
        verbose_name = _("纸质计票")
        verbose_name_plural = _("纸质计票")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(counted__gte=3),
                name="paper_tally_counted",
                violation_error_message=_("纸质投票也不得少于3票。"),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="paper_tally_confirmed_whole",
                violation_error_message=_("复核须有复核人和时间。"),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("entered_by")),
                name="paper_tally_two_people",
                violation_error_message=_("录入人不得复核自己的录入。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}"
