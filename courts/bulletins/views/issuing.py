"""Owns the page on which an issue is signed, published, or given up."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courts.bulletins.selectors.issuing import NoIssueError, find_issue, issuing_page
from courts.bulletins.services.publishing import Made, publish_steps, withdraw
from courts.bulletins.services.signatures import sign
from courts.consultations.forms.issuing import IssueActForm
from courts.frame.refusals import ReturnError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.growing import Steps, growing
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
        growing_page = _act(request, row)
        return growing_page or redirect("courts:bulletin_sign", year_code, pk)
    context = {"area": AREA, "code": year_code, "page": issuing_page(request.user, row)}
    return render(request, "courts/bulletins/sign.html", context)


def _act(request: HttpRequest, row: Any) -> Any:
    """Do what the form asks; publishing answers with a page that grows by a line a file."""
    form = IssueActForm(request.POST)
    if form.complaint:
        messages.error(request, form.complaint)
        return None
    user, given = account_of(request), form.cleaned_data
    try:
        if given["act"] == "sign":
            sign(user=user, bulletin=row, seen=given["seen"])
            done = _("已签发。")
        elif given["act"] == "publish":
            steps = publish_steps(user=user, bulletin=row, seen=given["seen"])
            # What refuses to publish says so before the first file is made.
            first = next(steps)
            context = {"area": AREA, "code": row.quality_year.code, "bulletin": row}
            template = "courts/bulletins/publishing.html"
            return growing(request, template, context, _published(steps, first))
        else:
            withdraw(user=user, bulletin=row, reason=given["reason"])
            done = _("已撤回。")
    except ReturnError as error:
        messages.error(request, error.message)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    else:
        messages.success(request, done)
    return None


def _published(steps: Generator[Made, None, Any], made: Made) -> Steps:
    """The files as they are done, and what came of publishing them."""
    try:
        while True:
            yield made.name, made.done, made.of
            made = next(steps)
    except StopIteration:
        return _("已发布，文件和校验值已经存档。")
    except (ReturnError, PermissionDenied) as error:
        return str(error)
