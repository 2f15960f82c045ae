"""What courts report: a return per court, month and side, and its figures.

Figures are year to date. A figure without a row, or with an empty value, is not reported; zero is
a value. Metric codes are texts checked against the year's rulebook by the services.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courts.models.courts import CourtChange
from courts.models.sides import LONGEST_SIDE, SIDE_MESSAGE, side_form
from courts.models.years import YEAR_MESSAGE, YEAR_RANGE
from scoring.schema import LARGEST_AMOUNT

# The column holds figures of every unit: which limit is whose is told by the metric, where they
# are read (`courts.files.values`).
VALUE_MESSAGE = _("数值须为不小于0的整数：件数等最多999999999，金额最多999999999999.99元。")


class ReturnQuerySet(models.QuerySet["MonthlyReturn"]):
    def assessed(self) -> ReturnQuerySet:
        """Returns of months by which their court had not ended: what it has of later ones rests."""
        by_then = Q(quality_year__year__lt=OuterRef("year")) | Q(
            quality_year__year=OuterRef("year"), from_month__lte=OuterRef("month")
        )
        ended = CourtChange.objects.filter(
            by_then, court=OuterRef("court"), kind__in=CourtChange.ENDING
        )
        return self.exclude(Exists(ended))

    def verified(self) -> ReturnQuerySet:
        """Returns that count in scores: verified or published, with the figures they then had."""
        return self._counting(MonthlyReturn.VERIFIED_STATES)

    def reported(self) -> ReturnQuerySet:
        """Returns their court has handed in, verified or not; of a draft what was verified last."""
        return self._counting(MonthlyReturn.REPORTED_STATES)

    def _counting(self, states: Iterable[str]) -> ReturnQuerySet:
        return self.filter(Q(state__in=states) | Q(verified_figures__isnull=False))


class MonthlyReturn(models.Model):
    """One desk's return for one month. `version` grows with every write, for optimistic locking.

    `verified_figures` are the figures as last verified, by metric, while the return is reopened:
    they go on counting until it is verified again.
    """

    class State(models.TextChoices):
        ENTERING = "entering", _("填报中")
        SUBMITTED = "submitted", _("已提交")
        RETURNED = "returned", _("已退回")
        VERIFIED = "verified", _("已核实")
        PUBLISHED = "published", _("已通报")

    class Origin(models.TextChoices):
        ENTRY = "entry", _("法院填报")
        IMPORT = "import", _("管理部门导入")

    VERIFIED_STATES = (State.VERIFIED, State.PUBLISHED)
    REPORTED_STATES = (State.SUBMITTED, *VERIFIED_STATES)

    court = models.ForeignKey(
        "courts.Court", verbose_name=_("法院"), on_delete=models.PROTECT, related_name="returns"
    )
    year = models.PositiveSmallIntegerField(_("年"))
    month = models.PositiveSmallIntegerField(_("月"))
    side = models.CharField(_("类别"), max_length=LONGEST_SIDE)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.ENTERING)
    origin = models.CharField(_("来源"), max_length=16, choices=Origin, default=Origin.ENTRY)
    is_demo = models.BooleanField(_("演示数据"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=0)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("提交人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("核实人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    verified_at = models.DateTimeField(_("核实时间"), null=True, blank=True)
    verified_figures = models.JSONField(_("重新打开前的数据"), null=True, blank=True)

    history = HistoricalRecords()
    objects = ReturnQuerySet.as_manager()

    class Meta:
        verbose_name = _("月度报表")
        verbose_name_plural = _("月度报表")
        ordering = ["year", "month", "court", "side"]
        indexes = [models.Index(fields=["year", "month", "state"], name="return_period_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["court", "year", "month", "side"],
                name="return_court_month_side",
                violation_error_message=_("该法院这个月的报表已经存在。"),
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12),
                name="return_month_range",
                violation_error_message=_("月份须在1至12之间。"),
            ),
            models.CheckConstraint(
                condition=YEAR_RANGE, name="return_year_range", violation_error_message=YEAR_MESSAGE
            ),
            models.CheckConstraint(
                condition=side_form(),
                name="return_side_known",
                violation_error_message=SIDE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["entering", "submitted", "returned", "verified", "published"]
                ),
                name="return_state_known",
                violation_error_message=_("没有这种状态。"),
            ),
            models.CheckConstraint(
                condition=Q(origin__in=["entry", "import"]),
                name="return_origin_known",
                violation_error_message=_("没有这种来源。"),
            ),
            models.CheckConstraint(
                condition=Q(submitted_by__isnull=True)
                | Q(verified_by__isnull=True)
                | ~Q(submitted_by=F("verified_by")),
                name="return_verifier_not_submitter",
                violation_error_message=_("提交人不得核实自己提交的报表。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["verified", "published"]) | Q(verified_at__isnull=False),
                name="return_verified_has_time",
                violation_error_message=_("已核实的报表须有核实时间。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "verified", "published"], origin="entry")
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="return_submitted_has_submitter",
                violation_error_message=_("已提交的报表须有提交人和提交时间。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["verified", "published"], origin="entry")
                | Q(verified_by__isnull=False),
                name="return_verified_has_verifier",
                violation_error_message=_("法院填报的报表须有核实人。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["verified", "published"])
                | Q(verified_figures__isnull=True),
                name="return_verified_once",
                violation_error_message=_("已核实的报表以现有数据为准，不得另存一份。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.court} {self.period} {self.side}"

    @property
    def period(self) -> str:
        """The month as files and addresses write it, such as 2019-12."""
        return f"{self.year:04d}-{self.month:02d}"


class _ReadOnceField(models.JSONField):
    """JSON of which the same text is read once; nobody changes what it says."""

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        return _read(value)


# The returns of some prefectures in a year and the one before.
@lru_cache(maxsize=2048)
def _read(text: str) -> Any:
    field: Any = models.JSONField()
    return field.from_db_value(text, None, None)


class _ValuesByMetric(models.Aggregate):
    """The JSON object of values by metric."""

    function = "JSON_GROUP_OBJECT"
    output_field = _ReadOnceField()

    def as_postgresql(self, compiler: Any, connection: Any, **options: Any) -> tuple[str, Any]:
        sql: tuple[str, Any] = self.as_sql(
            compiler, connection, function="JSONB_OBJECT_AGG", **options
        )
        return sql


class FigureQuerySet(models.QuerySet["Figure"]):
    def reported(self) -> FigureQuerySet:
        """Figures that have a value."""
        return self.filter(value__isnull=False)

    def by_return(self) -> models.QuerySet[Figure, tuple[int, dict[str, int]]]:
        """Each return's key with its values by metric: thousands of figures in hundreds of rows."""
        rows = self.order_by().values("monthly_return_id")
        found = rows.annotate(values_by_metric=_ValuesByMetric("metric", "value"))
        return found.values_list("monthly_return_id", "values_by_metric")

    def of_months(self, months: Iterable[tuple[int, int]]) -> FigureQuerySet:
        wanted = Q(pk__in=[])
        for year, month in months:
            wanted |= Q(monthly_return__year=year, monthly_return__month=month)
        return self.filter(wanted)


class Figure(models.Model):
    """One year-to-date figure. `value` is empty when it was asked for and not reported.

    `version` counts the writes of this cell from 1 on; 0 is a cell that has no row yet.
    """

    monthly_return = models.ForeignKey(
        MonthlyReturn, verbose_name=_("报表"), on_delete=models.PROTECT, related_name="figures"
    )
    metric = models.CharField(_("指标"), max_length=64)
    value = models.PositiveBigIntegerField(_("数值（1月至当月累计）"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    blank_reason = models.CharField(_("未填原因"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    history = HistoricalRecords()
    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("数据")
        verbose_name_plural = _("数据")
        ordering = ["monthly_return", "metric"]
        constraints = [
            models.UniqueConstraint(
                fields=["monthly_return", "metric"],
                name="figure_return_metric",
                violation_error_message=_("这张报表中该指标已有数据。"),
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0, value__lte=LARGEST_AMOUNT),
                name="figure_value_range",
                violation_error_message=VALUE_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(blank_reason="") | Q(value__isnull=True),
                name="figure_blank_reason",
                violation_error_message=_("有数值的数据不写未填原因。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric}={'' if self.value is None else self.value}"
