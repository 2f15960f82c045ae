"""Returns and their figures: read, searched, exported; figures come in by an import alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from courts.admin.base import ReadOnlyAdmin
from courts.admin.exports import ExportAdmin
from courts.admin.filters import (
    CourtFilter,
    MetricFilter,
    PeriodFilter,
    SideFilter,
    metric_choices,
    metric_names,
    side_names,
)
from courts.admin.history import NOTHING, HistoryMixin, Shown, shown
from courts.admin.imports import ImportAdmin
from courts.admin.site import site
from courts.files.lists import ListFile
from courts.frame.listing import enumerated
from courts.models import Figure, MonthlyReturn
from courts.returns import exports
from courts.returns.resources import FigureImport
from courts.wording.amounts import figure_text
from courts.years.court_changes import names_then


def metric_column(request: Any) -> Callable[[Figure], str]:
    """The column with the metric's name, one for a request: its names are read only once."""
    if not hasattr(request, "metric_column"):
        names = metric_names(request)

        @admin.display(description=_("指标名称"), ordering="metric")
        def metric_name(figure: Figure) -> str:
            return names.of_return(figure.monthly_return, figure.metric)

        request.metric_column = metric_name
    column: Callable[[Figure], str] = request.metric_column
    return column


def value_column(request: Any) -> Callable[[Figure], str]:
    """The column with the figure as people write it, one for a request."""
    if not hasattr(request, "value_column"):
        names = metric_names(request)

        @admin.display(description=_("数值"), ordering="value", empty_value="—")
        def value(figure: Figure) -> str:
            return figure_text(figure.value, names.places(figure.monthly_return, figure.metric))

        request.value_column = value
    column: Callable[[Figure], str] = request.value_column
    return column


def shown_in(request: Any) -> Shown:
    """How values of a return's or a figure's history read: figures as people write them."""
    names = metric_names(request)

    def reads(record: Any, field: Field) -> str:
        value = getattr(record, field.attname)
        if value is not None and field.name == "value":
            return figure_text(value, names.places(record.monthly_return, record.metric))
        if value is not None and field.name == "verified_figures":
            return enumerated(
                f"{names.of_return(record, code)} "
                f"{figure_text(figure, names.places(record, code)) or NOTHING}"
                for code, figure in value.items()
            )
        return shown(record, field)

    return reads


def side_column(request: Any) -> Callable[[MonthlyReturn | Figure], str]:
    """The column with the name of the side, one for a request."""
    if not hasattr(request, "side_column"):
        names = side_names(request)

        @admin.display(description=_("类别"))
        def side(row: MonthlyReturn | Figure) -> str:
            found = row.monthly_return if isinstance(row, Figure) else row
            return names.of(found.court, found.side)

        request.side_column = side
    column: Callable[[MonthlyReturn | Figure], str] = request.side_column
    return column


def demo_mark(row: MonthlyReturn) -> str:
    """What stands beside made-up figures."""
    return str(_("演示数据")) if row.is_demo else ""


