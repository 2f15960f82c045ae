"""Owns the archive of bulletins, the page of one issue, and how the year's bulletins look."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts.bulletins.forms.paper import GROUPS, PaperForm
from courts.bulletins.selectors.archive import (
    NoBulletinError,
    archive_page,
    find_bulletin,
    find_file,
    find_snapshot,
    issue_page,
)
from courts.bulletins.selectors.paper import shown_values
from courts.bulletins.services.paper import set_paper
from courts.bulletins.services.prose import make_draft
from courts.bulletins.services.receipts import note_reader
from courts.consultations.selectors.consultations import asked_court
from courts.frame.refusals import ReturnError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of, post_only
from courts.permissions import (
    may_bring_template,
    may_set_paper,
    may_view_issuing,
    may_view_restatements,
)
from courts.years.views.slots import year_of

AREA = "bulletins"
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def bulletin_of(request: HttpRequest, year_code: str, pk: int) -> Any:
    """The issue of the address; 404 where there is none such for the account."""
    try:
        return find_bulletin(request.user, year_of(request, year_code), pk)
    except NoBulletinError as error:
        raise MissingError(str(error)) from error


@never_cache
@require_safe
def archive(request: HttpRequest, year_code: str) -> HttpResponse:
    """The bulletins of the year, and the closed months that none tells of yet."""
    year = year_of(request, year_code)
    page = archive_page(request.user, year, request.GET.get("q", "")[:100])
    context = {"area": AREA, "code": year_code, "year": year, "page": page}
    return render(request, "courts/bulletins/archive.html", context | _ways(request, year))


@post_only("courts:bulletins", "year_code")
def draft(request: HttpRequest, year_code: str, snapshot: int) -> HttpResponse:
    """POST: draft the bulletin of a closed month."""
    year = year_of(request, year_code)
    try:
        held = find_snapshot(request.user, year, snapshot)
        made = make_draft(user=account_of(request), snapshot=held)
    except NoBulletinError as error:
        raise MissingError(str(error)) from error
    except ReturnError as error:
        messages.error(request, error.message)
        return redirect("courts:bulletins", year_code)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    return redirect("courts:bulletin_edit", year_code, made.pk)


@never_cache
@require_safe
def issue(request: HttpRequest, year_code: str, pk: int) -> HttpResponse:
    """One issue: its files, what it is tied to, and who read it. Opening it is a receipt."""
    bulletin = bulletin_of(request, year_code, pk)
    note_reader(user=account_of(request), bulletin=bulletin)
    context = {"area": AREA, "code": year_code, "page": issue_page(account_of(request), bulletin)}
    ways = _ways(request, bulletin.quality_year)
    ways["may_object"] = bool(ways["asked_court"]) and bulletin.state == "published"
    return render(request, "courts/bulletins/issue.html", context | ways)


def _ways(request: HttpRequest, year: Any) -> dict[str, Any]:
    """Which pages about an issue there are for the account."""
    return {
        "asked_court": asked_court(request.user, year),
        "may_bring_template": may_bring_template(request.user, year),
        "may_view_issuing": may_view_issuing(request.user, year),
        "may_view_restatements": may_view_restatements(request.user, year),
    }


@never_cache
@require_safe
def file(request: HttpRequest, year_code: str, pk: int, file_pk: int) -> HttpResponse:
    """The bytes of a stored file, never shown within the site's own pages."""
    bulletin = bulletin_of(request, year_code, pk)
    try:
        held = find_file(request.user, bulletin, file_pk)
    except NoBulletinError as error:
        raise MissingError(str(error)) from error
    note_reader(user=account_of(request), bulletin=bulletin)
    response = HttpResponse(
        bytes(held.content), content_type=TYPES.get(held.kind, "application/octet-stream")
    )
    name = content_disposition_header(as_attachment=True, filename=held.name)
    response["Content-Disposition"] = name or "attachment"
    response["Content-Security-Policy"] = "sandbox"
    return response


@never_cache
@require_http_methods(READ_OR_POST)
def paper(request: HttpRequest, year_code: str) -> HttpResponse:
    """How the year's bulletins look; POST: set it."""
    year = year_of(request, year_code)
    if not may_set_paper(request.user, year):
        raise RefusedError(_("只有审判管理办公室可以设定通报版式。"))
    version, values = shown_values(year)
    form = PaperForm(
        request.POST if request.method == "POST" else None, initial=values | {"seen": version}
    )
    if form.is_valid():
        try:
            given = form.cleaned_data
            set_paper(
                user=account_of(request),
                year=year,
                values=form.values,
                seen=given["seen"],
                reason=given["reason"],
            )
        except ReturnError as error:
            messages.error(request, error.message)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("已设定，此后签发的通报按它排版。"))
            return redirect("courts:bulletin_paper", year_code)
    groups = [(label, [form[name] for name in names]) for label, names in GROUPS]
    context = {"area": AREA, "code": year_code, "form": form, "groups": groups, "version": version}
    return render(request, "courts/bulletins/paper.html", context)
