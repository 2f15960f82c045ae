"""Owns the pages of a register's lines: the list, a new line, one line, its files, its print."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts.files import attachments, lists
from courts.files.attachments import TYPES
from courts.frame.refusals import ReturnError
from courts.frame.views import bodies
from courts.frame.views.errors import RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.registers import exports
from courts.registers.forms.lines import LineSearchForm, form_for, given_of, initial_of
from courts.registers.selectors.fields import fillable, suggestions_of
from courts.registers.selectors.lines import (
    court_names,
    days_left,
    find_file,
    find_line,
    history,
    keepers_of,
    kept_register,
    listed,
    searched,
    shown,
    state_label,
    values_of,
    viewers,
)
from courts.registers.selectors.list_pages import choices_of, line_turn
from courts.registers.services.imports import import_courts
from courts.registers.services.lines import change_line, looked, open_line
from courts.registers.views.places import found
from courts.years.views.slots import year_of

AREA = "registers"
PER_PAGE = 50

for _name in ("register_new", "register_line"):
    bodies.FILE_BYTES[f"courts:{_name}"] = 4 * attachments.MOST_BYTES


@never_cache
@require_safe
def listing(request: HttpRequest, year_code: str, register: str) -> HttpResponse:
    """The lines the account sees, narrowed; a file of them has nothing personal."""
    year = year_of(request, year_code)
    described, courts = found(kept_register, request.user, year, register)
    asked = {code: request.GET.get(code, "")[:64] for code in described.register.field}
    form = LineSearchForm(request.GET)
    search = form.search(asked, request.GET.getlist("metric")[:20])
    rows = searched(year, described, courts, search)
    wanted = request.GET.get("_export")
    if wanted is not None:
        shown = list(rows[: exports.MOST_LINES])
        file = exports.of_lines(year, described, shown, courts, total=rows.count())
        return lists.response(file, wanted)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    lines = listed(described, courts, list(page))
    if lines:
        looked(user=account_of(request), year=year, register=register, way="list", lines=len(lines))
    context = {
        "area": AREA,
        "code": year_code,
        "described": described,
        "lines": lines,
        "page": page,
        "headings": exports.preview_headings(described)[1:],
        "choices": choices_of(described, courts, search),
        "overdue": search.overdue,
        "may_open": bool(import_courts(request.user, year, described)),
        "is_demo": any(line.row.is_made for line in lines),
    }
    return render(request, "courts/registers/list.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def new(request: HttpRequest, year_code: str, register: str) -> HttpResponse:
    """Write a new line."""
    year = year_of(request, year_code)
    described, _courts = found(kept_register, request.user, year, register)
    courts = {court.pk: court for court in import_courts(request.user, year, described)}
    if not courts or described.register.draw:
        raise RefusedError(_("您的账号不能在这本台账里登记。如果您的工作需要，请联系系统管理员。"))
    chosen = (request.POST or request.GET).get("court", "")
    court = next((one for one in courts.values() if one.code == chosen), None)
    court = court or next(iter(courts.values()))
    names = court_names(year)
    fields = fillable(described.register, keepers_of(request.user, year, described, court))
    suggested = suggestions_of(year, fields)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = form_for(fields, names, suggested)(data, files, initial={"seen": 0})
    if form.is_valid():
        try:
            line = found(
                open_line,
                user=account_of(request),
                year=year,
                described=described,
                court=court,
                given=given_of(form, fields, names),
            )
        except ReturnError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("已登记为第%(number)s条。") % {"number": line.number})
            return redirect("courts:register_line", year_code, register, line.pk)
    context = {
        "area": AREA,
        "code": year_code,
        "described": described,
        "form": form,
        "courts": list(courts.values()),
        "court": court,
        "needed": {one.code for one in described.register.needed(described.register.first.code)},
        "suggested": suggested,
    }
    return render(request, "courts/registers/new.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def line(request: HttpRequest, year_code: str, register: str, pk: int) -> HttpResponse:
    """One line: what it says, what is to be done, its history; POST: fill and move on."""
    year = year_of(request, year_code)
    described, row, keepers = found(find_line, request.user, year, register, pk)
    names = court_names(year)
    turn = line_turn(described, row, keepers)
    fields = turn.fields
    suggested = suggestions_of(year, fields)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    initial = {"seen": row.version, **initial_of(fields, values_of(row))}
    form = form_for(fields, names, suggested)(data, files, initial=initial)
    if form.is_valid():
        try:
            found(
                change_line,
                user=account_of(request),
                described=described,
                line=row,
                seen=form.cleaned_data["seen"],
                given=given_of(form, fields, names),
                to_state=request.POST.get("to", ""),
            )
        except ReturnError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("已保存。"))
            return redirect("courts:register_line", year_code, register, pk)
    looked(user=account_of(request), year=year, register=register, way="page", line=row)
    context = {
        "area": AREA,
        "code": year_code,
        "described": described,
        "row": row,
        "court_name": names.get(row.court_id, str(row.court)),
        "state": state_label(described, row.state),
        "days_left": days_left(row.due_on),
        "shown": shown(described, row, names),
        "history": history(described, row, names),
        "viewers": viewers(row),
        "turn": turn,
        "form": form,
        "suggested": suggested,
        "is_demo": row.is_made,
    }
    return render(request, "courts/registers/line.html", context)


@require_safe
def file(
    request: HttpRequest, year_code: str, register: str, pk: int, file_pk: int
) -> HttpResponse:
    """A file of a line; always to be saved, never shown by the browser."""
    year = year_of(request, year_code)
    row, one = found(find_file, request.user, year, register, pk, file_pk)
    looked(user=account_of(request), year=year, register=register, way="file", line=row)
    disposition = content_disposition_header(True, one.name) or "attachment"
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    content: Any = bytes(one.content)
    kind: Any = one.kind
    return HttpResponse(content, content_type=TYPES[kind], headers=headers)