class FigureInline(admin.TabularInline):
    """The figures of one return, to look at."""

    model = Figure
    extra = 0
    can_delete = False
    show_change_link = True

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return [metric_column(request), "metric", value_column(request), "note"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.get_fields(request, obj)


@admin.register(MonthlyReturn, site=site)
class MonthlyReturnAdmin(ExportAdmin, HistoryMixin, ReadOnlyAdmin):
    list_display = [
        "court",
        "period",
        "side",
        "state",
        "origin",
        "submitted_by",
        "verified_by",
        "verified_at",
        "demo",
    ]
    list_filter = [CourtFilter, PeriodFilter, SideFilter, "state", "origin", "is_demo"]
    list_select_related = ["court", "submitted_by", "verified_by"]
    search_fields = ["court__code", "court__short_name", "court__name", "court__name_ko"]
    ordering = ["-year", "-month", "court__order", "side"]
    fieldsets = [
        (None, {"fields": ["court", "period", "side", "demo"]}),
        (
            _("经办"),
            {
                "fields": [
                    "state",
                    "origin",
                    "submitter",
                    "submitted_at",
                    "verifier",
                    "verified_at",
                    "version",
                ]
            },
        ),
    ]
    readonly_fields = ["period", "demo", "submitter", "verifier"]
    inlines = [FigureInline]

    def shown_in(self, request: HttpRequest) -> Shown:
        return shown_in(request)

    def list_file(self, request: HttpRequest, rows: QuerySet[Any]) -> ListFile:
        return exports.of_returns(list(rows.annotate(names_then=names_then())))

    def get_list_display(self, request: HttpRequest) -> Any:
        return [side_column(request) if one == "side" else one for one in self.list_display]

    @admin.display(description=_("月份"), ordering="year")
    def period(self, row: MonthlyReturn) -> str:
        return row.period

    @admin.display(description=_("演示"))
    def demo(self, row: MonthlyReturn) -> str:
        return demo_mark(row)

    @admin.display(description=_("提交人"))
    def submitter(self, row: MonthlyReturn) -> str:
        """The name alone: most readers of a return may not open accounts."""
        return str(row.submitted_by or "—")

    @admin.display(description=_("核实人"))
    def verifier(self, row: MonthlyReturn) -> str:
        return str(row.verified_by or "—")


@admin.register(Figure, site=site)
class FigureAdmin(ImportAdmin, ExportAdmin, HistoryMixin, ReadOnlyAdmin):
    court_path = "monthly_return__court"
    list_filter = [
        CourtFilter,
        PeriodFilter,
        SideFilter,
        "monthly_return__state",
        MetricFilter,
        "monthly_return__is_demo",
    ]
    list_select_related = ["monthly_return__court"]
    search_fields = [
        "metric",
        "note",
        "monthly_return__court__code",
        "monthly_return__court__short_name",
        "monthly_return__court__name",
        "monthly_return__court__name_ko",
    ]
    search_help_text = _("法院、指标代码或名称、说明")
    ordering = [
        "-monthly_return__year",
        "-monthly_return__month",
        "monthly_return__court__order",
        "metric",
    ]
    import_resource = FigureImport
    import_export_change_list_template = "admin/import_export/change_list_import_export.html"

    def shown_in(self, request: HttpRequest) -> Shown:
        return shown_in(request)

    def list_file(self, request: HttpRequest, rows: QuerySet[Any]) -> ListFile:
        return exports.of_figures(list(rows.annotate(names_then=names_then("monthly_return__"))))

    def get_list_display(self, request: HttpRequest) -> Any:
        return [
            metric_column(request),
            value_column(request),
            "court",
            "period",
            side_column(request),
            "state",
            "demo",
        ]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        name, value = metric_column(request), value_column(request)
        return ["monthly_return", "state", name, "metric", value, "note", "demo"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.get_fields(request, obj)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """A search finds a metric by a part of its name too, which no column holds."""
        found, repeats = super().get_search_results(request, queryset, search_term)
        labels = metric_choices(request)
        codes = [code for code, label in labels.items() if search_term and search_term in label]
        return (found | queryset.filter(metric__in=codes) if codes else found), repeats

    def history_view_title(self, request: HttpRequest, obj: Any) -> str:
        name = f"{obj.monthly_return} {metric_column(request)(obj)} {demo_mark(obj.monthly_return)}"
        return _t("变更历史：%(name)s") % {"name": name.rstrip()}

    @admin.display(description=_("法院"), ordering="monthly_return__court__order")
    def court(self, figure: Figure) -> str:
        return str(figure.monthly_return.court)

    @admin.display(description=_("月份"), ordering="monthly_return__year")
    def period(self, figure: Figure) -> str:
        return figure.monthly_return.period

    @admin.display(description=_("状态"), ordering="monthly_return__state")
    def state(self, figure: Figure) -> str:
        return figure.monthly_return.get_state_display()

    @admin.display(description=_("演示"))
    def demo(self, figure: Figure) -> str:
        return demo_mark(figure.monthly_return)
