"""Other systems that read what was published or send extracts: their tokens, calls and files.

Terms: a *token* stands for one system of one court, never for a person; only the hash of its
secret is kept. A *sent extract* is a file that a system put here: it waits until a person of the
office looks it through and moves it, and after that it takes the way of every extract.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courts.models.reviews import LONGEST_REASON
from courts.models.sides import LONGEST_SIDES, SIDE_MESSAGE, parted, sides_form


class ApiToken(models.Model):
    """What one system may do, and until when; neither scope nor secret is ever changed.

    `sees` says for whom the system asks: the whole prefecture, or the court as its own desks see
    it. `sha256` is that of the secret, which is 256 random bits and shown once; `hint` its first
    signs, for people to tell tokens apart. `window_at` and `window_calls` count the calls of the
    minute that is running.
    """

    class Sees(models.TextChoices):
        PREFECTURE = "prefecture", _("全地区，同管理部门")
        COURT = "court", _("本院，同本院账号")

    court = models.ForeignKey(
        "courts.Court", verbose_name=_("法院"), on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("系统"), max_length=100)
    sees = models.CharField(_("看到的范围"), max_length=16, choices=Sees)
    reads = models.BooleanField(_("读取已通报的月份"), default=True)
    reads_current = models.BooleanField(_("也读取未通报月份的已核实数据"), default=False)
    sends = models.CharField(_("报送提取数据"), max_length=LONGEST_SIDES, blank=True)
    per_minute = models.PositiveSmallIntegerField(_("每分钟最多请求"), default=60)
    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    hint = models.CharField(_("开头"), max_length=16)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("建立人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    made_at = models.DateTimeField(_("建立时间"))
    expires_on = models.DateField(_("有效期至"))
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("停用人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)
    window_at = models.DateTimeField(_("计数起点"), null=True, blank=True)
    window_calls = models.PositiveIntegerField(_("计数"), default=0)

    class Meta:
        verbose_name = _("接口令牌")
        verbose_name_plural = _("接口令牌")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sees__in=["prefecture", "court"]),
                name="api_token_sees_known",
                violation_error_message=_("没有这种范围。"),
            ),
            models.CheckConstraint(
                condition=sides_form("sends", blank=True),
                name="api_token_sends_known",
                violation_error_message=_("没有这种报送。"),
            ),
            models.CheckConstraint(
                condition=Q(reads=True) | (Q(reads_current=False) & ~Q(sends="")),
                name="api_token_may_something",
                violation_error_message=_("令牌至少须能读取或报送；读取未通报月份须同时能读取。"),
            ),
            models.CheckConstraint(
                condition=Q(sends="") | Q(sees="prefecture"),
                name="api_token_sends_for_all",
                violation_error_message=_("提取数据由全地区的系统报送，本院的令牌不能报送。"),
            ),
            models.CheckConstraint(
                condition=Q(per_minute__gte=1, per_minute__lte=600),
                name="api_token_limit_range",
                violation_error_message=_("每分钟请求数须在1至600之间。"),
            ),
            models.CheckConstraint(
                condition=Q(revoked_by__isnull=True, revoked_at__isnull=True)
                | Q(revoked_by__isnull=False, revoked_at__isnull=False),
                name="api_token_revoked_whole",
                violation_error_message=_("停用须有停用人和时间。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sides(self) -> frozenset[str]:
        """The sides whose extracts the system may send."""
        return frozenset(parted(self.sends))


class ApiCall(models.Model):
    """One request of a system: who, when, which address, and with what status it was answered.

    Neither the query nor anything of the answer is kept. Of requests beyond the limit the first
    of a minute is written down.
    """

    token = models.ForeignKey(
        ApiToken, verbose_name=_("令牌"), on_delete=models.PROTECT, related_name="calls"
    )
    at = models.DateTimeField(_("时间"))
    method = models.CharField(_("方法"), max_length=8)
    path = models.CharField(_("地址"), max_length=200)
    status = models.PositiveSmallIntegerField(_("状态"))

    class Meta:
        verbose_name = _("接口请求")
        verbose_name_plural = _("接口请求")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["token", "at"], name="api_call_token_at")]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"


class SentExtract(models.Model):
    """One file that a system sent: it waits for a person of the office, and changes nothing itself.

    The same name sent again by the same system *replaces* what waited under it. `content` is kept
    while the file waits; of what was decided its hash stays.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待查看")
        TAKEN = "taken", _("已提出")
        DISCARDED = "discarded", _("已放弃")
        REPLACED = "replaced", _("已被新的文件取代")

    quality_year = models.ForeignKey(
        "courts.QualityYear", verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="+"
    )
    token = models.ForeignKey(
        ApiToken, verbose_name=_("令牌"), on_delete=models.PROTECT, related_name="sent_extracts"
    )
    side = models.CharField(_("类别"), max_length=LONGEST_SIDES)
    name = models.CharField(_("文件"), max_length=255)
    content = models.BinaryField(_("内容"), null=True, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64)
    figures = models.PositiveIntegerField(_("数据项数"))
    sent_at = models.DateTimeField(_("报送时间"))
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("办理人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("办理时间"), null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=LONGEST_REASON, blank=True)
    motion = models.ForeignKey(
        "courts.Motion",
        verbose_name=_("双人办理事项"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("系统报送的提取数据")
        verbose_name_plural = _("系统报送的提取数据")
        ordering = ["sent_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=sides_form("side"),
                name="sent_extract_side_known",
                violation_error_message=SIDE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(
                    state="waiting",
                    content__isnull=False,
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                )
                | Q(state="replaced", content__isnull=True, decided_at__isnull=False)
                | Q(
                    state__in=["taken", "discarded"],
                    content__isnull=True,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="sent_extract_state_whole",
                violation_error_message=_("已办理的文件须有办理人和时间。"),
            ),
            models.CheckConstraint(
                condition=Q(state="taken", motion__isnull=False)
                | (~Q(state="taken") & Q(motion__isnull=True)),
                name="sent_extract_taken_as_motion",
                violation_error_message=_("提出的文件须有双人办理事项。"),
            ),
            models.UniqueConstraint(
                fields=["quality_year", "token", "name"],
                condition=Q(state="waiting"),
                name="sent_extract_one_waiting",
                violation_error_message=_("同一系统同名的文件只有一份在等待。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.token}: {self.name}"
