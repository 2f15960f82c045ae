"""Owns returns and their figures as django-import-export carries them in and out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field

from courts.figures.services.imports import ImportResult, import_figures
from courts.files.resources import (
    ListResource,
    Outcome,
    PreviewLine,
    ServiceResource,
    column,
    number_column,
    outcome_of,
    text_of,
)
from courts.files.sheets import SourceFile
from courts.models import Figure, MonthlyReturn, QualityYear, User
from courts.permissions import import_sides
from courts.returns.services.baselines import move_baseline
from courts.years.selectors.metrics import MetricLabels
from courts.years.selectors.side_names import SideNames


class ReturnResource(ListResource):
    court = column(_("法院"), "court__code")
    court_name = column(_("法院简称"), "court__short_name")
    month = column(_("月份"), "period")
    side = Field(column_name=_("类别"))
    state = column(_("状态"), "get_state_display")
    origin = column(_("来源"), "get_origin_display")
    submitted_by = column(_("提交人"), "submitted_by__username")
    verified_by = column(_("核实人"), "verified_by__username")
    demo = Field(column_name=_("演示"))

    class Meta:
        model = MonthlyReturn
        fields = (
            "court",
            "court_name",
            "month",
            "side",
            "state",
            "origin",
            "submitted_by",
            "verified_by",
            "demo",
        )

    def before_export(self, queryset: Any, **kwargs: Any) -> None:
        self.sides = SideNames(get_language() or "")

    def dehydrate_side(self, row: MonthlyReturn) -> str:
        return self.sides.of(row.court, row.side)

    def dehydrate_demo(self, row: MonthlyReturn) -> str:
        return _t("演示数据") if row.is_demo else ""


class FigureResource(ListResource):
    court = column(_("法院"), "monthly_return__court__code")
    court_name = column(_("法院简称"), "monthly_return__court__short_name")
    month = column(_("月份"), "monthly_return__period")
    metric = column(_("指标"), "metric")
    metric_name = Field(column_name=_("指标名称"))
    value = number_column(_("数值"), "value")
    note = column(_("说明"), "note")
    side = Field(column_name=_("类别"))
    state = column(_("状态"), "monthly_return__get_state_display")
    demo = Field(column_name=_("演示"))

    class Meta:
        model = Figure
        fields = (
            "court",
            "court_name",
            "month",
            "metric",
            "metric_name",
            "value",
            "note",
            "side",
            "state",
            "demo",
        )

    def before_export(self, queryset: Any, **kwargs: Any) -> None:
        self.names = MetricLabels(get_language() or "")
        self.sides = SideNames(get_language() or "")

    def dehydrate_metric_name(self, figure: Figure) -> str:
        return self.names.of_return(figure.monthly_return, figure.metric)

    def dehydrate_side(self, figure: Figure) -> str:
        row = figure.monthly_return
        return self.sides.of(row.court, row.side)

    def dehydrate_demo(self, figure: Figure) -> str:
        return _t("演示数据") if figure.monthly_return.is_demo else ""


class FigureImport(ServiceResource):
    """Figures of the sides that the account's office answers for; another person verifies them.

    Those of the year are handed in on behalf of their courts. Those of the year before, which no
    page of returns shows, wait as a motion.
    """

    columns = ("court", "month", "metric", "value")
    headings = (_("法院"), _("月份"), _("指标"))

    def outcome(self, *, year: QualityYear, file: SourceFile, user: User, apply: bool) -> Outcome:
        result = import_figures(year=year, files=[file], actor=user, apply=False)
        sides = import_sides(user)
        language = get_language() or ""
        foreign = [
            change.entry.row.problem("metric", _t("这是另一部门负责的指标，您不能导入。"))
            for change in result.changes
            if change.entry.metric.side not in sides
        ]
        lines = [
            PreviewLine(
                cells=(
                    change.entry.court.label(language),
                    str(change.entry.month),
                    change.entry.metric.label.get(language),
                ),
                old=text_of(change.old),
                new=text_of(change.new),
                is_new=change.is_new,
            )
            for change in result.changes
        ]
        if apply and not result.errors and not foreign:
            self._put(year, file, user, result)
        outcome = outcome_of([*result.errors, *foreign], result.warnings, lines, result.unchanged)
        return replace(outcome, correct_at=result.correct_at)

    def _put(self, year: QualityYear, file: SourceFile, user: User, result: ImportResult) -> None:
        own = [change for change in result.changes if change.entry.month.year == year.year]
        before = [change for change in result.changes if change.entry.month.year != year.year]
        if own:
            import_figures(year=year, files=[file], actor=user, of_years={year.year})
        if before:
            move_baseline(user=user, year=year, file=file, changes=before)
