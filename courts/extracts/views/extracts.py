"""Owns the pages that set two sources side by side: extracts, and where they differ."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courts.extracts import exports
from courts.extracts.forms.extracts import DifferenceForm, ExtractForm, SearchForm, SettleForm
from courts.extracts.open_work import DIFFERENCE_WORK
from courts.extracts.selectors.differences import find_cell, picked_differences
from courts.extracts.selectors.extract_pages import (
    difference_page,
    differences_page,
    extract_files,
    side_choices,
)
from courts.extracts.selectors.sent_extracts import waiting_extracts
from courts.extracts.services.differences import explain, seen_of
from courts.extracts.services.extracts import ExtractResult, import_extract
from courts.extracts.services.motions import move_extract, move_settlements
from courts.files import lists, sheets
from courts.files.previews import preview_of, unsure_sentence
from courts.files.sheets import SourceFile, as_table
from courts.files.waiting import Area, call_back, discard, keep
from courts.frame.refusals import ReturnError
from courts.frame.selectors.drafts import drafts_of
from courts.frame.views import bodies
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.kept_text import used_draft
from courts.frame.views.posts import READ_OR_POST, account_of, post_only
from courts.motions.selectors.waiting import waiting_kind
from courts.permissions import (
    may_explain_difference,
    may_oversee_returns,
    may_settle_difference,
    may_upload_extracts,
    may_view_motions,
)
from courts.years.open_work import open_work
from courts.years.selectors.slots import NoSlotError, Slot, metric_label, return_name
from courts.years.views.slots import overseen_year, year_of

PER_PAGE = 50

bodies.FILE_BYTES["courts:extracts"] = sheets.MOST_BYTES


@never_cache
@require_http_methods(READ_OR_POST)
def listing(request: HttpRequest, year_code: str) -> HttpResponse:
    """The extracts that were taken in; POST: look through another, which writes nothing."""
    year = overseen_year(request, year_code)
    may_upload = may_upload_extracts(request.user, year)
    if request.method == "POST" and not may_upload:
        raise RefusedError(_("只有负责核实报表的管理部门可以上传提取数据。"))
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ExtractForm(*given)
    if form.is_valid():
        return _preview(request, year, form)
    if form.is_bound:
        # An earlier preview would be taken for that of the file just chosen.
        discard(user=account_of(request), area=Area.EXTRACTS)
    side = request.GET.get("side", "")
    lines = extract_files(year, side)
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(exports.of_extracts(lines, year), wanted)
    context = {
        "area": "desk",
        "code": year_code,
        "form": form,
        "may_upload": may_upload,
        "sides": side_choices(year, side),
        "lines": Paginator(lines, PER_PAGE).get_page(request.GET.get("page")),
        "motions": waiting_kind(year, "extract"),
        "sent": waiting_extracts(request.user, year),
        "may_view_motions": may_view_motions(request.user, year),
    }
    return render(request, "courts/extracts/extracts.html", context)


@post_only("courts:extracts", "year_code")
def confirm(request: HttpRequest, year_code: str) -> HttpResponse:
    """Put a file that was looked through to another person; everything is checked again."""
    year = overseen_year(request, year_code)
    if not may_upload_extracts(request.user, year):
        raise RefusedError(_("只有负责核实报表的管理部门可以上传提取数据。"))
    user = account_of(request)
    if "discard" in request.POST:
        discard(user=user, area=Area.EXTRACTS)
        return redirect("courts:extracts", year_code)
    try:
        file, source = call_back(
            user=user, area=Area.EXTRACTS, year=year, key=request.POST.get("ticket", "")
        )
        result = import_extract(year=year, files=[file], source=source, actor=user, apply=False)
        if result.errors:
            return _show(request, year, result, file, source)
        if file.is_opaque and "agreed" not in request.POST:
            messages.error(request, unsure_sentence())
            ticket = keep(user=user, area=Area.EXTRACTS, year=year, file=file, source=source)
            return _show(request, year, result, file, source, ticket)
        motion = move_extract(user=user, year=year, file=file, source=source, result=result)
    except ReturnError as error:
        messages.error(request, error.message)
        return redirect("courts:extracts", year_code)
    messages.success(request, _("提取数据已提出，由本部门另一人确认后才写入、计分。"))
    return redirect("courts:motion", year_code, motion.pk)


@never_cache
@require_http_methods(READ_OR_POST)
def differing(request: HttpRequest, year_code: str) -> HttpResponse:
    """Where extracts and returns differ; POST: settle those that were ticked."""
    year = year_of(request, year_code)
    if request.method == "POST":
        if not may_upload_extracts(request.user, year):
            raise RefusedError(_("只有负责该类报表的管理部门可以处理差异。"))
        _settle_picked(request, year)
        return redirect(request.get_full_path())
    form = SearchForm(request.GET)
    try:
        page = differences_page(request.user, year, form.search)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(exports.of_differences(page.lines, year), wanted)
    lines: Page[Any] = Paginator(page.lines, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "area": _area(request, year),
        "code": year_code,
        "page": page,
        "lines": lines,
        "may_upload": may_upload_extracts(request.user, year),
        "may_settle": any(line.waits_for_office for line in lines),
        "elsewhere": open_work(request.user, codes=DIFFERENCE_WORK).outside(year),
    }
    return render(request, "courts/extracts/list.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def difference(
    request: HttpRequest, year_code: str, court_code: str, month: str, metric: str
) -> HttpResponse:
    """One cell with its two values; POST: explain the difference, or settle it."""
    try:
        slot = find_cell(request.user, year_code, court_code, month, metric)
    except NoSlotError as error:
        raise MissingError(str(error)) from error
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    refusal = ""
    if request.method == "POST":
        refusal = _act(request, slot, metric)
        if not refusal:
            used_draft(request)
            return redirect("courts:difference", year_code, court_code, month, metric)
    kept = {} if request.method == "POST" else drafts_of(request.user, request.path)
    context = {
        "area": _area(request, slot.year),
        "code": year_code,
        "page": difference_page(request.user, slot, metric),
        "may_view_motions": may_view_motions(request.user, slot.year),
        "refusal": refusal,
        "typed": request.POST or kept,
        "is_kept": bool(kept),
    }
    return render(request, "courts/extracts/one.html", context)


def _area(request: HttpRequest, year: Any) -> str:
    """Offices come here from their desk, courts from their returns."""
    return "desk" if may_oversee_returns(request.user, year) else "returns"


def _preview(request: HttpRequest, year: Any, form: ExtractForm) -> HttpResponse:
    user, file, source = account_of(request), as_table(form.given), form.cleaned_data["source"]
    result = import_extract(year=year, files=[file], source=source, actor=user, apply=False)
    ticket = ""
    if result.errors:
        discard(user=user, area=Area.EXTRACTS)
    else:
        ticket = keep(user=user, area=Area.EXTRACTS, year=year, file=file, source=source)
    return _show(request, year, result, file, source, ticket)


def _show(
    request: HttpRequest,
    year: Any,
    result: ExtractResult,
    file: SourceFile,
    source: str,
    ticket: str = "",
) -> HttpResponse:
    context = {
        "area": "desk",
        "code": year.code,
        "result": result,
        "source": source,
        "ticket": ticket,
        "preview": preview_of(file, result.errors, result.warnings, result.telling),
    }
    return render(request, "courts/extracts/preview.html", context)


def _settle_picked(request: HttpRequest, year: Any) -> None:
    form = SettleForm(request.POST)
    picks = frozenset(request.POST.getlist("pick"))
    if form.complaint or not picks:
        messages.error(request, form.complaint or _("没有勾选差异。"))
        return
    lines = picked_differences(request.user, year, picks)
    if len(lines) < len(picks):
        messages.error(request, _("有的差异在您打开之后又有变动，没有处理，请查看最新内容。"))
    if not lines:
        return
    try:
        _move(request, year, [(line.slot, seen_of(line)) for line in lines], form.cleaned_data)
    except (ReturnError, PermissionDenied) as error:
        messages.error(request, str(error))
        return
    text = ngettext(
        "%(count)s项差异的处理意见已提出，由本部门另一人确认后生效。",
        "%(count)s项差异的处理意见已提出，由本部门另一人确认后生效。",
        len(lines),
    )
    messages.success(request, text % {"count": len(lines)})


def _move(request: HttpRequest, year: Any, picks: Any, given: Any) -> None:
    move_settlements(
        user=account_of(request), year=year, picks=picks, stands=given["stands"], note=given["note"]
    )


def _act(request: HttpRequest, slot: Slot, metric: str) -> str:
    """Do what the form asks; why not, when it is not done."""
    settles = request.POST.get("act") == "settle"
    allowed = may_settle_difference if settles else may_explain_difference
    if not allowed(request.user, slot.court, slot.side.value):
        raise RefusedError(_("只有本院的填报岗可以说明差异，只有负责的管理部门可以处理。"))
    form = DifferenceForm(request.POST)
    if form.complaint:
        return form.complaint
    given, seen, user = form.cleaned_data, form.seen(metric), account_of(request)
    try:
        if settles:
            _move(request, slot.year, [(slot, seen)], given)
        else:
            explain(user=user, slot=slot, seen=seen, text=given["text"])
    except ReturnError as error:
        return error.message
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    if settles:
        said = _("%(return)s中“%(metric)s”的处理意见已提出，由本部门另一人确认后生效。")
    else:
        said = _("对%(return)s中“%(metric)s”的说明已提交，等待处理。")
    named = {"return": return_name(slot), "metric": metric_label(slot, metric)}
    messages.success(request, said % named)
    return ""
