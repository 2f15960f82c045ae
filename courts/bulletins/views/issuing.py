"""Owns the page on which an issue is signed, published, or given up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courts.bulletins.selectors.issuing import NoIssueError, find_issue, issuing_page
from courts.bulletins.services.publishing import publish, withdraw
from courts.bulletins.services.signatures import sign
from courts.consultations.forms.issuing import IssueActForm
from courts.frame.refusals import ReturnError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.years.views.slots import year_of

AREA = "bulletins"


@never_cache
@require_http_methods(READ_OR_POST)
def issuing(request: HttpRequest, year_code: str, pk: int) -> HttpResponse:
    """What is missing and who signs; POST: sign, publish or withdraw."""
    year = year_of(request, year_code)
    try:
        row = find_issue(request.user, year, pk)
    except NoIssueError as error:
        raise MissingError(str(error)) from error
    if request.method == "POST":
        _act(request, row)
        return redirect("courts:bulletin_sign", year_code, pk)
    context = {"area": AREA, "code": year_code, "page": issuing_page(request.user, row)}
    return render(request, "courts/bulletins/sign.html", context)


def _act(request: HttpRequest, row: Any) -> None:
    form = IssueActForm(request.POST)
    if form.complaint:
        messages.error(request, form.complaint)
        return
    user, given = account_of(request), form.cleaned_data
    try:
        if given["act"] == "sign":
            sign(user=user, bulletin=row, seen=given["seen"])
            done = _("已签发。")
        elif given["act"] == "publish":
            publish(user=user, bulletin=row, seen=given["seen"])
            done = _("已发布，文件和校验值已经存档。")
        else:
            withdraw(user=user, bulletin=row, reason=given["reason"])
            done = _("已撤回。")
    except ReturnError as error:
        messages.error(request, error.message)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    else:
        messages.success(request, done)
