"""Owns exporting the rows of a list, as filtered, into one file."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from import_export.admin import ExportMixin

from courts.admin.base import RuledAdmin
from courts.files.lists import ListFile, response
from courts.permissions import Act


class ExportAdmin(ExportMixin, RuledAdmin):
    """One click, one file, written as the lists of pages are; `_export` says of which format.

    Address, button and filtered rows are the package's.
    """

    def list_file(self, request: HttpRequest, rows: QuerySet[Any]) -> ListFile:
        """The rows as a list to take away."""
        raise NotImplementedError

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.may(request, Act.EXPORT)

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """The rows that the filters leave; 404 for a format that is neither xlsx nor csv."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        query = request.GET.copy()
        wanted = query.pop("_export", ["xlsx"])[-1]
        # What is left are filters: the list would refuse one that it does not know.
        request.GET = query  # type: ignore[assignment]
        return response(self.list_file(request, self.get_export_queryset(request)), wanted)
