"""Owns the filters of the lists: each offers only what the account may see."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courts.models import Court, MonthlyReturn
from courts.permissions import own_root, role_choices, sees_every_court
from courts.wording.amounts import level_label
from courts.years.selectors.metrics import MetricLabels
from courts.years.selectors.side_names import SideNames


def _return_prefix(rows: QuerySet) -> str:
    """What leads from the rows to the return they belong to; nothing where they have a court."""
    names = {field.name for field in rows.model._meta.get_fields()}
    return "" if "court" in names else "monthly_return__"


def metric_names(request: Any) -> MetricLabels:
    """The names of metrics in the reader's language, one for a request."""
    if not hasattr(request, "metric_names"):
        request.metric_names = MetricLabels(get_language() or "")
    names: MetricLabels = request.metric_names
    return names


def metric_choices(request: HttpRequest) -> dict[str, str]:
    """The metrics of the prefecture the account looks at, by code."""
    if sees_every_court(request.user):
        return metric_names(request).choices()
    root = own_root(request.user)
    return {} if root is None else metric_names(request).choices(root.pk)


class CourtFilter(admin.SimpleListFilter):
    """The courts of the prefecture, by code."""

    title = _("法院")
    parameter_name = "court"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        courts = Court.objects.order_by("order", "code")
        if not sees_every_court(request.user):
            root = own_root(request.user)
            courts = Court.objects.under(root) if root else Court.objects.none()
        return list(courts.values_list("code", "short_name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        code = self.value()
        return (
            queryset.filter(**{f"{_return_prefix(queryset)}court__code": code})
            if code
            else queryset
        )


class PeriodFilter(admin.SimpleListFilter):
    """The months that have returns, latest first."""

    title = _("月份")
    parameter_name = "month"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        returns = _visible_returns(request, model_admin)
        months = returns.order_by("-year", "-month").values_list("year", "month").distinct()
        return [(f"{year:04d}-{month:02d}",) * 2 for year, month in months]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        year, dash, month = (self.value() or "").partition("-")
        # Four and two digits: what is longer is no month, and may be no number Python reads.
        if not (dash and len(year) == 4 and len(month) == 2 and (year + month).isdecimal()):
            return queryset
        prefix = _return_prefix(queryset)
        return queryset.filter(**{f"{prefix}year": int(year), f"{prefix}month": int(month)})


def _visible_returns(request: HttpRequest, model_admin: Any) -> QuerySet:
    """The returns that the account may see."""
    return model_admin.admin_site.get_model_admin(MonthlyReturn).get_queryset(request)


class MetricFilter(admin.SimpleListFilter):
    """The metrics of the account's prefecture, by their names."""

    title = _("指标")
    parameter_name = "metric"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(metric_choices(request).items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(metric=self.value()) if self.value() else queryset


def side_names(request: Any) -> SideNames:
    """The names of sides in the reader's language, one for a request."""
    if not hasattr(request, "side_names"):
        request.side_names = SideNames(get_language() or "")
    names: SideNames = request.side_names
    return names


class SideFilter(admin.SimpleListFilter):
    """The sides of the account's prefecture, by their names."""

    title = _("类别")
    parameter_name = "side"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        root = None if sees_every_court(request.user) else own_root(request.user)
        return side_names(request).single(root)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        prefix = _return_prefix(queryset)
        return queryset.filter(**{f"{prefix}side": self.value()}) if self.value() else queryset


class LevelFilter(admin.SimpleListFilter):
    """The levels there are among the courts, by their names."""

    title = _("审级")
    parameter_name = "level"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        levels = model_admin.get_queryset(request).order_by().values_list("level", flat=True)
        return [(level, level_label(level)) for level in sorted(set(levels)) if level]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(level=self.value()) if self.value() else queryset


class RoleFilter(admin.SimpleListFilter):
    """The roles, by their names rather than the groups'."""

    title = _("角色")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        root = None if sees_every_court(request.user) else own_root(request.user)
        return list(role_choices(root))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset
