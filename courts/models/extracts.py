"""What an office extracts from the case systems, beside what courts report; no row is ever deleted.

Terms: an *extract* is one file; its figures are year to date, and a later extract of the same cell
*supersedes* the earlier one. A *difference* is a cell where a return that was handed in says
something else; a row of it holds what was said and decided about two values, and no longer holds
when one of them changes.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courts.models.courts import Court
from courts.models.returns import VALUE_MESSAGE
from courts.models.reviews import LONGEST_REASON
from courts.models.sides import LONGEST_SIDE, LONGEST_SIDES, SIDE_MESSAGE, side_form, sides_form
from courts.models.years import YEAR_MESSAGE, YEAR_RANGE, QualityYear
from scoring.schema import LARGEST_AMOUNT

MONTH_RANGE = Q(month__gte=1, month__lte=12)
MONTH_MESSAGE = _("月份须在1至12之间。")


class Extract(models.Model):
    """One file of figures, as it was taken in; `uploaded_by` is empty for the command line.

    `confirmed_by` is the second person; files taken in before there had to be one have none.
    """

    quality_year = models.ForeignKey(
        "courts.QualityYear",
        verbose_name=_("质量年"),
        on_delete=models.PROTECT,
        related_name="extracts",
    )
    side = models.CharField(_("类别"), max_length=LONGEST_SIDES)
    source = models.CharField(_("来源系统"), max_length=100)
    file_name = models.CharField(_("文件"), max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("上传人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("上传时间"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("确认人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("提取数据文件")
        verbose_name_plural = _("提取数据文件")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=sides_form("side"),
                name="extract_side_known",
                violation_error_message=SIDE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="extract_has_source",
                violation_error_message=_("须写明数据出自哪个系统。"),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | (Q(uploaded_by__isnull=False) & ~Q(confirmed_by=F("uploaded_by"))),
                name="extract_second_person",
                violation_error_message=_("上传人不得确认自己上传的提取数据。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.file_name}"


class ExtractFigureQuerySet(models.QuerySet["ExtractFigure"]):
    def current(self) -> ExtractFigureQuerySet:
        """What the latest extract of each cell says, a withdrawn value included."""
        return self.filter(is_current=True)

    def of_year(self, year: QualityYear) -> ExtractFigureQuerySet:
        """Of the courts that the year assesses, and those merged into them; of any month."""
        return self.filter(court__in=Court.objects.counting_for(year))


class ExtractFigure(models.Model):
    """One year-to-date figure of an extract; an empty value withdraws what stood there."""

    extract = models.ForeignKey(
        Extract, verbose_name=_("提取数据文件"), on_delete=models.PROTECT, related_name="figures"
    )
    court = models.ForeignKey(
        "courts.Court", verbose_name=_("法院"), on_delete=models.PROTECT, related_name="+"
    )
    year = models.PositiveSmallIntegerField(_("年"))
    month = models.PositiveSmallIntegerField(_("月"))
    side = models.CharField(_("类别"), max_length=LONGEST_SIDE)
    metric = models.CharField(_("指标"), max_length=64)
    value = models.PositiveBigIntegerField(_("数值（1月至当月累计）"), null=True, blank=True)
    is_current = models.BooleanField(_("现行"), default=True)

    objects = ExtractFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("提取数据")
        verbose_name_plural = _("提取数据")
        ordering = ["year", "month", "court", "metric", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["court", "year", "month", "metric"],
                condition=Q(is_current=True),
                name="extract_figure_one_current",
                violation_error_message=_("该法院这个月的这项指标已有现行的提取数据。"),
            ),
            models.UniqueConstraint(
                fields=["extract", "court", "year", "month", "metric"],
                name="extract_figure_once_a_file",
                violation_error_message=_("同一文件中该项数据只能有一个。"),
            ),
            models.CheckConstraint(
                condition=MONTH_RANGE,
                name="extract_figure_month_range",
                violation_error_message=MONTH_MESSAGE,
            ),
            models.CheckConstraint(
                condition=YEAR_RANGE,
                name="extract_figure_year_range",
                violation_error_message=YEAR_MESSAGE,
            ),
            models.CheckConstraint(
                condition=side_form(),
                name="extract_figure_side_known",
                violation_error_message=SIDE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0, value__lte=LARGEST_AMOUNT),
                name="extract_figure_value_range",
                violation_error_message=VALUE_MESSAGE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric}={'' if self.value is None else self.value}"


class Difference(models.Model):
    """What was said and decided about two values of one cell.

    `court_value` is empty where the court reported none. It holds only while both values are still
    those of the cell: after that the difference is open again, and the next act writes over it.
    `version` grows with every write, for optimistic locking. `confirmed_by` is the second person;
    what was settled before there had to be one has none.
    """

    class State(models.TextChoices):
        EXPLAINED = "explained", _("法院已说明")
        RETURN = "return", _("以法院填报为准")
        EXTRACT = "extract", _("以提取数据为准")

    court = models.ForeignKey(
        "courts.Court", verbose_name=_("法院"), on_delete=models.PROTECT, related_name="+"
    )
    year = models.PositiveSmallIntegerField(_("年"))
    month = models.PositiveSmallIntegerField(_("月"))
    side = models.CharField(_("类别"), max_length=LONGEST_SIDE)
    metric = models.CharField(_("指标"), max_length=64)
    extract_value = models.PositiveBigIntegerField(_("提取数据"))
    court_value = models.PositiveBigIntegerField(_("法院填报"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=16, choices=State)
    version = models.PositiveIntegerField(_("版本"), default=0)
    explanation = models.CharField(_("法院说明"), max_length=LONGEST_REASON, blank=True)
    explained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("说明人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    explained_at = models.DateTimeField(_("说明时间"), null=True, blank=True)
    note = models.CharField(_("处理意见"), max_length=LONGEST_REASON, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("处理人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    settled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("确认人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("数据差异")
        verbose_name_plural = _("数据差异")
        ordering = ["year", "month", "court", "metric"]
        constraints = [
            models.UniqueConstraint(
                fields=["court", "year", "month", "metric"],
                name="difference_one_a_cell",
                violation_error_message=_("这一格的差异已有记录。"),
            ),
            models.CheckConstraint(
                condition=MONTH_RANGE,
                name="difference_month_range",
                violation_error_message=MONTH_MESSAGE,
            ),
            models.CheckConstraint(
                condition=YEAR_RANGE,
                name="difference_year_range",
                violation_error_message=YEAR_MESSAGE,
            ),
            models.CheckConstraint(
                condition=side_form(),
                name="difference_side_known",
                violation_error_message=SIDE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(state__in=["explained", "return", "extract"]),
                name="difference_state_known",
                violation_error_message=_("没有这种状态。"),
            ),
            models.CheckConstraint(
                condition=Q(court_value__isnull=True) | ~Q(extract_value=F("court_value")),
                name="difference_values_differ",
                violation_error_message=_("两个数值相同，没有差异。"),
            ),
            models.CheckConstraint(
                condition=Q(extract_value__lte=LARGEST_AMOUNT)
                & (Q(court_value__isnull=True) | Q(court_value__lte=LARGEST_AMOUNT)),
                name="difference_value_range",
                violation_error_message=VALUE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(explanation="", explained_by__isnull=True, explained_at__isnull=True)
                | (~Q(explanation="") & Q(explained_by__isnull=False, explained_at__isnull=False)),
                name="difference_explained_whole",
                violation_error_message=_("说明须有说明人、时间和内容。"),
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="explained", settled_by__isnull=True, settled_at__isnull=True, note="")
                    & ~Q(explanation="")
                )
                | Q(
                    state__in=["return", "extract"],
                    settled_by__isnull=False,
                    settled_at__isnull=False,
                ),
                name="difference_settled_whole",
                violation_error_message=_("处理须有处理人和时间；只有说明的差异尚未处理。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="return") | ~Q(note=""),
                name="difference_return_has_note",
                violation_error_message=_("采用法院填报的数值须写明理由。"),
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True)
                | Q(explained_by__isnull=True)
                | ~Q(settled_by=F("explained_by")),
                name="difference_settler_not_explainer",
                violation_error_message=_("说明人不得处理自己说明的差异。"),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | (
                    Q(settled_by__isnull=False)
                    & ~Q(confirmed_by=F("settled_by"))
                    & (Q(explained_by__isnull=True) | ~Q(confirmed_by=F("explained_by")))
                ),
                name="difference_second_person",
                violation_error_message=_("处理差异须由没有说明也没有提出处理意见的另一人确认。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.court} {self.year:04d}-{self.month:02d} {self.metric}"
