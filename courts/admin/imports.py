"""Owns importing a file in two steps: a preview that writes nothing, then the confirmation.

The steps are django-import-export's; reading, checking and writing are the resource's service. What
the package takes for the name of a file is the key of the waiting table (`courts.files.waiting`).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from import_export.admin import ImportMixin
from import_export.forms import ConfirmImportForm, ImportForm

from courts.admin.base import RuledAdmin
from courts.files import sheets
from courts.files.forms.fields import BroughtFileField
from courts.files.previews import preview_of_outcome, unsure_sentence
from courts.files.resources import ServiceResource, ServiceResult, WholeFile
from courts.files.sheets import MOST_BYTES, SourceFile, as_table
from courts.files.waiting import Area, call_back, discard, keep
from courts.frame.refusals import ReturnError
from courts.frame.views import bodies
from courts.frame.views.posts import account_of
from courts.models import QualityYear, User
from courts.permissions import Act, own_root

for page in ("import", "process_import"):
    bodies.FILE_BYTES[f"admin:courts_figure_{page}"] = sheets.MOST_BYTES

# What a given file is told of: the package hands it on, and no request with it.
GIVEN_BY = "quality_year_given_by"


class ImportFileForm(ImportForm):
    """Which file, and for which year."""

    year = forms.ModelChoiceField(label=_("质量年"), queryset=QualityYear.objects.none())
    import_file = BroughtFileField(
        label=ImportForm.base_fields["import_file"].label, most_bytes=MOST_BYTES
    )
    user: User
    field_order = ["year", "import_file", "format", "resource"]

    @property
    def media(self) -> forms.Media:
        """The format is not asked for, so nothing has to guess it."""
        return forms.Media()

    def clean_import_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["import_file"]
        setattr(file, GIVEN_BY, self.user)
        return file


class ConfirmForm(ConfirmImportForm):
    """The waiting file, and what the person who confirms has seen of it."""

    year = forms.ModelChoiceField(queryset=QualityYear.objects.none(), widget=forms.HiddenInput)
    confirmed = forms.CharField(widget=forms.HiddenInput)


class Waiting:
    """What the package takes for a stored file: the table by its key, or a file not readable."""

    def __init__(self, file: SourceFile, user: User) -> None:
        self.file = file
        self.name = keep(user=user, area=Area.FIGURES, file=file) if file.is_whole else ""

    def read(self) -> SourceFile:
        return self.file


class ImportAdmin(ImportMixin, RuledAdmin):
    """The two pages of an import."""

    import_resource: type[ServiceResource]
    import_template_name = "admin/courts/import.html"
    import_form_class = ImportFileForm
    confirm_form_class = ConfirmForm
    skip_admin_log = True

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.may(request, Act.IMPORT)

    def get_import_formats(self) -> list[type[WholeFile]]:
        return [WholeFile]

    def get_import_resource_classes(self, request: HttpRequest) -> list[type[ServiceResource]]:
        return [self.import_resource]

    def create_import_form(self, request: HttpRequest) -> ImportFileForm:
        form: ImportFileForm = super().create_import_form(request)
        form.user = account_of(request)
        years = self.years(request)
        form.fields["year"].queryset = years
        form.fields["year"].initial = years.first()
        return form

    def create_confirm_form(
        self, request: HttpRequest, import_form: ImportFileForm | None = None
    ) -> ConfirmForm:
        form: ConfirmForm = super().create_confirm_form(request, import_form=import_form)
        form.fields["year"].queryset = self.years(request)
        if import_form is not None:
            form.initial["year"] = import_form.cleaned_data["year"]
        return form

    def years(self, request: HttpRequest) -> Any:
        """The years of the account's own prefecture, latest first."""
        return QualityYear.objects.filter(court=own_root(request.user)).order_by("-year")

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        cleaned = kwargs["form"].cleaned_data
        return {"year": cleaned["year"], "confirmed": cleaned.get("confirmed", "")}

    def write_to_tmp_storage(self, import_file: Any, input_format: WholeFile) -> Waiting:
        """Read the file, once; what was read of it waits."""
        file = as_table(SourceFile(import_file.name, import_file.read(), is_shown=True))
        return Waiting(file, getattr(import_file, GIVEN_BY))

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The first step; a file that is not offered for confirmation does not stay."""
        response = super().import_action(request, **kwargs)
        context = response.context_data
        result: ServiceResult | None = context.get("result")
        if "confirm_form" in context and result is not None:
            context["confirm_form"].initial["confirmed"] = result.outcome.digest
        else:
            discard(user=account_of(request), area=Area.FIGURES)
        context.update(self.shown(result))
        return response

    @method_decorator(require_POST)
    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The second step: everything is checked again, under lock, and then written or not."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if "discard" in request.POST:
            discard(user=account_of(request), area=Area.FIGURES)
            return HttpResponseRedirect(self.import_url)
        form = self.create_confirm_form(request)
        try:
            if not form.is_valid():
                raise ReturnError(_t("预览已失效，没有写入，请重新选择文件。"))
            key = form.cleaned_data["import_file_name"]
            file, _source = call_back(user=account_of(request), area=Area.FIGURES, key=key)
        except ReturnError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(self.import_url)
        dataset = WholeFile().create_dataset(file)
        if file.is_opaque and "agreed" not in request.POST:
            result = self.import_resource().import_data(
                dataset, dry_run=True, user=account_of(request), year=form.cleaned_data["year"]
            )
            return self.once_more(request, form, result, file, unsure_sentence())
        result = self.process_dataset(dataset, form, request, **kwargs)
        if not (result.has_errors() or result.moved):
            return self.process_result(result, request)
        text = _t("数据在预览之后有了变化，没有写入。以下是现在的情况。")
        return self.once_more(request, form, result, file, text)

    def once_more(
        self,
        request: HttpRequest,
        form: ConfirmForm,
        result: ServiceResult,
        file: SourceFile,
        why: str,
    ) -> HttpResponse:
        """Show how it stands now, having written nothing, and say why."""
        messages.error(request, why)
        context = {
            **self.admin_site.each_context(request),
            "title": _t("导入"),
            "opts": self.opts,
            "form": self.create_import_form_unbound(request),
            "result": result,
            **self.shown(result),
        }
        if not result.has_errors():
            cleaned = form.cleaned_data
            key = keep(user=account_of(request), area=Area.FIGURES, file=file)
            again = self.confirm_form_class(
                initial={
                    **cleaned,
                    "import_file_name": key,
                    "confirmed": result.outcome.digest,
                }
            )
            again.fields["year"].queryset = self.years(request)
            context["confirm_form"] = again
        request.current_app = self.admin_site.name
        return TemplateResponse(request, [self.import_template_name], context)

    def create_import_form_unbound(self, request: HttpRequest) -> ImportFileForm:
        form = ImportFileForm(self.get_import_formats(), [self.import_resource])
        form.fields["year"].queryset = self.years(request)
        return form

    def shown(self, result: ServiceResult | None) -> dict[str, Any]:
        """What the page shows of a result, and what every page of an import says."""
        context: dict[str, Any] = {
            "title": _t("导入%(name)s") % {"name": self.opts.verbose_name_plural},
            "columns": ",".join(self.import_resource.columns),
            "headings": self.import_resource.headings,
        }
        if result is not None:
            context |= {
                "outcome": result.outcome,
                "preview": preview_of_outcome(result.file, result.outcome),
            }
        return context

    @property
    def import_url(self) -> str:
        name = "{}:{}_{}_import".format(self.admin_site.name, *self.get_model_info())
        return reverse(name)

    def add_success_message(self, result: ServiceResult, request: HttpRequest) -> None:
        outcome = result.outcome
        text = _t(
            "已提交：新增%(new)s项，改动%(changed)s项，未变%(unchanged)s项。"
            "由本部门另一人核实或确认后才计分。"
        )
        counts = {
            "new": outcome.new,
            "changed": outcome.changed,
            "unchanged": outcome.unchanged,
        }
        messages.success(request, text % counts)
