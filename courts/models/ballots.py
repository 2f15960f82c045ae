"""The anonymous ballot: what the server knows of it, which is never one voter's score.

Terms: a *round* is one vote on one year's courts, counted from a month on; a *slot* is the place
of one voter's ballot; the *board* is the chain of what happened. No column here can hold what one
voter gave; tests/courts/ballots/test_ballot_secrecy.py lists them all.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 500


class BallotRound(models.Model):
    """One vote. Its manifest is canonical JSON; once the round is open it never changes."""

    class State(models.TextChoices):
        DRAFT = "draft", _("准备中")
        KEYS = "keys", _("制作密钥")
        OPEN = "open", _("投票中")
        CLOSED = "closed", _("已截止")
        INCOMPLETE = "incomplete", _("开票未完成")
        TALLIED = "tallied", _("已计票")
        VOID = "void", _("已作废")

    quality_year = models.ForeignKey(
        "courts.QualityYear",
        verbose_name=_("质量年"),
        on_delete=models.PROTECT,
        related_name="ballot_rounds",
    )
    month = models.PositiveSmallIntegerField(_("计入月份"))
    code = models.SlugField(_("代码"), max_length=96, unique=True)
    title = models.CharField(_("名称"), max_length=120)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.DRAFT)
    unit = models.DecimalField(_("评分单位"), max_digits=4, decimal_places=2)
    unit_max = models.PositiveSmallIntegerField(_("最高单位数"))
    min_ballots = models.PositiveSmallIntegerField(_("最少票数"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("组织人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    opens_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    closes_at = models.DateTimeField(_("截止时间"))
    check_until = models.DateTimeField(_("核对期至"), null=True, blank=True)
    manifest = models.TextField(_("公告书"), blank=True)
    fingerprint = models.CharField(_("指纹"), max_length=64, blank=True)
    close_hash = models.CharField(_("截止校验值"), max_length=64, blank=True)
    counted = models.PositiveSmallIntegerField(_("计入票数"), null=True, blank=True)
    sums = models.JSONField(_("各对象合计单位数"), null=True, blank=True)
    void_reason = models.CharField(_("作废原因"), max_length=LONGEST_REASON, blank=True)
    # Rounds that were opened before there was this rule end without it.
    keeps_apart = models.BooleanField(_("组织人、参评人、监票人各为不同的人"), default=True)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("投票轮次")
        verbose_name_plural = _("投票轮次")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["draft", "keys", "open", "closed", "incomplete", "tallied", "void"]
                ),
                name="ballot_round_state_known",
                violation_error_message=_("没有这种状态。"),
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12),
                name="ballot_round_month_range",
                violation_error_message=_("月份须在1至12之间。"),
            ),
            models.CheckConstraint(
                condition=Q(min_ballots__gte=3),
                name="ballot_round_min_ballots",
                violation_error_message=_("最少票数不得少于3。"),
            ),
            models.CheckConstraint(
                condition=Q(unit_max__gte=1, unit_max__lte=1000, unit__gt=0),
                name="ballot_round_unit_range",
                violation_error_message=_("评分单位须大于零，且最多分为1000个单位。"),
            ),
            models.CheckConstraint(
                condition=Q(state="tallied", sums__isnull=False, counted__gte=1)
                | (~Q(state="tallied") & Q(sums__isnull=True, counted__isnull=True)),
                name="ballot_round_sums_when_tallied",
                violation_error_message=_("只有已计票的轮次有合计。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "keys", "tallied", "void"])
                | (~Q(manifest="") & ~Q(fingerprint="") & Q(opens_at__isnull=False)),
                name="ballot_round_open_whole",
                violation_error_message=_("投票开始后须有公告书、指纹和开始时间。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "incomplete"])
                | (~Q(close_hash="") & Q(check_until__isnull=False)),
                name="ballot_round_closed_whole",
                violation_error_message=_("截止后须有截止校验值和核对期。"),
            ),
            models.UniqueConstraint(
                fields=["quality_year", "month"],
                # A vote on paper may stand in for a round whose opening was never completed.
                condition=~Q(state__in=["void", "incomplete"]),
                name="ballot_round_one_a_month",
                violation_error_message=_("这个月份已有一轮投票；作废后才能另建。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class BallotTarget(models.Model):
    """Who is scored: a court, or a department that the office lists."""

    round = models.ForeignKey(
        BallotRound, verbose_name=_("投票轮次"), on_delete=models.CASCADE, related_name="targets"
    )
    position = models.PositiveSmallIntegerField(_("顺序"))
    court = models.ForeignKey(
        "courts.Court",
        verbose_name=_("法院"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    name = models.CharField(_("选票上的名称"), max_length=60)

    class Meta:
        verbose_name = _("评分对象")
        verbose_name_plural = _("评分对象")
        ordering = ["round", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "position"],
                name="ballot_target_position",
                violation_error_message=_("顺序重复。"),
            ),
            models.UniqueConstraint(
                fields=["round", "court"],
                condition=Q(court__isnull=False),
                name="ballot_target_court",
                violation_error_message=_("同一法院列了两次。"),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="ballot_target_named",
                violation_error_message=_("评分对象须有名称。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Scrutineer(models.Model):
    """监票人: holds one part of the key. `public_key` is X with its proof; x is never here."""

    round = models.ForeignKey(
        BallotRound,
        verbose_name=_("投票轮次"),
        on_delete=models.CASCADE,
        related_name="scrutineers",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    position = models.PositiveSmallIntegerField(_("顺序"))
    name = models.CharField(_("姓名"), max_length=80)
    public_key = models.JSONField(_("公钥及其证明"), null=True, blank=True)
    nonce = models.CharField(_("演练随机数"), max_length=64, blank=True)
    rehearsed_at = models.DateTimeField(_("演练时间"), null=True, blank=True)
    partial = models.JSONField(_("开票部分"), null=True, blank=True)

    class Meta:
        verbose_name = _("监票人")
        verbose_name_plural = _("监票人")
        ordering = ["round", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "position"],
                name="scrutineer_position",
                violation_error_message=_("顺序重复。"),
            ),
            models.UniqueConstraint(
                fields=["round", "user"],
                name="scrutineer_user",
                violation_error_message=_("同一监票人列了两次。"),
            ),
            models.UniqueConstraint(
                fields=["round", "name"],
                name="scrutineer_name",
                violation_error_message=_("两位监票人同名。"),
            ),
            models.CheckConstraint(
                condition=Q(rehearsed_at__isnull=True) | Q(public_key__isnull=False),
                name="scrutineer_rehearsed_with_key",
                violation_error_message=_("先有密钥，才能演练。"),
            ),
            models.CheckConstraint(
                condition=Q(partial__isnull=True) | Q(rehearsed_at__isnull=False),
                name="scrutineer_partial_after_rehearsal",
                violation_error_message=_("演练过的监票人才能开票。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Voter(models.Model):
    """One name on the roll. The slot is theirs, and who voted is known; what, is not."""

    round = models.ForeignKey(
        BallotRound, verbose_name=_("投票轮次"), on_delete=models.CASCADE, related_name="voters"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    name = models.CharField(_("参评人名册上的姓名"), max_length=80)
    slot = models.CharField(_("票位"), max_length=32, blank=True)
    busy_until = models.DateTimeField(_("正在投票至"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("核对时间"), null=True, blank=True)
    objection = models.CharField(_("异议"), max_length=LONGEST_REASON, blank=True)
    # The voter's own word, said with 已核对; what was challenged never reaches the server.
    has_challenged = models.BooleanField(_("自述做过抽验"), default=False)

    class Meta:
        verbose_name = _("参评人")
        verbose_name_plural = _("参评人")
        ordering = ["round", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "user"],
                name="voter_user",
                violation_error_message=_("同一参评人列了两次。"),
            ),
            models.UniqueConstraint(
                fields=["round", "name"],
                name="voter_name",
                violation_error_message=_("名册上两人同名。"),
            ),
            models.UniqueConstraint(
                fields=["round", "slot"],
                condition=~Q(slot=""),
                name="voter_slot",
                violation_error_message=_("一个票位只属于一人。"),
            ),
            models.CheckConstraint(
                condition=Q(objection="") | Q(confirmed_at__isnull=True),
                name="voter_confirmed_or_objecting",
                violation_error_message=_("提出异议的人不能同时已核对。"),
            ),
            models.CheckConstraint(
                condition=Q(has_challenged=False) | Q(confirmed_at__isnull=False),
                name="voter_challenged_when_confirmed",
                violation_error_message=_("核对时才说做过抽验。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Vouch(models.Model):
    """One voter's word that another is themself, though somebody else set their password."""

    round = models.ForeignKey(
        BallotRound, verbose_name=_("投票轮次"), on_delete=models.CASCADE, related_name="vouches"
    )
    voter = models.ForeignKey(
        Voter, verbose_name=_("参评人"), on_delete=models.CASCADE, related_name="vouches"
    )
    by = models.ForeignKey(
        Voter, verbose_name=_("确认人"), on_delete=models.CASCADE, related_name="+"
    )
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("本人确认")
        verbose_name_plural = _("本人确认")
        ordering = ["round", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["voter", "by"],
                name="vouch_once",
                violation_error_message=_("您已经确认过。"),
            ),
            models.CheckConstraint(
                condition=~Q(voter=F("by")),
                name="vouch_for_another",
                violation_error_message=_("不能为自己确认。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by} → {self.voter}"


class SealedBallot(models.Model):
    """What a browser sealed, in a slot. A ballot that another replaced, or of a void round,
    keeps its tracker and loses its body."""

    round = models.ForeignKey(
        BallotRound, verbose_name=_("投票轮次"), on_delete=models.PROTECT, related_name="ballots"
    )
    slot = models.CharField(_("票位"), max_length=32)
    tracker = models.CharField(_("复核码"), max_length=64, unique=True)
    body = models.TextField(_("密文"), blank=True)
    current = models.BooleanField(_("有效"), default=True)

    class Meta:
        verbose_name = _("密封选票")
        verbose_name_plural = _("密封选票")
        ordering = ["round", "slot", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "slot"],
                condition=Q(current=True),
                name="sealed_ballot_one_current",
                violation_error_message=_("一个票位只有一张有效选票。"),
            ),
            models.CheckConstraint(
                condition=Q(current=True) | Q(body=""),
                name="sealed_ballot_superseded_empty",
                violation_error_message=_("被替换的选票不留密文。"),
            ),
        ]

    def __str__(self) -> str:
        return self.tracker[:8]


class BoardEvent(models.Model):
    """One link of the chain. Triggers keep it as it was written, in both databases."""

    class Kind(models.TextChoices):
        OPEN = "open", _("开始投票")
        BALLOT = "ballot", _("投票")
        EXTEND = "extend", _("延期")
        CLOSE = "close", _("截止")

    round = models.ForeignKey(
        BallotRound, verbose_name=_("投票轮次"), on_delete=models.PROTECT, related_name="events"
    )
    seq = models.PositiveIntegerField(_("序号"))
    kind = models.CharField(_("种类"), max_length=8, choices=Kind)
    payload = models.TextField(_("内容"))
    prev = models.CharField(_("上一条校验值"), max_length=64)
    hash = models.CharField(_("校验值"), max_length=64)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("公示链记录")
        verbose_name_plural = _("公示链记录")
        ordering = ["round", "seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "seq"],
                name="board_event_seq",
                violation_error_message=_("序号重复。"),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["open", "ballot", "extend", "close"]),
                name="board_event_kind_known",
                violation_error_message=_("没有这种记录。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"
