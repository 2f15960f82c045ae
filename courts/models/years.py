"""Which rules apply when: editions of rulebooks, and the quality years that run on them."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

YEAR_RANGE = Q(year__gte=2000, year__lte=2099)
YEAR_MESSAGE = _("年度须在2000至2099之间。")


class RulebookEdition(models.Model):
    """The exact text of a rulebook: written as a draft, proposed, then in force and never changed.

    `sources` maps file names to TOML texts; `sha256` is the hash that `scoring.loader` computes.
    An edition governs its year from `from_month` on, until one put in force later takes over; what
    was superseded keeps the months before. A trigger of the database holds the text of both.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("起草中")
        PROPOSED = "proposed", _("待他人生效")
        IN_FORCE = "in_force", _("现行")
        SUPERSEDED = "superseded", _("已被取代")

    ENACTED = (State.IN_FORCE, State.SUPERSEDED)

    code = models.CharField(_("规则代码"), max_length=64)
    title = models.CharField(_("名称"), max_length=200)
    sha256 = models.CharField(_("校验值（SHA-256）"), max_length=64)
    sources = models.JSONField(_("规则文本"))
    created_at = models.DateTimeField(_("存入时间"), auto_now_add=True)
    court = models.ForeignKey(
        "courts.Court",
        verbose_name=_("中级法院"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="editions",
        help_text=_("哪个地区的规则。"),
    )
    state = models.CharField(
        _("状态"), max_length=16, choices=State, default=State.DRAFT, editable=False
    )
    quality_year = models.ForeignKey(
        "courts.QualityYear",
        verbose_name=_("质量年"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="editions",
        help_text=_("生效时确定。"),
    )
    from_month = models.PositiveSmallIntegerField(_("自几月起生效"), null=True, blank=True)
    based_on = models.ForeignKey(
        "self",
        verbose_name=_("复制自"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    summary = models.CharField(_("改动说明"), max_length=500, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("起草人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    writers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("参与起草的人"), blank=True, related_name="+"
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("提交人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    proposed_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    enacted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("生效确认人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    enacted_at = models.DateTimeField(_("生效确认时间"), null=True, blank=True)
    version = models.PositiveIntegerField(_("修改次数"), default=1)

    class Meta:
        verbose_name = _("规则版本")
        verbose_name_plural = _("规则版本")
        ordering = ["code", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "proposed", "in_force", "superseded"]),
                name="edition_state_known",
                violation_error_message=_("没有这种状态。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "proposed"], from_month__isnull=True)
                | Q(state__in=["in_force", "superseded"], from_month__gte=1, from_month__lte=12),
                name="edition_month_with_force",
                violation_error_message=_("生效的版本须有起始月份（1至12），未生效的没有。"),
            ),
            models.CheckConstraint(
                condition=Q(enacted_by__isnull=True)
                | (
                    (Q(author__isnull=True) | ~Q(author=F("enacted_by")))
                    & (Q(proposed_by__isnull=True) | ~Q(proposed_by=F("enacted_by")))
                ),
                name="edition_second_person",
                violation_error_message=_("起草或提交的人不能自己确认生效。"),
            ),
            models.UniqueConstraint(
                fields=["sha256"],
                condition=Q(state__in=["in_force", "superseded"]),
                name="edition_text_once",
                violation_error_message=_("同样文本的规则已经生效过。"),
            ),
            models.UniqueConstraint(
                fields=["quality_year"],
                condition=Q(state="in_force"),
                name="edition_one_in_force",
                violation_error_message=_("该质量年已有现行版本。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.sha256[:8]}"


class QualityYear(models.Model):
    """One year's assessment of one intermediate court and its grassroots courts.

    `edition` is the one put in force last; months before its own keep earlier ones.
    """

    code = models.CharField(
        _("代码"),
        max_length=64,
        unique=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9-]*\Z", _("只能用小写字母、数字和连字符。"))],
    )
    court = models.ForeignKey(
        "courts.Court",
        verbose_name=_("中级法院"),
        on_delete=models.PROTECT,
        related_name="quality_years",
        limit_choices_to={"parent__isnull": True},
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    edition = models.ForeignKey(
        RulebookEdition,
        verbose_name=_("规则版本"),
        on_delete=models.PROTECT,
        related_name="quality_years",
    )
    left_out = models.ManyToManyField(
        "courts.Court",
        verbose_name=_("不参加的法院"),
        blank=True,
        related_name="left_out_of",
        help_text=_("本地区不参加该年度考核的法院。"),
    )
    deadline_day = models.PositiveSmallIntegerField(
        _("填报截止日"),
        null=True,
        blank=True,
        help_text=_("次月的第几日；当日结束后停止填报。留空表示不设期限。"),
    )

    case_days = models.PositiveSmallIntegerField(
        _("特殊情况核实天数"),
        null=True,
        blank=True,
        help_text=_("单独评分申请提出后，两个部门应在几日内核实。留空表示不设期限。"),
    )

    class RankingShown(models.TextChoices):
        """What of the ranking the courts' own accounts see; who looks after all sees it all."""

        FULL = "full", _("公布全部得分和名次")
        BANDS = "bands", _("只公布所在区间")
        OWN = "own", _("只看本院得分和名次")

    ranking_shown = models.CharField(
        _("法院能看到的排名"), max_length=8, choices=RankingShown, default=RankingShown.FULL
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("质量年")
        verbose_name_plural = _("质量年")
        ordering = ["-year", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["court", "year"],
                name="quality_year_court_year",
                violation_error_message=_("该法院这一年度已经设立。"),
            ),
            models.CheckConstraint(
                condition=YEAR_RANGE,
                name="quality_year_range",
                violation_error_message=YEAR_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(deadline_day__isnull=True)
                | Q(deadline_day__gte=1, deadline_day__lte=28),
                name="quality_year_deadline_range",
                violation_error_message=_("截止日须在1至28之间。"),
            ),
            models.CheckConstraint(
                condition=Q(case_days__isnull=True) | Q(case_days__gte=1, case_days__lte=90),
                name="quality_year_case_days_range",
                violation_error_message=_("核实天数须在1至90之间。"),
            ),
            models.CheckConstraint(
                condition=Q(ranking_shown__in=["full", "bands", "own"]),
                name="quality_year_ranking_shown",
                violation_error_message=_("没有这种显示方式。"),
            ),
        ]

    def __str__(self) -> str:
        return self.code
