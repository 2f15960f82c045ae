"""Owns the pages of what stands beside the rules; every account may read them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts.frame.refusals import ReturnError, RuleError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.permissions import may_take_up_supplements
from courts.rulebooks.forms.supplements import OfferForm, SupplementFileForm
from courts.rulebooks.selectors.supplements import (
    NoSupplementError,
    supplement_page,
    supplements_page,
)
from courts.rulebooks.services.motions import move_supplement
from courts.rulebooks.services.supplements import SupplementError, offered, readable
from courts.years.views.slots import year_of

AREA = "rulebook"


@never_cache
@require_http_methods(READ_OR_POST)
def listing(request: HttpRequest, year_code: str) -> HttpResponse:
    """What is in force and what is new; POST: propose one that is offered, or a file."""
    year = year_of(request, year_code)
    offer = OfferForm(request.POST if "offer" in request.POST else None)
    files = SupplementFileForm(*(request.POST, request.FILES) if "upload" in request.POST else ())
    faults: Any = ()
    file_name = ""
    if request.method == "POST":
        if not may_take_up_supplements(request.user, year):
            raise RefusedError(_("只有负责解释规则的审判管理办公室可以提出采用附则。"))
        try:
            if offer.is_valid():
                file = offered(year, offer.cleaned_data["offer"])
                _move(request, year, file, offer.cleaned_data["reason"])
                return redirect("courts:supplements", year_code)
            if files.is_valid():
                _move(request, year, files.cleaned_data["file"], files.cleaned_data["reason"])
                return redirect("courts:supplements", year_code)
        except SupplementError as error:
            faults = error.faults
            file_name = files.cleaned_data["file"].name if files.is_valid() else ""
        except (RuleError, ReturnError) as error:
            messages.error(request, error.message)
        except PermissionDenied as error:
            raise RefusedError(str(error)) from error
    page = supplements_page(request.user, year)
    context = {
        "area": AREA,
        "code": year_code,
        "page": page,
        "motions": page.waiting,
        "may_view_motions": page.may_view_motions,
        "offer": offer,
        "files": files,
        "faults": faults,
        "file_name": file_name,
    }
    return render(request, "courts/rulebooks/rulebook/supplements.html", context)


def _move(request: HttpRequest, year: Any, file: Any, reason: str) -> None:
    said = readable(year=year, file=file)
    move_supplement(user=account_of(request), year=year, file=file, said=said, reason=reason)
    messages.success(request, _("已提出，由管理部门中的另一人确认后才采用。"))


@never_cache
@require_safe
def supplement(request: HttpRequest, year_code: str, code: str) -> HttpResponse:
    """What one supplement says, its version and hash, and who took it up."""
    year = year_of(request, year_code)
    try:
        page = supplement_page(year, code)
    except NoSupplementError as error:
        raise MissingError(str(error)) from error
    context = {"area": AREA, "code": year_code, "page": page, "line": page.line}
    return render(request, "courts/rulebooks/rulebook/supplement.html", context)
