"""The courts: names and order may change; what files and scores know them by may not."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from courts.admin.base import EditedAdmin
from courts.admin.exports import ExportAdmin
from courts.admin.filters import LevelFilter
from courts.admin.history import Shown, shown
from courts.admin.site import site
from courts.files.lists import ListFile
from courts.models import Court
from courts.permissions import may_import_courts, own_root, sees_every_court
from courts.setup import exports
from courts.setup.selectors.levels import level_choices
from courts.setup.services.new_courts import check_takes_no_part, leave_out_of_years
from courts.wording.amounts import level_label


@admin.register(Court, site=site)
class CourtAdmin(ExportAdmin, EditedAdmin):
    court_path = ""
    list_display = ["order", "short_name", "name", "name_ko", "name_en", "level_shown", "code"]
    list_display_links = ["short_name"]
    list_filter = [LevelFilter]
    search_fields = ["short_name", "name", "name_ko", "name_en", "code"]
    sections = (
        (None, ("code", "level", "parent")),
        (_("名称与次序"), ("name", "short_name", "name_ko", "name_en", "order")),
    )
    fixed = ("level_shown", "parent")
    import_export_change_list_template = "admin/courts/court/change_list.html"

    def list_file(self, request: HttpRequest, rows: QuerySet[Any]) -> ListFile:
        return exports.of_courts(list(rows.select_related("parent")))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        more = {"may_import_courts": may_import_courts(request.user)}
        return super().changelist_view(request, {**(extra_context or {}), **more})

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Of a court that there is, its level in words: it is not chosen again."""
        (heading, what), *others = super().get_fieldsets(request, obj)
        if obj is not None:
            shown_names = ["level_shown" if one == "level" else one for one in what["fields"]]
            what = {**what, "fields": shown_names}
        return [(heading, what), *others]

    def shown_in(self, request: HttpRequest) -> Shown:
        """A level reads as on the pages, not as its code."""
        return lambda record, field: (
            level_label(record.level) if field.name == "level" else shown(record, field)
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        if isinstance(obj, Court) and obj.returns.exists():
            return (*fields, "code")
        return fields

    def save_model(self, request: HttpRequest, obj: Court, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            leave_out_of_years(obj)

    def delete_model(self, request: HttpRequest, obj: Court) -> None:
        check_takes_no_part(obj)
        super().delete_model(request, obj)

    def formfield_for_dbfield(
        self, db_field: Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Without a court above it would begin a prefecture that its maker could not see."""
        if db_field.name == "level":
            root = None if sees_every_court(request.user) else own_root(request.user)
            return forms.ChoiceField(label=db_field.verbose_name, choices=level_choices(root))
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "parent":
            field.required = not sees_every_court(request.user)
        return field

    @admin.display(description=_("审级"), ordering="level")
    def level_shown(self, court: Court) -> str:
        return level_label(court.level)
