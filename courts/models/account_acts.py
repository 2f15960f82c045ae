"""What becomes of accounts: proposed, made, confirmed, handed over, deputies, looked through."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courts.models.courts import Court
from courts.models.reviews import LONGEST_REASON
from courts.models.sides import LONGEST_ROLE


def _person(label: object, *, is_optional: bool = False, related: str = "+") -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,  # type: ignore[arg-type]
        on_delete=models.PROTECT,
        null=is_optional,
        blank=is_optional,
        related_name=related,
    )


class AccountMaking(models.Model):
    """Somebody proposed or made an account, or set its password, and so could act as it.

    Until a second person confirmed that the account is its owner's, neither is a second person for
    what the other did (`courts.permissions.is_another`).
    """

    class Kind(models.TextChoices):
        PROPOSED = "proposed", _("提出")
        MADE = "made", _("建立")
        PASSWORD = "password", _("设置密码")

    account = _person(_("账号"), related="makings")
    by = _person(_("操作人"), related="made_accounts")
    kind = models.CharField(_("种类"), max_length=8, choices=Kind)
    at = models.DateTimeField(_("时间"))
    confirmed_by = _person(_("确认人"), is_optional=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("账号的建立")
        verbose_name_plural = _("账号的建立")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["proposed", "made", "password"]),
                name="account_making_kind_known",
                violation_error_message=_("没有这种建立方式。"),
            ),
            models.CheckConstraint(
                condition=~Q(by=F("account")),
                name="account_making_by_another",
                violation_error_message=_("账号不能由本人建立。"),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | (
                    Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                    & ~Q(confirmed_by=F("by"))
                    & ~Q(confirmed_by=F("account"))
                ),
                name="account_making_two_people",
                violation_error_message=_("账号要由建立人和本人以外的另一人确认。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.get_kind_display()}"


class AccountProposal(models.Model):
    """An account that an office asks for at a desk of a court; an administrator makes it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待建立")
        MADE = "made", _("已建立")
        REFUSED = "refused", _("未同意")

    court = models.ForeignKey(
        Court, verbose_name=_("所属法院"), on_delete=models.PROTECT, related_name="+"
    )
    username = models.CharField(_("用户名"), max_length=150)
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    roles = models.JSONField(_("角色"))
    proposed_by = _person(_("提出人"))
    proposed_at = models.DateTimeField(_("提出时间"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    decided_by = _person(_("办理人"), is_optional=True)
    decided_at = models.DateTimeField(_("办理时间"), null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=LONGEST_REASON, blank=True)

    class Meta:
        verbose_name = _("账号申请")
        verbose_name_plural = _("账号申请")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["username"],
                condition=Q(state="waiting"),
                name="account_proposal_one_waiting",
                violation_error_message=_("已有这个用户名的申请。"),
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by=None, decided_at=None)
                | Q(
                    state__in=["made", "refused"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="account_proposal_state_whole",
                violation_error_message=_("状态不对。"),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="account_proposal_two_people",
                violation_error_message=_("提出人不能自己办理。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username


class Handover(models.Model):
    """An account was closed because its owner left: what was open then, and who takes it over.

    `work` are sentences in the language of who closed it; `roles` what the account had.
    """

    account = _person(_("账号"), related="handovers")
    successor = _person(_("接手人"), is_optional=True, related="taken_over")
    roles = models.JSONField(_("角色"), default=list)
    work = models.JSONField(_("留下的事项"), default=list)
    by = _person(_("操作人"))
    at = models.DateTimeField(_("时间"))
    reason = models.CharField(_("原因"), max_length=LONGEST_REASON)
    taken_at = models.DateTimeField(_("接手时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("交接")
        verbose_name_plural = _("交接")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(by=F("account")),
                name="handover_by_another",
                violation_error_message=_("不能停用自己的账号。"),
            ),
            models.CheckConstraint(
                condition=Q(successor=None, taken_at=None)
                | (Q(successor__isnull=False) & ~Q(successor=F("account"))),
                name="handover_to_another",
                violation_error_message=_("接手人必须是另一人。"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.account)


class AccountReview(models.Model):
    """Somebody looked through who may do what in a prefecture: when, over how many accounts."""

    court = models.ForeignKey(
        Court, verbose_name=_("中级法院"), on_delete=models.PROTECT, related_name="+"
    )
    by = _person(_("核对人"))
    at = models.DateTimeField(_("核对时间"))
    accounts = models.PositiveIntegerField(_("账号数"))
    note = models.CharField(_("结论"), max_length=LONGEST_REASON)

    class Meta:
        verbose_name = _("账号年度核对")
        verbose_name_plural = _("账号年度核对")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.court} {self.at:%Y-%m-%d}"


class Deputyship(models.Model):
    """Somebody stands in for a second person on leave, in one role, until a day, by a document.

    Votes, keys and a court's own desks have no deputies: which roles have some in a prefecture is
    for `courts.permissions.deputy_choices` to say.
    """

    principal = _person(_("被代理人"), related="deputyships")
    deputy = _person(_("代理人"), related="stands_in")
    role = models.CharField(_("代理的角色"), max_length=LONGEST_ROLE)
    from_day = models.DateField(_("开始日期"))
    until_day = models.DateField(_("截止日期"))
    reason = models.CharField(_("原因"), max_length=LONGEST_REASON)
    file_name = models.CharField(_("文件名"), max_length=255)
    file_kind = models.CharField(_("文件种类"), max_length=8)
    content = models.BinaryField(_("书面依据"))
    sha256 = models.CharField("SHA-256", max_length=64)
    made_by = _person(_("登记人"))
    made_at = models.DateTimeField(_("登记时间"))
    ended_by = _person(_("终止人"), is_optional=True)
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("代理")
        verbose_name_plural = _("代理")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["deputy", "until_day"], name="deputyship_deputy_until")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(role__in=["", "admin", "litigation", "enforcement"]),
                name="deputyship_role_known",
                violation_error_message=_("这个角色不能代理。"),
            ),
            models.CheckConstraint(
                condition=Q(until_day__gte=F("from_day")),
                name="deputyship_days_in_order",
                violation_error_message=_("截止日期不能早于开始日期。"),
            ),
            models.CheckConstraint(
                condition=~Q(deputy=F("principal"))
                & ~Q(made_by=F("deputy"))
                & ~Q(made_by=F("principal")),
                name="deputyship_three_people",
                violation_error_message=_("被代理人、代理人和登记人必须是三个人。"),
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None, ended_at=None)
                | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="deputyship_end_whole",
                violation_error_message=_("终止人和终止时间要一并填写。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} → {self.principal}"
