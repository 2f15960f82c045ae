"""Owns the pages of what waits for a second person: the list, and one motion with its effect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts.files.attachments import TYPES
from courts.frame.refusals import ReturnError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.motions.forms.motions import MotionForm
from courts.motions.selectors.motions import (
    NoMotionError,
    files_of,
    find_motion,
    find_motion_file,
    motion_row,
    motions_page,
)
from courts.motions.services.motions import confirm, object_to, refuse, shown_lines, trial, withdraw
from courts.permissions import may_view_motions
from courts.years.selectors.years import rulebook_of
from courts.years.views.slots import year_of

MOST_LISTED = 200


@never_cache
@require_safe
def listing(request: HttpRequest, year_code: str) -> HttpResponse:
    """What waits for a second person, and what was decided."""
    year = year_of(request, year_code)
    if not may_view_motions(request.user, year):
        raise RefusedError(_("只有管理部门可以查看待另一人确认的事项。"))
    context = {
        "area": "desk",
        "code": year_code,
        "page": motions_page(request.user, year, request.GET.get("kind", "")),
    }
    return render(request, "courts/motions/list.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def motion(request: HttpRequest, year_code: str, pk: int) -> HttpResponse:
    """One motion: what would change and what that does; POST: confirm, refuse, withdraw, object."""
    year = year_of(request, year_code)
    try:
        found = find_motion(request.user, year, pk)
    except NoMotionError as error:
        raise MissingError(str(error)) from error
    refusal = ""
    if request.method == "POST":
        refusal = _act(request, found)
        if not refusal:
            return redirect("courts:motion", year_code, pk)
        found = find_motion(request.user, year, pk)
    overseen = may_view_motions(request.user, year)
    line = motion_row(request.user, found)
    tried = trial(found) if line.is_waiting else None
    context = {
        "area": "desk" if overseen else "returns",
        "code": year_code,
        "line": line,
        "trial": tried,
        "lines": shown_lines(request.user, found, tried)[:MOST_LISTED],
        "most": MOST_LISTED,
        "files": files_of(found),
        "overseen": overseen,
        "has_ranks": rulebook_of(year).ranked_level is not None,
        "refusal": refusal,
        "typed": request.POST,
    }
    return render(request, "courts/motions/motion.html", context)


@never_cache
@require_safe
def file(request: HttpRequest, year_code: str, pk: int, file_pk: int) -> HttpResponse:
    """A file that goes with a motion; always to be saved, never shown by the browser."""
    year = year_of(request, year_code)
    try:
        name, kind, content = find_motion_file(request.user, year, pk, file_pk)
    except NoMotionError as error:
        raise MissingError(str(error)) from error
    disposition = content_disposition_header(True, name) or "attachment"
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=TYPES[kind], headers=headers)


def _act(request: HttpRequest, found: Any) -> str:
    """Do what the form asks; why not, when it is not done."""
    form = MotionForm(request.POST)
    if form.complaint:
        return form.complaint
    given, user = form.cleaned_data, account_of(request)
    acts: dict[str, tuple[Callable[[], Any], str]] = {
        "confirm": (
            lambda: confirm(user=user, motion=found, seen=given["seen"], note=given["note"]),
            _("已确认并采用，得分不变。")
            if found.kind == "supplement"
            else _("已确认，得分随即按它计算。"),
        ),
        "refuse": (
            lambda: refuse(user=user, motion=found, note=given["note"]),
            _("已写明不同意，什么也没有改动。"),
        ),
        "withdraw": (lambda: withdraw(user=user, motion=found), _("已撤回，什么也没有改动。")),
        "object": (
            lambda: object_to(user=user, motion=found, objection=given["note"]),
            _("异议已提交，管理部门确认前须处理。"),
        ),
    }
    if given["act"] not in acts:
        return _("没有读懂发来的数据，请刷新页面后再试。")
    act, done = acts[given["act"]]
    try:
        act()
    except ReturnError as error:
        return error.message
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    messages.success(request, done)
    return ""
