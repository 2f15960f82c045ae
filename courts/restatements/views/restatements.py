"""Owns the pages of restatements: the list, a new one of figures, what one does, who approves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts.consultations.forms.issuing import ReasonForm, RestatementActForm, read_rows, typed_rows
from courts.figures.selectors.corrections import ROW, rows_in
from courts.frame.refusals import ReturnError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.permissions import may_view_issuing, may_view_motions, may_view_restatements
from courts.restatements.selectors.pages import (
    NoRestatementError,
    find_restatement,
    kept_months,
    proposal_choices,
    restatement_row,
    restatements_page,
)
from courts.restatements.services.restatements import (
    approve,
    propose_figures,
    refuse,
    trial,
    withdraw,
)
from courts.years.views.slots import year_of

AREA = "bulletins"


def _seen_year(request: HttpRequest, year_code: str) -> Any:
    """The year, for those who see every court's points; 403 for others."""
    year = year_of(request, year_code)
    if not may_view_restatements(request.user, year):
        raise RefusedError(_("更正涉及各院得分，只供管理部门、领导小组和院党组查看。"))
    return year


@never_cache
@require_safe
def listing(request: HttpRequest, year_code: str) -> HttpResponse:
    """The restatements of a year."""
    year = _seen_year(request, year_code)
    context = {"area": AREA, "code": year_code, "page": restatements_page(request.user, year)}
    return render(request, "courts/restatements/restatements.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def new(request: HttpRequest, year_code: str) -> HttpResponse:
    """Corrected figures of closed months; POST: propose them."""
    year = _seen_year(request, year_code)
    if not may_view_motions(request.user, year):
        raise RefusedError(_("只有负责该类数据的管理部门可以提出更正。"))
    choices = proposal_choices(request.user, year)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = propose_figures(
                user=account_of(request),
                year=year,
                rows=read_rows(request.POST, choices),
                reason=form.cleaned_data["reason"],
            )
        except (ReturnError, ValueError) as error:
            form.add_error(None, str(error))
        except PermissionDenied as error:
            raise RefusedError(str(error)) from error
        else:
            messages.success(request, _("更正已提出，等待另一人批准。"))
            return redirect("courts:restatement", year_code, made.pk)
    given = rows_in(request.GET.getlist(ROW))
    rows = typed_rows(request.POST, given)
    context = {"area": AREA, "code": year_code, "choices": choices, "form": form, "rows": rows}
    return render(request, "courts/restatements/restatement_new.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def restatement(request: HttpRequest, year_code: str, pk: int) -> HttpResponse:
    """What a restatement changes; POST: approve, refuse or withdraw it."""
    year = _seen_year(request, year_code)
    try:
        row = find_restatement(year, pk)
        refusal = ""
        if request.method == "POST":
            refusal = _act(request, row)
            if not refusal:
                return redirect("courts:restatement", year_code, pk)
            row = find_restatement(year, pk)
    except NoRestatementError as error:
        raise MissingError(str(error)) from error
    line = restatement_row(request.user, row)
    context = {
        "area": AREA,
        "code": year_code,
        "line": line,
        "may_view_issuing": may_view_issuing(request.user, year),
        "trial": trial(row) if line.is_waiting else None,
        "months": () if line.is_waiting else kept_months(row),
        "refusal": refusal,
        "typed": request.POST,
    }
    return render(request, "courts/restatements/restatement.html", context)


def _act(request: HttpRequest, row: Any) -> str:
    """Do what the form asks; why not, when it is not done."""
    form = RestatementActForm(request.POST)
    if form.complaint:
        return form.complaint
    user, given = account_of(request), form.cleaned_data
    try:
        if given["act"] == "approve":
            approve(user=user, restatement=row, seen=given["seen"], note=given["note"])
            done = _("已批准：数据已更正，已通报的月份须另发更正通报。")
        elif given["act"] == "refuse":
            refuse(user=user, restatement=row, note=given["note"])
            done = _("已写明不同意，已关账的月份不变。")
        else:
            withdraw(user=user, restatement=row)
            done = _("已撤回，什么也没有改动。")
    except ReturnError as error:
        return error.message
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    messages.success(request, done)
    return ""
