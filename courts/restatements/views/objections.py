"""Owns the pages of objections to published issues: the list, a new one, its answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts.consultations.forms.issuing import ObjectionAnswerForm, ObjectionForm
from courts.frame.refusals import ReturnError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.restatements.selectors.objections import (
    NoObjectionError,
    answers_for,
    find_objection,
    new_objection_page,
    objecting_court,
    objection_line,
    objections_page,
    published_issue,
)
from courts.restatements.selectors.pages import NoRestatementError, find_restatement
from courts.restatements.services.objections import (
    answer_objection,
    object_to_line,
    withdraw_objection,
)
from courts.years.views.slots import year_of

AREA = "bulletins"


@never_cache
@require_safe
def listing(request: HttpRequest, year_code: str) -> HttpResponse:
    """The objections the account sees; of a desk those of its own court."""
    year = year_of(request, year_code)
    try:
        page = objections_page(request.user, year)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    context = {"area": AREA, "code": year_code, "page": page}
    return render(request, "courts/restatements/objections.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def new(request: HttpRequest, year_code: str, pk: int) -> HttpResponse:
    """The court's own lines of an issue; POST: object to one."""
    year = year_of(request, year_code)
    try:
        page = new_objection_page(request.user, year, pk)
    except NoObjectionError as error:
        raise MissingError(str(error)) from error
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = object_to_line(
                user=account_of(request),
                bulletin=published_issue(year, pk),
                court=objecting_court(request.user, year),
                **form.cleaned_data,
            )
        except ReturnError as error:
            form.add_error(None, error.message)
        except PermissionDenied as error:
            raise RefusedError(str(error)) from error
        else:
            messages.success(request, _("异议已提交，等待管理部门答复。"))
            return redirect("courts:objection", year_code, made.pk)
    context = {"area": AREA, "code": year_code, "page": page, "form": form}
    return render(request, "courts/restatements/objection_new.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def objection(request: HttpRequest, year_code: str, pk: int) -> HttpResponse:
    """One objection; POST: answer it as the office, or take it back."""
    year = year_of(request, year_code)
    try:
        row = find_objection(request.user, year, pk)
    except NoObjectionError as error:
        raise MissingError(str(error)) from error
    refusal = ""
    if request.method == "POST":
        refusal = _act(request, year, row)
        if not refusal:
            return redirect("courts:objection", year_code, pk)
        row = find_objection(request.user, year, pk)
    line = objection_line(request.user, row)
    context = {
        "area": AREA,
        "code": year_code,
        "line": line,
        "restatements": answers_for(row) if line.may_answer else (),
        "refusal": refusal,
        "typed": request.POST,
    }
    return render(request, "courts/restatements/objection.html", context)


def _act(request: HttpRequest, year: Any, row: Any) -> str:
    """Do what the form asks; why not, when it is not done."""
    form = ObjectionAnswerForm(request.POST)
    if form.complaint:
        return form.complaint
    user, given = account_of(request), form.cleaned_data
    try:
        if given["act"] == "withdraw":
            withdraw_objection(user=user, objection=row, seen=given["seen"])
            messages.success(request, _("异议已撤回。"))
            return ""
        chosen = given["restatement"]
        answer_objection(
            user=user,
            objection=row,
            outcome=given["outcome"],
            answer=given["answer"],
            seen=given["seen"],
            value=given["value"],
            restatement=find_restatement(year, chosen) if chosen else None,
        )
    except NoRestatementError as error:
        return str(error)
    except ReturnError as error:
        return error.message
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    messages.success(request, _("已答复，法院可以看到。"))
    return ""
