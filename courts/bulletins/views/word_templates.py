"""Owns the page on which the offices change the Word template of a year's bulletins."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts.bulletins.forms.word_templates import DecisionForm, TemplateForm
from courts.bulletins.selectors.word_templates import (
    NoTemplateError,
    template_content,
    template_file,
    template_page,
)
from courts.bulletins.services.word_templates import (
    FaultyTemplateError,
    bring_template,
    refuse_template,
    use_template,
    withdraw_template,
)
from courts.bulletins.template_trials import FileUnmadeError, trial_file
from courts.files.lists import attachment, named
from courts.files.sheets import shown
from courts.frame.refusals import ReturnError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.permissions import may_bring_template
from courts.printing.files import TYPES
from courts.years.views.slots import overseen_year


@never_cache
@require_http_methods(READ_OR_POST)
def template(request: HttpRequest, year_code: str) -> HttpResponse:
    """The template in use, one that waits, earlier ones; POST: bring one, or decide on one."""
    year = overseen_year(request, year_code)
    form = TemplateForm(*(request.POST, request.FILES) if "upload" in request.POST else ())
    faults: tuple[str, ...] = ()
    file_name = ""
    if request.method == "POST":
        if not may_bring_template(request.user, year):
            raise RefusedError(_("只有各管理部门可以上传模板。"))
        try:
            if _done(request, year, form):
                return redirect("courts:word_template", year_code)
        except FaultyTemplateError as error:
            faults, file_name = error.faults, shown(form.cleaned_data["file"].name)
        except ReturnError as error:
            messages.error(request, error.message)
        except PermissionDenied as error:
            raise RefusedError(str(error)) from error
    context = {
        "area": "desk",
        "code": year_code,
        "page": template_page(request.user, year),
        "form": form,
        "faults": faults,
        "file_name": file_name,
    }
    return render(request, "courts/bulletins/word_template.html", context)


def _done(request: HttpRequest, year: Any, form: TemplateForm) -> bool:
    """Carry out what was asked for; whether it was."""
    user = account_of(request)
    if "upload" in request.POST:
        if not form.is_valid():
            return False
        file = form.cleaned_data["file"]
        bring_template(
            user=user,
            year=year,
            name=file.name,
            content=file.read(),
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, _("模板试排没有发现问题；由另一人启用后才使用。"))
        return True
    asked = DecisionForm(request.POST)
    if not asked.is_valid():
        return False
    given = {"user": user, "year": year, "pk": asked.cleaned_data["template"]}
    if asked.cleaned_data["act"] == "use":
        use_template(**given, note=asked.cleaned_data["note"])
        messages.success(request, _("已启用，以后的通报按这份模板生成。"))
    elif asked.cleaned_data["act"] == "refuse":
        refuse_template(**given, note=asked.cleaned_data["note"])
        messages.success(request, _("已退回，仍用原来的模板。"))
    else:
        withdraw_template(**given)
        messages.success(request, _("已撤回，仍用原来的模板。"))
    return True


@never_cache
@require_safe
def file(request: HttpRequest, year_code: str, pk: int) -> HttpResponse:
    """A template to take away and edit; 0 is the built-in one."""
    year = overseen_year(request, year_code)
    try:
        return _attached(template_file(year, pk), _("通报的Word模板"), pk)
    except NoTemplateError as error:
        raise MissingError(_("没有这份模板。请刷新页面后再选。")) from error


@never_cache
@require_safe
def trial(request: HttpRequest, year_code: str, pk: int) -> HttpResponse:
    """A trial document made with a template, to look at in Word."""
    year = overseen_year(request, year_code)
    try:
        _name, content = template_content(year, pk)
        return _attached(trial_file(content), _("试排"), pk)
    except NoTemplateError as error:
        raise MissingError(_("没有这份模板。请刷新页面后再选。")) from error
    except FileUnmadeError as error:
        raise MissingError(str(error)) from error


def _attached(content: bytes, what: str, pk: int) -> HttpResponse:
    """Named in the reader's language, with the number of a template that somebody brought."""
    name = named(what, str(pk) if pk else "")
    return attachment(content, TYPES["docx"], name, "docx", is_demo=False)
