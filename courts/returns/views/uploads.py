"""Owns the pages on which a desk fills its return from a file: template, preview, sources."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts.frame.forms.keys import key_of
from courts.frame.refusals import Obstacle, ReturnError
from courts.frame.views import bodies
from courts.frame.views.errors import RefusedError
from courts.frame.views.posts import READ_OR_POST, RETURN, account_of, post_only
from courts.permissions import may_enter
from courts.returns.forms.uploads import (
    UploadFileForm,
    read_headings,
    read_upload_picks,
    read_version,
)
from courts.returns.return_templates import template_file
from courts.returns.selectors.grids import grid
from courts.returns.services import sheet_sources, uploads
from courts.returns.views.returns import frame
from courts.years.selectors.slots import Slot
from courts.years.views.slots import slot_of

bodies.FILE_BYTES["courts:upload"] = uploads.MOST_BYTES


@never_cache
@require_safe
def template(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str
) -> HttpResponse:
    """The return as a workbook to fill."""
    slot = _entered(request, year_code, court_code, month, side)
    return template_file(grid(request.user, slot))


@never_cache
@require_http_methods(READ_OR_POST)
def upload(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str
) -> HttpResponse:
    """A file to choose, or what the waiting one would change; POST: take a file in."""
    slot = _entered(request, year_code, court_code, month, side)
    if request.method != "POST":
        return _page(request, slot, UploadFileForm())
    form = UploadFileForm(request.POST, request.FILES)
    if not form.is_valid():
        # An earlier preview would be taken for that of the file just chosen.
        uploads.discard(user=account_of(request), slot=slot)
        return _page(request, slot, form, str(form.errors["file"][0]))
    try:
        uploads.receive(user=account_of(request), slot=slot, file=form.cleaned_data["file"])
    except ReturnError as error:
        return _page(request, slot, UploadFileForm(), error.message)
    return redirect("courts:upload", year_code, court_code, month, side)


@post_only("courts:upload", *RETURN)
def confirm(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str
) -> HttpResponse:
    """Write the ticked figures."""
    slot = _entered(request, year_code, court_code, month, side)
    try:
        given = read_upload_picks(request.POST)
        count = uploads.confirm(
            user=account_of(request),
            slot=slot,
            sha256=given.sha256,
            picks=given.picks,
            agreed=given.agreed,
        )
    except ValidationError as error:
        return _page(request, slot, UploadFileForm(), error.messages[0])
    except ReturnError as error:
        return _page(request, slot, UploadFileForm(), error.message, error.obstacles)
    text = ngettext("已写入 %(count)s 个数据。", "已写入 %(count)s 个数据。", count)
    messages.success(request, text % {"count": count})
    return redirect("courts:return", year_code, court_code, month, side)


@post_only("courts:upload", *RETURN)
def discard(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str
) -> HttpResponse:
    """Throw the waiting file away."""
    slot = _entered(request, year_code, court_code, month, side)
    uploads.discard(user=account_of(request), slot=slot)
    messages.success(request, _("已放弃这份上传，没有写入任何数据。"))
    return redirect("courts:upload", year_code, court_code, month, side)


@post_only("courts:upload", *RETURN)
def headings(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str
) -> HttpResponse:
    """POST: map unknown headings to metrics, or choose where the figures stand."""
    slot = _entered(request, year_code, court_code, month, side)

    def act() -> None:
        uploads.map_headings(
            user=account_of(request),
            slot=slot,
            headings=read_headings(request.POST),
            column=request.POST.get("column", ""),
            sheet=request.POST.get("sheet", ""),
            save_as=request.POST.get("save_as", ""),
        )

    return _done(request, slot, act, "courts:upload", _("表头对照已采用，请再看一遍预览。"))


@never_cache
@require_http_methods(READ_OR_POST)
def sources(
    request: HttpRequest, year_code: str, court_code: str, month: str, side: str
) -> HttpResponse:
    """The saved mappings of headings; POST: rename one, take headings out, delete it."""
    slot = _entered(request, year_code, court_code, month, side)
    if request.method == "POST":

        def act() -> None:
            sheet_sources.edit_source(
                user=account_of(request),
                slot=slot,
                source=key_of(request.POST.get("source", "")),
                seen_version=read_version(request.POST),
                keep=[] if request.POST.get("act") == "delete" else request.POST.getlist("keep"),
                name=request.POST.get("name", ""),
            )

        return _done(request, slot, act, "courts:upload_sources", _("表头对照已保存。"))
    context = frame(request, slot) | {"sources": sheet_sources.source_lines(slot)}
    return render(request, "courts/returns/uploads/sources.html", context)


def _entered(request: HttpRequest, year: str, court: str, month: str, side: str) -> Slot:
    slot = slot_of(request, year, court, month, side)
    if not may_enter(request.user, slot.court, slot.side.value):
        raise RefusedError(_("只有本院该类报表的填报岗可以填报。"))
    return slot


def _page(
    request: HttpRequest,
    slot: Slot,
    form: UploadFileForm,
    refusal: str = "",
    obstacles: tuple[Obstacle, ...] = (),
) -> HttpResponse:
    waiting = uploads.waiting_upload(user=account_of(request), slot=slot)
    context = frame(request, slot) | {
        "form": form,
        "upload": waiting,
        "preview": uploads.preview(slot=slot, upload=waiting) if waiting else None,
        "metrics": sheet_sources.metric_choices(slot),
        "refusal": refusal,
        "obstacles": obstacles,
    }
    return render(request, "courts/returns/uploads/upload.html", context)


def _done(
    request: HttpRequest, slot: Slot, act: Callable[[], None], page: str, said: str
) -> HttpResponse:
    try:
        act()
    except (ValidationError, ValueError) as error:
        text = error.messages[0] if isinstance(error, ValidationError) else ""
        messages.error(request, text or _("没有读懂发来的数据，请刷新页面后再试。"))
    except ReturnError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, said)
    return redirect(page, slot.year.code, slot.court.code, slot.month, slot.side.value)
