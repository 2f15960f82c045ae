"""Appraisal targets and caps: the trial management office keeps them, everybody else reads."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Field, Model
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from courts.admin.base import EditedAdmin, acting
from courts.admin.exports import ExportAdmin
from courts.admin.forms import EditForm
from courts.admin.imports import ImportAdmin
from courts.admin.site import site
from courts.models import AppraisalTarget, Cap, QualityYear
from courts.permissions import own_root
from courts.resources import CapResource, TargetImport, TargetResource
from courts.selectors.metrics import item_labels
from courts.services.target_edits import note_row


class YearRowsAdmin(EditedAdmin):
    """Rows of one quality year; its imports hold the year's row while they write, so do edits."""

    court_path = "quality_year__court"
    list_select_related = ["quality_year", "court"]

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Model | None:
        if request.method == "POST":
            years = QualityYear.objects.filter(court=own_root(request.user))
            # Evaluated for its locks alone, always in the same order.
            list(years.order_by("pk").select_for_update())
        return super().get_object(request, object_id, from_field)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """An edit here is one like those on the pages: counted, and noted."""
        obj.version += 1 if change else 0
        super().save_model(request, obj, form, change)
        note_row(user=acting(request), row=obj, reason=form.cleaned_data["reason"])

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        note_row(user=acting(request), row=obj, reason=request.POST["reason"], removed=True)


class TargetForm(EditForm):
    def clean(self) -> dict[str, Any]:
        """An item belongs to the rulebook of the year; its court to the courts of the year."""
        cleaned = super().clean()
        year = cleaned.get("quality_year")
        if year is not None:
            known = item_labels(year, get_language() or "")
            if cleaned.get("item") and cleaned["item"] not in known:
                text = _t("该质量年需要目标值的考核项为：%(items)s。")
                self.add_error(
                    "item", ValidationError(text % {"items": "、".join(known)}, code="item")
                )
        return cleaned


@admin.register(AppraisalTarget, site=site)
class AppraisalTargetAdmin(ImportAdmin, ExportAdmin, YearRowsAdmin):
    form = TargetForm
    list_display = ["item", "applies_to", "percent", "document", "decided_on", "quality_year"]
    list_filter = ["item", "level"]
    search_fields = ["item", "document", "court__short_name", "court__code"]
    sections = (
        (None, ("quality_year", "item", "level", "court", "percent")),
        (_("依据"), ("document", "decided_on")),
    )
    fixed = ("quality_year", "item", "level", "court")
    resource_classes = [TargetResource]
    import_resource = TargetImport
    import_export_change_list_template = "admin/import_export/change_list_import_export.html"

    @admin.display(description=_("适用于"), ordering="level")
    def applies_to(self, target: AppraisalTarget) -> str:
        return str(target.court) if target.court else target.get_level_display()

    def formfield_for_dbfield(
        self, db_field: Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """The items to choose from are those of the years the account can see."""
        if db_field.name != "item":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        years = QualityYear.objects.filter(court=own_root(request.user)).select_related("edition")
        language = get_language() or ""
        choices = {c: text for y in years for c, text in item_labels(y, language).items()}
        return forms.ChoiceField(
            label=db_field.verbose_name, choices=[("", "---------"), *choices.items()]
        )


@admin.register(Cap, site=site)
class CapAdmin(ExportAdmin, YearRowsAdmin):
    list_display = ["court", "baseline_cases", "reduction_cases", "cap_cases", "quality_year"]
    ordering = ["-quality_year__year", "court__order"]
    search_fields = ["court__short_name", "court__name", "court__code"]
    sections = (
        (None, ("quality_year", "court")),
        (_("件数"), ("baseline_cases", "reduction_cases", "cap_cases")),
    )
    fixed = ("quality_year", "court")
    resource_classes = [CapResource]
