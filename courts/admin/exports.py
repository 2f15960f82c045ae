"""Owns exporting the rows of a list, as filtered, into one workbook."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from import_export.admin import ExportMixin

from courts.admin.base import RuledAdmin
from courts.files.resources import Workbook
from courts.permissions import Act


class ExportAdmin(ExportMixin, RuledAdmin):
    """One click, one workbook; the format page of the package has scripts inside it."""

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.may(request, Act.EXPORT)

    def get_export_formats(self) -> list[type[Workbook]]:
        return [Workbook]

    def get_export_data(
        self, file_format: Workbook, request: HttpRequest, queryset: QuerySet, **kwargs: Any
    ) -> bytes:
        """Numbers stay numbers."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        kwargs["force_native_type"] = True
        return file_format.export_data(self.get_data_for_export(request, queryset, **kwargs))
