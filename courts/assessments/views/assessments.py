"""Owns the page of points that an office gives: what there is, and proposing them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courts.assessments.forms.assessments import AssessedForm, given_points, picked, typed_rows
from courts.assessments.selectors.assessments import assessments_page
from courts.assessments.services.motions import confirm_assessed, move_assessed
from courts.files import attachments
from courts.frame.refusals import ReturnError
from courts.frame.views import bodies
from courts.frame.views.errors import RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.permissions import has_office
from courts.years.selectors.slots import month_of_year
from courts.years.views.slots import year_of

bodies.FILE_BYTES["courts:assessments"] = attachments.MOST_FILES * attachments.MOST_BYTES


@never_cache
@require_http_methods(READ_OR_POST)
def listing(request: HttpRequest, year_code: str) -> HttpResponse:
    """The points of an item and month; POST: propose some, or confirm what others proposed."""
    year = year_of(request, year_code)
    sent = request.method == "POST"
    if sent and not has_office(request.user):
        raise RefusedError(_("只有负责这一类的管理部门可以评定。"))
    confirms = "confirm" in request.POST
    form = AssessedForm(*((request.POST, request.FILES) if sent and not confirms else ()))
    chosen = request.POST if sent else request.GET
    if sent and (_confirm(request, year) if confirms else _propose(request, year, form)):
        place = urlencode({name: chosen.get(name, "") for name in ("item", "month")})
        return redirect(f"{request.path}?{place}")
    month = month_of_year(year, chosen.get("month", ""))
    try:
        page = assessments_page(
            request.user, year, month.month if month else 0, chosen.get("item", "")
        )
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    typed = typed_rows(request.POST)
    context = {
        "area": "assessments",
        "code": year_code,
        "page": page,
        "form": form,
        "rows": [(line, typed.get(line.code, {})) for line in page.lines],
    }
    return render(request, "courts/assessments/list.html", context)


def _propose(request: HttpRequest, year: Any, form: AssessedForm) -> bool:
    """Put what was given to another person; False where it was refused."""
    if not form.is_valid():
        return False
    try:
        motions = move_assessed(
            user=account_of(request),
            year=year,
            item=form.cleaned_data["item"],
            month=form.cleaned_data["month"],
            given=list(given_points(request.POST)),
            files=form.given_files,
        )
    except ReturnError as error:
        messages.error(request, error.message)
        return False
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    text = _("已提出%(count)s个法院的评定分，由本部门另一人确认后才计分。")
    messages.success(request, text % {"count": len(motions)})
    return True


def _confirm(request: HttpRequest, year: Any) -> bool:
    try:
        count = confirm_assessed(user=account_of(request), year=year, picks=picked(request.POST))
    except ReturnError as error:
        messages.error(request, error.message)
        return False
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    messages.success(request, _("已确认%(count)s个法院的评定分，随即计分。") % {"count": count})
    return True
