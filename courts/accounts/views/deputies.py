"""Owns the page of deputies for people on leave, and their documents."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courts.accounts.forms.lives import DeputyForm, deputy_form
from courts.accounts.selectors.accounts import (
    NoAccountError,
    deputy_lines,
    deputy_roles,
    document_type,
    find_account,
    find_deputyship,
    people_choices,
)
from courts.accounts.services.lives import DeputyValues, end_deputy, register_deputy
from courts.files.attachments import MOST_BYTES, GivenFile
from courts.frame.refusals import ReturnError
from courts.frame.views import bodies
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of, refusals_told
from courts.permissions import may_keep_deputies, may_view_accounts

bodies.FILE_BYTES["courts:deputies"] = MOST_BYTES


@never_cache
@require_http_methods(READ_OR_POST)
def deputies(request: HttpRequest) -> HttpResponse:
    """Who stands in for whom; POST: an administrator registers somebody."""
    if not may_view_accounts(request.user):
        raise RefusedError(_("只有系统管理员、两个办公室和领导小组可以查看代理。"))
    keeps = may_keep_deputies(request.user)
    if request.method == "POST" and not keeps:
        raise RefusedError(_("只有本地区的系统管理员可以登记代理。"))
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = deputy_form(
        people_choices(request.user, is_principal=True),
        people_choices(request.user, is_principal=False),
        deputy_roles(request.user),
        *given,
    )
    if form.is_valid() and _registered(request, form):
        return redirect("courts:deputies")
    context = {
        "area": "accounts",
        "form": form if keeps else None,
        "lines": deputy_lines(request.user),
    }
    return render(request, "courts/accounts/deputies.html", context)


def _registered(request: HttpRequest, form: DeputyForm) -> bool:
    """Whether the deputy of a valid form was registered; else the form says why not."""
    said = dict(form.cleaned_data)
    upload = said.pop("file")
    principal, deputy = (
        find_account(request.user, int(said.pop(name))) for name in ("principal", "deputy")
    )
    try:
        register_deputy(
            user=account_of(request),
            values=DeputyValues(principal, deputy, **said),
            file=GivenFile(upload.name or "", upload.read()),
        )
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    except ReturnError as error:
        form.add_error(None, error.message)
        return False
    messages.success(request, _("代理已登记。"))
    return True


@never_cache
@require_http_methods(READ_OR_POST)
def deputy(request: HttpRequest, pk: int) -> HttpResponse:
    """The document of a deputyship, to be saved; POST: it ends before its day."""
    try:
        found = find_deputyship(request.user, pk)
    except NoAccountError as error:
        raise MissingError(str(error)) from error
    if request.method == "POST":
        with refusals_told(request):
            end_deputy(user=account_of(request), deputyship=found)
            messages.success(request, _("代理已终止。"))
        return redirect("courts:deputies")
    disposition = content_disposition_header(True, found.file_name) or "attachment"
    return HttpResponse(
        bytes(found.content),
        content_type=document_type(found),
        headers={"Content-Disposition": disposition},
    )
