"""Appraisal targets and caps: read and exported here; they are proposed on pages of their own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from courts.admin.base import ReadOnlyAdmin
from courts.admin.exports import ExportAdmin
from courts.admin.filters import LevelFilter
from courts.admin.history import HistoryMixin
from courts.admin.site import site
from courts.files.lists import ListFile
from courts.models import AppraisalTarget, Cap
from courts.rulebooks import target_exports
from courts.wording.amounts import level_label


class YearRowsAdmin(ExportAdmin, HistoryMixin, ReadOnlyAdmin):
    """Rows of one quality year. They move points, so one person alone changes none of them."""

    court_path = "quality_year__court"
    list_select_related = ["quality_year", "court"]


@admin.register(AppraisalTarget, site=site)
class AppraisalTargetAdmin(YearRowsAdmin):
    list_display = ["item", "applies_to", "percent", "document", "decided_on", "quality_year"]
    list_filter = ["item", LevelFilter]
    search_fields = ["item", "document", "court__short_name", "court__code"]
    fieldsets = [
        (None, {"fields": ["quality_year", "item", "level", "court", "percent"]}),
        (_("依据"), {"fields": ["document", "decided_on"]}),
    ]

    def list_file(self, request: HttpRequest, rows: QuerySet[Any]) -> ListFile:
        return target_exports.of_stored_targets(list(rows))

    @admin.display(description=_("适用于"), ordering="level")
    def applies_to(self, target: AppraisalTarget) -> str:
        return (
            str(target.court)
            if target.court
            else level_label(target.level)
            if target.level
            else str(_("各级法院"))
        )


@admin.register(Cap, site=site)
class CapAdmin(YearRowsAdmin):
    list_display = ["court", "baseline_cases", "reduction_cases", "cap_cases", "quality_year"]
    ordering = ["-quality_year__year", "court__order"]
    search_fields = ["court__short_name", "court__name", "court__code"]
    fieldsets = [
        (None, {"fields": ["quality_year", "court"]}),
        (_("件数"), {"fields": ["baseline_cases", "reduction_cases", "cap_cases"]}),
    ]

    def list_file(self, request: HttpRequest, rows: QuerySet[Any]) -> ListFile:
        return target_exports.of_stored_caps(list(rows))
