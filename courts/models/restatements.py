"""After publication: a court's objection, and the restatement that alone changes a closed month.

Terms: a *restatement* says which inputs of closed months another value is proposed for, in
`RestatedMonth.lines`; a second person approves it, and only then do a new snapshot and, where the
month was published, a new issue come about, both naming the old.
"""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courts.models.courts import Court
from courts.models.sides import LONGEST_SIDE, LONGEST_SIDES, SIDE_MESSAGE, side_form, sides_form
from courts.models.special_cases import SpecialCase
from courts.models.years import QualityYear

LONGEST_TEXT = 2000
LONGEST_REASON = 500
LONGEST_LINE = 80


class Restatement(models.Model):
    """One change of closed months: what, why, who proposed it, who approved or refused it.

    `source` names what it came from, such as `case/12` or `motion/7`: the same thing proposes once.
    `sides` are codes with a comma between: whose offices approve it.
    `cause` is the restatement of the year before whose figures are this year's baseline.
    """

    class Kind(models.TextChoices):
        FIGURE = "figure", _("更正数据")
        RETURN = "return", _("补报的报表")
        BASELINE = "baseline", _("上年数据变动")
        MOTION = "motion", _("双人办理事项")
        TARGETS = "targets", _("审判绩效考核指标")
        CAPS = "caps", _("控制目标")
        EDITION = "edition", _("规则版本")
        DECISION = "decision", _("单独评分决定")
        TALLY = "tally", _("无记名评分结果")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待批准")
        APPROVED = "approved", _("已批准")
        REFUSED = "refused", _("未同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    quality_year = models.ForeignKey(
        QualityYear, verbose_name=_("质量年"), on_delete=models.PROTECT, related_name="restatements"
    )
    kind = models.CharField(_("事项"), max_length=16, choices=Kind)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.PROPOSED)
    reason = models.CharField(_("原因"), max_length=LONGEST_REASON)
    sides = models.CharField(_("类别"), max_length=LONGEST_SIDES)
    source = models.CharField(_("来源"), max_length=64, blank=True)
    data = models.JSONField(_("内容"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    cause = models.ForeignKey(
        "self",
        verbose_name=_("起因"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consequences",
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("提出人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    proposed_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("批准人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("办理时间"), null=True, blank=True)
    note = models.CharField(_("办理意见"), max_length=LONGEST_REASON, blank=True)

    class Meta:
        verbose_name = _("更正")
        verbose_name_plural = _("更正")
        ordering = ["-proposed_at", "-pk"]
        indexes = [models.Index(fields=["quality_year", "state"], name="restatement_year_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "figure",
                        "return",
                        "baseline",
                        "motion",
                        "targets",
                        "caps",
                        "edition",
                        "decision",
                        "tally",
                    ]
                ),
                name="restatement_kind_known",
                violation_error_message=_("没有这种事项。"),
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    state__in=["approved", "refused", "withdrawn"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="restatement_decided_whole",
                violation_error_message=_("已办理的更正须有办理人和时间。"),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | Q(state="withdrawn", decided_by=F("proposed_by"))
                | Q(state__in=["approved", "refused"]) & ~Q(decided_by=F("proposed_by")),
                name="restatement_two_people",
                violation_error_message=_("提出人不得批准自己提出的更正，须由另一人办理。"),
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & (~Q(state="refused") | ~Q(note="")),
                name="restatement_stated",
                violation_error_message=_("更正须写明原因；不同意也须写明原因。"),
            ),
            models.CheckConstraint(
                condition=sides_form("sides"),
                name="restatement_sides_known",
                violation_error_message=SIDE_MESSAGE,
            ),
            models.UniqueConstraint(
                fields=["quality_year", "source"],
                condition=Q(state="proposed") & ~Q(source=""),
                name="restatement_source_once",
                violation_error_message=_("这件事已经提出更正。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quality_year} {self.get_kind_display()} {self.pk}"

    @property
    def side_codes(self) -> tuple[str, ...]:
        return tuple(self.sides.split(","))


class RestatedMonth(models.Model):
    """What a restatement does to one closed month: the snapshot it was, and the one it became.

    `lines` are the inputs that change: `{"part", "path", "old", "new"}` in the snapshot's terms.
    `effect` keeps points and ranks before and after, as they were when it was approved.
    """

    restatement = models.ForeignKey(
        Restatement, verbose_name=_("更正"), on_delete=models.PROTECT, related_name="months"
    )
    month = models.PositiveSmallIntegerField(_("月"))
    old = models.ForeignKey(
        "courts.Snapshot", verbose_name=_("原快照"), on_delete=models.PROTECT, related_name="+"
    )
    new = models.OneToOneField(
        "courts.Snapshot",
        verbose_name=_("新快照"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="restated_month",
    )
    lines = models.JSONField(_("变动的数据"), default=list, blank=True, encoder=DjangoJSONEncoder)
    effect = models.JSONField(_("影响"), default=list, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("更正的月份")
        verbose_name_plural = _("更正的月份")
        ordering = ["restatement", "month", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["restatement", "old"],
                name="restated_month_once",
                violation_error_message=_("同一更正对同一快照只能有一行。"),
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12),
                name="restated_month_range",
                violation_error_message=_("月份应在1至12之间。"),
            ),
            models.CheckConstraint(
                condition=Q(new__isnull=True) | ~Q(new=F("old")),
                name="restated_month_new",
                violation_error_message=_("新快照不能就是原快照。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.restatement} {self.month}"


class ObjectionTerm(models.Model):
    """Until when courts may object to an issue, set when it was published; triggers hold it."""

    bulletin = models.OneToOneField(
        "courts.Bulletin",
        verbose_name=_("通报"),
        on_delete=models.PROTECT,
        related_name="objection_term",
    )
    until = models.DateTimeField(_("异议截止时间"))

    class Meta:
        verbose_name = _("异议期限")
        verbose_name_plural = _("异议期限")

    def __str__(self) -> str:
        return f"{self.bulletin} {self.until:%Y-%m-%d}"


class Objection(models.Model):
    """A court's objection to one line of a published bulletin, and what the office answered.

    The answer leads to an application for points of its own (`case`), to a restatement, or is a
    refusal with reasons.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("待答复")
        CASE = "case", _("转为单独评分申请")
        RESTATEMENT = "restatement", _("提出更正")
        REFUSED = "refused", _("不予采纳")
        WITHDRAWN = "withdrawn", _("已撤回")

    bulletin = models.ForeignKey(
        "courts.Bulletin",
        verbose_name=_("通报"),
        on_delete=models.PROTECT,
        related_name="objections",
    )
    court = models.ForeignKey(
        Court, verbose_name=_("法院"), on_delete=models.PROTECT, related_name="+"
    )
    side = models.CharField(_("类别"), max_length=LONGEST_SIDE)
    line = models.CharField(_("内容"), max_length=LONGEST_LINE)
    text = models.CharField(_("异议"), max_length=LONGEST_TEXT)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("异议人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("异议时间"))
    version = models.PositiveIntegerField(_("版本"), default=1)
    outcome = models.CharField(_("结果"), max_length=12, choices=Outcome, default=Outcome.WAITING)
    answer = models.CharField(_("答复"), max_length=LONGEST_TEXT, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("答复人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    case = models.ForeignKey(
        SpecialCase,
        verbose_name=_("单独评分申请"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="objections",
    )
    restatement = models.ForeignKey(
        Restatement,
        verbose_name=_("更正"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="objections",
    )

    class Meta:
        verbose_name = _("对通报的异议")
        verbose_name_plural = _("对通报的异议")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bulletin", "court", "line"],
                condition=Q(outcome="waiting"),
                name="objection_one_open",
                violation_error_message=_("对这一项的异议还在等待答复。"),
            ),
            models.CheckConstraint(
                condition=side_form(),
                name="objection_side",
                violation_error_message=SIDE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(line=""),
                name="objection_stated",
                violation_error_message=_("请写明对哪一项有异议和理由。"),
            ),
            models.CheckConstraint(
                condition=Q(outcome="waiting", answered_by__isnull=True, answered_at__isnull=True)
                | Q(
                    outcome__in=["case", "restatement", "refused"],
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                )
                & ~Q(answer="")
                | Q(outcome="withdrawn", answered_by=F("by"), answered_at__isnull=False),
                name="objection_answered_whole",
                violation_error_message=_("答复须有答复人、时间和内容。"),
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True)
                | Q(outcome="withdrawn")
                | ~Q(answered_by=F("by")),
                name="objection_answered_by_another",
                violation_error_message=_("异议人不得答复自己的异议。"),
            ),
            models.CheckConstraint(
                condition=Q(outcome="case", case__isnull=False, restatement__isnull=True)
                | Q(outcome="restatement", case__isnull=True, restatement__isnull=False)
                | Q(
                    outcome__in=["waiting", "refused", "withdrawn"],
                    case__isnull=True,
                    restatement__isnull=True,
                ),
                name="objection_leads_to",
                violation_error_message=_("结果须与所转的申请或更正一致。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.court} {self.line}"
